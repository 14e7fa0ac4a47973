package questionset_test

import (
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"shiken/exam"
	"shiken/questionset"
)

// checkFile proves what holds for every file: nothing is dropped silently, keys are unique, every
// gradable question has a right answer, and reading again gives the same.
func checkFile(t testing.TB, name, data string) {
	t.Helper()
	checkFileAs(t, name, data, questionset.Options{})
}

func checkFileAs(t testing.TB, name, data string, options questionset.Options) {
	t.Helper()
	f, again := parseAs(t, name, data, options), parseAs(t, name, data, options)
	n := f.Report.Counts
	if n.Seen != n.Taken+n.Refused+n.Identical || n.Taken != len(f.Questions)+len(f.Definitions) || n.Refused < 0 {
		t.Fatalf("counts %+v, %d questions", n, len(f.Questions))
	}
	if named := lines(f, questionset.Error); n.Refused > 0 && named == 0 || f.Report.Sound() != (named == 0) {
		t.Fatalf("%d refused, %d errors", n.Refused, named)
	}
	if lines(f, questionset.Error) < n.Refused {
		t.Fatalf("%d refused, lines with errors %d", n.Refused, lines(f, questionset.Error))
	}
	keys := map[string]bool{}
	for i, q := range f.Questions {
		if q.SourceKey == "" || keys[q.SourceKey] {
			t.Fatalf("source key %q of line %d", q.SourceKey, q.Line)
		}
		keys[q.SourceKey] = true
		if b := again.Questions[i]; b.SourceKey != q.SourceKey || b.ContentHash != q.ContentHash || len(q.ContentHash) != 64 {
			t.Fatalf("read again: %+v %+v", q, b)
		}
		checkQuestion(t, &q)
	}
}

// lines counts the places with findings of a severity.
func lines(f *questionset.File, s questionset.Severity) int {
	seen := map[[3]any]bool{}
	for _, x := range f.Report.Findings {
		if x.Severity == s {
			seen[[3]any{x.File, x.Line, x.Question}] = true
		}
	}
	return len(seen)
}

func checkQuestion(t testing.TB, q *questionset.Question) {
	t.Helper()
	if q.Question.Stem.Source == "" {
		t.Fatalf("line %d: no stem", q.Line)
	}
	ids := map[string]bool{}
	for _, o := range q.Question.Options {
		if o.ID == "" || ids[o.ID] || o.Text.Source == "" {
			t.Fatalf("line %d: option %+v", q.Line, o)
		}
		ids[o.ID] = true
	}
	for id := range q.Key.Options {
		if !ids[id] {
			t.Fatalf("line %d: key names option %q", q.Line, id)
		}
	}
	if !hasRightAnswer(q) {
		t.Fatalf("line %d: %s without a right answer", q.Line, q.Question.Type)
	}
}

func hasRightAnswer(q *questionset.Question) bool {
	k := &q.Key
	switch q.Question.Type {
	case exam.SingleChoice, exam.TrueFalse, exam.MultipleChoice:
		for _, w := range k.Options {
			if w > 0 {
				return len(q.Question.Options) > 1
			}
		}
		return false
	case exam.ShortText:
		return slices.ContainsFunc(k.Texts, func(x exam.TextKey) bool { return x.Weight > 0 })
	case exam.Numeric:
		return slices.ContainsFunc(k.Numbers, rightNumber)
	case exam.Matching:
		pairs, prompts := max(len(k.Pairs), len(k.PairWeights)), len(q.Question.Prompts)
		return prompts > 1 && (pairs == prompts || pairs > 0 && k.Rule == exam.Whole)
	case exam.Ordering:
		return len(k.Order) == len(q.Question.Prompts) && len(k.Order) > 1
	case exam.Gaps:
		for _, p := range q.Question.Prompts {
			if !slices.ContainsFunc(k.Gaps[p.ID], func(x exam.TextKey) bool { return x.Weight > 0 }) &&
				!slices.ContainsFunc(k.GapNumbers[p.ID], rightNumber) {
				return false
			}
		}
		return len(q.Question.Prompts) > 0
	case exam.Essay, exam.Description:
		return true
	}
	return false
}

func rightNumber(x exam.NumberKey) bool {
	_, lo := exam.ParseNumber(x.Min)
	_, hi := exam.ParseNumber(x.Max)
	return x.Weight > 0 && lo && hi
}

// testdataFiles are the question files of the test data.
func testdataFiles(t testing.TB) (paths []string) {
	t.Helper()
	err := filepath.WalkDir("testdata", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.Contains(path, "fuzz") || filepath.Ext(path) == ".md" || d.Name() == "LICENSE" {
			return err
		}
		paths = append(paths, path)
		return nil
	})
	if err != nil || len(paths) < 100 {
		t.Fatalf("%d files, %v", len(paths), err)
	}
	return paths
}

// TestNothingIsDroppedSilently holds for every file of the test data.
func TestNothingIsDroppedSilently(t *testing.T) {
	for _, path := range testdataFiles(t) {
		t.Run(path, func(t *testing.T) { checkFile(t, path, readAll(t, path)) })
	}
}

// TestAnyRowsAreTakenOrNamed writes rows out of pieces that matter and checks each refused row's
// line is in the report.
func TestAnyRowsAreTakenOrNamed(t *testing.T) {
	pieces := []string{"", "A", "b", "A,C", "E", "S?", "\"x\ny\"", "\"", "a\"b", "\"a\"b", "１", "2019", "\x00", "○", "×", "BとC", "上記すべて", ",", " "}
	rapid.Check(t, func(rt *rapid.T) {
		rows := rapid.SliceOfN(rapid.SliceOfN(rapid.SampledFrom(pieces), 1, 14), 1, 12).Draw(rt, "rows")
		var b strings.Builder
		b.WriteString(header)
		for _, r := range rows {
			b.WriteString(strings.Join(r, ",") + "\n")
		}
		checkFile(t, "q.csv", b.String())
	})
}

// TestAnyBlocksAreTakenOrNamed does the same for GIFT.
func TestAnyBlocksAreTakenOrNamed(t *testing.T) {
	pieces := []string{"{", "}", "~", "=", "#", "->", "%50%", "%-50%", "%x%", "a", "b", "1", "1:2", "1..2", "*", "T", "FALSE", "\n", "\n\n", "::",
		"$CATEGORY:", "//", "[html]", "\\", "\\{", "{1:SA:=a}", "{2:MC:=a~b}", "####", "_"}
	rapid.Check(t, func(rt *rapid.T) {
		data := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 1, 60).Draw(rt, "pieces"), "")
		checkFile(t, "q.gift", data)
	})
}

// TestAnyElementsAreTakenOrNamed does the same for Moodle XML, well-formed or not.
func TestAnyElementsAreTakenOrNamed(t *testing.T) {
	pieces := []string{"<question type=\"essay\">", "<question type=\"multichoice\">", "<question type=\"cloze\">", "</question>",
		"<question type=\"category\">", "<questiontext>", "</questiontext>", "<text>", "</text>", "<![CDATA[", "]]>", "<!--", "-->", "<name>", "</name>",
		"<answer fraction=\"100\">", "<answer fraction=\"x\">", "</answer>", "a", "{1:SA:=a}", "{1:MC:=a~b}", "&", "&lt;", "<", ">", "\n", "</quiz>",
		entry("truefalse", answers("100 true", "0 false")), entry("shortanswer", answers("100 a")), cloze("{2:NM:=1:0.5~*}")}
	rapid.Check(t, func(rt *rapid.T) {
		data := "<quiz>" + strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 1, 40).Draw(rt, "pieces"), "")
		checkFile(t, "q.xml", data)
	})
}
