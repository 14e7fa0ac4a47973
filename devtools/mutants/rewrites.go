package main

import (
	"context"
	"encoding/json"
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

// scripts tries the bugs of scripts: the tests of a package are built from a changed file, and some test has to fail
// which holds without the change.
type scripts struct {
	folder string            // for what is built
	whole  map[string]string // the tests of a package without a bug
	sound  map[string]bool   // packages and tests that were seen to hold
}

// byScripts tries those that were asked for.
func byScripts(ctx context.Context, folder string, results []result) error {
	s := &scripts{folder: folder, whole: map[string]string{}, sound: map[string]bool{}}
	for i := range results {
		if results[i].rewrite == nil {
			continue
		}
		if err := s.try(ctx, &results[i]); err != nil {
			return err
		}
	}
	return nil
}

func (s *scripts) try(ctx context.Context, r *result) error {
	w := r.rewrite
	if key := w.Package + ": " + strings.Join(w.Tests, " "); !s.sound[key] {
		if err := s.control(ctx, w); err != nil {
			return err
		}
		s.sound[key] = true
	}
	overlay, err := s.overlay(w)
	if err != nil {
		return err
	}
	binary, err := s.build(ctx, w.Package, "with-a-bug", "-overlay", overlay)
	if err != nil {
		return err
	}
	v, err := s.run(ctx, w, binary)
	if err != nil {
		return err
	}
	r.verdict = v
	if r.caught {
		r.by = w.Package
	}
	r.tell(w.Package)
	return nil
}

// control runs the tests that are to notice a bug without it.
func (s *scripts) control(ctx context.Context, w *planted.Rewrite) (err error) {
	if s.whole[w.Package] == "" {
		if s.whole[w.Package], err = s.build(ctx, w.Package, "whole-"+w.Package); err != nil {
			return err
		}
	}
	v, err := s.run(ctx, w, s.whole[w.Package])
	return sound(v, err, "tests")
}

// build makes the tests of a package, and returns their path.
func (s *scripts) build(ctx context.Context, folder, name string, flags ...string) (string, error) {
	binary := filepath.Join(s.folder, name+".test")
	args := append([]string{"test", "-c", "-o", binary}, flags...)
	return binary, goTool(ctx, append(args, "./"+folder)...)
}

// overlay writes the changed file, and the list of it that the go command reads.
func (s *scripts) overlay(w *planted.Rewrite) (string, error) {
	file, err := filepath.Abs(filepath.Join("static", w.File))
	if err != nil {
		return "", err
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	if strings.Count(string(text), w.From) != 1 {
		return "", errors.New("mutants: " + string(w.Name) + ": what it replaces does not stand once in " + w.File)
	}
	changed := filepath.Join(s.folder, w.File)
	if err := os.WriteFile(changed, []byte(strings.Replace(string(text), w.From, w.To, 1)), 0o600); err != nil {
		return "", err
	}
	list, err := json.Marshal(map[string]map[string]string{"Replace": {file: changed}})
	if err != nil {
		return "", err
	}
	overlay := filepath.Join(s.folder, "overlay.json")
	return overlay, os.WriteFile(overlay, list, 0o600)
}

// run runs the tests that are to notice a bug.
func (s *scripts) run(ctx context.Context, w *planted.Rewrite, binary string) (verdict, error) {
	cmd := exec.CommandContext(ctx, binary, "-test.run", "^("+strings.Join(w.Tests, "|")+")$")
	cmd.Dir = w.Package
	cmd.Env = append(os.Environ(), effort.Variable+"=1")
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

var failedTest = regexp.MustCompile(`^--- FAIL: (Test\w+) `)

// readTests reads what tests that failed have written. What broke off without a failed test catches nothing.
func readTests(out []byte) verdict {
	var v verdict
	for line := range strings.Lines(string(out)) {
		if m := failedTest.FindStringSubmatch(line); m != nil && !slices.Contains(v.checks, m[1]) {
			v.add(m[1])
		}
	}
	if !v.caught {
		v.broke = "broke off: " + lastLines(out)
	}
	return v
}
