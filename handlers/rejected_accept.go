package handlers

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"shiken/exam"
	"shiken/jobs"
	"shiken/store"
	"shiken/templates"
)

// showAccept shows one rejected answer, and asks for the reason of accepting it.
func (s *Server) showAccept(w http.ResponseWriter, r *http.Request) error {
	return s.renderAccept(w, r, http.StatusOK, templates.AcceptView{})
}

// renderAccept shows the page with what was typed, and a fresh id.
func (s *Server) renderAccept(w http.ResponseWriter, r *http.Request, status int, view templates.AcceptView) error {
	x, a, err := s.rejectedAnswer(r)
	if err != nil {
		return err
	}
	tag := s.locale(r).Tag()
	view.Exam, view.Title, view.Job = a.Paper.Exam, a.Paper.Title.In(tag), uuid.NewString()
	view.Now = instantTime(nowOf(r))
	if view.Answer, err = s.rejectedRow(r, a, x); err != nil {
		return err
	}
	s.render(w, r, status, templates.Accept(s.pageFor(r, &viewerOf(r).User), view))
	return nil
}

// rejectedAnswer reads the rejected answer of the path.
func (s *Server) rejectedAnswer(r *http.Request) (*store.RejectedAnswer, *sat, error) {
	id, err := attemptID(r)
	if err != nil {
		return nil, nil, err
	}
	number, err := wholeNumber(chi.URLParam(r, "number"), 1, maxCount)
	if err != nil {
		return nil, nil, errNotFound
	}
	a, err := s.satBy(r, id)
	if err != nil {
		return nil, nil, err
	}
	if a.Paper.Exam != chi.URLParam(r, "exam") {
		return nil, nil, errNotFound
	}
	x, err := s.rejectionOf(r, a, number)
	if err != nil {
		return nil, nil, err
	}
	u, err := s.Store.UserByID(r.Context(), a.Attempt.Candidate)
	if err != nil {
		return nil, nil, err
	}
	x.User, x.Username, x.Name = u.ID, u.Username, u.Name
	return x, a, nil
}

// rejectionOf reads the rejection with a number, and what is saved at its position.
func (s *Server) rejectionOf(r *http.Request, a *sat, number int64) (*store.RejectedAnswer, error) {
	rejections, err := s.Store.Rejections(r.Context(), a.Attempt.ID)
	if err != nil {
		return nil, err
	}
	for i := range rejections {
		x := &rejections[i]
		if x.Number != number || !x.HasAnswer() {
			continue
		}
		q := store.AttemptQuery{Attempt: a.Attempt.ID, Position: x.Payload.Position}
		if a.Snapshot, err = s.Store.LoadAttempt(r.Context(), q); err != nil {
			return nil, err
		}
		return &store.RejectedAnswer{
			Attempt: a.Attempt.ID, Status: a.Attempt.Status, Rejection: *x, Saved: a.Attempt.Response(x.Payload.Position),
			Acceptable: exam.MayAccept(a.Paper, &a.Attempt, x) == "",
		}, nil
	}
	return nil, errNotFound
}

// acceptDetails are what the audit log keeps of an acceptance.
type acceptDetails struct {
	Kind    exam.Kind `json:"kind"`
	Attempt string    `json:"attempt"`
	Late    int64     `json:"late"`
	Reason  string    `json:"reason"`
	Job     string    `json:"job"`
}

// acceptRejected makes a rejected answer the answer of record: as a job of one command, under the id
// that the form brought, so that the same form sent again accepts once (R2).
func (s *Server) acceptRejected(w http.ResponseWriter, r *http.Request) error {
	form, id, err := jobForm(r)
	if err != nil {
		return err
	}
	x, a, err := s.rejectedAnswer(r)
	if err != nil {
		return err
	}
	view := templates.AcceptView{Reason: strings.TrimSpace(form.Get("reason"))}
	if view.Problem = judgeReason(view.Reason); view.Problem != templates.PlanFine {
		return s.renderAccept(w, r, http.StatusUnprocessableEntity, view)
	}
	err = s.createAccept(r, a.Paper.Exam, id, view.Reason, x)
	if errors.Is(err, store.ErrExists) {
		view.Problem, view.Earlier = templates.PlanIDUsed, id
		return s.renderAccept(w, r, http.StatusConflict, view)
	}
	if err != nil {
		return err
	}
	return seeOther(w, r, templates.RejectedPath(a.Paper.Exam)+"?"+url.Values{"job": {id}}.Encode(), "")
}

func (s *Server) createAccept(r *http.Request, slug, id, reason string, x *store.RejectedAnswer) error {
	job, err := jobBy(r, store.JobCommands, id, slug, 1, jobs.CommandArgs{
		Kind: exam.AcceptLate, Late: x.Rejection.Number, Reason: reason, Attempts: []string{x.Attempt},
	})
	if err != nil {
		return err
	}
	return s.ask(r, act(r, store.ActCommand, slug, acceptDetails{exam.AcceptLate, x.Attempt, x.Rejection.Number, reason, id}), job)
}
