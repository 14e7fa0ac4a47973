package handlers

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"shiken/desk"
	"shiken/questionset"
	"shiken/store"
	"shiken/templates"
)

// createQuestion takes the editor's form of a new question.
func (s *Server) createQuestion(w http.ResponseWriter, r *http.Request) error {
	e, err := questionEditingFrom(r)
	if err != nil {
		return err
	}
	form, err := parseFields(r, maxQuestionFields)
	if err != nil {
		return err
	}
	if e.newID, err = uuidField(form, "id"); err != nil {
		return err
	}
	e.base, e.keyBase = 0, 0
	return s.takeQuestion(w, r, e)
}

// saveQuestion takes the editor's form of a question.
func (s *Server) saveQuestion(w http.ResponseWriter, r *http.Request) error {
	e, err := questionEditingFrom(r)
	if err != nil {
		return err
	}
	if e.current, err = s.bankQuestionOf(r); err != nil {
		return err
	}
	e.identity, e.set = e.current.Identity, e.current.Set
	e.base = max(e.base, 1) // it is not new
	return s.takeQuestion(w, r, e)
}

// takeQuestion stores what is typed, unless the form asks for something else, it is unsound, or another
// author was quicker.
func (s *Server) takeQuestion(w http.ResponseWriter, r *http.Request, e *questionEditing) error {
	if done, err := e.rearrange(); err != nil {
		return err
	} else if done {
		return s.renderQuestionEditor(w, r, http.StatusOK, e)
	}
	was := e.was()
	q, media, report := questionset.ReadQuestion(e.fields, &was)
	e.report = report
	set, named := desk.SetName(e.set, "")
	if e.setProblem = e.identity == "" && !named; !report.Sound() || e.setProblem {
		e.refused = true
		return s.renderQuestionEditor(w, r, http.StatusUnprocessableEntity, e)
	}
	e.set = set
	err := s.storeQuestion(r, e, &q, storedMedia(media))
	switch {
	case errors.Is(err, store.ErrMoved):
		return s.answerQuestionMoved(w, r, e, &q)
	case err != nil:
		return err
	}
	return seeOther(w, r, templates.BankQuestionPath(cmp.Or(e.identity, e.newID)), templates.NoteQuestionSaved)
}

// storeQuestion stores a question as its author has written it.
func (s *Server) storeQuestion(r *http.Request, e *questionEditing, q *questionset.Question, media []store.Media) error {
	edit := store.QuestionEdit{
		Identity: e.identity, Base: e.base, KeyBase: e.keyBase, Event: e.event, Set: e.set, Question: loadedOf(q),
		State: e.state, Note: e.note, Editor: viewerOf(r).User.Username,
	}
	was := e.was()
	if e.identity == "" {
		edit.Identity = e.newID
		was = questionset.Question{}
	}
	var changed []string
	for _, d := range questionDifferences(questionset.QuestionFields(&was), questionset.QuestionFields(q)) {
		changed = append(changed, d.Path)
	}
	ctx, cancel := commandContext(r)
	defer cancel()
	act := act(r, store.ActEditQuestion, edit.Identity, map[string]any{"set": e.set, "number": q.Number, "state": e.state, "fields": changed[:min(len(changed), maxChanged)]})
	return s.Store.By(act).ReviseQuestion(ctx, edit, media...)
}

// questionDifferences compares two versions field by field. Names that only connect rows are left out.
func questionDifferences(theirs, mine questionset.Fields) []templates.FieldDifference {
	text := func(values []string) string { return strings.Join(values, "\n") }
	return fieldDifferences(theirs, mine, comparePaths, text, "].id", "].option")
}

// comparePaths puts what a question asks first, then its rows in order, then the rest.
func comparePaths(a, b string) int {
	if n := rankOfPath(a) - rankOfPath(b); n != 0 {
		return n
	}
	return strings.Compare(a, b)
}

func rankOfPath(path string) int {
	if number, ok := strings.CutPrefix(path, "rows["); ok {
		n, _ := strconv.Atoi(number[:max(strings.IndexByte(number, ']'), 0)])
		return 10 + n
	}
	if at := slices.Index([]string{"type", "title", "stem", "stem.format"}, path); at >= 0 {
		return at
	}
	return 1_000
}

// answerQuestionMoved answers a form that was overtaken, or sent before: what is stored as it was typed is
// saved, whatever the new rows are called.
func (s *Server) answerQuestionMoved(w http.ResponseWriter, r *http.Request, e *questionEditing, mine *questionset.Question) error {
	e.identity = cmp.Or(e.identity, e.newID)
	current, err := s.Store.Question(r.Context(), e.identity)
	if err != nil {
		return err
	}
	stored := formOfStored(&current)
	differences := questionDifferences(questionset.QuestionFields(&stored), questionset.QuestionFields(mine))
	if len(differences) == 0 && current.State == e.state {
		switch err := s.moved(r, e); {
		case err == nil:
			return seeOther(w, r, templates.BankQuestionPath(e.identity), templates.NoteQuestionSaved)
		case !errors.Is(err, store.ErrMoved):
			return err
		}
	}
	return s.answerQuestionConflict(w, r, e, current, mine, differences)
}

// moved is ErrMoved unless the question's history holds the form with its note.
func (s *Server) moved(r *http.Request, e *questionEditing) error {
	events, err := s.Store.QuestionEvents(r.Context(), e.identity, maxSentBefore)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(events, func(v store.QuestionEvent) bool { return v.ID == e.event && v.Note == e.note }) {
		return nil
	}
	return store.ErrMoved
}

// maxSentBefore bounds the events among which a form is looked for that was sent before.
const maxSentBefore = 100

// answerQuestionConflict shows what has been saved meanwhile beside what was sent: nothing is lost, and one
// click decides.
func (s *Server) answerQuestionConflict(w http.ResponseWriter, r *http.Request, e *questionEditing, current store.StoredQuestion, mine *questionset.Question, differences []templates.FieldDifference) error {
	shown, err := s.storedQuestions(r, []store.StoredQuestion{current})
	if err != nil {
		return err
	}
	sent, err := s.formQuestion(r, mine)
	if err != nil {
		return err
	}
	sent.Index = 2 // unique on the page
	shown[0].Identity, shown[0].State = "", ""
	view := templates.BankConflictView{
		Identity: e.identity, Title: s.questionLine(&current.Question), Saved: instantTime(current.Edited), By: current.EditedBy,
		Theirs: shown[0], Mine: sent, Now: instantTime(nowOf(r)), Action: templates.BankEditPath(e.identity),
		Differences: differences,
		Fields: sentAgain(e.fields, []templates.Field{
			{Name: "edition", Value: strconv.Itoa(current.Edition)}, {Name: "key", Value: strconv.Itoa(current.Key.Revision)},
			{Name: "event", Value: uuid.NewString()}, {Name: "state", Value: string(e.state)}, {Name: "note", Value: e.note},
		}...),
	}
	return s.desk(w, r, http.StatusConflict, func(p templates.Page) component { return templates.BankConflict(p, view) })
}
