//go:build !race

package handlers_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"shiken/devtools/browser"
	"shiken/exam"
	"shiken/store"
)

// front stands before the site, and can lose what comes through.
type front struct {
	behind http.Handler
	mode   atomic.Value // of string: "", or a key of losses
	lost   atomic.Int64 // requests that met a loss
	sent   atomic.Int64 // forms that were served
}

// losses are the ways in which a request gets no answer of the program's own.
var losses = map[string]func(http.Handler, http.ResponseWriter, *http.Request){
	"refused": func(http.Handler, http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	"cut after the commit": func(h http.Handler, _ http.ResponseWriter, r *http.Request) {
		h.ServeHTTP(httptest.NewRecorder(), r)
		panic(http.ErrAbortHandler)
	},
	"balancer's 502": func(_ http.Handler, w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusBadGateway)
		_, _ = w.Write([]byte(`<link rel="icon" href="data:,"><title>Bad gateway</title><h1>No server</h1>`))
	},
	"answers refused": func(h http.Handler, w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && strings.HasPrefix(r.URL.Path, "/attempts/") {
			panic(http.ErrAbortHandler)
		}
		h.ServeHTTP(w, r)
	},
}

func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if lose := losses[f.mode.Load().(string)]; lose != nil && !strings.HasPrefix(r.URL.Path, "/static/") {
		f.lost.Add(1)
		lose(f.behind, w, r)
		return
	}
	if r.Method == http.MethodPost && strings.Contains(r.URL.Path, "/questions/") {
		f.sent.Add(1)
	}
	f.behind.ServeHTTP(w, r)
}

// typist is a candidate at a browser, on a question that is answered by typing.
type typist struct {
	*site
	front   *front
	person  *browser.Person
	tab     *browser.Tab
	attempt string
}

const typed = "typed before\nthe outage — 停電の前に"

func atTypewriter(t *testing.T, b *browser.Browser, changes ...func(*site)) *typist {
	t.Helper()
	s := newSite(t, changes...)
	t.Cleanup(s.log.forget)
	s.essays(3)
	s.exam()
	c := s.signedIn("ann")
	x := &typist{site: s, attempt: c.start(), front: &front{behind: s.handler}}
	x.front.mode.Store("")
	x.person = b.Person(t, browser.Options{Base: browser.Serve(t, x.front), Language: "en"})
	x.person.Carry([]*http.Cookie{{Name: "shiken_session", Value: c.token}})
	x.tab = x.person.First()
	x.tab.Open("/")
	x.tab.Open(questionPath(x.attempt, 1))
	x.tab.Click("textarea")
	x.tab.Paste(typed)
	return x
}

const keptItems = `Object.keys(sessionStorage).filter((key) => key.startsWith("unsent:")).length`

// arrives wants the answer to be saved once, the page to be where its button leads, and the tab to keep
// nothing.
func (x *typist) arrives(t *testing.T) {
	t.Helper()
	x.tab.Await(`location.pathname.endsWith("/questions/2") && document.querySelector("main").inert === false && ` + keptItems + ` === 0`)
	if got := x.answered(x.attempt, 1); got != typed && got != "typed before\r\nthe outage — 停電の前に" {
		t.Errorf("saved %q", got)
	}
	if n := x.entries(x.attempt, exam.Move); n != 1 {
		t.Errorf("%d entries", n)
	}
}

// No server, or no answer of its own: whatever the candidate does with the browser's error page, the
// answer arrives when the server is back, once.
func TestTypedTextOutlivesTheBrowsersErrorPage(t *testing.T) {
	reload := func(x *typist) { x.tab.Reload() }
	back := func(x *typist) { x.tab.Back() }
	tooEarly := func(x *typist) {
		x.front.mode.Store("refused")
		x.tab.Reload()
		x.tab.Back()
		x.front.mode.Store("")
		x.tab.Reload()
	}
	b := browser.Whole(t)
	for _, test := range []struct {
		loss, way string
		goOn      func(*typist)
	}{
		{"refused", "reload", reload}, {"refused", "too early, then back", tooEarly},
		{"cut after the commit", "back", back},
		{"cut after the commit", "address bar", func(x *typist) { x.tab.Open("/") }},
		{"balancer's 502", "reload", reload}, {"balancer's 502", "back", back},
	} {
		t.Run(test.loss+", "+test.way, func(t *testing.T) {
			x := atTypewriter(t, b)
			x.front.mode.Store(test.loss)
			x.tab.Press(`button[value=next]`)
			if x.tab.Count("main") != 0 {
				t.Fatal("the page is one of the program's")
			}
			x.front.mode.Store("")
			test.goOn(x)
			x.arrives(t)
		})
	}
}

// The database is away: the 503 page sends the answer by itself when it is back.
func TestUnavailablePageGoesOnByItself(t *testing.T) {
	held := &atomic.Value{}
	x := atTypewriter(t, browser.Start(t), func(s *site) { s.between = func(in store.Store) store.Store { return faulty{in, held} } })
	held.Store(fault{store.ErrUnavailable})
	x.tab.Press(`button[value=next]`)
	x.tab.Await(`document.querySelector("[data-again-status]").textContent !== ""`)
	if got := x.tab.Main("error"); got != "down" {
		t.Fatalf("page %q", got)
	}
	x.front.mode.Store("refused") // the instance goes too, and the page waits on
	held.Store(fault{})
	until(t, "the page has asked in vain", func() bool { return x.front.lost.Load() > 0 })
	x.front.mode.Store("")
	x.arrives(t)

	held.Store(fault{store.ErrUnavailable})
	x.tab.Reload()
	if got := x.tab.Main("error"); got != "down" {
		t.Fatalf("page %q", got)
	}
	held.Store(fault{})
	x.tab.Await(`document.querySelector("main").dataset.position === "2"`)
}

// What a tab keeps is sent a few times by itself, and then only when its owner says so. It is nobody
// else's, and is gone with the sign-out.
func TestWhatATabKeeps(t *testing.T) {
	b := browser.Start(t)
	stuck := func(t *testing.T) *typist {
		x := atTypewriter(t, b)
		x.front.mode.Store("answers refused")
		x.tab.Press(`button[value=next]`)
		for range 2 {
			x.tab.Leaving(func() { x.tab.Open("/") })
			x.tab.Await(`document.querySelector("main") === null`)
		}
		x.tab.Open("/")
		x.tab.Await(`document.querySelector("[data-unsent-send]")?.checkVisibility() === true`)
		return x
	}
	for name, act := range map[string]func(*typist){
		"sent":     func(x *typist) { x.front.mode.Store(""); x.tab.Press("[data-unsent-send]") },
		"dropped":  func(x *typist) { x.tab.Press("[data-unsent-drop]") },
		"sign-out": func(x *typist) { x.tab.Press("header button[form=logout]") },
		"another signs in": func(x *typist) {
			x.person.Carry([]*http.Cookie{{Name: "shiken_session", Value: x.signedIn("bob").token}})
			x.tab.Open("/")
		},
	} {
		t.Run(name, func(t *testing.T) {
			x := stuck(t)
			act(x)
			x.tab.Await(keptItems + ` === 0 && document.querySelector("main").inert === false`)
			if got := x.answered(x.attempt, 1); (got != "") != (name == "sent") {
				t.Errorf("saved %q", got)
			}
		})
	}
}

// A browser whose machine slept, or whose clock was moved, since it was started: what was answered is not
// taken for unsent, and not sent again.
func TestSleepOfTheMachineMakesNothingUnsent(t *testing.T) {
	b := browser.Start(t)
	x := atTypewriter(t, b)
	x.tab.Before(`{ const origin = performance.timeOrigin - 3600000;
		Object.defineProperty(performance, "timeOrigin", { get: () => origin }); }`)
	x.tab.Press(`button[value=next]`)
	x.arrives(t)
	x.tab.Await(`performance.timeOrigin < Date.now() - 3000000`)
	if n := x.front.sent.Load(); n != 1 {
		t.Errorf("the form was sent %d times", n)
	}
}

// Who leaves the answer to a command before the script of its page has run is not led back to it, and nothing is
// sent twice.
func TestLeavingTheAnswerAtOnceSendsNothingAgain(t *testing.T) {
	b := browser.Start(t)
	x := atTypewriter(t, b)
	x.tab.Before(`if (location.pathname.endsWith("/questions/2")) stop();`)
	x.tab.Press(`button[value=next]`)
	x.tab.Await(`location.pathname.endsWith("/questions/2") && ` + keptItems + ` === 1`)
	x.tab.Open("/")
	x.tab.Await(keptItems + ` === 0 && document.querySelector("main").inert === false`)
	if path, n := x.tab.Path(), x.front.sent.Load(); path != "/" || n != 1 {
		t.Errorf("at %s, and the form was sent %d times", path, n)
	}
}

// Every kind of question: what the 503 page keeps is the command to the byte, and it is applied once.
func TestUnavailablePageKeepsEveryKindOfAnswer(t *testing.T) {
	held := &atomic.Value{}
	s := newSite(t, func(s *site) { s.between = func(in store.Store) store.Store { return faulty{in, held} } })
	t.Cleanup(s.log.forget)
	s.questionsOfEveryType()
	s.exam()
	c := s.signedIn("ann")
	attempt := c.start()
	for n, kind := range everyType {
		page := c.question(attempt, n+1)
		sent := with(page.filled(), "action", "next")
		held.Store(fault{store.ErrUnavailable})
		down := c.post(questionPath(attempt, n+1), sent).status(http.StatusServiceUnavailable)
		again := c.press(down).status(http.StatusServiceUnavailable)
		held.Store(fault{})
		if got := again.form(); unified(got) != unified(sent) {
			t.Errorf("%s: sent %v, kept %v", kind, sent, got)
		}
		c.press(again).status(http.StatusSeeOther)
		c.press(down).status(http.StatusSeeOther)
		if after := c.question(attempt, n+1).form(); !sameAnswer(after, sent) {
			t.Errorf("%s: sent %v, saved %v", kind, sent, after)
		}
	}
	if n := s.entries(attempt, exam.Move); n != len(everyType) {
		t.Errorf("%d entries", n)
	}
}

// filled is the form with an answer: the second option, and text with everything that forms change.
func (a *answer) filled() url.Values {
	a.t.Helper()
	form := a.form()
	doc := a.commandForm()
	if choice := doc.Find(`input[name=answer][type=radio], input[name=answer][type=checkbox]`).Eq(1); choice.Length() == 1 {
		form.Set("answer", choice.AttrOr("value", ""))
	}
	doc.Find("select[name^='answer.']").Each(func(i int, list *selection) {
		form.Set(list.AttrOr("name", ""), list.Find("option[value!='']").Eq(i).AttrOr("value", ""))
	})
	doc.Find("textarea[name^=answer], input[type=text][name^=answer]").Each(func(_ int, field *selection) {
		form.Set(field.AttrOr("name", ""), " 12.5 <b>&amp;\r\n\"終\"")
	})
	return form
}

func sameAnswer(a, b url.Values) bool {
	for name := range a {
		if name != "answer" && !contains(name, "answer.") {
			continue
		}
		if unified(url.Values{name: a[name]}) != unified(url.Values{name: b[name]}) {
			return false
		}
	}
	return true
}

// unified is a form as text, with line ends as a document has them; a browser sends both alike.
func unified(form url.Values) string { return strings.ReplaceAll(form.Encode(), "%0D%0A", "%0A") }
