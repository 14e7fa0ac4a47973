package desk_test

import (
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"testing"

	"shiken/desk"
	"shiken/exam"
	"shiken/store"
)

// choice is a choice question for the comparison.
func choice() store.LoadedQuestion {
	return store.LoadedQuestion{
		Number: "1", Category: "構造", Tags: []string{"a"},
		Question: exam.Question{Type: exam.SingleChoice, Stem: exam.Text{Source: "What holds?"},
			Options: []exam.Option{{ID: "a", Text: exam.Text{Source: "beam"}}, {ID: "b", Text: exam.Text{Source: "wall"}}, {ID: "c", Text: exam.Text{Source: "door"}}}},
		Key: exam.Key{Revision: 1, Options: map[string]int{"a": exam.FullCredit}},
	}
}

// bare is a text without anything that looks like a tag.
func bare(t exam.Text) string {
	if t.Format == exam.HTML {
		return string(slices.DeleteFunc([]rune(t.Source), func(r rune) bool { return r == '<' || r == '>' }))
	}
	return t.Source
}

func TestDifferences(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(q *store.LoadedQuestion)
		want   []string
	}{
		"nothing":           {func(*store.LoadedQuestion) {}, nil},
		"revision of a key": {func(q *store.LoadedQuestion) { q.Key.Revision = 4 }, nil},
		"plain said so":     {func(q *store.LoadedQuestion) { q.Question.Stem.Format = exam.Plain }, []string{"other 0 [] []"}},
		"text":              {func(q *store.LoadedQuestion) { q.Question.Stem.Source = "What falls?" }, []string{"stem 0 [What holds?] [What falls?]"}},
		"markup": {func(q *store.LoadedQuestion) { q.Question.Stem = exam.Text{Format: exam.HTML, Source: "<What holds?>"} },
			[]string{"stem 0 [What holds?] [<What holds?>] markup"}},
		"key": {func(q *store.LoadedQuestion) { q.Key.Options = map[string]int{"c": exam.FullCredit} }, []string{"key 0 [beam] [door] scores"}},
		"weights": {func(q *store.LoadedQuestion) {
			q.Key.Options = map[string]int{"a": exam.FullCredit, "b": exam.FullCredit / 2}
		}, []string{"key 0 [beam] [beam\nwall (50 %)] scores"}},
		"rule": {func(q *store.LoadedQuestion) { q.Key.Rule = exam.Whole }, []string{"rule 0 [] [whole] scores"}},
		"option between": {func(q *store.LoadedQuestion) {
			q.Question.Options = slices.Insert(q.Question.Options, 1, exam.Option{ID: "d", Text: exam.Text{Source: "roof"}})
		}, []string{"option 2 [] [roof]"}},
		"option gone":    {func(q *store.LoadedQuestion) { q.Question.Options = q.Question.Options[:2] }, []string{"option 3 [door] []"}},
		"option changed": {func(q *store.LoadedQuestion) { q.Question.Options[1].Text.Source = "walls" }, []string{"option 2 [wall] [walls]"}},
		"fixed option":   {func(q *store.LoadedQuestion) { q.Question.Options[1].Fixed = true }, []string{"other 0 [] []"}},
		"note":           {func(q *store.LoadedQuestion) { q.Feedback.Options = map[string]exam.Text{"b": {Source: "no"}} }, []string{"note 1 [] [no]"}},
		"details": {func(q *store.LoadedQuestion) { q.Category, q.Year, q.Tags = "設計", 2020, []string{"a", "b"} },
			[]string{"category 0 [構造] [設計]", "year 0 [] [2020]", "tags 0 [a] [a, b]"}},
	} {
		before, after := choice(), choice()
		tt.change(&after)
		var got []string
		for _, d := range desk.Differences(&before, &after, bare) {
			line := fmt.Sprintf("%s %d [%s] [%s]", d.Part, d.Row, d.Before, d.After)
			if d.Part.Scores() {
				line += " scores"
			}
			if d.Markup {
				line += " markup"
			}
			got = append(got, line)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

// Hundreds of gaps with hundreds of options each are compared within some megabytes.
func TestDifferencesOfVeryManyRows(t *testing.T) {
	of := func(word string) store.LoadedQuestion {
		q := choice()
		for i := range 200 {
			p := exam.Prompt{ID: strconv.Itoa(i), Text: exam.Text{Source: "gap"}}
			for j := range 200 {
				p.Options = append(p.Options, exam.Option{ID: strconv.Itoa(j), Text: exam.Text{Source: word + strconv.Itoa(i*200+j)}})
			}
			q.Question.Prompts = append(q.Question.Prompts, p)
		}
		return q
	}
	before, after, one := of("a"), of("b"), of("a")
	one.Question.Prompts[100].Options[7].Text.Source = "changed"
	var was, is runtime.MemStats
	runtime.ReadMemStats(&was)
	all, single := desk.Differences(&before, &after, bare), desk.Differences(&before, &one, bare)
	runtime.ReadMemStats(&is)
	if len(all) != 200*200 || len(single) != 1 || single[0].After != "changed" {
		t.Errorf("%d and %d differences", len(all), len(single))
	}
	if took := is.TotalAlloc - was.TotalAlloc; took > 256<<20 {
		t.Errorf("comparing took %d MiB", took>>20)
	}
}

func TestKeyLines(t *testing.T) {
	half := exam.FullCredit / 2
	text := func(s string) exam.Text { return exam.Text{Source: s} }
	for name, tt := range map[string]struct {
		q    exam.Question
		k    exam.Key
		want []string
	}{
		"texts": {exam.Question{Type: exam.ShortText}, exam.Key{Texts: []exam.TextKey{{Pattern: "Edo", Weight: half, CaseSensitive: true}, {Pattern: "Tokyo", Weight: exam.FullCredit}}},
			[]string{"Edo (Aa) (50 %)", "Tokyo"}},
		"numbers": {exam.Question{Type: exam.Numeric}, exam.Key{Numbers: []exam.NumberKey{{Min: "1", Max: "1", Weight: exam.FullCredit}, {Min: "0.5", Max: "2", Weight: half}}},
			[]string{"1", "0.5 – 2 (50 %)"}},
		"pairs": {exam.Question{Type: exam.Matching, Prompts: []exam.Prompt{{ID: "p1", Text: text("left")}}, Options: []exam.Option{{ID: "a", Text: text("right")}}},
			exam.Key{Pairs: map[string]string{"p1": "a"}}, []string{"left → right"}},
		"order": {exam.Question{Type: exam.Ordering, Prompts: []exam.Prompt{{ID: "p1", Text: text("late")}, {ID: "p2", Text: text("early")}}},
			exam.Key{Order: []string{"p2", "p1"}}, []string{"1. early", "2. late"}},
		"gaps": {exam.Question{Type: exam.Gaps, Prompts: []exam.Prompt{{ID: "p1"}, {ID: "p2", Number: true}, {ID: "p3", Options: []exam.Option{{ID: "a", Text: text("x")}}}}},
			exam.Key{Gaps: map[string][]exam.TextKey{"p1": {{Pattern: "a", Weight: exam.FullCredit}, {Pattern: "b", Weight: half}}, "p3": {{Pattern: "a", Weight: exam.FullCredit}}},
				GapNumbers: map[string][]exam.NumberKey{"p2": {{Min: "1", Max: "2", Weight: exam.FullCredit}}}, Weights: map[string]int{"p2": 3}},
			[]string{"(1) a / b (50 %)", "(2) 1 – 2 ×3", "(3) x"}},
		"either": {exam.Question{Type: exam.ShortText}, exam.Key{Texts: []exam.TextKey{{Pattern: "a", Weight: exam.FullCredit}}, Either: []exam.Key{{Texts: []exam.TextKey{{Pattern: "b", Weight: exam.FullCredit}}}}},
			[]string{"a", "+ b"}},
		"essay": {exam.Question{Type: exam.Essay}, exam.Key{}, nil},
	} {
		if got := desk.KeyLines(&store.LoadedQuestion{Question: tt.q, Key: tt.k}, bare); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}
