package questionset

import (
	"slices"
	"strconv"
	"strings"

	"shiken/internal/textfile"
)

// csvFaults are the findings about rows that are no CSV.
var csvFaults = map[textfile.Fault]Code{
	textfile.TooManyColumns: codeTooManyColumns,
	textfile.UnclosedQuote:  codeUnclosedQuote,
	textfile.AfterQuote:     codeAfterQuote,
}

// parseCSV reads a CSV text: a header row, then one question in each row.
func parseCSV(f *File, text string) { f.readCSV(text, nil) }

// readCSV reads a CSV text with the pictures beside it, nil where there are none.
func (f *File) readCSV(text string, pictures *zippedPictures) {
	comma := delimiterOf(text)
	if comma != ',' {
		f.Report.note(place{line: 1}, codeDelimiter, "delimiter", strconv.QuoteRune(rune(comma)))
	}
	t := newTableReader(f, pictures)
	t.guarded, t.comma = true, comma
	t.rows = func(row func(*textfile.Row) bool) {
		s := textfile.NewScanner(text, comma)
		for rec, more := s.Next(); more && row(&rec); rec, more = s.Next() {
		}
	}
	t.read(textfile.NewScanner(text, comma).Next)
}

var delimiters = []byte{',', '\t', ';'}

// delimiterOf returns the delimiter under which one of the first rows names the most columns; where none names any,
// the first under which these rows have as many cells each; a comma when none does better.
func delimiterOf(text string) byte {
	best, most := byte(','), 0
	for line := range firstLines(text) {
		for _, comma := range delimiters {
			known := 0
			for c := range strings.SplitSeq(line, string(comma)) {
				if name := columnName(strings.Trim(c, `" `)); isColumn(name) {
					known++
				}
			}
			if known > most && known > 1 {
				best, most = comma, known
			}
		}
	}
	if most == 0 {
		return evenDelimiter(strings.Join(slices.Collect(firstLines(text)), "\n"))
	}
	return best
}

// evenDelimiter is the first delimiter that cuts all rows into as many cells, of two or more; else a comma.
func evenDelimiter(head string) byte {
	for _, comma := range delimiters {
		width, even := 0, true
		s := textfile.NewScanner(head, comma)
		for rec, more := s.Next(); more && even && rec.Fault == ""; rec, more = s.Next() {
			even = width == 0 || len(rec.Cells) == width
			width = len(rec.Cells)
		}
		if even && width > 1 {
			return comma
		}
	}
	return ','
}

// firstLines are those among which the header may stand.
func firstLines(text string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for n := 0; n < headerRows && text != ""; {
			var line string
			line, text, _ = strings.Cut(text, "\n")
			if strings.TrimSpace(line) == "" {
				continue
			}
			if n++; !yield(line[:min(len(line), MaxText)]) {
				return
			}
		}
	}
}

// csvHeaderLike tells a text whose first row, or one of the first, is a header.
func csvHeaderLike(text string) bool {
	s := textfile.NewScanner(text, delimiterOf(text))
	for n := range headerRows {
		rec, ok := s.Next()
		if !ok {
			return false
		}
		if headerLike(rec.Cells) && (n == 0 || namesQuestion(rec.Cells)) {
			return true
		}
	}
	return false
}

// csvHeaderless tells rows without a header that are known all the same.
func csvHeaderless(text string) bool {
	rec, _ := textfile.NewScanner(text, ',').Next()
	return headerlessLayout(rec.Cells) != nil
}
