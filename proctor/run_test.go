package proctor_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"shiken/proctor"
)

// idle is a store with nothing due, which fails to clean itself.
type idle struct {
	proctor.Store
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
