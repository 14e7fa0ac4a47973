package questionset

import (
	"maps"
	"regexp"
	"strconv"
	"strings"
)

var listField = regexp.MustCompile(`^(` + sectionList + `|` + attachmentList + `)\[([1-9][0-9]{0,3})\]\.`)

// entriesOf counts the entries of a list, from the first one on, that have a field.
func (f Fields) entriesOf(list string) int {
	there := map[int]bool{}
	for path := range f {
		if m := listField.FindStringSubmatch(path); m != nil && m[1] == list {
			i, _ := strconv.Atoi(m[2]) // four digits
			there[i] = true
		}
	}
	n := 0
	for there[n+1] {
		n++
	}
	return n
}

// Sections counts the sections, from the first one on, that have a field.
func (f Fields) Sections() int { return f.entriesOf(sectionList) }

// Attachments counts the attachments, from the first one on, that have a field.
func (f Fields) Attachments() int { return f.entriesOf(attachmentList) }

// AddSection appends a section that draws from a set, with the values that a file has by default.
func (f Fields) AddSection(set string) {
	path := sectionPath(f.Sections() + 1)
	f[path+".from.set"] = []string{set}
	f[path+".points"] = []string{"1"}
}

// RemoveSection takes a section out; those behind it move up. Others than 1..Sections are ignored.
func (f Fields) RemoveSection(i int) { f.removeEntry(sectionList, i) }

// RemoveAttachment takes an attachment out; those behind it move up. Others than 1..Attachments are ignored.
func (f Fields) RemoveAttachment(i int) { f.removeEntry(attachmentList, i) }

// SwapSections exchanges two sections. Others than 1..Sections are ignored.
func (f Fields) SwapSections(i, j int) { f.swapEntries(sectionList, i, j) }

// SwapAttachments exchanges two attachments. Others than 1..Attachments are ignored.
func (f Fields) SwapAttachments(i, j int) { f.swapEntries(attachmentList, i, j) }

func (f Fields) removeEntry(list string, i int) {
	n := f.entriesOf(list)
	if i < 1 || i > n {
		return
	}
	f.takeEntry(list, i)
	for j := i + 1; j <= n; j++ {
		f.giveEntry(list, j-1, f.takeEntry(list, j))
	}
}

func (f Fields) swapEntries(list string, i, j int) {
	if n := f.entriesOf(list); min(i, j) < 1 || max(i, j) > n {
		return
	}
	first, second := f.takeEntry(list, i), f.takeEntry(list, j)
	f.giveEntry(list, j, first)
	f.giveEntry(list, i, second)
}

// takeEntry removes the fields of an entry and returns them without their prefix.
func (f Fields) takeEntry(list string, i int) Fields {
	out := Fields{}
	prefix := entryPath(list, i) + "."
	for path, values := range f {
		if rest, ok := strings.CutPrefix(path, prefix); ok {
			out[rest] = values
		}
	}
	maps.DeleteFunc(f, func(path string, _ []string) bool { return strings.HasPrefix(path, prefix) })
	return out
}

func (f Fields) giveEntry(list string, i int, fields Fields) {
	for rest, values := range fields {
		f[entryPath(list, i)+"."+rest] = values
	}
}
