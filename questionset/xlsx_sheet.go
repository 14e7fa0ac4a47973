package questionset

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"

	"shiken/internal/textfile"
	"shiken/internal/xmltree"
)

// Bounds of a workbook.
const (
	maxPart     = 64 << 20  // bytes of one part
	maxStrings  = 32 << 20  // bytes of the strings that cells share
	maxShared   = 2_000_000 // how many they are
	maxRows     = 1 << 20   // Excel's own bound
	maxCells    = 2_000_000 // of a workbook, empty ones too, with its rows
	maxHeadRows = 10_000    // looked through for where a sheet begins
	maxShown    = MaxFile   // bytes of what the cells of a sheet show: many may show one string
	maxSheetRun = 1 << 20   // bytes without a tag
	maxXMLDepth = 64
)

// runReader reads XML and fails where no tag begins for too long: what reads XML gathers all that
// stands between two tags.
type runReader struct {
	from io.ReadCloser
	run  int
	left int64  // of the part
	all  *int64 // of the package
}

var errLongRun = errors.New("questionset: no tag for too long")

func (r *runReader) Read(b []byte) (int, error) {
	n, err := r.from.Read(b)
	*r.all -= int64(n)
	if r.left -= int64(n); r.left < 0 || *r.all < 0 {
		return 0, errTooLarge
	}
	if at := bytes.IndexByte(b[:n], '<'); at < 0 {
		r.run += n
	} else if r.run += at; r.run <= maxSheetRun { // a longer run than a read of some KiB cannot stand within it
		r.run = n - bytes.LastIndexByte(b[:n], '<')
	}
	if r.run > maxSheetRun {
		return 0, errLongRun
	}
	return n, err
}

func (r *runReader) Close() error { return r.from.Close() }

// open opens a file of the package for reading at most maxPart bytes, bit by bit. What is read counts as
// unpacked, each time.
func (b *bundle) open(name string) (io.ReadCloser, error) {
	real, ok := b.find("", name)
	if !ok {
		return nil, errNoEntry
	}
	entry := b.entries[real]
	if entry.UncompressedSize64 > maxPart {
		return nil, errTooLarge
	}
	r, err := entry.Open()
	if err != nil {
		return nil, err
	}
	return &runReader{from: r, left: maxPart, all: &b.left}, nil
}

// xmlStream reads the tokens of a part. It refuses declarations and depth.
type xmlStream struct {
	decoder *xml.Decoder
	depth   int
}

func newXMLStream(r io.Reader) *xmlStream { return &xmlStream{decoder: xml.NewDecoder(r)} }

var errDeclaration = errors.New("questionset: a declaration in XML")

// token returns the next token; io.EOF at the end of the document.
func (s *xmlStream) token() (xml.Token, error) {
	t, err := s.decoder.Token()
	if err != nil {
		return nil, err
	}
	switch t.(type) {
	case xml.StartElement:
		if s.depth++; s.depth > maxXMLDepth {
			return nil, errTooDeep
		}
	case xml.EndElement:
		s.depth--
	case xml.Directive:
		return nil, errDeclaration
	}
	return t, nil
}

var errTooDeep = errors.New("questionset: XML too deep")

// fault is what is wrong with a part, as far as the report words it.
func (s *xmlStream) fault(err error) *xmltree.Fault {
	line, _ := s.decoder.InputPos()
	f := &xmltree.Fault{Line: line, Reason: xmltree.Malformed, Detail: err.Error()}
	var syntax *xml.SyntaxError
	switch {
	case errors.Is(err, errTooDeep):
		f.Reason = xmltree.TooDeep
	case errors.Is(err, errDeclaration):
		f.Reason = xmltree.Declaration
	case errors.Is(err, errLongRun), errors.Is(err, errTooLarge), errors.Is(err, errTooMany):
		f.Reason = xmltree.TooMany
	case errors.As(err, &syntax):
		f.Detail = syntax.Msg
	}
	return f
}

var errTooMany = errors.New("questionset: too much in XML")

// unescapeUnits reads the characters that workbooks write as _xHHHH_.
func unescapeUnits(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var b strings.Builder
	for {
		at := strings.Index(s, "_x")
		if at < 0 || len(s) < at+7 {
			break
		}
		n, err := strconv.ParseUint(s[at+2:at+6], 16, 16)
		if err != nil || s[at+6] != '_' {
			b.WriteString(s[:at+2])
			s = s[at+2:]
			continue
		}
		b.WriteString(s[:at] + string(rune(n)))
		s = s[at+7:]
	}
	return newlines.Replace(b.String() + s)
}

// maxCellText is how much of a cell's text is kept, before its escapes are read.
const maxCellText = len("_x0000_") * (MaxText + 1)

var newlines = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// sheetRows reads the rows of a sheet one by one.
type sheetRows struct {
	book  *workbook
	name  string
	from  io.ReadCloser
	xml   *xmlStream
	row   int
	shown int // bytes
	done  bool
	fault *xmltree.Fault // that ended the reading
	quiet bool
	odd   map[int]map[int]Code // by row and cell: what is peculiar
	// formulas, hidden and merged are what the report tells of the sheet.
	formulas, hidden, merged int
}

func newSheetRows(w *workbook, name string, from io.ReadCloser) *sheetRows {
	return &sheetRows{book: w, name: name, from: from, xml: newXMLStream(from), odd: map[int]map[int]Code{}}
}

func (s *sheetRows) close() { _ = s.from.Close() }

// next returns the next row, false at the end of the sheet, or where it cannot be read further, which
// is reported then.
func (s *sheetRows) next() (textfile.Row, bool) {
	for !s.done {
		t, err := s.xml.token()
		if err != nil {
			s.end(err)
			break
		}
		start, ok := t.(xml.StartElement)
		switch {
		case !ok:
			continue
		case start.Name.Local == "mergeCell":
			s.merged++
		case start.Name.Local == "row":
			rec, err := s.readRow(start)
			if err != nil {
				s.end(err)
				return textfile.Row{}, false
			}
			return rec, true
		}
	}
	return textfile.Row{}, false
}

// end ends the reading: with nothing to say at the end of the document.
func (s *sheetRows) end(err error) {
	s.done = true
	if errors.Is(err, io.EOF) && s.xml.depth == 0 {
		return
	}
	if s.fault = s.xml.fault(err); !s.quiet {
		s.book.file.Report.xmlFault(place{element: s.name}, s.fault)
	}
}

// oddities are what is peculiar about the cells of a row, forgotten afterwards.
func (s *sheetRows) oddities(row int) map[int]Code {
	odd := s.odd[row]
	delete(s.odd, row)
	return odd
}

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func (s *sheetRows) readRow(start xml.StartElement) (textfile.Row, error) {
	s.row++
	if n, err := strconv.Atoi(attr(start, "r")); err == nil && n > 0 {
		s.row = n
	}
	if s.book.cells++; s.row > maxRows || s.book.cells > maxCells {
		return textfile.Row{}, errTooMany
	}
	if isTrue(attr(start, "hidden")) {
		s.hidden++
	}
	rec := textfile.Row{Line: s.row, LastLine: s.row}
	for column := 0; ; {
		t, err := s.xml.token()
		if err != nil {
			return rec, err
		}
		switch t := t.(type) {
		case xml.EndElement:
			return rec, nil // what a cell holds was read with it
		case xml.StartElement:
			at, err := s.readCell(t, &rec, column)
			if err != nil {
				return rec, err
			}
			column = at + 1
		}
	}
}

// readCell reads a cell and puts it where it belongs: where its name says, else in the given 0-based
// column. It returns its column.
func (s *sheetRows) readCell(start xml.StartElement, rec *textfile.Row, column int) (int, error) {
	if s.book.cells++; s.book.cells > maxCells {
		return column, errTooMany
	}
	if at, ok := cellColumn(attr(start, "r")); ok {
		column = at
	}
	c, err := s.cell(start)
	if err != nil || start.Name.Local != "c" {
		return column, err
	}
	text, odd := s.book.shown(c)
	if s.shown += len(text); s.shown > maxShown {
		return column, errTooMany
	}
	switch {
	case text == "" && odd == "":
		return column, nil
	case column >= MaxColumns:
		rec.Fault = textfile.TooManyColumns
		return column, nil
	}
	for len(rec.Cells) <= column {
		rec.Cells = append(rec.Cells, "")
	}
	rec.Cells[column] = text
	if odd != "" && !s.quiet {
		if s.odd[rec.Line] == nil {
			s.odd[rec.Line] = map[int]Code{}
		}
		s.odd[rec.Line][column] = odd
	}
	if c.formula {
		s.formulas++
	}
	return column, nil
}

// sheetCell is a cell as it is written.
type sheetCell struct {
	kind, value string
	odd         Code // of its own text
	style       int
	formula     bool
}

func (s *sheetRows) cell(start xml.StartElement) (sheetCell, error) {
	c := sheetCell{kind: attr(start, "t")}
	c.style, _ = strconv.Atoi(attr(start, "s"))
	for {
		t, err := s.xml.token()
		if err != nil {
			return c, err
		}
		switch t := t.(type) {
		case xml.EndElement:
			return c, nil
		case xml.StartElement:
			text, err := s.xml.text()
			if err != nil {
				return c, err
			}
			switch t.Name.Local {
			case "f":
				c.formula = true
			case "v", "is":
				c.value, c.odd = text.value, text.odd
			}
		}
	}
}

// cellColumn is the 0-based column of a cell's name.
func cellColumn(name string) (int, bool) {
	letters := strings.TrimRight(name, "0123456789")
	if letters == "" || len(letters) > 3 {
		return 0, false
	}
	n := 0
	for _, r := range letters {
		if r < 'A' || r > 'Z' {
			return 0, false
		}
		n = n*26 + int(r-'A') + 1
	}
	return n - 1, true
}

// finish tells what holds of the sheet as a whole, as far as it was read.
func (s *sheetRows) finish() {
	r, p := &s.book.file.Report, place{element: s.name}
	if s.formulas > 0 {
		r.note(p, codeSheetFormulas, "count", s.formulas)
	}
	if s.hidden > 0 {
		r.note(p, codeSheetHidden, "count", s.hidden)
	}
	if s.merged > 0 {
		r.warning(p, codeSheetMerged, "count", s.merged)
	}
}
