package exam

import (
	"maps"
	"slices"
)

// Accepting is a key by which an answer is right that is right by k or by other, a key of a question of
// type t. Where the two can be one key they are: the options of a single choice, texts, ranges, and both
// of these gap by gap. Else other stands beside k (Either).
func (k Key) Accepting(t QuestionType, other Key) Key {
	k.Treatment, other.Treatment = ByKey, ByKey
	switch t {
	case SingleChoice, TrueFalse:
		k.Options = moreOf(k.Options, other.Options)
	case ShortText:
		k.Texts = slices.Concat(newIn(other.Texts, k.Texts), k.Texts)
	case Numeric:
		k.Numbers = slices.Concat(newIn(other.Numbers, k.Numbers), k.Numbers)
	case Gaps:
		k.Gaps = moreGaps(k.Gaps, other.Gaps)
		k.GapNumbers = moreGaps(k.GapNumbers, other.GapNumbers)
	case MultipleChoice, Matching, Ordering:
		further := other.Either
		other.Either, other.Guide = nil, Text{}
		k.Either = slices.Concat(k.Either, []Key{other}, further)
	}
	return k
}

// moreOf holds of each option the higher weight.
func moreOf(a, b map[string]int) map[string]int {
	out := maps.Clone(a)
	if out == nil {
		out = map[string]int{}
	}
	for option, weight := range b {
		out[option] = max(weight, out[option])
	}
	return out
}

// newIn are those of list that are not in old. They come to stand before the old ones, since the first
// that matches counts and the last may be one that matches all.
func newIn[T comparable](list, old []T) []T {
	var out []T
	for _, v := range list {
		if !slices.Contains(old, v) {
			out = append(out, v)
		}
	}
	return out
}

func moreGaps[T comparable](a, b map[string][]T) map[string][]T {
	out := maps.Clone(a)
	if out == nil && len(b) > 0 {
		out = map[string][]T{}
	}
	for gap, list := range b {
		out[gap] = slices.Concat(newIn(list, out[gap]), out[gap])
	}
	return out
}
