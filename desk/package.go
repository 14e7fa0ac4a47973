package desk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"shiken/exam"
	"shiken/questionset"
	"shiken/store"
)

// PackagePart is what of a file goes to one place: the questions of a set, or (Set is "") its exams.
type PackagePart struct {
	*Reading
	Set string
}

// Parts divides a package: what of it is no question first, then its sets in their order. Each is read again
// by itself, so that no more is held of it than of any other file.
func (r *Reading) Parts(ctx context.Context) ([]PackagePart, error) {
	parts := []PackagePart{{Reading: &Reading{File: r.File, open: r.open, options: r.options}}}
	for _, set := range r.Sets {
		options := r.options
		options.Set, options.Seen = set, nil
		part, err := Read(ctx, r.Name, r.open, options)
		if err != nil {
			closeParts(parts)
			return nil, err
		}
		parts = append(parts, PackagePart{part, set})
	}
	return parts, nil
}

func closeParts(parts []PackagePart) {
	for _, p := range parts {
		_ = p.Close() // nobody reads it again
	}
}

// MaxPackage bounds a package that is written, in bytes: no larger one can be read.
const MaxPackage = questionset.MaxFile

// PackageReader is what writing an exam with its sets reads of a store.
type PackageReader interface {
	SetReader
	Sets(ctx context.Context) ([]store.SetSummary, error)
}

// WritePackage writes an exam with its attachments and the sets that it draws from, as far as they are there: of
// each what exams may draw, and the media that it shows. Question after question it goes through; what is held
// are the hashes of media. The report names what is too large to be read again. ErrTooLarge when the whole is.
func WritePackage(ctx context.Context, r PackageReader, to io.Writer, d *exam.Definition) (*questionset.Report, error) {
	sets, err := drawnSets(ctx, r, d)
	if err != nil {
		return nil, err
	}
	limited := &limitedWriter{to: to, left: MaxPackage}
	w := packageWriter{PackageWriter: questionset.NewPackage(limited, d, sets), ctx: ctx, from: r, shown: map[string]bool{}}
	report := &questionset.Report{File: d.Slug, Format: questionset.Native, Encoding: questionset.UTF8}
	err = w.Exam()
	for _, set := range sets {
		if err == nil {
			err = w.set(set, report)
		}
	}
	if err == nil {
		err = w.media()
	}
	if err == nil {
		err = w.attachments(d)
	}
	if err == nil {
		err = w.Close()
	}
	report.Counts.Taken = report.Counts.Seen - report.Counts.Refused
	return report, err
}

// drawnSets are the sets that an exam draws from and that are there, each once, in the order of its sections.
func drawnSets(ctx context.Context, r PackageReader, d *exam.Definition) ([]string, error) {
	list, err := r.Sets(ctx)
	if err != nil {
		return nil, err
	}
	var sets []string
	for i := range d.Sections {
		name := d.Sections[i].From.Set
		there := slices.ContainsFunc(list, func(s store.SetSummary) bool { return s.Name == name })
		if there && !slices.Contains(sets, name) {
			sets = append(sets, name)
		}
	}
	return sets, nil
}

type packageWriter struct {
	*questionset.PackageWriter
	ctx   context.Context
	from  PackageReader
	shown map[string]bool // hashes of media
}

func (w *packageWriter) set(name string, report *questionset.Report) error {
	return w.Set(name, report, func(fn func(*questionset.Question) error) error {
		return w.from.EachQuestion(w.ctx, name, func(q store.LoadedQuestion) error {
			questionset.MediaRefs(q.Question, q.Key, q.Feedback, func(hash string) {
				if !w.shown[hash] {
					w.shown[strings.Clone(hash)] = true // no part of a text, which it would keep
				}
			})
			return fn(writable(&q))
		})
	})
}

// media writes what the questions show. A text may name media that were never stored: they are left out.
func (w *packageWriter) media() error {
	for _, hash := range slices.Sorted(maps.Keys(w.shown)) {
		f, err := store.OpenMedia(w.ctx, w.from, hash)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		m := questionset.Media{Hash: hash, Type: f.Type}
		if err := w.Media(m.Ref(), f); err != nil {
			return fmt.Errorf("desk: media %s: %w", hash, err)
		}
	}
	return nil
}

// attachments writes the attachments of the exam. All are stored, since a definition with others is not.
func (w *packageWriter) attachments(d *exam.Definition) error {
	for i := range d.Attachments {
		a := &d.Attachments[i]
		f, err := store.OpenMedia(w.ctx, w.from, a.Media)
		if err != nil {
			return fmt.Errorf("desk: attachment %s: %w", a.File, err)
		}
		if err := w.Attachment(a, f); err != nil {
			return fmt.Errorf("desk: attachment %s: %w", a.File, err)
		}
	}
	return nil
}

// limitedWriter refuses what is more than may be read again.
type limitedWriter struct {
	to   io.Writer
	left int
}

func (w *limitedWriter) Write(p []byte) (int, error) {
	if w.left -= len(p); w.left < 0 {
		return 0, ErrTooLarge
	}
	return w.to.Write(p)
}
