package handlers

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/questionset"
	"shiken/store"
	"shiken/templates"
)

// questionEditing is a question in its editor: what is typed, and what of it is stored.
type questionEditing struct {
	identity      string // empty: the question is new, and is to be newID
	newID         string
	current       store.StoredQuestion // zero when new
	base, keyBase int                  // the edition and the revision of the key that its author saw
	event         string
	set           string
	state         store.QuestionState
	note          string
	fields        questionset.Fields
	spare         int // rows that are shown beside those that are filled in
	action        string

	refused    bool
	setProblem bool
	report     questionset.Report
	preview    bool
}

// spareRows are shown for answers that are still to be written.
const spareRows = 2

// questionTypes lists the types in the order of the editor.
func questionTypes() []exam.QuestionType { return questionset.EditTypes() }

// newQuestion is the editor of a question that is not there yet, or of a copy.
func (s *Server) newQuestion(w http.ResponseWriter, r *http.Request) error {
	e := &questionEditing{
		newID: uuid.NewString(), event: uuid.NewString(), state: store.QuestionDraft, spare: 4,
		set: queryText(r.URL.Query(), "set"), fields: questionset.Fields{"type": {string(exam.SingleChoice)}, "stem.format": {string(exam.Plain)}},
	}
	if id, err := uuidText(r.URL.Query().Get("copy")); err == nil {
		q, err := s.Store.Question(r.Context(), id)
		if err != nil {
			return err
		}
		original := formOfStored(&q)
		e.fields, e.set, e.spare = questionset.QuestionFields(&original), q.Set, spareRows
		delete(e.fields, "number")
	}
	return s.renderQuestionEditor(w, r, http.StatusOK, e)
}

// editQuestion is the editor of a question.
func (s *Server) editQuestion(w http.ResponseWriter, r *http.Request) error {
	q, err := s.bankQuestionOf(r)
	if err != nil {
		return err
	}
	stored := formOfStored(&q)
	return s.renderQuestionEditor(w, r, http.StatusOK, &questionEditing{
		identity: q.Identity, current: q, base: q.Edition, keyBase: q.Key.Revision, event: uuid.NewString(), set: q.Set, state: q.State,
		fields: questionset.QuestionFields(&stored), spare: spareRows,
	})
}

// maxQuestionFields bounds the fields of an editor's form: two hundred rows of ten fields fit.
const maxQuestionFields = 4_400

// questionField matches the fields of a question in its editor.
var questionField = regexp.MustCompile(`^(?:rows\[[1-9][0-9]{0,2}\]\.)?[a-z]+(?:\.format)?$`)

// formFields are those of the editor that are not of the question.
var formFields = []string{"edition", "key", "event", "id", "set", "state", "note", "action", "spare"}

// questionEditingFrom reads the form of an editor.
func questionEditingFrom(r *http.Request) (*questionEditing, error) {
	form, err := parseFields(r, maxQuestionFields)
	if err != nil {
		return nil, err
	}
	e := &questionEditing{action: form.Get("action"), fields: questionset.Fields{}, note: strings.TrimSpace(form.Get("note"))}
	base, err := countField(form, "edition", 0, maxOpening)
	if err != nil {
		return nil, err
	}
	keyBase, err := countField(form, "key", 0, maxOpening)
	if err != nil {
		return nil, err
	}
	if e.event, err = uuidField(form, "event"); err != nil {
		return nil, err
	}
	e.base, e.keyBase, e.state = int(base), int(keyBase), store.QuestionState(form.Get("state"))
	e.spare = queryNumber(form, "spare", spareRows, questionset.MaxAnswers)
	if !slices.Contains([]store.QuestionState{store.QuestionDraft, store.QuestionInReview, store.QuestionApproved}, e.state) || len(e.note) > store.MaxNote {
		return nil, errMalformed
	}
	e.set = strings.TrimSpace(form.Get("set"))
	for name, values := range form {
		if questionField.MatchString(name) && !slices.Contains(formFields, name) {
			e.fields[name] = values[:1]
		}
	}
	return e, nil
}

// rearrange does what a button asks of the form itself; false when it asks for something else.
func (e *questionEditing) rearrange() (bool, error) {
	name, number, _ := strings.Cut(e.action, ":")
	i, _ := strconv.Atoi(number) // the fields ignore rows that are not there
	switch name {
	case "show":
	case "preview":
		e.preview = true
	case "more":
		e.spare = min(e.spare+4, questionset.MaxAnswers)
	case "up":
		e.fields.SwapRows(i, i-1)
	case "down":
		e.fields.SwapRows(i, i+1)
	case "save", "":
		return false, nil
	default:
		return false, errMalformed
	}
	return true, nil
}

// base is the question as it was, as far as it was there.
func (e *questionEditing) was() questionset.Question { return formOfStored(&e.current) }

// renderQuestionEditor shows the editor with what is typed.
func (s *Server) renderQuestionEditor(w http.ResponseWriter, r *http.Request, status int, e *questionEditing) error {
	view, err := s.questionEditView(r, e)
	if err != nil {
		return err
	}
	return s.desk(w, r, status, func(p templates.Page) component { return templates.BankEdit(p, view) })
}

func (s *Server) questionEditView(r *http.Request, e *questionEditing) (templates.BankEditView, error) {
	typ := exam.QuestionType(url.Values(e.fields).Get("type"))
	view := templates.BankEditView{
		Identity: e.identity, NewID: e.newID, Set: e.set, Edition: e.base, KeyRevision: e.keyBase, Event: e.event,
		State: string(e.state), Note: e.note, Retired: e.current.Retired, Fields: e.fields, Kind: kinds[typ],
		Rows: min(e.fields.FilledRows()+e.spare, questionset.MaxAnswers), Refused: e.refused, SetProblem: e.setProblem,
		Findings: s.deskFindings(r, e.report.Findings), MaxText: questionset.MaxText, MaxNote: store.MaxNote,
		PairsKept: e.current.Key.PairWeights != nil && typ == exam.Matching,
	}
	if e.identity != "" {
		view.Title = s.questionLine(&e.current.Question)
	}
	for _, t := range questionTypes() {
		view.Types = append(view.Types, string(t))
	}
	for _, rule := range questionset.EditRules(typ) {
		view.Rules = append(view.Rules, string(rule))
	}
	sets, err := s.Store.Sets(r.Context())
	if err != nil {
		return view, err
	}
	for _, set := range sets {
		view.Sets = append(view.Sets, set.Name)
	}
	if !e.preview {
		return view, nil
	}
	was := e.was()
	q, _, report := questionset.ReadQuestion(e.fields, &was)
	view.Findings = s.deskFindings(r, report.Findings)
	shown, err := s.formQuestion(r, &q)
	view.Preview = &shown
	return view, err
}

// formQuestion shows a question of a form as candidates will see it.
func (s *Server) formQuestion(r *http.Request, q *questionset.Question) (templates.DeskQuestion, error) {
	if kinds[q.Question.Type] == "" {
		q.Question.Type = exam.Description
	}
	shown, err := s.fileQuestions(r, []questionset.Question{*q})
	if err != nil {
		return templates.DeskQuestion{}, err
	}
	return shown[0], nil
}

// previewQuestion answers what is typed with how it will look: a part of a page, which a script puts into it.
func (s *Server) previewQuestion(w http.ResponseWriter, r *http.Request) error {
	e, err := questionEditingFrom(r)
	if err != nil {
		return err
	}
	q, _, report := questionset.ReadQuestion(e.fields, &questionset.Question{})
	shown, err := s.formQuestion(r, &q)
	if err != nil {
		return err
	}
	findings := s.deskFindings(r, report.Findings)
	return s.desk(w, r, http.StatusOK, func(p templates.Page) component { return templates.BankPreview(p, shown, findings) })
}
