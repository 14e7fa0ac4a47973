package exam_test

import (
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"shiken/exam"
)

// points marks one answer to one item worth 1 point (10,000 units), or what points says.
func points(t failer, it exam.Item, key exam.Key, a exam.Answer) int {
	t.Helper()
	canonical, err := it.Canonical(a)
	if err != nil {
		t.Fatalf("%v is not on the paper: %v", a, err)
	}
	p := exam.Paper{Items: []exam.Item{it}, Sections: []exam.PaperSection{{}}}
	at := exam.Attempt{Responses: map[int]exam.Response{1: {Answer: canonical}}}
	s := exam.Grader{Normalize: strings.TrimSpace}.Mark(&p, &at, map[string]exam.Key{it.Version: key})
	if s.Max != it.Points || s.Total != max(s.Items[0], 0) {
		t.Fatalf("score %+v", s)
	}
	if one := (exam.Grader{}).MarkOne(&it, &key, ptr(at.Response(1))); one != s.Items[0] {
		t.Fatalf("marked alone %d, on the paper %d", one, s.Items[0])
	}
	return s.Items[0]
}

// TestR13_Choices: hand-computed points of single, multiple and true/false questions. The item
// shows p, q, r for the options P, Q, R.
func TestR13_Choices(t *testing.T) {
	t.Parallel()
	plain := exam.Key{Options: map[string]int{"P": 10_000, "Q": 10_000}}
	weighted := exam.Key{Weighted: true, Options: map[string]int{"P": 6_000, "Q": 4_000, "R": -5_000}}
	for _, test := range []struct {
		name   string
		typ    exam.QuestionType
		mode   exam.Multiple
		points int
		key    exam.Key
		answer string // option values
		want   int
	}{
		{"right", exam.SingleChoice, "", 10_000, exam.Key{Options: map[string]int{"P": 10_000}}, "p", 10_000},
		{"wrong", exam.SingleChoice, "", 10_000, exam.Key{Options: map[string]int{"P": 10_000}}, "q", 0},
		{"unanswered", exam.SingleChoice, "", 10_000, exam.Key{Options: map[string]int{"P": 10_000}}, "", 0},
		{"half right", exam.SingleChoice, "", 10_000, exam.Key{Options: map[string]int{"P": 10_000, "Q": 5_000}}, "q", 5_000},
		{"never below nothing", exam.SingleChoice, "", 10_000, exam.Key{Options: map[string]int{"P": 10_000, "Q": -5_000}}, "q", 0},
		{"never above everything", exam.SingleChoice, "", 10_000, exam.Key{Options: map[string]int{"P": 20_000}}, "p", 10_000},
		{"no key", exam.SingleChoice, "", 10_000, exam.Key{}, "p", 0},
		{"true", exam.TrueFalse, "", 10_000, exam.Key{Options: map[string]int{"P": 10_000}}, "p", 10_000},
		{"false", exam.TrueFalse, "", 10_000, exam.Key{Options: map[string]int{"P": 10_000}}, "q", 0},

		{"all", exam.MultipleChoice, exam.AllOrNothing, 10_000, plain, "pq", 10_000},
		{"one of two", exam.MultipleChoice, exam.AllOrNothing, 10_000, plain, "p", 0},
		{"all and a wrong one", exam.MultipleChoice, exam.AllOrNothing, 10_000, plain, "pqr", 0},
		{"nothing", exam.MultipleChoice, exam.AllOrNothing, 10_000, plain, "", 0},
		{"weights do not matter", exam.MultipleChoice, exam.AllOrNothing, 10_000, weighted, "p", 0},
		{"all, weighted", exam.MultipleChoice, exam.AllOrNothing, 10_000, weighted, "pq", 10_000},
		{"no key, multiple", exam.MultipleChoice, exam.AllOrNothing, 10_000, exam.Key{}, "pqr", 0},

		{"partial: all", exam.MultipleChoice, exam.Partial, 10_000, plain, "pq", 10_000},
		{"partial: 1/2", exam.MultipleChoice, exam.Partial, 10_000, plain, "p", 5_000},
		{"partial: 1/2 - 1/2", exam.MultipleChoice, exam.Partial, 10_000, plain, "pr", 0},
		{"partial: 2/2 - 1/2", exam.MultipleChoice, exam.Partial, 10_000, plain, "pqr", 5_000},
		{"partial: below nothing", exam.MultipleChoice, exam.Partial, 10_000, plain, "r", 0},
		{"partial: half of 1.0001, half up", exam.MultipleChoice, exam.Partial, 10_001, plain, "p", 5_001},
		{"weighted: 60 %", exam.MultipleChoice, exam.Partial, 10_000, weighted, "p", 6_000},
		{"weighted: 60 - 50 %", exam.MultipleChoice, exam.Partial, 10_000, weighted, "pr", 1_000},
		{"weighted: 40 - 50 %", exam.MultipleChoice, exam.Partial, 10_000, weighted, "qr", 0},
		{"weighted: 100 - 50 %", exam.MultipleChoice, exam.Partial, 10_000, weighted, "pqr", 5_000},
		{"weighted: thirds that add to 99.99 %", exam.MultipleChoice, exam.Partial, 10_000,
			exam.Key{Weighted: true, Options: map[string]int{"P": 3_333, "Q": 3_333, "R": 3_333}}, "pqr", 10_000},
	} {
		t.Run(test.name, func(t *testing.T) {
			it := itemOf(test.typ)
			it.Multiple, it.Points = test.mode, test.points
			answer := exam.OneChoice(test.answer)
			if test.typ == exam.MultipleChoice {
				answer = exam.ManyChoices(strings.Split(test.answer, "")...)
			}
			if got := points(t, it, test.key, answer); got != test.want {
				t.Errorf("got %d, want %d", got, test.want)
			}
		})
	}
}

// TestR13_ThirdsAreRoundedOnce: 2/3 of 3 points are 2 points, not 1.9998.
func TestR13_ThirdsAreRoundedOnce(t *testing.T) {
	t.Parallel()
	thirds := exam.Key{Options: map[string]int{"P": 10_000, "Q": 10_000, "R": 10_000}}
	gaps := exam.Key{Order: []string{"K", "L", "M"}}
	for _, test := range []struct{ points, chosen, want int }{
		{30_000, 1, 10_000},
		{30_000, 2, 20_000},
		{10_000, 1, 3_333}, // 3333.33
		{10_000, 2, 6_667}, // 6666.67
		{5, 1, 2},          // 1.67
		{2, 1, 1},          // 0.67
		{1, 1, 0},          // 0.33
		{7, 2, 5},          // 4.67
	} {
		it := itemOf(exam.MultipleChoice)
		it.Multiple, it.Points = exam.Partial, test.points
		if got := points(t, it, thirds, exam.ManyChoices([]string{"p", "q"}[:test.chosen]...)); got != test.want {
			t.Errorf("%d of 3 right for %d: %d, want %d", test.chosen, test.points, got, test.want)
		}
		ordering := itemOf(exam.Ordering)
		ordering.Points = test.points
		places := []exam.Choice{{Value: "1", Option: "1"}, {Value: "2", Option: "2"}, {Value: "3", Option: "3"}}
		ordering.Prompts = []exam.PaperPrompt{{Key: "k", Prompt: "K", Values: places}, {Key: "l", Prompt: "L", Values: places}, {Key: "m", Prompt: "M", Values: places}}
		given := map[string]string{"k": "1", "l": []string{"1", "2"}[test.chosen-1], "m": "1"}
		if got := points(t, ordering, gaps, exam.KeyedAnswer(given)); got != test.want {
			t.Errorf("%d of 3 in place for %d: %d, want %d", test.chosen, test.points, got, test.want)
		}
	}
}

// TestR13_ShortTexts: alternatives, wildcards, case, width and white space.
func TestR13_ShortTexts(t *testing.T) {
	t.Parallel()
	one := func(pattern string) []exam.TextKey { return []exam.TextKey{{Pattern: pattern, Weight: 10_000}} }
	exact := []exam.TextKey{{Pattern: "Tokyo", Weight: 10_000, CaseSensitive: true}}
	several := []exam.TextKey{{Pattern: "Kyoto", Weight: 10_000}, {Pattern: "*to*", Weight: 3_000}, {Pattern: "*", Weight: -5}}
	for _, test := range []struct {
		name, answer string
		keys         []exam.TextKey
		want         int
	}{
		{"exact", "Tokyo", one("Tokyo"), 10_000},
		{"case does not count", "tOKYO", one("Tokyo"), 10_000},
		{"case counts", "tokyo", exact, 0},
		{"case counts and is right", "Tokyo", exact, 10_000},
		{"white space around and between", "  New \t\n York ", one("new york"), 10_000},
		{"white space missing", "NewYork", one("new york"), 0},
		{"full width", "Ｔｏｋｙｏ　１２", one("tokyo 12"), 10_000},
		{"full-width key", "tokyo 12", one("Ｔｏｋｙｏ　１２"), 10_000},
		{"Japanese", "東京", one("東京"), 10_000},
		{"part of it", "東京都", one("東京"), 0},
		{"first that matches", "Kyoto", several, 10_000},
		{"second that matches", "Toyota", several, 3_000},
		{"catch-all below nothing", "Osaka", several, 0},
		{"star in the middle", "colour", one("colo*r"), 10_000},
		{"star for nothing", "color", one("colo*r"), 10_000},
		{"star over lines", "a\nb", one("a*b"), 10_000},
		{"two stars", "xAyBz", one("*a*b*"), 10_000},
		{"a star itself", "3*4", one(`3\*4`), 10_000},
		{"a star itself is no wildcard", "3x4", one(`3\*4`), 0},
		{"a full-width star is no wildcard", "3x4", one("3＊4"), 0},
		{"a full-width star", "3＊4", one("3＊4"), 10_000},
		{"a backslash", `a\b`, one(`a\b`), 10_000},
		{"a backslash at the end", `a\`, one(`a\`), 10_000},
		{"no regular expression", "abc", one("a.c"), 0},
		{"brackets", "f(x)[1]+", one("f(x)[1]+"), 10_000},
		{"no key", "anything", nil, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := points(t, itemOf(exam.ShortText), exam.Key{Texts: test.keys}, exam.TextAnswer(test.answer)); got != test.want {
				t.Errorf("%q: got %d, want %d", test.answer, got, test.want)
			}
		})
	}
}

// TestR13_Numbers: what a candidate may type, and ranges.
func TestR13_Numbers(t *testing.T) {
	t.Parallel()
	rangeOf := func(lo, hi string) []exam.NumberKey { return []exam.NumberKey{{Min: lo, Max: hi, Weight: 10_000}} }
	near := []exam.NumberKey{{Min: "3.14", Max: "3.14", Weight: 10_000}, {Min: "3.1", Max: "3.2", Weight: 5_000}}
	for _, test := range []struct {
		answer string
		keys   []exam.NumberKey
		want   int
	}{
		{"3.14", near, 10_000},
		{"3.140", near, 10_000},
		{"3.1", near, 5_000},
		{"3.2", near, 5_000},
		{"3.2000000000000000000001", near, 0},
		{"3.0999999999999999999999", near, 0},
		{"0.1", rangeOf("0.1", "0.1"), 10_000},
		{"１，２３４．５", rangeOf("1234.5", "1234.5"), 10_000},
		{"1,234,567", rangeOf("1234567", "1234567"), 10_000},
		{"12,34", rangeOf("1234", "1234"), 0},
		{"1,2345", rangeOf("12345", "12345"), 0},
		{",123", rangeOf("123", "123"), 0},
		{"−5", rangeOf("-5", "-5"), 10_000},
		{"－５", rangeOf("-5", "-5"), 10_000},
		{"+5", rangeOf("5", "5"), 10_000},
		{" 5　", rangeOf("5", "5"), 10_000},
		{"5.", rangeOf("5", "5"), 10_000},
		{".5", rangeOf("0.5", "0.5"), 10_000},
		{"1.5e3", rangeOf("1500", "1500"), 10_000},
		{"1.5E−3", rangeOf("0.0015", "0.0015"), 10_000},
		{"1500", rangeOf("-1.5e3", "1.5e3"), 10_000},
		{"1e999", rangeOf("1e999", "1e999"), 10_000},
		{"1e1000", rangeOf("0", "1e999"), 0},
		{".", rangeOf("0", "0"), 0},
		{"e5", rangeOf("0", "0"), 0},
		{"-", rangeOf("0", "0"), 0},
		{"1/2", rangeOf("0.5", "0.5"), 0},
		{"0x10", rangeOf("16", "16"), 0},
		{"1_000", rangeOf("1000", "1000"), 0},
		{"five", rangeOf("5", "5"), 0},
		{"5 m", rangeOf("5", "5"), 0},
		{"5 5", rangeOf("55", "55"), 0},
		{strings.Repeat("0", 101) + "5", rangeOf("5", "5"), 0},
		{strings.Repeat("　", 200) + "5", rangeOf("5", "5"), 0},
		{"5", rangeOf("four", "six"), 0},
		{"5", nil, 0},
	} {
		if got := points(t, itemOf(exam.Numeric), exam.Key{Numbers: test.keys}, exam.TextAnswer(test.answer)); got != test.want {
			t.Errorf("%q in %v: got %d, want %d", test.answer, test.keys, got, test.want)
		}
	}
}

// TestR13_Keyed: matching, ordering and gaps give right ÷ all.
func TestR13_Keyed(t *testing.T) {
	t.Parallel()
	match := exam.Key{Pairs: map[string]string{"K": "P", "L": "Q"}}
	order := exam.Key{Order: []string{"L", "K"}}
	gaps := exam.Key{Gaps: map[string][]exam.TextKey{
		"K": {{Pattern: "sun", Weight: 10_000}, {Pattern: "s*", Weight: 5_000}},
		"L": {{Pattern: "Q", Weight: 10_000}, {Pattern: "R", Weight: -10_000}},
	}}
	for _, test := range []struct {
		name string
		typ  exam.QuestionType
		key  exam.Key
		k, l string
		want int
	}{
		{"both pairs", exam.Matching, match, "p", "q", 10_000},
		{"one pair", exam.Matching, match, "p", "p", 5_000},
		{"one pair, one blank", exam.Matching, match, "", "q", 5_000},
		{"no pair", exam.Matching, match, "q", "p", 0},
		{"a prompt without key does not count", exam.Matching, exam.Key{Pairs: map[string]string{"K": "P"}}, "p", "r", 10_000},
		{"a blank is never right", exam.Matching, exam.Key{Pairs: map[string]string{"K": "", "L": "Q"}}, "", "q", 5_000},
		{"no pairs in the key", exam.Matching, exam.Key{}, "p", "q", 0},
		{"in order", exam.Ordering, order, "2", "1", 10_000},
		{"out of order", exam.Ordering, order, "1", "2", 0},
		{"one in its place", exam.Ordering, order, "2", "2", 5_000},
		{"an item without place", exam.Ordering, exam.Key{Order: []string{"K"}}, "1", "1", 10_000},
		{"both gaps", exam.Gaps, gaps, "Sun", "q", 10_000},
		{"wildcard gap", exam.Gaps, gaps, "son", "q", 7_500},
		{"choice gap is no text", exam.Gaps, gaps, "sun", "p", 5_000},
		{"a gap never takes away", exam.Gaps, gaps, "sun", "r", 5_000},
		{"blank gap", exam.Gaps, gaps, "", "q", 5_000},
		{"a gap without key does not count", exam.Gaps, exam.Key{Gaps: map[string][]exam.TextKey{"L": gaps.Gaps["L"]}}, "x", "q", 10_000},
	} {
		t.Run(test.name, func(t *testing.T) {
			given := exam.KeyedAnswer(map[string]string{"k": test.k, "l": test.l})
			if got := points(t, itemOf(test.typ), test.key, given); got != test.want {
				t.Errorf("got %d, want %d", got, test.want)
			}
		})
	}
}

// TestR13_EssaysAwaitAMarker: until somebody marked them nothing is passed or failed; what was
// marked by hand counts over any key, until the answer changes.
func TestR13_EssaysAwaitAMarker(t *testing.T) {
	t.Parallel()
	p := paperOf(exam.Free, exam.ExamFeedback, exam.Essay, exam.Description, exam.Essay)
	p.Rules.PassMark, p.Sections[0].Minimum = 50, 50
	s := begin(t, p)
	s.must(t, save("c1", 1, "p", 1, 0, "long text"), t0)
	s.must(t, submit("c2", 1), t0)
	score := exam.Grader{}.Mark(s.p, &s.a, nil)
	if want := []int{exam.Awaiting, 0, 0}; !reflect.DeepEqual(score.Items, want) || !score.Awaiting || score.Passed != nil || score.Max != 20_000 {
		t.Errorf("score %+v, want items %v", score, want)
	}
	s.must(t, grading("g1", score), t0)
	if s.a.Marking != exam.AwaitingMarker {
		t.Errorf("marking %s", s.a.Marking)
	}
	byHand := byAdmin("m1", exam.MarkByHand)
	byHand.Position, byHand.Points, byHand.Rev = 1, 10_001, 1
	s.refused(t, byHand, t0, exam.OutOfRange)
	byHand.ID, byHand.Points = "m2", 10_000
	s.must(t, byHand, t0)
	score = exam.Grader{}.Mark(s.p, &s.a, nil)
	s.must(t, grading("g2", score), t0)
	if s.a.Marking != exam.MarkingDone || score.Total != 10_000 || score.Passed == nil || !*score.Passed || !*score.Sections[0].Passed {
		t.Errorf("marked %+v, %s", score, s.a.Marking)
	}
	s.must(t, byAdmin("r1", exam.Reopen), t0)
	c := save("c3", 1, "q", 1, 1, "another text")
	c.Opening = 2
	s.must(t, c, t0)
	if got := (exam.Grader{}).Mark(s.p, &s.a, nil).Items[0]; got != exam.Awaiting {
		t.Errorf("another text has %d points of the first", got)
	}
}

// TestR13_PassMarkAndMinimum: percentages are compared unrounded, and every minimum has to be
// reached.
func TestR13_PassMarkAndMinimum(t *testing.T) {
	t.Parallel()
	right := exam.Key{Revision: 3, Texts: []exam.TextKey{{Pattern: "right", Weight: 10_000}, {Pattern: "nearly", Weight: 5_999}, {Pattern: "just", Weight: 6_000}}}
	yes, no := true, false
	for _, test := range []struct {
		name             string
		pass             int
		minimum          [2]int
		first, second    string
		want, one, other *bool
	}{
		{"no mark, no minimum", 0, [2]int{}, "right", "", nil, nil, nil},
		{"60 % by 60.00", 60, [2]int{}, "just", "just", &yes, nil, nil},
		{"60 % by 59.995", 60, [2]int{}, "nearly", "just", &no, nil, nil},
		{"minimum reached", 0, [2]int{60, 0}, "just", "", &yes, &yes, nil},
		{"minimum missed", 0, [2]int{60, 0}, "nearly", "right", &no, &no, nil},
		{"pass mark reached, minimum missed", 50, [2]int{40, 40}, "right", "", &no, &yes, &no},
		{"minimum reached, pass mark missed", 90, [2]int{40, 40}, "just", "just", &no, &yes, &yes},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := paperOf(exam.Free, exam.ExamFeedback, exam.ShortText, exam.ShortText)
			p.Rules.PassMark = test.pass
			p.Sections = []exam.PaperSection{{Minimum: test.minimum[0]}, {Minimum: test.minimum[1]}}
			p.Items[1].Section = 1
			a := exam.Attempt{Responses: map[int]exam.Response{1: {Answer: exam.TextAnswer(test.first)}, 2: {Answer: exam.TextAnswer(test.second)}}}
			s := exam.Grader{}.Mark(&p, &a, map[string]exam.Key{p.Items[0].Version: right})
			if !reflect.DeepEqual([]*bool{s.Passed, s.Sections[0].Passed, s.Sections[1].Passed}, []*bool{test.want, test.one, test.other}) {
				t.Errorf("score %+v", s)
			}
			if !reflect.DeepEqual(s.Revisions, []int{3, 3}) {
				t.Errorf("key revisions %v", s.Revisions)
			}
		})
	}
}

// TestR13_Bounds: any answer and key give each item 0..points, and the sums add up.
func TestR13_Bounds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x := runScript(t)
		keys := map[string]exam.Key{}
		weight := rapid.IntRange(-10_000, 10_000)
		for i := range x.s.p.Items {
			it := &x.s.p.Items[i]
			it.Points = rapid.IntRange(0, exam.MaxPoints).Draw(t, "points")
			it.Multiple = rapid.SampledFrom([]exam.Multiple{"", exam.BySource, exam.AllOrNothing, exam.Partial}).Draw(t, "multiple")
			it.Exact = rapid.Bool().Draw(t, "exact")
			keys[it.Version] = exam.Key{
				Rule:     rapid.SampledFrom([]exam.ScoringRule{exam.ByExam, exam.Whole, exam.Sum}).Draw(t, "rule"),
				Weights:  map[string]int{"K": rapid.IntRange(-1, 2_000).Draw(t, "K"), "L": 3},
				Weighted: rapid.Bool().Draw(t, "weighted"),
				Options:  map[string]int{"P": weight.Draw(t, "P"), "Q": weight.Draw(t, "Q"), "R": weight.Draw(t, "R")},
				Texts:    []exam.TextKey{{Pattern: "p*", Weight: weight.Draw(t, "text")}},
				Numbers:  []exam.NumberKey{{Min: "0", Max: "1", Weight: weight.Draw(t, "number")}},
				Pairs:    map[string]string{"K": "P"},
				PairWeights: map[string]map[string]int{
					"K": {"P": weight.Draw(t, "pair"), "Q": 5_000}, "L": {"Q": weight.Draw(t, "other pair")},
				},
			}
		}
		s := exam.Grader{}.Mark(x.s.p, &x.s.a, keys)
		total := 0
		for i, got := range s.Items {
			if got > x.s.p.Items[i].Points || got < 0 && got != exam.Awaiting {
				t.Fatalf("item %d: %d of %d", i+1, got, x.s.p.Items[i].Points)
			}
			total += max(got, 0)
		}
		if again := (exam.Grader{}).Mark(x.s.p, &x.s.a, keys); total != s.Total || !reflect.DeepEqual(s, again) {
			t.Fatalf("items give %d: %+v, again %+v", total, s, again)
		}
	})
}
