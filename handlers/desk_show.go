package handlers

import (
	"net/http"
	"net/url"

	"github.com/go-chi/chi/v5"

	"shiken/exam"
	"shiken/store"
	"shiken/templates"
)

// onDesk bounds the exams and the sets that the desk shows at a glance.
const onDesk = 8

// showDesk is the author's desk: exams and question sets at a glance.
func (s *Server) showDesk(w http.ResponseWriter, r *http.Request) error {
	exams, now, err := s.Store.ExamSummaries(r.Context())
	if err != nil {
		return err
	}
	sets, err := s.Store.Sets(r.Context())
	if err != nil {
		return err
	}
	exams, archived := byArchive(exams)
	view := templates.DeskView{Now: instantTime(now), Exams: s.deskExams(r, exams), Sets: deskSets(sets), Archived: len(archived)}
	view.MoreExams, view.MoreSets = max(len(exams)-onDesk, 0), max(len(sets)-onDesk, 0)
	view.Exams = view.Exams[:len(exams)-view.MoreExams]
	view.Sets = view.Sets[:len(sets)-view.MoreSets]
	return s.desk(w, r, http.StatusOK, func(p templates.Page) component { return templates.Desk(p, view) })
}

// desk writes a page of the author's desk.
func (s *Server) desk(w http.ResponseWriter, r *http.Request, status int, page func(templates.Page) component) error {
	s.render(w, r, status, page(s.pageFor(r, &viewerOf(r).User)))
	return nil
}

func (s *Server) deskExams(r *http.Request, exams []store.ExamSummary) []templates.DeskExam {
	lang := s.locale(r).Tag()
	out := make([]templates.DeskExam, len(exams))
	for i := range exams {
		e := &exams[i]
		d := &e.Definition
		out[i] = templates.DeskExam{
			Slug: d.Slug, Title: d.Title.In(lang), Published: d.Published, Archived: e.Archived != 0,
			Open: e.Open, Closed: e.Closed, Voided: e.Voided,
			Opens: instantTime(d.Rules.Window.Open), Closes: instantTime(d.Rules.Window.Close), Saved: instantTime(e.Saved),
		}
	}
	return out
}

func deskSets(sets []store.SetSummary) []templates.DeskSet {
	out := make([]templates.DeskSet, len(sets))
	for i, set := range sets {
		out[i] = templates.DeskSet{Name: set.Name, Questions: set.Questions, Drafts: set.Drafts, Retired: set.Retired, Loaded: instantTime(set.Loaded)}
	}
	return out
}

// showExams lists the exams for authors; those that are archived where the query asks for them.
func (s *Server) showExams(w http.ResponseWriter, r *http.Request) error {
	exams, now, err := s.Store.ExamSummaries(r.Context())
	if err != nil {
		return err
	}
	exams, filter := listedExams(r, templates.ExamsPath(), exams, func(*store.ExamSummary) bool { return false })
	view := templates.ExamsView{Now: instantTime(now), Exams: s.deskExams(r, exams), Filter: filter}
	return s.desk(w, r, http.StatusOK, func(p templates.Page) component { return templates.Exams(p, view) })
}

// showSets lists the question sets.
func (s *Server) showSets(w http.ResponseWriter, r *http.Request) error {
	sets, err := s.Store.Sets(r.Context())
	if err != nil {
		return err
	}
	view := templates.SetsView{Now: instantTime(nowOf(r)), Sets: deskSets(sets)}
	return s.desk(w, r, http.StatusOK, func(p templates.Page) component { return templates.Sets(p, view) })
}

// textParam reads a text out of the path; what no text column takes is not found.
func textParam(r *http.Request, name string) (string, error) {
	text := chi.URLParam(r, name)
	if r.URL.RawPath != "" { // the router matched the path as it was written
		plain, err := url.PathUnescape(text)
		if err != nil {
			return "", errNotFound
		}
		text = plain
	}
	if !cleanText(text) {
		return "", errNotFound
	}
	return text, nil
}

// revised reads the exam of the path as it is now.
func (s *Server) revised(r *http.Request) (store.Revised, error) {
	slug, err := slugOf(r)
	if err != nil {
		return store.Revised{}, err
	}
	return s.Store.Revised(r.Context(), slug)
}

var kindTypes = func() map[templates.AnswerKind]exam.QuestionType {
	out := map[templates.AnswerKind]exam.QuestionType{}
	for typ, kind := range kinds {
		out[kind] = typ
	}
	return out
}()
