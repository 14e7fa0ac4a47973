package memory

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"shiken/exam"
	"shiken/store"
)

// Due implements store.Attempts.
func (s *Store) Due(ctx context.Context, limit int) ([]string, error) {
	leave, err := s.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	now := s.clock()
	due := slices.DeleteFunc(slices.Clone(s.order), func(a *attempt) bool { return a.expires == 0 || a.expires > now })
	slices.SortStableFunc(due, func(a, b *attempt) int { return cmp.Compare(a.expires, b.expires) })
	return ids(due, limit), nil
}

// Unmarked implements store.Attempts.
func (s *Store) Unmarked(ctx context.Context, limit int) ([]string, error) {
	leave, err := s.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	return ids(slices.DeleteFunc(slices.Clone(s.order), func(a *attempt) bool {
		return a.row.Marking != exam.MarkingPending || !a.row.Status.Closed()
	}), limit), nil
}

func ids(list []*attempt, limit int) []string {
	var out []string
	for _, a := range list[:min(limit, len(list))] {
		out = append(out, a.row.ID)
	}
	return out
}

// OfCandidate implements store.Attempts.
func (s *Store) OfCandidate(ctx context.Context, user string) ([]store.Summary, exam.Instant, error) {
	leave, err := s.enter(ctx)
	if err != nil {
		return nil, 0, err
	}
	defer leave()
	var own []*attempt
	for _, a := range s.order {
		if a.row.Candidate == id(user) {
			own = append(own, a)
		}
	}
	slices.SortStableFunc(own, func(a, b *attempt) int {
		return cmp.Or(cmp.Compare(b.row.Started, a.row.Started), cmp.Compare(b.number, a.number))
	})
	list, err := summaries(own)
	return list, s.clock(), err
}

func summaries(attempts []*attempt) ([]store.Summary, error) {
	var list []store.Summary
	for _, a := range attempts {
		var paper exam.Paper
		if err := read(a.text, &paper); err != nil {
			return nil, err
		}
		row, err := a.loaded()
		if err != nil {
			return nil, err
		}
		sum := store.Summary{
			ID: row.ID, Exam: a.exam, Title: paper.Title, Candidate: row.Candidate, Number: a.number,
			StartCommand: a.startCommand, Status: row.Status, Marking: row.Marking, Cursor: row.Cursor,
			Count: paper.Len(), Started: row.Started, Stopped: row.Stopped, Deadline: a.deadline,
			Version: row.Head.Seq, Rules: paper.Rules,
		}
		if row.Score != nil {
			sum.Passed = row.Score.Passed
		}
		list = append(list, sum)
	}
	return list, nil
}

// States implements store.Sittings.
func (s *Store) States(ctx context.Context, attempts []string) ([]store.AttemptState, exam.Instant, error) {
	if len(attempts) > store.MaxSeatsOf {
		return nil, 0, fmt.Errorf("memory: %d ids, at most %d", len(attempts), store.MaxSeatsOf)
	}
	leave, err := s.enter(ctx)
	if err != nil {
		return nil, 0, err
	}
	defer leave()
	var list []store.AttemptState
	for _, asked := range slices.Compact(slices.Sorted(slices.Values(attempts))) {
		if a := s.attempts[id(asked)]; a != nil {
			list = append(list, store.AttemptState{
				Attempt: a.row.ID, Status: a.row.Status, Opening: a.row.Opening, Deadline: a.deadline, Version: a.row.Head.Seq,
			})
		}
	}
	return list, s.clock(), nil
}

// EachAttempt implements store.Attempts.
func (s *Store) EachAttempt(ctx context.Context, fn func(store.StoredAttempt) error) error {
	s.mu.Lock()
	all := slices.Clone(s.order)
	s.mu.Unlock()
	for _, a := range all {
		stored, err := s.Story(ctx, a.id())
		if err != nil {
			return err
		}
		if err := fn(stored); err != nil {
			return err
		}
	}
	return nil
}

// id never changes, so it may be read without a statement.
func (a *attempt) id() string { return a.paper.Attempt }

// EachAudit implements store.Audit: nobody did anything that the log records.
func (s *Store) EachAudit(ctx context.Context, _ func(store.AuditEntry, error) error) (exam.Receipt, error) {
	return exam.Receipt{}, ctx.Err()
}

// Story implements store.Sittings.
func (s *Store) Story(ctx context.Context, attempt string) (store.StoredAttempt, error) {
	leave, err := s.enter(ctx)
	if err != nil {
		return store.StoredAttempt{}, err
	}
	defer leave()
	a := s.attempts[id(attempt)]
	if a == nil {
		return store.StoredAttempt{}, store.ErrNotFound
	}
	return a.stored()
}

func (a *attempt) stored() (store.StoredAttempt, error) {
	row, err := a.loaded()
	if err != nil {
		return store.StoredAttempt{}, err
	}
	tally := a.tally
	out := store.StoredAttempt{
		Attempt: row, Exam: a.exam, Number: a.number, StartCommand: a.startCommand, Deadline: a.deadline,
		ExpiresAt: a.expires, Tally: &tally, Version: row.Head.Seq,
	}
	if err := read(a.text, &out.Paper); err != nil {
		return out, err
	}
	out.Title, out.Count = out.Paper.Title, out.Paper.Len()
	if err := a.load(&out.Attempt, 1, out.Count); err != nil {
		return out, err
	}
	for i := range a.journal {
		r, err := a.journal[i].record()
		if err != nil {
			return out, err
		}
		out.Records = append(out.Records, r)
	}
	out.Rejections, err = a.keptRejections()
	return out, err
}
