package storetest

import (
	"fmt"
	"reflect"
	"slices"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/store"
)

var closingTests = map[string]func(*world){
	"R7 nothing changes after the close, whatever was under way": closedIsClosed,
	"R7 one submission for each opening":                         oneSubmission,
	"R7 no reopen while another attempt is open":                 noSecondOpen,
	"R9 what is due is listed, and nothing else":                 dueIsListed,
	"R13 marking comes after the close and is done once":         markedOnce,
	"R13 the entries that mark are listed, and nothing else":     markingIsListed,
	"R16 the stored deadline follows every change":               deadlineFollows,
}

func (s *sitting) submit() exam.Command {
	c := s.command(exam.Submit, 0, 1<<30, "")
	c.Page, c.Seq = "", 0
	return c
}

func closedIsClosed(w *world) {
	s := w.sit(w.newExam(8))
	outcomes := together(w, 24, func(i int) (exam.Outcome, error) {
		c := s.submit()
		if i != 12 {
			c = s.command(exam.Save, 1+i%8, 0, fmt.Sprint(i))
		}
		_, o, err := s.do(c)
		return o, err
	})
	if outcomes[12].Result != exam.Applied {
		w.Fatalf("submit: %s %s", outcomes[12].Result, outcomes[12].Reason)
	}
	records := s.stored().Records
	last := records[len(records)-1].Entry
	if last.Kind != exam.Submit {
		w.Errorf("entry %d, %s, follows the close", last.Seq, last.Kind)
	}
	if o := s.wants(s.command(exam.Save, 1, 99, "late"), exam.Rejected); o.Reason != exam.Finished {
		w.Errorf("reason %s", o.Reason)
	}
	s.sound()
}

func oneSubmission(w *world) {
	s := w.sit(w.newExam(2))
	outcomes := together(w, 10, func(int) (exam.Outcome, error) {
		_, o, err := s.do(s.submit())
		return o, err
	})
	if n := tally(outcomes); n[exam.Applied] != 1 || n[exam.Rejected] != 9 {
		w.Errorf("results %v, want one submission", n)
	}
	s.wants(by(exam.Admin, exam.Reopen), exam.Applied)
	again := s.submit()
	again.Opening = 2
	s.wants(again, exam.Applied)
	s.sound()
}

func noSecondOpen(w *world) {
	d := w.newExam(2)
	for _, kind := range []exam.Kind{exam.Reopen, exam.Unvoid} {
		s := w.sit(d)
		if kind == exam.Unvoid {
			s.wants(by(exam.Admin, exam.Void), exam.Applied)
		} else {
			s.wants(s.submit(), exam.Applied)
		}
		second, _, err := start(w.ctx, w.Store, d.Slug, s.user.ID, uuid.NewString(), 1)
		w.must(err)
		if second == s.id {
			w.Fatal("the second start led to the first attempt")
		}
		before := s.stored()
		_, _, err = s.do(by(exam.Admin, kind))
		w.is(err, store.ErrOpenElsewhere)
		if after := s.stored(); after.Version != before.Version || after.Attempt.Status != before.Attempt.Status {
			w.Errorf("%s: version %d, status %s", kind, after.Version, after.Attempt.Status)
		}
		s.sound()
		other := &sitting{world: w, id: second, user: s.user, d: d}
		other.wants(other.submit(), exam.Applied)
		s.wants(by(exam.Admin, kind), exam.Applied)
		s.sound()
	}
}

func dueIsListed(w *world) {
	timed, endless := w.sit(w.newExam(1)), w.sit(w.newExam(1, untimed))
	ended := w.sitLongAgo(w.newExam(1))
	list, err := w.Due(w.ctx, 1_000)
	w.must(err)
	for id, want := range map[string]bool{timed.id: false, endless.id: false, ended.id: true} {
		if got := slices.Contains(list, id); got != want {
			w.Errorf("due lists %s: %t, want %t", id, got, want)
		}
	}
	ended.wants(by(exam.Server, exam.Expire), exam.Applied)
	list, err = w.Due(w.ctx, 1_000)
	w.must(err)
	if slices.Contains(list, ended.id) {
		w.Error("an expired attempt is still due")
	}
	ended.sound()
}

func (s *sitting) pending() bool {
	s.Helper()
	list, err := s.Unmarked(s.ctx, 1_000)
	s.must(err)
	return slices.Contains(list, s.id)
}

func markedOnce(w *world) {
	s := w.sit(w.newExam(4))
	paper := s.load().Paper
	for i := range paper.Items {
		s.wants(s.command(exam.Save, i+1, 0, "right 1"), exam.Applied)
	}
	if s.pending() {
		w.Error("an open attempt waits for marking")
	}
	s.wants(s.submit(), exam.Applied)
	if !s.pending() || s.load().Attempt.Score != nil {
		w.Error("a closed attempt does not wait for marking")
	}
	outcomes := together(w, 4, func(int) (exam.Outcome, error) { return s.grade() })
	if n := tally(outcomes); n[exam.Applied] != 1 {
		w.Errorf("results %v, want one grade", n)
	}
	if s.pending() {
		w.Error("a marked attempt waits for marking")
	}
	score := s.load().Attempt.Score
	if score == nil || score.Total != exam.FullCredit || score.Max != 4*exam.FullCredit || score.Revisions[0] != 1 {
		w.Errorf("score %+v", score)
	}
	s.sound()
	s.wants(by(exam.Admin, exam.Regrade), exam.Applied)
	if !s.pending() {
		w.Error("a regraded attempt does not wait for marking")
	}
	s.sound()
}

func markingIsListed(w *world) {
	s := w.sit(w.newExam(2))
	s.wants(s.command(exam.Save, 1, 0, "answer"), exam.Applied)
	s.wants(s.submit(), exam.Applied)
	if _, err := s.grade(); err != nil {
		w.Fatal(err)
	}
	byHand := by(exam.Admin, exam.MarkByHand)
	byHand.Position, byHand.Rev = 1, s.load().Attempt.Responses[1].Rev
	s.wants(byHand, exam.Applied)
	s.wants(by(exam.Admin, exam.Regrade), exam.Applied)
	s.wants(by(exam.Admin, exam.Reopen), exam.Applied)
	var want []exam.Entry
	for _, r := range s.stored().Records {
		if slices.Contains(exam.MarkingKinds, r.Entry.Kind) {
			want = append(want, exam.Entry{Seq: r.Entry.Seq, Kind: r.Entry.Kind, Arrived: r.Entry.Arrived, Effect: r.Entry.Effect})
		}
	}
	got, err := s.MarkingEntries(s.ctx, s.id)
	if err != nil || len(want) != 4 || !reflect.DeepEqual(got, want) {
		w.Errorf("listed %+v, %v; want %+v", got, err, want)
	}
	for _, unknown := range []string{uuid.NewString(), "none"} {
		if got, err := s.MarkingEntries(s.ctx, unknown); err != nil || len(got) != 0 {
			w.Errorf("of %q: %+v, %v", unknown, got, err)
		}
	}
	s.sound()
}

// grade marks as an instance does after a close, or after a crash.
func (s *sitting) grade() (exam.Outcome, error) {
	snap, err := s.LoadAttempt(s.ctx, store.AttemptQuery{Attempt: s.id, All: true})
	if err != nil {
		return exam.Outcome{}, err
	}
	var versions []string
	for _, it := range snap.Paper.Items {
		versions = append(versions, it.Version)
	}
	found, err := s.Keys(s.ctx, versions)
	if err != nil {
		return exam.Outcome{}, err
	}
	keys := map[string]exam.Key{}
	for version, k := range found {
		keys[version] = k.Key
	}
	score := exam.Grader{}.Mark(snap.Paper, &snap.Attempt, keys)
	c := by(exam.Server, exam.Grade)
	c.Score = &score
	_, o, err := s.do(c)
	return o, err
}

func deadlineFollows(w *world) {
	s := w.sit(w.newExam(1))
	want := func(step string) {
		w.Helper()
		snap, stored := s.load(), s.stored()
		deadline, _ := snap.Attempt.Deadline(snap.Paper)
		expires, _ := snap.Attempt.ExpiresAt(snap.Paper)
		if stored.Deadline != deadline || stored.ExpiresAt != expires {
			w.Errorf("after %s: stored %d and %d, want %d and %d", step, stored.Deadline, stored.ExpiresAt, deadline, expires)
		}
	}
	first := s.stored()
	if limit := 30 * exam.Minute * 125 / 100; first.Deadline != first.Attempt.Started.Add(limit) {
		w.Errorf("deadline %d of an attempt begun at %d", first.Deadline, first.Attempt.Started)
	}
	extend := by(exam.Admin, exam.Extend)
	extend.Amount = 5 * exam.Minute
	for _, c := range []exam.Command{
		extend, by(exam.Admin, exam.Pause), by(exam.Admin, exam.Resume), by(exam.Admin, exam.Void),
		by(exam.Admin, exam.Unvoid), by(exam.Admin, exam.ForceSubmit), by(exam.Admin, exam.Reopen),
	} {
		s.wants(c, exam.Applied)
		want(string(c.Kind))
	}
	s.sound()
}
