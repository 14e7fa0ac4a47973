package questionset

import (
	"math/big"
	"math/bits"
	"slices"
	"strconv"
	"strings"

	"shiken/exam"
	"shiken/internal/xmltree"
)

// response finds the declaration of an interaction's response; it refuses the item without one.
func (it *qti2Item) response(n *xmltree.Node) (*qtiDeclaration, bool) {
	id := strings.TrimSpace(n.Attr("responseIdentifier"))
	d := it.program.responses[id]
	if d == nil {
		it.error(n.Name, codeQTI2Response, "name", id)
		return nil, false
	}
	return d, true
}

// options makes options of choices. Those without a text are left out; their IDs are the choices'
// identifiers, which rules refer to.
func (it *qti2Item) options(choices []*xmltree.Node, plain bool) ([]exam.Option, bool) {
	if len(choices) > MaxAnswers {
		return nil, it.error("", codeTooManyAnswers, "count", len(choices), "limit", MaxAnswers)
	}
	var list []exam.Option
	seen := map[string]bool{}
	for _, c := range choices {
		id := strings.TrimSpace(c.Attr("identifier"))
		if id == "" || seen[id] || len(id) > MaxName {
			return nil, it.error(c.Name, codeQTI2Identifier, "name", id)
		}
		seen[id] = true
		o := exam.Option{ID: id, Fixed: c.Attr("fixed") == "true" && !it.marked(c, qtiKeptClass)}
		if plain {
			o.Text.Source = strings.Join(strings.Fields(it.plainOf(c)), " ")
		} else {
			o.Text = it.textOf(id, c)
		}
		if o.Text.Source == "" {
			it.warning(id, codeEmptyOption, "options", id)
			continue
		}
		list = append(list, o)
	}
	return list, true
}

// plainOf is the text of a choice without its feedback.
func (it *qti2Item) plainOf(n *xmltree.Node) string {
	var b strings.Builder
	n.Walk(func(e *xmltree.Node) bool {
		b.WriteString(e.Text)
		return !it.isFeedback(e)
	})
	return b.String()
}

// keepPlaces fixes every option where the interaction does not shuffle them.
func keepPlaces(n *xmltree.Node, options []exam.Option) {
	if n.Attr("shuffle") != "true" {
		fix(options)
	}
}

func (it *qti2Item) buildChoice(n *xmltree.Node) bool {
	it.prompt(n)
	options, ok := it.options(n.Elements("simpleChoice"), false)
	if !ok {
		return false
	}
	if !it.marked(n, qtiTruthClass) {
		keepPlaces(n, options)
	}
	return it.chooses(n, options)
}

// marked tells an element that bears a class of ours in an item that was written here.
func (it *qti2Item) marked(n *xmltree.Node, class string) bool {
	return it.ours && slices.Contains(strings.Fields(n.Attr("class")), class)
}

// buildHottext makes the marked words of a passage options in their order. In the passage they are
// numbered.
func (it *qti2Item) buildHottext(n *xmltree.Node) bool {
	options, ok := it.options(n.Find("hottext"), false)
	if !ok {
		return false
	}
	it.markHottext(n)
	it.inline[n] = it.promptOf(n) + it.contentOf(n)
	for i := range options {
		options[i].Text.Source = "(" + strconv.Itoa(i+1) + ") " + options[i].Text.Source
	}
	fix(options)
	it.note(n.Name, codeQTI2Hottext)
	return it.chooses(n, options)
}

func (it *qti2Item) markHottext(n *xmltree.Node) {
	number := 0
	for _, h := range n.Find("hottext") {
		if text := it.htmlOf(h); text != "" {
			number++
			it.inline[h] = "<strong>(" + strconv.Itoa(number) + ") " + text + "</strong>"
		}
	}
}

// chooses makes a choice question. The response's cardinality says whether several may be chosen.
func (it *qti2Item) chooses(n *xmltree.Node, options []exam.Option) bool {
	d, ok := it.response(n)
	if !ok {
		return false
	}
	q := &it.Question.Question
	q.Type, q.Options, q.Stem = exam.SingleChoice, options, it.stem()
	multiple := d.card == "multiple"
	switch {
	case len(options) < 2:
		return it.error(n.Name, codeOneOption, "count", len(options))
	case !multiple && d.card != "single":
		return it.needsMarker(n.Name, codeQTI2Cardinality, "name", d.card, "want", "single, multiple")
	case multiple:
		q.Type = exam.MultipleChoice
	case it.marked(n, qtiTruthClass), !it.ours && isTruthPair(plainOptions(options)):
		q.Type = exam.TrueFalse
	}
	if n.Name == "choiceInteraction" {
		checkOptions(it.report, it.place, q.Options)
	}
	if multiple {
		return it.chooseMany(n, d)
	}
	return it.chooseOne(d)
}

func plainOptions(options []exam.Option) []exam.Option {
	list := slices.Clone(options)
	for i := range list {
		list[i].Text.Source = anyTag.ReplaceAllString(list[i].Text.Source, "")
	}
	return list
}

func (it *qti2Item) chooseOne(d *qtiDeclaration) bool {
	options := it.Question.Question.Options
	cases := []qtiCase{{}}
	for _, o := range options {
		cases = append(cases, qtiCase{responses: map[string]qtiValue{d.id: d.of(o.ID)}, answer: exam.OneChoice(o.ID)})
	}
	return it.settle(cases, func(best *big.Rat) []exam.Key {
		key := exam.Key{Options: map[string]int{}}
		for i, o := range options {
			if w := credit(cases[i+1].score, best); w != 0 {
				key.Options[o.ID] = w
			}
		}
		return []exam.Key{key}
	})
}

// Bounds of the options of a question whose every set of answers is gone through: at most, and where a
// few would do.
const (
	mostSubsets = 11
	fewSubsets  = 6
)

func (it *qti2Item) chooseMany(n *xmltree.Node, d *qtiDeclaration) bool {
	options := it.Question.Question.Options
	if it.noRule != "" {
		return it.unscored("")
	}
	most, _ := strconv.Atoi(firstOf(n.Attr("maxChoices"), "1"))
	if most <= 0 {
		most = len(options)
	}
	limit := max(most, len(d.correct.items))
	if limit > most {
		it.warning(n.Name, codeQTI2MaxRight, "count", most, "right", limit)
	}
	simple := it.decidable(d, limit)
	cases, every := it.choiceCases(d, options, limit, simple)
	if !every && !simple {
		return it.needsMarker(n.Name, codeQTI2TooMany, "count", len(options))
	}
	if !it.settle(cases, func(best *big.Rat) []exam.Key { return it.manyKeys(d, options, cases, best) }) {
		return false
	}
	switch {
	case it.Key.Rule != exam.Sum:
	case rewardsMore(options, it.Key.Options, limit):
		return it.needsMarker(n.Name, codeQTI2OverChoosing, "count", most)
	case limit < len(options):
		it.note(n.Name, codeQTI2MaxChoices, "count", most)
	}
	return true
}

// decidable reports whether the rule looks at a response so simply that a few answers stand for all, the
// best one among them.
func (it *qti2Item) decidable(d *qtiDeclaration, limit int) bool {
	use, _ := it.program.use(d.id)
	if !use.other && !use.mapped {
		return true
	}
	linear := it.linear(d)
	if !linear {
		return false
	}
	positive := 0
	for _, o := range it.Question.Question.Options {
		if d.mapping.worth(d.base, o.ID).Sign() > 0 {
			positive++
		}
	}
	return positive <= limit
}

// choiceCases lists the sets that may be chosen: every one, else those that stand for all where the rule
// is simple.
func (it *qti2Item) choiceCases(d *qtiDeclaration, options []exam.Option, limit int, simple bool) (cases []qtiCase, every bool) {
	add := func(ids []string) {
		c := qtiCase{illegal: len(ids) > limit}
		if len(ids) > 0 {
			c.responses, c.answer = map[string]qtiValue{d.id: d.of(ids...)}, exam.ManyChoices(ids...)
		}
		cases = append(cases, c)
	}
	if len(options) <= fewSubsets || len(options) <= mostSubsets && !simple {
		for set := range 1 << len(options) {
			add(chosenIDs(options, func(i int) bool { return set>>i&1 == 1 }))
		}
		return cases, true
	}
	right := func(i int) bool { return slices.Contains(d.correct.items, options[i].ID) }
	worth := func(i int) bool {
		return d.mapping != nil && d.mapping.worth(d.base, options[i].ID).Sign() > 0
	}
	add(nil)
	add(chosenIDs(options, right))
	add(chosenIDs(options, worth))
	add(chosenIDs(options, func(int) bool { return true }))
	for j := range options {
		add([]string{options[j].ID})
		add(chosenIDs(options, func(i int) bool { return right(i) != (i == j) }))
	}
	return cases, false
}

func chosenIDs(options []exam.Option, in func(int) bool) []string {
	var ids []string
	for i := range options {
		if in(i) {
			ids = append(ids, options[i].ID)
		}
	}
	return ids
}

// manyKeys are the keys that may say what the rule says: exactly one set is right; or every option has a
// weight: that of its mapping, what it earns alone, or what it adds to the right ones.
func (it *qti2Item) manyKeys(d *qtiDeclaration, options []exam.Option, cases []qtiCase, best *big.Rat) []exam.Key {
	var keys []exam.Key
	top := -1
	for i := range cases {
		if !cases[i].illegal && cases[i].score.Cmp(best) >= 0 && (top < 0 || len(cases[i].answer.Choices) < len(cases[top].answer.Choices)) {
			top = i
		}
	}
	whole := exam.Key{Options: map[string]int{}, Rule: exam.Whole}
	for _, id := range cases[top].answer.Choices {
		whole.Options[id] = exam.FullCredit
	}
	keys = append(keys, whole)
	if d.mapping != nil {
		mapped := func(id string) *big.Rat { return d.mapping.worth(d.base, id) }
		keys = append(keys, weightedKey(options, mapped, best))
	}
	score := func(set []string) *big.Rat {
		for i := range cases {
			if sameSet(cases[i].answer.Choices, set) {
				return cases[i].score
			}
		}
		return new(big.Rat)
	}
	right := cases[top].answer.Choices
	alone := func(id string) *big.Rat { return score([]string{id}) }
	added := func(id string) *big.Rat {
		if slices.Contains(right, id) {
			return alone(id)
		}
		return new(big.Rat).Sub(score(append(slices.Clone(right), id)), best)
	}
	return append(keys, weightedKey(options, alone, best), weightedKey(options, added, best))
}

func sameSet(a, b []string) bool {
	return len(a) == len(b) && !slices.ContainsFunc(a, func(x string) bool { return !slices.Contains(b, x) })
}

// weightedKey gives each option its weight.
func weightedKey(options []exam.Option, worth func(id string) *big.Rat, best *big.Rat) exam.Key {
	key := exam.Key{Options: map[string]int{}, Weighted: true, Rule: exam.Sum}
	for _, o := range options {
		if w := credit(worth(o.ID), best); w != 0 {
			key.Options[o.ID] = w
		}
	}
	return key
}

// rewardsMore reports whether choosing more than the limit can pay: whether some set above it earns more
// than the sets with one option less do on average.
func rewardsMore(options []exam.Option, weights map[string]int, limit int) bool {
	if limit >= len(options) {
		return false
	}
	if len(options) > mostSubsets {
		return slices.ContainsFunc(options, func(o exam.Option) bool { return weights[o.ID] >= 0 })
	}
	worth := make([]int, 1<<len(options))
	for set := range worth {
		for i, o := range options {
			worth[set] += weights[o.ID] * (set >> i & 1)
		}
		worth[set] = min(max(worth[set], 0), exam.FullCredit)
	}
	for set := range worth {
		n, less := bits.OnesCount(uint(set)), 0
		for i := range options {
			if set>>i&1 == 1 {
				less += worth[set&^(1<<i)]
			}
		}
		if n > limit && n*worth[set] > less {
			return true
		}
	}
	return false
}
