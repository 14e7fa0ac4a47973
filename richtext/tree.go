package richtext

import (
	"slices"
	"strings"

	xhtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// parse reads sanitised markup as the content of a div, and places the formulas. It reports false when the
// markup is nested deeper than the parser goes (512 elements).
func parse(markup string, m *marks) ([]*xhtml.Node, bool) {
	within := &xhtml.Node{Type: xhtml.ElementNode, Data: "div", DataAtom: atom.Div}
	nodes, err := xhtml.ParseFragment(strings.NewReader(markup), within)
	if err != nil {
		return nil, false
	}
	for _, n := range nodes {
		within.AppendChild(n)
	}
	lowerHeadings(within)
	settleSounds(within)
	m.place(within)
	nodes = slices.Collect(within.ChildNodes())
	for _, n := range nodes {
		within.RemoveChild(n)
	}
	return nodes, true
}

// lowerHeadings makes the two highest headings the third: those above are the page's own.
func lowerHeadings(n *xhtml.Node) {
	if n.DataAtom == atom.H1 || n.DataAtom == atom.H2 {
		n.DataAtom, n.Data = atom.H3, "h3"
	}
	for child := range n.ChildNodes() {
		lowerHeadings(child)
	}
}

func write(nodes []*xhtml.Node) string {
	var b strings.Builder
	for _, n := range nodes {
		// A strings.Builder does not fail, and fragments hold no node that cannot be written.
		_ = xhtml.Render(&b, n)
	}
	return b.String()
}

// unwrap replaces paragraphs and divisions at the top by what they hold, with line breaks between.
func unwrap(nodes []*xhtml.Node) []*xhtml.Node {
	lineBreak := &xhtml.Node{Type: xhtml.ElementNode, Data: "br", DataAtom: atom.Br}
	var out []*xhtml.Node
	afterBlock := true // where white space means nothing
	for _, n := range nodes {
		isBlock := n.DataAtom == atom.P || n.DataAtom == atom.Div
		switch {
		case afterBlock && n.Type == xhtml.TextNode && strings.TrimSpace(n.Data) == "":
			continue
		case len(out) > 0 && (isBlock || afterBlock && goesOn(n)):
			out = append(out, lineBreak)
		}
		if isBlock {
			out = append(out, slices.Collect(n.ChildNodes())...)
		} else {
			out = append(out, n)
		}
		afterBlock = isBlock
	}
	return out
}

// goesOn reports whether a line goes on after a node.
func goesOn(n *xhtml.Node) bool {
	return n.Type != xhtml.ElementNode || slices.Contains(inLine, n.DataAtom)
}

// read writes a node's text. Elements that end a line are followed by a space.
func read(b *strings.Builder, n *xhtml.Node) {
	switch {
	case n.Type == xhtml.TextNode:
		b.WriteString(n.Data)
	case n.DataAtom == atom.Img:
		b.WriteString(attribute(n, "alt"))
	case n.DataAtom == atom.Audio:
		b.WriteString("♪")
	case n.DataAtom == atom.Rt || n.DataAtom == atom.Rp || n.DataAtom == atom.Rtc:
		return
	}
	for child := range n.ChildNodes() {
		read(b, child)
	}
	if !goesOn(n) {
		b.WriteByte(' ')
	}
}

// inLine lists the elements after which a line goes on.
var inLine = []atom.Atom{
	atom.Span, atom.B, atom.Strong, atom.I, atom.Em, atom.U, atom.S, atom.Del, atom.Ins, atom.Small, atom.Mark,
	atom.Sub, atom.Sup, atom.Abbr, atom.Cite, atom.Q, atom.Dfn, atom.Code, atom.Kbd, atom.Samp, atom.Var, atom.Bdi,
	atom.A, atom.Img, atom.Wbr, atom.Ruby, atom.Rb, atom.Math, atom.Audio,
}

func attribute(n *xhtml.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}
