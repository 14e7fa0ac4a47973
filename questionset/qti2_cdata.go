package questionset

import (
	"maps"
	"slices"
	"strings"

	nethtml "golang.org/x/net/html"

	"shiken/internal/xmltree"
)

// cdataRun is what stands in adjacent CDATA sections: a text, or HTML that was written as one.
type cdataRun struct {
	parent   *xmltree.Node
	from, to int           // its place among the parent's children
	around   *xmltree.Node // the parent's parent
	text     string
	html     cdataHTML
}

// cdataChoices are the elements that hold what is chosen from.
var cdataChoices = map[string]bool{
	"simpleChoice": true, "simpleAssociableChoice": true, "inlineChoice": true, "gapText": true, "hottext": true,
}

// readCDATA puts elements in the place of HTML that stands in CDATA sections, as many programs write it, and tells so.
// Nothing else tells such HTML from tags that are meant to be read: so all sections in elements of one name are HTML
// or none is, as isHTML judges them. find gives the content of what a source names.
func (it *qti2Item) readCDATA(find func(src string) ([]byte, bool), roots ...*xmltree.Node) {
	groups := map[string][]*cdataRun{}
	for _, n := range roots {
		cdataIn(n, nil, groups)
	}
	left := xmltree.MaxNodes
	told := false
	for _, name := range slices.Sorted(maps.Keys(groups)) {
		runs := groups[name]
		first := (*cdataRun)(nil)
		for _, r := range runs {
			r.html = readHTML(r, left, find)
			if left -= r.html.count; first == nil && r.html.tags {
				first = r
			}
		}
		switch p := it.place.at(name); {
		case first == nil:
		case !isHTML(runs):
			p.line = first.parent.Line
			it.report.warning(p, codeQTI2CDATAText, "text", first.text)
		default:
			if p.line = first.parent.Line; !told {
				it.report.note(p, codeQTI2CDATAHTML)
			}
			told = true
			putHTML(runs)
		}
	}
}

// cdataIn gathers the runs in an element, by the name of the element that holds them; those of one follow each other.
func cdataIn(n, around *xmltree.Node, groups map[string][]*cdataRun) {
	if n == nil {
		return
	}
	for i := 0; i < len(n.Children); i++ {
		if !n.Children[i].CDATA {
			continue
		}
		r := &cdataRun{parent: n, from: i, around: around}
		var b strings.Builder
		for ; i < len(n.Children) && n.Children[i].CDATA; i++ {
			b.WriteString(n.Children[i].Text)
		}
		r.text, r.to = b.String(), i
		groups[n.Name] = append(groups[n.Name], r)
	}
	for _, c := range n.Children {
		cdataIn(c, n, groups)
	}
}

// isHTML judges what stands in elements of one name: HTML, where every tag is one of HTML's and closed, and any proves
// it. Choices that would show nothing, or the same as another of theirs, are about their tags.
func isHTML(runs []*cdataRun) bool {
	type choice struct {
		around *xmltree.Node
		shows  string
	}
	shown := map[choice]string{}
	proof := false
	for _, r := range runs {
		if r.html.tags && !r.html.sound {
			return false
		}
		proof = proof || r.html.proof
		if !cdataChoices[r.parent.Name] {
			continue
		}
		c := choice{r.around, strings.Join(strings.Fields(r.html.shows), " ")}
		if other, twice := shown[c]; r.html.tags && c.shows == "" || twice && other != r.text {
			return false
		}
		shown[c] = r.text
	}
	return proof
}

// putHTML makes runs children of the elements that hold them. A paragraph, which can hold no other, becomes a block.
func putHTML(runs []*cdataRun) {
	for len(runs) > 0 {
		parent, at := runs[0].parent, 0
		var children []*xmltree.Node
		for ; len(runs) > 0 && runs[0].parent == parent; runs = runs[1:] {
			children = append(append(children, parent.Children[at:runs[0].from]...), runs[0].html.nodes...)
			at = runs[0].to
		}
		parent.Children = append(children, parent.Children[at:]...)
		if parent.Name == "p" && slices.ContainsFunc(children, func(n *xmltree.Node) bool { return htmlBlocks[n.Name] }) {
			parent.Name = "div"
		}
	}
}

// htmlBlocks are elements of HTML that end a paragraph.
var htmlBlocks = setOf("p div ul ol dl table pre blockquote hr figure center section h1 h2 h3 h4 h5 h6")

// htmlNames are the elements of HTML that texts of questions hold. What programs or pages need is none of them: in a
// question it is what is asked about.
var htmlNames = setOf("p div span br hr b i u em strong small big sub sup s strike del ins code pre tt kbd samp var q cite " +
	"dfn abbr mark bdi a img ul ol li dl dt dd table caption colgroup col thead tbody tfoot tr td th h1 h2 h3 h4 h5 h6 font " +
	"center blockquote figure figcaption section audio video source object ruby rb rt rp rtc math")

// htmlVoid are those of them that have no end.
var htmlVoid = setOf("br hr img col source")

func setOf(words string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(words) {
		set[w] = true
	}
	return set
}

// cdataHTML is a text read as HTML.
type cdataHTML struct {
	nodes []*xmltree.Node // as it is in a document; only where it is sound
	count int             // nodes in all
	tags  bool            // it holds what looks like a tag
	sound bool            // every tag is one of HTML's, and closed
	proof bool            // an element with its end, or a picture or a sound that is there
	shows string          // what can be read, heard or seen, other than by its look
}

// readHTML reads a run as HTML, unless that takes more than a number of nodes.
func readHTML(r *cdataRun, most int, find func(src string) ([]byte, bool)) cdataHTML {
	h := cdataHTML{}
	var shows strings.Builder
	root := &xmltree.Node{}
	open := []*xmltree.Node{root}
	z := nethtml.NewTokenizer(strings.NewReader(r.text))
	read := 0
	for kind := z.Next(); kind != nethtml.ErrorToken; kind = z.Next() {
		raw := string(z.Raw())
		read += len(raw)
		in := open[len(open)-1]
		t := z.Token()
		if kind == nethtml.TextToken {
			in.Children = append(in.Children, &xmltree.Node{Text: t.Data})
			h.count++
			shows.WriteString(t.Data)
			continue
		}
		h.tags = true
		switch closes := kind == nethtml.EndTagToken; {
		case h.count >= most, len(open) == xmltree.MaxDepth:
			return cdataHTML{count: h.count, tags: true}
		case kind == nethtml.CommentToken && strings.HasPrefix(raw, "<!--"):
			continue
		case kind == nethtml.CommentToken, kind == nethtml.DoctypeToken, !isElement(open, t.Data), closes && in.Name != t.Data:
			return cdataHTML{count: h.count, tags: true}
		case closes:
			open, h.proof = open[:len(open)-1], true
			continue
		}
		n := elementOf(&t, r.parent.Line)
		in.Children = append(in.Children, n)
		h.count++
		shows.WriteString(shownBy(n))
		switch {
		case slices.Contains(mediaElements, n.Name) && htmlVoid[n.Name]:
			h.proof = h.proof || isThere(n.Attr("src"), find)
		case kind == nethtml.SelfClosingTagToken:
			h.proof = true
		case !htmlVoid[n.Name]:
			open = append(open, n)
		}
	}
	h.tags = h.tags || read < len(r.text)
	if h.sound = len(open) == 1 && read == len(r.text); h.sound {
		h.nodes, h.shows = root.Children, shows.String()
	}
	return h
}

// isElement reports whether a name is one of HTML's, or stands in a formula.
func isElement(open []*xmltree.Node, name string) bool {
	return htmlNames[name] || slices.ContainsFunc(open, func(n *xmltree.Node) bool { return n.Name == "math" })
}

func elementOf(t *nethtml.Token, line int) *xmltree.Node {
	n := &xmltree.Node{Name: t.Data, Line: line}
	for _, a := range t.Attr {
		n.Attrs = append(n.Attrs, xmltree.Attr{Name: a.Key, Value: a.Val})
	}
	return n
}

// shownBy is what an element alone tells apart: media by their source, and where its letters stand.
func shownBy(n *xmltree.Node) string {
	switch {
	case slices.Contains(mediaElements, n.Name):
		return "<" + n.Name + " " + n.Attr("src") + ">"
	case n.Name == "sub", n.Name == "sup", !htmlNames[n.Name]:
		return "<" + n.Name + ">"
	}
	return ""
}

// isThere reports whether a source can be had.
func isThere(src string, find func(src string) ([]byte, bool)) bool {
	if _, within := dataURL(src); within {
		return true
	}
	_, found := find(src)
	return found
}
