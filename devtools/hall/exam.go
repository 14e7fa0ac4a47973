package hall

import (
	"context"
	"fmt"

	"shiken/exam"
	"shiken/store"
)

// exam makes a published exam of n questions of one choice out of five, in any order, for two hours.
func (b *builder) exam(ctx context.Context, n int) error {
	const set = "hall"
	list := make([]store.LoadedQuestion, n)
	for i := range list {
		list[i] = question(i + 1)
	}
	if _, err := b.store.By(act(store.ActLoadQuestions)).PutQuestions(ctx, set, list); err != nil {
		return err
	}
	b.definition = exam.Definition{
		Slug: Exam, Title: exam.Title{"ja": "全国模擬試験", "en": "Mock exam"}, Published: true, OpenTo: []string{group},
		Attempts: 1, Shuffle: exam.Shuffle{Questions: true, Options: true},
		Rules: exam.Rules{
			Navigation: exam.Free, Feedback: exam.ExamFeedback, TimeLimit: 120 * exam.Minute, Grace: 10 * exam.Second,
			Release: exam.ReleaseRules{
				Score: exam.Release{When: exam.Manually}, Answers: exam.Release{When: exam.Manually}, Keys: exam.Release{When: exam.Never},
			},
		},
		Sections: []exam.SectionDefinition{{
			Title: exam.Title{"ja": "共通", "en": "Common"}, From: exam.Source{Set: set}, Points: exam.FullCredit,
			Multiple: exam.AllOrNothing,
		}},
	}
	if err := b.store.By(act(store.ActSaveExam)).PutDefinition(ctx, b.definition); err != nil {
		return err
	}
	var err error
	b.pools, err = b.store.LoadPools(ctx, &b.definition)
	return err
}

// question is the n-th of the set; its fifth option is right.
func question(n int) store.LoadedQuestion {
	q := exam.Question{Type: exam.SingleChoice, Stem: exam.Text{
		Source: fmt.Sprintf("第 %d 問。次の記述のうち、正しいものはどれか。一つ選びなさい。", n),
	}}
	var last string
	for _, id := range []string{"a", "b", "c", "d", "e"} {
		last = id
		q.Options = append(q.Options, exam.Option{ID: id, Text: exam.Text{Source: fmt.Sprintf("記述 %s は第 %d 問の選択肢である。", id, n)}})
	}
	return store.LoadedQuestion{
		SourceKey: fmt.Sprint(n), Number: fmt.Sprint(n), Category: "共通", Question: q, ContentHash: fmt.Sprintf("%064x", n),
		Key:      exam.Key{Revision: 1, Options: map[string]int{last: exam.FullCredit}},
		Feedback: exam.Feedback{Explanation: exam.Text{Source: "解説。"}},
	}
}
