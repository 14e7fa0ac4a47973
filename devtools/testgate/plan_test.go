package main_test

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"shiken/devtools/services"
)

// pack is what `go list` tells of a package under some build tags.
type pack struct {
	Dir                       string
	TestGoFiles, XTestGoFiles []string
}

// tests are the files that hold tests.
func (p pack) tests(t *testing.T) []string {
	t.Helper()
	var out []string
	for _, name := range append(p.TestGoFiles, p.XTestGoFiles...) {
		text, err := os.ReadFile(filepath.Join(p.Dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if testFunction.Match(text) {
			out = append(out, name)
		}
	}
	return out
}

var testFunction = regexp.MustCompile(`(?m)^func (?:Test|Fuzz|Example)[^(]*\((?:[a-z]+ \*testing\.[TF])?\)`)

// packs lists the packages of the tree by their paths ("./exam"), with further flags of `go list`.
func packs(t *testing.T, flags ...string) map[string]pack {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", slices.Concat([]string{"list", "-json=Dir,TestGoFiles,XTestGoFiles"}, flags, []string{"./..."})...)
	cmd.Dir = root
	text, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]pack{}
	for decoder := json.NewDecoder(strings.NewReader(string(text))); ; {
		var p pack
		err := decoder.Decode(&p)
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		path, err := filepath.Rel(root, p.Dir)
		if err != nil {
			t.Fatal(err)
		}
		out[strings.TrimSuffix("./"+path, "/.")] = p
	}
}

// planned are the packages that `make test` tests without and with the race detector, and those of which it runs
// without it only what the other run leaves out.
func planned(t *testing.T) (plain, unraced, raced []string) {
	t.Helper()
	services.Need(t, "make")
	cmd := exec.Command("make", "-n", "test")
	cmd.Dir = filepath.Join("..", "..")
	cmd.Env = append(os.Environ(), "MAKEFLAGS=", "MAKELEVEL=")
	text, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		_, arguments, gate := strings.Cut(line, "./devtools/testgate ")
		words := strings.Fields(arguments)
		switch {
		case !gate || slices.Contains(words, "-run"):
		case slices.Contains(words, "-race"):
			raced = append(raced, words...)
		default:
			plain = append(plain, words...)
			if i := slices.IndexFunc(words, func(w string) bool { return strings.HasPrefix(w, "-unraced=") }); i >= 0 {
				unraced = append(unraced, strings.Split(strings.TrimPrefix(words[i], "-unraced="), ",")...)
			}
		}
	}
	return plain, unraced, raced
}

// TestEveryTestIsRun: `make test` leaves no package out, and no test that a build with the race detector,
// or one without it, does not have.
func TestEveryTestIsRun(t *testing.T) {
	plain, unraced, raced := planned(t)
	without, with := packs(t), packs(t, "-race")
	found := 0
	for path, p := range without {
		all, watched := p.tests(t), with[path].tests(t)
		found += len(all)
		missing := func(from, in []string) bool {
			return slices.ContainsFunc(from, func(name string) bool { return !slices.Contains(in, name) })
		}
		runs, runsWatched := slices.Contains(plain, path), slices.Contains(raced, path)
		switch {
		case len(all)+len(watched) > 0 && !runs && !runsWatched:
			t.Errorf("%s is not tested", path)
		case missing(all, watched) && !runs:
			t.Errorf("%s has tests that the race detector leaves out, and is not tested without it", path)
		case slices.Contains(unraced, path) && !(runs && runsWatched):
			t.Errorf("%s has tests that are left to the race detector, and is not tested with it", path)
		case missing(watched, all) && !runsWatched:
			t.Errorf("%s has tests for the race detector alone, and is not tested with it", path)
		}
	}
	if found < 250 {
		t.Errorf("only %d files with tests", found)
	}
}
