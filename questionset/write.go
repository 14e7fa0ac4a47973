package questionset

import (
	"errors"
	"fmt"
	"io"

	"shiken/exam"
)

// Set is a question set on its way out.
type Set struct {
	Name      string
	Questions []Question
	// Each gives the questions to fn instead, one by one and in the same order each time; Questions is not looked
	// at then.
	Each  func(fn func(*Question) error) error
	Media map[string]Media // by hash; those that texts refer to
}

// each calls fn for every question, with its place from 1.
func (s *Set) each(fn func(at int, q *Question) error) error {
	at := 0
	next := func(q *Question) error {
		at++
		return fn(at, q)
	}
	if s.Each != nil {
		return s.Each(next)
	}
	for i := range s.Questions {
		if err := next(&s.Questions[i]); err != nil {
			return err
		}
	}
	return nil
}

// setWriters write the formats that sets are exported in. Each writes what the format can say, and
// reports the rest, question by question.
var setWriters = map[Format]func(io.Writer, *Set, *Report) error{}

func init() {
	setWriters[GIFT] = writeGIFT
	setWriters[MXML] = writeMoodle
	setWriters[QTI2] = writeQTI2
	setWriters[CSV], setWriters[XLSX] = writeCSV, writeXLSX
	setWriters[Native] = writeNative
}

// WriteFormats are the formats that Write knows.
func WriteFormats() []Format {
	var list []Format
	for _, format := range formats {
		if setWriters[format] != nil {
			list = append(list, format)
		}
	}
	return list
}

// ErrTooLarge: in a format that repeats a picture wherever a text shows it, the file would be too large.
var ErrTooLarge = errors.New("questionset: the set is too large for one file")

// MaxEmbedded bounds what pictures and sounds take in such a file, in bytes.
const MaxEmbedded = 256 << 20

// Write writes a set in one of WriteFormats. The report names what the format cannot express: as a
// warning what was changed or left out of a question, as an error a question that is not in the file.
func Write(w io.Writer, format Format, set *Set) (*Report, error) {
	write := setWriters[format]
	if write == nil {
		return nil, fmt.Errorf("questionset: no sets are written as %q", format)
	}
	r := &Report{File: set.Name, Format: format, Encoding: UTF8}
	corrected := &correctedKeys{set: set, own: format == Native}
	err := write(w, corrected.watched(), r)
	corrected.lost.report(r)
	r.Counts.Taken = r.Counts.Seen - r.Counts.Refused
	return r, err
}

// correctedKeys finds questions whose keys were corrected in a way that no format can say: that everybody gets
// full marks, that the question does not count, or that either of several keys is right.
type correctedKeys struct {
	set  *Set
	own  bool // the format is of our own, which says the last
	lost *tally
}

// watched is the set, of which each pass through its questions is looked at anew.
func (c *correctedKeys) watched() *Set {
	c.lost = newTally(nil)
	return &Set{Name: c.set.Name, Media: c.set.Media, Each: func(fn func(*Question) error) error {
		c.lost = newTally(nil)
		return c.set.each(func(at int, q *Question) error {
			if q.Key.Treatment != exam.ByKey {
				c.lost.add(Warning, codeExportTreatment, at)
			}
			if len(q.Key.Either) > 0 && !c.own {
				c.lost.add(Warning, codeExportEither, at)
			}
			return fn(q)
		})
	}}
}
