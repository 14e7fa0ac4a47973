package cli_test

import (
	"bytes"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"shiken/cli"
)

// TestProgressNowAndThen: a long work says a line every two seconds, a short one none.
func TestProgressNowAndThen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var said bytes.Buffer
		tell := cli.Progress(&cli.Terminal{Err: &said, Progress: true}, func(n int) string { return strings.Repeat("x", n) })
		for i := range 50 {
			tell(i + 1)
			time.Sleep(100 * time.Millisecond)
		}
		if got := strings.Split(strings.TrimSpace(said.String()), "\n"); len(got) != 2 || len(got[0]) != 21 || len(got[1]) != 41 {
			t.Errorf("said %q", got)
		}
		said.Reset()
		tell = cli.Progress(&cli.Terminal{Err: &said}, func(int) string { return "x" })
		time.Sleep(time.Minute)
		if tell(1); said.Len() > 0 {
			t.Errorf("nobody looks, and it says %q", &said)
		}
	})
}
