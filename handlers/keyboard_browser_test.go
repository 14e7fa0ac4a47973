//go:build !race

// Pages in a browser, one after another: the race detector would find nothing in Chromium, and what the server does
// here it also does in tests without a browser.

package handlers_test

import (
	"net/http"
	"testing"

	"shiken/devtools/browser"
	"shiken/exam"
)

// byKeyboard answers a question of each type as somebody does who has neither mouse nor JavaScript, and
// saves it.
var byKeyboard = map[exam.QuestionType]func(*browser.Tab){
	exam.SingleChoice: choosing,
	exam.TrueFalse:    choosing,
	exam.MultipleChoice: func(t *browser.Tab) {
		t.TabTo("input[name=answer]")
		t.Type(" " + browser.KeyTab + " " + browser.KeyEnter)
	},
	exam.ShortText: func(t *browser.Tab) { t.TabTo("#answer"); t.Type("tokyo" + browser.KeyEnter) },
	exam.Numeric:   func(t *browser.Tab) { t.TabTo("#answer"); t.Type("2.5" + browser.KeyEnter) },
	exam.Essay:     func(t *browser.Tab) { t.TabTo("#answer"); t.Type("long"); saving(t) },
	exam.Matching:  func(t *browser.Tab) { inRow(t, "#row-1", "Option a"); inRow(t, "#row-2", "Option b"); saving(t) },
	exam.Ordering: func(t *browser.Tab) {
		inRow(t, "#row-1", "2")
		inRow(t, "#row-2", "1")
		inRow(t, "#row-3", "3")
		saving(t)
	},
	exam.Gaps: func(t *browser.Tab) { inRow(t, "#row-1", "one"); inRow(t, "#row-2", "Option b"); saving(t) },
}

func choosing(t *browser.Tab) { t.TabTo("input[name=answer]"); t.Type(" " + browser.KeyEnter) }

func inRow(t *browser.Tab, row, text string) { t.TabTo(row); t.Type(text) }

func saving(t *browser.Tab) { t.TabTo("button[value=save]"); t.Type(browser.KeyEnter) }

const savedNow = `document.querySelector("[data-saved-state] time") !== null`

func TestEveryTypeByKeyboardAlone(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.questionsOfEveryType()
	s.exam()
	c := s.signedIn("ann")
	attempt := c.start()
	ann := browser.Start(t).Person(t, browser.Options{Base: s.url, Language: "ja", NoScript: true})
	ann.Carry([]*http.Cookie{{Name: "shiken_session", Value: c.token}})
	tab := ann.First()
	for i, typ := range everyType {
		if byKeyboard[typ] == nil {
			continue
		}
		tab.Open(questionPath(attempt, i+1))
		byKeyboard[typ](tab)
		tab.Await(savedNow)
		answer := s.stored(attempt).Attempt.Responses[i+1].Answer
		if n := max(len(answer.Text), len(answer.Choices), len(answer.Keyed)); n == 0 || typ == exam.MultipleChoice && n != 2 ||
			typ.IsKeyed() && n != len(s.stored(attempt).Paper.Items[i].Prompts) {
			t.Errorf("%s: saved %+v", typ, answer)
		}
	}
}

// The Tab key goes through gaps in the order in which they are read, and Enter in one saves.
func TestGapsByKeyboardAlone(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.gapped()
	s.exam()
	c := s.signedIn("ann")
	attempt := c.start()
	ann := browser.Start(t).Person(t, browser.Options{Base: s.url, Language: "en", NoScript: true})
	ann.Carry([]*http.Cookie{{Name: "shiken_session", Value: c.token}})
	tab := ann.First()
	tab.Open(questionPath(attempt, 1))
	tab.TabTo("#row-1")
	tab.Type("sun" + browser.KeyTab + "Option b" + browser.KeyTab) // to the link
	tab.Type(browser.KeyTab + "2" + browser.KeyTab + "end" + browser.KeyEnter)
	tab.Await(savedNow)
	stored := s.stored(attempt)
	keyed := stored.Attempt.Responses[1].Answer.Keyed
	for i, want := range []string{"sun", stored.Paper.Items[0].Prompts[1].Values[1].Value, "2", "end"} {
		if got := keyed[stored.Paper.Items[0].Prompts[i].Key]; got != want {
			t.Errorf("gap %d holds %q, want %q", i+1, got, want)
		}
	}
}
