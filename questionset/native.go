package questionset

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"shiken/exam"
)

// The form of our own keeps all that is stored of a set: a file of lines (JSON Lines), of which the first is
// a nativeHead and each further one a nativeQuestion. With its media, or as the sets of an exam, it lies in a
// package (native_package.go).
const (
	nativeSet     = "shiken-questions"
	nativePackage = "shiken-package"
	nativeVersion = 1
	// attachedVersion is that of a package whose exam has attachments.
	attachedVersion = 2
)

// maxNativeLine bounds a question in bytes: what is read of it takes a multiple of that.
const maxNativeLine = 1 << 20

// nativeText bounds a text, in bytes: texts of files are at most MaxText each, and some are joined.
const nativeText = 4 * MaxText

// nativeHead says what a file holds.
type nativeHead struct {
	Format  string `json:"format"`
	Version int    `json:"version"`
	Set     string `json:"set"`
}

// nativeQuestion is a line. What is not told is no part of a set that is loaded: the revision of the key, and
// how it treats those who had the question before it was corrected.
type nativeQuestion struct {
	SourceKey  string        `json:"source_key"`
	Number     string        `json:"number,omitempty"`
	Category   string        `json:"category,omitempty"`
	Year       int           `json:"year,omitempty"`
	Reference  string        `json:"reference,omitempty"`
	Difficulty string        `json:"difficulty,omitempty"`
	Tags       []string      `json:"tags,omitempty"`
	Question   exam.Question `json:"question"`
	Key        exam.Key      `json:"key"`
	Feedback   exam.Feedback `json:"feedback"`
}

var nativeStart = regexp.MustCompile(`\A\s*\{\s*"format"\s*:\s*"` + nativeSet + `"`)

// parseNative reads a set by itself.
func parseNative(f *File, text string) {
	n := nativeReader{File: f, missing: func(string) bool { return true }}
	n.read(strings.NewReader(text))
	if set, ok := CleanSetName(n.named); ok {
		f.Sets = []string{set}
	}
}

// nativeReader reads the questions of one set.
type nativeReader struct {
	*File
	element string // the file within a package
	set     string // that the package names
	// missing tells media that are not to be had; it tells what is wrong with them by itself.
	missing func(ref string) bool
	line    int
	named   string // by the head
	keys    map[digest]bool
}

// read reads the lines of a set; it reports false when they are no set.
func (n *nativeReader) read(from io.Reader) bool {
	n.keys = map[digest]bool{}
	lines := bufio.NewReaderSize(from, 64<<10)
	head, err := n.next(lines)
	if err != nil || !n.head(head) {
		if err != nil {
			n.broken(err)
		}
		return false
	}
	for {
		text, err := n.next(lines)
		switch {
		case errors.Is(err, io.EOF):
			return true
		case errors.Is(err, bufio.ErrTooLong):
			n.seen(nil)
			continue
		case err != nil:
			n.broken(err)
			return false
		}
		if len(bytes.TrimSpace(text)) > 0 && !n.seen(text) {
			return false
		}
	}
}

func (n *nativeReader) place() place { return place{line: n.line, element: n.element} }

// broken tells why no further line can be had.
func (n *nativeReader) broken(err error) {
	switch {
	case errors.Is(err, errTooLarge):
		n.Report.error(n.place(), codeZipTooLarge, "name", n.element, "limit", MaxUnpacked>>20)
	case n.element != "" && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrTooLong):
		n.Report.error(n.place(), codeZipBrokenFile, "name", n.element)
	default:
		n.Report.error(n.place(), codeNativeHead, "detail", strings.TrimPrefix(err.Error(), "bufio.Scanner: "))
	}
}

// next reads a line; of one that is too long it reads the rest, too, and keeps nothing.
func (n *nativeReader) next(lines *bufio.Reader) ([]byte, error) {
	n.line++
	var line []byte
	long := false
	for {
		part, err := lines.ReadSlice('\n')
		if long = long || len(line)+len(part) > maxNativeLine; !long {
			line = append(line, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
		case long && (err == nil || errors.Is(err, io.EOF)):
			return nil, bufio.ErrTooLong
		case errors.Is(err, io.EOF) && len(line) > 0:
			return line, nil
		default:
			return line, err
		}
	}
}

// head judges the first line.
func (n *nativeReader) head(text []byte) bool {
	var head nativeHead
	if err := strictJSON(text, &head); err != nil && head.Version <= nativeVersion {
		n.Report.error(n.place(), codeNativeHead, "detail", jsonDetail(err))
		return false
	}
	n.named = head.Set
	return n.Report.nativeKind(n.place(), nativeSet, head.Format, head.Version)
}

// nativeKind refuses what is of another kind or version.
func (r *Report) nativeKind(p place, want, format string, version int) bool {
	known := nativeVersion
	if want == nativePackage {
		known = attachedVersion
	}
	switch {
	case format != want:
		r.error(p, codeNativeHead, "detail", strconv.Quote(format))
	case version < nativeVersion || version > known:
		r.error(p, codeNativeVersion, "version", version, "known", known)
	default:
		return true
	}
	return false
}

// seen reads a question; nil is one that is too long. It reports false when no further one may be read.
func (n *nativeReader) seen(text []byte) bool {
	r := &n.Report
	if !r.mayRead(n.place()) {
		return false
	}
	r.open()
	defer r.close()
	if q := (Question{Line: n.line}); !n.question(text, &q) {
		n.refuse(&q, "")
	}
	return true
}

// question reads a line and takes what is sound. What it could read of another stands in q.
func (n *nativeReader) question(text []byte, q *Question) bool {
	r, p := &n.Report, n.place()
	if text == nil {
		r.error(p, codeNativeLineLong, "limit", maxNativeLine>>10)
		return false
	}
	if !utf8.Valid(text) {
		r.error(p, codeUndecodable, "encoding", string(UTF8))
		return false
	}
	var line nativeQuestion
	if err := strictJSON(text, &line); err != nil {
		r.error(p, codeNativeLine, "detail", jsonDetail(err))
		return false
	}
	*q = line.read(n.line)
	q.Set = n.set
	c := nativeCheck{report: r, place: place{line: n.line, element: n.element, question: excerpt(nativeName(q))}, q: q}
	if !n.admit(&c) {
		return false
	}
	n.media(&c)
	q.seal()
	n.take(q)
	return true
}

// admit judges a question and its key among those of the set.
func (n *nativeReader) admit(c *nativeCheck) bool {
	id := digestOf(c.q.SourceKey)
	if c.q.SourceKey == "" || len(c.q.SourceKey) > maxSourceKey+MaxName || n.keys[id] {
		c.report.error(c.place, codeNativeSourceKey, "key", c.q.SourceKey)
		return false
	}
	n.keys[id] = true
	return c.sound()
}

// media tells what the texts refer to and is not to be had.
func (n *nativeReader) media(c *nativeCheck) {
	told := map[string]bool{}
	eachText(&c.q.Question, &c.q.Key, &c.q.Feedback, func(t exam.Text) {
		for _, ref := range reference.FindAllString(t.Source, -1) {
			if !told[ref] && n.missing(ref) {
				c.report.warning(c.place, codeMediaMissing, "name", ref)
			}
			told[ref] = true
		}
	})
}

func (l *nativeQuestion) read(line int) Question {
	return Question{
		SourceKey: l.SourceKey, Number: l.Number, Category: l.Category, Year: l.Year, Reference: l.Reference,
		Difficulty: l.Difficulty, Tags: l.Tags, Question: l.Question, Key: l.Key, Feedback: l.Feedback, Line: line,
	}
}

// nativeName is what an author knows the question by.
func nativeName(q *Question) string {
	if q.Number != "" {
		return q.Number
	}
	return q.Question.Stem.Source
}

// strictJSON reads a value that has no other fields, and nothing behind it.
func strictJSON(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("more than one value")
	}
	return nil
}

func jsonDetail(err error) string { return strings.TrimPrefix(err.Error(), "json: ") }
