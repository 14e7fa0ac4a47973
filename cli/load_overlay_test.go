package cli_test

import (
	"strings"
	"testing"

	"shiken/cli"
	"shiken/exam"
)

// stored counts the questions of a set.
func (sh *shell) stored(set string) int {
	sh.t.Helper()
	d := &exam.Definition{Sections: []exam.SectionDefinition{{From: exam.Source{Set: set}}}}
	pools, err := sh.store().LoadPools(sh.t.Context(), d)
	if err != nil {
		sh.t.Fatal(err)
	}
	return len(pools[0])
}

// TestLoadIsAllOrNothing: a refused exam keeps the sets and the other exams of the command out, too.
func TestLoadIsAllOrNothing(t *testing.T) {
	sh := newShell(t)
	set := sh.file("basics.csv", basics)
	good := sh.file("good.yaml", examText("good", "true", "  - {draw: 4, from: {set: basics}}\n"))
	bad := sh.file("bad.yaml", examText("bad", "true", "  - {draw: 5, from: {set: basics}}\n"))
	for _, flags := range [][]string{nil, {"--dry-run"}, {"--sound-only"}} {
		out, said := sh.run(cli.ExitRefused, "", append([]string{"load", set, good, bad}, flags...)...)
		wantContains(t, out, "it draws 5, but of 4")
		wantContains(t, said, "Nothing was loaded")
		if strings.Contains(out, "was loaded") || strings.Contains(out, "4 new") {
			t.Errorf("%v: something is told to be loaded:\n%s", flags, out)
		}
		if n := sh.stored("basics"); n != 0 {
			t.Errorf("%v: %d questions were stored", flags, n)
		}
		if exams, err := sh.store().Definitions(t.Context()); err != nil || len(exams) != 0 {
			t.Errorf("%v: exams %v, %v", flags, exams, err)
		}
	}
}

// rows makes a question file of rows "id,category,year,stem".
func rows(list ...string) string {
	var b strings.Builder
	b.WriteString(csvHeader)
	for _, row := range list {
		b.WriteString(row + ",1,2,3,4,B,,,\n")
	}
	return b.String()
}

// TestExamsAreJudgedOnWhatWillBeThere loads a set once more, together with an exam, over what is
// stored: stored questions that are absent from the file count, those that it replaces do not. A
// dry run says the same, and an exam that was loaded can be drawn.
func TestExamsAreJudgedOnWhatWillBeThere(t *testing.T) {
	before := rows("1,x,2019,one", "2,x,2019,two", "3,x,2020,three", "4,y,2020,four")
	for _, tt := range []struct {
		name     string
		after    string
		sections string
		code     int
	}{
		{"absent ones stay", rows("1,x,2019,one"), "  - {draw: 4, from: {set: s}}\n", cli.ExitOK},
		{"no more than there are", rows("1,x,2019,one"), "  - {draw: 5, from: {set: s}}\n", cli.ExitRefused},
		{"absent ones stay in their category", rows("4,y,2020,four"), "  - {draw: 3, from: {set: s, category: x}}\n", cli.ExitOK},
		{"changed ones are no new ones", rows("1,x,2019,uno", "2,x,2019,due"), "  - {draw: 5, from: {set: s}}\n", cli.ExitRefused},
		{"changed ones count once", rows("1,x,2019,uno", "2,x,2019,due"), "  - {draw: 4, from: {set: s}}\n", cli.ExitOK},
		{"a key changed alone", strings.Replace(before, ",B,", ",C,", 1), "  - {draw: 5, from: {set: s}}\n", cli.ExitRefused},
		{"new ones of a year beside", rows("9,x,2021,nine"), "  - {draw: 5, from: {set: s}}\n", cli.ExitOK},
		{"new ones elsewhere replace none here", rows("9,x,2020,nine", "8,z,2019,eight"), "  - {draw: 2, from: {set: s, category: x, year: 2019}}\n", cli.ExitOK},
		{"new ones that may be changed ones are not counted on", rows("9,x,2019,nine"), "  - {draw: 5, from: {set: s}}\n", cli.ExitRefused},
		{"moved to another category", rows("1,y,2019,one"), "  - {draw: 3, from: {set: s, category: x}}\n", cli.ExitRefused},
		{"moved ones are found there", rows("1,y,2019,one"), "  - {draw: 2, from: {set: s, category: y}}\n", cli.ExitOK},
		{"sections share what stays", rows("9,z,2019,nine"), "  - {draw: 2, from: {set: s, category: x}}\n  - {draw: 3, from: {set: s}}\n", cli.ExitOK},
		{"sections share too much", rows("9,z,2019,nine"), "  - {draw: 2, from: {set: s, category: x}}\n  - {draw: 4, from: {set: s}}\n", cli.ExitRefused},
	} {
		t.Run(tt.name, func(t *testing.T) {
			sh := newShell(t)
			sh.run(cli.ExitOK, before, "load", "-", "--set=s")
			set := sh.file("s.csv", tt.after)
			file := sh.file("e.yaml", examText("e", "true", tt.sections))
			sh.run(tt.code, "", "load", "--dry-run", set, file)
			if n := sh.stored("s"); n != 4 {
				t.Fatalf("a dry run left %d questions of 4", n)
			}
			sh.run(tt.code, "", "load", set, file)
			if tt.code == cli.ExitOK {
				wantDrawn(t, sh, "e")
			} else if n := sh.stored("s"); n != 4 {
				t.Errorf("a refused load left %d questions of 4", n)
			}
		})
	}
}

func wantDrawn(t *testing.T, sh *shell, slug string) {
	t.Helper()
	s := sh.store()
	d, err := s.Definition(t.Context(), slug)
	if err != nil {
		t.Fatal(err)
	}
	pools, err := s.LoadPools(t.Context(), &d)
	if err != nil {
		t.Fatal(err)
	}
	for seed := range byte(50) {
		if _, err := exam.Draw(exam.DrawRequest{Seed: exam.Seed{seed}, Definition: &d, Pools: pools}); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
	}
}
