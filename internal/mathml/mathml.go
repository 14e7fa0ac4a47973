// Package mathml holds formulas as trees of presentation MathML. It reads them from TeX and from the
// MathML of files, and gives them as nodes of an HTML document and as plain text.
//
//	TeX ────────────────┐
//	                    ├──► tree of a closed list of elements ──► HTML nodes, plain text
//	<math> in HTML ─────┘
//
// What it reads is untrusted, and none of it is passed on as it is: a tree is built anew from elements and
// attributes of one closed list. None of them carries a link, a script, a style or markup of another kind;
// elements that hold text hold nothing else, and those that hold elements hold no text. So whoever reads
// the markup again finds the same tree: there is no place in it at which an HTML parser would change over
// from one kind of markup to the other.
//
// Reading is bounded in depth and in elements, and takes time in proportion to the source. The package
// knows nothing of questions and pages.
package mathml

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Bounds of one formula. What is beyond them is not read.
const (
	MaxSource = 8 << 10 // bytes of TeX
	maxDepth  = 64      // elements within each other, as they are written
	maxNodes  = 4_000   // elements
)

// Node is an element of a formula, and with all below it a formula. It is never written to once it was
// read.
type Node struct {
	name string
	attr []html.Attribute
	text string // of the elements that hold text
	kids []*Node

	class  class
	limits bool // scripts stand below and above
	isName bool // the name of a function
}

// class is what spacing goes by (The TeXbook, chapter 18).
type class byte

const (
	ordinary class = iota
	operator
	binary
	relation
	opening
	closing
	punctuation
)

// holdsText lists the elements that hold text and no elements.
var holdsText = map[string]bool{"mi": true, "mn": true, "mo": true, "mtext": true}

var (
	truth   = regexp.MustCompile(`^(?:true|false)$`)
	keyword = regexp.MustCompile(`^[a-z]{1,20}$`)
	level   = regexp.MustCompile(`^[+-]?[0-3]$`)
	length  = regexp.MustCompile(`^(?:[0-9](?:\.[0-9]{1,4})?(?:em|ex)?|[0-9]{1,2}(?:\.[0-9]{1,4})?p[tx])$`)
	// width may be a little less than nothing: what is written over what was written cannot leave its line.
	width = regexp.MustCompile(`^(?:[0-9](?:\.[0-9]{1,4})?(?:em|ex)?|[0-9]{1,2}(?:\.[0-9]{1,4})?p[tx]|-0?\.[0-9]{1,4}(?:em|ex))$`)
	// cellClass are words that the page's style sheet knows; files never bring their own.
	cellClass = regexp.MustCompile(`^math-(?:left|right|bar|tight)(?: math-(?:left|right|bar|tight)){0,2}$`)
	span      = regexp.MustCompile(`^[1-9][0-9]?$`)
)

// elements are those of a formula, with the attributes that each may have.
var elements = map[string]map[string]*regexp.Regexp{
	"math":   {"display": regexp.MustCompile(`^(?:block|inline)$`), "dir": regexp.MustCompile(`^(?:ltr|rtl)$`)},
	"mi":     {"mathvariant": regexp.MustCompile(`^normal$`)},
	"mn":     {},
	"mtext":  {},
	"mrow":   {},
	"mspace": {"width": width},
	"mo": {"form": regexp.MustCompile(`^(?:prefix|infix|postfix)$`), "stretchy": truth, "fence": truth, "separator": truth,
		"symmetric": truth, "largeop": truth, "movablelimits": truth, "lspace": width, "rspace": width,
		"minsize": length, "maxsize": length},
	"mfrac": {"linethickness": length}, "msqrt": {}, "mroot": {},
	"mstyle":   {"displaystyle": truth, "scriptlevel": level},
	"mphantom": {}, "menclose": {"notation": keyword},
	"msub": {}, "msup": {}, "msubsup": {},
	"munder": {"accentunder": truth}, "mover": {"accent": truth}, "munderover": {"accent": truth, "accentunder": truth},
	"mmultiscripts": {}, "mprescripts": {}, "none": {},
	"mtable": {"displaystyle": truth}, "mtr": {},
	"mtd": {"columnspan": span, "rowspan": span, "class": cellClass},
}

// Allowed reports whether an attribute of an element is one that formulas have. It is the list that trees are built
// by; "" asks for the element alone.
func Allowed(element, attribute, value string) bool {
	attributes, known := elements[element]
	if !known || attribute == "" {
		return known
	}
	rule := attributes[attribute]
	return rule != nil && rule.MatchString(value)
}

// token makes an element that holds text.
func token(name, text string, attr ...string) *Node {
	return &Node{name: name, text: clean(text), attr: pairs(attr)}
}

// clean takes characters away that parsers replace or drop.
func clean(text string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsControl(c) && c != ' ' && c != '\n' && c != '\t' {
			return -1
		}
		return c
	}, strings.ToValidUTF8(text, "\uFFFD"))
}

// element makes an element that holds others.
func element(name string, kids ...*Node) *Node { return &Node{name: name, kids: kids} }

// with adds attributes, given as names and values.
func (n *Node) with(attr ...string) *Node {
	n.attr = append(n.attr, pairs(attr)...)
	return n
}

func (n *Node) of(c class) *Node {
	n.class = c
	return n
}

func pairs(list []string) (out []html.Attribute) {
	for i := 0; i+1 < len(list); i += 2 {
		out = append(out, html.Attribute{Key: list[i], Val: list[i+1]})
	}
	return out
}

// row makes one element of several.
func row(kids []*Node) *Node {
	if len(kids) == 1 {
		return kids[0]
	}
	return element("mrow", kids...)
}

// get is the value of an attribute, "" when there is none.
func (n *Node) get(key string) string {
	for _, a := range n.attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// HTML gives the formula as a node that html.Render writes.
func (n *Node) HTML() *html.Node {
	out := &html.Node{Type: html.ElementNode, Data: n.name, Namespace: "math"}
	if n.name == "math" {
		out.DataAtom = atom.Math
	}
	for _, a := range n.attr {
		if Allowed(n.name, a.Key, a.Val) {
			out.Attr = append(out.Attr, a)
		}
	}
	if n.text != "" {
		out.AppendChild(&html.Node{Type: html.TextNode, Data: n.text})
	}
	for _, kid := range n.kids {
		out.AppendChild(kid.HTML())
	}
	return out
}

// String is the formula as markup.
func (n *Node) String() string {
	var b strings.Builder
	_ = html.Render(&b, n.HTML()) // a strings.Builder does not fail
	return b.String()
}
