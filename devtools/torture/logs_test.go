package torture_test

import (
	"slices"
	"strings"
	"testing"

	"shiken/devtools/torture"
)

func TestPanicsOfALog(t *testing.T) {
	log := `{"time":"2026-11-22T10:00:00Z","level":"ERROR","msg":"panic","request_id":"x","panic":"index out of range","stack":"…"}
{"level":"ERROR","msg":"request failed","error":"panic: of nobody"}
panic: assignment to entry in nil map
goroutine 1 [running]:
fatal error: all goroutines are asleep`
	want := []string{"panic: index out of range", "panic: assignment to entry in nil map", "fatal error: all goroutines are asleep"}
	if got, err := torture.PanicsIn(strings.NewReader(log)); err != nil || !slices.Equal(got, want) {
		t.Errorf("%q, %v", got, err)
	}
}
