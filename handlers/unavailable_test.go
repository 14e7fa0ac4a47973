package handlers_test

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"
	"testing"

	"shiken/exam"
	"shiken/store"
)

// faulty is a store whose attempts cannot be read, or whose password checks cannot be counted, while
// it is told so.
type faulty struct {
	store.Store
	fail *atomic.Value // of fault
}

type fault struct{ err error }

func (f faulty) trouble() error {
	held, _ := f.fail.Load().(fault)
	if held.err == errBoom {
		panic("boom with an answer in it")
	}
	return held.err
}

var errBoom = errors.New("boom")

func (f faulty) LoadAttempt(ctx context.Context, q store.AttemptQuery) (store.Snapshot, error) {
	if err := f.trouble(); err != nil {
		return store.Snapshot{}, err
	}
	return f.Store.LoadAttempt(ctx, q)
}

func (f faulty) FailedSignIns(ctx context.Context, account, prefix string, span exam.Micros) (int, error) {
	if err := f.trouble(); err != nil {
		return 0, err
	}
	return f.Store.FailedSignIns(ctx, account, prefix, span)
}

func (f faulty) Ping(ctx context.Context) error {
	if err := f.trouble(); err != nil {
		return err
	}
	return f.Store.Ping(ctx)
}

// satFaulty is sat on a store that can be made to fail.
func satFaulty(t *testing.T) (s *site, c *client, attempt string, fail func(error)) {
	held := &atomic.Value{}
	s = newSite(t, func(s *site) { s.between = func(in store.Store) store.Store { return faulty{in, held} } })
	s.questions(2)
	s.exam()
	c = s.signedIn("ann")
	attempt = c.start()
	t.Cleanup(s.log.forget) // failures are logged at error level, as they should be
	return s, c, attempt, func(err error) { held.Store(fault{err}) }
}

// Stage 4: the database is down. 503; without JavaScript the page holds the command in a form that
// sends it again, and it is applied once.
func TestDatabaseDownKeepsTheCommand(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"ja", "en"} {
		t.Run(lang, func(t *testing.T) {
			s, c, attempt, fail := satFaulty(t)
			c.lang = lang
			page := c.question(attempt, 1)
			fail(store.ErrUnavailable)
			down := c.answers(page, 1, "next").status(http.StatusServiceUnavailable)
			if down.header.Get("Retry-After") == "" {
				t.Error("no Retry-After")
			}
			if again := c.press(down).status(http.StatusServiceUnavailable); again.form().Get("command_id") != page.form().Get("command_id") {
				t.Error("the command changed on its way")
			}
			c.get(attempt + "/questions/1").status(http.StatusServiceUnavailable)
			e := c.put(attempt, 1, newCall(nil)).fails(http.StatusServiceUnavailable, "UNAVAILABLE")
			if _, there := e["current"]; there {
				t.Error("a failure tells what is saved")
			}
			fail(nil)
			c.press(down).leads(attempt + "/questions/2")
			c.press(down).leads(attempt + "/questions/2")
			if n := s.entries(attempt, exam.Move); n != 1 {
				t.Errorf("%d entries", n)
			}
		})
	}
}

// A sign-in that cannot be served keeps the command that it carries.
func TestSignInThatCannotBeServedKeepsTheCommand(t *testing.T) {
	t.Parallel()
	s, c, attempt, fail := satFaulty(t)
	question := c.question(attempt, 1)
	must(t, s.store.RevokeSignIn(t.Context(), c.signIn))
	page := c.answers(question, 1, "next").status(http.StatusUnauthorized)
	fail(store.ErrUnavailable)
	down := c.post("/login", resume(page, "ann")).status(http.StatusServiceUnavailable)
	if contains(down.body, password) {
		t.Error("the page holds the password")
	}
	fail(nil)
	kept := c.post("/login", resume(down, "ann")).status(http.StatusOK)
	c.press(kept).leads(attempt + "/questions/2")
}

// Anything else that fails inside is a 500 with the request's id and nothing else.
func TestInternalErrorsTellNothing(t *testing.T) {
	t.Parallel()
	for _, err := range []error{errBoom, errors.New("secret of the database")} {
		s, c, attempt, fail := satFaulty(t)
		page := c.question(attempt, 1)
		fail(err)
		for _, a := range []*answer{c.get(attempt), c.answers(page, 1, "next")} {
			a.status(http.StatusInternalServerError)
			if contains(a.body, "boom") || contains(a.body, "secret") || a.text("[data-request-id]") != a.header.Get("X-Request-Id") {
				t.Errorf("the page tells %q", a.text("main"))
			}
			if a.header.Get("Content-Security-Policy") == "" {
				t.Error("no CSP")
			}
		}
		c.put(attempt, 1, newCall(nil)).fails(http.StatusInternalServerError, "INTERNAL")
		if n := occurrences(s.log.String(), "level=ERROR"); n != 3 {
			t.Errorf("logged %d times", n)
		}
		fail(nil)
		c.answers(page, 1, "next").leads(attempt + "/questions/2")
	}
}

// slow is a store that holds those who read an attempt until it is opened.
type slow struct {
	store.Store
	arrived chan struct{}
	open    chan struct{}
}

func (s slow) LoadAttempt(ctx context.Context, q store.AttemptQuery) (store.Snapshot, error) {
	select {
	case s.arrived <- struct{}{}:
	default:
	}
	<-s.open
	return s.Store.LoadAttempt(ctx, q)
}

// Too many clicks of one session: those beyond the queue are told to send again, the rest wait.
func TestTooManyClicksOfOneSession(t *testing.T) {
	t.Parallel()
	s, gate, c, attempt, form := gated(t, 0)
	answers := make(chan *answer, 40)
	send := func() {
		a, err := c.try(c.postRequest(attempt+"/questions/1", form))
		if err != nil {
			t.Error(err)
		}
		answers <- a
	}
	go send()
	<-gate.arrived
	for range 39 {
		go send()
	}
	const refused = 40 - 1 - 32
	var last *answer
	for range refused {
		last = (<-answers).status(http.StatusServiceUnavailable)
	}
	if last.header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	close(gate.open)
	for range 40 - refused {
		(<-answers).leads(attempt + "/questions/2")
	}
	c.press(last).leads(attempt + "/questions/2")
	if n := s.entries(attempt, exam.Move); n != 1 {
		t.Errorf("%d entries", n)
	}
}

func TestHealthAndReadiness(t *testing.T) {
	t.Parallel()
	s, c, _, fail := satFaulty(t)
	if health := c.get("/healthz").status(http.StatusOK).json(); health["status"] != "ok" {
		t.Errorf("health %v", health)
	}
	reads := s.kept.Reads()
	ready := c.get("/readyz").status(http.StatusOK).json()
	if ready["status"] != "ready" || ready["stage"] != 1.0 || ready["sessions"] != "ok" || ready["database"] != "ok" {
		t.Errorf("ready %v", ready)
	}
	if s.kept.Reads() != reads {
		t.Error("a probe counts as a request")
	}
	fail(store.ErrUnavailable)
	until(t, "the database is missed", func() bool {
		ready := c.get("/readyz").status(http.StatusOK).json()
		return ready["status"] == "degraded" && ready["stage"] == 4.0
	})
	fail(nil)
	s.server.Drain()
	if ready := c.get("/readyz").status(http.StatusServiceUnavailable).json(); ready["status"] != "draining" {
		t.Errorf("draining %v", ready)
	}
	c.get("/").status(http.StatusOK)
	metrics := c.get("/metrics").status(http.StatusOK)
	for _, name := range []string{"shiken_http_request_duration_seconds", "go_goroutines", "shiken_starts_total"} {
		if !contains(metrics.body, name) {
			t.Errorf("no metric %s", name)
		}
	}
}
