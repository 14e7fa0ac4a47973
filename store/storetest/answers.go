package storetest

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/store"
)

var answerTests = map[string]func(*world){
	"R1 an acknowledged answer is read back, by every instance":  durableAnswers,
	"R2 twenty copies take effect once":                          copiesApplyOnce,
	"R2 a verdict stands whatever runs at the same time":         verdictStands,
	"R2 an id with other content is rejected, and stays so":      reusedID,
	"R4 different positions never conflict":                      positionsIndependent,
	"R11 arrivals need not be in the order of the journal":       arrivalsOutOfOrder,
	"R15 a rejected answer is kept as it was sent":               rejectedKept,
	"R15 what rejections may fill is bounded":                    rejectionsBounded,
	"a commit on an attempt that moved writes nothing":           movedWritesNothing,
	"a commit that would skip an entry is refused":               gapRefused,
	"answers come back to the letter":                            answersRoundTrip,
	"text that a database cannot hold harms nothing":             unstorableText,
	"an outcome without entry or rejection writes nothing":       nothingToWrite,
	"an overtaken command changes nothing and is answered well":  overtaken,
	"an answer takes as few statements as the backend says":      statementsCounted,
	"a call whose caller has gone does not act as a lost server": callerGone,
}

// durableAnswers lets each position be written by its own goroutine, which reads back through
// another store after every acknowledgement.
func durableAnswers(w *world) {
	const positions, rounds = 6, 8
	s := w.sit(w.newExam(positions))
	other := s.on(w.Again(w.T))
	together(w, positions, func(i int) (int, error) {
		page := uuid.NewString()
		for round := 1; round <= rounds; round++ {
			c := s.command(exam.Save, i+1, int64(round-1), fmt.Sprintf("answer %d.%d", i, round))
			c.Page, c.Seq = page, int64(round)
			if _, o, err := s.do(c); err != nil || o.Result != exam.Applied || o.Rev != int64(round) {
				return 0, fmt.Errorf("position %d round %d: %v %v %d: %w", i+1, round, o.Result, o.Reason, o.Rev, err)
			}
			snap, err := other.LoadAttempt(other.ctx, store.AttemptQuery{Attempt: s.id, Position: i + 1})
			if err != nil {
				return 0, err
			}
			if got := snap.Attempt.Responses[i+1]; !got.Answer.Equal(c.Answer) || got.Rev != int64(round) {
				return 0, fmt.Errorf("position %d: acknowledged %v, read %+v", i+1, c.Answer.Text, got)
			}
		}
		return 0, nil
	})
	if got := s.load().Attempt.Head.Seq; got != positions*rounds+1 {
		w.Errorf("version %d, want %d", got, positions*rounds+1)
	}
	s.sound()
}

// tally counts results.
func tally(outcomes []exam.Outcome) map[exam.Result]int {
	n := map[exam.Result]int{}
	for _, o := range outcomes {
		n[o.Result]++
	}
	return n
}

func copiesApplyOnce(w *world) {
	const copies = 20
	s := w.sit(w.newExam(3))
	stores := []*sitting{s, s.on(w.Again(w.T))}
	c := s.command(exam.Move, 1, 0, "once")
	c.Target = 2
	outcomes := together(w, copies, func(i int) (exam.Outcome, error) {
		own := c
		own.Salt = salt() // each instance salts for itself
		_, o, err := stores[i%2].do(own)
		return o, err
	})
	if n := tally(outcomes); n[exam.Applied] != 1 || n[exam.Replayed] != copies-1 {
		w.Errorf("results %v, want 1 applied and %d replayed", n, copies-1)
	}
	for _, o := range outcomes {
		if o.Rev != 1 || o.Target != 2 || o.Receipt != outcomes[0].Receipt {
			w.Errorf("rev %d target %d receipt %v, want those of the first", o.Rev, o.Target, o.Receipt)
		}
	}
	if n := len(s.stored().Records); n != 2 {
		w.Errorf("%d entries, want start and one move", n)
	}
	s.sound()
}

// verdictStands lets copies of a command race with what makes it acceptable: all copies, and every
// later one, must have one verdict.
func verdictStands(w *world) {
	const rounds, copies = 12, 6
	s := w.sit(w.newExam(3))
	seen := map[exam.Result]bool{}
	for round := range rounds {
		s.wants(by(exam.Admin, exam.Pause), exam.Applied)
		rev := s.load().Attempt.Responses[1].Rev
		c := s.command(exam.Save, 1, rev, fmt.Sprint(round))
		resume := by(exam.Admin, exam.Resume)
		outcomes := together(w, copies+1, func(i int) (exam.Outcome, error) {
			if i == round%(copies+1) {
				_, o, err := s.do(resume)
				return o, err
			}
			_, o, err := s.do(c)
			return o, err
		})
		var verdicts []exam.Outcome
		for i, o := range outcomes {
			if i != round%(copies+1) {
				verdicts = append(verdicts, o)
			}
		}
		n := tally(verdicts)
		later := exam.Replayed
		switch {
		case n[exam.Rejected] == copies:
			later = exam.Rejected
		case n[exam.Applied] != 1 || n[exam.Replayed] != copies-1:
			w.Fatalf("round %d: copies of one command: %v", round, n)
		}
		seen[later] = true
		s.wants(c, later)
	}
	if n := s.load().Attempt.Rejections; n > rounds {
		w.Errorf("%d rejections kept of %d commands", n, rounds)
	}
	if len(seen) == 1 {
		w.Logf("every round ended %v", seen)
	}
	s.sound()
}

func reusedID(w *world) {
	s := w.sit(w.newExam(2))
	first := s.command(exam.Save, 1, 0, "first")
	s.wants(first, exam.Applied)
	other := first
	other.Answer, other.Salt = exam.TextAnswer("other"), salt()
	for range 2 {
		if o := s.wants(other, exam.Rejected); o.Reason != exam.IDReused {
			w.Errorf("reason %s, want %s", o.Reason, exam.IDReused)
		}
	}
	s.wants(first, exam.Replayed)
	if n := s.load().Attempt.Rejections; n != 1 {
		w.Errorf("%d rejections, want 1: the second copy is known", n)
	}
	s.sound()
}

func positionsIndependent(w *world) {
	const n = 20
	s := w.sit(w.newExam(n))
	outcomes := together(w, n, func(i int) (exam.Outcome, error) {
		_, o, err := s.do(s.command(exam.Save, i+1, 0, fmt.Sprint("at ", i+1)))
		return o, err
	})
	if got := tally(outcomes); got[exam.Applied] != n {
		w.Errorf("results %v, want %d applied", got, n)
	}
	a := s.load().Attempt
	for i := 1; i <= n; i++ {
		if got := a.Response(i).Answer.Text; got != fmt.Sprint("at ", i) {
			w.Errorf("position %d holds %q", i, got)
		}
	}
	s.sound()
}

// arrivalsOutOfOrder applies a command after one that arrived later, as when an instance has held it.
func arrivalsOutOfOrder(w *world) {
	s := w.sit(w.newExam(1))
	s.wants(s.command(exam.Save, 1, 0, "arrived later"), exam.Applied)
	held := s.command(exam.Save, 1, 1, "held for a second")
	q := store.AttemptQuery{Attempt: s.id, Command: held.ID, Position: 1}
	_, o, err := store.Update(s.ctx, s.Store, q, func(snap *store.Snapshot) (exam.Attempt, exam.Outcome, error) {
		return exam.Apply(snap.Paper, snap.Attempt, held, snap.Now.Add(-exam.Second))
	})
	if w.must(err); o.Result != exam.Applied {
		w.Fatalf("%s %s", o.Result, o.Reason)
	}
	s.sound()
}

func rejectedKept(w *world) {
	s := w.sit(w.newExam(2))
	s.wants(s.command(exam.Save, 1, 0, "saved"), exam.Applied)
	stale := s.command(exam.Save, 1, 0, "sent too late")
	if o := s.wants(stale, exam.Rejected); o.Reason != exam.Stale {
		w.Fatalf("reason %s", o.Reason)
	}
	list, err := w.Rejections(w.ctx, s.id)
	w.must(err)
	if len(list) != 1 {
		w.Fatalf("%d rejections", len(list))
	}
	r := list[0]
	if r.Number != 1 || r.Command != stale.ID || r.Reason != exam.Stale || r.Page != stale.Page || r.Arrived == 0 ||
		!r.Payload.Answer.Equal(stale.Answer) || r.Payload.Digest(r.Salt) != r.Digest {
		w.Errorf("kept %+v", r)
	}
	if got := s.load().Attempt.Responses[1].Answer.Text; got != "saved" {
		w.Errorf("the answer of record is %q", got)
	}
	s.sound()
}

// rejectionsBounded sends more large answers too late than are kept: what comes after still has its
// verdict, and a small answer is kept.
func rejectionsBounded(w *world) {
	const whole = 32
	s := w.sit(w.newExam(2))
	s.wants(s.command(exam.Save, 1, 0, "saved"), exam.Applied)
	large := strings.Repeat("長", 12_000) // 36 KB
	var last exam.Command
	for i := range whole + 1 {
		last = s.command(exam.Save, 1, 0, fmt.Sprint(i, large))
		s.wants(last, exam.Rejected)
	}
	s.wants(s.command(exam.Save, 1, 0, "small"), exam.Rejected)
	s.wants(last, exam.Rejected)
	list, err := w.Rejections(w.ctx, s.id)
	w.must(err)
	if len(list) != whole+2 {
		w.Fatalf("%d rejections, want %d: a copy is known by its digest", len(list), whole+2)
	}
	for i, r := range list {
		if kept := r.Payload.Kind != ""; kept != (i != whole) || r.Command == "" || r.Digest.IsZero() || r.Reason != exam.Stale {
			w.Errorf("rejection %d: payload kept: %t, %s %s", r.Number, kept, r.Command, r.Reason)
		}
	}
	n, err := w.CountRejections(w.ctx, s.id, exam.Stale)
	w.must(err)
	if n != whole+1 {
		w.Errorf("%d can be shown back, want %d", n, whole+1)
	}
	if lines, _ := s.verify(nil); len(lines) != 1 || !strings.Contains(lines[0], "not kept: payloads of 1 of 34 rejections") {
		w.Errorf("verify: %q", lines)
	}
}

// judged reads and judges a command without committing.
func (s *sitting) judged(c exam.Command) (store.Snapshot, exam.Attempt, exam.Outcome) {
	s.Helper()
	snap, err := s.LoadAttempt(s.ctx, store.AttemptQuery{Attempt: s.id, Command: c.ID, Position: c.Position})
	s.must(err)
	next, o, err := exam.Apply(snap.Paper, snap.Attempt, c, snap.Now)
	s.must(err)
	return snap, next, o
}

func movedWritesNothing(w *world) {
	for _, first := range []string{"an entry", "a rejection"} {
		for _, second := range []string{"an entry", "a rejection"} {
			s := w.sit(w.newExam(2))
			commands := map[string]func() exam.Command{
				"an entry":    func() exam.Command { return s.command(exam.Save, 1, 0, "a") },
				"a rejection": func() exam.Command { return s.command(exam.Save, 9, 0, "nowhere") },
			}
			snap, next, o := s.judged(commands[second]())
			_, _, err := s.do(commands[first]())
			w.must(err)
			before := s.stored()
			w.is(w.Commit(w.ctx, &snap, next, o), store.ErrMoved)
			after := s.stored()
			if before.Version != after.Version || len(before.Rejections) != len(after.Rejections) ||
				len(before.Records) != len(after.Records) {
				w.Errorf("%s after %s was written in part", second, first)
			}
			s.sound()
		}
	}
}

func gapRefused(w *world) {
	s := w.sit(w.newExam(2))
	snap, next, o := s.judged(s.command(exam.Save, 1, 0, "a"))
	o.Entry.Seq += 2
	if err := w.Commit(w.ctx, &snap, next, o); err == nil {
		w.Error("an entry beyond the head was written")
	}
	s.sound()
}

func answersRoundTrip(w *world) {
	s := w.sit(w.newExam(1))
	texts := []string{
		"日本語 𠮷野家 é", `"quoted" \back\slash`, "two\nlines\tand a tab", "1e400", "-0.10", "null", "[]", "{}", " ",
		"<script>alert(1)</script>", "\u2028\u007f\u0001", strings.Repeat("長", 20_000), "",
	}
	for i, text := range texts {
		s.wants(s.command(exam.Save, 1, int64(i), text), exam.Applied)
		if got := s.load().Attempt.Responses[1].Answer; got.Text != text {
			w.Errorf("saved %.40q, read %.40q", text, got.Text)
		}
	}
	s.sound()
}

// unstorableText: what a database refuses is an error of its own, and nothing is written; what it
// takes comes back as it was.
func unstorableText(w *world) {
	s := w.sit(w.newExam(1))
	c := s.command(exam.Save, 1, 0, "nul \x00 byte")
	_, _, err := s.do(c)
	got := s.load().Attempt
	switch {
	case err == nil && got.Response(1).Answer.Text != c.Answer.Text:
		w.Errorf("acknowledged %q, read %q", c.Answer.Text, got.Response(1).Answer.Text)
	case err != nil && got.Head.Seq != 1:
		w.Errorf("an error, yet version %d", got.Head.Seq)
	case err != nil:
		w.is(err, store.ErrUnstorable)
	}
	s.wants(s.command(exam.Save, 1, got.Response(1).Rev, "sound"), exam.Applied)
	s.sound()
}

func nothingToWrite(w *world) {
	s := w.sit(w.newExam(1))
	snap := s.load()
	w.must(w.Commit(w.ctx, &snap, snap.Attempt, exam.Outcome{Result: exam.Replayed}))
	if got := s.load().Attempt; got.Head != snap.Attempt.Head {
		w.Errorf("head %v, was %v", got.Head, snap.Attempt.Head)
	}
}

func overtaken(w *world) {
	s := w.sit(w.newExam(2))
	late := s.command(exam.Save, 1, 0, "first keystroke")
	newer := s.command(exam.Save, 1, 0, "whole word")
	newer.Page, newer.Seq = late.Page, 2
	s.wants(newer, exam.Applied)
	s.wants(late, exam.Overtaken)
	if got := s.load().Attempt; got.Response(1).Answer.Text != "whole word" || got.Head.Seq != 2 {
		w.Errorf("answer %q at version %d", got.Response(1).Answer.Text, got.Head.Seq)
	}
	s.sound()
}

func statementsCounted(w *world) {
	s := w.sit(w.newExam(1))
	s.wants(s.command(exam.Save, 1, 0, "warm"), exam.Applied)
	before := w.Statements()
	s.wants(s.command(exam.Save, 1, 1, "counted"), exam.Applied)
	if n := w.Statements() - before; n != w.Answer {
		w.Errorf("%d statements for an answer, want %d", n, w.Answer)
	}
}

func callerGone(w *world) {
	s := w.sit(w.newExam(1))
	gone := *w
	var cancel context.CancelFunc
	gone.ctx, cancel = context.WithCancel(w.ctx)
	cancel()
	left := &sitting{world: &gone, id: s.id, user: s.user, d: s.d}
	_, _, err := left.do(s.command(exam.Save, 1, 0, "unheard"))
	if !errors.Is(err, context.Canceled) || errors.Is(err, store.ErrUnavailable) {
		w.Errorf("error %v, want %v alone", err, context.Canceled)
	}
	s.wants(s.command(exam.Save, 1, 0, "heard"), exam.Applied)
}
