package questionset

import (
	"html"
	"math/big"
	"slices"
	"strconv"
	"strings"

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
		return it.needsMarker(n.Name, codeQTI2Cardinality, "name", d.card)
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

// buildGapMatch makes a gap question of a passage with words to put into it; where a wrong word costs
// something, or the words are pictures, a matching question of numbered gaps.
func (it *qti2Item) buildGapMatch(n *xmltree.Node) bool {
	d, ok := it.response(n)
	if !ok {
		return false
	}
	gaps := it.markGaps(n)
	words := n.Elements("gapText", "gapImg")
	p := &qtiPairs{response: d, prompts: gaps, turned: true, uses: map[string]int{}}
	pictures := len(n.Elements("gapImg")) > 0
	options, ok := it.options(words, !pictures)
	if !ok {
		return false
	}
	keepPlaces(n, options)
	for _, o := range options {
		p.options = append(p.options, o.ID)
	}
	for _, w := range words {
		p.uses[strings.TrimSpace(w.Attr("identifier"))], _ = strconv.Atoi(firstOf(w.Attr("matchMax"), "1"))
	}
	it.inline[n] = it.promptOf(n) + it.contentOf(n)
	it.Question.Question.Stem = it.stem()
	switch {
	case len(options) < 2 || len(gaps) == 0:
		return it.error(n.Name, codeOneOption, "count", len(options))
	case len(gaps) > MaxAnswers:
		return it.error(n.Name, codeTooManyAnswers, "count", len(gaps), "limit", MaxAnswers)
	case it.noRule != "":
		return it.unscored("")
	}
	return it.fillsGaps(n, p, options, pictures)
}

// fillsGaps makes the question of a gap match: of gaps where that says what the rule says, else of pairs.
func (it *qti2Item) fillsGaps(n *xmltree.Node, p *qtiPairs, options []exam.Option, pictures bool) bool {
	right, ok := p.right()
	if !ok {
		return it.needsMarker(n.Name, codeQTI2ManyToMany)
	}
	if p.tooMany() {
		return it.needsMarker(n.Name, codeQTI2TooMany, "count", len(p.prompts))
	}
	simple := it.simplePairs(p)
	cases, every := p.cases(right, simple)
	if !every && !simple {
		return it.needsMarker(n.Name, codeQTI2TooMany, "count", len(p.prompts))
	}
	best, trouble := it.scoreCases(cases)
	q := &it.Question.Question
	q.Type = exam.Gaps
	for i, id := range p.prompts {
		q.Prompts = append(q.Prompts, exam.Prompt{ID: id, Text: exam.Text{Source: gapName(i + 1)}, Options: options})
	}
	if trouble == "" && best.Sign() > 0 && !pictures && it.take(cases, best, wordKeys(p, cases, best)) {
		return it.tellReuse(n)
	}
	q.Type, q.Options = exam.Matching, options
	for i := range q.Prompts {
		q.Prompts[i].Options = nil
	}
	if len(q.Prompts) < 2 {
		return it.needsMarker(n.Name, codeQTI2ManyToMany)
	}
	return it.settle(cases, func(best *big.Rat) []exam.Key { return pairKeys(p, right, cases, best) }) && it.tellReuse(n)
}

// wordKeys are the keys of gaps that are filled with words: each gap earns its part, a wrong word may
// take away; or only all together earn anything.
func wordKeys(p *qtiPairs, cases []qtiCase, best *big.Rat) []exam.Key {
	right, _ := p.right()
	var responses []*qtiDeclaration
	var most []*big.Rat
	parts, sum := exam.Key{Gaps: map[string][]exam.TextKey{}}, exam.Key{Gaps: map[string][]exam.TextKey{}, Rule: exam.Sum}
	whole := exam.Key{Gaps: map[string][]exam.TextKey{}, Rule: exam.Whole}
	for i, id := range p.prompts {
		top := new(big.Rat)
		for _, o := range p.options {
			if w := pairWorth(p, cases, id, o); w.Cmp(top) > 0 {
				top = w
			}
		}
		if top.Sign() == 0 && right[i] == "" {
			return nil
		}
		for _, o := range p.options {
			w := pairWorth(p, cases, id, o)
			if top.Sign() == 0 || w.Sign() == 0 {
				continue
			}
			k := exam.TextKey{Pattern: o, Weight: credit(w, top)}
			if sum.Gaps[id] = append(sum.Gaps[id], k); k.Weight > 0 {
				parts.Gaps[id] = append(parts.Gaps[id], k)
			}
		}
		whole.Gaps[id] = []exam.TextKey{{Pattern: right[i], Weight: exam.FullCredit}}
		responses, most = append(responses, &qtiDeclaration{id: id}), append(most, top)
	}
	parts.Weights = shares(responses, most)
	sum.Weights = parts.Weights
	return []exam.Key{parts, whole, sum}
}

// markGaps numbers the gaps of a passage, and returns their identifiers.
func (it *qti2Item) markGaps(n *xmltree.Node) []string {
	var ids []string
	for _, g := range n.Find("gap") {
		ids = append(ids, strings.TrimSpace(g.Attr("identifier")))
		it.inline[g] = gapText(len(ids))
	}
	return ids
}

// buildSlider makes a number to be typed of a slider; the stem says from where to where.
func (it *qti2Item) buildSlider(n *xmltree.Node) bool {
	d, ok := it.response(n)
	if !ok {
		return false
	}
	it.inline[n] = it.promptOf(n) + sliderRange(n)
	it.Question.Question.Stem = it.stem()
	switch {
	case it.noRule != "":
		return it.unscored("")
	case d.card != "single" || !isNumeric(d.base):
		return it.needsMarker(n.Name, codeQTI2Cardinality, "name", d.card)
	}
	it.note(n.Name, codeQTI2Slider)
	return it.entersNumber(n, d)
}

func sliderRange(n *xmltree.Node) string {
	return "<p>" + html.EscapeString(n.Attr("lowerBound")+" – "+n.Attr("upperBound")) + "</p>"
}
