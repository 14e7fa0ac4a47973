package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"shiken/store"
)

func ownPassword(current, fresh string) url.Values {
	return url.Values{"current": {current}, "password": {fresh}, "again": {fresh}}
}

func TestOwnSignIns(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.user("ann")
	c, other, bob := s.signedIn("ann").inProcess(s), s.signedIn("ann").inProcess(s), s.signedIn("bob").inProcess(s)
	for _, lang := range []string{"ja", "en"} {
		c.lang = lang
		page := c.get("/account").status(http.StatusOK)
		rows := page.doc().Find("tr[data-sign-in]")
		if rows.Length() != 2 || page.doc().Find("tr[data-current]").AttrOr("data-sign-in", "") != c.signIn {
			t.Errorf("%d sign-ins, the current one is not marked", rows.Length())
		}
	}
	c.post("/account/sign-out", url.Values{"sign_in": {bob.signIn}}).status(http.StatusNotFound)
	bob.get("/").status(http.StatusOK)
	c.post("/account/sign-out", url.Values{"sign_in": {"x"}}).status(http.StatusBadRequest)
	c.post("/account/sign-out", url.Values{"sign_in": {other.signIn}}).status(http.StatusSeeOther)
	other.get("/").leads("/login")
	c.post("/account/sign-out", url.Values{"sign_in": {c.signIn}}).status(http.StatusSeeOther)
	c.get("/account").status(http.StatusSeeOther)
	if entries := s.auditLog(); len(entries) != 0 {
		t.Errorf("what a candidate does is recorded: %+v", entries)
	}
}

// TestSignInsOfTheDemo: its visitors share an account, and see nothing of each other.
func TestSignInsOfTheDemo(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	u := s.user("ann")
	must(t, s.store.CreateUser(t.Context(), store.User{
		ID: uuid.NewString(), Username: "demo", PasswordHash: u.PasswordHash, Roles: u.Roles, Demo: true,
	}))
	demo, err := s.store.UserByName(t.Context(), "demo")
	must(t, err)
	s.users["demo"] = demo
	c, other := s.signedIn("demo").inProcess(s), s.signedIn("demo").inProcess(s)
	rows := c.get("/account").status(http.StatusOK).doc().Find("tr[data-sign-in]")
	if rows.Length() != 1 || rows.AttrOr("data-sign-in", "") != c.signIn {
		t.Errorf("%d sign-ins are shown", rows.Length())
	}
	c.post("/account/sign-out", url.Values{"sign_in": {other.signIn}}).status(http.StatusNotFound)
	other.get("/").status(http.StatusOK)
	c.post("/account/sign-out", url.Values{"sign_in": {c.signIn}}).status(http.StatusSeeOther)
}

// TestOwnSignInsOfStaff: another's sign-in is not there, and what staff do is recorded.
func TestOwnSignInsOfStaff(t *testing.T) {
	t.Parallel()
	s, c := staffed(t)
	bob := s.signedIn("bob").inProcess(s)
	c.post("/account/sign-out", url.Values{"sign_in": {bob.signIn}}).status(http.StatusNotFound)
	bob.get("/").status(http.StatusOK)
	other := s.signedIn("dora").inProcess(s)
	c.post("/account/sign-out", url.Values{"sign_in": {other.signIn}}).status(http.StatusSeeOther)
	other.get("/account").status(http.StatusSeeOther)
	if entries := s.auditLog(); len(entries) != 1 || entries[0].Action != store.ActEndSignIn {
		t.Errorf("the audit log holds %+v", entries)
	}
}

// TestOwnPassword: the others are signed out, this one goes on under a new token.
func TestOwnPassword(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.user("ann")
	c, other := s.signedIn("ann").inProcess(s), s.signedIn("ann").inProcess(s)
	changed := c.post("/account/password", ownPassword(password, "another password")).status(http.StatusSeeOther)
	if cookie := changed.cookies()["shiken_session"]; cookie == nil || cookie.Value == c.token {
		t.Error("the token is not renewed")
	}
	page := c.get(changed.location).status(http.StatusOK)
	if page.doc().Find("tr[data-sign-in]").Length() != 1 || page.text(".note") == "" {
		t.Errorf("the page says %q", page.text("main"))
	}
	other.get("/account").status(http.StatusSeeOther)
	s.withToken(c.token).inProcess(s).get("/account").status(http.StatusSeeOther)
	if !s.enters("ann", "another password") || s.enters("ann", password) {
		t.Error("the new password does not open the account, or the old one does")
	}
}

func TestOwnPasswordIsRefused(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.user("ann")
	c := s.signedIn("ann").inProcess(s)
	for name, form := range map[string]url.Values{
		"wrong":     ownPassword("wrong", "another password"),
		"short":     ownPassword(password, "abc-xyz"),
		"empty":     ownPassword(password, ""),
		"differs":   with(ownPassword(password, "another password"), "again", "another passwort"),
		"no fields": {},
	} {
		for _, lang := range []string{"ja", "en"} {
			c.lang = lang
			page := c.post("/account/password", form).status(http.StatusUnprocessableEntity)
			if page.doc().Find("[data-problems]").Length() != 1 || contains(page.body, "another passwor") {
				t.Errorf("%s: the page says %q", name, page.text("main"))
			}
		}
	}
	c.post("/account/password", ownPassword(strings.Repeat("x", 2_000), "another password")).status(http.StatusBadRequest)
	if !s.enters("ann", password) {
		t.Error("the password was changed")
	}
}

// TestOwnPasswordIsThrottled: guesses at the current password count as failed sign-ins.
func TestOwnPasswordIsThrottled(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.user("ann")
	c := s.signedIn("ann").inProcess(s)
	for range 10 {
		must(t, s.store.RecordFailedSignIn(t.Context(), "ann", "127.0.0.0/24"))
	}
	page := c.post("/account/password", ownPassword(password, "another password")).status(http.StatusTooManyRequests)
	if page.header.Get("Retry-After") == "" || page.doc().Find("[data-problems]").Length() != 1 {
		t.Errorf("the page says %q", page.text("main"))
	}
}

func TestOwnPasswordOfStaffIsRecorded(t *testing.T) {
	t.Parallel()
	s, c := staffed(t)
	c.post("/account/password", ownPassword(password, "another password")).status(http.StatusSeeOther)
	entries := s.auditLog()
	if len(entries) != 1 || entries[0].Action != store.ActSetPassword || entries[0].Object != s.users["dora"].ID {
		t.Errorf("the audit log holds %+v", entries)
	}
}

// TestDemoAccountKeepsItsPassword: everybody knows it, and may not shut everybody else out.
func TestDemoAccountKeepsItsPassword(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	hash, err := passwordHash()
	must(t, err)
	demo := store.User{
		ID: uuid.NewString(), Username: "demo", PasswordHash: hash, Roles: []store.Role{store.RoleCandidate}, Demo: true,
	}
	must(t, s.store.CreateUser(t.Context(), demo))
	s.users["demo"] = demo
	c := s.signedIn("demo").inProcess(s)
	if page := c.get("/account").status(http.StatusOK); page.doc().Find("input[name=current]").Length() != 0 {
		t.Error("a demonstration account has the form")
	}
	c.post("/account/password", ownPassword(password, "another password")).status(http.StatusBadRequest)
	if !s.enters("demo", password) {
		t.Error("the password was changed")
	}
}
