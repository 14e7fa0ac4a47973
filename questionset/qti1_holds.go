package questionset

import (
	"math/big"
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
}

// holds reports whether a test holds for the answer. What it says of other responses does not.
func (g qti1Given) holds(n *xmltree.Node) bool {
	if n == nil {
		return false
	}
	switch n.Name {
	case "conditionvar":
		return g.holdsBeside(n.Elements())
	case "and":
		return g.holdsAll(n.Elements())
	case "or":
		for _, e := range n.Elements() {
			if g.holds(e) {
				return true
			}
		}
		return false
	case "not":
		return !g.holdsAll(n.Elements())
	}
	return n.Attr("respident") == g.ident && g.compare(n)
}

func (g qti1Given) holdsAll(list []*xmltree.Node) bool {
	for _, e := range list {
		if !g.holds(e) {
			return false
		}
	}
	return len(list) > 0
}

// holdsBeside judges what stands beside each other right in a condition. The standard means "and"; but
// Canvas, Common Cartridge and others write alternatives so, several values of one response, of which
// none could hold with another. A range beside them is one more alternative.
func (g qti1Given) holdsBeside(list []*xmltree.Node) bool {
	var equal, bounds, rest []*xmltree.Node
	for _, e := range list {
		switch {
		case e.Attr("respident") != g.ident || g.many:
			rest = append(rest, e)
		case e.Name == "varequal":
			equal = append(equal, e)
		case strings.HasPrefix(e.Name, "varl") || strings.HasPrefix(e.Name, "varg"):
			bounds = append(bounds, e)
		default:
			rest = append(rest, e)
		}
	}
	if len(rest) > 0 && !g.holdsAll(rest) {
		return false
	}
	for _, e := range equal {
		if g.holds(e) {
			return true
		}
	}
	if len(bounds) > 0 {
		return g.holdsAll(bounds)
	}
	return len(equal) == 0 && len(rest) > 0
}

// compare makes one comparison.
func (g qti1Given) compare(n *xmltree.Node) bool {
	value := strings.TrimSpace(n.String())
	if g.chosen != nil {
		return g.compareSet(n.Name, value)
	}
	if g.number != nil {
		v, ok := number(value)
		return ok && compareNumbers(n.Name, g.number.Cmp(v))
	}
	given := g.value
	if !g.exact && !strings.EqualFold(n.Attr("case"), "Yes") {
		value, given = foldText(value), foldText(given)
	}
	switch n.Name {
	case "varequal":
		return given == value
	case "varsubstring":
		return strings.Contains(given, value)
	case "varsubset":
		return value == given || isPart(n) && strings.Contains(given, value) // several values are judged by readMultiple
	}
	return false
}

// compareSet compares the labels that are chosen.
func (g qti1Given) compareSet(name, value string) bool {
	switch name {
	case "varequal":
		return g.chosen[value]
	case "unanswered":
		return len(g.chosen) == 0
	case "varsubset":
		wanted := strings.Split(value, ",")
		for _, w := range wanted {
			if !g.chosen[strings.TrimSpace(w)] {
				return false
			}
		}
		return len(g.chosen) == len(wanted)
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
