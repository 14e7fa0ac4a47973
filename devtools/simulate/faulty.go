package simulate

import (
	"context"
	"errors"
	"fmt"
	"time"

	"shiken/devtools/simulate/memory"
	"shiken/exam"
	"shiken/store"
)

// faulty stands between an instance and the database: every call takes its time, and may fail in all
// the ways that the contract of package store knows. What has no wrapper is not asked in a sitting: it
// panics.
type faulty struct {
	store.Store // nil
	db          *memory.Store
	in          *instance
}

// requestDice are those of a request, in its context: what happens to it does not depend on others.
type requestDice struct{}

func (f *faulty) diceOf(ctx context.Context) *dice {
	if d, ok := ctx.Value(requestDice{}).(*dice); ok {
		return d
	}
	return f.in.dice
}

// call is one call of the database.
func call[T any](ctx context.Context, f *faulty, name string, do func(context.Context) (T, error)) (out T, err error) {
	in, c := f.in, f.diceOf(ctx).at(name)
	in.stand(name)
	if in.isOver() || in.isDead() {
		return out, fmt.Errorf("%w: %w", store.ErrUnavailable, errGone)
	}
	way := c.between(20*time.Microsecond, time.Millisecond)
	if away := in.databaseAway(); away != nil {
		return out, f.unreachable(ctx, c, away.hard)
	}
	if in.happens(CallSlow, c, 0.008) {
		way += c.between(50*time.Millisecond, 9*time.Second)
		in.harmed(in.number, way)
	}
	if err := in.sleepWithin(ctx, way); err != nil {
		return out, f.givenUp(ctx, c, err, func() { _, _ = do(context.WithoutCancel(ctx)) })
	}
	in.stand(name)
	switch {
	case in.isDead():
		return out, fmt.Errorf("%w: %w", store.ErrUnavailable, errGone)
	case in.happens(CallRefused, c, 0.01):
		in.harmed(in.number, 0)
		return out, fmt.Errorf("%w: connection lost", store.ErrUnavailable)
	case in.happens(CallRolledBack, c, 0.02):
		in.harmed(in.number, 0)
		return out, fmt.Errorf("%w: %w", store.ErrRolledBack, store.ErrUnavailable)
	}
	out, err = do(context.WithoutCancel(ctx))
	if in.happens(CallUnheard, c, 0.015) {
		in.harmed(in.number, 0)
		var none T
		return none, fmt.Errorf("%w: connection lost before the answer", store.ErrUnavailable)
	}
	return out, err
}

// unreachable is a call while the database is away: refused at once, or nothing comes back.
func (f *faulty) unreachable(ctx context.Context, c *chance, silent bool) error {
	wait := c.between(100*time.Microsecond, 2*time.Millisecond)
	if silent {
		wait += 3 * time.Second
	}
	if err := f.in.sleepWithin(ctx, wait); err != nil {
		return deadlineError(err)
	}
	return fmt.Errorf("%w: no connection", store.ErrUnavailable)
}

// stray is how long a statement may be under way that nobody waits for.
const stray = 2 * time.Second

// givenUp is a call whose caller waits no longer: the statement may be on its way and be done all the same.
func (f *faulty) givenUp(ctx context.Context, c *chance, err error, do func()) error {
	late := c.between(0, stray)
	if c.hit(0.5) {
		time.AfterFunc(late, do)
	}
	return deadlineError(err)
}

// deadlineError says what backends say: time-outs are failures of the database, callers that left are not.
func deadlineError(err error) error {
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("%w: %w", store.ErrUnavailable, err)
	}
	return err
}

// none is the result of a call that has none.
type none struct{}

// act is call without a result.
func act(ctx context.Context, f *faulty, name string, do func(context.Context) error) error {
	_, err := call(ctx, f, name, func(ctx context.Context) (none, error) { return none{}, do(ctx) })
	return err
}

// timed is a result together with the clock.
type timed[T any] struct {
	value T
	now   exam.Instant
}

// callTimed is call with the clock.
func callTimed[T any](ctx context.Context, f *faulty, name string,
	do func(context.Context) (T, exam.Instant, error)) (T, exam.Instant, error) {
	out, err := call(ctx, f, name, func(ctx context.Context) (timed[T], error) {
		v, now, err := do(ctx)
		return timed[T]{v, now}, err
	})
	return out.value, out.now, err
}
