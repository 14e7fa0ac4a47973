// Package axe looks for what keeps people out of a page: it runs axe-core, by
// Deque Systems, in a browser's tab. axe-core 4.14.1 stands beside this file as
// npm publishes it (axe.min.js of the package axe-core), under the Mozilla
// Public License 2.0, see LICENSE-axe-core.txt. It is for tests: the program
// neither holds nor serves it.
package axe

import (
	_ "embed"
	"fmt"
	"strings"
	"testing"

	"shiken/devtools/browser"
)

// Version is that of axe-core.
const Version = "4.14.1"

//go:embed axe.min.js
var source string

// Finding is an element of a page that breaks a rule of axe-core, or of which axe-core cannot say whether it does.
type Finding struct {
	Rule, Impact, Help, HelpURL string
	// Selector finds the element.
	Selector, HTML, Summary string
	// Incomplete: axe-core leaves the judgement to people; Reason is its word for why, empty for none.
	Incomplete bool
	Reason     string
}

// run judges the page that the tab shows by all rules that axe-core applies by itself, by the size of targets (WCAG 2.2,
// 2.5.8), and by whether names hold the words that are seen (2.5.3).
const run = `axe.run(document, { resultTypes: ["violations", "incomplete"], rules: %s }).then((result) => {
	const found = (rules, Incomplete) => rules.flatMap(({ id, impact, help, helpUrl, nodes }) => nodes.map((n) => ({
		Rule: id, Impact: n.impact ?? impact ?? "", Help: help, HelpURL: helpUrl, Selector: n.target.join(" "), HTML: n.html, Summary: n.failureSummary ?? "", Incomplete,
		Reason: [...n.any, ...n.all, ...n.none].map((check) => check.data?.messageKey ?? "").find((key) => key) ?? "",
	})));
	if (result.passes.length === 0) throw new Error("axe-core passed nothing");
	return [...found(result.violations, false), ...found(result.incomplete, true)];
})`

// Findings judges the tab's page, whose JavaScript must be on, without the rules that are named.
func Findings(tab *browser.Tab, without ...string) []Finding {
	rules := `{ "target-size": { enabled: true }, "label-content-name-mismatch": { enabled: true }`
	for _, rule := range without {
		rules += fmt.Sprintf(", %q: { enabled: false }", rule)
	}
	if browser.Eval[bool](tab, `window.axe === undefined`) {
		browser.Eval[any](tab, source+";null")
	}
	return browser.Settle[[]Finding](tab, fmt.Sprintf(run, rules+" }"))
}

// Check fails the test for each rule that the tab's page breaks, with the
// elements that do, and what would mend them. The page's JavaScript must be on.
func Check(tb testing.TB, tab *browser.Tab) {
	tb.Helper()
	for _, fault := range Faults(tab) {
		tb.Errorf("%s: %s", tab.Path(), fault)
	}
}

// Faults is what Check fails with: a text for each element that breaks a rule.
func Faults(tab *browser.Tab) []string {
	var out []string
	for _, f := range Findings(tab) {
		if !f.Incomplete {
			out = append(out, f.String())
		}
	}
	return out
}

func (f Finding) String() string {
	words := f.Impact
	if f.Incomplete {
		words = "to be reviewed: " + f.Reason
	}
	return fmt.Sprintf("%s (%s): %s; %s\n    %s  %s\n      %s",
		f.Rule, words, f.Help, f.HelpURL, f.Selector, f.HTML, strings.ReplaceAll(f.Summary, "\n", "\n      "))
}
