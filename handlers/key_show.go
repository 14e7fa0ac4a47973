package handlers

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"shiken/exam"
	"shiken/store"
	"shiken/templates"
)

// correcting is a question version whose key is corrected.
type correcting struct {
	stored store.VersionedQuestion
	// What the form asks for; Key is the one that it would make.
	action templates.KeyAction
	key    exam.Key
	exam   string
	lower  bool
	reason string
	base   int
	// problem says what is wrong with that; empty for nothing.
	problem string
}

// treatments are those of the ways to correct that don't look at answers.
var treatments = map[templates.KeyAction]exam.Treatment{templates.KeyFull: exam.FullMarks, templates.KeyDrop: exam.Excluded}

// keyActions are the ways in which the key of a question of a type can be corrected.
func keyActions(t exam.QuestionType) []templates.KeyAction {
	all := []templates.KeyAction{templates.KeyCorrect, templates.KeyBoth, templates.KeyFull, templates.KeyDrop}
	if t == exam.Essay || t == exam.Description {
		return append([]templates.KeyAction{templates.KeyCorrect}, all[2:]...)
	}
	return all
}

// showKey shows the key of a question version, and how it may be corrected.
func (s *Server) showKey(w http.ResponseWriter, r *http.Request) error {
	stored, err := s.Store.QuestionVersion(r.Context(), chi.URLParam(r, "version"))
	if err != nil {
		return err
	}
	c := correcting{stored: stored, action: templates.KeyCorrect, key: stored.Key, base: stored.Key.Revision, exam: queryText(r.URL.Query(), "exam")}
	return s.renderKey(w, r, &c, http.StatusOK)
}

func (s *Server) renderKey(w http.ResponseWriter, r *http.Request, c *correcting, status int) error {
	form, err := s.keyForm(r, c)
	if err != nil {
		return err
	}
	s.render(w, r, status, templates.KeyCorrection(s.staffPage(r), form))
	return nil
}

func (s *Server) keyForm(r *http.Request, c *correcting) (templates.KeyForm, error) {
	q := &c.stored
	form := templates.KeyForm{
		Version: q.Version, Set: q.Set, Number: questionName(q), Base: q.Key.Revision, Treatment: string(q.Key.Treatment),
		Actions: keyActions(q.Question.Type), Action: c.action, Exam: c.exam, Lower: c.lower, Reason: c.reason, Problem: c.problem,
	}
	shown := c.key
	if c.problem == "moved" {
		shown = q.Key
	}
	form.Inputs = s.keyInputs(s.pageOf(r), &q.Question, &shown)
	var err error
	if form.Question, err = s.keyQuestion(r, q, &q.Key); err != nil {
		return form, err
	}
	definitions, err := s.Store.Definitions(r.Context())
	if err != nil {
		return form, err
	}
	for i := range definitions {
		d := &definitions[i]
		draws := func(sec exam.SectionDefinition) bool { return sec.From.Set == q.Set }
		if d.Slug == c.exam || slices.ContainsFunc(d.Sections, draws) {
			form.Exams = append(form.Exams, templates.Field{Name: d.Slug, Value: s.listedTitle(r, d)})
		}
	}
	form.History, err = s.keyHistory(r, q.Version)
	return form, err
}

// questionName is what people call a question.
func questionName(q *store.VersionedQuestion) string {
	if q.Number != "" {
		return q.Number
	}
	return q.Identity
}

// keyQuestion shows the question with a key.
func (s *Server) keyQuestion(r *http.Request, q *store.VersionedQuestion, k *exam.Key) (templates.DeskQuestion, error) {
	list, err := s.deskQuestions(r, []deskSource{{
		view:     templates.DeskQuestion{Number: q.Number, Category: q.Category, Year: q.Year, Reference: q.Reference, Tags: q.Tags, Identity: q.Identity, State: bankState(&q.StoredQuestion)},
		question: q.Question, key: *k, feedback: q.Feedback,
	}})
	if err != nil {
		return templates.DeskQuestion{}, err
	}
	return list[0], nil
}

func (s *Server) keyHistory(r *http.Request, version string) ([]templates.KeyHistory, error) {
	revisions, err := s.Store.KeyRevisions(r.Context(), version)
	if err != nil {
		return nil, err
	}
	out := make([]templates.KeyHistory, len(revisions))
	for i, k := range revisions {
		out[i] = templates.KeyHistory{Revision: k.Key.Revision, At: instantTime(k.Created)}
		if k.Correction == nil {
			continue
		}
		out[i].Correction, out[i].Reason = k.Correction.ID, k.Correction.Reason
		if out[i].Who, err = s.nameOf(r, k.Correction.Actor); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// nameOf is the username of somebody, empty when there is none any more.
func (s *Server) nameOf(r *http.Request, user string) (string, error) {
	u, err := s.Store.UserByID(r.Context(), user)
	if errors.Is(err, store.ErrNotFound) {
		return "", nil
	}
	return u.Username, err
}

// correctingOf reads a form. What the author has to mend is its problem.
func (s *Server) correctingOf(r *http.Request, form url.Values) (*correcting, error) {
	stored, err := s.Store.QuestionVersion(r.Context(), chi.URLParam(r, "version"))
	if err != nil {
		return nil, err
	}
	base, err := countField(form, "base", 1, maxOffset)
	if err != nil {
		return nil, err
	}
	c := &correcting{
		stored: stored, action: templates.KeyAction(form.Get("action")), exam: form.Get("exam"), lower: form.Get("lower") == "1",
		reason: strings.TrimSpace(form.Get("reason")), base: int(base), key: stored.Key,
	}
	if !slices.Contains(keyActions(stored.Question.Type), c.action) {
		return nil, errMalformed
	}
	if c.exam != "" {
		if _, err := s.Store.Definition(r.Context(), c.exam); err != nil {
			return nil, err
		}
	}
	if c.base != stored.Key.Revision {
		c.problem = "moved"
		return c, nil
	}
	return c, c.read(form)
}

// read makes the key that the form asks for.
func (c *correcting) read(form url.Values) error {
	if treatment, ok := treatments[c.action]; ok {
		c.key.Treatment = treatment
	} else {
		typed, err := typedKey(&c.stored.Question, c.stored.Key, form)
		switch {
		case errors.Is(err, errNoKey):
			c.problem = "key"
		case errors.Is(err, errKeyNumber):
			c.problem = "number"
		case err != nil:
			return err
		}
		if c.problem != "" {
			return nil
		}
		c.key = typed
		if c.action == templates.KeyBoth {
			c.key = c.stored.Key.Accepting(c.stored.Question.Type, typed)
		}
	}
	if judgeReason(c.reason) != templates.PlanFine || !cleanText(c.reason) {
		c.problem = "reason"
	}
	return nil
}

// fields are those of the form, to be sent again.
func (c *correcting) fields(form url.Values, job string) []templates.Field {
	out := []templates.Field{{Name: "job", Value: job}, {Name: "base", Value: strconv.Itoa(c.base)}}
	for name, values := range form {
		if name != "action" && name != "exam" && name != "lower" && name != "reason" && !strings.HasPrefix(name, "right") {
			continue
		}
		for _, v := range values {
			out = append(out, templates.Field{Name: name, Value: v})
		}
	}
	slices.SortStableFunc(out, func(a, b templates.Field) int { return strings.Compare(a.Name, b.Name) })
	return out
}
