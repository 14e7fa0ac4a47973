package handlers

import (
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"shiken/sessionguard"
	"shiken/store"
	"shiken/templates"
)

// Commands that could not be served are kept on the page that says so: on the 503 page to be sent
// again, on the 401 page to travel through the sign-in.

// resend holds the command of a request that could not be served, to be sent again unchanged.
func resend(r *http.Request) *templates.Resend {
	if r.Method != http.MethodPost || r.URL.Path == "/login" {
		return nil
	}
	fields := fieldsOf(of(r).body)
	if fields == nil {
		return nil
	}
	return &templates.Resend{Path: r.URL.Path, Fields: fields, Answer: sentText(fields)}
}

// answerSignedOut: a page leads to sign-in; a command is kept on the 401 page; the API says so.
func (s *Server) answerSignedOut(w http.ResponseWriter, r *http.Request) {
	switch {
	case of(r).isAPI:
		writeAPIError(w, r, http.StatusUnauthorized, "UNAUTHENTICATED", "nobody is signed in", nil)
	case r.Method == http.MethodGet || r.Method == http.MethodHead:
		to := "/login"
		if r.URL.Path != "/" {
			to += "?next=" + url.QueryEscape(r.URL.RequestURI())
		}
		http.Redirect(w, r, to, http.StatusSeeOther)
	default:
		user, err := s.signedUser(r)
		if err != nil {
			s.answerError(w, r, err)
			return
		}
		view := templates.SignInView{Resume: &templates.Resume{
			Path: r.URL.Path, User: user, Fields: fieldsOf(of(r).body),
		}}
		s.render(w, r, http.StatusUnauthorized, templates.SignIn(s.pageOf(r), view))
	}
}

// signedUser names the user whose command came without a sign-in, in a form that only this program
// can make and that tells nobody who it is, nor whether the attempt is there: the candidate of the
// attempt, who alone may give it commands; for a start the user of the ended session, "" when there
// was none.
func (s *Server) signedUser(r *http.Request) (string, error) {
	id, err := attemptID(r)
	if err != nil {
		return s.signedByCookie(r)
	}
	snap, err := s.Store.LoadAttempt(r.Context(), store.AttemptQuery{Attempt: id})
	if errors.Is(err, store.ErrNotFound) {
		return s.sign(purposeResume, "attempt "+id), nil // nobody's
	}
	return s.sign(purposeResume, snap.Attempt.Candidate), err
}

func (s *Server) signedByCookie(r *http.Request) (string, error) {
	token := s.cookieToken(r)
	if token == "" {
		return "", nil
	}
	v, _, err := s.Store.ViewerByToken(r.Context(), sessionguard.HashToken(token))
	if errors.Is(err, store.ErrNotFound) {
		return "", nil
	}
	return s.sign(purposeResume, v.User.ID), err
}

// resumeOf reads the unsent command that a 401 page carried through the sign-in; nil when none.
func resumeOf(form url.Values) *templates.Resume {
	names, values := form[templates.FieldResumeName], form[templates.FieldResumeValue]
	path := form.Get(templates.FieldResumePath)
	if !resumable.MatchString(path) || len(names) != len(values) || len(names) > maxFields {
		return nil
	}
	r := &templates.Resume{Path: path, User: form.Get(templates.FieldResumeUser)}
	for i := range names {
		r.Fields = append(r.Fields, templates.Field{Name: names[i], Value: values[i]})
	}
	return r
}

// resumable matches the addresses that take a candidate's commands, and no other.
var resumable = regexp.MustCompile(
	`^/attempts/[0-9A-Fa-f-]{36}/(questions/[1-9][0-9]{0,9}|submit)$|^/exams/[a-z0-9-]+` + startSuffix + `$`)

const startSuffix = "/attempts"

// mayResume: whoever signed in is the one whose command it is. A start belongs to nobody yet.
func (s *Server) mayResume(r *templates.Resume, user string) bool {
	if r.User == "" {
		return strings.HasSuffix(r.Path, startSuffix)
	}
	return s.signedBy(purposeResume, user, r.User)
}

// unsentAtSignIn is the command that a sign-in carries which could not be served itself.
func unsentAtSignIn(r *http.Request) *templates.Resume {
	if r.Method != http.MethodPost || r.URL.Path != "/login" {
		return nil
	}
	form, err := parseSignIn(r)
	if err != nil {
		return nil
	}
	return resumeOf(form)
}
