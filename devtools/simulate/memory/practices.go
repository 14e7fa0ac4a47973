package memory

import (
	"context"
	"maps"
	"slices"

	"shiken/exam"
	"shiken/store"
)

// begun lists the attempts of a candidate as they were begun.
func (s *Store) begun(user string) []*attempt {
	return slices.DeleteFunc(slices.Clone(s.order), func(a *attempt) bool { return a.row.Candidate != id(user) })
}

// StalePractices implements store.Practices.
func (s *Store) StalePractices(ctx context.Context, user string) ([]string, error) {
	leave, err := s.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	var list []string
	for _, a := range s.begun(user) {
		if a.paper.Rules.Feedback == exam.PracticeFeedback && a.practised.Version < a.row.Head.Seq {
			list = append(list, a.row.ID)
		}
	}
	return list, nil
}

// CheckedAt implements store.Practices.
func (s *Store) CheckedAt(ctx context.Context, of string) (map[int]exam.Instant, error) {
	leave, err := s.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	out := map[int]exam.Instant{}
	a := s.attempts[id(of)]
	for i := 0; a != nil && i < len(a.journal); i++ {
		e := &a.journal[i].Entry
		if e.Kind != exam.Check || e.Effect.Response == nil {
			continue
		}
		if at, again := out[e.Effect.Response.Position]; !again || e.Arrived < at {
			out[e.Effect.Response.Position] = e.Arrived
		}
	}
	return out, nil
}

// PutPractised implements store.Practices.
func (s *Store) PutPractised(ctx context.Context, p store.PractisedAttempt) error {
	leave, err := s.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	a := s.attempts[id(p.Attempt)]
	if a == nil {
		return store.ErrNotFound
	}
	if a.practised.Version < p.Version {
		p.Items = slices.Clone(p.Items)
		a.practised = p
	}
	return nil
}

// Practised implements store.Practices.
func (s *Store) Practised(ctx context.Context, user string) ([]exam.Practised, error) {
	leave, err := s.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	var list []exam.Practised
	for _, a := range s.begun(user) {
		if a.row.Status == exam.Voided {
			continue
		}
		for _, item := range a.practised.Items {
			q := s.versions[a.paper.Item(item.Position).Version]
			list = append(list, exam.Practised{
				Attempt: a.row.ID, Question: q.identity, Category: q.category, Year: q.year, PractisedItem: item,
			})
		}
	}
	return list, nil
}

// PoolIndex implements store.Practices.
func (s *Store) PoolIndex(ctx context.Context, d *exam.Definition) ([][]exam.PoolQuestion, error) {
	pools, err := s.LoadPools(ctx, d)
	for _, pool := range pools {
		for i := range pool {
			pool[i] = exam.PoolQuestion{Identity: pool[i].Identity, Category: pool[i].Category, Year: pool[i].Year, Question: exam.Question{Type: pool[i].Question.Type}}
		}
	}
	return pools, err
}

// PoolCounts implements store.Practices: each question is counted by itself.
func (s *Store) PoolCounts(ctx context.Context, set string, tags bool) ([]store.PoolCount, error) {
	leave, err := s.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	var list []store.PoolCount
	for _, q := range s.sets[set] {
		n := store.PoolCount{Category: q.category, Year: q.year, Type: q.content.Type, N: 1}
		if tags {
			n.Tags = q.tags
		}
		list = append(list, n)
	}
	return list, nil
}

// PoolEntries implements store.Practices.
func (s *Store) PoolEntries(ctx context.Context, identities []string) ([]store.PoolEntry, error) {
	leave, err := s.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	var list []store.PoolEntry
	for _, set := range slices.Sorted(maps.Keys(s.sets)) {
		for _, q := range s.sets[set] {
			if slices.Contains(identities, q.identity) {
				e := store.PoolEntry{Set: set, Tags: q.tags}
				e.Identity, e.Category, e.Year, e.Question.Type = q.identity, q.category, q.year, q.content.Type
				list = append(list, e)
			}
		}
	}
	return list, nil
}
