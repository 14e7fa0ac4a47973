package sqlstore

import (
	"context"

	"shiken/store"
)

// markState is a store.MarkState of an item `h` with its response `r`.
const markState = `CASE WHEN r.points IS NOT NULL OR r.kept IS NOT NULL THEN 'given'
	WHEN r.answer IS NULL OR CAST(r.answer AS TEXT) = 'null' THEN 'blank' ELSE 'waiting' END`

// attemptClosed: the attempt `a` may be marked.
const attemptClosed = `a.status IN ('submitted', 'expired') AND a.erased = 0`

// handItems are those of closed attempts, anyItems of all.
const (
	anyItems = ` FROM hand_items h JOIN attempts a ON a.id = h.attempt_id
	LEFT JOIN responses r ON r.attempt_id = h.attempt_id AND r.position = h.position`
	handItems = anyItems + ` WHERE ` + attemptClosed
)

const markingTasks = `SELECT t.version_id, coalesce(sum(CASE WHEN t.state = 'waiting' THEN 1 ELSE 0 END), 0),
	coalesce(sum(CASE WHEN t.state = 'given' THEN 1 ELSE 0 END), 0),
	coalesce(sum(CASE WHEN t.state = 'blank' THEN 1 ELSE 0 END), 0)
	FROM (SELECT h.version_id, CASE WHEN a.candidate = $2 THEN 'own' ELSE ` + markState + ` END AS state` + handItems + ` AND h.exam = $1) t
	GROUP BY t.version_id ORDER BY t.version_id`

// MarkingTasks implements store.Markings.
func (s *Store) MarkingTasks(ctx context.Context, slug, without string) ([]store.MarkingTask, error) {
	var list []store.MarkingTask
	err := each(ctx, s.db, markingTasks, []any{slug, idOrNull(without)}, func(rows Rows) error {
		var t store.MarkingTask
		err := rows.Scan(&t.Version, &t.Waiting, &t.Given, &t.Blank)
		list = append(list, t)
		return err
	})
	return list, err
}

const awaitingMarker = `SELECT e.exam, (SELECT count(*) FROM attempts a
		WHERE a.exam = e.exam AND a.marking = 'awaiting_marker' AND ` + attemptClosed + `
		AND coalesce(a.candidate <> $1, TRUE))
	FROM (SELECT DISTINCT h.exam FROM hand_items h) e`

// AwaitingMarker implements store.Markings.
func (s *Store) AwaitingMarker(ctx context.Context, without string) (map[string]int, error) {
	out := map[string]int{}
	err := each(ctx, s.db, awaitingMarker, []any{idOrNull(without)}, func(rows Rows) error {
		slug, n := "", 0
		err := rows.Scan(&slug, &n)
		out[slug] = n
		return err
	})
	return out, err
}

const markedColumns = `SELECT h.label, CAST(h.attempt_id AS TEXT), h.position, h.version_id, ` + markState + `,
	r.points, ` + attemptClosed

func markedDest(m *store.MarkedAnswer) []any {
	return []any{&m.Label, &m.Attempt, &m.Position, &m.Version, &m.State, &m.Points, &m.Closed}
}

// MarkedAnswers implements store.Markings.
func (s *Store) MarkedAnswers(ctx context.Context, q store.MarkingQuery) ([]store.MarkedAnswer, int, error) {
	f := &filter{}
	f.and(attemptClosed)
	f.and(`h.exam = ?`, q.Exam)
	f.and(`h.version_id = ?`, q.Version)
	if q.State != "" {
		f.and(markState+` = ?`, q.State)
	}
	if q.From != "" {
		f.and(`h.label >= ?`, q.From)
	}
	if q.Without != "" {
		f.and(`a.candidate <> ?`, idOrNull(q.Without))
	}
	total := 0
	if err := one(ctx, s.db, `SELECT count(*)`+anyItems+f.where(), f.args, &total); err != nil {
		return nil, 0, err
	}
	page, args := f.page(q.Offset, q.Limit)
	var list []store.MarkedAnswer
	err := each(ctx, s.db, markedColumns+anyItems+f.where()+` ORDER BY h.label`+page, args, func(rows Rows) error {
		var m store.MarkedAnswer
		err := rows.Scan(markedDest(&m)...)
		list = append(list, m)
		return err
	})
	return list, total, err
}

const markedAnswer = markedColumns + anyItems + ` WHERE h.label = $1 AND h.exam = $2`

// MarkedAnswer implements store.Markings.
func (s *Store) MarkedAnswer(ctx context.Context, slug, label string) (store.MarkedAnswer, error) {
	var m store.MarkedAnswer
	err := one(ctx, s.db, markedAnswer, []any{label, slug}, markedDest(&m)...)
	return m, err
}
