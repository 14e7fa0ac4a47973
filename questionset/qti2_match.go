package questionset

import (
	"math/big"
	"slices"
	"strconv"
	"strings"

	"shiken/exam"
	"shiken/internal/xmltree"
)

// qtiPairs is a response of pairs, seen as one option for each prompt.
type qtiPairs struct {
	response *qtiDeclaration
	prompts  []string
	options  []string
	turned   bool           // the prompts are the second halves of the pairs
	uses     map[string]int // how often an option may be used, 0: always
	most     int            // pairs that may be given, 0: any number
}

func (p *qtiPairs) pair(prompt, option string) string {
	if p.turned {
		return option + " " + prompt
	}
	return prompt + " " + option
}

// one is the answer that gives some prompts an option; "" gives none.
func (p *qtiPairs) one(given []string) qtiCase {
	c := qtiCase{}
	var items []string
	keyed, used := map[string]string{}, map[string]int{}
	for i, option := range given {
		if option == "" {
			continue
		}
		items = append(items, p.pair(p.prompts[i], option))
		keyed[p.prompts[i]] = option
		used[option]++
		c.illegal = c.illegal || p.uses[option] > 0 && used[option] > p.uses[option]
	}
	c.illegal = c.illegal || p.most > 0 && len(items) > p.most
	if len(items) > 0 {
		c.responses = map[string]qtiValue{p.response.id: p.response.of(items...)}
		c.answer = exam.KeyedAnswer(keyed)
	}
	return c
}

// tooMany: not even those answers can be listed that differ from another one in one pair.
func (p *qtiPairs) tooMany() bool { return len(p.prompts)*(len(p.options)+1) > maxCases }

// cases lists every answer, or, where the rule is simple or they are too many, those that then stand for
// all: none, each pair alone, the right ones, and these with one pair changed.
func (p *qtiPairs) cases(right []string, simple bool) (cases []qtiCase, every bool) {
	total := 1
	for range p.prompts {
		if total *= len(p.options) + 1; total > maxCases {
			break
		}
	}
	given := make([]string, len(p.prompts))
	if total <= maxCases && (!simple || total <= fewCases) {
		for n := range total {
			for i := range given {
				given[i] = ""
				if at := n % (len(p.options) + 1); at > 0 {
					given[i] = p.options[at-1]
				}
				n /= len(p.options) + 1
			}
			cases = append(cases, p.one(given))
		}
		return cases, true
	}
	cases = append(cases, p.one(given), p.one(right))
	for i := range p.prompts {
		for _, o := range append([]string{""}, p.options...) {
			clear(given)
			given[i] = o
			changed := slices.Clone(right)
			changed[i] = o
			cases = append(cases, p.one(given), p.one(changed))
		}
	}
	return cases, false
}

// fewCases are gone through even where a few would do.
const fewCases = 200

// right is the option of each prompt by the declared right pairs, else by what they earn; "" where one
// has none. It reports false when a prompt has several, or none has any.
func (p *qtiPairs) right() (right []string, ok bool) {
	pairs := p.response.correct.items
	if len(pairs) == 0 && p.response.mapping != nil {
		for _, e := range p.response.mapping.entries {
			if e.worth.Sign() > 0 {
				pairs = append(pairs, e.key)
			}
		}
	}
	right = make([]string, len(p.prompts))
	for _, pair := range pairs {
		prompt, option, _ := strings.Cut(pair, " ")
		if p.turned {
			prompt, option = option, prompt
		}
		i := slices.Index(p.prompts, prompt)
		if i < 0 || right[i] != "" || !slices.Contains(p.options, option) {
			return nil, false
		}
		right[i] = option
	}
	return right, len(pairs) > 0
}

// better reports whether one way to see the pairs is to be preferred: in which every prompt has a
// partner, and can have one only.
func (p *qtiPairs) better(o *qtiPairs, single, otherSingle bool) bool {
	a, okA := p.right()
	b, okB := o.right()
	if !okA || !okB {
		return okA
	}
	if whole := !slices.Contains(a, ""); whole == slices.Contains(b, "") {
		return whole
	}
	return single || !otherSingle
}

// matchSide is one set of choices of a match interaction.
type matchSide struct {
	nodes   []*xmltree.Node
	options []exam.Option
	max     map[string]int
}

func (it *qti2Item) matchSide(nodes []*xmltree.Node) (matchSide, bool) {
	s := matchSide{nodes: nodes, max: map[string]int{}}
	var ok bool
	s.options, ok = it.options(nodes, false)
	for _, n := range nodes {
		most, _ := strconv.Atoi(firstOf(n.Attr("matchMax"), "1"))
		s.max[strings.TrimSpace(n.Attr("identifier"))] = most
	}
	if ok && len(s.options) != len(nodes) {
		return s, it.error("simpleMatchSet", codeQTI2EmptyChoice)
	}
	return s, ok
}

func (s *matchSide) ids() []string {
	var ids []string
	for _, o := range s.options {
		ids = append(ids, o.ID)
	}
	return ids
}

// single reports whether each choice may be used once only.
func (s *matchSide) single() bool {
	for _, most := range s.max {
		if most != 1 {
			return false
		}
	}
	return true
}

// buildMatch makes a matching question of the side whose every choice has one partner.
func (it *qti2Item) buildMatch(n *xmltree.Node) bool {
	d, ok := it.response(n)
	if !ok {
		return false
	}
	sets := n.Elements("simpleMatchSet")
	if len(sets) != 2 {
		return it.error(n.Name, codeQTI2MatchSets, "count", len(sets))
	}
	first, okFirst := it.matchSide(sets[0].Elements("simpleAssociableChoice"))
	second, okSecond := it.matchSide(sets[1].Elements("simpleAssociableChoice"))
	if !okFirst || !okSecond {
		return false
	}
	it.prompt(n)
	it.Question.Question.Stem = it.stem()
	if it.noRule != "" {
		return it.unscored("")
	}
	most, _ := strconv.Atoi(firstOf(n.Attr("maxAssociations"), "1"))
	forward := &qtiPairs{response: d, prompts: first.ids(), options: second.ids(), uses: second.max, most: most}
	backward := &qtiPairs{response: d, prompts: second.ids(), options: first.ids(), uses: first.max, most: most, turned: true}
	if forward.better(backward, first.single(), second.single()) {
		return it.matches(n, forward, &first, &second)
	}
	if _, ok := backward.right(); ok {
		return it.matches(n, backward, &second, &first)
	}
	return it.needsMarker(n.Name, codeQTI2ManyToMany)
}

// matches makes the matching question, prompts on the one side, options on the other.
func (it *qti2Item) matches(n *xmltree.Node, p *qtiPairs, prompts, options *matchSide) bool {
	q := &it.Question.Question
	q.Type, q.Options = exam.Matching, options.options
	keepPlaces(n, q.Options)
	for _, o := range prompts.options {
		q.Prompts = append(q.Prompts, exam.Prompt{ID: o.ID, Text: o.Text})
	}
	switch {
	case len(q.Options) < 2 || len(q.Prompts) < 1:
		return it.error(n.Name, codeOneOption, "count", len(q.Options))
	case len(q.Prompts) < 2:
		return it.needsMarker(n.Name, codeQTI2ManyToMany)
	case !prompts.single():
		it.note(n.Name, codeQTI2OneEach)
	}
	return it.pairUp(n, p)
}

// pairUp finds the key of a question of pairs.
func (it *qti2Item) pairUp(n *xmltree.Node, p *qtiPairs) bool {
	right, _ := p.right()
	if p.tooMany() {
		return it.needsMarker(n.Name, codeQTI2TooMany, "count", len(p.prompts))
	}
	simple := it.simplePairs(p)
	cases, every := p.cases(right, simple)
	if !every && !simple {
		return it.needsMarker(n.Name, codeQTI2TooMany, "count", len(p.prompts))
	}
	return it.settle(cases, func(best *big.Rat) []exam.Key { return pairKeys(p, right, cases, best) }) && it.tellReuse(n)
}

// tellReuse tells where answers are possible here that the item would not let be given, and that may pay.
// It reports true.
func (it *qti2Item) tellReuse(n *xmltree.Node) bool {
	if it.Key.Rule != exam.Whole && it.Question.Question.Type != exam.Essay &&
		slices.ContainsFunc(it.cases, func(c qtiCase) bool { return c.illegal }) {
		it.note(n.Name, codeQTI2Reuse)
	}
	return true
}

// simplePairs reports whether a few answers stand for all: the rule knows only the right answer and any
// other, or it adds what the pairs are worth.
func (it *qti2Item) simplePairs(p *qtiPairs) bool {
	use, _ := it.program.use(p.response.id)
	if !use.other && !use.mapped {
		return true
	}
	linear := it.linear(p.response)
	m := p.response.mapping
	return linear && (m.lower == nil || m.lower.Sign() <= 0) && m.upper == nil
}

// pairKeys are the keys that may say what the rule says: every prompt counts the same, or only all right
// pairs together count, or each pair has a weight.
func pairKeys(p *qtiPairs, right []string, cases []qtiCase, best *big.Rat) []exam.Key {
	pairs, weights := map[string]string{}, map[string]map[string]int{}
	for i, id := range p.prompts {
		if right[i] != "" {
			pairs[id] = right[i]
		}
		weights[id] = map[string]int{}
		for _, o := range p.options {
			if w := credit(pairWorth(p, cases, id, o), best); w != 0 {
				weights[id][o] = w
			}
		}
	}
	return []exam.Key{{Pairs: pairs}, {Pairs: pairs, Rule: exam.Whole}, {Pairs: pairs, Rule: exam.Sum, PairWeights: weights}}
}

// pairWorth is what a pair earns: by the mapping, else alone.
func pairWorth(p *qtiPairs, cases []qtiCase, prompt, option string) *big.Rat {
	if m := p.response.mapping; m != nil {
		return m.worth(p.response.base, p.pair(prompt, option))
	}
	for i := range cases {
		if k := cases[i].answer.Keyed; len(k) == 1 && k[prompt] == option {
			return cases[i].score
		}
	}
	return new(big.Rat)
}

// buildAssociate: pairs of one set have no sides; which is whose partner would be given away by making
// one half prompts.
func (it *qti2Item) buildAssociate(n *xmltree.Node) bool {
	if _, ok := it.response(n); !ok {
		return false
	}
	return it.needsMarker(n.Name, codeQTI2Associate)
}
