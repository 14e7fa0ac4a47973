//go:build !race

package handlers_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"shiken/devtools/browser"
	"shiken/exam"
)

// savesBeside saves an answer from another device, of which the page hears nothing if it does not listen yet.
func (x *traveller) savesBeside(n int, text string) {
	x.t.Helper()
	browser.Eval[any](x.tab, `globalThis.EventSource = class extends EventTarget { close() {} }; null`)
	c := x.signedIn("ann")
	c.post(questionPath(x.attempt, n), with(c.question(x.attempt, n).form(), "answer", text, "action", "save")).status(http.StatusSeeOther)
}

// holdQuestion: the page that is shown comes when it is let go; others are asked for ahead meanwhile.
const holdQuestion = `const send = fetch; globalThis.fetch = async (path, how) => {
	if (how?.method === "GET" && path === location.pathname) await new Promise((go) => { globalThis.letGo = go; });
	return send(path, how);
}; null`

// While a page is shown anew nothing can be typed that would go with the old one; then the focus is where it was.
func TestNothingIsTypedIntoAPageThatIsRenewed(t *testing.T) {
	x := atTravel(t)
	x.write("here")
	x.tab.Await(saysSaved)
	x.savesBeside(1, "there")
	browser.Eval[any](x.tab, holdQuestion)
	browser.Eval[any](x.tab, `dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })); null`)
	x.tab.Await(`globalThis.letGo !== undefined && document.querySelector("main").inert`)
	x.tab.Type("lost")
	if got := browser.Eval[string](x.tab, `document.querySelector("textarea").value`); got != "here" {
		t.Errorf("the page that is being renewed takes %q", got)
	}
	browser.Eval[any](x.tab, `letGo(); null`)
	x.tab.Await(`document.querySelector("textarea").value === "there" && document.activeElement === document.querySelector("textarea")`)
	x.tab.Type("!")
	x.tab.Await(`document.querySelector("textarea").value.includes("!")`)
}

const saidAloud = `document.querySelector("[data-save-voice]").textContent`

// A save by the button is said aloud; what is saved by itself is not.
func TestExplicitSaveIsSaid(t *testing.T) {
	x := atTravel(t)
	x.write("by itself")
	x.tab.Await(saysSaved)
	if got := browser.Eval[string](x.tab, saidAloud); got != "" {
		t.Errorf("an autosave says %q", got)
	}
	x.tab.Click(`button[value=save]`)
	x.tab.Await(`/^Your answer is saved. \d\d:\d\d:\d\d$/.test(` + saidAloud + `)`)
	x.at(1)
	x.tab.Await(`document.activeElement.matches("button[value=save]")`)
	x.write(", and more")
	x.tab.Await(saysUnsaved)
	x.tab.Await(saysSaved)
	x.tab.Click(`button[value=next]`)
	x.at(2)
	if got := browser.Eval[string](x.tab, saidAloud); got != "" {
		t.Errorf("the next question says %q", got)
	}
}

// The choice between two answers is on the screen again after a reload, and once it was made no more. Nothing is kept
// twice by that.
func TestConflictIsThereAgainAfterAReload(t *testing.T) {
	for _, choice := range []struct{ press, saved string }{
		{`[data-answer=sent] button`, "here"}, {`[data-answer=saved] a`, "there"},
	} {
		x := atTravel(t)
		x.savesBeside(1, "there")
		x.write("here")
		x.tab.Click(`[data-bar-shown=rejected] [data-bar-action=show]`)
		const chooses = `document.querySelector("[data-answer=sent]")?.innerText.includes("here") && document.querySelector("[data-answer=sent] form") !== null && !document.querySelector("main").inert`
		x.tab.Await(chooses)
		kept := x.stored(x.attempt).Attempt.Rejections
		for range 2 {
			x.tab.Reload()
			x.tab.Await(chooses)
		}
		if n := x.stored(x.attempt).Attempt.Rejections; n != kept {
			t.Errorf("%d rejections, %d before the reload", n, kept)
		}
		x.tab.Click(choice.press)
		question := fmt.Sprintf(`document.querySelector("textarea")?.value === %q && document.querySelector("[data-answer]") === null`, choice.saved)
		x.tab.Await(question)
		x.saved(1, choice.saved)
		x.tab.Reload()
		x.tab.Await(question + ` && history.state.refused === undefined`)
		x.tab.Faults() // the 409s
	}
}

// A choice comes back after what earlier pages have sent: what is sent then shows the page anew, and would undo a press.
func TestChoiceComesBackAfterTheOutbox(t *testing.T) {
	x := atTravel(t)
	x.savesBeside(1, "there")
	x.write("here")
	x.tab.Click(`[data-bar-shown=rejected] [data-bar-action=show]`)
	const chooses = `document.querySelector("[data-answer=sent] form") !== null && !document.querySelector("main").inert`
	x.tab.Await(chooses)
	browser.Eval[any](x.tab, fmt.Sprintf(`{
		const asked = indexedDB.open("shiken");
		asked.onsuccess = () => {
			const page = crypto.randomUUID(), command_id = crypto.randomUUID();
			const named = { command_id, page, seq: 1, rev: 0, opening: 1 };
			const entry = { ...named, key: page, kind: "draft", owner: document.body.dataset.owner, attempt: %[1]q, position: 3,
				path: "/api/v1/attempts/%[1]s/responses/3", body: JSON.stringify({ ...named, draft: true, answer: "of a closed tab" }), at: Date.now(), label: "Question 3" };
			asked.result.transaction("outbox", "readwrite").objectStore("outbox").put(entry).transaction.oncomplete = () => { globalThis.isKept = true; };
		};
		null }`, strings.TrimPrefix(x.attempt, "/attempts/")))
	x.tab.Await(`globalThis.isKept`)
	x.tab.Before(`{ const send = fetch; globalThis.order = []; globalThis.fetch = async (path, how) => {
		order.push(how?.method);
		if (how?.method === "PUT") await new Promise((go) => { globalThis.letGo = go; });
		return send(path, how).finally(() => order.push(how?.method + " answered"));
	}; }`)
	x.tab.Reload()
	x.tab.Await(`globalThis.letGo !== undefined`)
	browser.Eval[any](x.tab, `letGo(); null`)
	x.tab.Await(chooses)
	if order := browser.Eval[[]string](x.tab, `order.filter((what) => /^P/.test(what))`); !slices.Equal(order[:min(3, len(order))], []string{"PUT", "PUT answered", "POST"}) {
		t.Errorf("sent %v", order)
	}
	x.saved(3, "of a closed tab")
	x.tab.Click(`[data-answer=saved] a`)
	x.tab.Await(`document.querySelector("textarea")?.value === "there" && document.querySelector("[data-answer]") === null`)
	x.tab.Faults() // the 409s
}

// Keys press buttons, and are listed, also where the first page of the attempt was one without a question.
func TestShortcutsWhereverTheAttemptIsEntered(t *testing.T) {
	s, c, attempt := sat(t, 1, linear)
	has := func(what string, page *answer) {
		if page.status(http.StatusOK).doc().Find("template[data-shortcuts-template]").Length() != 1 {
			t.Errorf("%s: no list of keys", what)
		}
	}
	s.admin(attempt, exam.Command{Kind: exam.Pause})
	has("paused", c.question(attempt, 1))
	s.admin(attempt, exam.Command{Kind: exam.Resume})
	c.answers(c.question(attempt, 1), 0, "next").status(http.StatusSeeOther)
	has("review of a linear exam", c.get(attempt+"/review"))
	s.exam(func(d *exam.Definition) { d.Rules.Devices = exam.OneDevice })
	attempt = s.signedIn("bob").start()
	has("on another device", s.signedIn("bob").question(attempt, 1))
}

// A link that is followed while nobody is signed in leads to the sign-in, and from there to the page that was asked for.
func TestLinkWhileSignedOutLeadsBack(t *testing.T) {
	x := atTravel(t)
	x.tab.Click(`button[value=review]`)
	x.tab.Await(`document.querySelector(".review-link") !== null && !document.documentElement.classList.contains("arriving")`)
	must(t, x.store.RevokeAll(t.Context(), x.users["ann"].ID))
	x.tab.Click(`[data-review-position="2"] a`)
	x.tab.Await(`location.pathname === "/login"`)
	if got := browser.Eval[string](x.tab, `new URLSearchParams(location.search).get("next")`); got != questionPath(x.attempt, 2) {
		t.Errorf("goes on at %q", got)
	}
	x.tab.Fill("[name=username]", "ann")
	x.tab.Fill("[name=password]", "wrong")
	x.tab.Press("main [type=submit]")
	x.tab.Fill("[name=password]", password)
	x.tab.Press("main [type=submit]")
	if got := x.tab.Path(); got != questionPath(x.attempt, 2) {
		t.Errorf("led to %s", got)
	}
	x.tab.Faults() // the 401
}
