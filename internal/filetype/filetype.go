// Package filetype tells files that hold no questions and no people, though somebody brings them: what
// word processors, scanners and cameras write. It knows them by their first bytes, or by what a package
// holds, never by their name.
package filetype

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
)

// Class says what kind of file it is, and so what its owner may do.
type Class string

// The classes.
const (
	Unknown  Class = ""         // text, a workbook, a package of questions: whatever is not told here
	Document Class = "document" // of a word processor
	Slides   Class = "slides"
	Sheet    Class = "sheet" // a spreadsheet that is no .xlsx
	PDF      Class = "pdf"
	Page     Class = "page" // of the web
	Picture  Class = "picture"
	Binary   Class = "binary" // sound, films, archives, whatever is no text
)

// Type is what a file is. Name is what people call it, the same in every language.
type Type struct {
	Class Class
	Name  string
}

// Bounds of what is looked at.
const (
	headBytes  = 4 << 10
	maxEntries = 10_000
)

// Of tells what a whole file is.
func Of(data []byte) Type {
	if bytes.HasPrefix(data, []byte("PK\x03\x04")) {
		return ofPackage(data)
	}
	head := data[:min(len(data), headBytes)]
	text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\ufeff")), " \t\r\n")
	switch {
	case bytes.HasPrefix(text, []byte("%PDF-")):
		return Type{PDF, "PDF"}
	case bytes.HasPrefix(text, []byte(`{\rtf`)):
		return Type{Document, "RTF"}
	case beginsWith(text, "<!doctype html"), beginsWith(text, "<html"):
		return Type{Page, "HTML"}
	case bytes.ContainsFunc(head, isBinary):
		return ofBinary(head)
	}
	return Type{}
}

// beginsWith compares without case.
func beginsWith(text []byte, word string) bool {
	return len(text) >= len(word) && strings.EqualFold(string(text[:len(word)]), word)
}

// isBinary tells characters that no text holds.
func isBinary(c rune) bool {
	return c < ' ' && !strings.ContainsRune("\t\n\v\f\r\x1a\x1b", c)
}

// ofBinary tells files that are no text by the bytes that they begin with. Those that begin with no
// known ones are left to whoever reads text, and can say which character is strange.
func ofBinary(head []byte) Type {
	kind, sub, _ := strings.Cut(http.DetectContentType(head), "/")
	name, _, _ := strings.Cut(sub, ";")
	name = strings.ToUpper(strings.TrimPrefix(name, "x-"))
	switch {
	case kind == "image":
		return Type{Picture, name}
	case bytes.HasPrefix(head, []byte("II*\x00")), bytes.HasPrefix(head, []byte("MM\x00*")):
		return Type{Picture, "TIFF"}
	case len(head) > 12 && string(head[4:8]) == "ftyp" && strings.HasPrefix(string(head[8:12]), "hei"):
		return Type{Picture, "HEIC"}
	case bytes.HasPrefix(head, []byte("SQLite format 3\x00")):
		return Type{Binary, "SQLite"}
	case kind == "audio", kind == "video", kind == "font", kind == "application" && name != "OCTET-STREAM":
		return Type{Binary, name}
	}
	return Type{}
}

// parts are files by which packages are known.
var parts = []struct {
	name string
	is   Type
}{
	{"word/document.xml", Type{Document, "Word"}},
	{"ppt/presentation.xml", Type{Slides, "PowerPoint"}},
	{"xl/workbook.bin", Type{Sheet, "XLSB"}},
	{"Index/Presentation.iwa", Type{Slides, "Keynote"}},
	{"Index/Tables/DataList.iwa", Type{Sheet, "Numbers"}},
	{"Index/Document.iwa", Type{Document, "Pages"}},
}

// mimetypes are what packages say of themselves in the file "mimetype".
var mimetypes = []struct {
	prefix string
	is     Type
}{
	{"application/vnd.oasis.opendocument.text", Type{Document, "ODT"}},
	{"application/vnd.oasis.opendocument.presentation", Type{Slides, "ODP"}},
	{"application/vnd.oasis.opendocument.spreadsheet", Type{Sheet, "ODS"}},
	{"application/epub+zip", Type{Document, "EPUB"}},
}

// ofPackage tells a zip by what is in it.
func ofPackage(data []byte) Type {
	if bytes.Count(data, []byte("PK\x01\x02")) > maxEntries { // before the list takes memory
		return Type{}
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return Type{}
	}
	files := map[string]*zip.File{}
	for _, f := range z.File {
		files[f.Name] = f
	}
	for _, p := range parts {
		if files[p.name] != nil {
			return p.is
		}
	}
	if said := files["mimetype"]; said != nil {
		return ofMimetype(said)
	}
	return Type{}
}

func ofMimetype(f *zip.File) Type {
	r, err := f.Open()
	if err != nil {
		return Type{}
	}
	defer r.Close() //nolint:errcheck // only read
	said, err := io.ReadAll(io.LimitReader(r, 100))
	if err != nil {
		return Type{}
	}
	for _, m := range mimetypes {
		if strings.HasPrefix(strings.TrimSpace(string(said)), m.prefix) {
			return m.is
		}
	}
	return Type{}
}
