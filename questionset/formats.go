package questionset

import (
	"fmt"
	"slices"
	"strings"

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
