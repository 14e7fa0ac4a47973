//go:build !race

package handlers_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"

	"shiken/devtools/browser"
)

// What stands between a browser and the server, as a network that asks for a sign-in of its own, answers in its place.

func TestR1_ARedirectOfAnotherIsNoAcknowledgement(t *testing.T) {
	t.Parallel()
	x := atTravel(t)
	var challenges atomic.Int32
	x.front.meets(func(w http.ResponseWriter, r *http.Request, _ string) bool {
		if r.Method != http.MethodPost || !strings.Contains(r.URL.Path, "/questions/") || challenges.Add(1) > 1 {
			return false
		}
		http.SetCookie(w, &http.Cookie{Name: "challenge", Value: "passed", Path: "/"})
		http.Redirect(w, r, r.URL.Path, http.StatusFound)
		return true
	})
	x.write("precious")
	x.tab.Click("button[value=next]")
	x.at(2)
	x.saved(1, "precious")
	if challenges.Load() < 2 {
		t.Error("nothing was challenged")
	}
}

// Without the cookie of the server, and led to where its answer would have led, a page asks which it was.
func TestWhoLedOnIsAskedWhereNoCookieTells(t *testing.T) {
	t.Parallel()
	x := atTravel(t)
	var forms, led atomic.Int32
	x.front.meets(func(w http.ResponseWriter, r *http.Request, _ string) bool {
		if r.Method != http.MethodPost || !strings.Contains(r.URL.Path, "/questions/") {
			return false
		}
		if led.Add(1) == 1 {
			http.Redirect(w, r, questionPath(x.attempt, 2), http.StatusFound)
			return true
		}
		forms.Add(1)
		x.handler.ServeHTTP(&cookieless{ResponseWriter: w}, r)
		return true
	})
	x.write("precious")
	x.tab.Click("button[value=next]")
	x.saved(1, "precious")
	x.at(2)
	x.awaitEmptyOutbox()
	if n := forms.Load(); n != 1 {
		t.Errorf("the server was sent the form %d times", n)
	}
}

// A form out of the outbox is done once the server has it, though another tab was answered before its cookie was read.
func TestTheCookieOfAnotherTabHoldsNoFormBack(t *testing.T) {
	t.Parallel()
	x := atTravel(t)
	x.tab.Await(`performance.getEntriesByType("resource").filter((e) => /questions.2$/.test(e.name)).length === 1`)
	x.front.mode.Store("refused")
	x.write("precious")
	x.tab.Click("button[value=next]")
	x.at(2)
	var forms atomic.Int32
	x.front.meets(func(w http.ResponseWriter, r *http.Request, _ string) bool {
		if r.Method != http.MethodPost || !strings.Contains(r.URL.Path, "/questions/") {
			return false
		}
		forms.Add(1)
		x.handler.ServeHTTP(&cookieless{ResponseWriter: w, instead: "shiken_answered=" + uuid.NewString() + "; Path=/"}, r)
		return true
	})
	x.front.mode.Store("")
	browser.Eval[bool](x.tab, `dispatchEvent(new Event("online"))`)
	x.saved(1, "precious")
	x.awaitEmptyOutbox()
	if n := forms.Load(); n != 1 {
		t.Errorf("the server was sent the form %d times", n)
	}
	if n := x.stored(x.attempt).Attempt.Rejections; n != 0 {
		t.Errorf("%d rejections", n)
	}
	x.tab.Faults() // while there was no connection
}

// cookieless takes the cookies of an answer away, or puts another in their place.
type cookieless struct {
	http.ResponseWriter
	instead string
}

func (c *cookieless) WriteHeader(status int) {
	c.Header().Del("Set-Cookie")
	if c.instead != "" {
		c.Header().Set("Set-Cookie", c.instead)
	}
	c.ResponseWriter.WriteHeader(status)
}

// awaitEmptyOutbox waits until the browser keeps nothing that no server has.
func (x *traveller) awaitEmptyOutbox() {
	x.t.Helper()
	x.tab.Await(`(() => {
		const asked = indexedDB.open("shiken");
		asked.onsuccess = () => {
			const all = asked.result.transaction("outbox").objectStore("outbox").count();
			all.onsuccess = () => { globalThis.keeps = all.result; asked.result.close(); };
		};
		return globalThis.keeps === 0;
	})()`)
}

// An answer that a filter of the network refuses is kept and named; what comes after it is saved.
func TestAFilterStopsOneAnswerAlone(t *testing.T) {
	t.Parallel()
	x := atTravel(t)
	var filters atomic.Bool
	filters.Store(true)
	x.front.meets(func(w http.ResponseWriter, _ *http.Request, body string) bool {
		if !filters.Load() || !strings.Contains(body, "poison") {
			return false
		}
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusForbidden)
		_, _ = io.WriteString(w, "<h1>Blocked</h1>")
		return true
	})
	x.tab.Await(`performance.getEntriesByType("resource").filter((e) => /questions.[23]$/.test(e.name)).length === 2`)
	x.write("poison")
	x.tab.Click("button[value=next]")
	x.at(2)
	x.write("two")
	x.tab.Click("button[value=next]")
	x.at(3)
	x.saved(2, "two")
	for n, says := range map[int]string{1: "Question 1 ○ not answered", 2: "Question 2 ✓ answered", 3: "Question 3 ○◆ not answered, this question"} {
		x.tab.Await(fmt.Sprintf("document.querySelector(\"[value='goto:%d']\").textContent.replace(/\\s+/g, ' ').trim() === %q", n, says))
	}
	x.tab.Await(`document.querySelector("[data-bar-shown=unsent]")?.innerText.includes("A test, question 1")`)
	x.write("three")
	x.tab.Click("button[value=next]")
	x.tab.Await(`location.pathname.endsWith("/review")`)
	x.saved(3, "three")
	filters.Store(false)
	x.tab.Click(`[data-bar-action=send]`)
	x.saved(1, "poison")
	x.tab.Faults() // what was refused
}

// What belongs to one person waits for them while another is signed in, and is sent then.
func TestWhileAnotherIsSignedInNothingIsGivenUp(t *testing.T) {
	t.Parallel()
	t.Run("left behind", func(t *testing.T) {
		x := atDesk(t)
		home := x.tab
		home.Open("/")
		x.tab = x.person.Tab(t)
		x.opens(x.tab)
		x.wire.goes(cut)
		x.types("ann's words")
		x.awaitOutbox(x.tab, "ann's words")
		x.tab.Close()
		x.person.Carry([]*http.Cookie{{Name: "shiken_session", Value: x.signedIn("bob").token}})
		x.wire.goes(nil)
		browser.Eval[bool](home, `document.dispatchEvent(new Event("visibilitychange")), true`)
		home.Await(asksToSignIn)
		x.signsInAgain(home)
		x.awaitSaved("ann's words")
	})
	t.Run("on the way", func(t *testing.T) {
		x := atDesk(t)
		x.person.Carry([]*http.Cookie{{Name: "shiken_session", Value: x.signedIn("bob").token}})
		x.tab.Click("textarea")
		x.tab.Paste("ann's words")
		x.tab.Click("button[value=next]")
		x.tab.Await(asksToSignIn)
		x.signsInAgain(x.tab)
		x.awaitSaved("ann's words")
	})
}

// signsInAgain opens the question as ann, in a tab that asks for nothing.
func (x *writer) signsInAgain(tab *browser.Tab) {
	x.t.Helper()
	x.person.Carry([]*http.Cookie{{Name: "shiken_session", Value: x.signedIn("ann").token}})
	tab.Open(questionPath(x.attempt, 1))
	tab.Faults() // the refused requests
}

// A page of nobody in place of a question leaves whose the document is: what is typed afterwards is theirs.
func TestAPageOfNobodyTakesNoOwnerAway(t *testing.T) {
	t.Parallel()
	x := atTravel(t)
	owner := browser.Eval[string](x.tab, `document.body.dataset.owner`)
	x.write("one")
	x.tab.Click("button[value=next]")
	x.at(2)
	x.front.meets(func(w http.ResponseWriter, r *http.Request, _ string) bool {
		if !strings.HasSuffix(r.URL.Path, "/questions/3") {
			return false
		}
		r2 := r.Clone(r.Context())
		r2.Header.Del("Cookie")
		r2.URL.Path = "/nothing"
		x.handler.ServeHTTP(w, r2)
		return true
	})
	x.tab.Press(`[value="goto:3"]`)
	x.tab.Await(`document.querySelector("main").dataset.position === undefined`)
	if got := browser.Eval[string](x.tab, `document.body.dataset.owner`); got != owner || owner == "" {
		t.Errorf("the page belongs to %q, not to %q", got, owner)
	}
	x.tab.Faults()
}

// Whoever signs out leaves nothing behind of what the server has refused, and keeps.
func TestSignOutLeavesNothingRejected(t *testing.T) {
	t.Parallel()
	x := atDesk(t)
	home := x.tab
	home.Open("/")
	x.tab = x.person.Tab(t)
	x.opens(x.tab)
	x.wire.goes(cut)
	x.types("too late")
	x.awaitOutbox(x.tab, "too late")
	x.tab.Close()
	x.client.submit(x.attempt)
	x.wire.goes(nil)
	home.Before(spy)
	home.Open("/")
	home.Await(`document.querySelector("[data-bar-shown=late]") !== null`)
	x.awaitOutbox(home, "too late")
	home.Click(`header button[form=logout]`)
	home.Await(`location.pathname === "/login"`)
	x.awaitOutbox(home, ``)
	home.Faults()
}
