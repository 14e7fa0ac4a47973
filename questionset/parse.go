package questionset

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"shiken/exam"
)

// Options say how a file is to be read. The zero Options decide by content.
type Options struct {
	Format  Format
	Columns Columns         // of a table, where its header does not tell
	Text    exam.TextFormat // of the cells of a table, where no column tells; "" is Plain
	Time    time.Duration   // for which the file is read at most; 0: MaxTime
	Seen    func(n int)     // is told now and then how many questions were seen; nil: nobody is
	// Each is given every sound question as it is read, and File.Questions stays empty: so a file takes the
	// memory of its text, however many questions it holds. An error of it ends the reading, and is Parse's.
	// nil: they are gathered.
	Each func(*Question) error
	// Pieces keeps what is refused in File.Pieces.
	Pieces bool
	Set    string // of a package of several sets: the only one whose questions are read, and no exam; "": all
	Beside Beside // opens what an exam file names; nil: there is nothing beside it
}

// File is what a file holds. Only what is sound stands in Questions and Definitions; the rest is
// named in Report.
type File struct {
	Name        string
	Format      Format
	Questions   []Question
	Definitions []exam.Definition // of an exam file, in its order
	Sets        []string          // of a package in the form of our own: the names of its sets
	Media       map[string]Media  // by hash; what the texts of Questions refer to, and attachments of exams
	Table       *Table            // of CSV and XLSX: what stands in which column; nil in other formats
	// Pieces are the questions that were refused, the first MaxPieces of them, where Options.Pieces asks for
	// them.
	Pieces []Piece

	// reread reads the text of one of the pieces into a file of its own; nil where the format has none.
	reread func(into *File, p *Piece, text string)
	Report Report

	options    Options
	mediaBytes int
	failed     error // of Options.Each
}

// IsPackage reports whether a file says of each question where it goes: an exam with its sets, or several sets.
func (f *File) IsPackage() bool {
	return f.Format == Native && (len(f.Definitions) > 0 || len(f.Sets) > 1)
}

// Parse reads one file of at most MaxFile bytes. name is its path, for the report and as a hint of
// its format. Faults of the content stand in the report, one that takes too long too; the error is non-nil
// only when r cannot be read, the forced format is unknown, or ctx has ended.
func Parse(ctx context.Context, name string, r io.Reader, opts Options) (*File, error) {
	format, err := ParseFormat(string(opts.Format))
	if err != nil {
		return nil, err
	}
	limit := cmp.Or(opts.Time, MaxTime)
	inTime, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	f := &File{Name: name, Format: format, Report: Report{File: name, Format: format}, options: opts}
	f.Report.budget = budget{ctx: inTime, limit: limit, seen: opts.Seen}
	data, err := readBounded(r, 0, MaxFile)
	if err != nil && !errors.Is(err, errTooLarge) {
		return nil, fmt.Errorf("questionset: read %s: %w", name, err)
	}
	if err != nil {
		f.Report.error(place{}, codeFileTooLarge, "limit", MaxFile>>20)
	} else if f.Report.foreign(data) {
		return f, nil
	} else if looksZip(data) {
		f.parsePackage(data)
	} else if looksCompound(data) {
		f.Report.error(place{}, codeCompound)
	} else if text, ok := f.text(data); ok {
		f.parse(text)
	}
	f.Report.tellRest()
	f.Report.budget = budget{}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if f.failed != nil {
		return nil, f.failed
	}
	return f, nil
}

// parsePackage reads a zip.
func (f *File) parsePackage(data []byte) {
	b, ok := openBundle(f, data)
	if !ok {
		return
	}
	if f.Format == Auto {
		f.Format = f.detectPackage(b)
	}
	f.Report.Format = f.Format
	read, foreign := packageReaders[f.Format], b.foreign()
	switch {
	case read == nil && foreign != "":
		f.Report.error(place{}, codeForeignPackage, "type", foreign)
		return
	case read == nil:
		f.Report.error(place{}, codeUnknownPackage)
		return
	}
	read(f, b)
	f.Report.finish(f)
}

func (f *File) parse(text string) {
	read := textReaders[f.Format]
	if read == nil {
		f.Report.error(place{}, codeUnknownFormat)
		return
	}
	read(f, text)
	f.Report.finish(f)
}

// take takes a sound question.
func (f *File) take(q *Question) {
	q.Nth = f.Report.nth
	f.Report.tellLeftOut(q)
	n := &f.Report.Counts
	n.Taken++
	if q.NeedsMarker() {
		n.NeedsMarker++
	}
	switch {
	case f.options.Each == nil:
		f.Questions = append(f.Questions, *q)
	case f.failed == nil:
		if f.failed = f.options.Each(q); f.failed != nil {
			f.Report.budget.ended = true
		}
	}
}

// finish counts what was refused.
func (r *Report) finish(f *File) {
	r.close()
	r.Counts.Taken += len(f.Definitions)
	r.Counts.Refused = r.Counts.Seen - r.Counts.Taken - r.Counts.Identical
	if r.Counts.Seen == 0 && r.Sound() {
		r.error(place{}, codeNoQuestions)
	}
}
