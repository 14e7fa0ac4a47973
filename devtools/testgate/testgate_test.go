package main_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestGate runs the real command over small modules.
func TestGate(t *testing.T) {
	gate := filepath.Join(t.TempDir(), "testgate")
	if out, err := exec.Command("go", "build", "-o", gate, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	tests := []struct {
		name, body, ci string
		good           bool
		shows          []string
	}{
		{"pass", `func TestA(t *testing.T) { t.Run("b", func(*testing.T) {}) }`, "true", true,
			[]string{"2 passed, 0 failed, 0 skipped"}},
		{"fail", `func TestA(t *testing.T) { t.Error("wrong sum") }`, "", false,
			[]string{"wrong sum", "0 passed, 1 failed, 0 skipped"}},
		{"skip on a laptop", `func TestA(t *testing.T) { t.Skip("no server") }; func TestB(*testing.T) {}`, "", true,
			[]string{"SKIPPED x TestA:", "no server", "1 passed, 0 failed, 1 skipped"}},
		{"skip in CI", `func TestA(t *testing.T) { t.Skip("no server") }; func TestB(*testing.T) {}`, "true", false,
			[]string{"SKIPPED x TestA:", "1 passed, 0 failed, 1 skipped"}},
		{"no test at all", `var _ testing.TB`, "", false, []string{"0 passed, 0 failed, 0 skipped"}},
		{"panic", `func TestA(*testing.T) { panic("lost") }`, "", false, []string{"lost", "1 failed"}},
		{"does not build", `func TestA(*testing.T) { return 1 }`, "", false, []string{"too many return values", "1 failed"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cmd := exec.Command(gate, "./...")
			cmd.Dir = module(t, tt.body)
			cmd.Env = append(os.Environ(), "CI="+tt.ci, "GOFLAGS=-mod=mod")
			out, err := cmd.CombinedOutput()
			if got := err == nil; got != tt.good {
				t.Errorf("good = %v, want %v", got, tt.good)
			}
			for _, want := range tt.shows {
				if !strings.Contains(string(out), want) {
					t.Errorf("%q is not shown in:\n%s", want, out)
				}
			}
		})
	}
}

func module(t *testing.T, body string) string {
	t.Helper()
	dir := t.TempDir()
	files := map[string]string{
		"go.mod":    "module x\n",
		"x_test.go": "package x\nimport \"testing\"\n" + body + "\n",
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestUnraced: with -unraced those tests of a package are run that the race detector leaves out, or that rest on a
// name which tells the build, by whatever way, and those of which another package has one of the same name.
func TestUnraced(t *testing.T) {
	gate := filepath.Join(t.TempDir(), "testgate")
	if out, err := exec.Command("go", "build", "-o", gate, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	const others = `
func TestEither(t *testing.T) {}
func TestBoth(t *testing.T) {}
func TestShort(t *testing.T) { if raced { return } }
func times() int { if raced { return 1 }; return 2 }
type loop struct{}
func (loop) turns() int { return times() }
func TestByMethod(t *testing.T) { _ = loop{}.turns() }`
	dir := module(t, others)
	files := map[string]string{
		"off_test.go":         "//go:build !race\n\npackage x\n\nimport \"testing\"\n\nconst raced = false\n\nfunc TestLeftOut(*testing.T) {}\n",
		"on_test.go":          "//go:build race\n\npackage x\n\nconst raced = true\n",
		"other/other_test.go": "package other\n\nimport \"testing\"\n\nfunc TestBoth(*testing.T) {}\nfunc TestAlone(*testing.T) {}\n",
		"unix_test.go":        "//go:build unix\n\npackage x\n\nimport \"testing\"\n\nfunc TestUnix(*testing.T) {}\n",
	}
	if err := os.Mkdir(filepath.Join(dir, "other"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for flag, passed := range map[string]int{"-unraced=.": 6, "-timeout=1m": 8} {
		cmd := exec.Command(gate, flag, ".", "./other")
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod")
		out, err := cmd.CombinedOutput()
		if want := fmt.Sprintf("%d passed, 0 failed, 0 skipped", passed); err != nil || !strings.Contains(string(out), want) {
			t.Errorf("%s: %v, want %s\n%s", flag, err, want, out)
		}
	}
}
