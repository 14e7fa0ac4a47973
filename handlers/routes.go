package handlers

import (
	"fmt"
	"net/http"
	"slices"

	"shiken/static"
	"shiken/store"
)

// route is a row of the table of all routes: who may ask what, and how. docs/rights.md is made of it.
type route struct {
	method, pattern string
	access          access
	body            bodyKind
	handle          handle
}

// handle answers a request, or returns an error that the table of errors.go turns into an answer.
type handle func(http.ResponseWriter, *http.Request) error

// anyMethod stands in a row for all methods.
const anyMethod = "*"

// access says who may ask a route. The zero value admits nobody: a row without it is a programmer's error.
type access int

const (
	_ access = iota
	// public: everybody, signed in or not.
	public
	// signedIn: whoever is signed in; the handler gets them by viewerOf.
	signedIn
	// ownAttempt: the candidate of the attempt in the path. The handler judges it, with the statement
	// that reads the attempt.
	ownAttempt
	// author: authors and admins; the handler gets them by viewerOf.
	author
	// admin: admins alone; the handler gets them by viewerOf.
	admin
	// nearby: this machine and its private network, see isNear. No session is touched.
	nearby
	// sessionless: everybody, and no session is touched: files and probes.
	sessionless
)

// hasSession: requests go through the guard.
func (a access) hasSession() bool { return a != nearby && a != sessionless }

// hasViewer: who asks is known, and judged, before the handler runs.
func (a access) hasViewer() bool { return a == signedIn || a == author || a == admin }

// admits judges the roles of who is signed in. What is one's own is judged by the handlers.
func (a access) admits(roles []store.Role) bool {
	isAdmin := slices.Contains(roles, store.RoleAdmin)
	switch a {
	case author:
		return isAdmin || slices.Contains(roles, store.RoleAuthor)
	case admin:
		return isAdmin
	}
	return true
}

// bodyKind says which body a request that may change state brings.
type bodyKind int

const (
	bodyNone   bodyKind = iota // GET
	bodyForm                   // urlencoded fields, kept on the pages of a command that was not served
	bodySecret                 // urlencoded fields with a password among them, which no page keeps
	bodyJSON
	bodyUpload // multipart/form-data with one file, see uploadOf
)

// keepsFields: a page that could not serve a command of the route may hold its fields.
func (rt *route) keepsFields() bool { return rt.body == bodyForm }

// check panics for a row that makes no sense.
func (rt *route) check() {
	brings := rt.method != http.MethodGet && rt.method != anyMethod
	switch {
	case rt.access <= 0 || rt.access > sessionless:
		panic(fmt.Sprintf("handlers: %s %s says not who may ask it", rt.method, rt.pattern))
	case rt.handle == nil || brings != (rt.body != bodyNone):
		panic(fmt.Sprintf("handlers: %s %s lacks its handler or its kind of body", rt.method, rt.pattern))
	}
}

// routes is the table. Beside it the router answers unknown paths (404) and methods that a path does
// not take (405), to everybody and without a session.
func (s *Server) routes() []route {
	return slices.Concat(s.systemRoutes(), s.candidateRoutes(), s.staffRoutes(), s.authorRoutes(), s.bankRoutes(),
		s.sittingRoutes(), s.resultRoutes(), s.keyRoutes(), s.markingRoutes(), s.peopleRoutes())
}

func (s *Server) systemRoutes() []route {
	files := static.Handler(s.page(notFound))
	return []route{
		{anyMethod, static.Prefix + "*", sessionless, bodyNone, infallible(files.ServeHTTP)},
		{"GET", "/healthz", sessionless, bodyNone, infallible(s.showHealth)},
		{"GET", "/readyz", sessionless, bodyNone, infallible(s.showReadiness)},
		{"GET", "/metrics", nearby, bodyNone, infallible(s.showMetrics)},
		{"GET", "/login", public, bodyNone, s.showSignIn},
		{"POST", "/login", public, bodySecret, s.submitSignIn},
		{"POST", "/logout", public, bodyForm, s.signOut},
		{"POST", "/locale", public, bodyForm, s.setLocale},
		{"POST", "/display", public, bodyForm, s.setDisplay},
	}
}

// position matches 1-based positions as the contract writes them: no sign, no leading zero.
const position = "{position:[1-9][0-9]{0,9}}"

func (s *Server) candidateRoutes() []route {
	return []route{
		{"GET", "/", signedIn, bodyNone, s.showHome},
		{"GET", "/exams/{exam}", signedIn, bodyNone, s.showExam},
		{"POST", "/exams/{exam}/attempts", signedIn, bodyForm, s.startAttempt},
		{"GET", "/attempts/{attempt}", ownAttempt, bodyNone, s.showAttempt},
		{"GET", "/attempts/{attempt}/questions/" + position, ownAttempt, bodyNone, s.showQuestion},
		{"POST", "/attempts/{attempt}/questions/" + position, ownAttempt, bodyForm, s.submitQuestion},
		{"GET", "/attempts/{attempt}/review", ownAttempt, bodyNone, s.showReview},
		{"POST", "/attempts/{attempt}/submit", ownAttempt, bodyForm, s.submitAttempt},
		{"POST", "/attempts/{attempt}/take-over", ownAttempt, bodyForm, s.takeOver},
		{"GET", "/attempts/{attempt}/result", ownAttempt, bodyNone, s.showResult},
		{"GET", "/attempts/{attempt}/attachments/{attachment}", ownAttempt, bodyNone, s.showAttachment},
		{"GET", "/attempts/{attempt}/events", ownAttempt, bodyNone, s.followAttempt},
		{"GET", "/practice", signedIn, bodyNone, s.showNotebook},
		{"GET", "/practice/accuracy", signedIn, bodyNone, s.showAccuracy},
		{"GET", "/media/{media}", signedIn, bodyNone, s.showMedia},
		{"GET", "/receipts", signedIn, bodyNone, s.showReceipts},
		{"GET", "/api/v1/session", signedIn, bodyNone, s.showSession},
		{"GET", "/api/v1/attempts/{attempt}", ownAttempt, bodyNone, s.showStanding},
		{"GET", "/api/v1/attempts/{attempt}/commands/{command}", ownAttempt, bodyNone, s.showCommand},
		{"PUT", "/api/v1/attempts/{attempt}/responses/" + position, ownAttempt, bodyJSON, s.saveResponse},
		{"POST", "/api/v1/attempts/{attempt}/gaps", ownAttempt, bodyJSON, s.reportGap},
	}
}

func (s *Server) staffRoutes() []route {
	return []route{
		{"GET", "/admin", admin, bodyNone, s.showAdminHome},
	}
}

// resultRoutes are the pages about attempts and their results.
func (s *Server) resultRoutes() []route {
	return []route{
		{"GET", "/admin/attempts/{attempt}", admin, bodyNone, s.showStory},
		{"GET", "/admin/attempts/{attempt}/paper", admin, bodyNone, s.showPaper},
		{"POST", "/admin/attempts/{attempt}/paper", admin, bodyForm, s.printPaper},
		{"GET", "/admin/exams/{exam}/results", admin, bodyNone, s.showResults},
		{"GET", "/admin/exams/{exam}/results.csv", admin, bodyNone, s.exportCSV},
		{"GET", "/admin/exams/{exam}/results.xlsx", admin, bodyNone, s.exportXLSX},
		{"POST", "/admin/exams/{exam}/release", admin, bodyForm, s.submitRelease},
	}
}

func infallible(h http.HandlerFunc) handle {
	return func(w http.ResponseWriter, r *http.Request) error {
		h(w, r)
		return nil
	}
}

func notFound(http.ResponseWriter, *http.Request) error { return errNotFound }

func wrongMethod(http.ResponseWriter, *http.Request) error { return errMethod }
