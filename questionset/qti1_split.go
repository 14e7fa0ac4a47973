package questionset

import (
	"strings"

	"shiken/internal/xmltree"
)

// qti1Part is a piece of a QTI 1.2 document that is read by itself: so a fault in one item costs that
// item only, and a document of any length takes the memory of its largest item.
type qti1Part struct {
	name string // of the element, without prefix
	line int    // 1-based, where it begins
	text string // the whole element; of a container its start tag, of a container's end ""
	end  bool   // a container ends here
}

// qti1Containers hold items, or one another.
var qti1Containers = map[string]bool{"questestinterop": true, "assessment": true, "section": true, "objectbank": true}

// splitQTI1 calls visit for the parts of a document in order, until it answers false. An element that
// does not end is cut off where the next item begins or its container ends.
func splitQTI1(text string, visit func(qti1Part) bool) {
	s := &tagScanner{text: text, line: 1}
	t, ok := s.next()
	for ok {
		var part qti1Part
		switch {
		case !qti1Containers[t.name] && !t.closes:
			part, t, ok = s.element(t)
		case t.closes:
			part = qti1Part{name: t.name, line: t.line, end: true}
			t, ok = s.next()
		default:
			part = qti1Part{name: t.name, line: t.line, text: text[t.from:t.to]}
			t, ok = s.next()
		}
		if !visit(part) {
			return
		}
	}
}

// element gathers a whole element that begins with a tag, and gives the tag that follows it.
func (s *tagScanner) element(first tag) (qti1Part, tag, bool) {
	part := qti1Part{name: first.name, line: first.line, text: s.text[first.from:first.to]}
	t, ok := s.next()
	if first.empty {
		return part, t, ok
	}
	depth, sections := 1, 0
	for ; ok; t, ok = s.next() {
		switch {
		case t.name == "section" && !t.closes:
			sections++
		case t.name == "section" && sections > 0:
			sections--
		case t.closes && qti1Containers[t.name], !t.closes && t.name == "item":
			part.text = s.text[first.from:t.from]
			return part, t, ok
		case t.name != first.name || t.empty:
		case !t.closes:
			depth++
		default:
			if depth--; depth == 0 {
				part.text = s.text[first.from:t.to]
				t, ok = s.next()
				return part, t, ok
			}
		}
	}
	part.text = s.text[first.from:]
	return part, t, false
}

// tag is a start or an end tag of a document.
type tag struct {
	name          string // without prefix
	from, to      int    // in the text
	line          int
	closes, empty bool
}

// tagScanner finds the tags of a document without judging it. It looks at every byte a few times at most.
type tagScanner struct {
	text     string
	at       int
	line     int // of the byte at counted
	counted  int
	unquoted bool // a quotation mark does not end: none is minded any more
}

// next finds the next tag; comments, CDATA sections, instructions and declarations are passed over.
func (s *tagScanner) next() (tag, bool) {
	for {
		i := strings.IndexByte(s.text[s.at:], '<')
		if i < 0 {
			return tag{}, false
		}
		from := s.at + i
		rest := s.text[from:]
		switch {
		case strings.HasPrefix(rest, "<!--"):
			s.skip(from, "-->")
		case strings.HasPrefix(rest, "<![CDATA["):
			s.skip(from, "]]>")
		case strings.HasPrefix(rest, "<?"), strings.HasPrefix(rest, "<!"):
			s.skip(from, ">")
		default:
			if t, ok := s.tag(from); ok {
				return t, true
			}
		}
	}
}

func (s *tagScanner) skip(from int, end string) {
	s.at = len(s.text)
	if i := strings.Index(s.text[from:], end); i >= 0 {
		s.at = from + i + len(end)
	}
}

// tag reads the tag at a place; it reports false, and goes on behind it, when there is none.
func (s *tagScanner) tag(from int) (tag, bool) {
	t := tag{from: from}
	at := from + 1
	if at < len(s.text) && s.text[at] == '/' {
		t.closes = true
		at++
	}
	begin := at
	for at < len(s.text) && strings.IndexByte(" \t\r\n/><\"'=", s.text[at]) < 0 {
		at++
	}
	t.name = s.text[begin:at]
	if i := strings.LastIndexByte(t.name, ':'); i >= 0 {
		t.name = t.name[i+1:]
	}
	end := -1
	if t.name != "" {
		end = s.tagEnd(at)
	}
	if end < 0 {
		s.at = from + 1
		return tag{}, false
	}
	t.to, s.at = end+1, end+1
	t.empty = !t.closes && s.text[end-1] == '/'
	s.line += strings.Count(s.text[s.counted:from], "\n")
	s.counted, t.line = from, s.line
	return t, true
}

// tagEnd finds the > that ends a tag, minding quotation marks; -1 when another tag begins before it. Once
// a quotation mark does not end within the length of a tag, none is minded any more: so every byte is
// looked at a few times only.
func (s *tagScanner) tagEnd(at int) int {
	end := min(len(s.text), at+xmltree.MaxTag)
	for i := at; i < end; i++ {
		switch c := s.text[i]; c {
		case '>':
			return i
		case '<':
			return -1
		case '"', '\'':
			n := -1
			if !s.unquoted {
				n = strings.IndexByte(s.text[i+1:end], c)
			}
			if n < 0 {
				s.unquoted = true
				continue
			}
			i += n + 1
		}
	}
	s.unquoted = true
	return -1
}
