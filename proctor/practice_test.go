package proctor_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/proctor"
	"shiken/store"
)

// practiceDesk is a desk whose exam is a practice of which results are released at once.
func practiceDesk(t *testing.T) *desk {
	d := newDesk(t)
	now := exam.Release{When: exam.Immediately}
	d.rules.Rules.Feedback, d.rules.Rules.TimeLimit = exam.PracticeFeedback, 0
	d.rules.Rules.Release = exam.ReleaseRules{Score: now, Answers: now, Keys: now}
	d.define()
	return d
}

// focus starts with a focus, having seen some attempts.
func (d *desk) focus(u store.User, f exam.Focus, seen int) (proctor.Started, error) {
	return d.proctor.Start(context.Background(), proctor.StartRequest{
		Exam: "test", User: u.ID, Command: uuid.NewString(), Seen: seen, Focus: f,
	})
}

// checks answers a position with an option and has it checked.
func (d *desk) checks(attempt string, n int, option string) {
	d.t.Helper()
	d.answer(attempt, n, option)
	c := byCandidate(exam.Check)
	saved := d.stored(attempt).Attempt.Response(n)
	c.Position, c.Page, c.Seq, c.Rev, c.Answer = n, uuid.NewString(), 1, saved.Rev, saved.Answer
	d.give(attempt, c)
}

func (d *desk) history(u store.User) exam.History {
	d.t.Helper()
	h, _, err := d.proctor.History(context.Background(), u.ID)
	must(d.t, err)
	return h
}

// missed lists the questions of a pool that the history says were not right.
func (d *desk) missed(u store.User) []string {
	d.t.Helper()
	h := d.history(u)
	pools, err := d.store.PoolIndex(context.Background(), &d.rules)
	must(d.t, err)
	var out []string
	for _, q := range pools[0] {
		done := h.Of(q.Identity)
		if done.Missed() {
			out = append(out, q.Identity)
		}
	}
	versions, err := d.store.CurrentVersions(context.Background(), out)
	must(d.t, err)
	for i := range out {
		out[i] = versions[out[i]]
	}
	return out
}

// What was checked is known at once, what was not when the attempt is marked, where results are shown at once; a right
// answer later takes a question out again. R12: whoever else sits the practice withholds nothing of one's own, whom no
// further key is told by that.
func TestHistoryFollowsPractices(t *testing.T) {
	d := practiceDesk(t)
	u := d.user()
	first := d.start(u, uuid.NewString(), 0).Attempt
	paper := d.stored(first).Paper
	d.checks(first, 1, "a")
	d.answer(first, 2, "a")
	if got := d.missed(u); !slices.Equal(got, []string{paper.Items[0].Version}) {
		t.Errorf("checked: %v", got)
	}
	d.give(first, byCandidate(exam.Submit))
	must(t, d.proctor.Round(context.Background()))
	both := []string{paper.Items[0].Version, paper.Items[1].Version}
	slices.Sort(both)
	got := d.missed(u)
	if slices.Sort(got); !slices.Equal(got, both) {
		t.Errorf("released: %v, want %v", got, both)
	}
	other := d.user()
	elsewhere := d.start(other, uuid.NewString(), 0).Attempt
	got = d.missed(u)
	if slices.Sort(got); !slices.Equal(got, both) {
		t.Errorf("while another sits it: %v", got)
	}
	d.give(elsewhere, byCandidate(exam.Submit))

	second, err := d.focus(u, exam.Focus{Only: exam.OnlyMissed}, 1)
	must(t, err)
	if n := d.stored(second.Attempt).Paper.Len(); n != 2 {
		t.Fatalf("%d questions are practised again", n)
	}
	d.checks(second.Attempt, 1, "b")
	d.checks(second.Attempt, 2, "b")
	if got := d.missed(u); len(got) != 0 {
		t.Errorf("answered right: %v", got)
	}
	if h := d.history(u); len(h.Answers) != 4 {
		t.Errorf("%d answers are told", len(h.Answers))
	}
}

// R12: where score or keys are not shown at once an answer that was not checked is known while both are released, and
// so not while anybody sits the practice; and what is open again is not told.
func TestHistoryWaitsForTheRelease(t *testing.T) {
	at, by := exam.Release{When: exam.At, At: 1}, exam.Release{When: exam.Immediately}
	for name, r := range map[string]exam.ReleaseRules{
		"the keys at a time": {Score: by, Keys: at}, "the score at a time": {Score: at, Keys: by}, "both at once": {Score: by, Keys: by},
	} {
		d := practiceDesk(t)
		d.rules.Rules.Release = r
		d.define()
		u := d.user()
		own := d.start(u, uuid.NewString(), 0).Attempt
		d.answer(own, 1, "a")
		d.give(own, byCandidate(exam.Submit))
		must(t, d.proctor.Round(context.Background()))
		if n := len(d.missed(u)); n != 1 {
			t.Errorf("%s: %d are known", name, n)
		}
		d.start(d.user(), uuid.NewString(), 0)
		if n := len(d.missed(u)); (n == 1) != (name == "both at once") {
			t.Errorf("%s: %d are known while another sits it", name, n)
		}
		d.give(own, exam.Command{Kind: exam.Reopen, Actor: exam.Actor{Role: exam.Admin, ID: uuid.NewString()}})
		if n := len(d.missed(u)); n != 0 {
			t.Errorf("%s: %d are known of what is open again", name, n)
		}
	}
}

// A focus that leaves nothing begins nothing, and is no verdict on the command: what is asked again with the same
// id later may begin.
func TestFocusOnNothingBeginsNothing(t *testing.T) {
	d := practiceDesk(t)
	u := d.user()
	if _, err := d.focus(u, exam.Focus{Only: exam.OnlyMissed}, 0); !errors.Is(err, exam.ErrNothing) {
		t.Errorf("error %v", err)
	}
	if list, _, err := d.store.OfCandidate(context.Background(), u.ID); err != nil || len(list) != 0 {
		t.Errorf("%d attempts, %v", len(list), err)
	}
}

// Who already sits the exam is led there, whatever the focus; a number alone draws so many.
func TestFocusOfAStart(t *testing.T) {
	d := practiceDesk(t)
	u := d.user()
	one, err := d.focus(u, exam.Focus{Count: 1}, 0)
	must(t, err)
	if n := d.stored(one.Attempt).Paper.Len(); n != 1 {
		t.Errorf("%d questions of 1", n)
	}
	if led, err := d.focus(u, exam.Focus{Only: exam.OnlyFlagged}, 0); err != nil || led.Attempt != one.Attempt {
		t.Errorf("led to %+v, %v", led, err)
	}
}

// As many as the exam draws is the exam itself, section by section.
func TestFocusOnAsManyAsAreDrawn(t *testing.T) {
	d := practiceDesk(t)
	d.rules.Sections = []exam.SectionDefinition{
		{Draw: 1, From: exam.Source{Set: "basics"}, Points: exam.FullCredit}, {Draw: 1, From: exam.Source{Set: "basics"}, Points: exam.FullCredit},
	}
	d.define()
	for range 10 {
		s, err := d.focus(d.user(), exam.Focus{Count: 2}, 0)
		must(t, err)
		items := d.stored(s.Attempt).Paper.Items
		if len(items) != 2 || items[0].Section != 0 || items[1].Section != 1 {
			t.Fatalf("drawn %+v", items)
		}
	}
}

// Where attempts are limited no start gives more questions than the exam draws; where they are not, as many as are
// wanted. Questions that the candidate chose give no verdict.
func TestFocusKeepsToTheLimits(t *testing.T) {
	for _, tt := range []struct {
		name     string
		attempts int
		focus    exam.Focus
		want     int
		passes   bool
	}{
		{"more than are drawn", 1, exam.Focus{Count: exam.MaxQuestions}, 1, true},
		{"all that were never tried", 1, exam.Focus{Only: exam.OnlyUntried}, 1, false},
		{"without a limit", 0, exam.Focus{Count: exam.MaxQuestions}, 3, false},
	} {
		d := practiceDesk(t)
		d.rules.Attempts, d.rules.Rules.PassMark = tt.attempts, 50
		d.rules.Sections = []exam.SectionDefinition{{Draw: 1, From: exam.Source{Set: "basics"}, Points: exam.FullCredit, Minimum: 40}}
		d.define()
		s, err := d.focus(d.user(), tt.focus, 0)
		must(t, err)
		p := d.stored(s.Attempt).Paper
		if p.Len() != tt.want || (p.Rules.PassMark > 0) != tt.passes || (p.Sections[0].Minimum > 0) != tt.passes {
			t.Errorf("%s: %d questions, pass mark %d, minimum %d", tt.name, p.Len(), p.Rules.PassMark, p.Sections[0].Minimum)
		}
	}
}

// Questions that share a passage are no way around the limit: none come where they are more than the exam draws.
func TestFocusOnAPassageKeepsToTheLimits(t *testing.T) {
	for attempts, want := range map[int]int{1: 0, 0: 3} {
		d := practiceDesk(t)
		d.loadPassage()
		d.rules.Attempts = attempts
		d.rules.Sections[0].Draw = 2
		d.define()
		u := d.user()
		s, err := d.focus(u, exam.Focus{Categories: []string{"passage"}}, 0)
		if want == 0 {
			if list, _, _ := d.store.OfCandidate(context.Background(), u.ID); !errors.Is(err, exam.ErrUnits) || len(list) > 0 {
				t.Errorf("%d attempts: %v, %d begun", attempts, err, len(list))
			}
			continue
		}
		must(t, err)
		if n := d.stored(s.Attempt).Paper.Len(); n != want {
			t.Errorf("%d attempts: %d questions", attempts, n)
		}
	}
}

func TestExamsTakeNoFocus(t *testing.T) {
	d := newDesk(t)
	if _, err := d.focus(d.user(), exam.Focus{Count: 1}, 0); !errors.Is(err, exam.ErrMalformed) {
		t.Errorf("error %v", err)
	}
}
