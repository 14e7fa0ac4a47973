//go:build failpoints

package failpoint

import (
	"fmt"
	"os"
	"time"
)

var (
	offset = duration(os.Getenv("SHIKEN_CLOCK_OFFSET"))
	always = os.Getenv("SHIKEN_LOCK_ALWAYS") == "1"
)

func duration(s string) time.Duration {
	if s == "" {
		return 0
	}
	d, err := time.ParseDuration(s)
	if err != nil {
		fmt.Fprintf(os.Stderr, "SHIKEN_CLOCK_OFFSET=%s: %v\n", s, err)
		os.Exit(2)
	}
	return d
}

// Now is the process's clock, wrong by SHIKEN_CLOCK_OFFSET (a Go duration).
func Now() time.Time { return time.Now().Add(offset) }

// LockAlwaysGranted reports whether locks are given to everybody at once (SHIKEN_LOCK_ALWAYS=1).
func LockAlwaysGranted() bool { return always }
