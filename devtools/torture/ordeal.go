package torture

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"shiken/devtools/cluster"
	"shiken/devtools/history"
	"shiken/exam"
)

// longestRound bounds a round: its whole history is in memory, and checked at its end.
const longestRound = 10 * time.Minute

// ordeal is a torture from its beginning to its end: rounds of faults, each with candidates of its own.
type ordeal struct {
	o        Options
	parts    *topology
	breaker  *scheduler
	report   *Report
	faults   *os.File
	receipts *os.File
	begun    time.Time // the first round
}

// Run tortures a cluster and judges it. The error says what hindered the run itself; whether the
// cluster held is in the report.
func Run(ctx context.Context, o Options) (*Report, error) {
	o = o.withDefaults()
	x := &ordeal{o: o, report: &Report{Options: o, Orders: map[exam.Kind]int{}, History: &history.Report{}}}
	err := x.prepare(ctx)
	rounds := int((o.Duration + longestRound - 1) / longestRound)
	for n := 1; n <= rounds && err == nil && x.report.History.OK(); n++ {
		err = x.round(ctx, o.Duration/time.Duration(rounds), n == rounds)
	}
	if err == nil {
		err = x.finish(ctx)
	}
	return x.report, errors.Join(err, x.close())
}

// prepare builds and starts everything.
func (x *ordeal) prepare(ctx context.Context) error {
	if err := os.MkdirAll(x.o.Folder, 0o755); err != nil {
		return err
	}
	var err error
	if x.faults, err = os.Create(filepath.Join(x.o.Folder, "faults")); err != nil {
		return err
	}
	if x.receipts, err = os.Create(filepath.Join(x.o.Folder, "receipts")); err != nil {
		return err
	}
	if x.o.Binary == "" {
		if x.o.Binary, err = cluster.Build(ctx, x.o.Folder, "-tags", x.o.tags()); err != nil {
			return err
		}
	}
	if x.parts, err = startTopology(ctx, &x.o); err != nil {
		return err
	}
	x.breaker = newScheduler(&saboteur{parts: x.parts, rng: newLockedRand(x.o.Seed)}, x.o.Duration, x.o.Pace, x.logFault)
	return nil
}

// tags are those of the program under torture.
func (o *Options) tags() string {
	if o.Bug != "" {
		return "failpoints,planted"
	}
	return "failpoints"
}

// round lets new candidates sit through the span, and judges what they know.
func (x *ordeal) round(ctx context.Context, span time.Duration, last bool) error {
	r := &run{o: x.o, parts: x.parts, breaker: x.breaker, report: x.report}
	err := r.openHistory()
	if err == nil {
		err = r.invite(ctx)
	}
	if err == nil {
		err = r.hire(ctx)
	}
	if err == nil {
		err = r.startClock(ctx)
	}
	if err == nil {
		if x.begun.IsZero() {
			x.begun = r.begun
		}
		err = r.perform(ctx, span)
	}
	if err == nil {
		err = r.check(ctx)
	}
	if err == nil {
		err = r.writeReceipts(x.receipts, last)
	}
	return errors.Join(err, r.file.Close())
}

// finish verifies the whole database, and keeps the logs beside the histories.
func (x *ordeal) finish(ctx context.Context) error {
	x.report.Faults, x.report.Missed = x.breaker.counts, x.breaker.missed
	x.report.Broken = errors.Join(x.report.Broken, x.breaker.failures, x.parts.recovered(ctx))
	begun := time.Now()
	x.report.Verify = x.verify(ctx)
	x.report.Receipts = x.verify(ctx, "--receipts", x.receipts.Name())
	x.report.Checking += time.Since(begun)
	return x.keepLogs()
}

// verify runs `shiken verify` and returns what it says when it finds something, "" when all is sound.
func (x *ordeal) verify(ctx context.Context, args ...string) string {
	out, err := x.parts.Instances[0].Command(ctx, append([]string{"verify"}, args...)...)
	if err == nil {
		return ""
	}
	return fmt.Sprintf("%v\n%s", err, out)
}

// logFault writes a line to the list of faults: when it began, since the first round did, and how long it
// took, in seconds.
func (x *ordeal) logFault(kind, part string, begun time.Time, err error) {
	outcome := "done"
	if err != nil {
		outcome = err.Error()
	}
	_, _ = fmt.Fprintf(x.faults, "%9.3f %6.3f %s (%s): %s\n", // for people; the counts are kept
		begun.Sub(x.begun).Seconds(), time.Since(begun).Seconds(), kind, part, outcome)
}

func (x *ordeal) close() error {
	var errs []error
	if x.parts != nil {
		errs = append(errs, x.parts.close())
	}
	for _, f := range []*os.File{x.faults, x.receipts} {
		if f != nil {
			errs = append(errs, f.Close())
		}
	}
	return errors.Join(errs...)
}
