package sqlstore

import (
	"context"
	"fmt"

	"shiken/exam"
	"shiken/store"
)

// someIDs are the ids of a statement that takes store.MaxSeatsOf of them; one is repeated to fill the
// list. Nil when none of them can be stored.
func someIDs(ids []string) ([]any, error) {
	if len(ids) > store.MaxSeatsOf {
		return nil, fmt.Errorf("store: %d ids, at most %d", len(ids), store.MaxSeatsOf)
	}
	known := knownIDs(ids)
	for len(known) > 0 && len(known) < store.MaxSeatsOf {
		known = append(known, known[0])
	}
	return known, nil
}

// states has one row without an attempt when there is none, for the clock.
var states = `SELECT t.now, coalesce(CAST(a.id AS TEXT), ''), coalesce(a.status, ''), coalesce(a.opening, 0),
	coalesce(a.deadline, 0), coalesce(a.version, 0)
	FROM (SELECT shiken_now() AS now) t LEFT JOIN attempts a ON a.id IN (` + Placeholders(1, store.MaxSeatsOf) + `)`

// States implements store.Sittings.
func (s *Store) States(ctx context.Context, attempts []string) ([]store.AttemptState, exam.Instant, error) {
	args, err := someIDs(attempts)
	if err != nil {
		return nil, 0, err
	}
	var (
		now  exam.Instant
		list []store.AttemptState
	)
	if len(args) == 0 {
		return nil, now, one(ctx, s.db, `SELECT shiken_now()`, nil, &now)
	}
	err = each(ctx, s.db, states, args, func(rows Rows) error {
		var a store.AttemptState
		err := rows.Scan(&now, &a.Attempt, &a.Status, &a.Opening, &a.Deadline, &a.Version)
		if a.Attempt != "" {
			list = append(list, a)
		}
		return err
	})
	return list, now, err
}
