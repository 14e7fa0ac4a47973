package cli_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"shiken/cli"
)

const csvHeader = "id,category,year,question,option_a,option_b,option_c,option_d,correct_answer,explanation,reference,difficulty\n"

// basics has four sound questions, three of category x.
const basics = csvHeader +
	"1,x,2019,What is one and one?,1,2,3,4,B,,,\n" +
	"2,x,2019,What is two and two?,1,2,3,4,D,,,\n" +
	"3,x,2020,What is two less one?,1,2,3,4,A,,,\n" +
	"4,y,2020,What is one and two?,1,2,3,4,C,,,\n"

// broken has one sound question and one without a right answer.
const broken = csvHeader +
	"1,x,2019,What is one and one?,1,2,3,4,B,,,\n" +
	"2,x,2019,What is two and two?,1,2,3,4,,,,\n"

func examText(slug, published, sections string) string {
	return "exam: " + slug + "\ntitle: {ja: 基礎, en: Basics}\nopen_to: [everyone]\npublished: " + published + "\nsections:\n" + sections
}

func TestLoadASetTwice(t *testing.T) {
	sh := newShell(t)
	path := sh.file("基礎.csv", basics)
	out, _ := sh.run(cli.ExitOK, "", "load", path)
	wantContains(t, out, "Question set 基礎: 4 new, 0 changed, 0 unchanged")
	out, _ = sh.run(cli.ExitOK, "", "load", path)
	wantContains(t, out, "0 new, 0 changed, 4 unchanged")
	out, _ = sh.run(cli.ExitOK, basics, "load", "-", "--set", "other", "--format", "csv", "--lang=ja")
	wantContains(t, out, "問題セット other：新規 4")
}

// TestLoadListsWhatAFileLacks: absent questions are listed, up to a bound; what is more is counted.
func TestLoadListsWhatAFileLacks(t *testing.T) {
	sh := newShell(t)
	sh.run(cli.ExitOK, basics, "load", "-", "--set=s")
	two := rows("1,x,2019,What is one and one?", "4,y,2020,What is one and two?")
	out, _ := sh.run(cli.ExitOK, two, "load", "-", "--set=s")
	wantContains(t, out, "Question set s: question 2 is absent from the file and was kept.\n"+
		"Question set s: question 3 is absent from the file and was kept.\n")
	out, _ = sh.run(cli.ExitOK, two, "load", "-", "--set=s", "--lang=ja")
	wantContains(t, out, "問題セット s：問題 2 はファイルにありません")

	var report struct {
		Files []struct {
			Result struct {
				Absent int      `json:"absent"`
				List   []string `json:"absent_list"`
			} `json:"result"`
		} `json:"files"`
	}
	for want, file := range map[string]string{"2,3": two, "": basics} {
		out, _ = sh.run(cli.ExitOK, file, "load", "-", "--set=s", "--report=json")
		if err := json.Unmarshal([]byte(out), &report); err != nil {
			t.Fatalf("%v in %s", err, out)
		}
		result := report.Files[0].Result
		if strings.Join(result.List, ",") != want || result.Absent != len(result.List) || result.List == nil {
			t.Errorf("absent %+v, want %q", result, want)
		}
	}

	many := make([]string, 1_003)
	for i := range many {
		many[i] = fmt.Sprintf("%d,x,2019,stem %d", i, i)
	}
	sh.run(cli.ExitOK, rows(many...), "load", "-", "--set=many")
	out, _ = sh.run(cli.ExitOK, rows(many[0]), "load", "-", "--set=many")
	wantContains(t, out, "question 1000 is absent", "Question set many: 2 more questions are absent")
}

func TestLoadRefusesAFileWithErrors(t *testing.T) {
	sh := newShell(t)
	good, bad := sh.file("good.csv", basics), sh.file("bad.csv", broken)
	out, said := sh.run(cli.ExitRefused, "", "load", good, bad)
	wantContains(t, out, bad+":3: ")
	wantContains(t, said, "Nothing was loaded.")
	exam := sh.file("exam.yaml", examText("e", "true", "  - from: {set: good}\n"))
	out, _ = sh.run(cli.ExitRefused, "", "load", exam)
	wantContains(t, out, `the set "good" has no question that fits`)

	out, _ = sh.run(cli.ExitOK, "", "load", good, "--sound-only", bad)
	wantContains(t, out, "Question set good: 4 new", "Question set bad: 1 new")
	nothing := sh.file("nothing.csv", csvHeader)
	sh.run(cli.ExitRefused, "", "load", "--sound-only", nothing)
}

func TestLoadNamesSets(t *testing.T) {
	sh := newShell(t)
	a, b := sh.file("a.csv", basics), sh.file("a.txt", basics)
	_, said := sh.run(cli.ExitUsage, "", "load", a, b)
	wantContains(t, said, `question set "a"`)
	_, said = sh.run(cli.ExitUsage, "", "load", "--set=x", a, b)
	wantContains(t, said, `question set "x"`)
	sh.run(cli.ExitUsage, "", "load", "--set=x\ny", a)
}

func TestLoadExams(t *testing.T) {
	sh := newShell(t)
	sh.run(cli.ExitOK, "", "load", sh.file("basics.csv", basics))
	tests := []struct {
		name, published, sections string
		code                      int
		want                      string
	}{
		{"all", "true", "  - from: {set: basics}\n", cli.ExitOK, "was loaded"},
		{"as many as there are", "true", "  - draw: 3\n    from: {set: basics, category: x}\n", cli.ExitOK, "was loaded"},
		{"one more", "true", "  - draw: 4\n    from: {set: basics, category: x}\n", cli.ExitRefused, "it draws 4, but of 3"},
		{"years", "true", "  - draw: 3\n    from: {set: basics, year: 2019}\n", cli.ExitRefused, "it draws 3, but of 2"},
		{"no such set", "true", "  - from: {set: basic}\n", cli.ExitRefused, `"basic" has no question`},
		{"a draft", "false", "  - from: {set: basic}\n", cli.ExitOK, "was loaded"},
		{"sections of their own", "true", "  - {draw: 3, from: {set: basics, category: x}}\n  - {draw: 1, from: {set: basics, category: y}}\n", cli.ExitOK, "was loaded"},
		{"one takes from another", "true", "  - {draw: 2, from: {set: basics}}\n  - {draw: 2, from: {set: basics, category: x}}\n", cli.ExitRefused, "section 2: it draws 2, but of 3 questions that fit only 1"},
		{"the same in an order that works", "true", "  - {draw: 2, from: {set: basics, category: x}}\n  - {draw: 2, from: {set: basics}}\n", cli.ExitOK, "was loaded"},
		{"nothing left", "true", "  - from: {set: basics}\n  - from: {set: basics}\n", cli.ExitRefused, "section 2: it draws 1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			inner := *sh
			inner.t = t
			out, _ := inner.run(tt.code, examText("e", tt.published, tt.sections), "load", "-")
			wantContains(t, out, tt.want)
		})
	}
}

// TestSetsComeBeforeExams loads an exam together with the set that it draws from, in the wrong order.
func TestSetsComeBeforeExams(t *testing.T) {
	sh := newShell(t)
	exam := sh.file("exam.yaml", examText("e", "true", "  - {draw: 2, from: {set: basics, category: x, year: 2019}}\n"))
	set := sh.file("basics.csv", basics)
	out, _ := sh.run(cli.ExitOK, "", "load", "--dry-run", exam, set)
	wantContains(t, out, "Exam e can be loaded.")
	if exams, err := sh.store().Definitions(t.Context()); err != nil || len(exams) != 0 {
		t.Errorf("a dry run stored %v, %v", exams, err)
	}
	sh.run(cli.ExitRefused, "", "load", "--dry-run", exam)
	out, _ = sh.run(cli.ExitOK, "", "load", exam, set)
	wantContains(t, out, "Question set basics: 4 new", "Exam e was loaded.")
}

func TestLoadReportsForPrograms(t *testing.T) {
	sh := newShell(t)
	set := sh.file("basics.csv", basics)
	exam := sh.file("exam.yaml", examText("e", "true", "  - {draw: 5, from: {set: basics}}\n"))
	out, _ := sh.run(cli.ExitRefused, "", "load", "--report=json", set, exam)
	var report struct {
		Loaded bool `json:"loaded"`
		Files  []struct {
			Report struct {
				File  string `json:"file"`
				Sound bool   `json:"sound"`
			} `json:"report"`
			Set    string         `json:"set"`
			Result map[string]int `json:"result"`
			Exams  []struct {
				Exam   string `json:"exam"`
				Loaded bool   `json:"loaded"`
				Faults []struct {
					Section int               `json:"section"`
					Code    string            `json:"code"`
					Text    map[string]string `json:"text"`
				} `json:"faults"`
			} `json:"exams"`
		} `json:"files"`
	}
	if err := json.Unmarshal([]byte(out), &report); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	if report.Loaded || len(report.Files) != 2 || report.Files[0].Set != "basics" || report.Files[0].Result != nil ||
		!report.Files[0].Report.Sound || report.Files[0].Report.File != set {
		t.Fatalf("report %+v", report)
	}
	e := report.Files[1].Exams[0]
	if e.Exam != "e" || e.Loaded || len(e.Faults) != 1 || e.Faults[0].Section != 1 || e.Faults[0].Code != "too_few" ||
		!strings.Contains(e.Faults[0].Text["ja"], "出題") {
		t.Errorf("exam %+v", e)
	}
}

func TestExportIsReadBack(t *testing.T) {
	sh := newShell(t)
	sh.run(cli.ExitOK, "", "load", sh.file("basics.csv", basics))
	sources := map[string]string{
		"all fields": `
exam: full
title: {ja: 基礎科目, en: Basics}
navigation: linear
feedback: exam
time_limit: 1h30m
grace: 10s
attempts: 3
shuffle: {questions: true, options: false}
pass_mark: 60
release: {score: 2026-12-02T09:00:00+09:00, answers: after_close, keys: never}
window: {open: 2026-12-01T09:00:00+09:00, last_start: 2026-12-01T09:20:00.5+09:00, close: 2026-12-01T18:00:00+09:00}
open_to: [2026-spring, "true", 'a: b']
published: true
sections:
  - title: {ja: 共通, en: Common}
    draw: 2
    from: {set: basics, category: [x], year: [2019, 2020]}
    points: 0.1
    multiple: partial
    minimum: 40
  - title: "7"
    from: {set: basics, category: y}
    points: 12.0625
`,
		"few fields": "exam: few\ntitle: Just a title\nsections:\n  - from: {set: basics}\n",
	}
	for name, source := range sources {
		t.Run(name, func(t *testing.T) {
			inner := *sh
			inner.t = t
			inner.run(cli.ExitOK, source, "load", "-", "--format=exam")
			slug := strings.Fields(source)[1]
			before, err := inner.store().Definition(t.Context(), slug)
			if err != nil {
				t.Fatal(err)
			}
			text, _ := inner.run(cli.ExitOK, "", "export", slug)
			inner.run(cli.ExitOK, text, "load", "-", "--format=exam")
			after, err := inner.store().Definition(t.Context(), slug)
			if err != nil {
				t.Fatal(err)
			}
			was, _ := json.Marshal(before) //nolint:errchkjson // plain data
			is, _ := json.Marshal(after)   //nolint:errchkjson // plain data
			if string(was) != string(is) {
				t.Errorf("was %s\nis  %s\nexported as\n%s", was, is, text)
			}
		})
	}
	text, _ := sh.run(cli.ExitOK, "", "export", "full")
	wantContains(t, text, "\ntime_limit: 1h30m\ngrace: 10s\n", "points: 0.1\n", "points: 12.0625\n")
	_, said := sh.run(cli.ExitRefused, "", "export", "none")
	wantContains(t, said, `no exam "none"`)
}
