// Package handlers answers HTTP requests: the wire contract of docs/design.md §7. One file holds
// one page or form; a handler loads, judges by package exam, and returns an error that one table
// (errors.go) turns into an answer. It knows interfaces, not backends, and only session.go names
// what the session holds.
package handlers

import (
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"golang.org/x/sync/semaphore"

	"shiken/accounts"
	"shiken/exam"
	"shiken/proctor"
	"shiken/sessionguard"
	"shiken/static"
	"shiken/store"
	"shiken/templates"
)

// Renderer turns texts of questions into sanitised HTML.
type Renderer interface {
	Block(exam.Text) templates.SafeHTML
	Inline(exam.Text) templates.SafeHTML
	Plain(exam.Text) string
}

// Config is what a Server works with. Every field is required.
type Config struct {
	Store    store.Store
	Proctor  *proctor.Proctor
	Sessions *scs.SessionManager
	Accounts *accounts.Authenticator
	Presence *accounts.Presence
	Proxies  []netip.Prefix // whose X-Forwarded-For counts
	Render   Renderer
	Secret   []byte // for signed values
	Secure   bool   // browsers reach the program over TLS
	Zone     *time.Location
	Logger   *slog.Logger
	Metrics  *Metrics
}

// Server holds what the handlers share. It keeps no state of exams.
type Server struct {
	Config
	guard    *sessionguard.Guard
	contents *contents
	draining *drain
	probed   probed
	// mendedBefore holds the sessions whose repair was logged already, known those that were live here,
	// both by the hash of their token.
	mendedBefore, known onceSet
	room                *semaphore.Weighted // for bodies, in bytes
}

// Bounds of what a server remembers of sessions.
const (
	maxMended = 1_000
	maxKnown  = 20_000
)

// New returns a server; Attach must follow before it serves.
func New(c Config) *Server {
	return &Server{
		Config: c, contents: newContents(c.Store, c.Render), room: newRoom(maxBodies), draining: newDrain(),
		mendedBefore: onceSet{most: maxMended}, known: onceSet{most: maxKnown},
	}
}

// Attach gives the server its guard, whose Busy and Down callbacks are the server's own.
func (s *Server) Attach(g *sessionguard.Guard) { s.guard = g }

// Handler returns the routes with their middleware.
//
// The order, outermost first, and why each stands where it does:
//
//	observe    times and logs everything, and turns panics into 500
//	headers    every answer, errors too, carries the security headers
//	origin     foreign origins are refused before anything is read
//	(routing)  unknown paths and wrong methods end here, without body or session
//	body       is read whole, in bounds, before anybody waits for a lock: that is the arrival (R8)
//	guard      the session's turn; the handler runs inside it
func (s *Server) Handler() http.Handler {
	r := chi.NewRouter()
	r.Use(s.observe, s.headers, s.origin, middleware.GetHead)
	r.NotFound(s.page(func(http.ResponseWriter, *http.Request) error { return errNotFound }))
	r.MethodNotAllowed(s.page(func(http.ResponseWriter, *http.Request) error { return errMethod }))

	r.Handle(static.Prefix+"*", static.Handler(s.page(func(http.ResponseWriter, *http.Request) error { return errNotFound })))
	r.Get("/healthz", s.showHealth)
	r.Get("/readyz", s.showReadiness)
	r.Get("/metrics", s.page(s.showMetrics))

	r.Group(func(r chi.Router) {
		r.Use(s.body(formType), s.guard.Middleware)
		s.pages(r)
	})
	r.Group(func(r chi.Router) {
		r.Use(s.body(jsonType), s.guard.Middleware)
		r.Get("/api/v1/session", s.page(s.showSession))
		r.Put("/api/v1/attempts/{attempt}/responses/"+position, s.page(s.saveResponse))
	})
	return r
}

// position matches 1-based positions as the contract writes them: no sign, no leading zero.
const position = "{position:[1-9][0-9]{0,9}}"

func (s *Server) pages(r chi.Router) {
	r.Get("/login", s.page(s.showSignIn))
	r.Post("/login", s.page(s.submitSignIn))
	r.Post("/logout", s.page(s.signOut))
	r.Post("/locale", s.page(s.setLocale))
	r.Get("/", s.page(s.showHome))
	r.Get("/exams/{exam}", s.page(s.showExam))
	r.Post("/exams/{exam}/attempts", s.page(s.startAttempt))
	r.Get("/attempts/{attempt}", s.page(s.showAttempt))
	r.Get("/attempts/{attempt}/questions/"+position, s.page(s.showQuestion))
	r.Post("/attempts/{attempt}/questions/"+position, s.page(s.submitQuestion))
	r.Get("/attempts/{attempt}/review", s.page(s.showReview))
	r.Post("/attempts/{attempt}/submit", s.page(s.submitAttempt))
	r.Get("/attempts/{attempt}/result", s.page(s.showResult))
}
