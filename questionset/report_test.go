package questionset_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"

	"shiken/questionset"
)

type text struct{ What, Mend string }

type catalogue struct {
	Labels   map[string]string
	Messages map[string]text
}

// readCatalogue reads the files of a language. No key stands in two of them.
func readCatalogue(t *testing.T, lang string) catalogue {
	t.Helper()
	names, err := filepath.Glob("messages/*" + lang + ".json")
	if err != nil {
		t.Fatal(err)
	}
	all := catalogue{map[string]string{}, map[string]text{}}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var c catalogue
		if err := json.Unmarshal(data, &c); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		whole := len(all.Labels) + len(c.Labels) + len(all.Messages) + len(c.Messages)
		maps.Copy(all.Labels, c.Labels)
		maps.Copy(all.Messages, c.Messages)
		if len(all.Labels)+len(all.Messages) != whole {
			t.Errorf("%s: a key stands in another file, too", name)
		}
	}
	return all
}

// codes reads the constants of type Code out of the sources.
func codes(t *testing.T) []string {
	t.Helper()
	names, err := filepath.Glob("codes*.go")
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, name := range names {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				s, err := strconv.Unquote(lit.Value)
				if err != nil {
					t.Fatal(err)
				}
				out = append(out, s)
			}
			return true
		})
	}
	return out
}

var placeholder = regexp.MustCompile(`\{[a-z]+\}`)

func placeholders(s string) []string {
	out := placeholder.FindAllString(s, -1)
	slices.Sort(out)
	return slices.Compact(out)
}

// Every code has its text in both languages, with the same arguments, and no text is left over.
func TestCatalogueIsWhole(t *testing.T) {
	en, ja := readCatalogue(t, "en"), readCatalogue(t, "ja")
	all := codes(t)
	if len(all) < 50 || len(en.Messages) != len(all) || len(ja.Messages) != len(all) {
		t.Errorf("%d codes, %d en, %d ja", len(all), len(en.Messages), len(ja.Messages))
	}
	for _, code := range all {
		e, j := en.Messages[code], ja.Messages[code]
		if e.What == "" || j.What == "" || (e.Mend == "") != (j.Mend == "") {
			t.Errorf("%s: %+v %+v", code, e, j)
		}
		if !slices.Equal(placeholders(e.What+e.Mend), placeholders(j.What+j.Mend)) {
			t.Errorf("%s: arguments differ: %+v %+v", code, e, j)
		}
	}
	for key, e := range en.Labels {
		if !slices.Equal(placeholders(e), placeholders(ja.Labels[key])) {
			t.Errorf("label %s differs", key)
		}
	}
	if len(en.Labels) != len(ja.Labels) {
		t.Errorf("%d and %d labels", len(en.Labels), len(ja.Labels))
	}
}

func TestReportText(t *testing.T) {
	f := parse(t, "q.csv", header+"1,a,,S,1,2,3,4,E,,,\n2,a,,T,1,2,3,4,A,,,\n")
	for lang, want := range map[string][]string{
		"en": {"q.csv: CSV, UTF-8\n", "q.csv:2: error: question 1: [correct_answer] The right answer names option E, which does not exist. Correct",
			"2 seen, 1 taken (0 to be marked by a person), 1 refused, 0 left out as exact copies\n"},
		"ja": {"q.csv: CSV、UTF-8\n", "q.csv:2: エラー: 問題 1: [correct_answer] 正解が指す選択肢 E はありません。", "確認2件、採用1件"},
		"fr": {"error: question 1"},
	} {
		var b bytes.Buffer
		if err := f.Report.WriteText(&b, lang); err != nil {
			t.Fatal(err)
		}
		for _, w := range want {
			if !strings.Contains(b.String(), w) {
				t.Errorf("%s: %q is not in %q", lang, w, b.String())
			}
		}
	}
}

func TestReportJSON(t *testing.T) {
	f := parse(t, "q.gift", "::n::Two?{#x}\n\nWrite.{}")
	var b bytes.Buffer
	if err := f.Report.WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	var got struct {
		File, Format, Encoding string
		Sound                  bool
		Counts                 questionset.Counts
		Findings               []struct {
			Severity, File, Question, Code string
			Line                           int
			Args                           map[string]string
			Text                           map[string]text
		}
	}
	if err := json.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got.File != "q.gift" || got.Format != "gift" || got.Encoding != "utf-8" || got.Sound ||
		got.Counts != (questionset.Counts{Seen: 2, Taken: 1, NeedsMarker: 1, Refused: 1}) {
		t.Errorf("%+v", got)
	}
	x := got.Findings[0]
	if x.Code != "gift_number" || x.Line != 1 || x.Question != "n" || x.Args["text"] != "x" ||
		!strings.Contains(x.Text["en"].What, "“x”") || !strings.Contains(x.Text["ja"].Mend, "小数点") {
		t.Errorf("%+v", x)
	}
}

// A question that lost what it showed is taken, and counted as one to look at; what only feedback showed is not asked for.
func TestReportAttention(t *testing.T) {
	shows := func(name, html, more string) string {
		return `<question type="essay"><name><text>` + name + `</text></name><questiontext format="html"><text><![CDATA[<p>` + name + html +
			`</p>]]></text></questiontext>` + more + `</question>`
	}
	f := moodle(t,
		shows("remote", `<img src="https://example.org/a.png" alt="a">`, ""),
		shows("missing", `<img src="@@PLUGINFILE@@/a.png" alt="a"><img src="@@PLUGINFILE@@/b.png" alt="b">`, ""),
		shows("drawn", `<svg><circle r="1"/></svg>`, ""),
		shows("explained", "", `<generalfeedback format="html"><text><![CDATA[<img src="https://example.org/a.png" alt="a">]]></text></generalfeedback>`),
		shows("plain", "<b>x</b>", ""),
		strings.Replace(shows("refused", `<img src="https://example.org/a.png" alt="a">`, ""), "essay", "random", 1))
	if n := f.Report.Attention(); n != 3 || f.Report.Counts.Taken != 5 {
		t.Errorf("%d of %+v, %q", n, f.Report.Counts, found(f))
	}
	var text, program bytes.Buffer
	if err := f.Report.WriteText(&text, "en"); err != nil || !strings.Contains(text.String(), "\n3 of those taken lack") {
		t.Error(text.String(), err)
	}
	if err := f.Report.WriteJSON(&program); err != nil || !strings.Contains(program.String(), `"needs_attention": 3`) {
		t.Error(program.String(), err)
	}
}

// Findings quote what a file says in one short line, so that a file cannot forge report lines.
func TestReportQuotesShortly(t *testing.T) {
	f := parse(t, "q.csv", header+"\"1\nq.csv:9: note\",a,,S,1,2,3,4,\""+strings.Repeat("x\n", 500)+"\",,,\n")
	var b bytes.Buffer
	if err := f.Report.WriteText(&b, "en"); err != nil {
		t.Fatal(err)
	}
	if lines := strings.Count(b.String(), "\n"); lines != 3 {
		t.Errorf("%d lines: %q", lines, b.String())
	}
}

func TestReadFailure(t *testing.T) {
	want := errors.New("disk")
	if _, err := questionset.Parse(t.Context(), "x", iotest.ErrReader(want), questionset.Options{}); !errors.Is(err, want) {
		t.Errorf("%v", err)
	}
}
