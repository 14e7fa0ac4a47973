package questionset

import (
	"fmt"
	"maps"
	"regexp"
	"strconv"
	"strings"
)

// Sections counts the sections, from the first one on, that have a field.
func (f Fields) Sections() int {
	there := map[int]bool{}
	for path := range f {
		if m := sectionField.FindStringSubmatch(path); m != nil {
			i, _ := strconv.Atoi(m[1]) // four digits
			there[i] = true
		}
	}
	n := 0
	for there[n+1] {
		n++
	}
	return n
}

var sectionField = regexp.MustCompile(`^sections\[([1-9][0-9]{0,3})\]\.`)

// AddSection appends a section that draws from a set, with the values that a file has by default.
func (f Fields) AddSection(set string) {
	path := sectionPath(f.Sections() + 1)
	f[path+".from.set"] = []string{set}
	f[path+".points"] = []string{"1"}
}

// RemoveSection takes a section out; those behind it move up. Others than 1..Sections are ignored.
func (f Fields) RemoveSection(i int) {
	n := f.Sections()
	if i < 1 || i > n {
		return
	}
	f.takeSection(i)
	for j := i + 1; j <= n; j++ {
		f.giveSection(j-1, f.takeSection(j))
	}
}

// SwapSections exchanges two sections. Others than 1..Sections are ignored.
func (f Fields) SwapSections(i, j int) {
	if n := f.Sections(); min(i, j) < 1 || max(i, j) > n {
		return
	}
	first, second := f.takeSection(i), f.takeSection(j)
	f.giveSection(j, first)
	f.giveSection(i, second)
}

// takeSection removes the fields of a section and returns them without their prefix.
func (f Fields) takeSection(i int) Fields {
	out := Fields{}
	prefix := sectionPath(i) + "."
	for path, values := range f {
		if rest, ok := strings.CutPrefix(path, prefix); ok {
			out[rest] = values
		}
	}
	maps.DeleteFunc(f, func(path string, _ []string) bool { return strings.HasPrefix(path, prefix) })
	return out
}

func (f Fields) giveSection(i int, fields Fields) {
	for rest, values := range fields {
		f[fmt.Sprintf("%s.%s", sectionPath(i), rest)] = values
	}
}
