package sessionguard_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"

	"shiken/devtools/services"
	"shiken/sessionguard"
)

// site is a small program behind a guard: one instance of the application.
type site struct {
	t        *testing.T
	guard    *sessionguard.Guard
	sessions *scs.SessionManager
	store    *sessionguard.Store
	handler  http.Handler
	signIns  *signIns
	behind   func(key string, data []byte) // instance.put
	loseLock func(key string)              // of the instance

	saveErrors  chan error
	misused     atomic.Int32
	busy, down  atomic.Int32
	corrupt     atomic.Int32
	lost        atomic.Int32
	rebuilt     atomic.Int32
	lockWaits   atomic.Int32
	handlerRuns atomic.Int32
	// during, if set, runs in /put and /renew between the change and the answer.
	during func(r *http.Request)
}

// signIns stands for the table of sign-ins, and is a Fallback.
type signIns struct {
	mu    sync.Mutex
	rows  map[string]string // id → token hash
	asked int               // how many times Session was called
	err   error             // of Session
}

// Session implements sessionguard.Fallback.
func (s *signIns) Session(_ context.Context, hash string) (map[string]any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked++
	if s.err != nil {
		return nil, s.err
	}
	for id, known := range s.rows {
		if known == hash {
			return map[string]any{"sign_in": id}, nil
		}
	}
	return nil, sessionguard.ErrNoSession
}

func (s *signIns) questions() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked
}

func (s *signIns) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.err = err
}

// move gives a row another token, unless it was revoked or moved before.
func (s *signIns) move(id, from, to string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.rows[id] != from {
		return false
	}
	s.rows[id] = to
	return true
}

func (s *signIns) revoke(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.rows, id)
}

func (s *signIns) add(id, hash string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rows[id] = hash
}

func (s *signIns) revokeAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.rows)
}

// has reports whether the row is there and names the token.
func (s *signIns) has(id, hash string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return hash != "" && s.rows[id] == hash
}

func newSite(t *testing.T, i instance, configure ...func(*sessionguard.Config)) *site {
	t.Helper()
	s := &site{t: t, store: i.store, behind: i.put, loseLock: i.loseLock, sessions: sessionguard.NewSessionManager(i.store, false),
		signIns: newRows(), saveErrors: make(chan error, 1000)}
	config := sessionguard.Config{
		Sessions: s.sessions, Locker: i.locker, MaxWait: patience,
		Busy: func(w http.ResponseWriter, _ *http.Request, _ error) {
			http.Error(w, "busy", http.StatusServiceUnavailable)
		},
		Down: func(w http.ResponseWriter, _ *http.Request, _ error) {
			http.Error(w, "down", http.StatusServiceUnavailable)
		},
		Observe: sessionguard.Observe{
			SaveFailed: func(err error) {
				select {
				case s.saveErrors <- err:
				default: // more than anybody looks at
				}
			},
			Misused:  func() { s.misused.Add(1) },
			Busy:     func() { s.busy.Add(1) },
			Down:     func() { s.down.Add(1) },
			Corrupt:  func() { s.corrupt.Add(1) },
			Lost:     func() { s.lost.Add(1) },
			Rebuilt:  func() { s.rebuilt.Add(1) },
			LockWait: func(time.Duration) { s.lockWaits.Add(1) },
		},
	}
	for _, c := range configure {
		c(&config)
	}
	guard, err := sessionguard.New(config)
	if err != nil {
		t.Fatal(err)
	}
	s.guard = guard
	s.handler = guard.Middleware(s.routes())
	return s
}

func (s *site) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /login", s.login)
	mux.HandleFunc("POST /logout", s.logout)
	mux.HandleFunc("POST /renew", s.renew)
	mux.HandleFunc("POST /password", s.password)
	mux.HandleFunc("POST /put", s.put)
	mux.HandleFunc("GET /put", s.put)
	mux.HandleFunc("GET /get", s.get)
	mux.HandleFunc("POST /get", s.get)
	mux.HandleFunc("GET /me", s.me)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.handlerRuns.Add(1)
		mux.ServeHTTP(w, r)
	})
}

func (s *site) login(w http.ResponseWriter, r *http.Request) {
	s.begin(r.Context())
	fmt.Fprint(w, "signed in")
}

func (s *site) begin(ctx context.Context) {
	if err := s.sessions.RenewToken(ctx); err != nil {
		s.t.Errorf("renew token: %v", err)
	}
	token := s.sessions.Token(ctx)
	s.signIns.add(token, sessionguard.HashToken(token))
	s.sessions.Put(ctx, "sign_in", token)
}

func (s *site) logout(w http.ResponseWriter, r *http.Request) {
	s.signIns.revoke(s.sessions.GetString(r.Context(), "sign_in"))
	s.destroy(r.Context())
	fmt.Fprint(w, "signed out")
}

func (s *site) destroy(ctx context.Context) {
	if err := s.sessions.Destroy(ctx); err != nil {
		s.t.Errorf("destroy: %v", err)
	}
}

// password revokes every sign-in of the user and begins another.
func (s *site) password(w http.ResponseWriter, r *http.Request) {
	yield()
	s.signIns.revokeAll()
	s.begin(r.Context())
	fmt.Fprint(w, "changed")
}

// renew changes the token of a session that is signed in.
func (s *site) renew(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	id, old := s.sessions.GetString(ctx, "sign_in"), s.sessions.Token(ctx)
	if !s.isSignedIn(ctx) {
		http.Error(w, "signed out", http.StatusUnauthorized)
		return
	}
	yield()
	if err := s.sessions.RenewToken(ctx); err != nil {
		s.t.Errorf("renew token: %v", err)
	}
	if !s.signIns.move(id, sessionguard.HashToken(old), sessionguard.HashToken(s.sessions.Token(ctx))) {
		s.destroy(ctx)
		http.Error(w, "signed out", http.StatusUnauthorized)
		return
	}
	if s.during != nil {
		s.during(r)
	}
	yield()
	fmt.Fprint(w, "renewed")
}

func (s *site) put(w http.ResponseWriter, r *http.Request) {
	if r.FormValue("anyway") == "" && !s.isSignedIn(r.Context()) {
		http.Error(w, "signed out", http.StatusUnauthorized)
		return
	}
	yield()
	s.sessions.Put(r.Context(), r.FormValue("key"), r.FormValue("value"))
	if s.during != nil {
		s.during(r)
	}
	w.Header().Set("X-Put", "yes")
	w.WriteHeader(http.StatusAccepted)
	fmt.Fprint(w, "put ")
	yield()
	fmt.Fprint(w, "done")
}

func (s *site) get(w http.ResponseWriter, r *http.Request) {
	yield()
	fmt.Fprint(w, s.sessions.GetString(r.Context(), r.FormValue("key")))
}

func (s *site) me(w http.ResponseWriter, r *http.Request) {
	if !s.isSignedIn(r.Context()) {
		http.Error(w, "signed out", http.StatusUnauthorized)
		return
	}
	fmt.Fprint(w, "signed in")
}

// withRows is a site whose Fallback is its table of sign-ins.
func withRows(t *testing.T, i instance, rows *signIns) *site {
	t.Helper()
	s := newSite(t, i, func(c *sessionguard.Config) { c.Fallback = rows })
	s.signIns = rows
	return s
}

// plant writes to the store behind the product's back.
func (s *site) plant(token string, data []byte) {
	s.t.Helper()
	s.behind(sessionguard.HashToken(token), data)
}

func newRows() *signIns { return &signIns{rows: map[string]string{}} }

// isSignedIn asks the row that the session names, as the product does for each request.
func (s *site) isSignedIn(ctx context.Context) bool {
	return s.signIns.has(s.sessions.GetString(ctx, "sign_in"), sessionguard.HashToken(s.sessions.Token(ctx)))
}

// yield lets other goroutines run at a random point.
func yield() {
	for range rand.N(4) {
		runtime.Gosched()
	}
}

const cookieName = "shiken_session"

// do sends a request with the session token, if any.
func (s *site) do(method, target, token string) *answer {
	return s.send(httptest.NewRequest(method, target, nil), token)
}

func (s *site) send(r *http.Request, token string) *answer {
	if token != "" {
		r.AddCookie(&http.Cookie{Name: cookieName, Value: token})
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	response := w.Result()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Error(err)
	}
	return &answer{Response: response, body: strings.TrimSpace(string(body))}
}

type answer struct {
	*http.Response
	body string
}

// token is the session token that the answer sets; "" if none.
func (a *answer) token() string {
	for _, c := range a.Cookies() {
		if c.MaxAge >= 0 {
			return c.Value
		}
	}
	return ""
}

func (a *answer) want(t *testing.T, status int, body string) {
	t.Helper()
	if a.StatusCode != status || a.body != body {
		t.Errorf("answer %d %q, want %d %q", a.StatusCode, a.body, status, body)
	}
}

func (a *answer) wantNoCookie(t *testing.T) {
	t.Helper()
	if cookies := a.Header.Values("Set-Cookie"); len(cookies) > 0 {
		t.Errorf("answer sets cookies: %v", cookies)
	}
}

// signIn returns the token of a new session.
func (s *site) signIn() string {
	s.t.Helper()
	token := s.do("POST", "/login", "").token()
	if token == "" {
		s.t.Fatal("sign-in sets no cookie")
	}
	return token
}

// exists asks the store itself for the session of a token. On a machine that is busy with other things the store's
// circuit may be open, which is no answer: it is asked again.
func (s *site) exists(token string) bool {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	found := false
	err := services.Poll(ctx, func(ctx context.Context) error {
		var err error
		_, found, err = s.store.FindCtx(ctx, sessionguard.HashToken(token))
		if err != nil && !errors.Is(err, sessionguard.ErrUnavailable) {
			cancel()
		}
		return err
	})
	if err != nil {
		s.t.Errorf("find: %v", err)
	}
	return found
}

// value asks for one value of the session of a token.
func (s *site) value(token, key string) string {
	s.t.Helper()
	return s.do("GET", "/get?key="+key, token).body
}

func (s *site) wantSaveError(want error) {
	s.t.Helper()
	select {
	case err := <-s.saveErrors:
		if !errors.Is(err, want) {
			s.t.Errorf("save failed by %v, want %v", err, want)
		}
	default:
		s.t.Errorf("no save failed, want %v", want)
	}
}
