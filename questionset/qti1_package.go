package questionset

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"shiken/internal/xmltree"
)

// qti1File is a document of a package.
type qti1File struct {
	name  string
	ident string // of its assessment, "" when it has none
	bank  bool
}

// parseQTI1Package reads all QTI 1.2 documents of a package, whether its manifest names them or not:
// assessments first, then banks. Canvas writes an assessment twice, as Common Cartridge has it and as it
// has it itself: the second is read.
func parseQTI1Package(f *File, b *bundle) {
	q := newQTI1Reader(f)
	q.missing(b)
	read := map[string]string{} // name of the file by ident of the assessment
	for _, d := range q.documents(b) {
		if f.Report.late() {
			break
		}
		if first, twice := read[d.ident]; twice && d.ident != "" {
			f.Report.note(place{element: d.name}, codeQTI1SameAssessment, "name", first)
			continue
		}
		read[d.ident] = d.name
		f.within(d.name, func() { q.entry(b, d.name) })
	}
	q.finish()
}

// within names a file of the package in the findings of read.
func (f *File) within(name string, read func()) {
	whole := f.Report.File
	f.Report.File = whole + "/" + name
	read()
	f.Report.File = whole
}

// documents are the QTI 1.2 documents of a package in the order in which they are read.
func (q *qti1Reader) documents(b *bundle) []*qti1File {
	var list []*qti1File
	settings := 0
	for _, name := range b.names {
		if q.file.Report.late() {
			break
		}
		switch strings.ToLower(path.Ext(name)) {
		case ".xml", ".qti", ".dat", "":
		default:
			continue
		}
		if path.Base(name) == "assessment_meta.xml" {
			settings++
		}
		if head := b.head(name); detectXML(head) == QTI1 {
			list = append(list, aboutDocument(name, head))
		}
	}
	if settings > 0 {
		q.file.Report.note(place{element: "assessment_meta.xml"}, codeQTI1Settings)
	}
	slices.SortStableFunc(list, func(a, b *qti1File) int { return a.order() - b.order() })
	return list
}

// order puts Canvas's own files first, then other assessments, then banks.
func (d *qti1File) order() int {
	switch {
	case d.bank:
		return 2
	case strings.HasPrefix(d.name, "non_cc_assessments/") || strings.Contains(d.name, "/non_cc_assessments/"):
		return 0
	}
	return 1
}

var (
	assessmentTag = regexp.MustCompile(`<(?:[A-Za-z0-9_]+:)?assessment\b[^<>]*>`)
	bankTag       = regexp.MustCompile(`<(?:[A-Za-z0-9_]+:)?objectbank[\s>]`)
)

// aboutDocument looks at the beginning of a document.
func aboutDocument(name, head string) *qti1File {
	d := &qti1File{name: name}
	if n := startTag(assessmentTag.FindString(head)); n != nil {
		d.ident = n.Attr("ident")
	}
	d.bank = d.ident == "" && bankTag.MatchString(head)
	return d
}

// maxDocument bounds a document of a package; all of them together are bounded like a file by itself.
const maxDocument = 12 << 20

// entry reads one document of a package.
func (q *qti1Reader) entry(b *bundle, name string) {
	limit := min(q.left, maxDocument)
	if size := b.entries[name].UncompressedSize64; size > uint64(limit) { //nolint:gosec // left is never negative
		q.file.Report.error(place{}, codeQTI1Document, "limit", maxDocument>>20, "all", MaxFile>>20)
		return
	}
	q.left -= int64(b.entries[name].UncompressedSize64) //nolint:gosec // as above
	data, ok := q.file.unzipped(b, place{}, "", name)
	if !ok {
		return
	}
	if text, ok := q.file.Report.xmlText(place{}, data); ok {
		q.find = b.qti1Media(path.Dir(name))
		q.document(text)
	}
}

// missing reports documents that the manifest names and the package does not hold.
func (q *qti1Reader) missing(b *bundle) {
	name, ok := b.find("", "imsmanifest.xml")
	if !ok {
		return
	}
	data, ok := q.file.unzipped(b, place{}, "", name)
	if !ok {
		return
	}
	root, fault := xmltree.Parse(string(data))
	if fault != nil {
		q.file.Report.warning(place{element: name, line: fault.Line}, codeQTI1Manifest, "detail", fault.Detail)
	}
	for _, r := range root.Find("resource") {
		if !strings.HasPrefix(r.Attr("type"), "imsqti_xmlv1p") {
			continue
		}
		for _, file := range r.Elements("file") {
			href := file.Attr("href")
			if _, ok := b.find(path.Dir(name), href); !ok {
				q.file.Report.error(place{element: name, line: file.Line}, codeZipMissing, "name", href)
			}
		}
	}
}
