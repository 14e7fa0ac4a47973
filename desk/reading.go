package desk

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"time"

	"shiken/questionset"
	"shiken/store"
)

// Reading is a file that was read to be checked, and is read once more to be stored. In between only what
// tells its questions apart is held, so that a file of many takes little more memory than its text.
type Reading struct {
	*questionset.File // its Questions are empty
	Names             []store.QuestionName

	gathered []questionset.Question // nil: they are read from the file

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
	options.Each = func(q *questionset.Question) error {
		r.note(q)
		return nil
	}
	var err error
	r.File, err = parse(ctx, name, open, options)
	return r, err
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

// storingTime is how long a file may take to be read while it is stored: the database is what takes it.
const storingTime = 24 * time.Hour

// Load is how the questions go into a set.
func (r *Reading) Load(set string, choice store.LoadChoice) store.QuestionLoad {
	var media []store.Media
	for _, m := range r.ShownMedia() {
		media = append(media, store.Media{Hash: m.Hash, Type: m.Type, Data: m.Data})
	}
	return store.QuestionLoad{Set: set, Names: r.Names, Media: media, Choice: choice, Each: r.each}
}

func (r *Reading) each(ctx context.Context, fn func(*store.LoadedQuestion) error) error {
	if r.gathered != nil {
		return eachOf(r.gathered, fn)
	}
	options := r.options
	options.Seen, options.Time, options.Refs = nil, storingTime, true
	options.Each = func(q *questionset.Question) error {
		loaded := loadedOf(q)
		return fn(&loaded)
	}
	_, err := parse(ctx, r.Name, r.open, options)
	return err
}

func eachOf(questions []questionset.Question, fn func(*store.LoadedQuestion) error) error {
	for i := range questions {
		loaded := loadedOf(&questions[i])
		if err := fn(&loaded); err != nil {
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

// Gather reads all questions at once.
func (r *Reading) Gather(ctx context.Context) ([]questionset.Question, error) {
	if r.gathered != nil {
		return r.gathered, nil
	}
	if len(r.Names) == 0 {
		return nil, nil
	}
	options := r.options
	options.Seen = nil
	f, err := parse(ctx, r.Name, r.open, options)
	if err != nil {
		return nil, err
	}
	return f.Questions, nil
}

// ShownMedia are the media of the file that its questions refer to, in the order of their names. What only
// refused questions show is not among them.
func (r *Reading) ShownMedia() []questionset.Media { return shownMedia(r.File, r.shown) }
