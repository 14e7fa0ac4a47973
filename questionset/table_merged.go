package questionset

import (
	"slices"
	"strings"

	"shiken/internal/textfile"
)

// A name may stand over several columns, as merged cells do: then the cells beside it have none.

// mergedOptions takes the columns under one name of options for one option each, where the row below the header has
// a text in all of them, unless the first surely holds all options by itself.
func (t *tableReader) mergedOptions(h *tableHeader, rec *textfile.Row) {
	first, has := h.column[columnOptions]
	if !has || len(h.options) > 0 || t.columns[columnOptions] != "" {
		return
	}
	end := first + 1
	for slices.Contains(h.unnamed, end) && end-first < maxOptions && cellOf(t.file.Table.Sample, end) != "" {
		end++
	}
	if end-first < 2 || cellOf(t.file.Table.Sample, first) == "" || t.oneCellHoldsAll(first, rec.Line) {
		return
	}
	for slices.Contains(h.unnamed, end) && end-first < maxOptions {
		end++ // the first question may have fewer options than others
	}
	delete(h.column, columnOptions)
	h.merged = true
	for cell := first; cell < end; cell++ {
		h.options = append(h.options, cell)
	}
	h.unnamed = slices.DeleteFunc(h.unnamed, func(cell int) bool { return cell >= first && cell < end })
	name := strings.TrimSpace(rec.Cells[first])
	t.file.Report.note(t.place(rec.Line, name), codeOptionsMerged, "name", name, "count", end-first)
}

// oneCellHoldsAll tells a column that holds all options in each row that has any, with bars or line ends between them
// or as a quoted list, and three or more of them in some row: two parts alone may be one text, as "P(A|B)" is.
func (t *tableReader) oneCellHoldsAll(cell, headerLine int) bool {
	every, several := true, false
	see := func(cells []string) {
		text := cellOf(cells, cell)
		if noOptions[foldText(text)] {
			return
		}
		list, code := cutOptions(text, "")
		sure := strings.ContainsAny(text, "|\n")
		if listLike(text) {
			sure = strings.ContainsAny(text, `"'`)
		}
		every = every && sure && code == "" && !alikeBeside(cells, cell)
		several = several || len(list.parts) > 2
	}
	if t.rows == nil {
		see(t.file.Table.Sample)
		return every && several
	}
	t.rows(func(rec *textfile.Row) bool {
		if rec.Line > headerLine && rec.Fault == "" {
			see(rec.Cells)
		}
		return every && !t.file.Report.late()
	})
	return every && several
}

// alikeBeside reports whether the two cells beside one that may hold several options may do so, too: then each is one
// option, such as an interval.
func alikeBeside(cells []string, cell int) bool {
	return mayHoldOptions(cellOf(cells, cell+1)) && mayHoldOptions(cellOf(cells, cell+2))
}

// mayHoldOptions tells a cell that reads as two or more options.
func mayHoldOptions(text string) bool {
	return listLike(text) || slices.ContainsFunc(optionSeparators, func(separator string) bool {
		return parts(text, separator) && len(cutAt(text, separator)) > 1
	})
}

// spreadMerged refuses a row whose first option reads as several: of these or of the columns a key would name others.
func (w *tableRow) spreadMerged() bool {
	first := w.header.options[0]
	if text := cellOf(w.cells, first); mayHoldOptions(text) && !alikeBeside(w.cells, first) {
		w.file.Report.error(w.p.at(columnOptions), codeOptionsCell, "text", text)
		return false
	}
	return true
}

// namesOptions tells a second row of the header, which has nothing but the names of the options in their order.
func (h *tableHeader) namesOptions(cells []string) bool {
	if len(h.options) < 2 || h.joined || cellOf(cells, h.options[1]) == "" {
		return false
	}
	for i := range cells {
		place := slices.Index(h.options, i)
		cell := cellOf(cells, i)
		if place < 0 && cell != "" || cell != "" && bareMark(cell) != place && optionPlace(columnName(cell)) != place {
			return false
		}
	}
	return true
}
