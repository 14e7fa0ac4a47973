package desk

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"

	"shiken/questionset"
	"shiken/store"
)

// Reading is a file that was read to be checked, and to be stored: its questions are kept apart, so that storing
// them takes what was checked and nothing else, and reads no file while the database waits. In memory only what
// tells its questions apart is held as it is. It is to be closed.
type Reading struct {
	*questionset.File // its Questions are empty
	Names             []store.QuestionName

	gathered []questionset.Question // nil: they are in the spool
	spool    *spool

	shown   map[string]bool // hashes of what the texts refer to
	open    Source
	options questionset.Options
}

// Source opens a file, at its beginning each time.
type Source func() (io.ReadCloser, error)

// BytesSource is a file that is at hand.
func BytesSource(data []byte) Source {
	return func() (io.ReadCloser, error) { return whole{bytes.NewReader(data)}, nil }
}

// whole is a reader that knows its size.
type whole struct{ io.ReadSeeker }

func (whole) Close() error { return nil }

// Read checks a file.
func Read(ctx context.Context, name string, open Source, options questionset.Options) (*Reading, error) {
	r := &Reading{shown: map[string]bool{}, open: open, options: options}
	var err error
	if r.spool, err = newSpool(); err != nil {
		return nil, err
	}
	options.Each = func(q *questionset.Question) error {
		r.note(q)
		return r.spool.add(q)
	}
	r.File, err = parse(ctx, name, open, options)
	if err = errors.Join(err, r.spool.end()); err != nil {
		return nil, errors.Join(err, r.spool.close())
	}
	return r, nil
}

// Close gives back what the reading takes.
func (r *Reading) Close() error {
	if r.spool == nil {
		return nil
	}
	return r.spool.close()
}

// Gathered is a file whose questions are all at hand.
func Gathered(f *questionset.File) *Reading {
	r := &Reading{File: f, shown: map[string]bool{}, gathered: f.Questions}
	for i := range f.Questions {
		r.note(&f.Questions[i])
	}
	return r
}

// note takes down what tells a question from others, and the media that it shows.
func (r *Reading) note(q *questionset.Question) {
	loaded := loadedOf(q)
	name := store.NameOf(&loaded)
	name.SourceKey = strings.Clone(name.SourceKey) // no part of the file's text, which it would keep
	r.Names = append(r.Names, name)
	questionset.MediaRefs(q.Question, q.Key, q.Feedback, func(hash string) {
		if !r.shown[hash] {
			r.shown[strings.Clone(hash)] = true
		}
	})
}

func parse(ctx context.Context, name string, open Source, options questionset.Options) (f *questionset.File, err error) {
	from, err := open()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	return questionset.Parse(ctx, name, from, options)
}

// Load is how the questions go into a set.
func (r *Reading) Load(set string, choice store.LoadChoice) store.QuestionLoad {
	var media []store.Media
	for _, m := range r.ShownMedia() {
		media = append(media, store.Media{Hash: m.Hash, Type: m.Type, Data: m.Data})
	}
	return store.QuestionLoad{Set: set, Names: r.Names, Media: media, Choice: choice, Each: r.each}
}

// each gives the questions in their order.
func (r *Reading) each(ctx context.Context, fn func(*store.LoadedQuestion) error) error {
	give := func(q *questionset.Question) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		loaded := loadedOf(q)
		return fn(&loaded)
	}
	if r.spool != nil {
		return r.spool.each(give)
	}
	for i := range r.gathered {
		if err := give(&r.gathered[i]); err != nil {
			return err
		}
	}
	return nil
}

// Some reads the questions at some places, in ascending order.
func (r *Reading) Some(ctx context.Context, places []int) (map[int]*store.LoadedQuestion, error) {
	some := map[int]*store.LoadedQuestion{}
	if len(places) == 0 {
		return some, nil
	}
	at := 0
	err := r.each(ctx, func(q *store.LoadedQuestion) error {
		if len(places) > 0 && at == places[0] {
			some[at], places = q, places[1:]
		}
		at++
		return nil
	})
	return some, err
}

// Gather gives all questions at once.
func (r *Reading) Gather() ([]questionset.Question, error) {
	if r.gathered != nil || len(r.Names) == 0 {
		return r.gathered, nil
	}
	var all []questionset.Question
	err := r.spool.each(func(q *questionset.Question) error {
		all = append(all, *q)
		return nil
	})
	return all, err
}

// ShownMedia are the media of the file that its questions refer to, in the order of their names. What only
// refused questions show is not among them.
func (r *Reading) ShownMedia() []questionset.Media { return shownMedia(r.File, r.shown) }
