package sessionguard

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/alexedwards/scs/v2"
)

// ErrNoSession is what a Fallback returns for a token that signs nobody in.
var ErrNoSession = errors.New("sessionguard: no such session")

// A Fallback knows sessions without the session store. It must know a session
// before the answer that tells its token is sent, and forget it before the
// session is destroyed.
type Fallback interface {
	// Session returns the values of the session whose token has this hash
	// (see HashToken). It MUST return ErrNoSession when the token signs
	// nobody in, and an error that wraps ErrUnavailable when it cannot know.
	Session(ctx context.Context, tokenHash string) (map[string]any, error)
}

// Config says what a Guard works with. Sessions and Locker are required.
type Config struct {
	// Sessions comes from NewSessionManager; its store and Locker belong
	// together: both of one Local, or of one Redis.
	Sessions *scs.SessionManager
	Locker   Locker
	MaxWait  time.Duration // W, DefaultMaxWait if zero
	MaxQueue int           // DefaultMaxQueue if zero

	// Busy answers a request whose session has too many others waiting, Down
	// one that the session store keeps from being served: 503 with
	// Retry-After. The error is for the log, not for the page. Without them
	// the answer is a bare 503.
	Busy, Down func(http.ResponseWriter, *http.Request, error)

	// Fallback, unless nil, supplies sessions while the store is unavailable,
	// and those that it has lost: requests go on, while it is unavailable in
	// the order of this process's queue alone. See the package comment.
	Fallback Fallback

	Logger  *slog.Logger // nil: silent
	Observe Observe
}

// Observe holds functions that measure; any may be nil. They are called from
// many goroutines and must return at once. Reads and writes are counted by
// the Store.
type Observe struct {
	LockWait   func(time.Duration) // how long a request waited, whether or not it got its lock
	Busy       func()              // a request was refused as busy
	Down       func()              // a request was refused for want of the store
	SaveFailed func(error)         // an answer was sent although its session was not saved
	Misused    func()              // a handler changed a session where it must not
	Corrupt    func()              // a stored session could not be read
	Lost       func()              // the Fallback supplied a session that the store, which answers, has not
	Rebuilt    func()              // such a session was saved
}

// Guard orders the requests of a session and saves it. See the package
// comment for the flow.
type Guard struct {
	sessions *scs.SessionManager
	store    *Store
	queue    *Queue
	fallback Fallback
	busy     func(http.ResponseWriter, *http.Request, error)
	down     func(http.ResponseWriter, *http.Request, error)
	logger   *slog.Logger
	observe  Observe
	lastLost atomic.Int64 // when the loss of sessions was logged last (ns)
}

// New returns a guard, or an error when c lacks a required part.
func New(c Config) (*Guard, error) {
	if c.Sessions == nil || c.Locker == nil {
		return nil, errors.New("sessionguard: Sessions and Locker are required")
	}
	store, ok := c.Sessions.Store.(*Store)
	if !ok {
		return nil, errors.New("sessionguard: Sessions must come from NewSessionManager")
	}
	queue := NewQueue(c.Locker, c.MaxWait, c.MaxQueue)
	queue.alone = c.Fallback != nil
	g := &Guard{
		sessions: c.Sessions, store: store, queue: queue, fallback: c.Fallback,
		busy: c.Busy, down: c.Down, logger: c.Logger, observe: c.Observe.complete(),
	}
	if g.busy == nil {
		g.busy = bareUnavailable
	}
	if g.down == nil {
		g.down = bareUnavailable
	}
	if g.logger == nil {
		g.logger = slog.New(slog.DiscardHandler)
	}
	store.health.logTo(g.logger)
	return g, nil
}

func (o Observe) complete() Observe {
	nothing := func() {}
	for _, f := range []*func(){&o.Busy, &o.Down, &o.Misused, &o.Corrupt, &o.Lost, &o.Rebuilt} {
		if *f == nil {
			*f = nothing
		}
	}
	if o.LockWait == nil {
		o.LockWait = func(time.Duration) {}
	}
	if o.SaveFailed == nil {
		o.SaveFailed = func(error) {}
	}
	return o
}

func bareUnavailable(w http.ResponseWriter, _ *http.Request, _ error) {
	w.Header().Set("Retry-After", "1")
	w.WriteHeader(http.StatusServiceUnavailable)
}

// Stage returns the stage of the session store, docs/design.md §6.
func (g *Guard) Stage() int { return g.store.Health().Stage() }

// Trouble returns the stage, and unless that is StageNormal when it was left.
func (g *Guard) Trouble() (stage int, since time.Time) { return g.store.Health().Trouble() }

// Load returns how many sessions are locked by requests of this process and
// how many requests wait for one.
func (g *Guard) Load() (locked, waiting int) { return g.queue.Load() }

// Probe writes and reads a session, for readiness.
func (g *Guard) Probe(ctx context.Context) error { return g.store.Probe(withBudget(ctx)) }

// Middleware guards next, which finds its session by scs in the request's
// context. Mount it only on routes that need a session: it reads the session
// store for every request that brings a token.
func (g *Guard) Middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Cookie")
		r = r.WithContext(withBudget(r.Context()))
		switch r.Method {
		case http.MethodGet, http.MethodHead, http.MethodOptions:
			g.serveSafe(w, r, next)
		default:
			g.serveChange(w, r, next)
		}
	})
}

// serveSafe takes no lock and saves nothing.
func (g *Guard) serveSafe(w http.ResponseWriter, r *http.Request, next http.Handler) {
	ctx, err := g.load(r.Context(), &visit{safe: true}, g.token(r))
	if err != nil {
		g.refuse(w, r, err)
		return
	}
	next.ServeHTTP(w, r.WithContext(ctx))
	if g.sessions.Status(ctx) != scs.Unmodified {
		g.misused(ctx, r, "session changed by a safe request; not saved")
	}
}

// serveChange sends the answer after the lock is free: what it tells is
// settled by then, and a client that reads slowly holds up nobody.
func (g *Guard) serveChange(w http.ResponseWriter, r *http.Request, next http.Handler) {
	answer := newReply(w)
	if err := g.change(answer, r, next); err != nil {
		g.refuse(w, r, err)
		return
	}
	answer.send()
}

// change runs a state-changing request under its session's lock, up to the
// saved session. An error means that next was not called.
func (g *Guard) change(answer *reply, r *http.Request, next http.Handler) error {
	v, token := new(visit), g.token(r)
	if token != "" {
		lease, err := g.lock(r.Context(), token)
		if err != nil {
			return err
		}
		defer g.release(r.Context(), lease)
		v.lease = lease
	}
	ctx, err := g.load(r.Context(), v, token)
	if err != nil {
		return err
	}
	// Saved even when the client has gone: its command may be committed.
	defer func() { g.dropAfterPanic(context.WithoutCancel(ctx), v) }()
	next.ServeHTTP(answer, r.WithContext(ctx))
	g.save(context.WithoutCancel(ctx), answer, r, v)
	return nil
}

func (g *Guard) lock(ctx context.Context, token string) (Lease, error) {
	start := time.Now()
	lease, err := g.queue.Lock(ctx, HashToken(token))
	g.observe.LockWait(time.Since(start))
	return lease, err
}

func (g *Guard) release(ctx context.Context, lease Lease) {
	if err := lease.Release(context.WithoutCancel(ctx)); err != nil {
		g.logger.WarnContext(ctx, "session lock not released; it expires by itself", "error", err)
	}
}

// token returns the request's session token, or "" when there is none that
// could be one, so that made-up cookies cost neither lock nor store.
func (g *Guard) token(r *http.Request) string {
	cookie, err := r.Cookie(g.sessions.Cookie.Name)
	if err != nil || !possibleToken(cookie.Value) {
		return ""
	}
	return cookie.Value
}

// load puts the session of token into the context, an empty one if there is
// none that can be read.
func (g *Guard) load(ctx context.Context, v *visit, token string) (context.Context, error) {
	base := withVisit(ctx, v)
	loaded, err := g.sessions.Load(base, token)
	if errors.Is(err, errCorrupt) {
		g.observe.Corrupt()
		g.logger.ErrorContext(ctx, "stored session is unreadable", "error", err)
	}
	if v.source = g.sourceOf(loaded, token, err); v.source != fromStore {
		loaded, err = g.loadByFallback(base, v, token, err)
	}
	if err != nil {
		return nil, err
	}
	if g.sessions.Token(loaded) != "" {
		v.key = HashToken(token)
	}
	return loaded, nil
}

// sourceOf says what the store's answer to a token makes the session's source.
func (g *Guard) sourceOf(loaded context.Context, token string, err error) source {
	switch {
	case errors.Is(err, ErrUnavailable):
		return storeSilent
	case errors.Is(err, errCorrupt):
		return storeSpoilt
	case err == nil && token != "" && g.sessions.Token(loaded) == "" && !bug("lost_session_signs_out"):
		return storeLost
	default:
		return fromStore
	}
}

// loadByFallback puts the session that the Fallback knows into the context, an
// empty one if it knows of none. Without a Fallback what the store said stands,
// and a session that nobody can read is none.
func (g *Guard) loadByFallback(ctx context.Context, v *visit, token string, said error) (context.Context, error) {
	if g.fallback == nil && errors.Is(said, ErrUnavailable) {
		return nil, said
	}
	values, err := g.ask(ctx, HashToken(token))
	if errors.Is(err, ErrNoSession) {
		v.source = fromStore
		return g.sessions.Load(ctx, "")
	}
	if err != nil {
		return nil, errors.Join(err, said)
	}
	if v.isRebuilt() {
		g.noteLost(ctx)
	}
	v.supplied, err = g.sessions.Codec.Encode(time.Now().Add(g.sessions.Lifetime), values)
	if err != nil {
		return nil, err
	}
	return g.sessions.Load(ctx, token)
}

// ask asks the Fallback, which without one knows nobody.
func (g *Guard) ask(ctx context.Context, key string) (map[string]any, error) {
	if g.fallback == nil {
		return nil, ErrNoSession
	}
	return g.fallback.Session(ctx, key)
}

// refuse answers a request that no handler saw.
func (g *Guard) refuse(w http.ResponseWriter, r *http.Request, err error) {
	switch {
	case errors.Is(err, ErrBusy):
		g.observe.Busy()
		g.busy(w, r, err)
	case errors.Is(err, context.Canceled) && r.Context().Err() != nil:
		// The client is gone; there is nobody to answer.
	default:
		g.observe.Down()
		g.logger.WarnContext(r.Context(), "request refused for want of its session", "error", err)
		g.down(w, r, err)
	}
}

// lossLogged is how often the log tells that the store has lost sessions: it
// may be all of them.
const lossLogged = time.Minute

func (g *Guard) noteLost(ctx context.Context) {
	g.observe.Lost()
	now, last := time.Now().UnixNano(), g.lastLost.Load()
	if now-last >= int64(lossLogged) && g.lastLost.CompareAndSwap(last, now) {
		g.logger.WarnContext(ctx, "session store has lost sessions; they are taken from their sign-ins and saved again")
	}
}

func (g *Guard) misused(ctx context.Context, r *http.Request, message string) {
	g.observe.Misused()
	g.logger.ErrorContext(ctx, message, "method", r.Method, "route", r.Pattern)
}
