package cli_test

import (
	"encoding/json"
	"strings"
	"testing"

	"shiken/cli"
)

// table is a file of two questions, with the stem and the key of the second.
func table(stem, key string) string {
	return "id,category,question,option_a,option_b,correct_answer\n1,c,Which holds?,beam,wall,A\n2,c," + stem + ",beam,wall," + key + "\n"
}

// planned is what a report says of one file.
type planned struct {
	Loaded bool
	DryRun bool `json:"dry_run"`
	Files  []struct {
		Result struct {
			New, Changed, Unchanged, Absent, Retired int
			Absentees                                []string `json:"absent_list"`
		}
		Different []struct {
			Question, Change string
			Differences      []struct {
				Part, Before, After string
				Scores              bool
			}
		}
	}
}

// TestDryRunTellsWhatChanges: before anything is stored the report tells the differences, as it does of the load.
func TestDryRunTellsWhatChanges(t *testing.T) {
	sh := newShell(t)
	sh.run(cli.ExitOK, table("Which opens?", "B"), "load", "-", "--set=s")
	changed := table("Which one opens?", "A")
	for range 2 {
		out, _ := sh.run(cli.ExitOK, changed, "load", "-", "--set=s", "--dry-run")
		wantContains(t, out, "would make 0 new and 1 changed, and leave 1 unchanged",
			"question 2, right answer (CHANGES WHAT IS RIGHT): [-wall-]{+beam+}", "question 2, text: Which {+one +}opens?")
	}
	out, _ := sh.run(cli.ExitOK, changed, "load", "-", "--set=s", "--dry-run", "--lang=ja")
	wantContains(t, out, "問題 2 の正解（正解が変わります）：[-wall-]{+beam+}")
	for _, flags := range [][]string{{"--dry-run"}, nil} {
		out, _ := sh.run(cli.ExitOK, changed, append([]string{"load", "-", "--set=s", "--report=json"}, flags...)...)
		var report planned
		if err := json.Unmarshal([]byte(out), &report); err != nil || report.DryRun != (flags != nil) || report.Loaded == report.DryRun {
			t.Fatalf("%v in %s", err, out)
		}
		f := report.Files[0]
		if f.Result.Changed != 1 || f.Result.Unchanged != 1 || len(f.Different) != 1 || f.Different[0].Question != "2" || f.Different[0].Change != "changed" {
			t.Fatalf("%v: %+v", flags, f)
		}
		if d := f.Different[0].Differences; len(d) != 2 || d[0].Part != "key" || !d[0].Scores || d[0].Before != "wall" || d[0].After != "beam" || d[1].Part != "stem" || d[1].Scores {
			t.Errorf("%v: %+v", flags, d)
		}
	}
	out, _ = sh.run(cli.ExitOK, changed, "load", "-", "--set=s", "--dry-run")
	if wantContains(t, out, "0 changed"); strings.Contains(out, "[-") {
		t.Errorf("after the load it still differs: %s", out)
	}
}

// TestLoadRetiresWhatIsAbsent: only where it is asked for, and told beforehand.
func TestLoadRetiresWhatIsAbsent(t *testing.T) {
	sh := newShell(t)
	whole := table("Which opens?", "B")
	first := whole[:strings.Index(whole, "\n2,")+1]
	sh.run(cli.ExitOK, whole, "load", "-", "--set=s")
	for _, tt := range []struct {
		flags           []string
		absent, retired int
	}{
		{nil, 1, 0}, {[]string{"--dry-run", "--retire-absent"}, 1, 1}, {[]string{"--dry-run"}, 1, 0},
		{[]string{"--retire-absent"}, 1, 1}, {nil, 0, 0},
	} {
		out, _ := sh.run(cli.ExitOK, first, append([]string{"load", "-", "--set=s", "--report=json"}, tt.flags...)...)
		var report planned
		if err := json.Unmarshal([]byte(out), &report); err != nil {
			t.Fatal(err)
		}
		if got := report.Files[0].Result; got.Absent != tt.absent || got.Retired != tt.retired || len(got.Absentees) != tt.absent {
			t.Errorf("%v: %+v", tt.flags, got)
		}
	}
	out, _ := sh.run(cli.ExitOK, whole, "load", "-", "--set=s")
	wantContains(t, out, "0 new, 1 changed, 1 unchanged")
}

// TestNothingIsRetiredBesideRefusedQuestions: a question that was refused is absent only because of that.
func TestNothingIsRetiredBesideRefusedQuestions(t *testing.T) {
	sh := newShell(t)
	sh.run(cli.ExitOK, table("Which opens?", "B"), "load", "-", "--set=s")
	for _, flags := range [][]string{{"--dry-run"}, nil} {
		out, _ := sh.run(cli.ExitOK, table("Which opens?", "Z"), append([]string{"load", "-", "--set=s", "--sound-only", "--retire-absent"}, flags...)...)
		wantContains(t, out, "nothing is retired, since the file has refused questions (1)")
	}
	out, _ := sh.run(cli.ExitOK, table("Which opens?", "B"), "load", "-", "--set=s")
	wantContains(t, out, "0 new, 0 changed, 2 unchanged")
}
