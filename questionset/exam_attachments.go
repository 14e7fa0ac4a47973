package questionset

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"

	"shiken/exam"
)

// Beside opens a file that an exam file names. Its path is a local one with slashes, from the folder of the
// exam file on. fs.ErrNotExist when there is none.
type Beside func(name string) (io.ReadCloser, error)

var attachmentFields = []string{"file", "title", "sha256"}

// attachments reads the attachments; their elements are counted from 1, as an author counts.
func (e *examReader) attachments(n *yaml.Node) []exam.Attachment {
	switch {
	case n == nil:
		return nil
	case n.Kind != yaml.SequenceNode || len(n.Content) > exam.MaxAttachments:
		e.fault(n, "attachments", codeAttachmentsList, "limit", exam.MaxAttachments)
		return nil
	}
	var out []exam.Attachment
	names := map[string]bool{}
	for i, c := range n.Content {
		at := fmt.Sprintf("attachments[%d]", i+1)
		a, ok := e.attachment(c, at)
		if !ok {
			continue
		}
		if names[strings.ToLower(a.File)] {
			e.fault(c, at+".file", codeAttachmentTwice, "name", a.File)
		}
		names[strings.ToLower(a.File)] = true
		out = append(out, a)
	}
	return out
}

var hashForm = regexp.MustCompile(`^[0-9a-f]{64}$`)

func (e *examReader) attachment(n *yaml.Node, at string) (a exam.Attachment, ok bool) {
	m := e.mapping(n, at, attachmentFields)
	if m == nil || !e.needAt(n, m, at+".file", "file") {
		return a, false
	}
	var title exam.Title
	if m["title"] != nil {
		title = e.title(m["title"], at+".title")
	}
	hash := ""
	if h := m["sha256"]; h != nil {
		if hash = h.Value; h.Kind != yaml.ScalarNode || !hashForm.MatchString(hash) {
			e.fault(h, at+".sha256", codeAttachmentHash, "value", h.Value)
			return a, false
		}
	}
	file := m["file"]
	name, local := entryName(file.Value)
	if file.Kind != yaml.ScalarNode || !local {
		e.fault(file, at+".file", codeAttachmentPath, "name", file.Value)
		return a, false
	}
	a, code, args := e.attached(name, hash)
	if code != "" {
		e.fault(file, at+".file", code, args...)
		return a, false
	}
	a.Title = title
	return a, true
}

// attached takes a file that stands beside the exam file, or else the content that the hash names, which is
// stored already or nowhere: its type and size are not known then.
func (e *examReader) attached(name, hash string) (a exam.Attachment, fault Code, args []any) {
	data, err := e.beside(name)
	base := path.Base(name)
	switch {
	case errors.Is(err, fs.ErrNotExist) && hash == "":
		return a, codeAttachmentMissing, []any{"name", name}
	case errors.Is(err, fs.ErrNotExist) && !attachmentName(base):
		return a, codeAttachmentName, []any{"name", base, "limit", maxAttachmentName}
	case errors.Is(err, fs.ErrNotExist):
		return exam.Attachment{File: base, Media: hash}, "", nil
	case errors.Is(err, errTooLarge):
		return a, codeAttachmentLarge, []any{"name", name, "limit", MaxAttachment >> 20}
	case err != nil:
		return a, codeAttachmentUnread, []any{"name", name}
	}
	a, m, fault, args := newAttachment(base, data)
	switch {
	case fault != "":
		return a, fault, args
	case hash != "" && hash != m.Hash:
		return a, codeAttachmentOther, []any{"name", name}
	case !e.file.keep(&m):
		return a, codeMediaTotal, []any{"name", name, "limit", MaxMediaTotal >> 20}
	}
	return a, "", nil
}

// beside reads a file beside the exam file. A form has none.
func (e *examReader) beside(name string) ([]byte, error) {
	if e.file == nil || e.file.options.Beside == nil {
		return nil, fs.ErrNotExist
	}
	from, err := e.file.options.Beside(name)
	if err != nil {
		return nil, err
	}
	data, err := readBounded(from, 0, MaxAttachment)
	return data, errors.Join(err, from.Close())
}
