package history

import (
	"cmp"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"time"

	"shiken/exam"
)

// Checker names the part of Check that found something.
type Checker string

// The checkers.
const (
	Linear     Checker = "linearizability" // the response alone, against the model
	Witness    Checker = "journal"         // what clients know, against the journal
	Invariants Checker = "invariants"      // what the journal says, against the rules
)

// Fault is one thing that the rules forbid.
type Fault struct {
	Rule     string // R1 … R16, or a section of docs/design.md
	Checker  Checker
	Attempt  string
	Position int // 0 = the attempt as a whole
	Text     string
}

func (f Fault) String() string {
	where := f.Attempt
	if f.Position > 0 {
		where += fmt.Sprintf(" question %d", f.Position)
	}
	return fmt.Sprintf("%s (%s): %s: %s", f.Rule, f.Checker, where, f.Text)
}

// Report is the judgement on a history.
type Report struct {
	Operations   int // requests with a judgement, or whose outcome is unknown, reads included
	Unknown      int // of them
	Acknowledged int // commands with an answer that some client may rely on
	Lost         int // of them: not of record, nor rightly replaced (R1)
	Doubled      int // commands that took effect more than once (R2)
	Stale        int // stale or overtaken commands that changed an answer (R3)
	Histories    int // responses whose history was checked
	TimedOut     int // of them: the search took too long; each is a fault
	Attempts     int // whose journal was checked
	Rejections   int // rejections that clients were told of
	InGrace      int // commands of candidates that took effect after the deadline
	Faults       []Fault
	Unlisted     int // faults beyond those
}

// OK reports whether nothing was found.
func (r *Report) OK() bool { return len(r.Faults) == 0 }

// Summary is the counts in one line.
func (r *Report) Summary() string {
	return fmt.Sprintf("%d acknowledged answers: %d lost, %d doubled, %d stale applied; "+
		"%d histories of %d attempts checked (%d given up), %d operations, %d with unknown outcome, %d rejections; %d faults",
		r.Acknowledged, r.Lost, r.Doubled, r.Stale,
		r.Histories, r.Attempts, r.TimedOut, r.Operations, r.Unknown, r.Rejections, len(r.Faults)+r.Unlisted)
}

func (r *Report) String() string {
	lines := []string{r.Summary()}
	for _, f := range r.Faults {
		lines = append(lines, f.String())
	}
	return strings.Join(lines, "\n")
}

func (r *Report) sort() {
	slices.SortStableFunc(r.Faults, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(a.Attempt, b.Attempt), cmp.Compare(a.Position, b.Position), cmp.Compare(a.Rule, b.Rule))
	})
}

// Options say how to check. Zero fields take the defaults.
type Options struct {
	// Epoch is what the database's clock showed when the run began; with it arrivals are compared with
	// what the clients saw. Slack is how far it may be wrong, default 50 ms.
	Epoch exam.Instant
	Slack time.Duration
	// Now is what the database's clock showed when the attempts were read, well after the last command;
	// with it attempts are found that the server should have closed or marked meanwhile.
	Now exam.Instant
	// Outages are the gaps in the service's heartbeat. Whose deadline or grace one took must have been
	// extended before anything was refused or closed for it (R9).
	Outages []exam.Gap
	// Repeats: something between the clients and the instances may send a request a second time, as a
	// balancer does whose instance died. Then what a rejection showed may be newer than its judgement,
	// and what was answered as signed out (401) may have been applied, unless it was sent after the end of
	// its sign-in.
	Repeats bool
	// Allowed is how many attempts a candidate has of an exam, by slug, 0 = unlimited: where it is known, no
	// start of an exam that is open is turned away while there is one left (R10). nil: not known.
	Allowed map[string]int
	// Marking, unless nil, is what scores are made with, to make them once more (R13).
	Marking *Marking
	// Orders: the history holds every command that admins gave.
	Orders bool
	// Steps bounds the search of one response's history, default 300,000: some seconds. It is no time,
	// so that a history is judged alike on a busy machine, and where the clock is a test's.
	Steps int
	// Parallel bounds the searches at a time, default one per processor.
	Parallel int
}

func (o Options) withDefaults() Options {
	o.Slack = cmp.Or(o.Slack, 50*time.Millisecond)
	o.Steps = cmp.Or(o.Steps, 300_000)
	o.Parallel = cmp.Or(o.Parallel, runtime.GOMAXPROCS(0))
	return o
}
