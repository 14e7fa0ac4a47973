package handlers

import (
	"cmp"
	"errors"
	"net/http"
	"slices"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"shiken/exam"
	"shiken/proctor"
	"shiken/store"
	"shiken/templates"
)

// slugOf reads the exam of the path; what no text column takes is not found.
func slugOf(r *http.Request) (string, error) {
	slug := chi.URLParam(r, "exam")
	if !cleanText(slug) {
		return "", errNotFound
	}
	return slug, nil
}

// showExam says what awaits the candidate, with the start form.
func (s *Server) showExam(w http.ResponseWriter, r *http.Request) error {
	slug, err := slugOf(r)
	if err != nil {
		return err
	}
	return s.renderExam(w, r, http.StatusOK, slug, nil)
}

// renderExam shows an exam, its start form empty or as it was sent. Only practices have a form that can be
// sent back.
func (s *Server) renderExam(w http.ResponseWriter, r *http.Request, status int, slug string, sent *focusForm) error {
	v := viewerOf(r)
	state, err := s.Store.LoadStart(r.Context(), slug, v.User.ID)
	if err != nil {
		return err
	}
	if !proctor.MayKnow(&state) {
		return errNotFound
	}
	view, err := s.examView(r, &state)
	switch {
	case err != nil:
		return err
	case sent != nil && !view.Practice:
		return errMalformed
	case view.Practice && view.MayStart && !view.Broken:
		if view.Focus, err = s.focusView(r, &state, view.Questions, sent); err != nil {
			return err
		}
	}
	s.render(w, r, status, templates.Exam(s.pageFor(r, &v.User), view))
	return nil
}

func (s *Server) examView(r *http.Request, state *store.StartState) (templates.ExamView, error) {
	d, lang := &state.Definition, s.locale(r).Tag()
	earlier := proctor.Earlier(state.Attempts)
	view := templates.ExamView{
		Slug: d.Slug, Title: d.Title.In(lang), Questions: drawn(d), Limit: micros(d.Rules.TimeLimit),
		Extra:  micros(extraTime(d, state.User.ExtraPercent)),
		Linear: d.Rules.Navigation == exam.Linear, Practice: d.Rules.Feedback == exam.PracticeFeedback,
		AttemptsAllowed: d.Attempts, PassMark: d.Rules.PassMark,
		Opens: instantTime(d.Rules.Window.Open), LastStart: instantTime(d.Rules.Window.LastStart),
		Closes: instantTime(d.Rules.Window.Close), CommandID: uuid.NewString(), Seen: len(earlier),
		Now:         instantTime(state.Now),
		Attachments: len(d.Attachments), OneDevice: d.Rules.Devices == exam.OneDevice,
	}
	for _, sec := range d.Sections {
		if title := sec.Title.In(lang); title != "" {
			view.Sections = append(view.Sections, title)
		}
	}
	view.Penalties = penalties(s.pageOf(r), d)
	var err error
	if view.Result, err = s.ownResult(r.Context(), state, lang); err != nil {
		return view, err
	}
	for i := range earlier {
		if earlier[i].Status != exam.Voided {
			view.AttemptsUsed++
		}
		if earlier[i].Status.Open() {
			view.OpenAttempt = earlier[i].ID
		}
	}
	reason := exam.MayStart(d, earlier, state.Now)
	view.MayStart, view.Refusal = reason == "" && view.OpenAttempt == "", templates.Refusal(reason)
	if view.Questions > 0 {
		return view, nil
	}
	view.Questions, err = s.countDrawn(r, d)
	view.Broken = errors.Is(err, exam.ErrDefinition)
	if view.Broken {
		err = nil
	}
	return view, err
}

// penalties says what wrong answers take off: once, where it is the same in every section.
func penalties(page templates.Page, d *exam.Definition) []templates.Penalty {
	var out []templates.Penalty
	first := d.Sections[0].Wrong
	for i := range d.Sections {
		s := &d.Sections[i]
		if s.Wrong == 0 {
			continue
		}
		name := cmp.Or(s.Title.In(page.Locale.Tag()), page.T("exam.section", "n", i+1))
		out = append(out, templates.Penalty{Section: name, Points: s.Wrong})
	}
	if !slices.ContainsFunc(d.Sections, func(s exam.SectionDefinition) bool { return s.Wrong != first }) && first > 0 {
		out = []templates.Penalty{{Points: first}}
	}
	return out
}

// countDrawn counts the questions of an exam some section of which takes all there are, by drawing a
// paper: what one section draws the next one lacks. Where sections overlap in part, chance decides how
// many are left, and this is one count of several.
func (s *Server) countDrawn(r *http.Request, d *exam.Definition) (int, error) {
	pools, err := s.Store.LoadPools(r.Context(), d)
	if err != nil {
		return 0, err
	}
	picked, err := s.wouldPick(r, d, pools)
	if err != nil {
		return 0, err
	}
	paper, err := exam.Draw(exam.DrawRequest{Definition: d, Pools: pools, Picked: picked})
	return paper.Len(), err
}

// wouldPick is the choice of the sections that have the same questions for everybody, as whoever starts now would
// have it. Nothing of it is stored: that is for those who start.
func (s *Server) wouldPick(r *http.Request, d *exam.Definition, pools [][]exam.PoolQuestion) ([]exam.Picked, error) {
	if !d.PicksOnce() {
		return nil, nil
	}
	before, err := s.Store.Picked(r.Context(), d.Slug)
	if err != nil {
		return nil, err
	}
	return exam.PickOnce(d, pools, before, exam.Seed{})
}

// startAttempt leads to the attempt that the start means (R10).
func (s *Server) startAttempt(w http.ResponseWriter, r *http.Request) error {
	v := viewerOf(r)
	form, err := parseForm(r)
	if err != nil {
		return err
	}
	slug, err := slugOf(r)
	if err != nil {
		return err
	}
	id, errID := uuidField(form, "command_id")
	seen, errSeen := countField(form, "seen", 0, maxOpening)
	if errID != nil || errSeen != nil {
		return errMalformed
	}
	focus, unfit := focusOf(form)
	if unfit != nil && !errors.Is(unfit, errCount) {
		return unfit
	}
	ctx, cancel := commandContext(r)
	defer cancel()
	started, err := s.Proctor.Start(ctx, proctor.StartRequest{
		Exam: slug, User: v.User.ID, Device: v.SignIn.ID, Command: id, Seen: int(seen), Held: of(r).held(), Focus: focus, Unfit: unfit,
	})
	switch {
	case errors.Is(err, exam.ErrDefinition):
		return s.answerBroken(w, r, v, slug, err)
	case errors.Is(err, exam.ErrNothing), errors.Is(err, errCount):
		return s.answerUnfocused(w, r, slug, form, &focus, err)
	case err != nil:
		return err
	}
	s.Metrics.start(started.Reason)
	if started.Reason != "" {
		return s.answerRefused(w, r, v, &started)
	}
	return seeOther(w, r, templates.QuestionPath(started.Attempt, started.Position), "")
}

// answerRefused is the 403 page of a start that is not open, or has no attempts left.
func (s *Server) answerRefused(w http.ResponseWriter, r *http.Request, v *store.Viewer, started *proctor.Started) error {
	d := &started.State.Definition
	view := templates.RefusedView{
		Slug: d.Slug, Title: d.Title.In(s.locale(r).Tag()), Reason: templates.Refusal(started.Reason),
		Opens: instantTime(d.Rules.Window.Open), LastStart: instantTime(d.Rules.Window.LastStart),
		Closes: instantTime(d.Rules.Window.Close), Now: instantTime(started.State.Now),
	}
	s.render(w, r, statusOf[started.Reason], templates.Refused(s.pageFor(r, &v.User), view))
	return nil
}

// answerBroken is the 403 page of a start of which no paper can be made: the questions that the exam
// draws are not there any more. Only those who run the exam can mend it.
func (s *Server) answerBroken(w http.ResponseWriter, r *http.Request, v *store.Viewer, slug string, broken error) error {
	s.Logger.Error("exam cannot be drawn", "request_id", of(r).id, "exam", slug, "error", broken)
	s.Metrics.start(exam.NotOpen)
	d, err := s.Store.Definition(r.Context(), slug)
	if err != nil {
		return err
	}
	view := templates.RefusedView{
		Slug: slug, Title: d.Title.In(s.locale(r).Tag()), Reason: templates.RefusalNotOpen, Broken: true,
	}
	s.render(w, r, statusOf[exam.NotOpen], templates.Refused(s.pageFor(r, &v.User), view))
	return nil
}
