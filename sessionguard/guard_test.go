package sessionguard_test

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2/memstore"

	"shiken/sessionguard"
)

// unknownToken looks like one of ours and is none.
func unknownToken() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b)
	return base64.RawURLEncoding.EncodeToString(b)
}

// Without the lock one of twenty survives, and all are answered as saved.
func TestConcurrentWritesLoseNothing(t *testing.T) {
	onEveryShape(t, func(t *testing.T, next func() instance) {
		sites := []*site{newSite(t, next()), newSite(t, next())}
		sites[1].signIns = sites[0].signIns
		for _, writers := range []int{2, 20} {
			token := sites[0].signIn()
			var all sync.WaitGroup
			for i := range writers {
				all.Go(func() {
					target := fmt.Sprintf("/put?key=k%d&value=v%d", i, i)
					sites[i%2].do("POST", target, token).want(t, 202, "put done")
				})
			}
			all.Wait()
			for i := range writers {
				if got, want := sites[0].value(token, fmt.Sprintf("k%d", i)), fmt.Sprintf("v%d", i); got != want {
					t.Errorf("%d writers: k%d = %q, want %q", writers, i, got, want)
				}
			}
		}
	})
}

func TestStoreTraffic(t *testing.T) {
	onEveryShape(t, func(t *testing.T, next func() instance) {
		s := newSite(t, next())
		known := s.signIn()
		for _, c := range []struct {
			name, method, target, token string
			reads, writes               uint64
		}{
			{"anonymous read", "GET", "/get?key=k", "", 0, 0},
			{"anonymous change that changes nothing", "POST", "/get?key=k", "", 0, 0},
			{"impossible token, read", "GET", "/get?key=k", "x", 0, 0},
			{"impossible token, change", "POST", "/get?key=k", strings.Repeat("!", 43), 0, 0},
			{"too long token", "POST", "/get?key=k", strings.Repeat("a", 44), 0, 0},
			{"unknown token, read", "GET", "/get?key=k", unknownToken(), 1, 0},
			{"unknown token, change", "POST", "/put?key=k&value=v", unknownToken(), 1, 0},
			{"sign-out with unknown token", "POST", "/logout", unknownToken(), 1, 0},
			{"read", "GET", "/get?key=k", known, 1, 0},
			{"head", "HEAD", "/get?key=k", known, 1, 0},
			{"change that changes nothing", "POST", "/get?key=k", known, 1, 0},
			{"change", "POST", "/put?key=k&value=v", known, 1, 1},
			{"sign-out", "POST", "/logout", known, 1, 1},
		} {
			t.Run(c.name, func(t *testing.T) {
				reads, writes := s.store.Reads(), s.store.Writes()
				answer := s.do(c.method, c.target, c.token)
				if r, w := s.store.Reads()-reads, s.store.Writes()-writes; r != c.reads || w != c.writes {
					t.Errorf("%d reads, %d writes; want %d, %d", r, w, c.reads, c.writes)
				}
				if answer.token() != "" {
					t.Errorf("the answer sets the cookie %q", answer.token())
				}
			})
		}
		if s.lockWaits.Load() != 5 {
			t.Errorf("%d requests took a lock, want the 5 changes with a possible token", s.lockWaits.Load())
		}
	})
}

func TestOnlySignInCreatesSessions(t *testing.T) {
	onEveryShape(t, func(t *testing.T, next func() instance) {
		s := newSite(t, next())
		s.do("GET", "/get?key=k", "").wantNoCookie(t)
		for _, token := range []string{"", "x", unknownToken()} {
			answer := s.do("POST", "/put?anyway=1&key=k&value=v", token)
			answer.want(t, 202, "put done")
			answer.wantNoCookie(t)
		}
		if s.misused.Load() != 3 {
			t.Errorf("%d changes without a session were reported, want 3", s.misused.Load())
		}
		if all, err := s.store.AllCtx(t.Context()); err != nil || len(all) != 0 {
			t.Errorf("%d sessions, %v; want none", len(all), err)
		}
		token := s.signIn()
		if all, err := s.store.AllCtx(t.Context()); err != nil || len(all) != 1 || !s.exists(token) {
			t.Errorf("after sign-in %d sessions, %v; want one", len(all), err)
		}
	})
}

func TestSignInReplacesUnknownToken(t *testing.T) {
	onEveryShape(t, func(t *testing.T, next func() instance) {
		s := newSite(t, next())
		planted := unknownToken()
		token := s.do("POST", "/login", planted).token()
		if token == "" || token == planted {
			t.Fatalf("sign-in with the unknown token gives %q", token)
		}
		s.do("GET", "/me", token).want(t, 200, "signed in")
		s.do("GET", "/me", planted).want(t, 401, "signed out")
	})
}

func TestSafeRequestSavesNothing(t *testing.T) {
	onEveryShape(t, func(t *testing.T, next func() instance) {
		s := newSite(t, next())
		token := s.signIn()
		writes := s.store.Writes()
		answer := s.do("GET", "/put?key=k&value=v", token)
		answer.want(t, 202, "put done")
		answer.wantNoCookie(t)
		if s.store.Writes() != writes || s.value(token, "k") != "" {
			t.Error("a safe request wrote to the session")
		}
		if s.misused.Load() != 1 {
			t.Error("the handler's fault was not reported")
		}
	})
}

func TestRenewedTokenTakesTheSessionOver(t *testing.T) {
	onEveryShape(t, func(t *testing.T, next func() instance) {
		s := newSite(t, next())
		old := s.signIn()
		s.do("POST", "/put?key=k&value=v", old).wantNoCookie(t)
		renewed := s.do("POST", "/renew", old).token()
		if renewed == "" || renewed == old {
			t.Fatalf("renewed token %q, old %q", renewed, old)
		}
		if s.exists(old) || s.value(renewed, "k") != "v" {
			t.Errorf("old session there: %t, value in the new %q", s.exists(old), s.value(renewed, "k"))
		}
	})
}

func TestSignOutDeletesSessionAndCookie(t *testing.T) {
	onEveryShape(t, func(t *testing.T, next func() instance) {
		s := newSite(t, next())
		token := s.signIn()
		answer := s.do("POST", "/logout", token)
		if cookies := answer.Cookies(); len(cookies) != 1 || cookies[0].MaxAge >= 0 || cookies[0].Value != "" {
			t.Errorf("cookies %v, want one that ends the session", cookies)
		}
		if s.exists(token) {
			t.Error("the session is still there")
		}
	})
}

// A lock that ran out must not let its late holder overwrite the next one's.
func TestSaveIsRefusedWithoutTheLock(t *testing.T) {
	shape := openRedis(t)
	s := newSite(t, shape.instance())
	token := s.signIn()
	s.during = func(*http.Request) { shape.loseLock(sessionguard.HashToken(token)) }
	answer := s.do("POST", "/put?key=k&value=v", token)
	answer.want(t, 202, "put done")
	answer.wantNoCookie(t)
	s.wantSaveError(sessionguard.ErrLost)
	if got := s.value(token, "k"); got != "" {
		t.Errorf("k = %q was saved without the lock", got)
	}
}

func TestPanicSavesNothingAndUnlocks(t *testing.T) {
	onEveryShape(t, func(t *testing.T, next func() instance) {
		s := newSite(t, next())
		token := s.signIn()
		s.during = func(*http.Request) { panic("handler") }
		func() {
			defer func() {
				if recover() != "handler" {
					t.Error("the panic did not reach the outer middleware")
				}
			}()
			s.do("POST", "/put?key=k&value=v", token)
		}()
		s.during = nil
		if got := s.value(token, "k"); got != "" {
			t.Errorf("k = %q was saved by a handler that panicked", got)
		}
		s.do("POST", "/put?key=k&value=w", token).want(t, 202, "put done")
		if locked, waiting := s.guard.Load(); locked != 0 || waiting != 0 {
			t.Errorf("left behind: %d locked, %d waiting", locked, waiting)
		}
	})
}

func TestPanicAfterSignOutStillSignsOut(t *testing.T) {
	onEveryShape(t, func(t *testing.T, next func() instance) {
		s := newSite(t, next())
		token := s.signIn()
		s.during = func(r *http.Request) {
			if err := s.sessions.Destroy(r.Context()); err != nil {
				t.Error(err)
			}
			panic("handler")
		}
		func() {
			defer func() { _ = recover() }()
			s.do("POST", "/put?key=k&value=v", token)
		}()
		if s.exists(token) {
			t.Error("the session is still there")
		}
	})
}

func TestBusySessionIsToldSo(t *testing.T) {
	onEveryShape(t, func(t *testing.T, next func() instance) {
		s := newSite(t, next(), func(c *sessionguard.Config) { c.MaxQueue, c.MaxWait = 1, patience })
		token := s.signIn()
		entered, leave := make(chan struct{}), make(chan struct{})
		s.during = func(*http.Request) { entered <- struct{}{}; <-leave }
		var all sync.WaitGroup
		put := func() { s.do("POST", "/put?key=k&value=v", token).want(t, 202, "put done") }
		all.Go(put)
		<-entered
		all.Go(put)
		eventually(t, "a waiter", func() bool { _, waiting := s.guard.Load(); return waiting == 1 })
		s.do("POST", "/put?key=k&value=v", token).want(t, 503, "busy")
		s.do("GET", "/me", token).want(t, 200, "signed in")
		close(leave)
		<-entered
		all.Wait()
		if s.busy.Load() != 1 {
			t.Errorf("%d requests counted as busy, want 1", s.busy.Load())
		}
	})
}

func TestClientThatLeftGetsNoAnswer(t *testing.T) {
	onEveryShape(t, func(t *testing.T, next func() instance) {
		i := next()
		s := newSite(t, i)
		token := s.signIn()
		lease := lock(t, i.locker, sessionguard.HashToken(token))
		ctx, leave := context.WithCancel(t.Context())
		done := make(chan *answer)
		runs := s.handlerRuns.Load()
		go func() {
			done <- s.send(httptest.NewRequestWithContext(ctx, "POST", "/put?key=k&value=v", nil), token)
		}()
		eventually(t, "the request", func() bool { locked, _ := s.guard.Load(); return locked == 1 })
		leave()
		if answer := <-done; answer.body != "" || s.handlerRuns.Load() != runs {
			t.Errorf("answer %q, %d handlers ran; want nothing", answer.body, s.handlerRuns.Load()-runs)
		}
		release(t, lease)
	})
}

func TestUnreadableSessionIsTakenForNone(t *testing.T) {
	for _, stored := range []string{"", "{", "null", `{"deadline":"2026-01-01T00:00:00Z","values":[]}`, "\x00\xff"} {
		inner := memstore.NewWithCleanupInterval(0)
		local := sessionguard.NewLocal()
		s := newSite(t, instance{locker: local, store: local.Store(inner)})
		token := unknownToken()
		if err := inner.Commit(sessionguard.HashToken(token), []byte(stored), time.Now().Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		s.do("GET", "/me", token).want(t, 401, "signed out")
		s.do("POST", "/put?key=k&value=v", token).want(t, 401, "signed out")
		if s.corrupt.Load() != 2 {
			t.Errorf("%q: reported %d times, want 2", stored, s.corrupt.Load())
		}
		if fresh := s.do("POST", "/login", token).token(); fresh == "" {
			t.Errorf("%q: sign-in does not lead out", stored)
		}
	}
}

func TestProbeWritesAndReads(t *testing.T) {
	onEveryShape(t, func(t *testing.T, next func() instance) {
		s := newSite(t, next())
		if err := s.guard.Probe(t.Context()); err != nil {
			t.Fatal(err)
		}
		all, err := s.store.AllCtx(t.Context())
		if err != nil || len(all) != 0 {
			t.Errorf("the probe leaves %d sessions, %v", len(all), err)
		}
		if s.guard.Stage() != sessionguard.StageNormal {
			t.Errorf("stage %d", s.guard.Stage())
		}
	})
}

func TestNewRefusesWhatCannotWork(t *testing.T) {
	local := sessionguard.NewLocal()
	sessions := sessionguard.NewSessionManager(local.Store(memstore.NewWithCleanupInterval(0)), false)
	foreign := sessionguard.NewSessionManager(nil, false)
	foreign.Store = memstore.NewWithCleanupInterval(0)
	for name, config := range map[string]sessionguard.Config{
		"nothing":         {},
		"no locker":       {Sessions: sessions},
		"no sessions":     {Locker: local},
		"a foreign store": {Sessions: foreign, Locker: local},
	} {
		if _, err := sessionguard.New(config); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
