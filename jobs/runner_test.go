package jobs_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"shiken/exam"
	"shiken/jobs"
	"shiken/store"
)

const kind store.JobKind = "test"

// running starts a runner of one kind of work; the function stops it and waits.
func running(ctx context.Context, s store.Jobs, do jobs.Do) (*jobs.Runner, func()) {
	return runningTo(ctx, s, do, slog.New(slog.DiscardHandler))
}

func runningTo(ctx context.Context, s store.Jobs, do jobs.Do, log *slog.Logger) (*jobs.Runner, func()) {
	r := jobs.New(s, map[store.JobKind]jobs.Do{kind: do}, log)
	ctx, cancel := context.WithCancel(ctx)
	var all sync.WaitGroup
	all.Go(func() { r.Run(ctx) })
	return r, func() { cancel(); all.Wait() }
}

// busy works for so long, a step each second.
func busy(steps int) jobs.Do {
	return func(ctx context.Context, _ store.Job, progress func(int)) (any, error) {
		for i := range steps {
			select {
			case <-time.After(time.Second):
			case <-ctx.Done():
				return nil, ctx.Err()
			}
			progress(i + 1)
		}
		return map[string]int{"steps": steps}, nil
	}
}

func TestJobIsDoneOnceWithProgress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &shelf{}
		id := s.put(kind, 0)
		_, stop := running(t.Context(), s, busy(10))
		defer stop()
		time.Sleep(4*time.Second + time.Second/2)
		if j := s.of(id); j.Finished != 0 || j.Done < 3 || j.Done > 4 {
			t.Errorf("after 4.5 s: done %d, finished %d", j.Done, j.Finished)
		}
		time.Sleep(6 * time.Second)
		if j := s.of(id); j.Finished == 0 || j.Done != 10 || string(j.Outcome) != `{"steps":10}` || jobs.Failed(&j) != "" {
			t.Errorf("in the end %+v, outcome %s", j, j.Outcome)
		}
	})
}

func TestKickBeginsAtOnceAndDueIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &shelf{}
		r, stop := running(t.Context(), s, busy(0))
		defer stop()
		time.Sleep(100 * time.Millisecond)
		at, later := s.put(kind, 0), s.put(kind, 3*exam.Second)
		r.Kick()
		synctest.Wait()
		if s.of(at).Finished == 0 || s.of(later).Finished != 0 {
			t.Errorf("at once: %+v, later: %+v", s.of(at), s.of(later))
		}
		time.Sleep(4 * time.Second)
		if j := s.of(later); j.Finished < j.DueAt || j.Finished.Sub(j.DueAt) > exam.Second {
			t.Errorf("due at %d, finished at %d", j.DueAt, j.Finished)
		}
	})
}

func TestManyRunnersDoEachJobOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &shelf{}
		var mu sync.Mutex
		times := map[string]int{}
		atOnce, most := 0, 0
		do := func(ctx context.Context, j store.Job, progress func(int)) (any, error) {
			mu.Lock()
			times[j.ID]++
			atOnce++
			most = max(most, atOnce)
			mu.Unlock()
			defer func() { mu.Lock(); atOnce--; mu.Unlock() }()
			return busy(7)(ctx, j, progress)
		}
		for range 12 {
			s.put(kind, 0)
		}
		for range 3 {
			_, stop := running(t.Context(), s, do)
			defer stop()
		}
		time.Sleep(30 * time.Second)
		synctest.Wait()
		for id, n := range times {
			if n != 1 || s.of(id).Finished == 0 {
				t.Errorf("job %s was done %d times: %+v", id, n, s.of(id))
			}
		}
		if len(times) != 12 || most != 6 {
			t.Errorf("%d jobs done, %d at once", len(times), most)
		}
	})
}

func TestAnotherRunnerGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &shelf{}
		id := s.put(kind, 0)
		_, stop := running(t.Context(), s, busy(10))
		time.Sleep(3*time.Second + time.Second/2)
		stop()
		touched := s.of(id).Touched
		_, stopOther := running(t.Context(), s, busy(2))
		defer stopOther()
		time.Sleep(2500 * time.Millisecond)
		if s.of(id).Touched != touched {
			t.Error("taken over before it was idle")
		}
		time.Sleep(1500*time.Millisecond + 2*time.Second)
		if j := s.of(id); j.Finished == 0 {
			t.Errorf("not gone on with: %+v", j)
		}
	})
}

// A job that is asked for again is begun with at once by the runner that was asked, once; one that is
// finished, or not due yet, is not.
func TestAskedForAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &shelf{}
		id, later := s.put(kind, 0), s.put(kind, exam.Minute)
		var times atomic.Int32
		do := func(ctx context.Context, j store.Job, progress func(int)) (any, error) {
			times.Add(1)
			return busy(4)(ctx, j, progress)
		}
		_, stop := running(t.Context(), s, do)
		time.Sleep(time.Second + time.Second/2)
		other, stopOther := running(t.Context(), s, do)
		defer stopOther()
		stop()
		for range 3 {
			other.Kick(id, later, "unknown")
			synctest.Wait()
		}
		if times.Load() != 2 {
			t.Errorf("begun with %d times", times.Load())
		}
		time.Sleep(5 * time.Second)
		finished := s.of(id).Finished
		other.Kick(id)
		time.Sleep(5 * time.Second)
		if j := s.of(id); finished == 0 || j.Finished != finished || times.Load() != 2 || s.of(later).Touched != 0 {
			t.Errorf("begun with %d times: %+v, not due: %+v", times.Load(), j, s.of(later))
		}
	})
}

func TestErrorsOfTheDatabasePass(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &shelf{}
		id := s.put(kind, 0)
		var tries atomic.Int32
		_, stop := running(t.Context(), s, func(context.Context, store.Job, func(int)) (any, error) {
			if tries.Add(1) < 3 {
				return nil, fmt.Errorf("reading: %w", store.ErrUnavailable)
			}
			return nil, nil
		})
		defer stop()
		time.Sleep(20 * time.Second)
		if j := s.of(id); j.Finished == 0 || jobs.Failed(&j) != "" || tries.Load() != 3 {
			t.Errorf("%d tries, %+v", tries.Load(), j)
		}
	})
}

func TestWorkThatCannotBeDoneFails(t *testing.T) {
	for name, do := range map[string]jobs.Do{
		"error": func(context.Context, store.Job, func(int)) (any, error) { return nil, errors.New("no such thing") },
		"panic": func(context.Context, store.Job, func(int)) (any, error) { panic("no such thing") },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &shelf{}
				id := s.put(kind, 0)
				var log strings.Builder
				_, stop := runningTo(t.Context(), s, do, slog.New(slog.NewTextHandler(&log, nil)))
				time.Sleep(time.Second)
				stop()
				j := s.of(id)
				reference := jobs.Failed(&j)
				if reference == "" || !strings.Contains(log.String(), reference) || !strings.Contains(log.String(), "no such thing") {
					t.Errorf("outcome %s, logged %s", j.Outcome, log.String())
				}
				if strings.Contains(string(j.Outcome), "thing") {
					t.Errorf("the outcome tells internals: %s", j.Outcome)
				}
			})
		})
	}
}

// A runner that cannot write signs of life may claim its own job again; it does not do it twice at
// once, and ends it when the store is back.
func TestStoreDownWhileWorking(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &shelf{}
		id := s.put(kind, 0)
		var times atomic.Int32
		_, stop := running(t.Context(), s, func(ctx context.Context, j store.Job, progress func(int)) (any, error) {
			times.Add(1)
			return busy(20)(ctx, j, progress)
		})
		defer stop()
		time.Sleep(2 * time.Second)
		s.fail(store.ErrUnavailable)
		time.Sleep(8 * time.Second)
		s.fail(nil)
		time.Sleep(15 * time.Second)
		if j := s.of(id); j.Finished == 0 || times.Load() != 1 {
			t.Errorf("done %d times: %+v", times.Load(), j)
		}
	})
}

// Long work of one kind keeps nobody waiting for another: commands to attempts are done while imports run.
func TestKindsDoNotWaitForEachOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &shelf{}
		for range 5 {
			s.put("long", 0)
		}
		id := s.put(kind, 0)
		r := jobs.New(s, map[store.JobKind]jobs.Do{"long": busy(3_600), kind: busy(0)}, slog.New(slog.DiscardHandler))
		ctx, stop := context.WithCancel(t.Context())
		var all sync.WaitGroup
		all.Go(func() { r.Run(ctx) })
		time.Sleep(10 * time.Second)
		stop()
		all.Wait()
		if j := s.of(id); j.Finished == 0 {
			t.Errorf("still waiting: %+v", j)
		}
	})
}

// What comes after a job is done when its end is stored, with its outcome, and not before.
func TestAfterTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &shelf{}
		id := s.put(kind, 0)
		told := 0
		r := jobs.New(s, map[store.JobKind]jobs.Do{kind: busy(2)}, slog.New(slog.DiscardHandler))
		r.Then(kind, func(_ context.Context, job store.Job, outcome any) error {
			told++
			if job.ID != id || s.of(id).Finished == 0 || fmt.Sprint(outcome) != "map[steps:2]" {
				t.Errorf("after %+v: %v", s.of(id), outcome)
			}
			return errors.New("changes nothing")
		})
		ctx, stop := context.WithCancel(t.Context())
		var all sync.WaitGroup
		all.Go(func() { r.Run(ctx) })
		time.Sleep(10 * time.Second)
		stop()
		all.Wait()
		if told != 1 {
			t.Errorf("told %d times", told)
		}
	})
}

func TestUnknownKindIsLeftToOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &shelf{}
		id := s.put("newer", 0)
		_, stop := running(t.Context(), s, busy(0))
		time.Sleep(20 * time.Second)
		stop()
		if j := s.of(id); j.Finished != 0 || j.Touched != 0 || s.claims < 15 {
			t.Errorf("%+v after %d claims", j, s.claims)
		}
	})
}
