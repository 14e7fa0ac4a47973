package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"shiken/devtools/cluster"
	"shiken/devtools/proc"
	"shiken/devtools/wire"
)

// part is a process of a shape whose processor time is measured.
type part struct {
	name string
	pid  int
}

// perPage is what one answered page asked of the servers, on average.
type perPage struct {
	statements, trips         float64 // of the database; trips 0: in process
	redisCommands, redisTrips float64
}

// shape is one of the two ways to run the product, under measurement.
type shape struct {
	name       string
	parts      []part
	candidates []*candidate
	counts     perPage
	bareName   string
	bare       func(context.Context) (wire.Result, error)
	end        []func() error // in reverse order

	loads []load
	cpus  [][]time.Duration // by round and part
	bares []wire.Result
}

func (s *shape) close() error {
	var errs []error
	for i := len(s.end) - 1; i >= 0; i-- {
		errs = append(errs, s.end[i]())
	}
	return errors.Join(errs...)
}

// measure runs one round of the product and one of the bare statements.
func (s *shape) measure(ctx context.Context, o options) error {
	before, err := s.cpuTimes()
	if err != nil {
		return err
	}
	l, err := run(ctx, s.candidates, o.span)
	if err != nil {
		return err
	}
	after, err := s.cpuTimes()
	if err != nil {
		return err
	}
	if l.pages == 0 {
		return errors.New("no page was answered")
	}
	for i := range after {
		after[i] -= before[i]
	}
	s.loads, s.cpus = append(s.loads, l), append(s.cpus, after)
	return s.measureBare(ctx, o.span/4)
}

// measureBare repeats the bare statements until the span is over.
func (s *shape) measureBare(ctx context.Context, span time.Duration) error {
	var sum wire.Result
	for sum.Wall < span {
		r, err := s.bare(ctx)
		if err != nil {
			return fmt.Errorf("bare statements: %w", err)
		}
		sum.Pages += r.Pages
		sum.Wall += r.Wall
		sum.CPU += r.CPU
		sum.Differs += r.Differs
	}
	s.bares = append(s.bares, sum)
	return nil
}

func (s *shape) cpuTimes() ([]time.Duration, error) {
	times := make([]time.Duration, len(s.parts))
	var errs []error
	for i, p := range s.parts {
		if p.pid == 0 {
			continue // in a container: not ours to see
		}
		var err error
		times[i], err = proc.CPUTime(p.pid)
		errs = append(errs, err)
	}
	return times, errors.Join(errs...)
}

// importCandidates makes n accounts and returns their clients, not signed in.
func importCandidates(ctx context.Context, i *cluster.Instance, base string, n int) ([]*candidate, error) {
	accounts, err := i.ImportCandidates(ctx, n)
	if err != nil {
		return nil, err
	}
	candidates := make([]*candidate, n)
	for k, a := range accounts {
		if candidates[k], err = newCandidate(base, k, a.Username, a.Password); err != nil {
			return nil, err
		}
	}
	return candidates, nil
}
