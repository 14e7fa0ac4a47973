package deps

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// Layout is what stands at the top of the tree, whatever else does.
var Layout = []string{
	"go.mod", "go.sum", "main.go", "handlers", "templates", "exam", "sessionguard",
	"static", "migrations", "docker-compose.yml", "README.md",
}

// Root returns the folder of the module that the working directory is in.
func Root() (string, error) {
	out, err := exec.Command("go", "env", "GOMOD").Output()
	if err != nil {
		return "", fmt.Errorf("deps: go env GOMOD: %w", err)
	}
	mod := strings.TrimSpace(string(out))
	if mod == "" || mod == os.DevNull {
		return "", errors.New("deps: not inside a module")
	}
	return filepath.Dir(mod), nil
}

// List returns the packages of the module at root, broken ones included.
func List(root string) ([]Package, error) {
	cmd := exec.Command("go", "list", "-e", "-json=ImportPath,Dir,GoFiles,Imports,TestImports,XTestImports", "./...")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("deps: go list: %w", err)
	}
	var pkgs []Package
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p Package
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return pkgs, nil
		} else if err != nil {
			return nil, err
		}
		pkgs = append(pkgs, p)
	}
}

// Modules returns the paths of the modules that packages of the tree import,
// tests included: the direct dependencies. required lists the modules of
// go.mod.
func Modules(pkgs []Package, required []string) []string {
	used := map[string]bool{}
	for _, p := range pkgs {
		for _, imported := range slices.Concat(p.Imports, p.TestImports, p.XTestImports) {
			best := ""
			for _, m := range required {
				if under(imported, m) && len(m) > len(best) {
					best = m
				}
			}
			used[best] = true
		}
	}
	delete(used, "") // the standard library and ours
	return slices.Sorted(maps.Keys(used))
}

// Required returns the paths of the modules that go.mod at root requires.
func Required(root string) ([]string, error) {
	b, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		return nil, err
	}
	var paths []string
	for _, m := range requirement.FindAllStringSubmatch(string(b), -1) {
		paths = append(paths, m[1])
	}
	return paths, nil
}

var requirement = regexp.MustCompile(`(?m)^(?:require)?\s+([a-z][\w.-]*\.[\w./~-]+) v\d`)

// Tracked returns the paths, with slashes, of the files that git tracks, or of
// all files where the tree is no repository (a source archive).
func Tracked(root string) ([]string, error) {
	cmd := exec.Command("git", "-C", root, "ls-files", "-z")
	if out, err := cmd.Output(); err == nil {
		return strings.FieldsFunc(string(out), func(r rune) bool { return r == 0 }), nil
	}
	var files []string
	err := fs.WalkDir(os.DirFS(root), ".", func(p string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			files = append(files, p)
		}
		return err
	})
	return files, err
}

var (
	// homePath is an absolute path into somebody's own folders.
	homePath = regexp.MustCompile(`(?:^|[\s"'(=:` + "`" + `])(/(?:home|Users|root|work)/[\w.-]+)`)
	// upward is a relative path that climbs.
	upward = regexp.MustCompile(`(?:^|[\s"'(=:` + "`" + `])((?:\.\./)+[\w.-]+)`)
	// harmless are climbing paths that tests send as attacks.
	harmless = regexp.MustCompile(`^(?:\.\./)+(?:etc|evil|outside|secret|x)\b`)
)

// Strays returns a line for every place in the text file that names a path
// outside of the product. name is relative to the root, with slashes.
func Strays(name string, content []byte) []string {
	if bytes.IndexByte(content, 0) >= 0 {
		return nil // not text
	}
	var faults []string
	for i, line := range strings.Split(string(content), "\n") {
		for _, m := range homePath.FindAllStringSubmatch(line, -1) {
			faults = append(faults, fmt.Sprintf("%s:%d: %s", name, i+1, m[1]))
		}
		for _, m := range upward.FindAllStringSubmatch(line, -1) {
			target := path.Join(path.Dir(name), m[1])
			if strings.HasPrefix(target, "../") && !harmless.MatchString(m[1]) {
				faults = append(faults, fmt.Sprintf("%s:%d: %s leads out of the tree", name, i+1, m[1]))
			}
		}
	}
	return faults
}
