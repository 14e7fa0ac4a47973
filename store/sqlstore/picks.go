package sqlstore

import (
	"context"
	"errors"

	"shiken/exam"
	"shiken/store"
)

const (
	readPicked = `SELECT e.picked FROM exams e WHERE e.slug = $1`
	keepPicked = `UPDATE exams SET picked = $3 WHERE slug = $1 AND picked = $2
		AND EXISTS (SELECT 1 FROM exam_revisions d WHERE d.exam = exams.slug AND d.revision = exams.revision
			AND CAST(d.definition -> 'published' AS TEXT) = 'true')`
	forgetPicked = `UPDATE exams SET picked = '' WHERE slug = $1 AND picked <> ''`
)

// Picked implements store.Attempts.
func (s *Store) Picked(ctx context.Context, slug string) ([]exam.Picked, error) {
	var (
		text string
		list []exam.Picked
	)
	if err := one(ctx, s.db, readPicked, []any{slug}, &text); err != nil || text == "" {
		return nil, err
	}
	return list, read(text, &list)
}

// KeepPicked implements store.Attempts.
func (s *Store) KeepPicked(ctx context.Context, slug string, was, is []exam.Picked) error {
	before, errBefore := pickedText(was)
	after, errAfter := pickedText(is)
	if err := errors.Join(errBefore, errAfter); err != nil {
		return err
	}
	return s.db.Write(ctx, func(c Conn) error {
		err := missing(c.Exec(ctx, keepPicked, slug, before, after))
		if errors.Is(err, store.ErrNotFound) {
			return store.ErrMoved
		}
		return err
	})
}

// pickedText is a choice as it is stored; empty for none.
func pickedText(picked []exam.Picked) (string, error) {
	if len(picked) == 0 {
		return "", nil
	}
	return document(picked)
}
