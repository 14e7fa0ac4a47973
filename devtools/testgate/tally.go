package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
)

// event is a line of `go test -json`, see `go doc test2json`.
type event struct {
	Action     string
	Package    string
	ImportPath string // of build output
	Test       string
	Output     string
	Elapsed    float64 // seconds
}

// tally counts tests, subtests included, and packages that failed outside of
// a test (build errors, panics, timeouts).
type tally struct {
	passed, failed, skipped int
	skips                   []string
	slow                    []event             // tests that took long, subtests left out
	output                  map[string][]string // by package and test, until it has ended
	testFailed              map[string]bool     // by package
}

func readEvents(in io.Reader, out io.Writer) (*tally, error) {
	const longestLine = 16 << 20
	t := &tally{output: map[string][]string{}, testFailed: map[string]bool{}}
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, longestLine)
	for lines.Scan() {
		var e event
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			fmt.Fprintln(out, lines.Text()) // not from a test: show it as it is
			continue
		}
		t.add(e, out)
	}
	return t, lines.Err()
}

func (t *tally) add(e event, out io.Writer) {
	key := e.Package + " " + e.Test
	switch e.Action {
	case "output":
		t.output[key] = append(t.output[key], e.Output)
	case "build-output":
		fmt.Fprint(out, e.Output)
	case "pass", "fail", "skip":
		if e.Test == "" {
			t.endPackage(e, out)
		} else {
			t.endTest(e, out)
		}
		delete(t.output, key)
	}
}

// slowFrom is how many seconds a test takes that is named for it.
const slowFrom = 10

func (t *tally) endTest(e event, out io.Writer) {
	if e.Elapsed >= slowFrom && !strings.Contains(e.Test, "/") {
		t.slow = append(t.slow, e)
	}
	text := strings.Join(t.output[e.Package+" "+e.Test], "")
	switch e.Action {
	case "pass":
		t.passed++
	case "fail":
		t.failed++
		t.testFailed[e.Package] = true
		fmt.Fprint(out, text)
	case "skip":
		t.skipped++
		t.skips = append(t.skips, fmt.Sprintf("%s %s: %s", e.Package, e.Test, reason(text)))
	}
}

// endPackage prints go test's own line of the package, and everything that a
// package said that failed outside of its tests.
func (t *tally) endPackage(e event, out io.Writer) {
	lines := t.output[e.Package+" "]
	if e.Action == "fail" && !t.testFailed[e.Package] {
		t.failed++
		fmt.Fprint(out, strings.Join(lines, ""))
		for key, unfinished := range t.output {
			if strings.HasPrefix(key, e.Package+" ") && key != e.Package+" " {
				fmt.Fprint(out, strings.Join(unfinished, ""))
			}
		}
		return
	}
	if n := len(lines); n > 0 {
		fmt.Fprint(out, lines[n-1])
	}
}

// reason is what a test said when it skipped.
func reason(text string) string {
	var said []string
	for _, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line != "" && !strings.HasPrefix(line, "===") && !strings.HasPrefix(line, "---") {
			said = append(said, line)
		}
	}
	return strings.Join(said, " ")
}

// good tells whether the run may count as passed.
func (t *tally) good(skipsFail bool) bool {
	return t.failed == 0 && t.passed > 0 && (t.skipped == 0 || !skipsFail)
}

func (t *tally) print(out io.Writer) {
	slices.SortStableFunc(t.slow, func(a, b event) int { return cmp.Compare(b.Elapsed, a.Elapsed) })
	for _, e := range t.slow {
		fmt.Fprintf(out, "SLOW %s %s: %.0f s\n", e.Package, e.Test, e.Elapsed)
	}
	for _, s := range t.skips {
		fmt.Fprintln(out, "SKIPPED", s)
	}
	fmt.Fprintf(out, "%d passed, %d failed, %d skipped\n", t.passed, t.failed, t.skipped)
}
