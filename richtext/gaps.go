package richtext

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	xhtml "golang.org/x/net/html"

	"shiken/exam"
)

// Piece is a part of a text. Gap is the number of the gap that stands behind it, 0 for none.
type Piece struct {
	HTML HTML
	Gap  int
}

// gapMark is how importers write a gap into a stem: five underscores or more, and the gap's number
// among the question's prompts, from 1.
var gapMark = regexp.MustCompile(`_{5,}\(([1-9][0-9]{0,3})\)`)

// noInput lists the elements within which no input may stand, or would not be shown.
var noInput = []string{"a", "audio", "math", "svg", "video"}

// Gapped renders a text as Block does and parts it at the marks of its gaps 1 to n: the pieces, one
// after the other, are the text without the marks. The first mark of a number counts; one that stands
// where no input may stays text. Without any gap the text is one piece.
func (r *Renderer) Gapped(t exam.Text, n int) []Piece { return part(r.Block(t), n) }

func part(markup HTML, n int) []Piece {
	p := parting{n: n, found: map[int]bool{}}
	for z := xhtml.NewTokenizer(strings.NewReader(string(markup))); z.Next() != xhtml.ErrorToken; {
		raw := string(z.Raw()) // before the token is read, which unescapes it in its place
		token := z.Token()
		switch {
		case token.Type == xhtml.TextToken && p.within == 0:
			p.text(raw)
			continue
		case token.Type == xhtml.StartTagToken && slices.Contains(noInput, token.Data):
			p.within++
		case token.Type == xhtml.EndTagToken && slices.Contains(noInput, token.Data):
			p.within--
		}
		p.open.WriteString(raw)
	}
	return append(p.out, Piece{HTML: HTML(p.open.String())})
}

// parting is a text on its way into pieces.
type parting struct {
	n      int
	found  map[int]bool
	within int // of how many elements without inputs
	open   strings.Builder
	out    []Piece
}

func (p *parting) text(raw string) {
	end := 0
	for _, m := range gapMark.FindAllStringSubmatchIndex(raw, -1) {
		gap, err := strconv.Atoi(raw[m[2]:m[3]])
		if err != nil || gap > p.n || p.found[gap] {
			continue
		}
		p.found[gap] = true
		p.open.WriteString(raw[end:m[0]])
		p.out = append(p.out, Piece{HTML: HTML(p.open.String()), Gap: gap})
		p.open.Reset()
		end = m[1]
	}
	p.open.WriteString(raw[end:])
}
