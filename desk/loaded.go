package desk

import (
	"cmp"
	"maps"
	"slices"

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

// LoadedMedia hands the media of a file to the store: those that its questions refer to.
func LoadedMedia(f *questionset.File) []store.Media {
	var out []store.Media
	for _, m := range ShownMedia(f) {
		out = append(out, store.Media{Hash: m.Hash, Type: m.Type, Data: m.Data})
	}
	return out
}

// ShownMedia are the media of a file that its questions refer to, in the order of their names. What only
// refused questions show is not among them.
func ShownMedia(f *questionset.File) []questionset.Media {
	shown := map[string]questionset.Media{}
	for i := range f.Questions {
		questionset.MediaRefs(f.Questions[i].Question, f.Questions[i].Key, f.Questions[i].Feedback, func(hash string) {
			if m, there := f.Media[hash]; there {
				shown[hash] = m
			}
		})
	}
	byName := func(a, b questionset.Media) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Hash, b.Hash))
	}
	return slices.SortedFunc(maps.Values(shown), byName)
}
