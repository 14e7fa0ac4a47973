package handlers

import (
	"cmp"
	"net/http"
	"slices"

	"shiken/store"
	"shiken/templates"
)

// Bounds of the list of exams.
const (
	examsOnPage = 50
	// maxCounted bounds the exams of which the seats are counted, which reads all of them.
	maxCounted = 10
)

// showAdminHome lists the exams for who runs sittings, those that are being sat first. One that is archived
// while it is being sat stays on the list until nobody sits it.
func (s *Server) showAdminHome(w http.ResponseWriter, r *http.Request) error {
	exams, _, err := s.Store.ExamSummaries(r.Context())
	if err != nil {
		return err
	}
	exams, filter := listedExams(r, templates.AdminPath, exams, func(e *store.ExamSummary) bool { return e.Open > 0 })
	slices.SortStableFunc(exams, func(a, b store.ExamSummary) int { return cmp.Compare(min(b.Open, 1), min(a.Open, 1)) })
	p := templates.Pager{Limit: examsOnPage, Total: len(exams), Path: filter.Shown()}
	p.Offset = min(queryNumber(r.URL.Query(), "offset", 0, maxOffset), p.Total)
	view := templates.AdminHomeView{Pager: p, Filter: filter}
	for i, e := range s.deskExams(r, exams[p.Offset:min(p.Offset+p.Limit, p.Total)]) {
		line := templates.AdminExam{DeskExam: e}
		if e.Open > 0 && i < maxCounted {
			counts, err := s.Store.CountSeats(r.Context(), e.Slug, heard)
			if err != nil {
				return err
			}
			line.Seats = seatChips(counts, "")[1:]
		}
		view.Exams = append(view.Exams, line)
	}
	s.render(w, r, http.StatusOK, templates.AdminHome(s.pageFor(r, &viewerOf(r).User), view))
	return nil
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
