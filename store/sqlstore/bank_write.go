package sqlstore

import (
	"bytes"
	"context"
	"errors"
	"slices"

	"shiken/exam"
	"shiken/store"
)

const (
	// holdSet makes whoever loads or edits questions of the set wait for the end of the transaction.
	holdSet  = `UPDATE question_sets SET moved = moved + 1 WHERE name = $1`
	claimNew = `INSERT INTO question_sets (name, loaded) VALUES ($1, shiken_now()) ON CONFLICT (name) DO UPDATE SET
		loaded = CASE WHEN question_sets.loaded = 0 THEN excluded.loaded ELSE question_sets.loaded END, moved = question_sets.moved + 1`
	setOf     = `SELECT q.set_name FROM questions q WHERE q.id = $1`
	nextPlace = `SELECT coalesce(max(q.place), 0) + 1 FROM questions q WHERE q.set_name = $1`
	bankedNow = `SELECT q.set_name, q.place, q.edition, q.state, q.retired, q.revision, v.id, q.number, q.category, q.year, q.reference,
		q.difficulty, CAST(q.tags AS TEXT), CAST(v.content AS TEXT), k.revision, CAST(k.key AS TEXT), CAST(k.feedback AS TEXT)
		FROM questions q
		JOIN question_versions v ON v.question_id = q.id AND v.revision = q.revision
		JOIN question_keys k ON k.version_id = v.id
			AND k.revision = (SELECT max(l.revision) FROM question_keys l WHERE l.version_id = v.id)
		WHERE q.id = $1`
	reviseQuestion = `UPDATE questions SET number = $2, category = $3, year = $4, reference = $5, difficulty = $6, tags = $7,
		revision = $8, state = $9, edition = edition + 1, edited = shiken_now(), edited_by = $10, kind = $11 WHERE id = $1`
	markQuestion = `UPDATE questions SET state = $2, retired = $3, edition = edition + 1, edited = shiken_now(), edited_by = $4
		WHERE id = $1`
	eventThere  = `SELECT e.note FROM question_events e WHERE e.id = $1`
	insertEvent = `INSERT INTO question_events (question_id, seq, id, at, actor, kind, revision, key_revision, note)
		SELECT $1, coalesce(max(e.seq), 0) + 1, $2, shiken_now(), $3, $4, $5, $6, $7 FROM question_events e WHERE e.question_id = $1`
)

// banked is a question as it is stored while it is edited.
type banked struct {
	set               string
	place, edition    int
	state             store.QuestionState
	retired           bool
	revision          int
	version           string
	question          store.LoadedQuestion // Key.Revision is the newest
	content, key, fed string               // as stored
}

// ReviseQuestion implements store.Actions.
func (s *Store) ReviseQuestion(ctx context.Context, e store.QuestionEdit, media ...store.Media) error {
	identity, ok := id(e.Identity)
	if !ok {
		return store.ErrNotFound
	}
	e.Identity = identity
	return orUnchanged(s.db.Write(ctx, func(c Conn) error {
		if err := putMedia(ctx, c, media); err != nil {
			return err
		}
		w := bankWriter{ctx: ctx, conn: c, search: &s.search}
		if e.Base == 0 {
			return w.create(&e)
		}
		return w.revise(&e)
	}))
}

// bankWriter writes a question of the bank in a transaction.
type bankWriter struct {
	ctx    context.Context
	conn   Conn
	search *SearchIndex
}

func (w *bankWriter) exec(sql string, args ...any) error {
	_, err := w.conn.Exec(w.ctx, sql, args...)
	return err
}

// sentBefore tells whether the form was stored before; ErrMoved when it said another thing in its note.
func (w *bankWriter) sentBefore(event, note string) (bool, error) {
	stored := ""
	err := one(w.ctx, w.conn, eventThere, []any{idOrNull(event)}, &stored)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return false, nil
	case err == nil && stored != note:
		err = store.ErrMoved
	}
	return true, err
}

// again takes a form that was stored before: it may hold by now what was typed since.
func (b *banked) again(e *store.QuestionEdit) error {
	if b.changed(&e.Question) != "" || b.state != e.State {
		return store.ErrMoved
	}
	return errUnchanged
}

// hold reads a question, and keeps everybody else from changing it.
func (w *bankWriter) hold(identity string) (*banked, error) {
	set := ""
	if err := one(w.ctx, w.conn, setOf, []any{identity}, &set); err != nil {
		return nil, err
	}
	if err := w.exec(holdSet, set); err != nil {
		return nil, err
	}
	return readBanked(w.ctx, w.conn, identity)
}

// readBanked reads a question as it is now.
func readBanked(ctx context.Context, c Conn, identity string) (*banked, error) {
	var (
		b    banked
		tags string
	)
	q := &b.question
	err := one(ctx, c, bankedNow, []any{identity}, &b.set, &b.place, &b.edition, &b.state, &b.retired, &b.revision, &b.version,
		&q.Number, &q.Category, &q.Year, &q.Reference, &q.Difficulty, &tags, &b.content, &q.Key.Revision, &b.key, &b.fed)
	revision := q.Key.Revision
	for _, part := range []struct {
		text string
		into any
	}{{tags, &q.Tags}, {b.content, &q.Question}, {b.key, &q.Key}, {b.fed, &q.Feedback}} {
		if err == nil {
			err = read(part.text, part.into)
		}
	}
	q.Key.Revision = revision
	return &b, err
}

// create stores a new question at the end of its set.
func (w *bankWriter) create(e *store.QuestionEdit) error {
	if err := w.exec(claimNew, e.Set); err != nil {
		return err
	}
	if there, err := w.sentBefore(e.Event, e.Note); err != nil {
		return err
	} else if there {
		b, err := w.hold(e.Identity)
		if err != nil {
			return err
		}
		return b.again(e)
	}
	place := 0
	if err := one(w.ctx, w.conn, nextPlace, []any{e.Set}, &place); err != nil {
		return err
	}
	q := e.Question
	tags, err := document(tagsOf(&q))
	if err != nil {
		return err
	}
	err = w.exec(insertQuestion.one, e.Identity, ownKey+e.Identity, place, q.Number, q.Category, q.Year, q.Reference, q.Difficulty,
		tags, 1, q.Question.Type, e.Set, e.State)
	if err != nil {
		return taken(err)
	}
	set := setWriter{ctx: w.ctx, conn: w.conn, set: e.Set}
	if err := errors.Join(set.version(e.Identity, 1, &q), set.flush()); err != nil {
		return err
	}
	if err := w.exec(reviseQuestion, e.Identity, q.Number, q.Category, q.Year, q.Reference, q.Difficulty, tags, 1, e.State, e.Editor, q.Question.Type); err != nil {
		return err
	}
	if err := w.search.indexed(w.ctx, w.conn, e.Set, e.Identity, 1, &q); err != nil {
		return err
	}
	if err := w.event(e.Identity, e.Event, e.Editor, store.QuestionCreated, 1, 1, e.Note); err != nil {
		return err
	}
	return w.stateEvent(e, store.QuestionDraft, 1, 1)
}

func tagsOf(q *store.LoadedQuestion) []string {
	if q.Tags == nil {
		return []string{}
	}
	return q.Tags
}

// revise stores what an edit changes.
func (w *bankWriter) revise(e *store.QuestionEdit) error {
	b, err := w.hold(e.Identity)
	if err != nil {
		return err
	}
	there, err := w.sentBefore(e.Event, e.Note)
	kind := b.changed(&e.Question)
	switch {
	case err != nil:
		return err
	case there:
		return b.again(e)
	case kind == "" && b.state == e.State && e.Note == "":
		return errUnchanged
	case b.edition != e.Base || b.question.Key.Revision != e.KeyBase:
		return store.ErrMoved
	}
	q, revision, keyRevision := e.Question, b.revision, b.question.Key.Revision
	switch kind {
	case store.QuestionEdited:
		revision, keyRevision = revision+1, 1
		set := setWriter{ctx: w.ctx, conn: w.conn, set: b.set}
		err = errors.Join(set.version(e.Identity, revision, &q), set.flush())
	case store.QuestionKeyed:
		keyRevision++
		err = w.key(b.version, keyRevision, &q)
	}
	if err != nil {
		return err
	}
	tags, err := document(tagsOf(&q))
	if err != nil {
		return err
	}
	err = w.exec(reviseQuestion, e.Identity, q.Number, q.Category, q.Year, q.Reference, q.Difficulty, tags, revision, e.State, e.Editor, q.Question.Type)
	if err == nil {
		err = w.search.indexed(w.ctx, w.conn, b.set, e.Identity, revision, &q)
	}
	if err != nil {
		return err
	}
	switch {
	case kind == "" && b.state == e.State:
		kind = store.QuestionCommented
	case kind == "":
		kind, b.state = store.QuestionEventKind(e.State), e.State
	}
	if err := w.event(e.Identity, e.Event, e.Editor, kind, revision, keyRevision, e.Note); err != nil {
		return err
	}
	return w.stateEvent(e, b.state, revision, keyRevision)
}

// changed says what of a question an edit changes; "" for nothing.
func (b *banked) changed(q *store.LoadedQuestion) store.QuestionEventKind {
	was, is := &b.question, *q
	is.Key.Revision = was.Key.Revision
	switch {
	case !bytes.Equal(exam.Canonical(was.Question), exam.Canonical(is.Question)):
		return store.QuestionEdited
	case !bytes.Equal(exam.Canonical(was.Key), exam.Canonical(is.Key)), !bytes.Equal(exam.Canonical(was.Feedback), exam.Canonical(is.Feedback)):
		return store.QuestionKeyed
	case was.Number != is.Number || was.Category != is.Category || was.Year != is.Year || was.Reference != is.Reference ||
		was.Difficulty != is.Difficulty || !slices.Equal(was.Tags, is.Tags):
		return store.QuestionDetailed
	}
	return ""
}

// key stores a further revision of a version's key.
func (w *bankWriter) key(version string, revision int, q *store.LoadedQuestion) error {
	key := q.Key
	key.Revision = revision
	text, err := document(key)
	if err != nil {
		return err
	}
	feedback, err := document(q.Feedback)
	if err != nil {
		return err
	}
	return w.exec(insertKey.one, version, revision, text, feedback)
}

func (w *bankWriter) event(question, event, editor string, kind store.QuestionEventKind, revision, keyRevision int, note string) error {
	return w.exec(insertEvent, question, event, editor, kind, revision, keyRevision, note)
}

// stateEvent tells that an edit brought the question into another state.
func (w *bankWriter) stateEvent(e *store.QuestionEdit, was store.QuestionState, revision, keyRevision int) error {
	if was == e.State {
		return nil
	}
	event, err := newID()
	if err != nil {
		return err
	}
	return w.event(e.Identity, event, e.Editor, store.QuestionEventKind(e.State), revision, keyRevision, "")
}

// MarkQuestion implements store.Actions.
func (s *Store) MarkQuestion(ctx context.Context, m store.QuestionMark) error {
	identity, ok := id(m.Identity)
	if !ok {
		return store.ErrNotFound
	}
	return orUnchanged(s.db.Write(ctx, func(c Conn) error {
		w := bankWriter{ctx: ctx, conn: c, search: &s.search}
		b, err := w.hold(identity)
		if err != nil {
			return err
		}
		if there, err := w.sentBefore(m.Event, m.Note); err != nil {
			return err
		} else if there {
			return errUnchanged
		}
		if m.Kind != store.QuestionCommented {
			if b.edition != m.Base {
				return store.ErrMoved
			}
			if err := w.mark(identity, b, &m); err != nil {
				return err
			}
		}
		return w.event(identity, m.Event, m.Editor, m.Kind, b.revision, b.question.Key.Revision, m.Note)
	}))
}

func (w *bankWriter) mark(identity string, b *banked, m *store.QuestionMark) error {
	state, retired := b.state, b.retired
	switch m.Kind {
	case store.QuestionRetired:
		retired = true
	case store.QuestionRestored:
		retired = false
	default:
		state = store.QuestionState(m.Kind)
	}
	if state == b.state && retired == b.retired {
		return errUnchanged
	}
	return w.exec(markQuestion, identity, state, retired, m.Editor)
}
