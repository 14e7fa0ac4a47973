package exam_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"shiken/exam"
)

// poolQuestion has n options (choice, matching) and n prompts (keyed types), option 0 fixed where
// asked.
func poolQuestion(id string, typ exam.QuestionType, n int, fixed bool) exam.PoolQuestion {
	q := exam.Question{Type: typ}
	for i := range n {
		option := exam.Option{ID: fmt.Sprintf("%s-o%d", id, i), Fixed: fixed && i == 0}
		prompt := exam.Prompt{ID: fmt.Sprintf("%s-p%d", id, i)}
		if typ == exam.Gaps && i%2 == 1 {
			prompt.Options = []exam.Option{{ID: "a"}, {ID: "b"}, {ID: "c"}}
		}
		if typ.IsChoice() || typ == exam.Matching {
			q.Options = append(q.Options, option)
		}
		if typ.IsKeyed() {
			q.Prompts = append(q.Prompts, prompt)
		}
	}
	return exam.PoolQuestion{Version: id + "@1", Identity: id, Question: q}
}

func definition(sections ...exam.SectionDefinition) *exam.Definition {
	return &exam.Definition{
		Slug: "basics", Title: exam.Title{"en": "Basics"}, Published: true, Sections: sections,
		Rules: exam.Rules{Navigation: exam.Free, TimeLimit: limit},
	}
}

var allTypes = []exam.QuestionType{
	exam.SingleChoice, exam.MultipleChoice, exam.TrueFalse, exam.ShortText, exam.Numeric, exam.Essay,
	exam.Matching, exam.Ordering, exam.Gaps, exam.Description,
}

// seedOf makes seeds that can be counted.
func seedOf(n uint64) (s exam.Seed) {
	binary.BigEndian.PutUint64(s[:], n)
	return s
}

func drawRequest(t *rapid.T) exam.DrawRequest {
	q := exam.DrawRequest{
		Attempt: attemptID, Candidate: candidateID, Seed: seedOf(rapid.Uint64().Draw(t, "seed")),
		ExtraPercent: rapid.IntRange(0, exam.MaxExtraPercent).Draw(t, "extra"), Definition: definition(),
	}
	q.Definition.Shuffle = exam.Shuffle{Questions: rapid.Bool().Draw(t, "questions"), Options: rapid.Bool().Draw(t, "options")}
	for range rapid.IntRange(1, 3).Draw(t, "sections") {
		var pool []exam.PoolQuestion
		for range rapid.IntRange(0, 8).Draw(t, "pool") {
			pool = append(pool, poolQuestion(rapid.StringMatching("[a-l]").Draw(t, "id"),
				rapid.SampledFrom(allTypes).Draw(t, "type"), rapid.IntRange(2, 6).Draw(t, "options"), rapid.Bool().Draw(t, "fixed")))
		}
		q.Pools = append(q.Pools, pool)
		q.Definition.Sections = append(q.Definition.Sections, exam.SectionDefinition{
			Draw: rapid.IntRange(0, 2).Draw(t, "draw"), Points: exam.FullCredit, Multiple: exam.Partial, Minimum: 40,
		})
	}
	return q
}

// TestR14_AnyPaper: a request gives one paper, ever the same, with no question twice and with what
// the sections ask for.
func TestR14_AnyPaper(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		q := drawRequest(t)
		p, err := exam.Draw(q)
		again, errAgain := exam.Draw(q)
		if !reflect.DeepEqual(p, again) || (err == nil) != (errAgain == nil) {
			t.Fatal("R14: drawn again, another paper")
		}
		if err != nil {
			if !errors.Is(err, exam.ErrDefinition) {
				t.Fatal(err)
			}
			return
		}
		seen := map[string]bool{}
		perSection := make([]int, len(q.Pools))
		for _, it := range p.Items {
			if seen[it.Version] {
				t.Fatalf("R14: %s stands twice", it.Version)
			}
			seen[it.Version] = true
			perSection[it.Section]++
			checkItem(t, &it, q.Pools[it.Section])
		}
		for i, s := range q.Definition.Sections {
			if s.Draw > 0 && perSection[i] != s.Draw {
				t.Fatalf("section %d has %d questions, want %d", i, perSection[i], s.Draw)
			}
		}
		if p.Rules.ExtraPercent != q.ExtraPercent || q.Definition.Rules.ExtraPercent != 0 {
			t.Fatalf("extra time %d, want %d", p.Rules.ExtraPercent, q.ExtraPercent)
		}
	})
}

// checkItem: options and prompts are those of the question, only in another order; values are opaque.
func checkItem(t *rapid.T, it *exam.Item, pool []exam.PoolQuestion) {
	t.Helper()
	i := slices.IndexFunc(pool, func(q exam.PoolQuestion) bool { return q.Version == it.Version && q.Question.Type == it.Type })
	q := pool[i].Question
	if len(it.Choices) > 0 || it.Type.IsChoice() {
		checkChoices(t, it.Choices, q.Options, it.Type)
	}
	values := map[string]bool{}
	var prompts, want []string
	for _, p := range it.Prompts {
		prompts = append(prompts, p.Prompt)
		opaque(t, p.Key, values)
		switch {
		case it.Type == exam.Matching:
			checkChoices(t, p.Values, q.Options, it.Type)
		case it.Type == exam.Ordering && len(p.Values) != len(it.Prompts):
			t.Fatalf("%d places for %d items", len(p.Values), len(it.Prompts))
		}
	}
	for _, p := range q.Prompts {
		want = append(want, p.ID)
	}
	if it.Type != exam.Ordering && !slices.Equal(prompts, want) {
		t.Fatalf("prompts %v, want %v", prompts, want)
	}
	slices.Sort(prompts)
	if slices.Sort(want); !slices.Equal(prompts, want) {
		t.Fatalf("prompts %v, want %v", prompts, want)
	}
}

func checkChoices(t *rapid.T, choices []exam.Choice, options []exam.Option, typ exam.QuestionType) {
	t.Helper()
	var got, want []string
	values := map[string]bool{}
	for i, c := range choices {
		opaque(t, c.Value, values)
		got = append(got, c.Option)
		want = append(want, options[i].ID)
		if options[i].Fixed && c.Option != options[i].ID || typ == exam.TrueFalse && c.Option != options[i].ID {
			t.Fatalf("option %s lost its place", options[i].ID)
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if len(choices) != len(options) || !slices.Equal(got, want) {
		t.Fatalf("options %v, want %v", got, want)
	}
}

// opaque: R12, six characters, never twice.
func opaque(t *rapid.T, value string, seen map[string]bool) {
	t.Helper()
	if len(value) != 6 || strings.Trim(value, "abcdefghijklmnopqrstuvwxyz234567") != "" || seen[value] {
		t.Fatalf("R12: value %q", value)
	}
	seen[value] = true
}

// TestR14_SeedsGiveTheseOrders pins what stored seeds give, so that no later version of this
// package or of the standard library draws another paper.
func TestR14_SeedsGiveTheseOrders(t *testing.T) {
	t.Parallel()
	var pool []exam.PoolQuestion
	for _, id := range []string{"a", "b", "c", "d", "e", "f"} {
		pool = append(pool, poolQuestion(id, exam.SingleChoice, 3, false))
	}
	for _, test := range []struct {
		seed    uint64
		shuffle exam.Shuffle
		want    string
	}{
		{1, exam.Shuffle{}, "a012 b012 d012 e012 om3lxb"},
		{1, exam.Shuffle{Questions: true, Options: true}, "e102 a012 d012 b021 om3lxb"},
		{2, exam.Shuffle{Questions: true, Options: true}, "e210 f120 d012 b210 ppysyw"},
	} {
		d := definition(exam.SectionDefinition{Draw: 4})
		d.Shuffle = test.shuffle
		p, err := exam.Draw(exam.DrawRequest{Seed: seedOf(test.seed), Definition: d, Pools: [][]exam.PoolQuestion{pool}})
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, it := range p.Items {
			got += it.Version[:1]
			for _, c := range it.Choices {
				got += c.Option[3:]
			}
			got += " "
		}
		if got += p.Items[0].Choices[0].Value; got != test.want {
			t.Errorf("seed %d %+v: %q, want %q", test.seed, test.shuffle, got, test.want)
		}
	}
}

// TestR12_ValuesTellNothingOfTheOrder: the opaque values depend on the seed and the place alone, so
// that whoever sees them learns nothing of how the options behind them were shuffled.
func TestR12_ValuesTellNothingOfTheOrder(t *testing.T) {
	t.Parallel()
	values := func(shuffle exam.Shuffle, seed uint64) (values, order string) {
		d := definition(exam.SectionDefinition{})
		d.Shuffle = shuffle
		p, err := exam.Draw(exam.DrawRequest{Seed: seedOf(seed), Definition: d, Pools: [][]exam.PoolQuestion{{
			poolQuestion("a", exam.SingleChoice, 6, false), poolQuestion("b", exam.SingleChoice, 6, false),
		}}})
		if err != nil {
			t.Fatal(err)
		}
		for _, it := range p.Items {
			for _, c := range it.Choices {
				values, order = values+" "+c.Value, order+" "+c.Option
			}
		}
		return values, order
	}
	plain, inOrder := values(exam.Shuffle{}, 1)
	shuffled, mixed := values(exam.Shuffle{Questions: true, Options: true}, 1)
	other, _ := values(exam.Shuffle{}, 2)
	if plain != shuffled || inOrder == mixed || plain == other {
		t.Errorf("values %q and %q, orders %q and %q, another seed's values %q", plain, shuffled, inOrder, mixed, other)
	}
}

// TestR14_FixedPlaces: whatever the seed, true stays before false, and a fixed option ("none of
// these") stays where it is, while the others move.
func TestR14_FixedPlaces(t *testing.T) {
	t.Parallel()
	moved := map[exam.QuestionType]bool{}
	for seed := range uint64(50) {
		d := definition(exam.SectionDefinition{})
		d.Shuffle.Options = true
		p, err := exam.Draw(exam.DrawRequest{Seed: seedOf(seed), Definition: d, Pools: [][]exam.PoolQuestion{{
			poolQuestion("t", exam.TrueFalse, 2, false), poolQuestion("s", exam.SingleChoice, 4, true),
		}}})
		if err != nil {
			t.Fatal(err)
		}
		for _, it := range p.Items {
			if first := it.Version[:1] + "-o0"; it.Choices[0].Option != first {
				t.Errorf("seed %d: %s stands first instead of %s", seed, it.Choices[0].Option, first)
			}
			moved[it.Type] = moved[it.Type] || it.Choices[1].Option != it.Version[:1]+"-o1"
		}
	}
	if moved[exam.TrueFalse] || !moved[exam.SingleChoice] {
		t.Errorf("moved: %v", moved)
	}
}

// TestR14_DrawRefuses: what cannot be drawn is an error, before anybody sits the exam.
func TestR14_DrawRefuses(t *testing.T) {
	t.Parallel()
	a, b := poolQuestion("a", exam.ShortText, 0, false), poolQuestion("b", exam.ShortText, 0, false)
	newer := a
	newer.Version = "a@2"
	var many []exam.PoolQuestion
	for i := range exam.MaxQuestions + 1 {
		many = append(many, poolQuestion(fmt.Sprint("q", i), exam.ShortText, 0, false))
	}
	one := []exam.SectionDefinition{{Draw: 2}}
	for _, test := range []struct {
		name     string
		sections []exam.SectionDefinition
		pools    [][]exam.PoolQuestion
		want     int // questions; 0 = refused
	}{
		{"enough", one, [][]exam.PoolQuestion{{a, b}}, 2},
		{"too few", one, [][]exam.PoolQuestion{{a}}, 0},
		{"too few, as two versions are one question", one, [][]exam.PoolQuestion{{a, newer}}, 0},
		{"too few left by the first section", []exam.SectionDefinition{{Draw: 1}, {Draw: 2}}, [][]exam.PoolQuestion{{a}, {a, b}}, 0},
		{"all that the first section left", []exam.SectionDefinition{{Draw: 1}, {}}, [][]exam.PoolQuestion{{a}, {a, b}}, 2},
		{"two versions of one question", []exam.SectionDefinition{{}}, [][]exam.PoolQuestion{{a, newer, b}}, 2},
		{"none", []exam.SectionDefinition{{}}, [][]exam.PoolQuestion{{}}, 0},
		{"fewer than none", []exam.SectionDefinition{{Draw: -1}}, [][]exam.PoolQuestion{{a}}, 0},
		{"no pool", one, nil, 0},
		{"too many", []exam.SectionDefinition{{}}, [][]exam.PoolQuestion{many}, 0},
	} {
		p, err := exam.Draw(exam.DrawRequest{Definition: definition(test.sections...), Pools: test.pools})
		if p.Len() != test.want || (test.want == 0) != errors.Is(err, exam.ErrDefinition) {
			t.Errorf("%s: %d questions, error %v; want %d", test.name, p.Len(), err, test.want)
		}
	}
}

// TestR12_KeysDoNotShow: the paper is the same whichever option is right, as Draw never sees a key;
// and a description is worth nothing whatever the section says.
func TestR12_KeysDoNotShow(t *testing.T) {
	t.Parallel()
	for _, typ := range []reflect.Type{reflect.TypeFor[exam.DrawRequest](), reflect.TypeFor[exam.Paper]()} {
		if holds(typ, reflect.TypeFor[exam.Key](), map[reflect.Type]bool{}) {
			t.Errorf("%v holds a key", typ)
		}
	}
	q := poolQuestion("d", exam.Description, 0, false)
	p, err := exam.Draw(exam.DrawRequest{
		Definition: definition(exam.SectionDefinition{Points: exam.FullCredit}), Pools: [][]exam.PoolQuestion{{q}},
	})
	if err != nil || p.Items[0].Points != 0 {
		t.Errorf("%+v, %v", p.Items, err)
	}
}

func holds(typ, sought reflect.Type, seen map[reflect.Type]bool) bool {
	if typ == sought {
		return true
	}
	if seen[typ] {
		return false
	}
	seen[typ] = true
	switch typ.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
		return holds(typ.Elem(), sought, seen)
	case reflect.Struct:
		for i := range typ.NumField() {
			if holds(typ.Field(i).Type, sought, seen) {
				return true
			}
		}
	}
	return false
}
