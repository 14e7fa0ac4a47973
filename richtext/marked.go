package richtext

import (
	"slices"
	"strconv"
	"strings"

	xhtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"shiken/internal/mathml"
)

// Between the reading of a text and its tree a formula is a mark: two characters that no text has, and
// between them what the formula is. So the policy never sees a formula, and needs to admit none. Somebody who
// writes a mark as a reference (&#xFDD0;) gets a formula that could as well have been written between
// dollars.
const (
	markBegin = "\uFDD0"
	markEnd   = "\uFDD1"

	markInline  = 't' // TeX follows
	markDisplay = 'd' // TeX follows
	markLifted  = 'm' // the number of a formula follows that the text brought as MathML
)

func mark(kind byte, what string) string { return markBegin + string(kind) + what + markEnd }

var noMarks = strings.NewReplacer(markBegin, "", markEnd, "")

// marks are the formulas of one text.
type marks struct {
	lifted []*mathml.Node // each is placed once
	signs  bool           // formulas stand between dollars, too
	read   bool           // formulas are put as plain text
	tries  int
}

// lift takes the MathML out of a text in HTML.
func (m *marks) lift(source string) string {
	return mathml.Lift(noMarks.Replace(source), func(n *mathml.Node) string {
		m.lifted = append(m.lifted, n)
		return mark(markLifted, strconv.Itoa(len(m.lifted)-1))
	})
}

// asTyped lists the elements in which nothing is a formula.
var asTyped = []atom.Atom{atom.Code, atom.Pre, atom.Kbd, atom.Samp}

// place puts formulas where their marks are, in all that is below a node.
func (m *marks) place(n *xhtml.Node) {
	for i := range n.Attr {
		n.Attr[i].Val = m.unmarked(n.Attr[i].Val)
	}
	if slices.Contains(asTyped, n.DataAtom) {
		m.leave(n)
		return
	}
	for child := n.FirstChild; child != nil; {
		next := child.NextSibling
		if child.Type == xhtml.TextNode {
			m.placeIn(n, child)
		} else {
			m.place(child)
		}
		child = next
	}
}

// leave makes marks what was typed, in an element in which nothing is a formula.
func (m *marks) leave(n *xhtml.Node) {
	for d := range n.Descendants() {
		if d.Type == xhtml.TextNode {
			d.Data = m.unmarked(d.Data)
		}
	}
}

// placeIn replaces a text by its parts.
func (m *marks) placeIn(parent, text *xhtml.Node) {
	if !strings.Contains(text.Data, markBegin) && !(m.signs && mayHoldFormula(text.Data)) {
		return
	}
	insert := func(n *xhtml.Node) { parent.InsertBefore(n, text) }
	words := func(s string) { insert(&xhtml.Node{Type: xhtml.TextNode, Data: s}) }
	math := func(n *mathml.Node) {
		if m.read {
			words(n.Text())
		} else {
			insert(n.HTML())
		}
	}
	m.each(text.Data, func(s string) {
		if m.signs {
			eachFormula(s, &m.tries, words, math)
		} else {
			words(s)
		}
	}, math)
	parent.RemoveChild(text)
}

// each cuts a text at its marks.
func (m *marks) each(text string, words func(string), math func(*mathml.Node)) {
	for {
		before, rest, begun := strings.Cut(text, markBegin)
		if before != "" {
			words(strings.ReplaceAll(before, markEnd, ""))
		}
		if !begun {
			return
		}
		what, after, ended := strings.Cut(rest, markEnd)
		if !ended {
			words(rest)
			return
		}
		if n, typed := m.formula(what); n != nil {
			math(n)
		} else if typed != "" {
			words(typed)
		}
		text = after
	}
}

// formula is what a mark stands for: a formula, or the text that was typed where it cannot be read.
func (m *marks) formula(what string) (n *mathml.Node, typed string) {
	if what == "" {
		return nil, ""
	}
	kind, rest := what[0], what[1:]
	if kind == markLifted {
		i, err := strconv.Atoi(rest)
		if err != nil || i < 0 || i >= len(m.lifted) {
			return nil, ""
		}
		n, m.lifted[i] = m.lifted[i], nil
		return n, ""
	}
	if m.tries--; m.tries > 0 {
		if n, ok := mathml.TeX(rest, kind == markDisplay); ok {
			return n, ""
		}
	}
	if kind == markDisplay {
		return nil, "$$" + rest + "$$"
	}
	return nil, "$" + rest + "$"
}

// unmarked reads a text with marks as plain text.
func (m *marks) unmarked(text string) string {
	if !strings.Contains(text, markBegin) {
		return text
	}
	var b strings.Builder
	m.each(text, func(s string) { b.WriteString(s) }, func(n *mathml.Node) { b.WriteString(n.Text()) })
	return b.String()
}
