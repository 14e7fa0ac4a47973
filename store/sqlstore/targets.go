package sqlstore

import (
	"cmp"
	"context"
	"slices"

	"shiken/exam"
	"shiken/store"
)

// targetColumns are of a user `u` with attempt `a`, in the order of targetDest.
const targetColumns = `a.id, u.username, u.name, a.status, a.status_before, coalesce(a.deadline, 0), a.stopped`

func targetDest(t *store.Target) []any {
	return []any{&t.Attempt, &t.Username, &t.Name, &t.Status, &t.Before, &t.Deadline, &t.Stopped}
}

// Targets implements store.Sittings.
func (s *Store) Targets(ctx context.Context, q store.SeatQuery, attempts []string) ([]store.Target, exam.Instant, error) {
	h, err := s.hall(ctx, q.Exam)
	if err != nil {
		return nil, 0, err
	}
	var list []store.Target
	scan := func(rows Rows) error {
		var t store.Target
		err := rows.Scan(targetDest(&t)...)
		list = append(list, t)
		return err
	}
	if len(attempts) > 0 {
		err = s.namedTargets(ctx, q.Exam, attempts, scan)
		slices.SortFunc(list, byUsername)
		return list, h.now, err
	}
	f := seatFilter(&h, &q)
	f.and(`a.erased = 0`) // and there is one
	err = each(ctx, s.db, `SELECT `+targetColumns+everySeat+wholeSeat+f.where()+` ORDER BY u.username`, f.args, scan)
	return list, h.now, err
}

func byUsername(a, b store.Target) int {
	return cmp.Or(cmp.Compare(a.Username, b.Username), cmp.Compare(a.Attempt, b.Attempt))
}

// targetsOf takes batch ids of attempts.
var targetsOf = `SELECT ` + targetColumns + ` FROM attempts a JOIN users u ON u.id = a.candidate
	WHERE a.exam = $1 AND a.erased = 0 AND a.id IN (` + Placeholders(2, batch) + `)`

func (s *Store) namedTargets(ctx context.Context, slug string, attempts []string, scan func(Rows) error) error {
	once := slices.Compact(slices.Sorted(slices.Values(attempts)))
	return inBatches(ctx, s.db, targetsOf, knownIDs(once), scan, slug)
}
