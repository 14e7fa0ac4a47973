package handlers

import (
	"errors"
	"net/http"
	"strings"

	"shiken/store"
	"shiken/templates"
)

// markKinds are what the buttons of a question's page ask for, with the note that follows.
var markKinds = map[string]templates.Note{
	string(store.QuestionDraft): templates.NoteQuestionDraft, string(store.QuestionInReview): templates.NoteQuestionInReview,
	string(store.QuestionApproved): templates.NoteQuestionApproved, string(store.QuestionRetired): templates.NoteQuestionRetired,
	string(store.QuestionRestored): templates.NoteQuestionRestored, string(store.QuestionCommented): templates.NoteQuestionCommented,
}

// markQuestion changes the state of a question, retires it or takes it back, or comments on it.
func (s *Server) markQuestion(w http.ResponseWriter, r *http.Request) error {
	form, err := parseForm(r)
	if err != nil {
		return err
	}
	base, err := countField(form, "edition", 1, maxOpening)
	if err != nil {
		return err
	}
	event, err := uuidField(form, "event")
	if err != nil {
		return err
	}
	note, known := markKinds[form.Get("action")]
	if !known {
		return errMalformed
	}
	q, err := s.bankQuestionOf(r)
	if err != nil {
		return err
	}
	m := store.QuestionMark{
		Identity: q.Identity, Base: int(base), Event: event, Kind: store.QuestionEventKind(form.Get("action")),
		Note: strings.TrimSpace(form.Get("note")), Editor: viewerOf(r).User.Username,
	}
	if len(m.Note) > store.MaxNote || m.Note == "" && m.Kind == store.QuestionCommented {
		return s.markRefused(w, r, &q, m.Note, http.StatusUnprocessableEntity, func(v *templates.BankQuestionView) { v.NoteProblem = true })
	}
	ctx, cancel := commandContext(r)
	defer cancel()
	act := act(r, store.ActReviewQuestion, q.Identity, map[string]any{"set": q.Set, "number": q.Number, "mark": m.Kind})
	err = s.Store.By(act).MarkQuestion(ctx, m)
	if errors.Is(err, store.ErrMoved) {
		if q, err = s.bankQuestionOf(r); err != nil {
			return err
		}
		return s.markRefused(w, r, &q, m.Note, http.StatusConflict, func(v *templates.BankQuestionView) { v.Moved = true })
	}
	if err != nil {
		return err
	}
	return seeOther(w, r, templates.BankQuestionPath(q.Identity), note)
}

// markRefused shows the question as it is now with what was typed.
func (s *Server) markRefused(w http.ResponseWriter, r *http.Request, q *store.StoredQuestion, note string, status int, why func(*templates.BankQuestionView)) error {
	view, err := s.bankQuestionView(r, q)
	if err != nil {
		return err
	}
	view.Note = note
	why(&view)
	return s.desk(w, r, status, func(p templates.Page) component { return templates.BankQuestion(p, view) })
}
