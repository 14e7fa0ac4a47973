package browser_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"shiken/devtools/browser"
	"shiken/devtools/services"
)

const policy = "default-src 'none'; img-src data:; script-src 'self'; connect-src 'self' http://localhost:*; form-action 'self'"

// site serves a form of one page, which counts what was sent.
func site(t *testing.T, body string) (*httptest.Server, *atomic.Int64) {
	t.Helper()
	posts := new(atomic.Int64)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		switch {
		case r.Method == http.MethodPost:
			http.SetCookie(w, &http.Cookie{Name: "sent", Value: r.PostFormValue("word")})
			posts.Add(1)
			http.Redirect(w, r, "/done", http.StatusSeeOther)
		case r.URL.Path == "/page.js":
			w.Header().Set("Content-Type", "text/javascript")
			_, _ = fmt.Fprint(w, `document.documentElement.dataset.script = "on"`)
		default:
			sent, _ := r.Cookie("sent") // nil without one
			_, _ = fmt.Fprintf(w, `<!DOCTYPE html><title>t</title><link rel="icon" href="data:,"><main data-language=%q data-sent=%q>%s</main>`,
				r.Header.Get("Accept-Language"), fmt.Sprint(sent), body)
		}
	}))
	t.Cleanup(s.Close)
	return s, posts
}

const form = `<script src="/page.js"></script><form method="post"><input name="word"><button>Send</button></form>`

func TestAPersonUsesAPage(t *testing.T) {
	b := browser.Start(t)
	for _, script := range []bool{true, false} {
		t.Run(fmt.Sprintf("script %t", script), func(t *testing.T) {
			s, posts := site(t, form)
			person := b.Person(t, browser.Options{Base: s.URL, Language: "ja", NoScript: !script})
			tab := person.First()
			tab.Open("/")
			if got := tab.Count("html[data-script]") == 1; got != script {
				t.Errorf("script ran: %t", got)
			}
			tab.Click("input[name=word]")
			tab.Type("abc")
			tab.TabTo("button")
			tab.Leaving(func() { tab.Type(browser.KeyEnter) })
			if tab.Path() != "/done" || tab.Main("language") != "ja" || tab.Text("button") != "Send" || posts.Load() != 1 {
				t.Errorf("%s in %q, %d sent", tab.Path(), tab.Main("language"), posts.Load())
			}
			other := person.Tab(t)
			other.Open("/")
			if got := other.Main("sent"); got != "sent=abc" {
				t.Errorf("the other tab's cookie is %q", got)
			}
			tab.Back()
			if tab.Path() != "/" {
				t.Errorf("back to %s", tab.Path())
			}
		})
	}
}

func TestPeopleShareNoCookies(t *testing.T) {
	b := browser.Start(t)
	s, _ := site(t, form)
	first := b.Person(t, browser.Options{Base: s.URL}).First()
	first.Open("/")
	first.Press("button")
	second := b.Person(t, browser.Options{Base: s.URL}).First()
	second.Open("/")
	if mine, others := first.Main("sent"), second.Main("sent"); mine != "sent=" || others != "" {
		t.Errorf("cookies: %q and %q", mine, others)
	}
}

// TestFaultsAreHeard shows that a clean page is clean for a reason.
func TestFaultsAreHeard(t *testing.T) {
	elsewhere, _ := site(t, "")
	port := elsewhere.URL[strings.LastIndex(elsewhere.URL, ":"):]
	b := browser.Start(t)
	tests := []struct{ name, body, action, want string }{
		{"clean", form, "", ""},
		{"inline script", `<script>1</script>`, "", "Content Security Policy"},
		{"inline style", `<p style="color: red">x</p>`, "", "Content Security Policy"},
		{"missing script", `<script src="http://127.0.0.1/gone.js"></script>`, "", "another host"},
		{"other host", form, `fetch("http://localhost` + port + `/").catch(() => {})`, "another host"},
		{"console", form, `console.error("oh", 7)`, "oh"},
		{"exception", form, `setTimeout(() => { throw new Error("thrown") })`, "thrown"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, _ := site(t, tt.body)
			tab := b.Person(t, browser.Options{Base: s.URL}).First()
			tab.Open("/")
			if tt.action != "" {
				browser.Eval[any](tab, tt.action+"; null")
			}
			if tt.want == "" {
				tab.Open("/") // all of the page before has been heard
			}
			awaitFaults(t, tab, tt.want)
		})
	}
}

// awaitFaults waits until a fault is heard that contains the text; "" wants
// none.
func awaitFaults(t *testing.T, tab *browser.Tab, want string) {
	t.Helper()
	var faults []string
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	err := services.Poll(ctx, func(context.Context) error {
		faults = append(faults, tab.Faults()...)
		if !strings.Contains(strings.Join(faults, "\n"), want) {
			return fmt.Errorf("heard %q, want %q", faults, want)
		}
		return nil
	})
	if err != nil || (want == "" && len(faults) > 0) {
		t.Errorf("heard %q: %v", faults, err)
	}
}

// A browser that is killed, and started again in its folder, has what its pages kept.
func TestWhatAPageKeepsOutlivesItsBrowser(t *testing.T) {
	profile := t.TempDir()
	s, _ := site(t, form)
	for _, begun := range []bool{false, true} {
		person, kill := browser.Resident(t, profile, browser.Options{Base: s.URL})
		tab := person.First()
		tab.Open("/")
		const open = `new Promise((done, fail) => {
			const asked = indexedDB.open("kept", 1);
			asked.onupgradeneeded = () => asked.result.createObjectStore("words");
			asked.onsuccess = () => done(asked.result);
			asked.onerror = () => fail(asked.error);
		})`
		browser.Eval[bool](tab, `(`+open+`.then((db) => {
			const all = db.transaction("words", "readwrite");
			const found = all.objectStore("words").get(1);
			all.objectStore("words").put("typed", 1);
			all.oncomplete = () => { document.title = "found " + found.result; };
		}), true)`)
		want := "found undefined"
		if begun {
			want = "found typed"
		}
		tab.Await(`document.title.startsWith("found")`)
		if got := browser.Eval[string](tab, `document.title`); got != want {
			t.Errorf("%q, want %q", got, want)
		}
		kill()
	}
}

// A computer that sleeps does nothing, and goes on where it was.
func TestAComputerSleeps(t *testing.T) {
	s, _ := site(t, form)
	person, _ := browser.Resident(t, t.TempDir(), browser.Options{Base: s.URL})
	tab := person.First()
	tab.Open("/")
	tab.Await(`(globalThis.longest = 0, globalThis.last = performance.now(), setInterval(() => {
		longest = Math.max(longest, performance.now() - last);
		last = performance.now();
	}, 10), true)`)
	const asleep = 700 * time.Millisecond
	wake := person.Sleep()
	time.Sleep(asleep)
	wake()
	tab.Await(fmt.Sprintf(`longest >= %d`, asleep.Milliseconds()))
}

// A tab goes back and on in its history, is loaded again, stands still, and is closed.
func TestATabOfAPersonInAHurry(t *testing.T) {
	s, _ := site(t, form)
	person := browser.Start(t).Person(t, browser.Options{Base: s.URL})
	tab := person.First()
	tab.Open("/one")
	tab.Open("/two")
	tab.Go(-1)
	tab.Await(`location.pathname === "/one" && document.readyState === "complete"`)
	tab.Go(1)
	tab.Await(`location.pathname === "/two" && document.readyState === "complete"`)
	before := browser.Eval[float64](tab, `performance.timeOrigin`)
	tab.Refresh()
	tab.Await(fmt.Sprintf(`performance.timeOrigin > %f && document.readyState === "complete"`, before))
	browser.Eval[bool](tab, `(globalThis.beats = 0, setInterval(() => { beats++; }, 10), true)`)
	tab.Await(`beats > 0`)
	tab.Freeze(true)
	still := browser.Eval[int](tab, `beats`)
	second := person.Tab(t)
	second.Open("/three")
	if now := browser.Eval[int](tab, `beats`); now != still {
		t.Errorf("%d beats of a page that stands still", now-still)
	}
	tab.Freeze(false)
	tab.Await(`document.visibilityState === "visible"`)
	tab.Await(fmt.Sprintf(`beats > %d`, still))
	second.Close()
	tab.Await(`true`)
}
