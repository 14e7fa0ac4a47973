package questionset

import (
	"math/big"
	"slices"
	"strconv"

	"shiken/exam"
	"shiken/internal/xmltree"
)

// orderPlace names the place at a 0-based index in answers to an ordering question.
func orderPlace(i int) string { return strconv.Itoa(i + 1) }

// mostPermuted bounds the items to order whose every order is gone through.
const mostPermuted = 6

func (it *qti2Item) buildOrder(n *xmltree.Node) bool {
	d, ok := it.response(n)
	if !ok {
		return false
	}
	options, ok := it.options(n.Elements("simpleChoice"), false)
	if !ok {
		return false
	}
	it.prompt(n)
	q := &it.Question.Question
	q.Type, q.Stem = exam.Ordering, it.stem()
	var ids []string
	for _, o := range options {
		q.Prompts = append(q.Prompts, exam.Prompt{ID: o.ID, Text: o.Text})
		ids = append(ids, o.ID)
	}
	part := n.Attr("maxChoices") != "" && n.Attr("maxChoices") != "0" && n.Attr("maxChoices") != strconv.Itoa(len(ids)) ||
		n.Attr("minChoices") != "" && n.Attr("minChoices") != "0" && n.Attr("minChoices") != strconv.Itoa(len(ids))
	switch {
	case len(ids) < 2:
		return it.error(n.Name, codeOneOption, "count", len(ids))
	case it.noRule != "":
		return it.unscored("")
	case part || len(d.correct.items) != len(ids) || !sameSet(d.correct.items, ids):
		return it.needsMarker(n.Name, codeQTI2OrderPart)
	case d.card != "ordered":
		return it.needsMarker(n.Name, codeQTI2Cardinality, "name", d.card, "want", "ordered")
	}
	cases := it.orderCases(d, ids)
	if cases == nil {
		return it.needsMarker(n.Name, codeQTI2TooMany, "count", len(ids))
	}
	return it.settle(cases, func(*big.Rat) []exam.Key {
		places, whole := exam.Key{Order: d.correct.items}, exam.Key{Order: d.correct.items, Rule: exam.Whole}
		if use, _ := it.program.use(d.id); !use.other && !use.mapped {
			return []exam.Key{whole, places} // of two items both say the same of every order, but not of a half
		}
		return []exam.Key{places, whole, {Order: d.correct.items, Rule: exam.Next}}
	})
}

// orderCases lists every order of a few items. Of more it lists the right one and those with two items
// exchanged, where the rule only knows the right one and any other; else nil.
func (it *qti2Item) orderCases(d *qtiDeclaration, ids []string) []qtiCase {
	cases := []qtiCase{{}}
	add := func(order []string) {
		keyed := map[string]string{}
		for i, id := range order {
			keyed[id] = orderPlace(i)
		}
		cases = append(cases, qtiCase{answer: exam.KeyedAnswer(keyed),
			responses: map[string]qtiValue{d.id: d.of(slices.Clone(order)...)}})
	}
	use, _ := it.program.use(d.id)
	simple := !use.other && !use.mapped
	if len(ids) <= mostPermuted && !(simple && len(ids) > 4) {
		permute(slices.Clone(d.correct.items), 0, add)
		return cases
	}
	if !simple {
		return nil
	}
	add(d.correct.items)
	for i := 1; i < len(ids); i++ {
		other := slices.Clone(d.correct.items)
		other[0], other[i] = other[i], other[0]
		add(other)
	}
	return cases
}

// permute visits every order of what stands from a place on.
func permute(list []string, from int, visit func([]string)) {
	if from == len(list) {
		visit(list)
		return
	}
	for i := from; i < len(list); i++ {
		list[from], list[i] = list[i], list[from]
		permute(list, from+1, visit)
		list[from], list[i] = list[i], list[from]
	}
}
