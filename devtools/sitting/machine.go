package main

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"

	"shiken/devtools/proc"
)

// busyTime is how long the machine's processors have been busy since it was started; 0 where there is
// no /proc. See proc(5), /proc/stat: user, nice, system, idle, iowait, irq, softirq, steal.
func busyTime() time.Duration {
	const tick, idle, iowait = 10 * time.Millisecond, 3, 4
	b, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0
	}
	line, _, _ := strings.Cut(string(b), "\n")
	var busy time.Duration
	for i, field := range strings.Fields(strings.TrimPrefix(line, "cpu")) {
		n, err := strconv.Atoi(field)
		if err != nil || i == idle || i == iowait || i > 7 {
			continue
		}
		busy += time.Duration(n) * tick
	}
	return busy
}

// ownTime is that of this program and all that it started.
func ownTime() time.Duration {
	used, err := proc.CPUTime(os.Getpid())
	if err != nil {
		return 0
	}
	return used
}

// others notes how much of the machine others used since: what takes long then may be theirs.
func (r *report) others(since time.Time, busy, own time.Duration) {
	used := max(busyTime()-busy-(ownTime()-own), 0)
	all := time.Since(since) * time.Duration(runtime.NumCPU())
	r.taken = 100 * used.Seconds() / all.Seconds()
	r.line("of the machine's time others used, %", fmt.Sprintf("%8.0f", r.taken))
}
