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

// indexBase finds out from where the places of such a column count.
type indexBase struct {
	known bool
	from  int // 0 or 1
	sure  bool
}

// indexFrom is where places count from: so that all rows agree with it, else as the places themselves show it.
// The table is gone through for that once.
func (t *tableReader) indexFrom() (from int, sure bool) {
	z := &t.base
	if !z.known && t.zeros.rows != nil {
		agree, zero, last := [2]bool{true, true}, false, false
		t.zeros.rows(func(rec *textfile.Row) bool {
			index, key, options := t.bothKeys(rec.Cells)
			if rec.Line <= t.file.Table.HeaderLine || len(index) == 0 || len(key) == 0 {
				return !t.file.Report.late()
			}
			for base := range agree {
				agree[base] = agree[base] && slices.Equal(index, shifted(key, base))
			}
			zero, last = zero || slices.Contains(index, 0), last || slices.Contains(index, options)
			return !t.file.Report.late()
		})
		switch {
		case agree[0] != agree[1]:
			z.from, z.sure = ternaryInt(agree[1]), true
		case zero != last:
			z.from, z.sure = ternaryInt(last), true
		}
	}
	z.known = true
	return z.from, z.sure
}

// bothKeys are the places of a row's index, as they stand, those of its key, from 0, and how many options it has.
func (t *tableReader) bothKeys(cells []string) (index, key []int, options int) {
	h := t.header
	names, _ := placesFromZero(h.get(cells, columnKeyIndex))
	source := h.get(cells, columnAnswer)
	list := h.optionsOf(cells, source)
	for place, text := range list.parts {
		if text != "" {
			options = place + 1
		}
		if foldText(text) == foldText(source) {
			key = append(key, place)
		}
	}
	if places, ok := readKey(foldText(source), maxOptions); ok && len(key) == 0 {
		key = places.places
	}
	return sortedPlaces(names.places), sortedPlaces(key), options
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
	from, sure := w.indexFrom()
	if ok && sure {
		places := shifted(sortedPlaces(names.places), -from)
		if places[0] >= 0 && slices.Equal(idsOf(places), right) {
			return true
		}
	}
	w.file.Report.error(w.p.at(columnAnswer), codeKeysDiffer, "key", w.get(columnAnswer), "index", source)
	return false
}
