package handlers

import (
	"context"
	"net/http"
	"time"

	"shiken/exam"
	"shiken/store"
	"shiken/templates"
)

// showHome lists the exams of who is signed in: running, open, coming and done.
func (s *Server) showHome(w http.ResponseWriter, r *http.Request) error {
	v, now, err := s.viewer(r)
	if err != nil {
		return err
	}
	definitions, err := s.Store.Definitions(r.Context())
	if err != nil {
		return err
	}
	attempts, _, err := s.Store.OfCandidate(r.Context(), v.User.ID)
	if err != nil {
		return err
	}
	h := homeMaker{lang: s.locale(r).Tag(), viewer: v, now: now, byExam: map[string][]store.Summary{}}
	for i := len(attempts) - 1; i >= 0; i-- { // newest first in the store, by number here
		h.byExam[attempts[i].Exam] = append(h.byExam[attempts[i].Exam], attempts[i])
	}
	view := templates.HomeView{Now: instantTime(now)}
	for i := range attempts {
		s.addAttempt(r.Context(), &h, &view, &attempts[i])
	}
	for i := range definitions {
		h.addExam(&view, &definitions[i])
	}
	s.render(w, r, http.StatusOK, templates.Home(s.pageFor(r, v.User.Name), view))
	return nil
}

type homeMaker struct {
	lang   string
	viewer *store.Viewer
	now    exam.Instant
	byExam map[string][]store.Summary
}

// addAttempt puts an attempt under running or done.
func (s *Server) addAttempt(ctx context.Context, h *homeMaker, view *templates.HomeView, a *store.Summary) {
	card := templates.ExamCard{
		Slug: a.Exam, Title: a.Title.In(h.lang), Attempt: a.ID, Questions: a.Count,
		Voided: a.Status == exam.Voided, Paused: a.Status == exam.Paused,
	}
	if a.Status.Open() {
		card.Deadline = instantTime(a.Deadline)
		view.Running = append(view.Running, card)
		return
	}
	card.FinishedAt = instantTime(a.Stopped)
	card.Pass = s.releasedPass(ctx, h, a)
	view.Done = append(view.Done, card)
}

// releasedPass is pass or fail as far as the score is released.
func (s *Server) releasedPass(ctx context.Context, h *homeMaker, a *store.Summary) templates.Pass {
	if a.Marking != exam.MarkingDone {
		return templates.PassUnknown
	}
	snap, err := s.Store.LoadAttempt(ctx, store.AttemptQuery{Attempt: a.ID})
	if err != nil {
		return templates.PassUnknown
	}
	state, err := s.Store.ReleaseState(ctx, a.Exam)
	if err != nil || !exam.ReleasedAt(snap.Paper, &snap.Attempt, state, h.now).Score {
		return templates.PassUnknown
	}
	return passOf(snap.Attempt.Score)
}

// addExam puts an exam that may be started, now or later, under open or coming.
func (h *homeMaker) addExam(view *templates.HomeView, d *exam.Definition) {
	if !d.Published || !d.OpenToAny(h.viewer.User.Groups) {
		return
	}
	earlier := h.byExam[d.Slug]
	for i := range earlier {
		if earlier[i].Status.Open() {
			return
		}
	}
	card := h.card(d, earlier)
	switch reason := exam.MayStart(d, began(earlier), h.now); {
	case reason == "":
		view.Open = append(view.Open, card)
	case reason == exam.NotOpen && h.now < d.Rules.Window.Open:
		view.Coming = append(view.Coming, card)
	}
}

func (h *homeMaker) card(d *exam.Definition, earlier []store.Summary) templates.ExamCard {
	left, limited := exam.AttemptsLeft(d, began(earlier))
	if !limited {
		left = -1
	}
	w := &d.Rules.Window
	return templates.ExamCard{
		Slug: d.Slug, Title: d.Title.In(h.lang), Questions: drawn(d),
		Limit: micros(d.Rules.TimeLimit + extraTime(d, &h.viewer.User)), AttemptsLeft: left,
		Opens: instantTime(w.Open), LastStart: instantTime(w.LastStart), Closes: instantTime(w.Close),
	}
}

// drawn is how many questions a paper has, 0 when a section takes all there are.
func drawn(d *exam.Definition) int {
	n := 0
	for _, s := range d.Sections {
		if s.Draw == 0 {
			return 0
		}
		n += s.Draw
	}
	return n
}

func extraTime(d *exam.Definition, u *store.User) exam.Micros {
	return d.Rules.TimeLimit * exam.Micros(u.ExtraPercent) / 100
}

func micros(m exam.Micros) time.Duration { return time.Duration(m) * time.Microsecond }
