package sqlstore

import (
	"context"
	"errors"

	"shiken/exam"
	"shiken/store"
)

const isCurrent = `SELECT v.revision = q.revision FROM question_versions v
	JOIN questions q ON q.id = v.question_id WHERE v.id = $1`

// QuestionVersion implements store.Corrections.
func (s *Store) QuestionVersion(ctx context.Context, version string) (store.VersionedQuestion, error) {
	var q store.VersionedQuestion
	if err := one(ctx, s.db, isCurrent, []any{idOrNull(version)}, &q.Current); err != nil {
		return q, err
	}
	list, err := s.storedQuestions(ctx, []string{version})
	if err == nil {
		q.StoredQuestion = list[0]
	}
	return q, err
}

// correctionColumns are those of a correction `c`, absent ones as zero values; in the order of
// correctionDest.
const correctionColumns = `coalesce(CAST(c.id AS TEXT), ''), coalesce(CAST(c.version_id AS TEXT), ''),
	coalesce(c.revision, 0), coalesce(c.exam, ''), coalesce(c.lowering, FALSE), coalesce(c.reason, ''),
	coalesce(CAST(c.actor AS TEXT), ''), coalesce(c.created, 0)`

func correctionDest(c *store.Correction) []any {
	return []any{&c.ID, &c.Version, &c.Revision, &c.Exam, &c.Lower, &c.Reason, &c.Actor, &c.Created}
}

const keyRevisions = `SELECT k.revision, CAST(k.key AS TEXT), CAST(k.feedback AS TEXT), k.created, ` + correctionColumns + `
	FROM question_keys k LEFT JOIN corrections c ON c.version_id = k.version_id AND c.revision = k.revision
	WHERE k.version_id = $1 ORDER BY k.revision DESC`

// KeyRevisions implements store.Corrections.
func (s *Store) KeyRevisions(ctx context.Context, version string) ([]store.KeyRevision, error) {
	var list []store.KeyRevision
	err := each(ctx, s.db, keyRevisions, []any{idOrNull(version)}, func(rows Rows) error {
		var (
			k             store.KeyRevision
			c             store.Correction
			revision      int
			key, feedback string
		)
		dest := append([]any{&revision, &key, &feedback, &k.Created}, correctionDest(&c)...)
		if err := rows.Scan(dest...); err != nil {
			return err
		}
		if err := errors.Join(read(key, &k.Key), read(feedback, &k.Feedback)); err != nil {
			return err
		}
		k.Key.Revision = revision
		if c.ID != "" {
			k.Correction = &c
		}
		list = append(list, k)
		return nil
	})
	return list, err
}

const correction = `SELECT ` + correctionColumns + ` FROM corrections c WHERE c.id = $1`

// Correction implements store.Corrections.
func (s *Store) Correction(ctx context.Context, correctionID string) (store.Correction, error) {
	return readCorrection(ctx, s.db, correctionID)
}

func readCorrection(ctx context.Context, c Conn, correctionID string) (store.Correction, error) {
	var out store.Correction
	err := one(ctx, c, correction, []any{idOrNull(correctionID)}, correctionDest(&out)...)
	return out, err
}

const correctionsOf = `SELECT ` + correctionColumns + ` FROM corrections c WHERE c.exam = $1
	OR EXISTS (SELECT 1 FROM regrades g JOIN attempts a ON a.id = g.attempt_id
		WHERE g.correction_id = c.id AND a.exam = $1)
	ORDER BY c.created DESC, c.id LIMIT $2`

// CorrectionsOf implements store.Corrections.
func (s *Store) CorrectionsOf(ctx context.Context, slug string, limit int) ([]store.Correction, error) {
	var list []store.Correction
	err := each(ctx, s.db, correctionsOf, []any{slug, limit}, func(rows Rows) error {
		var c store.Correction
		err := rows.Scan(correctionDest(&c)...)
		list = append(list, c)
		return err
	})
	return list, err
}

const (
	// holdVersion makes whoever loads, edits or corrects questions of the version's set wait for the end of
	// the transaction.
	holdVersion = `UPDATE question_sets SET moved = moved + 1 WHERE name =
		(SELECT q.set_name FROM questions q JOIN question_versions v ON v.question_id = q.id WHERE v.id = $1)`
	currentKey = `SELECT k.revision, CAST(k.feedback AS TEXT) FROM question_keys k WHERE k.version_id = $1
		ORDER BY k.revision DESC LIMIT 1`
	insertCorrection = `INSERT INTO corrections (id, version_id, revision, exam, lowering, reason, actor, created)
		VALUES ($1, $2, $3, $4, $5, $6, $7, shiken_now())`
	// versionEdited and versionKeyed tell the question bank of a correction of the current version.
	versionEdited = `UPDATE questions SET edition = edition + 1, edited = shiken_now(),
		edited_by = (SELECT u.username FROM users u WHERE u.id = $2)
		WHERE id = (SELECT v.question_id FROM question_versions v WHERE v.id = $1) AND revision =
			(SELECT v.revision FROM question_versions v WHERE v.id = $1)`
	versionKeyed = `INSERT INTO question_events (question_id, seq, id, at, actor, kind, revision, key_revision, note)
		SELECT v.question_id, coalesce((SELECT max(e.seq) FROM question_events e WHERE e.question_id = v.question_id), 0) + 1,
			$2, shiken_now(), u.username, $3, v.revision, $4, $5
		FROM question_versions v JOIN users u ON u.id = $6 WHERE v.id = $1`
)

// CorrectKey implements store.KeyActions.
func (s *Store) CorrectKey(ctx context.Context, correction store.Correction, base int, k exam.Key, j store.Job) (store.Correction, bool, error) {
	args, err := canonicalText(j.Args)
	if err != nil {
		return store.Correction{}, false, err
	}
	var stored store.Correction
	created := false
	err = s.db.Write(ctx, func(c Conn) error {
		w := keyWriter{ctx: ctx, conn: c, correction: &correction}
		var err error
		if created, err = w.write(base, k); err != nil {
			return err
		}
		if created {
			err = w.exec(insertJob, idOrNull(j.ID), j.Kind, j.Object, idOrNull(j.Actor), args, j.Due, j.Total)
			if err != nil {
				return err
			}
		}
		if stored, err = readCorrection(ctx, c, correction.ID); err == nil && !created {
			err = errUnchanged
		}
		return err
	})
	if err = orUnchanged(err); err != nil {
		return store.Correction{}, false, err
	}
	return stored, created, nil
}

// keyWriter writes a correction in a transaction.
type keyWriter struct {
	ctx        context.Context
	conn       Conn
	correction *store.Correction
}

func (w *keyWriter) exec(sql string, args ...any) error {
	_, err := w.conn.Exec(w.ctx, sql, args...)
	return err
}

// write stores correction and key, unless the correction is there. It looks for it once it holds the
// set, so that of two equal forms at once the second finds the first.
func (w *keyWriter) write(base int, k exam.Key) (bool, error) {
	c := w.correction
	if err := missing(w.conn.Exec(w.ctx, holdVersion, idOrNull(c.Version))); err != nil {
		return false, err
	}
	_, err := readCorrection(w.ctx, w.conn, c.ID)
	if !errors.Is(err, store.ErrNotFound) {
		return false, err
	}
	if err := w.key(base, k); err != nil {
		return false, err
	}
	return true, w.exec(insertCorrection, idOrNull(c.ID), idOrNull(c.Version), base+1, c.Exam, c.Lower, c.Reason, idOrNull(c.Actor))
}

// key stores the revision after base, and tells the question bank.
func (w *keyWriter) key(base int, k exam.Key) error {
	c, current, feedback := w.correction, 0, ""
	if err := one(w.ctx, w.conn, currentKey, []any{idOrNull(c.Version)}, &current, &feedback); err != nil {
		return err
	}
	if current != base {
		return store.ErrMoved
	}
	k.Revision = base + 1
	key, err := document(k)
	if err != nil {
		return err
	}
	if err := w.exec(insertKey.one, idOrNull(c.Version), k.Revision, key, feedback); err != nil {
		return err
	}
	if err := w.exec(versionEdited, idOrNull(c.Version), idOrNull(c.Actor)); err != nil {
		return err
	}
	event, err := newID()
	if err != nil {
		return err
	}
	return w.exec(versionKeyed, idOrNull(c.Version), event, store.QuestionKeyed, k.Revision, c.Reason, idOrNull(c.Actor))
}
