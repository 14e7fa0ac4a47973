package handlers

import (
	"net/http"
	"slices"

	"shiken/store"
	"shiken/templates"
)

// showAdminHome lists the exams for who runs sittings.
func (s *Server) showAdminHome(w http.ResponseWriter, r *http.Request) error {
	view, err := s.staffExams(r)
	if err != nil {
		return err
	}
	s.render(w, r, http.StatusOK, templates.AdminHome(s.pageFor(r, &viewerOf(r).User), view))
	return nil
}

func (s *Server) staffExams(r *http.Request) (templates.StaffExams, error) {
	summaries, _, err := s.Store.ExamSummaries(r.Context())
	if err != nil {
		return templates.StaffExams{}, err
	}
	var view templates.StaffExams
	lang := s.locale(r).Tag()
	for i := range summaries {
		d := &summaries[i].Definition
		view.Exams = append(view.Exams, templates.StaffExam{
			Slug: d.Slug, Title: d.Title.In(lang), Published: d.Published,
			Open: summaries[i].Open, Closed: summaries[i].Closed,
		})
	}
	return view, nil
}

// staffHome is where staff who sit no exams begin; "" for everybody else.
func staffHome(roles []store.Role) string {
	switch {
	case slices.Contains(roles, store.RoleCandidate):
		return ""
	case admin.admits(roles):
		return "/admin"
	case author.admits(roles):
		return "/author"
	}
	return ""
}
