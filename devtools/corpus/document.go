package main

import (
	"bytes"
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"

	"shiken/exam"
	"shiken/questionset"
)

// support is the part of docs/formats.md that is written by hand.
//
//go:embed support.md
var support string

// document is docs/formats.md: what each format may hold, and what came of a run.
func document(all []outcome) []byte {
	var b bytes.Buffer
	b.WriteString(support)
	writeTypes(&b, all)
	writeRun(&b, all)
	return b.Bytes()
}

// writeTypes counts the types that were taken, by format.
func writeTypes(b *bytes.Buffer, all []outcome) {
	counts := map[questionset.Format]map[exam.QuestionType]int{}
	types := map[exam.QuestionType]bool{}
	for i := range all {
		o := &all[i]
		if o.skipped || len(o.types) == 0 {
			continue
		}
		if counts[o.format] == nil {
			counts[o.format] = map[exam.QuestionType]int{}
		}
		for kind, n := range o.types {
			counts[o.format][kind] += n
			types[kind] = true
		}
	}
	formats, kinds := slices.Sorted(maps.Keys(counts)), slices.Sorted(maps.Keys(types))
	b.WriteString("\n## Questions taken from the test data, by type\n\n| type |")
	for _, f := range formats {
		fmt.Fprintf(b, " %s |", f)
	}
	b.WriteString("\n|---|" + strings.Repeat("---:|", len(formats)) + "\n")
	for _, kind := range kinds {
		fmt.Fprintf(b, "| %s |", kind)
		for _, f := range formats {
			fmt.Fprintf(b, " %s |", blankZero(counts[f][kind]))
		}
		b.WriteString("\n")
	}
}

func blankZero(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}

// writeRun writes the run, one row per file.
func writeRun(b *bytes.Buffer, all []outcome) {
	b.WriteString("\n## The run\n\n| format | files | seen | taken | needs a marker | refused | copies |\n|---|---:|---:|---:|---:|---:|---:|\n")
	list, _ := sums(all)
	for _, s := range list {
		n := s.counts
		fmt.Fprintf(b, "| %s | %d | %d | %d | %d | %d | %d |\n", s.format, s.files, n.Seen, n.Taken, n.NeedsMarker, n.Refused, n.Identical)
	}
	b.WriteString("\n| file | format | seen | taken | needs a marker | refused | copies | reasons |\n|---|---|---:|---:|---:|---:|---:|---|\n")
	for i := range all {
		o := &all[i]
		if o.skipped {
			continue
		}
		n := o.counts
		fmt.Fprintf(b, "| %s | %s | %d | %d | %s | %s | %s | %s |\n", strings.ReplaceAll(o.path, "|", `\|`), o.format, n.Seen, n.Taken,
			blankZero(n.NeedsMarker), blankZero(n.Refused), blankZero(n.Identical), listed(o.reasons))
	}
}
