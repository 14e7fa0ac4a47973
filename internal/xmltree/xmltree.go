// Package xmltree reads XML documents that strangers made into a tree of bounded size. There are no
// document type declarations, no external entities and no entities of the document's own, so nothing
// expands and nothing is fetched; the named characters of HTML are known, since question files use them.
package xmltree

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/net/html/charset"
)

// Bounds of a document.
const (
	MaxDepth = 200
	MaxNodes = 200_000   // in the tree at a time
	MaxTag   = 256 << 10 // bytes of one tag with its attributes
)

// Reason says why a document cannot be read.
type Reason string

// The reasons.
const (
	Malformed   Reason = "malformed"   // not well-formed
	Declaration Reason = "declaration" // a document type declaration or an entity of its own
	TooDeep     Reason = "too_deep"    // more than MaxDepth elements in each other
	TooMany     Reason = "too_many"    // more than MaxNodes elements and texts, or a tag over MaxTag
	Encoding    Reason = "encoding"    // an encoding that is not read
)

// Fault is why a document cannot be read, and where. It is an error.
type Fault struct {
	Reason Reason
	Line   int    // 1-based
	Detail string // of a malformed one, in English, for people who know XML
}

func (f *Fault) Error() string { return fmt.Sprintf("xml: line %d: %s %s", f.Line, f.Reason, f.Detail) }

// Attr is an attribute.
type Attr struct{ Space, Name, Value string }

// Node is an element, or a text when Name is "".
type Node struct {
	Space    string // namespace
	Name     string // without prefix
	Text     string // of a text
	CDATA    bool   // of a text: it stood in a CDATA section; never told of a document in an encoding other than UTF-8
	Attrs    []Attr
	Children []*Node
	Line     int // 1-based, where it ends its start tag
}

// Parse reads a document and returns its root element, or why it cannot be read; then what was read until
// there comes with the fault, nil when nothing was. Line 1 is the first of data.
func Parse(data string) (*Node, *Fault) { return parse(data, nil) }

// Each reads a document and calls visit for each element in the root, which is forgotten afterwards: so
// a document of any length takes the memory of its largest child. visit stops the reading by false. The
// root comes without what it holds; it is nil with a fault before it.
func Each(data string, visit func(root, child *Node) bool) (*Node, *Fault) { return parse(data, visit) }

func parse(data string, visit func(root, child *Node) bool) (*Node, *Fault) {
	if f := tooMuch(data, visit == nil); f != nil {
		return nil, f
	}
	p := &parser{data: data, decoder: xml.NewDecoder(strings.NewReader(data)), visit: visit}
	p.decoder.Entity = xml.HTMLEntity
	p.decoder.CharsetReader = func(label string, in io.Reader) (io.Reader, error) {
		r, err := charset.NewReaderLabel(label, in)
		if err != nil {
			return nil, errEncoding
		}
		p.data = "" // the decoder's offsets are no longer those of data
		return r, nil
	}
	return p.read()
}

// tooMuch finds a tag that is too long before the decoder gathers it and, where the whole tree is kept, more elements
// than that may have before it is begun. What is too deep is left to the parser, which says so.
func tooMuch(data string, whole bool) *Fault {
	elements, depth := 0, 0
	for at := 0; ; {
		i := strings.IndexByte(data[at:], '<')
		if i < 0 {
			return nil
		}
		at += i
		end := ">"
		switch {
		case strings.HasPrefix(data[at:], cdataStart):
			end = "]]>"
		case strings.HasPrefix(data[at:], "<!--"):
			end = "-->"
		}
		n := strings.Index(data[at:], end)
		switch {
		case whole && elements > MaxNodes, end == ">" && (n > MaxTag || n < 0 && len(data)-at > MaxTag):
			return &Fault{Reason: TooMany, Line: 1 + strings.Count(data[:at], "\n")}
		case n < 0:
			return nil
		case isStart(data[at:]):
			elements++
			depth += 1 - strings.Count(data[at+n-1:at+n], "/")
		case strings.HasPrefix(data[at:], "</"):
			depth--
		}
		whole = whole && depth <= MaxDepth
		at += n
	}
}

// isStart reports whether a tag begins an element.
func isStart(tag string) bool { return len(tag) > 1 && !strings.ContainsRune("/!?", rune(tag[1])) }

var errEncoding = errors.New("xml: unknown encoding")

// parser builds the tree.
type parser struct {
	data    string // what the decoder's offsets are of; "" where they are of nothing that is kept
	decoder *xml.Decoder
	open    []*Node // from the root to the innermost
	root    *Node
	nodes   int
	visit   func(root, child *Node) bool // nil: the whole tree is kept
	stopped bool
}

func (p *parser) read() (*Node, *Fault) {
	for {
		if p.stopped {
			return p.root, nil
		}
		from := p.decoder.InputOffset()
		token, err := p.decoder.Token()
		switch {
		case err == io.EOF && p.root != nil: //nolint:errorlint // Token gives it as it is
			return p.root, nil
		case errors.Is(err, errEncoding):
			return p.root, p.fault(Encoding, "")
		case err != nil:
			return p.root, p.fault(Malformed, detail(err))
		}
		if f := p.take(token, from); f != nil {
			return p.root, f
		}
	}
}

// detail is what the decoder says, without the line that the fault tells by itself.
func detail(err error) string {
	var syntax *xml.SyntaxError
	switch {
	case errors.As(err, &syntax):
		return syntax.Msg
	case errors.Is(err, io.EOF):
		return "no element"
	}
	return err.Error()
}

func (p *parser) fault(r Reason, detail string) *Fault {
	line, _ := p.decoder.InputPos()
	return &Fault{Reason: r, Line: line, Detail: detail}
}

// take adds a token that begins at an offset.
func (p *parser) take(token xml.Token, from int64) *Fault {
	switch t := token.(type) {
	case xml.StartElement:
		return p.begin(t)
	case xml.EndElement:
		p.end()
	case xml.CharData:
		return p.text(string(t), p.isCDATA(from))
	case xml.Directive:
		return p.fault(Declaration, "")
	}
	return nil
}

func (p *parser) begin(t xml.StartElement) *Fault {
	line, _ := p.decoder.InputPos()
	n := &Node{Space: t.Name.Space, Name: t.Name.Local, Line: line}
	for _, a := range t.Attr {
		n.Attrs = append(n.Attrs, Attr{a.Name.Space, a.Name.Local, a.Value})
	}
	switch {
	case len(p.open) == MaxDepth:
		return p.fault(TooDeep, "")
	case len(p.open) == 0 && p.root != nil:
		return p.fault(Malformed, "a second root element")
	case len(p.open) == 0:
		p.root = n
	}
	p.open = append(p.open, n)
	if len(p.open) > 1 {
		parent := p.open[len(p.open)-2]
		parent.Children = append(parent.Children, n)
	}
	return p.count()
}

// end closes the innermost element.
func (p *parser) end() {
	done := p.open[len(p.open)-1]
	p.open = p.open[:len(p.open)-1]
	if p.visit == nil || len(p.open) != 1 {
		return
	}
	p.root.Children, p.nodes = nil, 0
	p.stopped = !p.visit(p.root, done)
}

// isCDATA reports whether a CDATA section begins at an offset.
func (p *parser) isCDATA(from int64) bool {
	return from < int64(len(p.data)) && strings.HasPrefix(p.data[from:], cdataStart)
}

const cdataStart = "<![CDATA["

func (p *parser) text(s string, cdata bool) *Fault {
	if len(p.open) == 0 {
		return nil
	}
	parent := p.open[len(p.open)-1]
	line, _ := p.decoder.InputPos()
	parent.Children = append(parent.Children, &Node{Text: s, CDATA: cdata, Line: line})
	return p.count()
}

func (p *parser) count() *Fault {
	if p.nodes++; p.nodes > MaxNodes {
		return p.fault(TooMany, "")
	}
	return nil
}

// Attr is the value of an attribute by its local name, "" when there is none.
func (n *Node) Attr(name string) string {
	for _, a := range n.Attrs {
		if a.Name == name {
			return a.Value
		}
	}
	return ""
}

// HasAttr reports whether there is an attribute of the local name.
func (n *Node) HasAttr(name string) bool {
	for _, a := range n.Attrs {
		if a.Name == name {
			return true
		}
	}
	return false
}

// Elements are the children that are elements, those of the given names when there are any.
func (n *Node) Elements(names ...string) []*Node {
	if n == nil {
		return nil
	}
	var out []*Node
	for _, c := range n.Children {
		if c.Name != "" && (len(names) == 0 || oneOf(c.Name, names)) {
			out = append(out, c)
		}
	}
	return out
}

func oneOf(s string, list []string) bool {
	for _, l := range list {
		if s == l {
			return true
		}
	}
	return false
}

// Child is the first child element at a path of names, nil when there is none. Of nil it is nil.
func (n *Node) Child(path ...string) *Node {
	for _, name := range path {
		found := n.Elements(name)
		if len(found) == 0 {
			return nil
		}
		n = found[0]
	}
	return n
}

// Find lists the elements of a name at any depth below, in document order.
func (n *Node) Find(name string) []*Node {
	var out []*Node
	n.Walk(func(e *Node) bool {
		if e.Name == name && e != n {
			out = append(out, e)
		}
		return true
	})
	return out
}

// Walk calls visit for the element and everything in it, in document order; what visit answers with
// false is not entered.
func (n *Node) Walk(visit func(*Node) bool) {
	if n == nil || !visit(n) {
		return
	}
	for _, c := range n.Children {
		c.Walk(visit)
	}
}

// String is all text in the node, in document order. Of nil it is "".
func (n *Node) String() string {
	var b strings.Builder
	n.Walk(func(e *Node) bool {
		b.WriteString(e.Text)
		return true
	})
	return b.String()
}
