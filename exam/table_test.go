package exam_test

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"shiken/exam"
)

// transitionTable reads the table in doc.go: kind → status → cell.
func transitionTable(t *testing.T) map[exam.Kind]map[exam.Status]string {
	t.Helper()
	source, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	var columns []string
	table := map[exam.Kind]map[exam.Status]string{}
	for line := range strings.Lines(string(source)) {
		words := strings.Fields(strings.TrimPrefix(line, "//"))
		switch {
		case len(words) > 0 && words[0] == "command":
			columns = words[1:]
		case columns != nil && len(words) == 0 && len(table) > 0:
			return table
		case columns != nil && len(words) == len(columns)+1:
			row := map[exam.Status]string{}
			for i, cell := range words[1:] {
				row[exam.Status(columns[i])] = cell
			}
			table[exam.Kind(words[0])] = row
		}
	}
	t.Fatal("doc.go holds no transition table")
	return nil
}

// inStatus gives an attempt in each status, with one answer at position 1 and one late answer kept.
func inStatus(t *testing.T, status exam.Status) sitting {
	t.Helper()
	s := begin(t, oneDevice(threeTexts(exam.Free, exam.PracticeFeedback)))
	s.must(t, save("first", 1, "p", 1, 0, "x"), t0)
	s.refused(t, save("lost", 1, "q", 1, 0, "y"), t0, exam.Stale)
	switch status {
	case exam.Paused:
		s.must(t, byAdmin("to paused", exam.Pause), t0)
	case exam.Submitted:
		s.must(t, submit("to submitted", 1), t0)
	case exam.Expired:
		s.must(t, byServer("to expired", exam.Expire), t0.Add(limit+grace+exam.W))
	case exam.Voided:
		s.must(t, byAdmin("to voided", exam.Void), t0)
	}
	if s.a.Status != status {
		t.Fatalf("made %s, want %s", s.a.Status, status)
	}
	return s
}

// rightCommand is a command of the kind that nothing but the status can be against.
func rightCommand(s *sitting, kind exam.Kind) (exam.Command, exam.Instant) {
	c := byAdmin("c", kind)
	arrived := t0.Add(exam.Minute)
	switch kind {
	case exam.Save, exam.Move, exam.Flag, exam.Check, exam.TimeUp:
		c = move("c", 2, "p", 1, 0, "z", 2)
		c.Kind = kind
	case exam.Submit:
		c = submit("c", 1)
	case exam.TakeOver:
		c = takeOver("c", "phone")
	case exam.Expire:
		c, arrived = byServer("c", kind), t0.Add(limit+grace+exam.W)
	case exam.Grade:
		c = grading("c", exam.Grader{}.Mark(s.p, &s.a, nil))
	case exam.AcceptLate:
		c = accept("c", s.kept[0])
	case exam.MarkByHand:
		c.Position, c.Rev = 1, s.a.Response(1).Rev
	}
	return c, arrived
}

// TestR2R7_TransitionTable holds every command in every status against the table in doc.go.
func TestR2R7_TransitionTable(t *testing.T) {
	t.Parallel()
	table := transitionTable(t)
	if len(table) != 19 {
		t.Fatalf("the table has %d commands, want 19", len(table))
	}
	for kind, row := range table {
		for _, status := range exam.Statuses {
			t.Run(string(kind)+"/"+string(status), func(t *testing.T) {
				s := inStatus(t, status)
				before := s.a
				c, arrived := rightCommand(&s, kind)
				o, err := s.send(c, arrived)
				if err != nil {
					t.Fatal(err)
				}
				checkCell(t, row[status], before, s.a, o)
				if r := exam.MayCommand(kind, status); c.Actor.Role == exam.Admin && r != o.Reason {
					t.Errorf("MayCommand says %q, the machine %q", r, o.Reason)
				}
				if err := errors.Join(checkStep(s.p, before, s.a, c, o, arrived), checkReplay(&s)); err != nil {
					t.Error(err)
				}
			})
		}
	}
}

func checkCell(t *testing.T, cell string, before, after exam.Attempt, o exam.Outcome) {
	t.Helper()
	next, moves := strings.CutPrefix(cell, "→")
	switch {
	case next == "before":
		next = string(before.Before)
	case cell == "same":
		next, moves = string(before.Status), true
	}
	switch {
	case moves && (o.Result != exam.Applied || string(after.Status) != next):
		t.Errorf("%s %s, status %s; want applied, status %s", o.Result, o.Reason, after.Status, next)
	case !moves && (o.Result != exam.Rejected || string(o.Reason) != cell || after.Status != before.Status):
		t.Errorf("%s %s, status %s; want rejected %s", o.Result, o.Reason, after.Status, cell)
	}
}

// roles are who may give a command, from the contract's list of commands.
var roles = map[exam.Role][]exam.Kind{
	exam.Candidate: {exam.Save, exam.Move, exam.Flag, exam.Check, exam.Submit, exam.TimeUp, exam.TakeOver},
	exam.Admin: {
		exam.Extend, exam.Pause, exam.Resume, exam.ForceSubmit, exam.Reopen, exam.Void, exam.Unvoid,
		exam.AcceptLate, exam.MarkByHand, exam.Regrade,
	},
	exam.Server: {exam.Expire, exam.Grade, exam.Extend},
}

// TestAuthorisation gives every command in every role: only those of the list are heard, and the
// table, the list and the machine know the same kinds.
func TestAuthorisation(t *testing.T) {
	t.Parallel()
	table := transitionTable(t)
	for kind := range table {
		for role, may := range roles {
			s := inStatus(t, exam.InProgress)
			c, arrived := rightCommand(&s, kind)
			c.Actor = exam.Actor{Role: role, ID: candidateID}
			_, err := s.send(c, arrived)
			if refused := errors.Is(err, exam.ErrNotAllowed); refused == slices.Contains(may, kind) {
				t.Errorf("%s by %s: error %v", kind, role, err)
			}
		}
	}
	for role, kinds := range roles {
		for _, kind := range kinds {
			if table[kind] == nil {
				t.Errorf("%s of %s is not in the table", kind, role)
			}
		}
	}
}

// TestNotAllowed: somebody else's attempt, and commands that Apply does not know.
func TestNotAllowed(t *testing.T) {
	t.Parallel()
	s := begin(t, threeTexts(exam.Free, exam.ExamFeedback))
	foreign := save("c", 1, "p", 1, 0, "x")
	foreign.Actor.ID = "another"
	unknown := save("c", 1, "p", 1, 0, "x")
	unknown.Kind = "erase"
	start := save("c", 1, "p", 1, 0, "x")
	start.Kind = exam.Start
	for _, test := range []struct {
		name string
		c    exam.Command
		want error
	}{
		{"foreign attempt", foreign, exam.ErrNotAllowed},
		{"no role", exam.Command{ID: "c", Kind: exam.Save, Salt: saltFor("c")}, exam.ErrNotAllowed},
		{"unknown kind", unknown, exam.ErrMalformed},
		{"a start is not Apply's", start, exam.ErrMalformed},
	} {
		before := s.a
		if _, err := s.send(test.c, t0); !errors.Is(err, test.want) {
			t.Errorf("%s: error %v, want %v", test.name, err, test.want)
		}
		if !sameState(&before, &s.a) {
			t.Errorf("%s changed the attempt", test.name)
		}
	}
}

// TestR3_Malformed: a command that lacks what it has to name is a fault of the caller.
func TestR3_Malformed(t *testing.T) {
	t.Parallel()
	const tooLarge = 1<<53 + 1
	for name, alter := range map[string]func(*exam.Command){
		"no id":               func(c *exam.Command) { c.ID = "" },
		"no salt":             func(c *exam.Command) { c.Salt = nil },
		"short salt":          func(c *exam.Command) { c.Salt = c.Salt[:8] },
		"no page":             func(c *exam.Command) { c.Page = "" },
		"no seq":              func(c *exam.Command) { c.Seq = 0 },
		"negative rev":        func(c *exam.Command) { c.Rev = -1 },
		"a save that leads":   func(c *exam.Command) { c.Target = 2 },
		"seq too large":       func(c *exam.Command) { c.Seq = tooLarge },
		"rev too large":       func(c *exam.Command) { c.Rev = tooLarge },
		"position too large":  func(c *exam.Command) { c.Position, c.Target = tooLarge, tooLarge },
		"position too small":  func(c *exam.Command) { c.Position = -tooLarge },
		"negative time":       func(c *exam.Command) { c.Amount = -1 },
		"too much time":       func(c *exam.Command) { c.Amount = exam.MaxAmount + 1 },
		"late, no rejection":  func(c *exam.Command) { c.Kind, c.Actor = exam.AcceptLate, admin },
		"late, unknown":       func(c *exam.Command) { c.Kind, c.Actor, c.Late = exam.AcceptLate, admin, 2 },
		"late, without seq":   func(c *exam.Command) { c.Kind, c.Actor, c.Late, c.Seq = exam.AcceptLate, admin, 1, 0 },
		"late, without page":  func(c *exam.Command) { c.Kind, c.Actor, c.Late, c.Page = exam.AcceptLate, admin, 1, "" },
		"taken over by none":  func(c *exam.Command) { c.Kind = exam.TakeOver },
		"points out of range": func(c *exam.Command) { c.Kind, c.Actor, c.Points = exam.MarkByHand, admin, tooLarge },
	} {
		s := inStatus(t, exam.InProgress) // with one rejection that could be accepted
		c := save("c", 1, "new", 1, 0, "x")
		alter(&c)
		if o, err := s.send(c, t0); !errors.Is(err, exam.ErrMalformed) || o.Entry != nil || o.Rejection != nil {
			t.Errorf("%s: %v %v, want ErrMalformed", name, o.Result, err)
		}
	}
}
