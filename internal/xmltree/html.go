package xmltree

import (
	"html"
	"strings"
)

// void are the elements of HTML that have no end tag.
var void = map[string]bool{
	"area": true, "br": true, "col": true, "embed": true, "hr": true, "img": true, "input": true, "link": true,
	"source": true, "track": true, "wbr": true,
}

// InnerHTML writes what is in the element as HTML: names without prefix, no namespaces. It is as
// untrusted as the document. replace, when not nil, may give an element's HTML itself.
func (n *Node) InnerHTML(replace func(*Node) (string, bool)) string {
	var b strings.Builder
	if n != nil {
		for _, c := range n.Children {
			c.write(&b, replace)
		}
	}
	return b.String()
}

func (n *Node) write(b *strings.Builder, replace func(*Node) (string, bool)) {
	if n.Name == "" {
		b.WriteString(html.EscapeString(n.Text))
		return
	}
	if replace != nil {
		if s, ok := replace(n); ok {
			b.WriteString(s)
			return
		}
	}
	b.WriteString("<" + n.Name)
	for _, a := range n.Attrs {
		if a.Name != "xmlns" && a.Space != "xmlns" {
			b.WriteString(" " + a.Name + `="` + html.EscapeString(a.Value) + `"`)
		}
	}
	b.WriteString(">")
	if void[n.Name] && len(n.Children) == 0 {
		return
	}
	for _, c := range n.Children {
		c.write(b, replace)
	}
	b.WriteString("</" + n.Name + ">")
}
