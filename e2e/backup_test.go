package e2e_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"shiken/devtools/cluster"
)

// refuses runs a command that has to fail, and wants these words.
func refuses(t *testing.T, i *cluster.Instance, words string, args ...string) {
	t.Helper()
	if out, err := i.Command(t.Context(), args...); err == nil || !strings.Contains(out, words) {
		t.Errorf("shiken %s: %v, want a refusal with %q\n%s", strings.Join(args, " "), err, words, out)
	}
}

func succeeds(t *testing.T, i *cluster.Instance, args ...string) {
	t.Helper()
	if out, err := i.Command(t.Context(), args...); err != nil {
		t.Fatalf("shiken %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

// TestBackupOfARunningExam (R1): a copy that is taken while candidates write holds every answer that
// was acknowledged before; on the restored copy they are still signed in and go on in their attempts.
func TestBackupOfARunningExam(t *testing.T) {
	t.Parallel()
	s := prepareEmbedded(t, program(t))
	start(t, s.Instance)
	ws := startWriters(t, s.Instance, 4)
	before := ws.more(t, 200)
	copied := filepath.Join(t.TempDir(), "copy")
	succeeds(t, s.Instance, "backup", copied)
	if after := ws.receipts(); len(after) == len(before) {
		t.Error("nothing was saved while the copy was made: the test met nothing")
	}
	all := ws.more(t, 50)
	ws.end()
	refuses(t, s.Instance, "nothing is overwritten", "backup", copied)
	refuses(t, s.Instance, "nothing is overwritten", "restore", copied)
	succeeds(t, s.Instance, "verify", "--receipts", receiptsFile(t, all))

	restored := prepareEmbedded(t, program(t))
	succeeds(t, restored.Instance, "restore", copied)
	succeeds(t, restored.Instance, "verify", "--receipts", receiptsFile(t, before))
	refuses(t, restored.Instance, "receipt", "verify", "--receipts", receiptsFile(t, all))
	start(t, restored.Instance)
	goOn(t, ws, restored.Instance)
	if left := folderOf(t, copied); !slices.Equal(left, []string{"secret", "sessions.db", "shiken.db"}) {
		t.Errorf("the copy holds %q", left)
	}
}

// goOn lets every writer save once more, with the cookies and the page that it has.
func goOn(t *testing.T, ws *writers, i *cluster.Instance) {
	t.Helper()
	var receipts []string
	for _, w := range ws.list {
		receipt := w.save(t, i.URL())
		if receipt == "" {
			t.Errorf("%s could not go on", w.attempt)
		}
		receipts = append(receipts, receipt)
	}
	succeeds(t, i, "verify", "--receipts", receiptsFile(t, receipts))
}

func folderOf(t *testing.T, path string) []string {
	t.Helper()
	entries, err := os.ReadDir(path)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}
