package textfile

import "strings"

// Row is one row of a CSV file as RFC 4180 has it: a quoted cell may hold line ends.
type Row struct {
	Line  int // of its first character
	Cells []string
	Fault Fault // "" = well-formed
	Bare  bool  // a quotation mark stands inside an unquoted cell and was taken literally
	// LastLine is where a quote that is never closed swallowed the file to.
	LastLine int
	Raw      string // as it stands in the text, without its line end
}

// Fault is what is wrong with a row as CSV.
type Fault string

// The faults of a row.
const (
	TooManyColumns Fault = "too_many_columns"
	UnclosedQuote  Fault = "unclosed_quote" // it runs to the end of the text
	AfterQuote     Fault = "after_quote"    // text behind a closing quotation mark
)

// MaxColumns bounds the cells of one row.
const MaxColumns = 256

// Empty reports whether no cell holds anything but white space.
func (r *Row) Empty() bool {
	for _, c := range r.Cells {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return true
}

// Scanner splits a text with LF line ends into records. It looks at every byte once.
type Scanner struct {
	text  string
	pos   int
	line  int
	comma byte
}

// NewScanner returns a scanner of a text whose cells are separated by comma.
func NewScanner(text string, comma byte) *Scanner {
	return &Scanner{text: text, line: 1, comma: comma}
}

// Next returns the next record that holds anything, or false at the end of the text.
func (s *Scanner) Next() (Row, bool) {
	var cells []string // of empty records, to be used again: a text may be nothing but these
	for {
		for s.pos < len(s.text) && s.text[s.pos] == '\n' {
			s.pos++
			s.line++
		}
		if s.pos >= len(s.text) {
			return Row{}, false
		}
		rec := s.record(cells)
		if rec.Fault != "" || !rec.Empty() {
			return rec, true
		}
		cells = rec.Cells[:0]
	}
}

// record reads the record that begins here.
func (s *Scanner) record(cells []string) Row {
	rec, start := Row{Line: s.line, Cells: cells}, s.pos
	for more := true; more; {
		cell := s.cell(&rec)
		if len(rec.Cells) < MaxColumns {
			rec.Cells = append(rec.Cells, cell)
		} else {
			rec.Fault = TooManyColumns
		}
		more = s.delimiter()
	}
	rec.LastLine = s.line
	rec.Raw = strings.TrimSuffix(s.text[start:s.pos], "\n")
	if s.pos > 0 && s.text[s.pos-1] == '\n' {
		rec.LastLine--
	}
	return rec
}

// delimiter steps over a comma or a line end; it reports whether the record goes on.
func (s *Scanner) delimiter() bool {
	if s.pos >= len(s.text) {
		return false
	}
	c := s.text[s.pos]
	s.pos++
	if c == '\n' {
		s.line++
	}
	return c == s.comma
}

func (s *Scanner) cell(rec *Row) string {
	start := s.pos
	for s.pos < len(s.text) && s.text[s.pos] == ' ' {
		s.pos++
	}
	if s.pos < len(s.text) && s.text[s.pos] == '"' {
		s.pos++
		return s.quoted(rec)
	}
	s.skipToDelimiter()
	cell := s.text[start:s.pos]
	if strings.IndexByte(cell, '"') >= 0 {
		rec.Bare = true
	}
	return cell
}

func (s *Scanner) skipToDelimiter() {
	for s.pos < len(s.text) && s.text[s.pos] != s.comma && s.text[s.pos] != '\n' {
		s.pos++
	}
}

// quoted reads a cell whose opening quotation mark was read; two in a row stand for one.
func (s *Scanner) quoted(rec *Row) string {
	start, doubled := s.pos, false
	for {
		i := strings.IndexByte(s.text[s.pos:], '"')
		if i < 0 {
			s.line += strings.Count(s.text[s.pos:], "\n")
			s.pos = len(s.text)
			rec.Fault = UnclosedQuote
			return s.text[start:]
		}
		s.line += strings.Count(s.text[s.pos:s.pos+i], "\n")
		s.pos += i + 1
		if s.pos < len(s.text) && s.text[s.pos] == '"' {
			s.pos++
			doubled = true
			continue
		}
		cell := s.text[start : s.pos-1]
		if doubled {
			cell = strings.ReplaceAll(cell, `""`, `"`)
		}
		s.afterQuote(rec)
		return cell
	}
}

// afterQuote steps over what stands between a closing quotation mark and the next comma: only
// spaces may.
func (s *Scanner) afterQuote(rec *Row) {
	start := s.pos
	s.skipToDelimiter()
	if strings.TrimSpace(s.text[start:s.pos]) != "" {
		rec.Fault = AfterQuote
	}
}
