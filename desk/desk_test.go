package desk_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"testing"

	"shiken/desk"
	"shiken/exam"
	"shiken/questionset"
	"shiken/store"
)

func TestSetName(t *testing.T) {
	for _, tt := range []struct {
		asked, file, want string
		ok                bool
	}{
		{"", "questions/basics.csv", "basics", true},
		{"", "過去問.2026.gift", "過去問.2026", true},
		{" その他 ", "x.csv", "その他", true},
		{"か\u3099", "x.csv", "が", true}, // composed, as other systems write it
		{"", ".csv", "", false},
		{" ", "x.csv", "", false},
		{"-", "x.csv", "-", false},
		{"..", "x.csv", "..", false},
		{"a\u202eb", "x.csv", "a\u202eb", false},
		{"a\nb", "x.csv", "a\nb", false},
		{"a\xffb", "x.csv", "a\xffb", false},
		{strings.Repeat("a", 501), "x.csv", strings.Repeat("a", 501), false},
	} {
		if got, ok := desk.SetName(tt.asked, tt.file); got != tt.want || ok != tt.ok {
			t.Errorf("SetName(%q, %q) = %q, %v", tt.asked, tt.file, got, ok)
		}
	}
}

// pools is a store that holds question sets, by name.
type pools map[string][]exam.PoolQuestion

func (p pools) LoadPools(_ context.Context, d *exam.Definition) ([][]exam.PoolQuestion, error) {
	var out [][]exam.PoolQuestion
	for i := range d.Sections {
		out = append(out, slices.Clone(p[d.Sections[i].From.Set]))
	}
	return out, nil
}

func (p pools) Keys(context.Context, []string) (map[string]store.KeyedFeedback, error) {
	return map[string]store.KeyedFeedback{}, nil
}

func (p pools) LeftOut(context.Context, exam.Source) (store.LeftOut, error) {
	return store.LeftOut{}, nil
}

func drawing(draws ...int) *exam.Definition {
	d := &exam.Definition{Slug: "e"}
	for _, n := range draws {
		d.Sections = append(d.Sections, exam.SectionDefinition{Draw: n, From: exam.Source{Set: "s"}, Points: 1})
	}
	return d
}

// sameLast gives the last section the same questions for everybody.
func sameLast(d *exam.Definition) *exam.Definition {
	d.Sections[len(d.Sections)-1].Pick = exam.PickSame
	return d
}

func codes(faults []desk.Fault) (out []desk.FaultCode) {
	for _, f := range faults {
		out = append(out, f.Code)
	}
	return out
}

func TestJudge(t *testing.T) {
	question := exam.Question{Type: exam.Essay, Stem: exam.Text{Source: "?"}}
	stored := pools{}
	for _, id := range []string{"a", "b", "c"} {
		stored["s"] = append(stored["s"], exam.PoolQuestion{Version: id, Identity: id, Question: question})
	}
	batch := &desk.Batch{Set: "s", Questions: []questionset.Question{{SourceKey: "k", Question: exam.Question{Type: exam.Essay}, ContentHash: "h"}}}
	for _, tt := range []struct {
		name    string
		d       *exam.Definition
		in      pools
		batches []*desk.Batch
		want    []desk.FaultCode
	}{
		{"enough", drawing(1, 2), stored, nil, nil},
		{"all", drawing(0), stored, nil, nil},
		{"more than there are", drawing(4), stored, nil, []desk.FaultCode{desk.TooFew}},
		{"an earlier section takes them", drawing(0, 1), stored, nil, []desk.FaultCode{desk.TooFew}},
		{"no such set", drawing(1), pools{}, nil, []desk.FaultCode{desk.NoQuestions}},
		{"the same for everybody comes first", sameLast(drawing(0, 1)), stored, nil, nil},
		{"the same for everybody takes them", sameLast(drawing(3, 1)), stored, nil, []desk.FaultCode{desk.TooFew}},
		{"about to be loaded", drawing(1), pools{}, []*desk.Batch{batch}, nil},
		{"too large a paper", drawing(0), pools{"s": many(1001)}, nil, []desk.FaultCode{desk.WrongSize}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			v, err := desk.Judge(t.Context(), tt.in, tt.d, tt.batches...)
			if err != nil || !slices.Equal(codes(v.Faults), tt.want) || len(v.Matching) != len(tt.d.Sections) {
				t.Errorf("verdict %v, %v", v, err)
			}
		})
	}
}

// filed is a store with one set, whose questions have a category, a year and tags.
type filed []store.LoadedQuestion

func (f filed) LoadPools(_ context.Context, d *exam.Definition) ([][]exam.PoolQuestion, error) {
	out := make([][]exam.PoolQuestion, len(d.Sections))
	for i := range d.Sections {
		for _, q := range f {
			if d.Sections[i].From.Takes(q.Category, q.Year, q.Tags) {
				out[i] = append(out[i], exam.PoolQuestion{Version: q.SourceKey, Identity: q.SourceKey, Question: q.Question})
			}
		}
	}
	return out, nil
}

func (f filed) Keys(context.Context, []string) (map[string]store.KeyedFeedback, error) {
	return nil, nil
}

func (f filed) LeftOut(context.Context, exam.Source) (store.LeftOut, error) {
	return store.LeftOut{}, nil
}

// What a batch may replace is not counted on, also where a section takes but a part of a category.
func TestJudgeByTag(t *testing.T) {
	question := func(key, category, tag string) store.LoadedQuestion {
		return store.LoadedQuestion{SourceKey: key, Category: category, Tags: []string{tag}, Question: exam.Question{Type: exam.Essay, Title: key}}
	}
	stored := filed{question("a", "c", "x"), question("b", "c", "y"), question("d", "other", "y")}
	batch := &desk.Batch{Set: "s", Questions: []questionset.Question{
		{SourceKey: "e", Category: "c", Tags: []string{"z"}, Question: exam.Question{Type: exam.Essay, Title: "e"}, ContentHash: "h"},
	}}
	for _, tt := range []struct {
		tags []string
		want int
	}{{nil, 3}, {[]string{"x"}, 0}, {[]string{"y"}, 1}, {[]string{"x", "y"}, 2}, {[]string{"z"}, 1}, {[]string{"none"}, 0}} {
		d := drawing(0)
		d.Sections[0].From.Tag = tt.tags
		v, err := desk.Judge(t.Context(), stored, d, batch)
		if err != nil || v.Matching[0] != tt.want {
			t.Errorf("tags %q: %d questions, want %d: %v", tt.tags, v.Matching[0], tt.want, err)
		}
	}
}

func many(n int) []exam.PoolQuestion {
	out := make([]exam.PoolQuestion, n)
	for i := range out {
		id := strings.Repeat("x", i+1)
		out[i] = exam.PoolQuestion{Version: id, Identity: id, Question: exam.Question{Type: exam.Essay}}
	}
	return out
}

// Of the media of a file those are shown that its questions refer to, wherever they do.
func TestShownMedia(t *testing.T) {
	f := &questionset.File{Media: map[string]questionset.Media{}}
	refs := map[string]string{}
	for _, name := range []string{"stem", "stimulus", "option", "prompt", "gap", "explanation", "note", "nowhere"} {
		m := questionset.Media{Hash: hexOf(name), Type: "image/png", Name: name, Data: []byte(name)}
		f.Media[m.Hash] = m
		refs[name] = m.Ref()
	}
	shows := func(name string) exam.Text {
		return exam.Text{Format: exam.HTML, Source: `<p><img alt="" src="` + refs[name] + `"></p>`}
	}
	f.Questions = []questionset.Question{{
		Question: exam.Question{
			Stem: shows("stem"), Stimulus: shows("stimulus"), Options: []exam.Option{{}, {Text: shows("option")}},
			Prompts: []exam.Prompt{{Text: shows("prompt"), Options: []exam.Option{{Text: shows("gap")}}}},
		},
		Feedback: exam.Feedback{Explanation: shows("explanation"), Options: map[string]exam.Text{"a": shows("note")}},
	}, {Question: exam.Question{Stem: shows("stem")}}}
	var names []string
	for _, m := range desk.ShownMedia(f) {
		names = append(names, m.Name)
	}
	if want := []string{"explanation", "gap", "note", "option", "prompt", "stem", "stimulus"}; !slices.Equal(names, want) {
		t.Errorf("shown %v, want %v", names, want)
	}
}

func hexOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
