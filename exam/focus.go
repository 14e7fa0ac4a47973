package exam

import (
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
)

// Only says which questions a practice is to be about.
type Only string

// All of them; those that were not tried yet; those that were not right when they were last answered; those
// that were flagged when they were last practised.
const (
	OnlyAll     Only = ""
	OnlyUntried Only = "unseen"
	OnlyMissed  Only = "wrong"
	OnlyFlagged Only = "flagged"
)

// Focus is what a candidate wants to practise of an exam; the zero value is what the exam draws.
type Focus struct {
	Count      int      // how many questions, at most MaxQuestions; 0 = what the exam draws, of a selection all
	Categories []string // of one of these, unless empty
	Years      []int    // of one of these, unless empty
	Only       Only
	// Most bounds what may come, units of more questions included; 0 = MaxQuestions. No candidate says it: the exam does.
	Most int
}

// ErrNothing: a focus leaves no question. ErrUnits is the ErrNothing of a focus that leaves only groups of more questions
// than may come.
var (
	ErrNothing = errors.New("exam: the focus leaves no question")
	ErrUnits   = fmt.Errorf("%w that may come: they come together, and are too many", ErrNothing)
)

// Selects reports whether not every question passes the focus.
func (f *Focus) Selects() bool {
	return f.Only != OnlyAll || len(f.Categories) > 0 || len(f.Years) > 0
}

// IsZero reports whether the focus is what the exam draws.
func (f *Focus) IsZero() bool { return f.Count == 0 && !f.Selects() }

// Takes reports whether a question passes the focus. What asks nothing is about nothing in particular.
func (f *Focus) Takes(q *PoolQuestion, h *History) bool {
	if len(f.Categories) > 0 && !slices.Contains(f.Categories, q.Category) ||
		len(f.Years) > 0 && !slices.Contains(f.Years, q.Year) {
		return false
	}
	done := h.Of(q.Identity)
	switch f.Only {
	case OnlyUntried:
		return q.Question.Type != Description && !done.Tried
	case OnlyMissed:
		return done.Missed()
	case OnlyFlagged:
		return done.Flagged
	}
	return true
}

// Narrow gives the definition and the pools of a practice with a focus, of which Draw draws all: of the
// questions that any section may draw, each in the first section that has it, those that pass, or as many
// of them as are wanted, picked at random. Questions of one group stay together: all of them come where one
// passes, so that they may be a few less or, in place of none, more than wanted, but never more than Most. Sections
// that lose all are left out. It has no pass mark and no minimum: who chose the questions would choose the verdict.
// ErrNothing when nothing is left.
func (f *Focus) Narrow(d Definition, pools [][]PoolQuestion, h *History, seed Seed) (Definition, [][]PoolQuestion, error) {
	units, sections := f.units(pools, h)
	most := min(cmp.Or(f.Most, MaxQuestions), MaxQuestions)
	n, above := NearestDraws(units, min(count(units), cmp.Or(f.Count, most), most))
	if n == 0 {
		n = above
	}
	switch {
	case n == 0:
		return Definition{}, nil, ErrNothing
	case n > most:
		return Definition{}, nil, ErrUnits
	}
	// Another stream than the paper's: what Draw makes of the seed does not hang on what was picked.
	rng := rand.New(rand.NewChaCha8(sha256.Sum256(append([]byte("focus"), seed[:]...))))
	picked, _ := pickUnits(rng, units, n, false)
	parts := make([][]PoolQuestion, len(pools))
	for _, unit := range picked {
		at := sections[unit[0].Identity]
		parts[at] = append(parts[at], unit...)
	}
	narrowed := d
	narrowed.Sections, narrowed.Rules.PassMark = nil, 0
	var left [][]PoolQuestion
	for i, part := range parts {
		if len(part) == 0 {
			continue
		}
		section := d.Sections[i]
		section.Draw, section.Pick, section.Minimum = 0, PickRandom, 0
		narrowed.Sections, left = append(narrowed.Sections, section), append(left, part)
	}
	return narrowed, left, nil
}

// units are those of all pools that pass, with the section of each question.
func (f *Focus) units(pools [][]PoolQuestion, h *History) (units [][]PoolQuestion, sections map[string]int) {
	used, sections := map[string]bool{}, map[string]int{}
	for i := range pools {
		free := undrawn(pools[i], used)
		for j := range free {
			used[free[j].Identity], sections[free[j].Identity] = true, i
		}
		for _, unit := range Units(free) {
			if slices.ContainsFunc(unit, func(q PoolQuestion) bool { return f.Takes(&q, h) }) {
				units = append(units, unit)
			}
		}
	}
	return units, sections
}

// Offered is what a candidate may choose from: all that the sections may draw, of those with the same questions
// for everybody the chosen ones, once there are any. Of the questions of pools only the identities matter.
func (d *Definition) Offered(pools [][]PoolQuestion, picked []Picked) [][]PoolQuestion {
	out := slices.Clone(pools)
	for i, chosen := range d.Chosen(picked) {
		if chosen == nil {
			continue
		}
		out[i] = nil
		for _, q := range pools[i] {
			if chosen[q.Identity] {
				out[i] = append(out[i], q)
			}
		}
	}
	return out
}

// Chosen are, by section, the identities of the questions to which it keeps; nil for a section that may draw any of
// those that fit it.
func (d *Definition) Chosen(picked []Picked) []map[string]bool {
	out, unclaimed := make([]map[string]bool, len(d.Sections)), slices.Clone(picked)
	for i := range d.Sections {
		at := slices.IndexFunc(unclaimed, func(p Picked) bool { return p.From.equal(&d.Sections[i].From) })
		if d.Sections[i].Pick != PickSame || at < 0 {
			continue
		}
		out[i] = map[string]bool{}
		for _, identity := range unclaimed[at].Questions {
			out[i][identity] = true
		}
		unclaimed = slices.Delete(unclaimed, at, at+1)
	}
	return out
}
