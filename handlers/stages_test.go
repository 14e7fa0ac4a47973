package handlers_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"

	"shiken/exam"
	"shiken/sessionguard"
	"shiken/store"
	"shiken/templates"
)

// deaf is a session store that fails while it is told so.
type deaf struct {
	scs.Store
	fail *atomic.Bool
}

var errDeaf = errors.New("no session store")

func (d deaf) Find(token string) ([]byte, bool, error) {
	if d.fail.Load() {
		return nil, false, errDeaf
	}
	return d.Store.Find(token)
}

func (d deaf) Commit(token string, b []byte, expiry time.Time) error {
	if d.fail.Load() {
		return errDeaf
	}
	return d.Store.Commit(token, b, expiry)
}

func (d deaf) Delete(token string) error {
	if d.fail.Load() {
		return errDeaf
	}
	return d.Store.Delete(token)
}

// satDeaf is sat with a session store that can be made to fail.
func satDeaf(t *testing.T) (s *site, c *client, attempt string, fail *atomic.Bool) {
	fail = &atomic.Bool{}
	s = newSite(t, func(s *site) { s.beneath = func(in scs.Store) scs.Store { return deaf{in, fail} } })
	t.Cleanup(s.log.forget) // failures are logged at error level, as they should be
	s.questions(2)
	s.exam()
	c = s.signedIn("ann")
	return s, c, c.start(), fail
}

// loseSessions is what FLUSHALL does.
func (s *site) loseSessions() {
	s.t.Helper()
	all, err := s.mem.All()
	must(s.t, err)
	for token := range all {
		must(s.t, s.mem.Delete(token))
	}
}

// hasSession reports whether the session store has the session of a token.
func (s *site) hasSession(token string) bool {
	s.t.Helper()
	_, found, err := s.mem.Find(sessionguard.HashToken(token))
	must(s.t, err)
	return found
}

// cookie is the session token that the browser holds; "" if none.
func (c *client) cookie() string {
	c.t.Helper()
	at, err := url.Parse(c.base)
	must(c.t, err)
	for _, k := range c.http.Jar.Cookies(at) {
		if strings.HasSuffix(k.Name, "shiken_session") {
			return k.Value
		}
	}
	return ""
}

// Stage 3, the session store is down: everything goes on, and readiness says the stage without taking
// the instance out. When the store is back nobody signs in again.
func TestSessionStoreDown(t *testing.T) {
	t.Parallel()
	s, c, attempt, fail := satDeaf(t)
	page := c.question(attempt, 1)
	fail.Store(true)
	c.answers(page, 1, "next").leads(attempt + "/questions/2")
	c.get("/").status(http.StatusOK)
	if stage := c.get("/api/v1/session").status(http.StatusOK).json()["stage"]; stage.(float64) < 2 {
		t.Errorf("stage %v", stage)
	}
	ready := c.get("/readyz").status(http.StatusOK).json()
	if ready["status"] != "degraded" || ready["sessions"] != "unavailable" || ready["database"] != "ok" || ready["stage"].(float64) < 2 {
		t.Errorf("ready %v", ready)
	}
	c.submit(attempt)
	fail.Store(false)
	s.heals()
	c.get(attempt + "/result").status(http.StatusOK)
	if n := s.entries(attempt, exam.Move); n != 1 || !s.hasSession(c.token) {
		t.Errorf("%d moves, session kept: %t", n, s.hasSession(c.token))
	}
}

// outages are the ways in which the session store can leave a session out.
var outages = []struct {
	name  string
	begin func(s *site, fail *atomic.Bool)
}{
	{"silent", func(_ *site, fail *atomic.Bool) { fail.Store(true) }},
	{"lost", func(s *site, _ *atomic.Bool) { s.loseSessions() }},
}

// heals waits until readiness says the first stage.
func (s *site) heals() {
	s.t.Helper()
	c := s.client()
	until(s.t, "the session store is back", func() bool { return c.get("/readyz").json()["stage"] == 1.0 })
}

// Sign-in, sign-out and a change of the password work meanwhile, and hold afterwards.
func TestSignInsDuringAnOutage(t *testing.T) {
	t.Parallel()
	for _, o := range outages {
		t.Run(o.name, func(t *testing.T) {
			s, ann, _, fail := satDeaf(t)
			bob, cat := s.signedIn("bob"), s.signedIn("cat")
			o.begin(s, fail)
			bob.post("/logout", url.Values{}).leads("/login")
			bob.get("/").leads("/login")
			dan := s.client()
			s.user("dan")
			dan.post("/login", credentials("dan", password)).leads("/")
			dan.get("/").status(http.StatusOK)
			ann.post("/login", credentials("ann", password)).leads("/")
			fresh := "another long password"
			cat.post("/account/password", url.Values{"current": {password}, "password": {fresh}, "again": {fresh}}).status(http.StatusSeeOther)
			cat.get("/").status(http.StatusOK)
			fail.Store(false)
			s.heals()
			for _, c := range []*client{ann, dan, cat} {
				c.get("/").status(http.StatusOK)
				c.post("/locale", url.Values{"locale": {"ja"}, "next": {"/"}}).status(http.StatusSeeOther)
				c.get("/").status(http.StatusOK)
				if !s.hasSession(c.cookie()) {
					t.Error("the session was not rebuilt")
				}
			}
			for _, old := range []*client{ann, bob, cat} {
				s.withToken(old.token).get("/").leads("/login")
			}
		})
	}
}

// A sign-in that was revoked stays out, during the outage and after it.
func TestRevokedSignInStaysOutOfAnOutage(t *testing.T) {
	t.Parallel()
	for _, o := range outages {
		t.Run(o.name, func(t *testing.T) {
			s, c, attempt, fail := satDeaf(t)
			page := c.question(attempt, 1)
			o.begin(s, fail)
			must(t, s.store.RevokeSignIn(t.Context(), c.signIn))
			for range 2 {
				c.get("/").leads("/login")
				c.answers(page, 1, "next").status(http.StatusUnauthorized)
				c.put(attempt, 1, newCall(nil)).fails(http.StatusUnauthorized, "UNAUTHENTICATED")
				fail.Store(false)
			}
			if o.name == "lost" && s.hasSession(c.token) {
				t.Error("the session of a revoked sign-in is back")
			}
		})
	}
}

// The session that was lost is saved again under its token, by a request that may change state alone.
func TestLostSessionIsRebuilt(t *testing.T) {
	t.Parallel()
	s, c, attempt := sat(t, 2)
	s.loseSessions()
	page := c.question(attempt, 1)
	if s.hasSession(c.token) {
		t.Error("a safe request saved a session")
	}
	c.answers(page, 1, "next").leads(attempt + "/questions/2")
	if !s.hasSession(c.token) || c.cookie() != c.token {
		t.Errorf("rebuilt: %t, cookie the same: %t", s.hasSession(c.token), c.cookie() == c.token)
	}
	if lost, rebuilt := s.metric(`shiken_guard_events_total{event="lost"}`), s.metric(`shiken_guard_events_total{event="rebuilt"}`); lost != "2" || rebuilt != "1" {
		t.Errorf("counted %s lost, %s rebuilt", lost, rebuilt)
	}
	if n := occurrences(s.log.String(), "session store has lost sessions"); n != 1 {
		t.Errorf("logged %d times", n)
	}
}

// A made-up token costs one statement, saves nothing, and is not what a sign-in goes on with.
func TestMadeUpTokenDuringAnOutage(t *testing.T) {
	t.Parallel()
	for _, o := range outages {
		t.Run(o.name, func(t *testing.T) {
			s, _, _, fail := satDeaf(t)
			o.begin(s, fail)
			token := newToken()
			c := s.withToken(token)
			before := s.store.Statements()
			c.get("/").leads("/login")
			if n := s.store.Statements() - before; n > 1 {
				t.Errorf("%d statements", n)
			}
			c.post("/locale", url.Values{"locale": {"ja"}, "next": {"/"}}).status(http.StatusSeeOther)
			c.post("/login", credentials("ann", password)).leads("/")
			fail.Store(false)
			if c.cookie() == token || s.hasSession(token) {
				t.Error("a token from outside was taken")
			}
			s.withToken(token).get("/").leads("/login")
		})
	}
}

// blind is a store that cannot tell who a token signs in.
type blind struct{ store.Store }

func (blind) ViewerByToken(context.Context, string) (store.Viewer, exam.Instant, error) {
	return store.Viewer{}, 0, store.ErrUnavailable
}

// Stage 4 while sessions are lost: nobody is sent to sign in only because nobody can know.
func TestLostSessionWithoutDatabase(t *testing.T) {
	t.Parallel()
	s, c, attempt := sat(t, 2)
	page := c.question(attempt, 1)
	s.between = func(in store.Store) store.Store { return blind{in} }
	s.serve()
	t.Cleanup(s.log.forget)
	again := s.withToken(c.token)
	again.get("/").status(http.StatusServiceUnavailable)
	down := again.answers(page, 1, "next").status(http.StatusServiceUnavailable)
	s.between = nil
	s.serve()
	s.withToken(c.token).press(down).leads(attempt + "/questions/2")
}

// Admins see on every staff page what fails, since when and what to do, while it fails; nobody else does.
func TestStageIsShownToAdmins(t *testing.T) {
	t.Parallel()
	s, _, _, fail := satDeaf(t)
	s.user("dora", store.RoleAdmin)
	s.user("otto", store.RoleAuthor)
	dora, otto := s.signedIn("dora"), s.signedIn("otto")
	for _, lang := range []string{"ja", "en"} {
		dora.lang = lang
		if got := dora.get("/admin").status(http.StatusOK).text("#stage"); got != "" {
			t.Errorf("%s: the banner of a sound store says %q", lang, got)
		}
	}
	fail.Store(true)
	for _, path := range []string{templates.AdminPath, templates.PeoplePath, templates.SittingPath("test"), templates.AccountPath, "/author"} {
		page := dora.get(path).status(http.StatusOK)
		banner := page.doc().Find("main #stage[data-stage='3'] .warning")
		if banner.Length() != 1 || !contains(banner.Text(), "Redis") || !contains(banner.Text(), time.Now().UTC().Format("2 Jan 2006 ")) {
			t.Errorf("%s: %q", path, banner.Text())
		}
	}
	if got := otto.get("/author").status(http.StatusOK).doc().Find("#stage").Length(); got != 0 {
		t.Error("an author is told")
	}
	fail.Store(false)
	s.heals()
	if got := dora.get("/admin").status(http.StatusOK).text("#stage"); got != "" {
		t.Errorf("afterwards the banner says %q", got)
	}
	for _, words := range []string{"circuit opened", "circuit closed"} {
		if !contains(s.log.String(), words) {
			t.Errorf("the log does not tell: %s", words)
		}
	}
}

// The stage is the same wherever it is told: readiness, metrics, the API.
func TestStageIsTold(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		stage    float64
		sessions bool
		database error
	}{{1, true, nil}, {3, false, nil}, {4, true, store.ErrUnavailable}, {4, false, store.ErrUnavailable}} {
		held, fail := &atomic.Value{}, &atomic.Bool{}
		s := newSite(t, func(s *site) {
			s.between = func(in store.Store) store.Store { return faulty{in, held} }
			s.beneath = func(in scs.Store) scs.Store { return deaf{in, fail} }
		})
		t.Cleanup(s.log.forget)
		s.user("ann")
		c := s.signedIn("ann")
		held.Store(fault{test.database})
		fail.Store(!test.sessions)
		if stage := c.get("/readyz").status(http.StatusOK).json()["stage"]; stage != test.stage {
			t.Errorf("ready: stage %v, want %v", stage, test.stage)
		}
		if got := s.metric("shiken_stage"); got != fmt.Sprint(test.stage) {
			t.Errorf("metrics: stage %s, want %v", got, test.stage)
		}
		if test.database == nil {
			if stage := c.get("/api/v1/session").status(http.StatusOK).json()["stage"]; stage != test.stage {
				t.Errorf("API: stage %v, want %v", stage, test.stage)
			}
		}
	}
}
