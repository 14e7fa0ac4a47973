package main

import (
	"fmt"
	"go/ast"
	"go/build/constraint"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
)

// raced returns a pattern for `go test -skip` that matches the tests of some of the packages (folders below the
// working one) to which a run with the race detector does justice: not those in files for builds without it, and
// not those that rest on anything declared in such a file, as a constant that tells the build. Nor those of whose
// name another package has a test, since the pattern holds for all.
func raced(some, all []string) (string, error) {
	kept := map[string]bool{}
	var skipped []string
	for _, folder := range all {
		tests, err := testsIn(folder)
		if err != nil {
			return "", err
		}
		for name, unraced := range tests {
			if unraced || !slices.Contains(some, folder) {
				kept[name] = true
			} else {
				skipped = append(skipped, name)
			}
		}
	}
	skipped = slices.DeleteFunc(skipped, func(name string) bool { return kept[name] })
	if len(skipped) == 0 {
		return "", fmt.Errorf("%q: the race detector watches no test of them", some)
	}
	slices.Sort(skipped)
	return "^(" + strings.Join(skipped, "|") + ")$", nil
}

// testsIn lists the tests of a package, and whether the race detector leaves them out or shortens them.
func testsIn(folder string) (map[string]bool, error) {
	paths, err := filepath.Glob(filepath.Join(folder, "*_test.go"))
	if err != nil {
		return nil, err
	}
	// What is declared, by name, with all names that its declaration mentions.
	mentions := map[string][]string{}
	unraced := map[string]bool{}
	for _, path := range paths {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		left := leftOut(file)
		for _, d := range declared(file) {
			if left && strings.HasPrefix(d.name, ".") {
				continue // mentioned in such files alone
			}
			mentions[d.name] = append(mentions[d.name], d.mentions...)
			unraced[d.name] = unraced[d.name] || left
		}
	}
	for more := true; more; {
		more = false
		for name, others := range mentions {
			if !unraced[name] && slices.ContainsFunc(others, func(other string) bool { return unraced[other] }) {
				unraced[name], more = true, true
			}
		}
	}
	tests := map[string]bool{}
	for name := range mentions {
		if isTest(name) {
			tests[name] = unraced[name]
		}
	}
	return tests, nil
}

func isTest(name string) bool {
	return name != "TestMain" && (strings.HasPrefix(name, "Test") || strings.HasPrefix(name, "Fuzz") || strings.HasPrefix(name, "Example"))
}

// leftOut: the file is in a build without the race detector, and not in one with it.
func leftOut(file *ast.File) bool {
	for _, group := range file.Comments {
		for _, c := range group.List {
			if c.Pos() > file.Package || !constraint.IsGoBuild(c.Text) {
				continue
			}
			x, err := constraint.Parse(c.Text)
			return err == nil && x.Eval(func(string) bool { return false }) && !x.Eval(func(tag string) bool { return tag == "race" })
		}
	}
	return false
}

type declaration struct {
	name     string
	mentions []string
}

// declared lists what the file declares at its top level, methods as ".name", whosever they are.
func declared(file *ast.File) []declaration {
	var out []declaration
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			name := d.Name.Name
			if d.Recv != nil {
				name = "." + name
			}
			out = append(out, declaration{name, namesIn(d.Body)})
		case *ast.GenDecl:
			for _, s := range d.Specs {
				if v, ok := s.(*ast.ValueSpec); ok {
					for _, name := range v.Names {
						out = append(out, declaration{name.Name, namesIn(v)})
					}
				}
			}
		}
	}
	return out
}

// namesIn lists the names that are mentioned, those of fields and methods with their point.
func namesIn(node ast.Node) []string {
	var out []string
	ast.Inspect(node, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			out = append(append(out, "."+n.Sel.Name), namesIn(n.X)...)
			return false
		case *ast.Ident:
			out = append(out, n.Name)
		}
		return true
	})
	return out
}
