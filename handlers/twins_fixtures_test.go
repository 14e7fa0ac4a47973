package handlers_test

import (
	"fmt"
	"net/url"
	"strings"

	"shiken/exam"
	"shiken/store"
)

// sameVersions gives the versions of questions ids that both twins have: those that they got count on from twin to
// twin, and papers name them.
const sameVersions = `
UPDATE question_keys SET version_id = (SELECT printf('00000000-0000-7000-8000-%s%010d', substr(hex(q.set_name), 1, 2), q.place)
	FROM question_versions v JOIN questions q ON q.id = v.question_id WHERE v.id = version_id);
UPDATE question_versions SET id = (SELECT printf('00000000-0000-7000-8000-%s%010d', substr(hex(q.set_name), 1, 2), q.place)
	FROM questions q WHERE q.id = question_id)`

// twinQuestions are one question of each type, and three more whose answers may be right in many ways, with one of two
// sets of secrets.
func twinQuestions(secret int) []store.LoadedQuestion {
	const full = exam.FullCredit
	contents := []exam.Question{
		{Type: exam.SingleChoice, Options: options("a", "b", "c")},
		{Type: exam.MultipleChoice, Options: options("a", "b", "c", "d")},
		{Type: exam.TrueFalse, Options: []exam.Option{{ID: "true"}, {ID: "false"}}},
		{Type: exam.ShortText},
		{Type: exam.Numeric, Unit: "m"},
		{Type: exam.Essay},
		{Type: exam.Matching, Options: options("a", "b", "c"), Prompts: prompts("p", "q")},
		{Type: exam.Ordering, Prompts: prompts("p", "q", "r")},
		{Type: exam.Gaps, Prompts: prompts("p", "q", "r")},
		{Type: exam.Description},
		{Type: exam.SingleChoice, Options: options("a", "b", "c", "d")},
		{Type: exam.MultipleChoice, Options: options("a", "b", "c")},
	}
	contents[8].Prompts[1].Options, contents[8].Prompts[2].Number = options("a", "b"), true
	keys := twinKeys(secret, full)
	out := make([]store.LoadedQuestion, len(contents))
	for i, q := range contents {
		q.Stem = exam.Text{Source: fmt.Sprintf("Stem %d of %s", i+1, q.Type)}
		k := keys[i]
		k.Revision = 1
		out[i] = loaded(i, q, k)
		if secret == 1 {
			out[i].Feedback = exam.Feedback{Explanation: exam.Text{Source: strings.Repeat("a much longer explanation ", 40)}}
			for _, o := range q.Options {
				out[i].Feedback.Options = map[string]exam.Text{o.ID: {Source: "a note on " + o.ID}}
			}
		}
	}
	return out
}

// twinKeys are the keys of twinQuestions: whatever a key may say differs.
func twinKeys(secret, full int) []exam.Key {
	if secret == 0 {
		return []exam.Key{
			{Options: map[string]int{"a": full}},
			{Options: map[string]int{"a": full}},
			{Options: map[string]int{"true": full}},
			{Texts: []exam.TextKey{{Pattern: "tokyo", Weight: full}}},
			{Numbers: []exam.NumberKey{{Min: "2.5", Max: "2.5", Weight: full}}},
			{},
			{Pairs: map[string]string{"p": "a", "q": "b"}},
			{Order: []string{"p", "q", "r"}},
			{Gaps: map[string][]exam.TextKey{"p": {{Pattern: "one", Weight: full}}, "q": {{Pattern: "a", Weight: full}}},
				GapNumbers: map[string][]exam.NumberKey{"r": {{Min: "1", Max: "1", Weight: full}}}},
			{},
			{Options: map[string]int{"b": full}},
			{Options: map[string]int{"a": full, "b": full}, Rule: exam.Whole},
		}
	}
	return []exam.Key{
		{Options: map[string]int{"c": full, "b": full / 2, "a": -full / 3}, Weighted: true},
		{Options: map[string]int{"b": full, "c": full, "d": full}},
		{Options: map[string]int{"false": full}},
		{Texts: []exam.TextKey{
			{Pattern: "kyoto*", Weight: full, CaseSensitive: true}, {Pattern: "nara", Weight: full / 2}, {Pattern: "*o", Weight: full / 4},
		}},
		{Numbers: []exam.NumberKey{{Min: "99", Max: "1000", Weight: full}, {Min: "-1e3", Max: "2", Weight: full / 3}}},
		{Guide: exam.Text{Source: strings.Repeat("two points for each reason ", 9)}},
		{Pairs: map[string]string{"p": "c", "q": "c"}, Rule: exam.Sum,
			PairWeights: map[string]map[string]int{"p": {"c": full, "a": -full / 2}, "q": {"c": full / 2}}},
		{Order: []string{"r", "q", "p"}, Rule: exam.Next},
		{Gaps: map[string][]exam.TextKey{
			"p": {{Pattern: "two", Weight: full}, {Pattern: "zwei", Weight: full}, {Pattern: "t*", Weight: full / 2}},
			"q": {{Pattern: "b", Weight: full}},
		}, GapNumbers: map[string][]exam.NumberKey{"r": {{Min: "5", Max: "50", Weight: full}}}, Weights: map[string]int{"p": 3}},
		{},
		{Options: map[string]int{"d": full}, Either: []exam.Key{{Options: map[string]int{"c": full}}}},
		{Options: map[string]int{"c": full}, Treatment: exam.FullMarks},
	}
}

// answerTo is the k-th answer to a question, as the API takes it; the first is right by one of the keys.
func answerTo(it *exam.Item, k int) any {
	value := func(id string) string {
		for _, c := range it.Choices {
			if c.Option == id {
				return c.Value
			}
		}
		return it.Choices[k].Value
	}
	switch {
	case it.Type == exam.Description:
		return nil
	case it.Type == exam.MultipleChoice:
		return []string{value([]string{"a", "c"}[k])}
	case it.Type.IsChoice():
		return value([]string{"a", "c"}[k])
	case it.Type.IsKeyed():
		out := map[string]string{}
		for i, p := range it.Prompts {
			if out[p.Key] = []string{"one", "two"}[k]; len(p.Values) > 0 {
				out[p.Key] = p.Values[(i+k)%len(p.Values)].Value
			}
		}
		return out
	}
	return []string{"tokyo", "kyoto"}[k]
}

// asForm is an answer as the fields of a form.
func asForm(form url.Values, answer any) url.Values {
	form = with(form)
	switch a := answer.(type) {
	case string:
		form.Set("answer", a)
	case []string:
		form["answer"] = a
	case map[string]string:
		for key, v := range a {
			form.Set("answer."+key, v)
		}
	}
	return form
}
