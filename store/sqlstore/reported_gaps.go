package sqlstore

import (
	"context"

	"shiken/exam"
	"shiken/store"
)

// reportGap reads the clock once. What exceeds a bound selects no row.
const reportGap = `INSERT INTO reported_gaps (id, attempt_id, reported, lasted, unheard)
	SELECT $1, a.id, t.now, $3, coalesce((SELECT CASE WHEN max(s.last_seen) < t.now THEN t.now - max(s.last_seen) ELSE 0 END
		FROM sign_ins s WHERE s.user_id = a.candidate AND s.revoked = 0), 0)
	FROM attempts a CROSS JOIN (SELECT shiken_now() AS now) t
	WHERE a.id = $2
		AND (SELECT count(*) FROM reported_gaps g WHERE g.attempt_id = a.id) < $4
		AND NOT EXISTS (SELECT 1 FROM reported_gaps g WHERE g.attempt_id = a.id AND g.reported > t.now - $5)
	ON CONFLICT (id) DO NOTHING`

// ReportGap implements store.ReportedGaps.
func (s *Store) ReportGap(ctx context.Context, g store.ReportedGap) error {
	_, err := s.db.Exec(ctx, reportGap, idOrNull(g.ID), idOrNull(g.Attempt), min(g.Lasted, store.MaxReportedGapTime),
		store.MaxReportedGaps, store.BetweenGapReports)
	return err
}

// gapColumns are those of a gap `g`, in the order of gapDest.
const gapColumns = `g.id, g.attempt_id, g.reported, g.lasted, g.unheard`

func gapDest(g *store.ReportedGap) []any {
	return []any{&g.ID, &g.Attempt, &g.Reported, &g.Lasted, &g.Unheard}
}

const gapsOf = `SELECT ` + gapColumns + ` FROM reported_gaps g WHERE g.attempt_id = $1 ORDER BY g.reported, g.id`

// GapsOf implements store.ReportedGaps.
func (s *Store) GapsOf(ctx context.Context, attempt string) ([]store.ReportedGap, error) {
	var list []store.ReportedGap
	err := each(ctx, s.db, gapsOf, []any{idOrNull(attempt)}, func(rows Rows) error {
		var g store.ReportedGap
		err := rows.Scan(gapDest(&g)...)
		list = append(list, g)
		return err
	})
	return list, err
}

// recentGaps leaves out what the same attempt has followed by another.
const recentGaps = `SELECT ` + gapColumns + `, u.username, u.name, a.status
	FROM reported_gaps g JOIN attempts a ON a.id = g.attempt_id JOIN users u ON u.id = a.candidate
	WHERE g.reported >= (SELECT shiken_now()) - $2 AND a.exam = $1
		AND NOT EXISTS (SELECT 1 FROM reported_gaps n WHERE n.attempt_id = g.attempt_id
			AND (n.reported > g.reported OR n.reported = g.reported AND n.id > g.id))
	ORDER BY g.reported DESC, g.id DESC LIMIT $3`

// RecentGaps implements store.ReportedGaps.
func (s *Store) RecentGaps(ctx context.Context, slug string, since exam.Micros, limit int) ([]store.SeatGap, error) {
	var list []store.SeatGap
	err := each(ctx, s.db, recentGaps, []any{slug, since, limit}, func(rows Rows) error {
		var g store.SeatGap
		err := rows.Scan(append(gapDest(&g.ReportedGap), &g.Username, &g.Name, &g.Status)...)
		list = append(list, g)
		return err
	})
	return list, err
}
