package questionset

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"shiken/exam"
)

// Limits of attachments, in bytes. A package takes all of an exam, beside its sets.
const (
	MaxAttachment     = 8 << 20  // one
	MaxAttachments    = 24 << 20 // all of an exam
	maxAttachmentName = 200
)

// attachmentType is a type of attachments: as it is served, and how names of its files end.
type attachmentType struct {
	served  string
	endings []string
}

// attachmentTypes are those that browsers show and that run nothing in the exam's pages, by what the content
// looks like. HTML, SVG and other XML are none of them.
var attachmentTypes = map[string]attachmentType{
	"application/pdf": {"application/pdf", []string{".pdf"}},
	"image/png":       {"image/png", []string{".png"}},
	"image/jpeg":      {"image/jpeg", []string{".jpg", ".jpeg"}},
	"image/gif":       {"image/gif", []string{".gif"}},
	"image/webp":      {"image/webp", []string{".webp"}},
	sniffedText:       {"text/plain; charset=utf-8", []string{".txt", ".md", ".csv"}},
}

const sniffedText = "text/plain; charset=utf-8"

// AttachmentEndings are the endings that files of attachments may have.
func AttachmentEndings() []string {
	var out []string
	for _, t := range attachmentTypes {
		out = append(out, t.endings...)
	}
	slices.Sort(out)
	return out
}

// AttachableType reports whether attachments are served as a media type.
func AttachableType(served string) bool {
	for _, t := range attachmentTypes {
		if t.served == served {
			return true
		}
	}
	return false
}

// NewAttachment judges a file that is to be an attachment: its content decides its type, and its name must
// not say another. The report is sound when it can be one.
func NewAttachment(file string, data []byte) (exam.Attachment, Media, Report) {
	r := Report{Format: Exam}
	a, m, code, args := newAttachment(file, data)
	if code != "" {
		r.error(place{}, code, args...)
	}
	return a, m, r
}

// newAttachment is NewAttachment with the code of what is wrong, "" for nothing.
func newAttachment(file string, data []byte) (a exam.Attachment, m Media, fault Code, args []any) {
	t, known := attachmentTypes[sniffAttachment(data)]
	switch {
	case !attachmentName(file):
		return a, m, codeAttachmentName, []any{"name", file, "limit", maxAttachmentName}
	case len(data) == 0:
		return a, m, codeAttachmentEmpty, []any{"name", file}
	case len(data) > MaxAttachment:
		return a, m, codeAttachmentLarge, []any{"name", file, "limit", MaxAttachment >> 20}
	case !known:
		return a, m, codeAttachmentType, []any{"name", file}
	case !slices.Contains(t.endings, strings.ToLower(path.Ext(file))):
		return a, m, codeAttachmentEnding, []any{"name", file, "endings", strings.Join(t.endings, ", ")}
	}
	sum := sha256.Sum256(data)
	m = Media{Hash: hex.EncodeToString(sum[:]), Type: t.served, Name: file, Data: data}
	return exam.Attachment{File: file, Media: m.Hash, Type: m.Type, Size: int64(len(data))}, m, "", nil
}

// sniffAttachment tells what a content looks like; what is called text is nothing else.
func sniffAttachment(data []byte) string {
	sniffed := http.DetectContentType(data)
	if sniffed == sniffedText && (!plainText(data) || looksSVG(data)) {
		return ""
	}
	return sniffed
}

var byteOrderMark = []byte("\uFEFF")

// plainText: UTF-8 without control characters but those that lay out a text.
func plainText(data []byte) bool {
	data = bytes.TrimPrefix(data, byteOrderMark)
	return utf8.Valid(data) && !bytes.ContainsFunc(data, func(c rune) bool {
		return unicode.IsControl(c) && !strings.ContainsRune("\t\n\r\f", c)
	})
}

// attachmentName judges the name of a file, which goes into folders of any system, and into headers.
func attachmentName(name string) bool {
	bad := func(c rune) bool {
		return unicode.IsControl(c) || unicode.Is(unicode.Cf, c) || c == utf8.RuneError || strings.ContainsRune(`<>:"/\|?*`, c)
	}
	return name != "" && len(name) <= maxAttachmentName && !strings.ContainsFunc(name, bad) &&
		!strings.HasPrefix(name, ".") && strings.TrimSpace(name) == name
}
