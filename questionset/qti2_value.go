package questionset

import (
	"math/big"
	"slices"
	"strings"

	"shiken/internal/xmltree"
)

// qtiValue is a value of QTI's expressions: what a candidate gave, what is right, what a rule works out.
// Without items it is NULL.
type qtiValue struct {
	base    string   // identifier, string, integer, float, boolean, pair, directedPair and others
	ordered bool     // of several items, their order counts
	many    bool     // a container, of any number of items
	items   []string // trimmed; a pair is "a b"
}

func (v qtiValue) isNull() bool { return len(v.items) == 0 }

func qtiBool(b bool) qtiValue {
	if b {
		return qtiValue{base: "boolean", items: []string{"true"}}
	}
	return qtiValue{base: "boolean", items: []string{"false"}}
}

func (v qtiValue) isTrue() bool {
	return v.base == "boolean" && len(v.items) == 1 && (v.items[0] == "true" || v.items[0] == "1")
}

func qtiNumber(r *big.Rat) qtiValue {
	return qtiValue{base: "float", items: []string{r.RatString()}}
}

// number is a single value as a number; false when it is none.
func (v qtiValue) number() (*big.Rat, bool) {
	if len(v.items) != 1 || !isNumeric(v.base) {
		return nil, false
	}
	return qtiRat(v.items[0])
}

func isNumeric(base string) bool { return base == "float" || base == "integer" }

// maxRat bounds the length of a written number, and of a fraction that rules work out.
const maxRat = 200

// qtiRat reads a number of a file, or a fraction that a rule worked out.
func qtiRat(s string) (*big.Rat, bool) {
	if r, ok := number(s); ok {
		return r, true
	}
	a, b, fraction := strings.Cut(s, "/")
	if !fraction || len(s) > maxRat || !digitsOnly(strings.TrimPrefix(a, "-")) || !digitsOnly(b) {
		return nil, false
	}
	return new(big.Rat).SetString(s)
}

func digitsOnly(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// sameItem compares two items of a base type.
func sameItem(base, a, b string) bool {
	if isNumeric(base) {
		x, okX := qtiRat(a)
		y, okY := qtiRat(b)
		return okX && okY && x.Cmp(y) == 0
	}
	if base == "pair" {
		return a == b || turned(a) == b
	}
	return a == b
}

// turned is a pair with its halves exchanged.
func turned(pair string) string {
	a, b, _ := strings.Cut(pair, " ")
	return b + " " + a
}

// sameValue is the operator match: the same items, in whatever order unless order counts.
func sameValue(a, b qtiValue) bool {
	if len(a.items) != len(b.items) {
		return false
	}
	base := a.base
	if isNumeric(b.base) || b.base == "pair" {
		base = b.base
	}
	if a.ordered || b.ordered {
		return slices.EqualFunc(a.items, b.items, func(x, y string) bool { return sameItem(base, x, y) })
	}
	left := slices.Clone(b.items)
	for _, x := range a.items {
		i := slices.IndexFunc(left, func(y string) bool { return sameItem(base, x, y) })
		if i < 0 {
			return false
		}
		left = slices.Delete(left, i, i+1)
	}
	return true
}

// qtiEntry is what one value of a mapping is worth.
type qtiEntry struct {
	key           string
	worth         *big.Rat
	caseSensitive bool
}

// qtiMapping is the mapping of a response declaration.
type qtiMapping struct {
	entries      []qtiEntry
	byDefault    *big.Rat
	lower, upper *big.Rat // nil: no bound
}

// qtiDeclaration declares a response or an outcome.
type qtiDeclaration struct {
	id       string
	base     string
	card     string   // single, multiple, ordered, record
	correct  qtiValue // of a response
	preset   qtiValue // the default value
	mapping  *qtiMapping
	areas    bool     // there is an area mapping
	byHuman  bool     // externalScored
	most     *big.Rat // normalMaximum above 0, nil where there is none
	badEntry string
}

// declared reads a responseDeclaration or an outcomeDeclaration.
func (it *qti2Item) declared(n *xmltree.Node) *qtiDeclaration {
	d := &qtiDeclaration{
		id: strings.TrimSpace(n.Attr("identifier")), base: n.Attr("baseType"), card: n.Attr("cardinality"),
		areas: n.Child("areaMapping") != nil, byHuman: n.Attr("externalScored") == "human",
	}
	d.correct = d.values(n.Child("correctResponse"))
	d.preset = d.values(n.Child("defaultValue"))
	if d.preset.isNull() && n.Name == "outcomeDeclaration" && isNumeric(d.base) && d.card != "multiple" && d.card != "ordered" {
		d.preset.items = []string{"0"}
	}
	if m, ok := number(n.Attr("normalMaximum")); ok && m.Sign() > 0 {
		d.most = m
	}
	if m := n.Child("mapping"); m != nil {
		d.mapping = it.mapped(d, m)
	}
	return d
}

// empty is NULL of the declared type.
func (d *qtiDeclaration) empty() qtiValue {
	return qtiValue{base: d.base, ordered: d.card == "ordered", many: d.card == "multiple" || d.card == "ordered"}
}

// of is a value of the declared type.
func (d *qtiDeclaration) of(items ...string) qtiValue {
	v := d.empty()
	v.items = items
	return v
}

func (d *qtiDeclaration) values(n *xmltree.Node) qtiValue {
	v := d.empty()
	for _, e := range n.Elements("value") {
		s := e.String()
		if d.base != "string" {
			s = strings.Join(strings.Fields(s), " ")
		}
		if s = strings.TrimSpace(s); s != "" {
			v.items = append(v.items, s)
		}
	}
	return v
}

// mapped reads a mapping.
func (it *qti2Item) mapped(d *qtiDeclaration, n *xmltree.Node) *qtiMapping {
	m := &qtiMapping{byDefault: new(big.Rat)}
	bound := func(name string, into **big.Rat) {
		s := n.Attr(name)
		if s == "" {
			return
		}
		r, ok := number(s)
		if !ok {
			d.badEntry = s
			return
		}
		*into = r
	}
	bound("defaultValue", &m.byDefault)
	bound("lowerBound", &m.lower)
	bound("upperBound", &m.upper)
	for _, e := range n.Elements("mapEntry") {
		worth, ok := number(e.Attr("mappedValue"))
		if !ok {
			d.badEntry = e.Attr("mappedValue")
			continue
		}
		if key := entryKey(d.base, e); key != "" {
			m.entries = append(m.entries, qtiEntry{key, worth, it.caseCounts(e)})
		}
	}
	return m
}

// entryKey is the value that an entry of a mapping is for.
func entryKey(base string, e *xmltree.Node) string {
	if base == "string" {
		return strings.TrimSpace(e.Attr("mapKey"))
	}
	return strings.Join(strings.Fields(e.Attr("mapKey")), " ")
}

// caseCounts reports whether an entry of a mapping tells A and a apart; where it does not say, that is the version's
// default.
func (it *qti2Item) caseCounts(e *xmltree.Node) bool {
	if s := e.Attr("caseSensitive"); s != "" {
		return s == "true" || s == "1"
	}
	return it.version < 22
}

// matches reports whether an entry is the one of an item.
func (e *qtiEntry) matches(base, item string) bool {
	if base == "string" && !e.caseSensitive {
		return strings.EqualFold(e.key, item)
	}
	return sameItem(base, e.key, item)
}

// worth is what one item earns, before the bounds.
func (m *qtiMapping) worth(base, item string) *big.Rat {
	for i := range m.entries {
		if m.entries[i].matches(base, item) {
			return m.entries[i].worth
		}
	}
	return m.byDefault
}

// of is mapResponse: NULL is worth nothing, each distinct item counts once, then come the bounds.
func (m *qtiMapping) of(v qtiValue) *big.Rat {
	sum := new(big.Rat)
	if v.isNull() {
		return sum
	}
	for i, item := range v.items {
		if !slices.ContainsFunc(v.items[:i], func(x string) bool { return sameItem(v.base, x, item) }) {
			sum.Add(sum, m.worth(v.base, item))
		}
	}
	return m.bounded(sum)
}

func (m *qtiMapping) bounded(r *big.Rat) *big.Rat {
	if m.lower != nil && r.Cmp(m.lower) < 0 {
		return m.lower
	}
	if m.upper != nil && r.Cmp(m.upper) > 0 {
		return m.upper
	}
	return r
}
