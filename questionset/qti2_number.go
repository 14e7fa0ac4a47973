package questionset

import (
	"math/big"
	"slices"
	"strings"

	"shiken/exam"
	"shiken/internal/xmltree"
)

// numberCells are the numbers that the rule can tell apart: each that it names or that bounds what it
// takes, at even places, and what lies between two of them. A bound that no decimal number is, such as
// 10 ÷ 1.05, cannot be typed: it counts with what is below it.
func (it *qti2Item) numberCells(d *qtiDeclaration) ([]qtiCell, bool) {
	points := it.namedNumbers(d.id)
	if len(points) == 0 || len(points) > 2*MaxAnswers || !it.comparesOnly(d.id) {
		return nil, false
	}
	cells := []qtiCell{{value: d.empty()}}
	add := func(at, low, high *big.Rat) {
		cells = append(cells, qtiCell{value: d.of(at.RatString()), answer: decimalText(at), low: low, high: high})
	}
	below := new(big.Rat).Sub(points[0], big.NewRat(1, 1))
	add(below, nil, points[0])
	for i, p := range points {
		if _, exact := decimal(p); exact {
			add(p, p, p)
		} else {
			add(below, p, p)
		}
		var next *big.Rat
		below = new(big.Rat).Add(p, big.NewRat(1, 1))
		if i+1 < len(points) {
			next = points[i+1]
			below = between(p, next)
		}
		add(below, p, next)
	}
	return cells, true
}

// comparing are the operators that look at a typed response as it is.
var comparing = map[string]bool{
	"isNull": true, "match": true, "equal": true, "gt": true, "gte": true, "lt": true, "lte": true, "member": true, "stringMatch": true,
}

// comparesOnly reports whether the rules do nothing with a response but compare it, as it is, with what they
// name. Only then what they say can change nowhere but there.
func (it *qti2Item) comparesOnly(id string) bool {
	only := true
	expressions(it.program.rules, func(root *xmltree.Node) {
		only = only && !isVariable(root, id)
		root.Walk(func(n *xmltree.Node) bool {
			children := n.Elements()
			if slices.ContainsFunc(children, func(c *xmltree.Node) bool { return isVariable(c, id) }) {
				only = only && comparing[n.Name] &&
					!slices.ContainsFunc(children, func(c *xmltree.Node) bool { return !isVariable(c, id) && !isNamed(c) })
			}
			return only
		})
	})
	return only
}

// isNamed reports whether an expression is a value that the item names.
func isNamed(n *xmltree.Node) bool {
	switch n.Name {
	case "baseValue", "correct", "null":
		return true
	case "multiple", "ordered":
		return !slices.ContainsFunc(n.Elements(), func(c *xmltree.Node) bool { return !isNamed(c) })
	}
	return false
}

// between is a short decimal number between two others.
func between(a, b *big.Rat) *big.Rat {
	middle := new(big.Rat).Quo(new(big.Rat).Add(a, b), big.NewRat(2, 1))
	for digits := range 30 {
		r, ok := new(big.Rat).SetString(middle.FloatString(digits))
		if ok && r.Cmp(a) > 0 && r.Cmp(b) < 0 {
			return r
		}
	}
	return middle
}

// decimalText writes a number to as many digits as nobody types.
func decimalText(r *big.Rat) string {
	if s, exact := decimal(r); exact {
		return s
	}
	return r.FloatString(30)
}

// comparisons calls f with each expression that has a response among its operands.
func (it *qti2Item) comparisons(id string, f func(n *xmltree.Node)) {
	expressions(it.program.rules, func(root *xmltree.Node) {
		root.Walk(func(n *xmltree.Node) bool {
			if slices.ContainsFunc(n.Elements(), func(c *xmltree.Node) bool { return isVariable(c, id) }) {
				f(n)
			}
			return true
		})
	})
}

// namedNumbers are the numbers at which what the rules say of a response can change, in their order.
func (it *qti2Item) namedNumbers(id string) []*big.Rat {
	var list []*big.Rat
	add := func(s string) {
		if r, ok := number(s); ok {
			list = append(list, r)
		}
	}
	for _, s := range it.namedTexts(id) {
		add(s)
	}
	equals := []*xmltree.Node{}
	it.comparisons(id, func(n *xmltree.Node) {
		if n.Name == "equal" {
			equals = append(equals, n)
		}
		for _, c := range n.Find("correct") {
			if d := it.program.responses[strings.TrimSpace(c.Attr("identifier"))]; d != nil {
				for _, s := range d.correct.items {
					add(s)
				}
			}
		}
	})
	named := list
	for _, n := range equals {
		for _, r := range named {
			if len(list) > maxDeclared {
				break // more than numberCells takes
			}
			list = append(list, equalEdges(n, r)...)
		}
	}
	slices.SortFunc(list, (*big.Rat).Cmp)
	return slices.CompactFunc(list, func(a, b *big.Rat) bool { return a.Cmp(b) == 0 })
}

// Bounds that stand for none: a key of numbers needs both.
const (
	leastNumber    = "-1e300"
	greatestNumber = "1e300"
)

// equalEdges are the numbers from and up to which an equal takes c, as its first or its second operand.
func equalEdges(n *xmltree.Node, c *big.Rat) []*big.Rat {
	low, high, ok := equalBounds(n, c)
	if !ok || low.Cmp(high) == 0 {
		return nil
	}
	edges := []*big.Rat{low, high}
	if n.Attr("toleranceMode") == "absolute" {
		return append(edges, new(big.Rat).Sub(c, new(big.Rat).Sub(high, c)), new(big.Rat).Add(c, new(big.Rat).Sub(c, low)))
	}
	if c.Sign() == 0 {
		return edges
	}
	for _, e := range []*big.Rat{low, high} {
		if e.Sign() != 0 {
			edges = append(edges, new(big.Rat).Quo(new(big.Rat).Mul(c, c), e))
		}
	}
	return edges
}

// numberKeys makes ranges of cells. Single numbers that are worth something else than a range that
// reaches them come first: the first key that holds a number counts.
func numberKeys(cells []qtiCell, weight func(i int) int) []exam.NumberKey {
	worth := make([]int, len(cells))
	for i := range cells {
		worth[i] = weight(i)
	}
	var keys []exam.NumberKey
	for i := 2; i < len(cells)-1; i += 2 {
		below, at, above := worth[i-1], worth[i], worth[i+1]
		if (below == 0 || below == at) && (above == 0 || above == at) || below == at && above == at {
			continue
		}
		text, exact := decimal(cells[i].low)
		if !exact {
			continue
		}
		keys = append(keys, exam.NumberKey{Min: text, Max: text, Weight: at})
		if below == above {
			worth[i] = below
		}
	}
	for i := 1; i < len(cells); {
		j := i
		for j+1 < len(cells) && worth[j+1] == worth[i] {
			j++
		}
		if worth[i] > 0 && !(i == j && i%2 == 0 && keyed(keys, cells[i].low)) {
			k := exam.NumberKey{Min: leastNumber, Max: greatestNumber, Weight: worth[i]}
			if cells[i].low != nil {
				k.Min = decimalText(cells[i].low)
			}
			if cells[j].high != nil {
				k.Max = decimalText(cells[j].high)
			}
			keys = append(keys, k)
		}
		i = j + 1
	}
	return keys
}

// keyed reports whether a single number has a key already.
func keyed(keys []exam.NumberKey, at *big.Rat) bool {
	text := decimalText(at)
	return slices.ContainsFunc(keys, func(k exam.NumberKey) bool { return k.Min == text && k.Max == text })
}
