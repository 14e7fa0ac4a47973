package sqlstore

import (
	"context"
	"errors"
	"strings"

	"shiken/store"
)

// SearchIndex is how a backend keeps and asks the index of tokens.
type SearchIndex struct {
	// Put stores the words of a question ($1 its id, $2 its revision, $3 its facets, $4 the words, and $5 the
	// tokens unless PutTokens does so) and gives the number n of its row, none when the words are stored already.
	Put string
	// PutTokens stores tokens ($2) of the row n ($1); "" when Put does.
	PutTokens string
	// From is the index with the words w and the questions q; Matches is a condition on it, that the tokens are
	// as ? says, and Contains, that the words contain ?. Order is that in which the index is read. Without
	// Matches all words are looked through: AllWords.
	From, Order, AllWords, Matches, Contains string
	// All says that there are all of some tokens, Begun that there is one that begins so.
	All   func(conditions []string) string
	Whole func(token string) string
	Begun func(token string) string
}

// indexed keeps what a question is found by.
func (s *SearchIndex) indexed(ctx context.Context, c Conn, set, identity string, revision int, q *store.LoadedQuestion) error {
	words := wordsOf(q.Number, q.Category, q.Tags, &q.Question)
	facets := strings.Join(facetsOf(set, q.Category, q.Year, q.Question.Type, q.Tags...), " ")
	args := []any{identity, revision, facets, words}
	if s.PutTokens == "" {
		args = append(args, tokensOf(facets, words))
	}
	var n int64
	err := one(ctx, c, s.Put, args, &n)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err == nil && s.PutTokens != "" {
		_, err = c.Exec(ctx, s.PutTokens, n, tokensOf(facets, words))
	}
	return err
}

// tokensOf are those of facets and of words, of which there are none in a question of signs alone.
func tokensOf(facets, words string) string { return strings.TrimSpace(facets + " " + gramsOf(words)) }

// query is what Matches is asked; "" when no token is known of what is searched for.
func (s *SearchIndex) query(q *store.SetQuery, part string) string {
	var conditions, tags []string
	if q.Tag != "" {
		tags = []string{q.Tag}
	}
	for _, token := range facetsOf(q.Set, q.Category, q.Year, q.Type, tags...) {
		conditions = append(conditions, s.Whole(token))
	}
	for _, t := range askedFor(part) {
		if t.begun {
			conditions = append(conditions, s.Begun(t.token))
		} else {
			conditions = append(conditions, s.Whole(t.token))
		}
	}
	if len(conditions) == 0 {
		return ""
	}
	return s.All(conditions)
}

// searchQuestions lists versions of a page of what a search finds, and counts it up to store.MaxFound. What
// was stored first is found first when there is more.
func (s *Store) searchQuestions(ctx context.Context, q *store.SetQuery) ([]string, int, error) {
	f, part, from, order := &filter{}, folded(q.Search), s.search.AllWords, `w.n`
	if query := s.search.query(q, part); query != "" {
		f.and(s.search.Matches, query)
		from, order = s.search.From, s.search.Order
	}
	if part != "" && !tokenSaysAll(part) {
		f.and(s.search.Contains, part)
	}
	stateFilters(f, q)
	limit := f.numbered(` ORDER BY ` + order + ` LIMIT ?`)
	found, err := texts(ctx, s.db, `SELECT f.id FROM (SELECT q.id, q.set_name, q.place FROM `+from+f.where()+limit+`) f ORDER BY f.set_name, f.place, f.id`,
		append(f.args, store.MaxFound)...)
	if err != nil {
		return nil, 0, err
	}
	page := found[min(q.Offset, len(found)):min(q.Offset+q.Limit, len(found))]
	versions, err := s.currentVersions(ctx, page)
	return versions, len(found), err
}

var currentVersions = `SELECT q.id, v.id FROM questions q JOIN question_versions v ON v.question_id = q.id AND v.revision = q.revision
	WHERE q.id IN (` + Placeholders(1, batch) + `)`

// currentVersions are those of some questions, in their order.
func (s *Store) currentVersions(ctx context.Context, questions []string) ([]string, error) {
	current := map[string]string{}
	err := inBatches(ctx, s.db, currentVersions, knownIDs(questions), func(rows Rows) error {
		var question, version string
		err := rows.Scan(&question, &version)
		current[question] = version
		return err
	})
	versions := make([]string, len(questions))
	for i, q := range questions {
		versions[i] = current[q]
	}
	return versions, err
}

// setFilters adds the conditions that columns of a question answer.
func setFilters(f *filter, q *store.SetQuery) {
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
		f.and(`q.kind = ?`, q.Type)
	}
	stateFilters(f, q)
}

// stateFilters adds the conditions that change without a new version.
func stateFilters(f *filter, q *store.SetQuery) {
	if q.State != "" {
		f.and(`NOT q.retired AND q.state = ?`, q.State)
	}
	if q.Retired {
		f.and(`q.retired`)
	}
}
