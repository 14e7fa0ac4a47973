package exam_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"shiken/exam"
)

// groupedPool has a question for each letter; those of one capital letter are a group.
func groupedPool(groups string) []exam.PoolQuestion {
	var pool []exam.PoolQuestion
	for i, g := range groups {
		q := poolQuestion(fmt.Sprintf("q%02d", i), exam.ShortText, 0, false)
		if g >= 'A' && g <= 'Z' {
			q.Question.Group = string(g)
		}
		pool = append(pool, q)
	}
	return pool
}

// sums lists by trying every choice which numbers of questions whole units of the pool give.
func sums(pool []exam.PoolQuestion) map[int]bool {
	sizes := map[string]int{}
	for i, q := range pool {
		name := q.Question.Group
		if name == "" {
			name = fmt.Sprint(i)
		}
		sizes[name]++
	}
	out := map[int]bool{0: true}
	for _, size := range sizes {
		for _, sum := range slices.Collect(maps.Keys(out)) {
			out[sum+size] = true
		}
	}
	return out
}

func drawnOf(t failer, pool []exam.PoolQuestion, n int, mixed bool, seed uint64) ([]exam.PoolQuestion, error) {
	t.Helper()
	d := definition(exam.SectionDefinition{Draw: n})
	d.Shuffle.Questions = mixed
	p, err := exam.Draw(exam.DrawRequest{Seed: seedOf(seed), Definition: d, Pools: [][]exam.PoolQuestion{pool}})
	var out []exam.PoolQuestion
	for _, it := range p.Items {
		i := slices.IndexFunc(pool, func(q exam.PoolQuestion) bool { return q.Version == it.Version })
		out = append(out, pool[i])
	}
	return out, err
}

// TestR14_GroupsAreDrawnWhole: whatever the groups, a draw gives exactly the number asked for when any
// choice of whole groups does, and is refused when none does; groups stand together, in the set's order.
func TestR14_GroupsAreDrawnWhole(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		pool := groupedPool(rapid.StringMatching("[abABCD]{1,14}").Draw(t, "groups"))
		n := rapid.IntRange(1, len(pool)).Draw(t, "draw")
		mixed, seed := rapid.Bool().Draw(t, "mixed"), rapid.Uint64().Draw(t, "seed")
		got, err := drawnOf(t, pool, n, mixed, seed)
		possible := sums(pool)
		if possible[n] != (err == nil) || err != nil && !errors.Is(err, exam.ErrDefinition) {
			t.Fatalf("%d of whole groups is possible: %v; %v", n, possible[n], err)
		}
		checkNearest(t, pool, n, possible)
		if err != nil {
			return
		}
		if again, _ := drawnOf(t, pool, n, mixed, seed); len(got) != n || !slices.EqualFunc(got, again, sameVersion) {
			t.Fatalf("%d questions, want %d; or drawn again, others", len(got), n)
		}
		checkUnits(t, pool, got)
		if !mixed && !slices.IsSortedFunc(firsts(got), func(a, b string) int { return placeIn(pool, a) - placeIn(pool, b) }) {
			t.Fatalf("units are not in the set's order: %v", firsts(got))
		}
	})
}

func sameVersion(a, b exam.PoolQuestion) bool { return a.Version == b.Version }

func placeIn(pool []exam.PoolQuestion, version string) int {
	return slices.IndexFunc(pool, func(q exam.PoolQuestion) bool { return q.Version == version })
}

// firsts are the questions that begin a unit.
func firsts(list []exam.PoolQuestion) []string {
	var out []string
	for i, q := range list {
		if q.Question.Group == "" || i == 0 || list[i-1].Question.Group != q.Question.Group {
			out = append(out, q.Version)
		}
	}
	return out
}

// checkUnits: each group that was drawn stands there whole, in one run and in the pool's order.
func checkUnits(t *rapid.T, pool, got []exam.PoolQuestion) {
	t.Helper()
	for _, unit := range exam.Units(pool) {
		at := slices.IndexFunc(got, func(q exam.PoolQuestion) bool { return q.Version == unit[0].Version })
		for i, q := range unit {
			if at < 0 && placeIn(got, q.Version) >= 0 || at >= 0 && placeIn(got, q.Version) != at+i {
				t.Fatalf("group %q is torn up", q.Question.Group)
			}
		}
	}
}

func checkNearest(t *rapid.T, pool []exam.PoolQuestion, n int, possible map[int]bool) {
	t.Helper()
	wantBelow, wantAbove := n, n
	for ; !possible[wantBelow]; wantBelow-- {
	}
	for ; !possible[wantAbove] && wantAbove <= len(pool); wantAbove++ {
	}
	if !possible[wantAbove] {
		wantAbove = 0
	}
	if below, above := exam.NearestDraws(exam.Units(pool), n); below != wantBelow || above != wantAbove {
		t.Fatalf("nearest to %d: %d and %d, want %d and %d", n, below, above, wantBelow, wantAbove)
	}
}

// TestR14_GroupsAndSections: a later section draws what is left of a group as a unit, and a set whose
// groups hold one question each is drawn as one without groups.
func TestR14_GroupsAndSections(t *testing.T) {
	t.Parallel()
	pool := groupedPool("aAABBb")
	d := definition(exam.SectionDefinition{}, exam.SectionDefinition{Draw: 3})
	p, err := exam.Draw(exam.DrawRequest{Definition: d, Pools: [][]exam.PoolQuestion{pool[2:3], pool}})
	if err != nil || p.Len() != 4 || p.Items[0].Version != "q02@1" {
		t.Fatalf("%+v, %v", p.Items, err)
	}
	alone, single := groupedPool("aaaaaa"), groupedPool("ABCDEF")
	for seed := range uint64(20) {
		one, err := drawnOf(t, alone, 4, true, seed)
		other, errOther := drawnOf(t, single, 4, true, seed)
		if err != nil || errOther != nil || !slices.EqualFunc(one, other, sameVersion) {
			t.Errorf("seed %d: %v and %v", seed, one, other)
		}
	}
}

// TestR14_GroupsAreDrawnEvenly: with groups of one size each comes as often as the others.
func TestR14_GroupsAreDrawnEvenly(t *testing.T) {
	t.Parallel()
	seen := map[string]int{}
	for seed := range uint64(600) {
		got, err := drawnOf(t, groupedPool("AABBCC"), 2, false, seed)
		if err != nil {
			t.Fatal(err)
		}
		seen[got[0].Question.Group]++
	}
	for _, group := range []string{"A", "B", "C"} {
		if seen[group] < 150 || seen[group] > 250 {
			t.Errorf("of 600 draws %v", seen)
		}
	}
}

// TestR14_ManyGroups: a large set is drawn from in little time and memory.
func TestR14_ManyGroups(t *testing.T) {
	t.Parallel()
	var pool []exam.PoolQuestion
	for i := range 30_000 {
		q := poolQuestion(fmt.Sprint("q", i), exam.ShortText, 0, false)
		q.Question.Group = fmt.Sprint("g", i/3)
		pool = append(pool, q)
	}
	got, err := drawnOf(t, pool, 999, true, 1)
	if err != nil || len(got) != 999 {
		t.Fatalf("%d questions, %v", len(got), err)
	}
	if _, err := drawnOf(t, pool, 1_000, true, 1); !errors.Is(err, exam.ErrDefinition) {
		t.Errorf("1000 of groups of three: %v", err)
	}
}
