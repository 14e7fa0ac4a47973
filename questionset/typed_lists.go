package questionset

import (
	"math"
	"regexp"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// typedMark is what a line looks like from its beginning, before it is known what it is.
type typedMark struct {
	place  int8  // of an option with its letter, from 0; -1 for other lines
	kind   byte  // of letters: A, a, ア as k, ① as 1
	behind byte  // the letter, as a full stop or a bracket; 0 for nothing
	listed bool  // it begins with the dash of a list
	star   bool  // before the letter
	loose  bool  // the star stands apart from it
	answer bool  // the line names an answer
	number int16 // of a question that it begins; -1 for none
}

// looseStar tells a star of a list from one that marks an option.
var looseStar = regexp.MustCompile(`^\*[\s\x{3000}]`)

// markOf tells what a line looks like.
func markOf(line string) typedMark {
	line = strings.TrimSpace(line)
	bare := withoutMarkup(line)
	m := typedMark{place: -1, number: -1, answer: answerLine.MatchString(bare)}
	if n, _, _, ok := typedStart(bare); ok {
		m.number = int16(min(n, math.MaxInt16))
	}
	if list := listMark.FindStringSubmatch(line); list != nil {
		m.listed = list[1] != ""
	}
	place, star, _, ok := typedChoice(bare)
	if !ok {
		return m
	}
	parts := choiceParts(bare)
	m.place, m.star, m.loose = int8(place), star, looseStar.MatchString(bare)
	if m.kind = kindOfLetter(norm.NFKC.String(parts[2])); len(parts) > 4 {
		m.behind = norm.NFKC.String(parts[3])[0]
	}
	return m
}

func kindOfLetter(letter string) byte {
	switch {
	case letter >= "0" && letter <= "99":
		return '1'
	case letter >= "A" && letter <= "Z":
		return 'A'
	case letter >= "a" && letter <= "z":
		return 'a'
	}
	return 'k'
}

// choiceParts are the star, the letter, what stands behind the letter unless it is a circle, and the text of a line
// that may be an option; nil for others.
func choiceParts(line string) []string {
	if m := typedCircle.FindStringSubmatch(line); m != nil {
		return m
	}
	return typedOption.FindStringSubmatch(line)
}

// mostAhead is how many lines are looked at for the option that follows another.
const mostAhead = 50

// follows reports whether an option of a place comes behind the line that is read, before the answer and the next
// question: as the next line that looks like any option, or as the next with letters of the same kind.
func (r *proseReader) follows(place int8, kind byte, strict bool) bool {
	next := true
	for _, m := range r.marks[r.at+1 : min(r.at+1+mostAhead, len(r.marks))] {
		switch {
		case m.answer || m.number >= 0 && int(m.number) == r.last+1:
			return false
		case m.place < 0:
		case m.kind == kind:
			return m.place == place
		case next && m.place == place && !strict:
			return true
		default:
			next = false
		}
	}
	return false
}

// takeTypedOption takes a line that is an option where it stands; one that only looks like an option belongs to the
// text.
func (r *proseReader) takeTypedOption(line string) bool {
	q, m := r.open, r.marks[r.at]
	place, right, text, ok := typedChoice(line)
	if !ok || q == nil || q.keyLine > 0 {
		return false
	}
	switch count := len(q.options); {
	case place == 0 && !r.follows(1, m.kind, false):
		return false
	case place == 0 && count > 0:
		r.secondList(q, m)
	case place != count:
		return false
	case place > 0 && m.kind != q.first.kind && q.refolded:
		q.torn = true
	case place > 0 && m.kind != q.first.kind && r.follows(int8(place), q.first.kind, true):
		return false
	}
	if place == 0 {
		q.first = m
	}
	r.addOption(place, right, text)
	q.lastOption().loose = m.loose
	return true
}

// secondList judges a list of options that follows another one within a question. Lines of a list, or of speakers,
// before options that look different are a part of the stem, and stay as they stand; else nobody can tell.
func (r *proseReader) secondList(q *proseQuestion, m typedMark) {
	weak := func(m typedMark) bool { return m.listed || m.behind == ':' }
	differ := m.kind != q.first.kind || m.behind != q.first.behind
	starred := false
	for _, o := range q.options {
		starred = starred || o.right
	}
	q.torn = q.torn || q.gap || starred || !weak(q.first)
	q.unsure = weak(m) || !differ
	for _, l := range r.lines[q.options[0].line-1 : r.at] {
		q.stem = append(q.stem, strings.TrimSpace(l))
	}
	q.options, q.refolded = nil, true
}

// starsMark reports whether stars tell right options from wrong ones somewhere in a text.
func starsMark(marks []typedMark) bool {
	starred, plain, next := false, false, int8(0)
	for _, m := range marks {
		if m.place < 0 || m.place != 0 && m.place != next {
			continue
		}
		if m.place == 0 {
			starred, plain = false, false
		}
		starred, plain, next = starred || m.star, plain || !m.star, m.place+1
		if starred && plain {
			return true
		}
	}
	return false
}

// bulleted reports whether the stars before the options of a question are those of a list, and say nothing of what is
// right: all options have one, and either they stand apart from the letters or stars mark nothing else in the text.
func (r *proseReader) bulleted(q *proseQuestion) bool {
	loose := false
	for _, o := range q.options {
		if !o.right {
			return false
		}
		loose = loose || o.loose
	}
	return len(q.options) > 1 && (loose || !r.stars)
}
