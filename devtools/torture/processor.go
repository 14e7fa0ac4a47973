package torture

import (
	"syscall"
	"time"

	"shiken/devtools/proc"
)

// ownName is this process: the clients and the fault proxies.
const ownName = "clients and fault proxies"

// processor is the processor time that each part has used so far. What cannot be seen, as in a
// container, is absent.
func (r *run) processor() map[string]time.Duration {
	pids := map[string]int{
		"postgres": r.parts.Postgres.Pid(), "redis": r.parts.Redis.Pid(), "balancer": r.parts.Balancer.Pid(),
	}
	for _, i := range r.parts.Instances {
		pids[i.Name] = i.Pid()
	}
	used := map[string]time.Duration{}
	for name, pid := range pids {
		if span, err := proc.CPUTime(pid); err == nil {
			used[name] = span
		}
	}
	var own syscall.Rusage // without its children, which are the other parts
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &own); err == nil {
		used[ownName] = time.Duration(own.Utime.Nano() + own.Stime.Nano())
	}
	return used
}

// perAnswer is what was used since, for one acknowledged answer each.
func perAnswer(before, after map[string]time.Duration, answers int64) map[string]time.Duration {
	each := map[string]time.Duration{}
	for name, used := range after {
		each[name] = (used - before[name]) / time.Duration(max(answers, 1))
	}
	return each
}
