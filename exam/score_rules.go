package exam

import (
	"math/bits"
	"strconv"
)

// Credit is counted in units in which every weight and every fraction of a denominator up to
// maxDenominator is a whole number: perWeight is the least common multiple of 10,000 and 1..20, by 10,000.
const (
	maxDenominator = 20
	perWeight      = 2_909_907
	whole          = FullCredit * perWeight
)

// fraction is the exact part of full credit that an answer earns, num ÷ den in 0..1: thirds are
// rounded once, in the item's points, and not before.
type fraction struct{ num, den int64 }

// of is points × fraction, halves rounded up.
func (f fraction) of(points int) int {
	high, low := bits.Mul64(2*uint64(max(points, 0)), uint64(f.num))
	low, carry := bits.Add64(low, uint64(f.den), 0)
	quotient, _ := bits.Div64(high+carry, low, 2*uint64(f.den))
	return int(quotient)
}

// earned clamps a credit to 0..1.
func earned(credit int64) fraction { return fraction{min(max(credit, 0), whole), whole} }

func allOrNothing(right bool) fraction {
	if right {
		return fraction{1, 1}
	}
	return fraction{0, 1}
}

// credit is what a weight stands for. Weights are rounded to 1/10,000: one that is less than that
// away from n/d, d up to maxDenominator, stands for it, such as 3333 for 1/3. On papers drawn before
// that was so a weight is taken as it is, so that they are marked as ever.
func (it *Item) credit(weight int) int64 {
	if weight < 0 {
		return -it.credit(-weight)
	}
	for d := 2; it.Exact && d <= maxDenominator; d++ {
		n := (weight*d + FullCredit/2) / FullCredit
		if off := weight*d - n*FullCredit; -d < off && off < d {
			return int64(n) * (whole / int64(d))
		}
	}
	return int64(weight) * perWeight
}

func (g Grader) fraction(it *Item, k *Key, a Answer) fraction {
	weight := 0
	switch it.Type {
	case MultipleChoice:
		return multipleFraction(it, k, a)
	case Matching, Ordering, Gaps:
		return g.keyedFraction(it, k, a)
	case SingleChoice, TrueFalse:
		weight = k.Options[it.Option(a.Text)]
	case ShortText:
		weight = g.textWeight(k.Texts, a.Text)
	case Numeric:
		weight, _ = numberWeight(k.Numbers, a.Text)
	}
	if k.Rule == Whole {
		return allOrNothing(weight >= FullCredit)
	}
	return earned(it.credit(weight))
}

// rule is how a multiple-choice item is scored: a rule of the source counts over the exam's word, and
// that over weights. ByExam stands for partial credit.
func (it *Item) rule(k *Key) ScoringRule {
	switch {
	case k.Rule != ByExam:
		return k.Rule
	case it.Multiple == Partial:
		return ByExam
	case it.Multiple == BySource && k.Weighted:
		return Sum
	}
	return Whole
}

// ByWeight reports whether each option of a choice item earns its own weight of the key.
func (it *Item) ByWeight(k *Key) bool {
	if it.Type != MultipleChoice {
		return k.Rule != Whole
	}
	rule := it.rule(k)
	return rule == Sum || rule == ByExam && k.Weighted
}

// multipleFraction: Whole wants exactly the options of positive weight. Sum adds the weights of what
// was chosen (Moodle, QTI map_response). Partial credit does so too when the key has weights of its
// own, but gives full credit for exactly the right options; else it is
// (right chosen − wrong chosen) ÷ right. All are clamped to 0..1.
func multipleFraction(it *Item, k *Key, a Answer) fraction {
	chosen := map[string]bool{}
	for _, v := range a.Choices {
		chosen[it.Option(v)] = true
	}
	var right, rightChosen, wrongChosen, sum int64
	for _, c := range it.Choices {
		weight := k.Options[c.Option]
		switch {
		case weight > 0 && chosen[c.Option]:
			right++
			rightChosen++
		case weight > 0:
			right++
		case chosen[c.Option]:
			wrongChosen++
		}
		if chosen[c.Option] {
			sum += it.credit(weight)
		}
	}
	exactly := right > 0 && rightChosen == right && wrongChosen == 0
	switch rule := it.rule(k); {
	case rule == Sum:
		return earned(sum)
	case rule == Whole || right == 0 || exactly:
		return allOrNothing(exactly)
	case k.Weighted:
		return earned(sum)
	}
	return fraction{max(rightChosen-wrongChosen, 0), right}
}

// keyedFraction is the mean of the prompts that have a key, by their weights (Moodle's rule for
// matching and Cloze). With Whole every one has to be right, and a choice without key left open.
// With Sum a gap may take away what another gave; matching then adds the weights of its pairs.
func (g Grader) keyedFraction(it *Item, k *Key, a Answer) fraction {
	if k.Rule == Sum && it.Type == Matching && k.PairWeights != nil {
		return pairSum(it, k, a)
	}
	if k.Rule == Next && it.Type == Ordering {
		return successions(it, k, a)
	}
	var sum, total int64
	right := true
	for i := range it.Prompts {
		p := &it.Prompts[i]
		weight, keyed := g.promptWeight(it, p, k, a.Keyed[p.Key])
		if !keyed {
			right = right && (len(p.Values) == 0 || a.Keyed[p.Key] == "" || it.Type == Ordering)
			continue
		}
		if k.Rule != Sum {
			weight = max(weight, 0)
		}
		right = right && weight >= FullCredit
		share := k.share(p.Prompt)
		sum += share * it.credit(min(weight, FullCredit))
		total += share * whole
	}
	switch {
	case total == 0:
		return allOrNothing(false)
	case k.Rule == Whole:
		return allOrNothing(right)
	}
	return fraction{max(sum, 0), total}
}

// maxShare bounds Key.Weights.
const maxShare = 1_000

// share is how much a prompt counts beside the others.
func (k *Key) share(prompt string) int64 { return int64(min(max(k.Weights[prompt], 1), maxShare)) }

// pairSum adds what the pairs earn (QTI map_response over directed pairs).
func pairSum(it *Item, k *Key, a Answer) fraction {
	var sum int64
	for i := range it.Prompts {
		p := &it.Prompts[i]
		sum += it.credit(k.PairWeights[p.Prompt][p.option(a.Keyed[p.Key])])
	}
	return earned(sum)
}

// successions counts the items that their right successor follows directly; the last one has none.
func successions(it *Item, k *Key, a Answer) fraction {
	places := map[string]int{} // by prompt, absent when none was given
	for i := range it.Prompts {
		p := &it.Prompts[i]
		if place, err := strconv.Atoi(p.option(a.Keyed[p.Key])); err == nil {
			places[p.Prompt] = place
		}
	}
	var right int64
	for i := 1; i < len(k.Order); i++ {
		before, given := places[k.Order[i-1]]
		if given && places[k.Order[i]] == before+1 {
			right++
		}
	}
	return fraction{right, max(int64(len(k.Order))-1, 1)}
}

// promptWeight is what a value given to a prompt earns, and whether the prompt has a key at all.
func (g Grader) promptWeight(it *Item, p *PaperPrompt, k *Key, given string) (weight int, keyed bool) {
	option := p.option(given)
	switch it.Type {
	case Matching:
		want, ok := k.Pairs[p.Prompt]
		return full(given != "" && option == want), ok
	case Ordering:
		for place, id := range k.Order {
			if id == p.Prompt {
				return full(option == placeName(place+1)), true
			}
		}
		return 0, false
	}
	return g.gapWeight(p, k, given)
}

// gapWeight looks for a number among the ranges first, and then for a text among the texts.
func (g Grader) gapWeight(p *PaperPrompt, k *Key, given string) (weight int, keyed bool) {
	texts, isText := k.Gaps[p.Prompt]
	numbers, isNumber := k.GapNumbers[p.Prompt]
	keyed = isText || isNumber
	switch {
	case given == "":
		return 0, keyed
	case len(p.Values) > 0:
		return optionWeight(texts, p.option(given)), keyed
	}
	if weight, ok := numberWeight(numbers, given); ok {
		return weight, keyed
	}
	return g.textWeight(texts, given), keyed
}

// optionWeight is the weight of an option of a choice gap.
func optionWeight(keys []TextKey, option string) int {
	for _, t := range keys {
		if t.Pattern == option {
			return t.Weight
		}
	}
	return 0
}

func full(ok bool) int {
	if ok {
		return FullCredit
	}
	return 0
}
