package main

import (
	"fmt"
	"io"
	"strings"
)

// report prints what was measured, and remembers which bounds are broken.
type report struct {
	out    io.Writer
	faults []string
	taken  float64 // percent of the machine that others used
}

func (r *report) line(what string, v any) { fmt.Fprintf(r.out, "  %-58s %v\n", what, v) }

// bound prints a measured value with its bound, and whether it holds.
func (r *report) bound(what string, value, bound string, holds bool) {
	verdict := "holds"
	if !holds {
		verdict = "BROKEN"
		r.faults = append(r.faults, what)
	}
	fmt.Fprintf(r.out, "  %-58s %s   (bound %s: %s)\n", what, value, bound, verdict)
}

// broken is an error when a bound is.
func (r *report) broken(shape string) error {
	if len(r.faults) == 0 {
		return nil
	}
	const busy = 20
	hint := ""
	if r.taken > busy {
		hint = fmt.Sprintf(" (others used %.0f %% of the machine meanwhile: only an idle one tells)", r.taken)
	}
	return fmt.Errorf("%s: broken%s: %s", shape, hint, strings.Join(r.faults, "; "))
}
