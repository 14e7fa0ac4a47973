package handlers

import (
	"errors"
	"net/http"

	"shiken/jobs"
	"shiken/store"
	"shiken/templates"
)

// correctKey stores a correction as it was shown, and has the attempts regraded.
func (s *Server) correctKey(w http.ResponseWriter, r *http.Request) error {
	form, id, err := jobForm(r)
	if err != nil {
		return err
	}
	if _, err := s.Store.Correction(r.Context(), id); err == nil {
		s.Kick(id)
		return seeOther(w, r, templates.CorrectionPath(id), "")
	}
	c, err := s.correctingOf(r, form)
	if err != nil {
		return err
	}
	if c.problem != "" {
		return s.renderKey(w, r, c, problemStatus(c))
	}
	err = s.storeCorrection(r, c, id)
	if errors.Is(err, store.ErrMoved) {
		if c.stored, err = s.Store.QuestionVersion(r.Context(), c.stored.Version); err != nil {
			return err
		}
		c.problem = "moved"
		return s.renderKey(w, r, c, http.StatusConflict)
	}
	if err != nil {
		return err
	}
	return seeOther(w, r, templates.CorrectionPath(id), "")
}

func (s *Server) storeCorrection(r *http.Request, c *correcting, id string) error {
	ctx, cancel := commandContext(r)
	defer cancel()
	attempts, err := s.Store.Sheets(ctx, store.SheetQuery{Exam: c.exam, Version: c.stored.Version})
	if err != nil {
		return err
	}
	job, err := jobBy(r, store.JobRegrade, id, c.exam, len(attempts), jobs.RegradeArgs{Correction: id})
	if err != nil {
		return err
	}
	correction := store.Correction{
		ID: id, Version: c.stored.Version, Exam: c.exam, Lower: c.lower, Reason: c.reason, Actor: job.Actor,
	}
	act := act(r, store.ActCorrectKey, c.stored.Set, map[string]any{
		"question": questionName(&c.stored), "treatment": string(c.action), "exam": c.exam, "lower": c.lower, "reason": c.reason,
		"count": len(attempts), "job": id,
	})
	_, created, err := s.Store.By(act).CorrectKey(ctx, correction, c.base, c.key, job)
	if err == nil {
		s.kick(id, created)
	}
	return err
}

// regradeAgain goes over the attempts of a correction once more: what was voided then, or awaited a
// marker, may be closed or marked by now. Once another key is the newest the correction's page says that
// it is, and nothing is done.
func (s *Server) regradeAgain(w http.ResponseWriter, r *http.Request) error {
	_, id, err := jobForm(r)
	if err != nil {
		return err
	}
	c, err := s.correctionOf(r)
	if err != nil {
		return err
	}
	q, err := s.Store.QuestionVersion(r.Context(), c.Version)
	if err != nil {
		return err
	}
	if q.Key.Revision != c.Revision {
		return seeOther(w, r, templates.CorrectionPath(c.ID), "")
	}
	if err := s.createRegrade(r, &c, id); err != nil {
		return err
	}
	return seeOther(w, r, templates.CorrectionPath(c.ID)+"?job="+id, "")
}

func (s *Server) createRegrade(r *http.Request, c *store.Correction, id string) error {
	attempts, err := s.Store.Sheets(r.Context(), store.SheetQuery{Exam: c.Exam, Version: c.Version})
	if err != nil {
		return err
	}
	job, err := jobBy(r, store.JobRegrade, id, c.Exam, len(attempts), jobs.RegradeArgs{Correction: c.ID})
	if err != nil {
		return err
	}
	return s.ask(r, act(r, store.ActCorrectKey, c.ID, map[string]any{"reason": c.Reason, "count": len(attempts), "job": id}), job)
}
