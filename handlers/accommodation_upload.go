package handlers

import (
	"bytes"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/google/uuid"

	"shiken/accounts"
	"shiken/store"
	"shiken/templates"
)

// showAccommodationUpload shows the form that takes a file of accommodations.
func (s *Server) showAccommodationUpload(w http.ResponseWriter, r *http.Request) error {
	return s.renderAccommodationUpload(w, r, http.StatusOK, templates.AccommodationUploadView{})
}

func (s *Server) renderAccommodationUpload(w http.ResponseWriter, r *http.Request, status int, view templates.AccommodationUploadView) error {
	view.Columns, view.Zone = accounts.AccommodationColumns, s.Zone.String()
	view.Lines, view.Megabytes = accounts.AccommodationPageLimits.Lines, accounts.AccommodationPageLimits.Bytes>>20
	s.render(w, r, status, templates.AccommodationUpload(s.staffPage(r), view))
	return nil
}

// uploadAccommodations keeps a file of accommodations, sealed, and leads to the page that says what is in it. Of one
// with faults it says what they are, and keeps nothing.
func (s *Server) uploadAccommodations(w http.ResponseWriter, r *http.Request) error {
	file, fields, err := uploadOf(r)
	if err != nil && !errors.Is(err, errMalformed) {
		return err
	}
	view := templates.AccommodationUploadView{Reason: strings.TrimSpace(fields.Get("reason"))}
	if file.Name == "" {
		view.Faults = append(view.Faults, templates.FieldFault{Field: "file", Code: "file_missing"})
	}
	_, faults := accounts.JudgeGiven(accounts.Given{Reason: view.Reason}, s.Zone)
	if view.Faults = append(view.Faults, fieldFaults(faults)...); len(view.Faults) > 0 {
		return s.renderAccommodationUpload(w, r, http.StatusUnprocessableEntity, view)
	}
	g := &givenByFile{upload: store.Upload{Name: file.Name}}
	if err := s.judgeAccommodations(r, g, file.Data, view.Reason); err != nil {
		return err
	}
	if g.plan == nil {
		return s.renderAccommodationPlan(w, r, http.StatusUnprocessableEntity, g, false)
	}
	id := uuid.NewString()
	err = s.Store.PutUpload(r.Context(), store.Upload{
		ID: id, Owner: viewerOf(r).User.ID, Kind: store.UploadAccommodations, Name: file.Name,
		Data: s.sealAccommodations(id, view.Reason, file.Data),
	})
	if err != nil {
		return err
	}
	return seeOther(w, r, templates.AccommodationUploadPath(id), "")
}

// accommodationsUse is what a file of accommodations is sealed for: its reasons may say much of people.
const accommodationsUse = "accommodations "

// sealAccommodations is a file as an upload holds it, behind the reason of the lines that have none; no text of
// a form holds a NUL.
func (s *Server) sealAccommodations(upload, reason string, data []byte) []byte {
	return s.Rosters.Sealer.Seal(slices.Concat([]byte(reason), []byte{0}, data), accommodationsUse+upload)
}

// openAccommodations opens an upload; accounts.ErrUnsealable when it cannot be opened any more.
func (s *Server) openAccommodations(u *store.Upload) (data []byte, reason string, err error) {
	text, err := s.Rosters.Sealer.Open(u.Data, accommodationsUse+u.ID)
	before, data, _ := bytes.Cut(text, []byte{0})
	return data, string(before), err
}

// accommodationUpload reads the upload that the path names; errNotFound when it is another's or gone.
func (s *Server) accommodationUpload(r *http.Request) (store.Upload, error) {
	return s.uploadOfKind(r, "file", store.UploadAccommodations)
}

func (s *Server) discardAccommodations(w http.ResponseWriter, r *http.Request) error {
	u, err := s.accommodationUpload(r)
	if err != nil {
		return err
	}
	if err := s.Store.DropUpload(r.Context(), u.ID, u.Owner); err != nil {
		return err
	}
	return seeOther(w, r, templates.AccommodationUploadsPath, "")
}
