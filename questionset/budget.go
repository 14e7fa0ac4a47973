package questionset

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"time"
)

// MaxTime is how long a file is read for when Options do not say: many times what a sound file of MaxFile
// needs, and not for ever.
const MaxTime = 2 * time.Minute

// MaxErrors and MaxNotes are how many findings of a file are listed. What has more errors is none to be
// mended line by line, and is read no further; of more notes and warnings only the count is told.
const (
	MaxErrors = 20_000
	MaxNotes  = 20_000
)

// seenStep is how many questions are read between two words of progress.
const seenStep = 1_000

// lateStep is how many lines are read between two looks at the clock.
const lateStep = 1 << 12

// budget is what may still be spent on a file.
type budget struct {
	ctx    context.Context // nil: without end
	limit  time.Duration
	seen   func(int)
	ended  bool // reading has ended, and it was told why
	silent bool // nothing is listed or counted
	errors int
	notes  int
	rest   map[Code]int // notes that are not listed
}

// late reports whether the time is used up; the first time it tells so.
func (r *Report) late() bool {
	b := &r.budget
	if b.ended || b.ctx == nil || b.ctx.Err() == nil {
		return b.ended
	}
	b.ended = true
	r.error(place{}, codeTimeUp, "limit", int(b.limit.Seconds()), "seen", r.Counts.Seen)
	return true
}

// mayRead reports whether one more question may be read. When not, it has told why, once.
func (r *Report) mayRead(p place) bool {
	b := &r.budget
	if b.seen != nil && r.Counts.Seen%seenStep == 0 {
		b.seen(r.Counts.Seen)
	}
	switch {
	case r.late():
		return false
	case r.Counts.Seen >= MaxQuestions:
		b.ended = true
		r.error(p, codeTooManyQuestions, "limit", MaxQuestions)
	case b.errors >= MaxErrors:
		b.ended = true
		r.error(p, codeTooManyErrors, "limit", MaxErrors)
	}
	return !b.ended
}

// mayWork reports whether a file whose rules of scoring took some work may be read on. When not, it has told why.
func (r *Report) mayWork(p place, steps, limit int) bool {
	if steps <= limit {
		return true
	}
	r.budget.ended = true
	r.error(p, codeQTI2FileWork, "seen", r.Counts.Seen)
	return false
}

// listed counts a finding; it reports false for a note that is only counted.
func (r *Report) listed(s Severity, code Code) bool {
	b := &r.budget
	if s == Error {
		b.errors++
		return true
	}
	if b.notes++; b.notes <= MaxNotes {
		return true
	}
	b.count(code)
	return false
}

// count counts a finding that is not listed.
func (b *budget) count(code Code) {
	if b.rest == nil {
		b.rest = map[Code]int{}
	}
	b.rest[code]++
}

// tellRest tells how many findings are not listed.
func (r *Report) tellRest() {
	for _, code := range slices.Sorted(maps.Keys(r.budget.rest)) {
		r.Findings = append(r.Findings, Finding{Severity: Warning, File: r.File, Code: codeNotListed,
			Args: map[string]string{"count": strconv.Itoa(r.budget.rest[code]), "code": string(code)}})
	}
}
