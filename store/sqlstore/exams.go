package sqlstore

import (
	"bytes"
	"context"
	"errors"

	"shiken/exam"
	"shiken/store"
)

const (
	// claimExam makes the exam, or holds its row, so that two loads come after each other.
	claimExam = `INSERT INTO exams (slug, revision) VALUES ($1, 0)
		ON CONFLICT (slug) DO UPDATE SET revision = exams.revision`
	currentDefinition = `SELECT d.revision, CAST(d.definition AS TEXT) FROM exams e
		JOIN exam_revisions d ON d.exam = e.slug AND d.revision = e.revision WHERE e.slug = $1`
	insertDefinition = `INSERT INTO exam_revisions (exam, revision, definition, created)
		VALUES ($1, $2, $3, shiken_now())`
	setRevision = `UPDATE exams SET revision = $2 WHERE slug = $1`
)

// PutDefinition implements store.Exams. Earlier revisions are kept; an equal definition makes none.
func (s *Store) PutDefinition(ctx context.Context, d exam.Definition, media ...store.Media) error {
	_, err := s.putDefinition(ctx, &d, media, func(int) error { return nil })
	return err
}

// ReviseDefinition implements store.Actions. What equals the current definition is stored already,
// whatever revision its author saw: a form that is sent twice is no conflict with itself.
func (s *Store) ReviseDefinition(ctx context.Context, d exam.Definition, base int, media ...store.Media) (int, error) {
	return s.putDefinition(ctx, &d, media, func(current int) error {
		switch {
		case current == base:
			return nil
		case base == 0:
			return store.ErrExists
		}
		return store.ErrMoved
	})
}

// putDefinition stores a definition as the next revision, with its media, if it differs from the current one
// and judge takes the number of that (0: the exam is new). It returns the number that is current then.
func (s *Store) putDefinition(ctx context.Context, d *exam.Definition, media []store.Media, judge func(current int) error) (int, error) {
	text, err := document(d)
	if err != nil {
		return 0, err
	}
	revision := 0
	err = s.db.Write(ctx, func(c Conn) error {
		if _, err := c.Exec(ctx, claimExam, d.Slug); err != nil {
			return err
		}
		current, stored := 0, ""
		err := one(ctx, c, currentDefinition, []any{d.Slug}, &current, &stored)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		revision = current
		if same, err := sameDefinition(stored, d); err != nil {
			return err
		} else if same {
			return errUnchanged
		}
		if err := judge(current); err != nil {
			return err
		}
		if err := putAttachments(ctx, c, d, media); err != nil {
			return err
		}
		revision = current + 1
		return putRevision(ctx, c, d, revision, text)
	})
	if err = orUnchanged(err); err != nil {
		return 0, err
	}
	return revision, nil
}

func putRevision(ctx context.Context, c Conn, d *exam.Definition, revision int, text string) error {
	if _, err := c.Exec(ctx, insertDefinition, d.Slug, revision, text); err != nil {
		return err
	}
	if _, err := c.Exec(ctx, setRevision, d.Slug, revision); err != nil || d.Published {
		return err
	}
	_, err := c.Exec(ctx, forgetPicked, d.Slug)
	return err
}

// putAttachments stores media, and sees to it that each attachment is among them or was before.
func putAttachments(ctx context.Context, c Conn, d *exam.Definition, media []store.Media) error {
	if err := putMedia(ctx, c, media); err != nil {
		return err
	}
	for i := range d.Attachments {
		a := &d.Attachments[i]
		m, err := readMediaInfo(ctx, c, a.Media)
		if err != nil {
			return err
		}
		if m.Type != a.Type || m.Size != a.Size {
			return store.ErrNotFound
		}
	}
	return nil
}

func sameDefinition(stored string, d *exam.Definition) (bool, error) {
	if stored == "" {
		return false, nil
	}
	var was exam.Definition
	if err := read(stored, &was); err != nil {
		return false, err
	}
	return bytes.Equal(exam.Canonical(was), exam.Canonical(d)), nil
}

// Definition implements store.Exams.
func (s *Store) Definition(ctx context.Context, slug string) (exam.Definition, error) {
	var (
		d        exam.Definition
		revision int
		text     string
	)
	if err := one(ctx, s.db, currentDefinition, []any{slug}, &revision, &text); err != nil {
		return d, err
	}
	return d, read(text, &d)
}

const definitions = `SELECT CAST(d.definition AS TEXT), e.archived FROM exams e
	JOIN exam_revisions d ON d.exam = e.slug AND d.revision = e.revision ORDER BY e.slug`

// Definitions implements store.Exams, by slug.
func (s *Store) Definitions(ctx context.Context) ([]store.ListedExam, error) {
	var list []store.ListedExam
	err := each(ctx, s.db, definitions, nil, func(rows Rows) error {
		var (
			x    store.ListedExam
			text string
		)
		if err := rows.Scan(&text, &x.Archived); err != nil {
			return err
		}
		err := read(text, &x.Definition)
		list = append(list, x)
		return err
	})
	return list, err
}

const setReleased = `UPDATE exams SET score_released = $2, answers_released = $3, keys_released = $4 WHERE slug = $1`

// SetReleased implements store.Actions.
func (s *Store) SetReleased(ctx context.Context, slug string, r store.ByHand) error {
	return s.db.Write(ctx, func(c Conn) error {
		return missing(c.Exec(ctx, setReleased, slug, r.Score, r.Answers, r.Keys))
	})
}

const (
	archiveExam   = `UPDATE exams SET archived = shiken_now() WHERE slug = $1 AND archived = 0`
	unarchiveExam = `UPDATE exams SET archived = 0 WHERE slug = $1 AND archived <> 0`
	archivedSince = `SELECT e.archived FROM exams e WHERE e.slug = $1`
)

// SetArchived implements store.Actions.
func (s *Store) SetArchived(ctx context.Context, slug string, archived bool) error {
	statement := unarchiveExam
	if archived {
		statement = archiveExam
	}
	return orUnchanged(s.db.Write(ctx, func(c Conn) error {
		changed, err := c.Exec(ctx, statement, slug)
		if err != nil || changed > 0 {
			return err
		}
		var since exam.Instant
		if err := one(ctx, c, archivedSince, []any{slug}, &since); err != nil {
			return err
		}
		return errUnchanged
	}))
}

// Of an accommodation `c` in an exam `e`: the latest bound of its window, and whether the candidate has an
// attempt left, where 0 is any number.
const (
	lastBound = `CASE WHEN c.opens > c.last_start AND c.opens > c.closes THEN c.opens
		WHEN c.last_start > c.closes THEN c.last_start ELSE c.closes END`
	allowed = `coalesce(c.attempts, (SELECT CAST(d.definition ->> 'attempts' AS BIGINT) FROM exam_revisions d
		WHERE d.exam = e.slug AND d.revision = e.revision), 0)`
	mayBegin = `(` + allowed + ` = 0 OR ` + allowed + ` >
		(SELECT count(*) FROM attempts a WHERE a.exam = e.slug AND a.candidate = c.user_id AND a.status <> 'voided'))`
)

// releaseStates takes batch slugs.
var releaseStates = `SELECT e.slug, e.score_released, e.answers_released, e.keys_released,
	EXISTS (SELECT 1 FROM attempts a WHERE a.exam = e.slug AND a.status IN ('in_progress', 'paused')),
	(SELECT coalesce(max(` + lastBound + `), 0) FROM accommodations c WHERE c.exam = e.slug AND ` + mayBegin + `)
	FROM exams e WHERE e.slug IN (` + Placeholders(1, batch) + `)`

// ReleaseStates implements store.Exams.
func (s *Store) ReleaseStates(ctx context.Context, slugs []string) (map[string]exam.ReleaseState, error) {
	found := make(map[string]exam.ReleaseState, len(slugs))
	asked := make([]any, len(slugs))
	for i, slug := range slugs {
		asked[i] = slug
	}
	err := inBatches(ctx, s.db, releaseStates, asked, func(rows Rows) error {
		var (
			slug string
			r    exam.ReleaseState
		)
		err := rows.Scan(&slug, &r.Score, &r.Answers, &r.Keys, &r.OpenAttempts, &r.OwnUntil)
		found[slug] = r
		return err
	})
	return found, err
}

// ReleaseState implements store.Exams.
func (s *Store) ReleaseState(ctx context.Context, slug string) (exam.ReleaseState, error) {
	found, err := s.ReleaseStates(ctx, []string{slug})
	if err != nil {
		return exam.ReleaseState{}, err
	}
	r, ok := found[slug]
	if !ok {
		return r, store.ErrNotFound
	}
	return r, nil
}
