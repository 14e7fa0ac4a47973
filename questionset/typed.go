package questionset

import (
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Typed questions are numbered, with options that letters begin; a star before the right ones, or a line
// of the answer:
//
//	1. What holds the roof?      問1 屋根を支えるのは？
//	a) a wall                    ア）壁
//	*b) a beam                   イ）梁
//	                             正解: イ

var (
	typedNumber = wide(`(?i)^\s*(?:(?:q|question|no|frage|pregunta|問題|問|設問|第)\s*\.?\s*)?([0-9０-９]{1,4})\s*(?:問\s*)?([.)．）:：、])\s*(.*)$`)
	typedWord   = wide(`(?i)^\s*(?:q|question|frage|pregunta|問題|問|設問|第)\s*([0-9０-９]{1,4})\s*(問?)(?:\s+(.*))?$`)
	typedOption = wide(`^\s*(\*?)\s*[(（]?([A-Za-zＡ-Ｚａ-ｚア-コｱ-ｺ])([).．、）:：])\s*(.*)$`)
	typedCircle = wide(`^\s*(\*?)\s*([①-⑩])\s*(.*)$`)
)

// wide compiles an expression whose white space is also the wide one of Japanese.
func wide(expression string) *regexp.Regexp {
	return regexp.MustCompile(strings.ReplaceAll(expression, `\s`, `[\s\x{3000}]`))
}

// typedLike tells numbered questions with options.
func typedLike(head string) bool {
	numbered, options := false, 0
	for line := range strings.SplitSeq(head, "\n") {
		line = withoutMarkup(line)
		if _, _, _, ok := typedStart(line); ok {
			numbered, options = true, 0
		} else if place, _, _, ok := typedChoice(line); ok && numbered && place == options {
			if options++; options == 2 {
				return true
			}
		}
	}
	return false
}

// typedStart splits a line that begins a question. The mark is what stands behind its number.
func typedStart(line string) (number int, mark, text string, ok bool) {
	m := typedNumber.FindStringSubmatch(line)
	if m == nil {
		m = typedWord.FindStringSubmatch(line)
	}
	if m == nil {
		return 0, "", "", false
	}
	n, err := strconv.Atoi(norm.NFKC.String(m[1]))
	return n, norm.NFKC.String(m[2]), strings.TrimSpace(m[3]), err == nil
}

// typedChoice splits a line that may be an option.
func typedChoice(line string) (place int, right bool, text string, ok bool) {
	m := choiceParts(line)
	if m == nil {
		return 0, false, "", false
	}
	place = markPlace(strings.ToLower(norm.NFKC.String(m[2])))
	return place, m[1] != "", strings.TrimSpace(m[len(m)-1]), place >= 0
}

func parseTyped(f *File, text string) {
	f.reread = func(into *File, _ *Piece, text string) { parseTyped(into, text) }
	r := newProse(f, text)
	r.marks = make([]typedMark, len(r.lines))
	for i, line := range r.lines {
		r.marks[i] = markOf(line)
	}
	r.stars = starsMark(r.marks)
	for r.at = 0; r.at < len(r.lines) && !r.full; r.at++ {
		r.typedLine(strings.TrimSpace(r.lines[r.at]))
	}
	r.finish()
}

// typedLine takes one line.
func (r *proseReader) typedLine(line string) {
	q := r.open
	if line == "" {
		if q != nil {
			q.gap, q.explaining = true, false
		}
		return
	}
	bare := withoutMarkup(line)
	switch {
	case r.typedQuestion(bare):
	case r.typedAnswer(bare):
	case r.explain(line):
	case r.takeTypedOption(bare):
	case !r.typedText(line):
		return // the blank line stands before the next one, too
	}
	if r.open != nil {
		r.open.gap = false
	}
}

// typedQuestion begins a question. To the stem before it belongs a number out of its turn, or with another mark on
// the next line: of lines of code, or of a list.
func (r *proseReader) typedQuestion(line string) bool {
	n, mark, text, ok := typedStart(line)
	if !ok {
		return false
	}
	q := r.open
	if q != nil && len(q.options) == 0 && q.keyLine == 0 && (n != r.last+1 || !q.gap && mark != q.mark) {
		return false
	}
	r.start(strconv.Itoa(n))
	r.open.mark = mark
	if r.last = n; text != "" {
		r.open.stem = []string{text}
	}
	return true
}

// typedAnswer reads the line of the answer. In a list before the options it is a part of the text, unless it says what
// is true.
func (r *proseReader) typedAnswer(line string) bool {
	m, q := answerLine.FindStringSubmatch(line), r.open
	if m == nil {
		return false
	}
	_, says := statementWord(m[1])
	switch {
	case q != nil && len(q.options) == 0 && q.keyLine == 0 && r.marks[r.at].listed && !says:
		return false
	case q == nil || q.keyLine > 0 || len(q.stem) == 0:
		r.file.Report.error(place{line: r.at + 1}, codeProseAnswerOutside, "key", m[1])
		return true
	}
	q.key, q.keyLine, q.explaining = m[1], r.at+1, false
	return true
}

// typedText takes a line that begins nothing; it reports false where the line belongs to no question.
func (r *proseReader) typedText(line string) bool {
	q := r.open
	switch {
	case q == nil || q.keyLine > 0 || len(q.options) > 0 && q.gap:
		r.unread(line)
		return false
	case len(q.options) == 0:
		q.stemLine(line)
	default:
		last := q.lastOption()
		last.text = append(last.text, line)
	}
	return true
}
