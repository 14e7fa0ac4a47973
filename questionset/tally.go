package questionset

import (
	"strconv"
	"strings"
)

// tally gathers findings that many questions of a file may share: each kind is reported once, with the
// places.
type tally struct {
	of     *Report // of the file that is read; nil where one is written
	codes  []Code
	kinds  map[Code]Severity
	places map[Code][]int
	nths   map[Code][]int // of the questions
}

// tallyPlaces is how many places the text of a finding names.
const tallyPlaces = 10

func newTally(of *Report) *tally {
	return &tally{of: of, kinds: map[Code]Severity{}, places: map[Code][]int{}, nths: map[Code][]int{}}
}

// add counts a place.
func (t *tally) add(s Severity, code Code, line int) {
	if len(t.places[code]) == 0 {
		t.codes = append(t.codes, code)
		t.kinds[code] = s
	}
	t.places[code] = append(t.places[code], line)
	if t.of != nil && t.of.nth > 0 {
		t.nths[code] = append(t.nths[code], t.of.nth)
	}
}

// report adds one finding of each kind, at its first place. Its arguments are count and places.
func (t *tally) report(r *Report) {
	for _, code := range t.codes {
		lines := t.places[code]
		names := make([]string, min(len(lines), tallyPlaces))
		for i := range names {
			names[i] = strconv.Itoa(lines[i])
		}
		places := strings.Join(names, ", ")
		if len(lines) > len(names) {
			places += ", …"
		}
		before := len(r.Findings)
		r.add(t.kinds[code], place{line: lines[0]}, code, "count", len(lines), "places", places)
		if added := r.Findings[before:]; len(added) == 1 {
			added[0].Lines, added[0].Nths = lines, t.nths[code]
		}
	}
}
