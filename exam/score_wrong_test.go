package exam_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"shiken/exam"
)

// takingOff is a choice item of one point of which a wrong answer takes off a quarter.
func takingOff(typ exam.QuestionType, multiple exam.Multiple) exam.Item {
	return exam.Item{
		Version: "v", Type: typ, Points: exam.FullCredit, Wrong: 2_500, Multiple: multiple, Exact: true,
		Choices: []exam.Choice{{Value: "p", Option: "P"}, {Value: "q", Option: "Q"}, {Value: "r", Option: "R"}, {Value: "s", Option: "S"}},
	}
}

// R13: an answer that earns nothing takes points off, and no other answer does.
func TestR13_WrongAnswersTakeOff(t *testing.T) {
	single := exam.Key{Options: map[string]int{"P": exam.FullCredit, "Q": 3_333, "R": -5_000}}
	several := exam.Key{Options: map[string]int{"P": exam.FullCredit, "Q": exam.FullCredit}}
	either := exam.Key{Options: map[string]int{"P": exam.FullCredit}, Either: []exam.Key{{Options: map[string]int{"S": exam.FullCredit}}}}
	for _, tt := range []struct {
		name   string
		item   exam.Item
		key    exam.Key
		answer exam.Answer
		want   int
	}{
		{"right", takingOff(exam.SingleChoice, ""), single, exam.OneChoice("p"), 10_000},
		{"partly right", takingOff(exam.SingleChoice, ""), single, exam.OneChoice("q"), 3_333},
		{"wrong", takingOff(exam.SingleChoice, ""), single, exam.OneChoice("s"), -2_500},
		{"worth less than nothing", takingOff(exam.SingleChoice, ""), single, exam.OneChoice("r"), -2_500},
		{"unanswered", takingOff(exam.SingleChoice, ""), single, exam.Answer{}, 0},
		{"true or false, wrong", takingOff(exam.TrueFalse, ""), single, exam.OneChoice("s"), -2_500},
		{"several, all right", takingOff(exam.MultipleChoice, exam.Partial), several, exam.ManyChoices("p", "q"), 10_000},
		{"several, half right", takingOff(exam.MultipleChoice, exam.Partial), several, exam.ManyChoices("p"), 5_000},
		{"several, as many wrong as right", takingOff(exam.MultipleChoice, exam.Partial), several, exam.ManyChoices("p", "r"), -2_500},
		{"several, half right, all or nothing", takingOff(exam.MultipleChoice, exam.AllOrNothing), several, exam.ManyChoices("p"), -2_500},
		{"several, none chosen", takingOff(exam.MultipleChoice, exam.Partial), several, exam.Answer{}, 0},
		{"right by the other key", takingOff(exam.SingleChoice, ""), either, exam.OneChoice("s"), 10_000},
		{"wrong by both", takingOff(exam.SingleChoice, ""), either, exam.OneChoice("q"), -2_500},
		{"full marks for all", takingOff(exam.SingleChoice, ""), exam.Key{Treatment: exam.FullMarks}, exam.OneChoice("s"), 10_000},
		{"dropped", takingOff(exam.SingleChoice, ""), exam.Key{Treatment: exam.Excluded}, exam.OneChoice("s"), exam.Dropped},
	} {
		r := exam.Response{Answer: tt.answer}
		if got := (exam.Grader{}).MarkOne(&tt.item, &tt.key, &r); got != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, got, tt.want)
		}
	}
}

// sitOf is a closed attempt with an answer at each position.
func sitOf(p *exam.Paper, answers ...exam.Answer) *exam.Attempt {
	a := &exam.Attempt{Status: exam.Submitted, Responses: map[int]exam.Response{}}
	for i, answer := range answers {
		a.Responses[i+1] = exam.Response{Answer: answer}
	}
	return a
}

// R13: no section falls below nothing, and what one loses beyond that another does not pay.
func TestR13_NoSectionBelowNothing(t *testing.T) {
	p := &exam.Paper{Sections: []exam.PaperSection{{Minimum: 10}, {Minimum: 50}}, Rules: exam.Rules{PassMark: 25}}
	for i := range 4 {
		it := takingOff(exam.SingleChoice, "")
		it.Section = i / 2
		p.Items = append(p.Items, it)
	}
	keys := map[string]exam.Key{"v": {Revision: 1, Options: map[string]int{"P": exam.FullCredit}}}
	right, wrong := exam.OneChoice("p"), exam.OneChoice("q")
	for _, tt := range []struct {
		answers  []exam.Answer
		sections []int
		passed   bool
	}{
		{[]exam.Answer{wrong, wrong, right, right}, []int{0, 20_000}, false},
		{[]exam.Answer{right, wrong, right, wrong}, []int{7_500, 7_500}, false}, // 37.5 % of the second
		{[]exam.Answer{right, wrong, right, {}}, []int{7_500, 10_000}, true},
		{[]exam.Answer{wrong, {}, wrong, wrong}, []int{0, 0}, false},
	} {
		s := (exam.Grader{}).Mark(p, sitOf(p, tt.answers...), keys)
		got := []int{s.Sections[0].Total, s.Sections[1].Total}
		if !slices.Equal(got, tt.sections) || s.Total != got[0]+got[1] || s.Max != 40_000 || *s.Passed != tt.passed {
			t.Errorf("%v: %+v, want %v, passed %v", tt.answers, s, tt.sections, tt.passed)
		}
	}
}

// R13: whatever is taken off and whatever is marked, the sums are those of the marks, section by section, no
// mark is one that says something else, and without anything to take off all is as it was.
func TestR13_TakingOffBounds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := exam.Paper{Sections: make([]exam.PaperSection, rapid.IntRange(1, 3).Draw(t, "sections"))}
		a := exam.Attempt{Responses: map[int]exam.Response{}}
		key := exam.Key{Revision: 1, Weighted: rapid.Bool().Draw(t, "weighted"), Options: map[string]int{
			"P": rapid.IntRange(-10_000, 10_000).Draw(t, "P"), "Q": rapid.IntRange(-10_000, 10_000).Draw(t, "Q"),
		}}
		for i := range rapid.IntRange(1, 8).Draw(t, "items") {
			it := takingOff(exam.MultipleChoice, rapid.SampledFrom([]exam.Multiple{exam.BySource, exam.AllOrNothing, exam.Partial}).Draw(t, "multiple"))
			it.Section = rapid.IntRange(0, len(p.Sections)-1).Draw(t, "section")
			it.Points = rapid.IntRange(exam.MinWrong, exam.MaxPoints).Draw(t, "points")
			it.Wrong = rapid.OneOf(rapid.Just(0), rapid.IntRange(exam.MinWrong, it.Points)).Draw(t, "wrong")
			p.Items = append(p.Items, it)
			chosen := rapid.SliceOfDistinct(rapid.SampledFrom([]string{"p", "q", "r"}), rapid.ID).Draw(t, "chosen")
			a.Responses[i+1] = exam.Response{Answer: exam.ManyChoices(chosen...)}
		}
		keys := map[string]exam.Key{"v": key}
		with := (exam.Grader{}).Mark(&p, &a, keys)
		plain := exam.Paper{Sections: p.Sections, Items: slices.Clone(p.Items)}
		for i := range plain.Items {
			plain.Items[i].Wrong = 0
		}
		without := (exam.Grader{}).Mark(&plain, &a, keys)
		sums, total := make([]int, len(p.Sections)), 0
		for i, mark := range with.Items {
			it := &p.Items[i]
			wants := without.Items[i]
			if wants == 0 && len(a.Responses[i+1].Answer.Choices) > 0 && mark < 0 {
				wants = -it.Wrong
			}
			if mark != wants || !exam.Counts(mark) {
				t.Fatalf("item %d: %d, without anything to take off %d", i+1, mark, without.Items[i])
			}
			sums[it.Section] += mark
		}
		for i, sum := range sums {
			total += max(sum, 0)
			if with.Sections[i].Total != max(sum, 0) {
				t.Fatalf("section %d: %d of %v", i+1, with.Sections[i].Total, with.Items)
			}
		}
		if with.Total != total || with.Max != without.Max || with.Total > without.Total {
			t.Fatalf("%+v, without %+v", with, without)
		}
	})
}

// A corrected key gives back what was taken off, and takes off nothing anew unless results may be lower.
func TestR13_RegradeOfWhatWasTakenOff(t *testing.T) {
	p := &exam.Paper{Sections: make([]exam.PaperSection, 1), Items: []exam.Item{takingOff(exam.SingleChoice, ""), takingOff(exam.SingleChoice, "")}}
	p.Items[1].Version = "w"
	old := exam.Key{Revision: 1, Options: map[string]int{"P": exam.FullCredit}}
	now := exam.Key{Revision: 2, Options: map[string]int{"Q": exam.FullCredit}}
	for _, tt := range []struct {
		answer exam.Answer
		lower  bool
		mark   int
		kept   bool
	}{
		{exam.OneChoice("q"), false, 10_000, false},
		{exam.OneChoice("p"), false, 10_000, true},
		{exam.OneChoice("p"), true, -2_500, false},
		{exam.OneChoice("r"), false, -2_500, false},
	} {
		a := sitOf(p, tt.answer, exam.OneChoice("p"))
		score := (exam.Grader{}).Mark(p, a, map[string]exam.Key{"v": old, "w": old})
		a.Score = &score
		made := (exam.Grader{}).Regrade(p, a, &now, 1, score.Items[0], tt.lower)
		if made.Score.Items[0] != tt.mark || (made.Kept != nil) != tt.kept || made.Score.Total != max(tt.mark+10_000, 0) {
			t.Errorf("%v, lower %v: %+v", tt.answer, tt.lower, made)
		}
	}
}

// Statistics tell how hard a question is, not what it takes off.
func TestStatisticsOfWhatTakesOff(t *testing.T) {
	p := &exam.Paper{Sections: make([]exam.PaperSection, 1), Items: []exam.Item{takingOff(exam.SingleChoice, ""), takingOff(exam.SingleChoice, "")}}
	p.Items[1].Version = "w"
	keys := map[string]exam.Key{"v": {Options: map[string]int{"P": exam.FullCredit}}, "w": {Options: map[string]int{"P": exam.FullCredit}}}
	var stats exam.Statistics
	for i := range exam.MinStatistics {
		answer := exam.OneChoice([]string{"p", "q"}[i%2])
		a := sitOf(p, answer, answer)
		score := (exam.Grader{}).Mark(p, a, keys)
		a.Score = &score
		stats.Add(p, a)
	}
	for _, item := range stats.Items(keys) {
		if math.Abs(item.Facility-0.5) > 1e-9 || item.Discrimination == nil || *item.Discrimination < 0.99 {
			t.Errorf("%s: facility %v, discrimination %v", item.Version, item.Facility, item.Discrimination)
		}
	}
}

// Papers and definitions that say none of it are written as before, so that their hashes stay.
func TestOldPapersAreWrittenAsBefore(t *testing.T) {
	text := string(exam.Canonical(definition(exam.SectionDefinition{From: exam.Source{Set: "s"}, Points: 1}))) +
		string(exam.Canonical(exam.Item{Version: "v", Type: exam.SingleChoice, Choices: []exam.Choice{{Value: "p", Option: "P"}}}))
	for _, word := range []string{"wrong", "labels", "pick", "tag", "counts"} {
		if strings.Contains(text, `"`+word+`"`) {
			t.Errorf("%q stands in %s", word, text)
		}
	}
}
