package jobs_test

import (
	"context"
	"reflect"
	"testing"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/jobs"
	"shiken/proctor"
	"shiken/store"
)

// erases erases the data of who wrote an attempt.
func (h *hall) erases(attempt string) {
	h.t.Helper()
	ctx, candidate := context.Background(), h.story(attempt).Attempt.Candidate
	_, err := h.store.By(store.Act{ActorName: "root", Action: store.ActEraseUser, Object: candidate}).Erase(ctx, candidate)
	must(h.t, err)
}

// A job that was asked for before a person's data were erased says so of their attempts, and does the others.
func TestJobMeetsErasedAttempts(t *testing.T) {
	h := newHall(t, 3)
	for _, a := range h.attempts {
		h.answered(a, "y")
	}
	h.erases(h.attempts[1])
	got := do(t, h.commands(), jobOf(t, jobs.CommandArgs{Kind: exam.Void, Reason: "copied", Attempts: h.attempts}))
	want := jobs.CommandOutcome{Applied: 2, Refused: []jobs.Refusal{{Reason: jobs.Erased, Count: 1, Attempts: h.attempts[1:2]}}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("outcome %+v, want %+v", got, want)
	}
	h.sound()
}

// erasing erases a person's data once the attempts of a correction are listed.
type erasing struct {
	store.Store
	erase func()
}

// Sheets implements store.Results.
func (e erasing) Sheets(ctx context.Context, q store.SheetQuery) ([]string, error) {
	list, err := e.Store.Sheets(ctx, q)
	e.erase()
	return list, err
}

// A correction passes over whoever was erased when it comes to them.
func TestRegradeMeetsErasedAttempts(t *testing.T) {
	h := newHall(t, 3)
	for _, a := range h.attempts {
		h.answered(a, "y")
	}
	h.give(h.attempts[2], exam.Command{ID: uuid.NewString(), Kind: exam.Void, Actor: exam.Actor{Role: exam.Admin}, Salt: proctor.NewSalt()})
	job := h.correct(1, texts("y"), false)
	must(t, h.store.FinishJob(context.Background(), job.ID, 0, []byte("null"))) // nothing is erased while a job is under way
	g := h.regrades()
	g.Store = erasing{h.store, func() { h.erases(h.attempts[1]) }}
	o, err := g.Do(context.Background(), job, func(int) {})
	must(t, err)
	if want := (jobs.RegradeOutcome{Regraded: 1, Voided: 1, Erased: 1}); o != want {
		t.Errorf("outcome %+v, want %+v", o, want)
	}
	h.sound()
}
