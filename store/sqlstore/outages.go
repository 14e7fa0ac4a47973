package sqlstore

import (
	"context"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/store"
)

// Beat implements store.Outages.
func (s *Store) Beat(ctx context.Context) error {
	outage, err := newID()
	if err != nil {
		return err
	}
	return s.db.Beat(ctx, outage, store.MaxSilence)
}

// pulse has one row without an outage when there is none, for the beat.
const pulse = `SELECT h.last, coalesce(CAST(o.id AS TEXT), ''), coalesce(o.began, 0), coalesce(o.ended, 0)
	FROM heartbeat h LEFT JOIN outages o ON o.settled = 0
	WHERE h.only_row = 1 ORDER BY o.began, o.id`

// Pulse implements store.Outages.
func (s *Store) Pulse(ctx context.Context) (store.Pulse, error) {
	var p store.Pulse
	err := each(ctx, s.db, pulse, nil, func(rows Rows) error {
		var o store.Outage
		err := rows.Scan(&p.Last, &o.ID, &o.Began, &o.Ended)
		if o.ID != "" {
			p.Unsettled = append(p.Unsettled, o)
		}
		return err
	})
	return p, err
}

const met = `SELECT CAST(id AS TEXT), began, ended FROM outages WHERE ended >= $1 AND began <= $2 ORDER BY began, id`

// Met implements store.Outages.
func (s *Store) Met(ctx context.Context, from, to exam.Instant) ([]store.Outage, error) {
	var outages []store.Outage
	err := each(ctx, s.db, met, []any{from, to}, func(rows Rows) error {
		var o store.Outage
		err := rows.Scan(&o.ID, &o.Began, &o.Ended)
		outages = append(outages, o)
		return err
	})
	return outages, err
}

// struck finds those in progress by their time of expiry, which is at most the longest grace and W
// after the deadline, and the paused ones by the time of the pause. They are few, and gathered before
// those of one page are taken: else the ids would be the index that is gone by.
const struck = `WITH u AS MATERIALIZED (
		SELECT a.id FROM attempts a WHERE a.expires_at >= $1 AND a.expires_at <= $2 AND a.deadline <= $3
		UNION ALL
		SELECT a.id FROM attempts a WHERE a.status = 'paused' AND a.stopped >= $4
			AND a.deadline <= $3 AND a.deadline <= a.stopped AND a.deadline >= $5
	) SELECT u.id FROM u WHERE u.id > $6 ORDER BY u.id LIMIT $7`

// Struck implements store.Outages.
func (s *Store) Struck(ctx context.Context, g exam.Gap, after string, limit int) ([]string, error) {
	if after == "" {
		after = uuid.Nil.String()
	}
	return texts(ctx, s.db, struck, g.Began.Add(exam.W), g.Ended.Add(exam.MaxGrace+exam.W), g.Ended,
		g.Began, g.Began.Add(-exam.MaxGrace), idOrNull(after), limit)
}

// Settle implements store.Outages.
func (s *Store) Settle(ctx context.Context, outage string) error {
	const settle = `UPDATE outages SET settled = shiken_now() WHERE id = $1 AND settled = 0`
	_, err := s.db.Exec(ctx, settle, idOrNull(outage))
	return err
}
