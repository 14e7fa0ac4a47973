package handlers

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"time"

	"shiken/desk"
	"shiken/questionset"
	"shiken/store"
	"shiken/templates"
)

// exportPackage sends an exam with the sets that it draws from, as one file that can be loaded elsewhere.
func (s *Server) exportPackage(w http.ResponseWriter, r *http.Request) error {
	revised, err := s.revised(r)
	if err != nil {
		return err
	}
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(exportTime)) // a recorder of tests knows no deadlines
	file, report, err := s.packageOf(r, &revised)
	if err != nil && !errors.Is(err, desk.ErrTooLarge) {
		return err
	}
	if err != nil || !report.Sound() {
		view := templates.PackageRefusedView{Exam: revised.Definition.Slug, Title: revised.Definition.Title.In(s.locale(r).Tag()),
			MB: desk.MaxPackage >> 20, TooLarge: err != nil}
		if report != nil {
			view.Findings = s.deskFindings(r, report.Findings[:min(len(report.Findings), perFindings)])
		}
		return s.desk(w, r, http.StatusUnprocessableEntity, func(p templates.Page) component { return templates.PackageRefused(p, view) })
	}
	h := w.Header()
	h.Set("Content-Type", "application/zip")
	h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%s%s"`, revised.Definition.Slug, questionset.PackageEnding)) // a slug needs no quoting
	_, _ = w.Write(file)                                                                                                         // the client is gone: nobody to tell
	return nil
}

// packageOf writes the package in memory, one of few at once: what is sent whole is at most desk.MaxPackage, and
// a slow client does not hold the database.
func (s *Server) packageOf(r *http.Request, revised *store.Revised) ([]byte, *questionset.Report, error) {
	unhurried(r)
	if err := s.exports.Acquire(r.Context(), 1); err != nil {
		return nil, nil, err
	}
	defer s.exports.Release(1)
	var file bytes.Buffer
	report, err := desk.WritePackage(r.Context(), s.Store, &file, &revised.Definition)
	return file.Bytes(), report, err
}
