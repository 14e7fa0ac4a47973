package questionset

import "shiken/internal/textfile"

// ReadSheet gives the rows of a workbook's first sheet that holds anything to row, one by one as its cells
// show them, until row returns false; the empty cells behind the last may be missing. It is bounded as a
// workbook with questions is, and reports false where data is no workbook or one that cannot be read whole.
// It is for other tables than those of questions.
func ReadSheet(data []byte, row func(textfile.Row) bool) bool {
	f := &File{}
	if !looksZip(data) {
		return false
	}
	b, ok := openBundle(f, data)
	if !ok || b.entries[workbookPart] == nil {
		return false
	}
	w := &workbook{file: f, bundle: b, numbers: newNumberFormats()}
	defer w.numbers.close()
	if !w.open() {
		return false
	}
	for _, s := range w.sheets {
		if held, ok := w.eachRow(s, row); !ok || held {
			return ok
		}
	}
	return true
}

// eachRow reports whether the sheet holds anything, and whether it could be read.
func (w *workbook) eachRow(s sheetPart, row func(textfile.Row) bool) (held, ok bool) {
	rows, ok := w.rows(s)
	if !ok {
		return false, false
	}
	defer rows.close()
	for {
		rec, more := rows.next()
		if !more {
			return held, w.file.Report.Sound()
		}
		rows.oddities(rec.Line)
		held = held || !rec.Empty()
		if held && !row(rec) {
			return held, true
		}
	}
}
