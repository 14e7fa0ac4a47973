package handlers

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"shiken/exam"
	"shiken/store"
	"shiken/templates"
)

// stateRetired filters for what is retired, whatever its state was.
const stateRetired = "retired"

// showBank lists questions over all sets.
func (s *Server) showBank(w http.ResponseWriter, r *http.Request) error {
	filter, q := bankQuery(r.URL.Query())
	questions, total, err := s.Store.SetQuestions(r.Context(), q)
	if err == nil && q.Offset >= total && total > 0 { // beyond the last page
		q.Offset = (total - 1) / perPage * perPage
		questions, total, err = s.Store.SetQuestions(r.Context(), q)
	}
	if err != nil {
		return err
	}
	view := templates.BankView{
		Filter: filter, Filtered: filter != templates.BankFilter{}, Now: instantTime(nowOf(r)),
		Pager: templates.Pager{Offset: q.Offset, Limit: perPage, Total: total, Path: bankPage(&filter)},
	}
	for i := range questions {
		view.Rows = append(view.Rows, s.bankRow(&questions[i]))
	}
	if err := s.addFacets(r, &view); err != nil {
		return err
	}
	return s.desk(w, r, http.StatusOK, func(p templates.Page) component { return templates.Bank(p, view) })
}

// bankQuery reads what the list is narrowed to; what makes no sense is ignored.
func bankQuery(values url.Values) (templates.BankFilter, store.SetQuery) {
	q := setQuery(queryText(values, "set"), values)
	q.Tag, q.Limit = queryText(values, "tag"), perPage
	f := templates.BankFilter{Search: q.Search, Set: q.Set, Category: q.Category, Tag: q.Tag, Year: q.Year, Kind: kinds[q.Type]}
	switch state := values.Get("state"); store.QuestionState(state) {
	case stateRetired:
		f.State, q.Retired = state, true
	case store.QuestionDraft, store.QuestionInReview, store.QuestionApproved:
		f.State, q.State = state, store.QuestionState(state)
	}
	return f, q
}

// bankPage is the address of a list, without the offset.
func bankPage(f *templates.BankFilter) string {
	values := url.Values{}
	for name, value := range map[string]string{
		"q": f.Search, "set": f.Set, "category": f.Category, "tag": f.Tag, "state": f.State, "type": string(f.Kind),
		"year": strconv.Itoa(f.Year),
	} {
		if value != "" && value != "0" {
			values.Set(name, value)
		}
	}
	if len(values) == 0 {
		return templates.BankPath()
	}
	return templates.BankPath() + "?" + values.Encode()
}

// maxLine bounds what a list shows of a question, in characters.
const maxLine = 160

func (s *Server) bankRow(q *store.StoredQuestion) templates.BankRow {
	return templates.BankRow{
		Identity: q.Identity, Set: q.Set, Number: q.Number, Category: q.Category, Year: q.Year, Tags: q.Tags,
		Kind: kinds[q.Question.Type], Text: s.questionLine(&q.Question), State: bankState(q),
		Edited: instantTime(q.Edited), EditedBy: q.EditedBy,
	}
}

func bankState(q *store.StoredQuestion) string {
	if q.Retired {
		return stateRetired
	}
	return string(q.State)
}

// questionLine is a question in one line of text.
func (s *Server) questionLine(q *exam.Question) string {
	text := strings.Join(strings.Fields(s.Render.Plain(q.Stem)), " ")
	line := []rune(cmp.Or(text, q.Title))
	if len(line) > maxLine {
		return string(line[:maxLine]) + "…"
	}
	return string(line)
}

// addFacets adds what the list may be narrowed to.
func (s *Server) addFacets(r *http.Request, view *templates.BankView) error {
	sets, err := s.Store.Sets(r.Context())
	if err != nil {
		return err
	}
	for _, set := range sets {
		view.Sets = append(view.Sets, set.Name)
	}
	for _, kind := range questionTypes() {
		view.Kinds = append(view.Kinds, kinds[kind])
	}
	var f store.AnyFacets
	if view.Filter.Set == "" {
		f, err = s.Store.AnyFacets(r.Context(), maxOffered+1)
	} else {
		var of store.SetFacets
		of, err = s.Store.ListedFacets(r.Context(), view.Filter.Set)
		f = store.AnyFacets{Categories: of.Categories, Years: of.Years, Tags: of.Tags}
	}
	view.Categories, view.MoreCategories = offered(f.Categories, view.Filter.Category)
	view.Years, view.MoreYears = offered(f.Years, view.Filter.Year)
	view.Tags, _ = offered(f.Tags, view.Filter.Tag)
	return err
}

// maxOffered is how many values of a kind a list offers to be narrowed to; more can be typed.
const maxOffered = 200

// offered are the values that a list offers, with the chosen one, and whether there are more.
func offered[T comparable](values []T, chosen T) ([]T, bool) {
	var none T
	list := slices.Clone(values[:min(len(values), maxOffered)])
	if chosen != none && !slices.Contains(list, chosen) {
		list = append(list, chosen)
	}
	return list, len(values) > maxOffered
}
