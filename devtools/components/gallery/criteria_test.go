package gallery_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// criteria are those of WCAG 2.2, levels A and AA.
const criteria = "1.1.1 1.2.1 1.2.2 1.2.3 1.2.4 1.2.5 1.3.1 1.3.2 1.3.3 1.3.4 1.3.5 1.4.1 1.4.2 1.4.3 1.4.4 1.4.5 1.4.10 1.4.11 1.4.12 1.4.13 " +
	"2.1.1 2.1.2 2.1.4 2.2.1 2.2.2 2.3.1 2.4.1 2.4.2 2.4.3 2.4.4 2.4.5 2.4.6 2.4.7 2.4.11 2.5.1 2.5.2 2.5.3 2.5.4 2.5.7 2.5.8 " +
	"3.1.1 3.1.2 3.2.1 3.2.2 3.2.3 3.2.4 3.2.6 3.3.1 3.3.2 3.3.3 3.3.4 3.3.7 3.3.8 4.1.2 4.1.3"

var (
	criterion = regexp.MustCompile(`(?m)^\| ([0-9.]+) [^|]+\| AA? \| [^|]+\| [^|]+\| ([^|]+)\|$`)
	namedTest = regexp.MustCompile("`(Test[A-Za-z0-9]+)`")
	test      = regexp.MustCompile(`(?m)^func (Test[A-Za-z0-9_]+)\(`)
)

// docs/accessibility.md has all criteria, each with evidence, and names tests that there are.
func TestEveryCriterionHasEvidence(t *testing.T) {
	const root = "../../.."
	text, err := os.ReadFile(filepath.Join(root, "docs/accessibility.md"))
	if err != nil {
		t.Fatal(err)
	}
	var listed []string
	for _, row := range criterion.FindAllStringSubmatch(string(text), -1) {
		listed = append(listed, row[1])
		if !namedTest.MatchString(row[2]) && !strings.Contains(row[2], "read") {
			t.Errorf("%s has the evidence %q", row[1], row[2])
		}
	}
	if want := strings.Fields(criteria); len(want) != 55 || !slices.Equal(listed, want) {
		t.Errorf("%d criteria %v, want %d", len(listed), listed, len(want))
	}
	there := tests(t, root)
	for _, name := range namedTest.FindAllStringSubmatch(string(text), -1) {
		if !there[name[1]] {
			t.Errorf("there is no %s", name[1])
		}
	}
}

// tests are the names of all tests below a folder.
func tests(t *testing.T, root string) map[string]bool {
	t.Helper()
	there := map[string]bool{}
	err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, name := range test.FindAllStringSubmatch(string(text), -1) {
			there[name[1]] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return there
}
