package memory

import (
	"context"
	"errors"
	"slices"

	"shiken/exam"
	"shiken/store"
)

// startKey names a start that was refused.
type startKey struct{ exam, user, command string }

var (
	errIncomplete = errors.New("memory: a new attempt needs its first entry")
	errNoExam     = errors.New("memory: a new attempt needs an exam")
)

// LoadStart implements store.Attempts.
func (s *Store) LoadStart(ctx context.Context, slug, user string) (store.StartState, error) {
	leave, err := s.enter(ctx)
	if err != nil {
		return store.StartState{}, err
	}
	defer leave()
	d, u := s.exams[slug], s.users[id(user)]
	if d == nil || u == nil {
		return store.StartState{}, store.ErrNotFound
	}
	state := store.StartState{Now: s.clock(), User: copyUser(u), Attempts: summaries(s.series(slug, u.ID))}
	state.User.PasswordHash = ""
	state.Definition, err = d.read()
	return state, err
}

// series are a candidate's attempts of an exam, by number.
func (s *Store) series(slug, user string) []*attempt {
	var out []*attempt
	for _, a := range s.order {
		if a.exam == slug && a.row.Candidate == user {
			out = append(out, a)
		}
	}
	slices.SortFunc(out, func(a, b *attempt) int { return a.number - b.number })
	return out
}

// Create implements store.Attempts.
func (s *Store) Create(ctx context.Context, n store.NewAttempt) error {
	if n.Outcome.Entry == nil || n.Outcome.Entry.Seq != 1 {
		return errIncomplete
	}
	leave, err := s.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	if s.exams[n.Paper.Exam] == nil {
		return errNoExam
	}
	for _, a := range s.series(n.Paper.Exam, n.Attempt.Candidate) {
		if a.row.Status.Open() || a.number == n.Number || a.startCommand == n.Outcome.Entry.Command {
			return store.ErrMoved
		}
	}
	a, err := begun(&n)
	if err != nil {
		return err
	}
	s.attempts[n.Attempt.ID] = a
	s.order = append(s.order, a)
	s.counts(a, false)
	return nil
}

// begun makes the row of a new attempt. Its paper is what a column of JSON gives back.
func begun(n *store.NewAttempt) (*attempt, error) {
	text, err := document(n.Paper)
	if err != nil {
		return nil, err
	}
	a := &attempt{
		exam: n.Paper.Exam, number: n.Number, startCommand: n.Outcome.Entry.Command, paper: &exam.Paper{},
		responses: map[int]exam.Response{},
	}
	if err := read(text, a.paper); err != nil {
		return nil, err
	}
	a.put(&n.Attempt)
	a.addEntry(&n.Outcome)
	return a, nil
}

// KeepRejectedStart implements store.Attempts: the first verdict on a command id stays.
func (s *Store) KeepRejectedStart(ctx context.Context, slug, user, command string, reason exam.Reason) error {
	leave, err := s.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	key := startKey{slug, id(user), command}
	if s.refused[key] == "" {
		s.refused[key] = reason
	}
	return nil
}

// StartRejection implements store.Attempts.
func (s *Store) StartRejection(ctx context.Context, slug, user, command string) (exam.Reason, error) {
	leave, err := s.enter(ctx)
	if err != nil {
		return "", err
	}
	defer leave()
	return s.refused[startKey{slug, id(user), command}], nil
}
