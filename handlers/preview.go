package handlers

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/store"
	"shiken/templates"
)

// showPreview shows an author what awaits a candidate of an exam, draft or not.
func (s *Server) showPreview(w http.ResponseWriter, r *http.Request) error {
	revised, err := s.revised(r)
	if err != nil {
		return err
	}
	_, err = s.drawTrial(r, &revised, exam.Seed{})
	broken := errors.Is(err, exam.ErrDefinition)
	if err != nil && !broken {
		return err
	}
	return s.renderPreviewStart(w, r, &revised, broken)
}

func (s *Server) renderPreviewStart(w http.ResponseWriter, r *http.Request, revised *store.Revised, broken bool) error {
	state := store.StartState{Now: nowOf(r), Definition: revised.Definition, User: viewerOf(r).User}
	window := state.Definition.Rules.Window
	state.Definition.Published, state.Definition.Rules.Window = true, exam.Window{}
	view, err := s.examView(r, &state)
	if err != nil {
		return err
	}
	view.Opens, view.LastStart, view.Closes = instantTime(window.Open), instantTime(window.LastStart), instantTime(window.Close)
	view.Broken, view.Preview = broken, previewOf(revised, "")
	if view.Preview.Same, err = s.sameQuestions(r, &revised.Definition); err != nil {
		return err
	}
	s.render(w, r, http.StatusOK, templates.Exam(s.previewPage(r, view.Preview), view))
	return nil
}

// sameQuestions tells whether the questions that are the same for everybody are chosen.
func (s *Server) sameQuestions(r *http.Request, d *exam.Definition) (templates.SameQuestions, error) {
	if !d.PicksOnce() {
		return templates.SameNone, nil
	}
	picked, err := s.Store.Picked(r.Context(), d.Slug)
	if len(picked) > 0 {
		return templates.SameChosen, err
	}
	return templates.SameOpen, err
}

func previewOf(revised *store.Revised, state string) *templates.Preview {
	slug := revised.Definition.Slug
	return &templates.Preview{Path: templates.PreviewPath(slug), Leave: templates.ExamEditPath(slug), State: state}
}

// previewPage is pageOf for the pages of a trial: the language switch begins anew.
func (s *Server) previewPage(r *http.Request, p *templates.Preview) templates.Page {
	page := s.pageFor(r, &viewerOf(r).User)
	page.Path = p.Path
	return page
}

// submitPreview takes every form of a trial: it judges by the state that the form carries, and answers
// with the next page. Nothing is stored.
func (s *Server) submitPreview(w http.ResponseWriter, r *http.Request) error {
	form, err := parseForm(r)
	if err != nil {
		return err
	}
	revised, err := s.revised(r)
	if err != nil {
		return err
	}
	if form.Get("state") == "" {
		return s.beginPreview(w, r, &revised)
	}
	t, err := s.decodeTrial(viewerOf(r).User.ID, form.Get("state"))
	if err != nil {
		return err
	}
	snap, err := s.resumeTrial(r, &revised, t)
	if err != nil {
		return err
	}
	if snap == nil {
		p := previewOf(&revised, "")
		s.render(w, r, http.StatusConflict, templates.PreviewChanged(s.previewPage(r, p), *p))
		return nil
	}
	return s.goOnPreview(w, r, &previewStep{revised: &revised, trial: t, snap: snap, form: form})
}

func (s *Server) beginPreview(w http.ResponseWriter, r *http.Request, revised *store.Revised) error {
	t, snap, err := s.newTrial(r, revised)
	if errors.Is(err, exam.ErrDefinition) {
		return s.renderPreviewStart(w, r, revised, true)
	}
	if err != nil {
		return err
	}
	return s.renderPreview(w, r, &previewStep{revised: revised, trial: t, snap: snap}, 1)
}

// previewStep is one form of a trial on its way to the next page.
type previewStep struct {
	revised *store.Revised
	trial   *trial
	snap    *store.Snapshot
	form    url.Values
	full    bool // the answer was not taken
}

// goOnPreview does what the form asks for, and shows where that leads.
func (s *Server) goOnPreview(w http.ResponseWriter, r *http.Request, step *previewStep) error {
	n, err := countField(step.form, "position", 0, int64(step.snap.Paper.Len()))
	if err != nil {
		return err
	}
	if !step.snap.Attempt.Status.Open() {
		return s.renderPreviewResult(w, r, step)
	}
	before := step.snap.Attempt
	outcome, c, err := step.give(int(n))
	if err != nil {
		return err
	}
	if err := expireTrial(step.snap); err != nil {
		return err
	}
	if step.snap.Attempt.Status.Closed() {
		return s.renderPreviewResult(w, r, step)
	}
	if outcome.Result == exam.Rejected {
		return s.renderPreviewRejected(w, r, step, done{snap: *step.snap, command: c, outcome: outcome})
	}
	err = s.renderPreview(w, r, step, outcome.Target)
	if errors.Is(err, errTrialFull) {
		step.snap.Attempt, step.full = before, true
		return s.renderPreview(w, r, step, int(n))
	}
	return err
}

// give reads the command of a form about position n (0: the review page) and applies it. Where only a
// page is asked for, the outcome names it.
func (step *previewStep) give(n int) (exam.Outcome, exam.Command, error) {
	a := &step.snap.Attempt
	c := exam.Command{Position: n, Actor: exam.Actor{Role: exam.Candidate, ID: a.Candidate}}
	if n == 0 {
		return step.giveReview(c)
	}
	act, err := actionOf(step.form)
	if err != nil {
		return exam.Outcome{}, c, err
	}
	if tooLong(step.form) {
		return exam.Outcome{}, c, errTooLarge
	}
	c.Page, c.Seq, c.Rev, c.Skip = uuid.NewString(), 1, a.Response(n).Rev, step.form.Get("skip") == "1"
	if err := act.complete(step.form, step.snap, &c); err != nil {
		return exam.Outcome{}, c, err
	}
	c.Opening = 1
	outcome, err := applyTrial(step.snap, c)
	return outcome, c, err
}

func (step *previewStep) giveReview(c exam.Command) (exam.Outcome, exam.Command, error) {
	a, p := &step.snap.Attempt, step.snap.Paper
	action := step.form.Get("action")
	if action == "submit" {
		c.Kind, c.Rev = exam.Submit, a.Changes
		outcome, err := applyTrial(step.snap, c)
		return outcome, c, err
	}
	to, found := strings.CutPrefix(action, "goto:")
	target, err := wholeNumber(to, 1, int64(p.Len()))
	if !found || err != nil || p.Rules.Navigation != exam.Free {
		return exam.Outcome{}, c, errMalformed
	}
	return exam.Outcome{Result: exam.Applied, Target: int(target)}, c, nil
}

// renderPreview shows a position: n + 1 is the review page.
func (s *Server) renderPreview(w http.ResponseWriter, r *http.Request, step *previewStep, n int) error {
	p, err := s.previewState(r, step)
	if err != nil {
		return err
	}
	page := s.previewPage(r, p)
	if n == step.snap.Paper.ReviewPosition() {
		view := s.reviewView(r, step.snap)
		view.Preview = p
		s.render(w, r, http.StatusOK, templates.Review(page, view))
		return nil
	}
	view, err := s.questionView(r, step.snap, n, step.snap.Attempt.Response(n).Answer)
	if err != nil {
		return err
	}
	view.Preview = p
	if step.revised.Definition.Shuffle.Options {
		view.Order, err = s.orderNotesOf(r, page, step.snap.Paper.Item(n).Version)
	}
	if err != nil {
		return err
	}
	s.render(w, r, http.StatusOK, templates.Question(page, view))
	return nil
}

func (s *Server) orderNotesOf(r *http.Request, page templates.Page, version string) ([]string, error) {
	c, err := s.contents.one(r.Context(), version)
	if err != nil {
		return nil, err
	}
	return orderNotes(page, c), nil
}

func (s *Server) previewState(r *http.Request, step *previewStep) (*templates.Preview, error) {
	step.trial.Attempt = step.snap.Attempt
	state, err := s.encodeTrial(viewerOf(r).User.ID, step.trial)
	p := previewOf(step.revised, state)
	p.Full = step.full
	return p, err
}

// renderPreviewRejected: an unanswered question of a linear exam is asked about as in the exam; nothing
// else of a page's own buttons is rejected.
func (s *Server) renderPreviewRejected(w http.ResponseWriter, r *http.Request, step *previewStep, d done) error {
	if d.outcome.Reason != exam.Unanswered {
		return errMalformed
	}
	p, err := s.previewState(r, step)
	if err != nil {
		return err
	}
	page := s.previewPage(r, p)
	view, err := s.unansweredView(r, page, &d)
	if err != nil {
		return err
	}
	view.Preview = p
	s.render(w, r, statusOf[exam.Unanswered], templates.Question(page, view))
	return nil
}

// renderPreviewResult shows the end of a trial with all that could ever be released.
func (s *Server) renderPreviewResult(w http.ResponseWriter, r *http.Request, step *previewStep) error {
	if err := s.markTrial(r, step.snap); err != nil {
		return err
	}
	p := previewOf(step.revised, "")
	page := s.previewPage(r, p)
	view := s.resultHead(r, step.snap)
	view.Preview, view.Receipt = p, templates.Receipt{}
	view.Score = scoreView(page.Locale.Tag(), step.snap)
	var err error
	view.Questions, err = s.questionResults(r, step.snap, exam.Released{Score: true, Answers: true, Keys: true})
	if err != nil {
		return err
	}
	s.render(w, r, http.StatusOK, templates.Result(page, view))
	return nil
}
