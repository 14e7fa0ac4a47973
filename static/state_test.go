//go:build !race

// Scripts in a browser, in which the race detector can find nothing.

package static_test

import "testing"

// The state of a question is pure: contents are letters, times are milliseconds.
func TestDraft(t *testing.T) {
	tests := []struct{ name, do, want string }{
		{"nothing typed", ``, `"-"`},
		{"due 600 ms after the last change", `d.change("A", 0); d.change("B", 500)`, `"1100 open lacks"`},
		{"and 1.5 s after the first", `for (let at = 0; at <= 1400; at += 100) d.change("A" + at, at)`, `"1500 open lacks"`},
		{"composing waits for the limit alone", `composing = true; d.change("A", 0); d.change("B", 500)`, `"1500 open lacks"`},
		{"equal content is no change", `d.change("A", 0); d.change("A", 500)`, `"600 open lacks"`},
		{"typed and taken back", `d.change("A", 0); d.change("S", 100)`, `"-"`},
		{"taken by a command", `d.change("A", 0); take("A", 1)`, `"600 open"`},
		{"under way", `d.change("A", 0); take("A", 1); d.sent()`, `"never open doubt"`},
		{"acknowledged", `d.change("A", 0); const e = take("A", 1); d.sent(); d.acknowledged(e)`, `"-"`},
		{"typed on while under way", `d.change("A", 0); const e = take("A", 1); d.sent(); d.change("B", 700); d.acknowledged(e)`, `"1300 open lacks"`},
		{"typed on, then acknowledged: only that is saved", `d.change("A", 0); const e = take("A", 1); d.sent(); d.change("B", 700); take("B", 2); d.acknowledged(e); d.change("A", 800)`, `"1400 open lacks"`},
		{"taken back while under way", `d.change("A", 0); const e = take("A", 1); d.sent(); d.change("S", 700)`, `"never open lacks doubt"`},
		{"taken back, and the other acknowledged", `d.change("A", 0); const e = take("A", 1); d.sent(); d.change("S", 700); d.acknowledged(e)`, `"1300 open lacks"`},
		{"an earlier one told later", `d.change("A", 0); const e = take("A", 1); d.sent(); d.change("B", 1); const f = take("B", 2); d.sent(); d.acknowledged(f); d.acknowledged(e)`, `"-"`},
		{"failed once", `d.change("A", 0); take("A", 1); d.sent(); d.failed(100, 0, 0.5)`, `"1100 open doubt"`},
		{"failed often", `d.change("A", 0); take("A", 1); for (let i = 0; i < 9; i++) { d.sent(); d.failed(0, 0, 0.5) }`, `"8000 open doubt"`},
		{"spread", `d.change("A", 0); take("A", 1); d.sent(); d.failed(0, 0, 0.25)`, `"750 open doubt"`},
		{"told when to come again", `d.change("A", 0); take("A", 1); d.sent(); d.failed(0, 5000, 0.5)`, `"5000 open doubt"`},
		{"typing does not end the wait", `d.change("A", 0); take("A", 1); d.sent(); d.failed(0, 5000, 0.5); d.change("B", 10)`, `"5000 open lacks doubt"`},
		{"going on ends it", `d.change("A", 0); take("A", 1); d.sent(); d.failed(0, 5000, 0.5); d.go()`, `"now open doubt"`},
		{"success makes waits short again", `d.change("A", 0); const e = take("A", 1); for (let i = 0; i < 9; i++) { d.sent(); d.failed(0, 0, 0.5) } d.sent(); d.acknowledged(e); d.change("B", 0); take("B", 2); d.sent(); d.failed(0, 0, 0.5)`, `"1000 open doubt"`},
		{"rejected", `d.change("A", 0); const e = take("A", 1); d.sent(); d.rejected(e, "stale"); d.change("B", 700)`, `"never open lacks held:stale"`},
		{"paused, then going on", `d.change("A", 0); const e = take("A", 1); d.sent(); d.rejected(e, "paused"); d.go()`, `"now open lacks"`},
		{"signed out keeps the command", `d.change("A", 0); take("A", 1); d.sent(); d.hold("signed-out")`, `"never open doubt held:signed-out"`},
		{"refused until it is another", `d.change("A", 0); take("A", 1); d.sent(); d.hold("refused"); d.change("B", 700)`, `"1300 open lacks doubt"`},
		{"sent by the form", `d.change("A", 0); d.submitted()`, `"never open doubt"`},
		{"typed on after the form", `d.change("A", 0); d.submitted(); d.change("B", 10)`, `"610 open lacks doubt"`},
		{"a draft acknowledged says nothing of the form", `d.change("A", 0); const e = take("A", 1); d.sent(); d.change("B", 10); d.submitted(); d.acknowledged(e)`, `"never open doubt"`},
		{"the form was not answered", `d.change("A", 0); d.submitted(); d.uncover()`, `"600 open lacks doubt"`},
	}
	tab := atBench(t, "")
	for _, test := range tests {
		got := calls(t, tab, "state.js", `
			const d = new m.Draft("S");
			let composing = false;
			const take = (content, seq) => { const e = { content, seq }; d.take(e); return e; };
			`+test.do+`;
			const due = d.dueAt(composing);
			if (!d.isOpen && due === Infinity && !d.lacksEntry) return "-";
			return [{ Infinity: "never", "-Infinity": "now" }[due] ?? due, d.isOpen && "open", d.lacksEntry && "lacks", d.inDoubt && "doubt", d.held && "held:" + d.held].filter((w) => w !== false && w !== null).join(" ")`)
		if got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
}

// What an answer of a server means for the outbox.
func TestSend(t *testing.T) {
	tests := []struct{ name, kind, answer, want string }{
		{"saved", "draft", `new Response('{"success":true,"rev":1}', { headers: { Date: "Thu, 01 Jan 1970 00:00:01 GMT" } })`, `"acknowledged at 1000"`},
		{"another's page", "draft", `new Response("<p>Welcome to our network", { headers: { "Content-Type": "text/html" } })`, `"foreign"`},
		{"success in name alone", "draft", `new Response('{"success":false}')`, `"refused 200"`},
		{"stale", "draft", `new Response('{"success":false,"reason":"stale"}', { status: 409 })`, `"rejected stale"`},
		{"out of range", "draft", `new Response('{"success":false,"reason":"out_of_range"}', { status: 404 })`, `"rejected out_of_range"`},
		{"another's attempt", "draft", `new Response('{"success":false,"error_code":"NOT_FOUND"}', { status: 404 })`, `"refused 404"`},
		{"signed out", "draft", `new Response('{}', { status: 401 })`, `"signed-out"`},
		{"of another site", "draft", `new Response('{"success":false}', { status: 403 })`, `"refused 403"`},
		{"refused by a filter", "draft", `new Response('<h1>Blocked', { status: 403 })`, `"foreign"`},
		{"refused by a filter as data", "draft", `new Response('{"blocked":true}', { status: 403 })`, `"foreign"`},
		{"too long", "draft", `new Response('{"success":false}', { status: 413 })`, `"refused 413"`},
		{"too slow", "draft", `new Response('', { status: 408 })`, `"failed"`},
		{"throttled", "draft", `new Response('', { status: 429, headers: { "Retry-After": "7" } })`, `"failed 7000"`},
		{"busy", "draft", `new Response('', { status: 503, headers: { "Retry-After": "2" } })`, `"failed 2000"`},
		{"bad gateway", "draft", `new Response('<h1>no', { status: 502 })`, `"failed"`},
		{"no network", "draft", `Promise.reject(new TypeError("no"))`, `"failed"`},
		{"a form led on", "form", `(document.cookie = "shiken_answered=c1", redirected)`, `"acknowledged"`},
		{"a form led on by a network", "form", `(document.cookie = "shiken_answered=c0", redirected)`, `"foreign"`},
		{"a form led on, which the server knows", "form", `(told = '{"command_id":"c1","outcome":"applied"}', redirected)`, `"acknowledged"`},
		{"a form led on, which it does not", "form", `(told = '{"command_id":"c1","outcome":"unknown"}', redirected)`, `"foreign"`},
		{"a form led on, which it rejected", "form", `(told = '{"command_id":"c1","outcome":"rejected"}', redirected)`, `"foreign"`},
		{"another's answer to the question", "form", `(told = '{"outcome":"applied"}', redirected)`, `"foreign"`},
		{"a form's page", "form", `new Response("<main data-reason=stale>", { status: 409 })`, `"rejected stale"`},
		{"a form's page of somebody else", "form", `new Response("<main id=main>Welcome")`, `"foreign"`},
		{"a form that is too long", "form", `new Response("<main id=main data-error=too_large>", { status: 413 })`, `"refused 413"`},
		{"a form signed out", "form", `new Response("<main>", { status: 401 })`, `"signed-out"`},
		{"a form while it is down", "form", `new Response("<main data-error=down>", { status: 503 })`, `"failed"`},
	}
	tab := atBench(t, "")
	for _, test := range tests {
		got := calls(t, tab, "send.js", `
			document.cookie = "shiken_answered=";
			const redirected = { type: "opaqueredirect", status: 0 };
			let told = "<h1>no";
			globalThis.fetch = async (path) => path === "/p" ? `+test.answer+` : new Response(told);
			const o = await m.send({ kind: "`+test.kind+`", path: "/p", body: "", command_id: "c1" });
			return [o.is, o.reason, o.status, o.retryAfter || null, o.at > 0 ? "at " + o.at : null].filter((v) => v ?? false).join(" ")`)
		if got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
}

// What leaves with the page is sent on by the browser, as far as it takes it; what is sent is the same each time.
func TestSendAsks(t *testing.T) {
	tab := atBench(t, "")
	for body, want := range map[string]string{
		`"é".repeat(30 * 1024)`:     `["/p","PUT",false]`,
		`"é".repeat(30 * 1024 - 1)`: `["/p","PUT",true]`,
	} {
		if got := calls(t, tab, "send.js", `
			let asked;
			globalThis.fetch = async (path, r) => { asked = [path, r.method, r.keepalive]; throw new TypeError("no") };
			await m.send({ kind: "draft", path: "/p", body: `+body+` }, true);
			return asked`); got != want {
			t.Errorf("%s: %s, want %s", body, got, want)
		}
	}
}
