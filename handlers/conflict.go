package handlers

import (
	"maps"
	"slices"
	"strings"

	"shiken/questionset"
	"shiken/templates"
)

// maxChanged bounds the fields that the audit log and the conflict pages list.
const maxChanged = 300

// fieldDifferences compares two versions field by field, in an order of their paths; text is what is compared and
// shown of a field's values. Paths that end on one of skipped are left out.
func fieldDifferences(theirs, mine questionset.Fields, order func(a, b string) int, text func([]string) string,
	skipped ...string) []templates.FieldDifference {
	paths := slices.AppendSeq(slices.Collect(maps.Keys(theirs)), maps.Keys(mine))
	slices.SortFunc(paths, order)
	var out []templates.FieldDifference
	for _, path := range slices.Compact(paths) {
		before, after := text(theirs[path]), text(mine[path])
		ends := func(end string) bool { return strings.HasSuffix(path, end) }
		if before != after && !slices.ContainsFunc(skipped, ends) && len(out) < maxChanged {
			out = append(out, templates.FieldDifference{Path: path, Theirs: before, Mine: after})
		}
	}
	return out
}

// sentAgain are the fields of a form that one click sends once more, behind those that are new.
func sentAgain(fields questionset.Fields, anew ...templates.Field) []templates.Field {
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		for _, value := range fields[name] {
			anew = append(anew, templates.Field{Name: name, Value: value})
		}
	}
	return anew
}
