package handlers

import (
	"net/http"
	"slices"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"shiken/desk"
	"shiken/exam"
	"shiken/questionset"
	"shiken/store"
	"shiken/templates"
)

// Bounds of what a question's page lists.
const (
	maxVersions = 50
	maxEvents   = 200
)

// bankQuestionOf reads the question of the path.
func (s *Server) bankQuestionOf(r *http.Request) (store.StoredQuestion, error) {
	id, err := uuidText(chi.URLParam(r, "question"))
	if err != nil {
		return store.StoredQuestion{}, errNotFound
	}
	return s.Store.Question(r.Context(), id)
}

// showBankQuestion shows a question as candidates see it, with its key, its versions and its history.
func (s *Server) showBankQuestion(w http.ResponseWriter, r *http.Request) error {
	q, err := s.bankQuestionOf(r)
	if err != nil {
		return err
	}
	view, err := s.bankQuestionView(r, &q)
	if err != nil {
		return err
	}
	return s.desk(w, r, http.StatusOK, func(p templates.Page) component { return templates.BankQuestion(p, view) })
}

func (s *Server) bankQuestionView(r *http.Request, q *store.StoredQuestion) (templates.BankQuestionView, error) {
	view := templates.BankQuestionView{
		Identity: q.Identity, Set: q.Set, Title: s.questionLine(&q.Question), State: string(q.State), Retired: q.Retired,
		Edition: q.Edition, Event: uuid.NewString(), Group: q.Question.Group, Revision: q.Revision,
		Edited: instantTime(q.Edited), EditedBy: q.EditedBy, Now: instantTime(nowOf(r)), MaxNote: store.MaxNote,
	}
	shown, err := s.storedQuestions(r, []store.StoredQuestion{*q})
	if err != nil {
		return view, err
	}
	view.Question = shown[0]
	view.Question.Identity, view.Question.State = "", "" // the page says both
	if q.Key.Guide.Source != "" {
		view.Guide = s.Render.Block(q.Key.Guide)
	}
	events, err := s.Store.QuestionEvents(r.Context(), q.Identity, maxEvents)
	if err != nil {
		return view, err
	}
	for _, e := range events {
		view.Events = append(view.Events, templates.BankEvent{
			At: instantTime(e.At), By: e.Actor, Kind: string(e.Kind), Note: e.Note, Revision: e.Revision, KeyRevision: e.KeyRevision,
		})
	}
	view.Versions, err = s.bankVersions(r, q.Identity, events)
	return view, err
}

// bankVersions lists versions, the newest first, each with what it changed.
func (s *Server) bankVersions(r *http.Request, identity string, events []store.QuestionEvent) ([]templates.BankVersion, error) {
	versions, err := s.Store.QuestionVersions(r.Context(), identity, maxVersions+1)
	if err != nil {
		return nil, err
	}
	out := make([]templates.BankVersion, 0, len(versions))
	for i := range versions[:min(len(versions), maxVersions)] {
		v := &versions[i]
		shown := templates.BankVersion{
			Revision: v.Revision, KeyRevision: v.Key.Revision, Created: instantTime(v.Created), By: authorOf(events, v.Revision),
			Path: templates.BankVersionPath(identity, v.Revision), First: v.Revision == 1,
		}
		if p := templates.KeyPath(v.Version); s.offers(keyPattern, viewerOf(r).User.Roles) && v.Question.Type != exam.Description {
			shown.KeyPath = p
		}
		if i+1 < len(versions) {
			shown.Differences = questionDifferences(fieldsOfVersion(&versions[i+1]), fieldsOfVersion(v))
		}
		out = append(out, shown)
	}
	return out, nil
}

// authorOf is who wrote a version, "" for one that was loaded.
func authorOf(events []store.QuestionEvent, revision int) string {
	for _, e := range events {
		if e.Revision == revision && (e.Kind == store.QuestionEdited || e.Kind == store.QuestionCreated) {
			return e.Actor
		}
	}
	return ""
}

func fieldsOfVersion(v *store.QuestionVersion) questionset.Fields {
	return questionset.QuestionFields(&questionset.Question{Question: v.Question, Key: v.Key, Feedback: v.Feedback})
}

// showBankVersion shows a question as it was in one of its versions.
func (s *Server) showBankVersion(w http.ResponseWriter, r *http.Request) error {
	q, err := s.bankQuestionOf(r)
	if err != nil {
		return err
	}
	revision, err := wholeNumber(chi.URLParam(r, "revision"), 1, maxOpening)
	if err != nil {
		return errNotFound
	}
	versions, err := s.Store.QuestionVersions(r.Context(), q.Identity, maxVersions+1)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(versions, func(v store.QuestionVersion) bool { return int64(v.Revision) == revision })
	if i < 0 {
		return errNotFound
	}
	events, err := s.Store.QuestionEvents(r.Context(), q.Identity, maxEvents)
	if err != nil {
		return err
	}
	v := &versions[i]
	q.Question, q.Key, q.Feedback = v.Question, v.Key, v.Feedback
	shown, err := s.storedQuestions(r, []store.StoredQuestion{q})
	if err != nil {
		return err
	}
	view := templates.BankVersionView{
		Identity: q.Identity, Title: s.questionLine(&q.Question), Set: q.Set, Question: shown[0], Now: instantTime(nowOf(r)),
		Version: templates.BankVersion{
			Revision: v.Revision, KeyRevision: v.Key.Revision, Created: instantTime(v.Created), By: authorOf(events, v.Revision), First: v.Revision == 1,
		},
	}
	if i+1 < len(versions) {
		view.Version.Differences = questionDifferences(fieldsOfVersion(&versions[i+1]), fieldsOfVersion(v))
	}
	return s.desk(w, r, http.StatusOK, func(p templates.Page) component { return templates.BankVersionPage(p, view) })
}

// loadedOf is a question of a form on its way into the store.
func loadedOf(q *questionset.Question) store.LoadedQuestion {
	return desk.Loaded([]questionset.Question{*q})[0]
}

// formOfStored is a stored question as the importers have it.
func formOfStored(q *store.StoredQuestion) questionset.Question {
	return questionset.Question{
		Number: q.Number, Category: q.Category, Year: q.Year, Reference: q.Reference, Difficulty: q.Difficulty, Tags: q.Tags,
		Question: q.Question, Key: q.Key, Feedback: q.Feedback,
	}
}
