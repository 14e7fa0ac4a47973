//go:build !race

// Pages in a browser, one after another: the race detector would find nothing in Chromium, and what the server does
// here it also does in tests without a browser.

package handlers_test

import (
	"fmt"
	"net/http"
	"testing"

	"shiken/devtools/axe"
	"shiken/devtools/browser"
	"shiken/exam"
)

// onQuestion is a candidate's browser on a question of an exam with a question of each type.
func onQuestion(t *testing.T, n int, changes ...func(*exam.Definition)) (s *site, attempt string, tab *browser.Tab) {
	t.Helper()
	s = newSite(t)
	s.questionsOfEveryType()
	s.exam(changes...)
	c := s.signedIn("ann")
	attempt = c.start()
	ann := browser.Start(t).Person(t, browser.Options{Base: s.url, Language: "en"})
	ann.Carry([]*http.Cookie{{Name: "shiken_session", Value: c.token}})
	tab = ann.First()
	tab.Open(questionPath(attempt, n))
	return s, attempt, tab
}

// at is true on the page of a question whose scripts run.
func at(position int) string {
	return fmt.Sprintf(`document.readyState === "complete" && document.querySelector("main").dataset.position === "%d"`, position)
}

// focusPage takes the focus away from any field.
func focusPage(tab *browser.Tab) { browser.Eval[any](tab, `document.activeElement.blur(); null`) }

func TestKeysPressButtons(t *testing.T) {
	t.Parallel()
	s, attempt, tab := onQuestion(t, 1)
	focusPage(tab)
	tab.Type("2")
	tab.Await(`document.querySelectorAll("input[name=answer]")[1].checked`)
	tab.Type("n")
	tab.Await(at(2))
	if got := s.stored(attempt).Attempt.Responses[1].Answer; got.Text == "" {
		t.Errorf("saved %+v", got)
	}
	tab.Type("f")
	tab.Await(`document.querySelector("button[name=action][value=unflag]") !== null`)
	tab.Await(at(2))
	tab.Type("p")
	tab.Await(at(1))
	tab.Type("r")
	tab.Await(`document.querySelector("form[action$='/submit']") !== null`)
}

// What is typed into a field, composed by an input method, held down, or meant for the browser presses nothing.
func TestKeysThatAreNotForThePage(t *testing.T) {
	t.Parallel()
	s, attempt, tab := onQuestion(t, 4)
	tab.TabTo("#answer")
	tab.Type("n1fr?")
	if got := browser.Eval[string](tab, `document.querySelector("#answer").value`); got != "n1fr?" {
		t.Errorf("typed %q", got)
	}
	tab.Open(questionPath(attempt, 1))
	pressed := browser.Eval[[]string](tab, `(() => {
		document.activeElement.blur();
		const pressed = [];
		document.addEventListener("click", (e) => { pressed.push(e.target.value); e.preventDefault(); }, true);
		const key = (init) => document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "n", bubbles: true, cancelable: true, ...init }));
		key({ isComposing: true });
		key({ keyCode: 229 });
		key({ repeat: true });
		key({ ctrlKey: true });
		key({ altKey: true });
		key({ metaKey: true });
		key({ shiftKey: true, key: "N" });
		key({ key: "Process" });
		document.querySelector("main").inert = true;
		key({});
		document.querySelector("main").inert = false;
		pressed.push("but");
		key({});
		return pressed;
	})()`)
	if fmt.Sprint(pressed) != "[but next]" {
		t.Errorf("pressed %v", pressed)
	}
	if got := s.stored(attempt).Attempt.Cursor; got > 1 {
		t.Errorf("cursor %d", got)
	}
}

// In an exam that only goes forward no single key closes a question.
func TestKeysCloseNothing(t *testing.T) {
	t.Parallel()
	_, _, tab := onQuestion(t, 1, linear)
	focusPage(tab)
	tab.Type("1n")
	tab.Await(`document.activeElement.value === "next"`)
	tab.Await(at(1))
	tab.Type(browser.KeyEnter)
	tab.Await(at(2))
}

// The list of keys opens by its own key and by its button, switches the keys off for this browser, and gives the
// focus back.
func TestKeysAreListedAndSwitchedOff(t *testing.T) {
	t.Parallel()
	_, attempt, tab := onQuestion(t, 1)
	const open, shut = `document.querySelector("[data-shortcuts]")?.open === true`, `document.querySelector("[data-shortcuts]")?.open !== true`
	focusPage(tab)
	tab.Type("?")
	tab.Await(open)
	axe.Check(t, tab)
	tab.Click("[data-shortcuts-use]")
	tab.Click("[data-shortcuts-close]")
	tab.Await(shut)
	for range 2 {
		focusPage(tab)
		tab.Type("2n?")
		if n := browser.Eval[int](tab, `document.querySelectorAll("input[name=answer]:checked, dialog[open]").length`); n != 0 {
			t.Errorf("%d things were done by keys that are off", n)
		}
		tab.Open(questionPath(attempt, 1))
	}
	tab.TabTo("[data-shortcuts-open]")
	tab.Type(browser.KeyEnter)
	tab.Await(open)
	tab.Type("\x1b")
	tab.Await(shut)
	tab.Await(`document.activeElement.matches("[data-shortcuts-open]")`)
}

// Colours and size change where the page stands, what is typed stays, and the next page is rendered so.
func TestDisplayChangesInItsPlace(t *testing.T) {
	t.Parallel()
	_, attempt, tab := onQuestion(t, 4)
	tab.TabTo("#answer")
	tab.Type("typed")
	tab.Click("[data-display] summary")
	tab.Click("[data-display] button[value=dark]")
	tab.Click("[data-display] button[value='150']")
	tab.Await(`document.getAnimations().length === 0`) // colours pass over into each other
	axe.Check(t, tab)
	got := browser.Eval[[]string](tab, `[getComputedStyle(document.documentElement).fontSize, getComputedStyle(document.documentElement).colorScheme, document.querySelector("#answer").value]`)
	if fmt.Sprint(got) != "[24px dark typed]" {
		t.Errorf("in its place %v", got)
	}
	until(t, "the next page looks so", func() bool {
		tab.Open(attempt + "/review")
		return tab.Count("html[data-theme=dark][data-text='150']") == 1
	})
}
