package handlers_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"
)

// everyAnswer is one answer of each sort: pages, redirects, errors, JSON.
func everyAnswer(t *testing.T) (s *site, out map[string]*answer) {
	s, c, attempt := sat(t, 2)
	page := c.question(attempt, 1)
	out = map[string]*answer{
		"question": page, "home": c.get("/"), "exam": c.get("/exams/test"), "review": c.get(attempt + "/review"),
		"result": c.get(attempt + "/result"), "redirect": c.get(attempt), "saved": c.answers(page, 0, "save"),
		"conflict": c.answers(page, 1, "save"), "invalid": c.post(attempt+"/questions/1", with(page.form(), "answer", "z")),
		"malformed": c.post(attempt+"/questions/1", url.Values{}), "not found": c.get("/nothing"),
		"method": c.do(http.MethodDelete, "/", "", ""), "type": c.do(http.MethodPost, "/login", "text/plain", "x"),
		"too large":  c.do(http.MethodPost, "/login", formType, strings.Repeat("x", 2<<20)),
		"sign-in":    s.client().get("/login"),
		"refused":    s.client().post("/login", credentials("nobody", "x")),
		"signed out": s.client().post(attempt+"/questions/1", page.form()),
		"session":    c.get("/api/v1/session"), "api error": c.put(attempt, 9, newCall(nil)), "api 404": c.get("/api/x"),
		"health": c.get("/healthz"), "ready": c.get("/readyz"), "metrics": c.get("/metrics"),
		"start": c.post("/exams/test/attempts", url.Values{"command_id": {uuid.NewString()}, "seen": {"0"}}),
	}
	foreign := c.request(http.MethodPost, "/logout", "", "")
	foreign.Header.Set("Sec-Fetch-Site", "cross-site")
	out["foreign"] = c.send(foreign)
	return s, out
}

var inline = regexp.MustCompile(`(?i)<style|\sstyle=|\son[a-z]+=|javascript:|<script[^>]*>[^<]`)

// Every answer, errors too, carries the security headers; no page holds an inline script or style.
func TestSecurityHeaders(t *testing.T) {
	t.Parallel()
	_, answers := everyAnswer(t)
	nonces := map[string]bool{}
	for name, a := range answers {
		csp := a.header.Get("Content-Security-Policy")
		for _, part := range []string{"default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"} {
			if !contains(csp, part) {
				t.Errorf("%s: CSP %q", name, csp)
			}
		}
		if contains(csp, "unsafe") {
			t.Errorf("%s: CSP %q", name, csp)
		}
		for header, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "Referrer-Policy": "same-origin",
			"Strict-Transport-Security": "", "Server": "", "X-Powered-By": "",
		} {
			if got := a.header.Get(header); got != want {
				t.Errorf("%s: %s: %q", name, header, got)
			}
		}
		if a.header.Get("X-Request-Id") == "" {
			t.Errorf("%s: no request id", name)
		}
		if found := inline.FindString(a.body); found != "" && strings.HasPrefix(a.header.Get("Content-Type"), "text/html") {
			t.Errorf("%s: inline %q", name, found)
		}
		a.doc().Find("script").Each(func(_ int, e *selection) {
			nonce := e.AttrOr("nonce", "")
			if nonce == "" || !contains(csp, "'nonce-"+nonce+"'") || nonces[nonce] {
				t.Errorf("%s: nonce %q, CSP %q", name, nonce, csp)
			}
			nonces[nonce] = true
		})
	}
}

// Pages load nothing from anywhere else.
func TestPagesLoadOnlyFromHere(t *testing.T) {
	t.Parallel()
	_, answers := everyAnswer(t)
	for name, a := range answers {
		a.doc().Find("[src], link[href], form[action], a[href]").Each(func(_ int, e *selection) {
			for _, attribute := range []string{"src", "href", "action"} {
				at, there := e.Attr(attribute)
				if there && !strings.HasPrefix(at, "/") && !strings.HasPrefix(at, "#") || strings.HasPrefix(at, "//") {
					t.Errorf("%s: %s=%q", name, attribute, at)
				}
			}
		})
	}
}

func TestCookies(t *testing.T) {
	t.Parallel()
	for _, secure := range []bool{false, true} {
		s := newSite(t, func(s *site) { s.secure = secure })
		s.user("ann")
		a := s.client().post("/login", credentials("ann", password)).leads("/")
		cookies := a.cookies()
		if len(cookies) != 2 {
			t.Fatalf("cookies %v", cookies)
		}
		for _, name := range []string{"shiken_session", "shiken_device"} {
			if secure {
				name = "__Host-" + name
			}
			k := cookies[name]
			if k == nil || !k.HttpOnly || k.SameSite != http.SameSiteLaxMode || k.Path != "/" || k.Domain != "" || k.Secure != secure {
				t.Errorf("secure %v: %s %+v", secure, name, k)
			}
		}
		locale := s.client().post("/locale", url.Values{"locale": {"ja"}, "next": {"/login"}}).leads("/login")
		l := (&http.Response{Header: locale.header}).Cookies()[0]
		if !l.HttpOnly || l.SameSite != http.SameSiteLaxMode || l.Secure != secure {
			t.Errorf("secure %v: %+v", secure, l)
		}
		if hsts := a.header.Get("Strict-Transport-Security"); (hsts != "") != secure {
			t.Errorf("secure %v: HSTS %q", secure, hsts)
		}
	}
}

// The language is the browser's, until one is chosen; what cannot be chosen is malformed.
func TestLanguage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	c := s.client()
	lang := func() string { return c.get("/login").doc().Find("html").AttrOr("lang", "") }
	c.lang = "ja,en;q=0.5"
	if got := lang(); got != "ja" {
		t.Errorf("lang %q", got)
	}
	c.post("/locale", url.Values{"locale": {"en"}, "next": {"//evil.example"}}).leads("/")
	if got := lang(); got != "en" {
		t.Errorf("lang %q after the choice", got)
	}
	for _, form := range []url.Values{{}, {"locale": {"xx"}}, {"locale": {""}}} {
		c.post("/locale", form).status(http.StatusBadRequest)
	}
}

// Static files are kept by browsers for ever, are what they say, and need no session.
func TestStaticFiles(t *testing.T) {
	t.Parallel()
	s, c, attempt := sat(t, 1)
	var paths []string
	c.question(attempt, 1).doc().Find("link[href], script[src]").Each(func(_ int, e *selection) {
		paths = append(paths, e.AttrOr("href", e.AttrOr("src", "")))
	})
	if len(paths) < 3 {
		t.Fatalf("files %v", paths)
	}
	reads := s.kept.Reads()
	for _, path := range paths {
		a := c.get(path).status(http.StatusOK)
		if got := a.header.Get("Cache-Control"); !contains(got, "immutable") || a.body == "" {
			t.Errorf("%s: %q, %d bytes", path, got, len(a.body))
		}
		if a.header.Get("X-Content-Type-Options") != "nosniff" || a.header.Get("Content-Security-Policy") == "" {
			t.Errorf("%s: headers %v", path, a.header)
		}
		c.post(path, nil).status(http.StatusMethodNotAllowed)
	}
	if s.kept.Reads() != reads {
		t.Error("a static file read a session")
	}
}

// A client that has closed its half of the connection is still answered: what it asked for was done.
func TestHalfClosedClientIsAnswered(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ctx, leave := context.WithCancel(t.Context())
	leave()
	w := httptest.NewRecorder()
	r := httptest.NewRequestWithContext(ctx, http.MethodGet, "/login", nil)
	s.handler.ServeHTTP(w, r)
	if w.Code != http.StatusOK || !contains(w.Body.String(), "</html>") {
		t.Errorf("status %d", w.Code)
	}
}
