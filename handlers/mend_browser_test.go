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
	"shiken/store"
)

// A refused question is mended by keys alone, with the preview beside it, and the report follows.
func TestMendByKeyboardAlone(t *testing.T) {
	t.Parallel()
	s, c := desked(t)
	report := c.brings("bank.gift", brokenGIFT)
	at := strings.TrimSuffix(report.doc().Find(`form[action$="/discard"]`).AttrOr("action", ""), "/discard")
	p := browser.Start(t).Person(t, browser.Options{Base: s.url, Language: "en"})
	p.Carry([]*http.Cookie{{Name: "shiken_session", Value: s.signedIn("cleo").token}})
	tab := p.First()
	tab.Open(at)
	tab.TabTo("article[data-number=two] a.mend")
	tab.Leaving(func() { tab.Type(browser.KeyEnter) })
	axe.Check(t, tab)
	tab.TabTo(`[id="rows[2].right"]`)
	tab.Type(browser.KeySpace)
	tab.Await(`document.querySelector("[data-previewed] .feedback")?.innerText.includes("wall")`)
	tab.TabTo(`button[value="save"]`)
	tab.Leaving(func() { tab.Type(browser.KeyEnter) })
	if n := tab.Count("article[data-number=two] .findings"); n != 0 || tab.Count("article[data-number=three] .findings") != 1 {
		t.Errorf("the report shows %s", tab.Text("main"))
	}
	tab.TabTo("article[data-number=three] a.mend")
	tab.Leaving(func() { tab.Type(browser.KeyEnter) })
	axe.Check(t, tab)
	tab.Fill("#source", "::three::Whole {=a ~b}")
	tab.TabTo(`button[value="save"]`)
	tab.Leaving(func() { tab.Type(browser.KeyEnter) })
	tab.Await(`document.querySelector("[data-verdict=sound]") !== null`)
	axe.Check(t, tab)
}

// What a load would change is accessible, at a desk and on a phone.
func TestDifferenceIsAccessible(t *testing.T) {
	t.Parallel()
	s, c := desked(t)
	s.loads(c, c.brings("bank.csv", bankCSV(4, nil)))
	list, _, err := s.store.SetQuestions(t.Context(), store.SetQuery{Set: "bank", Limit: 9})
	must(t, err)
	path, form := c.editor(list[0].Identity)
	c.post(path, savedBy(with(form, "stem", "Edited here"))).status(http.StatusSeeOther)
	report := c.brings("bank.csv", bankCSV(3, map[int]string{2: "2,c,Which one holds number two?,beam,wall,B"}))
	at := report.doc().Find("a[href*='/difference']").AttrOr("href", "")
	p := browser.Start(t).Person(t, browser.Options{Base: s.url, Language: "ja"})
	p.Carry([]*http.Cookie{{Name: "shiken_session", Value: s.signedIn("cleo").token}})
	tab := p.First()
	for i, show := range []string{"edited", "changed", "absent", "new"} {
		if i == 2 {
			tab.Resize(phoneWidth, phoneHeight)
		}
		tab.Open(at + "?show=" + show)
		axe.Check(t, tab)
	}
}
