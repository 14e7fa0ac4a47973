package questionset_test

import (
	"testing"

	"shiken/exam"
	"shiken/questionset"
)

// marked is what an answer to a question earns of 1 point, in 1/10,000. Options are named by their IDs.
func marked(q *questionset.Question, answer exam.Answer) int {
	it := &exam.Item{Type: q.Question.Type, Points: 10_000, Multiple: exam.AllOrNothing}
	values := func(options []exam.Option) (list []exam.Choice) {
		for _, o := range options {
			list = append(list, exam.Choice{Value: o.ID, Option: o.ID})
		}
		return list
	}
	it.Choices = values(q.Question.Options)
	for _, p := range q.Question.Prompts {
		of := p.Options
		if q.Question.Type == exam.Matching {
			of = q.Question.Options
		}
		it.Prompts = append(it.Prompts, exam.PaperPrompt{Key: p.ID, Prompt: p.ID, Values: values(of)})
	}
	return exam.Grader{}.MarkOne(it, &q.Key, &exam.Response{Answer: answer})
}

// What answers earn is what the rules of the file give, as a part of the best that they can give.
func TestQTI1Scores(t *testing.T) {
	matching := field("question_type", "matching_question")
	many := lid("r", "Multiple", "", "a", "b", "c")
	two := lid("response_x", "Single", "x", "a", "b") + lid("response_y", "Single", "y", "a", "b")
	type answers map[string]struct {
		answer exam.Answer
		want   int
	}
	keyed := func(kv ...string) exam.Answer {
		m := map[string]string{}
		for i := 0; i < len(kv); i += 2 {
			m[kv[i]] = kv[i+1]
		}
		return exam.KeyedAnswer(m)
	}
	for _, tt := range []struct {
		name, meta, presentation, rules string
		answers                         answers
	}{
		{"sum", "", many, when(eq("r", "a"), "Add", "30") + when(eq("r", "b"), "Add", "-10") + when(eq("r", "c"), "Add", "10"), answers{
			"all right": {exam.ManyChoices("a", "c"), 10_000}, "one right": {exam.ManyChoices("c"), 2_500}, "all": {exam.ManyChoices("a", "b", "c"), 7_500},
			"wrong": {exam.ManyChoices("b"), 0}, "right and wrong": {exam.ManyChoices("b", "c"), 0},
		}},
		{"exact set", "", many, when(eq("r", "a")+eq("r", "c")+not(eq("r", "b")), "Set", "5"), answers{
			"all right": {exam.ManyChoices("a", "c"), 10_000}, "one right": {exam.ManyChoices("a"), 0}, "all": {exam.ManyChoices("a", "b", "c"), 0},
		}},
		{"pairs that count differently", matching, two, when(eq("response_x", "a"), "Add", "10") + when(eq("response_y", "b"), "Add", "30"), answers{
			"both": {keyed("p1", "a", "p2", "b"), 10_000}, "the light one": {keyed("p1", "a", "p2", "a"), 2_500}, "the heavy one": {keyed("p2", "b"), 7_500},
		}},
		{"parts of pairs", matching, two, when(eq("response_x", "a"), "Add", "50") + when(eq("response_x", "b"), "Add", "25") + when(eq("response_y", "b"), "Add", "50"), answers{
			"both": {keyed("p1", "a", "p2", "b"), 10_000}, "half of one": {keyed("p1", "b"), 2_500}, "one and a half": {keyed("p1", "b", "p2", "b"), 7_500},
		}},
		{"all blanks or nothing", "", str("x", "String") + str("y", "Decimal"), when(eq("x", "q")+eq("y", "2"), "Set", "3"), answers{
			"both": {keyed("g1", " Q ", "g2", "2.0"), 10_000}, "one": {keyed("g1", "q", "g2", "3"), 0},
		}},
		{"an open bound", "", str("r", "Decimal"), when(`<vargt respident="r">1.5</vargt><varlte respident="r">2.5</varlte>`, "Set", "1"), answers{
			"the bound": {exam.TextAnswer("1.50"), 0}, "just in it": {exam.TextAnswer("1.5000001"), 10_000}, "the other": {exam.TextAnswer("2.5"), 10_000},
			"above": {exam.TextAnswer("2.6"), 0},
		}},
		{"order", "", lid("r", "Ordered", "", "a", "b", "c"), when(eq("r", "c")+eq("r", "a")+eq("r", "b"), "Set", "1"), answers{
			"right": {keyed("pc", "1", "pa", "2", "pb", "3"), 10_000}, "two right": {keyed("pc", "1", "pa", "3", "pb", "2"), 0},
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			q := one(t, parse(t, "q.xml", qti1(tt.meta, tt.presentation, tt.rules)))
			for name, a := range tt.answers {
				if got := marked(&q, a.answer); got != a.want {
					t.Errorf("%s: %d, want %d", name, got, a.want)
				}
			}
		})
	}
}
