//go:build !race

package handlers_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"shiken/devtools/axe"
	"shiken/devtools/browser"
	"shiken/exam"
)

const (
	submitButton = `form[action$="/submit"] button`
	asked        = `document.querySelector("main > dialog")?.open === true`
	notAsked     = `document.querySelector("main > dialog")?.open !== true`
	handedIn     = `document.querySelector("main").dataset.status === "submitted"`
)

// reviewing is ann's browser on the review page of three questions, of which she has answered and flagged the first.
func reviewing(t *testing.T, lang string, changes ...func(*exam.Definition)) (*site, string, *browser.Tab) {
	t.Helper()
	s, c, attempt := sat(t, 3, changes...)
	c.answers(c.question(attempt, 1), 0, "flag").status(http.StatusSeeOther)
	ann := browser.Start(t).Person(t, browser.Options{Base: s.url, Language: lang})
	ann.Carry([]*http.Cookie{{Name: "shiken_session", Value: c.token}})
	tab := ann.First()
	tab.Open(attempt + "/review")
	return s, attempt, tab
}

// Who submits while something could still be done is told what, and how much time is left, and is asked; by keys alone,
// too. Escape and "not yet" go back to where they were.
func TestSubmissionIsConfirmed(t *testing.T) {
	for lang, want := range map[string][]string{
		"en": {"2 questions have no answer.", "1 flagged.", "left.", "can no longer be changed"},
		"ja": {"未解答の問題が2問あります。", "印あり1問", "残り時間は", "変更できなくなります"},
	} {
		s, attempt, tab := reviewing(t, lang)
		tab.Click(submitButton)
		tab.Await(asked)
		tab.Await(`document.activeElement.matches("[data-confirm-back]")`)
		text := tab.Text("main > dialog")
		for _, words := range want {
			if !strings.Contains(text, words) {
				t.Errorf("%s: %q lacks %q", lang, text, words)
			}
		}
		tab.Await(`document.querySelector("[data-confirm-time]").textContent.includes(document.querySelector("[data-timer-left]").textContent)`)
		axe.Check(t, tab)
		tab.Type(browser.KeyEscape)
		tab.Await(notAsked + ` && document.activeElement.matches('` + submitButton + `')`)
		tab.Type(browser.KeyEnter)
		tab.Await(asked)
		tab.Click("[data-confirm-back]")
		tab.Await(notAsked)
		if got := s.stored(attempt).Attempt.Status; got != exam.InProgress {
			t.Fatalf("%s: %s before it was confirmed", lang, got)
		}
		tab.Type(browser.KeyEnter)
		tab.Await(asked)
		tab.TabTo("[data-confirm-submit]")
		tab.Type(browser.KeyEnter)
		tab.Await(handedIn)
		if n := s.entries(attempt, exam.Submit); n != 1 {
			t.Errorf("%s: %d submissions", lang, n)
		}
	}
}

// A double click on the button asks, and submits nothing, wherever the dialog opens.
func TestDoubleClickConfirmsNothing(t *testing.T) {
	s, attempt, tab := reviewing(t, "en")
	browser.Eval[any](tab, `document.styleSheets[0].insertRule("[data-confirm-submit] { position: fixed; inset: 0; }"); null`)
	tab.ClickRapidly(tab.Find(submitButton), 2, time.Millisecond)
	tab.Await(asked)
	if got := s.stored(attempt).Attempt.Status; got != exam.InProgress {
		t.Fatalf("%s after a double click", got)
	}
	tab.Click("[data-confirm-submit]")
	tab.Await(handedIn)
}

// Where nothing is left to do, and no time to do it in, nobody is asked; nor where no question can be gone back to.
func TestNobodyIsAskedInVain(t *testing.T) {
	s, c, attempt := sat(t, 1, untimed)
	c.answers(c.question(attempt, 1), 0, "save").status(http.StatusSeeOther)
	if n := c.get(attempt + "/review").doc().Find("template[data-confirm]").Length(); n != 0 {
		t.Error("all is answered, and there is no time to end")
	}
	s.exam(linear)
	bob := s.signedIn("bob")
	attempt = bob.start()
	bob.answers(bob.question(attempt, 1), 0, "next").status(http.StatusSeeOther)
	if page := bob.get(attempt + "/review").status(http.StatusOK).doc(); page.Find("template[data-confirm]").Length() != 0 || page.Find(submitButton).Length() != 1 {
		t.Error("a linear exam has nothing to go back to")
	}
}

// A pause closes the question whether to submit: it would stand before the cover.
func TestPauseClosesTheConfirmation(t *testing.T) {
	s, attempt, tab := reviewing(t, "en")
	s.runBoard()
	tab.Click(submitButton)
	tab.Await(asked)
	s.listens(1)
	s.order(exam.Pause, 0, 0, attempt)
	tab.Await(notAsked)
	tab.Await(covered)
}
