package handlers

import (
	"net/http"

	"shiken/exam"
	"shiken/internal/worddiff"
	"shiken/templates"
)

// statusOf is the HTTP status of each reason of rejection (design.md §7).
var statusOf = map[exam.Reason]int{
	exam.Stale: http.StatusConflict, exam.IDReused: http.StatusConflict, exam.ClosedQuestion: http.StatusConflict,
	exam.NotReached: http.StatusConflict, exam.Finished: http.StatusConflict, exam.TimeIsUp: http.StatusConflict,
	exam.OtherDevice: http.StatusConflict, exam.IsPaused: http.StatusConflict, exam.IsVoided: http.StatusConflict, exam.OpenElsewhere: http.StatusConflict,
	exam.InvalidAnswer: http.StatusUnprocessableEntity, exam.Unanswered: http.StatusUnprocessableEntity,
	exam.OutOfRange: http.StatusNotFound,
	exam.NotOpen:    http.StatusForbidden, exam.NoAttemptsLeft: http.StatusForbidden,
}

// answerRejected shows what is saved, what was sent, and the next step (R15).
func (s *Server) answerRejected(w http.ResponseWriter, r *http.Request, d done) error {
	mayAnswer := exam.MayAnswer(d.snap.Paper, &d.snap.Attempt, d.command.Position, d.snap.Now) == ""
	if d.outcome.Reason == exam.Unanswered && mayAnswer { // else an old rejection is told again
		return s.answerUnanswered(w, r, d)
	}
	view := templates.RejectionView{
		Sitting: s.rejectedSitting(r, &d), SentAt: instantTime(d.arrived), NextPath: s.nextAfter(&d),
	}
	if err := s.fillRejection(r, &d, &view); err != nil {
		return err
	}
	page := s.pageFor(r, &d.snap.Viewer.User)
	s.render(w, r, statusOf[d.outcome.Reason], templates.Rejected(page, view))
	return nil
}

func (s *Server) rejectedSitting(r *http.Request, d *done) templates.Sitting {
	sitting := s.sitting(r, &d.snap, d.command.Position)
	sitting.Outcome, sitting.Reason = string(exam.Rejected), string(d.outcome.Reason)
	return sitting
}

// fillRejection shows both answers, and the question where the candidate may see it now. What may be
// shown is decided by the state alone: the reason of a rejection may be another's, or an old one. Of a
// question that is not there, or not reached, nothing is shown but what was sent (R12).
func (s *Server) fillRejection(r *http.Request, d *done, view *templates.RejectionView) error {
	if d.outcome.Reason == exam.OtherDevice {
		offerTakeOver(d, view)
	}
	if d.command.Kind == exam.Submit || d.command.Kind == exam.TakeOver {
		return nil
	}
	a, p, n := &d.snap.Attempt, d.snap.Paper, d.command.Position
	it := p.Item(n)
	view.HasSent, view.Kept = true, true
	if it == nil || unreached(p, a, n) {
		view.Sent = sentText(fieldsOfShape(d.command.Answer))
		return nil
	}
	c, err := s.contents.one(r.Context(), it.Version)
	if err != nil {
		return err
	}
	page := s.pageOf(r)
	saved := a.Response(n)
	body := bodyOf(page, it, c, exam.Answer{})
	view.Sent = body.AnswerLines(page, valuesFor(it, d.command.Answer))
	if view.IsElsewhere = heldElsewhere(&d.snap); view.IsElsewhere {
		return nil // the device that holds the attempt shows it
	}
	if exam.MayWrite(p, a, d.snap.Now) == "" {
		view.Body = &body
	}
	view.Saved = answerLines(page, it, c, saved.Answer)
	compareTexts(view.Saved, view.Sent)
	view.SavedAt = instantTime(saved.SavedAt)
	if view.IsConflict() && saved.SavedAt != 0 {
		if view.SavedFrom, err = s.savedWhere(r, &d.snap, saved.SavedAt); err != nil {
			return err
		}
	}
	if mayChoose(d, &saved) {
		view.Again = &templates.AnswerForm{Keys: s.freshKeys(a, n), Fields: fieldsFor(it, d.command.Answer)}
	}
	return nil
}

// compareTexts marks in two answers of one text each what the other does not have.
func compareTexts(saved, sent []templates.AnswerLine) {
	isText := func(lines []templates.AnswerLine) bool {
		return len(lines) == 1 && lines[0].HTML == "" && lines[0].Text != ""
	}
	if !isText(saved) || !isText(sent) || saved[0].Text == sent[0].Text {
		return
	}
	for _, span := range worddiff.Diff(saved[0].Text, sent[0].Text) {
		piece := templates.TextSpan{Text: span.Text, Alone: span.Op != worddiff.Same}
		if span.Op != worddiff.Added {
			saved[0].Spans = append(saved[0].Spans, piece)
		}
		if span.Op != worddiff.Deleted {
			sent[0].Spans = append(sent[0].Spans, piece)
		}
	}
}

// offerTakeOver says on which device the attempt is, and takes the answer that was sent along where the
// candidate goes on here. A rejection that is told again may be an old one: what is over now is not taken over.
func offerTakeOver(d *done, view *templates.RejectionView) {
	if exam.MayTakeOver(d.snap.Paper, &d.snap.Attempt, d.snap.Now) != "" {
		return
	}
	view.Holder, view.Over = holder(&d.snap), takeOverForm(&d.snap)
	if n := d.command.Position; carriesAnswer(d.command.Kind) && d.snap.Paper.Item(n) != nil && !unreached(d.snap.Paper, &d.snap.Attempt, n) {
		view.Over.Position, view.Over.Fields = n, fieldsFor(d.snap.Paper.Item(n), d.command.Answer)
	}
}

// unreached: linear navigation has not come to the position. Nothing of its question may be told, nor
// of which type it is.
func unreached(p *exam.Paper, a *exam.Attempt, n int) bool {
	return p.Rules.Navigation == exam.Linear && n > a.Cursor
}

// mayChoose: the rules allow the candidate to make what was sent the answer (R15), now or, while the
// attempt is paused, when it goes on.
func mayChoose(d *done, saved *exam.Response) bool {
	a, p, n, now := d.snap.Attempt, d.snap.Paper, d.command.Position, d.snap.Now
	answer, err := p.Item(n).Canonical(d.command.Answer)
	if err != nil || answer.Equal(saved.Answer) || heldElsewhere(&d.snap) {
		return false
	}
	if a.Status == exam.Paused {
		a.Status, now = exam.InProgress, a.Stopped // as it stood when its clock was stopped
	}
	return exam.MayAnswer(p, &a, n, now) == ""
}

// nextAfter is where to go on after a rejection: the question where it can still be answered, else
// wherever the attempt is.
func (s *Server) nextAfter(d *done) string {
	a, n := &d.snap.Attempt, d.command.Position
	if exam.MayAnswer(d.snap.Paper, a, n, d.snap.Now) == "" || a.Status == exam.Paused && d.snap.Paper.Item(n) != nil {
		return templates.QuestionPath(a.ID, n)
	}
	return s.whereNow(&d.snap)
}

// answerUnanswered is the 422 page of a linear move without an answer: the question again, with the
// checkbox that lets go of it.
func (s *Server) answerUnanswered(w http.ResponseWriter, r *http.Request, d done) error {
	page := s.pageFor(r, &d.snap.Viewer.User)
	view, err := s.unansweredView(r, page, &d)
	if err != nil {
		return err
	}
	s.render(w, r, statusOf[exam.Unanswered], templates.Question(page, view))
	return nil
}

func (s *Server) unansweredView(r *http.Request, page templates.Page, d *done) (templates.QuestionView, error) {
	view, err := s.questionView(r, &d.snap, d.command.Position, d.command.Answer)
	if err != nil {
		return view, err
	}
	view.Outcome, view.Reason, view.AskSkip = string(exam.Rejected), string(d.outcome.Reason), true
	view.Removes, err = s.savedLines(r, page, d)
	return view, err
}

// savedLines words the saved answer at the command's position.
func (s *Server) savedLines(r *http.Request, page templates.Page, d *done) ([]templates.AnswerLine, error) {
	it := d.snap.Paper.Item(d.command.Position)
	c, err := s.contents.one(r.Context(), it.Version)
	if err != nil {
		return nil, err
	}
	return answerLines(page, it, c, d.snap.Attempt.Response(d.command.Position).Answer), nil
}
