//go:build !race

package handlers_test

import (
	"net/http"
	"testing"

	"shiken/devtools/browser"
	"shiken/exam"
)

// Japanese is set as Japanese is: strict line breaking, room between the lines, and ruby above its word.
func TestJapaneseTypography(t *testing.T) {
	s := newSite(t)
	s.load([]storeQuestion{loaded(0, exam.Question{
		Type: exam.Numeric, Stem: exam.Text{Format: exam.HTML, Source: "<p><ruby>構造<rt>こうぞう</rt></ruby>の高さは何メートルか。</p>"},
	}, exam.Key{Revision: 1, Numbers: []exam.NumberKey{{Min: "12", Max: "12", Weight: exam.FullCredit}}})})
	s.exam()
	c := s.signedIn("ann")
	attempt := c.start()
	ann := browser.Start(t).Person(t, browser.Options{Base: s.url, Language: "ja"})
	ann.Carry([]*http.Cookie{{Name: "shiken_session", Value: c.token}})
	tab := ann.First()
	tab.Open(questionPath(attempt, 1))
	type set struct {
		LineBreak, Display  string
		LineHeight, TextTop float64
		RubyTop, RubyBottom float64
	}
	got := browser.Eval[set](tab, `(() => {
		const style = getComputedStyle(document.querySelector("#stem p"));
		const rt = document.querySelector("#stem ruby rt");
		const word = document.createRange();
		word.selectNode(document.querySelector("#stem ruby").firstChild);
		const box = rt.getBoundingClientRect();
		return { LineBreak: style.lineBreak, LineHeight: parseFloat(style.lineHeight) / parseFloat(style.fontSize), Display: getComputedStyle(rt).display,
			TextTop: word.getBoundingClientRect().top, RubyTop: box.top, RubyBottom: box.bottom };
	})()`)
	if got.LineBreak != "strict" || got.LineHeight < 1.7 || got.Display != "ruby-text" {
		t.Errorf("set as %+v", got)
	}
	if got.RubyBottom > got.TextTop+4 || got.RubyTop >= got.RubyBottom {
		t.Errorf("the ruby is not above its word: %+v", got)
	}
	tab.Fill("#answer", "１２")
	tab.Click("button[value=save]")
	until(t, "it is saved", func() bool { return s.stored(attempt).Attempt.Responses[1].Answer.Text == "１２" })
	tab.Await(`document.querySelector("[data-understood]")?.dataset.understood === "12"`)
}

// Nothing moves on a page that takes another's place, but for what somebody has pressed.
func TestNextShiftsNothing(t *testing.T) {
	x := atTravel(t)
	browser.Eval[any](x.tab, `globalThis.shifts = []; new PerformanceObserver((list) => {
		for (const e of list.getEntries()) shifts.push({ value: e.value, of: e.sources.map(({ node }) => node?.nodeName + "." + node?.className) });
	}).observe({ type: "layout-shift", buffered: true }); null`)
	for n := 2; n <= 3; n++ {
		x.tab.Click(`button[value=next]`)
		x.at(n)
	}
	x.tab.Click(`button[value=previous]`)
	x.at(2)
	browser.Eval[any](x.tab, `requestAnimationFrame(() => requestAnimationFrame(() => { globalThis.isPainted = true; })); null`)
	x.tab.Await(`globalThis.isPainted === true`)
	if got := browser.Eval[string](x.tab, `JSON.stringify(shifts)`); got != "[]" {
		t.Errorf("shifted: %s", got)
	}
}
