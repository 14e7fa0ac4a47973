package questionset

import (
	"regexp"
	"strings"

	"shiken/internal/xmltree"
)

// salvage reads on in a document that is not well-formed, question by question: what stands between two
// beginnings is read by itself, so that a fault costs the question that it is in and no other.
func (m *moodleReader) salvage(text string, fault *xmltree.Fault) {
	r := &m.file.Report
	if fault.Reason == xmltree.Declaration || fault.Reason == xmltree.Encoding {
		r.xmlFault(place{}, fault)
		return
	}
	pieces := cutEntries(text)
	if len(pieces) == 0 || m.entries > len(pieces) {
		r.xmlFault(place{}, fault)
		return
	}
	if !strings.Contains(text[pieces[len(pieces)-1].start:], "</"+moodleRootName) {
		r.error(place{line: fault.Line}, codeMoodleCut, "detail", fault.Detail)
	} else {
		r.warning(place{line: fault.Line}, codeMoodleSalvaged, "detail", fault.Detail)
	}
	for _, p := range pieces[m.entries:] {
		m.base = p.line - 1
		if !m.piece(text[p.start:p.end]) {
			return
		}
	}
}

// openCDATA finds a CDATA section that is not closed before a further question begins and opens one: the
// document may be well-formed all the same, but the first question would swallow the second.
func openCDATA(text string) *xmltree.Fault {
	const opening, closing = "<![CDATA[", "]]>"
	for at := 0; ; {
		i := strings.Index(text[at:], opening)
		if i < 0 {
			return nil
		}
		begin := at + i
		at = begin + len(opening)
		n := strings.Index(text[at:], closing)
		if n < 0 {
			return nil
		}
		inside := text[at : at+n]
		if next := strings.LastIndex(inside, opening); next > 0 && strings.Contains(inside[:next], "<"+moodleEntryName+" ") {
			return &xmltree.Fault{Reason: xmltree.Malformed, Line: 1 + strings.Count(text[:begin], "\n"), Detail: "CDATA not closed"}
		}
		at += n
	}
}

// piece reads one piece; it reports false when nothing more is read.
func (m *moodleReader) piece(source string) bool {
	root, fault := xmltree.Parse(source)
	if fault == nil {
		return m.entry(root)
	}
	r := &m.file.Report
	line := m.base + 1
	if categoryHead.MatchString(source) {
		m.category = ""
		r.error(place{line: line, element: "category"}, codeMoodlePiece, "line", m.base+fault.Line, "detail", fault.Detail)
		return true
	}
	if m.broken++; m.broken > MaxBroken {
		r.error(place{line: line}, codeMoodleTooManyBroken, "limit", MaxBroken)
		return false
	}
	if !r.mayRead(place{line: line}) {
		return false
	}
	r.open()
	defer r.close()
	d := draft{report: r, line: line}
	if name := pieceName.FindStringSubmatch(source[:min(len(source), MaxText)]); name != nil {
		d.name = oneLine(name[1])
	}
	m.nameApart(&d)
	d.error("", codeMoodlePiece, "line", m.base+fault.Line, "detail", fault.Detail)
	m.file.refuse(&Question{Line: line, Number: d.name, Category: m.category}, source)
	return true
}

var (
	categoryHead = regexp.MustCompile(`^<question\s+type\s*=\s*["']?category\b`)
	pieceName    = regexp.MustCompile(`<name\b[^>]{0,100}>\s*(?:<text>)?\s*(?:<!\[CDATA\[)?([^<\]]{1,300})`)
)

// entryPiece is a part of a document from the beginning of one entry to the end of its last end tag
// before the next one begins.
type entryPiece struct {
	start, end int
	line       int // 1-based, of its beginning
}

// cutEntries finds where entries begin. What is in comments and in CDATA is none, but where one is not
// closed before the next one opens, it is taken for broken, and what it seemed to hold counts.
func cutEntries(text string) []entryPiece {
	var starts, doubtful []int
	open := ""
	for at := 0; len(starts)+len(doubtful) <= MaxQuestions; {
		here, mark := nextMark(text, at)
		if mark == "" {
			break
		}
		at = here + len(mark)
		switch {
		case strings.HasPrefix(mark, "<q") && open == "":
			starts = append(starts, here)
		case strings.HasPrefix(mark, "<q"):
			doubtful = append(doubtful, here)
		case open == mark:
			starts, doubtful = append(starts, doubtful...), nil
		case open == "" && mark[0] == '<':
			open = mark
		case open == "<!--" && mark == "-->", open == "<![CDATA[" && mark == "]]>":
			open, doubtful = "", nil
		}
	}
	return measured(text, append(starts, doubtful...))
}

// nextMark finds the next mark from a place on: where a comment or a CDATA section begins or ends, or an
// entry begins; "" when there is none.
func nextMark(text string, at int) (here int, mark string) {
	for from := at; ; {
		i := strings.IndexAny(text[from:], "<>")
		if i < 0 {
			return 0, ""
		}
		i += from
		for _, m := range []string{"]]>", "-->"} {
			if text[i] == '>' && i-2 >= at && text[i-2:i+1] == m {
				return i - 2, m
			}
		}
		for _, m := range []string{"<![CDATA[", "<!--", "<" + moodleEntryName} {
			if rest, ok := strings.CutPrefix(text[i:], m); ok && (m[1] == '!' || rest != "" && strings.IndexByte(" \t\r\n>/", rest[0]) >= 0) {
				return i, m
			}
		}
		from = i + 1
	}
}

// measured gives pieces their ends and lines.
func measured(text string, starts []int) []entryPiece {
	pieces := make([]entryPiece, len(starts))
	line, counted := 1, 0
	for i, start := range starts {
		end := len(text)
		if i+1 < len(starts) {
			end = starts[i+1]
		}
		const endTag = "</" + moodleEntryName
		if last := strings.LastIndex(text[start:end], endTag); last >= 0 {
			after := start + last + len(endTag)
			if closing := strings.IndexByte(text[after:end], '>'); closing >= 0 {
				end = after + closing + 1
			}
		}
		line += strings.Count(text[counted:start], "\n")
		counted = start
		pieces[i] = entryPiece{start: start, end: end, line: line}
	}
	return pieces
}
