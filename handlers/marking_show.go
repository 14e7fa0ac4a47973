package handlers

import (
	"cmp"
	"errors"
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"shiken/exam"
	"shiken/store"
	"shiken/templates"
)

// toMark is an answer that a person marks, with what its page needs of its attempt.
type toMark struct {
	store.MarkedAnswer
	snap store.Snapshot
	exam exam.Definition
}

// answerToMark reads the answer of the path, of whatever attempt but the viewer's own: who takes exams,
// too, does not mark themselves.
func (s *Server) answerToMark(r *http.Request) (*toMark, error) {
	d, err := s.examToMark(r)
	if err != nil {
		return nil, err
	}
	label := chi.URLParam(r, "answer")
	if !wholeLabel.MatchString(label) {
		return nil, errNotFound
	}
	m := &toMark{exam: d}
	if m.MarkedAnswer, err = s.Store.MarkedAnswer(r.Context(), d.Slug, label); err != nil {
		return nil, err
	}
	if m.Version != chi.URLParam(r, "task") {
		return nil, errNotFound
	}
	m.snap, err = s.Store.LoadAttempt(r.Context(), store.AttemptQuery{Attempt: m.Attempt, Position: m.Position})
	if err == nil && m.snap.Attempt.Candidate == viewerOf(r).User.ID {
		err = errNotFound
	}
	return m, err
}

func (m *toMark) response() exam.Response { return m.snap.Attempt.Response(m.Position) }

// shown is what of the response markers may see: nothing while the candidate goes on with it.
func (m *toMark) shown() exam.Response {
	if !m.snap.Attempt.Status.Closed() {
		return exam.Response{}
	}
	return m.response()
}

func (m *toMark) item() *exam.Item { return m.snap.Paper.Item(m.Position) }

// showMarking shows an answer with the form that marks it: nothing on the page comes from what tells
// whose it is.
func (s *Server) showMarking(w http.ResponseWriter, r *http.Request) error {
	m, err := s.answerToMark(r)
	if err != nil {
		return err
	}
	if !m.snap.Attempt.Status.Closed() {
		return errNotFound
	}
	return s.renderMarking(w, r, http.StatusOK, m, nil)
}

// renderMarking shows the page as the answer stands; sent changes what of it a refused form shows.
func (s *Server) renderMarking(w http.ResponseWriter, r *http.Request, status int, m *toMark, sent func(*templates.MarkingView)) error {
	page, saved := s.staffPage(r), m.shown()
	view := templates.MarkingView{
		Exam: m.exam.Slug, Title: m.exam.Title.In(page.Locale.Tag()), Label: m.Label, Answer: saved.Answer.Text,
		Characters: characters(saved.Answer.Text), Words: len(strings.Fields(saved.Answer.Text)), Max: m.item().Points,
		Form: templates.MarkForm{Command: uuid.NewString(), Rev: saved.Rev, Marked: saved.Marked, Comment: saved.Comment},
		Now:  instantTime(nowOf(r)), Open: !m.snap.Attempt.Status.Closed(),
	}
	if saved.Points != nil {
		view.Form.Points = page.Locale.Points(*saved.Points)
	}
	var err error
	if view.Task, err = s.markingTask(r, m.exam.Slug); err != nil && !(errors.Is(err, errNotFound) && sent != nil) {
		return err
	}
	view.Task.Version = m.Version // also where no closed attempt has the question any more
	if view.Body, view.Guide, err = s.questionToMark(r, m.Version); err != nil {
		return err
	}
	if view.Given, err = s.givenMarks(r, m); err != nil {
		return err
	}
	if sent != nil {
		sent(&view)
	}
	s.render(w, r, status, templates.Marking(page, view))
	return nil
}

// characters counts those of an answer as people do: line breaks are none.
func characters(text string) int {
	n := 0
	for _, c := range text {
		if c != '\n' {
			n++
		}
	}
	return n
}

// givenMarks are the marks of the answer as it stands, the latest first: none that was for another.
func (s *Server) givenMarks(r *http.Request, m *toMark) ([]templates.GivenMark, error) {
	if m.shown().Marked == 0 {
		return nil, nil
	}
	story, err := s.Store.Story(r.Context(), m.Attempt)
	if err != nil {
		return nil, err
	}
	names, err := s.actorNames(r, &story)
	if err != nil {
		return nil, err
	}
	var out []templates.GivenMark
	for i := len(story.Records) - 1; i >= 0; i-- {
		record := &story.Records[i]
		f := record.Entry.Effect.Response
		if f == nil || f.Position != m.Position {
			continue
		}
		if f.Answer {
			break
		}
		if f.Points != nil {
			out = append(out, givenMark(record, names))
		}
	}
	return out, nil
}

func givenMark(record *exam.Record, names map[string]string) templates.GivenMark {
	_, id, _ := strings.Cut(record.Entry.Actor, ":")
	mark := templates.GivenMark{
		Points: *record.Entry.Effect.Response.Points, Who: cmp.Or(names[id], id), At: instantTime(record.Entry.Arrived),
	}
	if record.Payload != nil {
		mark.Comment = record.Payload.Comment
	}
	return mark
}
