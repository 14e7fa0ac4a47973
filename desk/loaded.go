package desk

import (
	"cmp"
	"slices"

	"shiken/questionset"
	"shiken/store"
)

// Loaded hands the questions of a file to the store.
func Loaded(questions []questionset.Question) []store.LoadedQuestion {
	out := make([]store.LoadedQuestion, len(questions))
	for i := range questions {
		out[i] = loadedOf(&questions[i])
	}
	return out
}

func loadedOf(q *questionset.Question) store.LoadedQuestion {
	return store.LoadedQuestion{
		SourceKey: q.SourceKey, Number: q.Number, Category: q.Category, Year: q.Year, Reference: q.Reference,
		Difficulty: q.Difficulty, Tags: q.Tags, Question: q.Question, Key: q.Key, Feedback: q.Feedback,
		ContentHash: q.ContentHash,
	}
}

// ShownMedia are the media of a file that its questions refer to, in the order of their names. What only
// refused questions show is not among them.
func ShownMedia(f *questionset.File) []questionset.Media {
	shown := map[string]bool{}
	for i := range f.Questions {
		q := &f.Questions[i]
		questionset.MediaRefs(q.Question, q.Key, q.Feedback, func(hash string) { shown[hash] = true })
	}
	return shownMedia(f, shown)
}

func shownMedia(f *questionset.File, shown map[string]bool) []questionset.Media {
	var list []questionset.Media
	for hash := range shown {
		if m, there := f.Media[hash]; there {
			list = append(list, m)
		}
	}
	slices.SortFunc(list, func(a, b questionset.Media) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Hash, b.Hash))
	})
	return list
}

// LoadedSome hands those at some places to the store.
func LoadedSome(questions []questionset.Question, places []int) map[int]*store.LoadedQuestion {
	some := make(map[int]*store.LoadedQuestion, len(places))
	for _, at := range places {
		q := loadedOf(&questions[at])
		some[at] = &q
	}
	return some
}
