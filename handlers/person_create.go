package handlers

import (
	"errors"
	"net/http"

	"shiken/accounts"
	"shiken/store"
	"shiken/templates"
)

// showNewPerson is the form of somebody new: a candidate, if nothing else is said.
func (s *Server) showNewPerson(w http.ResponseWriter, r *http.Request) error {
	return s.renderNewPerson(w, r, http.StatusOK, templates.PersonView{
		Form: templates.PersonForm{Roles: []string{string(store.RoleCandidate)}, Extra: "0"},
	})
}

func (s *Server) renderNewPerson(w http.ResponseWriter, r *http.Request, status int, view templates.PersonView) error {
	var err error
	if view.AllGroups, err = s.groupNames(r); err != nil {
		return err
	}
	s.render(w, r, status, templates.NewPerson(s.staffPage(r), view))
	return nil
}

// createPerson adds a person. A password that nobody gave is made, and shown on this answer alone.
func (s *Server) createPerson(w http.ResponseWriter, r *http.Request) error {
	form, err := parseForm(r)
	if err != nil {
		return err
	}
	fields, err := personFields(form)
	if err != nil {
		return err
	}
	given := form.Get("password")
	u, faults := judgePerson(&fields, given, nil)
	if len(faults) > 0 {
		return s.renderNewPerson(w, r, http.StatusUnprocessableEntity, templates.PersonView{Form: fields, Faults: faults})
	}
	password := given
	if given == "" {
		password = accounts.RandomPassword()
	}
	if u, err = accounts.NewUser(r.Context(), s.Accounts.Hasher, u, password, nowOf(r)); err != nil {
		return err
	}
	err = s.Store.By(act(r, store.ActCreateUser, u.ID, accounts.Describe(&u))).CreateUser(r.Context(), u)
	if errors.Is(err, store.ErrExists) {
		return s.renderNewPerson(w, r, http.StatusConflict, templates.PersonView{Form: fields, Refusal: templates.PersonExists})
	}
	if err != nil {
		return err
	}
	if given != "" {
		return seeOther(w, r, templates.PersonPath(u.ID), templates.NotePersonAdded)
	}
	s.render(w, r, http.StatusOK, templates.Secret(s.staffPage(r), templates.SecretView{
		ID: u.ID, Username: u.Username, Name: u.Name, Password: password, New: true,
	}))
	return nil
}
