package questionset

import (
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"strings"
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
	Auto Format = ""
	CSV  Format = "csv"
	GIFT Format = "gift"
	Exam Format = "exam"
)

// ParseFormat reads the name of a format; "" is Auto.
func ParseFormat(s string) (Format, error) {
	switch f := Format(strings.ToLower(s)); f {
	case Auto, CSV, GIFT, Exam:
		return f, nil
	}
	return Auto, fmt.Errorf("questionset: unknown format %q", s)
}

// Options say how a file is to be read. The zero Options decide by content.
type Options struct {
	Format Format
}

// File is what a file holds. Only what is sound stands in Questions and Definitions; the rest is
// named in Report.
type File struct {
	Name        string
	Format      Format
	Questions   []Question
	Definitions []exam.Definition // of an exam file, in its order
	Report      Report
}

// Parse reads one file of at most MaxFile bytes. name is its path, for the report and as a hint of
// its format. Faults of the content stand in the report; the error is non-nil only when r cannot be
// read or the forced format is unknown.
func Parse(name string, r io.Reader, opts Options) (*File, error) {
	format, err := ParseFormat(string(opts.Format))
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(r, MaxFile+1))
	if err != nil {
		return nil, fmt.Errorf("questionset: read %s: %w", name, err)
	}
	f := &File{Name: name, Format: format, Report: Report{File: name, Format: format}}
	if text, ok := f.text(data); ok {
		f.parse(text)
	}
	return f, nil
}

// text decodes a file and settles its format; it reports false when the file cannot be read at all.
func (f *File) text(data []byte) (string, bool) {
	r := &f.Report
	switch {
	case len(data) > MaxFile:
		r.error(place{}, codeFileTooLarge, "limit", MaxFile>>20)
		return "", false
	case textfile.LooksUTF16(data):
		r.error(place{}, codeUTF16)
		return "", false
	}
	text, encoding := textfile.Decode(data, f.Format == Auto || f.Format == CSV)
	if strings.TrimSpace(text) == "" {
		r.error(place{}, codeEmptyFile)
		return "", false
	}
	if f.Format == Auto {
		f.Format = detect(f.Name, text)
	}
	if encoding == CP932 && f.Format != CSV {
		text, encoding = textfile.Decode(data, false)
	}
	r.Format, r.Encoding = f.Format, encoding
	if encoding == CP932 {
		r.note(place{}, codeReadAsCP932)
		if doubtfulCP932(text) {
			r.error(place{}, codeDoubtfulCP932)
			return "", false
		}
	}
	return text, true
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
	switch f.Format {
	case CSV:
		parseCSV(f, text)
	case GIFT:
		parseGIFT(f, text)
	case Exam:
		parseExams(f, text)
	default:
		f.Report.error(place{}, codeUnknownFormat)
		return
	}
	f.Report.finish(f)
}

// finish counts what was taken.
func (r *Report) finish(f *File) {
	r.Counts.Taken = len(f.Questions) + len(f.Definitions)
	for i := range f.Questions {
		if f.Questions[i].NeedsMarker() {
			r.Counts.NeedsMarker++
		}
	}
	r.Counts.Refused = r.Counts.Seen - r.Counts.Taken - r.Counts.Identical
	if r.Counts.Seen == 0 && r.Sound() {
		r.error(place{}, codeNoQuestions)
	}
}

var (
	examLine = regexp.MustCompile(`(?m)\A(?:---[^\n]*\n|[ \t]*#[^\n]*\n|[ \t]*\n)*(?:\{\s*)?["']?(?:exam|title|sections|navigation)["']?[ \t]*:`)
	giftLine = regexp.MustCompile(`(?m)^\s*(?:::|\$CATEGORY:|//)`)
)

// detect tells the format of a text. Only its beginning is looked at.
func detect(name, text string) Format {
	head := text[:min(len(text), MaxText)]
	ext := strings.ToLower(filepath.Ext(name))
	switch {
	case ext == ".yaml" || ext == ".yml" || ext == ".json" || examLine.MatchString(head):
		return Exam
	case csvHeaderLike(head):
		return CSV
	case giftLine.MatchString(head) || ext == ".gift":
		return GIFT
	case ext == ".csv" || ext == ".tsv" || csvHeaderless(head):
		return CSV
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
	for _, c := range s {
		switch {
		case c == utf8.RuneError:
			r.warning(p, codeReplacement)
			return true
		case c >= 0xFDD0 && c <= 0xFDEF:
			r.error(p, codeUndecodable, "encoding", string(r.Encoding))
			return false
		case unicode.IsControl(c) && c != '\n' && c != '\t':
			r.error(p, codeControl, "code", fmt.Sprintf("U+%04X", c))
			return false
		}
	}
	return true
}
