package questionset

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/yuin/goldmark"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"shiken/exam"
)

// blockXML writes a text as elements that stand in a body; media are found from there by way of up.
func blockXML(t exam.Text, up string) string {
	nodes := nodesOf(t)
	s := xmlOf(nodes, up)
	for _, n := range nodes {
		if n.Type == html.TextNode && strings.TrimSpace(n.Data) != "" || n.Type == html.ElementNode && !bodyBlocks[n.Data] {
			return "<div>" + s + "</div>"
		}
	}
	return s
}

var bodyBlocks = map[string]bool{
	"p": true, "div": true, "ul": true, "ol": true, "dl": true, "table": true, "pre": true, "blockquote": true, "hr": true,
	"h1": true, "h2": true, "h3": true, "h4": true, "h5": true, "h6": true, "address": true,
}

// flowXML writes a text as what may stand in a choice.
func flowXML(t exam.Text, up string) string { return xmlOf(nodesOf(t), up) }

// nodesOf reads a text of any format as HTML.
func nodesOf(t exam.Text) []*html.Node {
	source := t.Source
	switch t.Format {
	case exam.HTML:
	case exam.Markdown:
		var b bytes.Buffer
		if goldmark.Convert([]byte(source), &b) == nil {
			source = b.String()
		}
	default:
		source = strings.ReplaceAll(html.EscapeString(source), "\n", "<br>")
	}
	nodes, err := html.ParseFragment(strings.NewReader(source), &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body})
	if err != nil {
		return []*html.Node{{Type: html.TextNode, Data: t.Source}}
	}
	return nodes
}

func xmlOf(nodes []*html.Node, up string) string {
	var b strings.Builder
	for _, n := range nodes {
		writeXML(&b, n, up)
	}
	return strings.TrimSpace(b.String())
}

var xmlName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.-]*$`)

// writeXML writes a node of HTML as XML. Scripts and styles are left out.
func writeXML(b *strings.Builder, n *html.Node, up string) {
	switch {
	case n.Type == html.TextNode:
		b.WriteString(xmlEscape(strings.Map(xmlRune, n.Data)))
	case n.Type != html.ElementNode || n.DataAtom == atom.Script || n.DataAtom == atom.Style:
	case !xmlName.MatchString(n.Data):
		writeChildren(b, n, up)
	default:
		b.WriteString("<" + n.Data)
		if n.Data == "math" {
			b.WriteString(` xmlns="http://www.w3.org/1998/Math/MathML"`)
		}
		writeAttributes(b, n, up)
		if n.FirstChild == nil {
			b.WriteString("/>")
			return
		}
		b.WriteString(">")
		writeChildren(b, n, up)
		b.WriteString("</" + n.Data + ">")
	}
}

func writeChildren(b *strings.Builder, n *html.Node, up string) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		writeXML(b, c, up)
	}
}

func writeAttributes(b *strings.Builder, n *html.Node, up string) {
	for _, a := range n.Attr {
		if a.Namespace != "" || !xmlName.MatchString(a.Key) || strings.HasPrefix(a.Key, "xmlns") {
			continue
		}
		if MediaHash(a.Val) != "" {
			a.Val = up + strings.TrimPrefix(a.Val, "/")
		}
		b.WriteString(" " + a.Key + `="` + xmlEscape(strings.Map(xmlRune, a.Val)) + `"`)
	}
}

// xmlRune drops what no XML document may hold.
func xmlRune(r rune) rune {
	if r < 0x20 && r != '\n' && r != '\t' || r == 0xFFFE || r == 0xFFFF {
		return -1
	}
	return r
}
