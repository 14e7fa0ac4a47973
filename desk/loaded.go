package desk

import (
	"shiken/questionset"
	"shiken/store"
)

// Loaded hands the questions of a file to the store.
func Loaded(questions []questionset.Question) []store.LoadedQuestion {
	out := make([]store.LoadedQuestion, len(questions))
	for i := range questions {
		q := &questions[i]
		out[i] = store.LoadedQuestion{
			SourceKey: q.SourceKey, Number: q.Number, Category: q.Category, Year: q.Year, Reference: q.Reference,
			Difficulty: q.Difficulty, Tags: q.Tags, Question: q.Question, Key: q.Key, Feedback: q.Feedback,
			ContentHash: q.ContentHash,
		}
	}
	return out
}
