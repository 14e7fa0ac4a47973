package handlers_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"shiken/sessionguard"
	"shiken/store"
)

// Session keys that are missing or out of range are repaired, counted, logged once; the next POST
// saves the repair.
func TestBrokenSessionsAreRepaired(t *testing.T) {
	t.Parallel()
	broken := map[string]func(s *site) map[string]any{
		"empty":       func(*site) map[string]any { return map[string]any{"locale": "xx"} },
		"wrong kind":  func(*site) map[string]any { return map[string]any{"sign_in": 7} },
		"no id":       func(*site) map[string]any { return map[string]any{"sign_in": "../../etc"} },
		"unknown id":  func(*site) map[string]any { return map[string]any{"sign_in": uuid.NewString()} },
		"another's":   func(s *site) map[string]any { return map[string]any{"sign_in": s.signedIn("bob").signIn} },
		"more beside": func(*site) map[string]any { return map[string]any{"attempt": "x", "position": -5, "at": time.Now()} },
	}
	for name, values := range broken {
		t.Run(name, func(t *testing.T) {
			s, c, attempt := sat(t, 2)
			s.keepSession(c.token, values(s))
			page := c.question(attempt, 1)
			if got := page.text(".bar-user"); !strings.HasSuffix(got, "Name of ann") {
				t.Fatalf("signed in as %q", got)
			}
			c.get("/").status(http.StatusOK)
			c.get("/api/v1/session").status(http.StatusOK)
			if n := s.metric("shiken_session_repairs_total"); n != "3" {
				t.Errorf("%s repairs counted", n)
			}
			c.answers(page, 1, "next").leads(attempt + "/questions/2")
			counted := s.metric("shiken_session_repairs_total")
			c.get("/").status(http.StatusOK)
			c.answers(c.question(attempt, 2), 1, "save").leads(attempt + "/questions/2")
			if n := s.metric("shiken_session_repairs_total"); n != counted {
				t.Errorf("the repair was not saved: %s repairs, then %s", counted, n)
			}
			if n := occurrences(s.log.String(), "session repaired"); n != 1 {
				t.Errorf("logged %d times", n)
			}
		})
	}
}

func occurrences(text, part string) int {
	n := 0
	for i := 0; i+len(part) <= len(text); i++ {
		if text[i:i+len(part)] == part {
			n++
		}
	}
	return n
}

// A session that names nobody leads to sign-in, and signing in ends it: no loop.
func TestSessionOfNobodyLeadsToSignIn(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.user("ann")
	for _, values := range []map[string]any{{}, {"sign_in": uuid.NewString()}, {"sign_in": "x"}} {
		token := newToken()
		s.keepSession(token, values)
		c := s.withToken(token)
		c.get("/").leads("/login")
		c.get("/login").status(http.StatusOK)
		c.post("/login", credentials("ann", password)).leads("/")
		c.get("/").status(http.StatusOK)
	}
}

// Bytes that are no session at all are none.
func TestUnreadableSession(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.user("ann")
	token := newToken()
	must(t, s.mem.Commit(sessionguard.HashToken(token), []byte("\x00 no session"), time.Now().Add(time.Hour)))
	c := s.withToken(token)
	c.get("/").leads("/login")
	c.post("/login", credentials("ann", password)).leads("/")
	s.log.forget() // the guard tells of it, at error level
}

// A session that names another's sign-in never acts as the other, nor signs the other out.
func TestStraySessionNeverActsAsAnother(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	bob, ann := s.signedIn("bob"), s.signedIn("ann")
	s.keepSession(ann.token, map[string]any{"sign_in": bob.signIn})
	ann.post("/logout", url.Values{}).leads("/login")
	if got := bob.get("/").status(http.StatusOK).text(".bar-user"); !strings.HasSuffix(got, "Name of bob") {
		t.Errorf("bob is %q", got)
	}
	ann.get("/").leads("/login")
}

// Safe requests write no session, and none is begun for strangers.
func TestSessionsAreWrittenOnlyBySignInAndOut(t *testing.T) {
	t.Parallel()
	s, c, attempt := sat(t, 2)
	writes := s.kept.Writes()
	page := c.question(attempt, 1)
	c.answers(page, 0, "next")
	c.get("/")
	c.submit(attempt)
	for _, path := range []string{"/", "/login", "/exams/test", attempt, "/api/v1/session", "/nothing", "/healthz"} {
		stranger := s.client().get(path)
		if got := stranger.header.Values("Set-Cookie"); len(got) != 0 {
			t.Errorf("%s sets %v", path, got)
		}
		madeUp := s.withToken(newToken()).get(path)
		if got := madeUp.header.Values("Set-Cookie"); len(got) != 0 {
			t.Errorf("%s answers a made-up token with %v", path, got)
		}
	}
	if got := s.kept.Writes(); got != writes {
		t.Errorf("%d session writes", got-writes)
	}
}

// unwritable is a store that writes no sign-in.
type unwritable struct{ store.Store }

func (unwritable) CreateSignIn(context.Context, store.SignIn) error { return store.ErrUnavailable }

// A sign-in that cannot be written leaves no live row of the one before it that nobody can end: the
// browser is signed out, and so is the row.
func TestFailedSignInOrphansNoRow(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	c := s.signedIn("ann")
	s.between = func(in store.Store) store.Store { return unwritable{in} }
	s.serve()
	t.Cleanup(s.log.forget)
	again := s.withToken(c.token)
	s.keepSession(c.token, map[string]any{"sign_in": c.signIn})
	again.get("/").status(http.StatusOK)
	again.post("/login", credentials("ann", password)).status(http.StatusServiceUnavailable)
	v, _, err := s.store.Viewer(t.Context(), c.signIn)
	must(t, err)
	if home := again.get("/"); home.code != http.StatusOK && v.SignIn.Revoked == 0 {
		t.Error("the browser is signed out, its sign-in lives on")
	}
}

// Signing out, and signing in anew, end the sign-in whose session the store has lost.
func TestLostSessionIsStillSignedOut(t *testing.T) {
	t.Parallel()
	for path, form := range map[string]url.Values{"/logout": {}, "/login": credentials("ann", password)} {
		s := newSite(t)
		c := s.signedIn("ann")
		must(t, s.mem.Delete(sessionguard.HashToken(c.token)))
		c.post(path, form).status(http.StatusSeeOther)
		v, _, err := s.store.Viewer(t.Context(), c.signIn)
		must(t, err)
		if v.SignIn.Revoked == 0 {
			t.Errorf("%s: the sign-in lives on", path)
		}
	}
}
