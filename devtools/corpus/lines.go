package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"text/tabwriter"

	"shiken/questionset"
)

// writeLines writes one line per file: how it was read, how many questions were seen, taken, need a
// marker, were refused or left out as copies, the file, and why.
func writeLines(w io.Writer, all []outcome) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "FORMAT\tSEEN\tTAKEN\tMARKER\tREFUSED\tCOPIES\tFILE\tREASONS")
	for i := range all {
		o := &all[i]
		n := o.counts
		switch {
		case o.fault != "":
			fmt.Fprintf(t, "FAULT\t\t\t\t\t\t%s\t%s\n", o.path, o.fault)
		case o.skipped:
			fmt.Fprintf(t, "-\t\t\t\t\t\t%s\tskipped: not recognised\n", o.path)
		default:
			fmt.Fprintf(t, "%s\t%d\t%d\t%d\t%d\t%d\t%s\t%s\n", cmp.Or(o.format, "?"), n.Seen, n.Taken, n.NeedsMarker, n.Refused,
				n.Identical, o.path, o.why())
		}
	}
	t.Flush() //nolint:errcheck // the writer below keeps its error
}

// why lists the errors, and the warnings behind them.
func (o *outcome) why() string {
	s := listed(o.reasons)
	if len(o.hints) > 0 {
		if s != "" {
			s += "; "
		}
		s += "warnings: " + listed(o.hints)
	}
	return s
}

// sum is what came of all files of a format.
type sum struct {
	format questionset.Format
	files  int
	counts questionset.Counts
}

func (s *sum) add(o *outcome) {
	s.files++
	s.counts.Seen += o.counts.Seen
	s.counts.Taken += o.counts.Taken
	s.counts.NeedsMarker += o.counts.NeedsMarker
	s.counts.Refused += o.counts.Refused
	s.counts.Identical += o.counts.Identical
}

// sums adds up the files of each format, and how many were skipped.
func sums(all []outcome) (list []*sum, skipped int) {
	by := map[questionset.Format]*sum{}
	for i := range all {
		o := &all[i]
		if o.skipped || o.fault != "" {
			skipped++
			continue
		}
		if by[o.format] == nil {
			by[o.format] = &sum{format: o.format}
		}
		by[o.format].add(o)
	}
	for _, format := range slices.Sorted(maps.Keys(by)) {
		list = append(list, by[format])
	}
	return list, skipped
}

func writeSummary(w io.Writer, all []outcome) {
	list, skipped := sums(all)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "\nFORMAT\tFILES\tSEEN\tTAKEN\tMARKER\tREFUSED\tCOPIES")
	total := sum{format: "all"}
	for _, s := range list {
		total.files += s.files
		total.counts.Seen += s.counts.Seen
		total.counts.Taken += s.counts.Taken
		total.counts.NeedsMarker += s.counts.NeedsMarker
		total.counts.Refused += s.counts.Refused
		total.counts.Identical += s.counts.Identical
	}
	for _, s := range append(list, &total) {
		n := s.counts
		fmt.Fprintf(t, "%s\t%d\t%d\t%d\t%d\t%d\t%d\n", cmp.Or(s.format, "?"), s.files, n.Seen, n.Taken, n.NeedsMarker, n.Refused, n.Identical)
	}
	t.Flush() //nolint:errcheck // the writer below keeps its error
	fmt.Fprintf(w, "%d files skipped\n", skipped)
}
