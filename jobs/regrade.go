package jobs

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"

	"shiken/exam"
	"shiken/proctor"
	"shiken/store"
)

// RegradeArgs are the arguments of a job of kind store.JobRegrade.
type RegradeArgs struct {
	Correction string `json:"correction"`
}

// RegradeOutcome counts what became of the attempts. What became of the results stands in the store's
// regrades.
type RegradeOutcome struct {
	Regraded int `json:"regraded"` // marked by the corrected key, by this job or before
	Open     int `json:"open"`     // not closed: marked by the newest key when they are
	Voided   int `json:"voided"`
	Broken   int `json:"broken,omitempty"` // could not be read or written; the log says more
	// Superseded: left as they were, since a newer revision of the key than the correction's is there.
	Superseded int `json:"superseded,omitempty"`
	Erased     int `json:"erased,omitempty"` // since the job began, with the person's data
}

// Regrades marks closed attempts anew after the correction of a key.
type Regrades struct {
	Store   store.Store
	Proctor *proctor.Proctor
	Workers int // how many attempts are worked on at once, 1..
	Logger  *slog.Logger
}

// regrading is one correction under way.
type regrading struct {
	*Regrades
	job        store.Job
	correction store.Correction
}

// Superseded is the reason of attempts that a correction reached when its key was not the newest any more:
// what it was asked for, and may lower, holds for its own key alone.
const Superseded exam.Reason = "superseded"

// Do is the work of kind store.JobRegrade. Its outcome is a RegradeOutcome. Done again it repeats
// nothing; it finds those that another key marked meanwhile.
func (g *Regrades) Do(ctx context.Context, job store.Job, progress func(done int)) (any, error) {
	var args RegradeArgs
	if err := json.Unmarshal(job.Args, &args); err != nil {
		return nil, fmt.Errorf("jobs: arguments: %w", err)
	}
	c, err := g.Store.Correction(ctx, args.Correction)
	if err != nil {
		return nil, err
	}
	// Listed once the key is stored: who is closed later is marked by it.
	attempts, err := g.Store.Sheets(ctx, store.SheetQuery{Exam: c.Exam, Version: c.Version})
	if err != nil {
		return nil, err
	}
	work := regrading{Regrades: g, job: job, correction: c}
	return work.all(ctx, attempts, progress)
}

func (w *regrading) all(ctx context.Context, attempts []string, progress func(int)) (RegradeOutcome, error) {
	var regraded, open, voided, broken, superseded, erased atomic.Int64
	counts := map[exam.Reason]*atomic.Int64{
		"": &regraded, exam.NotOpen: &open, exam.IsVoided: &voided, Broken: &broken, Superseded: &superseded, Erased: &erased,
	}
	pool := Commands{Workers: w.Workers}
	_, err := pool.each(ctx, attempts, progress, func(ctx context.Context, attempt string) (exam.Reason, error) {
		reason, err := w.attempt(ctx, attempt)
		switch {
		case errors.Is(err, store.ErrErased):
			reason = Erased
		case ctx.Err() != nil || passing(err):
			return "", err
		case err != nil:
			w.Logger.Error("regrading failed", "job", w.job.ID, "attempt", attempt, "error", err)
			reason = Broken
		}
		counts[reason].Add(1)
		return reason, nil
	})
	return RegradeOutcome{
		Regraded: int(regraded.Load()), Open: int(open.Load()), Voided: int(voided.Load()), Broken: int(broken.Load()),
		Superseded: int(superseded.Load()), Erased: int(erased.Load()),
	}, err
}

// errMovedOn: the attempt is not any more what was decided on.
var errMovedOn = errors.New("jobs: attempt moved on")

// attempt regrades one attempt, and says why not. The key is read after the attempt, each time that it is:
// who is held up in between finds that the attempt moved on if a newer key marked it.
func (w *regrading) attempt(ctx context.Context, attempt string) (exam.Reason, error) {
	id, err := CommandID(w.job.ID, attempt)
	if err != nil {
		return "", err
	}
	for {
		snap, err := w.Store.LoadAttempt(ctx, store.AttemptQuery{Attempt: attempt, Command: id, All: true})
		if err != nil {
			return "", err
		}
		if snap.Erased {
			return Erased, nil
		}
		key, err := w.newest(ctx)
		if err != nil {
			return "", err
		}
		a := &snap.Attempt
		switch {
		case len(a.Commands[id]) > 0:
			return "", w.remember(ctx, attempt, id)
		case a.Status == exam.Voided:
			return exam.IsVoided, nil
		case !a.Status.Closed():
			return exam.NotOpen, nil
		case key.Revision != w.correction.Revision:
			return Superseded, nil
		case a.Score == nil:
			err = w.Proctor.Mark(ctx, attempt)
		default:
			err = w.regrade(ctx, &snap, key, id)
		}
		if (err != nil || a.Score != nil) && !errors.Is(err, errMovedOn) {
			return "", err
		}
	}
}

// newest is the key that the question has now.
func (w *regrading) newest(ctx context.Context) (*exam.Key, error) {
	keys, err := w.Store.Keys(ctx, []string{w.correction.Version})
	if err != nil {
		return nil, err
	}
	key := keys[w.correction.Version].Key
	return &key, nil
}

// regrade gives the command to an attempt as it was read.
func (w *regrading) regrade(ctx context.Context, snap *store.Snapshot, key *exam.Key, id string) error {
	a := &snap.Attempt
	position := snap.Paper.Position(w.correction.Version)
	was, ok, err := w.markBefore(ctx, a, position)
	if err != nil || !ok {
		return err
	}
	made := w.Proctor.Grader.Regrade(snap.Paper, a, key, position, was, w.correction.Lower)
	record := func() error { return w.record(ctx, a.ID, &made.Before, &made.Score, made.Kept != nil) }
	if bytes.Equal(exam.Canonical(made.Score), exam.Canonical(a.Score)) &&
		bytes.Equal(exam.Canonical(made.Kept), exam.Canonical(a.Responses[position].Kept)) {
		return record()
	}
	c := exam.Command{
		ID: id, Kind: exam.Regrade, Actor: exam.Actor{Role: exam.Admin, ID: w.job.Actor}, Salt: proctor.NewSalt(),
		Position: position, Note: w.correction.Reason, Revision: key.Revision, Lower: w.correction.Lower,
		Score: &made.Score, Kept: made.Kept,
	}
	q := store.AttemptQuery{Attempt: a.ID, Command: id, Position: position}
	_, _, err = store.Update(ctx, w.Store, q, func(s *store.Snapshot) (exam.Attempt, exam.Outcome, error) {
		if s.Attempt.Head != a.Head {
			return s.Attempt, exam.Outcome{}, errMovedOn
		}
		return exam.Apply(s.Paper, s.Attempt, c, s.Now)
	})
	if err != nil {
		return err
	}
	return record()
}

// markBefore is the mark that the position had by the key before. Mostly the score tells; where the
// attempt was marked since by the corrected key, its journal does. False: that was the first time.
func (w *regrading) markBefore(ctx context.Context, a *exam.Attempt, position int) (mark int, ok bool, err error) {
	if a.Score.Revisions[position-1] < w.correction.Revision {
		return a.Score.Items[position-1], true, nil
	}
	story, err := w.Store.Story(ctx, a.ID)
	if err != nil {
		return 0, false, err
	}
	mark, ok = exam.MarkBefore(story.Records, position, w.correction.Revision)
	return mark, ok, nil
}

// remember records what the command made of an attempt that it was given to before, as the journal has
// it: whoever gave it may have ended before that was recorded.
func (w *regrading) remember(ctx context.Context, attempt, id string) error {
	story, err := w.Store.Story(ctx, attempt)
	if err != nil {
		return err
	}
	var before *exam.Score
	for i := range story.Records {
		e := &story.Records[i].Entry
		if e.Command == id && before != nil && e.Effect.Response != nil {
			return w.record(ctx, attempt, before, e.Effect.Score, e.Effect.Response.Kept.Mark != nil)
		}
		if e.Effect.Score != nil {
			before = e.Effect.Score
		}
	}
	return nil
}

func (w *regrading) record(ctx context.Context, attempt string, before, after *exam.Score, kept bool) error {
	return w.Store.PutRegrade(ctx, w.correction.ID, store.Regrade{
		Attempt: attempt, Before: markOf(before), After: markOf(after), Kept: kept,
	})
}

func markOf(s *exam.Score) store.Mark {
	return store.Mark{Total: s.Total, Max: s.Max, Passed: s.Passed}
}
