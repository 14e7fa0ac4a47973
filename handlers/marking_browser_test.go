//go:build !race

// Pages in a browser, one after another: the race detector would find nothing in Chromium, and what the server does
// here it also does in tests without a browser.

package handlers_test

import (
	"net/http"
	"testing"

	"shiken/devtools/axe"
	"shiken/devtools/browser"
	"shiken/exam"
)

// markerTab is a tab of the author on the marking of the exam "test".
func (s *site) markerTab(t *testing.T, o browser.Options) *browser.Tab {
	o.Base = s.url
	cleo := browser.Start(t).Person(t, o)
	cleo.Carry([]*http.Cookie{{Name: "shiken_session", Value: s.signedIn("cleo").token}})
	tab := cleo.First()
	tab.Open(s.task() + "/next")
	return tab
}

// waitsFor awaits a page about another answer than the one shown.
func waitsFor(tab *browser.Tab, do func()) {
	before := tab.Main("answer")
	do()
	tab.Await(`document.readyState === "complete" && document.querySelector("main").dataset.answer !== "` + before + `"`)
}

// One answer after another is marked without a mouse: digits, Enter, and the next one is there.
func TestMarkingByKeyboard(t *testing.T) {
	t.Parallel()
	s, _, attempts := composed(t)
	tab := s.markerTab(t, browser.Options{Language: "ja"})
	waitsFor(tab, func() { tab.Type("2.5" + browser.KeyEnter) })
	waitsFor(tab, func() {
		tab.Type("1" + browser.KeyTab + "短い" + browser.KeyTab + browser.KeyEnter)
	})
	given := map[int]string{}
	for _, attempt := range attempts {
		r := s.essayOf(attempt)
		if r.Points == nil {
			t.Fatalf("%s is not marked", attempt)
		}
		given[*r.Points] = r.Comment
	}
	if given[25_000] != "" || given[10_000] != "短い" || len(given) != 2 {
		t.Errorf("given %v", given)
	}
	if tab.Path() != s.task()+"?note=marking.all" {
		t.Errorf("in the end stands %s", tab.Path())
	}
}

func TestMarkingWithoutScripts(t *testing.T) {
	t.Parallel()
	s, _, attempts := composed(t)
	tab := s.markerTab(t, browser.Options{Language: "en", NoScript: true})
	waitsFor(tab, func() { tab.TabTo("#points"); tab.Type("3" + browser.KeyEnter) })
	waitsFor(tab, func() { tab.TabTo("button[name=give][value='0']"); tab.Type(browser.KeyEnter) })
	sum := 0
	for _, attempt := range attempts {
		if r := s.essayOf(attempt); r.Points != nil {
			sum += 1 + *r.Points
		}
	}
	if sum != 2+3*exam.FullCredit {
		t.Errorf("both together have %d", sum)
	}
}

// The page of a refused mark has what no other has; the rest of the marking pages is in the table of
// routes, which TestEveryPageIsAccessible goes through.
func TestRefusedMarksAreAccessible(t *testing.T) {
	t.Parallel()
	s, cleo, attempts := composed(t)
	for _, size := range []struct {
		lang          string
		width, height int64
	}{{"ja", 1280, 900}, {"en", phoneWidth, phoneHeight}} {
		path := s.answerOf(attempts["ann"])
		tab := s.markerTab(t, browser.Options{Language: size.lang})
		tab.Resize(size.width, size.height)
		tab.Open(path)
		cleo.marks(path, "1", "thin").status(http.StatusSeeOther)
		tab.Fill("#points", "2")
		tab.Fill("#comment", "fine")
		tab.Press("button[value=next]")
		tab.Await(`document.querySelector("[data-mark=sent]") !== null`)
		axe.Check(t, tab)
		if n := tab.Count(`[data-mark=saved] .typed`); n != 1 {
			t.Errorf("%d comments stand on the page", n)
		}
		tab.Press("button[value=stay]")
		tab.Await(`document.querySelector(".note") !== null`)
		axe.Check(t, tab)
	}
}
