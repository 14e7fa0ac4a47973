package desk

import (
	"context"
	"errors"
	"io"
	"strings"

	"shiken/questionset"
	"shiken/store"
)

// MaxExportMedia bounds the media of a set that is written to a file, in bytes: it is held in memory.
const MaxExportMedia = 2 * questionset.MaxMediaTotal

// ErrTooLarge: a set has more questions or media than a file takes.
var ErrTooLarge = questionset.ErrTooLarge

// SetReader is what reading a set whole needs of a store.
type SetReader interface {
	store.MediaReader
	EachQuestion(ctx context.Context, set string, fn func(store.LoadedQuestion) error) error
	EachQuestionWith(ctx context.Context, set, part string, fn func(store.LoadedQuestion) error) error
}

// OpenSet is a set to be written by questionset.Write, with the media that its questions show. Its questions are
// read from the store as they are written, as often as they are asked for. Retired questions are not part of it.
// store.ErrNotFound when there is no such set, ErrTooLarge when it has more than MaxExportMedia, and from Each when
// it has more than questionset.MaxQuestions.
func OpenSet(ctx context.Context, r SetReader, name string) (*questionset.Set, error) {
	set := &questionset.Set{Name: name, Media: map[string]questionset.Media{}}
	err := r.EachQuestionWith(ctx, name, questionset.MediaPrefix, func(q store.LoadedQuestion) error {
		questionset.MediaRefs(q.Question, q.Key, q.Feedback, func(hash string) {
			if _, again := set.Media[hash]; !again {
				set.Media[strings.Clone(hash)] = questionset.Media{}
			}
		})
		return nil
	})
	if err != nil {
		return nil, err
	}
	set.Each = func(fn func(*questionset.Question) error) error {
		n := 0
		return r.EachQuestion(ctx, name, func(q store.LoadedQuestion) error {
			if n++; n > questionset.MaxQuestions {
				return ErrTooLarge
			}
			return fn(writable(&q))
		})
	}
	return set, readMedia(ctx, r, set.Media)
}

// writable is a stored question on its way out.
func writable(q *store.LoadedQuestion) *questionset.Question {
	return &questionset.Question{
		SourceKey: q.SourceKey, Number: q.Number, Category: q.Category, Year: q.Year, Reference: q.Reference,
		Difficulty: q.Difficulty, Tags: q.Tags, Question: q.Question, Key: q.Key, Feedback: q.Feedback,
		ContentHash: q.ContentHash,
	}
}

// readMedia fills in what is known of hashes. A text may name media that were never stored: they are left out.
func readMedia(ctx context.Context, r store.MediaReader, media map[string]questionset.Media) error {
	var total int64
	for hash := range media {
		f, err := store.OpenMedia(ctx, r, hash)
		if errors.Is(err, store.ErrNotFound) {
			delete(media, hash)
			continue
		}
		if err != nil {
			return err
		}
		if total += f.Size; total > MaxExportMedia {
			return ErrTooLarge
		}
		data, err := io.ReadAll(f)
		if err != nil {
			return err
		}
		m := questionset.Media{Hash: hash, Type: f.Type, Data: data}
		m.Name = strings.TrimPrefix(m.Ref(), questionset.MediaPrefix) // what the source called them is not kept
		media[hash] = m
	}
	return nil
}
