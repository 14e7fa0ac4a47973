package questionset

import (
	"slices"
	"strings"

	"shiken/internal/xmltree"
)

// secondOf is the first element in an element that stands there a second time, of those that stand once, and says
// something else than the first of its name; nil where there is none.
func secondOf(n *xmltree.Node, once ...string) *xmltree.Node {
	first := map[string]*xmltree.Node{}
	for _, e := range n.Elements(once...) {
		if before := first[e.Name]; before == nil {
			first[e.Name] = e
		} else if !sameXML(before, e) {
			return e
		}
	}
	return nil
}

// sameXML reports whether two elements hold the same, but for white space around texts.
func sameXML(a, b *xmltree.Node) bool {
	if a.Name != b.Name || strings.TrimSpace(a.Text) != strings.TrimSpace(b.Text) || !slices.Equal(a.Attrs, b.Attrs) {
		return false
	}
	return slices.EqualFunc(spoken(a.Children), spoken(b.Children), sameXML)
}

// spoken are nodes without texts of nothing but white space.
func spoken(list []*xmltree.Node) []*xmltree.Node {
	return slices.DeleteFunc(slices.Clone(list), func(n *xmltree.Node) bool { return n.Name == "" && strings.TrimSpace(n.Text) == "" })
}
