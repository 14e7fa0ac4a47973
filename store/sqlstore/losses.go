package sqlstore

import (
	"context"
	"slices"

	"shiken/exam"
	"shiken/store"
)

// within is a condition: the clock of an attempt `a` may have run in an outage `o`. A pause or close
// that ended it shows; one that is over does not.
const within = `a.started < o.ended AND (a.stopped = 0 OR a.stopped > o.began)`

const outagesOf = `SELECT o.id, o.began, o.ended, o.settled > 0, count(*),
		coalesce(sum(CASE WHEN a.status IN ('in_progress', 'paused') THEN 1 ELSE 0 END), 0)
	FROM outages o JOIN attempts a ON a.exam = $1 AND ` + within + `
	WHERE o.ended >= (SELECT shiken_now()) - $2
	GROUP BY o.id, o.began, o.ended, o.settled ORDER BY o.began DESC, o.id LIMIT $3`

// OutagesOf implements store.Outages.
func (s *Store) OutagesOf(ctx context.Context, slug string, since exam.Micros, limit int) ([]store.ExamOutage, error) {
	var list []store.ExamOutage
	err := each(ctx, s.db, outagesOf, []any{slug, since, limit}, func(rows Rows) error {
		var o store.ExamOutage
		err := rows.Scan(&o.ID, &o.Began, &o.Ended, &o.Settled, &o.Running, &o.Open)
		list = append(list, o)
		return err
	})
	return list, err
}

const (
	settledOutage = `SELECT shiken_now(), o.id, o.began, o.ended FROM outages o WHERE o.id = $1 AND o.settled > 0`
	lossTargets   = `SELECT ` + targetColumns + ` FROM outages o JOIN attempts a ON a.exam = $2 AND ` + within + `
		JOIN users u ON u.id = a.candidate WHERE o.id = $1 ORDER BY a.id`
	lossClocks = `SELECT a.id, j.seq, j.kind, j.command, j.arrived, CAST(j.effect AS TEXT)
		FROM outages o JOIN attempts a ON a.exam = $2 AND ` + within + `
		JOIN journal j ON j.attempt_id = a.id AND j.kind IN ('start', 'extend', 'pause', 'resume', 'submit',
			'force_submit', 'expire', 'reopen', 'void', 'unvoid')
		WHERE o.id = $1 ORDER BY a.id, j.seq`
)

// Losses implements store.Outages.
func (s *Store) Losses(ctx context.Context, slug, outage string) (store.Outage, []store.Loss, exam.Instant, error) {
	var (
		o    store.Outage
		now  exam.Instant
		list []store.Loss
	)
	err := s.db.Snapshot(ctx, func(c Conn) error {
		list = nil
		if err := one(ctx, c, settledOutage, []any{idOrNull(outage)}, &now, &o.ID, &o.Began, &o.Ended); err != nil {
			return err
		}
		err := each(ctx, c, lossTargets, []any{o.ID, slug}, func(rows Rows) error {
			var l store.Loss
			err := rows.Scan(targetDest(&l.Target)...)
			list = append(list, l)
			return err
		})
		if err != nil {
			return err
		}
		return readClocks(ctx, c, list, o.ID, slug)
	})
	slices.SortFunc(list, func(a, b store.Loss) int { return byUsername(a.Target, b.Target) })
	return o, list, now, err
}

// readClocks adds the entries to the attempts; both are in the order of the attempts' ids.
func readClocks(ctx context.Context, c Conn, list []store.Loss, outage, slug string) error {
	i := 0
	return each(ctx, c, lossClocks, []any{outage, slug}, func(rows Rows) error {
		var (
			attempt, effect string
			e               exam.Entry
		)
		if err := rows.Scan(&attempt, &e.Seq, &e.Kind, &e.Command, &e.Arrived, &effect); err != nil {
			return err
		}
		for i < len(list) && list[i].Attempt != attempt {
			i++
		}
		if i == len(list) {
			return nil // its candidate is no user any more
		}
		if err := read(effect, &e.Effect); err != nil {
			return err
		}
		list[i].Clock = append(list[i].Clock, e)
		return nil
	})
}
