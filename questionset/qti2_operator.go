package questionset

import (
	"math/big"
	"slices"
	"strconv"
	"strings"

	"shiken/internal/xmltree"
)

// qtiOperator works out an operator of QTI's expressions. It reports false when it is used in a way that
// is not understood.
type qtiOperator func(n *xmltree.Node, args []qtiValue) (qtiValue, bool)

// qtiOperators are those that are understood. Where an argument is NULL the result is, unless it is
// settled without it.
var qtiOperators map[string]qtiOperator

func init() {
	qtiOperators = map[string]qtiOperator{
		"isNull": func(_ *xmltree.Node, a []qtiValue) (qtiValue, bool) {
			return qtiBool(len(a) == 1 && a[0].isNull()), len(a) == 1
		},
		"not": opNot, "and": opAnd, "or": opOr,
		"match": opMatch, "equal": opEqual, "stringMatch": opStringMatch,
		"member": opMember, "contains": opContains, "index": opIndex,
		"gt":  compared(func(c int) bool { return c > 0 }),
		"gte": compared(func(c int) bool { return c >= 0 }),
		"lt":  compared(func(c int) bool { return c < 0 }),
		"lte": compared(func(c int) bool { return c <= 0 }),
		"sum": opSum, "product": opProduct, "subtract": opSubtract,
		"divide": opDivide, "max": opMost(1), "min": opMost(-1), "round": opWhole(big.NewRat(1, 2)), "truncate": opTruncate,
		"integerToFloat": func(_ *xmltree.Node, a []qtiValue) (qtiValue, bool) { return folded(a, new(big.Rat), (*big.Rat).Add) },
		"containerSize": func(_ *xmltree.Node, a []qtiValue) (qtiValue, bool) {
			return qtiNumber(big.NewRat(int64(len(first(a).items)), 1)), len(a) == 1
		},
		"multiple": gathered(false), "ordered": gathered(true),
	}
}

func anyNull(args []qtiValue) bool { return slices.ContainsFunc(args, qtiValue.isNull) }

func opNot(_ *xmltree.Node, a []qtiValue) (qtiValue, bool) {
	if len(a) != 1 || a[0].isNull() {
		return qtiValue{}, len(a) == 1
	}
	return qtiBool(!a[0].isTrue()), true
}

func opAnd(_ *xmltree.Node, a []qtiValue) (qtiValue, bool) {
	for _, v := range a {
		if !v.isNull() && !v.isTrue() {
			return qtiBool(false), true
		}
	}
	if anyNull(a) {
		return qtiValue{}, true
	}
	return qtiBool(true), true
}

func opOr(_ *xmltree.Node, a []qtiValue) (qtiValue, bool) {
	if slices.ContainsFunc(a, qtiValue.isTrue) {
		return qtiBool(true), true
	}
	if anyNull(a) {
		return qtiValue{}, true
	}
	return qtiBool(false), true
}

func opMatch(_ *xmltree.Node, a []qtiValue) (qtiValue, bool) {
	if len(a) != 2 || anyNull(a) {
		return qtiValue{}, len(a) == 2
	}
	return qtiBool(sameValue(a[0], a[1])), true
}

// opEqual compares numbers, exactly or within a tolerance around the first.
func opEqual(n *xmltree.Node, a []qtiValue) (qtiValue, bool) {
	if len(a) != 2 || anyNull(a) {
		return qtiValue{}, len(a) == 2
	}
	x, okX := a[0].number()
	y, okY := a[1].number()
	if !okX || !okY {
		return qtiValue{}, false
	}
	low, high, ok := equalBounds(n, x)
	if !ok {
		return qtiValue{}, false
	}
	fromLow, fromHigh := y.Cmp(low), y.Cmp(high)
	return qtiBool((fromLow > 0 || fromLow == 0 && n.Attr("includeLowerBound") != "false") &&
		(fromHigh < 0 || fromHigh == 0 && n.Attr("includeUpperBound") != "false")), true
}

// equalBounds are the least and the greatest number that an equal takes for x.
func equalBounds(n *xmltree.Node, x *big.Rat) (low, high *big.Rat, ok bool) {
	mode := n.Attr("toleranceMode")
	if mode == "" || mode == "exact" {
		return x, x, true
	}
	fields := strings.Fields(n.Attr("tolerance"))
	if len(fields) == 0 || len(fields) > 2 {
		return nil, nil, false
	}
	below, okBelow := number(fields[0])
	above, okAbove := number(fields[len(fields)-1])
	if !okBelow || !okAbove || below.Sign() < 0 || above.Sign() < 0 {
		return nil, nil, false
	}
	if mode == "relative" {
		percent := new(big.Rat).Quo(new(big.Rat).Abs(x), big.NewRat(100, 1))
		below, above = new(big.Rat).Mul(below, percent), new(big.Rat).Mul(above, percent)
	} else if mode != "absolute" {
		return nil, nil, false
	}
	return new(big.Rat).Sub(x, below), new(big.Rat).Add(x, above), true
}

func opStringMatch(n *xmltree.Node, a []qtiValue) (qtiValue, bool) {
	if len(a) != 2 || anyNull(a) {
		return qtiValue{}, len(a) == 2
	}
	if len(a[0].items) != 1 || len(a[1].items) != 1 || n.Attr("substring") == "true" {
		return qtiValue{}, false
	}
	x, y := a[0].items[0], a[1].items[0]
	if n.Attr("caseSensitive") == "false" {
		return qtiBool(strings.EqualFold(x, y)), true
	}
	return qtiBool(x == y), true
}

func opMember(_ *xmltree.Node, a []qtiValue) (qtiValue, bool) {
	if len(a) != 2 || anyNull(a) {
		return qtiValue{}, len(a) == 2
	}
	return qtiBool(slices.ContainsFunc(a[1].items, func(x string) bool {
		return sameItem(a[1].base, x, a[0].items[0])
	})), len(a[0].items) == 1
}

// opContains is understood of multiple values: all of the second in the first.
func opContains(_ *xmltree.Node, a []qtiValue) (qtiValue, bool) {
	if len(a) != 2 || anyNull(a) {
		return qtiValue{}, len(a) == 2
	}
	left := slices.Clone(a[0].items)
	for _, x := range a[1].items {
		i := slices.IndexFunc(left, func(y string) bool { return sameItem(a[0].base, x, y) })
		if i < 0 {
			return qtiBool(false), !a[0].ordered
		}
		left = slices.Delete(left, i, i+1)
	}
	return qtiBool(true), !a[0].ordered
}

// opIndex is the n-th item of an ordered value, counted from 1.
func opIndex(n *xmltree.Node, a []qtiValue) (qtiValue, bool) {
	at, err := strconv.Atoi(n.Attr("n"))
	if err != nil || at < 1 || len(a) != 1 {
		return qtiValue{}, false
	}
	v := qtiValue{base: a[0].base}
	if at <= len(a[0].items) {
		v.items = a[0].items[at-1 : at]
	}
	return v, true
}

func compared(holds func(int) bool) qtiOperator {
	return func(_ *xmltree.Node, a []qtiValue) (qtiValue, bool) {
		if len(a) != 2 || anyNull(a) {
			return qtiValue{}, len(a) == 2
		}
		x, okX := a[0].number()
		y, okY := a[1].number()
		if !okX || !okY {
			return qtiValue{}, false
		}
		return qtiBool(holds(x.Cmp(y))), true
	}
}

func opSum(_ *xmltree.Node, a []qtiValue) (qtiValue, bool) {
	return folded(a, new(big.Rat), (*big.Rat).Add)
}

func opProduct(_ *xmltree.Node, a []qtiValue) (qtiValue, bool) {
	return folded(a, big.NewRat(1, 1), (*big.Rat).Mul)
}

func opSubtract(_ *xmltree.Node, a []qtiValue) (qtiValue, bool) {
	if len(a) != 2 || anyNull(a) {
		return qtiValue{}, len(a) == 2
	}
	x, okX := a[0].number()
	y, okY := a[1].number()
	if !okX || !okY {
		return qtiValue{}, false
	}
	return qtiNumber(new(big.Rat).Sub(x, y)), true
}

// first is the first of some values, NULL without one.
func first(args []qtiValue) qtiValue {
	if len(args) == 0 {
		return qtiValue{}
	}
	return args[0]
}

// opDivide is NULL for a division by 0.
func opDivide(_ *xmltree.Node, a []qtiValue) (qtiValue, bool) {
	if len(a) != 2 || anyNull(a) {
		return qtiValue{}, len(a) == 2
	}
	x, okX := a[0].number()
	y, okY := a[1].number()
	if !okX || !okY || y.Sign() == 0 {
		return qtiValue{}, okX && okY
	}
	v := qtiNumber(new(big.Rat).Quo(x, y))
	return v, len(v.items[0]) <= maxRat
}

// opMost is the greatest of numbers, or the least where sign is -1.
func opMost(sign int) qtiOperator {
	return func(_ *xmltree.Node, a []qtiValue) (qtiValue, bool) {
		if len(a) == 0 || anyNull(a) {
			return qtiValue{}, len(a) > 0
		}
		var most *big.Rat
		for _, v := range a {
			for _, item := range v.items {
				x, ok := qtiRat(item)
				if !ok || !isNumeric(v.base) {
					return qtiValue{}, false
				}
				if most == nil || sign*x.Cmp(most) > 0 {
					most = x
				}
			}
		}
		return qtiNumber(most), true
	}
}

// opWhole is the greatest whole number that is not above a number and a half, or whatever is added to it.
func opWhole(add *big.Rat) qtiOperator {
	return func(_ *xmltree.Node, a []qtiValue) (qtiValue, bool) {
		if len(a) != 1 || anyNull(a) {
			return qtiValue{}, len(a) == 1
		}
		x, ok := a[0].number()
		if !ok {
			return qtiValue{}, false
		}
		x = new(big.Rat).Add(x, add)
		// Div of big.Int rounds down where the denominator is positive, as that of a Rat is.
		return qtiNumber(new(big.Rat).SetInt(new(big.Int).Div(x.Num(), x.Denom()))), true
	}
}

// opTruncate cuts off what is behind the point.
func opTruncate(_ *xmltree.Node, a []qtiValue) (qtiValue, bool) {
	if len(a) != 1 || anyNull(a) {
		return qtiValue{}, len(a) == 1
	}
	x, ok := a[0].number()
	if !ok {
		return qtiValue{}, false
	}
	return qtiNumber(new(big.Rat).SetInt(new(big.Int).Quo(x.Num(), x.Denom()))), true
}

// folded joins numbers, those in containers, too.
func folded(args []qtiValue, start *big.Rat, join func(z, x, y *big.Rat) *big.Rat) (qtiValue, bool) {
	if len(args) == 0 || anyNull(args) {
		return qtiValue{}, len(args) > 0
	}
	for _, v := range args {
		for _, item := range v.items {
			x, ok := qtiRat(item)
			if !ok || !isNumeric(v.base) {
				return qtiValue{}, false
			}
			join(start, start, x)
		}
	}
	return qtiNumber(start), len(start.RatString()) <= maxRat
}

// gathered makes a container of values; NULL adds nothing.
func gathered(ordered bool) qtiOperator {
	return func(_ *xmltree.Node, a []qtiValue) (qtiValue, bool) {
		out := qtiValue{many: true, ordered: ordered}
		for _, v := range a {
			if !v.isNull() {
				out.base = v.base
				out.items = append(out.items, v.items...)
			}
			if len(out.items) > maxDeclared { // a rule may double what it has gathered, step by step
				return qtiValue{}, false
			}
		}
		return out, true
	}
}
