package store_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"shiken/exam"
	"shiken/store"
)

// mover is a store of one attempt that moves a number of times before a commit succeeds.
type mover struct {
	store.Attempts
	moves   int
	undone  bool // loads and commits are rolled back once each before that
	failure error
	loads   int64
	onMoved func()
}

func (m *mover) LoadAttempt(context.Context, store.AttemptQuery) (store.Snapshot, error) {
	m.loads++
	if m.undone && m.loads == 1 {
		return store.Snapshot{}, fmt.Errorf("%w: %w", store.ErrRolledBack, store.ErrUnavailable)
	}
	return store.Snapshot{Attempt: exam.Attempt{Head: exam.Receipt{Seq: m.loads}}}, nil
}

func (m *mover) Commit(context.Context, *store.Snapshot, exam.Attempt, exam.Outcome) error {
	if m.undone && m.loads == 2 {
		return fmt.Errorf("%w: %w", store.ErrRolledBack, store.ErrUnavailable)
	}
	if m.moves == 0 {
		return m.failure
	}
	m.moves--
	if m.onMoved != nil {
		m.onMoved()
	}
	return store.ErrMoved
}

func next(s *store.Snapshot) (exam.Attempt, exam.Outcome, error) {
	a := s.Attempt
	a.Head.Seq += 100
	return a, exam.Outcome{Result: exam.Applied, Rev: s.Attempt.Head.Seq}, nil
}

func TestUpdateReadsAgainUntilNothingMoved(t *testing.T) {
	m := &mover{moves: 3}
	snap, o, err := store.Update(t.Context(), m, store.AttemptQuery{}, next)
	if err != nil || m.loads != 4 || o.Rev != 4 || snap.Attempt.Head.Seq != 104 {
		t.Errorf("after %d reads: outcome %+v, version %d, %v", m.loads, o, snap.Attempt.Head.Seq, err)
	}
}

// TestUpdateTriesAgainWhatWasRolledBack: a deadlock with a migration is nobody's failure.
func TestUpdateTriesAgainWhatWasRolledBack(t *testing.T) {
	m := &mover{undone: true}
	_, o, err := store.Update(t.Context(), m, store.AttemptQuery{}, next)
	if err != nil || m.loads != 3 || o.Rev != 3 {
		t.Errorf("after %d reads: outcome %+v, %v", m.loads, o, err)
	}
}

func TestUpdateEndsWithItsCaller(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	m := &mover{moves: 1_000_000}
	m.onMoved = func() {
		if m.loads == 5 {
			cancel()
		}
	}
	_, o, err := store.Update(ctx, m, store.AttemptQuery{}, next)
	if !errors.Is(err, context.Canceled) || o.Result != "" || m.loads != 5 {
		t.Errorf("after %d reads: %+v, %v", m.loads, o, err)
	}
}

func TestUpdateTellsErrors(t *testing.T) {
	judged, failed := errors.New("judged"), errors.New("failed")
	m := &mover{}
	_, _, err := store.Update(t.Context(), m, store.AttemptQuery{},
		func(s *store.Snapshot) (exam.Attempt, exam.Outcome, error) { return s.Attempt, exam.Outcome{}, judged })
	if !errors.Is(err, judged) {
		t.Errorf("error %v, want %v", err, judged)
	}
	snap, o, err := store.Update(t.Context(), &mover{failure: failed}, store.AttemptQuery{}, next)
	if !errors.Is(err, failed) || o.Result != "" || snap.Attempt.Head.Seq != 1 {
		t.Errorf("error %v, outcome %+v, version %d: nothing was acknowledged", err, o, snap.Attempt.Head.Seq)
	}
}

// dawdler is slow in its first reads: before it looks at its clock, or after.
type dawdler struct {
	store.Attempts
	late   int
	before bool
	reads  int
}

func (d *dawdler) LoadAttempt(context.Context, store.AttemptQuery) (store.Snapshot, error) {
	d.reads++
	if d.before && d.reads <= d.late {
		time.Sleep(time.Second)
	}
	now := exam.Instant(time.Now().UnixMicro())
	if !d.before && d.reads <= d.late {
		time.Sleep(time.Second)
	}
	return store.Snapshot{Now: now}, nil
}

func (d *dawdler) Commit(context.Context, *store.Snapshot, exam.Attempt, exam.Outcome) error {
	return nil
}

// TestUpdateReadsTheClockSharply: what was slow in coming does not tell the time (R8).
func TestUpdateReadsTheClockSharply(t *testing.T) {
	tests := []struct {
		late, reads int
		before      bool
		behind      time.Duration
	}{
		{0, 1, false, 0}, {1, 2, false, 0}, {2, 3, false, 0}, {3, 3, false, time.Second}, {3, 3, true, 0},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprintf("%d slow readings, before the clock: %t", tt.late, tt.before), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := &dawdler{late: tt.late, before: tt.before}
				snap, _, err := store.Update(t.Context(), d, store.AttemptQuery{}, next)
				behind := snap.Read.Sub(time.UnixMicro(int64(snap.Now)))
				if err != nil || behind.Round(time.Millisecond) != tt.behind || d.reads != tt.reads {
					t.Errorf("after %d readings the clock was %s behind, want %s after %d (%v)", d.reads, behind, tt.behind, tt.reads, err)
				}
			})
		})
	}
}
