//go:build !race

package handlers_test

import (
	"fmt"
	"strings"
	"testing"

	"shiken/devtools/axe"
	"shiken/devtools/browser"
	"shiken/exam"
)

// secondTab opens another tab of the writer's browser on a question.
func (x *writer) secondTab(n int) *browser.Tab {
	x.t.Helper()
	tab := x.person.Tab(x.t)
	tab.Before(spy)
	tab.Open(questionPath(x.attempt, n))
	x.awaitOutbox(tab, ``)
	return tab
}

func inList(n int, words string) string {
	return fmt.Sprintf(`document.querySelector(".positions [value='goto:%d']").innerText.replace(/\s+/g, " ").trim() === %q`, n, words)
}

// The list of questions shows what was saved, by this tab or another.
func TestListOfQuestionsFollowsWhatIsSaved(t *testing.T) {
	t.Parallel()
	x := atDesk(t)
	second := x.secondTab(2)
	first := `document.querySelector(".positions [value='goto:1']")`
	second.Await(first + `.matches(".position-unanswered") && ` + inList(1, "Question 1 ○ not answered"))
	x.types("answered")
	x.tab.Await(inList(1, "Question 1 ✓◆ answered, this question") + ` && ` + first + `.ariaCurrent === "step"`)
	second.Await(first + `.matches(".position-answered:not(.position-unanswered)") && ` + inList(1, "Question 1 ✓ answered"))
	x.tab.Press(`button[value=flag]`)
	second.Await(first + `.matches(".position-flagged") && ` + inList(1, "Question 1 ✓⚑ answered, flagged"))
}

// The same question in two tabs: the one that saved nothing is told when, saves nothing more by itself, and leads to
// what is saved, or to the choice.
func TestSavedInAnotherTabIsSaid(t *testing.T) {
	t.Parallel()
	const told = `/^This question was saved in another tab or on another device at \d\d:\d\d:\d\d\./.test(document.querySelector("[data-bar-shown=elsewhere]")?.innerText)`
	x := atDesk(t)
	second := x.secondTab(1)
	x.types("from the first")
	second.Await(told)
	second.Allow(`: 409$`) // what is typed is sent once more, and refused
	second.Click("textarea")
	second.Type("from the second")
	x.awaitOutbox(second, "from the second")
	if got := x.answered(x.attempt, 1); got != "from the first" {
		t.Errorf("saved %q", got)
	}
	second.Press(`[data-bar-action=compare]`)
	if second.Main("reason") != "stale" || !strings.Contains(second.Text("[data-answer=sent]"), "second") {
		t.Fatalf("at %s: %s", second.Path(), second.Text("main"))
	}
	second.Press(`[data-answer=sent] button`)
	x.awaitSaved("from the second")
	x.tab.Await(told)
	x.tab.Press(`[data-bar-action=show]`)
	x.tab.Await(`document.querySelector("textarea").value === "from the second" && document.querySelector("[data-bar-shown]") === null`)
}

// What another device has saved, of which no tab tells, is said as well: where the page begins to listen again, and while
// it listens.
func TestSavedOnAnotherDeviceIsSaid(t *testing.T) {
	t.Parallel()
	x := atDesk(t)
	x.client.put(x.attempt, 1, newCall("of another device")).acknowledged("applied", 1)
	x.tab.Await(`document.querySelector("[data-bar-shown=elsewhere]") !== null`)
	x.tab.Press(`[data-bar-action=show]`)
	x.tab.Await(`document.querySelector("textarea").value === "of another device" && document.querySelector("[data-bar-shown]") === null`)
	x.types(", and of this one")
	x.awaitSaved("of another device, and of this one")
	x.client.put(x.attempt, 2, newCall("there")).acknowledged("applied", 1)
	x.board.Changed(strings.TrimPrefix(x.attempt, "/attempts/")) // which is looked at each half minute
	x.tab.Await(inList(2, "Question 2 ✓ answered"))
	if x.tab.Count("[data-bar-shown]") != 0 {
		t.Errorf("it says %q", x.tab.Text("[data-bar-shown]"))
	}
}

// A linear exam that went on on another device cannot be answered here any more.
func TestLinearGoesOnOnAnotherDevice(t *testing.T) {
	t.Parallel()
	x := atDesk(t, linear)
	x.client.post(questionPath(x.attempt, 1), with(x.client.question(x.attempt, 1).form(), "answer", "there", "action", "next")).
		leads(questionPath(x.attempt, 2))
	x.tab.Await(`document.querySelector("[data-bar-shown=moved]") !== null && document.querySelector("form[data-question]").inert`)
}

// A linear exam that went on in another tab cannot be answered here any more.
func TestLinearGoesOnInAnotherTab(t *testing.T) {
	t.Parallel()
	x := atDesk(t, linear)
	second := x.secondTab(1)
	x.types("on")
	x.tab.Await(saysSaved)
	x.tab.Press(`button[value=next]`)
	second.Await(`document.querySelector("[data-bar-shown=moved]")?.innerText.startsWith("The exam went on in another tab or on another device, at question 2.") && document.querySelector("form[data-question]").inert`)
	second.Press(`[data-bar-action=go]`)
	if second.Main("position") != "2" {
		t.Errorf("at %s", second.Path())
	}
}

// Who hands in, or signs out, does so in all tabs.
func TestOverAndSignedOutInAllTabs(t *testing.T) {
	t.Parallel()
	x := atDesk(t)
	second := x.secondTab(2)
	second.Open(x.attempt + "/review")
	x.tab.Await(saysUnsaved)
	second.Click(`form[action$=submit] button`)
	second.Press(`[data-confirm-submit]`)
	x.tab.Await(`location.pathname.endsWith("/result")`)

	x = atDesk(t)
	second = x.secondTab(2)
	x.tab.Press(`header button[form=logout]`)
	second.Await(`document.querySelector("dialog")?.open === true`)
}

// Bars and dialogs have no fault that axe-core finds, in either language; they are the same in both themes but for
// the tokens.
func TestBarsAndDialogsAreAccessible(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"en", "ja"} {
		x := newWriter(t, func(d *exam.Definition) { d.Rules.TimeLimit = 0 })
		x.options.Language = lang
		x.sits(browser.Start(t).Person(t, x.options))
		x.wire.goes(cut)
		x.types("unsent")
		x.tab.Await(`document.querySelector("[data-when-kept]").hidden === false`)
		axe.Check(t, x.tab)
		x.tab.Click(`header button[form=logout]`)
		x.tab.Await(`document.querySelector("dialog")?.open === true`)
		axe.Check(t, x.tab)
		x.tab.Click(`dialog [value=stay]`)
		x.wire.goes(nil)
		x.signsOut()
		x.types("!")
		x.tab.Await(`document.querySelector("[data-signin-problem]") !== null && document.querySelector("dialog").open`)
		x.tab.Fill("dialog [name=password]", "wrong")
		x.tab.Click("dialog [type=submit]")
		x.tab.Await(`document.querySelector("[data-signin-problem]").hidden === false`)
		axe.Check(t, x.tab)
		x.tab.Click(`[data-later]`)
		x.tab.Await(`document.querySelector("[data-bar-shown=signed-out]") !== null`)
		axe.Check(t, x.tab)
	}
}
