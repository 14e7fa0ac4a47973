package jobs_test

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"shiken/exam"
	"shiken/jobs"
	"shiken/store"
)

// runningDeadly is running, for work that may end the process.
func runningDeadly(ctx context.Context, s store.Jobs, do jobs.Do) (*jobs.Runner, func()) {
	r := jobs.New(s, map[store.JobKind]jobs.Do{kind: do}, slog.New(slog.DiscardHandler))
	r.Deadly(kind)
	ctx, cancel := context.WithCancel(ctx)
	var all sync.WaitGroup
	all.Go(func() { r.Run(ctx) })
	return r, func() { cancel(); all.Wait() }
}

// TestJobThatKillsIsGivenUp: a process that ends neither gives signs of life nor gives its claim back, as
// one that cannot reach the store any more.
func TestJobThatKillsIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &shelf{}
		id := s.put(kind, 0)
		var begun atomic.Int64
		for range 4 {
			_, stop := runningDeadly(t.Context(), s, func(ctx context.Context, _ store.Job, _ func(int)) (any, error) {
				begun.Add(1)
				s.fail(store.ErrUnavailable)
				<-ctx.Done()
				return nil, ctx.Err()
			})
			time.Sleep(10 * time.Second)
			stop()
			s.fail(nil)
		}
		j := s.of(id)
		if begun.Load() != 2 || j.Finished == 0 || jobs.Failed(&j) == "" || !jobs.GivenUp(&j) {
			t.Errorf("begun %d times: %+v, %s", begun.Load(), j, j.Outcome)
		}
	})
}

// TestJobLeftInOrderIsNotGivenUp: neither the end of an instance nor the database's outages count.
func TestJobLeftInOrderIsNotGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &shelf{}
		id := s.put(kind, 0)
		var begun atomic.Int64
		do := func(ctx context.Context, _ store.Job, _ func(int)) (any, error) {
			switch n := begun.Add(1); {
			case n > 8:
				return "done", nil
			case n%2 == 0:
				return nil, fmt.Errorf("read: %w", store.ErrUnavailable)
			}
			<-ctx.Done()
			return nil, ctx.Err()
		}
		for range 10 {
			_, stop := runningDeadly(t.Context(), s, do)
			time.Sleep(10 * time.Second)
			stop()
		}
		if j := s.of(id); string(j.Outcome) != `"done"` || jobs.GivenUp(&j) {
			t.Errorf("begun %d times: %+v, %s", begun.Load(), j, j.Outcome)
		}
	})
}

// TestClaimsOfOwnWorkAreNotCounted: a runner whose signs of life do not reach the store finds its own job
// among those that nobody does. No process ended, so whoever comes next may begin it.
func TestClaimsOfOwnWorkAreNotCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &shelf{}
		id := s.put(kind, 0)
		s.deafen(store.ErrUnavailable)
		_, stop := runningDeadly(t.Context(), s, func(ctx context.Context, _ store.Job, _ func(int)) (any, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		})
		time.Sleep(time.Minute)
		synctest.Wait() // the round of that very moment is over, too
		if j := s.of(id); j.Claims > 1 || now().Sub(j.Touched) > 5*exam.Second {
			t.Errorf("%d claims of what was begun once, the last at %d", j.Claims, j.Touched)
		}
		s.fail(store.ErrUnavailable) // it ends without giving anything back
		stop()
		s.fail(nil)
		s.deafen(nil)
		_, stop = runningDeadly(t.Context(), s, busy(1))
		defer stop()
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if j := s.of(id); string(j.Outcome) != `{"steps":1}` || j.Claims != 2 {
			t.Errorf("%+v, %s", j, j.Outcome)
		}
	})
}

// TestOtherJobsAreNeverGivenUp: commands to attempts are gone on with, whatever happens to instances.
func TestOtherJobsAreNeverGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &shelf{}
		id := s.put(kind, 0)
		for range 5 {
			s.jobs[0].Claims++
			s.jobs[0].Touched = now().Add(-exam.Minute)
		}
		_, stop := running(t.Context(), s, busy(1))
		defer stop()
		time.Sleep(5 * time.Second)
		if j := s.of(id); string(j.Outcome) != `{"steps":1}` {
			t.Errorf("%+v, %s", j, j.Outcome)
		}
	})
}
