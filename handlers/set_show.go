package handlers

import (
	"net/http"
	"net/url"
	"strconv"

	"shiken/exam"
	"shiken/questionset"
	"shiken/store"
	"shiken/templates"
)

// perSet is how many questions a page shows.
const perSet = 20

// maxSearch bounds a searched text, in bytes.
const maxSearch = 400

// showSet shows the questions of a set as candidates see them, with the key.
func (s *Server) showSet(w http.ResponseWriter, r *http.Request) error {
	set, err := textParam(r, "set")
	if err != nil {
		return err
	}
	q := setQuery(set, r.URL.Query())
	questions, total, err := s.Store.SetQuestions(r.Context(), q)
	if err == nil && q.Offset >= total && total > 0 { // beyond the last page
		q.Offset = (total - 1) / perSet * perSet
		questions, total, err = s.Store.SetQuestions(r.Context(), q)
	}
	if err != nil {
		return err
	}
	facets, err := s.Store.ListedFacets(r.Context(), set)
	if err != nil {
		return err
	}
	view := templates.SetView{
		Name: set, Filter: templates.SetFilter{Search: q.Search, Category: q.Category, Year: q.Year, Kind: kinds[q.Type]},
		Categories: facets.Categories, Years: facets.Years,
		Pager:    templates.Pager{Offset: q.Offset, Limit: perSet, Total: total, Path: setPage(&q)},
		Filtered: q.Search != "" || q.Category != "" || q.Year != 0 || q.Type != "",
	}
	for _, typ := range facets.Types {
		view.Kinds = append(view.Kinds, kinds[typ])
	}
	for _, format := range questionset.WriteFormats() {
		view.Formats = append(view.Formats, string(format))
	}
	if view.Questions, err = s.storedQuestions(r, questions); err != nil {
		return err
	}
	return s.desk(w, r, http.StatusOK, func(p templates.Page) component { return templates.Set(p, view) })
}

// setQuery reads what a set's page is narrowed to; what makes no sense is ignored.
func setQuery(set string, values url.Values) store.SetQuery {
	q := store.SetQuery{Set: set, Search: queryText(values, "q"), Category: queryText(values, "category"), Limit: perSet}
	q.Year = queryNumber(values, "year", 0, 9999)
	q.Type = kindTypes[templates.AnswerKind(values.Get("type"))]
	q.Offset = queryNumber(values, "offset", 0, maxOffset)
	return q
}

// queryText reads a text of the query, "" for one that cannot be searched for.
func queryText(values url.Values, name string) string {
	if v := values.Get(name); cleanText(v) && len(v) <= maxSearch {
		return v
	}
	return ""
}

// queryNumber reads a number of the query, the least for one that is none.
func queryNumber(values url.Values, name string, least, most int) int {
	n, err := wholeNumber(values.Get(name), int64(least), int64(most))
	if err != nil {
		return least
	}
	return int(n)
}

// maxOffset bounds the offset of a page.
const maxOffset = 1_000_000

// setPage is the address of a set's page, without the offset.
func setPage(q *store.SetQuery) string {
	values := url.Values{}
	for name, value := range map[string]string{
		"q": q.Search, "category": q.Category, "type": string(kinds[q.Type]), "year": strconv.Itoa(q.Year),
	} {
		if value != "" && value != "0" {
			values.Set(name, value)
		}
	}
	if len(values) == 0 {
		return templates.SetPath(q.Set)
	}
	return templates.SetPath(q.Set) + "?" + values.Encode()
}

// storedQuestions shows questions of a set.
func (s *Server) storedQuestions(r *http.Request, questions []store.StoredQuestion) ([]templates.DeskQuestion, error) {
	list := make([]deskSource, len(questions))
	for i := range questions {
		q := &questions[i]
		list[i] = deskSource{
			view: templates.DeskQuestion{
				Number: q.Number, Category: q.Category, Year: q.Year, Reference: q.Reference, Difficulty: q.Difficulty,
				Tags: q.Tags, Identity: q.Identity, State: bankState(q),
			},
			question: q.Question, key: q.Key, feedback: q.Feedback,
		}
	}
	return s.deskQuestions(r, list)
}

// deskSource is a question on its way to a page for authors.
type deskSource struct {
	view     templates.DeskQuestion
	question exam.Question
	key      exam.Key
	feedback exam.Feedback
}
