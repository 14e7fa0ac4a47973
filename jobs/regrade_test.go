package jobs_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"sync"
	"testing"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/jobs"
	"shiken/proctor"
	"shiken/store"
)

// answered closes an attempt whose only question was answered with a text, and has it marked.
func (h *hall) answered(attempt, text string) {
	h.t.Helper()
	h.closed(attempt, text)
	must(h.t, h.proctor().Mark(context.Background(), attempt))
}

func (h *hall) proctor() *proctor.Proctor {
	return &proctor.Proctor{Store: h.store, Logger: slog.New(slog.DiscardHandler)}
}

func (h *hall) closed(attempt, text string) {
	h.t.Helper()
	candidate := h.story(attempt).Attempt.Candidate
	c := exam.Command{
		ID: uuid.NewString(), Kind: exam.Save, Actor: exam.Actor{Role: exam.Candidate, ID: candidate}, Salt: proctor.NewSalt(),
		Opening: h.story(attempt).Attempt.Opening, Position: 1, Page: uuid.NewString(), Seq: 1, Answer: exam.TextAnswer(text),
		Rev: h.story(attempt).Attempt.Responses[1].Rev,
	}
	if text != "" {
		h.give(attempt, c)
	}
	h.give(attempt, exam.Command{ID: uuid.NewString(), Kind: exam.ForceSubmit, Actor: exam.Actor{Role: exam.Admin}, Salt: proctor.NewSalt()})
}

func (h *hall) give(attempt string, c exam.Command) {
	h.t.Helper()
	q := store.AttemptQuery{Attempt: attempt, Command: c.ID, Position: c.Position, All: true}
	_, o, err := store.Update(context.Background(), h.store, q, func(s *store.Snapshot) (exam.Attempt, exam.Outcome, error) {
		return exam.Apply(s.Paper, s.Attempt, c, s.Now)
	})
	must(h.t, err)
	if o.Result != exam.Applied {
		h.t.Fatalf("%s: %s %s", c.Kind, o.Result, o.Reason)
	}
}

// correct stores a correction of the question's key, and returns its job.
func (h *hall) correct(base int, key exam.Key, lower bool) store.Job {
	h.t.Helper()
	ctx := context.Background()
	officer := h.user()
	id := uuid.NewString()
	args, err := json.Marshal(jobs.RegradeArgs{Correction: id})
	must(h.t, err)
	job := store.Job{ID: id, Kind: store.JobRegrade, Actor: officer, Args: args}
	version := h.story(h.attempts[0]).Paper.Items[0].Version
	_, _, err = h.store.By(store.Act{Actor: officer, Action: store.ActCorrectKey}).CorrectKey(ctx, store.Correction{
		ID: id, Version: version, Lower: lower, Reason: "wrong key", Actor: officer,
	}, base, key, job)
	must(h.t, err)
	return job
}

func (h *hall) regrades() *jobs.Regrades {
	return &jobs.Regrades{Store: h.store, Proctor: h.proctor(), Workers: 2, Logger: slog.New(slog.DiscardHandler)}
}

func (h *hall) regrade(job store.Job) jobs.RegradeOutcome {
	h.t.Helper()
	o, err := h.regrades().Do(context.Background(), job, func(int) {})
	must(h.t, err)
	return o.(jobs.RegradeOutcome)
}

func (h *hall) points(attempt string) int {
	h.t.Helper()
	score := h.story(attempt).Attempt.Score
	if score == nil {
		h.t.Fatalf("attempt %s has no score", attempt)
	}
	return score.Total / exam.FullCredit
}

func (h *hall) sound() {
	h.t.Helper()
	found, err := store.Verify(context.Background(), h.store, nil, io.Discard)
	must(h.t, err)
	if found.Faults != 0 {
		h.t.Errorf("%d faults", found.Faults)
	}
}

func texts(patterns ...string) exam.Key {
	var k exam.Key
	for _, p := range patterns {
		k.Texts = append(k.Texts, exam.TextKey{Pattern: p, Weight: exam.FullCredit})
	}
	return k
}

// TestR13_Regrade: of attempts in every state the closed ones are marked by the corrected key, once; the
// others when they come to it. What is never to be lowered keeps its mark.
func TestR13_Regrade(t *testing.T) {
	h := newHall(t, 6)
	right, wrong, unmarked, open, voided, reopened := h.attempts[0], h.attempts[1], h.attempts[2], h.attempts[3], h.attempts[4], h.attempts[5]
	h.answered(right, "x")
	h.answered(wrong, "y")
	h.closed(unmarked, "x")
	h.answered(voided, "y")
	h.give(voided, exam.Command{ID: uuid.NewString(), Kind: exam.Void, Actor: exam.Actor{Role: exam.Admin}, Salt: proctor.NewSalt()})
	h.answered(reopened, "y")
	h.give(reopened, exam.Command{ID: uuid.NewString(), Kind: exam.Reopen, Actor: exam.Actor{Role: exam.Admin}, Salt: proctor.NewSalt()})
	job := h.correct(1, texts("y"), false)
	want := jobs.RegradeOutcome{Regraded: 3, Open: 2, Voided: 1}
	for range 3 {
		if got := h.regrade(job); got != want {
			t.Errorf("outcome %+v, want %+v", got, want)
		}
	}
	if r, w, u := h.points(right), h.points(wrong), h.points(unmarked); r != 1 || w != 1 || u != 0 {
		t.Errorf("points: was right %d, was wrong %d, marked later %d", r, w, u)
	}
	if n := len(h.entries(right, exam.Regrade)) + len(h.entries(wrong, exam.Regrade)); n != 2 {
		t.Errorf("%d regrades, want one for each", n)
	}
	if e := h.entries(wrong, exam.Regrade)[0]; e.Entry.Actor != "admin:"+job.Actor || e.Payload.Note != "wrong key" ||
		e.Payload.Revision != 2 || e.Entry.Effect.Score.Revisions[0] != 2 {
		t.Errorf("entry %+v, payload %+v", e.Entry, e.Payload)
	}
	if n := len(h.entries(unmarked, exam.Regrade)); n != 0 {
		t.Errorf("%d regrades of what was not marked", n)
	}
	list, total, err := h.store.Regrades(t.Context(), store.RegradeQuery{Correction: job.ID, Limit: 10})
	must(t, err)
	if total != 2 {
		t.Errorf("%d regrades listed: %+v", total, list)
	}
	h.closed(open, "y")
	must(t, h.proctor().Mark(t.Context(), open))
	if n := h.points(open); n != 1 {
		t.Errorf("marked later: %d", n)
	}
	h.give(voided, exam.Command{ID: uuid.NewString(), Kind: exam.Unvoid, Actor: exam.Actor{Role: exam.Admin}, Salt: proctor.NewSalt()})
	again := job
	again.ID = uuid.NewString()
	if got := h.regrade(again); got.Regraded != 5 || h.points(voided) != 1 {
		t.Errorf("asked for again: %+v, unvoided has %d", got, h.points(voided))
	}
	h.sound()
}

// TestR13_RegradeMayLower: when it is asked for, who was right by the wrong key loses the points, and gets
// them back when the correction is taken back.
func TestR13_RegradeMayLower(t *testing.T) {
	h := newHall(t, 1)
	h.answered(h.attempts[0], "x")
	for i, tt := range []struct {
		key   exam.Key
		lower bool
		want  int
	}{{texts("y"), true, 0}, {texts("x", "y"), false, 1}, {texts("z"), false, 1}, {texts("z"), true, 0}} {
		h.regrade(h.correct(i+1, tt.key, tt.lower))
		if got := h.points(h.attempts[0]); got != tt.want {
			t.Errorf("correction %d: %d points, want %d", i+1, got, tt.want)
		}
	}
	h.sound()
}

// TestR13_MarkedBetween: a mark by the corrected key that came before the regrade does not make who was right
// lose the points.
func TestR13_MarkedBetween(t *testing.T) {
	h := newHall(t, 1)
	h.answered(h.attempts[0], "x")
	job := h.correct(1, texts("y"), false)
	h.give(h.attempts[0], exam.Command{ID: uuid.NewString(), Kind: exam.Regrade, Actor: exam.Actor{Role: exam.Admin}, Salt: proctor.NewSalt()})
	must(t, h.proctor().Mark(t.Context(), h.attempts[0]))
	if got := h.points(h.attempts[0]); got != 0 {
		t.Fatalf("%d points by the corrected key", got)
	}
	h.regrade(job)
	if got := h.points(h.attempts[0]); got != 1 {
		t.Errorf("%d points, want the one that it had", got)
	}
	h.regrade(job)
	list, _, err := h.store.Regrades(t.Context(), store.RegradeQuery{Correction: job.ID, Limit: 10})
	must(t, err)
	if len(list) != 1 || !list[0].Kept || list[0].Before.Total != exam.FullCredit || list[0].After.Total != exam.FullCredit {
		t.Errorf("listed %+v", list)
	}
	h.sound()
}

// lossy is a store that forgets to record what became of an attempt, as one whose instance ends just then.
type lossy struct{ store.Store }

func (l lossy) PutRegrade(context.Context, string, store.Regrade) error { return store.ErrUnavailable }

// TestR2_RegradeGoesOnAfterACrash: an instance that ends between the command and its record leaves nothing
// undone and nothing done twice.
func TestR2_RegradeGoesOnAfterACrash(t *testing.T) {
	h := newHall(t, 3)
	for i, text := range []string{"x", "y", "z"} {
		h.answered(h.attempts[i], text)
	}
	job := h.correct(1, texts("y"), true)
	dies := h.regrades()
	dies.Store = lossy{h.store}
	if _, err := dies.Do(t.Context(), job, func(int) {}); err == nil {
		t.Fatal("the first run did not end")
	}
	if got := h.regrade(job); got.Regraded != 3 {
		t.Errorf("outcome %+v", got)
	}
	list, _, err := h.store.Regrades(t.Context(), store.RegradeQuery{Correction: job.ID, Limit: 10})
	must(t, err)
	before, after := 0, 0
	for _, r := range list {
		before, after = before+r.Before.Total, after+r.After.Total
	}
	if len(list) != 3 || before != exam.FullCredit || after != exam.FullCredit || h.points(h.attempts[0]) != 0 || h.points(h.attempts[1]) != 1 {
		t.Errorf("%d listed, from %d to %d", len(list), before, after)
	}
	for _, a := range h.attempts {
		if n := len(h.entries(a, exam.Regrade)); n != 1 {
			t.Errorf("%d regrades of one attempt", n)
		}
	}
	h.sound()
}

// interrupted is a store in which something happens while an attempt is loaded for the first time: before it
// is read, or once it was.
type interrupted struct {
	store.Store
	meanwhile     sync.Once
	before, after func()
}

func (s *interrupted) LoadAttempt(ctx context.Context, q store.AttemptQuery) (store.Snapshot, error) {
	var snap store.Snapshot
	var err error
	first := false
	s.meanwhile.Do(func() {
		first = true
		s.before()
		snap, err = s.Store.LoadAttempt(ctx, q)
		s.after()
	})
	if first {
		return snap, err
	}
	return s.Store.LoadAttempt(ctx, q)
}

// TestR13_ASlowerRegradeNeverGoesBack: a correction that is overtaken by another one leaves what that marked.
func TestR13_ASlowerRegradeNeverGoesBack(t *testing.T) {
	for _, loaded := range []bool{false, true} {
		h := newHall(t, 1)
		h.answered(h.attempts[0], "x")
		slow := h.correct(1, texts("y"), true)
		overtakes := func() {
			if got := h.regrade(h.correct(2, texts("x", "z"), true)); got.Regraded != 1 {
				t.Errorf("the newer correction: %+v", got)
			}
		}
		db := &interrupted{Store: h.store, before: func() {}, after: func() {}}
		if loaded {
			db.after = overtakes
		} else {
			db.before = overtakes
		}
		work := h.regrades()
		work.Store = db
		outcome, err := work.Do(t.Context(), slow, func(int) {})
		must(t, err)
		if want := (jobs.RegradeOutcome{Superseded: 1}); outcome != want {
			t.Errorf("outcome %+v, want %+v", outcome, want)
		}
		if score := h.story(h.attempts[0]).Attempt.Score; score.Revisions[0] != 3 || score.Total != exam.FullCredit {
			t.Errorf("loaded before: %t: %+v", loaded, score)
		}
		h.sound()
	}
}

// TestR13_ASupersededCorrectionLowersNothing: that one correction may lower says nothing of the key that came
// after it.
func TestR13_ASupersededCorrectionLowersNothing(t *testing.T) {
	h := newHall(t, 1)
	h.answered(h.attempts[0], "x")
	first := h.correct(1, texts("x", "y"), true)
	h.regrade(first)
	h.regrade(h.correct(2, texts("z"), false))
	again := first
	again.ID = uuid.NewString()
	if got, want := h.regrade(again), (jobs.RegradeOutcome{Superseded: 1}); got != want {
		t.Errorf("outcome %+v, want %+v", got, want)
	}
	if got := h.points(h.attempts[0]); got != 1 {
		t.Errorf("%d points, want the one that it keeps", got)
	}
	h.sound()
}

// R13: never lowering protects the result that there was when the key was corrected. A mark that was kept outlives a
// reopen; who was reopened by then is marked by the newest key, and no regrade reaches back over the reopen.
func TestR13_NeverLoweringAndReopen(t *testing.T) {
	h := newHall(t, 2)
	before, after := h.attempts[0], h.attempts[1]
	for _, a := range h.attempts {
		h.answered(a, "x")
	}
	reopen := func(attempt string) {
		h.give(attempt, exam.Command{ID: uuid.NewString(), Kind: exam.Reopen, Actor: exam.Actor{Role: exam.Admin}, Salt: proctor.NewSalt()})
	}
	reopen(before)
	job := h.correct(1, texts("y"), false)
	h.regrade(job)
	reopen(after)
	for _, a := range h.attempts {
		h.answered(a, "")
	}
	for range 2 {
		if b, a := h.points(before), h.points(after); b != 0 || a != 1 {
			t.Errorf("reopened before the correction %d points, after it %d; want 0 and 1", b, a)
		}
		h.regrade(job)
	}
	h.sound()
}
