package exam_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"shiken/exam"
)

// focusPools are the pools of two sections that share q04: categories a and b by turns, years 2019 to 2021.
func focusPools() [][]exam.PoolQuestion {
	pool := groupedPool("xxxxxxxx")
	for i := range pool {
		pool[i].Category, pool[i].Year = "ab"[i%2:i%2+1], 2019+i%3
	}
	return [][]exam.PoolQuestion{pool[:5], pool[4:]}
}

func focusDefinition() *exam.Definition {
	one, other := exam.SectionDefinition{Draw: 2, Points: 10_000, Minimum: 40}, exam.SectionDefinition{Draw: 1, Points: 20_000}
	return definition(one, other)
}

// focused draws with a focus; the identities on the paper, and how many of them each section has.
func focused(t failer, f exam.Focus, pools [][]exam.PoolQuestion, h *exam.History, seed uint64) (names []string, sections []int, err error) {
	t.Helper()
	d, narrowed, err := f.Narrow(*focusDefinition(), pools, h, seedOf(seed))
	if err != nil {
		return nil, nil, err
	}
	p, err := exam.Draw(exam.DrawRequest{Seed: seedOf(seed), Definition: &d, Pools: narrowed})
	if err != nil {
		t.Fatalf("%+v: %v", f, err)
	}
	sections = make([]int, len(p.Sections))
	for _, it := range p.Items {
		names = append(names, strings.TrimSuffix(it.Version, "@1"))
		sections[it.Section]++
	}
	return names, sections, nil
}

func TestFocusNarrows(t *testing.T) {
	history := exam.HistoryOf([]exam.Practised{
		practised("q00", "a", 1, exam.Right), practised("q01", "a", 1, exam.Wrong), practised("q04", "a", 1, exam.Partly),
		practised("q05", "a", 1, exam.Wrong), practised("q05", "b", 2, exam.Right),
		practised("q06", "a", 1, exam.NoVerdict, flaggedOnly),
	}, func(string) bool { return false })
	tests := []struct {
		name     string
		focus    exam.Focus
		want     string // nothing: ErrNothing
		sections []int
	}{
		{"all", exam.Focus{Count: exam.MaxQuestions}, "q00 q01 q02 q03 q04 q05 q06 q07", []int{5, 3}},
		{"a category", exam.Focus{Categories: []string{"a"}}, "q00 q02 q04 q06", []int{3, 1}},
		{"two categories", exam.Focus{Categories: []string{"b", "a"}, Years: []int{2019}}, "q00 q03 q06", []int{2, 1}},
		{"a category and a year", exam.Focus{Categories: []string{"b"}, Years: []int{2021, 2020}}, "q01 q05 q07", []int{1, 2}},
		{"not seen", exam.Focus{Only: exam.OnlyUntried}, "q02 q03 q06 q07", []int{2, 2}},
		{"wrong", exam.Focus{Only: exam.OnlyMissed}, "q01 q04", []int{2}},
		{"wrong, of a category", exam.Focus{Only: exam.OnlyMissed, Categories: []string{"b"}}, "q01", []int{1}},
		{"flagged, in a section by itself", exam.Focus{Only: exam.OnlyFlagged}, "q06", []int{1}},
		{"a category that there is not", exam.Focus{Categories: []string{""}}, "", nil},
		{"a year that there is not", exam.Focus{Years: []int{0}}, "", nil},
		{"more than there are", exam.Focus{Count: 5, Only: exam.OnlyMissed}, "q01 q04", []int{2}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			names, sections, err := focused(t, test.focus, focusPools(), &history, 1)
			if got := strings.Join(names, " "); got != test.want || test.want == "" != errors.Is(err, exam.ErrNothing) {
				t.Errorf("drawn %q, %v; want %q", got, err, test.want)
			}
			if !slices.Equal(sections, test.sections) {
				t.Errorf("sections %v, want %v", sections, test.sections)
			}
		})
	}
}

// Whatever the groups and the number: no more than wanted come, but for the smallest group where every one
// is larger, as many as whole groups allow, none twice; and each question may come.
func TestFocusKeepsGroupsWhole(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		pool := groupedPool(rapid.StringMatching("[abABCD]{1,14}").Draw(t, "groups"))
		n := rapid.IntRange(1, len(pool)).Draw(t, "count")
		seed := rapid.Uint64().Draw(t, "seed")
		none := exam.History{}
		names, _, err := focused(t, exam.Focus{Count: n}, [][]exam.PoolQuestion{pool, nil}, &none, seed)
		if err != nil {
			t.Fatal(err)
		}
		best := 0
		for sum := range sums(pool) {
			if sum > 0 && (best == 0 || sum <= n && (sum > best || best > n) || best > n && sum < best) {
				best = sum
			}
		}
		if len(names) != best {
			t.Fatalf("%d drawn, want %d", len(names), best)
		}
		in := map[string]bool{}
		for _, name := range names {
			if in[name] {
				t.Fatalf("%s twice", name)
			}
			in[name] = true
		}
		untorn(t, pool, in)
	})
}

// untorn: of each group all are in, or none.
func untorn(t failer, pool []exam.PoolQuestion, in map[string]bool) {
	t.Helper()
	state := map[string]bool{}
	for _, q := range pool {
		group := q.Question.Group
		was, known := state[group]
		if group != "" && known && was != in[q.Identity] {
			t.Fatalf("group %s is torn", group)
		}
		state[group] = in[q.Identity]
	}
}

// A question of a group that passes brings the others, though they do not.
func TestFocusOnOneOfAGroup(t *testing.T) {
	pool := groupedPool("AxAx")
	history := exam.HistoryOf([]exam.Practised{practised("q02", "a", 1, exam.Wrong)}, func(string) bool { return false })
	names, _, err := focused(t, exam.Focus{Only: exam.OnlyMissed}, [][]exam.PoolQuestion{pool, nil}, &history, 1)
	if err != nil || !slices.Equal(names, []string{"q00", "q02"}) {
		t.Errorf("drawn %v, %v", names, err)
	}
}

// Which questions come of a number is left to chance, and the same for the same seed.
func TestFocusPicksAtRandom(t *testing.T) {
	none, met := exam.History{}, map[string]bool{}
	for seed := range uint64(60) {
		names, _, err := focused(t, exam.Focus{Count: 2}, focusPools(), &none, seed)
		again, _, _ := focused(t, exam.Focus{Count: 2}, focusPools(), &none, seed)
		if err != nil || len(names) != 2 || !slices.Equal(names, again) {
			t.Fatalf("seed %d: %v, then %v, %v", seed, names, again, err)
		}
		for _, name := range names {
			met[name] = true
		}
	}
	if len(met) != 8 {
		t.Errorf("only %d of 8 ever come", len(met))
	}
}

// A paper never has more questions than may be.
func TestFocusIsBounded(t *testing.T) {
	pool := make([]exam.PoolQuestion, exam.MaxQuestions+5)
	for i := range pool {
		pool[i] = poolQuestion(fmt.Sprint(i), exam.ShortText, 0, false)
		pool[i].Category = "c"
	}
	none := exam.History{}
	names, _, err := focused(t, exam.Focus{Categories: []string{"c"}}, [][]exam.PoolQuestion{pool, nil}, &none, 1)
	if err != nil || len(names) != exam.MaxQuestions {
		t.Errorf("%d drawn, %v", len(names), err)
	}
}

// A bound holds for groups, too: none comes that is larger, whatever is wanted.
func TestFocusKeepsToItsBound(t *testing.T) {
	pool := groupedPool("AAAAAxBB")
	for i := range pool {
		pool[i].Category = pool[i].Question.Group
	}
	none := exam.History{}
	for name, tt := range map[string]struct {
		focus exam.Focus
		want  string
		err   error
	}{
		"only a larger group":        {exam.Focus{Categories: []string{"A"}, Most: 3}, "", exam.ErrUnits},
		"one of a larger group":      {exam.Focus{Count: 1, Categories: []string{"A"}, Most: 3}, "", exam.ErrUnits},
		"what there is beside":       {exam.Focus{Most: 3}, "q05 q06 q07", nil},
		"more than wanted, but less": {exam.Focus{Count: 1, Categories: []string{"B"}, Most: 2}, "q06 q07", nil},
		"just as many":               {exam.Focus{Categories: []string{"A"}, Most: 5}, "q00 q01 q02 q03 q04", nil},
		"nothing at all":             {exam.Focus{Categories: []string{"Z"}, Most: 5}, "", exam.ErrNothing},
	} {
		names, _, err := focused(t, tt.focus, [][]exam.PoolQuestion{pool, nil}, &none, 1)
		slices.Sort(names)
		if got := strings.Join(names, " "); got != tt.want || !errors.Is(err, tt.err) || errors.Is(tt.err, exam.ErrUnits) && !errors.Is(err, exam.ErrNothing) {
			t.Errorf("%s: drawn %q, %v", name, got, err)
		}
	}
}

// Information is about nothing: it is never new, and comes with its group.
func TestFocusOnUntriedPassesInformationOver(t *testing.T) {
	pool := groupedPool("AAx")
	pool[0].Question.Type, pool[2].Question.Type = exam.Description, exam.Description
	none := exam.History{}
	names, _, err := focused(t, exam.Focus{Only: exam.OnlyUntried}, [][]exam.PoolQuestion{pool, nil}, &none, 1)
	if err != nil || !slices.Equal(names, []string{"q00", "q01"}) {
		t.Errorf("drawn %v, %v", names, err)
	}
}

// Of a section that has the same questions for everybody, these alone may be practised; of one that chose
// nothing yet, all.
func TestFocusKeepsToTheSameQuestions(t *testing.T) {
	pools, from := focusPools(), exam.Source{Set: "x"}
	d := focusDefinition()
	d.Sections[0].Pick, d.Sections[0].From = exam.PickSame, from
	picked := []exam.Picked{{From: from, Questions: []string{"q03", "q01"}}}
	none := exam.History{}
	f := exam.Focus{Count: exam.MaxQuestions}
	for want, chosen := range map[string][]exam.Picked{"q01 q03 q04 q05 q06 q07": picked, "q00 q01 q02 q03 q04 q05 q06 q07": nil} {
		narrowed, rest, err := f.Narrow(*d, d.Offered(pools, chosen), &none, seedOf(1))
		if err != nil {
			t.Fatal(err)
		}
		p, err := exam.Draw(exam.DrawRequest{Seed: seedOf(1), Definition: &narrowed, Pools: rest})
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, it := range p.Items {
			names = append(names, strings.TrimSuffix(it.Version, "@1"))
		}
		if slices.Sort(names); strings.Join(names, " ") != want {
			t.Errorf("%v: %v, want %s", chosen, names, want)
		}
	}
}
