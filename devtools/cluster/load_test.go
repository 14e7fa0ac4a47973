package cluster_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"shiken/devtools/client"
	"shiken/devtools/cluster"
	"shiken/devtools/services"
)

const (
	candidates = 6
	// enough answered pages between two events, so that each meets load.
	pagesBetween = 60
)

// load is candidates who sit the sample exam again and again.
type load struct {
	pages atomic.Int64
	stop  context.CancelFunc
	wg    sync.WaitGroup
	mu    sync.Mutex
	err   error
}

func startLoad(t *testing.T, c *cluster.Cluster, insist bool) *load {
	t.Helper()
	accounts, err := c.Instances[0].ImportCandidates(t.Context(), candidates)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	l := &load{stop: stop}
	for _, a := range accounts {
		person, err := client.New(c.URL())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := person.SignIn(ctx, a.Username, a.Password); err != nil {
			t.Fatal(err)
		}
		l.wg.Go(func() {
			defer person.Close()
			for ctx.Err() == nil {
				if err := l.sit(ctx, person, insist); err != nil && ctx.Err() == nil {
					l.fail(err)
					return
				}
			}
		})
	}
	return l
}

func (l *load) fail(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.err = errors.Join(l.err, err)
}

func (l *load) failure() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.err
}

func (l *load) sit(ctx context.Context, person *client.Client, insist bool) error {
	page, err := repeat(insist, func() (*client.Page, error) { return person.Begin(ctx, "sample-free") })
	if err != nil {
		return err
	}
	for page.IsQuestion() {
		form := page.Form(client.QuestionForm)
		form.Fill(func(n int) int { return int(l.pages.Load()) % n })
		if !insist { // who insists would send another draft
			if err := person.Draft(ctx, form); err != nil {
				return err
			}
		}
		page, err = repeat(insist, func() (*client.Page, error) { return send(ctx, person, form) })
		if err != nil {
			return err
		}
		l.pages.Add(1)
	}
	_, err = repeat(insist, func() (*client.Page, error) { return person.Submit(ctx, page) })
	return err
}

func send(ctx context.Context, person *client.Client, form *client.Form) (*client.Page, error) {
	page, err := person.Press(ctx, form, "next")
	if err == nil && (page.Answered != http.StatusSeeOther || page.Status != http.StatusOK) {
		err = fmt.Errorf("POST %s: %d, then %s", form.Action, page.Answered, page)
	}
	return page, err
}

// repeat does what a person does whose page did not load: the same again.
func repeat(insist bool, do func() (*client.Page, error)) (*client.Page, error) {
	const tries = 5
	page, err := do()
	for n := 1; insist && err != nil && n < tries; n++ {
		page, err = do()
	}
	return page, err
}

// answered waits for some more answered pages.
func (l *load) answered(t *testing.T, more int64) {
	t.Helper()
	const patience = 3 * time.Minute // of a machine that does much else
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	goal := l.pages.Load() + more
	err := services.Poll(ctx, func(context.Context) error {
		if err := l.failure(); err != nil {
			cancel()
			return err
		}
		if n := l.pages.Load(); n < goal {
			return fmt.Errorf("%d of %d pages", n, goal)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (l *load) end(t *testing.T) {
	t.Helper()
	l.stop()
	l.wg.Wait()
	if err := l.failure(); err != nil {
		t.Error(err)
	}
}

func verify(t *testing.T, c *cluster.Cluster) {
	t.Helper()
	if out, err := c.Instances[0].Command(t.Context(), "verify"); err != nil {
		t.Errorf("verify: %v\n%s", err, out)
	}
}

// TestInstancesLeaveAndJoinWithoutAFailedRequest ends each instance in turn
// under load and lets it come back. Pages, forms, and saves through the API,
// which nothing repeats, come over connections that are kept alive.
func TestInstancesLeaveAndJoinWithoutAFailedRequest(t *testing.T) {
	c := cluster.Start(t, 2)
	l := startLoad(t, c, false)
	for _, i := range c.Instances {
		l.answered(t, pagesBetween)
		if err := i.Terminate(); err != nil {
			t.Errorf("%s: %v\n%s", i.Name, err, i.Log())
		}
		l.answered(t, pagesBetween)
		if err := i.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		l.answered(t, pagesBetween)
	}
	l.end(t)
	verify(t, c)
}

// TestKilledInstanceLosesNothing kills an instance under load (R1): whoever
// sends the same form again finds the answer saved.
func TestKilledInstanceLosesNothing(t *testing.T) {
	c := cluster.Start(t, 2)
	l := startLoad(t, c, true)
	l.answered(t, pagesBetween)
	c.Instances[1].Kill()
	l.answered(t, pagesBetween)
	if err := c.Instances[1].Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	l.answered(t, pagesBetween)
	l.end(t)
	verify(t, c)
}

// TestBalancerKeepsNobodyOnOneInstance lets one signed-in person ask for pages, one after the
// other: both instances answer the same number, and both know the session. What is alive after one
// of them was killed knows it too.
func TestBalancerKeepsNobodyOnOneInstance(t *testing.T) {
	const pages = 20
	c := cluster.Start(t, 2)
	person, err := client.New(c.URL())
	if err != nil {
		t.Fatal(err)
	}
	defer person.Close()
	if _, err := person.SignIn(t.Context(), "demo", "demo-candidate"); err != nil {
		t.Fatal(err)
	}
	before := sessionReads(t, c)
	for range pages {
		wantSignedIn(t, person)
	}
	for n, reads := range sessionReads(t, c) {
		// One more or less where the turn stood when it began and ended.
		if share := reads - before[n]; share < pages/2-1 || share > pages/2+1 {
			t.Errorf("%s answered %d of %d pages", c.Instances[n].Name, share, pages)
		}
	}
	c.Instances[0].Kill()
	wantSignedIn(t, person)
}

func wantSignedIn(t *testing.T, person *client.Client) {
	t.Helper()
	page, err := person.Get(t.Context(), "/")
	if err != nil || page.Status != http.StatusOK || page.Form(`input[name="password"]`) != nil {
		t.Errorf("signed in? %v, %v", page, err)
	}
}

// sessionReads is how many sessions each instance has read: one for each page that it answered, none
// for the balancer's own checks.
func sessionReads(t *testing.T, c *cluster.Cluster) []int {
	t.Helper()
	reads := make([]int, len(c.Instances))
	for n, i := range c.Instances {
		v, err := i.Metric(t.Context(), "shiken_session_reads_total")
		if err != nil {
			t.Fatal(err)
		}
		reads[n] = int(v)
	}
	return reads
}
