package questionset

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"shiken/exam"
)

// MaxPieces bounds the refused questions of a file that are kept to be mended, and maxPieceSource the text of
// one, in bytes.
const (
	MaxPieces      = 2_000
	maxPieceSource = 64 << 10
)

// Piece is a question that was refused, as far as it was read.
type Piece struct {
	Nth  int    // among those seen in the file, from 1
	File string // with the entry of a package
	Line int
	// Question is what could be read; its key is empty, since of a key only the whole counts.
	Question Question
	// Source is the text that was read, where File.Reread can read it again by itself; else empty.
	Source string
}

// Readable reports whether enough was read to go on from.
func (p *Piece) Readable() bool { return p.Question.Question.Stem.Source != "" }

// open begins a question: it counts as seen, and findings are its until close.
func (r *Report) open() {
	r.Counts.Seen++
	r.nth = r.Counts.Seen
}

// expect makes findings those of the question that will be seen next, until close or open.
func (r *Report) expect() { r.nth = r.Counts.Seen + 1 }

func (r *Report) close() { r.nth = 0 }

// refuse keeps a question that was refused for its author to mend. It was opened before.
func (f *File) refuse(q *Question, source string) {
	if !f.options.Pieces || len(f.Pieces) >= MaxPieces {
		return
	}
	p := Piece{Nth: f.Report.nth, File: f.Report.File, Line: q.Line, Question: *q}
	p.Question.Nth, p.Question.Key, p.Question.ContentHash = p.Nth, exam.Key{Rule: q.Key.Rule, Guide: q.Key.Guide}, ""
	content := &p.Question.Question
	content.Type = cmp.Or(content.Type, likelyType(content))
	if len(content.Stem.Source) > MaxText {
		content.Stem = exam.Text{}
	}
	if len(source) <= maxPieceSource {
		p.Source = strings.Clone(strings.Trim(source, "\n"))
	}
	f.Pieces = append(f.Pieces, p)
}

// likelyType is what a question without a type may be: its author decides.
func likelyType(q *exam.Question) exam.QuestionType {
	if len(q.Prompts) > 0 && len(q.Options) > 0 {
		return exam.Matching
	}
	return exam.SingleChoice
}

// Mended is a question of a file as its author has mended it.
type Mended struct {
	Nth      int      `json:"nth"`
	Question Question `json:"question"`
	Media    []Media  `json:"media,omitempty"` // that came with it
	// Source is what the author typed, where the text was mended; else empty.
	Source string `json:"source,omitempty"`
}

// With gives the file as if its author had brought it with the mended questions: they take the places of
// those that were read or refused there, and count as taken. What the report says of these is left out, and a
// note stands for it. The file itself stays as it is.
func (f *File) With(mends []Mended) *File {
	if len(mends) == 0 {
		return f
	}
	out := *f
	m := mender{file: &out, mended: map[int]*Mended{}, keys: map[string]bool{}, copies: map[string]bool{}}
	for i := range mends {
		if n := mends[i].Nth; n > 0 && n <= f.Report.Counts.Seen {
			m.mended[n] = &mends[i]
		}
	}
	m.keep()
	for _, nth := range sortedKeys(m.mended) {
		m.take(f, m.mended[nth])
	}
	slices.SortStableFunc(out.Questions, func(a, b Question) int { return cmp.Compare(a.Nth, b.Nth) })
	out.Report.recount(&out)
	return &out
}

func sortedKeys(m map[int]*Mended) []int {
	keys := make([]int, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// mender puts mended questions into a copy of a file.
type mender struct {
	file   *File
	mended map[int]*Mended
	keys   map[string]bool // source keys that are taken
	copies map[string]bool // contents within category and year
}

// keep takes over what is not mended.
func (m *mender) keep() {
	f := m.file
	questions, findings, media := f.Questions, f.Report.Findings, f.Media
	f.Pieces = slices.DeleteFunc(slices.Clone(f.Pieces), func(p Piece) bool { return m.mended[p.Nth] != nil })
	f.Questions, f.Report.Findings, f.Media = nil, nil, map[string]Media{}
	for i := range questions {
		if m.mended[questions[i].Nth] == nil {
			m.keys[questions[i].SourceKey] = true
			m.copies[copyScope(&questions[i])] = true
			f.Questions = append(f.Questions, questions[i])
		}
	}
	for i := range findings {
		if n := findings[i].Nth; n == 0 || m.mended[n] == nil {
			f.Report.Findings = append(f.Report.Findings, findings[i])
		}
	}
	for hash, one := range media {
		f.Media[hash] = one
	}
}

// take takes a mended question, unless another one says the same. was is the file as it was read.
func (m *mender) take(was *File, mend *Mended) {
	f, q := m.file, mend.Question
	r := &f.Report
	r.nth = mend.Nth
	defer r.close()
	original := was.Nth(mend.Nth)
	q.Nth, q.Line = mend.Nth, original.Line
	q.SourceKey = m.key(cmp.Or(original.SourceKey, q.SourceKey, newKeyer().unnamed(q.Question.Stem.Source, q.Category)))
	q.seal()
	p := place{line: q.Line, question: excerpt(cmp.Or(q.Number, original.Number))}
	r.note(p, codeMended)
	r.tellLeftOut(&q)
	if m.copies[copyScope(&q)] {
		r.warning(p, codeMendedCopy)
		return
	}
	for _, one := range mend.Media {
		f.Media[one.Hash] = one
	}
	m.keys[q.SourceKey], m.copies[copyScope(&q)] = true, true
	f.Questions = append(f.Questions, q)
}

func (m *mender) key(wanted string) string {
	k := newKeyer()
	key := k.unique(wanted)
	for m.keys[key] {
		key = k.unique(wanted)
	}
	return key
}

func copyScope(q *Question) string {
	return q.Category + "\x00" + strconv.Itoa(q.Year) + "\x00" + q.ContentHash
}

// Nth is the question that was seen at a place of the file, from 1: as it was taken, else as far as it was
// read. What is neither is a zero Question.
func (f *File) Nth(nth int) Question {
	if i, found := slices.BinarySearchFunc(f.Questions, nth, func(q Question, n int) int { return cmp.Compare(q.Nth, n) }); found {
		return f.Questions[i]
	}
	if p := f.Piece(nth); p != nil {
		return p.Question
	}
	return Question{}
}

// Piece is the refused question at a place of the file, nil when there is none that is kept.
func (f *File) Piece(nth int) *Piece {
	if i, found := slices.BinarySearchFunc(f.Pieces, nth, func(p Piece, n int) int { return cmp.Compare(p.Nth, n) }); found {
		return &f.Pieces[i]
	}
	return nil
}

// recount counts again what was taken.
func (r *Report) recount(f *File) {
	r.Counts.Taken, r.Counts.NeedsMarker, r.Counts.Mended = len(f.Questions), 0, 0
	for i := range f.Questions {
		if f.Questions[i].NeedsMarker() {
			r.Counts.NeedsMarker++
		}
	}
	for i := range r.Findings {
		switch r.Findings[i].Code {
		case codeMended:
			r.Counts.Mended++
		case codeMendedCopy:
			r.Counts.Identical++
		}
	}
	r.Counts.Refused = r.Counts.Seen - r.Counts.Taken - r.Counts.Identical
}

// IsMended reports whether the finding stands for what was found in a question before it was mended.
func (f Finding) IsMended() bool { return f.Code == codeMended }
