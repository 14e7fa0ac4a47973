package deps_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"shiken/devtools/deps"
)

func root(t *testing.T) string {
	t.Helper()
	dir, err := deps.Root()
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func packages(t *testing.T) []deps.Package {
	t.Helper()
	pkgs, err := deps.List(root(t))
	if err != nil {
		t.Fatal(err)
	}
	return pkgs
}

func TestTreeKeepsTheImportRules(t *testing.T) {
	pkgs := packages(t)
	if len(pkgs) < 5 {
		t.Fatalf("only %d packages listed", len(pkgs))
	}
	for _, fault := range deps.Faults(pkgs) {
		t.Error(fault)
	}
}

func readTable(t *testing.T) deps.Table {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root(t), "docs", "design.md"))
	if err != nil {
		t.Fatal(err)
	}
	table, err := deps.ReadTable(string(text))
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func TestTreeKeepsTheTableOfTheDesign(t *testing.T) {
	table, pkgs := readTable(t), packages(t)
	for _, fault := range table.Faults(pkgs) {
		t.Error(fault)
	}
	var there []string
	for _, p := range pkgs {
		there = append(there, p.ImportPath)
	}
	for folder := range table {
		if !slices.Contains(there, strings.TrimSuffix(deps.Module+"/"+folder, "/")) {
			t.Errorf("docs/design.md lists %q, which is no package", folder)
		}
	}
}

func TestTableRefuses(t *testing.T) {
	table := readTable(t)
	tests := []struct {
		from, imports string
		refused       bool
	}{
		{"shiken/proctor", "shiken/store", false},
		{"shiken/proctor", "net/http", false},
		{"shiken/proctor", "shiken/accounts", true},
		{"shiken/proctor", "shiken/store/sqlite", true},
		{"shiken/accounts", "shiken/proctor", true},
		{"shiken/questionset", "shiken/store", true},
		{"shiken/richtext", "shiken/questionset", true},
		{"shiken/i18n", "shiken/exam", true},
		{"shiken/templates", "shiken/exam", true},
		{"shiken/handlers", "shiken/accounts", false},
		{"shiken/handlers", "shiken/store/postgres", true},
		{"shiken/handlers", "shiken/cli", true},
		{"shiken", "shiken/store/postgres", false},
		{"shiken/devtools/bench", "shiken/handlers", false},
		{"shiken/unheardof", "fmt", true},
	}
	for _, tt := range tests {
		t.Run(tt.from+" imports "+tt.imports, func(t *testing.T) {
			faults := table.Faults([]deps.Package{{ImportPath: tt.from, GoFiles: []string{"x.go"}, Imports: []string{tt.imports}}})
			if got := len(faults) > 0; got != tt.refused {
				t.Errorf("refused = %v, want %v: %v", got, tt.refused, faults)
			}
		})
	}
}

func TestTableMustBeUnderstood(t *testing.T) {
	for _, text := range []string{"no sections", "\n## 11. How\n| `exam` | pure | what it likes |\n", "\n## 11. How\n| `exam` | pure | |\n"} {
		if table, err := deps.ReadTable(text); err == nil {
			t.Errorf("%q was read as %v", text, table)
		}
	}
}

func TestExamIsPure(t *testing.T) {
	files := 0
	for _, p := range packages(t) {
		if p.ImportPath != deps.Module+"/exam" {
			continue
		}
		for _, name := range p.GoFiles {
			files++
			src, err := os.ReadFile(filepath.Join(p.Dir, name))
			if err != nil {
				t.Fatal(err)
			}
			faults, err := deps.Impure(name, src)
			if err != nil {
				t.Error(err)
			}
			for _, fault := range faults {
				t.Error(fault)
			}
		}
	}
	if files == 0 {
		t.Fatal("package exam has no files")
	}
}

func TestTopLevelLayout(t *testing.T) {
	for _, name := range deps.Layout {
		if _, err := os.Stat(filepath.Join(root(t), name)); err != nil {
			t.Errorf("%s is missing at the top level", name)
		}
	}
}

func TestTrackedFilesStayInsideTheProduct(t *testing.T) {
	dir := root(t)
	files, err := deps.Tracked(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if filepath.ToSlash(filepath.Dir(name)) == "devtools/deps" {
			continue // the examples below
		}
		content, err := os.ReadFile(filepath.Join(dir, name))
		if errors.Is(err, fs.ErrNotExist) {
			continue // removed, not yet committed
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, fault := range deps.Strays(name, content) {
			t.Error(fault)
		}
	}
}

func TestEveryDependencyIsExplained(t *testing.T) {
	required, err := deps.Required(root(t))
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(root(t), "docs", "dependencies.md"))
	if err != nil {
		t.Fatal(err)
	}
	var listed []string
	for _, m := range regexp.MustCompile("(?m)^\\| `([^`]+)` \\|").FindAllStringSubmatch(string(text), -1) {
		listed = append(listed, m[1])
	}
	used := deps.Modules(packages(t), required)
	if len(used) < 5 {
		t.Fatalf("only %v are imported", used)
	}
	for _, m := range used {
		if !slices.Contains(listed, m) {
			t.Errorf("docs/dependencies.md has no line for %s", m)
		}
	}
	for _, m := range listed {
		if !slices.Contains(used, m) {
			t.Errorf("docs/dependencies.md explains %s, which nothing imports", m)
		}
	}
}

func TestFaults(t *testing.T) {
	tests := []struct {
		from, imports string
		refused       bool
	}{
		{"shiken/exam", "time", false},
		{"shiken/exam", "math/rand/v2", false},
		{"shiken/exam", "math/rand", true},
		{"shiken/exam", "crypto/rand", true},
		{"shiken/exam", "net/url", true},
		{"shiken/exam", "os", true},
		{"shiken/exam", "log/slog", true},
		{"shiken/exam", "context", true},
		{"shiken/exam", "golang.org/x/text/width", true},
		{"shiken/exam", "shiken/store", true},
		{"shiken/store", "shiken/exam", false},
		{"shiken/store", "shiken/migrations", true},
		{"shiken/store/storetest", "shiken/store", false},
		{"shiken/store/storetest", "pgregory.net/rapid", false},
		{"shiken/store/sqlite", "shiken/migrations", false},
		{"shiken/store/sqlite", "shiken/store/postgres", true},
		{"shiken/store/sqlite", "shiken/handlers", true},
		{"shiken/store/postgres", "github.com/jackc/pgx/v5", false},
		{"shiken/store/sqlite", "github.com/jackc/pgx/v5", true},
		{"shiken", "github.com/jackc/pgx/v5/pgxpool", true},
		{"shiken", "github.com/gomodule/redigo/redis", false},
		{"shiken/sessionguard", "github.com/gomodule/redigo/redis", false},
		{"shiken/handlers", "github.com/gomodule/redigo/redis", true},
		{"shiken/sessionguard", "shiken/store", true},
		{"shiken/templates", "shiken/store", true},
		{"shiken/templates", "shiken/i18n", false},
		{"shiken/handlers", "shiken/store", false},
		{"shiken/handlers", "shiken/store/sqlite", true},
		{"shiken", "shiken/store/postgres", false},
		{"shiken/devtools/bench", "github.com/jackc/pgx/v5", false},
	}
	for _, tt := range tests {
		t.Run(tt.from+" imports "+tt.imports, func(t *testing.T) {
			faults := deps.Faults([]deps.Package{{ImportPath: tt.from, Imports: []string{tt.imports}}})
			if got := len(faults) > 0; got != tt.refused {
				t.Errorf("refused = %v, want %v: %v", got, tt.refused, faults)
			}
		})
	}
}

func TestImpure(t *testing.T) {
	tests := []struct {
		name, src string
		faults    int
	}{
		{"the clock", "package exam\nimport \"time\"\nvar x = time.Now()", 1},
		{"the clock renamed", "package exam\nimport tm \"time\"\nvar x = tm.Since", 1},
		{"a duration", "package exam\nimport \"time\"\nvar x = time.Second", 0},
		{"global randomness", "package exam\nimport \"math/rand/v2\"\nvar x = rand.IntN(3)", 1},
		{"seeded randomness", "package exam\nimport \"math/rand/v2\"\nvar x = rand.New(rand.NewPCG(1, 2)).IntN(3)", 0},
		{"a name of our own", "package exam\nvar rand struct{ IntN func() }\nvar x = rand.IntN", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			faults, err := deps.Impure("x.go", []byte(tt.src))
			if err != nil || len(faults) != tt.faults {
				t.Errorf("faults = %v, %v; want %d", faults, err, tt.faults)
			}
		})
	}
}

func TestStrays(t *testing.T) {
	tests := []struct {
		name, file, line string
		faults           int
	}{
		{"a folder beside the tree", "store/x_test.go", `os.ReadFile("../../elsewhere/q.csv")`, 1},
		{"a neighbour inside the tree", "store/x_test.go", `os.ReadFile("../exam/q.csv")`, 0},
		{"a link out of the tree", "README.md", "[x](../elsewhere/y.md)", 1},
		{"a link inside the tree", "docs/a.md", "[x](../README.md)", 0},
		{"an attack that a test sends", "questionset/zip_test.go", `"../../etc/passwd"`, 0},
		{"a home folder", "Makefile", "BIN = /home/somebody/bin", 1},
		{"the middle of an address", "README.md", "https://example.org/home/page", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if faults := deps.Strays(tt.file, []byte(tt.line)); len(faults) != tt.faults {
				t.Errorf("faults = %v, want %d", faults, tt.faults)
			}
		})
	}
}
