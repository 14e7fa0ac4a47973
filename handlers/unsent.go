package handlers

import (
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"

	"shiken/sessionguard"
	"shiken/store"
	"shiken/templates"
)

// Commands that could not be served are kept on the page that says so: on the 503 page to be sent
// again, on the 401 page to travel through the sign-in.

// Bounds of what such a page keeps, decoded, in bytes: the longest answer there may be for somebody who
// is or was signed in, little for anybody else. A page is many times the size of what it keeps, and is
// held for as long as its reader takes.
const (
	keptForKnown   = 384 << 10
	keptForAnybody = 32 << 10
)

// keep gives fields back as far as a page for this request may keep them; else none.
func (s *Server) keep(r *http.Request, fields []templates.Field) []templates.Field {
	size := 0
	for _, f := range fields {
		size += len(f.Name) + len(f.Value)
	}
	if size <= keptForAnybody || size <= keptForKnown && s.isKnown(r) {
		return fields
	}
	return nil
}

// isKnown: the request's cookie names a sign-in, live or ended. When the database cannot say so, what
// was live here still counts.
func (s *Server) isKnown(r *http.Request) bool {
	token := s.cookieToken(r)
	if token == "" {
		return false
	}
	hash := sessionguard.HashToken(token)
	if s.known.has(hash) {
		return true
	}
	_, _, err := s.Store.ViewerByToken(r.Context(), hash)
	return err == nil
}

// resend holds the command of a request that could not be served, to be sent again unchanged. unkept
// says that there was one, but that the page cannot keep it.
func (s *Server) resend(r *http.Request) (kept *templates.Resend, unkept bool) {
	x := of(r)
	if r.Method != http.MethodPost || len(x.body) == 0 && !x.unread && x.upload == nil {
		return nil, false
	}
	fields := s.keep(r, fieldsOf(x.body))
	if fields == nil || !x.route.keepsFields() {
		return nil, true
	}
	return &templates.Resend{Path: r.URL.Path, Fields: fields, Answer: sentText(fields)}, false
}

// answerSignedOut: a page leads to sign-in; a command is kept on the 401 page; the API says so; a
// browser that opens a stream comes no more, and its page asks and is led to sign-in.
func (s *Server) answerSignedOut(w http.ResponseWriter, r *http.Request) {
	switch {
	case of(r).isAPI:
		writeAPIError(w, r, http.StatusUnauthorized, codeSignedOut, apiSignedOut, nil)
	case wantsStream(r):
		w.WriteHeader(http.StatusNoContent)
	case r.Method == http.MethodGet || r.Method == http.MethodHead:
		to := "/login"
		if r.URL.Path != "/" {
			to += "?next=" + url.QueryEscape(r.URL.RequestURI())
		}
		http.Redirect(w, r, to, http.StatusSeeOther)
	default:
		s.askToSignIn(w, r)
	}
}

// askToSignIn is the 401 page of a command.
func (s *Server) askToSignIn(w http.ResponseWriter, r *http.Request) {
	user, err := s.signedUser(r)
	if err != nil {
		s.answerError(w, r, err)
		return
	}
	view := templates.SignInView{}
	x := of(r)
	sent := fieldsOf(x.body)
	switch fields := s.keep(r, sent); {
	case x.route.body == bodyUpload:
		view.Unkept = templates.UnkeptFile
	case !x.route.keepsFields():
		view.Unkept = templates.UnkeptSecret
	case fields == nil && sent != nil:
		view.Unkept = templates.UnkeptLong
	default:
		view.Resume = &templates.Resume{Path: r.URL.Path, User: user, Fields: fields}
	}
	s.render(w, r, http.StatusUnauthorized, templates.SignIn(s.pageOf(r), view))
}

// signedUser names the user whose command came without a sign-in, in a form that only this program
// can make and that tells nobody who it is, nor whether the attempt is there: the candidate of the
// attempt, who alone may give it commands; elsewhere the user of the ended session, "" when there was
// none.
func (s *Server) signedUser(r *http.Request) (string, error) {
	id, err := attemptID(r)
	if err != nil || of(r).route.access != ownAttempt {
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

// resumeOf reads the unsent command that a 401 page carried through the sign-in; nil when there is
// none, or more of it than a page may keep.
func (s *Server) resumeOf(r *http.Request, form url.Values) *templates.Resume {
	names, values := form[templates.FieldResumeName], form[templates.FieldResumeValue]
	path := form.Get(templates.FieldResumePath)
	if !s.isResumable(path) || len(names) != len(values) || len(names) > maxFields {
		return nil
	}
	resume := &templates.Resume{Path: path, User: form.Get(templates.FieldResumeUser)}
	for i := range names {
		resume.Fields = append(resume.Fields, templates.Field{Name: names[i], Value: values[i]})
	}
	if s.keep(r, resume.Fields) == nil && len(names) > 0 {
		return nil
	}
	return resume
}

// plainPath matches addresses that mean the same wherever they are written.
var plainPath = regexp.MustCompile(`^(/[A-Za-z0-9_-]+)+$`)

// isResumable: the address takes commands of whoever is signed in, whose fields may be kept.
func (s *Server) isResumable(path string) bool {
	if !plainPath.MatchString(path) {
		return false
	}
	pattern := s.mux.Find(chi.NewRouteContext(), http.MethodPost, path)
	i := slices.IndexFunc(s.table, func(rt route) bool { return rt.method == http.MethodPost && rt.pattern == pattern })
	return i >= 0 && s.table[i].keepsFields() && s.table[i].access != public
}

const startSuffix = "/attempts"

// mayResume: whoever signed in is the one whose command it is. A start belongs to nobody yet.
func (s *Server) mayResume(r *templates.Resume, user string) bool {
	if r.User == "" {
		return strings.HasPrefix(r.Path, "/exams/") && strings.HasSuffix(r.Path, startSuffix)
	}
	return s.signedBy(purposeResume, user, r.User)
}

// answeredCookie names the command that was answered last by a redirect, so that a script can tell a redirect of
// this server from one of whatever stands before it.
const answeredCookie = "shiken_answered"

// How long a page may take to load, in seconds; later it only costs one command sent again, and replayed.
const answeredMaxAge = 10 * 60

// tellAnswered lets a script know whose answer the redirect is.
func (s *Server) tellAnswered(w http.ResponseWriter, command string) {
	http.SetCookie(w, &http.Cookie{
		Name: answeredCookie, Value: command, Path: "/", MaxAge: answeredMaxAge, Secure: s.Secure, SameSite: http.SameSiteStrictMode,
	})
}
