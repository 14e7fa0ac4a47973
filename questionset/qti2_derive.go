package questionset

import (
	"math/big"
	"strings"

	"shiken/exam"
	"shiken/internal/xmltree"
)

// qtiCase is one answer that a candidate may give: to the item, and to our question.
type qtiCase struct {
	responses map[string]qtiValue
	answer    exam.Answer
	illegal   bool // the item would not let it be given
	score     *big.Rat
}

// maxCases bounds the answers of one item that are gone through.
const maxCases = 4_000

// scoreCases works out SCORE for each answer, and the best that can be reached; it names what is not
// understood.
func (it *qti2Item) scoreCases(cases []qtiCase) (best *big.Rat, trouble string) {
	best, it.cases = new(big.Rat), cases
	for i := range cases {
		c := &cases[i]
		if c.score, trouble = it.program.score(c.responses, nil); trouble != "" {
			return nil, trouble
		}
		if !c.illegal && c.score.Cmp(best) > 0 {
			best = c.score
		}
	}
	return best, ""
}

// settle takes the first key under which our marking gives every answer what the item's rule gives it,
// of a best answer's credit. Otherwise, or where the rule is not understood, a person has to mark.
func (it *qti2Item) settle(cases []qtiCase, keys func(best *big.Rat) []exam.Key) bool {
	if it.noRule != "" {
		return it.unscored("")
	}
	best, trouble := it.scoreCases(cases)
	switch {
	case trouble != "":
		return it.unscored(trouble)
	case best.Sign() <= 0:
		return it.noKey()
	case !it.take(cases, best, keys(best)):
		return it.unscored("")
	}
	return true
}

// noKey refuses an item in which no answer earns anything, and tells what of its key is not understood.
func (it *qti2Item) noKey() bool {
	known := map[string]bool{}
	it.body.Walk(func(n *xmltree.Node) bool {
		known[strings.TrimSpace(n.Attr("identifier"))] = true
		return true
	})
	for _, id := range it.responseIDs {
		d := it.program.responses[id]
		if right := d.correct.items; d.card == "single" && len(right) > 1 {
			return it.error("correctResponse", codeQTI2SeveralRight, "text", strings.Join(right, ", "))
		}
		if d.base != "identifier" && !strings.HasSuffix(strings.ToLower(d.base), "pair") {
			continue
		}
		for _, name := range d.named() {
			for part := range strings.FieldsSeq(name) {
				if !known[part] {
					return it.error(id, codeQTI2KeyUnknown, "text", name)
				}
			}
		}
	}
	return it.error("responseProcessing", codeNoKey)
}

// take takes the first of some keys that says what the rule says.
func (it *qti2Item) take(cases []qtiCase, best *big.Rat, keys []exam.Key) bool {
	for _, key := range keys {
		if it.reproduces(&key, cases, best) {
			it.Key = key
			it.tellScale(cases, best)
			it.keepFeedback(cases)
			return true
		}
	}
	return false
}

// reproduces reports whether a key gives every answer its part of the best score. What is below zero in
// the item is nothing here. Weights are whole numbers of 1/10,000, so each may be off by a half.
func (it *qti2Item) reproduces(key *exam.Key, cases []qtiCase, best *big.Rat) bool {
	q := &it.Question.Question
	graded := gradedItem(q)
	slack := big.NewRat(int64(1+(len(q.Options)+len(q.Prompts))/2), 1)
	full := big.NewRat(exam.FullCredit, 1)
	for i := range cases {
		if !it.program.spend(1 + len(q.Options) + len(q.Prompts)) {
			return false
		}
		want := new(big.Rat).Mul(full, new(big.Rat).Quo(cases[i].score, best))
		switch {
		case want.Sign() < 0:
			want.SetInt64(0)
		case want.Cmp(full) > 0:
			want = full
		}
		got := exam.Grader{}.MarkOne(graded, key, &exam.Response{Answer: cases[i].answer})
		if off := want.Sub(want, big.NewRat(int64(got), 1)); off.Abs(off).Cmp(slack) > 0 {
			return false
		}
	}
	return true
}

// gradedItem is a question as it stands on a paper, every value named by its own ID.
func gradedItem(q *exam.Question) *exam.Item {
	it := &exam.Item{Type: q.Type, Points: exam.FullCredit, Multiple: exam.AllOrNothing, Exact: true}
	choices := func(options []exam.Option) []exam.Choice {
		var list []exam.Choice
		for _, o := range options {
			list = append(list, exam.Choice{Value: o.ID, Option: o.ID})
		}
		return list
	}
	it.Choices = choices(q.Options)
	for _, p := range q.Prompts {
		prompt := exam.PaperPrompt{Key: p.ID, Prompt: p.ID, Values: choices(p.Options)}
		switch q.Type {
		case exam.Matching:
			prompt.Values = it.Choices
		case exam.Ordering:
			for n := range q.Prompts {
				prompt.Values = append(prompt.Values, exam.Choice{Value: orderPlace(n), Option: orderPlace(n)})
			}
		}
		it.Prompts = append(it.Prompts, prompt)
	}
	return it
}

// tellScale tells where the item's scale is not ours: a best answer that does not reach MAXSCORE or the normal
// maximum of SCORE, and answers that cost points.
func (it *qti2Item) tellScale(cases []qtiCase, best *big.Rat) {
	if d := it.program.outcomes[maxOutcome]; d != nil && !sets(it.whole, maxOutcome) {
		if m, ok := d.preset.number(); ok && m.Sign() > 0 && m.Cmp(best) != 0 {
			it.warning(maxOutcome, codeQTI2MaxScore, "best", ratText(best), "max", ratText(m))
		}
	}
	if d := it.program.outcomes[scoreOutcome]; d != nil && d.most != nil && d.most.Cmp(best) != 0 {
		it.warning(scoreOutcome, codeQTI2NormalMaximum, "best", ratText(best), "max", ratText(d.most))
	}
	for i := range cases {
		if cases[i].score.Sign() < 0 {
			it.warning(scoreOutcome, codeQTI2BelowZero)
			return
		}
	}
}

func ratText(r *big.Rat) string {
	return strings.TrimRight(strings.TrimRight(r.FloatString(4), "0"), ".")
}

// credit is a score as a weight, a part of the best one, rounded half away from zero.
func credit(score, best *big.Rat) int {
	r := new(big.Rat).Mul(new(big.Rat).Quo(score, best), big.NewRat(2*exam.FullCredit, 1))
	half := big.NewRat(1, 1)
	if r.Sign() < 0 {
		half.Neg(half)
	}
	r.Add(r, half)
	n := new(big.Int).Quo(r.Num(), new(big.Int).Mul(r.Denom(), big.NewInt(2)))
	return int(max(min(n.Int64(), exam.FullCredit), -exam.FullCredit))
}

// qtiUse says how a program looks at a response.
type qtiUse struct {
	mapped bool // by mapResponse
	other  bool // in any way but isNull, comparison with the right answer, and mapResponse
}

// use finds how the rules for SCORE look at a response, and whether they compare anything.
func (p *qtiProgram) use(id string) (u qtiUse, compares bool) {
	expressions(p.rules, func(root *xmltree.Node) {
		root.Walk(func(n *xmltree.Node) bool {
			switch {
			case n.Name == "isNull" && isVariable(n.Child("variable"), id):
				return false
			case n.Name == "match" && isWhole(n, id):
				compares = true
				return false
			case n.Name == "mapResponse":
				u.mapped = u.mapped || strings.TrimSpace(n.Attr("identifier")) == id
			case isVariable(n, id):
				u.other = true
			case n.Name == "match", n.Name == "equal", n.Name == "gt", n.Name == "gte", n.Name == "lt", n.Name == "lte",
				n.Name == "member", n.Name == "contains", n.Name == "stringMatch", n.Name == "index", n.Name == "product",
				n.Name == "max", n.Name == "min", n.Name == "round", n.Name == "truncate", n.Name == "containerSize":
				compares = true
			}
			return true
		})
	})
	return u, compares
}

func isVariable(n *xmltree.Node, id string) bool {
	return n != nil && n.Name == "variable" && strings.TrimSpace(n.Attr("identifier")) == id
}

// isWhole tells the comparison of a response with its right answer.
func isWhole(n *xmltree.Node, id string) bool {
	c := n.Elements()
	if len(c) != 2 {
		return false
	}
	correct := func(e *xmltree.Node) bool {
		return e.Name == "correct" && strings.TrimSpace(e.Attr("identifier")) == id
	}
	return isVariable(c[0], id) && correct(c[1]) || isVariable(c[1], id) && correct(c[0])
}

// linear reports whether SCORE is the mapped response times a factor above 0, and nothing without one.
func (it *qti2Item) linear(d *qtiDeclaration) bool {
	use, compares := it.program.use(d.id)
	if !use.mapped || use.other || compares || d.mapping == nil {
		return false
	}
	given := map[string]qtiValue{d.id: d.of("x y")}
	none, trouble := it.program.score(nil, map[string]*big.Rat{d.id: new(big.Rat)})
	at0, trouble0 := it.program.score(given, map[string]*big.Rat{d.id: new(big.Rat)})
	at1, trouble1 := it.program.score(given, map[string]*big.Rat{d.id: big.NewRat(1, 1)})
	at2, trouble2 := it.program.score(given, map[string]*big.Rat{d.id: big.NewRat(2, 1)})
	if trouble+trouble0+trouble1+trouble2 != "" {
		return false
	}
	twice := new(big.Rat).Add(at1, at1)
	return none.Sign() == 0 && at0.Sign() == 0 && at1.Sign() > 0 && at2.Cmp(twice) == 0
}
