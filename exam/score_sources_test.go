package exam_test

import (
	"cmp"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"shiken/exam"
)

const fullCredit = exam.FullCredit

// sourceCase is an answer to an item of `worth` points, 30,000 unless it says otherwise. Choices are
// written by their option IDs, which are capitals; keyed answers as "K=P L=Q".
type sourceCase struct {
	source   string // whose rule it is, in short
	multiple exam.Multiple
	key      exam.Key
	answer   string
	worth    int
	want     int
}

// mark gives the points of a case.
func (c *sourceCase) mark(t *testing.T, it exam.Item) int {
	t.Helper()
	it.Exact, it.Points = true, cmp.Or(c.worth, 30_000)
	if it.Type == exam.MultipleChoice {
		it.Multiple = c.multiple
	}
	canonical, err := it.Canonical(answerTo(&it, c.answer))
	if err != nil {
		t.Fatalf("%s: %q is not on the paper: %v", c.source, c.answer, err)
	}
	return exam.Grader{Normalize: norm.NFKC.String}.MarkOne(&it, &c.key, &exam.Response{Answer: canonical})
}

func answerTo(it *exam.Item, text string) exam.Answer {
	switch {
	case it.Type == exam.MultipleChoice:
		return exam.ManyChoices(strings.Split(strings.ToLower(text), "")...)
	case it.Type.IsChoice():
		return exam.OneChoice(strings.ToLower(text))
	case it.Type.IsKeyed():
		keyed := map[string]string{}
		for pair := range strings.FieldsSeq(text) {
			prompt, value, _ := strings.Cut(pair, "=")
			keyed[strings.ToLower(prompt)] = value
		}
		return exam.KeyedAnswer(keyed)
	}
	return exam.TextAnswer(text)
}

// optionsOf are choices P, Q, … with the values p, q, ….
func optionsOf(ids string) []exam.Choice {
	var out []exam.Choice
	for _, id := range strings.Split(ids, "") {
		out = append(out, exam.Choice{Value: strings.ToLower(id), Option: id})
	}
	return out
}

func choiceItem(typ exam.QuestionType, ids string) exam.Item {
	return exam.Item{Version: "v", Type: typ, Choices: optionsOf(ids)}
}

// keyedItem has a prompt for each letter of prompts; the values are written as they are.
func keyedItem(typ exam.QuestionType, prompts string, values ...string) exam.Item {
	it := exam.Item{Version: "v", Type: typ}
	for _, id := range strings.Split(prompts, "") {
		p := exam.PaperPrompt{Key: strings.ToLower(id), Prompt: id}
		for _, v := range values {
			p.Values = append(p.Values, exam.Choice{Value: v, Option: v})
		}
		it.Prompts = append(it.Prompts, p)
	}
	return it
}

func weights(pairs ...any) map[string]int {
	out := map[string]int{}
	for i := 0; i < len(pairs); i += 2 {
		out[pairs[i].(string)] = pairs[i+1].(int)
	}
	return out
}

func run(t *testing.T, it exam.Item, cases []sourceCase) {
	t.Helper()
	for _, c := range cases {
		if got := c.mark(t, it); got != c.want {
			t.Errorf("%s, %s %q: %d, want %d", it.Type, c.source, c.answer, got, c.want)
		}
	}
}

// TestR13_SourceSingleChoice: Moodle gives the fraction of the one answer that was chosen; QTI's
// match_correct 1 or 0, its map_response the mapped value within the bounds.
func TestR13_SourceSingleChoice(t *testing.T) {
	t.Parallel()
	third := exam.Key{Weighted: true, Options: weights("P", fullCredit, "Q", 3_333, "R", -5_000)}
	matched := exam.Key{Rule: exam.Whole, Options: weights("P", fullCredit, "Q", 5_000)}
	mapped := exam.Key{Rule: exam.Sum, Options: weights("P", fullCredit, "Q", 6_667, "R", -2_500)}
	cases := []sourceCase{
		{source: "Moodle 100 %", key: third, answer: "P", want: 30_000},
		{source: "Moodle 33.33333 % of 3 points", key: third, answer: "Q", want: 10_000},
		{source: "Moodle 33.33333 % of 1 point", key: third, answer: "Q", worth: 10_000, want: 3_333},
		{source: "Moodle -50 %: no question gives less than nothing", key: third, answer: "R", want: 0},
		{source: "Moodle, unanswered", key: third, answer: "", want: 0},
		{source: "match_correct", key: matched, answer: "P", want: 30_000},
		{source: "match_correct has no half", key: matched, answer: "Q", want: 0},
		{source: "map_response", key: mapped, answer: "P", want: 30_000},
		{source: "map_response 2 of 3", key: mapped, answer: "Q", want: 20_000},
		{source: "map_response, lowerBound 0", key: mapped, answer: "R", want: 0},
		{source: "map_response, NULL", key: mapped, answer: "", want: 0},
	}
	run(t, choiceItem(exam.SingleChoice, "PQR"), cases)
	run(t, choiceItem(exam.TrueFalse, "PQ"), []sourceCase{
		{source: "Moodle truefalse", key: exam.Key{Options: weights("Q", fullCredit)}, answer: "Q", want: 30_000},
		{source: "Moodle truefalse", key: exam.Key{Options: weights("Q", fullCredit)}, answer: "P", want: 0},
		{source: "match_correct", key: exam.Key{Rule: exam.Whole, Options: weights("P", fullCredit)}, answer: "P", want: 30_000},
	})
}

// TestR13_SourceMultipleChoice: Moodle sums the fractions of what was chosen, 0..1. The mapping is
// the specification's own (choice_multiple.xml): H and O 1 each, Cl -1, whatever else -2, bounds 0 and 2.
func TestR13_SourceMultipleChoice(t *testing.T) {
	t.Parallel()
	thirds := exam.Key{Weighted: true, Options: weights("A", 3_333, "B", 3_333, "C", 3_333, "D", -3_333)}
	halves := exam.Key{Weighted: true, Options: weights("A", 5_000, "B", 5_000, "C", -10_000, "D", 0)}
	sevenths := exam.Key{Weighted: true, Options: weights("A", 1_429, "B", 1_429, "C", 8_333, "D", -1_667)}
	eighty := exam.Key{Weighted: true, Options: weights("A", 5_000, "B", 3_000)}
	plain := exam.Key{Options: weights("A", fullCredit, "B", fullCredit, "C", fullCredit)}
	matched := exam.Key{Rule: exam.Whole, Weighted: true, Options: weights("A", 5_000, "B", 5_000)}
	water := exam.Key{Rule: exam.Sum, Options: weights("A", 5_000, "B", 5_000, "C", -5_000, "D", -10_000)} // H, O, Cl, He
	run(t, choiceItem(exam.MultipleChoice, "ABCD"), []sourceCase{
		{source: "Moodle 3 × 33.33333 %", multiple: exam.BySource, key: thirds, answer: "ABC", want: 30_000},
		{source: "Moodle 2 × 33.33333 %", multiple: exam.BySource, key: thirds, answer: "AB", want: 20_000},
		{source: "Moodle 1/3 of 1 point", multiple: exam.BySource, key: thirds, answer: "A", worth: 10_000, want: 3_333},
		{source: "Moodle 2/3 of 1 point", multiple: exam.BySource, key: thirds, answer: "AC", worth: 10_000, want: 6_667},
		{source: "Moodle 3/3 - 1/3", multiple: exam.BySource, key: thirds, answer: "ABCD", want: 20_000},
		{source: "Moodle 1/3 - 1/3", multiple: exam.BySource, key: thirds, answer: "AD", want: 0},
		{source: "Moodle 50 %", multiple: exam.BySource, key: halves, answer: "A", want: 15_000},
		{source: "Moodle 50 + 0 %", multiple: exam.BySource, key: halves, answer: "AD", want: 15_000},
		{source: "Moodle 100 - 100 %", multiple: exam.BySource, key: halves, answer: "ABC", want: 0},
		{source: "Moodle below nothing", multiple: exam.BySource, key: halves, answer: "C", want: 0},
		{source: "Moodle 1/7", multiple: exam.BySource, key: sevenths, answer: "A", worth: 70_000, want: 10_000},
		{source: "Moodle 2/7 + 5/6 is more than all", multiple: exam.BySource, key: sevenths, answer: "ABC", want: 30_000},
		{source: "Moodle 5/6 - 1/6", multiple: exam.BySource, key: sevenths, answer: "CD", want: 20_000},
		{source: "Moodle, fractions that add to 80 %", multiple: exam.BySource, key: eighty, answer: "AB", want: 24_000},
		{source: "no weights: all", multiple: exam.BySource, key: plain, answer: "ABC", want: 30_000},
		{source: "no weights: some", multiple: exam.BySource, key: plain, answer: "AB", want: 0},
		{source: "the exam's all-or-nothing over Moodle's weights", multiple: exam.AllOrNothing, key: halves, answer: "A", want: 0},
		{source: "the exam's all-or-nothing over Moodle's weights", multiple: exam.AllOrNothing, key: halves, answer: "AB", want: 30_000},
		{source: "the exam's partial credit: 2/3 - 1/3", multiple: exam.Partial, key: plain, answer: "ABD", want: 10_000},
		{source: "the exam's partial credit: exactly the right ones", multiple: exam.Partial, key: eighty, answer: "AB", want: 30_000},

		{source: "match_correct", multiple: exam.Partial, key: matched, answer: "AB", want: 30_000},
		{source: "match_correct over the exam's partial credit", multiple: exam.Partial, key: matched, answer: "A", want: 0},
		{source: "match_correct, one too many", multiple: exam.BySource, key: matched, answer: "ABC", want: 0},
		{source: "match_correct, NULL", multiple: exam.BySource, key: matched, answer: "", want: 0},

		{source: "map_response H O", multiple: exam.BySource, key: water, answer: "AB", want: 30_000},
		{source: "map_response over the exam's all-or-nothing: H", multiple: exam.AllOrNothing, key: water, answer: "A", want: 15_000},
		{source: "map_response H O Cl = 1 of 2", multiple: exam.AllOrNothing, key: water, answer: "ABC", want: 15_000},
		{source: "map_response H He = -1, lowerBound 0", multiple: exam.Partial, key: water, answer: "AD", want: 0},
		{source: "map_response H O He: defaultValue -2", multiple: exam.Partial, key: water, answer: "ABD", want: 0},
		{source: "map_response, NULL", multiple: exam.BySource, key: water, answer: "", want: 0},
		{source: "map_response, upperBound 1 of 1.5", multiple: exam.BySource,
			key: exam.Key{Rule: exam.Sum, Options: weights("A", fullCredit, "B", 5_000)}, answer: "AB", want: 30_000},
		{source: "map_response: what is right gives 3/4", multiple: exam.Partial,
			key: exam.Key{Rule: exam.Sum, Options: weights("A", 5_000, "B", 2_500)}, answer: "AB", want: 22_500},
	})
}

// TestR13_SourceShortText: Moodle takes the first answer that matches, `*` matches anything, case
// counts where the question says so. Width and compatibility forms are folded (NFKC).
func TestR13_SourceShortText(t *testing.T) {
	t.Parallel()
	key := exam.Key{Texts: []exam.TextKey{
		{Pattern: "Kyoto", Weight: fullCredit}, {Pattern: "*to", Weight: 3_333}, {Pattern: "*", Weight: 0},
	}}
	cased := exam.Key{Texts: []exam.TextKey{{Pattern: "pH", Weight: fullCredit, CaseSensitive: true}, {Pattern: "ph", Weight: 5_000}}}
	japanese := exam.Key{Texts: []exam.TextKey{{Pattern: "プログラム", Weight: fullCredit}, {Pattern: "ABC1", Weight: fullCredit}, {Pattern: "1㎞", Weight: fullCredit}}}
	star := exam.Key{Texts: []exam.TextKey{{Pattern: `a\*b`, Weight: fullCredit}}}
	york := exam.Key{Rule: exam.Sum, Texts: []exam.TextKey{
		{Pattern: "York", Weight: fullCredit, CaseSensitive: true}, {Pattern: "york", Weight: 5_000},
	}}
	whole := exam.Key{Rule: exam.Whole, Texts: york.Texts}
	run(t, exam.Item{Version: "v", Type: exam.ShortText}, []sourceCase{
		{source: "Moodle, first", key: key, answer: "kyoto", want: 30_000},
		{source: "Moodle, wildcard 33.33333 %", key: key, answer: "Naruto", want: 10_000},
		{source: "Moodle, catch-all 0 %", key: key, answer: "Osaka", want: 0},
		{source: "Moodle, white space around", key: key, answer: "  Kyoto ", want: 30_000},
		{source: "Moodle usecase 1", key: cased, answer: "pH", want: 30_000},
		{source: "Moodle usecase 1, then 0", key: cased, answer: "PH", want: 15_000},
		{source: "Moodle, a star itself", key: star, answer: "a*b", want: 30_000},
		{source: "Moodle, a star itself is no wildcard", key: star, answer: "axb", want: 0},
		{source: "NFKC, half-width katakana", key: japanese, answer: "ﾌﾟﾛｸﾞﾗﾑ", want: 30_000},
		{source: "NFKC, decomposed", key: japanese, answer: "フ\u309aロク\u3099ラム", want: 30_000},
		{source: "full width", key: japanese, answer: "ａｂｃ１", want: 30_000},
		{source: "NFKC, square km", key: japanese, answer: "１ｋｍ", want: 30_000},
		{source: "map_response, caseSensitive", key: york, answer: "York", want: 30_000},
		{source: "map_response, another case", key: york, answer: "york", want: 15_000},
		{source: "map_response, defaultValue 0", key: york, answer: "London", want: 0},
		{source: "match_correct", key: whole, answer: "York", want: 30_000},
		{source: "match_correct, strings are case-sensitive", key: whole, answer: "york", want: 0},
	})
}

// TestR13_SourceNumbers: Moodle takes |answer - value| ≤ tolerance, the first that holds; GIFT also
// min..max; QTI 1.2 lower and upper bounds.
func TestR13_SourceNumbers(t *testing.T) {
	t.Parallel()
	nested := exam.Key{Numbers: []exam.NumberKey{
		{Min: "1820", Max: "1824", Weight: fullCredit}, {Min: "1812", Max: "1832", Weight: 5_000},
	}}
	pi := exam.Key{Numbers: []exam.NumberKey{{Min: "3.141", Max: "3.142", Weight: fullCredit}}}
	small := exam.Key{Rule: exam.Whole, Numbers: []exam.NumberKey{{Min: "-1.6e-19", Max: "-1.6e-19", Weight: fullCredit}}}
	run(t, exam.Item{Version: "v", Type: exam.Numeric}, []sourceCase{
		{source: "Moodle 1822 ± 2", key: nested, answer: "1822", want: 30_000},
		{source: "Moodle 1822 ± 2, its edge", key: nested, answer: "1824", want: 30_000},
		{source: "GIFT =%50%1822:10", key: nested, answer: "1824.01", want: 15_000},
		{source: "GIFT =%50%1822:10, its edge", key: nested, answer: "1812", want: 15_000},
		{source: "GIFT, outside", key: nested, answer: "1811.999", want: 0},
		{source: "GIFT 3.141..3.142", key: pi, answer: "3.1415", want: 30_000},
		{source: "GIFT 3.141..3.142", key: pi, answer: "３．１４２", want: 30_000},
		{source: "GIFT 3.141..3.142", key: pi, answer: "3.1421", want: 0},
		{source: "QTI equal, exact", key: small, answer: "-1.60E-19", want: 30_000},
		{source: "QTI equal, exact", key: small, answer: "-1.61E-19", want: 0},
		{source: "no number", key: small, answer: "minus", want: 0},
	})
}

// TestR13_SourceMatching: Moodle gives right ÷ stems. The mapping is the specification's own
// (match.xml): C R 1, D M 0.5, L M 0.5, P T 1, bounds of 0 and 3.
func TestR13_SourceMatching(t *testing.T) {
	t.Parallel()
	pairs := map[string]string{"C": "R", "D": "M", "L": "M"}
	moodle := exam.Key{Pairs: pairs}
	open := exam.Key{Rule: exam.Whole, Pairs: pairs} // nothing belongs to P
	mapped := exam.Key{Rule: exam.Sum, Pairs: pairs, PairWeights: map[string]map[string]int{
		"C": {"R": 3_333}, "D": {"M": 1_667}, "L": {"M": 1_667}, "P": {"T": 3_333, "R": -3_333},
	}}
	run(t, keyedItem(exam.Matching, "CDLP", "R", "M", "T"), []sourceCase{
		{source: "Moodle 3 of 3", key: moodle, answer: "C=R D=M L=M P=T", want: 30_000},
		{source: "Moodle 2 of 3", key: moodle, answer: "C=R D=M L=T", want: 20_000},
		{source: "Moodle 1 of 3 of 1 point", key: moodle, answer: "C=R", worth: 10_000, want: 3_333},
		{source: "match_correct, directedPair", key: open, answer: "C=R D=M L=M", want: 30_000},
		{source: "match_correct, one pair too many", key: open, answer: "C=R D=M L=M P=T", want: 0},
		{source: "match_correct, one missing", key: open, answer: "C=R D=M", want: 0},
		{source: "map_response 3 of 3", key: mapped, answer: "C=R D=M L=M P=T", want: 30_000},
		{source: "map_response 1.5 of 3", key: mapped, answer: "C=R L=M", want: 15_000},
		{source: "map_response, an unmapped pair", key: mapped, answer: "C=R L=R", want: 10_000},
		{source: "map_response, a pair that takes away", key: mapped, answer: "C=R D=M P=R", want: 5_000},
		{source: "map_response, lowerBound 0", key: mapped, answer: "D=M P=R", want: 0},
	})
}

// TestR13_SourceOrdering: Moodle's "absolute position" gives right places ÷ all, "relative to the next
// item" right successors ÷ (all − 1); match_correct wants the whole sequence.
func TestR13_SourceOrdering(t *testing.T) {
	t.Parallel()
	absolute := exam.Key{Order: []string{"C", "A", "B"}}
	sequence := exam.Key{Rule: exam.Whole, Order: absolute.Order}
	next := exam.Key{Rule: exam.Next, Order: absolute.Order}
	run(t, keyedItem(exam.Ordering, "ABC", "1", "2", "3"), []sourceCase{
		{source: "absolute position, all", key: absolute, answer: "A=2 B=3 C=1", want: 30_000},
		{source: "absolute position, 1 of 3", key: absolute, answer: "A=3 B=2 C=1", want: 10_000},
		{source: "absolute position, none", key: absolute, answer: "A=1 B=2 C=3", want: 0},
		{source: "absolute position, all in one place", key: absolute, answer: "A=1 B=1 C=1", want: 10_000},
		{source: "next item, all", key: next, answer: "A=2 B=3 C=1", want: 30_000},
		{source: "next item, 1 of 2", key: next, answer: "A=1 B=2 C=3", want: 15_000},
		{source: "next item, none", key: next, answer: "A=2 B=1 C=3", want: 0},
		{source: "next item, one left open", key: next, answer: "A=2 B=3", want: 15_000},
		{source: "next item, all in one place", key: next, answer: "A=1 B=1 C=1", want: 0},
		{source: "match_correct, ordered", key: sequence, answer: "A=2 B=3 C=1", want: 30_000},
		{source: "match_correct, two exchanged", key: sequence, answer: "A=3 B=2 C=1", want: 0},
	})
}

// TestR13_SourceGaps: Moodle's Cloze is the mean of the gaps weighted by their marks, where a gap may
// take away; QTI's match_correct over several responses wants them all.
func TestR13_SourceGaps(t *testing.T) {
	t.Parallel()
	it := keyedItem(exam.Gaps, "ABC")
	it.Prompts[2].Values = optionsOf("PQR")
	gaps := map[string][]exam.TextKey{
		"A": {{Pattern: "sun", Weight: fullCredit}, {Pattern: "s*n", Weight: 5_000}},
		"C": {{Pattern: "P", Weight: fullCredit}, {Pattern: "Q", Weight: -5_000}},
	}
	numbers := map[string][]exam.NumberKey{"B": {{Min: "1.4", Max: "1.6", Weight: fullCredit}, {Min: "1", Max: "2", Weight: 2_500}}}
	even := exam.Key{Gaps: gaps, GapNumbers: numbers}
	cloze := exam.Key{Gaps: gaps, GapNumbers: numbers, Rule: exam.Sum, Weights: weights("A", 2, "C", 3)}
	all := exam.Key{Gaps: gaps, GapNumbers: numbers, Rule: exam.Whole}
	run(t, it, []sourceCase{
		{source: "even", key: even, answer: "A=Sun B=1.5 C=p", want: 30_000},
		{source: "even, 1/2 + 1/4 + 1", key: even, answer: "A=son B=1.9 C=p", want: 17_500},
		{source: "even, a gap is never below 0", key: even, answer: "A=sun B=1.5 C=q", want: 20_000},
		{source: "even, open gaps", key: even, answer: "B=１．６", want: 10_000},
		{source: "Cloze {2:…} {1:…} {3:…}, all", key: cloze, answer: "A=sun B=1.5 C=p", want: 30_000},
		{source: "Cloze, 2 of 6", key: cloze, answer: "A=sun B=3 C=r", want: 10_000},
		{source: "Cloze, (2 × 1/2 + 1/4 + 3) of 6", key: cloze, answer: "A=son B=1 C=p", want: 21_250},
		{source: "Cloze, (2 + 1 - 3 × 1/2) of 6", key: cloze, answer: "A=sun B=1.5 C=q", want: 7_500},
		{source: "Cloze, (2 × 1/2 - 3 × 1/2) of 6", key: cloze, answer: "A=son C=q", want: 0},
		{source: "match_correct, all responses", key: all, answer: "A=sun B=1.5 C=p", want: 30_000},
		{source: "match_correct, one half right", key: all, answer: "A=son B=1.5 C=p", want: 0},
		{source: "match_correct, one open", key: all, answer: "A=sun C=p", want: 0},
	})
}

// TestR14_OldPapersAreMarkedAsEver: weights of items without Exact are taken as they are, and an item
// whose section left multiple out, which was all or nothing then, stays so.
func TestR14_OldPapersAreMarkedAsEver(t *testing.T) {
	t.Parallel()
	key := exam.Key{Weighted: true, Options: weights("P", 3_333, "Q", 3_333, "R", 3_333)}
	for _, test := range []struct {
		multiple exam.Multiple
		exact    bool
		answer   string
		want     int
	}{
		{exam.Partial, false, "pq", 6_666},
		{exam.Partial, false, "pqr", 10_000},
		{exam.Partial, true, "pq", 6_667},
		{exam.BySource, true, "pq", 6_667},
		{"", false, "pq", 0},
		{"", false, "pqr", 10_000},
	} {
		it := itemOf(exam.MultipleChoice)
		it.Multiple, it.Exact = test.multiple, test.exact
		if got := points(t, it, key, exam.ManyChoices(strings.Split(test.answer, "")...)); got != test.want {
			t.Errorf("%+v: %d", test, got)
		}
	}
}

// TestR13_FractionsAreExact: the weight that a fraction is rounded to earns the fraction itself, of
// whatever number of points; no other weight is taken for more or less than it is.
func TestR13_FractionsAreExact(t *testing.T) {
	t.Parallel()
	it := choiceItem(exam.SingleChoice, "PQ")
	it.Exact = true
	mark := func(weight, points int) int {
		it.Points = points
		return exam.Grader{}.MarkOne(&it, &exam.Key{Options: weights("P", weight)}, &exam.Response{Answer: exam.OneChoice("p")})
	}
	for d := 1; d <= 20; d++ {
		for n := range d + 1 {
			if got := mark((n*fullCredit+d/2)/d, d*fullCredit); got != n*fullCredit {
				t.Errorf("%d/%d of %d points: %d", n, d, d, got)
			}
		}
	}
	for weight := range fullCredit + 1 {
		if got := mark(weight, exam.MaxPoints); got-weight*1_000 >= 1_000 || weight*1_000-got >= 1_000 {
			t.Errorf("weight %d earns %d of 1,000 points", weight, got)
		}
		if got := mark(weight, fullCredit); got != weight && got != weight+1 && got != weight-1 {
			t.Errorf("weight %d earns %d of 1 point", weight, got)
		}
	}
}
