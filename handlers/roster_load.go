package handlers

import (
	"errors"
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"shiken/accounts"
	"shiken/jobs"
	"shiken/store"
	"shiken/templates"
)

// loadRoster asks for the import of a roster without faults: as a job, whose id the form brings, so
// that the same form sent again is the same job.
func (s *Server) loadRoster(w http.ResponseWriter, r *http.Request) error {
	_, id, err := jobForm(r)
	if err != nil {
		return err
	}
	u, err := s.roster(r)
	if errors.Is(err, store.ErrNotFound) && s.importing(r, id) {
		return seeOther(w, r, templates.JobPath(id), "") // imported since: the roster is kept no longer
	}
	if err != nil {
		return err
	}
	roster, err := s.readRoster(&u)
	if errors.Is(err, accounts.ErrUnsealable) || err == nil && len(roster.Faults) > 0 {
		return s.refuseRoster(w, r, &u)
	}
	if err != nil {
		return err
	}
	job, err := jobBy(r, store.JobRoster, id, u.Name, roster.People, jobs.RosterArgs{Upload: u.ID, File: u.Name})
	if err != nil {
		return err
	}
	err = s.ask(r, act(r, store.ActImportUsers, id, importAsked{u.Name, roster.People}), job)
	if errors.Is(err, store.ErrExists) {
		return seeOther(w, r, templates.RosterPath(u.ID), templates.NoteSentBefore)
	}
	if err != nil {
		return err
	}
	return seeOther(w, r, templates.JobPath(id), "")
}

// importing reports whether a job of the viewer's imports, or has imported, the roster of the path.
func (s *Server) importing(r *http.Request, id string) bool {
	job, _, err := s.Store.Job(r.Context(), id)
	if err != nil || job.Kind != store.JobRoster || job.Actor != viewerOf(r).User.ID {
		return false
	}
	upload, err := jobs.RosterOf(&job)
	return err == nil && strings.EqualFold(upload, chi.URLParam(r, "roster"))
}

// importAsked is what the audit log keeps of an import that was asked for; what it did is an entry of
// its own.
type importAsked struct {
	File   string `json:"file"`
	People int    `json:"asked_for"`
}

// refuseRoster shows what is wrong: the page has no button for such a file.
func (s *Server) refuseRoster(w http.ResponseWriter, r *http.Request, u *store.Upload) error {
	view, err := s.rosterView(r, u)
	if err != nil {
		return err
	}
	s.render(w, r, http.StatusUnprocessableEntity, templates.Roster(s.staffPage(r), view))
	return nil
}
