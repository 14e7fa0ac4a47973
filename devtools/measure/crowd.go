package measure

import (
	"fmt"
	"os"
	"runtime"
	"time"
)

// beside is how many times as long things take on processors that others use as well, and more by chance.
const beside = 6

// Limit is how long something may take at most, of which alone is the limit on a machine that does nothing else. A time
// that was measured there says something, one of a crowded machine only that nothing went wrong altogether. It is asked
// when the time was measured: what crowds the machine has been seen by then.
func Limit(alone time.Duration) time.Duration {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil || crowded(string(text), runtime.NumCPU()) {
		return alone * beside
	}
	return alone
}

// crowded: as /proc/loadavg has it, one processor was taken over the last minute, or more tasks than processors run now,
// the one that asks left out. What cannot be read may be anything.
func crowded(loadavg string, processors int) bool {
	var last, five, fifteen float64
	var running int
	_, err := fmt.Sscanf(loadavg, "%f %f %f %d/", &last, &five, &fifteen, &running)
	return err != nil || last > 1 || running-1 > processors
}
