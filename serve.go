package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync"
	"syscall"
	"time"

	"golang.org/x/text/unicode/norm"

	"shiken/accounts"
	"shiken/board"
	"shiken/cli"
	"shiken/config"
	"shiken/desk"
	"shiken/exam"
	"shiken/handlers"
	"shiken/jobs"
	"shiken/proctor"
	"shiken/richtext"
	"shiken/sessionguard"
	"shiken/store"
	"shiken/templates"
)

// Bounds of the HTTP server.
const (
	headerTimeout = 10 * time.Second
	readTimeout   = time.Minute
	// writeTimeout counts from the request's header. It is longer than a password may wait for its
	// turn, whose answer it would cut off.
	writeTimeout    = 2 * time.Minute
	keepAlive       = 2 * time.Minute
	maxHeaderBytes  = 64 << 10
	shutdownTimeout = 20 * time.Second
	// leaveTime is how long a cluster's instance still serves after it turned unready, so that
	// balancers, which ask each second, send nothing more when it stops listening.
	leaveTime = 3 * time.Second
)

// program is everything that serves.
type program struct {
	cfg      *config.Config
	log      *slog.Logger
	release  func() error // the data folder
	store    store.Store
	sessions *sessionBackend
	accounts *accounts.Authenticator
	presence *accounts.Presence
	board    *board.Board
	proctor  *proctor.Proctor
	rosters  *jobs.Rosters
	jobs     *jobs.Runner
	standbys *standbys
	server   *handlers.Server
}

// serve runs the program until ctx ends.
func serve(ctx context.Context, cfg *config.Config, t *cli.Terminal) error {
	p, err := assemble(ctx, cfg)
	if err != nil {
		return err
	}
	defer p.close()
	// Before accounts are made: a made password is told by the start that makes it, or never.
	listener, err := listen(cfg.Addr)
	if err != nil {
		return err
	}
	defer listener.Close() //nolint:errcheck // again, where the server closed it
	first, err := cli.FirstStart(ctx, p.store, p.accounts.Hasher, cfg)
	if err == nil || first.AdminMade {
		cli.Greet(t.Out, t.Language, cfg.BrowserURL(listener.Addr()), first)
	}
	if err != nil {
		return err
	}
	p.log.Info("serving", "config", cfg, "address", listener.Addr().String())
	return p.run(ctx, listener)
}

func listen(addr string) (net.Listener, error) {
	listener, err := net.Listen("tcp", addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, &cli.AddressTakenError{Addr: addr}
	}
	return listener, err
}

func assemble(ctx context.Context, cfg *config.Config) (*program, error) {
	p := &program{cfg: cfg, log: cfg.Log.Logger(os.Stderr)}
	key, err := cfg.SigningKey()
	if err != nil {
		return nil, err
	}
	if p.store, err = openStore(ctx, cfg); err != nil {
		return nil, err
	}
	if p.release, err = takeFolder(ctx, cfg); err != nil {
		return nil, errors.Join(err, p.store.Close())
	}
	if p.sessions, err = openSessions(ctx, cfg, p.log); err != nil {
		return nil, errors.Join(err, p.release(), p.store.Close())
	}
	p.standbys = newStandbys(p.store, p.log)
	p.accounts = &accounts.Authenticator{
		Accounts: p.store, Hasher: accounts.NewHasher(), DemoFromAnywhere: cfg.DemoByHand,
	}
	p.presence = accounts.NewPresence(p.store, p.log)
	p.board = board.New(p.store, jobs.Ordered, p.log)
	p.proctor = &proctor.Proctor{Store: p.store, Logger: p.log, Grader: exam.Grader{Normalize: norm.NFKC.String}}
	p.rosters = &jobs.Rosters{Store: p.store, Hasher: p.accounts.Hasher, Sealer: accounts.NewSealer(key)}
	p.jobs = jobs.New(p.store, map[store.JobKind]jobs.Do{
		store.JobCommands:  (&jobs.Commands{Store: p.store, Workers: commandWorkers(cfg), Logger: p.log}).Do,
		store.JobQuestions: (&desk.Loader{Store: p.store}).Do,
		store.JobRoster:    p.rosters.Do,
		store.JobRegrade: (&jobs.Regrades{
			Store: p.store, Proctor: p.proctor, Workers: commandWorkers(cfg), Logger: p.log,
		}).Do,
	}, p.log)
	p.jobs.Then(store.JobRoster, p.rosters.Tidy)
	p.jobs.Deadly(store.JobQuestions)
	if err := p.attach(key); err != nil {
		return nil, errors.Join(err, p.sessions.close(), p.release(), p.store.Close())
	}
	return p, nil
}

// commandWorkers is how many attempts one job works on at once. SQLite has one writer: what waits for it
// is committed together, so that many cost little more than one. In a cluster they share the connections
// of the pool with whoever saves an answer.
func commandWorkers(cfg *config.Config) int {
	if cfg.Shape == config.Cluster {
		return 8
	}
	return 32
}

// attach makes the server and its guard, which need each other.
func (p *program) attach(key []byte) error {
	metrics := handlers.NewMetrics()
	sessions := sessionguard.NewSessionManager(p.sessions.store, p.cfg.Secure())
	p.server = handlers.New(handlers.Config{
		Store: p.store, Proctor: p.proctor, Sessions: sessions, Accounts: p.accounts, Presence: p.presence,
		Board: p.board, Proxies: p.cfg.TrustedProxies, Render: renderer{richtext.New()}, Secret: key, Secure: p.cfg.Secure(),
		Zone: p.cfg.Zone, Logger: p.log, Metrics: metrics, Rosters: p.rosters, Kick: p.jobs.Kick,
	})
	guard, err := sessionguard.New(sessionguard.Config{
		Sessions: sessions, Locker: p.sessions.locker, Busy: p.server.Busy, Down: p.server.Down,
		Fallback: p.server, Logger: p.log, Observe: metrics.GuardEvents(),
	})
	if err != nil {
		return err
	}
	p.server.Attach(guard)
	metrics.CounterFunc("shiken_store_statements_total", "Statements sent to the database.",
		func() float64 { return float64(p.store.Statements()) })
	metrics.CounterFunc("shiken_session_reads_total", "Sessions read from the session store.",
		func() float64 { return float64(p.sessions.store.Reads()) })
	metrics.CounterFunc("shiken_session_writes_total", "Sessions written to the session store.",
		func() float64 { return float64(p.sessions.store.Writes()) })
	metrics.GaugeFunc("shiken_standbys_not_awaited", "Standbys of the database that may lack acknowledged answers.",
		func() float64 { return float64(p.standbys.found.Load()) })
	return nil
}

// run serves on the listener until ctx ends, then turns unready, lets requests in flight finish,
// and stops what runs in the background.
func (p *program) run(ctx context.Context, listener net.Listener) error {
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	var running sync.WaitGroup
	running.Go(func() { p.proctor.Run(background) })
	running.Go(func() { p.presence.Run(background) })
	running.Go(func() { p.board.Run(background) })
	running.Go(func() { p.jobs.Run(background) })
	running.Go(func() { p.standbys.run(background) })
	defer running.Wait()
	defer stop()

	server := &http.Server{
		Handler: p.server.Handler(), ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout,
		WriteTimeout: writeTimeout, IdleTimeout: keepAlive, MaxHeaderBytes: maxHeaderBytes,
		ErrorLog: slog.NewLogLogger(p.log.Handler(), slog.LevelWarn),
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	p.log.Info("leaving")
	p.leave()
	end, cancel := context.WithTimeout(context.Background(), shutdownTimeout)
	defer cancel()
	return server.Shutdown(end)
}

func (p *program) leave() {
	p.server.Drain()
	if p.cfg.Shape == config.Cluster {
		time.Sleep(leaveTime)
	}
}

func (p *program) close() {
	if err := errors.Join(p.sessions.close(), p.release(), p.store.Close()); err != nil {
		p.log.Warn("closing", "error", err)
	}
}

// renderer makes richtext's HTML the templates'.
type renderer struct{ r *richtext.Renderer }

func (r renderer) Block(t exam.Text) templates.SafeHTML  { return templates.SafeHTML(r.r.Block(t)) }
func (r renderer) Inline(t exam.Text) templates.SafeHTML { return templates.SafeHTML(r.r.Inline(t)) }
func (r renderer) Plain(t exam.Text) string              { return r.r.Plaintext(t) }

// Gapped parts a text at its gaps.
func (r renderer) Gapped(t exam.Text, n int) []templates.Piece {
	var out []templates.Piece
	for _, p := range r.r.Gapped(t, n) {
		out = append(out, templates.Piece{HTML: templates.SafeHTML(p.HTML), Gap: p.Gap})
	}
	return out
}
