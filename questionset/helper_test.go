package questionset_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/japanese"

	"shiken/questionset"
)

// The bounds are wide enough for a slow machine and far below what anything quadratic would take.
const (
	mostTime   = 30 * time.Second
	mostMemory = 2 << 30 // bytes allocated in all
)

func parse(t testing.TB, name, data string) *questionset.File {
	t.Helper()
	f, err := questionset.Parse(t.Context(), name, strings.NewReader(data), questionset.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func parseFile(t testing.TB, path string) *questionset.File {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return parse(t, path, string(data))
}

// found lists the findings as "severity code@line", sorted as they stand.
func found(f *questionset.File) []string {
	out := []string{}
	for _, x := range f.Report.Findings {
		out = append(out, fmt.Sprintf("%s %s@%d", x.Severity, x.Code, x.Line))
	}
	return out
}

func wantFound(t *testing.T, f *questionset.File, want ...string) {
	t.Helper()
	if got := found(f); !slices.Equal(got, want) {
		t.Errorf("findings\n got %q\nwant %q", got, want)
	}
}

// one returns the only question of a file.
func one(t *testing.T, f *questionset.File) questionset.Question {
	t.Helper()
	if len(f.Questions) != 1 {
		t.Fatalf("%d questions, findings %q", len(f.Questions), found(f))
	}
	return f.Questions[0]
}

func cp932(t testing.TB, s string) string {
	t.Helper()
	out, err := japanese.ShiftJIS.NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
