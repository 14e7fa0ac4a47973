package proctor

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/internal/failpoint"
	"shiken/internal/planted"
	"shiken/store"
)

// A Judge says which command is to be given to an attempt as it was read, and when it arrived. It may
// be asked several times, and says the same each time.
type Judge func(*store.Snapshot) (exam.Command, exam.Instant, error)

// errUnsure: an outcome rests on the attempt's time being over, and it was not made sure of yet.
var errUnsure = errors.New("proctor: the time may not be over")

// Give gives a command to an attempt as store.Update does, and keeps R9 while it does so: nothing is
// refused as time_up, and nothing expires, before it is sure that no outage took the end of the time.
// The common way asks the database nothing more for that.
func (p *Proctor) Give(ctx context.Context, q store.AttemptQuery, judge Judge) (store.Snapshot, exam.Outcome, error) {
	sure := int64(0) // the version of which it is sure
	for {
		snap, o, err := store.Update(ctx, p.Store, q, func(s *store.Snapshot) (exam.Attempt, exam.Outcome, error) {
			c, arrived, err := judge(s)
			if err != nil {
				return s.Attempt, exam.Outcome{}, err
			}
			next, o, err := exam.Apply(s.Paper, s.Attempt, c, arrived)
			if err == nil && s.Attempt.Head.Seq != sure && o.Rests(s.Paper, &s.Attempt, arrived) && !believed(o) {
				return s.Attempt, o, errUnsure
			}
			return next, o, err
		})
		if !errors.Is(err, errUnsure) {
			return snap, o, err
		}
		sure = snap.Attempt.Head.Seq
		if err := p.MakeSure(ctx, &snap); err != nil {
			return snap, exam.Outcome{}, err
		}
	}
}

// believed reports whether an outcome that rests on the time being over is taken as it is.
func believed(o exam.Outcome) bool {
	if o.Entry != nil {
		return planted.Bug(planted.ExpireUnsure)
	}
	return planted.Bug(planted.RefuseUnsure)
}

// errClock: the heartbeat does not come after a time that the same clock has told.
var errClock = fmt.Errorf("proctor: the database's clock went back: %w", store.ErrUnavailable)

// MakeSure sees to it that the end of an attempt's time, as it was read, stands: when it returns, the
// attempt was extended after every outage that took its deadline or grace, and none that is found later
// can have. For that the service must have beaten after the grace, whenever that was: a gap found
// later begins behind that beat. So what was made sure of stays so, however long its caller is
// held up.
func (p *Proctor) MakeSure(ctx context.Context, snap *store.Snapshot) error {
	deadline, timed := snap.Attempt.Deadline(snap.Paper)
	if !timed {
		return nil
	}
	end := deadline.Add(snap.Paper.Rules.Grace)
	pulse, err := p.Store.Pulse(ctx)
	if err == nil && pulse.Last <= end {
		if err = p.Store.Beat(ctx); err == nil {
			pulse, err = p.Store.Pulse(ctx)
		}
	}
	switch {
	case err != nil:
		return fmt.Errorf("proctor: heartbeat: %w", err)
	case pulse.Last <= end:
		return errClock
	}
	// Settled ones as well: a clock may have begun to run within the gap by a command that was judged
	// there, and committed only after the outage was settled.
	outages, err := p.Store.Met(ctx, deadline, end)
	if err != nil {
		return fmt.Errorf("proctor: outages: %w", err)
	}
	for i := range outages {
		if err := p.extend(ctx, &outages[i], snap.Attempt.ID); err != nil {
			return err
		}
	}
	return nil
}

// settle extends every attempt whose end an outage took. An outage is settled when all of its
// attempts are, and all outages before it: whom it extends to a moment within the next one is extended
// by that too.
func (p *Proctor) settle(ctx context.Context) error {
	pulse, err := p.Store.Pulse(ctx)
	if err != nil {
		return fmt.Errorf("proctor: outages: %w", err)
	}
	var failed error
	for i := range pulse.Unsettled {
		o := &pulse.Unsettled[i]
		failed = errors.Join(failed, p.extendStruck(ctx, o))
		if failed != nil {
			continue
		}
		failpoint.Hit("before_settled")
		if err := p.Store.Settle(ctx, o.ID); err != nil {
			return fmt.Errorf("proctor: settle outage %s: %w", o.ID, err)
		}
		p.Logger.Warn("the service had not answered; whose end that took has more time",
			"outage", o.ID, "began", int64(o.Began), "ended", int64(o.Ended))
	}
	return failed
}

// extendStruck extends the attempts whose end an outage took, in batches. One that fails does not keep
// the others waiting.
func (p *Proctor) extendStruck(ctx context.Context, o *store.Outage) error {
	var failed error
	for after := ""; ; {
		ids, err := p.Store.Struck(ctx, o.Gap, after, batch)
		if err != nil {
			return errors.Join(failed, fmt.Errorf("proctor: outage %s: %w", o.ID, err))
		}
		for _, id := range ids {
			failed = errors.Join(failed, p.extend(ctx, o, id))
			failpoint.Hit("after_outage_extension")
		}
		if len(ids) < batch {
			return failed
		}
		after = ids[len(ids)-1]
	}
}

// ExtensionID is the id of the command by which the server extends an attempt after an outage: whoever
// gives it, and however often, it takes effect once (R2).
func ExtensionID(outage, attempt string) (string, error) {
	space, err := uuid.Parse(outage)
	if err != nil {
		return "", fmt.Errorf("proctor: id of an outage: %w", err)
	}
	return uuid.NewSHA1(space, []byte(attempt)).String(), nil
}

// extend extends an attempt if the outage took its end and it was not extended for that yet.
func (p *Proctor) extend(ctx context.Context, o *store.Outage, attempt string) error {
	id, err := ExtensionID(o.ID, attempt)
	if err != nil {
		return err
	}
	q := store.AttemptQuery{Attempt: attempt, Command: id}
	_, _, err = store.Update(ctx, p.Store, q, func(s *store.Snapshot) (exam.Attempt, exam.Outcome, error) {
		c := exam.Command{ID: id, Kind: exam.Extend, Actor: exam.Actor{Role: exam.Server}, Salt: NewSalt()}
		c.Amount = o.Extension(s.Paper, &s.Attempt)
		if planted.Bug(planted.ExtendTwice) && s.Attempt.Status.Open() {
			c.ID, c.Amount = uuid.NewString(), o.Ended.Sub(o.Began)+exam.AfterOutage
		}
		if c.Amount == 0 || planted.Bug(planted.ExtendNobody) {
			return s.Attempt, exam.Outcome{}, nil
		}
		return exam.Apply(s.Paper, s.Attempt, c, s.Now)
	})
	if err != nil {
		return fmt.Errorf("proctor: extend attempt %s after outage %s: %w", attempt, o.ID, err)
	}
	return nil
}
