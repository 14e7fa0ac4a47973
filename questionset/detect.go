package questionset

import (
	"bytes"
	"io"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"shiken/internal/textfile"
)

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
