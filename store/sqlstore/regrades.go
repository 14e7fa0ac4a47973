package sqlstore

import (
	"context"
	"fmt"

	"shiken/store"
)

const putRegrade = `INSERT INTO regrades (correction_id, attempt_id, before_total, before_max, before_passed,
	after_total, after_max, after_passed, kept) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
	ON CONFLICT (correction_id, attempt_id) DO UPDATE SET after_total = excluded.after_total,
	after_max = excluded.after_max, after_passed = excluded.after_passed, kept = excluded.kept`

// PutRegrade implements store.Corrections.
func (s *Store) PutRegrade(ctx context.Context, correction string, r store.Regrade) error {
	_, err := s.db.Exec(ctx, putRegrade, idOrNull(correction), idOrNull(r.Attempt), r.Before.Total, r.Before.Max,
		r.Before.Passed, r.After.Total, r.After.Max, r.After.Passed, r.Kept)
	return err
}

// The part of the maximum that was reached, compared unrounded; a part of nothing is the whole.
const (
	partFell = `(g.after_max > 0 AND (g.before_max = 0 AND g.after_total < g.after_max
		OR g.before_max > 0 AND g.after_total * g.before_max < g.before_total * g.after_max))`
	partRose = `(g.before_max > 0 AND (g.after_max = 0 AND g.before_total < g.before_max
		OR g.after_max > 0 AND g.after_total * g.before_max > g.before_total * g.after_max))`
	toPass = `(g.after_passed AND NOT g.before_passed)`
	toFail = `(g.before_passed AND NOT g.after_passed)`
)

var regradeChanges = map[store.RegradeChange]string{
	store.RegradeRaised:  partRose,
	store.RegradeLowered: partFell,
	store.RegradeSame:    `NOT ` + partRose + ` AND NOT ` + partFell,
	store.RegradeKept:    `g.kept`,
	store.RegradeFlips:   `(` + toPass + ` OR ` + toFail + `)`,
}

const regradesFrom = ` FROM regrades g JOIN attempts a ON a.id = g.attempt_id JOIN users u ON u.id = a.candidate`

// Regrades implements store.Corrections.
func (s *Store) Regrades(ctx context.Context, q store.RegradeQuery) ([]store.Regrade, int, error) {
	f := &filter{}
	f.and(`g.correction_id = ?`, idOrNull(q.Correction))
	if q.Change != "" {
		condition, ok := regradeChanges[q.Change]
		if !ok {
			return nil, 0, fmt.Errorf("store: no change of results: %q", q.Change)
		}
		f.and(condition)
	}
	total := 0
	if err := one(ctx, s.db, `SELECT count(*)`+regradesFrom+f.where(), f.args, &total); err != nil {
		return nil, 0, err
	}
	page, args := f.page(q.Offset, q.Limit)
	var list []store.Regrade
	err := each(ctx, s.db, `SELECT g.attempt_id, u.id, u.username, u.name, a.exam, a.number, g.before_total, g.before_max,
		g.before_passed, g.after_total, g.after_max, g.after_passed, g.kept`+regradesFrom+f.where()+
		` ORDER BY a.exam, u.username, a.number`+page, args, func(rows Rows) error {
		var r store.Regrade
		err := rows.Scan(&r.Attempt, &r.User, &r.Username, &r.Name, &r.Exam, &r.Number, &r.Before.Total, &r.Before.Max,
			&r.Before.Passed, &r.After.Total, &r.After.Max, &r.After.Passed, &r.Kept)
		list = append(list, r)
		return err
	})
	return list, total, err
}

const countRegrades = `SELECT count(*), coalesce(sum(CASE WHEN ` + partRose + ` THEN 1 ELSE 0 END), 0),
	coalesce(sum(CASE WHEN ` + partFell + ` THEN 1 ELSE 0 END), 0),
	coalesce(sum(CASE WHEN g.kept THEN 1 ELSE 0 END), 0),
	coalesce(sum(CASE WHEN ` + toPass + ` THEN 1 ELSE 0 END), 0),
	coalesce(sum(CASE WHEN ` + toFail + ` THEN 1 ELSE 0 END), 0)
	FROM regrades g WHERE g.correction_id = $1`

// CountRegrades implements store.Corrections.
func (s *Store) CountRegrades(ctx context.Context, correction string) (store.RegradeCounts, error) {
	var n store.RegradeCounts
	err := one(ctx, s.db, countRegrades, []any{idOrNull(correction)}, &n.All, &n.Raised, &n.Lowered, &n.Kept, &n.ToPass, &n.ToFail)
	n.Same = n.All - n.Raised - n.Lowered
	return n, err
}
