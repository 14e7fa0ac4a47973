package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shiken/cli"
)

// A set is written as load reads it: loaded again it is the same, with its pictures.
func TestExportedSetIsReadBack(t *testing.T) {
	sh := newShell(t)
	sh.run(cli.ExitOK, dots, "load", "-", "--set=dots")
	out, said := sh.run(cli.ExitOK, "", "export", "--set", "dots", "--format", "moodle")
	wantContains(t, out, "<quiz>", `encoding="base64"`)
	wantContains(t, said, "Question set dots: 1 of 1 questions were written.")
	again, _ := sh.run(cli.ExitOK, out, "load", "-", "--set=again", "--format=moodle")
	wantContains(t, again, "Question set again: 1 new", "(image/png, 1 KB)")

	to := filepath.Join(t.TempDir(), "dots.xml")
	if file, _ := sh.run(cli.ExitOK, "", "export", "--set=dots", "--format=moodle", "-o", to); file != "" {
		t.Errorf("the standard output holds %q", file)
	}
	written, err := os.ReadFile(to) //nolint:gosec // of this test
	if err != nil || string(written) != out {
		t.Errorf("the file differs from the standard output: %v", err)
	}
	if info, err := os.Stat(to); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("whoever is on the machine may read the keys: %v, %v", info.Mode(), err)
	}
	for name, words := range map[string][]string{
		`no question set "none"`: {"export", "--set=none", "--format=gift"},
		"no such file":           {"export", "--set=dots", "--format=moodle", "-o", filepath.Join(t.TempDir(), "a", "b")},
	} {
		_, said := sh.run(cli.ExitRefused, "", words...)
		wantContains(t, said, name)
	}
}

// What a format cannot say is told beside the file.
func TestExportTellsWhatIsLost(t *testing.T) {
	sh := newShell(t)
	sh.run(cli.ExitOK, dots, "load", "-", "--set=dots")
	sh.lang = "ja"
	out, said := sh.run(cli.ExitOK, "", "export", "--set=dots", "--format=gift")
	if strings.Contains(out, "注意") || !strings.Contains(out, "{") {
		t.Errorf("the file is %q", out)
	}
	wantContains(t, said, "注意", "1問のうち1問を書き出しました")
}

// A file that fails or is refused leaves what was there.
func TestExportWritesWholeFiles(t *testing.T) {
	sh := newShell(t)
	sh.run(cli.ExitOK, dots, "load", "-", "--set=dots")
	folder := t.TempDir()
	to := filepath.Join(folder, "dots.gift")
	if err := os.Mkdir(to, 0o700); err != nil { // a folder cannot be replaced by a file
		t.Fatal(err)
	}
	sh.run(cli.ExitRefused, "", "export", "--set=dots", "--format=gift", "-o", to, "--force")
	left, err := os.ReadDir(folder)
	if err != nil || len(left) != 1 || !left[0].IsDir() {
		t.Errorf("left in the folder: %v, %v", left, err)
	}
}
