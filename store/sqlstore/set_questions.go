package sqlstore

import (
	"context"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"shiken/exam"
	"shiken/store"
)

const (
	setThere = `SELECT s.loaded FROM question_sets s WHERE s.name = $1`
	// currentOf joins the questions of a set with their current versions; a filter follows.
	currentOf = ` FROM questions q JOIN question_versions v ON v.question_id = q.id AND v.revision = q.revision`
	inOrder   = ` ORDER BY q.set_name, q.place, q.id`
)

// SetQuestions implements store.Desk. A search reads the selected questions one by one: what they say
// stands in JSON, whose own words are not searched. Letters are compared as NFKC in lower case, on
// every backend alike.
func (s *Store) SetQuestions(ctx context.Context, q store.SetQuery) ([]store.StoredQuestion, int, error) {
	var loaded exam.Instant
	if q.Set != "" {
		if err := one(ctx, s.db, setThere, []any{q.Set}, &loaded); err != nil {
			return nil, 0, err
		}
	}
	find := s.selectQuestions
	if q.Search != "" || q.Tag != "" {
		find = s.searchQuestions
	}
	versions, total, err := find(ctx, &q)
	if err != nil {
		return nil, 0, err
	}
	list, err := s.storedQuestions(ctx, versions)
	return list, total, err
}

func setFilter(q *store.SetQuery) *filter {
	f := &filter{}
	if q.Set != "" {
		f.and(`q.set_name = ?`, q.Set)
	}
	if q.Category != "" {
		f.and(`q.category = ?`, q.Category)
	}
	if q.Year != 0 {
		f.and(`q.year = ?`, q.Year)
	}
	if q.Type != "" {
		f.and(`v.content ->> 'type' = ?`, q.Type)
	}
	if q.State != "" {
		f.and(`NOT q.retired AND q.state = ?`, q.State)
	}
	if q.Retired {
		f.and(`q.retired`)
	}
	return f
}

// selectQuestions lists versions of a page, and counts what the filters leave.
func (s *Store) selectQuestions(ctx context.Context, q *store.SetQuery) ([]string, int, error) {
	f := setFilter(q)
	total := 0
	if err := one(ctx, s.db, `SELECT count(*)`+currentOf+f.where(), f.args, &total); err != nil {
		return nil, 0, err
	}
	page, args := f.page(q.Offset, q.Limit)
	versions, err := texts(ctx, s.db, `SELECT v.id`+currentOf+f.where()+inOrder+page, args...)
	return versions, total, err
}

// searchQuestions is selectQuestions for those that contain what is searched for.
func (s *Store) searchQuestions(ctx context.Context, q *store.SetQuery) ([]string, int, error) {
	f, part, total := setFilter(q), folded(q.Search), 0
	var versions []string
	err := each(ctx, s.db, `SELECT v.id, q.number, q.category, CAST(q.tags AS TEXT), CAST(v.content AS TEXT)`+
		currentOf+f.where()+inOrder, f.args, func(rows Rows) error {
		var (
			x                      store.StoredQuestion
			version, tags, content string
		)
		if err := rows.Scan(&version, &x.Number, &x.Category, &tags, &content); err != nil {
			return err
		}
		if err := decodeQuestion(&x, tags, content); err != nil {
			return err
		}
		if !says(&x, part) || q.Tag != "" && !slices.Contains(x.Tags, q.Tag) {
			return nil
		}
		if total >= q.Offset && total < q.Offset+q.Limit {
			versions = append(versions, version)
		}
		total++
		return nil
	})
	return versions, total, err
}

func folded(text string) string { return strings.ToLower(norm.NFKC.String(text)) }

// says reports whether number, category, tags or content of a question contain a folded text.
func says(q *store.StoredQuestion, part string) bool {
	words := append([]string{q.Number, q.Category, q.Question.Title, q.Question.Stem.Source, q.Question.Stimulus.Source}, q.Tags...)
	for _, o := range q.Question.Options {
		words = append(words, o.Text.Source)
	}
	for _, p := range q.Question.Prompts {
		words = append(words, p.Text.Source)
		for _, o := range p.Options {
			words = append(words, o.Text.Source)
		}
	}
	for _, w := range words {
		if strings.Contains(folded(w), part) {
			return true
		}
	}
	return false
}

func decodeQuestion(q *store.StoredQuestion, tags, content string) error {
	if err := read(tags, &q.Tags); err != nil {
		return err
	}
	return read(content, &q.Question)
}

var storedQuestions = `SELECT q.set_name, q.id, v.id, v.revision, q.number, q.category, q.year, q.reference, q.difficulty,
	CAST(q.tags AS TEXT), q.retired, q.state, q.edition, q.edited, q.edited_by, CAST(v.content AS TEXT)
	FROM question_versions v JOIN questions q ON q.id = v.question_id
	WHERE v.id IN (` + Placeholders(1, batch) + `)`

// storedQuestions reads versions with their questions and keys, in the order in which they are asked for.
func (s *Store) storedQuestions(ctx context.Context, versions []string) ([]store.StoredQuestion, error) {
	found := map[string]store.StoredQuestion{}
	err := inBatches(ctx, s.db, storedQuestions, knownIDs(versions), func(rows Rows) error {
		var (
			q             store.StoredQuestion
			tags, content string
		)
		err := rows.Scan(&q.Set, &q.Identity, &q.Version, &q.Revision, &q.Number, &q.Category, &q.Year, &q.Reference,
			&q.Difficulty, &tags, &q.Retired, &q.State, &q.Edition, &q.Edited, &q.EditedBy, &content)
		if err == nil {
			err = decodeQuestion(&q, tags, content)
		}
		found[q.Version] = q
		return err
	})
	if err != nil {
		return nil, err
	}
	keys, err := s.Keys(ctx, versions)
	if err != nil {
		return nil, err
	}
	list := make([]store.StoredQuestion, 0, len(versions))
	for _, v := range versions {
		q := found[v]
		q.Key, q.Feedback = keys[v].Key, keys[v].Feedback
		list = append(list, q)
	}
	return list, nil
}
