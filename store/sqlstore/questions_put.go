package sqlstore

import (
	"cmp"
	"context"
	"fmt"
	"hash/maphash"
	"slices"
	"strconv"

	"shiken/exam"
	"shiken/store"
)

// storedQuestion is what loading compares a question of a set with.
type storedQuestion struct {
	id, sourceKey, number, hash string
	revision, edition           int
	retired                     bool
	edited                      int64  // when it was last edited here; 0: it is as it was loaded
	details                     uint64 // what detailsOf says of it
}

// name is what an author knows the question by.
func (q *storedQuestion) name() string { return cmp.Or(q.number, q.sourceKey, q.id) }

// placed is a loaded question with the stored one that it is, if any.
type placed struct {
	loaded  *store.LoadedQuestion
	stored  *storedQuestion // nil: new
	changed bool            // content or key make a new version
	// detailed: what it is filtered and called by is other than in the file, or a load retired it.
	detailed bool
	// kept: it was edited here and says something else than the file; replaced: it did so.
	kept, replaced bool
}

const (
	// claimSet makes the set, or holds its row, so that two loads come after each other.
	claimSet = `INSERT INTO question_sets (name, loaded) VALUES ($1, shiken_now())
		ON CONFLICT (name) DO UPDATE SET loaded = excluded.loaded`
	questionsOfSet = `SELECT q.id, coalesce(q.source_key, ''), q.number, v.content_hash, q.revision, q.edition, q.retired, q.edited,
		q.category, q.year, q.reference, q.difficulty, CAST(q.tags AS TEXT)
		FROM questions q JOIN question_versions v ON v.question_id = q.id AND v.revision = q.revision
		WHERE q.set_name = $1 ORDER BY q.place, q.id`
)

// PutQuestions implements store.Exams.
func (s *Store) PutQuestions(ctx context.Context, set string, questions []store.LoadedQuestion, media ...store.Media) (store.LoadResult, error) {
	return s.LoadQuestions(ctx, set, questions, store.LoadChoice{}, media...)
}

// LoadQuestions implements store.Actions.
func (s *Store) LoadQuestions(ctx context.Context, set string, questions []store.LoadedQuestion, choice store.LoadChoice, media ...store.Media) (store.LoadResult, error) {
	var result store.LoadResult
	err := s.db.Write(ctx, func(c Conn) error {
		if _, err := c.Exec(ctx, claimSet, set); err != nil {
			return err
		}
		stored, err := readSet(ctx, c, set)
		if err != nil {
			return err
		}
		plan, absent, err := match(stored, questions)
		if err != nil {
			return err
		}
		if err := settle(ctx, c, plan, &choice); err != nil {
			return err
		}
		result = count(plan, absent)
		if err := putMedia(ctx, c, media); err != nil {
			return err
		}
		w := setWriter{ctx: ctx, conn: c, set: set, search: &s.search, editor: choice.Editor}
		if err := w.write(plan, absent); err != nil {
			return err
		}
		result.Retired, err = w.retire(absent, &choice)
		return err
	})
	if err != nil {
		return store.LoadResult{}, err
	}
	return result, nil
}

func readSet(ctx context.Context, c Conn, set string) ([]*storedQuestion, error) {
	var list []*storedQuestion
	err := each(ctx, c, questionsOfSet, []any{set}, func(rows Rows) error {
		var (
			q    storedQuestion
			d    store.LoadedQuestion
			tags string
		)
		err := rows.Scan(&q.id, &q.sourceKey, &q.number, &q.hash, &q.revision, &q.edition, &q.retired, &q.edited,
			&d.Category, &d.Year, &d.Reference, &d.Difficulty, &tags)
		if err == nil && tags != "[]" {
			err = read(tags, &d.Tags)
		}
		d.Number = q.number
		q.details = detailsOf(&d)
		list = append(list, &q)
		return err
	})
	return list, err
}

// detailSeed makes the sums of details, which are compared within one process alone.
var detailSeed = maphash.MakeSeed()

// detailsOf sums up what a question is filtered and called by.
func detailsOf(q *store.LoadedQuestion) uint64 {
	var h maphash.Hash
	h.SetSeed(detailSeed)
	for _, s := range append([]string{q.Number, q.Category, strconv.Itoa(q.Year), q.Reference, q.Difficulty}, q.Tags...) {
		_, _ = h.WriteString(s)
		_ = h.WriteByte(0)
	}
	return h.Sum64()
}

// match finds the stored question that each loaded one is: first the one of its key with its
// content, then one with its content under another key, then the one of its key. It returns the
// stored questions that nothing matched, too.
func match(stored []*storedQuestion, questions []store.LoadedQuestion) ([]placed, []*storedQuestion, error) {
	plan := make([]placed, len(questions))
	keys := map[string]bool{}
	for i := range questions {
		plan[i].loaded = &questions[i]
		key := questions[i].SourceKey
		if key == "" || keys[key] {
			return nil, nil, fmt.Errorf("%w: source key %q of question %d", store.ErrExists, key, i+1)
		}
		keys[key] = true
	}
	c := claims{stored: stored, taken: map[*storedQuestion]bool{}}
	c.claim(plan, func(q *store.LoadedQuestion) string { return both(q.SourceKey, q.ContentHash) },
		func(s *storedQuestion) string { return both(s.sourceKey, s.hash) })
	c.claim(plan, func(q *store.LoadedQuestion) string { return q.ContentHash },
		func(s *storedQuestion) string { return s.hash })
	c.claim(plan, func(q *store.LoadedQuestion) string { return q.SourceKey },
		func(s *storedQuestion) string { return s.sourceKey })
	for i := range plan {
		p := &plan[i]
		if p.stored != nil {
			p.changed = p.stored.hash != p.loaded.ContentHash
			p.detailed = p.stored.edited == 0 && (p.stored.retired || p.stored.details != detailsOf(p.loaded))
		}
	}
	return plan, c.free(), nil
}

// settle decides of the questions that were edited here and say something else than the file: they are
// kept, or replaced. What is replaced becomes a new version, so that the key by which former papers are
// marked stays as it was corrected.
func settle(ctx context.Context, c Conn, plan []placed, choice *store.LoadChoice) error {
	for i := range plan {
		p := &plan[i]
		if p.stored == nil || p.stored.edited == 0 {
			continue
		}
		b, err := readBanked(ctx, c, p.stored.id)
		if err != nil {
			return err
		}
		kind := b.changed(p.loaded)
		other := kind != "" || b.state != store.QuestionApproved || b.retired
		replace := choice.Replaces(p.stored.id, b.edition)
		p.kept, p.replaced = other && !replace, other && replace
		p.changed = p.replaced && (kind == store.QuestionEdited || kind == store.QuestionKeyed)
	}
	return nil
}

func both(key, hash string) string { return key + "\x00" + hash }

// claims says which stored questions a loaded one is already.
type claims struct {
	stored []*storedQuestion // in the set's order
	taken  map[*storedQuestion]bool
}

// claim gives each loaded question that has none yet a free stored one with the same name. Among
// equals both go in order, the first to the first, so that the same file always gives the same.
func (c *claims) claim(plan []placed, ofLoaded func(*store.LoadedQuestion) string, ofStored func(*storedQuestion) string) {
	named := map[string][]*storedQuestion{}
	for _, q := range c.free() {
		named[ofStored(q)] = append(named[ofStored(q)], q)
	}
	for i := range plan {
		p := &plan[i]
		list := named[ofLoaded(p.loaded)]
		if p.stored != nil || len(list) == 0 {
			continue
		}
		p.stored = list[0]
		named[ofLoaded(p.loaded)] = list[1:]
		c.taken[p.stored] = true
	}
}

// free are those that no loaded question is.
func (c *claims) free() []*storedQuestion {
	return slices.DeleteFunc(slices.Clone(c.stored), func(q *storedQuestion) bool { return c.taken[q] })
}

// change is what the load makes of the question.
func (p *placed) change() store.LoadChange {
	switch {
	case p.stored == nil:
		return store.LoadNew
	case p.kept:
		return store.LoadEdited
	case p.changed, p.replaced, p.detailed:
		return store.LoadChanged
	}
	return store.LoadUnchanged
}

func count(plan []placed, absent []*storedQuestion) store.LoadResult {
	var r store.LoadResult
	for _, p := range plan {
		switch p.change() {
		case store.LoadNew:
			r.New++
		case store.LoadEdited:
			r.Edited++
			if r.Edited <= store.MaxAbsentListed {
				r.EditedList = append(r.EditedList, p.stored.name())
			}
		case store.LoadChanged:
			r.Changed++
		default:
			r.Unchanged++
		}
	}
	for _, q := range absent {
		if q.retired {
			continue
		}
		r.Absent++
		if r.Absent <= store.MaxAbsentListed {
			r.AbsentList = append(r.AbsentList, q.name())
		}
	}
	return r
}

// progressStep is how many questions are written between two words of progress.
const progressStep = 500

// setWriter writes the questions of one set.
type setWriter struct {
	ctx  context.Context
	conn Conn
	set  string

	search *SearchIndex
	editor string // whom the history of what is retired or brought back names
}

const (
	releaseKey  = `UPDATE questions SET source_key = NULL WHERE id = $1`
	placeKept   = `UPDATE questions SET source_key = $2, place = $3 WHERE id = $1`
	placeAbsent = `UPDATE questions SET place = $2 WHERE id = $1`
)

// write frees every key that goes from one question to another first, since keys are unique.
func (w *setWriter) write(plan []placed, absent []*storedQuestion) error {
	wanted := map[string]*storedQuestion{}
	for _, p := range plan {
		wanted[p.loaded.SourceKey] = p.stored
	}
	for _, q := range absent {
		if _, gone := wanted[q.sourceKey]; gone {
			if err := w.exec(releaseKey, q.id); err != nil {
				return err
			}
		}
	}
	for _, p := range plan {
		if p.stored != nil && p.stored.sourceKey != p.loaded.SourceKey {
			if err := w.exec(releaseKey, p.stored.id); err != nil {
				return err
			}
		}
	}
	for i, p := range plan {
		if i%progressStep == 0 {
			store.Progress(w.ctx, i)
		}
		if err := w.question(i+1, p); err != nil {
			return err
		}
	}
	for i, q := range absent {
		if err := w.exec(placeAbsent, q.id, len(plan)+i+1); err != nil {
			return err
		}
	}
	return nil
}

func (w *setWriter) exec(sql string, args ...any) error {
	_, err := w.conn.Exec(w.ctx, sql, args...)
	return err
}

const (
	insertQuestion = `INSERT INTO questions (id, source_key, place, number, category, year, reference, difficulty,
		tags, revision, kind, set_name, retired) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, FALSE)`
	replaceQuestion = `UPDATE questions SET source_key = $2, place = $3, number = $4, category = $5, year = $6,
		reference = $7, difficulty = $8, tags = $9, revision = $10, kind = $11, retired = FALSE, state = 'approved',
		edition = edition + CASE WHEN revision = $10 AND number = $4 AND category = $5 AND year = $6 AND reference = $7
			AND difficulty = $8 AND tags = $9 AND NOT retired AND state = 'approved' THEN 0 ELSE 1 END,
		edited = CASE WHEN revision = $10 THEN edited ELSE 0 END, edited_by = CASE WHEN revision = $10 THEN edited_by ELSE '' END
		WHERE id = $1`
	insertVersion = `INSERT INTO question_versions (id, question_id, revision, content, content_hash, created)
		VALUES ($1, $2, $3, $4, $5, shiken_now())`
	insertKey = `INSERT INTO question_keys (version_id, revision, key, feedback, created)
		VALUES ($1, $2, $3, $4, shiken_now())`
)

func (w *setWriter) question(place int, p placed) error {
	q := p.loaded
	if p.kept {
		return w.exec(placeKept, p.stored.id, q.SourceKey, place)
	}
	tags := q.Tags
	if tags == nil {
		tags = []string{}
	}
	words, err := document(tags)
	if err != nil {
		return err
	}
	identity, revision := "", 1
	if p.stored != nil {
		identity, revision = p.stored.id, p.stored.revision
	} else if identity, err = newID(); err != nil {
		return err
	}
	if p.changed {
		revision++
	}
	args := []any{identity, q.SourceKey, place, q.Number, q.Category, q.Year, q.Reference, q.Difficulty, words, revision, q.Question.Type}
	if p.stored == nil {
		err = w.exec(insertQuestion, append(args, w.set)...)
	} else {
		err = w.exec(replaceQuestion, args...)
	}
	if err == nil && (p.stored == nil || p.changed) {
		err = w.version(identity, revision, q)
	}
	if err == nil && p.stored != nil && p.stored.retired {
		err = w.history(identity, revision, store.QuestionRestored)
	}
	if err != nil {
		return err
	}
	return w.search.indexed(w.ctx, w.conn, w.set, identity, revision, q)
}

// version stores content and key; the key's revisions count from 1 for each version.
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
	if err := w.exec(insertVersion, version, question, revision, content, q.ContentHash); err != nil {
		return err
	}
	return w.exec(insertKey, version, key.Revision, keyText, feedback)
}
