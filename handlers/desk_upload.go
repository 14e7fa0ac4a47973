package handlers

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/google/uuid"

	"shiken/desk"
	"shiken/questionset"
	"shiken/store"
	"shiken/templates"
)

// pastedName is what a pasted text is called.
const pastedName = "pasted.txt"

// showUpload shows the form for a question or exam file.
func (s *Server) showUpload(w http.ResponseWriter, r *http.Request) error {
	return s.renderUpload(w, r, http.StatusOK, templates.UploadView{})
}

func (s *Server) renderUpload(w http.ResponseWriter, r *http.Request, status int, view templates.UploadView) error {
	view.MB, view.Questions = MaxFile>>20, questionset.MaxQuestions
	return s.desk(w, r, status, func(p templates.Page) component { return templates.Upload(p, view) })
}

// submitUpload keeps a file until its author has seen the report. Nothing of it is loaded.
func (s *Server) submitUpload(w http.ResponseWriter, r *http.Request) error {
	file, fields, err := uploadOf(r)
	if err != nil {
		return err
	}
	opts, err := optionsOf(fields)
	if err != nil {
		return err
	}
	view := templates.UploadView{Set: fields.Get("set"), Format: string(opts.Format), Pasted: fields.Get(pastedField)}
	pasted := strings.TrimSpace(view.Pasted) != ""
	switch {
	case file.Name != "" && pasted:
		view.Problem = templates.UploadBoth
	case pasted:
		file = upload{Name: pastedName, Data: []byte(view.Pasted)}
	case file.Name == "":
		view.Problem = templates.UploadNoFile
	}
	if view.Problem != templates.UploadFine {
		return s.renderUpload(w, r, http.StatusUnprocessableEntity, view)
	}
	if view.Set != "" {
		if _, ok := desk.SetName(view.Set, file.Name); !ok {
			view.Problem = templates.UploadSet
			return s.renderUpload(w, r, http.StatusUnprocessableEntity, view)
		}
	}
	up := store.Upload{
		ID: uuid.NewString(), Owner: viewerOf(r).User.ID, Kind: store.UploadQuestions, Name: file.Name, Data: file.Data,
	}
	if err := s.Store.PutUpload(r.Context(), up); err != nil {
		return err
	}
	return seeOther(w, r, reportPath(up.ID, view.Set, opts), "")
}

// reportPath is the address of a report, with what its author said of the file.
func reportPath(upload, set string, opts questionset.Options) string {
	values := url.Values{}
	if set != "" {
		values.Set("set", set)
	}
	for name, value := range map[string]string{
		"format": string(opts.Format), "columns": opts.Columns.String(), "text": string(opts.Text),
	} {
		if value != "" {
			values.Set(name, value)
		}
	}
	path := templates.UploadReportPath(upload)
	if len(values) > 0 {
		path += "?" + values.Encode()
	}
	return path
}

// uploadID reads the upload of the path; an id that cannot be one is not found.
func uploadID(r *http.Request) (string, error) {
	text, err := textParam(r, "upload")
	if err != nil {
		return "", err
	}
	id, err := uuidText(text)
	if err != nil {
		return "", errNotFound
	}
	return id, nil
}

// ownUpload reads of which file the path speaks, without its data, if the viewer owns it and brought it as questions
// or exams.
func (s *Server) ownUpload(r *http.Request) (store.Upload, error) {
	id, err := uploadID(r)
	if err != nil {
		return store.Upload{}, err
	}
	up, err := s.Store.UploadHead(r.Context(), id, viewerOf(r).User.ID)
	if err == nil && up.Kind != store.UploadQuestions {
		return store.Upload{}, errNotFound
	}
	return up, err
}

// discardUpload forgets a file.
func (s *Server) discardUpload(w http.ResponseWriter, r *http.Request) error {
	up, err := s.ownUpload(r)
	if err != nil {
		return err
	}
	if err := s.Store.DropUpload(r.Context(), up.ID, up.Owner); err != nil {
		return err
	}
	return seeOther(w, r, templates.UploadPath(), templates.NoteDiscarded)
}
