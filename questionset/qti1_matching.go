package questionset

import (
	"math"
	"strconv"

	"shiken/exam"
)

// withPrompt are the responses that have a left side; pairs without one are left out.
func (it *qti1Item) withPrompt() []*qti1Response {
	var left []*qti1Response
	for _, part := range it.parts {
		if part.prompt.Source != "" {
			left = append(left, part)
		} else {
			it.warning(part.node, codeQTI1EmptyPair, "id", part.ident)
		}
	}
	return left
}

// readMatching reads a question whose responses each take one of the same options.
func (it *qti1Item) readMatching() bool {
	it.parts = it.withPrompt()
	if len(it.parts) == 1 {
		return it.readChoice()
	}
	if it.overwrite() {
		return it.error(it.rulesNode(), codeQTI1Scoring, "text", "Set")
	}
	options, ids, ok := it.unionOptions()
	if !ok {
		return false
	}
	q := &it.Question.Question
	q.Type, q.Options, it.Key.Pairs = exam.Matching, options, map[string]string{}
	whole := it.wholeRule()
	if whole == nil && !it.judgeStops(it.rules, true) {
		return false
	}
	credits := map[string]map[string]float64{}
	total, bests := 0.0, map[string]float64{}
	for i, part := range it.parts {
		scores, best, ok := it.pairScores(part, whole)
		if !ok {
			return false
		}
		id := "p" + strconv.Itoa(len(q.Prompts)+1)
		q.Prompts = append(q.Prompts, exam.Prompt{ID: id, Text: part.prompt})
		credits[id], bests[id] = map[string]float64{}, best
		for _, l := range part.labels {
			option := ids[i][l.ident]
			if option == "" && scores[l.ident] > 0 {
				return it.error(l.node, codeQTI1EmptyRight)
			}
			credits[id][option] = max(credits[id][option], scores[l.ident])
		}
		total += best
	}
	if len(q.Prompts) == 0 {
		return it.error(it.part("presentation"), codeQTI1NoPrompt)
	}
	it.pairKey(credits, bests, total)
	it.tellGrading()
	if whole != nil {
		it.Key.Rule = exam.Whole
	}
	return it.setStem(nil)
}

// unionOptions makes one list of the options of all responses: those of the same text are one. For each
// response it gives the option of each label.
func (it *qti1Item) unionOptions() ([]exam.Option, []map[string]string, bool) {
	var options []exam.Option
	byText := map[string]string{}
	ids := make([]map[string]string, len(it.parts))
	for i, part := range it.parts {
		ids[i] = map[string]string{}
		for _, l := range part.labels {
			if l.text.Source == "" {
				continue
			}
			id, known := byText[l.text.Source]
			if !known {
				id = optionID(len(options))
				byText[l.text.Source] = id
				options = append(options, exam.Option{ID: id, Text: l.text})
			}
			if before, twice := ids[i][l.ident]; twice && before != id {
				return nil, nil, it.error(l.node, codeQTI1Twice, "id", l.ident)
			}
			ids[i][l.ident] = id
		}
		if len(options) > MaxAnswers {
			return nil, nil, it.error(it.part("presentation"), codeTooManyAnswers, "count", len(options), "limit", MaxAnswers)
		}
	}
	if len(options) < 2 {
		return nil, nil, it.error(it.part("presentation"), codeOneOption, "count", len(options))
	}
	return options, ids, true
}

// pairScores is what each label of a response earns: by the one rule for all responses, or by its own.
func (it *qti1Item) pairScores(part *qti1Response, whole *qti1Rule) (map[string]float64, float64, bool) {
	scores, best, ok := map[string]float64{}, 0.0, true
	if whole == nil {
		if scores, best, ok = it.optionScores(part); !ok {
			return nil, 0, false
		}
	} else {
		rules, ok := it.ownPart(part, whole)
		if !ok {
			return nil, 0, false
		}
		for _, l := range part.labels {
			scores[l.ident] = it.scoreOf(rules, 0, qti1Given{ident: part.ident, value: l.ident, exact: true})
			best = max(best, scores[l.ident])
		}
	}
	if best <= 0 {
		return nil, 0, it.error(part.node, codeNoKey)
	}
	return scores, best, ok
}

// pairKey makes the key of a matching question: pairs, when each response has one right option and they
// add up; else what each pair earns.
func (it *qti1Item) pairKey(credits map[string]map[string]float64, bests map[string]float64, total float64) {
	simple := true
	for id, options := range credits {
		for option, s := range options {
			switch {
			case s >= bests[id] && it.Key.Pairs[id] == "":
				it.Key.Pairs[id] = option
			case s != 0:
				simple = false
			}
		}
	}
	if simple {
		it.Key.Weights = promptWeights(bests)
		return
	}
	it.Key.Pairs, it.Key.Rule = nil, exam.Sum
	it.Key.PairWeights = map[string]map[string]int{}
	for id, options := range credits {
		it.Key.PairWeights[id] = map[string]int{}
		for option, s := range options {
			if w := weightOf(s, total); w != 0 && option != "" {
				it.Key.PairWeights[id][option] = w
			}
		}
	}
}

// roundingSlack is by how much shares of a score may differ that are meant equal (33.33, 33.34).
const roundingSlack = 0.005

// promptWeights says how much each prompt counts, nil when all count the same.
func promptWeights(bests map[string]float64) map[string]int {
	least, most := math.Inf(1), 0.0
	for _, b := range bests {
		least, most = min(least, b), max(most, b)
	}
	if len(bests) == 0 || most-least <= roundingSlack*most {
		return nil
	}
	for k := 1.0; k <= 20; k++ {
		if w, ok := wholeWeights(bests, k/least); ok {
			return w
		}
	}
	w, _ := wholeWeights(bests, 1000/most)
	return w
}

// wholeWeights are shares of a score times a factor in whole numbers, 1 to 1,000; it reports whether
// they are that but for rounding.
func wholeWeights(bests map[string]float64, factor float64) (map[string]int, bool) {
	weights, close := map[string]int{}, true
	for id, b := range bests {
		w := math.Round(b * factor)
		close = close && w <= 1000 && math.Abs(w-b*factor) <= roundingSlack*w
		weights[id] = int(min(max(w, 1), 1000))
	}
	return weights, close
}
