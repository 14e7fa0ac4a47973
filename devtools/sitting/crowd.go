package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptrace"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"shiken/devtools/client"
	"shiken/devtools/hall"
)

// crowd is the candidates, who answer one after the other at a steady rate: each again after all
// others, as people think between answers.
type crowd struct {
	writers []*writer
	listed  []*writer     // those on the page that is watched
	every   time.Duration // between two answers of all
	answers atomic.Int64
	resent  atomic.Int64

	mu    sync.Mutex
	saved []save
	err   error
}

// save is an answer that was acknowledged.
type save struct {
	user     string
	answered int       // questions that the candidate has answered with it
	at       time.Time // when the 303 came
}

// hands bounds the answers under way; when the machine does not keep up, the rate falls.
const hands = 64

func newCrowd(s *shape, o options) (*crowd, error) {
	c := &crowd{every: time.Second / time.Duration(o.rate)}
	for n, i := range rand.New(rand.NewPCG(1, 2)).Perm(len(s.hall.Candidates)) {
		p := &s.hall.Candidates[i]
		at, err := browser(s.base, p)
		if err != nil {
			return nil, err
		}
		w := &writer{Client: at, person: p, questions: o.questions, rng: rand.New(rand.NewPCG(1, uint64(n)))}
		c.writers = append(c.writers, w)
		if i < listed {
			c.listed = append(c.listed, w)
		}
	}
	return c, nil
}

func (c *crowd) close() {
	for _, w := range c.writers {
		w.Close()
	}
}

// arrive lets everybody open the first question.
func (c *crowd) arrive(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(hands / 2)
	for _, w := range c.writers {
		group.Go(func() error { return w.open(ctx) })
	}
	return group.Wait()
}

// during lets all candidates write while something is done, or those alone who are on the page that
// is watched: each as often as otherwise.
func (c *crowd) during(ctx context.Context, who []*writer, do func() error) error {
	writing, end := context.WithCancel(ctx)
	due := make(chan *writer)
	var work sync.WaitGroup
	for range hands {
		work.Go(func() {
			for w := range due {
				c.note(w.answer(writing, &c.resent))
			}
		})
	}
	work.Go(func() {
		defer close(due)
		c.pace(writing, who, due)
	})
	err := do()
	end()
	work.Wait()
	c.mu.Lock()
	defer c.mu.Unlock()
	return errors.Join(err, c.err)
}

// pace says whose turn it is.
func (c *crowd) pace(ctx context.Context, who []*writer, due chan<- *writer) {
	tick := time.NewTicker(c.every * time.Duration(len(c.writers)/len(who)))
	defer tick.Stop()
	for n := 0; ; n++ {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		select {
		case <-ctx.Done():
			return
		case due <- who[n%len(who)]:
		}
	}
}

// note remembers the answer and the first error.
func (c *crowd) note(s save, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case err == nil:
		c.answers.Add(1)
		c.saved = append(c.saved, s)
	case c.err == nil && !errors.Is(err, context.Canceled):
		c.err = err
	}
}

// saves are the answers that were acknowledged so far.
func (c *crowd) saves() []save {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]save(nil), c.saved...)
}

// writer is one candidate at work.
type writer struct {
	*client.Client
	person    *hall.Person
	questions int
	rng       *rand.Rand

	busy     sync.Mutex
	form     *client.Form // of the next question, filled in
	answered int
}

// open asks for the first question.
func (w *writer) open(ctx context.Context) error {
	page, err := w.Get(ctx, "/attempts/"+w.person.Attempt+"/questions/1")
	if err != nil {
		return err
	}
	return w.take(page)
}

// take fills in the question on the page; of a page it keeps only what will be sent.
func (w *writer) take(page *client.Page) error {
	form := page.Form(client.QuestionForm)
	if form == nil {
		return fmt.Errorf("%s: no question: %s", w.person.Username, page)
	}
	form.Fill(w.rng.IntN)
	w.form = &client.Form{Action: form.Action, Fields: form.Fields}
	return nil
}

// answer sends the answer, and opens the next question. After the last comes the first again.
func (w *writer) answer(ctx context.Context, resent *atomic.Int64) (save, error) {
	w.busy.Lock()
	defer w.busy.Unlock()
	page, at, err := w.send(ctx, resent)
	if err != nil {
		return save{}, err
	}
	w.answered = min(w.answered+1, w.questions)
	if !page.IsQuestion() {
		err = w.open(ctx)
	} else {
		err = w.take(page)
	}
	return save{w.person.User, w.answered, at}, err
}

// send sends the form until it is acknowledged, as the browser's page does: an instance may die of it.
func (w *writer) send(ctx context.Context, resent *atomic.Int64) (*client.Page, time.Time, error) {
	const patience, pause = 20 * time.Second, 200 * time.Millisecond
	giveUp := time.Now().Add(patience)
	for {
		var first atomic.Int64
		traced := httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
			GotFirstResponseByte: func() { first.CompareAndSwap(0, time.Now().UnixNano()) },
		})
		page, err := w.Press(traced, w.form, "next")
		if err == nil && page.Answered == http.StatusSeeOther && page.Status == http.StatusOK {
			return page, time.Unix(0, first.Load()), nil
		}
		if ctx.Err() != nil {
			return nil, time.Time{}, context.Canceled
		}
		if err == nil && page.Status < http.StatusInternalServerError || time.Now().After(giveUp) {
			return nil, time.Time{}, fmt.Errorf("%s: not acknowledged: %v, %w", w.person.Username, page, err)
		}
		resent.Add(1)
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}
