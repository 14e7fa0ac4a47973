package store

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"strings"
)

// QuestionLoad is the questions of a file on their way into a set. However many they are, only what tells
// them apart is held; the questions themselves come one by one.
type QuestionLoad struct {
	Set string
	// Names are those of all questions, in their order. Source keys are unique.
	Names []QuestionName
	// Each calls fn for all questions in the order of Names, and returns its first error. It is called
	// once or twice for each try of the transaction, which waits for it.
	Each func(ctx context.Context, fn func(*LoadedQuestion) error) error
	// Media are those that the questions' texts refer to.
	Media  []Media
	Choice LoadChoice
}

// Unnamed reports whether a source key was made of the question's own text, since the file gives it neither id nor
// name nor number: what such a question is called changes with its text.
func Unnamed(sourceKey string) bool { return strings.Contains(sourceKey, UnnamedKey) }

// UnnamedKey stands in source keys that are made of a question's text, and in no others.
const UnnamedKey = "/~"

// QuestionName tells a loaded question from others.
type QuestionName struct {
	SourceKey, ContentHash string
	Details                DetailsDigest
}

// DetailsDigest stands for what a question is filtered and called by.
type DetailsDigest [16]byte

// NameOf is the name of a question.
func NameOf(q *LoadedQuestion) QuestionName {
	text, err := json.Marshal([]any{q.Number, q.Category, q.Year, q.Reference, q.Difficulty, append([]string{}, q.Tags...)})
	if err != nil {
		panic("store: texts and a number: " + err.Error())
	}
	sum := sha256.Sum256(text)
	return QuestionName{SourceKey: q.SourceKey, ContentHash: q.ContentHash, Details: DetailsDigest(sum[:len(DetailsDigest{})])}
}

// LoadOf is a load of questions that are all at hand.
func LoadOf(set string, questions []LoadedQuestion, media ...Media) QuestionLoad {
	names := make([]QuestionName, len(questions))
	for i := range questions {
		names[i] = NameOf(&questions[i])
	}
	return QuestionLoad{Set: set, Names: names, Media: media, Each: func(_ context.Context, fn func(*LoadedQuestion) error) error {
		for i := range questions {
			if err := fn(&questions[i]); err != nil {
				return err
			}
		}
		return nil
	}}
}
