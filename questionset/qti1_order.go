package questionset

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"shiken/exam"
	"shiken/internal/xmltree"
)

// qti1Place is a label, and the place that a rule wants it at; -1 where it names none.
type qti1Place struct {
	at    int
	ident string
}

// readOrdering makes an order of labels: of one rule that names all of them, or of one for each place, as ILIAS
// writes it, each of which adds as much.
func (it *qti1Item) readOrdering() bool {
	part := it.parts[0]
	rules, ok := it.rulesOf(part.ident)
	for _, r := range rules {
		it.tellIfNegative(part.node, r.value)
	}
	rules = slices.DeleteFunc(slices.Clone(rules), func(r *qti1Rule) bool { return r.value <= 0 || r.other })
	it.Key.Rule = exam.Whole
	var places []qti1Place
	for _, r := range rules {
		set, sound := it.setOf(r.test, part)
		if !sound || len(set.out) > 0 {
			ok = false
			break
		}
		places = append(places, placesIn(r.test)...)
	}
	if len(rules) > 1 {
		it.Key.Rule = exam.ByExam
		ok = ok && len(places) == len(rules) && eachAdds(rules)
	}
	if !ok || !sortPlaces(places, len(rules) > 1) {
		return it.error(it.rulesNode(), codeQTI1Scoring, "text", part.ident)
	}
	if !it.judgeStops(rules, false) {
		return false
	}
	var order []string
	for _, p := range places {
		order = append(order, p.ident)
	}
	return it.orderKey(part, order) && it.setStemWithPrompt(part)
}

func eachAdds(rules []*qti1Rule) bool {
	return !slices.ContainsFunc(rules, func(r *qti1Rule) bool { return !r.adds || r.value != rules[0].value })
}

// placesIn are the labels of a test with their places, as they stand.
func placesIn(test *xmltree.Node) []qti1Place {
	var list []qti1Place
	test.Walk(func(e *xmltree.Node) bool {
		if e.Name == "varequal" {
			at, err := strconv.Atoi(strings.TrimSpace(e.Attr("index")))
			if err != nil {
				at = -1
			}
			list = append(list, qti1Place{at: at, ident: strings.TrimSpace(e.String())})
		}
		return true
	})
	return list
}

// sortPlaces puts labels in the order of their places, if they name any; it reports false for places that make no
// order.
func sortPlaces(places []qti1Place, named bool) bool {
	none := slices.IndexFunc(places, func(p qti1Place) bool { return p.at < 0 })
	switch {
	case len(places) == 0:
		return true
	case none >= 0:
		return !named && !slices.ContainsFunc(places, func(p qti1Place) bool { return p.at >= 0 })
	}
	slices.SortStableFunc(places, func(a, b qti1Place) int { return cmp.Compare(a.at, b.at) })
	for i, p := range places {
		if p.at != places[0].at+i || p.at != i && p.at != i+1 {
			return false
		}
	}
	return true
}

func (it *qti1Item) orderKey(part *qti1Response, order []string) bool {
	q := &it.Question.Question
	q.Type = exam.Ordering
	ids := map[string]string{}
	for i, l := range part.labels {
		if l.text.Source == "" {
			return it.error(l.node, codeEmptyOption, "options", l.ident)
		}
		ids[l.ident] = "p" + optionID(i)
		q.Prompts = append(q.Prompts, exam.Prompt{ID: ids[l.ident], Text: l.text})
	}
	for _, ident := range order {
		if id := ids[ident]; id != "" && !slices.Contains(it.Key.Order, id) {
			it.Key.Order = append(it.Key.Order, id)
		}
	}
	switch {
	case len(order) == 0:
		return it.error(it.rulesNode(), codeNoKey)
	case len(q.Prompts) < 2:
		return it.error(part.node, codeOneOption, "count", len(q.Prompts))
	case len(it.Key.Order) != len(q.Prompts) || len(order) != len(q.Prompts):
		return it.error(it.rulesNode(), codeQTI1Scoring, "text", strings.Join(order, ", "))
	}
	return true
}
