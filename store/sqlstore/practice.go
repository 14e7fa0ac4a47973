package sqlstore

import (
	"context"
	"slices"

	"shiken/exam"
	"shiken/store"
)

// What is no practice has no row of practices, and so looks stale for ever.
const staleAttempts = `SELECT CAST(a.id AS TEXT) FROM attempts a LEFT JOIN practices d ON d.attempt_id = a.id
	WHERE a.candidate = $1 AND (d.version IS NULL OR d.version < a.version) ORDER BY a.started, a.id`

var practicesAmong = `SELECT CAST(p.attempt_id AS TEXT), coalesce(p.paper -> 'rules' ->> 'feedback', '') = 'practice' FROM papers p
	WHERE p.attempt_id IN (` + Placeholders(1, batch) + `)`

// StalePractices implements store.Practices. Which attempts are practices stands in their papers alone: each is looked
// into once.
func (s *Store) StalePractices(ctx context.Context, user string) ([]string, error) {
	stale, err := texts(ctx, s.db, staleAttempts, idOrNull(user))
	if err != nil {
		return nil, err
	}
	is, err := s.arePractices(ctx, stale)
	return slices.DeleteFunc(stale, func(attempt string) bool { return !is[attempt] }), err
}

// arePractices tells which attempts are practices, by preference out of the cache.
func (s *Store) arePractices(ctx context.Context, attempts []string) (map[string]bool, error) {
	is := make(map[string]bool, len(attempts))
	var unknown []string
	for _, attempt := range attempts {
		practice, known := s.practices.Get(attempt)
		if is[attempt] = practice; !known {
			unknown = append(unknown, attempt)
		}
	}
	err := inBatches(ctx, s.db, practicesAmong, knownIDs(unknown), func(rows Rows) error {
		var attempt string
		var practice bool
		err := rows.Scan(&attempt, &practice)
		if err == nil {
			is[attempt] = practice
			s.practices.Put(attempt, practice)
		}
		return err
	})
	return is, err
}

const checkedAt = `SELECT CAST(j.effect -> 'response' ->> 'position' AS BIGINT), min(j.arrived) FROM journal j
	WHERE j.attempt_id = $1 AND j.kind = 'check' GROUP BY 1`

// CheckedAt implements store.Practices.
func (s *Store) CheckedAt(ctx context.Context, attempt string) (map[int]exam.Instant, error) {
	out := map[int]exam.Instant{}
	err := each(ctx, s.db, checkedAt, []any{idOrNull(attempt)}, func(rows Rows) error {
		var (
			position int
			at       exam.Instant
		)
		err := rows.Scan(&position, &at)
		out[position] = at
		return err
	})
	return out, err
}

// holdPractice comes after an erasure, or before it: none is under way while the attempt is brought up to date.
const holdPractice = `UPDATE attempts SET erased = 0 WHERE id = $1 AND erased = 0`

// putPractice also holds the row, so that two who bring one attempt up to date come after each other.
const putPractice = `INSERT INTO practices (attempt_id, version) VALUES ($1, $2)
	ON CONFLICT (attempt_id) DO UPDATE SET version = excluded.version WHERE practices.version < excluded.version`

// practisedColumns are those of a row `w` of practised, in the order of practisedDest.
const practisedColumns = `w.position, w.tried, w.checked, w.flagged, w.verdict, w.at`

func practisedDest(p *exam.PractisedItem) []any {
	return []any{&p.Position, &p.Tried, &p.Checked, &p.Flagged, &p.Verdict, &p.At}
}

const (
	practisedIn  = `SELECT ` + practisedColumns + ` FROM practised w WHERE w.attempt_id = $1 ORDER BY w.position`
	putPractised = `INSERT INTO practised (attempt_id, position, question_id, tried, checked, flagged, verdict, at)
		SELECT $1, $2, v.question_id, $3, $4, $5, $6, $7 FROM question_versions v WHERE v.id = $8
		ON CONFLICT (attempt_id, position) DO UPDATE SET tried = excluded.tried, checked = excluded.checked,
		flagged = excluded.flagged, verdict = excluded.verdict, at = excluded.at`
	dropPractised = `DELETE FROM practised WHERE attempt_id = $1 AND position = $2`
)

// PutPractised implements store.Practices. Only what differs is written: a practice that goes on is brought up
// to date again and again.
func (s *Store) PutPractised(ctx context.Context, p store.PractisedAttempt) error {
	attempt, ok := id(p.Attempt)
	if !ok {
		return store.ErrNotFound
	}
	return s.db.Write(ctx, func(c Conn) error {
		if held, err := c.Exec(ctx, holdPractice, attempt); err != nil || held == 0 {
			return err
		}
		newer, err := c.Exec(ctx, putPractice, attempt, p.Version)
		if err != nil || newer == 0 {
			return err
		}
		stored, err := readPractised(ctx, c, attempt)
		if err != nil {
			return err
		}
		return replacePractised(ctx, c, attempt, stored, p.Items)
	})
}

func readPractised(ctx context.Context, c Conn, attempt string) ([]exam.PractisedItem, error) {
	var list []exam.PractisedItem
	err := each(ctx, c, practisedIn, []any{attempt}, func(rows Rows) error {
		var p exam.PractisedItem
		err := rows.Scan(practisedDest(&p)...)
		list = append(list, p)
		return err
	})
	return list, err
}

func replacePractised(ctx context.Context, c Conn, attempt string, stored, items []exam.PractisedItem) error {
	was := map[int]exam.PractisedItem{}
	for _, p := range stored {
		was[p.Position] = p
	}
	for _, p := range items {
		same := p
		same.Version = ""
		if old, ok := was[p.Position]; !ok || old != same {
			_, err := c.Exec(ctx, putPractised, attempt, p.Position, p.Tried, p.Checked, p.Flagged, p.Verdict, p.At, idOrNull(p.Version))
			if err != nil {
				return err
			}
		}
		delete(was, p.Position)
	}
	for position := range was {
		if _, err := c.Exec(ctx, dropPractised, attempt, position); err != nil {
			return err
		}
	}
	return nil
}

const practised = `SELECT ` + practisedColumns + `, a.id, q.id, q.category, q.year
	FROM attempts a JOIN practised w ON w.attempt_id = a.id JOIN questions q ON q.id = w.question_id
	WHERE a.candidate = $1 AND a.status <> 'voided' ORDER BY a.started, a.id, w.position`

// Practised implements store.Practices.
func (s *Store) Practised(ctx context.Context, user string) ([]exam.Practised, error) {
	var list []exam.Practised
	err := each(ctx, s.db, practised, []any{idOrNull(user)}, func(rows Rows) error {
		var p exam.Practised
		err := rows.Scan(append(practisedDest(&p.PractisedItem), &p.Attempt, &p.Question, &p.Category, &p.Year)...)
		list = append(list, p)
		return err
	})
	return list, err
}

var versionsNow = `SELECT q.id, v.id FROM questions q
	JOIN question_versions v ON v.question_id = q.id AND v.revision = q.revision WHERE q.id IN (` + Placeholders(1, batch) + `)`

// CurrentVersions implements store.Practices.
func (s *Store) CurrentVersions(ctx context.Context, questions []string) (map[string]string, error) {
	out := make(map[string]string, len(questions))
	err := inBatches(ctx, s.db, versionsNow, knownIDs(questions), func(rows Rows) error {
		var question, version string
		err := rows.Scan(&question, &version)
		out[question] = version
		return err
	})
	return out, err
}
