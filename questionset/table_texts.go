package questionset

import (
	"slices"

	"shiken/internal/textfile"
)

// tableTexts finds out whether the keys of a table are texts of options: then a key that might be a letter or a number
// is a text, too. That is so where every key is the text of one option, and some can be nothing else.
type tableTexts struct {
	known bool
	found bool
}

// onlyTexts reports whether the keys are texts. The table is gone through for that once.
func (t *tableReader) onlyTexts() bool {
	z := &t.texts
	if !z.known && t.zeros.rows != nil && !t.header.numbered {
		all, sure := true, false
		t.zeros.rows(func(rec *textfile.Row) bool {
			if rec.Line > t.file.Table.HeaderLine {
				text, only := t.keyText(rec.Cells)
				all, sure = all && text, sure || only
			}
			return all && !t.file.Report.late()
		})
		z.found = all && sure && !t.file.Report.late()
	}
	z.known = true
	return z.found
}

// keyText reports whether the key of a choice is the text of one option, and whether it can be nothing else. A row
// without a key or options says nothing.
func (t *tableReader) keyText(cells []string) (text, only bool) {
	h := t.header
	key := foldText(h.get(cells, columnAnswer))
	kind, known := h.kindOf(cells)
	if key == "" || known && kind != rowChoice && kind != rowSingle && kind != rowMultiple {
		return true, false
	}
	found, options := 0, 0
	for _, option := range h.optionsOf(cells, key).parts {
		found += ternaryInt(foldText(option) == key)
		options += ternaryInt(option != "")
	}
	if options < 2 {
		return true, false // it is refused, or no choice
	}
	names, ok := readKey(key, maxOptions)
	beyond := slices.ContainsFunc(names.places, func(place int) bool { return place >= options })
	column := optionPlace(knownColumn(foldName(key))) >= 0
	return found == 1, found == 1 && !column && (!ok || beyond)
}

// warnOnce warns once in a file.
func (t *tableReader) warnOnce(p place, code Code, args ...any) {
	if !t.noted[code] {
		t.noted[code] = true
		t.file.Report.warning(p, code, args...)
	}
}
