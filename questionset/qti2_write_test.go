package questionset_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"shiken/exam"
	"shiken/questionset"
)

// writtenQTI2 writes questions as a package, and reads it again.
func writtenQTI2(t testing.TB, set *questionset.Set) (*questionset.File, *questionset.Report) {
	t.Helper()
	var b bytes.Buffer
	r, err := questionset.Write(&b, questionset.QTI2, set)
	if err != nil {
		t.Fatal(err)
	}
	return parse(t, "p.zip", b.String()), r
}

// sameQuestion compares what a package can say of a question.
func sameQuestion(t testing.TB, got, want *questionset.Question) {
	t.Helper()
	g, w := *got, *want
	for _, q := range []*questionset.Question{&g, &w} {
		q.Line, q.Nth, q.ContentHash, q.SourceKey, q.Question.Group, q.Key.Revision = 0, 0, "", "", "", 0
		if len(q.Tags) == 0 {
			q.Tags = nil
		}
	}
	if !reflect.DeepEqual(g, w) {
		t.Errorf("%s:\n got %+v\nwant %+v", want.Number, g, w)
	}
}

// TestQTI2FilesSurviveExport: what was taken of the test data is the same after export and import.
func TestQTI2FilesSurviveExport(t *testing.T) {
	questions := 0
	err := filepath.WalkDir("testdata/qti2", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == "LICENSE" {
			return err
		}
		f := parseFile(t, path)
		if len(f.Questions) == 0 {
			return nil
		}
		again, r := writtenQTI2(t, &questionset.Set{Name: "s", Questions: f.Questions, Media: f.Media})
		if len(again.Questions) != len(f.Questions) || !r.Sound() || len(again.Media) != len(f.Media) {
			t.Errorf("%s: %d questions of %d, findings %q and %+v", path, len(again.Questions), len(f.Questions), found(again), r.Findings)
			return nil
		}
		for i := range f.Questions {
			questions++
			sameQuestion(t, &again.Questions[i], &f.Questions[i])
			if f.Questions[i].SourceKey != again.Questions[i].SourceKey && !strings.Contains(f.Questions[i].SourceKey, "#") {
				t.Errorf("%s: key %q became %q", path, f.Questions[i].SourceKey, again.Questions[i].SourceKey)
			}
		}
		return nil
	})
	if err != nil || questions < 40 {
		t.Errorf("%d questions, %v", questions, err)
	}
}

func asHTML(s string) exam.Text { return exam.Text{Format: exam.HTML, Source: s} }

// drawQTI2 draws a question in the form that QTI import gives.
func drawQTI2(t *rapid.T, n int) questionset.Question {
	word := rapid.SampledFrom([]string{"x &amp; y", "<b>z</b>", "日本", "a &lt; b", "5 * 3", "&#34;q&#34;"})
	q := questionset.Question{Number: fmt.Sprint("N ", n), SourceKey: fmt.Sprintf("item/i%d", n),
		Category: rapid.SampledFrom([]string{"", "A", "A/B & C"}).Draw(t, "category"),
		Tags:     rapid.SampledFrom([][]string{nil, {"old"}, {"two words", "<&>"}}).Draw(t, "tags"),
		Question: exam.Question{Stem: asHTML(fmt.Sprintf("<p>%d %s</p>", n, word.Draw(t, "stem")))}}
	q.Question.Title = rapid.SampledFrom([]string{"", "A title & more"}).Draw(t, "title")
	if rapid.Bool().Draw(t, "unnumbered") {
		q.Number = ""
	}
	if rapid.Bool().Draw(t, "explained") {
		q.Feedback.Explanation = asHTML("Because " + word.Draw(t, "explanation"))
	}
	options := func(n int) (list []exam.Option) {
		for i := range n {
			list = append(list, exam.Option{ID: string(rune('a' + i)), Text: asHTML(fmt.Sprint(i, " ", word.Draw(t, "option"))), Fixed: rapid.Bool().Draw(t, "fixed")})
		}
		return list
	}
	weight := rapid.SampledFrom([]int{10_000, 5_000, 2_500, 1_000})
	switch q.Question.Type = rapid.SampledFrom([]exam.QuestionType{exam.SingleChoice, exam.MultipleChoice, exam.ShortText,
		exam.Numeric, exam.Matching, exam.Ordering, exam.Gaps, exam.Essay, exam.Description, exam.TrueFalse}).Draw(t, "type"); q.Question.Type {
	case exam.TrueFalse:
		q.Question.Options = rapid.SampledFrom(pairsOfWords).Draw(t, "words")
		q.Key.Options = map[string]int{"b": exam.FullCredit}
	case exam.SingleChoice:
		if q.Question.Options = options(4); rapid.Bool().Draw(t, "two words") {
			q.Question.Options = rapid.SampledFrom(pairsOfWords).Draw(t, "words")
			q.Key.Options = map[string]int{"b": exam.FullCredit}
			break
		}
		q.Key.Options = map[string]int{"b": exam.FullCredit, "d": weight.Draw(t, "other")}
		if rapid.Bool().Draw(t, "feedback") {
			q.Feedback.Options = map[string]exam.Text{"a": asHTML("No, " + word.Draw(t, "feedback")), "b": asHTML("Yes")}
		}
	case exam.MultipleChoice:
		q.Question.Options = options(4)
		q.Key = exam.Key{Rule: exam.Whole, Options: map[string]int{"a": exam.FullCredit, "c": exam.FullCredit}}
		if rapid.Bool().Draw(t, "sum") {
			q.Key = exam.Key{Rule: exam.Sum, Weighted: true, Options: map[string]int{"a": 6_000, "b": 4_000, "c": -weight.Draw(t, "wrong")}}
		}
	case exam.ShortText:
		q.Key.Texts = []exam.TextKey{{Pattern: "York", Weight: exam.FullCredit, CaseSensitive: rapid.Bool().Draw(t, "case")}, {Pattern: `5 \* 3`, Weight: weight.Draw(t, "text")}}
	case exam.Numeric:
		q.Key.Numbers = []exam.NumberKey{{Min: "2.5", Max: "2.5", Weight: exam.FullCredit}, {Min: "-1.5", Max: "10", Weight: 5_000}}
	case exam.Matching:
		drawMatching(t, &q, options)
	case exam.Ordering:
		drawOrdering(t, &q)
	case exam.Gaps:
		drawGaps(t, &q, word)
	}
	return q
}

// pairsOfWords may be true and false, or the options of a question with one answer.
var pairsOfWords = [][]exam.Option{
	{{ID: "a", Text: asHTML("Vrai")}, {ID: "b", Text: asHTML("Faux")}}, {{ID: "a", Text: asHTML("Yes")}, {ID: "b", Text: asHTML("No")}},
	{{ID: "true", Text: asHTML("holds")}, {ID: "b", Text: asHTML("<i>breaks</i>")}},
}

// drawOrdering: of two items the rule that looks at successors is that of the whole.
func drawOrdering(t *rapid.T, q *questionset.Question) {
	for i := range rapid.IntRange(2, 6).Draw(t, "items") {
		p := exam.Prompt{ID: fmt.Sprint("p", i+1), Text: asHTML(fmt.Sprintf("<i>%d</i>", i))}
		q.Question.Prompts = append(q.Question.Prompts, p)
		q.Key.Order = append(q.Key.Order, p.ID)
	}
	q.Key.Order = rapid.Permutation(q.Key.Order).Draw(t, "order")
	rules := []exam.ScoringRule{exam.ByExam, exam.Whole, exam.Next}
	if len(q.Key.Order) == 2 {
		rules = rules[:2]
	}
	q.Key.Rule = rapid.SampledFrom(rules).Draw(t, "rule")
}

func drawMatching(t *rapid.T, q *questionset.Question, options func(int) []exam.Option) {
	q.Question.Options = options(3)
	q.Question.Prompts = []exam.Prompt{{ID: "p1", Text: asHTML("one")}, {ID: "p2", Text: asHTML("two")}}
	q.Key.Pairs = map[string]string{"p1": "c", "p2": "a"}
	switch q.Key.Rule = rapid.SampledFrom([]exam.ScoringRule{exam.ByExam, exam.Whole, exam.Sum}).Draw(t, "rule"); q.Key.Rule {
	case exam.Sum:
		q.Key.PairWeights = map[string]map[string]int{"p1": {"c": 7_500, "a": -2_500}, "p2": {"a": 2_500}}
	}
}

func drawGaps(t *rapid.T, q *questionset.Question, word *rapid.Generator[string]) {
	q.Question.Stem = asHTML(strings.TrimSuffix(q.Question.Stem.Source, "</p>") + " " + word.Draw(t, "gap stem") + " _____(1) b _____(2), _____(3)</p>")
	q.Question.Prompts = []exam.Prompt{{ID: "g1", Text: exam.Text{Source: "(1)"}}, {ID: "g2", Text: exam.Text{Source: "(2)"}, Number: true},
		{ID: "g3", Text: exam.Text{Source: "(3)"}, Options: []exam.Option{{ID: "a", Text: exam.Text{Source: "x & y"}, Fixed: true}, {ID: "b", Text: exam.Text{Source: "z"}, Fixed: true}}}}
	q.Key.Gaps = map[string][]exam.TextKey{"g1": {{Pattern: "sun", Weight: exam.FullCredit}}, "g3": {{Pattern: "b", Weight: exam.FullCredit}}}
	q.Key.GapNumbers = map[string][]exam.NumberKey{"g2": {{Min: "4.5", Max: "5.5", Weight: exam.FullCredit}}}
	switch rapid.IntRange(0, 2).Draw(t, "gap rule") {
	case 0:
		q.Key.Rule = exam.Whole
	case 1:
		q.Key.Weights = map[string]int{"g1": 1, "g2": 2, "g3": 1}
	}
}

// TestQTI2RoundTrip: a question that QTI can say comes back as it was.
func TestQTI2RoundTrip(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		set := &questionset.Set{Name: "A & B"}
		for n := range rapid.IntRange(1, 3).Draw(rt, "questions") {
			set.Questions = append(set.Questions, drawQTI2(rt, n))
		}
		f, r := writtenQTI2(t, set)
		r.Findings = slices.DeleteFunc(r.Findings, func(x questionset.Finding) bool { return x.Code == "qti2_out_html" })
		if len(f.Questions) != len(set.Questions) || len(r.Findings) != 0 || !f.Report.Sound() {
			rt.Fatalf("%d questions of %d, findings %q and %+v", len(f.Questions), len(set.Questions), found(f), r.Findings)
		}
		for i := range set.Questions {
			j := slices.IndexFunc(f.Questions, func(q questionset.Question) bool { return q.SourceKey == set.Questions[i].SourceKey })
			if j < 0 {
				rt.Fatalf("%q is missing", set.Questions[i].SourceKey)
			}
			sameQuestion(t, &f.Questions[j], &set.Questions[i])
		}
		if t.Failed() {
			rt.FailNow()
		}
	})
}

// TestQTI2ExportReadsAgain: what reads otherwise is told though nobody thought of it.
func TestQTI2ExportReadsAgain(t *testing.T) {
	plain := questionset.Question{SourceKey: "item/p", Question: exam.Question{Type: exam.Essay, Title: "T", Stem: exam.Text{Format: exam.Markdown, Source: "a **b**"}}}
	f, r := writtenQTI2(t, &questionset.Set{Questions: []questionset.Question{plain}})
	if len(r.Findings) != 1 || r.Findings[0].Code != "qti2_out_html" || f.Questions[0].Question.Title != "T" || f.Questions[0].Number != "" {
		t.Errorf("Markdown with a title: %+v, read again %+v", r.Findings, f.Questions)
	}
	for name, tt := range map[string]struct {
		q     questionset.Question
		parts string
	}{
		"markup of a word to be chosen": {questionset.Question{Question: exam.Question{Type: exam.Gaps, Stem: asHTML("<p>_____(1)</p>"), Prompts: []exam.Prompt{
			{ID: "g1", Text: exam.Text{Source: "(1)"}, Options: []exam.Option{{ID: "a", Text: asHTML("<i>x</i>"), Fixed: true}, {ID: "b", Text: exam.Text{Source: "y"}, Fixed: true}}}}},
			Key: exam.Key{Gaps: map[string][]exam.TextKey{"g1": {{Pattern: "a", Weight: exam.FullCredit}}}}}, "part.prompts"},
		"a picture that is not there": {questionset.Question{Question: exam.Question{Type: exam.Essay,
			Stem: asHTML(`<p>x <img alt="y" src="/media/` + strings.Repeat("0", 64) + `.png"></p>`)}}, "part.stem"},
	} {
		tt.q.SourceKey, tt.q.Number = "item/x", "1"
		_, r := writtenQTI2(t, &questionset.Set{Questions: []questionset.Question{tt.q}})
		r.Findings = slices.DeleteFunc(r.Findings, func(f questionset.Finding) bool { return f.Code == "qti2_out_html" })
		if len(r.Findings) != 1 || r.Findings[0].Code != "export_differs" || r.Findings[0].Args["parts"] != tt.parts {
			t.Errorf("%s: %+v", name, r.Findings)
		}
	}
}

// TestQTI2ExportKeepsPlaces: other programs must not shuffle what speaks of the other options; read again, the
// question is as it was.
func TestQTI2ExportKeepsPlaces(t *testing.T) {
	for text, kept := range map[string]string{
		"None of these": `class="kept-for-text" fixed="true"`, "上記のいずれでもない": `fixed="true"`, "Something else": "",
	} {
		q := questionset.Question{SourceKey: "item/k", Number: "1", Question: exam.Question{Type: exam.SingleChoice, Stem: asHTML("<p>Q</p>"), Options: []exam.Option{
			{ID: "a", Text: asHTML("<p>x</p>")}, {ID: "b", Text: asHTML("<p>y</p>")}, {ID: "c", Text: asHTML("<p>" + text + "</p>"), Fixed: strings.HasPrefix(kept, "fixed")}}}, // as files are read

			Key: exam.Key{Options: map[string]int{"a": exam.FullCredit}}}
		set := &questionset.Set{Questions: []questionset.Question{q}}
		var b bytes.Buffer
		if _, err := questionset.Write(&b, questionset.QTI2, set); err != nil {
			t.Fatal(err)
		}
		item := ""
		for name, text := range unzipped(t, b.String()) {
			if strings.HasPrefix(name, "items/") {
				item = text
			}
		}
		if strings.Contains(item, "fixed=") != (kept != "") || !strings.Contains(item, `identifier="c" `+kept) && kept != "" {
			t.Errorf("%s: %s", text, item)
		}
		again, r := writtenQTI2(t, set)
		if len(r.Findings) != 0 || len(again.Questions) != 1 {
			t.Fatalf("%s: %+v", text, r.Findings)
		}
		sameQuestion(t, &again.Questions[0], &q)
	}
}

// TestQTI2ExportTells what the format has no words for.
func TestQTI2ExportTells(t *testing.T) {
	text := func(patterns ...string) exam.Key {
		var k exam.Key
		for _, p := range patterns {
			k.Texts = append(k.Texts, exam.TextKey{Pattern: p, Weight: exam.FullCredit})
		}
		return k
	}
	two := []exam.Option{{ID: "a", Text: exam.Text{Source: "x"}}, {ID: "b", Text: exam.Text{Source: "y"}}}
	right := exam.Key{Options: map[string]int{"a": exam.FullCredit}}
	for _, tt := range []struct {
		name string
		q    questionset.Question
		code string
		lost bool
	}{
		{"a wildcard", questionset.Question{Question: exam.Question{Type: exam.ShortText}, Key: text("York", "Y*k")}, "qti2_out_wildcard", false},
		{"only wildcards", questionset.Question{Question: exam.Question{Type: exam.ShortText}, Key: text("Y*k")}, "qti2_out_no_text", true},
		{"a unit", questionset.Question{Question: exam.Question{Type: exam.Numeric, Unit: "m"}, Key: exam.Key{Numbers: []exam.NumberKey{{Min: "1", Max: "1", Weight: exam.FullCredit}}}}, "qti2_out_unit", false},
		{"scored by the exam", questionset.Question{Question: exam.Question{Type: exam.MultipleChoice, Options: two}, Key: right}, "qti2_out_by_exam", false},
		{"half at best", questionset.Question{Question: exam.Question{Type: exam.SingleChoice, Options: two}, Key: exam.Key{Options: map[string]int{"a": 5_000}}}, "qti2_out_best", false},
		{"a year", questionset.Question{Year: 2020, Question: exam.Question{Type: exam.SingleChoice, Options: two}, Key: right}, "qti2_out_fields", false},
	} {
		tt.q.Question.Stem, tt.q.SourceKey = exam.Text{Source: "Q\n1 < 2"}, "k"
		f, r := writtenQTI2(t, &questionset.Set{Questions: []questionset.Question{tt.q}})
		told := slices.ContainsFunc(r.Findings, func(x questionset.Finding) bool { return string(x.Code) == tt.code })
		if !told || tt.lost != (r.Counts.Taken == 0) || tt.lost != (len(f.Questions) == 0) {
			t.Errorf("%s: %+v; read again %q", tt.name, r.Findings, found(f))
		}
		if !tt.lost && f.Questions[0].Question.Stem.Source != "<div>Q<br>1 &lt; 2</div>" {
			t.Errorf("%s: stem %q", tt.name, f.Questions[0].Question.Stem.Source)
		}
	}
}

// TestQTI2ExportOneGap: a gap that is the only one is read again as a gap.
func TestQTI2ExportOneGap(t *testing.T) {
	for name, text := range map[string]string{"text": "a {1:SA:=b~%50%c} d", "number": "a {1:NM:=2:0.1} d"} {
		f := moodle(t, cloze(text))
		again, r := writtenQTI2(t, &questionset.Set{Name: "s", Questions: f.Questions})
		for _, x := range r.Findings {
			if x.Code == "export_differs" {
				t.Errorf("%s: %+v", name, x.Args)
			}
		}
		if q := one(t, again); q.Question.Type != exam.Gaps || asJSON(t, q.Key) != asJSON(t, f.Questions[0].Key) {
			t.Errorf("%s: %s %s", name, q.Question.Type, asJSON(t, q.Key))
		}
	}
}
