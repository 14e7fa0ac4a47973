package sessionguard_test

import (
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2/memstore"

	"shiken/devtools/measure"
	"shiken/devtools/services"
	"shiken/sessionguard"
)

// longest is how long a Redis that does not answer may hold a request.
const longest = 2 * time.Second

// within wants it to take no longer than the limit, on a machine that does nothing else.
func within(t *testing.T, limit time.Duration, what string, act func()) {
	t.Helper()
	start := time.Now()
	act()
	if took := time.Since(start); took > measure.Limit(limit) {
		t.Errorf("%s took %v, more than %v", what, took, limit)
	}
}

// breakableRedis is a server of this test alone.
func breakableRedis(t *testing.T) (*services.Server, *redisShape) {
	server := services.PrivateRedis(t)
	return server, &redisShape{t: t, url: server.URL()}
}

func TestAnswerStandsWhenRedisFreezesUnderTheHandler(t *testing.T) {
	server, shape := breakableRedis(t)
	s := newSite(t, shape.instance())
	token := s.signIn()
	s.during = func(*http.Request) {
		if err := server.Freeze(); err != nil {
			t.Error(err)
		}
	}
	within(t, longest, "the request", func() {
		answer := s.do("POST", "/put?key=k&value=v", token)
		answer.want(t, 202, "put done")
		if answer.Header.Get("X-Put") != "yes" {
			t.Error("the handler's header is missing")
		}
	})
	s.wantSaveError(sessionguard.ErrUnavailable)
}

func TestCircuitClosesWhenRedisReturns(t *testing.T) {
	server, shape := breakableRedis(t)
	s := newSite(t, shape.instance())
	token := s.signIn()
	if err := server.Kill(); err != nil {
		t.Fatal(err)
	}
	s.do("POST", "/put?key=k&value=v", token).want(t, 503, "down")
	if s.guard.Stage() != sessionguard.StageOpen {
		t.Errorf("stage %d, want the circuit open", s.guard.Stage())
	}
	if err := server.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the circuit is closed", func() bool { return s.guard.Stage() == sessionguard.StageNormal })
	lost := s.do("POST", "/put?key=k&value=v", token)
	lost.want(t, 401, "signed out")
	lost.wantNoCookie(t)
	s.do("GET", "/me", s.signIn()).want(t, 200, "signed in")
	if err := s.guard.Probe(t.Context()); err != nil {
		t.Errorf("probe: %v", err)
	}
}

// All pooled connections are dead after a restart; no request may notice.
func TestRestartOfRedisBetweenRequestsIsNotNoticed(t *testing.T) {
	server, shape := breakableRedis(t)
	s := newSite(t, shape.instance())
	token := s.signIn()
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() { s.do("GET", "/me", token).want(t, 200, "signed in") })
	}
	all.Wait()
	if err := server.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := server.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.do("GET", "/me", s.signIn()).want(t, 200, "signed in")
	if s.down.Load() != 0 || s.guard.Stage() != sessionguard.StageNormal {
		t.Errorf("%d requests refused, stage %d", s.down.Load(), s.guard.Stage())
	}
}

func TestPoolOutlivesARedisThatFreezesForAWhile(t *testing.T) {
	server, shape := breakableRedis(t)
	s := newSite(t, shape.instance())
	token := s.signIn()
	if err := server.Freeze(); err != nil {
		t.Fatal(err)
	}
	s.do("POST", "/get?key=k", token).want(t, 503, "down")
	if err := server.Thaw(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the circuit is closed", func() bool { return s.guard.Stage() == sessionguard.StageNormal })
	eventually(t, "the lock of the lost answer expires", func() bool {
		return s.do("POST", "/put?key=k&value=v", token).StatusCode == 202
	})
	if got := s.value(token, "k"); got != "v" {
		t.Errorf("k = %q", got)
	}
}

// failingStore is a session store on a disk that can break.
type failingStore struct {
	*memstore.MemStore
	finds, commits, deletes atomic.Bool
	hang                    chan struct{} // unless nil, calls wait until it is closed
}

var errDisk = errors.New("disk at /secret/path is broken")

func (f *failingStore) wait() {
	if f.hang != nil {
		<-f.hang
	}
}

func (f *failingStore) Find(token string) ([]byte, bool, error) {
	f.wait()
	if f.finds.Load() {
		return nil, false, errDisk
	}
	return f.MemStore.Find(token)
}

func (f *failingStore) Commit(token string, b []byte, expiry time.Time) error {
	f.wait()
	if f.commits.Load() {
		return errDisk
	}
	return f.MemStore.Commit(token, b, expiry)
}

func (f *failingStore) Delete(token string) error {
	if f.deletes.Load() {
		return errDisk
	}
	return f.MemStore.Delete(token)
}

func newFailingSite(t *testing.T, configure ...func(*sessionguard.Config)) (*site, *failingStore) {
	disk := &failingStore{MemStore: memstore.NewWithCleanupInterval(0)}
	local := sessionguard.NewLocal()
	return newSite(t, instance{locker: local, store: local.Store(disk)}, configure...), disk
}

func TestStoreThatCannotReadLeadsToDown(t *testing.T) {
	s, disk := newFailingSite(t)
	token := s.signIn()
	disk.finds.Store(true)
	runs := s.handlerRuns.Load()
	for _, method := range []string{"GET", "POST"} {
		answer := s.do(method, "/get?key=k", token)
		answer.want(t, 503, "down")
		answer.wantNoCookie(t)
	}
	if s.handlerRuns.Load() != runs || s.down.Load() != 2 {
		t.Errorf("%d handlers ran, %d requests counted as refused; want 0, 2", s.handlerRuns.Load()-runs, s.down.Load())
	}
	if s.guard.Stage() != sessionguard.StageOpen {
		t.Errorf("stage %d, want the circuit open", s.guard.Stage())
	}
	disk.finds.Store(false)
	s.heals(token)
	s.do("GET", "/me", token).want(t, 200, "signed in")
}

// heals waits until the circuit is closed. That of a store which is no server
// is looked at when a request comes.
func (s *site) heals(token string) {
	s.t.Helper()
	eventually(s.t, "the circuit is closed", func() bool {
		s.do("GET", "/me", token)
		return s.guard.Stage() == sessionguard.StageNormal
	})
}

func TestAnswerStandsWhenTheSaveFails(t *testing.T) {
	s, disk := newFailingSite(t)
	token := s.signIn()
	breaks := func() { disk.commits.Store(true); disk.deletes.Store(true) }
	mends := func() { disk.commits.Store(false); disk.deletes.Store(false); s.heals(token) }

	breaks()
	answer := s.do("POST", "/put?key=k&value=v", token)
	answer.want(t, 202, "put done")
	answer.wantNoCookie(t)
	s.wantSaveError(sessionguard.ErrUnavailable)

	// The write may have happened: the client must know its new token.
	if s.do("POST", "/login", "").token() == "" {
		t.Error("sign-in without a saved session gives no token")
	}
	s.wantSaveError(sessionguard.ErrUnavailable)

	mends()
	breaks()
	out := s.do("POST", "/logout", token)
	out.want(t, 200, "signed out")
	if len(out.Cookies()) != 1 {
		t.Error("sign-out leaves the cookie")
	}
	s.wantSaveError(sessionguard.ErrUnavailable)
	if err := s.guard.Probe(t.Context()); !errors.Is(err, sessionguard.ErrUnavailable) {
		t.Errorf("probe: %v, want ErrUnavailable", err)
	}
}

func TestWithoutCallbacksTheAnswerIsABare503(t *testing.T) {
	s, disk := newFailingSite(t, func(c *sessionguard.Config) { c.Busy, c.Down, c.Observe = nil, nil, sessionguard.Observe{} })
	token := s.signIn()
	disk.finds.Store(true)
	answer := s.do("GET", "/me", token)
	answer.want(t, 503, "")
	if answer.Header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
}
