package handlers

import (
	"context"
	"net/http"
	"slices"
	"time"

	"shiken/exam"
	"shiken/proctor"
	"shiken/store"
	"shiken/templates"
)

// showHome lists the exams of who is signed in: running, open, coming and done. Staff who sit none are
// led to their own pages.
func (s *Server) showHome(w http.ResponseWriter, r *http.Request) error {
	v, now := viewerOf(r), nowOf(r)
	if to := staffHome(v.User.Roles); to != "" {
		return seeOther(w, r, to, "")
	}
	definitions, err := s.Store.Definitions(r.Context())
	if err != nil {
		return err
	}
	attempts, _, err := s.Store.OfCandidate(r.Context(), v.User.ID)
	if err != nil {
		return err
	}
	own, err := s.ownByExam(r.Context(), v.User.ID)
	if err != nil {
		return err
	}
	h := homeMaker{lang: s.locale(r).Tag(), viewer: v, now: now, byExam: map[string][]store.Summary{}, own: own}
	for i := len(attempts) - 1; i >= 0; i-- { // newest first in the store, by number here
		h.byExam[attempts[i].Exam] = append(h.byExam[attempts[i].Exam], attempts[i])
	}
	if h.released, err = s.Store.ReleaseStates(r.Context(), markedExams(attempts)); err != nil {
		return err
	}
	view := templates.HomeView{Now: instantTime(now)}
	for i := range attempts {
		view.Practice = view.Practice || attempts[i].Rules.Feedback == exam.PracticeFeedback
		h.addAttempt(&view, &attempts[i])
	}
	for i := range definitions {
		h.addExam(&view, definitions[i].ForCandidates())
	}
	s.render(w, r, http.StatusOK, templates.Home(s.pageFor(r, &v.User), view))
	return nil
}

// ownByExam is what a candidate has of their own in exams.
func (s *Server) ownByExam(ctx context.Context, user string) (map[string]store.Accommodated, error) {
	list, err := s.Store.AccommodationsOf(ctx, user)
	own := make(map[string]store.Accommodated, len(list))
	for i := range list {
		own[list[i].Exam] = list[i]
	}
	return own, err
}

type homeMaker struct {
	lang   string
	viewer *store.Viewer
	now    exam.Instant
	byExam map[string][]store.Summary
	own    map[string]store.Accommodated // by exam
	// released is what the release of results depends on, by exam.
	released map[string]exam.ReleaseState
}

// maxDone bounds the finished attempts that the home page lists, the newest.
const maxDone = 50

// markedExams lists the exams of which something may be released, each once.
func markedExams(attempts []store.Summary) []string {
	var out []string
	for i := range attempts {
		if attempts[i].Status.Closed() && !slices.Contains(out, attempts[i].Exam) {
			out = append(out, attempts[i].Exam)
		}
	}
	return out
}

// addAttempt puts an attempt under running or done.
func (h *homeMaker) addAttempt(view *templates.HomeView, a *store.Summary) {
	card := templates.ExamCard{
		Slug: a.Exam, Title: a.Title.In(h.lang), Attempt: a.ID, Questions: a.Count,
		Voided: a.Status == exam.Voided, Paused: a.Status == exam.Paused,
	}
	if a.Status.Open() {
		card.Deadline = instantTime(a.Deadline)
		view.Running = append(view.Running, card)
		return
	}
	if len(view.Done) == maxDone {
		view.DoneMore++
		return
	}
	card.FinishedAt = instantTime(a.Stopped)
	card.Pass = h.releasedPass(a)
	view.Done = append(view.Done, card)
}

// releasedPass is pass or fail as far as the score is released.
func (h *homeMaker) releasedPass(a *store.Summary) templates.Pass {
	paper := exam.Paper{Rules: a.Rules}
	attempt := exam.Attempt{Status: a.Status, Marking: a.Marking}
	if !exam.ReleasedAt(&paper, &attempt, h.released[a.Exam], h.now).Score {
		return templates.PassUnknown
	}
	return passOf(a.Passed)
}

// addExam puts an exam that may be started, now or later, under open or coming.
func (h *homeMaker) addExam(view *templates.HomeView, all exam.Definition) {
	if !all.Published || !all.OpenToAny(h.viewer.User.Groups) {
		return
	}
	own := h.own[all.Slug]
	mine := own.Of(all)
	d := &mine
	earlier := h.byExam[d.Slug]
	for i := range earlier {
		if earlier[i].Status.Open() {
			return
		}
	}
	card := h.card(d, earlier)
	switch reason := exam.MayStart(d, proctor.Earlier(earlier), h.now); {
	case reason == "":
		view.Practice = view.Practice || d.Rules.Feedback == exam.PracticeFeedback
		view.Open = append(view.Open, card)
	case reason == exam.NotOpen && h.now < d.Rules.Window.Open:
		view.Coming = append(view.Coming, card)
	}
}

func (h *homeMaker) card(d *exam.Definition, earlier []store.Summary) templates.ExamCard {
	left, limited := exam.AttemptsLeft(d, proctor.Earlier(earlier))
	if !limited {
		left = -1
	}
	w, own := &d.Rules.Window, h.own[d.Slug]
	extra := extraTime(d, own.Extra(h.viewer.User.ExtraPercent))
	return templates.ExamCard{
		Slug: d.Slug, Title: d.Title.In(h.lang), Questions: drawn(d),
		Limit: micros(d.Rules.TimeLimit + extra), AttemptsLeft: left,
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

// extraTime is what a percent of extra time gives in an exam.
func extraTime(d *exam.Definition, percent int) exam.Micros {
	return d.Rules.TimeLimit * exam.Micros(percent) / 100
}

func micros(m exam.Micros) time.Duration { return time.Duration(m) * time.Microsecond }
