package questionset

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"shiken/internal/textfile"
)

// Columns say which column of a table is what: the name of a field, and the column's name in the header,
// its letter as spreadsheets have it, or its number from 1. Columns that they don't name are known by
// the header. The field "header" is the number of the header's row, or "none".
type Columns map[string]string

// columnHeader is the field of Columns that says where the header stands, noHeader that there is none.
const (
	columnHeader = "header"
	noHeader     = "none"
)

// maxColumnsText bounds the text of ParseColumns in bytes.
const maxColumnsText = 8 << 10

// TableFields are the names that Columns may give to columns, options up to option_h.
func TableFields() []string {
	fields := []string{columnQuestion, columnAnswer}
	for i := range 8 {
		fields = append(fields, columnOption+optionID(i))
	}
	for _, name := range plainColumns {
		if name != columnQuestion && name != columnAnswer {
			fields = append(fields, name)
		}
	}
	return fields
}

// ParseColumns reads "question=Pregunta,correct_answer=Correcta,option_a=C": fields by any of the names
// that headers give them. "" is no Columns.
func ParseColumns(s string) (Columns, error) {
	if len(s) > maxColumnsText {
		return nil, fmt.Errorf("questionset: columns of %d bytes", len(s))
	}
	var out Columns
	for pair := range strings.SplitSeq(s, ",") {
		if strings.TrimSpace(pair) == "" {
			continue
		}
		field, ref, ok := strings.Cut(pair, "=")
		name, ref := columnName(field), strings.TrimSpace(ref)
		if place := bareMark(field); place >= 0 {
			name = columnOption + placeName(place)
		}
		known := name == columnHeader || isColumn(name) && optionPlace(name) < maxOptions && feedbackPlace(name) < maxOptions
		if _, twice := out[name]; !ok || !known || ref == "" || twice {
			return nil, fmt.Errorf("questionset: column %q", pair)
		}
		if out == nil {
			out = Columns{}
		}
		out[name] = ref
	}
	return out, nil
}

// String is what ParseColumns reads back, as long as no reference holds a comma.
func (c Columns) String() string {
	pairs := make([]string, 0, len(c))
	for _, field := range slices.Sorted(maps.Keys(c)) {
		pairs = append(pairs, field+"="+c[field])
	}
	return strings.Join(pairs, ",")
}

// headerLine is the row of the header that Columns name, 0 for none; asked says whether they do.
func (c Columns) headerLine() (line int, asked bool) {
	ref, asked := c[columnHeader]
	line, err := strconv.Atoi(ref)
	if err != nil {
		line = 0
	}
	return line, asked
}

// findColumn is the cell that a reference means among those of a header.
func findColumn(ref string, header []string) (cell int, ok bool) {
	for i, text := range header {
		if foldText(text) == foldText(ref) {
			return i, true
		}
	}
	if n, err := strconv.Atoi(ref); err == nil {
		return n - 1, n >= 1 && n <= MaxColumns
	}
	n := 0
	for _, r := range strings.ToUpper(ref) {
		if r < 'A' || r > 'Z' || n > MaxColumns {
			return 0, false
		}
		n = n*26 + int(r-'A') + 1
	}
	return n - 1, n >= 1 && n <= MaxColumns
}

// columnLetter names a 0-based column as spreadsheets do.
func columnLetter(cell int) string {
	s := ""
	for n := cell + 1; n > 0; n = (n - 1) / 26 {
		s = string(rune('A'+(n-1)%26)) + s
	}
	return s
}

// fits reports whether a row may be the header that Columns speak of: it has every name in them that is
// no letter and no number.
func (c Columns) fits(cells []string) bool {
	for field, ref := range c {
		if field == columnHeader {
			continue
		}
		if _, ok := findColumn(ref, cells); !ok {
			return false
		}
	}
	return true
}

// mapColumns takes in the columns that the options name; false refuses the file.
func (t *tableReader) mapColumns(h *tableHeader, rec *textfile.Row) bool {
	sound := true
	at := map[int]string{}
	for _, field := range slices.Sorted(maps.Keys(t.columns)) {
		if field == columnHeader {
			continue
		}
		p := t.place(rec.Line, field)
		cell, ok := findColumn(t.columns[field], rec.Cells)
		switch {
		case !ok || h.width > 0 && cell >= h.width:
			t.file.Report.error(p, codeColumnUnknown, "column", t.columns[field])
			sound = false
		case at[cell] != "":
			t.file.Report.error(p, codeColumnTwice, "column", t.columns[field], "other", at[cell])
			sound = false
		default:
			h.set(field, cell)
			at[cell] = field
		}
	}
	return sound
}

// Table is a file of rows as it was read, for those who want to say which column is what.
type Table struct {
	HeaderLine int      // of the header row, 0: none was found
	Header     []string // its cells, or those of the first row
	Sample     []string // cells of the row after it
	Fields     []string // by cell: the field that it was read as, "" for none
}

// columnsOf lists by cell what the header says.
func (h *tableHeader) columnsOf(width int) []string {
	out := make([]string, width)
	put := func(name string, cell int) {
		if cell >= 0 && cell < width {
			out[cell] = name
		}
	}
	for name, cell := range h.column {
		if name != columnKeyIndex {
			put(name, cell)
		}
	}
	for i, cell := range h.options {
		if !h.joined && !h.rightFirst {
			put(columnOption+optionID(i), cell)
		}
	}
	for i, cell := range h.wrong {
		put(columnWrong+optionID(i), cell)
	}
	for i, cell := range h.feedback {
		put(columnFeedback+optionID(i), cell)
	}
	return out
}

// cellOf is what a workbook calls the cell of a place, or its row where no column is meant.
func (t *tableReader) cellOf(p place) string {
	column := ""
	if t.header != nil && p.element != "" {
		if i, ok := t.header.cell(p.element); ok && i >= 0 {
			column = columnLetter(i)
		}
	}
	if column == "" && columnLetters.MatchString(p.element) {
		column = p.element
	}
	return t.sheet + "!" + column + strconv.Itoa(p.line)
}

// columnLetters are a column as workbooks call it.
var columnLetters = regexp.MustCompile(`^[A-Z]{1,3}$`)
