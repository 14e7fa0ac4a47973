package sessionguard_test

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"shiken/devtools/services"
	"shiken/sessionguard"
)

// signedInRow is a token that signs in by its row, and has no session.
func signedInRow(rows *signIns) string {
	token := unknownToken()
	rows.add(token, sessionguard.HashToken(token))
	return token
}

// downSites are sites whose store never answers, each with one row.
func downSites(t *testing.T) map[string]*site {
	redis := &redisShape{t: t, url: "redis://127.0.0.1:1"} // no test listens there, as one might on a port that was free
	onDisk, disk := newFailingSite(t)
	disk.finds.Store(true)
	disk.commits.Store(true)
	disk.deletes.Store(true)
	return map[string]*site{
		"redis": withRows(t, redis.instance(), newRows()),
		"disk":  withRows(t, instance{locker: sessionguard.NewLocal(), store: onDisk.store}, newRows()),
	}
}

// Down from the start: everything goes on, and whoever has no row is nobody.
func TestFallbackServesWhileTheStoreIsDown(t *testing.T) {
	for name, s := range downSites(t) {
		t.Run(name, func(t *testing.T) {
			token := signedInRow(s.signIns)
			s.do("GET", "/me", token).want(t, 200, "signed in")
			s.do("POST", "/get?key=sign_in", token).want(t, 200, token)
			s.do("GET", "/me", unknownToken()).want(t, 401, "signed out")
			changed := s.do("POST", "/put?key=k&value=v", token)
			changed.want(t, 202, "put done")
			changed.wantNoCookie(t)
			s.wantSaveError(sessionguard.ErrUnavailable)

			renewed := s.do("POST", "/renew", token).token()
			s.wantSaveError(sessionguard.ErrUnavailable)
			s.do("GET", "/me", renewed).want(t, 200, "signed in")
			s.do("GET", "/me", token).want(t, 401, "signed out")

			fresh := s.do("POST", "/login", renewed).token()
			s.wantSaveError(sessionguard.ErrUnavailable)
			s.do("GET", "/me", fresh).want(t, 200, "signed in")

			out := s.do("POST", "/logout", fresh)
			out.want(t, 200, "signed out")
			if len(out.Cookies()) != 1 || out.Cookies()[0].MaxAge >= 0 {
				t.Error("sign-out leaves the cookie")
			}
			s.do("GET", "/me", fresh).want(t, 401, "signed out")
			if s.down.Load() != 0 || s.guard.Stage() != sessionguard.StageOpen {
				t.Errorf("%d requests refused, stage %d", s.down.Load(), s.guard.Stage())
			}
		})
	}
}

// Twenty clicks that only the queue orders still come one by one.
func TestFallbackKeepsTheQueue(t *testing.T) {
	for name, s := range downSites(t) {
		t.Run(name, func(t *testing.T) {
			token := signedInRow(s.signIns)
			var inside, most atomic.Int32
			s.during = func(*http.Request) {
				most.Store(max(most.Load(), inside.Add(1)))
				yield()
				inside.Add(-1)
			}
			var all sync.WaitGroup
			for i := range 20 {
				all.Go(func() { s.do("POST", fmt.Sprintf("/put?key=k&value=%d", i), token).want(t, 202, "put done") })
			}
			all.Wait()
			if most.Load() != 1 {
				t.Errorf("%d requests of one session ran at once", most.Load())
			}
		})
	}
}

// With the circuit open nobody waits for the store.
func TestFallbackServesManyAtOnce(t *testing.T) {
	for name, s := range downSites(t) {
		t.Run(name, func(t *testing.T) {
			tokens := make([]string, 500)
			for i := range tokens {
				tokens[i] = signedInRow(s.signIns)
			}
			s.do("GET", "/me", tokens[0]).want(t, 200, "signed in")
			var all sync.WaitGroup
			within(t, longest, "five hundred sessions", func() {
				for _, token := range tokens {
					all.Go(func() {
						s.do("GET", "/me", token).want(t, 200, "signed in")
						s.do("POST", "/get?key=sign_in", token).want(t, 200, token)
					})
				}
				all.Wait()
			})
		})
	}
}

func TestFallbackThatCannotKnowLeadsToDown(t *testing.T) {
	sites := downSites(t)
	local := openMemory(t)
	sites["lost"] = withRows(t, local(), newRows())
	for name, s := range sites {
		t.Run(name, func(t *testing.T) {
			s.signIns.fail(fmt.Errorf("rows: %w", sessionguard.ErrUnavailable))
			for _, method := range []string{"GET", "POST"} {
				s.do(method, "/get?key=k", unknownToken()).want(t, 503, "down")
			}
		})
	}
}

// A session that the store has lost is served to everybody, and saved again
// under its token by a request that may change state.
func TestLostSessionIsRebuilt(t *testing.T) {
	onEveryShape(t, func(t *testing.T, next func() instance) {
		s := withRows(t, next(), newRows())
		token := s.signIn()
		s.lose(token)
		writes := s.store.Writes()
		s.do("GET", "/me", token).want(t, 200, "signed in")
		if s.store.Writes() != writes || s.exists(token) {
			t.Error("a safe request wrote a session")
		}
		s.do("POST", "/get?key=sign_in", token).wantNoCookie(t)
		asked := s.signIns.questions()
		s.do("GET", "/me", token).want(t, 200, "signed in")
		if !s.exists(token) || s.signIns.questions() != asked {
			t.Errorf("session there: %t, and %d more questions", s.exists(token), s.signIns.questions()-asked)
		}
		if s.lost.Load() != 2 || s.rebuilt.Load() != 1 || len(s.saveErrors) > 0 {
			t.Errorf("counted %d lost, %d rebuilt, %d errors", s.lost.Load(), s.rebuilt.Load(), len(s.saveErrors))
		}
	})
}

// What the request changed is saved with it; a sign-in and a renewed token go
// on from a lost session as from any other.
func TestChangesOfALostSession(t *testing.T) {
	onEveryShape(t, func(t *testing.T, next func() instance) {
		s := withRows(t, next(), newRows())
		token := s.signIn()
		s.lose(token)
		s.do("POST", "/put?key=k&value=v", token).want(t, 202, "put done")
		if got := s.value(token, "k"); got != "v" {
			t.Errorf("k = %q", got)
		}
		for _, target := range []string{"/renew", "/login", "/password"} {
			s.lose(token)
			fresh := s.do("POST", target, token).token()
			if fresh == "" || fresh == token || !s.exists(fresh) || s.exists(token) {
				t.Errorf("%s: new session there: %t, old: %t", target, s.exists(fresh), s.exists(token))
			}
			s.do("GET", "/me", fresh).want(t, 200, "signed in")
			token = fresh
		}
		s.lose(token)
		s.do("POST", "/logout", token).want(t, 200, "signed out")
		s.do("POST", "/get?key=k", token).want(t, 200, "")
		if s.exists(token) || len(s.saveErrors) > 0 {
			t.Errorf("after sign-out the session is there: %t, %d errors", s.exists(token), len(s.saveErrors))
		}
	})
}

// lose deletes a session behind everybody's back.
func (s *site) lose(token string) {
	s.t.Helper()
	if err := s.store.DeleteCtx(context.Background(), sessionguard.HashToken(token)); err != nil {
		s.t.Error(err)
	}
}

// Fixation: a token from outside has no row, and is neither taken nor saved.
func TestUnknownTokenIsNotRebuilt(t *testing.T) {
	onEveryShape(t, func(t *testing.T, next func() instance) {
		s := withRows(t, next(), newRows())
		planted := unknownToken()
		for _, target := range []string{"/get?key=k", "/put?anyway=1&key=k&value=v", "/logout", "/login"} {
			s.do("POST", target, planted)
		}
		s.do("GET", "/me", planted).want(t, 401, "signed out")
		if s.exists(planted) || s.signIns.questions() > 5 {
			t.Errorf("session there: %t, %d questions", s.exists(planted), s.signIns.questions())
		}
	})
}

// Whoever is signed out between the question and the save is not brought back,
// although the sign-out found nothing to delete.
func TestRevokedWhileItIsRebuilt(t *testing.T) {
	onEveryShape(t, func(t *testing.T, next func() instance) {
		for _, target := range []string{"/put?key=k&value=v", "/put?key=sign_in&value=" + unknownToken()} {
			s := withRows(t, next(), newRows())
			token := s.signIn()
			s.lose(token)
			s.during = func(*http.Request) { s.signIns.revoke(token) }
			s.do("POST", target, token).want(t, 202, "put done")
			if s.exists(token) {
				t.Error("the session is back")
			}
			s.do("GET", "/me", token).want(t, 401, "signed out")
		}
	})
}

// Where it cannot be known whether the sign-in still holds, the session is not
// left behind; the next request rebuilds it.
func TestRowsLostWhileItIsRebuilt(t *testing.T) {
	onEveryShape(t, func(t *testing.T, next func() instance) {
		s := withRows(t, next(), newRows())
		token := s.signIn()
		s.lose(token)
		s.during = func(*http.Request) { s.signIns.fail(sessionguard.ErrUnavailable) }
		s.do("POST", "/put?key=k&value=v", token).want(t, 202, "put done")
		if s.exists(token) {
			t.Error("the session was left behind")
		}
		s.during = nil
		s.signIns.fail(nil)
		s.do("POST", "/get?key=k", token)
		if !s.exists(token) {
			t.Error("the session was not rebuilt")
		}
	})
}

// A rebuilt session never takes the place of one that is there.
func TestRebuildDoesNotOverwrite(t *testing.T) {
	onEveryShape(t, func(t *testing.T, next func() instance) {
		i := next()
		s, other := withRows(t, i, newRows()), newSite(t, next())
		other.signIns = s.signIns
		token := s.signIn()
		data, _, err := s.store.FindCtx(t.Context(), sessionguard.HashToken(token))
		if err != nil {
			t.Fatal(err)
		}
		s.lose(token)
		s.during = func(*http.Request) { s.plant(token, data) }
		s.do("POST", "/put?key=k&value=v", token).want(t, 202, "put done")
		if got := other.value(token, "k"); got != "" {
			t.Errorf("k = %q", got)
		}
		other.do("GET", "/me", token).want(t, 200, "signed in")
	})
}

// A lock that is lost with the sessions saves nothing, and harms nothing.
func TestLockLostWithTheSession(t *testing.T) {
	shape := openRedis(t)
	s := withRows(t, shape.instance(), newRows())
	token := s.signIn()
	s.during = func(*http.Request) {
		shape.loseLock(sessionguard.HashToken(token))
		s.lose(token)
	}
	s.do("POST", "/put?key=k&value=v", token).want(t, 202, "put done")
	s.wantSaveError(sessionguard.ErrLost)
	renewed := s.do("POST", "/renew", token).token()
	if renewed == "" {
		t.Fatal("the row has a new token that nobody was told")
	}
	s.wantSaveError(sessionguard.ErrLost)
	s.during = nil
	s.do("POST", "/get?key=k", renewed)
	s.do("GET", "/me", renewed).want(t, 200, "signed in")
	if !s.exists(renewed) {
		t.Error("the session was not rebuilt")
	}
}

// A new token whose session was not saved, and whose row cannot be asked at that moment, is told to its owner
// all the same: who could use it otherwise?
func TestLockAndRowsLostWhileATokenIsRenewed(t *testing.T) {
	shape := openRedis(t)
	s := withRows(t, shape.instance(), newRows())
	token := s.signIn()
	s.during = func(*http.Request) {
		shape.loseLock(sessionguard.HashToken(token))
		s.lose(token)
		s.signIns.fail(sessionguard.ErrUnavailable)
	}
	fresh := s.do("POST", "/renew", token).token()
	s.wantSaveError(sessionguard.ErrLost)
	if fresh == "" {
		t.Fatal("the row has a new token that nobody was told")
	}
	s.during = nil
	s.signIns.fail(nil)
	s.do("GET", "/me", fresh).want(t, 200, "signed in")
}

// A spoilt session is taken from its row, and written anew.
func TestUnreadableSessionIsRebuilt(t *testing.T) {
	onEveryShape(t, func(t *testing.T, next func() instance) {
		s := withRows(t, next(), newRows())
		token := signedInRow(s.signIns)
		s.plant(token, []byte("{"))
		s.do("GET", "/me", token).want(t, 200, "signed in")
		s.do("POST", "/get?key=k", token).want(t, 200, "")
		s.do("GET", "/me", token).want(t, 200, "signed in")
		if s.corrupt.Load() != 2 || s.rebuilt.Load() != 1 {
			t.Errorf("%d times unreadable, %d rebuilt; want 2, 1", s.corrupt.Load(), s.rebuilt.Load())
		}
	})
}

// steps are where Redis dies under a request: before it, and in its handler.
var steps = map[string]func(s *site, breaks func()){
	"before the request": func(_ *site, breaks func()) { breaks() },
	"in the handler":     func(s *site, breaks func()) { s.during = func(*http.Request) { breaks() } },
}

// faults are the ways in which Redis ends, and comes back.
var faults = map[string]struct {
	begin func(*services.Server) error
	end   func(*services.Server, context.Context) error
}{
	"killed": {(*services.Server).Kill, (*services.Server).Start},
	"frozen": {(*services.Server).Freeze, func(s *services.Server, _ context.Context) error { return s.Thaw() }},
}

// Dead or frozen at every step, after sessions were there: no request fails or
// takes long, and when Redis is back nobody signs in again.
func TestRedisBreaksAtEveryStep(t *testing.T) {
	for name, fault := range faults {
		for step, at := range steps {
			for _, target := range []string{"/put?key=k&value=v", "/renew"} {
				t.Run(name+" "+step+" "+target, func(t *testing.T) {
					t.Parallel()
					server, shape := breakableRedis(t)
					s := withRows(t, shape.instance(), newRows())
					token := s.signIn()
					at(s, sync.OnceFunc(func() {
						if err := fault.begin(server); err != nil {
							t.Error(err)
						}
					}))
					within(t, longest, "the request", func() {
						answer := s.do("POST", target, token)
						if answer.StatusCode >= 400 {
							t.Errorf("answered %d %q", answer.StatusCode, answer.body)
						}
						if fresh := answer.token(); fresh != "" {
							token = fresh
						}
					})
					within(t, longest, "the next", func() { s.do("GET", "/me", token).want(t, 200, "signed in") })
					if err := fault.end(server, t.Context()); err != nil {
						t.Fatal(err)
					}
					s.comesBack(token)
				})
			}
		}
	}
}

// comesBack wants the session to be rebuilt, now that Redis is back.
func (s *site) comesBack(token string) {
	s.t.Helper()
	s.during = nil
	s.heals(token)
	eventually(s.t, "the session is there again", func() bool {
		s.do("POST", "/get?key=k", token).want(s.t, 200, s.value(token, "k"))
		return s.exists(token)
	})
	s.do("GET", "/me", token).want(s.t, 200, "signed in")
}

// Many requests that meet a Redis which hangs: none takes longer than one.
func TestFrozenRedisWithFallback(t *testing.T) {
	server, shape := breakableRedis(t)
	s := withRows(t, shape.instance(), newRows())
	tokens := make([]string, 300)
	for i := range tokens {
		tokens[i] = s.signIn()
	}
	if err := server.Freeze(); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for i, token := range tokens {
		all.Go(func() {
			method := []string{"GET", "POST"}[i%2]
			within(t, longest, method, func() { s.do(method, "/get?key=sign_in", token).want(t, 200, token) })
		})
	}
	all.Wait()
	stage, since := s.guard.Trouble()
	if stage != sessionguard.StageOpen || time.Since(since) > patience {
		t.Errorf("stage %d since %s", stage, since)
	}
	if err := server.Thaw(); err != nil {
		t.Fatal(err)
	}
	s.heals(tokens[0])
	if stage, since := s.guard.Trouble(); stage != sessionguard.StageNormal || !since.IsZero() {
		t.Errorf("stage %d since %s", stage, since)
	}
}

// A disk that hangs holds nobody either.
func TestHangingDisk(t *testing.T) {
	s, disk := newFailingSite(t)
	s = withRows(t, instance{locker: sessionguard.NewLocal(), store: s.store}, newRows())
	tokens := []string{s.signIn(), s.signIn()}
	disk.hang = make(chan struct{})
	for _, token := range tokens {
		within(t, longest, "the request", func() { s.do("POST", "/get?key=sign_in", token).want(t, 200, token) })
	}
	close(disk.hang)
	s.heals(tokens[0])
}
