package questionset

import (
	"math/big"
	"slices"
	"strings"

	"shiken/internal/xmltree"
)

// qti1Given is one conceivable answer to one response, to see what the rules say of it.
type qti1Given struct {
	ident  string
	value  string
	number *big.Rat        // of a response that takes numbers
	exact  bool            // it is an ident, not a text
	many   bool            // the response takes several values: then equal tests beside each other are no alternatives
	chosen map[string]bool // of a response that takes several labels: those that are chosen; nil: value is given
	folded string          // the value, as texts are compared
	saids  qti1Saids
}

// holds reports whether a test holds for the answer. What it says of other responses does not.
func (g *qti1Given) holds(n *xmltree.Node) bool {
	if n == nil {
		return false
	}
	switch n.Name {
	case "conditionvar":
		return g.holdsBeside(n)
	case "and":
		return g.holdsAll(n)
	case "or":
		for _, e := range n.Children {
			if e.Name != "" && g.holds(e) {
				return true
			}
		}
		return false
	case "not":
		return !g.holdsAll(n)
	}
	said := g.saids.of(n)
	return said.ident == g.ident && g.compare(n.Name, said)
}

// holdsAll reports whether every test in an element holds, and there is one.
func (g *qti1Given) holdsAll(n *xmltree.Node) bool {
	some := false
	for _, e := range n.Children {
		if e.Name == "" {
			continue
		}
		if some = true; !g.holds(e) {
			return false
		}
	}
	return some
}

// holdsBeside judges what stands beside each other right in a condition. The standard means "and"; but
// Canvas, Common Cartridge and others write alternatives so, several values of one response, of which
// none could hold with another. A range beside them is one more alternative.
func (g *qti1Given) holdsBeside(n *xmltree.Node) bool {
	equal, bounds, rest := false, false, false // there are such tests
	oneEqual, allBounds := false, true         // they hold
	for _, e := range n.Children {
		switch {
		case e.Name == "":
		case g.many || e.Attr("respident") != g.ident || !isAlternative(e.Name):
			if rest = true; !g.holds(e) {
				return false
			}
		case e.Name == "varequal":
			equal, oneEqual = true, oneEqual || g.holds(e)
		default:
			bounds, allBounds = true, allBounds && g.holds(e)
		}
	}
	switch {
	case oneEqual:
		return true
	case bounds:
		return allBounds
	}
	return !equal && rest
}

// isAlternative tells tests that beside each other are alternatives, or the bounds of a range.
func isAlternative(name string) bool {
	return name == "varequal" || strings.HasPrefix(name, "varl") || strings.HasPrefix(name, "varg")
}

// compare makes one comparison.
func (g *qti1Given) compare(name string, said *qti1Said) bool {
	if g.chosen != nil {
		return g.compareSet(name, said)
	}
	if g.number != nil {
		return said.number != nil && compareNumbers(name, g.number.Cmp(said.number))
	}
	value, given := said.text, g.value
	if !g.exact && !said.cased {
		value, given = said.folded, g.folded
	}
	switch name {
	case "varequal":
		return given == value
	case "varsubstring":
		return strings.Contains(given, value)
	case "varsubset":
		return value == given || said.part && strings.Contains(given, value) // several values are judged by readMultiple
	}
	return false
}

// compareSet compares the labels that are chosen.
func (g *qti1Given) compareSet(name string, said *qti1Said) bool {
	switch name {
	case "varequal":
		return g.chosen[said.text]
	case "unanswered":
		return len(g.chosen) == 0
	case "varsubset":
		return len(g.chosen) == len(said.list()) && !slices.ContainsFunc(said.list(), func(w string) bool { return !g.chosen[w] })
	}
	return false
}

func compareNumbers(name string, order int) bool {
	switch name {
	case "varequal":
		return order == 0
	case "varlt":
		return order < 0
	case "varlte":
		return order <= 0
	case "vargt":
		return order > 0
	case "vargte":
		return order >= 0
	}
	return false
}
