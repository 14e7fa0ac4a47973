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
	"shiken/store"
)

// authorAt is cleo's tab on a site with a question of each type.
func authorAt(t *testing.T, lang string) (*site, *browser.Tab) {
	t.Helper()
	s := newSite(t)
	s.user("cleo", store.RoleAuthor)
	s.questionsOfEveryType()
	p := browser.Start(t).Person(t, browser.Options{Base: s.url, Language: lang})
	p.Carry([]*http.Cookie{{Name: "shiken_session", Value: s.signedIn("cleo").token}})
	return s, p.First()
}

// The preview follows what is typed, and nothing is stored by that.
func TestThePreviewFollowsWhatIsTyped(t *testing.T) {
	t.Parallel()
	s, tab := authorAt(t, "en")
	identity := s.banked(0)
	tab.Open(bankPath + "/" + identity + "/edit")
	const previewed = `document.querySelector("[data-previewed]")?.innerText.includes(%q)`
	tab.Await(fmt.Sprintf(previewed, "Stem of single_choice"))
	tab.Fill("#stem", "What is $x^2$ for two?")
	tab.Await(`document.querySelector("[data-previewed] .stem math") !== null`)
	tab.Fill(`[id="rows[1].text"]`, "")
	tab.Fill(`[id="rows[2].text"]`, "")
	tab.Await(`document.querySelector("[data-preview] [data-severity=error]") !== null`)
	axe.Check(t, tab)
	if q := s.bank(identity); q.Edition != 1 {
		t.Errorf("the preview stored %+v", q)
	}
}

// A question is written, moved about in, and saved by keys alone.
func TestAQuestionIsWrittenByKeyboardAlone(t *testing.T) {
	t.Parallel()
	s, tab := authorAt(t, "ja")
	tab.Open(bankPath + "/new?set=basics")
	tab.TabTo("#stem")
	tab.Type("A question")
	for i, option := range []string{"wrong", "right"} {
		tab.TabTo(fmt.Sprintf(`[id="rows[%d].text"]`, i+1))
		tab.Type(option)
	}
	tab.TabTo(`button[value="more"]`)
	tab.Leaving(func() { tab.Type(browser.KeyEnter) })
	if n := tab.Count(".edit-row"); n < 6 {
		t.Errorf("%d rows", n)
	}
	tab.TabTo(`input[name=right]`)
	tab.Type(browser.KeySpace + browser.KeyDown)
	tab.TabTo(`button[value="save"]`)
	tab.Leaving(func() { tab.Type(browser.KeyEnter) })
	q := s.bank(tab.Main("question"))
	if q.Question.Stem.Source != "A question" || len(q.Question.Options) != 2 || q.Key.Options[q.Question.Options[1].ID] != exam.FullCredit {
		t.Errorf("stored %+v", q)
	}
}

// On a phone too, the type of a question is not broken amid its word.
func TestTypesInTheListStayOnOneLine(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"ja", "en"} {
		_, tab := authorAt(t, lang)
		tab.Resize(phoneWidth, phoneHeight)
		tab.Open(bankPath)
		broken := browser.Eval[[]string](tab, `[...document.querySelectorAll(".bank td.type")].filter(cell => {
			const line = document.createRange()
			line.selectNodeContents(cell)
			return line.getClientRects().length > 1
		}).map(cell => cell.innerText)`)
		if n := tab.Count(".bank td.type"); n != len(everyType) || len(broken) > 0 {
			t.Errorf("%s: of %d types %q are broken", lang, n, broken)
		}
	}
}

// The editor of every type, its preview, the conflict and the refusal are accessible, at a desk and on a phone.
func TestTheEditorOfEveryTypeIsAccessible(t *testing.T) {
	t.Parallel()
	s, tab := authorAt(t, "en")
	for i, typ := range everyType {
		if i%2 == 1 {
			tab.Resize(phoneWidth, phoneHeight)
		} else {
			tab.Resize(browser.Width, browser.Height)
		}
		tab.Open(bankPath + "/" + s.banked(i) + "/edit")
		tab.Await(`document.querySelector("[data-previewed]") !== null`)
		axe.Check(t, tab)
		if browser.Eval[bool](tab, `document.documentElement.scrollWidth > innerWidth`) {
			t.Errorf("%s: the page is wider than the window", typ)
		}
	}
	identity := s.banked(0)
	path := bankPath + "/" + identity + "/edit"
	tab.Open(path)
	other := s.signedIn("cleo").inProcess(s)
	_, form := other.editor(identity)
	other.post(path, savedBy(with(form, "stem", "Theirs"))).status(http.StatusSeeOther)
	tab.Fill("#stem", "Mine")
	tab.Press(`button[value="save"]`)
	if tab.Main("outcome") != "conflict" {
		t.Fatalf("at %s", tab.Path())
	}
	axe.Check(t, tab)
	tab.Press(`button[value="show"]:not([hidden])`)
	tab.Fill("#stem", "")
	tab.Press(`button[value="save"]`)
	if tab.Count("[data-refused]") != 1 {
		t.Errorf("at %s", tab.Path())
	}
	axe.Check(t, tab)
}
