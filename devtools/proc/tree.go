package proc

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// clockTick is the unit of processor time in /proc on every Linux that Go
// supports (USER_HZ).
const clockTick = 10 * time.Millisecond

// stat is the part of proc(5) /proc/PID/stat that this package reads.
type stat struct {
	parent int
	own    time.Duration // user and system time
	reaped time.Duration // the same of children that were waited for
}

func readStat(pid int) (stat, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return stat{}, err
	}
	return parseStat(string(b))
}

// parseStat skips the command's name, which may hold spaces and parentheses.
func parseStat(line string) (stat, error) {
	const parent, utime, stime, cutime, cstime = 1, 11, 12, 13, 14 // after the name
	fields := strings.Fields(line[strings.LastIndexByte(line, ')')+1:])
	if len(fields) <= cstime {
		return stat{}, fmt.Errorf("proc: short stat line %q", line)
	}
	var n [cstime + 1]int
	for _, i := range []int{parent, utime, stime, cutime, cstime} {
		v, err := strconv.Atoi(fields[i])
		if err != nil {
			return stat{}, fmt.Errorf("proc: stat line %q: %w", line, err)
		}
		n[i] = v
	}
	return stat{
		parent: n[parent],
		own:    time.Duration(n[utime]+n[stime]) * clockTick,
		reaped: time.Duration(n[cutime]+n[cstime]) * clockTick,
	}, nil
}

// Tree returns pid and all its living descendants. It reads /proc and finds
// only pid itself where there is none.
func Tree(pid int) []int {
	children := map[int][]int{}
	entries, _ := filepath.Glob("/proc/[0-9]*") // fails only for a bad pattern
	for _, e := range entries {
		p, err := strconv.Atoi(filepath.Base(e))
		if err != nil {
			continue
		}
		if s, err := readStat(p); err == nil {
			children[s.parent] = append(children[s.parent], p)
		}
	}
	tree := []int{pid}
	for i := 0; i < len(tree); i++ {
		tree = append(tree, children[tree[i]]...)
	}
	return tree
}

// CPUTime is the processor time that pid and its descendants have used so far,
// those included that ended and were waited for. Linux only. Resolution: 10 ms
// for those, and for a process of which a thread has ended, else far below.
func CPUTime(pid int) (time.Duration, error) {
	var sum time.Duration
	for i, p := range Tree(pid) {
		s, err := readStat(p)
		switch {
		case err == nil:
			sum += max(s.own, threadTime(p)) + s.reaped
		case i == 0:
			return 0, err
		}
	}
	return sum, nil
}

// threadTime is the processor time of a process's living threads as the
// scheduler counts it; 0 where it does not tell.
func threadTime(pid int) time.Duration {
	var sum time.Duration
	files, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", pid)) // fails only for a bad pattern
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			continue // the thread has ended
		}
		used, _, _ := strings.Cut(string(b), " ")
		n, err := strconv.ParseInt(used, 10, 64)
		if err == nil {
			sum += time.Duration(n)
		}
	}
	return sum
}

// PeakMemory is the most that the process itself has had in memory so far, in
// bytes (VmHWM of proc(5)). Linux only.
func PeakMemory(pid int) (int64, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(b)) {
		if value, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kib, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(value), "kB")), 10, 64)
			return kib << 10, err
		}
	}
	return 0, fmt.Errorf("proc: no peak of memory of process %d", pid)
}

// ForgetPeak makes PeakMemory count anew from what the process has in memory now. Linux only.
func ForgetPeak(pid int) error {
	const forget = "5" // proc(5), clear_refs
	return os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", pid), []byte(forget), 0)
}

// SignalTree sends sig to the process and all its descendants, for signals
// such as SIGSTOP that a server does not pass on to its workers.
func (p *Process) SignalTree(sig syscall.Signal) error {
	descendants := Tree(p.Pid())[1:]
	// The process first: one that waits for its children would else end by itself when they do.
	errs := []error{p.Signal(sig)}
	for _, pid := range descendants {
		if err := syscall.Kill(pid, sig); err != nil && !errors.Is(err, syscall.ESRCH) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}
