// Command bench measures what an answered page costs in both shapes of the
// product, beside the bare cost of the same statements in the same database in
// the same run.
//
// Clients of their own (no code of the product, one connection and one cookie
// jar each) sit the sample exam again and again: start, answer every question
// with "next", submit, result. An answered page is one POST of an answer and
// the page that follows it. Rounds of both shapes and of their bare statements
// take turns, so that what else the machine does strikes all alike; medians,
// extremes and ratios are printed.
//
// Then a bank of 100,000 questions is loaded by `shiken load` and written by
// `shiken export`, with time and memory, and searched.
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
)

// options bound the run.
type options struct {
	clients  int
	rounds   int
	span     time.Duration // of one round of one shape
	sittings int           // recorded for the bare statements

	questions int  // in the bank; 0: none
	bankOnly  bool // nothing else
}

func main() {
	var o options
	flag.IntVar(&o.clients, "clients", 16, "candidates at work at the same time, 1 to 200")
	flag.IntVar(&o.rounds, "rounds", 3, "rounds of each measurement, 1 to 20")
	flag.DurationVar(&o.span, "span", 5*time.Second, "length of one round, 1s to 1m")
	flag.IntVar(&o.sittings, "sittings", 16, "sittings recorded and replayed bare, 1 to 500")
	flag.IntVar(&o.questions, "questions", 100_000, "questions of the bank that is loaded and searched, 0 to 100000")
	flag.BoolVar(&o.bankOnly, "bank", false, "measure the bank alone")
	flag.Parse()
	if !o.sound() || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := bench(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func (o options) sound() bool {
	within := func(n, low, high int) bool { return n >= low && n <= high }
	return within(o.clients, 1, 200) && within(o.rounds, 1, 20) && within(o.sittings, 1, 500) && within(o.questions, 0, 100_000) &&
		o.span >= time.Second && o.span <= time.Minute
}

func bench(ctx context.Context, o options) error {
	if !o.bankOnly {
		if err := sittings(ctx, o); err != nil {
			return err
		}
	}
	if o.questions == 0 {
		return nil
	}
	return bank(ctx, o)
}

func sittings(ctx context.Context, o options) (err error) {
	var shapes []*shape
	defer func() {
		for _, s := range shapes {
			err = errors.Join(err, s.close())
		}
	}()
	for _, prepare := range []func(context.Context, options) (*shape, error){embedded, clustered} {
		begun := time.Now()
		s, err := prepare(ctx, o)
		if s != nil {
			shapes = append(shapes, s)
		}
		if err != nil {
			return err
		}
		fmt.Printf("%s prepared in %.1f s\n", s.name, time.Since(begun).Seconds())
	}
	for round := range o.rounds {
		for _, s := range shapes {
			if err := s.measure(ctx, o); err != nil {
				return fmt.Errorf("%s, round %d: %w", s.name, round+1, err)
			}
		}
	}
	for _, s := range shapes {
		s.report(os.Stdout, o)
	}
	return nil
}
