package sqlstore

import (
	"context"
	"errors"

	"shiken/exam"
	"shiken/store"
)

// claimSet makes the set, or holds its row, so that two loads come after each other. Whoever changes questions of a
// set counts it in its row.
const claimSet = `INSERT INTO question_sets (name, loaded) VALUES ($1, shiken_now())
	ON CONFLICT (name) DO UPDATE SET loaded = excluded.loaded, moved = question_sets.moved + 1`

// PutQuestions implements store.Exams.
func (s *Store) PutQuestions(ctx context.Context, set string, questions []store.LoadedQuestion, media ...store.Media) (store.LoadResult, error) {
	return s.LoadQuestions(ctx, store.LoadOf(set, questions, media...))
}

// LoadQuestions implements store.Actions.
func (s *Store) LoadQuestions(ctx context.Context, load store.QuestionLoad) (store.LoadResult, error) {
	if s.stagedFrom == 0 {
		return s.loadAtOnce(ctx, &load)
	}
	for tries := 0; len(load.Names) >= s.stagedFrom && tries < stagingTries; tries++ {
		result, err := s.loadStaged(ctx, &load)
		if errors.Is(err, errTooLate) {
			break
		}
		if !errors.Is(err, errSetMoved) {
			return result, err
		}
	}
	for {
		result, err := s.loadAtOnce(ctx, &load)
		if !errors.Is(err, errClaimed) {
			return result, err
		}
		if err := s.clearSet(ctx, load.Set); err != nil {
			return store.LoadResult{}, err
		}
	}
}

// loadAtOnce is LoadQuestions in one transaction.
func (s *Store) loadAtOnce(ctx context.Context, load *store.QuestionLoad) (store.LoadResult, error) {
	var result store.LoadResult
	err := s.db.Write(ctx, func(c Conn) error {
		result = store.LoadResult{}
		if err := s.unclaimed(ctx, c, load.Set); err != nil {
			return err
		}
		if _, err := c.Exec(ctx, claimSet, load.Set); err != nil {
			return err
		}
		stored, err := readSet(ctx, c, load.Set)
		if err != nil {
			return err
		}
		plan, absent, err := match(stored, load.Names)
		if err == nil {
			absent, err = recognise(ctx, c, load, plan, stored, absent)
		}
		if err != nil {
			return err
		}
		if err := putMedia(ctx, c, load.Media); err != nil {
			return err
		}
		w := setWriter{
			ctx: ctx, conn: c, set: load.Set, state: string(store.QuestionApproved), search: &s.search, choice: &load.Choice,
			chosen: load.Choice.Chosen(), plan: plan, result: &result,
		}
		if err := w.freeKeys(absent); err != nil {
			return err
		}
		if err := w.all(load.Each); err != nil {
			return err
		}
		return w.settleAbsent(absent)
	})
	if err != nil {
		return store.LoadResult{}, err
	}
	return result, nil
}

// progressStep is how many questions are written between two words of progress.
const progressStep = 500

// setWriter writes the questions of one set.
type setWriter struct {
	ctx    context.Context
	conn   Conn
	set    string
	state  string // of new questions
	search *SearchIndex
	choice *store.LoadChoice
	chosen *store.Chosen
	plan   []placed
	at     int // how many of the plan came
	result *store.LoadResult

	// What waits to be inserted, as parameters of rows.
	questions, versions, keys []any
	words                     []foundBy
}

// errOtherQuestions: a file was changed while it was being loaded.
var errOtherQuestions = errors.New("store: the questions are not those that were announced")

// all writes the questions as they come.
func (w *setWriter) all(each func(context.Context, func(*store.LoadedQuestion) error) error) error {
	err := each(w.ctx, func(q *store.LoadedQuestion) error {
		if w.at%progressStep == 0 {
			store.Progress(w.ctx, w.at)
		}
		p, err := next(w.plan, w.at, q)
		if err == nil {
			err = p.settle(w.ctx, w.conn, q, w.chosen)
		}
		if err != nil {
			return err
		}
		w.at++
		p.count(w.result)
		if err := w.question(w.at, p, q); err != nil || len(w.words) < manyRows {
			return err
		}
		return w.flush()
	})
	switch {
	case err != nil:
		return err
	case w.at < len(w.plan):
		return errOtherQuestions
	}
	return w.flush()
}

const (
	releaseKey  = `UPDATE questions SET source_key = NULL WHERE id = $1`
	placeKept   = `UPDATE questions SET source_key = $2, place = $3 WHERE id = $1`
	placeAbsent = `UPDATE questions SET place = $2 WHERE id = $1`
)

// freeKeys frees every key that goes from one question to another first, since keys are unique.
func (w *setWriter) freeKeys(absent []*storedQuestion) error {
	wanted := make(map[string]bool, len(w.plan))
	for i := range w.plan {
		wanted[w.plan[i].loaded.SourceKey] = true
	}
	for _, q := range absent {
		if wanted[q.sourceKey] {
			if err := w.exec(releaseKey, q.id); err != nil {
				return err
			}
		}
	}
	for _, p := range w.plan {
		if p.stored != nil && p.stored.sourceKey != p.loaded.SourceKey {
			if err := w.exec(releaseKey, p.stored.id); err != nil {
				return err
			}
		}
	}
	return nil
}

// settleAbsent counts what the file lacks, puts it behind the rest, and retires what is to be retired.
func (w *setWriter) settleAbsent(absent []*storedQuestion) error {
	countAbsent(w.result, absent)
	if err := w.placeAbsent(absent); err != nil {
		return err
	}
	var err error
	w.result.Retired, err = w.retire(absent)
	return err
}

// placeAbsent puts what the file lacks behind the rest.
func (w *setWriter) placeAbsent(absent []*storedQuestion) error {
	for i, q := range absent {
		if err := w.exec(placeAbsent, q.id, len(w.plan)+i+1); err != nil {
			return err
		}
	}
	return nil
}

func (w *setWriter) exec(sql string, args ...any) error {
	_, err := w.conn.Exec(w.ctx, sql, args...)
	return err
}

const replaceQuestion = `UPDATE questions SET source_key = $2, place = $3, number = $4, category = $5, year = $6,
	reference = $7, difficulty = $8, tags = $9, revision = $10, kind = $11, retired = FALSE, state = 'approved',
	edition = edition + CASE WHEN revision = $10 AND number = $4 AND category = $5 AND year = $6 AND reference = $7
		AND difficulty = $8 AND tags = $9 AND NOT retired AND state = 'approved' THEN 0 ELSE 1 END,
	edited = CASE WHEN revision = $10 THEN edited ELSE 0 END, edited_by = CASE WHEN revision = $10 THEN edited_by ELSE '' END
	WHERE id = $1`

var (
	insertQuestion = Insertion{Into: `INSERT INTO questions (id, source_key, place, number, category, year, reference, difficulty,
		tags, revision, kind, set_name, state, retired) VALUES `, Row: `(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, FALSE)`}.writer()
	insertVersion = Insertion{Into: `INSERT INTO question_versions (id, question_id, revision, content, content_hash, created) VALUES `,
		Row: `(?, ?, ?, ?, ?, shiken_now())`}.writer()
	insertKey = Insertion{Into: `INSERT INTO question_keys (version_id, revision, key, feedback, created) VALUES `,
		Row: `(?, ?, ?, ?, shiken_now())`}.writer()
)

// question writes a question, or gathers what it inserts.
func (w *setWriter) question(place int, p *placed, q *store.LoadedQuestion) error {
	switch p.change() {
	case store.LoadNew:
		return w.create(place, q)
	case store.LoadChanged:
		return w.replace(place, p, q)
	}
	if p.stays(place) {
		return nil
	}
	return w.exec(placeKept, p.stored.id, p.loaded.SourceKey, place)
}

// stays reports whether a question that is as it is in the file also stands where it stands there.
func (p *placed) stays(place int) bool {
	return p.stored.sourceKey == p.loaded.SourceKey && p.stored.place == place
}

// row are the parameters of the row of a question.
func row(identity string, place, revision int, q *store.LoadedQuestion) ([]any, error) {
	tags, err := document(tagsOf(q))
	return []any{identity, q.SourceKey, place, q.Number, q.Category, q.Year, q.Reference, q.Difficulty, tags, revision, q.Question.Type}, err
}

func (w *setWriter) create(place int, q *store.LoadedQuestion) error {
	identity, err := newID()
	if err != nil {
		return err
	}
	args, err := row(identity, place, 1, q)
	if err != nil {
		return err
	}
	w.questions = append(append(w.questions, args...), w.set, w.state)
	w.words = append(w.words, foundByOf(w.set, identity, 1, q))
	return w.version(identity, 1, q)
}

// replace writes a question that is other than in the file.
func (w *setWriter) replace(place int, p *placed, q *store.LoadedQuestion) error {
	identity, revision := p.stored.id, p.stored.revision
	if p.changed {
		revision++
	}
	args, err := row(identity, place, revision, q)
	if err == nil {
		err = w.exec(replaceQuestion, args...)
	}
	if err == nil && p.changed {
		err = w.version(identity, revision, q)
	}
	if err == nil && p.stored.retired {
		err = errors.Join(w.flush(), w.history(identity, revision, store.QuestionRestored))
	}
	w.words = append(w.words, foundByOf(w.set, identity, revision, q))
	return err
}

// version gathers content and key; the key's revisions count from 1 for each version.
func (w *setWriter) version(question string, revision int, q *store.LoadedQuestion) error {
	version, err := newID()
	if err != nil {
		return err
	}
	content, err := document(q.Question)
	if err != nil {
		return err
	}
	key := q.Key
	key.Revision, key.Treatment = 1, exam.ByKey // a treatment is for those who had the version before
	keyText, err := document(key)
	if err != nil {
		return err
	}
	feedback, err := document(q.Feedback)
	if err != nil {
		return err
	}
	w.versions = append(w.versions, version, question, revision, content, q.ContentHash)
	w.keys = append(w.keys, version, key.Revision, keyText, feedback)
	return nil
}

// flush inserts what was gathered.
func (w *setWriter) flush() error {
	for _, rows := range []struct {
		writer rowWriter
		args   *[]any
	}{{insertQuestion, &w.questions}, {insertVersion, &w.versions}, {insertKey, &w.keys}} {
		if err := rows.writer.write(*rows.args, w.exec); err != nil {
			return err
		}
		*rows.args = (*rows.args)[:0]
	}
	words := w.words
	w.words = w.words[:0]
	if len(words) == 0 {
		return nil
	}
	return w.search.keep(w.ctx, w.conn, words)
}
