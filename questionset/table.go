package questionset

import (
	"cmp"
	"encoding/csv"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"shiken/exam"
	"shiken/internal/textfile"
)

// tableReader turns rows of cells into questions, whatever file they stand in.
type tableReader struct {
	file    *File
	columns Columns         // what the caller says of them
	format  exam.TextFormat // of cells, where no column says so
	header  *tableHeader
	sheet   string // name of the sheet, "" in a text
	comma   byte   // between the cells of a text; 0 in a sheet
	// guarded: an apostrophe may stand before what a spreadsheet would take for a formula.
	guarded  bool
	pictures *zippedPictures // beside the table; nil: there are none
	// oddities says what is peculiar about the cells of a row of a sheet.
	oddities func(row int) map[int]Code
	keys     *keyer
	ids      map[digest]int // line of an id within category and year
	known    *known
	groups   map[string]exam.Text // stimulus by group
	onlyID   int                  // rows that hold nothing but a number
	// named are the columns that stand under their own name; noted are the ways of writing, and the
	// cells without a name, that the report has told of.
	named map[string]bool
	noted map[Code]bool
	rows  func(row func(*textfile.Row) bool) // gives all rows of the table once more; nil: there are no others
	said  *tableFacts                        // by all rows together; nil: not asked yet
}

func newTableReader(f *File, pictures *zippedPictures) *tableReader {
	return &tableReader{
		file: f, columns: f.options.Columns, format: f.options.Text, pictures: pictures, keys: newKeyer(),
		ids: map[digest]int{}, known: newKnown(), groups: map[string]exam.Text{}, named: map[string]bool{}, noted: map[Code]bool{},
	}
}

// place is where a finding belongs that is about no question.
func (t *tableReader) place(line int, element string) place {
	return place{line: line, element: element}
}

// read reads rows until next says that there are no more.
func (t *tableReader) read(next func() (textfile.Row, bool)) {
	rest, ok := t.begin(next)
	if !ok {
		return
	}
	for rec, more := rest(); more; rec, more = rest() {
		if rec.Empty() && rec.Fault == "" {
			continue
		}
		if t.file.Table.Sample == nil {
			t.file.Table.Sample = rec.Cells
		}
		if !t.row(&rec) {
			break
		}
	}
	if t.onlyID > 0 {
		t.file.Report.note(place{}, codeOnlyID, "count", t.onlyID)
	}
}

// begin finds the header, or knows the rows without one. It returns the rows that follow.
func (t *tableReader) begin(next func() (textfile.Row, bool)) (rest func() (textfile.Row, bool), ok bool) {
	var rows []textfile.Row
	for len(rows) < headerRows {
		rec, more := next()
		if !more {
			break
		}
		if !rec.Empty() || rec.Fault != "" {
			rows = append(rows, rec)
		}
	}
	if len(rows) == 0 {
		return nil, false
	}
	at, header := t.findHeader(rows)
	if header == nil {
		return nil, false
	}
	t.header = header
	t.file.reread = t.reread
	rows = rows[at:]
	return func() (textfile.Row, bool) {
		if len(rows) > 0 {
			rec := rows[0]
			rows = rows[1:]
			return rec, true
		}
		return next()
	}, true
}

// findHeader returns the header, and how many of the first rows don't hold questions; nil when the file
// cannot be read.
func (t *tableReader) findHeader(rows []textfile.Row) (skip int, h *tableHeader) {
	r, first := &t.file.Report, &rows[0]
	t.file.Table = &Table{Header: first.Cells}
	if len(rows) > 1 {
		t.file.Table.Sample = rows[1].Cells
	}
	defer func() {
		if h != nil {
			t.file.Table.Fields = h.columnsOf(max(len(t.file.Table.Header), h.width))
		}
	}()
	if len(t.columns) > 0 {
		return t.mappedHeader(rows)
	}
	if first.Fault != "" {
		r.error(t.place(first.Line, ""), csvFaults[first.Fault], "last", first.LastLine)
		return 0, nil
	}
	for i := range rows {
		if isHeader(rows[i].Cells) && (i == 0 || namesQuestion(rows[i].Cells)) {
			return t.takeHeader(rows, i)
		}
		if layout := headerlessLayout(rows[i].Cells); i == 0 && layout != nil {
			t.noteLayout(first.Line, layout)
			return 0, layout
		}
	}
	r.error(t.place(first.Line, ""), codeNoHeader)
	return 0, nil
}

func (t *tableReader) noteLayout(line int, h *tableHeader) {
	code := codeHeaderless
	if h.width == testBankCells {
		code = codeTestBank
	}
	t.file.Report.note(t.place(line, ""), code)
}

// takeHeader reads the header that stands in one of the first rows.
func (t *tableReader) takeHeader(rows []textfile.Row, at int) (int, *tableHeader) {
	t.file.Table = &Table{HeaderLine: rows[at].Line, Header: rows[at].Cells}
	if at+1 < len(rows) {
		t.file.Table.Sample = rows[at+1].Cells
	}
	if at > 0 {
		t.file.Report.note(t.place(rows[0].Line, ""), codeAboveHeader, "header", rows[at].Line, "text", strings.Join(rows[0].Cells, " "))
	}
	h := t.readHeader(&rows[at])
	if h != nil && at+1 < len(rows) && h.namesOptions(rows[at+1].Cells) {
		at++
	}
	return at + 1, h
}

// mappedHeader reads the header that the caller's columns speak of.
func (t *tableReader) mappedHeader(rows []textfile.Row) (int, *tableHeader) {
	line, asked := t.columns.headerLine()
	if asked && line == 0 {
		h := newTableHeader(0)
		first := textfile.Row{Line: rows[0].Line}
		if !t.mapColumns(h, &first) {
			return 0, nil
		}
		if t.arrange(h, first.Line); !t.hasNeeded(h, first.Line) {
			return 0, nil
		}
		return 0, h
	}
	for i := range rows {
		if asked && rows[i].Line == line || !asked && t.columns.fits(rows[i].Cells) {
			return t.takeHeader(rows, i)
		}
	}
	return t.takeHeader(rows, 0)
}

// row reads one question; it reports false when nothing more is read.
func (t *tableReader) row(rec *textfile.Row) bool {
	r := &t.file.Report
	if t.blank(rec) {
		if title := t.title(rec); title != "" {
			r.warning(t.place(rec.Line, ""), codeTitleRow, "text", title)
		} else {
			t.onlyID++
		}
		return true
	}
	if !r.mayRead(t.place(rec.Line, "")) {
		return false
	}
	r.open()
	defer r.close()
	if t.guarded {
		unguard(rec.Cells)
	}
	q := Question{
		Line:       rec.Line,
		Number:     t.header.get(rec.Cells, columnID),
		Category:   t.header.get(rec.Cells, columnCategory),
		Reference:  t.header.get(rec.Cells, columnReference),
		Difficulty: t.header.get(rec.Cells, columnDifficulty),
	}
	name := firstOf(q.Number, t.header.get(rec.Cells, columnQuestion), "#"+strconv.Itoa(r.Counts.Seen))
	p := place{line: rec.Line, question: excerpt(name)}
	t.identify(p, &q, rec.Cells)
	if rec.Fault == textfile.UnclosedQuote && rec.LastLine > rec.Line {
		r.close() // what it swallowed are more questions than one, which cannot be mended here
	}
	if !t.wellFormed(p, rec) || !t.checkNames(p, rec.Cells) || !t.content(p, &q, rec.Cells) {
		if r.nth > 0 {
			t.file.refuse(&q, source(rec))
		}
		return true
	}
	q.seal()
	if t.known.admit(r, p, &q) {
		t.file.take(&q)
	}
	return true
}

// source is the row as a line of CSV.
func source(rec *textfile.Row) string {
	if rec.Raw != "" {
		return rec.Raw
	}
	var b strings.Builder
	w := csv.NewWriter(&b)
	_ = w.Write(rec.Cells) // a builder takes everything
	w.Flush()
	return strings.TrimSuffix(b.String(), "\n")
}

// reread reads one row as this table has its columns. Of this table and its file it changes nothing: several may
// read rows again at once.
func (t *tableReader) reread(f *File, p *Piece, text string) {
	again := newTableReader(f, t.pictures.apart())
	again.groups = t.file.passagesBut(p.Nth)
	again.header, again.format, again.guarded, again.comma, again.named = t.header, t.format, t.guarded, t.comma, maps.Clone(t.named)
	again.said = cmp.Or(t.said, &tableFacts{})
	s := textfile.NewScanner(text, cmp.Or(t.comma, ','))
	for rec, more := s.Next(); more; rec, more = s.Next() {
		if !again.row(&rec) {
			return
		}
	}
}

// passagesBut are the passages of all questions but one, by group: those of what was taken count before those of
// what is still to be mended.
func (f *File) passagesBut(nth int) map[string]exam.Text {
	out := map[string]exam.Text{}
	add := func(q *Question) {
		content := &q.Question
		if _, known := out[content.Group]; !known && content.Group != "" && q.Nth != nth {
			out[content.Group] = content.Stimulus
		}
	}
	for i := range f.Questions {
		add(&f.Questions[i])
	}
	for i := range f.Pieces {
		add(&f.Pieces[i].Question)
	}
	return out
}

// blank tells rows that are numbered but hold nothing else that is read, as spreadsheet templates have
// them.
func (t *tableReader) blank(rec *textfile.Row) bool {
	if rec.Fault != "" {
		return false
	}
	if !t.header.has(columnID) && len(t.header.unnamed)+len(t.header.unread) == 0 {
		return false
	}
	for i, cell := range rec.Cells {
		if strings.TrimSpace(cell) != "" && !t.header.aside(i) {
			return false
		}
	}
	return true
}

// numberLike tells the number of a question, as "12", "Q7" or "H30-1".
var numberLike = regexp.MustCompile(`^\pL{0,4}[ .#_-]?[0-9][0-9 ._-]*[A-Za-z]?[.)]?$`)

// title is what a row says that holds no question, and more than a number: a heading, or a text that others share.
func (t *tableReader) title(rec *textfile.Row) string {
	for i, cell := range rec.Cells {
		id, named := t.header.column[columnID]
		cell = strings.TrimSpace(cell)
		if (named && i == id || slices.Contains(t.header.unnamed, i)) && cell != "" && !numberLike.MatchString(norm.NFKC.String(cell)) {
			return cell
		}
	}
	return ""
}

// aside tells the cells that make no question by themselves.
func (h *tableHeader) aside(cell int) bool {
	id, ok := h.column[columnID]
	return ok && id == cell || slices.Contains(h.unnamed, cell) || slices.Contains(h.unread, cell)
}

func (t *tableReader) wellFormed(p place, rec *textfile.Row) bool {
	r, h := &t.file.Report, t.header
	switch {
	case rec.Fault != "":
		r.error(p, csvFaults[rec.Fault], "last", rec.LastLine)
		return false
	case len(rec.Cells) <= h.lastNeeded() && h.width == 0:
		r.error(p, codeTableRowShort, "cells", len(rec.Cells), "want", h.lastNeeded()+1)
		return false
	case len(rec.Cells) <= h.lastNeeded():
		r.error(p, codeRowShort, "cells", len(rec.Cells), "want", h.width)
		return false
	case len(rec.Cells) < h.width && t.sheet == "": // sheets leave out what is empty at the end
		r.warning(p, codeRowShort, "cells", len(rec.Cells), "want", h.width)
	}
	for i := h.width; i < len(rec.Cells) && h.width > 0; i++ {
		if strings.TrimSpace(rec.Cells[i]) != "" {
			r.error(p, codeRowTooLong, "cells", len(rec.Cells), "want", h.width, "text", rec.Cells[i])
			return false
		}
	}
	if !t.soundValues(p, rec) {
		return false
	}
	t.noteUnnamed(p, rec)
	if rec.Bare {
		r.warning(p, codeBareQuote)
	}
	return true
}

// soundValues judges the cells of a sheet that are read: what a formula failed to give is no text, and a
// date may be what a spreadsheet made of something else. Text that is struck out may be meant or not.
func (t *tableReader) soundValues(p place, rec *textfile.Row) bool {
	if t.oddities == nil {
		return true
	}
	odd, sound := t.oddities(rec.Line), true
	for _, cell := range slices.Sorted(maps.Keys(odd)) {
		if !slices.Contains(t.header.all(), cell) {
			continue
		}
		p := p.at(columnLetter(cell))
		switch odd[cell] {
		case codeSheetDate, codeRaisedLost, codeSheetUnderlined:
			t.file.Report.warning(p, odd[cell], "text", rec.Cells[cell])
		case codeSheetRaised, codeSheetLooks:
			t.once(p, odd[cell], "text", rec.Cells[cell])
		default:
			t.file.Report.error(p, odd[cell], "text", rec.Cells[cell])
			sound = false
		}
	}
	return sound
}

// noteUnnamed tells once of cells that stand under no name and are not read.
func (t *tableReader) noteUnnamed(p place, rec *textfile.Row) {
	for _, cell := range t.header.unnamed {
		if cell < len(rec.Cells) && strings.TrimSpace(rec.Cells[cell]) != "" {
			t.once(p, codeUnnamedColumn, "column", columnLetter(cell), "text", rec.Cells[cell])
		}
	}
}

// once notes something of a file where it stands first.
func (t *tableReader) once(p place, code Code, args ...any) {
	if !t.noted[code] {
		t.noted[code] = true
		t.file.Report.note(p, code, args...)
	}
}

// warnOnce warns once in a file.
func (t *tableReader) warnOnce(p place, code Code, args ...any) {
	if !t.noted[code] {
		t.noted[code] = true
		t.file.Report.warning(p, code, args...)
	}
}

// longColumns are those whose cells are texts, not names.
var longColumns = map[string]bool{
	columnQuestion: true, columnExplanation: true, columnAnswer: true, columnStimulus: true, columnTags: true, columnImage: true,
	columnOptions: true, columnWrongs: true,
}

// checkNames judges the cells that describe the question.
func (t *tableReader) checkNames(p place, cells []string) bool {
	sound := true
	for _, name := range plainColumns {
		limit := MaxName
		if longColumns[name] {
			limit = MaxText
		}
		if !t.file.Report.checkText(p.at(name), t.header.get(cells, name), limit) {
			sound = false
		}
	}
	return sound
}

// identify makes the source key out of category, year and id: an id alone is often reused from
// year to year.
func (t *tableReader) identify(p place, q *Question, cells []string) {
	year := norm.NFKC.String(t.header.get(cells, columnYear))
	q.Year = t.year(p, year)
	if q.Number == "" {
		q.SourceKey = t.keys.unnamed(t.header.get(cells, columnQuestion), q.Category, year)
		return
	}
	id := digestOf(joinEscaped([]string{q.Category, year, q.Number}))
	if first, again := t.ids[id]; again {
		t.file.Report.warning(p.at(columnID), codeDuplicateID, "id", q.Number, "line", first)
	} else {
		t.ids[id] = q.Line
	}
	q.SourceKey = t.keys.named(q.Category, year, q.Number)
}

func (t *tableReader) year(p place, s string) int {
	if s == "" {
		return 0
	}
	n, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSuffix(s, "度"), "年"))
	if err != nil || n < 1 || n > 9999 {
		t.file.Report.warning(p.at(columnYear), codeYear, "year", s)
		return 0
	}
	return n
}
