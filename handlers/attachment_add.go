package handlers

import (
	"errors"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"shiken/exam"
	"shiken/questionset"
	"shiken/store"
	"shiken/templates"
)

// showAttach is the form that adds an attachment to an exam.
func (s *Server) showAttach(w http.ResponseWriter, r *http.Request) error {
	revised, err := s.revised(r)
	if err != nil {
		return err
	}
	return s.renderAttach(w, r, &attaching{was: revised})
}

// attaching is a file on its way to the attachments of an exam.
type attaching struct {
	was     store.Revised
	form    url.Values
	file    exam.Attachment
	media   questionset.Media
	problem templates.AttachProblem
	finding questionset.Report // of the file
}

func (s *Server) renderAttach(w http.ResponseWriter, r *http.Request, a *attaching) error {
	d := &a.was.Definition
	view := templates.AttachView{
		Exam: d.Slug, Title: d.Title.In(s.locale(r).Tag()), Published: d.Published, Problem: a.problem,
		TitleJA: a.form.Get("title.ja"), TitleEN: a.form.Get("title.en"), Left: exam.MaxAttachments - len(d.Attachments),
		MB: questionset.MaxAttachment >> 20, AllMB: questionset.MaxAttachments >> 20, Endings: questionset.AttachmentEndings(),
	}
	if found := s.deskFindings(r, a.finding.Findings); len(found) > 0 {
		view.Finding = found[0]
	}
	status := http.StatusOK
	switch a.problem {
	case templates.AttachFine:
	case templates.AttachMoved:
		status = http.StatusConflict
	default:
		status = http.StatusUnprocessableEntity
	}
	return s.desk(w, r, status, func(p templates.Page) component { return templates.Attach(p, view) })
}

// attachTries is how often an attachment is added to what others save meanwhile.
const attachTries = 5

// addAttachment stores a file as the last attachment of an exam, or in the place of the one of its name. What
// other authors save meanwhile stays as they saved it.
func (s *Server) addAttachment(w http.ResponseWriter, r *http.Request) error {
	file, form, err := uploadOf(r)
	if err != nil {
		return err
	}
	a := &attaching{form: form}
	if a.was, err = s.revised(r); err != nil {
		return err
	}
	if a.judge(&file); a.problem != "" {
		return s.renderAttach(w, r, a)
	}
	for range attachTries {
		if a.was, err = s.revised(r); err != nil {
			return err
		}
		err = s.attach(r, a)
		if a.problem != "" {
			return s.renderAttach(w, r, a)
		}
		if !errors.Is(err, store.ErrMoved) {
			break
		}
	}
	switch {
	case errors.Is(err, store.ErrMoved):
		a.problem = templates.AttachMoved
		return s.renderAttach(w, r, a)
	case err != nil:
		return err
	}
	return seeOther(w, r, templates.ExamEditPath(a.was.Definition.Slug), templates.NoteAttached)
}

// judge judges the file by itself.
func (a *attaching) judge(file *upload) {
	if file.Name == "" {
		a.problem = templates.AttachNoFile
		return
	}
	a.file, a.media, a.finding = questionset.NewAttachment(norm.NFC.String(file.Name), file.Data)
	if !a.finding.Sound() {
		a.problem = templates.AttachFile
	}
}

// attach adds the file to the exam as it was read. What is there already is stored already, so that a form
// that is sent twice is no conflict with itself.
func (s *Server) attach(r *http.Request, a *attaching) error {
	was := &a.was.Definition
	d := *was
	d.Attachments = slices.Clone(was.Attachments)
	at := slices.IndexFunc(d.Attachments, func(o exam.Attachment) bool { return strings.EqualFold(o.File, a.file.File) })
	if at < 0 && len(d.Attachments) >= exam.MaxAttachments {
		a.problem = templates.AttachFull
		return nil
	}
	if at < 0 {
		at = len(d.Attachments)
		d.Attachments = append(d.Attachments, exam.Attachment{})
	}
	before := d.Attachments[at]
	d.Attachments[at] = a.file
	if a.titled(&d, at, before.Title, s); a.problem != "" || reflect.DeepEqual(before, d.Attachments[at]) {
		return nil
	}
	if a.fits(was, &d, at); a.problem != "" {
		return nil
	}
	ctx, cancel := commandContext(r)
	defer cancel()
	act := act(r, store.ActSaveExam, d.Slug, map[string]any{"base": a.was.Revision, "changed": s.changedFields(was, &d), "attachment": a.file.File})
	_, err := s.Store.By(act).ReviseDefinition(ctx, d, a.was.Revision, storedMedia([]questionset.Media{a.media})...)
	return err
}

// titled gives the attachment at a place the title that was typed, by the rules of the exam's form; a file
// that replaces another one keeps the title of that where none was typed.
func (a *attaching) titled(d *exam.Definition, at int, before exam.Title, s *Server) {
	fields, path := questionset.FieldsOf(d, s.Zone), "attachments["+strconv.Itoa(at+1)+"].title."
	typed := false
	for _, lang := range []string{"ja", "en"} {
		if text := strings.TrimSpace(a.form.Get("title." + lang)); text != "" {
			fields[path+lang], typed = []string{text}, true
		}
	}
	if !typed {
		d.Attachments[at].Title = before
		return
	}
	read, report := questionset.ReadFields(fields, s.Zone)
	if !report.Sound() {
		a.problem = templates.AttachTitle
		return
	}
	d.Attachments[at].Title = read.Attachments[at].Title
}

// fits judges the file beside the attachments that there are.
func (a *attaching) fits(was, is *exam.Definition, at int) {
	total := int64(0)
	for i := range is.Attachments {
		total += is.Attachments[i].Size
	}
	switch {
	case at < len(was.Attachments) && a.form.Get("replace") != "1":
		a.problem = templates.AttachUsed
	case total > questionset.MaxAttachments:
		a.problem = templates.AttachTotal
	}
}
