package handlers

import (
	"context"
	"math"
	"net/http"
	"slices"
	"strconv"
	"time"

	"shiken/accounts"
	"shiken/store"
	"shiken/templates"
)

// showAccount is what everybody sees of the own account.
func (s *Server) showAccount(w http.ResponseWriter, r *http.Request) error {
	return s.renderAccount(w, r, http.StatusOK, templates.PasswordForm{})
}

func (s *Server) renderAccount(w http.ResponseWriter, r *http.Request, status int, form templates.PasswordForm) error {
	u := &viewerOf(r).User
	rows, now, err := s.signInRows(r, u.ID)
	if err != nil {
		return err
	}
	if u.Demo { // its visitors know nothing of each other
		rows = slices.DeleteFunc(rows, func(row templates.SignInRow) bool { return !row.Current })
	}
	s.render(w, r, status, templates.Account(s.staffPage(r), templates.AccountView{
		Username: u.Username, Name: u.Name, Demo: u.Demo, SignIns: rows, Password: form, Now: now,
	}))
	return nil
}

// changeOwnPassword replaces the password of who is signed in, who gives the current one: wrong ones
// count as failed sign-ins. All other sign-ins end; this one goes on under a new token.
func (s *Server) changeOwnPassword(w http.ResponseWriter, r *http.Request) error {
	form, err := parseForm(r)
	if err != nil {
		return err
	}
	u := &viewerOf(r).User
	fresh, current := form.Get("password"), form.Get("current")
	if u.Demo || len(current) > maxCredential {
		return errMalformed
	}
	if faults := newPasswordFaults(fresh, form.Get("again")); len(faults) > 0 {
		return s.renderAccount(w, r, http.StatusUnprocessableEntity, templates.PasswordForm{Faults: faults})
	}
	verdict, err := s.Accounts.Check(r.Context(), u.Username, current, s.clientOf(r, u.Username))
	if err != nil {
		return err
	}
	if verdict.Kind != accounts.OK {
		return s.refuseOwnPassword(w, r, verdict)
	}
	hash, err := s.Accounts.Hasher.Hash(r.Context(), fresh)
	if err != nil {
		return err
	}
	if err := s.ownActions(r, store.ActSetPassword).SetPassword(r.Context(), u.ID, hash, viewerOf(r).SignIn.ID); err != nil {
		return err
	}
	if err := s.begin(r, verdict.Renewed(hash)); err != nil {
		return err
	}
	return seeOther(w, r, templates.AccountPath, templates.NotePasswordChanged)
}

// newPasswordFaults judges a password that was typed twice.
func newPasswordFaults(password, again string) []templates.FieldFault {
	switch {
	case password == "":
		return []templates.FieldFault{{Field: "password", Code: "password_empty"}}
	case password != again:
		return []templates.FieldFault{{Field: "again", Code: "password_differs"}}
	}
	return passwordFaults(password)
}

func (s *Server) refuseOwnPassword(w http.ResponseWriter, r *http.Request, v accounts.Verdict) error {
	if v.Kind != accounts.Throttled {
		return s.renderAccount(w, r, http.StatusUnprocessableEntity, templates.PasswordForm{Wrong: true})
	}
	w.Header().Set("Retry-After", strconv.Itoa(int(v.RetryAfter/time.Second)+1))
	return s.renderAccount(w, r, http.StatusTooManyRequests, templates.PasswordForm{
		RetryMinutes: int(math.Ceil(v.RetryAfter.Minutes())),
	})
}

// passwordSetter is the part of the store that a change of the own password needs.
type passwordSetter interface {
	SetPassword(ctx context.Context, user, hash, keep string) error
}

// ownActions writes what somebody does with the own account. The audit log is about authors and
// admins: what candidates do is not recorded there.
func (s *Server) ownActions(r *http.Request, action store.Action) passwordSetter {
	if u := &viewerOf(r).User; isStaff(u) {
		return s.Store.By(act(r, action, u.ID, personName{Username: u.Username}))
	}
	return s.Store
}

func isStaff(u *store.User) bool {
	return slices.ContainsFunc(u.Roles, func(role store.Role) bool { return role != store.RoleCandidate })
}

// endOwnSignIn ends one of the own sign-ins. Another's is not there.
func (s *Server) endOwnSignIn(w http.ResponseWriter, r *http.Request) error {
	form, err := parseForm(r)
	if err != nil {
		return err
	}
	u := &viewerOf(r).User
	switch {
	case u.Demo && form.Get("sign_in") != viewerOf(r).SignIn.ID:
		return errNotFound
	case isStaff(u):
		err = s.endSignIn(r, u, form.Get("sign_in"))
	default:
		err = s.endUnrecorded(r, u, form.Get("sign_in"))
	}
	if err != nil {
		return err
	}
	return seeOther(w, r, templates.AccountPath, templates.NoteSignedOut)
}

func (s *Server) endUnrecorded(r *http.Request, u *store.User, id string) error {
	signIn, err := uuidText(id)
	if err != nil {
		return err
	}
	v, _, err := s.Store.Viewer(r.Context(), signIn)
	if err != nil {
		return err
	}
	if v.User.ID != u.ID {
		return errNotFound
	}
	return s.Store.RevokeSignIn(r.Context(), signIn)
}
