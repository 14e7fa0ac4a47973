package handlers

import (
	"net/http"

	"shiken/exam"
	"shiken/templates"
)

// statusOf is the HTTP status of each reason of rejection (design.md §7).
var statusOf = map[exam.Reason]int{
	exam.Stale: http.StatusConflict, exam.IDReused: http.StatusConflict, exam.ClosedQuestion: http.StatusConflict,
	exam.NotReached: http.StatusConflict, exam.Finished: http.StatusConflict, exam.TimeIsUp: http.StatusConflict,
	exam.IsPaused: http.StatusConflict, exam.IsVoided: http.StatusConflict, exam.OpenElsewhere: http.StatusConflict,
	exam.InvalidAnswer: http.StatusUnprocessableEntity, exam.Unanswered: http.StatusUnprocessableEntity,
	exam.OutOfRange: http.StatusNotFound,
	exam.NotOpen:    http.StatusForbidden, exam.NoAttemptsLeft: http.StatusForbidden,
}

// answerRejected shows what is saved, what was sent, and the next step (R15).
func (s *Server) answerRejected(w http.ResponseWriter, r *http.Request, d done) error {
	if d.outcome.Reason == exam.Unanswered {
		return s.answerUnanswered(w, r, d)
	}
	view := templates.RejectionView{
		Sitting: s.rejectedSitting(r, &d), SentAt: instantTime(d.arrived), NextPath: s.nextAfter(&d),
	}
	if err := s.fillRejection(r, &d, &view); err != nil {
		return err
	}
	page := s.pageFor(r, d.snap.Viewer.User.Name)
	s.render(w, r, statusOf[d.outcome.Reason], templates.Rejected(page, view))
	return nil
}

func (s *Server) rejectedSitting(r *http.Request, d *done) templates.Sitting {
	sitting := s.sitting(r, &d.snap, d.command.Position)
	sitting.Outcome, sitting.Reason = string(exam.Rejected), string(d.outcome.Reason)
	return sitting
}

// fillRejection shows the question with both answers. Of a question that is not there, or that linear
// navigation has not reached, nothing is shown but what was typed; while the attempt is paused, both
// answers without the question.
func (s *Server) fillRejection(r *http.Request, d *done, view *templates.RejectionView) error {
	it := d.snap.Paper.Item(d.command.Position)
	if d.command.Kind == exam.Submit {
		return nil
	}
	view.HasSent, view.Kept = true, true
	if it == nil || d.outcome.Reason == exam.NotReached {
		view.Sent = typedOnly(it, d.command.Answer)
		return nil
	}
	c, err := s.contents.one(r.Context(), it.Version)
	if err != nil {
		return err
	}
	page := s.pageOf(r)
	saved := d.snap.Attempt.Response(d.command.Position)
	body := bodyOf(page, it, c, exam.Answer{})
	if d.outcome.Reason != exam.IsPaused {
		view.Body = &body
	}
	view.Saved = answerLines(page, it, c, saved.Answer)
	view.Sent = body.AnswerLines(page, valuesFor(it, d.command.Answer))
	view.SavedAt = instantTime(saved.SavedAt)
	if s.mayChoose(d, &saved) {
		view.Again = &templates.AnswerForm{
			Keys: s.freshKeys(&d.snap.Attempt, d.command.Position), Fields: fieldsFor(it, d.command.Answer),
		}
	}
	return nil
}

// typedOnly is what a person typed of an answer; the opaque value of an option tells nobody anything.
func typedOnly(it *exam.Item, a exam.Answer) []templates.AnswerLine {
	if it != nil && (it.Type.IsChoice() || it.Type == exam.Matching || it.Type == exam.Ordering) {
		return nil
	}
	return sentText(fieldsFor(it, a))
}

// mayChoose: the rules still allow the candidate to make what was sent the answer (R15).
func (s *Server) mayChoose(d *done, saved *exam.Response) bool {
	switch d.outcome.Reason {
	case exam.Stale, exam.IDReused, exam.OutOfRange:
	default:
		return false
	}
	answer, err := d.snap.Paper.Item(d.command.Position).Canonical(d.command.Answer)
	if err != nil || answer.Equal(saved.Answer) {
		return false
	}
	return exam.MayAnswer(d.snap.Paper, &d.snap.Attempt, d.command.Position, d.snap.Now) == ""
}

// nextAfter is where to go on after a rejection: the question where it can still be answered, else
// wherever the attempt is.
func (s *Server) nextAfter(d *done) string {
	a, n := &d.snap.Attempt, d.command.Position
	if exam.MayAnswer(d.snap.Paper, a, n, d.snap.Now) == "" || d.outcome.Reason == exam.IsPaused && d.snap.Paper.Item(n) != nil {
		return templates.QuestionPath(a.ID, n)
	}
	return s.whereNow(&d.snap)
}

// answerUnanswered is the 422 page of a linear move without an answer: the question again, with the
// checkbox that lets go of it.
func (s *Server) answerUnanswered(w http.ResponseWriter, r *http.Request, d done) error {
	view, err := s.questionView(r, &d.snap, d.command.Position, d.command.Answer)
	if err != nil {
		return err
	}
	view.Outcome, view.Reason, view.AskSkip = string(exam.Rejected), string(d.outcome.Reason), true
	page := s.pageFor(r, d.snap.Viewer.User.Name)
	s.render(w, r, statusOf[exam.Unanswered], templates.Question(page, view))
	return nil
}
