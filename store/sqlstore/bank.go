package sqlstore

import (
	"context"

	"shiken/exam"
	"shiken/store"
)

// currentVersion is the id of the current version of a question.
const currentVersion = `SELECT v.id FROM questions q JOIN question_versions v ON v.question_id = q.id AND v.revision = q.revision
	WHERE q.id = $1`

// Question implements store.Bank.
func (s *Store) Question(ctx context.Context, identity string) (store.StoredQuestion, error) {
	versions, err := texts(ctx, s.db, currentVersion, idOrNull(identity))
	if err != nil {
		return store.StoredQuestion{}, err
	}
	list, err := s.storedQuestions(ctx, versions)
	if err == nil && len(list) == 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		return store.StoredQuestion{}, err
	}
	return list[0], nil
}

const versionsOf = `SELECT v.id, v.revision, v.created, CAST(v.content AS TEXT) FROM question_versions v
	WHERE v.question_id = $1 ORDER BY v.revision DESC LIMIT $2`

// QuestionVersions implements store.Bank.
func (s *Store) QuestionVersions(ctx context.Context, identity string, limit int) ([]store.QuestionVersion, error) {
	var (
		list []store.QuestionVersion
		ids  []string
	)
	err := each(ctx, s.db, versionsOf, []any{idOrNull(identity), limit}, func(rows Rows) error {
		var (
			v       store.QuestionVersion
			content string
		)
		if err := rows.Scan(&v.Version, &v.Revision, &v.Created, &content); err != nil {
			return err
		}
		err := read(content, &v.Question)
		list, ids = append(list, v), append(ids, v.Version)
		return err
	})
	if err != nil {
		return nil, err
	}
	keys, err := s.Keys(ctx, ids)
	for i := range list {
		list[i].KeyedFeedback = keys[list[i].Version]
	}
	return list, err
}

const eventsOf = `SELECT e.id, e.at, e.actor, e.kind, e.revision, e.key_revision, e.note FROM question_events e
	WHERE e.question_id = $1 ORDER BY e.seq DESC LIMIT $2`

// QuestionEvents implements store.Bank.
func (s *Store) QuestionEvents(ctx context.Context, identity string, limit int) ([]store.QuestionEvent, error) {
	var list []store.QuestionEvent
	err := each(ctx, s.db, eventsOf, []any{idOrNull(identity), limit}, func(rows Rows) error {
		var e store.QuestionEvent
		err := rows.Scan(&e.ID, &e.At, &e.Actor, &e.Kind, &e.Revision, &e.KeyRevision, &e.Note)
		list = append(list, e)
		return err
	})
	return list, err
}

// drawn is the condition that a question may be drawn.
const drawn = `NOT q.retired AND q.state = 'approved'`

const undrawn = `SELECT q.category, q.year, CAST(q.tags AS TEXT), q.retired FROM questions q WHERE q.set_name = $1 AND NOT (` + drawn + `) AND ` + shown

// LeftOut implements store.Bank.
func (s *Store) LeftOut(ctx context.Context, from exam.Source) (store.LeftOut, error) {
	var n store.LeftOut
	err := each(ctx, s.db, undrawn, []any{from.Set}, func(rows Rows) error {
		var (
			category, tags string
			year           int
			retired        bool
		)
		if err := rows.Scan(&category, &year, &tags, &retired); err != nil {
			return err
		}
		fit, err := fits(&from, category, year, tags)
		switch {
		case !fit:
		case retired:
			n.Retired++
		default:
			n.Unapproved++
		}
		return err
	})
	return n, err
}

// fits reports whether a source takes questions of a category, a year and tags, a list in JSON that is
// read only where it matters.
func fits(from *exam.Source, category string, year int, tags string) (bool, error) {
	var list []string
	if len(from.Tag) > 0 {
		if err := read(tags, &list); err != nil {
			return false, err
		}
	}
	return from.Takes(category, year, list), nil
}
