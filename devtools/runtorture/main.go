// Command runtorture tortures a cluster and says whether it held: `make torture`. It exits with 0 when
// everything held, 1 when something was lost, doubled or otherwise broken, 2 when the run is invalid and
// proves nothing, 3 when it could not be carried out.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"

	"shiken/devtools/torture"
)

func main() {
	o, ok := options()
	if !ok {
		flag.Usage()
		os.Exit(3)
	}
	debug.SetGCPercent(400) // memory is not scarce, the processors are
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, o))
}

func options() (torture.Options, bool) {
	var o torture.Options
	flag.DurationVar(&o.Duration, "duration", 5*time.Minute, "how long faults happen, 5s to 48h")
	flag.Uint64Var(&o.Seed, "seed", 0, "of clients and faults (0: one is chosen)")
	flag.IntVar(&o.Candidates, "candidates", 48, "how many sit, 1 to 500")
	flag.IntVar(&o.Tabs, "tabs", 3, "windows of each candidate, 1 to 8")
	flag.DurationVar(&o.Pace, "pace", 0, "between the beginnings of two faults, on average (0: by the duration)")
	flag.DurationVar(&o.Flush, "flush", 0, "empty Redis so often besides (0: not)")
	flag.StringVar(&o.Bug, "bug", "", "planted bug of the instances")
	flag.StringVar(&o.Binary, "binary", "", "program to torture, with the tag failpoints (empty: it is built)")
	flag.StringVar(&o.Folder, "folder", "", "where history and logs go (empty: a temporary folder, removed when all held)")
	lock := flag.String("lock", "kept", "the session's lock: kept, or always granted (always)")
	flag.Parse()
	o.LockAlways = *lock == "always"
	if o.Seed == 0 {
		o.Seed = rand.Uint64()
	}
	return o, flag.NArg() == 0 && o.Duration >= 5*time.Second && o.Duration <= 48*time.Hour &&
		o.Candidates >= 1 && o.Candidates <= 500 && o.Tabs >= 1 && o.Tabs <= 8 && o.Flush >= 0 && o.Pace >= 0 &&
		(*lock == "kept" || *lock == "always")
}

func run(ctx context.Context, o torture.Options) int {
	chosen := o.Folder != ""
	if !chosen {
		var err error
		if o.Folder, err = os.MkdirTemp("", "shiken-torture-"); err != nil {
			return failed(err)
		}
	}
	fmt.Printf("seed %d, files in %s\n", o.Seed, o.Folder)
	report, err := torture.Run(ctx, o)
	if report != nil {
		report.Print(os.Stdout)
	}
	switch {
	case err != nil:
		return failed(err)
	case !report.Held():
		fmt.Println("BROKEN. History, faults and logs are in", o.Folder)
		return 1
	case report.Invalid() != "":
		return 2
	case !chosen:
		return failed(os.RemoveAll(o.Folder))
	}
	return 0
}

// failed says what hindered the run.
func failed(err error) int {
	if err == nil {
		return 0
	}
	if errors.Is(err, context.Canceled) {
		fmt.Println("interrupted")
	} else {
		fmt.Fprintln(os.Stderr, "runtorture:", err)
	}
	return 3
}
