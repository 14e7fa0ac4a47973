package sqlstore

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"shiken/store"
)

// storedQuestion is what loading compares a question of a set with.
type storedQuestion struct {
	id, sourceKey, number, hash string
	revision, edition, place    int
	retired                     bool
	edited                      int64 // when it was last edited here; 0: it is as it was loaded
	details                     store.DetailsDigest
}

// name is what an author knows the question by.
func (q *storedQuestion) name() string { return cmp.Or(q.number, q.sourceKey, q.id) }

// key is the source key that a file may know the question by.
func (q *storedQuestion) key() string { return cmp.Or(q.sourceKey, ownKey+q.id) }

const questionsOfSet = `SELECT q.id, coalesce(q.source_key, ''), q.number, v.content_hash, q.revision, q.edition, q.place, q.retired, q.edited,
	q.category, q.year, q.reference, q.difficulty, CAST(q.tags AS TEXT)
	FROM questions q JOIN question_versions v ON v.question_id = q.id AND v.revision = q.revision
	WHERE q.set_name = $1 AND ` + shown + ` ORDER BY q.place, q.id`

func readSet(ctx context.Context, c Conn, set string) ([]*storedQuestion, error) {
	var list []*storedQuestion
	err := each(ctx, c, questionsOfSet, []any{set}, func(rows Rows) error {
		var (
			q    storedQuestion
			d    store.LoadedQuestion
			tags string
		)
		err := rows.Scan(&q.id, &q.sourceKey, &q.number, &q.hash, &q.revision, &q.edition, &q.place, &q.retired, &q.edited,
			&d.Category, &d.Year, &d.Reference, &d.Difficulty, &tags)
		if err == nil && tags != "[]" {
			err = read(tags, &d.Tags)
		}
		d.Number = q.number
		q.details = store.NameOf(&d).Details
		list = append(list, &q)
		return err
	})
	return list, err
}

// placed is a loaded question with the stored one that it is, if any.
type placed struct {
	loaded  store.QuestionName
	stored  *storedQuestion // nil: new
	changed bool            // content or key make a new version
	// detailed: what it is filtered and called by is other than in the file, or a load retired it.
	detailed bool
	// kept: it was edited here and says something else than the file; replaced: it did so.
	kept, replaced bool
}

// match finds the stored question that each loaded one is: first the one of its key with its
// content, then one with its content under another key, then the one of its key. It returns the
// stored questions that nothing matched, too.
func match(stored []*storedQuestion, names []store.QuestionName) ([]placed, []*storedQuestion, error) {
	plan := make([]placed, len(names))
	keys := make(map[string]bool, len(names))
	for i, name := range names {
		plan[i].loaded = name
		if name.SourceKey == "" || keys[name.SourceKey] {
			return nil, nil, fmt.Errorf("%w: source key %q of question %d", store.ErrExists, name.SourceKey, i+1)
		}
		keys[name.SourceKey] = true
	}
	c := claims{stored: stored, taken: map[*storedQuestion]bool{}}
	c.claim(plan, func(n store.QuestionName) store.QuestionName {
		return store.QuestionName{SourceKey: n.SourceKey, ContentHash: n.ContentHash}
	},
		func(s *storedQuestion) store.QuestionName {
			return store.QuestionName{SourceKey: s.key(), ContentHash: s.hash}
		})
	c.claim(plan, func(n store.QuestionName) store.QuestionName { return store.QuestionName{ContentHash: n.ContentHash} },
		func(s *storedQuestion) store.QuestionName { return store.QuestionName{ContentHash: s.hash} })
	c.claim(plan, func(n store.QuestionName) store.QuestionName { return store.QuestionName{SourceKey: n.SourceKey} },
		func(s *storedQuestion) store.QuestionName { return store.QuestionName{SourceKey: s.key()} })
	for i := range plan {
		if plan[i].stored != nil {
			plan[i].compare()
		}
	}
	return plan, c.free(), nil
}

// compare says what of the stored question is other than in the file.
func (p *placed) compare() {
	p.changed = p.stored.hash != p.loaded.ContentHash
	p.detailed = p.stored.edited == 0 && (p.stored.retired || p.stored.details != p.loaded.Details)
}

// claims says which stored questions a loaded one is already.
type claims struct {
	stored []*storedQuestion // in the set's order
	taken  map[*storedQuestion]bool
}

// claim gives each loaded question that has none yet a free stored one with the same name. Among
// equals both go in order, the first to the first, so that the same file always gives the same.
func (c *claims) claim(plan []placed, ofLoaded func(store.QuestionName) store.QuestionName, ofStored func(*storedQuestion) store.QuestionName) {
	free := c.free()
	if len(free) == 0 {
		return
	}
	named := make(map[store.QuestionName][]*storedQuestion, len(free))
	for _, q := range free {
		named[ofStored(q)] = append(named[ofStored(q)], q)
	}
	for i := range plan {
		p := &plan[i]
		if p.stored != nil {
			continue
		}
		list := named[ofLoaded(p.loaded)]
		if len(list) == 0 {
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

// next is the place of the question that comes next, of which at came before.
func next(plan []placed, at int, q *store.LoadedQuestion) (*placed, error) {
	if at == len(plan) || plan[at].loaded != store.NameOf(q) {
		return nil, errOtherQuestions
	}
	return &plan[at], nil
}

// settle decides of a question that was edited here and says something else than the file: it is
// kept, or replaced. What is replaced becomes a new version, so that the key by which former papers are
// marked stays as it was corrected.
func (p *placed) settle(ctx context.Context, c Conn, q *store.LoadedQuestion, chosen *store.Chosen) error {
	if p.stored == nil || p.stored.edited == 0 {
		return nil
	}
	b, err := readBanked(ctx, c, p.stored.id)
	if err != nil {
		return err
	}
	kind := b.changed(q)
	other := kind != "" || b.state != store.QuestionApproved || b.retired
	replace := chosen.Replaces(p.stored.id, b.edition)
	p.kept, p.replaced = other && !replace, other && replace
	p.changed = p.replaced && (kind == store.QuestionEdited || kind == store.QuestionKeyed)
	return nil
}

// settleAll decides of all questions without a choice. Where none was edited here, nothing depends on what
// they say.
func settleAll(ctx context.Context, c Conn, plan []placed, each func(context.Context, func(*store.LoadedQuestion) error) error) error {
	if !slices.ContainsFunc(plan, func(p placed) bool { return p.stored != nil && p.stored.edited != 0 }) {
		return nil
	}
	at, none := 0, (&store.LoadChoice{}).Chosen()
	return each(ctx, func(q *store.LoadedQuestion) error {
		p, err := next(plan, at, q)
		if err != nil {
			return err
		}
		at++
		return p.settle(ctx, c, q, none)
	})
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

// count adds a question that was settled.
func (p *placed) count(r *store.LoadResult) {
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

// countAbsent adds those that the file lacks.
func countAbsent(r *store.LoadResult, absent []*storedQuestion) {
	for _, q := range absent {
		if q.retired {
			continue
		}
		r.Absent++
		if r.Absent <= store.MaxAbsentListed {
			r.AbsentList = append(r.AbsentList, q.name())
		}
	}
}
