package torture

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"shiken/devtools/history"
	"shiken/exam"
)

// What a run must reach to prove anything.
const (
	// MinRate is the acknowledged answers per second before the first fault.
	MinRate = 100
)

// Report is what a run showed.
type Report struct {
	Options Options
	Rate    float64 // acknowledged answers per second before the first fault
	// Processor is the processor time for one of them, by process.
	Processor map[string]time.Duration
	Answers   int64 // acknowledged, each command once
	Faults    map[string]int
	Missed    map[string]int    // tried, and met nothing
	Outages   int               // that the service found
	Orders    map[exam.Kind]int // commands of officers that took effect
	Broken    error             // a part that did not do what it was made to, or did not come back
	Silence   time.Duration     // the longest time without an acknowledged answer
	Drained   time.Duration     // from the last fault until every command was answered
	Moved     int64             // attempts taken over by another device
	Resent    int64             // commands that their page had left in an outbox, and that were judged
	Left      int               // in outboxes, when all was over
	Ousted    int64             // sign-ins that were ended by a sign-out or an admin
	Revived   int64             // of them: those that were let in afterwards
	Strays    []string          // sign-ins that ended though nobody had ended them
	Leaks     []string          // what candidates were told and may not know (R12)
	Errors    int64             // answers of 500
	Panics    []string          // in the instances' logs
	History   *history.Report
	Given     int    // receipts
	Verify    string // what `shiken verify` found
	Receipts  string // the same with all receipts
	Checking  time.Duration
}

// add takes over what a round counted.
func (r *Report) add(one *run, drained time.Duration) {
	r.Answers += one.answers.Load()
	r.Silence = max(r.Silence, time.Duration(one.silence.Load()))
	r.Drained = max(r.Drained, drained)
	r.Moved += one.moved.Load()
	r.Resent += one.resent.Load()
	r.Ousted += one.ousted.Load()
	r.Revived += one.revived.Load()
	r.Errors += one.site.failed.Load()
	for _, c := range one.people {
		if n := c.strays(); n > 0 {
			one.stray(fmt.Sprintf("%d sign-ins of %s", n, c.account.Username))
		}
		for _, d := range c.devices {
			r.Left += d.outbox.len()
		}
	}
}

// judged takes over the judgement on a round.
func (r *Report) judged(found *history.Report, checking time.Duration) {
	h := r.History
	h.Operations += found.Operations
	h.Unknown += found.Unknown
	h.Acknowledged += found.Acknowledged
	h.Lost += found.Lost
	h.Doubled += found.Doubled
	h.Stale += found.Stale
	h.Histories += found.Histories
	h.TimedOut += found.TimedOut
	h.Attempts += found.Attempts
	h.Rejections += found.Rejections
	h.Faults = append(h.Faults, found.Faults...)
	r.Checking += checking
}

// Invalid says why the run proves nothing; "" when it is valid.
func (r *Report) Invalid() string {
	var why []string
	if r.Rate < MinRate {
		why = append(why, fmt.Sprintf("%.0f acknowledged answers per second before the first fault, at least %d are needed", r.Rate, MinRate))
	}
	for _, kind := range Kinds() {
		if r.Faults[kind] == 0 {
			why = append(why, "never happened: "+kind)
		}
	}
	for _, kind := range Orders {
		if r.Orders[kind] == 0 {
			why = append(why, "no officer did it: "+string(kind))
		}
	}
	if r.Moved == 0 {
		why = append(why, "no device took an attempt over")
	}
	if r.Resent == 0 {
		why = append(why, "nothing was sent again out of an outbox")
	}
	return strings.Join(why, "\n")
}

// Held reports whether the cluster held.
func (r *Report) Held() bool {
	return r.Broken == nil && r.Left == 0 && r.History.OK() && r.Verify == "" && r.Receipts == "" && len(r.Strays) == 0 && len(r.Leaks) == 0 && r.Revived == 0 &&
		r.Errors == 0 && len(r.Panics) == 0
}

// Total counts the faults.
func (r *Report) Total() int {
	n := 0
	for _, count := range r.Faults {
		n += count
	}
	return n
}

// orders counts the commands of officers, by kind.
func (r *Report) orders() string {
	var list []string
	for _, kind := range Orders {
		list = append(list, fmt.Sprintf("%s %d", kind, r.Orders[kind]))
	}
	return strings.Join(list, ", ")
}

// Print writes the report for people.
func (r *Report) Print(out io.Writer) {
	line := func(what, format string, args ...any) {
		fmt.Fprintf(out, "%-62s %s\n", what, fmt.Sprintf(format, args...))
	}
	line("seed", "%d", r.Options.Seed)
	line("candidates × tabs", "%d × %d", r.Options.Candidates, r.Options.Tabs)
	line("faults", "%d", r.Total())
	for _, kind := range Kinds() {
		line("  "+kind, "%d%s", r.Faults[kind], missedText(r.Missed[kind]))
	}
	line("outages that the service found", "%d", r.Outages)
	line("commands of officers", "%s", r.orders())
	line("acknowledged answers per second before the first fault", "%.0f", r.Rate)
	sum := time.Duration(0)
	for _, name := range slices.Sorted(maps.Keys(r.Processor)) {
		line("  processor time of each, "+name, "%d µs", r.Processor[name].Microseconds())
		sum += r.Processor[name]
	}
	line("  processor time of each, all", "%d µs", sum.Microseconds())
	line("acknowledged answers", "%d", r.Answers)
	line("longest time without an acknowledged answer", "%.1f s", r.Silence.Seconds())
	line("from the last fault until every command was answered", "%.1f s", r.Drained.Seconds())
	line("attempts taken over by another device", "%d", r.Moved)
	line("sent again out of an outbox, its page gone / left there", "%d / %d", r.Resent, r.Left)
	line("sign-ins ended / let in afterwards / ended by nobody", "%d / %d / %d", r.Ousted, r.Revived, len(r.Strays))
	line("replies that told a candidate what they may not know", "%d", len(r.Leaks))
	line("answers of 500 / panics", "%d / %d", r.Errors, len(r.Panics))
	h := r.History
	line("lost / doubled / stale applied", "%d / %d / %d", h.Lost, h.Doubled, h.Stale)
	line("histories checked (given up)", "%d (%d)", h.Histories, h.TimedOut)
	line("attempts checked", "%d", h.Attempts)
	line("requests judged / outcome unknown / rejected", "%d / %d / %d", h.Operations-h.Unknown, h.Unknown, h.Rejections)
	line("violations", "%d", len(h.Faults))
	line("shiken verify", "%s", sound(r.Verify))
	line(fmt.Sprintf("shiken verify --receipts (%d receipts)", r.Given), "%s", sound(r.Receipts))
	line("time of the checks", "%.1f s", r.Checking.Seconds())
	r.printTrouble(out)
}

// printTrouble says what is wrong, at most a screen of it.
func (r *Report) printTrouble(out io.Writer) {
	const most = 40
	for i, f := range r.History.Faults {
		if i == most {
			fmt.Fprintf(out, "… and %d more\n", len(r.History.Faults)-most)
			break
		}
		fmt.Fprintln(out, f)
	}
	for _, s := range r.Strays {
		fmt.Fprintln(out, "ended by nobody:", s)
	}
	for i, l := range r.Leaks {
		if i == most {
			break
		}
		fmt.Fprintln(out, "R12:", l)
	}
	for i, p := range r.Panics {
		if i == most {
			break
		}
		fmt.Fprintln(out, p)
	}
	if r.Broken != nil {
		fmt.Fprintln(out, r.Broken)
	}
	if why := r.Invalid(); why != "" {
		fmt.Fprintf(out, "INVALID:\n%s\n", why)
	}
}

func missedText(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(" (and %d that met nothing)", n)
}

func sound(found string) string {
	if found == "" {
		return "sound"
	}
	return found
}
