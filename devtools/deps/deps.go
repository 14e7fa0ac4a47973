// Package deps holds the rules of docs/design.md, section 9, on which package
// may import which, as data, reads those of the table in section 11, and finds
// what breaks them. Its test applies them to the tree. Test files are free to import what they need; so is devtools.
package deps

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"slices"
	"strconv"
	"strings"
)

// Module is the path of the product's module.
const Module = "shiken"

// Package is the part of `go list -json` that the rules look at.
type Package struct {
	ImportPath string
	Dir        string
	GoFiles    []string // without tests
	Imports    []string // of GoFiles
	// TestImports and XTestImports are those of the tests.
	TestImports, XTestImports []string
}

// rule says what the packages at or below one folder may import. Folders are
// relative to the module; the longest match decides.
type rule struct {
	folder string
	// ours lists the folders of the product that may be imported beside those
	// below the rule's own; nil leaves them free. A folder on the list does
	// not open what lies below it: store does not open store/postgres.
	ours []string
	// never lists import paths that are refused with everything below them.
	never []string
	// stdOnly refuses every other module.
	stdOnly bool
}

var none = []string{}

var rules = []rule{
	{folder: "exam", ours: none, stdOnly: true,
		never: []string{"net", "os", "context", "log", "crypto/rand", "math/rand", "database/sql", "syscall"}},
	// failpoint is empty but in builds for crash tests, and imports nothing.
	{folder: "internal/failpoint", ours: none, stdOnly: true},
	{folder: "store", ours: []string{"exam", "internal/failpoint", "internal/planted"}},
	{folder: "store/sqlite", ours: []string{"store", "store/sqlstore", "exam", "migrations", "internal/failpoint"}},
	{folder: "store/postgres", ours: []string{"store", "store/sqlstore", "exam", "migrations", "internal/failpoint"}},
	{folder: "sessionguard", ours: none},
	{folder: "templates", never: []string{
		"shiken/store", "shiken/migrations", "shiken/sessionguard", "shiken/handlers", "database/sql", "net/http"}},
	{folder: "handlers", never: []string{"shiken/store/postgres", "shiken/store/sqlite", "shiken/migrations"}},
}

// mainFolder is the folder of the program itself, the root.
const mainFolder = ""

// drivers names the modules that only some folders may import.
var drivers = map[string][]string{
	"github.com/jackc/pgx":       {"store/postgres"},
	"github.com/gomodule/redigo": {"sessionguard", mainFolder},
}

// impure lists what package exam must not call, by import path: the clock and
// the generators that seed themselves.
var impure = map[string][]string{
	"time": {"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker"},
	"math/rand/v2": {"Int", "IntN", "Int32", "Int32N", "Int64", "Int64N", "Uint", "UintN", "Uint32", "Uint32N",
		"Uint64", "Uint64N", "N", "Float32", "Float64", "NormFloat64", "ExpFloat64", "Perm", "Shuffle"},
}

// Faults returns a line for every import that breaks a rule.
func Faults(pkgs []Package) []string {
	var faults []string
	for _, p := range pkgs {
		folder := folderOf(p.ImportPath)
		if under(folder, "devtools") {
			continue
		}
		for _, imported := range p.Imports {
			if why := refused(folder, imported); why != "" {
				faults = append(faults, fmt.Sprintf("%s imports %s: %s", p.ImportPath, imported, why))
			}
		}
	}
	return faults
}

func refused(folder, imported string) string {
	for module, folders := range drivers {
		if under(imported, module) && !slices.Contains(folders, folder) {
			return fmt.Sprintf("only %q may", folders)
		}
	}
	r, ok := ruleOf(folder)
	if !ok {
		return ""
	}
	for _, n := range r.never {
		// math/rand/v2 can be seeded, math/rand draws on a hidden generator.
		if under(imported, n) && imported != "math/rand/v2" {
			return "refused below " + r.folder
		}
	}
	ours, isOurs := strings.CutPrefix(imported, Module+"/")
	switch {
	case isOurs && r.ours != nil && !under(ours, r.folder) && !slices.Contains(r.ours, ours):
		return "not among what " + r.folder + " may import"
	case !isOurs && r.stdOnly && strings.Contains(strings.Split(imported, "/")[0], "."):
		return r.folder + " uses the standard library only"
	}
	return ""
}

func ruleOf(folder string) (rule, bool) {
	var best rule
	for _, r := range rules {
		if under(folder, r.folder) && len(r.folder) > len(best.folder) {
			best = r
		}
	}
	return best, best.folder != ""
}

func under(p, folder string) bool { return p == folder || strings.HasPrefix(p, folder+"/") }

// Impure returns a line for every use of the clock or of self-seeded
// randomness in a source file of package exam.
func Impure(name string, src []byte) ([]string, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, src, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	names := localNames(file)
	var faults []string
	ast.Inspect(file, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if pkg, ok := sel.X.(*ast.Ident); ok && slices.Contains(impure[names[pkg.Name]], sel.Sel.Name) {
			faults = append(faults, fmt.Sprintf("%s: %s.%s", fset.Position(sel.Pos()), pkg.Name, sel.Sel.Name))
		}
		return true
	})
	return faults, nil
}

// localNames maps the name that a file gives each impure package to its path.
func localNames(file *ast.File) map[string]string {
	names := map[string]string{}
	for _, spec := range file.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		if err != nil || impure[p] == nil {
			continue
		}
		name := path.Base(strings.TrimSuffix(p, "/v2"))
		if spec.Name != nil {
			name = spec.Name.Name
		}
		names[name] = p
	}
	return names
}
