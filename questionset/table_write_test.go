package questionset_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"shiken/exam"
	"shiken/questionset"
)

var tableFormats = []questionset.Format{questionset.CSV, questionset.XLSX}

// tableAgain writes a set and reads it again.
func tableAgain(t rapid.TB, format questionset.Format, f *questionset.File) (*questionset.Report, *questionset.File) {
	t.Helper()
	var b bytes.Buffer
	report, err := questionset.Write(&b, format, &questionset.Set{Name: "s", Questions: f.Questions, Media: f.Media})
	if err != nil {
		t.Fatal(err)
	}
	ext, _ := questionset.FileType(format, bytes.NewReader(b.Bytes()), int64(b.Len()))
	again, err := questionset.Parse(context.Background(), "s"+ext, &b, questionset.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return report, again
}

// same says how two questions differ, "" when they don't.
func same(a, b *questionset.Question) string {
	meta := func(q *questionset.Question) string {
		return fmt.Sprintf("%q %q %d %q %q %q %q", q.Number, q.Category, q.Year, q.Reference, q.Difficulty, q.Tags, q.ContentHash)
	}
	if meta(a) == meta(b) {
		return ""
	}
	return fmt.Sprintf("%s\n%s\n%+v\n%+v\n%+v\n%+v", meta(a), meta(b), a.Question, b.Question, a.Key, b.Key)
}

// rowOf draws a row of one of the types.
func rowOf(t *rapid.T, n int) []any {
	text := func(label string) string {
		return rapid.SampledFrom([]string{"S", "=1+1", "'=x", "-2", "@a", "a,b", "a\"b", "x\ny", "東京|京都", "_x000A_", "A と B", "\u00a0=z", "'", "上記すべて", "{ }", "1,000"}).Draw(t, label) + fmt.Sprint(n)
	}
	options := func(least, most int) []any {
		out := make([]any, 5)
		for i := range rapid.IntRange(least, most).Draw(t, "options") {
			out[i] = fmt.Sprintf("%s%d", text("option"), i)
		}
		return out
	}
	row := []any{fmt.Sprint(n), text("category"), rapid.SampledFrom([]any{"", "2019"}).Draw(t, "year")}
	kind := rapid.SampledFrom([]string{"single_choice", "multiple_answer", "true_false", "short_text", "numeric", "essay", "description", "matching", "ordering"}).Draw(t, "type")
	key, list := "", make([]any, 5)
	switch kind {
	case "single_choice":
		list, key = options(2, 5), rapid.SampledFrom([]string{"A", "B"}).Draw(t, "key")
	case "multiple_answer":
		list, key = options(3, 5), rapid.SampledFrom([]string{"A", "A,C", "B,C"}).Draw(t, "key")
	case "true_false":
		key = rapid.SampledFrom([]string{"true", "false"}).Draw(t, "key")
	case "short_text":
		key = rapid.SampledFrom([]string{"a", "a|b", `a\|b|c*`, `\*`, "=1"}).Draw(t, "key")
	case "numeric":
		key = rapid.SampledFrom([]string{"1", "-1.5", "1..2|7", "3±0.5", "1e3"}).Draw(t, "key")
	case "matching":
		list = []any{text("left") + " -> " + "r1", text("left2") + "x -> " + text("right"), "-> r3", nil, nil}
	case "ordering":
		list, key = options(3, 3), rapid.SampledFrom([]string{"", "C,A,B"}).Draw(t, "key")
	}
	row = append(row, kind, text("stem"))
	row = append(append(row, list...), key, text("explanation"), text("tag"), rapid.SampledFrom([]any{"", "html", "markdown"}).Draw(t, "format"))
	return row
}

var rowHead = []any{"id", "category", "year", "type", "question", "option_a", "option_b", "option_c", "option_d", "option_e", "correct_answer", "explanation", "tags", "text_format"}

// TestTablesComeBack: what a table gave is the same after it was written and read again.
func TestTablesComeBack(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		rows := [][]any{rowHead}
		for n := range rapid.IntRange(1, 6).Draw(rt, "rows") {
			rows = append(rows, rowOf(rt, n+1))
		}
		f, err := questionset.Parse(context.Background(), "q.xlsx", bytes.NewReader(workbookOf(t, rows...)), questionset.Options{})
		if err != nil || len(f.Questions) == 0 {
			rt.Fatalf("%v %q", err, found(f))
		}
		for _, format := range tableFormats {
			report, again := tableAgain(rt, format, f)
			if !report.Sound() || report.Counts.Taken != len(f.Questions) || len(again.Questions) != len(f.Questions) {
				rt.Fatalf("%s: %+v, read again %d %q", format, report, len(again.Questions), found(again))
			}
			for i := range f.Questions {
				if diff := same(&f.Questions[i], &again.Questions[i]); diff != "" || f.Questions[i].SourceKey != again.Questions[i].SourceKey {
					rt.Fatalf("%s: %s", format, diff)
				}
			}
		}
	})
}

// TestTestdataComesBack: every question of every file of the test data is in the table as it was, or the
// report says what is not.
func TestTestdataComesBack(t *testing.T) {
	told := 0
	for _, path := range testdataFiles(t) {
		f := parseFile(t, path)
		if len(f.Questions) == 0 {
			continue
		}
		for _, format := range tableFormats {
			report, again := tableAgain(t, format, f)
			n := report.Counts
			if n.Taken+n.Refused != n.Seen || n.Seen != len(f.Questions) || len(again.Questions)+again.Report.Counts.Identical != n.Taken || n.Taken > 0 && !again.Report.Sound() {
				t.Errorf("%s as %s: %+v, read again %+v %q", path, format, n, again.Report.Counts, problems(again))
			}
			told += len(report.Findings)
		}
	}
	if told == 0 {
		t.Error("nothing is told of what tables cannot hold")
	}
}

func TestTableWithPicturesComesBack(t *testing.T) {
	f := parse(t, "set.zip", zipOf(t, "quiz/q.csv", picturesCSV, "quiz/a.png", pngData, "quiz/img/b.gif", gifData))
	for _, format := range tableFormats {
		report, again := tableAgain(t, format, f)
		if !report.Sound() || len(again.Media) != 2 || len(again.Questions) != len(f.Questions) {
			t.Fatalf("%s: %d media, %d questions, %q", format, len(again.Media), len(again.Questions), found(again))
		}
		_, third := tableAgain(t, format, again) // a row has one format, which the first writing settles
		for i := range again.Questions {
			if f.Questions[i].Question.Stem != again.Questions[i].Question.Stem {
				t.Errorf("%s: %+v %+v", format, f.Questions[i].Question.Stem, again.Questions[i].Question.Stem)
			}
			if diff := same(&again.Questions[i], &third.Questions[i]); diff != "" {
				t.Errorf("%s: %s", format, diff)
			}
		}
	}
}

func TestTableSaysWhatItCannot(t *testing.T) {
	choice := func(change func(*questionset.Question)) questionset.Question {
		q := parse(t, "q.csv", "question,option_a,option_b,option_c,correct_answer\nS,p,q,r,A\n").Questions[0]
		change(&q)
		return q
	}
	for name, tt := range map[string]struct {
		q    questionset.Question
		want string
	}{
		"gaps":    {choice(func(q *questionset.Question) { q.Question.Type = exam.Gaps }), "error table_write_type"},
		"weights": {choice(func(q *questionset.Question) { q.Key.Options["b"] = -5000 }), "warning table_write_weights"},
		"no full": {choice(func(q *questionset.Question) { q.Key.Options["a"] = 5000 }), "error table_write_key"},
		"rule":    {choice(func(q *questionset.Question) { q.Key.Rule = exam.Sum }), "warning table_write_rule"},
		"fixed":   {choice(func(q *questionset.Question) { q.Question.Options[1].Fixed = true }), "warning table_write_fixed"},
		"tag":     {choice(func(q *questionset.Question) { q.Tags = []string{"a;b"} }), "warning table_write_tag"},
		"group":   {choice(func(q *questionset.Question) { q.Question.Group = "g" }), "warning table_write_group"},
		"formats": {choice(func(q *questionset.Question) {
			q.Question.Stem.Format, q.Question.Options[0].Text.Format = exam.HTML, exam.Markdown
		}), "warning table_write_format"},
		"case":       {openQuestion(exam.ShortText, exam.Key{Texts: []exam.TextKey{{Pattern: "a", Weight: exam.FullCredit, CaseSensitive: true}}}), "warning table_write_case"},
		"part":       {openQuestion(exam.ShortText, exam.Key{Texts: []exam.TextKey{{Pattern: "a", Weight: exam.FullCredit}, {Pattern: "b", Weight: 1}}}), "warning table_write_partial"},
		"anything":   {openQuestion(exam.ShortText, exam.Key{Texts: []exam.TextKey{{Pattern: "*", Weight: exam.FullCredit}}}), "error table_write_answer"},
		"no number":  {openQuestion(exam.Numeric, exam.Key{Numbers: []exam.NumberKey{{Min: "1,000", Max: "1,000", Weight: exam.FullCredit}}}), "error table_write_answer"},
		"no answers": {openQuestion(exam.Numeric, exam.Key{}), "error table_write_key"},
	} {
		t.Run(name, func(t *testing.T) {
			report, again := tableAgain(t, questionset.CSV, &questionset.File{Questions: []questionset.Question{tt.q}})
			var got []string
			for _, x := range report.Findings {
				got = append(got, string(x.Severity)+" "+string(x.Code))
			}
			if !slices.Equal(got, []string{tt.want}) || (len(again.Questions) == 1) != strings.HasPrefix(tt.want, "warning") {
				t.Errorf("%q, %d questions", got, len(again.Questions))
			}
		})
	}
}

func openQuestion(kind exam.QuestionType, key exam.Key) questionset.Question {
	return questionset.Question{Question: exam.Question{Type: kind, Stem: exam.Text{Source: "S"}}, Key: key}
}

// No spreadsheet runs a cell of an exported table.
func TestWrittenCellsAreNotRun(t *testing.T) {
	f := parse(t, "q.csv", "question,option_a,option_b,correct_answer\n=HYPERLINK(1),+p,@q,A\n")
	var b bytes.Buffer
	if _, err := questionset.Write(&b, questionset.CSV, &questionset.Set{Questions: f.Questions}); err != nil {
		t.Fatal(err)
	}
	for _, cell := range []string{",'=HYPERLINK(1),", ",'+p,", ",'@q,"} {
		if !strings.Contains(b.String(), cell) {
			t.Errorf("%s is not in %s", cell, b.String())
		}
	}
}
