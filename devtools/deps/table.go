package deps

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Table is the table of docs/design.md, section 11: by folder, the folders of
// the product that its package may import; nil where that is all of them.
type Table map[string][]string

var code = regexp.MustCompile("`([^`]+)`")

// ReadTable reads the table out of the text of docs/design.md. The last column
// holds folders, "nothing", "everything" or "all of the above but backends"
// (packages below store); anything else is an error, so that no row goes
// unenforced.
func ReadTable(design string) (Table, error) {
	_, section, found := strings.Cut(design, "\n## 11. ")
	if !found {
		return nil, fmt.Errorf("deps: no section 11")
	}
	table := Table{}
	var above []string
	for line := range strings.Lines(section) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		if len(cells) != 3 || !strings.Contains(cells[0], "`") {
			continue
		}
		allowed, err := permission(strings.TrimSpace(cells[2]), above)
		if err != nil {
			return nil, err
		}
		for _, folder := range names(cells[0]) {
			table[folder] = allowed
		}
		above = append(above, names(cells[0])...)
	}
	return table, nil
}

func permission(cell string, above []string) ([]string, error) {
	switch {
	case cell == "nothing":
		return none, nil
	case cell == "everything":
		return nil, nil
	case cell == "all of the above but backends":
		return slices.DeleteFunc(slices.Clone(above), func(f string) bool { return strings.HasPrefix(f, "store/") }), nil
	case strings.Trim(code.ReplaceAllString(cell, ""), ", ") == "" && cell != "":
		return names(cell), nil
	}
	return nil, fmt.Errorf("deps: section 11 says %q of imports", cell)
}

// names lists the folders in a cell; main is the folder of the program itself.
func names(cell string) []string {
	var out []string
	for _, m := range code.FindAllStringSubmatch(cell, -1) {
		if m[1] == "main" {
			m[1] = mainFolder
		}
		out = append(out, m[1])
	}
	return out
}

// Faults returns a line for every import that the table does not allow, and
// for every package of the product that it does not list. Packages that hold
// only tests, and devtools, may be absent.
func (t Table) Faults(pkgs []Package) []string {
	var faults []string
	for _, p := range pkgs {
		folder := folderOf(p.ImportPath)
		allowed, listed := t[folder]
		switch {
		case under(folder, "devtools") || len(p.GoFiles) == 0 || onlyDoc(p.GoFiles):
			continue
		case !listed:
			faults = append(faults, p.ImportPath+" is not in the table of docs/design.md, section 11")
		case allowed == nil:
			continue
		}
		for _, imported := range p.Imports {
			ours, isOurs := strings.CutPrefix(imported, Module+"/")
			if isOurs && !slices.Contains(allowed, ours) {
				faults = append(faults, fmt.Sprintf("%s imports %s: the table allows %q", p.ImportPath, imported, allowed))
			}
		}
	}
	return faults
}

func folderOf(importPath string) string {
	return strings.TrimPrefix(strings.TrimPrefix(importPath, Module), "/")
}

func onlyDoc(files []string) bool { return slices.Equal(files, []string{"doc.go"}) }
