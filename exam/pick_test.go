package exam_test

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"shiken/exam"
)

// numbered is a pool of single choices, one for each name; those that begin alike before a "/" are a group.
func numbered(names ...string) []exam.PoolQuestion {
	var out []exam.PoolQuestion
	for _, name := range names {
		q := poolQuestion(name, exam.SingleChoice, 4, false)
		for i := range name {
			if name[i] == '/' {
				q.Question.Group = name[:i]
			}
		}
		out = append(out, q)
	}
	return out
}

func same(draw int, from exam.Source) exam.SectionDefinition {
	return exam.SectionDefinition{Draw: draw, Pick: exam.PickSame, From: from, Points: exam.FullCredit}
}

// identities are those of a paper, by section; a version is its identity and "@1".
func identities(p *exam.Paper) [][]string {
	out := make([][]string, len(p.Sections))
	for i := range p.Items {
		it := &p.Items[i]
		out[it.Section] = append(out[it.Section], it.Version[:len(it.Version)-2])
	}
	return out
}

// Once the choice is made every candidate has the same questions, in an order and with options of their own.
func TestSameQuestionsForEverybody(t *testing.T) {
	t.Parallel()
	pool := numbered("a", "b", "c", "d", "e", "f", "g", "h")
	d := definition(same(4, exam.Source{Set: "s"}))
	d.Shuffle = exam.Shuffle{Questions: true, Options: true}
	pools := [][]exam.PoolQuestion{pool}
	choices, orders, options := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for n := range uint64(40) {
		picked, err := exam.PickOnce(d, pools, nil, seedOf(n))
		if err != nil || len(picked) != 1 || len(picked[0].Questions) != 4 {
			t.Fatalf("picked %v: %v", picked, err)
		}
		choices[fmt.Sprint(slices.Sorted(slices.Values(picked[0].Questions)))] = true
	}
	if len(choices) < 20 {
		t.Errorf("40 seeds choose in %d ways", len(choices))
	}
	picked, err := exam.PickOnce(d, pools, nil, seedOf(1))
	if err != nil {
		t.Fatal(err)
	}
	want := slices.Sorted(slices.Values(picked[0].Questions))
	for n := range uint64(40) {
		p, err := exam.Draw(exam.DrawRequest{Definition: d, Pools: pools, Picked: picked, Seed: seedOf(n)})
		if err != nil {
			t.Fatal(err)
		}
		drawn := identities(&p)[0]
		if got := slices.Sorted(slices.Values(drawn)); !slices.Equal(got, want) {
			t.Fatalf("drew %v, want %v", got, want)
		}
		orders[fmt.Sprint(drawn)] = true
		options[p.Items[0].Choices[0].Option[2:]] = true
	}
	if len(orders) < 10 || len(options) != 4 {
		t.Errorf("%d orders of questions, first options %v", len(orders), options)
	}
}

// What changes in the set meanwhile changes as little as it can.
func TestPickStays(t *testing.T) {
	t.Parallel()
	s, other := exam.Source{Set: "s"}, exam.Source{Set: "s", Tag: []string{"t"}}
	kept := []exam.Picked{{From: s, Questions: []string{"c", "a"}}}
	for _, tt := range []struct {
		name     string
		sections []exam.SectionDefinition
		pools    [][]exam.PoolQuestion
		before   []exam.Picked
		stays    [][]string // of each section
		length   []int
	}{
		{"unchanged", []exam.SectionDefinition{same(2, s)}, [][]exam.PoolQuestion{numbered("a", "b", "c")}, kept, [][]string{{"c", "a"}}, []int{2}},
		{"questions are added", []exam.SectionDefinition{same(2, s)}, [][]exam.PoolQuestion{numbered("x", "a", "y", "b", "c", "z")}, kept, [][]string{{"c", "a"}}, []int{2}},
		{"one is gone", []exam.SectionDefinition{same(2, s)}, [][]exam.PoolQuestion{numbered("b", "c", "d")}, kept, [][]string{{"c"}}, []int{2}},
		{"all are gone", []exam.SectionDefinition{same(2, s)}, [][]exam.PoolQuestion{numbered("d", "e", "f")}, kept, [][]string{nil}, []int{2}},
		{"more are drawn", []exam.SectionDefinition{same(3, s)}, [][]exam.PoolQuestion{numbered("a", "b", "c", "d")}, kept, [][]string{{"c", "a"}}, []int{3}},
		{"fewer are drawn", []exam.SectionDefinition{same(1, s)}, [][]exam.PoolQuestion{numbered("a", "b", "c")}, kept, [][]string{{"c"}}, []int{1}},
		{"all, and some are added", []exam.SectionDefinition{same(0, s)}, [][]exam.PoolQuestion{numbered("a", "b", "c")}, kept, [][]string{{"c", "a"}}, []int{2}},
		{"all, for the first time", []exam.SectionDefinition{same(0, s)}, [][]exam.PoolQuestion{numbered("a", "b", "c")}, nil, [][]string{{"a", "b", "c"}}, []int{3}},
		{"a section is put before", []exam.SectionDefinition{same(1, other), same(2, s)},
			[][]exam.PoolQuestion{numbered("x", "y"), numbered("a", "b", "c", "x")}, kept, [][]string{nil, {"c", "a"}}, []int{1, 2}},
		{"a random section is put before", []exam.SectionDefinition{{Draw: 1, From: s}, same(2, s)},
			[][]exam.PoolQuestion{numbered("a", "b", "c"), numbered("a", "b", "c")}, kept, [][]string{{"c", "a"}}, []int{2}},
		{"a form puts the lists into another order", []exam.SectionDefinition{same(2, exam.Source{Set: "s", Tag: []string{"b", "a"}, Year: []int{2, 1}})},
			[][]exam.PoolQuestion{numbered("a", "b", "c", "d")},
			[]exam.Picked{{From: exam.Source{Set: "s", Tag: []string{"a", "b"}, Year: []int{1, 2}}, Questions: []string{"c", "a"}}}, [][]string{{"c", "a"}}, []int{2}},
		{"a group grew", []exam.SectionDefinition{same(3, s)}, [][]exam.PoolQuestion{numbered("g/1", "g/2", "g/3", "a", "b", "c")},
			[]exam.Picked{{From: s, Questions: []string{"g/1", "g/2", "a"}}}, [][]string{{"g/1", "g/2"}}, []int{3}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for n := range uint64(10) {
				picked, err := exam.PickOnce(definition(tt.sections...), tt.pools, tt.before, seedOf(n))
				if err != nil || len(picked) != len(tt.stays) {
					t.Fatalf("picked %v: %v", picked, err)
				}
				for i, p := range picked {
					if len(p.Questions) != tt.length[i] || !containsAll(p.Questions, tt.stays[i]) {
						t.Errorf("picked %v, want %d with %v", p.Questions, tt.length[i], tt.stays[i])
					}
				}
				again, err := exam.PickOnce(definition(tt.sections...), tt.pools, picked, seedOf(n+100))
				if err != nil || !reflect.DeepEqual(again, picked) {
					t.Errorf("picked again: %v, was %v: %v", again, picked, err)
				}
			}
		})
	}
}

func containsAll(list, part []string) bool {
	return !slices.ContainsFunc(part, func(s string) bool { return !slices.Contains(list, s) })
}

func TestPickRefuses(t *testing.T) {
	s := exam.Source{Set: "s"}
	for name, d := range map[string]*exam.Definition{
		"too many":      definition(same(4, s)),
		"half a group":  definition(same(1, s)),
		"twice as many": definition(same(2, s), same(2, s)),
	} {
		pools := [][]exam.PoolQuestion{numbered("g/1", "g/2"), numbered("g/1", "g/2")}[:len(d.Sections)]
		if _, err := exam.PickOnce(d, pools, nil, seedOf(1)); !errors.Is(err, exam.ErrDefinition) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := exam.Draw(exam.DrawRequest{Definition: d, Pools: pools}); !errors.Is(err, exam.ErrDefinition) {
			t.Errorf("%s: drawn, %v", name, err)
		}
	}
}

// Whatever the sections: papers by one choice have the same questions where they should, none twice, and
// a choice is what Draw makes of it.
func TestPickAndDrawAgree(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		q := drawRequest(t)
		for i := range q.Definition.Sections {
			q.Definition.Sections[i].From.Set = fmt.Sprint(i)
			q.Definition.Sections[i].Pick = rapid.SampledFrom([]exam.Pick{exam.PickRandom, exam.PickSame}).Draw(t, "pick")
		}
		picked, err := exam.PickOnce(q.Definition, q.Pools, nil, seedOf(rapid.Uint64().Draw(t, "choice")))
		if err != nil {
			return
		}
		q.Picked = picked
		p, err := exam.Draw(q)
		if err != nil {
			return
		}
		drawn, seen := identities(&p), map[string]bool{}
		for _, section := range drawn {
			for _, identity := range section {
				if seen[identity] {
					t.Fatalf("%s stands twice in %v", identity, drawn)
				}
				seen[identity] = true
			}
		}
		for i := range q.Definition.Sections {
			if q.Definition.Sections[i].Pick != exam.PickSame {
				continue
			}
			if got, want := slices.Sorted(slices.Values(drawn[i])), slices.Sorted(slices.Values(picked[0].Questions)); !slices.Equal(got, want) {
				t.Fatalf("section %d drew %v, want %v", i+1, got, want)
			}
			picked = picked[1:]
		}
	})
}
