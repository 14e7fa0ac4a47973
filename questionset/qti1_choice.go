package questionset

import (
	"math"
	"slices"
	"strings"

	"shiken/exam"
	"shiken/internal/xmltree"
)

// makeOptions makes options of labels. Empty ones are left out when they earn nothing, and refuse the
// question when they do; earns tells it by the label's ident.
func (it *qti1Item) makeOptions(r *qti1Response, earns func(ident string) bool) ([]exam.Option, map[string]string, bool) {
	var options []exam.Option
	ids := map[string]string{}
	for _, l := range r.labels {
		switch {
		case l.text.Source != "":
			id := optionID(len(options))
			options = append(options, exam.Option{ID: id, Text: l.text, Fixed: l.fixed})
			if _, twice := ids[l.ident]; twice {
				return nil, nil, it.error(l.node, codeQTI1Twice, "id", l.ident)
			}
			ids[l.ident] = id
		case earns(l.ident):
			return nil, nil, it.error(l.node, codeQTI1EmptyRight)
		default:
			it.warning(l.node, codeEmptyOption, "options", l.ident)
		}
	}
	if len(options) < 2 {
		return nil, nil, it.error(r.node, codeOneOption, "count", len(options))
	}
	return options, ids, true
}

// readChoice reads a question with one response that takes one option.
func (it *qti1Item) readChoice() bool {
	part := it.parts[0]
	scores, best, ok := it.optionScores(part)
	if !ok {
		return false
	}
	if best <= 0 {
		return it.error(it.rulesNode(), codeNoKey)
	}
	it.shareScores(scores, best)
	options, ids, ok := it.makeOptions(part, func(id string) bool { return scores[id] > 0 })
	if !ok || !it.setStemWithPrompt(part) {
		return false
	}
	q := &it.Question.Question
	q.Type, q.Options = exam.SingleChoice, options
	it.Key.Options = map[string]int{}
	full := 0
	for ident, id := range ids {
		if w := weightOf(scores[ident], best); w != 0 {
			it.Key.Options[id] = w
			it.tellIfNegative(part.node, scores[ident])
			full += ternaryInt(w == exam.FullCredit)
		}
	}
	switch {
	case full > 1:
		it.warning(nil, codeQTI1ManyRight, "count", full)
	case it.eitherOr || isTruthPair(options):
		q.Type = exam.TrueFalse
	}
	checkOptions(it.report, it.place(), options)
	return true
}

// optionScores is what the rules give for each option of a response by itself, and the best of that.
func (it *qti1Item) optionScores(part *qti1Response) (map[string]float64, float64, bool) {
	rules, ok := it.rulesOf(part.ident)
	if !ok {
		return nil, 0, it.error(part.node, codeQTI1Scoring, "text", part.ident)
	}
	scores, best := map[string]float64{}, 0.0
	for _, l := range part.labels {
		s := it.scoreOf(rules, it.base, qti1Given{ident: part.ident, value: l.ident, exact: true})
		scores[l.ident] = s
		best = max(best, s)
	}
	return scores, best, true
}

// setStemWithPrompt puts the text that stands in the response itself behind the stem.
func (it *qti1Item) setStemWithPrompt(part *qti1Response) bool {
	return it.setStem(nil) && it.addPrompt(part)
}

// addPrompt adds what a response asks itself to the text of the question.
func (it *qti1Item) addPrompt(part *qti1Response) bool {
	stem := &it.Question.Question.Stem
	switch {
	case part.prompt.Source == "":
	case stem.Source == "":
		*stem = part.prompt
	default:
		*stem = joinTexts([]exam.Text{*stem, part.prompt})
	}
	return true
}

// qti1Set is what a test of a response with several values wants: labels chosen, and not chosen.
type qti1Set struct{ in, out []string }

// readMultiple reads a question with one response that takes several options. Either one rule names the
// exact set, or each option adds to the score; no other rules can be kept.
func (it *qti1Item) readMultiple() bool {
	part := it.parts[0]
	weights, exact, ok := it.multipleRules(part)
	if !ok {
		return false
	}
	if exact != nil && it.shares != nil {
		if shares := it.shared(exact.in); shares != nil {
			weights, exact = shares, nil
		}
	}
	earns := func(id string) bool { return weights[id] > 0 }
	if exact != nil {
		earns = func(id string) bool { return slices.Contains(exact.in, id) }
	}
	options, ids, ok := it.makeOptions(part, earns)
	if !ok || !it.setStemWithPrompt(part) {
		return false
	}
	q := &it.Question.Question
	q.Type, q.Options, it.Key.Options = exam.MultipleChoice, options, map[string]int{}
	if exact != nil {
		it.exactKey(exact, ids)
	} else {
		it.sumKey(weights, ids)
	}
	if len(it.Key.Options) == 0 {
		return it.error(it.rulesNode(), codeNoKey)
	}
	checkOptions(it.report, it.place(), options)
	return true
}

// multipleRules reads the rules as weights of options, or as one exact set.
func (it *qti1Item) multipleRules(part *qti1Response) (map[string]float64, *qti1Set, bool) {
	if it.counted {
		return it.countedRules(part)
	}
	rules, ok := it.rulesOf(part.ident)
	if !ok {
		return nil, nil, it.error(part.node, codeQTI1Scoring, "text", part.ident)
	}
	if !it.judgeStops(rules, false) {
		return nil, nil, false
	}
	rules = goingOn(rules)
	weights, left := map[string]float64{}, map[string]float64{}
	negative, doubtful := false, false
	var exact *qti1Set
	for _, r := range rules {
		set, ok := it.setOf(r.test, part)
		pure := ok && r.adds && len(set.in)+len(set.out) == 1
		switch {
		case r.other || r.value == 0 && r.adds:
			negative = negative || r.value < 0
		case r.value <= 0 && (!pure || len(set.out) > 0):
			negative, doubtful = negative || r.value < 0, true
		case !ok:
			return nil, nil, it.error(r.node, codeQTI1Scoring, "text", r.test.String())
		case pure && len(set.in) == 1:
			weights[set.in[0]] += r.value
		case pure:
			left[set.out[0]] += r.value
		case exact != nil || len(set.in) == 0:
			return nil, nil, it.error(r.node, codeQTI1Scoring, "text", r.test.String())
		default:
			exact = &set
		}
	}
	if negative {
		it.tellNegative(part.node)
	}
	switch {
	case len(left) > 0:
		return it.decisions(part, weights, left, exact)
	case exact != nil && len(weights) > 0, doubtful && !it.agrees(part, rules, weights, exact):
		return nil, nil, it.error(it.rulesNode(), codeQTI1Scoring, "text", part.ident)
	}
	return weights, exact, true
}

// What is looked at to see whether rules say what weights say: every set of so many labels, by rules of so
// many elements.
const (
	mostChecked  = 8
	mostElements = 200
)

// agrees reports whether the key that was made of some rules gives every set of labels what all of them give.
func (it *qti1Item) agrees(part *qti1Response, rules []*qti1Rule, weights map[string]float64, exact *qti1Set) bool {
	score := func(labels []string) float64 {
		given := qti1Given{ident: part.ident, exact: true, many: true, chosen: map[string]bool{}}
		for _, l := range labels {
			given.chosen[l] = true
		}
		return it.scoreOf(rules, it.base, given)
	}
	size := 0
	for _, r := range rules {
		size += elements(r.test)
	}
	switch {
	case size > mostElements:
		return false
	case exact != nil:
		return score(exact.in) > 0
	case len(part.labels) > mostChecked:
		return false
	}
	best := 0.0
	for _, w := range weights {
		best += max(w, 0)
	}
	for set := range 1 << len(part.labels) {
		var labels []string
		want := 0.0
		for i, l := range part.labels {
			if set>>i&1 == 1 {
				labels = append(labels, l.ident)
				want += weights[l.ident]
			}
		}
		if math.Abs(weightIn(want, best)-weightIn(score(labels), best)) > roundingSlack {
			return false
		}
	}
	return true
}

// weightIn is a score as a part of the best, from 0 to 1.
func weightIn(score, best float64) float64 {
	if best <= 0 {
		return 0
	}
	return min(max(score/best, 0), 1)
}

// decisions: the rules count every option that is rightly chosen or rightly left. That tells which are
// right; how they are scored, the exam decides, since an empty answer must not earn points.
func (it *qti1Item) decisions(part *qti1Response, chosen, left map[string]float64, exact *qti1Set) (map[string]float64, *qti1Set, bool) {
	set := &qti1Set{}
	for _, l := range part.labels {
		switch {
		case chosen[l.ident] > 0 && left[l.ident] == 0:
			set.in = append(set.in, l.ident)
		case left[l.ident] > 0 && chosen[l.ident] == 0:
			set.out = append(set.out, l.ident)
		default:
			exact = set // an option of which nothing is said, or both
		}
	}
	if exact != nil || len(set.in) == 0 {
		return nil, nil, it.error(it.rulesNode(), codeQTI1Scoring, "text", part.ident)
	}
	it.warning(nil, codeQTI1Decisions)
	it.byExam = true
	return nil, set, true
}

// setOf reads a test as a set: a conjunction of labels that are chosen, or not.
func (it *qti1Item) setOf(n *xmltree.Node, part *qti1Response) (qti1Set, bool) {
	var set qti1Set
	var read func(n *xmltree.Node, negated bool) bool
	read = func(n *xmltree.Node, negated bool) bool {
		switch n.Name {
		case "conditionvar", "and":
			if negated && len(n.Elements()) > 1 {
				return false
			}
			return !slices.ContainsFunc(n.Elements(), func(e *xmltree.Node) bool { return !read(e, negated) })
		case "or", "not":
			if n.Name == "or" && len(n.Elements()) > 1 && !negated {
				return false
			}
			flip := negated != (n.Name == "not")
			if n.Name == "not" && len(n.Elements()) > 1 {
				return false
			}
			return !slices.ContainsFunc(n.Elements(), func(e *xmltree.Node) bool { return !read(e, flip) })
		case "varequal":
			set.put(strings.TrimSpace(n.String()), negated)
			return true
		case "varsubset":
			return it.subset(n, part, &set, negated)
		}
		return false
	}
	ok := n != nil && read(n, false)
	return set, ok
}

func (s *qti1Set) put(label string, negated bool) {
	if negated {
		s.out = append(s.out, label)
	} else {
		s.in = append(s.in, label)
	}
}

// subset reads a varsubset: the labels are listed with commas, and exactly they are wanted.
func (it *qti1Item) subset(n *xmltree.Node, part *qti1Response, set *qti1Set, negated bool) bool {
	if negated || strings.EqualFold(n.Attr("setmatch"), "Partial") {
		return false
	}
	wanted := map[string]bool{}
	for _, l := range part.labels {
		wanted[l.ident] = false
	}
	for s := range strings.SplitSeq(n.String(), ",") {
		s = strings.TrimSpace(s)
		if _, is := wanted[s]; is {
			wanted[s] = true
		}
	}
	for _, l := range part.labels {
		set.put(l.ident, !wanted[l.ident])
	}
	return true
}

// exactKey makes the key of a question that earns points for exactly one set of options. Canvas itself
// scores such a question by right minus wrong, which an exam may choose; of others the file's rule counts.
func (it *qti1Item) exactKey(set *qti1Set, ids map[string]string) {
	named := 0
	for ident, id := range ids {
		if slices.Contains(set.in, ident) {
			it.Key.Options[id] = exam.FullCredit
			named++
		} else if slices.Contains(set.out, ident) {
			named++
		}
	}
	if named < len(ids) && len(set.out) > 0 {
		it.warning(nil, codeQTI1Unnamed, "count", len(ids)-named)
	}
	stated, _ := it.statedType()
	ofCanvas := strings.HasSuffix(stated, "_question") && it.meta["scoring_algorithm"] != "AllOrNothing"
	if it.byExam {
		return
	}
	if !ofCanvas {
		it.Key.Rule = exam.Whole
	} else if !it.reader.ruled {
		it.reader.ruled = true
		it.report.note(it.place(), codeQTI1CanvasRule)
	}
}

// sumKey makes the key of a question whose options add to the score.
func (it *qti1Item) sumKey(weights map[string]float64, ids map[string]string) {
	best := 0.0
	for _, w := range weights {
		best += max(w, 0)
	}
	for ident, id := range ids {
		if w := weightOf(weights[ident], best); w != 0 {
			it.Key.Options[id] = w
		}
	}
	if it.byExam {
		for id := range it.Key.Options {
			it.Key.Options[id] = exam.FullCredit
		}
		return
	}
	it.Key.Rule, it.Key.Weighted = exam.Sum, true
	if best <= 0 {
		it.Key.Options = nil
	}
}

func ternaryInt(b bool) int {
	if b {
		return 1
	}
	return 0
}
