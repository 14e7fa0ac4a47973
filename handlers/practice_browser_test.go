//go:build !race

// Pages in a browser, one after another: the race detector would find nothing in Chromium, and what the server does
// here it also does in tests without a browser.

package handlers_test

import (
	"net/http"
	"strings"
	"testing"

	"shiken/devtools/axe"
	"shiken/devtools/browser"
	"shiken/exam"
)

// missedOnPage awaits a notebook with so many questions.
func missedOnPage(tab *browser.Tab, n string) {
	tab.Await(`document.querySelector("main").dataset.missed === "` + n + `"`)
}

// answersByKeyboard chooses the k-th option and has it checked.
func answersByKeyboard(tab *browser.Tab, k int) {
	tab.TabTo("input[name=answer]")
	tab.Type(" " + strings.Repeat(browser.KeyDown, k))
	tab.TabTo("button[value=check]")
	tab.Type(browser.KeyEnter)
	tab.Await(`document.querySelector(".feedback") !== null`)
}

// The whole way by the keyboard alone, with and without JavaScript: choose, practise, a wrong answer comes to
// stand in the notebook, is practised from there, and leaves it when it is right.
func TestPractiseByKeyboard(t *testing.T) {
	t.Parallel()
	for name, options := range map[string]browser.Options{
		"with scripts": {Language: "ja"}, "without scripts": {Language: "en", NoScript: true},
	} {
		t.Run(name, func(t *testing.T) {
			s, c := practices(t, 6, func(d *exam.Definition) { d.Sections[0].Draw = 4 })
			options.Base = s.url
			ann := browser.Start(t).Person(t, options)
			ann.Carry([]*http.Cookie{{Name: "shiken_session", Value: c.token}})
			tab := ann.First()

			tab.Open("/exams/test")
			tab.TabTo(".focus-parts summary")
			tab.Type(browser.KeyEnter)
			tab.TabTo("[name=category][value=設計]")
			tab.Type(" ")
			tab.TabTo("#count")
			tab.Type("9" + browser.KeyEnter) // behind the 4 that stands there, or in its place
			tab.Await(`document.querySelector("main").dataset.position === "1"`)
			if n := tab.Main("total"); n != "2" {
				t.Fatalf("%s questions of the category are practised", n)
			}
			answersByKeyboard(tab, wrong)
			first := tab.Path()

			tab.Open("/practice")
			missedOnPage(tab, "1")
			if tab.Count("main form") != 0 {
				t.Error("another practice is offered")
			}
			s.ends(c, attemptOf(first))
			tab.Open("/practice")
			tab.TabTo("form button.primary")
			tab.Type(browser.KeyEnter)
			tab.Await(`document.querySelector("main").dataset.position === "1"`)
			if n := tab.Main("total"); n != "1" || tab.Path() == first {
				t.Fatalf("%s questions are practised again, at %s", n, tab.Path())
			}
			answersByKeyboard(tab, right)
			tab.Open("/practice")
			missedOnPage(tab, "0")
			if faults := tab.Faults(); len(faults) > 0 {
				t.Errorf("the browser tells %v", faults)
			}
		})
	}
}

func attemptOf(path string) string { return path[:len("/attempts/")+36] }

// The pages as they are when there is something on them; as they are when there is nothing the table of routes
// is gone through by TestEveryPageIsAccessible.
func TestPracticePagesAreAccessible(t *testing.T) {
	t.Parallel()
	s, c := practised(t)
	chromium := browser.Start(t)
	for _, size := range []struct {
		lang          string
		width, height int64
	}{{"ja", 1280, 900}, {"en", phoneWidth, phoneHeight}} {
		ann := chromium.Person(t, browser.Options{Base: s.url, Language: size.lang})
		ann.Carry([]*http.Cookie{{Name: "shiken_session", Value: c.token}})
		tab := ann.First()
		tab.Resize(size.width, size.height)
		for _, path := range []string{"/", "/practice", "/practice/accuracy", "/practice/accuracy?category=", "/practice/accuracy?category=構造&year=2019"} {
			tab.Open(path)
			axe.Check(t, tab)
			fits(t, tab, path)
		}
		tab.Open("/exams/test")
		for _, summary := range []string{".focus-parts:nth-of-type(1) summary", ".focus-parts:nth-of-type(2) summary"} {
			tab.Click(summary)
		}
		axe.Check(t, tab)
		fits(t, tab, "the start form")
		tab.Fill("#count", "none")
		tab.Press("button.primary")
		tab.Await(`document.querySelector("#focus-problem") !== null`)
		axe.Check(t, tab)
	}
}

// fits: the page is no wider than its window.
func fits(t *testing.T, tab *browser.Tab, path string) {
	t.Helper()
	if over := browser.Eval[int](tab, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); over > 0 {
		t.Errorf("%s is %d pixels wider than its window", path, over)
	}
}
