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

// violation is a rule that a page breaks, as axe-core tells it.
type violation struct {
	ID      string `json:"id"`
	Impact  string `json:"impact"`
	Help    string `json:"help"`
	HelpURL string `json:"helpUrl"`
	Nodes   []struct {
		// Target holds a selector for each frame on the way to the element.
		Target  []string `json:"target"`
		HTML    string   `json:"html"`
		Summary string   `json:"failureSummary"`
	} `json:"nodes"`
}

// run judges the page that the tab shows by all rules that axe-core applies by
// itself, and by the size of targets (WCAG 2.2). What it found stands in
// axeFound when it is done.
const run = `window.axeFound = undefined;
axe.run(document, { resultTypes: ["violations"], rules: { "target-size": { enabled: true } } }).then(
	(r) => { window.axeFound = { violations: r.violations, passes: r.passes.length }; },
	(e) => { window.axeFound = { error: String(e), violations: [] }; });
null`

// found is the outcome of a run.
type found struct {
	Violations []violation `json:"violations"`
	Passes     int         `json:"passes"`
	Error      string      `json:"error"`
}

// Check fails the test for each rule that the tab's page breaks, with the
// elements that do, and what would mend them. The page's JavaScript must be on.
func Check(tb testing.TB, tab *browser.Tab) {
	tb.Helper()
	for _, fault := range Faults(tab) {
		tb.Errorf("%s: %s", tab.Path(), fault)
	}
}

// Faults is what Check fails with: a text for each rule that the page breaks.
func Faults(tab *browser.Tab) []string {
	if browser.Eval[bool](tab, `window.axe === undefined`) {
		browser.Eval[any](tab, source+";null")
	}
	browser.Eval[any](tab, run)
	tab.Await(`window.axeFound !== undefined`)
	got := browser.Eval[found](tab, `window.axeFound`)
	var out []string
	if got.Error != "" || got.Passes == 0 {
		out = append(out, fmt.Sprintf("axe-core could not judge it: %s", got.Error))
	}
	for _, v := range got.Violations {
		out = append(out, v.String())
	}
	return out
}

func (v violation) String() string {
	var b strings.Builder
	_, _ = fmt.Fprintf(&b, "%s (%s): %s; %s", v.ID, v.Impact, v.Help, v.HelpURL)
	for _, n := range v.Nodes {
		_, _ = fmt.Fprintf(&b, "\n    %s  %s\n      %s", strings.Join(n.Target, " "), n.HTML, strings.ReplaceAll(n.Summary, "\n", "\n      "))
	}
	return b.String()
}
