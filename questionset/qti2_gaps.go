package questionset

import (
	"math/big"
	"slices"
	"strconv"
	"strings"

	"shiken/exam"
	"shiken/internal/xmltree"
)

// qtiCell is a kind of answer to one response: answers of a kind are all the same to the rule.
type qtiCell struct {
	value  qtiValue
	answer string // what stands for it in an answer of ours; "" is unanswered
	text   string // of a text: the one that is meant, in its own case
	low    *big.Rat
	high   *big.Rat // of a number: equal for a single one, else what lies strictly between; nil: no bound
	rest   bool     // any other text
}

// gapName is how the n-th gap is called.
func gapName(n int) string { return "(" + strconv.Itoa(n) + ")" }

var (
	starred   = strings.NewReplacer("*", `\*`)
	unstarred = strings.NewReplacer(`\*`, "*")
)

// buildInline makes a gap question of the only list in a text.
func (it *qti2Item) buildInline(n *xmltree.Node) bool { return it.buildGaps([]*xmltree.Node{n}) }

// buildGaps makes a gap question of texts and lists within the body.
func (it *qti2Item) buildGaps(list []*xmltree.Node) bool {
	q := &it.Question.Question
	q.Type = exam.Gaps
	var responses []*qtiDeclaration
	for i, n := range list {
		d, ok := it.response(n)
		if !ok {
			return false
		}
		if slices.Contains(responses, d) {
			return it.error(n.Name, codeQTI2SharedResponse, "name", d.id)
		}
		responses = append(responses, d)
		prompt := exam.Prompt{ID: d.id, Text: exam.Text{Source: gapName(i + 1)}, Number: isNumeric(d.base)}
		if n.Name == "inlineChoiceInteraction" {
			if prompt.Options, ok = it.options(n.Elements("inlineChoice"), true); !ok {
				return false
			}
			if len(prompt.Options) < 2 {
				return it.error(d.id, codeOneOption, "count", len(prompt.Options))
			}
			keepPlaces(n, prompt.Options)
		}
		it.tellMask(n)
		it.inline[n] = gapText(i + 1)
		q.Prompts = append(q.Prompts, prompt)
	}
	q.Stem = it.stem()
	return it.scoreGaps(list, responses)
}

// gapCells are the kinds of answers to each gap.
func (it *qti2Item) gapCells(list []*xmltree.Node, responses []*qtiDeclaration) (cells [][]qtiCell, code Code, arg string) {
	for i, d := range responses {
		prompt := &it.Question.Question.Prompts[i]
		base := list[i].Attr("base")
		switch {
		case d.card != "single":
			return nil, codeQTI2Cardinality, d.card
		case len(prompt.Options) > 0:
			of := []qtiCell{{value: d.empty()}}
			for _, o := range prompt.Options {
				of = append(of, qtiCell{value: d.of(o.ID), answer: o.ID})
			}
			cells = append(cells, of)
		case isNumeric(d.base) && base != "" && base != "10":
			return nil, codeQTI2NumberBase, base
		case isNumeric(d.base):
			of, ok := it.numberCells(d)
			if !ok {
				return nil, codeQTI2Rule, ""
			}
			cells = append(cells, of)
		case d.base == "string":
			of, ok := it.textCells(d)
			if !ok {
				return nil, codeQTI2TooMany, strconv.Itoa(len(d.named()))
			}
			cells = append(cells, of)
		default:
			return nil, codeQTI2BaseType, d.base
		}
	}
	return cells, "", ""
}

// scoreGaps finds the key of the gaps. Where there are too many answers to go through, but each gap adds
// to the score by itself, the answers to one gap at a time are enough.
func (it *qti2Item) scoreGaps(list []*xmltree.Node, responses []*qtiDeclaration) bool {
	if it.noRule != "" {
		return it.unscored("")
	}
	cells, code, arg := it.gapCells(list, responses)
	if code != "" {
		return it.needsMarker("", code, "name", arg, "count", arg, "want", "single")
	}
	count := 0
	for i := range cells {
		count += len(cells[i])
	}
	if count > maxCases {
		return it.needsMarker("", codeQTI2TooMany, "count", len(responses))
	}
	cases, every := gapCases(responses, cells)
	if !every {
		if !it.sumsGaps(responses, cells) {
			return it.needsMarker("", codeQTI2TooMany, "count", len(responses))
		}
		cases = append(cases, it.bestOfEach(responses, cells))
	}
	return it.settle(cases, func(best *big.Rat) []exam.Key { return it.gapKeys(responses, cells, cases, best) })
}

// sumsGaps reports whether the score is the sum of what the gaps earn alone, none of which is less than nothing.
// Bounds of the score, which no sum may then reach, are no matter.
func (it *qti2Item) sumsGaps(responses []*qtiDeclaration, cells [][]qtiCell) bool {
	free, bounded := it.program.unbounded()
	if !free.additive() {
		return false
	}
	for i, d := range responses {
		for _, c := range cells[i] {
			score, trouble := free.score(map[string]qtiValue{d.id: c.value}, nil)
			switch {
			case trouble != "":
				return true // settle stumbles over the same, and tells
			case score.Sign() < 0:
				return false
			}
		}
	}
	if !bounded {
		return true
	}
	best := it.bestOfEach(responses, cells).responses
	sum, _ := free.score(best, nil)
	kept, _ := it.program.score(best, nil)
	return sum != nil && kept != nil && sum.Cmp(kept) == 0
}

// bestOfEach is the answer that takes of each gap what earns most alone.
func (it *qti2Item) bestOfEach(responses []*qtiDeclaration, cells [][]qtiCell) qtiCase {
	pick := make([]int, len(cells))
	for i, d := range responses {
		most := new(big.Rat)
		for c := range cells[i] {
			score, _ := it.program.score(map[string]qtiValue{d.id: cells[i][c].value}, nil)
			if score != nil && score.Cmp(most) > 0 {
				pick[i], most = c, score
			}
		}
	}
	return gapCase(responses, cells, pick)
}

// gapCases lists every combination of cells, or, where they are too many, each cell alone.
func gapCases(responses []*qtiDeclaration, cells [][]qtiCell) (cases []qtiCase, every bool) {
	total := 1
	for _, c := range cells {
		if total *= len(c); total > maxCases {
			break
		}
	}
	pick := make([]int, len(cells))
	if total <= maxCases {
		for range total {
			cases = append(cases, gapCase(responses, cells, pick))
			for i := range pick {
				if pick[i]++; pick[i] < len(cells[i]) {
					break
				}
				pick[i] = 0
			}
		}
		return cases, true
	}
	cases = append(cases, gapCase(responses, cells, pick))
	for i := range cells {
		for c := range cells[i] {
			clear(pick)
			pick[i] = c
			cases = append(cases, gapCase(responses, cells, pick))
		}
	}
	return cases, false
}

// gapCase is the answer that takes one cell of each gap.
func gapCase(responses []*qtiDeclaration, cells [][]qtiCell, pick []int) qtiCase {
	c := qtiCase{responses: map[string]qtiValue{}}
	keyed := map[string]string{}
	for i, d := range responses {
		cell := &cells[i][pick[i]]
		c.responses[d.id] = cell.value
		if cell.answer != "" {
			keyed[d.id] = cell.answer
		}
	}
	if len(keyed) > 0 {
		c.answer = exam.KeyedAnswer(keyed)
	}
	return c
}

// gapKeys are the keys that may say what the rule says: each gap earns its part, or only all together
// earn anything.
func (it *qti2Item) gapKeys(responses []*qtiDeclaration, cells [][]qtiCell, cases []qtiCase, best *big.Rat) []exam.Key {
	alone := make([][]*big.Rat, len(cells))
	most := make([]*big.Rat, len(cells))
	for i, d := range responses {
		most[i] = new(big.Rat)
		for _, c := range cells[i] {
			score, trouble := it.program.score(map[string]qtiValue{d.id: c.value}, nil)
			if trouble != "" {
				return nil
			}
			alone[i] = append(alone[i], score)
			if score.Cmp(most[i]) > 0 {
				most[i] = score
			}
		}
	}
	parts := it.keyOfGaps(responses, cells, func(i, c int) int {
		if most[i].Sign() == 0 {
			return 0
		}
		return credit(alone[i][c], most[i])
	})
	parts.Weights = shares(responses, most)
	sum := parts
	sum.Rule = exam.Sum
	inBest := func(i, c int) int {
		for _, k := range cases {
			if k.score.Cmp(best) == 0 && k.answer.Keyed[responses[i].id] == cells[i][c].answer && cells[i][c].answer != "" {
				return exam.FullCredit
			}
		}
		return 0
	}
	whole := it.keyOfGaps(responses, cells, inBest)
	whole.Rule = exam.Whole
	return []exam.Key{parts, whole, sum}
}

// keyOfGaps makes the key of gaps of which every cell is worth what weight says.
func (it *qti2Item) keyOfGaps(responses []*qtiDeclaration, cells [][]qtiCell, weight func(gap, cell int) int) exam.Key {
	key := exam.Key{Gaps: map[string][]exam.TextKey{}}
	for i, d := range responses {
		of := func(c int) int { return weight(i, c) }
		switch {
		case len(it.Question.Question.Prompts[i].Options) > 0:
			key.Gaps[d.id] = optionKeys(cells[i], of)
		case isNumeric(d.base):
			if key.GapNumbers == nil {
				key.GapNumbers = map[string][]exam.NumberKey{}
			}
			key.GapNumbers[d.id] = numberKeys(cells[i], of)
		default:
			key.Gaps[d.id] = textKeys(cells[i], of)
		}
	}
	if len(key.Gaps) == 0 {
		key.Gaps = nil
	}
	return key
}

func optionKeys(cells []qtiCell, weight func(int) int) []exam.TextKey {
	var keys []exam.TextKey
	for c := range cells {
		if w := weight(c); w != 0 && cells[c].answer != "" {
			keys = append(keys, exam.TextKey{Pattern: cells[c].answer, Weight: w})
		}
	}
	return keys
}

// mostShare is the greatest weight of a gap.
const mostShare = 1_000

// shares says how much each gap counts beside the others, in the least whole numbers; nil when all count
// the same, or when no whole numbers up to mostShare say it.
func shares(responses []*qtiDeclaration, most []*big.Rat) map[string]int {
	denominator := big.NewInt(1)
	for _, m := range most {
		gcd := new(big.Int).GCD(nil, nil, denominator, m.Denom())
		denominator.Mul(denominator, new(big.Int).Quo(m.Denom(), gcd))
	}
	divisor, list, same := new(big.Int), make([]*big.Int, len(most)), true
	for i, m := range most {
		list[i] = new(big.Int).Quo(new(big.Int).Mul(m.Num(), denominator), m.Denom())
		divisor.GCD(nil, nil, divisor, list[i])
		same = same && m.Cmp(most[0]) == 0
	}
	if same || divisor.Sign() == 0 {
		return nil
	}
	weights := map[string]int{}
	for i, n := range list {
		n.Quo(n, divisor)
		if n.Sign() == 0 || n.Cmp(big.NewInt(mostShare)) > 0 {
			return nil
		}
		weights[responses[i].id] = int(n.Int64())
	}
	return weights
}
