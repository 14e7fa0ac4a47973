package handlers

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"shiken/desk"
	"shiken/exam"
	"shiken/questionset"
	"shiken/store"
	"shiken/templates"
)

// createExam takes the editor's form of a new exam.
func (s *Server) createExam(w http.ResponseWriter, r *http.Request) error {
	e, err := editingFrom(r)
	if err != nil {
		return err
	}
	if done, err := e.rearrange(); err != nil || done {
		return s.rearranged(w, r, e, err)
	}
	e.base = 0
	return s.saveEditing(w, r, e, saving{act: store.ActSaveExam, note: templates.NoteSaved})
}

// rearranged shows the form after a button that asked something of the form itself.
func (s *Server) rearranged(w http.ResponseWriter, r *http.Request, e *editing, err error) error {
	if err != nil {
		return err
	}
	return s.renderEditor(w, r, http.StatusOK, e)
}

// saveExam takes the editor's form of an exam: a draft stays one, what is published stays published.
func (s *Server) saveExam(w http.ResponseWriter, r *http.Request) error {
	e, err := s.editingNow(r)
	if err != nil {
		return err
	}
	if done, err := e.rearrange(); err != nil || done {
		return s.rearranged(w, r, e, err)
	}
	return s.saveEditing(w, r, e, saving{
		published: e.current.Definition.Published, act: store.ActSaveExam, note: templates.NoteSaved,
	})
}

// publishExam saves what is typed, if anything is, and publishes the exam if it can be drawn.
func (s *Server) publishExam(w http.ResponseWriter, r *http.Request) error {
	e, err := s.editingNow(r)
	if err != nil {
		return err
	}
	return s.saveEditing(w, r, e, saving{published: true, act: store.ActPublishExam, note: templates.NotePublished})
}

// withdrawExam saves what is typed, if anything is, and makes the exam a draft again.
func (s *Server) withdrawExam(w http.ResponseWriter, r *http.Request) error {
	e, err := s.editingNow(r)
	if err != nil {
		return err
	}
	return s.saveEditing(w, r, e, saving{act: store.ActWithdrawExam, note: templates.NoteWithdrawn})
}

// editingNow reads the editor's form of the exam of the path.
func (s *Server) editingNow(r *http.Request) (*editing, error) {
	e, err := editingFrom(r)
	if err != nil {
		return nil, err
	}
	if e.current, err = s.revised(r); err != nil {
		return nil, err
	}
	e.slug = e.current.Definition.Slug
	if !e.typed() {
		e.fields = questionset.FieldsOf(&e.current.Definition, s.Zone)
	}
	e.fields["exam"] = []string{e.slug}
	return e, nil
}

// saving is how an editor's form is stored.
type saving struct {
	published bool
	act       store.Action
	note      templates.Note
}

// saveEditing stores what is typed, unless the rules of the exam file refuse it, it is to be published
// and cannot be drawn, or another author was quicker.
func (s *Server) saveEditing(w http.ResponseWriter, r *http.Request, e *editing, how saving) error {
	delete(e.fields, "published")
	if how.published {
		e.fields["published"] = []string{"true"}
	}
	d, report := questionset.ReadFields(e.fields, s.Zone)
	if e.report = report; !report.Sound() {
		e.refused = templates.EditUnsound
		return s.renderEditor(w, r, http.StatusUnprocessableEntity, e)
	}
	lacking, err := desk.Attach(r.Context(), s.Store, &d)
	if err != nil {
		return err
	}
	if len(lacking) > 0 {
		e.refused = templates.EditAttached
		return s.renderEditor(w, r, http.StatusUnprocessableEntity, e)
	}
	verdict, err := desk.Judge(r.Context(), s.Store, &d)
	if err != nil {
		return err
	}
	if desk.Refused(&d, verdict.Faults) {
		e.refused = templates.EditUndrawn
		return s.renderEditor(w, r, http.StatusUnprocessableEntity, e)
	}
	ctx, cancel := commandContext(r)
	defer cancel()
	act := act(r, how.act, d.Slug, map[string]any{"base": e.base, "changed": s.changedFields(&e.current.Definition, &d)})
	_, err = s.Store.By(act).ReviseDefinition(ctx, d, e.base)
	switch {
	case errors.Is(err, store.ErrExists):
		e.refused = templates.EditSlugUsed
		return s.renderEditor(w, r, http.StatusUnprocessableEntity, e)
	case errors.Is(err, store.ErrMoved):
		return s.answerConflict(w, r, e, &d)
	case err != nil:
		return err
	}
	if e.action == actionAttach {
		return seeOther(w, r, templates.AttachPath(d.Slug), how.note)
	}
	return seeOther(w, r, templates.ExamEditPath(d.Slug), how.note)
}

// changedFields lists the fields that differ, by path.
func (s *Server) changedFields(was, is *exam.Definition) []string {
	var out []string
	for _, d := range s.differences(was, is) {
		out = append(out, d.Path)
	}
	return out
}

// differences compares two versions field by field, by the paths of the exam file.
func (s *Server) differences(theirs, mine *exam.Definition) []templates.FieldDifference {
	return fieldDifferences(questionset.FieldsOf(theirs, s.Zone), questionset.FieldsOf(mine, s.Zone), strings.Compare, fieldText, ".exact")
}

// fieldText is the values of a field, one for each line, in an order that tells nothing.
func fieldText(values []string) string {
	return strings.Join(slices.Sorted(slices.Values(values)), "\n")
}

// answerConflict shows what another author has saved meanwhile beside what is typed: nothing is lost,
// and one click decides.
func (s *Server) answerConflict(w http.ResponseWriter, r *http.Request, e *editing, mine *exam.Definition) error {
	current, err := s.Store.Revised(r.Context(), e.slug)
	if err != nil {
		return err
	}
	view := templates.ExamConflictView{
		Slug: e.slug, Title: current.Definition.Title.In(s.locale(r).Tag()), Revision: current.Revision,
		Saved: instantTime(current.Saved), Now: instantTime(nowOf(r)),
		Differences: s.differences(&current.Definition, mine), Action: r.URL.Path,
	}
	view.Fields = sentAgain(e.fields, templates.Field{Name: "revision", Value: strconv.Itoa(current.Revision)},
		templates.Field{Name: "action", Value: "save"})
	return s.desk(w, r, http.StatusConflict, func(p templates.Page) component { return templates.ExamConflict(p, view) })
}
