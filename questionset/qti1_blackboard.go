package questionset

import (
	"math"
	"slices"
	"strings"

	"shiken/exam"
)

// findShares takes rules out that say what single options earn, in percent: Blackboard writes them behind the rule that
// says what is right. They name an option in the place of a response, or as its value. They count where the item says
// so; where it says nothing of partial credit and they say more than that rule, that is told.
func (it *qti1Item) findShares() {
	if it.meta["bbmd_questiontype"] == "" || len(it.parts) != 1 || !it.parts[0].options {
		return
	}
	called := slices.ContainsFunc(it.rules, func(r *qti1Rule) bool { return r.verdict() == "correct" })
	shares, rest := map[string]float64{}, []*qti1Rule{}
	for _, r := range it.rules {
		if label, ok := it.shareOf(r, called); ok {
			shares[label] = r.value
		} else {
			rest = append(rest, r)
		}
	}
	it.rules = rest
	if len(shares) > 0 && !strings.EqualFold(it.meta["bbmd_partialcredit"], "false") {
		it.shares = shares
	}
}

// shareOf is the option that a rule gives a share; it reports false for other rules. called: another rule says what is
// right.
func (it *qti1Item) shareOf(r *qti1Rule, called bool) (string, bool) {
	part, tests := it.parts[0], r.test.Elements()
	if !r.score || r.adds || r.verdict() != "" || len(tests) != 1 || tests[0].Name != "varequal" {
		return "", false
	}
	ident, value := tests[0].Attr("respident"), strings.TrimSpace(tests[0].String())
	switch {
	case ident != part.ident && value == "" && part.has(ident):
		return ident, true
	case ident == part.ident && called && part.has(value):
		return value, true
	}
	return "", false
}

// has reports whether a label of the response has an ident.
func (r *qti1Response) has(ident string) bool {
	return slices.ContainsFunc(r.labels, func(l qti1Label) bool { return l.ident == ident })
}

// shared are the options' shares, nil where none count: they have to fit what the rules call right. With several right
// options those share all of the points among them; one alone earns all.
func (it *qti1Item) shared(right []string) map[string]float64 {
	if it.shares == nil {
		return nil
	}
	part := it.parts[0]
	fits, news, total, negative := true, false, 0.0, false
	for _, l := range part.labels {
		share := it.shares[l.ident]
		switch {
		case !slices.Contains(right, l.ident):
			fits = fits && share < 100 && (!part.many || share <= 0)
			news, negative = news || share != 0, negative || share < 0
		case part.many:
			fits, total = fits && share > 0, total+share
			news = news || math.Abs(share-it.shares[right[0]]) > 100*roundingSlack
		default:
			fits, total = fits && share == 100, 100
		}
	}
	fits = fits && math.Abs(total-100) <= 100*roundingSlack
	switch stated := it.meta["bbmd_partialcredit"] != ""; {
	case !stated && !news:
		return nil
	case !stated || !fits:
		it.warning(nil, codeQTI1Shares)
		return nil
	}
	if negative && it.meta["bbmd_negative_points_ind"] == "N" {
		it.warning(nil, codeQTI1ShareBelow)
	} else if negative {
		it.tellNegative(part.node)
	}
	return it.shares
}

// shareScores puts the shares in the place of what the rules give for each option of a single choice.
func (it *qti1Item) shareScores(scores map[string]float64, best float64) {
	var right []string
	for ident, s := range scores {
		if s >= best {
			right = append(right, ident)
		}
	}
	shares := it.shared(right)
	for ident := range shares {
		if scores[ident] < best {
			scores[ident] = best * shares[ident] / 100
		}
	}
}

// eitherOrs are what Blackboard shows for the names of its pairs: what is true, and what is false.
var eitherOrs = map[string][2]string{
	"yes_no": {"Yes", "No"}, "true_false": {"True", "False"}, "right_wrong": {"Right", "Wrong"}, "agree_disagree": {"Agree", "Disagree"},
}

// nameEitherOr puts words in the place of the names that Blackboard writes for the two sides of Either/Or. It reports
// false, after telling, for names that are not known.
func (it *qti1Item) nameEitherOr(r *qti1Response) bool {
	if !strings.EqualFold(it.meta["bbmd_questiontype"], "Either/Or") || len(r.labels) != 2 {
		return true
	}
	for i := range r.labels {
		l := &r.labels[i]
		pair, side, named := strings.Cut(strings.TrimSpace(l.plain), ".")
		if !named || side != "true" && side != "false" {
			return true
		}
		words, known := eitherOrs[pair]
		if !known {
			return it.error(l.node, codeQTI1Type, "type", "Either/Or "+pair)
		}
		l.plain = words[1-ternaryInt(side == "true")]
		l.text = exam.Text{Source: l.plain}
	}
	it.eitherOr = true
	return true
}
