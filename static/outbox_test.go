//go:build !race

// Scripts in a browser, in which the race detector can find nothing.

package static_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"shiken/devtools/browser"
	"shiken/static"
)

// bench serves the modules, and an empty page on which a test calls them.
func bench(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, static.Prefix) {
		static.Handler(http.NotFoundHandler()).ServeHTTP(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/html")
	_, _ = fmt.Fprint(w, `<!doctype html><link rel="icon" href="data:,"><title>bench</title>`)
}

// atBench opens the empty page in a browser of its own, after a script.
func atBench(t *testing.T, before string) *browser.Tab {
	t.Helper()
	tab := browser.Start(t).Person(t, browser.Options{Base: browser.Serve(t, http.HandlerFunc(bench))}).First()
	if before != "" {
		tab.Before(before)
	}
	tab.Open("/")
	return tab
}

// calls evaluates the body of an async function that has the module, as m, and gives what it returns as JSON.
func calls(t *testing.T, tab *browser.Tab, module, body string) string {
	t.Helper()
	browser.Eval[bool](tab, fmt.Sprintf(`globalThis.result = undefined; import(%q).then(async (m) => { %s })
		.then((r) => { globalThis.result = JSON.stringify(r ?? null) }, (e) => { globalThis.result = String(e.stack ?? e) }); true`, static.Path(module), body))
	tab.Await(`globalThis.result !== undefined`)
	return browser.Eval[string](tab, `globalThis.result`)
}

// entries makes entries of the outbox.
const entries = `
	const draft = (page, seq, more) => ({ key: m.keyOf("draft", page), owner: "o", attempt: "a", position: 1, page, kind: "draft",
		path: "/p", body: "b" + seq, command_id: page + seq, seq, rev: 0, opening: 1, at: seq, label: "", ...more });
	const form = (page, seq, more) => draft(page, seq, { key: m.keyOf("form", page), kind: "form", ...more });
	const list = async (owner = "o") => (await m.of(owner)).map((e) => e.kind[0] + ":" + e.command_id);`

func TestOutboxKeepsTheNewestOfAPage(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, do, want string }{
		{"nothing", ``, `[]`},
		{"oldest first, of one owner", `await m.put(draft("q", 5)); await m.put(draft("p", 2)); await m.put(draft("r", 1, { owner: "x" }))`, `["d:p2","d:q5"]`},
		{"a newer content replaces", `await m.put(draft("p", 1)); await m.put(draft("p", 2))`, `["d:p2"]`},
		{"an older one that comes late does not", `await m.put(draft("p", 2)); await m.put(draft("p", 1))`, `["d:p2"]`},
		{"a form beside a draft", `await m.put(draft("p", 1)); await m.put(form("p", 2))`, `["d:p1","f:p2"]`},
		{"acknowledged", `await m.put(draft("p", 1)); await m.settled("p", "p1")`, `[]`},
		{"an older one acknowledged", `await m.put(draft("p", 1)); await m.put(draft("p", 2)); await m.settled("p", "p1")`, `["d:p2"]`},
		{"a form takes the drafts before it", `await m.put(draft("p", 1)); await m.put(form("p", 2)); await m.settled("p:form", "p2")`, `[]`},
		{"and none after it", `await m.put(draft("p", 3)); await m.put(form("p", 2)); await m.settled("p:form", "p2")`, `["d:p3"]`},
		{"a draft takes the form before it", `await m.put(form("p", 1)); await m.put(draft("p", 2)); await m.settled("p", "p2")`, `[]`},
		{"and none after it", `await m.put(form("p", 3)); await m.put(draft("p", 2)); await m.settled("p", "p2")`, `["f:p3"]`},
		{"nor of another page", `await m.put(draft("q", 1)); await m.put(form("p", 2)); await m.settled("p:form", "p2")`, `["d:q1"]`},
		{"discarded", `await m.put(draft("p", 1)); await m.put(draft("q", 2)); await m.discard([draft("p", 1), draft("q", 1)])`, `["d:q2"]`},
	}
	for _, where := range []struct{ name, before, kept string }{
		{"in the browser", "", "true"},
		{"where there is no database", `Object.defineProperty(globalThis, "indexedDB", { get() { throw new Error("none") } })`, "false"},
		{"where it refuses", `IDBFactory.prototype.open = function () { throw new DOMException("no", "SecurityError") }`, "false"},
		{"where it is full", `IDBObjectStore.prototype.put = function () { throw new DOMException("full", "QuotaExceededError") }`, "false"},
	} {
		t.Run(where.name, func(t *testing.T) {
			tab := atBench(t, where.before)
			for _, test := range tests {
				got := calls(t, tab, "outbox.js", entries+test.do+`; const got = await list(); await m.discard([...await m.of("o"), ...await m.of("x")]); return got`)
				if got != test.want {
					t.Errorf("%s: %s, want %s", test.name, got, test.want)
				}
			}
			if got := calls(t, tab, "outbox.js", entries+`return m.put(draft("p", 1))`); got != where.kept {
				t.Errorf("the browser keeps it: %s", got)
			}
		})
	}
}

// Where the database hangs an entry is there at once, and is gone once it is acknowledged, though nobody knows yet
// that the database will not take it.
func TestOutboxForgetsWhatIsAcknowledgedWhereTheDatabaseHangs(t *testing.T) {
	for name, before := range map[string]string{
		"it does not open": `IDBFactory.prototype.open = () => new EventTarget()`,
		"it does not write": `IDBDatabase.prototype.transaction = () => Object.assign(new EventTarget(),
			{ objectStore: () => ({ get: () => new EventTarget(), index: () => ({ getAll: () => new EventTarget() }) }) })`,
	} {
		t.Run(name, func(t *testing.T) {
			tab := atBench(t, before)
			got := calls(t, tab, "outbox.js", entries+`
				const keeps = [m.put(draft("p", 1)), m.put(draft("q", 1)), m.put(form("q", 2))];
				const before = await list();
				await Promise.all([m.settled("p", "p1"), m.settled("q:form", "q2"), ...keeps]);
				return [before, await list(), await Promise.all(keeps)]`)
			if want := `[["d:p1","d:q1","f:q2"],[],[false,false,false]]`; got != want {
				t.Errorf("%s, want %s", got, want)
			}
		})
	}
}

// What the browser keeps is there for the next document, whole.
func TestOutboxOutlivesThePage(t *testing.T) {
	t.Parallel()
	tab := atBench(t, "")
	put := calls(t, tab, "outbox.js", entries+`const e = draft("p", 1, { body: "停電\n\"の前に\"\u{1f600}" }); await m.put(e); return e`)
	tab.Reload()
	if got := calls(t, tab, "outbox.js", `return (await m.of("o"))[0]`); !sameJSON(t, got, put) {
		t.Errorf("kept %s, of %s", got, put)
	}
}

func sameJSON(t *testing.T, a, b string) bool {
	t.Helper()
	var x, y any
	if json.Unmarshal([]byte(a), &x) != nil || json.Unmarshal([]byte(b), &y) != nil {
		t.Fatalf("no JSON: %s, %s", a, b)
	}
	return fmt.Sprint(x) == fmt.Sprint(y)
}

// A page lives until it is left, or until another stands in its place.
func TestOutboxKnowsWhichPagesLive(t *testing.T) {
	t.Parallel()
	person := browser.Start(t).Person(t, browser.Options{Base: browser.Serve(t, http.HandlerFunc(bench))})
	first, second := person.First(), person.Tab(t)
	first.Open("/")
	second.Open("/")
	calls(t, first, "outbox.js", `globalThis.over = new AbortController(); m.hold("p", over.signal); m.hold("q", new AbortController().signal)`)
	lives := func(want string) {
		t.Helper()
		second.Await(fmt.Sprintf(`(import(%q).then((m) => m.held()).then((s) => { globalThis.lives = [...s].sort().join() }), globalThis.lives === %q)`, static.Path("outbox.js"), want))
	}
	lives("p,q")
	browser.Eval[bool](first, `over.abort(); true`)
	lives("q")
	first.Reload()
	lives("")
}

// A server that asks for an hour, as a balancer's page of maintenance does, or for more than a timer takes, is asked
// again soon.
func TestWaitsThatAreAskedForAreBounded(t *testing.T) {
	tab := atBench(t, "")
	const ask = `return ["", "2", "29", "3600", "3000000", "Wed, 21 Oct 2026 07:28:00 GMT", "-5"].map((after) =>
		m.askedFor(new Response("", { headers: after ? { "Retry-After": after } : {} })))`
	if got := calls(t, tab, "wait.js", ask); got != `[0,2000,29000,30000,30000,0,0]` {
		t.Errorf("waits %s", got)
	}
}
