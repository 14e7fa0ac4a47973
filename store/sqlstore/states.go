package sqlstore

import (
	"context"
	"fmt"
	"slices"

	"shiken/exam"
	"shiken/store"
)

// fewIDs are some ids, each once and only those that are UUIDs; at most store.MaxSeatsOf.
func fewIDs(ids []string) ([]string, error) {
	if len(ids) > store.MaxSeatsOf {
		return nil, fmt.Errorf("store: %d ids, at most %d", len(ids), store.MaxSeatsOf)
	}
	var out []string
	for _, i := range slices.Compact(slices.Sorted(slices.Values(ids))) {
		if u, ok := id(i); ok {
			out = append(out, u)
		}
	}
	return out, nil
}

// states takes batch ids. It has one row without an attempt when there is none, for the clock.
var states = `SELECT t.now, coalesce(CAST(a.id AS TEXT), ''), coalesce(a.status, ''), coalesce(a.opening, 0),
	coalesce(a.deadline, 0), coalesce(a.version, 0), coalesce(CAST(h.id AS TEXT), ''), coalesce(a.device_since, 0)
	FROM (SELECT shiken_now() AS now) t LEFT JOIN attempts a ON a.id IN (` + Placeholders(1, batch) + `)
	LEFT JOIN sign_ins h ON h.id = a.device AND h.revoked = 0`

// States implements store.Sittings.
func (s *Store) States(ctx context.Context, attempts []string) ([]store.AttemptState, exam.Instant, error) {
	ids, err := fewIDs(attempts)
	if err != nil {
		return nil, 0, err
	}
	args := knownIDs(ids)
	if len(args) == 0 {
		args = []any{nil} // for the clock
	}
	var (
		now  exam.Instant
		list []store.AttemptState
	)
	err = inBatches(ctx, s.db, states, args, func(rows Rows) error {
		var a store.AttemptState
		err := rows.Scan(&now, &a.Attempt, &a.Status, &a.Opening, &a.Deadline, &a.Version, &a.Holder, &a.HolderSince)
		if a.Attempt != "" {
			list = append(list, a)
		}
		return err
	})
	return list, now, err
}
