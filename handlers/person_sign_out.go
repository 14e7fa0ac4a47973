package handlers

import (
	"net/http"

	"shiken/store"
	"shiken/templates"
)

// signOutPerson ends one sign-in of a person, or all of them. What was ended before is no error.
func (s *Server) signOutPerson(w http.ResponseWriter, r *http.Request) error {
	form, err := parseForm(r)
	if err != nil {
		return err
	}
	u, err := s.person(r)
	if err != nil {
		return err
	}
	if form.Get("all") == "1" {
		details := personName{Username: u.Username, All: true}
		err = s.Store.By(act(r, store.ActEndSignIn, u.ID, details)).RevokeAll(r.Context(), u.ID)
	} else {
		err = s.endSignIn(r, &u, form.Get("sign_in"))
	}
	if err != nil {
		return err
	}
	return seeOther(w, r, templates.PersonPath(u.ID), templates.NoteSignedOut)
}

// endSignIn ends one sign-in of a user, on record.
func (s *Server) endSignIn(r *http.Request, u *store.User, id string) error {
	signIn, err := uuidText(id)
	if err != nil {
		return err
	}
	details := personName{Username: u.Username, SignIn: signIn}
	return s.Store.By(act(r, store.ActEndSignIn, u.ID, details)).RevokeSignInOf(r.Context(), u.ID, signIn)
}
