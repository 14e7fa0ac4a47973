//go:build !race

package handlers_test

import (
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"shiken/devtools/browser"
	"shiken/exam"
)

// The page of an exam that opens is asked for once, and what is answered takes the place of the one that waited: with
// the form, which begins the exam, and the focus at its heading.
func TestWaitingRoomAsksOnceWhenItOpens(t *testing.T) {
	s := newSite(t)
	s.questions(1)
	s.exam()
	c := s.signedIn("ann")
	var asked atomic.Int64
	base := browser.Serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/exams/test" {
			asked.Add(1)
		}
		s.handler.ServeHTTP(w, r)
	}))
	ann := browser.Start(t).Person(t, browser.Options{Base: base, Language: "en"})
	ann.Carry([]*http.Cookie{{Name: "shiken_session", Value: c.token}})
	tab := ann.First()
	for soon := 4 * time.Second; ; soon *= 2 { // until the page is there before the exam opens
		s.exam(func(d *exam.Definition) { d.Rules.Window.Open = exam.Instant(time.Now().Add(soon).UnixMicro()) })
		asked.Store(0)
		tab.Open("/exams/test")
		if tab.Count("[data-waiting]") == 1 && asked.Load() == 1 {
			break
		}
	}
	browser.Eval[bool](tab, `globalThis.isOneDocument = true`)
	tab.Await(`document.querySelector("form[action$='/attempts']") !== null`)
	if !browser.Eval[bool](tab, `globalThis.isOneDocument === true && document.activeElement.matches("h1") && document.body.dataset.refresh === undefined`) {
		t.Error("the page was loaded anew, has no focus, or waits on")
	}
	tab.Press("form[action$='/attempts'] button")
	if got := tab.Main("position"); got != "1" {
		t.Errorf("begun at %s", tab.Path())
	}
	if n := asked.Load(); n != 2 {
		t.Errorf("asked for %d times, want once to wait and once when it opens", n)
	}
}
