package torture_test

import (
	"strings"
	"testing"
	"time"

	"shiken/devtools/services"
	"shiken/devtools/torture"
)

// TestShortTorture is the short form of `make torture`: every kind of fault once or twice.
func TestShortTorture(t *testing.T) {
	if testing.Short() {
		t.Skip("takes half a minute")
	}
	services.Need(t, "haproxy", "initdb", "redis-server")
	report, err := torture.Run(t.Context(), torture.Options{
		Duration: 7 * time.Second, WarmUp: 1500 * time.Millisecond, Candidates: 16, Tabs: 2, Seed: 1, Folder: t.TempDir(),
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
}
