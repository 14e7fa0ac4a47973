package questionset

import "strconv"

// known remembers the questions taken from a file so far.
type known struct {
	stems  map[string]int // line by folded stem
	copies map[string]int // line by category, year and content
}

func newKnown() *known { return &known{stems: map[string]int{}, copies: map[string]int{}} }

// admit reports whether a sealed question is to be taken. An exact copy within category and year is
// left out, since it could stand twice on a paper; an equal stem is warned of.
func (k *known) admit(r *Report, p place, q *Question) bool {
	scope := joinEscaped([]string{q.Category, strconv.Itoa(q.Year)}) + "/"
	if first, again := k.copies[scope+q.ContentHash]; again {
		r.warning(p, codeIdentical, "line", first)
		r.Counts.Identical++
		return false
	}
	k.copies[scope+q.ContentHash] = q.Line
	stem := foldText(q.Question.Stem.Source)
	if first, again := k.stems[stem]; again {
		r.warning(p, codeDuplicateStem, "line", first)
	} else {
		k.stems[stem] = q.Line
	}
	return true
}
