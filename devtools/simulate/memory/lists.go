package memory

import (
	"cmp"
	"context"
	"fmt"
	"maps"
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
	return summaries(own), s.clock(), nil
}

// CandidateResults implements store.Results, but for what it knows of the users.
func (s *Store) CandidateResults(ctx context.Context, slug string, users []string) ([]store.ResultRow, error) {
	leave, err := s.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	var own []*attempt
	for _, user := range users {
		own = append(own, s.series(slug, id(user))...)
	}
	var list []store.ResultRow
	for i, sum := range summaries(own) {
		row := store.ResultRow{User: sum.Candidate, Summary: sum, Score: copyScore(own[i].loaded().Score)}
		for _, section := range own[i].paper.Sections {
			row.SectionTitles = append(row.SectionTitles, maps.Clone(section.Title))
			row.SectionMinimums = append(row.SectionMinimums, section.Minimum)
		}
		list = append(list, row)
	}
	return list, nil
}

func summaries(attempts []*attempt) []store.Summary {
	var list []store.Summary
	for _, a := range attempts {
		row := a.loaded()
		sum := store.Summary{
			ID: row.ID, Exam: a.exam, Title: maps.Clone(a.paper.Title), Candidate: row.Candidate, Number: a.number,
			StartCommand: a.startCommand, Status: row.Status, Marking: row.Marking, Cursor: row.Cursor,
			Count: a.paper.Len(), Started: row.Started, Stopped: row.Stopped, Deadline: a.deadline,
			Version: row.Head.Seq, Rules: a.paper.Rules,
		}
		if row.Score != nil {
			sum.Passed = row.Score.Passed
		}
		list = append(list, sum)
	}
	return list
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
			state := store.AttemptState{
				Attempt: a.row.ID, Status: a.row.Status, Opening: a.row.Opening, Deadline: a.deadline, Version: a.row.Head.Seq,
				HolderSince: a.row.DeviceSince,
			}
			if h := s.holder(a); h != nil && h.Revoked == 0 {
				state.Holder = h.ID
			}
			list = append(list, state)
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

// AccommodationsOf implements store.Accommodations: nobody has any.
func (s *Store) AccommodationsOf(context.Context, string) ([]store.Accommodated, error) {
	return nil, nil
}

// EachAudit implements store.Audit: nobody did anything that the log records.
func (s *Store) EachAudit(ctx context.Context, _ func(int64, store.Rest) error, _ func(store.AuditEntry, error) error) (exam.Receipt, error) {
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
	return a.stored(), nil
}

// All lists the ids of all attempts as they were begun. It is no statement.
func (s *Store) All() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return ids(s.order, len(s.order))
}

// Unsettled counts attempts that are in progress with an end, or closed and not marked: what the server
// still has to do. It is no statement.
func (s *Store) Unsettled() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, a := range s.order {
		if a.expires > 0 || a.row.Status.Closed() && a.row.Marking == exam.MarkingPending {
			n++
		}
	}
	return n
}

func (a *attempt) stored() store.StoredAttempt {
	tally, row := a.tally, a.loaded()
	out := store.StoredAttempt{
		Attempt: row, Exam: a.exam, Number: a.number, StartCommand: a.startCommand, Deadline: a.deadline,
		ExpiresAt: a.expires, Tally: &tally, Version: row.Head.Seq,
		Paper: *a.paper, Title: maps.Clone(a.paper.Title), Count: a.paper.Len(), HandItems: store.HandItems(a.paper),
		Rejections: a.keptRejections(),
	}
	a.load(&out.Attempt, 1, out.Count)
	for i := range a.journal {
		out.Records = append(out.Records, copyRecord(&a.journal[i]))
	}
	return out
}
