package questionset

import (
	"bytes"
	"errors"
	"maps"
	"path"
	"slices"
	"strings"

	"shiken/internal/textfile"
	"shiken/internal/xmltree"
)

// The parts of a workbook that are read, with the sheets that it names (ECMA-376, part 1, §18).
const (
	workbookPart = "xl/workbook.xml"
	workbookRels = "xl/_rels/workbook.xml.rels"
	workbookDir  = "xl"
)

// looksCompound tells Excel's format of before 2007, and workbooks with a password.
func looksCompound(data []byte) bool {
	return bytes.HasPrefix(data, []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"))
}

// workbook is what of a workbook its sheets need.
type workbook struct {
	file    *File
	bundle  *bundle
	sheets  []sheetPart
	strings []sheetText
	struck  []bool // by style: the cell is struck out
	numbers *numberFormats
	cells   int // read so far
}

// sheetPart is one sheet of a workbook.
type sheetPart struct{ name, part string }

// parseXLSX reads the first sheet with questions of a workbook.
func parseXLSX(f *File, b *bundle) { f.readXLSX(b, nil) }

func (f *File) readXLSX(b *bundle, pictures *zippedPictures) {
	w := &workbook{file: f, bundle: b, numbers: newNumberFormats()}
	defer w.numbers.close()
	if !w.open() {
		return
	}
	at, first := w.choose()
	if at < 0 {
		if f.Report.Sound() {
			f.Report.error(place{}, codeEmptyFile)
		}
		return
	}
	w.reportPictures()
	rows, ok := w.rows(w.sheets[at])
	if !ok {
		return
	}
	defer rows.close()
	t := newTableReader(f, pictures)
	t.sheet, t.oddities = w.sheets[at].name, rows.oddities
	if at != first || len(w.sheets) > 1 {
		f.Report.note(place{}, codeSheetChosen, "sheet", t.sheet)
	}
	t.rows = func(row func(*textfile.Row) bool) { w.again(w.sheets[at], row) }
	f.Report.cell = t.cellOf
	defer func() { f.Report.cell = nil }()
	t.read(rows.next)
	rows.finish()
}

// again reads a sheet once more, without telling what is wrong with it, and without counting it.
func (w *workbook) again(s sheetPart, row func(*textfile.Row) bool) {
	cells, left := w.cells, w.bundle.left
	defer func() { w.cells, w.bundle.left = cells, left }()
	r, err := w.bundle.open(s.part)
	if err != nil {
		return // it was open before
	}
	rows := newSheetRows(w, s.name, r)
	defer rows.close()
	rows.quiet = true
	for rec, more := rows.next(); more && row(&rec); rec, more = rows.next() {
	}
}

// open reads the parts that say which sheets there are and how their cells are shown.
func (w *workbook) open() bool {
	rels, ok := w.relations()
	if !ok {
		return false
	}
	root, ok := w.part(workbookPart)
	if !ok {
		return false
	}
	w.numbers.date1904 = isTrue(attrOf(root.Child("workbookPr"), "date1904"))
	named := map[string]bool{}
	for _, s := range root.Child("sheets").Elements("sheet") {
		part, ok := rels[s.Attr("id")]
		if !ok || part.kind != "worksheet" || named[part.path] {
			continue
		}
		named[part.path] = true
		w.sheets = append(w.sheets, sheetPart{name: s.Attr("name"), part: part.path})
	}
	for _, id := range slices.Sorted(maps.Keys(rels)) {
		switch rel := rels[id]; rel.kind {
		case "sharedStrings":
			ok = w.readStrings(rel.path) && ok
		case "styles":
			ok = w.readStyles(rel.path) && ok
		}
	}
	if len(w.sheets) == 0 && ok {
		w.file.Report.error(place{}, codeEmptyFile)
	}
	return ok && len(w.sheets) > 0
}

// part reads a small part as a tree.
func (w *workbook) part(name string) (*xmltree.Node, bool) {
	p := place{element: name}
	data, ok := w.file.unzipped(w.bundle, p, "", name)
	if !ok {
		return nil, false
	}
	root, fault := xmltree.Parse(string(data))
	if fault != nil {
		w.file.Report.xmlFault(p, fault)
		return nil, false
	}
	return root, true
}

// relation is a part that another one refers to.
type relation struct{ kind, path string }

// relations are the parts of the workbook by the ids that it calls them.
func (w *workbook) relations() (map[string]relation, bool) {
	root, ok := w.part(workbookRels)
	if !ok {
		return nil, false
	}
	out := map[string]relation{}
	for _, r := range root.Elements("Relationship") {
		target := r.Attr("Target")
		if rooted, absolute := strings.CutPrefix(target, "/"); absolute {
			target = rooted
		} else {
			target = path.Join(workbookDir, target)
		}
		if strings.EqualFold(r.Attr("TargetMode"), "External") {
			continue
		}
		out[r.Attr("Id")] = relation{kind: path.Base(r.Attr("Type")), path: target}
	}
	return out, true
}

// attrOf is an attribute of an element that may not be there.
func attrOf(n *xmltree.Node, name string) string {
	if n == nil {
		return ""
	}
	return n.Attr(name)
}

func isTrue(s string) bool { return s == "1" || strings.EqualFold(s, "true") }

// choose finds the first sheet with questions, else the first that holds anything; -1 when none does. It
// names the others. first is the first sheet that holds anything.
func (w *workbook) choose() (at, first int) {
	at, first = -1, -1
	var others []int
	alike := map[int]bool{}
	for i := range w.sheets {
		head, ok := w.head(w.sheets[i])
		switch {
		case !ok:
			return -1, -1
		case len(head) == 0:
			continue
		}
		if first < 0 {
			first = i
		}
		alike[i] = w.holdsQuestions(head)
		if at < 0 && alike[i] {
			at = i
		} else {
			others = append(others, i)
		}
	}
	if at < 0 {
		at = first
	}
	for _, i := range others {
		switch p := (place{element: w.sheets[i].name}); {
		case i == at:
		case alike[i]:
			w.file.Report.warning(p, codeSheetQuestions, "sheet", w.sheets[i].name)
		default:
			w.file.Report.note(p, codeSheetOther, "sheet", w.sheets[i].name)
		}
	}
	return at, first
}

// head are the first rows of a sheet that hold anything.
func (w *workbook) head(s sheetPart) ([]textfile.Row, bool) {
	rows, ok := w.rows(s)
	if !ok {
		return nil, false
	}
	defer rows.close()
	rows.quiet = true
	var out []textfile.Row
	for seen := 0; len(out) < headerRows && seen < maxHeadRows; seen++ {
		rec, more := rows.next()
		if !more {
			break
		}
		if !rec.Empty() {
			out = append(out, rec)
		}
	}
	if rows.fault != nil && len(out) == 0 { // nothing of it can be read
		w.file.Report.xmlFault(place{element: s.name}, rows.fault)
		return nil, false
	}
	return out, true
}

func (w *workbook) holdsQuestions(head []textfile.Row) bool {
	columns := w.file.options.Columns
	for i := range head {
		cells := head[i].Cells
		if isHeader(cells) && (i == 0 || namesQuestion(cells)) || i == 0 && headerlessLayout(cells) != nil {
			return true
		}
		if len(columns) > 0 && columns.fits(cells) {
			return true
		}
	}
	return false
}

// reportPictures tells of pictures in the workbook: they lie over cells, and no cell names them.
func (w *workbook) reportPictures() {
	count := 0
	for _, name := range w.bundle.names {
		if strings.HasPrefix(name, "xl/media/") {
			count++
		}
	}
	if count > 0 {
		w.file.Report.warning(place{}, codeSheetPictures, "count", count)
	}
}

// rows opens a sheet.
func (w *workbook) rows(s sheetPart) (*sheetRows, bool) {
	p := place{element: s.name}
	r, err := w.bundle.open(s.part)
	switch {
	case errors.Is(err, errNoEntry):
		w.file.Report.error(p, codeZipMissing, "name", s.part)
		return nil, false
	case errors.Is(err, errTooLarge):
		w.file.Report.error(p, codeZipTooLarge, "name", s.part, "limit", maxPart>>20)
		return nil, false
	case err != nil:
		w.file.Report.error(p, codeZipBrokenFile, "name", s.part)
		return nil, false
	}
	return newSheetRows(w, s.name, r), true
}
