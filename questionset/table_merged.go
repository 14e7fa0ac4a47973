package questionset

import (
	"slices"
	"strings"

	"shiken/internal/textfile"
)

// A name may stand over several columns, as merged cells do: then the cells beside it have none.

// mergedOptions takes the columns under one name of options for one option each, where the row below the header has
// a text in all of them.
func (t *tableReader) mergedOptions(h *tableHeader, rec *textfile.Row) {
	first, has := h.column[columnOptions]
	if !has || len(h.options) > 0 || t.columns[columnOptions] != "" {
		return
	}
	end := first + 1
	for slices.Contains(h.unnamed, end) && end-first < maxOptions && cellOf(t.file.Table.Sample, end) != "" {
		end++
	}
	if end-first < 2 || cellOf(t.file.Table.Sample, first) == "" {
		return
	}
	for slices.Contains(h.unnamed, end) && end-first < maxOptions {
		end++ // the first question may have fewer options than others
	}
	delete(h.column, columnOptions)
	for cell := first; cell < end; cell++ {
		h.options = append(h.options, cell)
	}
	h.unnamed = slices.DeleteFunc(h.unnamed, func(cell int) bool { return cell >= first && cell < end })
	name := strings.TrimSpace(rec.Cells[first])
	t.file.Report.note(t.place(rec.Line, name), codeOptionsMerged, "name", name, "count", end-first)
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
