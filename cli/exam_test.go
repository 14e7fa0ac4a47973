package cli_test

import (
	"encoding/json"
	"testing"

	"shiken/cli"
	"shiken/store"
)

// An exam is archived and taken back; a file that is loaded meanwhile is kept, and told that it stays archived.
func TestExamArchive(t *testing.T) {
	sh := newShell(t)
	sh.run(cli.ExitOK, basics, "load", "-", "--set=s")
	file := sh.file("exam.yaml", examText("e", "true", "  - from: {set: s}\n"))
	sh.run(cli.ExitOK, "", "load", file)
	is := func(archived bool) store.Revised {
		t.Helper()
		r, err := sh.store().Revised(t.Context(), "e")
		must(t, err)
		if (r.Archived != 0) != archived {
			t.Errorf("archived %d", r.Archived)
		}
		return r
	}
	for range 2 {
		_, said := sh.run(cli.ExitOK, "", "exam", "archive", "e")
		wantContains(t, said, "Exam e is archived")
	}
	is(true)
	other := sh.file("exam.yaml", examText("e", "false", "  - from: {set: s}\n"))
	for _, tt := range []struct {
		words []string
		want  string
	}{
		{[]string{"--dry-run"}, "note: exam e is archived"}, {nil, "Exam e was loaded"}, {[]string{"--lang=ja"}, "アーカイブ済み"},
	} {
		out, _ := sh.run(cli.ExitOK, "", append([]string{"load", other}, tt.words...)...)
		wantContains(t, out, tt.want)
	}
	if r := is(true); r.Definition.Published || r.Revision != 2 {
		t.Errorf("loaded: %+v", r)
	}
	out, _ := sh.run(cli.ExitOK, "", "load", other, "--report=json")
	var report struct {
		Files []struct {
			Exams []struct{ Notices []struct{ Code string } }
		}
	}
	must(t, json.Unmarshal([]byte(out), &report))
	if n := report.Files[0].Exams[0].Notices; len(n) != 1 || n[0].Code != "archived" {
		t.Errorf("notices %v", n)
	}
	sh.lang = "ja"
	_, said := sh.run(cli.ExitOK, "", "exam", "unarchive", "e")
	wantContains(t, said, "アーカイブされていません")
	is(false)
	sh.lang = "en"
	_, said = sh.run(cli.ExitRefused, "", "exam", "archive", "none")
	wantContains(t, said, `no exam "none"`)
	for _, words := range [][]string{{"exam"}, {"exam", "delete", "e"}, {"exam", "archive"}, {"exam", "archive", "e", "f"}} {
		sh.run(cli.ExitUsage, "", words...)
	}
}
