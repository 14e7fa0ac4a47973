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
	looked, cleaned atomic.Int32
}

func (s *idle) Due(context.Context, int) ([]string, error) {
	s.looked.Add(1)
	return nil, nil
}

func (*idle) Unmarked(context.Context, int) ([]string, error) { return nil, nil }

func (s *idle) Clean(context.Context) (int, error) {
	s.cleaned.Add(1)
	return 0, errors.New("disk full")
}

// R9: what is due is looked for each second; cleaning comes each hour, whether or not it fails.
func TestRunLooksEachSecondAndCleansEachHour(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &idle{}
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() {
			proctorOf(s).Run(ctx)
			close(ended)
		}()
		time.Sleep(2*time.Hour + time.Second/2)
		synctest.Wait()
		if looked, cleaned := s.looked.Load(), s.cleaned.Load(); looked != 7200 || cleaned != 2 {
			t.Errorf("looked %d times, cleaned %d times in two hours", looked, cleaned)
		}
		stop()
		<-ended
	})
}
