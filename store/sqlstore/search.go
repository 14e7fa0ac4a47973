package sqlstore

import (
	"context"
	"strings"

	"shiken/store"
)

// SearchIndex is how a backend keeps and asks the index of tokens.
type SearchIndex struct {
	// Put stores the words of questions (parameters of a row are the id, the revision, the facets, the words, and
	// the tokens unless PutTokens does so) and gives the number n and the id of each row, none of those whose words
	// are stored already.
	Put Insertion
	// PutTokens stores the tokens of rows (parameters are n and the tokens); nothing when Put does.
	PutTokens Insertion
	// Drop begins the statement that removes the tokens of rows whose numbers a query in parentheses gives; "" when
	// they go with the words.
	Drop string
	// Found selects id, set_name and place of questions q whose words w meet a condition, and which meet another
	// themselves; a LIMIT is put behind it. Without Matches in the first, all words are looked through.
	Found func(matches bool, words, questions string) string
	// Matches is a condition on words, that the tokens are as ? says, and Contains, that the words contain ?.
	Matches, Contains string
	// Listed is the table of questions as q where they are read in order until a page is full.
	Listed string
	// All says that there are all of some tokens, Begun that there is one that begins so.
	All   func(conditions []string) string
	Whole func(token string) string
	Begun func(token string) string

	put, putTokens rowWriter
}

// foundBy is what a question is found by.
type foundBy struct {
	identity      string
	revision      int
	facets, words string
	tokens        string // of both
}

func foundByOf(set, identity string, revision int, q *store.LoadedQuestion) foundBy {
	f := foundBy{
		identity: identity, revision: revision, words: wordsOf(q.Number, q.Category, q.Tags, &q.Question),
		facets: strings.Join(facetsOf(set, q.Category, q.Year, q.Question.Type, q.Tags...), " "),
	}
	f.tokens = strings.TrimSpace(f.facets + " " + gramsOf(f.words)) // no words: a question of signs alone
	f.facets = indexVersion + f.facets
	return f
}

// indexed keeps what a question is found by.
func (s *SearchIndex) indexed(ctx context.Context, c Conn, set, identity string, revision int, q *store.LoadedQuestion) error {
	return s.keep(ctx, c, []foundBy{foundByOf(set, identity, revision, q)})
}

// keep stores what questions are found by.
func (s *SearchIndex) keep(ctx context.Context, c Conn, list []foundBy) error {
	var args []any
	byID := make(map[string]*foundBy, len(list))
	for i := range list {
		f := &list[i]
		byID[f.identity] = f
		args = append(args, f.identity, f.revision, f.facets, f.words)
		if s.PutTokens.Into == "" {
			args = append(args, f.tokens)
		}
	}
	var tokens []any
	err := s.put.write(args, func(sql string, args ...any) error {
		return each(ctx, c, sql, args, func(rows Rows) error {
			var (
				n        int64
				identity string
			)
			err := rows.Scan(&n, &identity)
			if f := byID[identity]; err == nil && s.PutTokens.Into != "" {
				tokens = append(tokens, n, f.tokens)
			}
			return err
		})
	})
	if err != nil {
		return err
	}
	return s.putTokens.write(tokens, execOn(ctx, c))
}

// query is what Matches is asked; "" when no token is known of what is searched for.
func (s *SearchIndex) query(q *store.SetQuery, asked []askedToken) string {
	var conditions, tags []string
	if q.Tag != "" {
		tags = []string{q.Tag}
	}
	for _, token := range facetsOf(q.Set, q.Category, q.Year, q.Type, tags...) {
		conditions = append(conditions, s.Whole(token))
	}
	for _, t := range asked {
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

// searchQuestions lists versions of a page of what a search finds, and counts it up to store.MaxFound. Of more than
// that those are found that the backend comes to first, each time the same while nothing is stored.
func (s *Store) searchQuestions(ctx context.Context, q *store.SetQuery) ([]string, int, error) {
	words := &filter{}
	asked, rest := askedFor(q.Search)
	query := s.search.query(q, asked)
	if query != "" {
		words.and(s.search.Matches, query)
	}
	for _, part := range rest {
		words.and(s.search.Contains, part)
	}
	questions := &filter{args: words.args}
	s.stateFilters(questions, q)
	selected := s.search.Found(query != "", words.all(), questions.all()) + questions.numbered(` LIMIT ?`)
	found, err := texts(ctx, s.db, `SELECT f.id FROM (`+selected+`) f ORDER BY f.set_name, f.place, f.id`, append(questions.args, store.MaxFound)...)
	if err != nil {
		return nil, 0, err
	}
	page := found[min(q.Offset, len(found)):min(q.Offset+q.Limit, len(found))]
	versions, err := s.currentVersions(ctx, page)
	return versions, len(found), err
}

// currentVersions are those of some questions, in their order.
func (s *Store) currentVersions(ctx context.Context, questions []string) ([]string, error) {
	current, err := s.CurrentVersions(ctx, questions)
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
}

// stateFilters adds the conditions that change without a new version.
func (s *Store) stateFilters(f *filter, q *store.SetQuery) {
	if q.State != "" {
		f.and(`NOT q.retired AND q.state = ?`, q.State)
	} else if s.stagedFrom > 0 {
		f.and(shown)
	}
	if q.Retired {
		f.and(`q.retired`)
	}
}
