//go:build !race

// Pages in a browser, one after another: the race detector would find nothing in Chromium, and what the server does
// here it also does in tests without a browser.

package handlers_test

import (
	"net/http"
	"strings"
	"testing"

	"shiken/devtools/axe"
	"shiken/devtools/browser"
)

// phone is the size of a phone's window, in CSS pixels.
const phoneWidth, phoneHeight = 375, 812

// Every page of the table of routes that a browser shows is one that axe-core finds no fault with: in
// Japanese at a desk, in English on a phone. The pages of an attempt are its candidate's, all others an
// admin's.
func TestEveryPageIsAccessible(t *testing.T) {
	t.Parallel()
	s := newRights(t)
	s.asking = persona{name: "dora"}
	chromium := browser.Start(t)
	for _, lang := range []string{"ja", "en"} {
		t.Run(lang, func(t *testing.T) {
			tabs := map[string]*browser.Tab{"": s.tabOf(t, chromium, "", lang), "ann": s.tabOf(t, chromium, "ann", lang), "dora": s.tabOf(t, chromium, "dora", lang)}
			for _, row := range s.server.Rows() {
				who, known := viewerOfPage[row.Access]
				if !known {
					t.Fatalf("%s: nobody looks at pages of the access %q", row.Pattern, row.Access)
				}
				if row.Method != http.MethodGet || who == "nobody" {
					continue
				}
				path := s.path(t, row.Pattern)
				if s.isPage(who, path) {
					tabs[who].Open(path)
					axe.Check(t, tabs[who])
				}
			}
		})
	}
}

// viewerOfPage names who looks at the pages of an access.
var viewerOfPage = map[string]string{
	"public": "", "signedIn": "ann", "ownAttempt": "ann", "author": "dora", "admin": "dora", "nearby": "nobody", "sessionless": "nobody",
}

func (s *rights) tabOf(t *testing.T, b *browser.Browser, name, lang string) *browser.Tab {
	p := b.Person(t, browser.Options{Base: s.url, Language: lang})
	if name != "" {
		p.Carry([]*http.Cookie{{Name: "shiken_session", Value: s.signedIn(name).token}})
	}
	if lang == "en" {
		p.First().Resize(phoneWidth, phoneHeight)
	}
	return p.First()
}

// isPage: the path is answered with a page, no file, no data and no way elsewhere.
func (s *rights) isPage(who, path string) bool {
	if strings.HasSuffix(path, "/events") {
		return false
	}
	a := s.browser(persona{name: who}).get(path)
	return a.code == http.StatusOK && strings.HasPrefix(a.header.Get("Content-Type"), "text/html") && a.header.Get("Content-Disposition") == ""
}
