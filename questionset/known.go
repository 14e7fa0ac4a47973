package questionset

import (
	"crypto/sha256"
	"strconv"
)

// digest stands for a text among those that a file held before: there may be a hundred thousand long ones.
type digest [16]byte

func digestOf(text string) digest {
	sum := sha256.Sum256([]byte(text))
	return digest(sum[:len(digest{})])
}

// known remembers the questions taken from a file so far.
type known struct {
	stems  map[digest]int // line by folded stem
	copies map[digest]int // line by category, year and content
}

func newKnown() *known { return &known{stems: map[digest]int{}, copies: map[digest]int{}} }

// admit reports whether a sealed question is to be taken. An exact copy within category and year is
// left out, since it could stand twice on a paper; an equal stem is warned of, and so are marks of what is right in
// the options.
func (k *known) admit(r *Report, p place, q *Question) bool {
	content := digestOf(joinEscaped([]string{q.Category, strconv.Itoa(q.Year), q.ContentHash}))
	if first, again := k.copies[content]; again {
		r.warning(p, codeIdentical, "line", first)
		r.Counts.Identical++
		return false
	}
	k.copies[content] = q.Line
	if option, differs := markedOption(q); differs > markNone {
		r.warning(p.at(option.ID), codeMarkedOther, "text", option.Text.Source)
	} else if option != nil {
		r.warning(p.at(option.ID), codeMarkedOption, "text", option.Text.Source)
	}
	stem := digestOf(foldText(q.Question.Stem.Source))
	if first, again := k.stems[stem]; again {
		r.warning(p, codeDuplicateStem, "line", first)
	} else {
		k.stems[stem] = q.Line
	}
	return true
}
