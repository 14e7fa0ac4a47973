package handlers

import (
	"errors"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"shiken/accounts"
	"shiken/store"
	"shiken/templates"
)

func (s *Server) showSignIn(w http.ResponseWriter, r *http.Request) error {
	next := r.URL.Query().Get("next")
	if next != "" {
		next = templates.LocalPath(next)
	}
	_, _, err := s.viewer(r)
	if err == nil {
		return seeOther(w, r, templates.LocalPath(r.URL.Query().Get("next")), "")
	}
	if !errors.Is(err, errSignedOut) {
		return err
	}
	s.render(w, r, http.StatusOK, templates.SignIn(s.pageOf(r), templates.SignInView{Next: next}))
	return nil
}

// maxCredential bounds what a sign-in form may send for a name or password, in bytes.
const maxCredential = 1024

func (s *Server) submitSignIn(w http.ResponseWriter, r *http.Request) error {
	form, err := parseSignIn(r)
	if err != nil {
		return err
	}
	username, errName := one(form, "username")
	password, errPassword := one(form, "password")
	if errName != nil || errPassword != nil || len(username) > maxCredential || len(password) > maxCredential {
		return errMalformed
	}
	if len(password) > accounts.MaxPasswordBytes { // nobody's: it costs neither hashing nor a row
		return s.refuseSignIn(w, r, form, username, accounts.Verdict{})
	}
	verdict, err := s.Accounts.Check(r.Context(), username, password, s.clientOf(r, username))
	if err != nil {
		return err
	}
	if verdict.Kind != accounts.OK {
		return s.refuseSignIn(w, r, form, username, verdict)
	}
	err = s.begin(r, verdict)
	if errors.Is(err, store.ErrMoved) { // the password was changed while it was judged
		return s.refuseSignIn(w, r, form, username, accounts.Verdict{})
	}
	if err != nil {
		return err
	}
	s.knowDevice(w, verdict.User.Username)
	if resume := s.resumeOf(r, form); resume != nil && s.mayResume(resume, verdict.User.ID) {
		view := templates.ResumeView{Path: resume.Path, Fields: resume.Fields, Answer: sentText(resume.Fields)}
		s.render(w, r, http.StatusOK, templates.SendAgain(s.pageFor(r, &verdict.User), view))
		return nil
	}
	return seeOther(w, r, templates.LocalPath(form.Get("next")), "")
}

func (s *Server) refuseSignIn(w http.ResponseWriter, r *http.Request, form url.Values, username string, v accounts.Verdict) error {
	view := templates.SignInView{
		Problem: templates.SignInWrong, Username: username, Next: form.Get("next"), Resume: s.resumeOf(r, form),
	}
	status := http.StatusUnauthorized
	if v.Kind == accounts.Throttled {
		status = http.StatusTooManyRequests
		view.Problem = templates.SignInThrottled
		view.RetryMinutes = int(math.Ceil(v.RetryAfter.Minutes()))
		w.Header().Set("Retry-After", strconv.Itoa(int(v.RetryAfter/time.Second)+1))
	}
	s.render(w, r, status, templates.SignIn(s.pageOf(r), view))
	return nil
}

// answerSignInLater is the 503 page of a sign-in: the form again, with the command that it carries.
func (s *Server) answerSignInLater(w http.ResponseWriter, r *http.Request) {
	view := templates.SignInView{Problem: templates.SignInBusy}
	if form, err := parseSignIn(r); err == nil {
		view.Username, view.Next, view.Resume = form.Get("username"), form.Get("next"), s.resumeOf(r, form)
	}
	s.render(w, r, http.StatusServiceUnavailable, templates.SignIn(s.pageOf(r), view))
}

// signOut ends this sign-in. It answers the same when nobody is signed in.
func (s *Server) signOut(w http.ResponseWriter, r *http.Request) error {
	if err := s.end(r); err != nil {
		return err
	}
	return seeOther(w, r, "/login", "")
}
