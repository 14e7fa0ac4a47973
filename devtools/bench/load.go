package main

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"shiken/devtools/client"
)

// sampleExam is a free exam of ten questions, open to everyone, any number of
// attempts (docs/design.md, section 10).
const sampleExam = "sample-free"

// candidate is one client with its name and password.
type candidate struct {
	*client.Client
	username, password string
	rng                *rand.Rand
}

func newCandidate(base string, seed int, username, password string) (*candidate, error) {
	c, err := client.New(base)
	return &candidate{Client: c, username: username, password: password, rng: rand.New(rand.NewPCG(1, uint64(seed)))}, err
}

// load is what the clients saw in one round.
type load struct {
	pages    int // answered
	sittings int
	wall     time.Duration
	times    []time.Duration // of each answered page: POST and the page after it
}

// quantile of the times, q in 0 to 1; the times are sorted.
func (l load) quantile(q float64) time.Duration {
	if len(l.times) == 0 {
		return 0
	}
	return l.times[min(len(l.times)-1, int(q*float64(len(l.times))))]
}

// run lets all candidates sit exams for the span. A sitting that the end of
// the span interrupts stays open; the next round goes on with it.
func run(ctx context.Context, candidates []*candidate, span time.Duration) (load, error) {
	deadline := time.Now().Add(span)
	loads, errs := make([]load, len(candidates)), make([]error, len(candidates))
	var wg sync.WaitGroup
	begun := time.Now()
	for i, c := range candidates {
		wg.Go(func() {
			for time.Now().Before(deadline) && errs[i] == nil {
				errs[i] = c.sit(ctx, &loads[i], deadline)
			}
		})
	}
	wg.Wait()
	total := load{wall: time.Since(begun)}
	for _, l := range loads {
		total.pages += l.pages
		total.sittings += l.sittings
		total.times = append(total.times, l.times...)
	}
	slices.Sort(total.times)
	return total, errors.Join(errs...)
}

// sit takes one exam, up to the deadline.
func (c *candidate) sit(ctx context.Context, l *load, deadline time.Time) error {
	page, err := c.Begin(ctx, sampleExam)
	if err != nil {
		return err
	}
	for page.IsQuestion() {
		if !time.Now().Before(deadline) {
			return nil
		}
		begun := time.Now()
		if page, err = c.Answer(ctx, page, c.rng.IntN, "next"); err != nil {
			return err
		}
		l.times = append(l.times, time.Since(begun))
		l.pages++
	}
	_, err = c.Submit(ctx, page)
	l.sittings++
	return err
}

// signIn signs everybody in. The product checks few passwords at a time.
func signIn(ctx context.Context, candidates []*candidate) error {
	for _, c := range candidates {
		if _, err := c.SignIn(ctx, c.username, c.password); err != nil {
			return err
		}
	}
	return nil
}
