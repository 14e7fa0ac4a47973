package simulate_test

import (
	"bufio"
	"flag"
	"fmt"
	"maps"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"shiken/devtools/effort"
	"shiken/devtools/simulate"
)

var (
	seedFlag  = flag.Uint64("seed", 1, "the seed that TestSeed runs and tells of")
	seedsFlag = flag.Int("seeds", 0, "how many seeds TestSeeds runs; 0: as many as befit the build")
	spanFlag  = flag.Duration("span", 0, "how long TestSeeds goes on with new seeds; 0: 40 s, or without end where their number is given")
	playFlag  = flag.Duration("play", simulate.SweepPlay, "how long candidates act in new seeds")
	firstFlag = flag.Uint64("first", 1, "the first of them; 0: by the clock")
)

// begun is when the process did.
var begun = time.Now()

func TestMain(m *testing.M) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400) // runs are short, and leave little behind
	}
	os.Exit(m.Run())
}

// TestSeed runs one seed and tells what happens in it: -seed=N -v.
func TestSeed(t *testing.T) {
	r := simulate.Run(t, *seedFlag, simulate.Options{Play: *playFlag, Trace: func(line string) { t.Log(line) }})
	t.Logf("%s\n%v\nhash %s", r.Report.Summary(), r.Counts, r.Hash())
	for _, f := range r.Faults {
		t.Error(f)
	}
}

// howMany is the number of seeds of TestSeeds.
func howMany() int {
	switch {
	case *seedsFlag > 0:
		return *seedsFlag
	case effort.Sampled() && raceEnabled:
		return 10
	case raceEnabled:
		return 20
	case effort.Sampled():
		return 60
	}
	return 2_000
}

// isOver: a machine that is busy with other things has had enough of new seeds by then, unless their
// number alone was asked for. No machine has had enough before the least.
func isOver() bool {
	const usual = 40 * time.Second
	switch {
	case *spanFlag > 0:
		return time.Since(begun) > *spanFlag
	case *seedsFlag > 0:
		return false
	}
	return time.Since(begun) > usual
}

// Numbers of seeds in which every kind of fault, and a pause at every point, has surely happened.
const (
	enough          = 100
	enoughForPauses = 400
	least           = enough
)

// sitting is a seed and how long its candidates act.
type sitting struct {
	seed uint64
	play time.Duration
}

// kept are the seeds that once failed: "seed play what was wrong" in each line.
func kept(t *testing.T) []sitting {
	t.Helper()
	file, err := os.Open("testdata/seeds.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	var out []sitting
	for lines := bufio.NewScanner(file); lines.Scan(); {
		words := strings.Fields(lines.Text())
		if len(words) == 0 || words[0] == "#" {
			continue
		}
		seed, err := strconv.ParseUint(words[0], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		play, err := time.ParseDuration(words[1])
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, sitting{seed, play})
	}
	return out
}

// totals are the sums over many runs.
type totals struct {
	mu                                     sync.Mutex
	runs, calm, operations, unknown, acked int
	counts                                 map[string]int
}

func (a *totals) add(r *simulate.Result) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.runs++
	if r.Calm {
		a.calm++
	}
	a.operations, a.unknown, a.acked = a.operations+r.Report.Operations, a.unknown+r.Report.Unknown, a.acked+r.Report.Acknowledged
	for k, n := range r.Counts {
		a.counts[k] += n
	}
}

// A seed gives the same run each time, whatever else the machine does.
func TestSameSeedSameRun(t *testing.T) {
	n := uint64(40)
	if effort.Sampled() || raceEnabled {
		n = 5
	}
	for seed := range n {
		t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) {
			t.Parallel()
			first, second := simulate.Run(t, seed, simulate.Options{}), simulate.Run(t, seed, simulate.Options{})
			if one, other := first.Hash(), second.Hash(); one != other {
				t.Errorf("hashes %s and %s", one, other)
			}
			if first.Report.Operations == 0 {
				t.Error("nothing was sent")
			}
		})
	}
}

// R12: without a release nothing that a candidate gets depends on keys, weights or explanations, not by a
// byte and not in its length. Faults, clicks and times are the same in both runs.
func TestKeysChangeNothing(t *testing.T) {
	n := uint64(12)
	if effort.Sampled() || raceEnabled {
		n = 2
	}
	for seed := range n {
		t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) {
			t.Parallel()
			one := simulate.Run(t, seed, simulate.Options{Sealed: true})
			other := simulate.Run(t, seed, simulate.Options{Sealed: true, OtherKeys: true})
			for name, reply := range one.Whole {
				if reply != other.Whole[name] {
					t.Errorf("R12: at %s: it depends on the keys:\n%s\n%s", name, reply, other.Whole[name])
				}
			}
			if len(one.Whole) != len(other.Whole) || len(one.Whole) < 20 {
				t.Errorf("%d and %d replies", len(one.Whole), len(other.Whole))
			}
		})
	}
}

// TestSeeds runs the seeds that once failed, and new ones, one after another on each processor. Which are
// not run, since the time was over, are no tests, and counted.
func TestSeeds(t *testing.T) {
	seeds, first := kept(t), *firstFlag
	if first == 0 {
		first = uint64(time.Now().UnixMilli())
	}
	for i := range uint64(howMany()) {
		seeds = append(seeds, sitting{first + i, *playFlag})
	}
	q := &queue{seeds: seeds, sums: &totals{counts: map[string]int{}}}
	t.Run("on", func(t *testing.T) {
		for n := range runtime.GOMAXPROCS(0) {
			t.Run(fmt.Sprintf("processor=%d", n), func(t *testing.T) {
				t.Parallel()
				q.work(t)
			})
		}
	})
	t.Logf("%d seeds, the new ones from %d: %d run, %d not run for want of time, %d failed",
		len(seeds), first, q.sums.runs, len(seeds)-q.sums.runs, q.failed.Load())
	if want := min(least, len(seeds)); q.sums.runs < want {
		t.Errorf("%d seeds run, at least %d are needed", q.sums.runs, want)
	}
	q.sums.judge(t)
}

// queue is the seeds that are still to be run.
type queue struct {
	seeds  []sitting
	taken  atomic.Int64
	failed atomic.Int64
	sums   *totals
}

// next is the next seed, if there is time for it.
func (q *queue) next() (s sitting, ok bool) {
	n := int(q.taken.Add(1))
	if n > len(q.seeds) || n > least && isOver() {
		return s, false
	}
	return q.seeds[n-1], true
}

func (q *queue) work(t *testing.T) {
	for s, ok := q.next(); ok; s, ok = q.next() {
		held := t.Run(fmt.Sprintf("seed=%d", s.seed), func(t *testing.T) {
			r := simulate.Run(t, s.seed, simulate.Options{Play: s.play})
			q.sums.add(&r)
			for _, f := range r.Faults {
				t.Error(f)
			}
			if len(r.Faults) > 0 {
				t.Errorf("to see it again: go test ./devtools/simulate -run 'TestSeed$' -seed=%d -play=%v -v", s.seed, s.play)
			}
		})
		if !held {
			q.failed.Add(1)
		}
	}
}

// judge wants every kind of fault to have happened, and most answers to have been acknowledged.
func (a *totals) judge(t *testing.T) {
	t.Logf("%d runs (%d calm): %d operations, %d with unknown outcome, %d acknowledged answers",
		a.runs, a.calm, a.operations, a.unknown, a.acked)
	for _, k := range slices.Sorted(maps.Keys(a.counts)) {
		t.Logf("%8d  %s", a.counts[k], k)
	}
	if a.runs < enough {
		return
	}
	for _, k := range simulate.Kinds {
		if a.counts[string(k)] == 0 {
			t.Errorf("%q never happened", k)
		}
	}
	for _, event := range simulate.Events {
		if a.runs >= enoughForPauses && a.counts[event] == 0 {
			t.Errorf("%q never happened", event)
		}
	}
	for _, point := range simulate.Points {
		if a.runs >= enoughForPauses && a.counts["paused: "+point] == 0 {
			t.Errorf("no instance was ever paused at %s", point)
		}
	}
	if a.acked*5 < a.operations || a.calm == 0 {
		t.Errorf("%d of %d operations are acknowledged answers, %d runs are calm: too few to mean much", a.acked, a.operations, a.calm)
	}
}
