package questionset

import (
	"math/big"
	"slices"
	"strings"

	"shiken/exam"
	"shiken/internal/xmltree"
)

// readShortText reads a question with one response that takes a text.
func (it *qti1Item) readShortText() bool {
	part := it.parts[0]
	if pattern := it.patternTest(); pattern != "" {
		return it.askMarker(pattern)
	}
	rules, ok := it.rulesOf(part.ident)
	if !ok {
		return it.error(part.node, codeQTI1Scoring, "text", part.ident)
	}
	keys, _, ok := it.textKeys(part, rules)
	if !ok {
		return false
	}
	it.Question.Question.Type, it.Key.Texts = exam.ShortText, keys
	return it.setStem(it.markBetween) && it.addPrompt(part)
}

// markBetween stands for a response only where text follows it.
func (it *qti1Item) markBetween(n int) string {
	behind := false
	for _, p := range it.stem.pieces {
		switch {
		case p.place == n:
			behind = true
		case behind && !p.brk && strings.TrimSpace(p.text) != "":
			return gapMark(formatHTML)
		}
	}
	return ""
}

// textKeys are the accepted texts of a response, and the best score among them.
func (it *qti1Item) textKeys(part *qti1Response, rules []*qti1Rule) ([]exam.TextKey, float64, bool) {
	tests, ok := it.namedTexts(part, rules)
	if !ok {
		return nil, 0, false
	}
	best := 0.0
	for _, t := range tests {
		best = max(best, it.scoreOf(rules, it.base, part.given(t)))
	}
	if best <= 0 {
		return nil, 0, it.error(part.node, codeNoKey)
	}
	none := it.scoreOf(rules, it.base, qti1Given{ident: part.ident, value: "\uFDD0"})
	if none > 0 {
		return nil, 0, it.error(part.node, codeQTI1Scoring, "text", "<not>")
	}
	it.tellIfNegative(part.node, none)
	var keys textList
	for _, t := range tests {
		it.tellIfNegative(part.node, it.scoreOf(rules, it.base, part.given(t)))
		key := exam.TextKey{
			Pattern: literal(strings.TrimSpace(t.String())), Weight: max(weightOf(it.scoreOf(rules, it.base, part.given(t)), best), 0),
			CaseSensitive: strings.EqualFold(t.Attr("case"), "Yes"),
		}
		if isPart(t) {
			key.Pattern = "*" + key.Pattern + "*"
		}
		keys.add(key)
	}
	return keys.list, best, true
}

// isPart tells a test of a text that holds where the answer contains it: Blackboard calls some of them subsets.
func isPart(test *xmltree.Node) bool {
	return test.Name == "varsubstring" || test.Name == "varsubset" && strings.EqualFold(test.Attr("setmatch"), "Contains")
}

// patternTest is what a test compares a typed answer with in another way than as a text or a part of one, such as
// Blackboard's patterns; "" where none does.
func (it *qti1Item) patternTest() string {
	typed := map[string]bool{}
	for _, part := range it.parts {
		typed[part.ident] = !part.options
	}
	for _, r := range it.rules {
		if !r.score || r.value <= 0 {
			continue
		}
		for _, t := range r.test.Find("varsubset") {
			switch strings.ToLower(t.Attr("setmatch")) {
			case "", "exact", "contains":
			default:
				if typed[t.Attr("respident")] {
					return t.Attr("setmatch") + ": " + strings.TrimSpace(t.String())
				}
			}
		}
	}
	return ""
}

// given is the answer that a test names.
func (r *qti1Response) given(test *xmltree.Node) qti1Given {
	return qti1Given{ident: r.ident, value: strings.TrimSpace(test.String())}
}

// namedTexts are the tests that name an answer.
func (it *qti1Item) namedTexts(part *qti1Response, rules []*qti1Rule) ([]*xmltree.Node, bool) {
	var tests []*xmltree.Node
	for _, r := range rules {
		r.test.Walk(func(e *xmltree.Node) bool {
			if (e.Name == "varequal" || e.Name == "varsubstring" || e.Name == "varsubset") && e.Attr("respident") == part.ident &&
				strings.TrimSpace(e.String()) != "" {
				tests = append(tests, e)
			}
			return len(tests) <= MaxAnswers
		})
	}
	if len(tests) > MaxAnswers {
		return nil, it.error(part.node, codeTooManyAnswers, "count", len(tests), "limit", MaxAnswers)
	}
	for _, t := range tests {
		if !it.report.checkText(it.at(t), t.String(), MaxText) {
			return nil, false
		}
	}
	return tests, true
}

// literal is the pattern that matches a text only.
func literal(s string) string { return strings.ReplaceAll(s, "*", `\*`) }

// readNumeric reads a question with one response that takes a number.
func (it *qti1Item) readNumeric() bool {
	part := it.parts[0]
	rules, ok := it.rulesOf(part.ident)
	if !ok {
		return it.error(part.node, codeQTI1Scoring, "text", part.ident)
	}
	keys, _, ok := it.numberKeys(part, rules)
	if !ok {
		return false
	}
	it.Question.Question.Type, it.Key.Numbers = exam.Numeric, keys
	return it.setStem(it.markBetween) && it.addPrompt(part)
}

// beyond stands for "without bound".
const beyond = "1e99"

// numberKeys are the accepted ranges of a response, and the best score. Between two numbers that the
// rules name the score is the same everywhere: so what they give at each such number, and between them,
// says all. Bounds that do not count themselves are named before the range, with what they earn.
func (it *qti1Item) numberKeys(part *qti1Response, rules []*qti1Rule) ([]exam.NumberKey, float64, bool) {
	points, ok := it.namedNumbers(part, rules)
	if !ok {
		return nil, 0, false
	}
	score := func(v *big.Rat) float64 { return it.scoreOf(rules, it.base, qti1Given{ident: part.ident, number: v}) }
	var at, after []float64 // at each point; after[0] is before the first, after[i+1] behind point i
	after = append(after, score(new(big.Rat).Sub(points[0].v, big.NewRat(1, 1))))
	for i, p := range points {
		at = append(at, score(p.v))
		next := new(big.Rat).Add(p.v, big.NewRat(1, 1))
		if i+1 < len(points) {
			next.Add(p.v, points[i+1].v)
			next.Quo(next, big.NewRat(2, 1))
		}
		after = append(after, score(next))
	}
	best := max(slices.Max(at), slices.Max(after))
	it.tellIfNegative(part.node, min(slices.Min(at), slices.Min(after)))
	if best <= 0 {
		return nil, 0, it.error(part.node, codeNoKey)
	}
	return rangeKeys(points, at, after, best), best, true
}

// rangeKeys makes keys of scores at points and between them, first those of points that differ from a
// range beside them, then the ranges, each as long as it can be.
func rangeKeys(points []qti1Point, at, after []float64, best float64) []exam.NumberKey {
	weight := func(s float64) int { return max(weightOf(s, best), 0) }
	var single, ranges []exam.NumberKey
	for i, p := range points {
		w, below, above := weight(at[i]), weight(after[i]), weight(after[i+1])
		inRange := w == below && (w == above || above == 0) || w == above && below == 0
		if !inRange {
			single = append(single, exam.NumberKey{Min: p.text, Max: p.text, Weight: w})
		}
	}
	for i := 0; i < len(after); i++ {
		w := weight(after[i])
		if w == 0 {
			continue
		}
		key := exam.NumberKey{Min: "-" + beyond, Weight: w}
		if i > 0 {
			key.Min = points[i-1].text
		}
		for i+1 < len(after) && weight(after[i+1]) == w && weight(at[i]) >= w {
			i++
		}
		key.Max = beyond
		if i < len(points) {
			key.Max = points[i].text
		}
		ranges = append(ranges, key)
	}
	return append(single, ranges...)
}

// qti1Point is a number that the rules name, as they write it.
type qti1Point struct {
	v    *big.Rat
	text string
}

// namedNumbers are the numbers that the rules name, in order.
func (it *qti1Item) namedNumbers(part *qti1Response, rules []*qti1Rule) ([]qti1Point, bool) {
	var points []qti1Point
	sound := true
	for _, r := range rules {
		r.test.Walk(func(e *xmltree.Node) bool {
			text := strings.TrimSpace(e.String())
			if !sound || e.Attr("respident") != part.ident || e.Name == "" {
				return sound
			}
			v, ok := number(text)
			switch {
			case !ok:
				sound = it.error(e, codeQTI1Number, "text", text)
			case len(points) == 2*MaxAnswers:
				sound = it.error(part.node, codeTooManyAnswers, "count", len(points)+1, "limit", 2*MaxAnswers)
			default:
				points = append(points, qti1Point{v, text})
			}
			return false
		})
	}
	if !sound {
		return nil, false
	}
	if len(points) == 0 {
		return nil, it.error(part.node, codeNoKey)
	}
	slices.SortStableFunc(points, func(a, b qti1Point) int { return a.v.Cmp(b.v) })
	return slices.CompactFunc(points, func(a, b qti1Point) bool { return a.v.Cmp(b.v) == 0 }), true
}
