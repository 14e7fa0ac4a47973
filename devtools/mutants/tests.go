package main

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"shiken/devtools/effort"
	"shiken/internal/planted"
)

// unsimulated are the bugs in what neither simulation nor torture has.
var unsimulated = []planted.Name{"other_device_applied"}

// ruleTests are the tests of handlers, by the rule that they are named for: TestR10_….
type ruleTests struct {
	binary string // built with the tag planted
	folder string // that of its package
}

// byTests tries the bugs that nothing simulates by the tests of the rule that each breaks, which have to hold
// without a bug.
func byTests(ctx context.Context, folder string, results []result) error {
	isOurs := func(r result) bool { return slices.Contains(unsimulated, r.plant.Name) }
	if !slices.ContainsFunc(results, isOurs) {
		return nil
	}
	tests := &ruleTests{binary: filepath.Join(folder, "handlers.test"), folder: "handlers"}
	if err := goTool(ctx, "test", "-c", "-tags", tags, "-o", tests.binary, "./"+tests.folder); err != nil {
		return err
	}
	for i := range results {
		if !isOurs(results[i]) {
			continue
		}
		if err := tests.try(ctx, &results[i]); err != nil {
			return err
		}
	}
	return nil
}

func (t *ruleTests) try(ctx context.Context, r *result) error {
	control, err := t.run(ctx, "", r.plant.Breaks)
	if err := sound(control, err, "tests"); err != nil {
		return err
	}
	v, err := t.run(ctx, string(r.plant.Name), r.plant.Breaks)
	if err != nil {
		return err
	}
	r.verdict = v
	if r.caught {
		r.by = "tests"
		r.tell("tests")
	}
	return nil
}

func (t *ruleTests) run(ctx context.Context, bug, rule string) (verdict, error) {
	cmd := exec.CommandContext(ctx, t.binary, "-test.run", "^Test"+rule+"_")
	cmd.Dir = t.folder
	cmd.Env = append(os.Environ(), "SHIKEN_BUG="+bug, effort.Variable+"=1")
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return verdict{}, nil
	case ctx.Err() != nil || !errors.As(err, &exit):
		return verdict{}, err
	}
	return readTests(out), nil
}

var failedTest = regexp.MustCompile(`^--- FAIL: Test(R[0-9]+)_`)

// readTests reads what tests that failed have written. What broke off without a failed test catches nothing.
func readTests(out []byte) verdict {
	var v verdict
	for line := range strings.Lines(string(out)) {
		if m := failedTest.FindStringSubmatch(line); m != nil {
			v.add(m[1] + " handlers")
		}
	}
	if !v.caught {
		v.broke = "broke off: " + lastLines(out)
	}
	return v
}
