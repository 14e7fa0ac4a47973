package torture

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// The pace of the scheduler.
const (
	wantFaults  = 240                    // in a run, where its duration allows it
	quickest    = 250 * time.Millisecond // between the beginnings of two faults
	slowest     = 1200 * time.Millisecond
	atOnce      = 2 // faults that hold up everybody
	lastingMost = 2 // faults of instances: one of the three is always left alone
)

// scheduler breaks one part after the other, now and then two at once.
type scheduler struct {
	*saboteur
	mu       sync.Mutex
	deck     []int // faults to come, dealt anew when all had their turn
	taken    map[string]bool
	busy     int
	pace     time.Duration // between the beginnings of two faults, on average
	counts   map[string]int
	missed   map[string]int
	failures error
	under    sync.WaitGroup
	log      func(kind, target string, begun time.Time, err error)
}

// newScheduler breaks at the pace, 0 = one that the span asks for.
func newScheduler(s *saboteur, span, pace time.Duration, log func(kind, target string, begun time.Time, err error)) *scheduler {
	if pace == 0 {
		pace = min(max(span/wantFaults, quickest), slowest)
	}
	return &scheduler{saboteur: s, pace: pace, taken: map[string]bool{}, counts: map[string]int{}, missed: map[string]int{}, log: log}
}

// run breaks until ctx ends, and returns when all is mended. What failed is in failures.
func (s *scheduler) run(ctx context.Context) {
	for pause(ctx, s.between(s.pace/2, 3*s.pace/2)) == nil {
		if f, part, ok := s.deal(); ok {
			s.under.Go(func() { s.perform(ctx, f, part) })
		}
	}
	s.under.Wait()
}

// deal takes the next fault whose target is whole.
func (s *scheduler) deal() (*fault, string, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.deck) == 0 {
		for i := range faults {
			s.deck = append(s.deck, i)
		}
		s.rng.shuffle(s.deck)
	}
	for at, i := range s.deck {
		part, ok := s.free(&faults[i])
		if !ok {
			continue
		}
		s.deck = slices.Delete(s.deck, at, at+1)
		s.taken[part] = true
		if !faults[i].lasting {
			s.busy++
		}
		return &faults[i], part, true
	}
	return nil, "", false
}

// number is the fault's place in the list.
func (f *fault) number() int {
	return slices.IndexFunc(faults, func(other fault) bool { return other.kind == f.kind })
}

// free finds a part that the fault may break now.
func (s *scheduler) free(f *fault) (string, bool) {
	if !f.lasting && s.busy >= atOnce {
		return "", false
	}
	if f.target != anInstance {
		return string(f.target), !s.taken[string(f.target)]
	}
	var whole []string
	for _, i := range s.parts.Instances {
		if !s.taken[i.Name] {
			whole = append(whole, i.Name)
		}
	}
	if len(whole) <= instances-lastingMost {
		return "", false
	}
	return whole[s.rng.IntN(len(whole))], true
}

func (s *scheduler) perform(ctx context.Context, f *fault, part string) {
	begun := time.Now()
	err := f.do(s.saboteur, ctx, part)
	s.log(f.kind, part, begun, err)
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.taken, part)
	if !f.lasting {
		s.busy--
	}
	switch {
	case err == nil:
		s.counts[f.kind]++
	case errors.Is(err, errMissed):
		s.missed[f.kind]++
		if s.counts[f.kind] == 0 { // its next turn may be too late for a short run
			s.deck = slices.Insert(s.deck, 0, f.number())
		}
	default:
		s.missed[f.kind]++
		s.failures = errors.Join(s.failures, fmt.Errorf("%s of %s: %w", f.kind, part, err))
	}
}
