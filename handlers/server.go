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
	"shiken/board"
	"shiken/exam"
	"shiken/jobs"
	"shiken/proctor"
	"shiken/sessionguard"
	"shiken/store"
	"shiken/templates"
	"shiken/watch"
)

// Renderer turns texts of questions into sanitised HTML.
type Renderer interface {
	Block(exam.Text) templates.SafeHTML
	// Gapped is Block, parted at the places of gaps 1 to n.
	Gapped(t exam.Text, n int) []templates.Piece
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
	Board    *board.Board
	Proxies  []netip.Prefix // whose X-Forwarded-For counts
	Render   Renderer
	Secret   []byte // for signed values
	Secure   bool   // browsers reach the program over TLS
	Zone     *time.Location
	Mirrored bool // pages run from right to left, for tests: i18n.Mirrored
	Logger   *slog.Logger
	Metrics  *Metrics
	Rosters  *jobs.Rosters
	// Kick makes the runner of jobs look at once, and begin with those that were asked for again.
	Kick func(again ...string)
}

// Server holds what the handlers share. It keeps no state of exams.
type Server struct {
	Config
	guard    *sessionguard.Guard
	table    []route
	mux      *chi.Mux // of the table
	contents *contents
	draining *drain
	probed   probed
	// mendedBefore holds the sessions whose repair was logged already, known those that were live here,
	// both by the hash of their token.
	mendedBefore, known onceSet
	room                *semaphore.Weighted // for bodies, in bytes
	uploads             *semaphore.Weighted // how many are read or held at once
	lookups             *semaphore.Weighted // of receipts, how many are done at once
	follows             streamGate          // streams of candidates' pages
	sittings            *watch.Hub
	followers           streamGate          // streams of sittings
	exports             *semaphore.Weighted // of sets, how many are made at once
	parses              *semaphore.Weighted // of uploaded files, see parseUpload
	readings            readings
	beat                time.Duration // of streams
	patience            time.Duration // of requests, see bounded
}

// Bounds of what a server remembers of sessions.
const (
	maxMended = 1_000
	maxKnown  = 20_000
)

// New returns a server; Attach must follow before it serves.
func New(c Config) *Server {
	return &Server{
		Config: c, contents: newContents(c.Store, c.Render), draining: newDrain(),
		room: newRoom(maxBodies), uploads: semaphore.NewWeighted(maxUploads), lookups: semaphore.NewWeighted(maxLookups), exports: semaphore.NewWeighted(maxExports),
		parses:       semaphore.NewWeighted(maxParses),
		mendedBefore: onceSet{most: maxMended}, known: onceSet{most: maxKnown},
		follows: streamGate{most: maxFollows}, followers: streamGate{most: maxSittingStreams}, beat: beat, patience: requestTimeout,
		sittings: watch.NewHub(c.Store, heard, c.Logger),
	}
}

// Attach gives the server its guard, whose Busy and Down callbacks are the server's own.
func (s *Server) Attach(g *sessionguard.Guard) {
	s.guard = g
	s.Metrics.GaugeFunc("shiken_stage", "Stage: 1 normal, 2 the session store stumbles, 3 it is down, 4 the database is.",
		func() float64 { return float64(s.stage()) })
}

// Handler returns the routes with their middleware.
//
// The order, outermost first, and why each stands where it does:
//
//	observe    times and logs everything, and turns panics into 500
//	headers    every answer, errors too, carries the security headers
//	origin     foreign origins are refused before anything is read
//	(routing)  unknown paths and wrong methods end here, without body or session
//	body       is read whole, in bounds, before anybody waits for a lock: that is the arrival (R8)
//	guard      the session's turn; the rest runs inside it
//	allow      judges who asks, by the table of routes; then the handler runs
func (s *Server) Handler() http.Handler { return s.router(s.routes()) }

func (s *Server) router(table []route) http.Handler {
	r := chi.NewRouter()
	r.Use(s.observe, s.headers, s.origin, middleware.GetHead)
	r.NotFound(s.page(notFound))
	r.MethodNotAllowed(s.page(wrongMethod))
	for i := range table {
		rt := &table[i]
		rt.check()
		if rt.method == anyMethod {
			r.Handle(rt.pattern, s.serve(rt))
		} else {
			r.Method(rt.method, rt.pattern, s.serve(rt))
		}
	}
	s.table, s.mux = table, r
	return r
}

// serve puts a route's own middleware around its handler.
func (s *Server) serve(rt *route) http.Handler {
	var h http.Handler = s.page(s.allow(rt.access, rt.handle))
	if rt.access.hasSession() {
		h = s.guard.Middleware(h)
	}
	return s.body(rt, h)
}
