//go:build !race

package handlers_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"shiken/devtools/browser"
	"shiken/devtools/measure"
	"shiken/exam"
)

// wire stands before the site, and notes what pages save by the API; way may do something else with a save than to let
// it through.
type wire struct {
	behind http.Handler
	mu     sync.Mutex
	bodies []string
	way    func(w http.ResponseWriter, r *http.Request)
}

func (l *wire) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	l.mu.Lock()
	way := l.way
	if r.Method == http.MethodPut {
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		l.bodies = append(l.bodies, string(body))
	}
	l.mu.Unlock()
	if r.Method == http.MethodPut && way != nil {
		way(w, r)
	} else {
		l.behind.ServeHTTP(w, r)
	}
}

// goes sets the way of saves from now on.
func (l *wire) goes(way func(http.ResponseWriter, *http.Request)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.way = way
}

// cut: no save is answered.
func cut(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

// unheard: saves are served, and their answers lost.
func (l *wire) unheard(_ http.ResponseWriter, r *http.Request) {
	l.behind.ServeHTTP(httptest.NewRecorder(), r)
	panic(http.ErrAbortHandler)
}

// saves lists what was sent so far.
func (l *wire) saves() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]string(nil), l.bodies...)
}

// writer is a candidate at a browser, on a question that is answered by typing.
type writer struct {
	*site
	t       *testing.T
	wire    *wire
	client  *client
	options browser.Options
	person  *browser.Person
	tab     *browser.Tab
	attempt string
}

func newWriter(t *testing.T, changes ...func(*exam.Definition)) *writer {
	t.Helper()
	s := newSite(t)
	s.essays(3)
	s.exam(changes...)
	s.runBoard()
	c := s.signedIn("ann")
	x := &writer{site: s, t: t, client: c, attempt: c.start(), wire: &wire{behind: s.handler}}
	x.options = browser.Options{Base: browser.Serve(t, x.wire), Language: "en"}
	return x
}

// atDesk opens the first question in a browser.
func atDesk(t *testing.T, changes ...func(*exam.Definition)) *writer {
	t.Helper()
	x := newWriter(t, changes...)
	x.sits(browser.Start(t).Person(t, x.options))
	return x
}

func (x *writer) sits(p *browser.Person) {
	x.t.Helper()
	p.Carry([]*http.Cookie{{Name: "shiken_session", Value: x.client.token}})
	x.person, x.tab = p, p.First()
	x.opens(x.tab)
}

func (x *writer) opens(tab *browser.Tab) {
	x.t.Helper()
	tab.Before(spy)
	tab.Open(questionPath(x.attempt, 1))
	x.awaitOutbox(tab, ``)
}

// spy notes on a page when something was typed, kept in the outbox, and sent.
const spy = `
	globalThis.noted = { typed: [], kept: [], sent: [] };
	addEventListener("input", () => noted.typed.push(performance.now()), true);
	const put = IDBObjectStore.prototype.put;
	IDBObjectStore.prototype.put = function (entry) { noted.kept.push(performance.now()); return put.call(this, entry); };
	const send = fetch;
	globalThis.fetch = (path, how) => { if (how?.method === "PUT") noted.sent.push(performance.now()); return send(path, how); };
	globalThis.outbox = () => {
		const asked = indexedDB.open("shiken");
		asked.onupgradeneeded = () => asked.transaction.abort();
		asked.onsuccess = () => {
			const all = asked.result.transaction("outbox").objectStore("outbox").getAll();
			all.onsuccess = () => { globalThis.kept = all.result; asked.result.close(); };
		};
		return globalThis.kept?.map((e) => JSON.parse(e.body).answer).join("|");
	};`

// awaitOutbox waits until the outbox holds these answers, parted by "|".
func (x *writer) awaitOutbox(tab *browser.Tab, want string) {
	x.t.Helper()
	text, err := json.Marshal(want)
	must(x.t, err)
	tab.Await(`outbox() === ` + string(text))
}

func (x *writer) awaitSaved(want string) {
	x.t.Helper()
	until(x.t, "it is saved", func() bool { return x.answered(x.attempt, 1) == want })
}

const (
	saysSaved   = `/^Saved \d\d:\d\d:\d\d$/.test(document.querySelector("[data-saved-state]").innerText)`
	saysUnsaved = `document.querySelector("[data-saved-state]").innerText === "Not saved yet"`
	saysKept    = `document.querySelector("[data-saved-state]").innerText === "Not saved yet – kept in this browser"`
)

func (x *writer) types(text string) {
	x.t.Helper()
	x.tab.Click("textarea")
	x.tab.Type(text)
}

// milliseconds is how many something in a page may take, of which alone is the limit on a machine that does nothing else.
func milliseconds(alone time.Duration) float64 {
	return float64(measure.Limit(alone*time.Millisecond)) / float64(time.Millisecond)
}

// What is typed is in the outbox within 500 ms and sent within 2 s; the page says "saved" when it is, and not before.
func TestTypedTextIsSavedByItself(t *testing.T) {
	t.Parallel()
	x := atDesk(t)
	release := make(chan struct{})
	x.wire.goes(func(w http.ResponseWriter, r *http.Request) {
		<-release
		x.wire.behind.ServeHTTP(w, r)
	})
	x.types("word")
	x.tab.Await(saysUnsaved)
	until(t, "it is sent", func() bool { return len(x.wire.saves()) == 1 })
	x.awaitOutbox(x.tab, "word")
	if !browser.Eval[bool](x.tab, saysUnsaved) {
		t.Error("said to be saved before it was")
	}
	type times struct{ Typed, Kept, Sent []float64 }
	at := browser.Eval[times](x.tab, `noted`)
	if kept := at.Kept[0] - at.Typed[0]; kept > milliseconds(500) {
		t.Errorf("in the outbox after %v ms", kept)
	}
	if sent := at.Sent[0] - at.Typed[0]; sent > milliseconds(2000) {
		t.Errorf("sent after %v ms", sent)
	}
	close(release)
	x.tab.Await(saysSaved)
	x.awaitOutbox(x.tab, ``)
	x.awaitSaved("word")
	x.types(" and more")
	x.tab.Await(saysSaved + ` && noted.sent.length > 1`)
	x.tab.Press(`button[value=next]`)
	if got := x.answered(x.attempt, 1); got != "word and more" || x.stored(x.attempt).Attempt.Rejections != 0 {
		t.Errorf("saved %q", got)
	}
}

// Without a connection what is typed is kept, and goes as the same command until it arrives: once.
func TestOfflineIsKeptAndSavedOnce(t *testing.T) {
	t.Parallel()
	for _, how := range []string{"no answer", "answer lost"} {
		t.Run(how, func(t *testing.T) {
			x := atDesk(t)
			if x.wire.goes(cut); how == "answer lost" {
				x.wire.goes(x.wire.unheard)
			}
			x.types("kept")
			x.tab.Await(saysKept)
			x.awaitOutbox(x.tab, "kept")
			x.tab.Await(`document.querySelector("[data-save-voice]").textContent.startsWith("No connection.")`)
			until(t, "it is tried again", func() bool { return len(x.wire.saves()) > 1 })
			x.wire.goes(nil)
			browser.Eval[bool](x.tab, `dispatchEvent(new Event("online"))`)
			x.tab.Await(saysSaved)
			x.tab.Await(`document.querySelector("[data-save-voice]").textContent.startsWith("Your answer is saved.")`)
			x.awaitOutbox(x.tab, ``)
			x.awaitSaved("kept")
			for _, body := range x.wire.saves() {
				if body != x.wire.saves()[0] {
					t.Errorf("sent %s, then %s", x.wire.saves()[0], body)
				}
			}
			if n := x.entries(x.attempt, exam.Save); n != 1 {
				t.Errorf("%d entries", n)
			}
		})
	}
}

// A tab that was closed, and a browser that was killed, without a connection: the next page saves what they kept.
func TestTextOutlivesTheTab(t *testing.T) {
	t.Parallel()
	x := atDesk(t)
	second := x.person.Tab(t)
	second.Before(spy)
	second.Open(questionPath(x.attempt, 1))
	x.wire.goes(cut)
	second.Click("textarea")
	second.Type("typed in a tab")
	second.Await(saysKept)
	second.Close()
	tried := len(x.wire.saves())
	x.tab.Reload()
	until(t, "it is tried without a connection", func() bool { return len(x.wire.saves()) > tried+1 })
	x.awaitOutbox(x.tab, "typed in a tab")
	x.wire.goes(nil)
	x.tab.Reload()
	x.tab.Await(`document.querySelector("textarea").value === "typed in a tab" && document.querySelector("main").inert === false`)
	x.awaitSaved("typed in a tab")
	x.awaitOutbox(x.tab, ``)
}

func TestTextOutlivesTheBrowser(t *testing.T) {
	t.Parallel()
	x := newWriter(t)
	profile := t.TempDir()
	first, kill := browser.Resident(t, profile, x.options)
	x.sits(first)
	x.wire.goes(cut)
	x.types("typed before the crash")
	x.awaitOutbox(x.tab, "typed before the crash")
	kill()
	x.wire.goes(nil)
	next, _ := browser.Resident(t, profile, x.options)
	next.Carry([]*http.Cookie{{Name: "shiken_session", Value: x.client.token}})
	x.tab = next.First()
	x.opens(x.tab)
	x.tab.Await(`document.querySelector("textarea").value === "typed before the crash" && document.querySelector("main").inert === false`)
	x.awaitSaved("typed before the crash")
}

// Who leaves the page at once after typing has it saved, though no page comes after it.
func TestLeavingSavesWhatIsOnTheScreen(t *testing.T) {
	t.Parallel()
	x := atDesk(t)
	x.types("last word")
	browser.Eval[bool](x.tab, `location.href = "about:blank"; true`)
	x.tab.Await(`location.href === "about:blank"`)
	x.awaitSaved("last word")
}

// Composing is not broken by a save, which comes at the limit all the same, with what is on the screen.
func TestComposingIsSavedAtTheLimit(t *testing.T) {
	t.Parallel()
	x := atDesk(t)
	browser.Eval[bool](x.tab, `{
		const field = document.querySelector("textarea");
		field.focus();
		field.dispatchEvent(new CompositionEvent("compositionstart", { bubbles: true }));
		field.value = "かんじ";
		field.dispatchEvent(new InputEvent("input", { bubbles: true, isComposing: true }));
		true }`)
	x.awaitSaved("かんじ")
	if waited := browser.Eval[float64](x.tab, `noted.sent[0] - noted.typed[0]`); waited < 1400 || waited > milliseconds(2500) {
		t.Errorf("saved after %v ms", waited)
	}
	browser.Eval[bool](x.tab, `{
		const field = document.querySelector("textarea");
		field.value = "漢字";
		field.dispatchEvent(new InputEvent("input", { bubbles: true, isComposing: true }));
		field.dispatchEvent(new CompositionEvent("compositionend", { bubbles: true }));
		true }`)
	x.awaitSaved("漢字")
}

// What another has saved meanwhile is not overwritten: the page says so, and leads to the choice.
func TestStaleDraftLeadsToTheChoice(t *testing.T) {
	t.Parallel()
	x := atDesk(t)
	x.tab.Before(`globalThis.EventSource = class extends EventTarget { close() {} };`) // which may tell before anything is typed
	x.tab.Open(questionPath(x.attempt, 1))
	x.tab.Allow(`: 409$`) // of the API
	x.client.put(x.attempt, 1, newCall("from elsewhere")).acknowledged("applied", 1)
	x.types("mine")
	x.tab.Await(`document.querySelector("[data-bar-shown=rejected]")?.innerText.startsWith("This question was answered elsewhere meanwhile.")`)
	if got := x.answered(x.attempt, 1); got != "from elsewhere" || !browser.Eval[bool](x.tab, saysUnsaved) {
		t.Errorf("saved %q", got)
	}
	x.types(", and more")
	x.awaitOutbox(x.tab, "mine, and more")
	x.tab.Press(`[data-bar-action=show]`)
	if x.tab.Main("reason") != "stale" || !strings.Contains(x.tab.Text("[data-answer=sent]"), "mine, and more") {
		t.Fatalf("at %s: %s", x.tab.Path(), x.tab.Text("main"))
	}
	x.tab.Press(`[data-answer=sent] button`)
	x.awaitSaved("mine, and more")
	x.tab.Await(`document.querySelector("main").inert === false`)
}

// signsOut ends the sign-in of the page from elsewhere; what it asks for then is refused.
func (x *writer) signsOut() {
	x.t.Helper()
	x.tab.Allow(`: (401|404)$`)
	must(x.t, x.store.RevokeSignIn(x.t.Context(), x.client.signIn))
}

// signsIn fills in the dialog above a page.
func signsIn(tab *browser.Tab, name, word string) {
	tab.Await(asksToSignIn)
	tab.Fill("dialog [name=username]", name)
	tab.Fill("dialog [name=password]", word)
	tab.Click("dialog [type=submit]")
}

const asksToSignIn = `document.querySelector("dialog")?.open === true`

// Signed out elsewhere: the page stays, its owner signs in above it, and what was typed is saved.
func TestSignInAboveThePage(t *testing.T) {
	t.Parallel()
	x := atDesk(t)
	x.signsOut()
	x.types("typed while signed out")
	x.tab.Await(`document.querySelector("dialog")?.open === true && document.querySelector("[data-bar-shown=signed-out]") !== null`)
	x.tab.Type(browser.KeyEscape)
	x.tab.Await(`document.querySelector("dialog").open === false`)
	x.awaitOutbox(x.tab, "typed while signed out")
	x.tab.Click(`[data-bar-action=signin]`)
	signsIn(x.tab, "ann", "wrong")
	x.tab.Await(`document.querySelector("[data-signin-problem]").innerText === "User name or password is not right."`)
	signsIn(x.tab, "ann", password)
	x.tab.Await(saysSaved + ` && document.querySelector("dialog").open === false && document.querySelector("[data-bar-shown]") === null`)
	x.awaitSaved("typed while signed out")
	if x.tab.Path() != questionPath(x.attempt, 1) {
		t.Errorf("at %s", x.tab.Path())
	}
}

// Whoever else signs in gets nothing of what is kept: it waits for its owner.
func TestAnotherSignsInAboveThePage(t *testing.T) {
	t.Parallel()
	x := atDesk(t)
	x.user("bob")
	x.signsOut()
	x.types("ann's words")
	signsIn(x.tab, "bob", password)
	x.tab.Await(`location.pathname === "/" && document.querySelector("main").inert === false`)
	x.awaitOutbox(x.tab, "ann's words")
	if got := x.answered(x.attempt, 1); got != "" {
		t.Errorf("saved %q", got)
	}
	x.person.Carry([]*http.Cookie{{Name: "shiken_session", Value: x.signedIn("ann").token}})
	x.tab.Open("/")
	x.awaitSaved("ann's words")
	x.awaitOutbox(x.tab, ``)
}

// Who signs out is told what only this browser holds, and chooses.
func TestSignOutWarns(t *testing.T) {
	t.Parallel()
	for choice, wants := range map[string]struct{ path, outbox string }{
		"stay": {"", "unsent"}, "keep": {"/login", "unsent"}, "discard": {"/login", ""},
	} {
		t.Run(choice, func(t *testing.T) {
			x := atDesk(t)
			x.wire.goes(cut)
			x.types("unsent")
			x.tab.Await(saysKept)
			x.tab.Click(`header button[form=logout]`)
			x.tab.Await(`document.querySelector("[data-unsent-list]")?.innerText === "A test, question 1"`)
			x.tab.Click(`dialog [value=` + choice + `]`)
			if wants.path == "" {
				wants.path = questionPath(x.attempt, 1)
			}
			x.tab.Await(`location.pathname === "` + wants.path + `" && document.querySelector("dialog") === null`)
			x.awaitOutbox(x.tab, wants.outbox)
			x.wire.goes(nil)
			if choice == "keep" {
				x.person.Carry([]*http.Cookie{{Name: "shiken_session", Value: x.signedIn("ann").token}})
				x.tab.Open("/")
				x.awaitSaved("unsent")
			}
		})
	}
	t.Run("nothing unsent", func(t *testing.T) {
		x := atDesk(t)
		x.types("soon saved")
		x.tab.Press(`header button[form=logout]`)
		x.awaitSaved("soon saved")
		if x.tab.Path() != "/login" {
			t.Errorf("at %s", x.tab.Path())
		}
	})
}

// What was kept is too late once the exam is over: its owner is told, and shown what became of it.
func TestKeptTooLongIsTold(t *testing.T) {
	t.Parallel()
	x := atDesk(t)
	x.wire.goes(cut)
	x.types("too late")
	x.tab.Await(saysKept)
	browser.Eval[bool](x.tab, `location.href = "about:blank"; true`)
	x.tab.Await(`location.href === "about:blank"`)
	x.tab.Allow(`: 409$`) // of the API
	x.client.submit(x.attempt)
	x.wire.goes(nil)
	x.tab.Open("/")
	x.tab.Await(`document.querySelector("[data-bar-shown=late]")?.innerText.startsWith("A test, question 1: The exam is already closed.")`)
	x.tab.Press(`[data-bar-action=show]`)
	if x.tab.Main("reason") != "finished" || !strings.Contains(x.tab.Text("[data-answer=sent]"), "too late") {
		t.Errorf("at %s: %s", x.tab.Path(), x.tab.Text("main"))
	}
	x.awaitOutbox(x.tab, ``)
}
