package handlers

import (
	"net/http"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/store"
	"shiken/templates"
)

// showReview lists every position before submission. In linear navigation it exists only at the end.
func (s *Server) showReview(w http.ResponseWriter, r *http.Request) error {
	snap, err := s.load(r)
	if err != nil {
		return err
	}
	a := &snap.Attempt
	switch {
	case a.Status.Closed() || a.Status == exam.Voided:
		return seeOther(w, r, templates.ResultPath(a.ID), templates.NoteClosed)
	case isOver(snap):
		return seeOther(w, r, templates.ResultPath(a.ID), "")
	case heldElsewhere(snap):
		return s.renderElsewhere(w, r, snap)
	case exam.MayReview(snap.Paper, a) != "":
		return seeOther(w, r, pathTo(snap.Paper, a.ID, a.Cursor), templates.NoteCursor)
	case a.Status == exam.Paused:
		return s.renderPaused(w, r, snap)
	}
	page := s.pageFor(r, &snap.Viewer.User)
	s.render(w, r, http.StatusOK, templates.Review(page, s.reviewView(r, snap)))
	return nil
}

func (s *Server) reviewView(r *http.Request, snap *store.Snapshot) templates.ReviewView {
	view := templates.ReviewView{
		Sitting: s.sitting(r, snap, 0), Positions: positions(snap, 0),
		CommandID: uuid.NewString(),
	}
	view.Rev = snap.Attempt.Changes
	return view
}

// submitAttempt hands the attempt in. Closing is committed before marking begins (R13); whatever
// hinders the marking, a later round makes up for it.
func (s *Server) submitAttempt(w http.ResponseWriter, r *http.Request) error {
	form, err := parseForm(r)
	if err != nil {
		return err
	}
	c, err := submitCommand(form)
	if err != nil {
		return err
	}
	d, err := s.command(r, c, func(*store.Snapshot, *exam.Command) error { return nil })
	if err != nil {
		return err
	}
	if d.outcome.Result == exam.Rejected {
		return s.answerSubmitRejected(w, r, d)
	}
	s.Board.Changed(d.snap.Attempt.ID)
	if d.snap.Attempt.Marking == exam.MarkingPending {
		ctx, cancel := commandContext(r)
		defer cancel()
		if err := s.Proctor.Mark(ctx, d.snap.Attempt.ID); err != nil {
			s.Logger.Warn("marking put off", "request_id", of(r).id, "attempt", d.snap.Attempt.ID, "error", err)
		}
	}
	s.tellAnswered(w, c.ID)
	return seeOther(w, r, d.location(), "")
}

func submitCommand(form map[string][]string) (exam.Command, error) {
	c := exam.Command{Kind: exam.Submit, Actor: exam.Actor{Role: exam.Candidate}}
	id, errID := uuidField(form, "command_id")
	rev, errRev := countField(form, "rev", 0, maxCount)
	opening, errOpening := countField(form, "opening", 1, maxOpening)
	if errID != nil || errRev != nil || errOpening != nil {
		return c, errMalformed
	}
	c.ID, c.Rev, c.Opening = id, rev, int(opening)
	return c, nil
}

// answerSubmitRejected: when answers changed since, the review page again with the positions that
// did; else the page of the reason.
func (s *Server) answerSubmitRejected(w http.ResponseWriter, r *http.Request, d done) error {
	a, p := &d.snap.Attempt, d.snap.Paper
	if d.outcome.Reason != exam.Stale || exam.MaySubmit(p, a, d.snap.Now) != "" {
		return s.answerRejected(w, r, d)
	}
	view := s.reviewView(r, &d.snap)
	view.Outcome, view.Reason = string(exam.Rejected), string(exam.Stale)
	view.Changed = a.ChangedSince(p, d.command.Rev)
	page := s.pageFor(r, &d.snap.Viewer.User)
	s.render(w, r, statusOf[exam.Stale], templates.Review(page, view))
	return nil
}
