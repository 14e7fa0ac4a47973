// Command sitting measures a large sitting in both shapes of the product: thousands of generated
// attempts, candidates that answer at a steady rate, and an admin who watches them and extends all.
//
// It measures what the sitting page costs beside the exam itself, after what time a saved answer is
// seen on it, and how long "extend all" takes while candidates write; then again with the instance that does it
// killed in the middle and the form sent again. A bound that is broken ends it with status 1.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"shiken/devtools/hall"
)

// options bound the run.
type options struct {
	attempts  int
	questions int           // on each paper
	rate      int           // answers per second
	cycles    int           // of the measurement of what watching costs
	span      time.Duration // of the measurement of the exam; the others are fractions of it
	only      string        // shape
}

// longest bounds everything.
const longest = 10 * time.Minute

func main() {
	var o options
	flag.IntVar(&o.attempts, "attempts", 3000, "running attempts, 200 to 10000")
	flag.IntVar(&o.questions, "questions", 40, "questions on each paper, 10 to 200")
	flag.IntVar(&o.rate, "rate", 100, "answers per second, 1 to 1000")
	flag.IntVar(&o.cycles, "cycles", 6, "cycles of the measurement of what watching costs, 1 to 50")
	flag.DurationVar(&o.span, "span", 20*time.Second, "length of the measurement of the exam alone, 8s to 2m")
	flag.StringVar(&o.only, "only", "", "embedded or cluster; empty: both")
	flag.Parse()
	if !o.sound() || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	if err := measureAll(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "sitting:", err)
		os.Exit(1)
	}
}

func (o options) sound() bool {
	within := func(n, low, high int) bool { return n >= low && n <= high }
	return within(o.attempts, 200, 10_000) && within(o.questions, 10, 200) && within(o.rate, 1, 1000) &&
		within(o.cycles, 1, 50) && o.span >= 8*time.Second && o.span <= 2*time.Minute
}

func (o options) hall() hall.Options {
	return hall.Options{Candidates: o.attempts, Questions: o.questions}
}

// shapes are the ways to run the product.
var shapes = []struct {
	name    string
	prepare func(context.Context, options) (*shape, error)
}{{"embedded", embedded}, {"cluster", clustered}}

func measureAll(ctx context.Context, o options) error {
	var errs []error
	for _, s := range shapes {
		if o.only == "" || o.only == s.name {
			errs = append(errs, measureShape(ctx, o, s.prepare))
		}
	}
	return errors.Join(errs...)
}

func measureShape(ctx context.Context, o options, prepare func(context.Context, options) (*shape, error)) (err error) {
	begun := time.Now()
	s, err := prepare(ctx, o)
	if s != nil {
		defer func() { err = errors.Join(err, s.close()) }()
	}
	if err != nil {
		return err
	}
	fmt.Printf("\n%s: %d running attempts, prepared in %.1f s\n", s.name, o.attempts, time.Since(begun).Seconds())
	r := &report{out: os.Stdout}
	if err := s.measure(ctx, o, r); err != nil {
		return fmt.Errorf("%s: %w", s.name, err)
	}
	return r.broken(s.name)
}
