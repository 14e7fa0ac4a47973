package exam

import (
	"math/big"
	"math/rand/v2"
)

// Units parts a pool into what is drawn as a whole: the questions of a group, in the pool's order, at
// the place of the first of them, and every other question alone.
func Units(pool []PoolQuestion) [][]PoolQuestion {
	out := make([][]PoolQuestion, 0, len(pool))
	place := map[string]int{}
	for i := range pool {
		group := pool[i].Question.Group
		at, known := place[group]
		if group == "" || !known {
			place[group] = len(out)
			out = append(out, pool[i:i+1:i+1])
			continue
		}
		out[at] = append(out[at], pool[i])
	}
	return out
}

// NearestDraws returns how many questions may be drawn in whole units: the most that are no more than
// n, and the least that are no fewer (0: there are none). Both are n when n itself may be drawn.
func NearestDraws(units [][]PoolQuestion, n int) (below, above int) {
	largest := 0
	for _, u := range units {
		largest = max(largest, len(u))
	}
	most := n + largest // beyond it there is one unit too many
	sums, upToMost := big.NewInt(1), lowBits(most+1)
	for _, u := range units {
		sums.Or(sums, new(big.Int).Lsh(sums, uint(len(u)))).And(sums, upToMost)
	}
	for below = n; sums.Bit(below) == 0; {
		below--
	}
	for above = n; above <= most && sums.Bit(above) == 0; {
		above++
	}
	if above > most {
		above = 0
	}
	return below, above
}

func lowBits(n int) *big.Int {
	one := big.NewInt(1)
	return new(big.Int).Sub(new(big.Int).Lsh(one, uint(n)), one)
}

// reachable says for every end of the list which numbers of questions, up to n, whole units out of it
// give: bit s of the i-th is set when the units from i on can make s.
func reachable(units [][]PoolQuestion, n int) []*big.Int {
	out := make([]*big.Int, len(units)+1)
	upToN := lowBits(n + 1)
	out[len(units)] = big.NewInt(1)
	for i := len(units) - 1; i >= 0; i-- {
		with := new(big.Int).Lsh(out[i+1], uint(len(units[i])))
		out[i] = with.Or(with, out[i+1]).And(with, upToN)
	}
	return out
}

// pickUnits picks units of n questions together, 0 ≤ n ≤ all: in a random order each is taken that
// leaves a number which those behind it can make. It reports false when no choice of units gives n.
// They come in that order when mixed, else in that of the units.
func pickUnits(rng *rand.Rand, units [][]PoolQuestion, n int, mixed bool) ([][]PoolQuestion, bool) {
	chosen, ok := takeUnits(units, permutation(rng, len(units)), n)
	if !mixed {
		chosen = inOrder(chosen, len(units))
	}
	return unitsAt(units, chosen), ok
}

func unitsAt(units [][]PoolQuestion, places []int) [][]PoolQuestion {
	out := make([][]PoolQuestion, len(places))
	for i, j := range places {
		out[i] = units[j]
	}
	return out
}

// takeUnits takes units of n questions together, 0 ≤ n ≤ all, by preference those that come first in an
// order of them all. Where every unit is one question these are the first n.
func takeUnits(units [][]PoolQuestion, order []int, n int) ([]int, bool) {
	switch all := count(units); {
	case all == len(units):
		return order[:n], true
	case n < all:
		return fitting(units, order, n)
	}
	return order, true
}

func count(units [][]PoolQuestion) int {
	all := 0
	for _, u := range units {
		all += len(u)
	}
	return all
}

// fitting takes of the units in the given order each that those behind it can fill up to n.
func fitting(units [][]PoolQuestion, order []int, n int) ([]int, bool) {
	if n > MaxQuestions {
		return nil, false
	}
	ordered := make([][]PoolQuestion, len(order))
	for i, j := range order {
		ordered[i] = units[j]
	}
	rest := reachable(ordered, n)
	if rest[0].Bit(n) == 0 {
		return nil, false
	}
	var chosen []int
	for i, u := range ordered {
		if len(u) <= n && rest[i+1].Bit(n-len(u)) == 1 {
			chosen, n = append(chosen, order[i]), n-len(u)
		}
	}
	return chosen, true
}
