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
}

// ReadSet reads a set with the media that its questions show, to be written by questionset.Write. Retired
// questions are not part of it. store.ErrNotFound when there is no such set, ErrTooLarge when it has more than
// questionset.MaxQuestions or MaxExportMedia.
func ReadSet(ctx context.Context, r SetReader, name string) (*questionset.Set, error) {
	set := &questionset.Set{Name: name, Media: map[string]questionset.Media{}}
	err := r.EachQuestion(ctx, name, func(q store.LoadedQuestion) error {
		if len(set.Questions) == questionset.MaxQuestions {
			return ErrTooLarge
		}
		set.Questions = append(set.Questions, questionset.Question{
			SourceKey: q.SourceKey, Number: q.Number, Category: q.Category, Year: q.Year, Reference: q.Reference,
			Difficulty: q.Difficulty, Tags: q.Tags, Question: q.Question, Key: q.Key, Feedback: q.Feedback,
			ContentHash: q.ContentHash,
		})
		questionset.MediaRefs(q.Question, q.Key, q.Feedback, func(hash string) { set.Media[hash] = questionset.Media{} })
		return nil
	})
	if err != nil {
		return nil, err
	}
	return set, readMedia(ctx, r, set.Media)
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
