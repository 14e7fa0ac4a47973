package templates

import "slices"

// heading names the questions that share a passage, where that is known and there are several.
func (s Stimulus) heading(page Page) string {
	if s.First < s.Last {
		return page.T("answer.stimulus.of", "first", s.First, "last", s.Last)
	}
	return page.T("answer.stimulus")
}

// gap is the index of the gap behind a piece.
func (b Body) gap(p Piece) (int, bool) { return p.Gap - 1, p.Gap > 0 && p.Gap <= len(b.Items) }

// placed reports whether the stem holds a gap.
func (b Body) placed(i int) bool {
	return slices.ContainsFunc(b.Pieces, func(p Piece) bool { return p.Gap == i+1 })
}

// hasRows reports whether a gap, or whatever has rows, stands below the stem.
func (b Body) hasRows() bool {
	for i := range b.Items {
		if !b.placed(i) {
			return true
		}
	}
	return false
}
