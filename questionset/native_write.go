package questionset

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"path"
	"slices"
	"strconv"

	"shiken/exam"
)

// writeNative writes a set in the form of our own; with its media in a package, where it has any.
func writeNative(to io.Writer, set *Set, r *Report) error {
	if len(set.Media) == 0 {
		return writeLines(to, set.Name, r, set.unnumbered())
	}
	p := NewPackage(to, nil, []string{set.Name})
	if err := p.Set(set.Name, r, set.unnumbered()); err != nil {
		return err
	}
	for _, hash := range slices.Sorted(maps.Keys(set.Media)) {
		m := set.Media[hash]
		if err := p.Media(m.Ref(), bytes.NewReader(m.Data)); err != nil {
			return err
		}
	}
	return p.Close()
}

// Questions calls a function for the questions of a set, one by one, and returns its first error.
type Questions func(fn func(*Question) error) error

// unnumbered are the questions of a set.
func (s *Set) unnumbered() Questions {
	return func(fn func(*Question) error) error {
		return s.each(func(_ int, q *Question) error { return fn(q) })
	}
}

// writeLines writes the lines of a set. What could not be read again is left out, and told.
func writeLines(to io.Writer, set string, r *Report, questions Questions) error {
	line, err := jsonLine(nativeHead{Format: nativeSet, Version: nativeVersion, Set: set})
	if err != nil {
		return err
	}
	if _, err := to.Write(line); err != nil {
		return err
	}
	return questions(func(q *Question) error {
		r.Counts.Seen++
		line, err := jsonLine(lineOf(q))
		if err != nil {
			return err
		}
		if len(line) > maxNativeLine {
			r.error(place{question: excerpt(nativeName(q))}, codeNativeLineLong, "limit", maxNativeLine>>10)
			r.Counts.Refused++
			return nil
		}
		_, err = to.Write(line)
		return err
	})
}

func lineOf(q *Question) nativeQuestion {
	key := q.Key
	key.Revision, key.Treatment = 1, exam.ByKey
	return nativeQuestion{
		SourceKey: q.SourceKey, Number: q.Number, Category: q.Category, Year: q.Year, Reference: q.Reference,
		Difficulty: q.Difficulty, Tags: q.Tags, Question: q.Question, Key: key, Feedback: q.Feedback,
	}
}

func jsonLine(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return b.Bytes(), err
}

// PackageWriter writes a package as it comes, holding nothing of it but the list of its files: first the
// exam, then the sets in the order that was announced, then media and attachments. The same content gives the
// same bytes.
type PackageWriter struct {
	zip   *zip.Writer
	head  packageHead
	exam  *exam.Definition
	files map[string]bool // media and attachments that are written, by path
	err   error           // of the beginning
}

// NewPackage begins a package of an exam (nil: none) and the sets that it draws from.
func NewPackage(to io.Writer, d *exam.Definition, sets []string) *PackageWriter {
	p := &PackageWriter{zip: zip.NewWriter(to), head: packageHead{Format: nativePackage, Version: nativeVersion}, exam: d, files: map[string]bool{}}
	if d != nil {
		p.head.Exam = packageExam
		if len(d.Attachments) > 0 {
			p.head.Version = attachedVersion
		}
	}
	for i, set := range sets {
		p.head.Sets = append(p.head.Sets, packageSet{Set: set, File: "sets/" + strconv.Itoa(i+1) + ".jsonl"})
	}
	p.err = p.file(packageHeadFile, func(w io.Writer) error {
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		return e.Encode(p.head)
	})
	return p
}

func (p *PackageWriter) file(name string, write func(io.Writer) error) error {
	if p.err != nil {
		return p.err
	}
	w, err := p.zip.Create(name)
	if err != nil {
		return err
	}
	return write(w)
}

// Exam writes the exam.
func (p *PackageWriter) Exam() error {
	return p.file(packageExam, func(w io.Writer) error { return writeExam(w, p.exam, packageAttached) })
}

// Set writes a set that was announced. The report counts its questions, and names what is too large.
func (p *PackageWriter) Set(name string, r *Report, questions Questions) error {
	for _, s := range p.head.Sets {
		if s.Set == name {
			return p.file(s.File, func(w io.Writer) error { return writeLines(w, name, r, questions) })
		}
	}
	return fmt.Errorf("questionset: set %q was not announced", name)
}

// Media writes what texts refer to as ref, once.
func (p *PackageWriter) Media(ref string, from io.Reader) error {
	return p.once(path.Join("media", path.Base(ref)), from)
}

// Attachment writes the content of an attachment of the exam.
func (p *PackageWriter) Attachment(a *exam.Attachment, from io.Reader) error {
	return p.once(packageAttached+a.File, from)
}

func (p *PackageWriter) once(name string, from io.Reader) error {
	if p.files[name] {
		return nil
	}
	p.files[name] = true
	return p.file(name, func(w io.Writer) error {
		_, err := io.Copy(w, from)
		return err
	})
}

// Close ends the package.
func (p *PackageWriter) Close() error {
	if p.err != nil {
		return p.err
	}
	return p.zip.Close()
}
