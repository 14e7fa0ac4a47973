package questionset

import (
	"slices"
	"strings"

	"shiken/internal/textfile"
)

// columnKeyIndex is a column with the places of the right options, beside their texts or letters in another: both must
// say the same.
const columnKeyIndex = "answer_index"

// isIndexName tells a column of places, which may count from 0.
func isIndexName(cell string) bool { return strings.Contains(foldName(cell), "index") }

// keyBeside takes in a column of places beside one of right answers, in either order.
func (t *tableReader) keyBeside(h *tableHeader, rec *textfile.Row, cell int) bool {
	first, has := h.column[columnAnswer]
	if !has || h.has(columnKeyIndex) || first >= len(rec.Cells) || isIndexName(rec.Cells[first]) == isIndexName(rec.Cells[cell]) {
		return false
	}
	h.column[columnKeyIndex] = cell
	if isIndexName(rec.Cells[first]) {
		if t.columns[columnAnswer] != "" {
			delete(h.column, columnKeyIndex)
			return false
		}
		h.column[columnAnswer], h.column[columnKeyIndex] = cell, first
	}
	p := t.place(rec.Line, strings.TrimSpace(rec.Cells[h.column[columnKeyIndex]]))
	t.file.Report.note(p, codeKeyBeside, "column", strings.TrimSpace(rec.Cells[h.column[columnAnswer]]))
	return true
}

func sortedPlaces(places []int) []int {
	return slices.Compact(slices.Sorted(slices.Values(places)))
}

func shifted(places []int, by int) []int {
	out := slices.Clone(places)
	for i := range out {
		out[i] += by
	}
	return out
}

// agrees reports whether the index beside the key names the same options, or says nothing.
func (w *tableRow) agrees(right []string) bool {
	source := w.get(columnKeyIndex)
	if source == "" {
		return true
	}
	names, ok := placesFromZero(source)
	if facts := w.facts(); ok && facts.sure {
		places := shifted(sortedPlaces(names.places), -facts.from)
		if places[0] >= 0 && slices.Equal(idsOf(places), right) {
			return true
		}
	}
	w.file.Report.error(w.p.at(columnAnswer), codeKeysDiffer, "key", w.get(columnAnswer), "index", source)
	return false
}
