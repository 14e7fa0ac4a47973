package desk

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"shiken/exam"
	"shiken/store"
)

// KeyLines says in lines which answers are right, with the part in percent that one earns where that is not
// all, and (Aa) where capital and small letters differ. plain gives a text without its markup.
func KeyLines(q *store.LoadedQuestion, plain func(exam.Text) string) []string {
	k := keyWords{q: &q.Question, plain: plain}
	lines := k.lines(&q.Key)
	for i := range q.Key.Either {
		for _, line := range k.lines(&q.Key.Either[i]) {
			lines = append(lines, "+ "+line)
		}
	}
	return lines
}

// keyWords words the keys of a question.
type keyWords struct {
	q     *exam.Question
	plain func(exam.Text) string
}

func (k *keyWords) lines(key *exam.Key) []string {
	switch t := k.q.Type; {
	case t.IsChoice():
		return k.options(k.q.Options, key.Options)
	case t == exam.ShortText:
		return textLines(key.Texts)
	case t == exam.Numeric:
		return numberLines(key.Numbers)
	case t == exam.Matching:
		return k.pairs(key)
	case t == exam.Ordering:
		return k.order(key)
	case t == exam.Gaps:
		return k.gaps(key)
	}
	return nil
}

// share says what a weight earns, "" for all.
func share(weight int) string {
	if weight == exam.FullCredit {
		return ""
	}
	return " (" + strconv.FormatFloat(float64(weight)*100/exam.FullCredit, 'f', -1, 64) + " %)"
}

// options are those that earn or cost something.
func (k *keyWords) options(options []exam.Option, weights map[string]int) []string {
	var out []string
	for _, o := range options {
		if w := weights[o.ID]; w != 0 {
			out = append(out, k.plain(o.Text)+share(w))
		}
	}
	return out
}

func textLines(keys []exam.TextKey) []string {
	var out []string
	for _, t := range keys {
		line := t.Pattern
		if t.CaseSensitive {
			line += " (Aa)"
		}
		out = append(out, line+share(t.Weight))
	}
	return out
}

func numberLines(keys []exam.NumberKey) []string {
	var out []string
	for _, n := range keys {
		line := n.Min
		if n.Max != n.Min {
			line += " – " + n.Max
		}
		out = append(out, line+share(n.Weight))
	}
	return out
}

func (k *keyWords) pairs(key *exam.Key) []string {
	texts := map[string]string{}
	for _, o := range k.q.Options {
		texts[o.ID] = k.plain(o.Text)
	}
	var out []string
	for _, p := range k.q.Prompts {
		weights := key.PairWeights[p.ID]
		if key.PairWeights == nil {
			weights = map[string]int{key.Pairs[p.ID]: exam.FullCredit}
		}
		for _, id := range slices.Sorted(maps.Keys(weights)) {
			out = append(out, k.plain(p.Text)+" → "+texts[id]+share(weights[id]))
		}
	}
	return out
}

func (k *keyWords) order(key *exam.Key) []string {
	texts := map[string]string{}
	for _, p := range k.q.Prompts {
		texts[p.ID] = k.plain(p.Text)
	}
	var out []string
	for i, id := range key.Order {
		out = append(out, fmt.Sprintf("%d. %s", i+1, texts[id]))
	}
	return out
}

func (k *keyWords) gaps(key *exam.Key) []string {
	var out []string
	for i, p := range k.q.Prompts {
		var accepted []string
		switch {
		case len(p.Options) > 0:
			weights := map[string]int{}
			for _, t := range key.Gaps[p.ID] {
				weights[t.Pattern] = t.Weight
			}
			accepted = k.options(p.Options, weights)
		case p.Number:
			accepted = numberLines(key.GapNumbers[p.ID])
		default:
			accepted = textLines(key.Gaps[p.ID])
		}
		line := fmt.Sprintf("(%d) %s", i+1, strings.Join(accepted, " / "))
		if w := key.Weights[p.ID]; w > 1 {
			line += fmt.Sprintf(" ×%d", w)
		}
		out = append(out, line)
	}
	return out
}
