package memory

import (
	"context"
	"fmt"
	"math"
	"slices"

	"shiken/exam"
	"shiken/store"
)

// LoadAttempt implements store.Attempts.
func (s *Store) LoadAttempt(ctx context.Context, q store.AttemptQuery) (store.Snapshot, error) {
	leave, err := s.enter(ctx)
	if err != nil {
		return store.Snapshot{}, err
	}
	defer leave()
	a := s.attempts[id(q.Attempt)]
	if a == nil {
		return store.Snapshot{}, store.ErrNotFound
	}
	snap := store.Snapshot{Now: s.clock(), Paper: a.paper, Number: a.number, Attempt: a.loaded()}
	from, to := positions(q)
	a.load(&snap.Attempt, from, to)
	if priors := a.priors(q.Command); len(priors) > 0 {
		snap.Attempt.Commands = map[string][]exam.Prior{q.Command: priors}
	}
	if i := s.signIns[id(q.SignIn)]; i != nil {
		v := s.viewer(i)
		snap.Viewer = &v
	}
	snap.Holder = s.holder(a)
	return snap, nil
}

// holder is the sign-in that an attempt belongs to, nil where there is none.
func (s *Store) holder(a *attempt) *store.SignIn {
	i := s.signIns[a.row.Device]
	if i == nil {
		return nil
	}
	return &store.SignIn{ID: i.ID, User: i.User, Created: i.Created, LastSeen: i.LastSeen, Revoked: i.Revoked, Agent: i.Agent}
}

// positions is the closed range of the responses that a query asks for.
func positions(q store.AttemptQuery) (from, to int) {
	if q.All {
		return 1, math.MaxInt
	}
	return q.Position, q.Position
}

// Commit implements store.Attempts.
func (s *Store) Commit(ctx context.Context, was *store.Snapshot, next exam.Attempt, o exam.Outcome) error {
	if o.Entry == nil && o.Rejection == nil {
		return nil
	}
	leave, err := s.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	a := s.attempts[was.Attempt.ID]
	if a == nil {
		return store.ErrMoved
	}
	if err := s.mayCommit(a, was, &next, &o); err != nil {
		return err
	}
	defer s.counts(a, a.row.Status.Open())
	return a.change(was, next, &o)
}

// mayCommit compares what is stored with what the command was judged on.
func (s *Store) mayCommit(a *attempt, was *store.Snapshot, next *exam.Attempt, o *exam.Outcome) error {
	switch {
	case o.Entry != nil && o.Entry.Seq != was.Attempt.Head.Seq+1:
		return fmt.Errorf("memory: entry %d cannot follow version %d", o.Entry.Seq, was.Attempt.Head.Seq)
	case o.Rejection != nil && o.Rejection.Number != was.Attempt.Rejections+1:
		return fmt.Errorf("memory: rejection %d cannot follow %d", o.Rejection.Number, was.Attempt.Rejections)
	case a.row.Head.Seq != was.Attempt.Head.Seq || a.row.Rejections != was.Attempt.Rejections:
		return store.ErrMoved
	case next.Status.Open() && s.openElsewhere(a):
		return store.ErrOpenElsewhere
	}
	return nil
}

func (s *Store) openElsewhere(a *attempt) bool {
	return slices.ContainsFunc(s.order, func(b *attempt) bool {
		return b != a && b.exam == a.exam && b.row.Candidate == a.row.Candidate && b.row.Status.Open()
	})
}

// change writes what a commit brings; nothing when that fails.
func (a *attempt) change(was *store.Snapshot, next exam.Attempt, o *exam.Outcome) error {
	next.Rejections = was.Attempt.Rejections
	if o.Rejection != nil {
		if err := a.addRejection(o.Rejection); err != nil {
			return err
		}
		next.Rejections = o.Rejection.Number
	}
	if o.Entry != nil {
		a.addEntry(o)
		if f := o.Entry.Effect.Response; f != nil {
			a.putResponse(f.Position, next.Responses[f.Position])
		}
	}
	a.put(&next)
	return nil
}

// Rejections implements store.Attempts.
func (s *Store) Rejections(ctx context.Context, attempt string) ([]exam.Rejection, error) {
	leave, err := s.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	a := s.attempts[id(attempt)]
	if a == nil {
		return nil, nil
	}
	return a.keptRejections(), nil
}

func (a *attempt) keptRejections() []exam.Rejection {
	var list []exam.Rejection
	for i := range a.rejections {
		list = append(list, copyRejection(&a.rejections[i]))
	}
	return list
}

// CountRejections implements store.Attempts.
func (s *Store) CountRejections(ctx context.Context, attempt string, reasons ...exam.Reason) (int, error) {
	leave, err := s.enter(ctx)
	if err != nil {
		return 0, err
	}
	defer leave()
	a := s.attempts[id(attempt)]
	if a == nil {
		return 0, nil
	}
	n, accepted := 0, a.accepted()
	for i := range a.rejections {
		x := &a.rejections[i]
		if x.Payload.Position > 0 && slices.Contains(reasons, x.Reason) && !slices.Contains(accepted, x.Number) {
			n++
		}
	}
	return n, nil
}

// AcceptedRejections implements store.Attempts.
func (s *Store) AcceptedRejections(ctx context.Context, attempt string) ([]int64, error) {
	leave, err := s.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	if a := s.attempts[id(attempt)]; a != nil {
		return a.accepted(), nil
	}
	return nil, nil
}

// MarkingEntries implements store.Attempts.
func (s *Store) MarkingEntries(ctx context.Context, attempt string) ([]exam.Entry, error) {
	leave, err := s.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	a := s.attempts[id(attempt)]
	if a == nil {
		return nil, nil
	}
	var list []exam.Entry
	for i := range a.journal {
		if e := &a.journal[i].Entry; slices.Contains(exam.MarkingKinds, e.Kind) {
			list = append(list, exam.Entry{Seq: e.Seq, Kind: e.Kind, Arrived: e.Arrived, Effect: e.Effect})
		}
	}
	return list, nil
}

func (a *attempt) accepted() []int64 {
	var numbers []int64
	for i := range a.journal {
		if a.journal[i].Entry.Kind == exam.AcceptLate {
			numbers = append(numbers, a.journal[i].Payload.Late)
		}
	}
	slices.Sort(numbers)
	return slices.Compact(numbers)
}
