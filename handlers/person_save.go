package handlers

import (
	"errors"
	"net/http"

	"shiken/accounts"
	"shiken/store"
	"shiken/templates"
)

// savePerson stores what the form changes. A form that shows an older state than the stored one, as
// when another admin saved meanwhile, comes back with both.
func (s *Server) savePerson(w http.ResponseWriter, r *http.Request) error {
	form, err := parseForm(r)
	if err != nil {
		return err
	}
	fields, err := personFields(form)
	if err != nil {
		return err
	}
	was, err := s.person(r)
	if err != nil {
		return err
	}
	if fields.Shown != shownState(&was) {
		return s.refusePerson(w, r, &was, fields, templates.PersonMoved, nil)
	}
	is, faults := judgePerson(&fields, "", &was)
	if len(faults) > 0 {
		return s.refusePerson(w, r, &was, fields, templates.PersonFine, faults)
	}
	if is.Disabled && !was.Disabled && is.ID == viewerOf(r).User.ID {
		return s.refusePerson(w, r, &was, fields, templates.PersonOwnDisabled, nil)
	}
	err = s.revisePerson(r, &was, &is)
	switch {
	case errors.Is(err, store.ErrLastAdmin):
		return s.refusePerson(w, r, &was, fields, templates.PersonLastAdmin, nil)
	case errors.Is(err, store.ErrMoved):
		if was, err = s.person(r); err != nil {
			return err
		}
		return s.refusePerson(w, r, &was, fields, templates.PersonMoved, nil)
	case err != nil:
		return err
	}
	return seeOther(w, r, templates.PersonPath(is.ID), templates.NotePersonSaved)
}

// personChange is what the audit log keeps of a change.
type personChange struct {
	Username string                         `json:"username"`
	Changes  map[string]accounts.Difference `json:"changes"`
}

// revisePerson writes what differs, and nothing when nothing does.
func (s *Server) revisePerson(r *http.Request, was, is *store.User) error {
	changes := accounts.Differences(was, is)
	if len(changes) == 0 {
		return nil
	}
	details := personChange{Username: was.Username, Changes: changes}
	return s.Store.By(act(r, store.ActUpdateUser, was.ID, details)).ReviseUser(r.Context(), *was, *is)
}

// refusePerson shows the form as it was sent, based on the state that is stored.
func (s *Server) refusePerson(w http.ResponseWriter, r *http.Request, stored *store.User, sent templates.PersonForm,
	refusal templates.PersonRefusal, faults []templates.FieldFault) error {
	status := http.StatusUnprocessableEntity
	if refusal != templates.PersonFine {
		status = http.StatusConflict
	}
	sent.Username, sent.Shown = stored.Username, shownState(stored)
	return s.renderPerson(w, r, status, stored, templates.PersonView{Form: sent, Refusal: refusal, Faults: faults})
}
