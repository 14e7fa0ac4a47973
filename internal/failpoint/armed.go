//go:build failpoints

// Package failpoint ends the program at named places, as a power cut would, so that tests can prove
// what survives. The environment variable SHIKEN_FAILPOINT=name:N arms one of them.
package failpoint

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
)

var (
	name, at = armed(os.Getenv("SHIKEN_FAILPOINT"))
	hits     atomic.Int64
)

// armed reads name:N; a plain name means the first hit.
func armed(s string) (string, int64) {
	name, count, found := strings.Cut(s, ":")
	if !found {
		return name, 1
	}
	n, err := strconv.ParseInt(count, 10, 64)
	if err != nil || n < 1 {
		fmt.Fprintf(os.Stderr, "SHIKEN_FAILPOINT=%s: want name:N with N from 1\n", s)
		os.Exit(2)
	}
	return name, n
}

// Hit kills the own process (SIGKILL) when the armed failpoint is reached for the N-th time.
func Hit(point string) {
	if name == "" || point != name || hits.Add(1) != at {
		return
	}
	self, err := os.FindProcess(os.Getpid())
	if err == nil {
		err = self.Kill()
	}
	if err != nil {
		panic(fmt.Sprintf("failpoint: cannot kill the own process: %v", err))
	}
	select {} // the signal is on its way; nothing may happen after this place
}
