package samples_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"unicode"

	"shiken/exam"
	"shiken/questionset"
	"shiken/questionset/samples"
)

func load(t *testing.T, f samples.File) *questionset.File {
	t.Helper()
	out, err := questionset.Parse(t.Context(), f.Name, bytes.NewReader(f.Data), questionset.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range out.Report.Findings {
		if what, _ := x.Text("en"); x.Severity != questionset.Note {
			t.Errorf("%s:%d: %s", x.File, x.Line, what)
		}
	}
	return out
}

func sets(t *testing.T) map[string][]questionset.Question {
	t.Helper()
	out := map[string][]questionset.Question{}
	for _, f := range samples.Sets() {
		out[f.Base()] = load(t, f).Questions
	}
	return out
}

func exams(t *testing.T) map[string]exam.Definition {
	t.Helper()
	out := map[string]exam.Definition{}
	for _, f := range samples.Exams() {
		for _, d := range load(t, f).Definitions {
			if d.Slug != f.Base() {
				t.Errorf("%s holds %s", f.Name, d.Slug)
			}
			out[d.Slug] = d
		}
	}
	return out
}

func isJapanese(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return unicode.In(r, unicode.Hiragana, unicode.Katakana, unicode.Han) }) >= 0
}

// The sets hold what a demonstration needs: enough questions, all five scored types, both languages.
func TestSets(t *testing.T) {
	japanese, english := 0, 0
	types := map[exam.QuestionType]int{}
	for _, list := range sets(t) {
		for _, q := range list {
			types[q.Question.Type]++
			if isJapanese(q.Question.Stem.Source) {
				japanese++
			} else {
				english++
			}
		}
	}
	if japanese < 40 || english < 25 {
		t.Errorf("%d in Japanese, %d in English", japanese, english)
	}
	for _, k := range []exam.QuestionType{exam.SingleChoice, exam.MultipleChoice, exam.TrueFalse, exam.ShortText, exam.Numeric} {
		if types[k] < 4 {
			t.Errorf("%s: %d", k, types[k])
		}
	}
}

// draw makes a paper of a sample exam out of the sample sets.
func draw(t *testing.T, d *exam.Definition, sets map[string][]questionset.Question, seed uint64) exam.Paper {
	t.Helper()
	pools := make([][]exam.PoolQuestion, len(d.Sections))
	for i, s := range d.Sections {
		for _, q := range sets[s.From.Set] {
			if len(s.From.Category) == 0 || slices.Contains(s.From.Category, q.Category) {
				id := s.From.Set + "/" + q.SourceKey
				pools[i] = append(pools[i], exam.PoolQuestion{Version: id, Identity: id, Question: q.Question})
			}
		}
	}
	p, err := exam.Draw(exam.DrawRequest{Attempt: "a", Candidate: "c", Seed: exam.Seed{byte(seed)}, Definition: d, Pools: pools})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Every sample exam draws ten questions, is open to everyone as often as they like, and shows keys
// only in practice.
func TestExams(t *testing.T) {
	all, questions := exams(t), sets(t)
	if len(all) != 3 {
		t.Fatalf("%d exams", len(all))
	}
	for slug, d := range all {
		for seed := range uint64(20) {
			if p := draw(t, &d, questions, seed); p.Len() != 10 {
				t.Errorf("%s: %d questions", slug, p.Len())
			}
		}
		r := &d.Rules
		if d.Attempts != 0 || !d.Published || !d.OpenToAny(nil) || d.Title["ja"] == "" || d.Title["en"] == "" {
			t.Errorf("%s: %+v", slug, d)
		}
		if r.Release.Score.When != exam.Immediately || r.Release.Answers.When != exam.Immediately {
			t.Errorf("%s: %+v", slug, r.Release)
		}
		practice := r.Feedback == exam.PracticeFeedback
		if practice != (slug == "sample-practice") || practice != (r.TimeLimit == 0) || practice != (r.Release.Keys.When != exam.Never) ||
			!practice && r.TimeLimit != 30*exam.Minute {
			t.Errorf("%s: %+v", slug, r)
		}
	}
	if all["sample-free"].Rules.Navigation != exam.Free || all["sample-linear"].Rules.Navigation != exam.Linear {
		t.Error("navigation")
	}
}

// Every paper of sample-free shows all five scored types.
func TestFreeHasAllTypes(t *testing.T) {
	d := exams(t)["sample-free"]
	questions := sets(t)
	for seed := range uint64(50) {
		types := map[exam.QuestionType]bool{}
		for _, it := range draw(t, &d, questions, seed).Items {
			types[it.Type] = true
		}
		if len(types) != 5 {
			t.Errorf("seed %d: %v", seed, types)
		}
	}
}

// Every question of other authors has its source, licence and changes told.
func TestNotice(t *testing.T) {
	for _, f := range samples.Sets() {
		if !strings.Contains(samples.Notice(), "sets/"+f.Name) {
			t.Errorf("%s is not in the notice", f.Name)
		}
	}
	for _, w := range []string{"CC BY-SA 4.0", "CC BY 4.0", "## Changes"} {
		if !strings.Contains(samples.Notice(), w) {
			t.Errorf("%q is not in the notice", w)
		}
	}
}
