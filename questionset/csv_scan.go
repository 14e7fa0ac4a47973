package questionset

import "strings"

// csvRecord is one row of a CSV file as RFC 4180 has it: a quoted cell may hold line ends.
type csvRecord struct {
	line  int // of its first character
	cells []string
	fault Code // "" = well-formed
	bare  bool // a quotation mark stands inside an unquoted cell and was taken literally
	// lastLine is where a quote that is never closed swallowed the file to.
	lastLine int
}

// empty reports whether no cell holds anything but white space.
func (r *csvRecord) empty() bool {
	for _, c := range r.cells {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return true
}

// csvScanner splits a text with LF line ends into records. It looks at every byte once.
type csvScanner struct {
	text  string
	pos   int
	line  int
	comma byte
}

func newCSVScanner(text string, comma byte) *csvScanner {
	return &csvScanner{text: text, line: 1, comma: comma}
}

// next returns the next record, or false at the end of the text.
func (s *csvScanner) next() (csvRecord, bool) {
	if s.pos >= len(s.text) {
		return csvRecord{}, false
	}
	rec := csvRecord{line: s.line}
	for more := true; more; {
		cell := s.cell(&rec)
		if len(rec.cells) < MaxColumns {
			rec.cells = append(rec.cells, cell)
		} else {
			rec.fault = codeTooManyColumns
		}
		more = s.delimiter()
	}
	rec.lastLine = s.line
	if s.pos > 0 && s.text[s.pos-1] == '\n' {
		rec.lastLine--
	}
	return rec, true
}

// delimiter steps over a comma or a line end; it reports whether the record goes on.
func (s *csvScanner) delimiter() bool {
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

func (s *csvScanner) cell(rec *csvRecord) string {
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
		rec.bare = true
	}
	return cell
}

func (s *csvScanner) skipToDelimiter() {
	for s.pos < len(s.text) && s.text[s.pos] != s.comma && s.text[s.pos] != '\n' {
		s.pos++
	}
}

// quoted reads a cell whose opening quotation mark was read; two in a row stand for one.
func (s *csvScanner) quoted(rec *csvRecord) string {
	start, doubled := s.pos, false
	for {
		i := strings.IndexByte(s.text[s.pos:], '"')
		if i < 0 {
			s.line += strings.Count(s.text[s.pos:], "\n")
			s.pos = len(s.text)
			rec.fault = codeUnclosedQuote
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
func (s *csvScanner) afterQuote(rec *csvRecord) {
	start := s.pos
	s.skipToDelimiter()
	if strings.TrimSpace(s.text[start:s.pos]) != "" {
		rec.fault = codeAfterQuote
	}
}
