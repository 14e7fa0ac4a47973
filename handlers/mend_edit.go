package handlers

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"

	"shiken/desk"
	"shiken/questionset"
	"shiken/store"
	"shiken/templates"
)

// mending is a question of an upload on its author's way to mend it before it is loaded. Nothing of it is in a
// set: the load takes it in the place that it has in the file.
type mending struct {
	up      store.Upload
	opts    questionset.Options
	file    *questionset.File // as it was read, without what was mended
	nth     int
	stored  store.Mend         // what was mended before; its Edition is current
	mended  questionset.Mended // zero where nothing is
	piece   *questionset.Piece // nil: the question was taken
	base    questionset.Question
	edition int // that the author saw

	asText bool // the text of the piece is mended, not the fields of a question
	text   string
	fields questionset.Fields
	spare  int
	action string

	refused bool
	full    bool
	report  questionset.Report
	preview bool
}

// mendingOf reads the question of the path. What is no question that can be mended is not found.
func (s *Server) mendingOf(r *http.Request) (*mending, error) {
	unhurried(r)
	m := &mending{spare: spareRows}
	nth, err := wholeNumber(chi.URLParam(r, "piece"), 1, questionset.MaxQuestions)
	if err != nil {
		return nil, errNotFound
	}
	m.nth = int(nth)
	if m.opts, err = uploadOptions(r); err != nil {
		return nil, err
	}
	if m.up, err = s.ownUpload(r); err != nil {
		return nil, err
	}
	if m.file, err = s.parseUpload(r, &m.up, m.opts); err != nil {
		return nil, err
	}
	if m.stored, err = s.Store.Mend(r.Context(), m.up.ID, desk.ReadingName(m.file, m.opts), m.nth); err != nil {
		return nil, err
	}
	m.edition, m.piece, m.base = m.stored.Edition, m.file.Piece(m.nth), m.file.Nth(m.nth)
	if m.base.Nth == 0 || m.file.Format == questionset.Exam {
		return nil, errNotFound
	}
	if m.stored.Data != "" {
		if m.mended, err = desk.MendOf(&m.stored); err != nil {
			return nil, err
		}
		m.base = m.mended.Question
	}
	return m, nil
}

// mayText reports whether the text of the question can be mended by itself.
func (m *mending) mayText() bool { return m.piece != nil && m.piece.Source != "" }

// source is the text as it was mended, else as it stands in the file.
func (m *mending) source() string {
	if m.mended.Source != "" {
		return m.mended.Source
	}
	if m.piece != nil {
		return m.piece.Source
	}
	return ""
}

// editMend shows a question of an upload in the editor, or its text.
func (s *Server) editMend(w http.ResponseWriter, r *http.Request) error {
	m, err := s.mendingOf(r)
	if err != nil {
		return err
	}
	m.fields, m.text = questionset.QuestionFields(&m.base), m.source()
	switch as := r.URL.Query().Get("as"); {
	case as == "text":
		m.asText = m.mayText()
	case as == "fields":
	case m.mended.Nth > 0:
		m.asText = m.mended.Source != "" && m.mayText()
	default:
		m.asText = m.mayText() && !m.piece.Readable()
	}
	return s.renderMend(w, r, http.StatusOK, m)
}

func (s *Server) renderMend(w http.ResponseWriter, r *http.Request, status int, m *mending) error {
	view, err := s.mendView(r, m)
	if err != nil {
		return err
	}
	return s.desk(w, r, status, func(p templates.Page) component {
		return fromUpload(templates.Mend(p, view), m.up.ID, mendQuery(r).Encode())
	})
}

// mendQuery is how the file is read, and where it goes, as the addresses of its pages say.
func mendQuery(r *http.Request) url.Values {
	out := url.Values{}
	for _, name := range []string{"set", "format", "columns", "text"} {
		if v := r.URL.Query().Get(name); v != "" && cleanText(v) {
			out.Set(name, v)
		}
	}
	return out
}

// mendPath is the page on which a question of an upload is mended.
func mendPath(upload string, nth int, query url.Values) string {
	path := templates.MendPath(upload, nth)
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return path
}

func (s *Server) mendView(r *http.Request, m *mending) (templates.MendView, error) {
	query := mendQuery(r)
	view := templates.MendView{
		File: m.file.Name, Report: withQuery(templates.UploadReportPath(m.up.ID), query), Action: mendPath(m.up.ID, m.nth, query),
		Preview: withQuery(templates.MendPath(m.up.ID, m.nth)+"/preview", query), Nth: m.nth, Line: m.base.Line, Number: m.base.Number,
		Edition: m.edition, AsText: m.asText, Text: m.text, MayText: m.mayText(), Refused: m.refused, Full: m.full, Mended: m.stored.Data != "",
		Taken: m.piece == nil, MaxText: maxPasted, Sheet: m.file.Format == questionset.XLSX,
	}
	if m.piece != nil {
		view.Line, view.Source, view.Readable = m.piece.Line, m.piece.Source, m.piece.Readable()
	}
	if m.file.Table != nil && m.mayText() {
		view.Header = strings.Join(m.file.Table.Header, " | ")
	}
	view.Found = s.deskFindings(r, slices.DeleteFunc(slices.Clone(m.file.Report.Findings), func(f questionset.Finding) bool { return f.Nth != m.nth }))
	if m.asText {
		view.Edit.Findings = s.deskFindings(r, m.report.Findings)
		return view, nil
	}
	var err error
	view.Edit, err = s.questionEditView(r, m.editing())
	view.Edit.Mends, view.Edit.Findings = true, s.deskFindings(r, m.report.Findings)
	if m.preview {
		q, _, report := questionset.ReadQuestion(m.fields, &m.base)
		shown, err := s.formQuestion(r, &q)
		if err != nil {
			return view, err
		}
		view.Edit.Preview, view.Edit.Findings = &shown, s.deskFindings(r, report.Findings)
	}
	return view, err
}

// editing is the question as the bank's editor has one.
func (m *mending) editing() *questionEditing {
	return &questionEditing{fields: m.fields, spare: m.spare, refused: m.refused, current: store.StoredQuestion{Question: m.base.Question, Key: m.base.Key}}
}

func withQuery(path string, query url.Values) string {
	if len(query) > 0 {
		return path + "?" + query.Encode()
	}
	return path
}

// mendingFrom reads the form by which a question is mended.
func (s *Server) mendingFrom(r *http.Request) (*mending, error) {
	form, err := parseFields(r, maxQuestionFields)
	if err != nil {
		return nil, err
	}
	edition, err := countField(form, "edition", 0, maxOpening)
	if err != nil {
		return nil, err
	}
	m, err := s.mendingOf(r)
	if err != nil {
		return nil, err
	}
	m.edition, m.action, m.fields = int(edition), form.Get("action"), questionset.Fields{}
	m.asText, m.text = form.Has("source") && m.mayText(), form.Get("source")
	m.spare = queryNumber(form, "spare", spareRows, questionset.MaxAnswers)
	for name, values := range form {
		if questionField.MatchString(name) && !slices.Contains(formFields, name) && name != "source" {
			m.fields[name] = values[:1]
		}
	}
	return m, nil
}

// previewMend answers what is typed with how it will look: a part of a page, which a script puts into it.
func (s *Server) previewMend(w http.ResponseWriter, r *http.Request) error {
	m, err := s.mendingFrom(r)
	if err != nil {
		return err
	}
	q, _, report := questionset.ReadQuestion(m.fields, &m.base)
	shown, err := s.formQuestion(r, &q)
	if err != nil {
		return err
	}
	findings := s.deskFindings(r, report.Findings)
	return s.desk(w, r, http.StatusOK, func(p templates.Page) component {
		return fromUpload(templates.BankPreview(p, shown, findings), m.up.ID, mendQuery(r).Encode())
	})
}
