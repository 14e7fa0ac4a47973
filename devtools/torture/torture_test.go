package torture_test

import (
	"strings"
	"testing"
	"time"

	"shiken/devtools/effort"
	"shiken/devtools/services"
	"shiken/devtools/torture"
)

// TestShortTorture is the short form of `make torture`: each kind of fault once or twice, under a load
// that may be low, since other tests run beside it.
func TestShortTorture(t *testing.T) {
	effort.Whole(t, "takes half a minute")
	services.Need(t, "haproxy", "initdb", "redis-server")
	report, err := torture.Run(t.Context(), torture.Options{
		Duration: 12 * time.Second, WarmUp: 1500 * time.Millisecond, Candidates: 16, Tabs: 2, Seed: 1, Folder: t.TempDir(),
	})
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	report.Print(&text)
	t.Log(text.String())
	if !report.Held() {
		t.Error("it did not hold")
	}
	if report.Answers == 0 {
		t.Error("no answer was acknowledged")
	}
	for _, kind := range torture.Kinds() {
		if report.Faults[kind] == 0 {
			t.Errorf("never happened: %s", kind)
		}
	}
}

func TestClientsReadAQuestion(t *testing.T) {
	data, forms := torture.ReadPage(`<main data-attempt="a" data-position="3"><form method="get"><input name="q"></form>
		<form method="post" action="/x"><input type="hidden" name="seq" value="1">
		<input type="radio" name="answer" value="k1"><input type="radio" name="answer" value="k2" checked>
		<textarea name="note">
typed</textarea><button name="action" value="next"></button></form></main>`)
	if data["attempt"] != "a" || data["position"] != "3" || len(forms) != 1 {
		t.Fatalf("read %v and %d forms", data, len(forms))
	}
	if f := forms[0]; f["seq"][0] != "1" || len(f["answer"]) != 1 || f["answer"][0] != "k2" || len(f["action"]) != 0 {
		t.Errorf("fields %v", f)
	}
}
