package exam

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"math/rand/v2"
	"slices"
)

// Picked is the choice of a section whose questions are the same for everybody: what it draws from, and
// the identities of what was drawn, in the order of the draw.
type Picked struct {
	From      Source   `json:"from"`
	Questions []string `json:"questions"`
}

// PicksOnce reports whether a section of the definition has the same questions for everybody.
func (d *Definition) PicksOnce() bool {
	return slices.ContainsFunc(d.Sections, func(s SectionDefinition) bool { return s.Pick == PickSame })
}

// DrawOrder lists the sections as they draw, each from what those before it left: first those that have
// the same questions for everybody, since what they have may not depend on what a candidate drew.
func (d *Definition) DrawOrder() []int {
	var same, random []int
	for i := range d.Sections {
		if d.Sections[i].Pick == PickSame {
			same = append(same, i)
		} else {
			random = append(random, i)
		}
	}
	return append(same, random...)
}

// PickOnce makes the choice of all sections with PickSame, in their order; nil when there are none. What
// was chosen before, by a section that drew from the same, stays as long as it fits: what was added to
// the set since does not come in, and what is gone is replaced, by lot, by as many others. A section that
// draws all keeps to all that there were.
//
// The same arguments give the same choice, and where all that was chosen still fits, the seed does not
// matter. The errors are those of Draw.
func PickOnce(d *Definition, pools [][]PoolQuestion, before []Picked, seed Seed) ([]Picked, error) {
	if !d.PicksOnce() {
		return nil, nil
	}
	units, err := sameUnits(d, pools, before, seed)
	if err != nil {
		return nil, err
	}
	var out []Picked
	for i := range d.Sections {
		if d.Sections[i].Pick != PickSame {
			continue
		}
		p := Picked{From: d.Sections[i].From}
		for _, unit := range units[i] {
			for _, q := range unit {
				p.Questions = append(p.Questions, q.Identity)
			}
		}
		out = append(out, p)
	}
	return out, nil
}

// sameUnits are the units that the sections with PickSame choose, by section, in the order of the draw.
func sameUnits(d *Definition, pools [][]PoolQuestion, before []Picked, seed Seed) ([][][]PoolQuestion, error) {
	out := make([][][]PoolQuestion, len(d.Sections))
	rng, used, unclaimed := pickSource(seed), map[string]bool{}, slices.Clone(before)
	for i := range d.Sections {
		if d.Sections[i].Pick != PickSame {
			continue
		}
		var kept []string
		if at := slices.IndexFunc(unclaimed, func(p Picked) bool { return p.From.equal(&d.Sections[i].From) }); at >= 0 {
			kept = unclaimed[at].Questions
			unclaimed = slices.Delete(unclaimed, at, at+1)
		}
		units := Units(undrawn(pools[i], used))
		order, stay := keptFirst(rng, units, kept)
		n := d.Sections[i].Draw
		if n == 0 && stay > 0 {
			n = stay
		} else if n == 0 {
			n = count(units)
		}
		if n < 0 || n > count(units) {
			return nil, tooFew(i, n, count(units))
		}
		chosen, ok := takeUnits(units, order, n)
		if !ok {
			return nil, tornUp(i, n)
		}
		out[i] = unitsAt(units, chosen)
		for _, unit := range out[i] {
			for _, q := range unit {
				used[q.Identity] = true
			}
		}
	}
	return out, nil
}

// pickSource makes the generator of the choice: what shuffles a paper tells nothing about it.
func pickSource(seed Seed) *rand.Rand {
	mac := hmac.New(sha256.New, seed[:])
	mac.Write([]byte("pick"))
	return rand.New(rand.NewChaCha8(Seed(mac.Sum(nil))))
}

// equal reports whether two sources name the same, in whatever order: a form writes its lists in another
// one than a file.
func (s *Source) equal(o *Source) bool {
	return s.Set == o.Set && sameMembers(s.Category, o.Category) && sameMembers(s.Year, o.Year) && sameMembers(s.Tag, o.Tag)
}

func sameMembers[T cmp.Ordered](a, b []T) bool {
	of := func(list []T) []T { return slices.Compact(slices.Sorted(slices.Values(list))) }
	return slices.Equal(of(a), of(b))
}

// keptFirst puts units into a random order, but first those with kept questions, in the order of these;
// stay counts the questions of these units.
func keptFirst(rng *rand.Rand, units [][]PoolQuestion, kept []string) (order []int, stay int) {
	rank := make(map[string]int, len(kept))
	for i, identity := range kept {
		rank[identity] = i + 1
	}
	first := make([]int, len(units)) // by unit: the rank of its first kept question, 0 for none
	for i, unit := range units {
		for _, q := range unit {
			if r := rank[q.Identity]; r > 0 && (first[i] == 0 || r < first[i]) {
				first[i] = r
			}
		}
		if first[i] > 0 {
			order, stay = append(order, i), stay+len(unit)
		}
	}
	slices.SortFunc(order, func(a, b int) int { return first[a] - first[b] })
	for _, i := range permutation(rng, len(units)) {
		if first[i] == 0 {
			order = append(order, i)
		}
	}
	return order, stay
}
