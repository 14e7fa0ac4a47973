package jobs_test

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"shiken/exam"
	"shiken/store"
)

// shelf is a store.Jobs in memory, on the clock of the test.
type shelf struct {
	mu   sync.Mutex
	jobs []*store.Job
	// failing, when set, is what every call returns.
	failing error
	// deaf, when set, is what signs of life return, and the next giving back of a claim.
	deaf, deafOnce error
	claims         int
}

var _ store.Jobs = (*shelf)(nil)

func now() exam.Instant { return exam.Instant(time.Now().UnixMicro()) }

// put adds a job that is due after so long, and returns its id.
func (s *shelf) put(kind store.JobKind, due exam.Micros) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := fmt.Sprintf("00000000-0000-4000-8000-%012d", len(s.jobs)+1)
	s.jobs = append(s.jobs, &store.Job{ID: id, Kind: kind, DueAt: now().Add(due), Created: now(), Total: 10})
	return id
}

func (s *shelf) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failing = err
}

// deafen lets signs of life fail from now on, and the next giving back of a claim.
func (s *shelf) deafen(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.deaf, s.deafOnce = err, err
}

// of returns a job as it is stored.
func (s *shelf) of(id string) store.Job {
	s.mu.Lock()
	defer s.mu.Unlock()
	return *s.find(id)
}

func (s *shelf) find(id string) *store.Job {
	for _, j := range s.jobs {
		if j.ID == id {
			return j
		}
	}
	return &store.Job{}
}

func (s *shelf) Job(_ context.Context, id string) (store.Job, exam.Instant, error) {
	return s.of(id), now(), nil
}

func (s *shelf) ClaimJobs(ctx context.Context, kind store.JobKind, idle exam.Micros, limit int) ([]store.Job, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.claims++
	if s.failing != nil {
		return nil, s.failing
	}
	var out []store.Job
	for _, j := range s.jobs {
		free := j.Kind == kind && j.Finished == 0 && j.DueAt <= now() && (j.Touched == 0 || now().Sub(j.Touched) >= idle)
		if free && len(out) < limit {
			j.Touched = now()
			j.Claims++
			out = append(out, *j)
		}
	}
	return out, ctx.Err()
}

func (s *shelf) TouchJob(ctx context.Context, id string, done int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := cmp.Or(s.failing, s.deaf); err != nil {
		return err
	}
	j := s.find(id)
	j.Touched, j.Done = now(), max(j.Done, done)
	return ctx.Err()
}

func (s *shelf) LeaveJob(_ context.Context, id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := cmp.Or(s.failing, s.deafOnce); err != nil {
		s.deafOnce = nil
		return err
	}
	j := s.find(id)
	j.Claims = max(j.Claims-1, 0)
	return nil
}

func (s *shelf) FinishJob(ctx context.Context, id string, done int, outcome json.RawMessage) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failing != nil {
		return s.failing
	}
	if j := s.find(id); j.Finished == 0 {
		j.Finished, j.Done, j.Outcome = now(), done, outcome
	}
	return ctx.Err()
}

func (s *shelf) SetOutcome(context.Context, string, json.RawMessage) error { return nil }

func (s *shelf) JobsOf(context.Context, string, int) ([]store.Job, error) { return nil, nil }

func (s *shelf) RecentJobs(context.Context, store.JobKind, exam.Micros) ([]store.Job, exam.Instant, error) {
	return nil, now(), nil
}
