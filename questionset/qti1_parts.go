package questionset

import (
	"html"
	"math"
	"slices"
	"strconv"
	"strings"

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

// readGaps reads a question with several gaps, or with gaps that are named in the stem.
func (it *qti1Item) readGaps() bool {
	if name := it.algorithm(); name != "" {
		return it.askMarker(name)
	}
	if it.overwrite() {
		return it.error(it.rulesNode(), codeQTI1Scoring, "text", "Set")
	}
	it.Question.Question.Type = exam.Gaps
	whole := it.wholeRule()
	if whole == nil && !it.judgeStops(it.rules, true) {
		return false
	}
	bests := map[string]float64{}
	for i, part := range it.parts {
		id := "g" + strconv.Itoa(i+1)
		it.Question.Question.Prompts = append(it.Question.Question.Prompts,
			exam.Prompt{ID: id, Text: exam.Text{Source: "(" + strconv.Itoa(i+1) + ")"}})
		rules, ok := it.rulesOf(part.ident)
		if whole != nil {
			rules, ok = it.ownPart(part, whole)
		}
		if !ok {
			return it.error(part.node, codeQTI1Scoring, "text", part.ident)
		}
		if bests[id], ok = it.readGap(i, part, rules); !ok {
			return false
		}
	}
	if whole != nil {
		it.Key.Rule = exam.Whole
	} else {
		it.Key.Weights = promptWeights(bests)
	}
	return it.gapStem()
}

// readGap reads one gap and gives the best score in it.
func (it *qti1Item) readGap(i int, part *qti1Response, rules []*qti1Rule) (float64, bool) {
	prompt := &it.Question.Question.Prompts[i]
	switch {
	case part.options && it.typedLabels(part):
		return it.labelledGap(prompt.ID, part, rules)
	case part.options:
		return it.choiceGap(prompt, part, rules)
	case part.number:
		prompt.Number = true
		keys, best, ok := it.numberKeys(part, rules)
		if it.Key.GapNumbers == nil {
			it.Key.GapNumbers = map[string][]exam.NumberKey{}
		}
		it.Key.GapNumbers[prompt.ID] = keys
		return best, ok
	}
	keys, best, ok := it.textKeys(part, rules)
	it.putGap(prompt.ID, keys)
	return best, ok
}

func (it *qti1Item) putGap(id string, keys []exam.TextKey) {
	if it.Key.Gaps == nil {
		it.Key.Gaps = map[string][]exam.TextKey{}
	}
	it.Key.Gaps[id] = keys
}

// typedLabels reports whether the labels of a response are not shown, but what may be typed: so Canvas
// writes its fill-in-multiple-blanks questions.
func (it *qti1Item) typedLabels(part *qti1Response) bool {
	if it.kind != kindBlanks || it.meta["question_type"] != "fill_in_multiple_blanks_question" {
		return false
	}
	return !slices.ContainsFunc(part.labels, func(l qti1Label) bool {
		kind := l.node.Attr("answer_type")
		return kind == "dropdown" || kind == "wordbank"
	})
}

// labelledGap reads a gap whose labels are accepted answers: all of them, though the rules name the first
// only; they say how much the gap counts.
func (it *qti1Item) labelledGap(id string, part *qti1Response, rules []*qti1Rule) (float64, bool) {
	best := 0.0
	var keys textList
	for _, l := range part.labels {
		best = max(best, it.scoreOf(rules, 0, qti1Given{ident: part.ident, value: l.ident, exact: true}))
		if l.plain == "" {
			continue
		}
		key := exam.TextKey{Pattern: literal(strings.TrimSpace(l.plain)), Weight: exam.FullCredit}
		if l.node.Attr("scoring_algorithm") == "TextContainsAnswer" {
			key.Pattern = "*" + key.Pattern + "*"
		}
		keys.add(key)
	}
	if len(keys.list) == 0 {
		return 0, it.error(part.node, codeNoKey)
	}
	if best <= 0 {
		best = 100 / float64(len(it.parts))
		if len(it.parts) > 1 {
			it.warning(part.node, codeQTI1Blank, "id", part.ident, "count", len(it.parts))
		}
	}
	it.putGap(id, keys.list)
	return best, true
}

// algorithm is the first way of comparing in the labels that cannot be kept, "" when there is none.
func (it *qti1Item) algorithm() string {
	for _, part := range it.parts {
		for _, l := range part.labels {
			switch a := l.node.Attr("scoring_algorithm"); a {
			case "", "Equivalence", "TextEquivalence", "TextInChoices", "TextContainsAnswer":
			default:
				return a
			}
		}
	}
	return ""
}

// choiceGap reads a gap with options of its own.
func (it *qti1Item) choiceGap(prompt *exam.Prompt, part *qti1Response, rules []*qti1Rule) (float64, bool) {
	scores, best := map[string]float64{}, 0.0
	for _, l := range part.labels {
		scores[l.ident] = it.scoreOf(rules, it.base, qti1Given{ident: part.ident, value: l.ident, exact: true})
		best = max(best, scores[l.ident])
		it.tellIfNegative(part.node, scores[l.ident])
	}
	if best <= 0 {
		return 0, it.error(part.node, codeNoKey)
	}
	options, ids, ok := it.makeOptions(part, func(id string) bool { return scores[id] > 0 })
	if !ok {
		return 0, false
	}
	prompt.Options = options
	var keys []exam.TextKey
	for _, l := range part.labels {
		if id, has := ids[l.ident]; has {
			keys = append(keys, exam.TextKey{Pattern: id, Weight: max(weightOf(scores[l.ident], best), 0)})
		}
	}
	it.putGap(prompt.ID, keys)
	return best, true
}

// gapStem makes the stem with the places of its gaps: where the response stands between the texts, or
// where its name stands in brackets.
func (it *qti1Item) gapStem() bool {
	mark := gapMarks(max(len(it.parts), 2))
	named := it.bracketNames()
	if !it.setStem(func(n int) string {
		if named[n-1] != "" {
			return ""
		}
		return " " + mark(n) + " "
	}) {
		return false
	}
	stem := &it.Question.Question.Stem
	for i, name := range named {
		name = "[" + name + "]"
		if stem.Format == exam.HTML {
			name = strings.ReplaceAll(html.EscapeString(name), "&#39;", "'")
		}
		if name != "[]" {
			stem.Source = strings.ReplaceAll(stem.Source, name, mark(i+1))
		}
	}
	return true
}
