package questionset

import (
	"strconv"
	"strings"
)

// tally gathers findings that many questions of a file may share: each kind is reported once, with the
// places.
type tally struct {
	codes  []Code
	kinds  map[Code]Severity
	counts map[Code]int
	places map[Code][]int // the first ones
}

// tallyPlaces is how many places a finding names.
const tallyPlaces = 10

func newTally() *tally {
	return &tally{kinds: map[Code]Severity{}, counts: map[Code]int{}, places: map[Code][]int{}}
}

// add counts a place.
func (t *tally) add(s Severity, code Code, line int) {
	if t.counts[code] == 0 {
		t.codes = append(t.codes, code)
		t.kinds[code] = s
	}
	t.counts[code]++
	if list := t.places[code]; len(list) < tallyPlaces {
		t.places[code] = append(list, line)
	}
}

// report adds one finding of each kind, at its first place. Its arguments are count and places.
func (t *tally) report(r *Report) {
	for _, code := range t.codes {
		names := make([]string, len(t.places[code]))
		for i, line := range t.places[code] {
			names[i] = strconv.Itoa(line)
		}
		places := strings.Join(names, ", ")
		if t.counts[code] > len(names) {
			places += ", …"
		}
		r.add(t.kinds[code], place{line: t.places[code][0]}, code, "count", t.counts[code], "places", places)
	}
}
