package handlers

import (
	"errors"
	"net/http"

	"github.com/google/uuid"

	"shiken/accounts"
	"shiken/jobs"
	"shiken/store"
	"shiken/templates"
)

func (s *Server) showImport(w http.ResponseWriter, r *http.Request) error {
	return s.renderImport(w, r, http.StatusOK, false)
}

func (s *Server) renderImport(w http.ResponseWriter, r *http.Request, status int, missing bool) error {
	s.render(w, r, status, templates.Import(s.staffPage(r), templates.ImportView{
		Missing: missing, Columns: accounts.RosterColumns, Limit: accounts.MaxRosterLines,
	}))
	return nil
}

// uploadRoster keeps a roster, sealed, and leads to the page that says what is in it.
func (s *Server) uploadRoster(w http.ResponseWriter, r *http.Request) error {
	file, _, err := uploadOf(r)
	if errors.Is(err, errMalformed) || err == nil && file.Name == "" {
		return s.renderImport(w, r, http.StatusUnprocessableEntity, true)
	}
	if err != nil {
		return err
	}
	id := uuid.NewString()
	err = s.Store.PutUpload(r.Context(), store.Upload{
		ID: id, Owner: viewerOf(r).User.ID, Kind: store.UploadRoster, Name: file.Name,
		Data: jobs.SealRoster(s.Rosters.Sealer, id, file.Data),
	})
	if err != nil {
		return err
	}
	return seeOther(w, r, templates.RosterPath(id), "")
}

// roster reads the upload that the path names; errNotFound when it is another's or gone.
func (s *Server) roster(r *http.Request) (store.Upload, error) {
	return s.uploadOfKind(r, "roster", store.UploadRoster)
}

func (s *Server) discardRoster(w http.ResponseWriter, r *http.Request) error {
	u, err := s.roster(r)
	if err != nil {
		return err
	}
	if err := s.Store.DropUpload(r.Context(), u.ID, u.Owner); err != nil {
		return err
	}
	return seeOther(w, r, templates.ImportPath, "")
}
