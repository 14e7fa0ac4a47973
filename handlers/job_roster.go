package handlers

import (
	"encoding/json"
	"errors"
	"net/http"

	"shiken/accounts"
	"shiken/jobs"
	"shiken/store"
	"shiken/templates"
)

// addRoster adds what became of an import. Its passwords are for whoever asked for it.
func (s *Server) addRoster(r *http.Request, view *templates.JobView, job *store.Job) error {
	view.Back = templates.Crumb{Path: templates.PeoplePath, Text: s.locale(r).T("staff.nav.people")}
	if !view.Ended || view.Failed {
		return nil
	}
	var outcome jobs.RosterOutcome
	if err := json.Unmarshal(job.Outcome, &outcome); err != nil {
		return err
	}
	view.Roster = &templates.RosterResult{
		Job: job.ID, New: outcome.New, Updated: outcome.Updated, Unchanged: outcome.Unchanged, Made: outcome.Made,
		Refused: string(outcome.Refused),
	}
	if outcome.Made == 0 || job.Actor != viewerOf(r).User.ID {
		return nil
	}
	_, _, err := s.Rosters.Slips(r.Context(), job.ID, job.Actor)
	if errors.Is(err, store.ErrNotFound) || errors.Is(err, accounts.ErrUnsealable) {
		return nil
	}
	view.Roster.Slips = err == nil
	return err
}
