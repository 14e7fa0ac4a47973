package simulate

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"shiken/devtools/history"
	"shiken/devtools/simulate/fakeredis"
	"shiken/devtools/simulate/memory"
	"shiken/exam"
)

// instances is how many serve.
const instances = 3

// world is one run.
type world struct {
	seed  uint64
	dice  *dice
	plan  plan
	began time.Time
	db    *memory.Store
	redis *fakeredis.Server
	over  chan struct{} // closed when nothing that still hangs is of interest any more
	tasks sync.WaitGroup
	crew  crew
	Options
	whole map[string]string // of a sealed run: what came back, by the name of the request

	instances [instances]*instance
	people    []*candidate
	exams     map[string]exam.Definition
	numbers   map[string]string // of questions, by version
	allowed   map[string]int    // attempts, by exam
	lives     int
	dead      []*instance // whose goroutines still hang

	mu       sync.Mutex
	healed   bool // no more faults
	step     time.Duration
	dbAway   *episode
	redisIs  map[Kind]bool
	counts   map[string]int
	harms    []harm
	ops      []history.Op
	finished bool // ops of replies that come later are of no interest
	faults   []string
	reads    []sight
}

// harm is a time in which an answer may tell of trouble, and of which instance; everywhere is all.
type harm struct {
	from, to time.Duration
	where    int
}

const everywhere = -1

func newWorld(seed uint64, o Options) *world {
	w := &world{
		seed: seed, dice: newDice(seed), began: time.Now(), over: make(chan struct{}), Options: o,
		redisIs: map[Kind]bool{}, counts: map[string]int{}, allowed: map[string]int{}, exams: map[string]exam.Definition{}, numbers: map[string]string{},
		whole: map[string]string{},
	}
	w.crew.tasks = &w.tasks
	w.Play = cmp.Or(o.Play, SweepPlay)
	w.plan = planned(w.dice.at("plan"), w.Play)
	w.step = w.plan.offset
	if w.step != 0 {
		w.counts[string(ClockWrong)]++
	}
	w.db = memory.New(w.clock)
	w.redis = fakeredis.New(fakeredis.Watch{
		Locks: "shiken:lock:", Sessions: "shiken:session:", Fault: func(what string) { w.fault("§6", "%s", what) },
	})
	return w
}

// now is the time since the run began.
func (w *world) now() time.Duration { return time.Since(w.began) }

// clock is the database's.
func (w *world) clock() exam.Instant {
	w.mu.Lock()
	defer w.mu.Unlock()
	return exam.Instant(time.Now().Add(w.step).UnixMicro())
}

// say writes a line of the trace.
func (w *world) say(format string, args ...any) {
	if w.Trace != nil {
		w.Trace(fmt.Sprintf("%12.6f  ", w.now().Seconds()) + fmt.Sprintf(format, args...))
	}
}

// fault reports something that the rules forbid.
func (w *world) fault(rule, format string, args ...any) {
	text := fmt.Sprintf("%s: at %v: ", rule, w.now()) + fmt.Sprintf(format, args...)
	w.mu.Lock()
	w.faults = append(w.faults, text)
	w.mu.Unlock()
	w.say("FAULT %s", text)
}

// happens reports whether a fault by chance happens now, and counts it.
func (w *world) happens(k Kind, c *chance, probability float64) bool {
	if !c.hit(probability) || !w.plan.enabled[k] {
		return false
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.healed {
		w.counts[string(k)]++
	}
	return !w.healed
}

// counted notes that something happened.
func (w *world) counted(what string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.counts[what]++
}

// harmed notes that an instance may say so for a while: what was under way then may show it later.
func (w *world) harmed(where int, lasts time.Duration) {
	now := w.now()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.harms = append(w.harms, harm{now, now + lasts, where})
}

// patience is longer than any request is under way on an instance.
const patience = 20 * time.Second

// explained reports whether a failure that was told between two times may come from a fault, of one
// instance or of everywhere.
func (w *world) explained(from, to time.Duration, where int) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.ContainsFunc(w.harms, func(h harm) bool {
		return (h.where == everywhere || where == everywhere || h.where == where) && h.from <= to && h.to+patience >= from
	})
}

// noted keeps what a client remembers.
func (w *world) noted(o history.Op) {
	w.mu.Lock()
	if !w.finished {
		w.ops = append(w.ops, o)
	}
	w.mu.Unlock()
	if w.Trace != nil {
		w.say("client %d.%d %s", o.Client, o.Tab, opLine(&o))
	}
}

// opLine is an op in a line of the trace.
func opLine(o *history.Op) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s", o.Kind, o.Action)
	if o.Position > 0 {
		fmt.Fprintf(&b, " q%d", o.Position)
	}
	fmt.Fprintf(&b, " command %.4s page %.4s seq %d rev %d", o.Command, o.Page, o.Seq, o.Rev)
	if o.Answer != "" {
		fmt.Fprintf(&b, " %s", o.Answer)
	}
	fmt.Fprintf(&b, ", sent %.6f: %s %s %d", o.Sent.Seconds(), o.Result, o.Reason, o.Status)
	if o.NewRev >= 0 {
		fmt.Fprintf(&b, " rev %d", o.NewRev)
	}
	if o.SavedRev >= 0 {
		fmt.Fprintf(&b, " saved rev %d %s", o.SavedRev, o.Saved)
	}
	return b.String()
}

// sleep waits until the time is over, or the run.
func (w *world) sleep(d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-w.over:
	}
}

// sleepWithin is sleep that ends with ctx too, whose error it returns.
func (w *world) sleepWithin(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-w.over:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (w *world) isOver() bool {
	select {
	case <-w.over:
		return true
	default:
		return false
	}
}
