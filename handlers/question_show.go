package handlers

import (
	"net/http"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/internal/planted"
	"shiken/store"
	"shiken/templates"
)

// showQuestion shows a question with what is saved. It never moves the cursor.
func (s *Server) showQuestion(w http.ResponseWriter, r *http.Request) error {
	snap, err := s.load(r)
	if err != nil {
		return err
	}
	n, err := positionOf(r)
	if err != nil {
		return err
	}
	a, p := &snap.Attempt, snap.Paper
	switch {
	case n > p.ReviewPosition():
		return errNotFound
	case a.Status.Closed() || a.Status == exam.Voided:
		return seeOther(w, r, templates.ResultPath(a.ID), templates.NoteClosed)
	case isOver(snap):
		return seeOther(w, r, templates.ResultPath(a.ID), "")
	case heldElsewhere(snap):
		return s.renderElsewhere(w, r, snap)
	case n == p.ReviewPosition():
		return seeOther(w, r, templates.ReviewPath(a.ID), "")
	case p.Rules.Navigation == exam.Linear && n != a.Cursor:
		return seeOther(w, r, pathTo(p, a.ID, a.Cursor), templates.NoteCursor)
	case a.Status == exam.Paused:
		return s.renderPaused(w, r, snap)
	}
	view, err := s.questionView(r, snap, n, a.Response(n).Answer)
	if err != nil {
		return err
	}
	s.render(w, r, http.StatusOK, templates.Question(s.pageFor(r, &snap.Viewer.User), view))
	return nil
}

// questionView fills the form of a question with an answer, with fresh keys on the saved rev.
func (s *Server) questionView(r *http.Request, snap *store.Snapshot, n int, answer exam.Answer) (templates.QuestionView, error) {
	a, p, it := &snap.Attempt, snap.Paper, snap.Paper.Item(n)
	if planted.Bug(planted.PaperDrawnAgain) {
		it = drawnAgain(it)
	}
	c, err := s.contents.one(r.Context(), it.Version)
	if err != nil {
		return templates.QuestionView{}, err
	}
	saved := a.Response(n)
	page := s.pageFor(r, &snap.Viewer.User)
	view := templates.QuestionView{
		Sitting: s.sitting(r, snap, n), Form: s.freshKeys(a, n), Body: bodyOf(page, it, c, answer),
		Section: p.Sections[it.Section].Title.In(page.Locale.Tag()), Points: it.Points, Wrong: it.Wrong,
		SavedAt: instantTime(saved.SavedAt), Flagged: saved.Flagged, Closed: saved.Checked,
		Can: buttons(snap, n),
	}
	if planted.Bug(planted.RightOptionsCounted) {
		view.Section += s.countRight(r, it)
	}
	if view.Body.Stimulus, err = s.stimulus(r, p, n, c); err != nil {
		return view, err
	}
	if p.Rules.Navigation == exam.Free {
		view.Navigator = positions(snap, n)
	}
	early := planted.Bug(planted.UncheckedExplained) && p.Rules.Feedback == exam.PracticeFeedback && !answer.IsZero()
	if saved.Checked || early {
		view.Held = fieldsFor(it, answer)
		view.Feedback, err = s.feedback(r, page, it, c, &saved)
	}
	return view, err
}

// freshKeys are the hidden fields of a newly rendered form.
func (s *Server) freshKeys(a *exam.Attempt, n int) templates.FormKeys {
	return templates.FormKeys{
		Rev: a.Response(n).Rev, CommandID: uuid.NewString(), Page: uuid.NewString(), Seq: 1, Opening: a.Opening,
	}
}

// buttons offers what the guards of the state machine allow.
func buttons(snap *store.Snapshot, n int) templates.Buttons {
	a, p, now := &snap.Attempt, snap.Paper, snap.Now
	free := p.Rules.Navigation == exam.Free
	writable := exam.MayAnswer(p, a, n, now) == ""
	answerable := writable && p.Item(n).Type != exam.Description
	return templates.Buttons{
		Save:     true, // first in the form, so that Enter is harmless
		Next:     exam.MayMove(p, a, n, n+1) == "",
		Previous: exam.MayMove(p, a, n, n-1) == "",
		Review:   exam.MayMove(p, a, n, p.ReviewPosition()) == "" && free,
		Flag:     free,
		Clear:    answerable && p.Item(n).Type.IsChoice(),
		Check:    answerable && exam.MayCheck(p, a, n, now) == "",
	}
}

// positions lists every position for the navigator and the review page.
func positions(snap *store.Snapshot, current int) []templates.NavItem {
	a, p := &snap.Attempt, snap.Paper
	out := make([]templates.NavItem, p.Len())
	for i := range out {
		n := i + 1
		saved := a.Response(n)
		out[i] = templates.NavItem{
			Position: n, Answered: !saved.Answer.IsZero(), Flagged: saved.Flagged, Current: n == current,
			Closed:      saved.Checked || p.Rules.Navigation == exam.Linear && n < a.Cursor,
			Information: p.Item(n).Type == exam.Description,
		}
	}
	return out
}

// feedback is what a checked question of a practice reveals: its own key and nobody else's.
func (s *Server) feedback(r *http.Request, page templates.Page, it *exam.Item, c *content, saved *exam.Response) (*templates.Feedback, error) {
	keyed, err := s.Store.Keys(r.Context(), []string{it.Version})
	if err != nil {
		return nil, err
	}
	k := keyed[it.Version]
	points := s.Proctor.Grader.MarkOne(it, &k.Key, saved)
	return &templates.Feedback{
		Verdict: verdictOf(points, it.Points), Points: points, MaxPoints: it.Points, ShowPoints: exam.Counts(points) && it.Points > 0,
		Key: keyLines(page, it, c, &k.Key), Notes: s.notes(page, it, c, &k.Feedback, saved.Answer), Explanation: s.explanation(k.Feedback),
	}, nil
}

func (s *Server) explanation(f exam.Feedback) templates.SafeHTML {
	if f.Explanation.Source == "" {
		return ""
	}
	return s.Render.Block(f.Explanation)
}
