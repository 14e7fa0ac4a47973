package handlers

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"shiken/questionset"
	"shiken/store"
	"shiken/templates"
)

// copyExam makes a draft of an exam under another name.
func (s *Server) copyExam(w http.ResponseWriter, r *http.Request) error {
	form, err := parseForm(r)
	if err != nil {
		return err
	}
	revised, err := s.revised(r)
	if err != nil {
		return err
	}
	from := revised.Definition.Slug
	e := s.editingOf(&revised)
	e.copying = strings.TrimSpace(form.Get("exam"))
	fields := questionset.FieldsOf(&revised.Definition, s.Zone)
	fields["exam"] = []string{e.copying}
	delete(fields, "published")
	d, report := questionset.ReadFields(fields, s.Zone)
	if wrongName(&report) {
		e.copied = templates.CopyWrong
		return s.renderEditor(w, r, http.StatusUnprocessableEntity, e)
	}
	d.Attachments = revised.Definition.Attachments // with what the form does not say of them
	ctx, cancel := commandContext(r)
	defer cancel()
	act := act(r, store.ActSaveExam, d.Slug, map[string]any{"copy_of": from, "revision": revised.Revision})
	_, err = s.Store.By(act).ReviseDefinition(ctx, d, 0)
	if errors.Is(err, store.ErrExists) {
		e.copied = templates.CopyUsed
		return s.renderEditor(w, r, http.StatusUnprocessableEntity, e)
	}
	if err != nil {
		return err
	}
	return seeOther(w, r, templates.ExamEditPath(d.Slug), templates.NoteCopied)
}

// wrongName: the report refuses the name of the exam.
func wrongName(report *questionset.Report) bool {
	return slices.ContainsFunc(report.Findings, func(f questionset.Finding) bool { return f.Element == "exam" })
}

// downloadExam sends an exam as the exam file that can be loaded again.
func (s *Server) downloadExam(w http.ResponseWriter, r *http.Request) error {
	revised, err := s.revised(r)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/yaml; charset=utf-8")
	h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%s.yaml"`, revised.Definition.Slug)) // a slug needs no quoting
	return questionset.WriteExam(w, &revised.Definition)
}
