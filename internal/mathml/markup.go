package mathml

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// Lift takes the formulas out of HTML: each math element is replaced by what mark returns for it. What
// cannot be read as a formula stays, and so does everything else, to the byte.
func Lift(source string, mark func(*Node) string) string {
	if !mayHold(source) {
		return source
	}
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(source))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return b.String()
		}
		raw := string(z.Raw())
		if kind != html.StartTagToken {
			b.WriteString(raw)
			continue
		}
		t := z.Token()
		if local(t.Data) != "math" {
			b.WriteString(raw)
			continue
		}
		r := reader{z: z, raw: []byte(raw)}
		if n := r.formula(&t); n != nil {
			b.WriteString(mark(n))
		} else {
			b.Write(r.raw)
		}
	}
}

// mayHold spares texts without formulas the trouble.
func mayHold(source string) bool {
	lower := strings.ToLower(source)
	return strings.Contains(lower, "<math") || strings.Contains(lower, ":math")
}

// local is a name without the prefix of its namespace, as files in XML have it.
func local(name string) string {
	_, after, prefixed := strings.Cut(name, ":")
	if prefixed {
		return after
	}
	return name
}

// dropped lists the elements that are left out with all that is in them: other readings of a formula, and
// what is no formula. Of any other element that is unknown the content is taken.
var dropped = []string{
	"annotation", "annotation-xml", "mglyph", "malignmark", "maligngroup", "script", "style", "title", "textarea", "template",
	"svg", "iframe", "object", "noscript", "xmp", "noembed", "noframes",
}

// renamed lists elements that are taken for others.
var renamed = map[string]string{"ms": "mtext", "mlabeledtr": "mtr", "mpadded": "mrow", "merror": "mrow"}

// reader reads one math element.
type reader struct {
	z     *html.Tokenizer
	raw   []byte // of what was read
	nodes int
	open  []*opened
}

// opened is an element whose end is still to come.
type opened struct {
	tag  string
	node *Node
	attr map[string]string // as written
	text strings.Builder
}

// formula reads to the end of the element; nil when that does not come, or the formula is beyond the bounds.
func (r *reader) formula(t *html.Token) *Node {
	r.begin(t)
	root := r.open[0].node
	for len(r.open) > 0 {
		kind := r.z.Next()
		r.raw = append(r.raw, r.z.Raw()...)
		if kind == html.ErrorToken || r.nodes > maxNodes || len(r.open) > maxDepth {
			return nil
		}
		token := r.z.Token()
		switch kind {
		case html.StartTagToken:
			r.begin(&token)
		case html.SelfClosingTagToken:
			r.begin(&token)
			r.end(token.Data)
		case html.EndTagToken:
			r.end(token.Data)
		case html.TextToken:
			r.text(token.Data)
		}
	}
	if len(root.kids) == 0 {
		return nil
	}
	return root
}

func (r *reader) begin(t *html.Token) {
	r.nodes++
	o := &opened{tag: t.Data, attr: map[string]string{}}
	for _, a := range t.Attr {
		o.attr[local(a.Key)] = strings.TrimSpace(a.Val)
	}
	name := local(t.Data)
	if other, ok := renamed[name]; ok {
		name = other
	}
	o.node = element(name)
	for key := range elements[name] {
		if value, has := o.attr[key]; has && key != "class" && Allowed(name, key, value) {
			o.node.with(key, value)
		}
	}
	slices.SortFunc(o.node.attr, func(a, b html.Attribute) int { return strings.Compare(a.Key, b.Key) })
	r.open = append(r.open, o)
}

// end closes the innermost element of a tag, and all in it. A stray end closes nothing.
func (r *reader) end(tag string) {
	at := len(r.open) - 1
	for at >= 0 && r.open[at].tag != tag {
		at--
	}
	for at >= 0 && len(r.open) > at {
		r.close()
	}
}

// text takes text where elements hold it. Anywhere else it is made an element.
func (r *reader) text(data string) {
	last := r.open[len(r.open)-1]
	if r.inText() {
		last.text.WriteString(data)
	} else if data = collapse(clean(data)); data != "" {
		r.nodes++
		last.node.kids = append(last.node.kids, token("mtext", data))
	}
}

// inText reports whether an element that holds text is open.
func (r *reader) inText() bool {
	return slices.ContainsFunc(r.open, func(o *opened) bool { return holdsText[o.node.name] })
}

// close gives what the innermost element came to, to the one around it.
func (r *reader) close() {
	o := r.open[len(r.open)-1]
	r.open = r.open[:len(r.open)-1]
	o.settle()
	if len(r.open) == 0 {
		return
	}
	around := r.open[len(r.open)-1]
	name := o.node.name
	switch {
	case slices.Contains(dropped, name):
	case r.inText(): // whatever stands in text is its text
		around.text.WriteString(o.text.String())
	case elements[name] == nil || name == "math":
		around.node.kids = append(around.node.kids, o.node.kids...)
	default:
		around.node.kids = append(around.node.kids, o.node)
	}
}

// settle makes of an element what the list of elements has.
func (o *opened) settle() {
	n := o.node
	switch {
	case holdsText[n.name]:
		o.settleText()
	case n.name == "semantics" || n.name == "maction":
		n.kids = n.kids[:min(len(n.kids), 1)]
	case n.name == "mfenced":
		o.fence()
	case n.name == "mtable":
		align(n, strings.Fields(o.attr["columnalign"]))
	case n.name == "mtr":
		if local(o.tag) == "mlabeledtr" && len(n.kids) > 0 {
			n.kids = n.kids[1:]
		}
		alignRow(n, strings.Fields(o.attr["columnalign"]))
	case n.name == "mtd":
		alignCell(n, o.attr["columnalign"])
	}
	if n.name == "mspace" || n.name == "none" || n.name == "mprescripts" {
		n.kids = nil
	}
}

func (o *opened) settleText() {
	n := o.node
	n.kids, n.text = nil, collapse(clean(o.text.String()))
	n.text = styled(n.text, variant(o.attr["mathvariant"]))
}

// collapse takes white space as XML has it: of formulas that of no-break spaces stays.
func collapse(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(c rune) bool {
		return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'
	}), " ")
}

// fence spells brackets and separators out, since browsers don't.
func (o *opened) fence() {
	value := func(key, otherwise string) string {
		if v, has := o.attr[key]; has {
			return collapse(v)
		}
		return otherwise
	}
	separators := []rune(strings.Join(strings.Fields(value("separators", ",")), ""))
	var inner []*Node
	for i, kid := range o.node.kids {
		if i > 0 && len(separators) > 0 {
			inner = append(inner, token("mo", string(separators[min(i, len(separators))-1]), "separator", "true"))
		}
		inner = append(inner, kid)
	}
	o.node.name = "mrow"
	o.node.kids = slices.Concat(bracket(value("open", "(")), inner, bracket(value("close", ")")))
}

func bracket(text string) []*Node {
	if text == "" {
		return nil
	}
	return []*Node{token("mo", text, "fence", "true", "stretchy", "true")}
}

// align says of each cell how its column is aligned; the last word goes for all further columns. Cells and
// rows that say so themselves keep what they say.
func align(table *Node, columns []string) {
	for _, r := range table.kids {
		if r.name == "mtr" {
			alignRow(r, columns)
		}
	}
}

func alignRow(r *Node, columns []string) {
	for i, cell := range r.kids {
		if len(columns) > 0 {
			alignCell(cell, columns[min(i, len(columns)-1)])
		}
	}
}

func alignCell(cell *Node, side string) {
	if cell.name == "mtd" && (side == "left" || side == "right") && cell.get("class") == "" {
		cell.with("class", "math-"+side)
	}
}
