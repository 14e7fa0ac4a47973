package questionset

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"shiken/exam"
	"shiken/internal/textfile"
)

// Encoding is the character encoding that a file was read in.
type Encoding = textfile.Encoding

// The encodings, see package textfile.
const (
	UTF8    = textfile.UTF8
	UTF8BOM = textfile.UTF8BOM
	CP932   = textfile.CP932
)

// Format is a file format.
type Format string

// The formats. Auto tells them apart by content, and by the file's extension when that is undecided.
const (
	Auto  Format = ""
	CSV   Format = "csv"    // also zipped with its pictures
	XLSX  Format = "xlsx"   // the columns of CSV
	GIFT  Format = "gift"   // Moodle's text format
	Aiken Format = "aiken"  // choice questions as plain text
	MXML  Format = "moodle" // Moodle XML
	QTI2  Format = "qti2"   // IMS QTI 2.0 to 2.2: item, test or package
	QTI1  Format = "qti1"   // IMS QTI 1.2: file or package, Canvas packages too
	Typed Format = "typed"  // numbered questions as people type them
	Exam  Format = "exam"
	// Native is the form of our own, which keeps all of a set: by itself, with its media in a package, or with
	// an exam that draws from it.
	Native Format = "shiken"
)

// formats are all that can be named.
var formats = []Format{CSV, XLSX, GIFT, Aiken, Typed, MXML, QTI2, QTI1, Native, Exam}

// Formats are all formats that can be named.
func Formats() []Format { return slices.Clone(formats) }

// xmlFormats are the formats whose documents name their encoding themselves.
var xmlFormats = map[Format]bool{MXML: true, QTI2: true, QTI1: true}

// textReaders read formats that are text.
var textReaders = map[Format]func(*File, string){}

// packageReaders read formats that are zips.
var packageReaders = map[Format]func(*File, *bundle){}

func init() {
	textReaders = map[Format]func(*File, string){CSV: parseCSV, GIFT: parseGIFT, MXML: parseMoodle, Exam: parseExams, QTI1: parseQTI1}
	textReaders[Aiken], textReaders[Typed] = parseAiken, parseTyped
	packageReaders = map[Format]func(*File, *bundle){QTI1: parseQTI1Package}
	packageReaders[CSV], packageReaders[XLSX] = parseZippedTable, parseXLSX
	textReaders[QTI2], packageReaders[QTI2] = parseQTI2, parseQTI2Package
	textReaders[Native], packageReaders[Native] = parseNative, parseNativePackage
	for format := range zippedTextFormats {
		packageReaders[format] = parseZippedText
	}
}

// ParseFormat reads the name of a format; "" is Auto.
func ParseFormat(s string) (Format, error) {
	if f := Format(strings.ToLower(s)); f == Auto || slices.Contains(formats, f) {
		return f, nil
	}
	return Auto, fmt.Errorf("questionset: unknown format %q", s)
}

// Options say how a file is to be read. The zero Options decide by content.
type Options struct {
	Format  Format
	Columns Columns         // of a table, where its header does not tell
	Text    exam.TextFormat // of the cells of a table, where no column tells; "" is Plain
	Time    time.Duration   // for which the file is read at most; 0: MaxTime
	Seen    func(n int)     // is told now and then how many questions were seen; nil: nobody is
	// Each is given every sound question as it is read, and File.Questions stays empty: so a file takes the
	// memory of its text, however many questions it holds. An error of it ends the reading, and is Parse's.
	// nil: they are gathered.
	Each func(*Question) error
	// Pieces keeps what is refused in File.Pieces.
	Pieces bool
	Set    string // of a package of several sets: the only one whose questions are read, and no exam; "": all
	Beside Beside // opens what an exam file names; nil: there is nothing beside it
}

// File is what a file holds. Only what is sound stands in Questions and Definitions; the rest is
// named in Report.
type File struct {
	Name        string
	Format      Format
	Questions   []Question
	Definitions []exam.Definition // of an exam file, in its order
	Sets        []string          // of a package in the form of our own: the names of its sets
	Media       map[string]Media  // by hash; what the texts of Questions refer to, and attachments of exams
	Table       *Table            // of CSV and XLSX: what stands in which column; nil in other formats
	// Pieces are the questions that were refused, the first MaxPieces of them, where Options.Pieces asks for
	// them.
	Pieces []Piece

	// reread reads the text of one of the pieces into a file of its own; nil where the format has none.
	reread func(into *File, p *Piece, text string)
	Report Report

	options    Options
	mediaBytes int
	failed     error // of Options.Each
}

// IsPackage reports whether a file says of each question where it goes: an exam with its sets, or several sets.
func (f *File) IsPackage() bool {
	return f.Format == Native && (len(f.Definitions) > 0 || len(f.Sets) > 1)
}

// Parse reads one file of at most MaxFile bytes. name is its path, for the report and as a hint of
// its format. Faults of the content stand in the report, one that takes too long too; the error is non-nil
// only when r cannot be read, the forced format is unknown, or ctx has ended.
func Parse(ctx context.Context, name string, r io.Reader, opts Options) (*File, error) {
	format, err := ParseFormat(string(opts.Format))
	if err != nil {
		return nil, err
	}
	limit := cmp.Or(opts.Time, MaxTime)
	inTime, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	f := &File{Name: name, Format: format, Report: Report{File: name, Format: format}, options: opts}
	f.Report.budget = budget{ctx: inTime, limit: limit, seen: opts.Seen}
	data, err := readBounded(r, 0, MaxFile)
	if err != nil && !errors.Is(err, errTooLarge) {
		return nil, fmt.Errorf("questionset: read %s: %w", name, err)
	}
	if err != nil {
		f.Report.error(place{}, codeFileTooLarge, "limit", MaxFile>>20)
	} else if f.Report.foreign(data) {
		return f, nil
	} else if looksZip(data) {
		f.parsePackage(data)
	} else if looksCompound(data) {
		f.Report.error(place{}, codeCompound)
	} else if text, ok := f.text(data); ok {
		f.parse(text)
	}
	f.Report.tellRest()
	f.Report.budget = budget{}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if f.failed != nil {
		return nil, f.failed
	}
	return f, nil
}

// parsePackage reads a zip.
func (f *File) parsePackage(data []byte) {
	b, ok := openBundle(f, data)
	if !ok {
		return
	}
	if f.Format == Auto {
		f.Format = f.detectPackage(b)
	}
	f.Report.Format = f.Format
	read, foreign := packageReaders[f.Format], b.foreign()
	switch {
	case read == nil && foreign != "":
		f.Report.error(place{}, codeForeignPackage, "type", foreign)
		return
	case read == nil:
		f.Report.error(place{}, codeUnknownPackage)
		return
	}
	read(f, b)
	f.Report.finish(f)
}

// detectPackage tells the format of a zip by what is in it.
func (f *File) detectPackage(b *bundle) Format {
	if _, ok := b.entries[workbookPart]; ok {
		return XLSX
	}
	if strings.Contains(b.head(packageHeadFile), nativePackage) {
		return Native
	}
	csv := 0
	for _, name := range b.names {
		if f.Report.late() {
			break
		}
		switch strings.ToLower(path.Ext(name)) {
		case ".csv", ".tsv", ".xlsx":
			csv++
		case ".qti":
			return QTI1
		case ".xml", ".dat": // the second are Blackboard's
			if format := detectXML(b.head(name)); format != Auto {
				return format
			}
		}
	}
	if csv > 0 {
		return CSV
	}
	return b.detectZippedText()
}

// head is the beginning of a file of the package, "" when it cannot be read.
func (b *bundle) head(name string) string {
	entry, ok := b.entries[name]
	if !ok {
		return ""
	}
	r, err := entry.Open()
	if err != nil {
		return ""
	}
	defer r.Close() //nolint:errcheck // only read
	head, err := io.ReadAll(io.LimitReader(r, 8<<10))
	if err != nil {
		return ""
	}
	if textfile.LooksUTF16(head) { // what it is can be seen all the same; whoever reads it says that it is UTF-16
		head = bytes.ReplaceAll(head, []byte{0}, nil)
	}
	return string(head)
}

var (
	moodleRoot = regexp.MustCompile(`<quiz[\s>]`)
	qti2Root   = regexp.MustCompile(`<(?:[A-Za-z0-9_]+:)?(assessment(?:Item|Test|Section|Stimulus)|qti-assessment-(?:item|test|section|stimulus))[\s>]`)
	qti2List   = regexp.MustCompile(`(?s)<(?:[A-Za-z0-9_]+:)?manifest[\s>].*imsqti_(?:item|test|section)_xmlv[23]`)
	qti1Root   = regexp.MustCompile(`<(?:[A-Za-z0-9_]+:)?questestinterop[\s>]`)
)

// canvasNamespace is that of Canvas's settings of a quiz, whose root element is called as Moodle's.
const canvasNamespace = "http://canvas.instructure.com/"

// detectXML tells the format of an XML document by its beginning.
func detectXML(head string) Format {
	switch {
	case qti1Root.MatchString(head):
		return QTI1
	case qti2Root.MatchString(head), qti2List.MatchString(head):
		return QTI2
	case moodleRoot.MatchString(head) && !strings.Contains(head, canvasNamespace):
		return MXML
	}
	return Auto
}

// runnableCode finds a block of code that is to be run when the file is read, as text2qti has them.
var runnableCode = regexp.MustCompile("(?m)^[ \\t]*(?:```+|~~~+)[ \\t]*\\{[^}\\n]*\\.run\\b[^}\\n]*\\}")

// maybeCP932 are the formats that Japanese programs of old write in cp932.
var maybeCP932 = map[Format]bool{CSV: true, Aiken: true, Typed: true}

// text decodes a file and settles its format; it reports false when the file cannot be read at all.
func (f *File) text(data []byte) (string, bool) {
	r := &f.Report
	switch {
	case textfile.LooksUTF16(data):
		r.error(place{}, codeUTF16)
		return "", false
	case !r.checkRuns(data):
		return "", false
	}
	if f.Format == Auto && beginsAsXML(data) {
		f.Format = detectXML(string(data[:min(len(data), MaxText)]))
	}
	if xmlFormats[f.Format] {
		r.Format = f.Format
		return r.xmlText(place{}, data)
	}
	if bytes.Contains(data, []byte(".run")) {
		if at := runnableCode.FindIndex(data); at != nil {
			r.error(place{line: 1 + bytes.Count(data[:at[0]], []byte("\n"))}, codeRunnable)
			return "", false
		}
	}
	text, encoding := textfile.Decode(data, f.Format == Auto || maybeCP932[f.Format])
	if strings.TrimSpace(text) == "" {
		r.error(place{}, codeEmptyFile)
		return "", false
	}
	if f.Format == Auto {
		f.Format = detect(f.Name, text)
	}
	if encoding == CP932 && !maybeCP932[f.Format] {
		text, encoding = textfile.Decode(data, false)
	}
	r.Format, r.Encoding = f.Format, encoding
	if encoding == CP932 {
		r.note(place{}, codeReadAsCP932)
		if doubtfulCP932(text) {
			r.error(place{line: lineOfInvalid(data)}, codeDoubtfulCP932)
			return "", false
		}
	}
	return text, true
}

// lineOfInvalid is the line of the first byte that is no UTF-8.
func lineOfInvalid(data []byte) int {
	line := 1
	for len(data) > 0 {
		c, size := utf8.DecodeRune(data)
		if c == utf8.RuneError && size == 1 {
			break
		}
		if c == '\n' {
			line++
		}
		data = data[size:]
	}
	return line
}

// doubtfulCP932 tells a text in another encoding that happens to decode as cp932: its letters come
// out as kanji or half-width kana, without the full-width kana that any Japanese text has.
func doubtfulCP932(s string) bool {
	doubtful := false
	for _, r := range s {
		switch {
		case r >= 0x3041 && r <= 0x30FE:
			return false
		case r >= 0x4E00 && r <= 0x9FFF, r >= 0xFF61 && r <= 0xFF9F:
			doubtful = true
		}
	}
	return doubtful
}

func (f *File) parse(text string) {
	read := textReaders[f.Format]
	if read == nil {
		f.Report.error(place{}, codeUnknownFormat)
		return
	}
	read(f, text)
	f.Report.finish(f)
}

// take takes a sound question.
func (f *File) take(q *Question) {
	q.Nth = f.Report.nth
	f.Report.tellLeftOut(q)
	n := &f.Report.Counts
	n.Taken++
	if q.NeedsMarker() {
		n.NeedsMarker++
	}
	switch {
	case f.options.Each == nil:
		f.Questions = append(f.Questions, *q)
	case f.failed == nil:
		if f.failed = f.options.Each(q); f.failed != nil {
			f.Report.budget.ended = true
		}
	}
}

// finish counts what was refused.
func (r *Report) finish(f *File) {
	r.close()
	r.Counts.Taken += len(f.Definitions)
	r.Counts.Refused = r.Counts.Seen - r.Counts.Taken - r.Counts.Identical
	if r.Counts.Seen == 0 && r.Sound() {
		r.error(place{}, codeNoQuestions)
	}
}

var (
	examLine = regexp.MustCompile(`(?m)\A(?:---[^\n]*\n|[ \t]*#[^\n]*\n|[ \t]*\n)*(?:\{\s*)?["']?(?:exam|title|sections|navigation)["']?[ \t]*:`)
	// giftLine is what only GIFT begins a block with: elsewhere the marks are a part of a text. giftFirst is
	// what nothing else begins with.
	giftLine  = regexp.MustCompile(`(?:\A|\n[ \t]*\n)\s*(?:::|\$CATEGORY:|//)`)
	giftFirst = regexp.MustCompile(`\A\s*(?:::[^:]|\$CATEGORY:)`)
)

// detect tells the format of a text. Only its beginning is looked at.
func detect(name, text string) Format {
	head := text[:min(len(text), MaxText)]
	ext := strings.ToLower(filepath.Ext(name))
	switch {
	case nativeStart.MatchString(head):
		return Native
	case ext == ".yaml" || ext == ".yml" || ext == ".json" || examLine.MatchString(head):
		return Exam
	case csvHeaderLike(head):
		return CSV
	case aikenLike(head):
		return Aiken
	case ext == ".gift" || giftFirst.MatchString(head):
		return GIFT
	case ext == ".csv" || ext == ".tsv" || csvHeaderless(head):
		return CSV
	case strings.ContainsRune(head, 0): // no text, or none of these
		return Auto
	case giftLine.MatchString(head):
		return GIFT
	case typedLike(head):
		return Typed
	case aikenDialect(head):
		return Aiken
	case strings.Contains(head, "{"):
		return GIFT
	}
	return Auto
}

// checkText judges a text of a question; it reports false when the question must be refused.
func (r *Report) checkText(p place, s string, limit int) bool {
	if len(s) > limit {
		r.error(p, codeTooLong, "length", len(s), "limit", limit)
		return false
	}
	replaced := false
	for _, c := range s {
		switch {
		case c == utf8.RuneError:
			replaced = true
		case c >= 0xFDD0 && c <= 0xFDEF:
			r.error(p, codeUndecodable, "encoding", string(r.Encoding))
			return false
		case unicode.IsControl(c) && c != '\n' && c != '\t':
			r.error(p, codeControl, "code", fmt.Sprintf("U+%04X", c))
			return false
		}
	}
	if replaced {
		r.warning(p, codeReplacement)
	}
	return true
}
