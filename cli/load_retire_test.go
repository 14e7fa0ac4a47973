package cli_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"shiken/cli"
	"shiken/store"
)

// drawn are the numbers of the questions of a set that are not retired.
func (sh *shell) drawn(set string) string {
	sh.t.Helper()
	list, _, err := sh.store().SetQuestions(sh.t.Context(), store.SetQuery{Set: set, Limit: 99})
	if err != nil {
		sh.t.Fatal(err)
	}
	var numbers []string
	for i := range list {
		if !list[i].Retired {
			numbers = append(numbers, list[i].Number)
		}
	}
	slices.Sort(numbers)
	return strings.Join(numbers, " ")
}

// An exam is judged by what stays once the absent ones are retired; others that fall short by that are named.
func TestExamsAreJudgedWithoutWhatIsRetired(t *testing.T) {
	sh := newShell(t)
	sh.run(cli.ExitOK, basics, "load", "-", "--set=s")
	sh.run(cli.ExitOK, examText("old", "true", "  - {draw: 3, from: {set: s}}\n"), "load", "-", "--format=exam")
	set := sh.file("s.csv", rows("1,x,2019,What is one and one?", "2,x,2019,Another?"))
	three, two := sh.file("e.yaml", examText("e", "true", "  - {draw: 3, from: {set: s}}\n")), sh.file("e2.yaml", examText("e", "true", "  - {draw: 2, from: {set: s}}\n"))
	for _, flags := range [][]string{{"--dry-run"}, nil} {
		out, _ := sh.run(cli.ExitRefused, "", append([]string{"load", set, three, "--retire-absent"}, flags...)...)
		wantContains(t, out, "it draws 3, but of 2")
	}
	if got := sh.drawn("s"); got != "1 2 3 4" {
		t.Fatalf("a refused load left %q", got)
	}
	out, _ := sh.run(cli.ExitOK, "", "load", "--dry-run", set, two, "--retire-absent", "--lang=ja")
	wantContains(t, out, "公開中の試験 old は出題できなくなります")
	out, _ = sh.run(cli.ExitOK, "", "load", set, two)
	if strings.Contains(out, "Warning: with what is retired") {
		t.Errorf("nothing is retired:\n%s", out)
	}
	out, _ = sh.run(cli.ExitOK, "", "load", set, two, "--retire-absent")
	wantContains(t, out, "the published exam old cannot be drawn any more", "Exam e was loaded.")
	wantDrawn(t, sh, "e")
}

// A pipe is read once.
func TestLoadFromAPipe(t *testing.T) {
	sh := newShell(t)
	pipe := filepath.Join(t.TempDir(), "basics.csv")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	wrote := make(chan error, 1)
	go func() { wrote <- os.WriteFile(pipe, []byte(basics), 0o600) }()
	out, _ := sh.run(cli.ExitOK, "", "load", pipe)
	wantContains(t, out, "Question set basics: 4 new")
	if err := <-wrote; err != nil {
		t.Error(err)
	}
}

// What a file says is printed and never obeyed: a change of the key cannot be wiped from the screen.
func TestFilesCannotSteerTheTerminal(t *testing.T) {
	const quiz = `<quiz><question type="multichoice"><name><text>q1</text></name><questiontext format="html"><text><![CDATA[Which%s?]]></text></questiontext>
<single>true</single><answer fraction="%a"><text>beam</text></answer><answer fraction="%b"><text>wall</text></answer></question></quiz>`
	file := func(more, a, b string) string { return strings.NewReplacer("%s", more, "%a", a, "%b", b).Replace(quiz) }
	sh := newShell(t)
	sh.run(cli.ExitOK, file("", "100", "0"), "load", "-", "--set=s")
	out, said := sh.run(cli.ExitOK, file(" &#27;[2K&#155;2K &#x202e;", "0", "100"), "load", "-", "--set=s", "--dry-run")
	wantContains(t, out, "CHANGES WHAT IS RIGHT", "[2K")
	if strings.ContainsAny(out+said, "\x1b\u009b\u202e") {
		t.Errorf("the terminal is told %q", out)
	}
}
