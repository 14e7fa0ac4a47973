package questionset

import (
	"strings"

	"shiken/internal/xmltree"
)

// saysOnce refuses an item of which parts that stand once stand twice and differ: nothing says which of them counts.
func (it *qti2Item) saysOnce() bool {
	root := it.source.root
	if n := secondOf(root, "itemBody", "responseProcessing"); n != nil {
		return it.twice(n, n.Name)
	}
	first := map[string]*xmltree.Node{}
	for _, n := range root.Elements("responseDeclaration", "outcomeDeclaration") {
		id := strings.TrimSpace(n.Attr("identifier"))
		if before := first[id]; before != nil && !sameXML(before, n) {
			return it.twice(n, id)
		}
		first[id] = n
		if in := secondOf(n, "correctResponse", "defaultValue", "mapping", "areaMapping"); in != nil {
			return it.twice(in, in.Name)
		}
		if e := it.secondEntry(n); e != nil {
			return it.twice(e, e.Attr("mapKey"))
		}
	}
	return true
}

func (it *qti2Item) twice(n *xmltree.Node, name string) bool {
	p := it.place.at(n.Name)
	p.line = n.Line
	it.report.error(p, codeXMLTwice, "name", name)
	return false
}

// secondEntry is an entry of a mapping that is never looked at, since one before it has its key, and that is worth
// something else than that one; nil where there is none.
func (it *qti2Item) secondEntry(declaration *xmltree.Node) *xmltree.Node {
	base := declaration.Attr("baseType")
	exact, folded := map[string]string{}, map[string]string{}
	for _, e := range declaration.Child("mapping").Elements("mapEntry") {
		key, worth := mapKey(base, e), worthOf(e)
		fold := strings.ToLower(key)
		before, taken := exact[key]
		if of, has := folded[fold]; has && base == "string" {
			before, taken = of, true
		}
		switch {
		case taken && before != worth:
			return e
		case !taken && base == "string" && !it.caseCounts(e):
			folded[fold] = worth
		case !taken:
			exact[key] = worth
		}
	}
	return nil
}

// mapKey is what an entry of a mapping stands for, written in one way.
func mapKey(base string, e *xmltree.Node) string {
	key := entryKey(base, e)
	if r, ok := qtiRat(key); ok && isNumeric(base) {
		return r.RatString()
	}
	if back := turned(key); base == "pair" && back < key {
		return back
	}
	return key
}

// worthOf is what an entry is worth, written in one way.
func worthOf(e *xmltree.Node) string {
	if r, ok := number(e.Attr("mappedValue")); ok {
		return r.RatString()
	}
	return e.Attr("mappedValue")
}
