package handlers

import (
	"net/http"

	"shiken/accounts"
	"shiken/store"
	"shiken/templates"
)

// personName is what the audit log keeps of an act that says nothing more of a person.
type personName struct {
	Username string `json:"username"`
	SignIn   string `json:"sign_in,omitempty"`
	Device   string `json:"device,omitempty"`
	All      bool   `json:"all,omitempty"`
}

// resetPassword gives a person another password, and ends all sign-ins with the old one. A password
// that nobody gave is made, and shown on this answer alone. One's own is changed on one's own page.
func (s *Server) resetPassword(w http.ResponseWriter, r *http.Request) error {
	form, err := parseForm(r)
	if err != nil {
		return err
	}
	u, err := s.person(r)
	if err != nil {
		return err
	}
	if u.ID == viewerOf(r).User.ID {
		return seeOther(w, r, templates.AccountPath, "")
	}
	given := form.Get("password")
	password := given
	if given == "" {
		password = accounts.RandomPassword()
	}
	if faults := passwordFaults(password); len(faults) > 0 {
		return s.renderPerson(w, r, http.StatusUnprocessableEntity, &u, templates.PersonView{
			Form: formOf(&u), Password: templates.PasswordForm{Faults: faults},
		})
	}
	hash, err := s.Accounts.Hasher.Hash(r.Context(), password)
	if err != nil {
		return err
	}
	err = s.Store.By(act(r, store.ActSetPassword, u.ID, personName{Username: u.Username})).SetPassword(r.Context(), u.ID, hash, "")
	if err != nil {
		return err
	}
	if given != "" {
		return seeOther(w, r, templates.PersonPath(u.ID), templates.NotePasswordSet)
	}
	s.render(w, r, http.StatusOK, templates.Secret(s.staffPage(r), templates.SecretView{
		ID: u.ID, Username: u.Username, Name: u.Name, Password: password,
	}))
	return nil
}

// passwordFaults judges a new password as a roster's are.
func passwordFaults(password string) []templates.FieldFault {
	_, found := accounts.Judge(accounts.Cells{Username: "x", Password: password})
	return fieldFaults(found)
}
