package questionset

import (
	"cmp"
	"html"
	"slices"
	"strconv"
	"strings"

	"shiken/exam"
)

// readGaps reads a question with several gaps, or with gaps that are named in the stem.
func (it *qti1Item) readGaps() bool {
	if name := cmp.Or(it.algorithm(), it.patternTest()); name != "" {
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
