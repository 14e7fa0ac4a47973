package planted_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"shiken/internal/planted"
)

// asked finds where the code asks for a bug: by its name in exam and sessionguard, by its constant
// elsewhere. planted_*.go and this package define, they do not ask.
var asked = regexp.MustCompile(`\bbug\("([^"]+)"\)|planted\.Bug\(planted\.(\w+)\)`)

// TestEveryBugIsPlantedOnce: the list holds what the code has, and the code what the list holds.
func TestEveryBugIsPlantedOnce(t *testing.T) {
	constants := constants(t)
	found := map[string][]string{}
	each(t, "../..", func(path, text string) {
		for _, m := range asked.FindAllStringSubmatch(text, -1) {
			name := m[1]
			if m[2] != "" {
				name = constants[m[2]]
			}
			found[name] = append(found[name], path)
		}
	})
	for _, p := range planted.Plants {
		if places := found[string(p.Name)]; len(places) != 1 {
			t.Errorf("%s is asked for in %d places: %v", p.Name, len(places), places)
		}
		delete(found, string(p.Name))
	}
	for name, places := range found {
		t.Errorf("%q is asked for in %v and is not in the list", name, places)
	}
}

// TestEveryRewriteMeetsItsText: what a bug of a script replaces stands in its file once, and the tests that are to
// notice it are there.
func TestEveryRewriteMeetsItsText(t *testing.T) {
	names := map[planted.Name]bool{}
	for _, p := range planted.Plants {
		names[p.Name] = true
	}
	for _, r := range planted.Rewrites {
		text, err := os.ReadFile(filepath.Join("../../static", r.File))
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(text), r.From); n != 1 || r.From == r.To || r.To == "" {
			t.Errorf("%s: what it replaces stands %d times in %s", r.Name, n, r.File)
		}
		if names[r.Name] || len(r.Tests) == 0 {
			t.Errorf("%s: another bug has the name, or no test notices it", r.Name)
		}
		names[r.Name] = true
		for _, test := range r.Tests {
			if !hasTest(t, r.Package, test) {
				t.Errorf("%s: there is no %s in %s", r.Name, test, r.Package)
			}
		}
	}
}

func hasTest(t *testing.T, folder, name string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("../..", folder, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "\nfunc "+name+"(t *testing.T) {") {
			return true
		}
	}
	return false
}

func TestEveryBugNamesItsRule(t *testing.T) {
	if len(planted.Plants) < 25 {
		t.Errorf("%d bugs", len(planted.Plants))
	}
	rule := regexp.MustCompile(`^(R([1-9]|1[0-6])|§([1-9]|10|11))$`)
	all := slices.Clone(planted.Plants)
	for _, r := range planted.Rewrites {
		all = append(all, r.Plant)
	}
	for _, p := range all {
		if !rule.MatchString(p.Breaks) || p.What == "" {
			t.Errorf("%+v", p)
		}
	}
}

// constants reads the names out of plants.go.
func constants(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile("plants.go")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, m := range regexp.MustCompile(`(?m)^\t(\w+)\s+Name = "(\w+)"$`).FindAllStringSubmatch(string(text), -1) {
		out[m[1]] = m[2]
	}
	return out
}

// each calls fn for the product's Go files.
func each(t *testing.T, root string, fn func(path, text string)) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == ".git" || strings.HasSuffix(path, "internal/planted")):
			return fs.SkipDir
		case !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		text, err := os.ReadFile(path)
		fn(path, string(text))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
