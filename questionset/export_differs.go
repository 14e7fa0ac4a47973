package questionset

import (
	"bytes"
	"encoding/json"
	"strings"

	"shiken/exam"
)

// differing are labels of the parts in which two questions differ, whatever their ids: what is asked, what is
// right, and what the question is called and filtered by. Losses that were told are taken from both before, by forget.
func differing(was, is *Question, forget []func(*Question)) []string {
	if len(forget) > 0 {
		was, is = cloned(was), cloned(is)
		for _, fn := range forget {
			fn(was)
			fn(is)
		}
	}
	a, b := canonical(was), canonical(is)
	var parts []string
	compare := func(label string, x, y any) {
		if !bytes.Equal(exam.Canonical(x), exam.Canonical(y)) {
			parts = append(parts, label)
		}
	}
	compare("part.type", a.Question.Type, b.Question.Type)
	compare("part.title", was.Question.Title, is.Question.Title)
	compare("part.stem", a.Question.Stem, b.Question.Stem)
	compare("part.options", a.Question.Options, b.Question.Options)
	compare("part.prompts", a.Question.Prompts, b.Question.Prompts)
	compare("part.unit", a.Question.Unit, b.Question.Unit)
	compare("part.guide", a.Key.Guide, b.Key.Guide)
	compare("part.rule", []any{a.Key.Rule, a.Key.Weighted}, []any{b.Key.Rule, b.Key.Weighted})
	compare("part.key", bareKey(a.Key), bareKey(b.Key))
	compare("part.explanation", a.Feedback.Explanation, b.Feedback.Explanation)
	compare("part.feedback", a.Feedback.Options, b.Feedback.Options)
	compare("part.tags", append([]string{}, was.Tags...), append([]string{}, is.Tags...))
	return parts
}

// bareKey is what of a key says which answers are right.
func bareKey(k exam.Key) exam.Key {
	k.Guide, k.Rule, k.Weighted, k.Revision = exam.Text{}, exam.ByExam, false, 0
	return k
}

// cloned copies a question, so that changes leave the first alone.
func cloned(q *Question) *Question {
	var out Question
	text, err := json.Marshal(q)
	if err == nil {
		err = json.Unmarshal(text, &out)
	}
	if err != nil {
		return q
	}
	return &out
}

// What formats lose of questions, and tell.

func forgetTitle(q *Question)       { q.Question.Title = "" }
func forgetUnit(q *Question)        { q.Question.Unit = "" }
func forgetGuide(q *Question)       { q.Key.Guide = exam.Text{} }
func forgetExplanation(q *Question) { q.Feedback.Explanation = exam.Text{} }
func forgetRule(q *Question)        { q.Key.Rule, q.Key.Weighted = exam.ByExam, false }

// forgetPlaces leaves where gaps stand, and what they are called by their places.
func forgetPlaces(q *Question) {
	q.Question.Stem = exam.Text{}
	for i := range q.Question.Prompts {
		q.Question.Prompts[i].Text = exam.Text{}
	}
}

func forgetFixed(q *Question) {
	for i := range q.Question.Options {
		q.Question.Options[i].Fixed = false
	}
}

func forgetCase(q *Question) {
	for i := range q.Key.Texts {
		q.Key.Texts[i].CaseSensitive = false
	}
}

// forgetScoring leaves what each part of a question with several parts is worth.
func forgetScoring(q *Question) { q.Key.Rule, q.Key.Weights, q.Key.PairWeights = exam.ByExam, nil, nil }

// forgetMarkup leaves the right sides of pairs as they are written.
func forgetMarkup(q *Question) {
	for i := range q.Question.Options {
		q.Question.Options[i].Text.Format = exam.Plain
	}
}

// forgetWords gives true and false the same words everywhere.
func forgetWords(q *Question) {
	if q.Question.Type != exam.TrueFalse || len(q.Question.Options) != 2 {
		return
	}
	yes, no := truthOf(q)
	yes.Text, no.Text = exam.Text{Source: trueOption}, exam.Text{Source: falseOption}
	q.Question.Options = []exam.Option{yes, no}
}

// sumOfWeights leaves several answers the weights that Moodle's way of scoring them needs.
func sumOfWeights(q *Question) {
	if q.Question.Type == exam.MultipleChoice {
		q.Key.Options = choiceWeights(q)
		q.Key.Rule, q.Key.Weighted = exam.ByExam, true
	}
}

// eachTextOf changes every text of a question.
func eachTextOf(q *Question, fn func(*exam.Text)) {
	fn(&q.Question.Stem)
	fn(&q.Key.Guide)
	fn(&q.Feedback.Explanation)
	options := func(list []exam.Option) {
		for i := range list {
			fn(&list[i].Text)
		}
	}
	options(q.Question.Options)
	for i := range q.Question.Prompts {
		fn(&q.Question.Prompts[i].Text)
		options(q.Question.Prompts[i].Options)
	}
	for id, t := range q.Feedback.Options {
		fn(&t)
		q.Feedback.Options[id] = t
	}
}

// tellDiffering warns of a question that reads otherwise than it was.
func (r *Report) tellDiffering(p place, parts []string) {
	if len(parts) > 0 {
		r.warning(p, codeExportDiffers, "parts", strings.Join(parts, ", "))
	}
}
