package store

import (
	"context"
	"errors"
	"time"

	"shiken/exam"
	"shiken/internal/failpoint"
	"shiken/internal/planted"
)

// Bounds of loadSharply.
const (
	sharp      = 100 * time.Millisecond
	sharpReads = 3
)

// loadSharply is LoadAttempt, read again when the answer was long in coming: the clock of a snapshot tells
// when its reader had it only as sharply as the reading was quick, and what was held up by an instance
// that stood still, or by the network, would seem to have arrived before it was sent (R8). Of several
// clocks that one is told whose answer was quickest to come.
func loadSharply(ctx context.Context, s Attempts, q AttemptQuery) (Snapshot, error) {
	var best Snapshot
	start := time.Now()
	for reads := 1; ; reads++ {
		begun := time.Now()
		snap, err := s.LoadAttempt(ctx, q)
		snap.Read = time.Now()
		if err != nil {
			return snap, err
		}
		blunt := snap.Read.Sub(begun) > sharp
		if reads == 1 || snap.behind(start) < best.behind(start) {
			best = Snapshot{Now: snap.Now, Read: snap.Read}
		}
		if !blunt || reads == sharpReads {
			snap.Now, snap.Read = best.Now, best.Read
			return snap, nil
		}
	}
}

// behind is how far the snapshot's clock is behind the time of its reading, but for a constant.
func (s *Snapshot) behind(start time.Time) exam.Micros {
	return exam.Micros(s.Read.Sub(start).Microseconds()) - exam.Micros(s.Now)
}

// Update reads an attempt, calls fn on the snapshot and commits what fn returns, again and again
// until nothing moved or was rolled back in between, or ctx is done. fn may run several times, so it MUST be pure.
// It returns the snapshot and the attempt as they are after the commit.
func Update(ctx context.Context, s Attempts, q AttemptQuery,
	fn func(*Snapshot) (exam.Attempt, exam.Outcome, error)) (Snapshot, exam.Outcome, error) {
	var first map[int]exam.Response
	for {
		snap, err := loadSharply(ctx, s, q)
		if again(ctx, err) {
			continue
		}
		if err != nil {
			return snap, exam.Outcome{}, err
		}
		if snap.Erased {
			return snap, exam.Outcome{}, ErrErased
		}
		failpoint.Hit("after_read")
		if planted.Bug(planted.VersionNotCompared) && first != nil {
			snap.Attempt.Responses = first
		}
		first = snap.Attempt.Responses
		next, outcome, err := fn(&snap)
		if err != nil {
			return snap, outcome, err
		}
		failpoint.Hit("before_statement")
		if planted.Bug(planted.AcknowledgedBeforeCommit) {
			go func() { _ = s.Commit(context.WithoutCancel(ctx), &snap, next, outcome) }()
			return snap, outcome, nil
		}
		err = s.Commit(ctx, &snap, next, outcome)
		if planted.Bug(planted.FailedCommitAcknowledged) && errors.Is(err, ErrUnavailable) {
			err = nil
		}
		switch {
		case err == nil:
			failpoint.Hit("after_commit")
			snap.Attempt = next
			return snap, outcome, nil
		case again(ctx, err):
			continue
		case ctx.Err() != nil:
			return snap, exam.Outcome{}, ctx.Err()
		}
		return snap, exam.Outcome{}, err
	}
}

// again reports whether what failed with err wrote nothing and is worth another try.
func again(ctx context.Context, err error) bool {
	return ctx.Err() == nil && (errors.Is(err, ErrMoved) || errors.Is(err, ErrRolledBack))
}
