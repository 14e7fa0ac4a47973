// Package worddiff compares two texts word by word, for people to read. It knows texts and nothing of what
// they are about.
package worddiff

import (
	"slices"
	"strings"
	"unicode"
)

// Op says what became of a span of text.
type Op string

// The operations.
const (
	Same    Op = ""
	Deleted Op = "del" // of the text before alone
	Added   Op = "ins" // of the text after alone
)

// Span is a piece of text. Those that are Same or Deleted make the text before, those Same or Added the text
// after.
type Span struct {
	Op   Op
	Text string
}

// Bounds of what is compared word by word; beyond them what is between the equal ends of two texts is given as
// deleted and added.
const (
	maxWords   = 20_000 // of both texts, without their equal ends
	maxChanges = 400    // words deleted and added
)

// Diff compares two texts. A run of letters or digits is a word, and so is each character of scripts without
// spaces, each punctuation mark and each run of white space.
func Diff(before, after string) []Span {
	a, b := words(before), words(after)
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	var out spans
	out.add(Same, a[:head]...)
	out.middle(a[head:len(a)-tail], b[head:len(b)-tail])
	out.add(Same, a[len(a)-tail:]...)
	return out.readable()
}

// words splits a text so that its words joined are the text.
func words(s string) []string {
	var out []string
	start, class := 0, byte(0)
	for i, r := range s {
		c := classOf(r)
		if i > start && (c != class || c == alone) {
			out = append(out, s[start:i])
			start = i
		}
		class = c
	}
	if start < len(s) {
		out = append(out, s[start:])
	}
	return out
}

// Classes of characters. Those of one class make a word together, but for those that stand alone.
const (
	alone byte = iota
	space
	letter
)

func classOf(r rune) byte {
	switch {
	case unicode.IsSpace(r):
		return space
	case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer):
		return alone
	case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || r == '_':
		return letter
	}
	return alone
}

// spans gathers spans; neighbours of one operation become one.
type spans []Span

func (s *spans) add(op Op, words ...string) {
	text := strings.Join(words, "")
	if text == "" {
		return
	}
	if n := len(*s); n > 0 && (*s)[n-1].Op == op {
		(*s)[n-1].Text += text
		return
	}
	*s = append(*s, Span{op, text})
}

// middle compares what is left without equal ends, after E. W. Myers, "An O(ND) Difference Algorithm and Its
// Variations" (1986).
func (s *spans) middle(a, b []string) {
	trace, found := [][]int(nil), false
	if len(a) > 0 && len(b) > 0 && len(a)+len(b) <= maxWords {
		trace, found = shortest(a, b)
	}
	if !found {
		s.add(Deleted, a...)
		s.add(Added, b...)
		return
	}
	all := moves(trace, len(a), len(b))
	for len(all) > 0 {
		run := 1 // neighbours of one operation follow each other in their text
		for run < len(all) && all[run].op == all[0].op {
			run++
		}
		from := a
		if all[0].op == Added {
			from = b
		}
		s.add(all[0].op, from[all[0].at:all[0].at+run]...)
		all = all[run:]
	}
}

// shortest goes along the diagonals; trace[d] is how far each of them came with d changes. It reports false
// when more than maxChanges are needed.
func shortest(a, b []string) (trace [][]int, found bool) {
	most := min(len(a)+len(b), maxChanges)
	reach := make([]int, 2*most+2)
	for d := 0; d <= most; d++ {
		for k := -d; k <= d; k += 2 {
			x := 0
			if k == -d || k != d && reach[most+k-1] < reach[most+k+1] {
				x = reach[most+k+1]
			} else {
				x = reach[most+k-1] + 1
			}
			for y := x - k; x < len(a) && y < len(b) && a[x] == b[y]; y++ {
				x++
			}
			reach[most+k] = x
			if x >= len(a) && x-k >= len(b) {
				return append(trace, slice(reach, most, d)), true
			}
		}
		trace = append(trace, slice(reach, most, d))
	}
	return nil, false
}

// slice copies the diagonals from -d to d.
func slice(reach []int, most, d int) []int { return append([]int(nil), reach[most-d:most+d+1]...) }

// move is a word of one text or of both.
type move struct {
	op Op
	at int
}

// moves goes back the way that shortest found, and gives it from its beginning.
func moves(trace [][]int, x, y int) []move {
	var back []move
	same := func(fromX, fromY int) {
		for x > fromX && y > fromY {
			x, y = x-1, y-1
			back = append(back, move{Same, x})
		}
	}
	for d := len(trace) - 1; d > 0; d-- {
		reach, k := trace[d-1], x-y
		from := k - 1
		if k == -d || k != d && reach[k-1+d-1] < reach[k+1+d-1] {
			from = k + 1
		}
		fromX := reach[from+d-1]
		fromY := fromX - from
		same(fromX, fromY)
		if x == fromX {
			back = append(back, move{Added, fromY})
		} else {
			back = append(back, move{Deleted, fromX})
		}
		x, y = fromX, fromY
	}
	same(0, 0)
	slices.Reverse(back)
	return back
}

// readable puts what was deleted before what was added in its place, and does not part changes that only
// white space lies between.
func (s spans) readable() []Span {
	var out spans
	deleted, added := "", ""
	for i, span := range s {
		switch {
		case span.Op == Deleted:
			deleted += span.Text
		case span.Op == Added:
			added += span.Text
		case deleted+added != "" && i < len(s)-1 && strings.TrimSpace(span.Text) == "":
			deleted, added = deleted+span.Text, added+span.Text
		default:
			out.add(Deleted, deleted)
			out.add(Added, added)
			out.add(Same, span.Text)
			deleted, added = "", ""
		}
	}
	out.add(Deleted, deleted)
	out.add(Added, added)
	return out
}
