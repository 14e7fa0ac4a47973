package handlers

import (
	"context"
	"net/http"
	"net/url"
	"unicode/utf8"

	"shiken/exam"
	"shiken/proctor"
	"shiken/store"
	"shiken/templates"
)

// markDetails are what the audit log keeps of a mark. The label stands for the answer: who reads the
// log and marks learns nothing of whose it is; the attempt's own journal holds the mark, too.
type markDetails struct {
	Answer string `json:"answer"`
	Points string `json:"points"`
}

// submitMark takes the mark of an answer, and leads to the next that waits.
func (s *Server) submitMark(w http.ResponseWriter, r *http.Request) error {
	form, err := parseForm(r)
	if err != nil {
		return err
	}
	m, err := s.answerToMark(r)
	if err != nil {
		return err
	}
	c, err := markCommand(form, m.Position)
	if err != nil {
		return err
	}
	var problem templates.MarkProblem
	if c.Points, problem = s.readMark(r, form, m.item().Points); problem != templates.MarkFine {
		return s.renderMarking(w, r, http.StatusUnprocessableEntity, m, func(v *templates.MarkingView) {
			v.Problem, v.Form = problem, typedMark(form, v.Form.Command)
			v.Form.Rev, v.Form.Marked = c.Rev, c.Marked
		})
	}
	outcome, err := s.mark(r, m, c)
	if err != nil {
		return err
	}
	if outcome.Result == exam.Rejected {
		return s.answerMarkRejected(w, r, m, &c, outcome.Reason)
	}
	if form.Get("action") == "stay" && form.Get("give") == "" {
		return seeOther(w, r, templates.MarkPath(m.exam.Slug, m.Version, m.Label), templates.NoteMarkSaved)
	}
	return s.leadToNext(w, r, m.exam.Slug, m.Version, m.Label, templates.NoteMarkSaved)
}

// markCommand reads the hidden fields, and the comment.
func markCommand(form url.Values, position int) (exam.Command, error) {
	c := exam.Command{Kind: exam.MarkByHand, Position: position}
	var errs [4]error
	c.ID, errs[0] = uuidField(form, "command_id")
	c.Rev, errs[1] = countField(form, "rev", 0, maxCount)
	c.Marked, errs[2] = countField(form, "marked", 0, maxCount)
	c.Comment, errs[3] = one(form, "comment")
	for _, err := range errs {
		if err != nil {
			return c, err
		}
	}
	if !cleanText(c.Comment) {
		return c, errMalformed
	}
	return c, nil
}

// readMark reads the points, those of a button or those that were typed, and says what of the mark
// cannot be taken.
func (s *Server) readMark(r *http.Request, form url.Values, most int) (int, templates.MarkProblem) {
	points, ok := s.locale(r).ParsePoints(form.Get("points"))
	if give := form.Get("give"); give != "" {
		n, err := wholeNumber(give, 0, int64(most))
		points, ok = int(n), err == nil
	}
	switch {
	case !ok || points > most:
		return 0, templates.MarkPoints
	case utf8.RuneCountInString(form.Get("comment")) > templates.MaxComment:
		return 0, templates.MarkComment
	}
	return points, templates.MarkFine
}

func typedMark(form url.Values, command string) templates.MarkForm {
	return templates.MarkForm{Command: command, Points: form.Get("points"), Comment: form.Get("comment")}
}

// recordedMarks is a store in which what is applied is recorded as an act. What is rejected is kept
// beside the attempt, and is none.
type recordedMarks struct {
	store.Attempts
	by store.Actions
}

// Commit implements store.Attempts.
func (m recordedMarks) Commit(ctx context.Context, was *store.Snapshot, next exam.Attempt, o exam.Outcome) error {
	if o.Entry == nil {
		return m.Attempts.Commit(ctx, was, next, o)
	}
	return m.by.Commit(ctx, was, next, o)
}

// mark gives the command; m is as the attempt is after it. The score is computed anew at once, or else
// by the server within a second.
func (s *Server) mark(r *http.Request, m *toMark, c exam.Command) (exam.Outcome, error) {
	c.Actor, c.Salt = exam.Actor{Role: exam.Admin, ID: viewerOf(r).User.ID}, proctor.NewSalt()
	act := act(r, store.ActMark, m.exam.Slug, markDetails{Answer: m.Label, Points: points(c.Points)})
	q := store.AttemptQuery{Attempt: m.Attempt, Command: c.ID, Position: m.Position}
	ctx, cancel := commandContext(r)
	defer cancel()
	arrived := exam.Instant(0)
	snap, outcome, err := store.Update(ctx, recordedMarks{s.Store, s.Store.By(act)}, q,
		func(snap *store.Snapshot) (exam.Attempt, exam.Outcome, error) {
			if arrived == 0 {
				arrived = snap.Now
			}
			return exam.Apply(snap.Paper, snap.Attempt, c, arrived)
		})
	if err != nil {
		return outcome, err
	}
	m.snap = snap
	s.Metrics.command(c.Kind, outcome)
	if outcome.Result == exam.Applied {
		if err := s.Proctor.Mark(ctx, m.Attempt); err != nil {
			s.Logger.Warn("marking put off", "request_id", of(r).id, "attempt", m.Attempt, "error", err)
		}
	}
	return outcome, nil
}

// answerMarkRejected shows the mark that stands beside the one that was sent, and lets the marker
// choose: the form holds what was sent, based on what stands now.
func (s *Server) answerMarkRejected(w http.ResponseWriter, r *http.Request, m *toMark, c *exam.Command, reason exam.Reason) error {
	return s.renderMarking(w, r, http.StatusConflict, m, func(v *templates.MarkingView) {
		v.Refused = refusalOf(m, c, reason)
		v.Typed = &templates.GivenMark{Points: c.Points, Comment: c.Comment, Who: viewerOf(r).User.Name}
		v.Form.Points, v.Form.Comment = s.locale(r).Points(c.Points), c.Comment
	})
}

func refusalOf(m *toMark, c *exam.Command, reason exam.Reason) templates.MarkRefusal {
	switch {
	case !m.snap.Attempt.Status.Closed():
		return templates.MarkNotNow
	case reason == exam.IDReused:
		return templates.MarkSentOnce
	case m.response().Rev != c.Rev:
		return templates.MarkAltered
	}
	return templates.MarkOvertaken
}
