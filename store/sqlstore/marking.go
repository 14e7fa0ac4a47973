package sqlstore

import (
	"context"

	"shiken/store"
)

// markState is a store.MarkState of an item `h` with its response `r`.
const markState = `CASE WHEN r.points IS NOT NULL THEN 'given'
	WHEN r.answer IS NULL OR CAST(r.answer AS TEXT) = 'null' THEN 'blank' ELSE 'waiting' END`

// handItems are those of closed attempts `a`.
const handItems = ` FROM hand_items h
	JOIN attempts a ON a.id = h.attempt_id AND a.status IN ('submitted', 'expired')
	LEFT JOIN responses r ON r.attempt_id = h.attempt_id AND r.position = h.position`

const markingTasks = `SELECT t.version_id, coalesce(sum(CASE WHEN t.state = 'waiting' THEN 1 ELSE 0 END), 0),
	coalesce(sum(CASE WHEN t.state = 'given' THEN 1 ELSE 0 END), 0),
	coalesce(sum(CASE WHEN t.state = 'blank' THEN 1 ELSE 0 END), 0)
	FROM (SELECT h.version_id, ` + markState + ` AS state` + handItems + ` WHERE h.exam = $1) t
	GROUP BY t.version_id ORDER BY t.version_id`

// MarkingTasks implements store.Markings.
func (s *Store) MarkingTasks(ctx context.Context, slug string) ([]store.MarkingTask, error) {
	var list []store.MarkingTask
	err := each(ctx, s.db, markingTasks, []any{slug}, func(rows Rows) error {
		var t store.MarkingTask
		err := rows.Scan(&t.Version, &t.Waiting, &t.Given, &t.Blank)
		list = append(list, t)
		return err
	})
	return list, err
}

const awaitingMarker = `SELECT a.exam, count(*) FROM attempts a
	WHERE a.marking = 'awaiting_marker' AND a.status IN ('submitted', 'expired') GROUP BY a.exam`

// AwaitingMarker implements store.Markings.
func (s *Store) AwaitingMarker(ctx context.Context) (map[string]int, error) {
	out := map[string]int{}
	err := each(ctx, s.db, awaitingMarker, nil, func(rows Rows) error {
		slug, n := "", 0
		err := rows.Scan(&slug, &n)
		out[slug] = n
		return err
	})
	return out, err
}

const markedColumns = `SELECT h.label, CAST(h.attempt_id AS TEXT), h.position, h.version_id, ` + markState + `, r.points`

func scanMarked(rows Rows) (store.MarkedAnswer, error) {
	var m store.MarkedAnswer
	err := rows.Scan(&m.Label, &m.Attempt, &m.Position, &m.Version, &m.State, &m.Points)
	return m, err
}

// MarkedAnswers implements store.Markings.
func (s *Store) MarkedAnswers(ctx context.Context, q store.MarkingQuery) ([]store.MarkedAnswer, int, error) {
	f := &filter{}
	f.and(`h.exam = ?`, q.Exam)
	f.and(`h.version_id = ?`, q.Version)
	if q.State != "" {
		f.and(markState+` = ?`, q.State)
	}
	if q.From != "" {
		f.and(`h.label >= ?`, q.From)
	}
	total := 0
	if err := one(ctx, s.db, `SELECT count(*)`+handItems+f.where(), f.args, &total); err != nil {
		return nil, 0, err
	}
	page, args := f.page(q.Offset, q.Limit)
	var list []store.MarkedAnswer
	err := each(ctx, s.db, markedColumns+handItems+f.where()+` ORDER BY h.label`+page, args, func(rows Rows) error {
		m, err := scanMarked(rows)
		list = append(list, m)
		return err
	})
	return list, total, err
}

const markedAnswer = markedColumns + handItems + ` WHERE h.label = $1 AND h.exam = $2`

// MarkedAnswer implements store.Markings.
func (s *Store) MarkedAnswer(ctx context.Context, slug, label string) (store.MarkedAnswer, error) {
	var m store.MarkedAnswer
	err := one(ctx, s.db, markedAnswer, []any{label, slug}, &m.Label, &m.Attempt, &m.Position, &m.Version, &m.State, &m.Points)
	return m, err
}
