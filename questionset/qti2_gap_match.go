package questionset

import (
	"math/big"
	"strconv"
	"strings"

	"shiken/exam"
	"shiken/internal/xmltree"
)

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
