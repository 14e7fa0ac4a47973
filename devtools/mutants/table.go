package main

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"shiken/internal/planted"
)

// result is what became of one planted bug.
type result struct {
	plant   planted.Plant
	rewrite *planted.Rewrite // nil: the bug is one of the program
	by      string           // "simulation", "torture", or the package of the tests; "" = nobody
	verdict
}

const introduction = `# Planted bugs

Made by ` + "`make mutants`" + `; do not edit.

Each of these bugs is put into the program on purpose, one at a time, at the place where a tired engineer
would make it (` + "`internal/planted`" + `). The simulation runs with each until one of its seeds, from 1 on,
shows the bug; where it breaks R12, runs that differ in their keys alone are compared first. For those bugs
that it does not show, the torture breaks a cluster for 30 s. A bug of a script (*browser*) is a line of
` + "`static`" + ` that is another while the tests are built that are to notice it, in Chromium. A bug that nobody notices
fails the run, and so does a fault that is found without any bug. This is the test of the tests: a
rule that no bug here breaks is one whose tests were never seen to fail.

"Caught by" names the rule that was found broken and who found it: *linearizability* searches each response's
history for an order that explains what the clients were told, *journal* holds what they were told against
the journals, *invariants* judges each entry of the journals anew (` + "`devtools/history`" + `); *simulation* is a
check of its own. Of a script the tests are named that failed.

| bug | breaks | what the program does | caught by | check |
|---|---|---|---|---|
`

// document is docs/planted-bugs.md: the same bugs and checks give the same text.
func document(results []result) []byte {
	var b bytes.Buffer
	b.WriteString(introduction)
	slices.SortFunc(results, func(x, y result) int { return cmp.Compare(x.plant.Name, y.plant.Name) })
	for _, r := range results {
		by, checks := r.by, strings.Join(r.checks, ", ")
		if !r.caught {
			by, checks = "**nobody**", ""
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n", r.plant.Name, r.plant.Breaks, r.plant.What, by, checks)
	}
	fmt.Fprintf(&b, "\n%d bugs.\n", len(results))
	return b.Bytes()
}
