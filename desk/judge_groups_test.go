package desk_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"shiken/desk"
	"shiken/exam"
	"shiken/questionset"
	"shiken/store"
)

// grouped has a question for each letter; those of one capital letter share a passage.
func grouped(groups string) []exam.PoolQuestion {
	var out []exam.PoolQuestion
	for i, g := range groups {
		q := exam.PoolQuestion{Version: strings.Repeat("x", i+1), Question: exam.Question{Type: exam.Essay}}
		q.Identity = q.Version
		if g >= 'A' && g <= 'Z' {
			q.Question.Group = string(g)
		}
		out = append(out, q)
	}
	return out
}

// TestJudgeGroups: a section that whole groups cannot fill is told before anybody sits the exam, with
// what to draw instead; what is told to be sound is drawn for every seed.
func TestJudgeGroups(t *testing.T) {
	for _, tt := range []struct {
		name, pool string
		draws      []int
		want       string // of the faults: code, and what is near
	}{
		{"whole groups", "AAABBB", []int{3}, ""},
		{"all", "AAABBB", []int{0}, ""},
		{"torn", "AAABBB", []int{4}, "whole_groups 3 / 6"},
		{"less than any group", "AAABBB", []int{2}, "whole_groups 3"},
		{"filled up by one alone", "AAAbCC", []int{4}, ""},
		{"two sections, enough alone to fill up", "AAAbbbb", []int{1, 3}, ""},
		{"two sections, perhaps too few alone", "AAAbbbb", []int{3, 3}, "shared_groups"},
		{"two sections, enough alone whatever is taken", "AAAbbbbb", []int{2, 3}, ""},
		{"two sections, nothing to fill up with", "AABBCC", []int{2, 2}, "shared_groups"},
		{"a section that draws all", "AABBCC", []int{2, 0}, ""},
		{"too few", "AAABBB", []int{7}, "too_few"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			stored, d := pools{"s": grouped(tt.pool)}, drawing(tt.draws...)
			v, err := desk.Judge(t.Context(), stored, d)
			got := ""
			for _, f := range v.Faults {
				got = string(f.Code)
				if f.Code == desk.WholeGroups {
					got += " " + f.Args[3].(string)
				}
			}
			if err != nil || got != tt.want {
				t.Fatalf("%q, %v; want %q", got, err, tt.want)
			}
			for seed := range 100 {
				_, err := exam.Draw(exam.DrawRequest{Definition: d, Pools: all(t, stored, d), Seed: exam.Seed{byte(seed)}})
				if got == "" && err != nil {
					t.Fatalf("seed %d: %v", seed, err)
				}
			}
		})
	}
}

func all(t *testing.T, stored pools, d *exam.Definition) [][]exam.PoolQuestion {
	t.Helper()
	out, err := stored.LoadPools(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestJudgeTornGroups: filters that take a part of a group are told, and are no fault.
func TestJudgeTornGroups(t *testing.T) {
	passage := func(category string) questionset.Question {
		return questionset.Question{
			SourceKey: category, Category: category, Question: exam.Question{Type: exam.Numeric, Group: "g"}, ContentHash: category,
		}
	}
	batch := &desk.Batch{Set: "s", Questions: []questionset.Question{passage("one"), passage("two"), passage("two ")}}
	for _, tt := range []struct {
		categories []string
		want       []desk.FaultCode
	}{
		{nil, nil},
		{[]string{"one", "two", "two "}, nil},
		{[]string{"one"}, []desk.FaultCode{desk.TornGroup}},
	} {
		d := drawing(0)
		d.OpenTo, d.Sections[0].From.Category = []string{exam.Everyone}, tt.categories
		v, err := desk.Judge(t.Context(), pools{}, d, batch)
		if err != nil || len(v.Faults) != 0 || !slices.Equal(codes(v.Notices), tt.want) {
			t.Errorf("%v: %+v, %v", tt.categories, v, err)
		}
	}
}

// TestJudgeRulesOfSources: a section that says how choices of several are scored is told of those on which it
// has no effect, whether they are stored or about to be.
func TestJudgeRulesOfSources(t *testing.T) {
	choice := func(key string, rule exam.ScoringRule) questionset.Question {
		return questionset.Question{SourceKey: key, Question: exam.Question{Type: exam.MultipleChoice}, Key: exam.Key{Rule: rule}, ContentHash: key}
	}
	batch := &desk.Batch{Set: "s", Questions: []questionset.Question{
		choice("a", exam.Sum), choice("b", exam.ByExam), choice("c", exam.Whole),
		{SourceKey: "d", Question: exam.Question{Type: exam.Ordering}, Key: exam.Key{Rule: exam.Whole}, ContentHash: "d"},
	}}
	for multiple, want := range map[exam.Multiple][]any{
		exam.Partial: {"n", 2, "all", 3}, exam.AllOrNothing: {"n", 2, "all", 3}, exam.BySource: nil, "": nil,
	} {
		d := drawing(0)
		d.OpenTo, d.Sections[0].Multiple = []string{exam.Everyone}, multiple
		v, err := desk.Judge(t.Context(), pools{}, d, batch)
		if err != nil || len(v.Faults) > 0 || len(v.Notices) != min(len(want), 1) {
			t.Fatalf("%q: %+v, %v", multiple, v, err)
		}
		if want != nil && (v.Notices[0].Code != desk.RuledBySource || v.Notices[0].Section != 1 || !slices.Equal(v.Notices[0].Args, want)) {
			t.Errorf("%q: %+v", multiple, v.Notices)
		}
	}
	stored := keyed{pools: pools{"s": {
		{Version: "v", Identity: "v", Question: exam.Question{Type: exam.MultipleChoice}}, {Version: "w", Identity: "w", Question: exam.Question{Type: exam.MultipleChoice}},
	}}, keys: map[string]store.KeyedFeedback{"v": {Key: exam.Key{Rule: exam.Sum}}, "w": {}}}
	d := drawing(0)
	d.OpenTo, d.Sections[0].Multiple = []string{exam.Everyone}, exam.Partial
	v, err := desk.Judge(t.Context(), stored, d)
	if err != nil || len(v.Notices) != 1 || !slices.Equal(v.Notices[0].Args, []any{"n", 1, "all", 2}) {
		t.Errorf("stored ones: %+v, %v", v, err)
	}
}

// keyed are pools with keys.
type keyed struct {
	pools
	keys map[string]store.KeyedFeedback
}

func (k keyed) Keys(context.Context, []string) (map[string]store.KeyedFeedback, error) {
	return k.keys, nil
}

// TestJudgeTellsWhoIsMissing: nobody who may sit it, and questions that a person has to mark, are told of
// drafts and of published exams, and are no fault.
func TestJudgeTellsWhoIsMissing(t *testing.T) {
	question := func(key string, kind exam.QuestionType) questionset.Question {
		return questionset.Question{SourceKey: key, Question: exam.Question{Type: kind}, ContentHash: key}
	}
	essays := &desk.Batch{Set: "s", Questions: []questionset.Question{question("a", exam.Essay), question("b", exam.Essay), question("c", exam.Numeric)}}
	numbers := &desk.Batch{Set: "s", Questions: []questionset.Question{question("c", exam.Numeric)}}
	for name, tt := range map[string]struct {
		batch  *desk.Batch
		openTo []string
		want   []desk.FaultCode
	}{
		"all there":      {numbers, []string{"2026"}, nil},
		"open to nobody": {numbers, nil, []desk.FaultCode{desk.OpenToNone}},
		"essays":         {essays, []string{exam.Everyone}, []desk.FaultCode{desk.ByHand}},
		"both":           {essays, nil, []desk.FaultCode{desk.OpenToNone, desk.ByHand}},
	} {
		for _, published := range []bool{false, true} {
			d := drawing(0)
			d.OpenTo, d.Published = tt.openTo, published
			v, err := desk.Judge(t.Context(), pools{}, d, tt.batch)
			if err != nil || desk.Refused(d, v.Faults) || !slices.Equal(codes(v.Notices), tt.want) {
				t.Errorf("%s: %+v, %v", name, v, err)
			}
			for _, notice := range v.Notices {
				if notice.Code == desk.ByHand && !slices.Equal(notice.Args, []any{"n", 2}) {
					t.Errorf("%s: %v questions are to be marked by hand", name, notice.Args)
				}
			}
		}
	}
}
