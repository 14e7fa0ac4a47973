package sqlstore

import (
	"encoding/json"
	"strconv"
	"strings"
)

// jsonScan reads a JSON document that a database gave as text, front to back, several times as fast as
// encoding/json does and without keeping any of it: for what reads thousands of papers. The document is valid;
// of another one some of the values are wrong, and nothing worse happens.
type jsonScan struct {
	text  string
	at    int
	known map[string]string // texts that come again and again, without the document around them
}

// reset begins another document.
func (s *jsonScan) reset(text string) { s.text, s.at = text, 0 }

// next is the byte that the next value begins with; 0 at the end.
func (s *jsonScan) next() byte {
	for s.at < len(s.text) {
		switch c := s.text[s.at]; c {
		case ' ', '\t', '\n', '\r', ',', ':':
			s.at++
		default:
			return c
		}
	}
	return 0
}

// object calls member for each member of an object, before its value; member reads or skips that. Another
// value is skipped.
func (s *jsonScan) object(member func(name string)) {
	if s.next() != '{' {
		s.skip()
		return
	}
	s.at++
	for c := s.next(); c != '}' && c != 0; c = s.next() {
		if c != '"' {
			s.skip()
			continue
		}
		member(s.string())
	}
	s.at++
}

// array calls element before each element of an array; element reads or skips it. Another value is skipped.
func (s *jsonScan) array(element func()) {
	if s.next() != '[' {
		s.skip()
		return
	}
	s.at++
	for c := s.next(); c != ']' && c != 0; c = s.next() {
		before := s.at
		if element(); s.at == before {
			s.at++
		}
	}
	s.at++
}

// string reads a string; "" of another value, which is skipped.
func (s *jsonScan) string() string {
	if s.next() != '"' {
		s.skip()
		return ""
	}
	from := s.at
	s.skip()
	quoted := s.text[from:min(s.at, len(s.text))]
	if strings.IndexByte(quoted, '\\') < 0 {
		return strings.Trim(quoted, `"`)
	}
	text := ""
	_ = json.Unmarshal([]byte(quoted), &text) // a valid document holds valid strings
	return text
}

// word reads a string that comes again and again.
func (s *jsonScan) word() string {
	text := s.string()
	if known, ok := s.known[text]; ok {
		return known
	}
	if s.known == nil {
		s.known = map[string]string{}
	}
	text = strings.Clone(text)
	s.known[text] = text
	return text
}

// number reads a whole number; 0 of another value.
func (s *jsonScan) number() int {
	from := s.at
	if s.next(); s.at > from {
		from = s.at
	}
	s.skip()
	n, _ := strconv.Atoi(s.text[from:min(s.at, len(s.text))])
	return n
}

// skip steps over a value.
func (s *jsonScan) skip() {
	depth := 0
	for {
		switch s.next() {
		case 0:
			return
		case '"':
			s.skipString()
		case '{', '[':
			depth++
			s.at++
		case '}', ']':
			depth--
			s.at++
		default:
			for s.at < len(s.text) && strings.IndexByte(" \t\r\n,:{}[]\"", s.text[s.at]) < 0 {
				s.at++
			}
		}
		if depth <= 0 {
			return
		}
	}
}

func (s *jsonScan) skipString() {
	for s.at++; s.at < len(s.text); s.at++ {
		switch s.text[s.at] {
		case '\\':
			s.at++
		case '"':
			s.at++
			return
		}
	}
}
