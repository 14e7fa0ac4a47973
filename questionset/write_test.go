package questionset_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
	"testing"

	"shiken/exam"
	"shiken/questionset"
)

// failer is what testing and rapid have in common.
type failer interface {
	Helper()
	Fatal(...any)
}

// exported writes a set and reads it again.
func exported(t failer, format questionset.Format, set *questionset.Set) (*questionset.Report, *questionset.File, string) {
	t.Helper()
	var b bytes.Buffer
	report, err := questionset.Write(&b, format, set)
	if err != nil {
		t.Fatal(err)
	}
	again, err := questionset.Parse(context.Background(), "again", bytes.NewReader(b.Bytes()), questionset.Options{Format: format})
	if err != nil {
		t.Fatal(err)
	}
	return report, again, b.String()
}

// reported lists the codes of the findings of a report.
func reported(r *questionset.Report) []string {
	out := []string{}
	for _, f := range r.Findings {
		out = append(out, string(f.Severity)+" "+string(f.Code))
	}
	return out
}

// sameQuestions proves that what was read again is what was written.
func sameQuestions(t testing.TB, a, b []questionset.Question, text string) {
	t.Helper()
	if len(a) != len(b) {
		t.Fatalf("%d questions, read again %d:\n%s", len(a), len(b), text)
	}
	for i := range a {
		sameKey := a[i].Number == "" || a[i].SourceKey == b[i].SourceKey // the key of the nameless holds how they are written
		if a[i].ContentHash != b[i].ContentHash || !sameKey || a[i].Number != b[i].Number ||
			a[i].Category != b[i].Category || !slices.Equal(a[i].Tags, b[i].Tags) {
			t.Fatalf("%+v\nread again\n%+v\n%s", a[i], b[i], text)
		}
	}
}

// Import, export, import: every type comes back as it was, with names, ids, tags and media.
func TestMoodleRoundTrip(t *testing.T) {
	picture := base64.StdEncoding.EncodeToString([]byte(pixel))
	sources := []string{
		`<question type="category"><category><text>$course$/top/A//B/C</text></category></question>`,
		`<question type="essay"><name><text>P</text></name><questiontext format="html"><text><![CDATA[<p>1 < 2 ]]]]><![CDATA[> <img src="@@PLUGINFILE@@/a.png" alt="x"></p>]]></text>` +
			`<file name="a.png" path="/" encoding="base64">` + picture + `</file></questiontext><idnumber>id/7 ~#</idnumber><tags><tag><text>t &amp; u</text></tag></tags></question>`,
	}
	for name, tt := range moodleTypeCases {
		source := tt.source
		if !strings.Contains(source, "<name>") {
			source = strings.Replace(source, "<questiontext>", "<name><text>N</text></name><questiontext>", 1)
		}
		sources = append(sources, strings.Replace(source, "<text>N</text>", "<text>"+name+"</text>", 1))
	}
	for _, text := range []string{"{1:SA:=a~%50%b~*} {3:NM:=1.5:0.1~%33.33333%2}", "<b>{1:MCS:=a &amp; b~<i>c</i>}</b> {1:MC:=d~%50%e}", "{1:SAC:=a\\}\\#&lt;=%}"} {
		sources = append(sources, strings.Replace(cloze(text), "<text>N", "<text>"+strconv.Itoa(len(sources)), 1))
	}
	first := moodle(t, sources...)
	if first.Report.Counts.Taken != len(sources)-1 {
		t.Fatalf("%+v %q", first.Report.Counts, found(first))
	}
	report, again, text := exported(t, questionset.MXML, &questionset.Set{Name: "s", Questions: first.Questions, Media: first.Media})
	if got := reported(report); len(got) > 0 {
		t.Errorf("reported %q", got)
	}
	sameQuestions(t, first.Questions, again.Questions, text)
	if len(again.Media) != 1 {
		t.Errorf("%d media", len(again.Media))
	}
}

func TestGIFTRoundTrip(t *testing.T) {
	first := gift(t, strings.Join([]string{
		"$CATEGORY: $course$/top/A // B", "// [id:q7] [tag:one] [tag:t\\]wo]\nTwo?{~1 =2#[html]<b>yes</b> ~%50%3#no####all}",
		"::n\\: 1::[html]<b>Several</b>{~%50%a ~%50%b ~%-33.33333%c}", "[markdown]**Sun** \\{x\\}{T#wrong#right}", "Moon{F}",
		"Text\\n\\nwith lines{=two =%50%[plain][2] =%0%*}", "::%::Percent{=%100%%5% =\\#}", "Number{#=3.14 =%50%1..2}",
		"Match{=a->1 =b->2 =c->1 = ->3}", "[plain]<b> & // essay{####guide}", "$CATEGORY: $course$/top",
		"[plain]// \\{1\\:SA\\:\\=a\\}{=a}", "Only a text: x -> y", "Gaps {1:SA:=a~%50%b} {2:NM:=1:0.5} {1:MCS:=x~y} {1:SAC:=A}",
	}, "\n\n"))
	if n := first.Report.Counts; n.Taken != 12 || n.Refused > 0 {
		t.Fatalf("%+v %q", n, found(first))
	}
	report, again, text := exported(t, questionset.GIFT, &questionset.Set{Name: "s", Questions: first.Questions})
	if got := reported(report); !slices.Equal(got, []string{"note export_gift_gaps"}) {
		t.Errorf("reported %q", got)
	}
	sameQuestions(t, first.Questions, again.Questions, text)
}

// What reads otherwise is named.
func TestExportNamesWhatDiffers(t *testing.T) {
	q := questionset.Question{Number: "1", Question: exam.Question{Type: exam.ShortText, Stem: exam.Text{Source: "S?"}, Unit: "m"},
		Key: exam.Key{Texts: []exam.TextKey{{Pattern: "A", Weight: 10_000}}}, Tags: []string{"two  spaces"}}
	report, _, _ := exported(t, questionset.MXML, &questionset.Set{Questions: []questionset.Question{q}})
	if len(report.Findings) != 1 || report.Findings[0].Args["parts"] != "part.unit, part.tags" {
		t.Fatalf("%+v", report.Findings)
	}
	for lang, want := range map[string]string{"en": "unit, tags", "ja": "単位、タグ"} {
		if what, _ := report.Findings[0].Text(lang); !strings.Contains(what, want) {
			t.Errorf("%s: %s", lang, what)
		}
	}
}

// What a format cannot say is told.
func TestExportTellsWhatIsLost(t *testing.T) {
	stem := exam.Question{Type: exam.Essay, Stem: exam.Text{Source: "S?"}}
	many := exam.Question{Type: exam.MultipleChoice, Stem: stem.Stem, Options: []exam.Option{
		{ID: "a", Text: exam.Text{Source: "1"}}, {ID: "b", Text: exam.Text{Source: "2"}}, {ID: "c", Text: exam.Text{Source: "3"}}}}
	single := many
	single.Type = exam.SingleChoice
	order := exam.Question{Type: exam.Ordering, Stem: stem.Stem, Prompts: []exam.Prompt{{ID: "x", Text: exam.Text{Source: "1"}}, {ID: "y", Text: exam.Text{Source: "2"}}}}
	grouped, gapless := stem, stem
	grouped.Group, grouped.Stimulus = "g", exam.Text{Source: "Read."}
	gapless.Type, gapless.Prompts = exam.Gaps, []exam.Prompt{{ID: "g"}}
	fixed := single
	fixed.Options = slices.Clone(single.Options)
	fixed.Options[1].Fixed = true
	truth := exam.Question{Type: exam.TrueFalse, Stem: stem.Stem, Options: []exam.Option{{ID: "a", Text: exam.Text{Source: "誤"}}, {ID: "b", Text: exam.Text{Source: "正"}}}}
	number := exam.Question{Type: exam.Numeric, Stem: stem.Stem, Unit: "m"}
	texts := exam.Question{Type: exam.ShortText, Stem: stem.Stem}
	half := exam.Key{Options: map[string]int{"b": 5_000}}
	for name, tt := range map[string]struct {
		q            questionset.Question
		gift, moodle []string
	}{
		"year":        {questionset.Question{Question: stem, Year: 2020}, []string{"warning export_fields"}, []string{"warning export_fields"}},
		"group":       {questionset.Question{Question: grouped}, []string{"warning export_stimulus"}, []string{"warning export_stimulus"}},
		"guide":       {questionset.Question{Question: stem, Key: exam.Key{Guide: stem.Stem}}, []string{"warning export_guide"}, []string{}},
		"by the exam": {questionset.Question{Question: many, Key: exam.Key{Options: map[string]int{"a": 10_000, "b": 10_000}}}, []string{"warning export_by_exam"}, []string{"warning export_sum"}},
		"whole":       {questionset.Question{Question: many, Key: exam.Key{Options: map[string]int{"a": 10_000, "b": 10_000}, Rule: exam.Whole}}, []string{"warning export_by_exam"}, []string{}},
		"no full":     {questionset.Question{Question: single, Key: half}, []string{"error export_no_full_credit"}, []string{}},
		"fixed":       {questionset.Question{Question: fixed, Key: exam.Key{Options: map[string]int{"b": 10_000}}}, []string{"warning export_fixed"}, []string{"warning export_fixed"}},
		"order":       {questionset.Question{Question: order, Key: exam.Key{Order: []string{"y", "x"}}}, []string{"error export_type"}, []string{}},
		"words":       {questionset.Question{Question: truth, Key: exam.Key{Options: map[string]int{"b": 10_000}}}, []string{"warning export_truth_words"}, []string{"warning export_truth_words"}},
		"unit":        {questionset.Question{Question: number, Key: exam.Key{Numbers: []exam.NumberKey{{Min: "1", Max: "2", Weight: 10_000}}}}, []string{"warning export_unit"}, []string{}},
		"case":        {questionset.Question{Question: texts, Key: exam.Key{Texts: []exam.TextKey{{Pattern: "A", Weight: 10_000, CaseSensitive: true}}}}, []string{"warning export_case"}, []string{}},
		"arrow":       {questionset.Question{Question: texts, Key: exam.Key{Texts: []exam.TextKey{{Pattern: "a->b", Weight: 10_000}}}}, []string{"error export_arrow"}, []string{}},
		"mixed case": {questionset.Question{Question: texts, Key: exam.Key{Texts: []exam.TextKey{{Pattern: "A", Weight: 10_000, CaseSensitive: true}, {Pattern: "b"}}}},
			[]string{"warning export_case"}, []string{"warning export_differs"}},
		"title": {questionset.Question{Question: exam.Question{Type: exam.Essay, Title: "T", Stem: stem.Stem}}, []string{"warning export_title"}, []string{"warning export_title"}},
		// a loss that is told hides no other
		"case and wildcards of the same text": {questionset.Question{Question: exam.Question{Type: exam.ShortText, Stem: stem.Stem, Unit: "m"},
			Key: exam.Key{Texts: []exam.TextKey{{Pattern: "A", Weight: 10_000, CaseSensitive: true}}}},
			[]string{"warning export_differs", "warning export_case"}, []string{"warning export_differs"}},
		"words of truth, the other way round": {questionset.Question{Question: exam.Question{Type: exam.TrueFalse, Stem: stem.Stem, Options: []exam.Option{
			{ID: "a", Text: exam.Text{Source: "Faux"}}, {ID: "b", Text: exam.Text{Source: "Vrai"}}}}, Key: exam.Key{Options: map[string]int{"b": 10_000}}},
			[]string{"warning export_truth_words"}, []string{"warning export_truth_words"}},
		"no key": {questionset.Question{Question: texts}, []string{"error export_unreadable"}, []string{"error export_unreadable"}},
		"gap without a place": {questionset.Question{Question: gapless, Key: exam.Key{Gaps: map[string][]exam.TextKey{"g": {{Pattern: "x", Weight: 10_000}}}}},
			[]string{"warning export_gap_place", "note export_gift_gaps"}, []string{"warning export_gap_place"}},
		"medium": {questionset.Question{Question: exam.Question{Type: exam.Essay, Stem: exam.Text{Format: exam.HTML, Source: `<img src="/media/` + strings.Repeat("0", 64) + `.png" alt="x">`}}},
			[]string{"warning export_media"}, []string{"warning export_no_media"}},
	} {
		t.Run(name, func(t *testing.T) {
			tt.q.Number = "1"
			for format, want := range map[questionset.Format][]string{questionset.GIFT: tt.gift, questionset.MXML: tt.moodle} {
				report, again, text := exported(t, format, &questionset.Set{Questions: []questionset.Question{tt.q}})
				if got := reported(report); !slices.Equal(got, want) {
					t.Errorf("%s: %q\n%s", format, got, text)
				}
				n := report.Counts
				if n.Seen != 1 || n.Taken+n.Refused != 1 || report.Sound() != (n.Refused == 0) || n.Taken > len(again.Questions) {
					t.Errorf("%s: %+v, read again %+v", format, n, again.Report.Counts)
				}
			}
		})
	}
}
