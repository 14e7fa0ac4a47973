package handlers

import (
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"shiken/exam"
	"shiken/store"
	"shiken/templates"
)

// questionKind is a kind of questions that a practice may be about, with its name in the form.
type questionKind struct {
	name string
	only exam.Only
}

var questionKinds = []questionKind{{"all", exam.OnlyAll}, {"unseen", exam.OnlyUntried}, {"wrong", exam.OnlyMissed}, {"flagged", exam.OnlyFlagged}}

// maxParts bounds the categories, and the years, that a form may name.
const maxParts = 1_000

// errCount: what was typed as the number of questions is none.
var errCount = errors.New("handlers: no number of questions")

// focusOf reads what the start form of a practice asks for: the zero focus when it asks nothing. What people
// may type wrongly is errCount; all else that no form of ours sends is malformed.
func focusOf(form url.Values) (exam.Focus, error) {
	f := exam.Focus{Categories: form["category"]}
	if len(form["count"]) > 1 || len(form["only"]) > 1 || len(form["category"]) > maxParts || len(form["year"]) > maxParts {
		return f, errMalformed
	}
	if name := form.Get("only"); name != "" {
		i := slices.IndexFunc(questionKinds, func(k questionKind) bool { return k.name == name })
		if i < 0 {
			return f, errMalformed
		}
		f.Only = questionKinds[i].only
	}
	for _, text := range form["year"] {
		year, err := strconv.Atoi(text)
		if err != nil {
			return f, errMalformed
		}
		f.Years = append(f.Years, year)
	}
	count, err := countOf(form.Get("count"))
	f.Count = count
	return f, err
}

// countOf reads a number of questions as people type it, in full width too; nothing is 0.
func countOf(typed string) (int, error) {
	text := strings.TrimSpace(norm.NFKC.String(typed))
	if text == "" {
		return 0, nil
	}
	n, err := wholeNumber(text, 1, exam.MaxQuestions)
	if err != nil {
		return 0, errCount
	}
	return int(n), nil
}

// answerUnfocused is the page of a start that began nothing, since the focus leaves nothing or its number is
// none: the start form as it was filled.
func (s *Server) answerUnfocused(w http.ResponseWriter, r *http.Request, slug string, form url.Values, f *exam.Focus, why error) error {
	problem := templates.FocusNothing
	switch {
	case errors.Is(why, errCount):
		problem = templates.FocusCount
	case errors.Is(why, exam.ErrUnits):
		problem = templates.FocusUnits
	}
	return s.renderExam(w, r, http.StatusUnprocessableEntity, slug, &focusForm{*f, form.Get("count"), problem})
}

// focusForm is a start form as it was sent.
type focusForm struct {
	focus   exam.Focus
	count   string
	problem templates.FocusProblem
}

// focusView is what a candidate may choose of a practice that draws so many questions: as the exam itself
// does, or as it was sent.
func (s *Server) focusView(r *http.Request, state *store.StartState, drawn int, sent *focusForm) (*templates.FocusView, error) {
	pool, err := s.Proctor.Offered(r.Context(), &state.Definition)
	if err != nil {
		return nil, err
	}
	history, _, err := s.Proctor.History(r.Context(), state.User.ID)
	if err != nil {
		return nil, err
	}
	if sent == nil {
		sent = &focusForm{count: strconv.Itoa(drawn)}
	}
	v := &templates.FocusView{Count: sent.count, Problem: sent.problem, Most: min(len(pool), exam.MaxQuestions)}
	for _, k := range questionKinds {
		only := exam.Focus{Only: k.only}
		v.Kinds = append(v.Kinds, templates.FocusKind{
			Value: k.name, N: passing(pool, &history, &only), Chosen: sent.focus.Only == k.only,
		})
	}
	if state.Definition.Attempts > 0 {
		v.Most = min(v.Most, drawn)
	}
	v.Categories, v.Years = partsOf(pool, &sent.focus)
	return v, nil
}

// passing counts the questions that pass a focus.
func passing(pool []exam.PoolQuestion, h *exam.History, f *exam.Focus) int {
	n := 0
	for i := range pool {
		if f.Takes(&pool[i], h) {
			n++
		}
	}
	return n
}

// partsOf are the categories of a pool, as they come, and its years, the newest first.
func partsOf(pool []exam.PoolQuestion, f *exam.Focus) (categories, years []templates.FocusPart) {
	ofCategory, ofYear := map[string]int{}, map[int]int{}
	var order []string
	for i := range pool {
		q := &pool[i]
		if ofCategory[q.Category]++; ofCategory[q.Category] == 1 {
			order = append(order, q.Category)
		}
		ofYear[q.Year]++
	}
	for _, c := range order {
		categories = append(categories, templates.FocusPart{Value: c, N: ofCategory[c], Chosen: slices.Contains(f.Categories, c)})
	}
	for _, y := range slices.Backward(slices.Sorted(maps.Keys(ofYear))) {
		years = append(years, templates.FocusPart{Value: strconv.Itoa(y), N: ofYear[y], Chosen: slices.Contains(f.Years, y)})
	}
	return categories, years
}
