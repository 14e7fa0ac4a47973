//go:build !failpoints

package failpoint

import "time"

// Now is the process's clock.
func Now() time.Time { return time.Now() }

// LockAlwaysGranted is false in this build.
func LockAlwaysGranted() bool { return false }
