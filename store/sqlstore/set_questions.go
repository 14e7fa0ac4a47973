package sqlstore

import (
	"context"
	"strings"

	"shiken/exam"
	"shiken/store"
)

const (
	setThere = `SELECT s.loaded FROM question_sets s WHERE s.name = $1 AND s.loaded > 0`
	inOrder  = ` ORDER BY q.set_name, q.place, q.id`
)

// SetQuestions implements store.Desk. Letters are compared as NFKC in lower case, on every backend alike.
func (s *Store) SetQuestions(ctx context.Context, q store.SetQuery) ([]store.StoredQuestion, int, error) {
	var loaded exam.Instant
	if q.Set != "" {
		if err := one(ctx, s.db, setThere, []any{q.Set}, &loaded); err != nil {
			return nil, 0, err
		}
	}
	find := s.selectQuestions
	if strings.TrimSpace(q.Search) != "" || q.Tag != "" {
		find = s.searchQuestions
	}
	versions, total, err := find(ctx, &q)
	if err != nil {
		return nil, 0, err
	}
	list, err := s.storedQuestions(ctx, versions)
	return list, total, err
}

// selectQuestions lists versions of a page, and counts what the filters leave. Each reads one index alone.
func (s *Store) selectQuestions(ctx context.Context, q *store.SetQuery) ([]string, int, error) {
	f := &filter{}
	setFilters(f, q)
	s.stateFilters(f, q)
	total := 0
	if err := one(ctx, s.db, `SELECT count(*) FROM questions q`+f.where(), f.args, &total); err != nil {
		return nil, 0, err
	}
	page, args := f.page(q.Offset, q.Limit)
	found, err := texts(ctx, s.db, `SELECT q.id FROM `+s.search.Listed+f.where()+inOrder+page, args...)
	if err != nil {
		return nil, 0, err
	}
	versions, err := s.currentVersions(ctx, found)
	return versions, total, err
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
