package richtext

import (
	"slices"

	xhtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// settleSounds makes of everything that plays what a page shows of it: controls for one stored sound, which
// is fetched when it is wanted. What has none goes, and leaves the words behind that stand for it.
func settleSounds(n *xhtml.Node) {
	for child := n.FirstChild; child != nil; {
		next := child.NextSibling
		switch child.DataAtom {
		case atom.Audio, atom.Video:
			settleSound(n, child)
		case atom.Source:
			n.RemoveChild(child)
		default:
			settleSounds(child)
		}
		child = next
	}
}

func settleSound(parent, n *xhtml.Node) {
	src := attribute(n, "src")
	for d := range n.Descendants() {
		if src == "" && d.DataAtom == atom.Source {
			src = attribute(d, "src")
		}
	}
	if src != "" {
		player := &xhtml.Node{Type: xhtml.ElementNode, Data: "audio", DataAtom: atom.Audio, Attr: []xhtml.Attribute{
			{Key: "controls"}, {Key: "preload", Val: "none"}, {Key: "src", Val: src},
		}}
		parent.InsertBefore(player, n)
	} else {
		settleSounds(n)
		for _, child := range slices.Collect(n.ChildNodes()) {
			n.RemoveChild(child)
			parent.InsertBefore(child, n)
		}
	}
	parent.RemoveChild(n)
}
