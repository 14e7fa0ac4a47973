package handlers_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/alexedwards/scs/v2/memstore"
	"github.com/go-chi/chi/v5"

	"shiken/accounts"
	"shiken/board"
	"shiken/desk"
	"shiken/devtools/browser"
	"shiken/devtools/migrated"
	"shiken/exam"
	"shiken/handlers"
	"shiken/jobs"
	"shiken/proctor"
	"shiken/richtext"
	"shiken/sessionguard"
	"shiken/store"
	"shiken/store/sqlite"
	"shiken/templates"
)

// site is a whole server on a fresh SQLite file, as main wires it. When its test ends, every stored
// attempt must follow from its journal (R11), nothing may have failed inside, and the log must hold
// no secret.
type site struct {
	t        *testing.T
	rosters  *jobs.Rosters
	store    *sqlite.Store
	file     string // of the store
	mem      *memstore.MemStore
	kept     *sessionguard.Store
	proctor  *proctor.Proctor
	board    *board.Board
	jobs     *jobs.Runner
	server   *handlers.Server
	handler  http.Handler
	routes   chi.Routes
	url      string
	secure   bool
	mirrored bool // pages run from right to left
	// between and beneath, when set, stand before the store and before what keeps the sessions.
	between func(store.Store) store.Store
	beneath func(scs.Store) scs.Store
	users   map[string]store.User
	log     *logText
	secrets []string
}

// hasher is one for all sites. Its passwords cost next to nothing: what they cost in the program is proved
// where they are made (accounts).
var hasher = accounts.NewCheapHasher(accounts.Cost{Memory: 8, Passes: 1})

func newSite(t *testing.T, changes ...func(*site)) *site {
	t.Helper()
	s := &site{t: t, users: map[string]store.User{}, log: &logText{}, secrets: []string{password}}
	for _, change := range changes {
		change(s)
	}
	s.open()
	s.serve()
	return s
}

func (s *site) open() {
	s.file = filepath.Join(s.t.TempDir(), "shiken.db")
	s.store = migrated.SQLite(s.t, s.file)
	s.t.Cleanup(s.checkLog)
	s.t.Cleanup(s.checkJournals)
}

func (s *site) serve() {
	local := sessionguard.NewLocal()
	s.mem = memstore.NewWithCleanupInterval(0)
	var inner scs.Store = s.mem
	if s.beneath != nil {
		inner = s.beneath(inner)
	}
	s.kept = local.Store(inner)
	var data store.Store = s.store
	if s.between != nil {
		data = s.between(data)
	}
	log := slog.New(slog.NewTextHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	sessions := sessionguard.NewSessionManager(s.kept, s.secure)
	s.proctor = &proctor.Proctor{Store: data, Logger: log}
	s.board = board.New(data, jobs.Ordered, log)
	s.jobs = s.runner()
	metrics := handlers.NewMetrics()
	secret := []byte(strings.Repeat("k", 32))
	s.rosters = &jobs.Rosters{Store: data, Hasher: hasher, Sealer: accounts.NewSealer(secret)}
	s.server = handlers.New(handlers.Config{
		Store: data, Proctor: s.proctor, Sessions: sessions, Secure: s.secure,
		Accounts: &accounts.Authenticator{Accounts: data, Hasher: hasher},
		Presence: accounts.NewPresence(s.store, log), Board: s.board, Render: plainRenderer{richtext.New()},
		Secret: secret, Zone: time.UTC, Mirrored: s.mirrored, Logger: log, Metrics: metrics, Rosters: s.rosters,
		Kick: s.jobs.Kick,
	})
	guard, err := sessionguard.New(sessionguard.Config{
		Sessions: sessions, Locker: local, Busy: s.server.Busy, Down: s.server.Down, Logger: log,
		Fallback: s.server,
		Observe:  metrics.GuardEvents(),
	})
	must(s.t, err)
	s.server.Attach(guard)
	s.handler = s.server.Handler()
	s.routes = s.handler.(chi.Routes)
	s.url = browser.Serve(s.t, s.handler)
}

// runner is a runner of jobs on the site's store, not running yet.
func (s *site) runner() *jobs.Runner {
	log := slog.New(slog.NewTextHandler(s.log, nil))
	r := jobs.New(s.store, map[store.JobKind]jobs.Do{
		store.JobCommands:  (&jobs.Commands{Store: s.store, Workers: 2, Logger: log}).Do,
		store.JobQuestions: (&desk.Loader{Store: s.store}).Do,
		store.JobRegrade:   (&jobs.Regrades{Store: s.store, Proctor: s.proctor, Workers: 2, Logger: log}).Do,
	}, log)
	r.Deadly(store.JobQuestions)
	return r
}

// works lets a runner do jobs until the test ends.
func (s *site) works(r *jobs.Runner) {
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { r.Run(ctx) })
	s.t.Cleanup(func() { stop(); running.Wait() })
}

type plainRenderer struct{ r *richtext.Renderer }

func (p plainRenderer) Block(t exam.Text) templates.SafeHTML { return templates.SafeHTML(p.r.Block(t)) }
func (p plainRenderer) Inline(t exam.Text) templates.SafeHTML {
	return templates.SafeHTML(p.r.Inline(t))
}
func (p plainRenderer) Plain(t exam.Text) string { return p.r.Plaintext(t) }

func (p plainRenderer) Gapped(t exam.Text, n int) []templates.Piece {
	var out []templates.Piece
	for _, piece := range p.r.Gapped(t, n) {
		out = append(out, templates.Piece{HTML: templates.SafeHTML(piece.HTML), Gap: piece.Gap})
	}
	return out
}

// logText is all that was logged.
type logText struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *logText) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logText) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// checkLog: nothing failed inside, and no secret was logged.
func (s *site) checkLog() {
	text := s.log.String()
	for line := range strings.Lines(text) {
		if strings.Contains(line, "level=ERROR") {
			s.t.Errorf("logged: %s", line)
		}
	}
	for _, secret := range s.secrets {
		if strings.Contains(text, secret) {
			s.t.Errorf("the log holds %q", secret)
		}
	}
}

// checkJournals folds every journal and compares what it gives with what is stored (R11).
func (s *site) checkJournals() {
	err := s.store.EachAttempt(context.Background(), func(stored store.StoredAttempt) error {
		folded, _, err := exam.Replay(&stored.Paper, stored.Records)
		if err != nil || stored.Damage != nil {
			s.t.Errorf("attempt %s: %v %v", stored.Attempt.ID, err, stored.Damage)
		}
		if was, is := essence(s.t, &folded), essence(s.t, &stored.Attempt); was != is {
			s.t.Errorf("attempt %s:\njournal %s\nstored  %s", stored.Attempt.ID, was, is)
		}
		return nil
	})
	must(s.t, err)
}

// essence is an attempt as text, without what a journal does not tell.
func essence(t *testing.T, a *exam.Attempt) string {
	b := *a
	b.Rejections, b.Commands = 0, nil
	text, err := json.Marshal(b)
	must(t, err)
	return strings.NewReplacer(`"Pages":{}`, `"Pages":null`, `"Responses":{}`, `"Responses":null`).Replace(string(text))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// eachStored calls fn for every attempt with the path of its pages, its journal and rejections.
func (s *site) eachStored(fn func(path string, a *store.StoredAttempt)) {
	s.t.Helper()
	must(s.t, s.store.EachAttempt(context.Background(), func(a store.StoredAttempt) error {
		fn(templates.AttemptPath(a.Attempt.ID), &a)
		return nil
	}))
}

// stored reads one attempt.
func (s *site) stored(path string) *store.StoredAttempt {
	s.t.Helper()
	var out *store.StoredAttempt
	s.eachStored(func(p string, a *store.StoredAttempt) {
		if p == path {
			out = a
		}
	})
	if out == nil {
		s.t.Fatalf("no attempt %s", path)
	}
	return out
}

// entries counts the entries of a kind in an attempt's journal.
func (s *site) entries(path string, kind exam.Kind) int {
	s.t.Helper()
	n := 0
	for _, r := range s.stored(path).Records {
		if r.Entry.Kind == kind {
			n++
		}
	}
	return n
}

// metric reads a value out of /metrics; 0 when the line is not there.
func (s *site) metric(name string) string {
	s.t.Helper()
	for line := range strings.Lines(s.client().get("/metrics").status(http.StatusOK).body) {
		if value, ok := strings.CutPrefix(line, name+" "); ok {
			return strings.TrimSpace(value)
		}
	}
	return "0"
}

// forget drops what was logged: the test has looked at it.
func (l *logText) forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.b.Reset()
}
