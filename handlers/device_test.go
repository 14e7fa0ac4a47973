package handlers_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"shiken/exam"
	"shiken/store"
)

// lockedOut is a site on whose network ann's sign-ins have failed too often.
func lockedOut(t *testing.T, changes ...func(*site)) *site {
	s := newSite(t, changes...)
	s.user("ann")
	s.user("bob")
	return s
}

func (s *site) failFor(name string) {
	s.t.Helper()
	for range 10 {
		must(s.t, s.store.RecordFailedSignIn(s.t.Context(), name, "127.0.0.0/24"))
	}
}

// A neighbour in the same network locks nobody out of a browser that has signed in before.
func TestNeighboursLockNobodyOut(t *testing.T) {
	t.Parallel()
	s := lockedOut(t)
	c := s.client()
	c.post("/login", credentials("ann", password)).leads("/")
	s.failFor("ann")
	c.post("/login", credentials(" ＡＮＮ ", password)).leads("/")
	s.client().post("/login", credentials("ann", password)).status(http.StatusTooManyRequests)
}

// A known browser counts by itself: its own failures shut it, and leave the network as it is.
func TestKnownBrowsersCountByThemselves(t *testing.T) {
	t.Parallel()
	s := lockedOut(t)
	c := s.client()
	c.post("/login", credentials("ann", password)).leads("/")
	for range 10 {
		c.post("/login", credentials("ann", "wrong")).status(http.StatusUnauthorized)
	}
	c.post("/login", credentials("ann", password)).status(http.StatusTooManyRequests)
	s.client().post("/login", credentials("ann", password)).leads("/")
}

// Only the cookie of the typed username counts, and only as the program made it.
func TestDeviceCookieIsForOneUserAlone(t *testing.T) {
	t.Parallel()
	s := lockedOut(t)
	c := s.client()
	made := c.post("/login", credentials("bob", password)).leads("/").cookies()["shiken_device"]
	s.failFor("ann")
	c.post("/login", credentials("ann", password)).status(http.StatusTooManyRequests)
	s.failFor("bob")
	for _, value := range []string{"", "x", made.Value[:63], strings.ToUpper(made.Value), made.Value + "0", strings.Repeat("0", 64)} {
		req := s.client().request(http.MethodPost, "/login", formType, credentials("bob", password).Encode())
		req.AddCookie(&http.Cookie{Name: "shiken_device", Value: value})
		if a := s.client().send(req); a.code != http.StatusTooManyRequests {
			t.Errorf("%q: %d", value, a.code)
		}
	}
}

// The cookie is set by a sign-in alone, and is no secret that scripts could read.
func TestDeviceCookie(t *testing.T) {
	t.Parallel()
	for _, secure := range []bool{false, true} {
		s := lockedOut(t, func(s *site) { s.secure = secure })
		name := map[bool]string{false: "shiken_device", true: "__Host-shiken_device"}[secure]
		if wrong := s.client().post("/login", credentials("ann", "wrong")); len(wrong.cookies()) != 0 {
			t.Errorf("a failure sets %v", wrong.header.Values("Set-Cookie"))
		}
		c := s.client().post("/login", credentials("ann", password)).leads("/").cookies()[name]
		if c == nil || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Secure != secure || c.Path != "/" ||
			c.Domain != "" || c.MaxAge != 365*24*60*60 {
			t.Errorf("cookie %+v", c)
		}
	}
}

// uncounted is a store that must not be asked about sign-ins.
type uncounted struct {
	store.Store
	t *testing.T
}

func (u uncounted) FailedSignIns(_ context.Context, _, _ string, _ exam.Micros) (int, error) {
	u.t.Error("failures were asked for")
	return 0, nil
}

func (u uncounted) RecordFailedSignIn(_ context.Context, _, _ string) error {
	u.t.Error("a failure was counted")
	return nil
}

// A password that nobody can have is refused like a wrong one, and leaves nothing behind.
func TestOverlongPasswordIsWrongAtOnce(t *testing.T) {
	t.Parallel()
	s := lockedOut(t, func(s *site) { s.between = func(in store.Store) store.Store { return uncounted{in, s.t} } })
	for _, name := range []string{"ann", "nobody"} {
		a := s.client().post("/login", credentials(name, strings.Repeat("a", 257))).status(http.StatusUnauthorized)
		if a.text("#problem") == "" {
			t.Error("no word")
		}
	}
}
