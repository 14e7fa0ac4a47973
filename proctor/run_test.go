package proctor_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"shiken/exam"
	"shiken/proctor"
	"shiken/store"
)

// calm is a store without outages, whose beats fail.
type calm struct {
	proctor.Store
	beats []time.Time
}

func (s *calm) Beat(context.Context) error {
	s.beats = append(s.beats, time.Now())
	return errors.New("no pulse")
}

func (*calm) Pulse(context.Context) (store.Pulse, error) { return store.Pulse{}, nil }

func (*calm) Met(context.Context, exam.Instant, exam.Instant) ([]store.Outage, error) {
	return nil, nil
}

// idle is a store with nothing due, which fails to clean itself.
type idle struct {
	calm
	cleaned atomic.Int32
}

func (*idle) Due(context.Context, int) ([]string, error)      { return nil, nil }
func (*idle) Unmarked(context.Context, int) ([]string, error) { return nil, nil }

func (s *idle) Clean(context.Context) (int, error) {
	s.cleaned.Add(1)
	return 0, errors.New("disk full")
}

// The store is cleaned each hour, whether or not that fails, until the end.
func TestRunCleansEachHour(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &idle{}
		ctx, stop := context.WithTimeout(t.Context(), 2*time.Hour+time.Second/2)
		defer stop()
		proctorOf(s).Run(ctx)
		if n := s.cleaned.Load(); n != 2 {
			t.Errorf("cleaned %d times in two hours", n)
		}
	})
}

// R9: the service beats at once and then each second, whether or not that fails, until the end.
func TestRunBeatsEachSecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &idle{}
		ctx, stop := context.WithTimeout(t.Context(), 10*time.Second+time.Second/2)
		defer stop()
		began := time.Now()
		proctorOf(s).Run(ctx)
		if len(s.beats) != 11 || s.beats[0] != began || s.beats[10].Sub(began) != 10*time.Second {
			t.Errorf("beats at %v", s.beats)
		}
	})
}
