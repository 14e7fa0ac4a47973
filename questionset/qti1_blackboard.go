package questionset

import (
	"math"
	"slices"
	"strings"
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
