//go:build !race

package handlers_test

import (
	"bytes"
	"io"
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
	taken  atomic.Pointer[stranger]
}

// stranger stands in the network and answers some requests by itself, which it tells.
type stranger func(w http.ResponseWriter, r *http.Request, body string) bool

// meets lets a stranger look at every request from now on.
func (f *front) meets(s stranger) { f.taken.Store(&s) }

func (f *front) isTaken(w http.ResponseWriter, r *http.Request) bool {
	s := f.taken.Load()
	if s == nil {
		return false
	}
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	return (*s)(w, r, string(body))
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
		if r.Method == http.MethodPost && strings.HasPrefix(r.URL.Path, "/attempts/") || r.Method == http.MethodPut {
			panic(http.ErrAbortHandler)
		}
		h.ServeHTTP(w, r)
	},
}

func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if f.isTaken(w, r) {
		return
	}
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

// atTypewriter has typed an answer. The exam is linear: in a free one the page goes on without an answer of the server
// as soon as it has the next one, which is a matter of time.
func atTypewriter(t *testing.T, b *browser.Browser, changes ...func(*site)) *typist {
	t.Helper()
	s := newSite(t, changes...)
	t.Cleanup(s.log.forget)
	s.essays(3)
	s.exam(linear)
	c := s.signedIn("ann")
	x := &typist{site: s, attempt: c.start(), front: &front{behind: s.handler}}
	x.front.mode.Store("")
	x.person = b.Person(t, browser.Options{Base: browser.Serve(t, x.front), Language: "en"})
	x.person.Carry([]*http.Cookie{{Name: "shiken_session", Value: c.token}})
	x.tab = x.person.First()
	x.tab.Open(questionPath(x.attempt, 1))
	x.tab.Click("textarea")
	x.tab.Paste(typed)
	return x
}

// keptItems is how many commands the outbox of the browser held when it was last asked; it asks.
const keptItems = `(() => {
	const opened = indexedDB.open("shiken");
	opened.onupgradeneeded = () => opened.transaction.abort();
	opened.onsuccess = () => {
		const counted = opened.result.transaction("outbox").objectStore("outbox").count();
		counted.onsuccess = () => {
			globalThis.kept = counted.result;
			opened.result.close();
		};
	};
	return globalThis.kept;
})()`

const waitsKept = `/kept in this browser/.test(document.querySelector("[data-travel]").textContent)`

// arrives wants the answer to be saved once, and the browser to keep nothing of it.
func (x *typist) arrives(t *testing.T) {
	t.Helper()
	x.tab.Await(`document.querySelector("main")?.inert === false && ` + keptItems + ` === 0`)
	if got := x.answered(x.attempt, 1); got != typed && got != "typed before\r\nthe outage — 停電の前に" {
		t.Errorf("saved %q", got)
	}
	if n := x.stored(x.attempt).Attempt.Rejections; n != 0 {
		t.Errorf("%d rejections of what was saved", n)
	}
	// A move that came after a draft of the same page is overtaken by it, and makes no entry.
	if n := x.entries(x.attempt, exam.Move); n > 1 {
		t.Errorf("%d entries", n)
	}
}

// No server, or no answer of its own: the page stays, and whatever the candidate does with it, the answer arrives when
// the server is back, once.
func TestTypedTextOutlivesAnOutage(t *testing.T) {
	t.Parallel()
	back := func(x *typist) { x.front.mode.Store("") }
	waits := func(x *typist) {
		back(x)
		x.tab.Await(`location.pathname.endsWith("/questions/2")`)
	}
	reload := func(x *typist) {
		x.tab.Reload()
		if x.tab.Count("main") != 0 {
			x.t.Error("the page is one of the program's")
		}
		back(x)
		x.tab.Reload()
	}
	b := browser.Whole(t)
	for _, test := range []struct {
		loss, way string
		goOn      func(*typist)
	}{
		{"refused", "waits", waits}, {"refused", "reload", reload},
		{"cut after the commit", "waits", waits}, {"cut after the commit", "reload", reload},
		{"cut after the commit", "address bar", func(x *typist) { back(x); x.tab.Open("/") }},
		{"balancer's 502", "reload", reload},
	} {
		t.Run(test.loss+", "+test.way, func(t *testing.T) {
			x := atTypewriter(t, b)
			x.front.mode.Store(test.loss)
			x.tab.Click(`button[value=next]`)
			x.tab.Await(waitsKept)
			if got := browser.Eval[string](x.tab, `document.querySelector("textarea").value`); got != typed {
				t.Errorf("the page shows %q", got)
			}
			test.goOn(x)
			x.arrives(t)
		})
	}
}

// The database is away: the page sends the answer by itself when it is back; a page that could not be loaded is loaded.
func TestUnavailablePageGoesOnByItself(t *testing.T) {
	t.Parallel()
	held := &atomic.Value{}
	x := atTypewriter(t, browser.Start(t), func(s *site) { s.between = func(in store.Store) store.Store { return faulty{in, held} } })
	held.Store(fault{store.ErrUnavailable})
	x.tab.Click(`button[value=next]`)
	x.tab.Await(waitsKept)
	x.front.mode.Store("refused") // the instance goes too, and the page waits on
	held.Store(fault{})
	until(t, "the page has asked in vain", func() bool { return x.front.lost.Load() > 0 })
	x.front.mode.Store("")
	x.tab.Await(`location.pathname.endsWith("/questions/2")`)
	x.arrives(t)

	held.Store(fault{store.ErrUnavailable})
	x.tab.Reload()
	if got := x.tab.Main("error"); got != "down" {
		t.Fatalf("page %q", got)
	}
	held.Store(fault{})
	x.tab.Await(`document.querySelector("main").dataset.position === "2"`)
}

// What a browser keeps is nobody else's: it waits for its owner.
func TestWhatABrowserKeepsIsItsOwners(t *testing.T) {
	t.Parallel()
	x := atTypewriter(t, browser.Start(t))
	x.front.mode.Store("answers refused")
	x.tab.Click(`button[value=next]`)
	x.tab.Await(waitsKept)
	as := func(name string) {
		x.person.Carry([]*http.Cookie{{Name: "shiken_session", Value: x.signedIn(name).token}})
		x.tab.Open("/")
	}
	as("bob")
	x.front.mode.Store("")
	x.tab.Reload()
	x.tab.Await(keptItems + ` > 0`) // the command, and on a slow machine the draft before it
	if got := x.answered(x.attempt, 1); got != "" {
		t.Errorf("saved %q", got)
	}
	as("ann")
	x.arrives(t)
}

// Every kind of question: what the 503 page keeps is the command to the byte, and it is applied once.
func TestUnavailablePageKeepsEveryKindOfAnswer(t *testing.T) {
	t.Parallel()
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
