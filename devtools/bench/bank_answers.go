package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"
)

// Of the candidates who answer while a bank is loaded.
const (
	sitters = 4
	pace    = 50 * time.Millisecond // between two answers of one
)

// loads stores the bank twice more, each time as another set: from its page and by the command.
func (a *author) loads(ctx context.Context, binary, file, report string) error {
	people, err := importCandidates(ctx, a.instance, a.instance.URL(), sitters)
	if err == nil {
		err = signIn(ctx, people)
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(a.out, "\nanswers of %d candidates while the bank is loaded once more, SQLite, ms\n", sitters)
	fmt.Fprintf(a.out, "  %-46s %10s %12s %12s\n", "", "50 %", "99 %", "at most")
	for _, way := range []struct {
		what string
		load func(context.Context) error
	}{
		{"from its page", func(ctx context.Context) error { return a.loadPage(ctx, report) }},
		{"by shiken load", func(ctx context.Context) error {
			out, err := a.instance.Command(ctx, "load", "--set=by-command", file)
			if err != nil {
				err = fmt.Errorf("bench: load: %w\n%.2000s", err, out)
			}
			return err
		}},
	} {
		if err := a.answerWhile(ctx, way.what, people, way.load); err != nil {
			return err
		}
	}
	return nil
}

// loadPage does what the form of a report does, and waits for the job's end.
func (a *author) loadPage(ctx context.Context, report string) error {
	path, _, _ := strings.Cut(report, "?")
	form := url.Values{"job": {uuid.NewString()}, "set": {"by-page"}}
	at, text, err := a.send(ctx, http.MethodPost, path+"/load", "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
	tick := time.NewTicker(time.Second / 4)
	defer tick.Stop()
	for err == nil && !strings.Contains(text, "data-loaded") {
		if strings.Contains(text, "data-failed") || strings.Contains(text, "data-refused") {
			return errors.New("bench: the file was not loaded")
		}
		select {
		case <-tick.C:
			_, text, err = a.send(ctx, http.MethodGet, at.RequestURI(), "", nil)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return err
}

// answered is how long answers took, and how many were not acknowledged.
type answered struct {
	times   []time.Duration
	refused int
}

// answerWhile lets candidates answer until something is done, and prints how long they waited.
func (a *author) answerWhile(ctx context.Context, what string, people []*candidate, do func(context.Context) error) error {
	until, done := context.WithCancel(ctx)
	defer done()
	results := make([]answered, len(people))
	var group errgroup.Group
	for i, c := range people {
		group.Go(func() error { return c.answerUntil(ctx, until.Done(), &results[i]) })
	}
	begun := time.Now()
	err := do(ctx)
	took := time.Since(begun)
	done()
	if err = errors.Join(err, group.Wait()); err != nil {
		return err
	}
	var all answered
	for _, r := range results {
		all.times, all.refused = append(all.times, r.times...), all.refused+r.refused
	}
	slices.Sort(all.times)
	l := load{times: all.times}
	fmt.Fprintf(a.out, "  %-46s %10.1f %12.1f %12.1f  (%d answers, %d refused, in %.1f s)\n", what, l.quantile(0.5).Seconds()*1e3,
		l.quantile(0.99).Seconds()*1e3, l.quantile(1).Seconds()*1e3, len(all.times), all.refused, took.Seconds())
	return nil
}

// answerUntil answers at a steady pace; what is refused is tried anew.
func (c *candidate) answerUntil(ctx context.Context, until <-chan struct{}, out *answered) error {
	tick := time.NewTicker(pace)
	defer tick.Stop()
	page, err := c.Begin(ctx, sampleExam)
	for err == nil {
		select {
		case <-until:
			return nil
		case <-tick.C:
		}
		if !page.IsQuestion() {
			if _, err = c.Submit(ctx, page); err == nil {
				page, err = c.Begin(ctx, sampleExam)
			}
			continue
		}
		begun := time.Now()
		next, failed := c.Answer(ctx, page, c.rng.IntN, "next")
		out.times = append(out.times, time.Since(begun))
		if failed == nil {
			page = next
		} else {
			out.refused++
		}
	}
	return err
}
