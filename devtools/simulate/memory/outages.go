package memory

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/store"
)

// outage is a row of the outages.
type outage struct {
	store.Outage
	settled bool
}

// Beat implements store.Outages.
func (s *Store) Beat(ctx context.Context) error {
	leave, err := s.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	before, now := s.beat, s.clock()
	s.beat = now
	if before > 0 && now.Sub(before) > store.MaxSilence {
		s.outages = append(s.outages, outage{Outage: store.Outage{
			ID: uuid.NewString(), Gap: exam.Gap{Began: before, Ended: now},
		}})
	}
	return nil
}

// Pulse implements store.Outages.
func (s *Store) Pulse(ctx context.Context) (store.Pulse, error) {
	leave, err := s.enter(ctx)
	if err != nil {
		return store.Pulse{}, err
	}
	defer leave()
	p := store.Pulse{Last: s.beat}
	for i := range s.outages {
		if !s.outages[i].settled {
			p.Unsettled = append(p.Unsettled, s.outages[i].Outage)
		}
	}
	return p, nil
}

// Met implements store.Outages.
func (s *Store) Met(ctx context.Context, from, to exam.Instant) ([]store.Outage, error) {
	leave, err := s.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	var met []store.Outage
	for _, o := range s.outages {
		if o.Ended >= from && o.Began <= to {
			met = append(met, o.Outage)
		}
	}
	return met, nil
}

// Struck implements store.Outages.
func (s *Store) Struck(ctx context.Context, g exam.Gap, after string, limit int) ([]string, error) {
	leave, err := s.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	var list []string
	for _, a := range s.order {
		if a.id() > after && g.Extension(a.paper, &a.row) > 0 {
			list = append(list, a.id())
		}
	}
	slices.Sort(list)
	return list[:min(limit, len(list))], nil
}

// Settle implements store.Outages.
func (s *Store) Settle(ctx context.Context, id string) error {
	leave, err := s.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	for i := range s.outages {
		if s.outages[i].ID == id {
			s.outages[i].settled = true
		}
	}
	return nil
}

// Gaps are the gaps in the heartbeat so far, in order.
func (s *Store) Gaps() []exam.Gap {
	s.mu.Lock()
	defer s.mu.Unlock()
	var gaps []exam.Gap
	for i := range s.outages {
		gaps = append(gaps, s.outages[i].Gap)
	}
	return gaps
}
