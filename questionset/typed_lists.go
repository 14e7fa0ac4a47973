package questionset

import (
	"slices"
	"strings"
)

// lineMark is what a line looks like by itself, before it is known what it is.
type lineMark struct {
	bare   string // without marks of Markdown
	listed bool   // it begins with the dash of a list
	word   lineWord
	rest   string      // behind that word
	head   typedHead   // of a question that it begins; its number is -1 for none
	option typedOption // its place is -1 for none
}

// markOf tells what a trimmed line looks like.
func markOf(line string) lineMark {
	var m lineMark
	var ok bool
	m.bare, m.listed = withoutMarkup(line)
	m.word, m.rest = leadingWord(m.bare)
	if m.head, ok = typedStart(m.bare); !ok {
		m.head.number = -1
	}
	if m.option, ok = typedChoice(m.bare); !ok {
		m.option.place = -1
	}
	return m
}

// mostAhead is how many lines are looked at for the option that follows another.
const mostAhead = 50

// follows reports whether an option of a place comes behind the line that is read, before the answer and the next
// question: as the next line that looks like any option, or as the next with letters of the same kind.
func (r *proseReader) follows(place int, kind byte, strict bool) bool {
	next := true
	for n := range mostAhead {
		line, ok := r.lines.peek(n)
		if !ok {
			return false
		}
		switch m := &line.mark; {
		case m.word == wordAnswer || m.head.number >= 0 && m.head.number == r.last+1:
			return false
		case m.option.place < 0:
		case m.option.kind == kind:
			return m.option.place == place
		case next && m.option.place == place && !strict:
			return true
		default:
			next = false
		}
	}
	return false
}

// takeTypedOption takes a line that is an option where it stands; one that only looks like an option belongs to the
// text.
func (r *proseReader) takeTypedOption() bool {
	q, m := r.open, &r.now.mark
	place, kind := m.option.place, m.option.kind
	if place < 0 || q == nil || q.keyLine > 0 {
		return false
	}
	switch count := len(q.options); {
	case place == 0 && !r.follows(1, kind, false):
		return false
	case place == 0 && count > 0:
		r.secondList(q, m)
	case place != count:
		return false
	case place > 0 && kind != q.first.option.kind && q.refolded:
		q.torn = true
	case place > 0 && kind != q.first.option.kind && r.follows(place, q.first.option.kind, true):
		return false
	}
	if place == 0 {
		q.first = *m
	}
	r.addOption(place, m.option.text)
	q.lastOption().right, q.lastOption().loose = m.option.star, m.option.loose
	return true
}

// secondList judges a list of options that follows another one within a question. Lines of a list, or of speakers,
// before options that look different are a part of the stem, and stay as they stand; else nobody can tell.
func (r *proseReader) secondList(q *proseQuestion, m *lineMark) {
	weak := func(m *lineMark) bool { return m.listed || m.option.behind == ':' }
	differ := m.option.kind != q.first.option.kind || m.option.behind != q.first.option.behind
	q.torn = q.torn || q.gap || q.starred() || !weak(&q.first) && q.first.option.behind != ' '
	q.unsure = weak(m) || !differ
	for l := range strings.SplitSeq(r.lines.between(q.options[0].from, r.now.from), "\n") {
		q.stem = q.keep(q.stem, strings.TrimSpace(l))
	}
	q.options, q.refolded, q.row = nil, true, rowAlone
}

// starred reports whether a star stands before some option.
func (q *proseQuestion) starred() bool {
	return slices.ContainsFunc(q.options, func(o proseOption) bool { return o.right })
}

// starsMark reports whether stars tell right options from wrong ones somewhere in the text. It is gone through for that
// once.
func (r *proseReader) starsMark() bool {
	if r.stars == nil {
		mark := r.lookForStars()
		r.stars = &mark
	}
	return *r.stars
}

func (r *proseReader) lookForStars() bool {
	starred, plain, next := false, false, 0
	lines := proseLines{text: r.lines.text}
	for line, ok := lines.next(); ok && !r.tired(&line); line, ok = lines.next() {
		o := &line.mark.option
		if o.place < 0 || o.place != 0 && o.place != next {
			continue
		}
		if o.place == 0 {
			starred, plain = false, false
		}
		starred, plain, next = starred || o.star, plain || !o.star, o.place+1
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
	return len(q.options) > 1 && (loose || !r.starsMark())
}
