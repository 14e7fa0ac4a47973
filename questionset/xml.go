package questionset

import (
	"bytes"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"

	"shiken/internal/textfile"
	"shiken/internal/xmltree"
)

// xmlFaults are the findings about documents that cannot be read.
var xmlFaults = map[xmltree.Reason]Code{
	xmltree.Malformed:   codeXMLMalformed,
	xmltree.Declaration: codeXMLDeclaration,
	xmltree.TooDeep:     codeXMLTooDeep,
	xmltree.TooMany:     codeXMLTooMany,
	xmltree.Encoding:    codeXMLEncoding,
}

// xmlFault reports why a document cannot be read; p says which it is, the fault in which line.
func (r *Report) xmlFault(p place, fault *xmltree.Fault) {
	p.line = fault.Line
	r.error(p, xmlFaults[fault.Reason], "detail", fault.Detail)
}

var (
	declaredEncoding = regexp.MustCompile(`^\s*<\?xml\b[^>]{0,200}?\bencoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']`)
	utf8Names        = regexp.MustCompile(`^(?i:utf-?8|us-ascii|ascii)$`)
)

// xmlText decodes a document. What is valid UTF-8 is read as UTF-8, whatever the document declares, and
// that is told when it matters; else the declared encoding counts. The text no longer declares any.
func (r *Report) xmlText(p place, data []byte) (string, bool) {
	if textfile.LooksUTF16(data) {
		r.error(p, codeUTF16)
		return "", false
	}
	if !r.checkRuns(data) {
		return "", false
	}
	name := ""
	if m := declaredEncoding.FindSubmatchIndex(bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF"))); m != nil {
		data = bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF"))
		name = string(data[m[2]:m[3]])
		data = slices.Concat(data[:m[2]], []byte("UTF-8"), data[m[3]:])
	}
	switch foreign := name != "" && !utf8Names.MatchString(name); {
	case foreign && !utf8.Valid(data):
		in, err := charset.NewReaderLabel(name, bytes.NewReader(data))
		if err != nil {
			r.error(p, codeXMLEncoding)
			return "", false
		}
		if data, err = io.ReadAll(in); err != nil {
			r.error(p, codeXMLEncoding)
			return "", false
		}
	case foreign && !isASCII(data):
		r.warning(p, codeXMLReallyUTF8, "name", name)
	}
	text, encoding := textfile.Decode(data, false)
	r.Encoding = encoding
	return text, true
}

var (
	doctype    = regexp.MustCompile(`(?s)<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>`)
	dtdMarkers = regexp.MustCompile(`<!(?:ENTITY|DOCTYPE)`)
	firstTag   = regexp.MustCompile(`<[A-Za-z_]`)
)

// withoutDoctype blanks a document type declaration before the root element, which tools for QTI write and which
// nothing here needs, and tells so. One that declares entities refuses the document.
func (r *Report) withoutDoctype(p place, text string) (string, bool) {
	head := text
	if at := firstTag.FindStringIndex(text); at != nil {
		head = text[:at[0]]
	}
	at := doctype.FindStringIndex(head)
	if at == nil {
		return text, true
	}
	p.line = 1 + strings.Count(text[:at[0]], "\n")
	declared := text[at[0]:at[1]]
	if dtdMarkers.MatchString(declared[2:]) {
		r.error(p, codeXMLDeclaration)
		return "", false
	}
	r.note(p, codeXMLDoctype)
	return text[:at[0]] + strings.Repeat("\n", strings.Count(declared, "\n")) + text[at[1]:], true
}

func isASCII(data []byte) bool {
	return !slices.ContainsFunc(data, func(b byte) bool { return b >= utf8.RuneSelf })
}
