//go:build !race

// Pages in a browser, one after another: the race detector would find nothing in Chromium, and what the server does
// here it also does in tests without a browser.

package handlers_test

import (
	"net/http"
	"testing"

	"shiken/devtools/axe"
	"shiken/devtools/browser"
)

// An author archives an exam by keyboard and without scripts, finds it among the archived ones, and takes it back;
// every page on the way is one that axe-core finds no fault with.
func TestArchivingInABrowser(t *testing.T) {
	t.Parallel()
	s, _, _, _ := archivable(t)
	chromium := browser.Start(t)
	for _, at := range []struct {
		lang          string
		width, height int64
		noScript      bool
	}{{"ja", 1280, 900, false}, {"en", phoneWidth, phoneHeight, true}} {
		person := chromium.Person(t, browser.Options{Base: s.url, Language: at.lang, NoScript: at.noScript})
		person.Carry([]*http.Cookie{{Name: "shiken_session", Value: s.signedIn("dora").token}})
		tab := person.First()
		tab.Resize(at.width, at.height)
		looks := func(selector string) {
			t.Helper()
			tab.Await(`document.readyState === "complete" && document.querySelector("` + selector + `") !== null`)
			if !at.noScript {
				axe.Check(t, tab)
			}
		}
		tab.Open("/author/exams/test")
		tab.TabTo("a[href$='/archive']")
		tab.Type(browser.KeyEnter)
		looks("form.confirm")
		tab.TabTo("form.confirm button")
		tab.Type(browser.KeyEnter)
		looks("[data-archived]")
		tab.Open("/author/exams")
		tab.TabTo("a[href$='archived=1']")
		tab.Type(browser.KeyEnter)
		looks("tr[data-exam=test] .chip")
		tab.Open("/admin?archived=1")
		looks("tr[data-exam=test]")
		tab.Open("/admin/exams/test")
		looks("[data-archived] button")
		tab.TabTo("[data-archived] button")
		tab.Type(browser.KeyEnter)
		tab.Await(`document.querySelector("#exam-form") !== null && document.querySelector("[data-archived]") === null`)
	}
}
