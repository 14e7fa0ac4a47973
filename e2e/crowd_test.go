package e2e_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"shiken/devtools/client"
	"shiken/devtools/cluster"
)

// awayFor is how long a part stays away: what SHIKEN_TEST_OUTAGE says, else a few seconds.
func awayFor(t *testing.T) time.Duration {
	t.Helper()
	text := os.Getenv("SHIKEN_TEST_OUTAGE")
	if text == "" {
		return time.Second
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		t.Fatalf("SHIKEN_TEST_OUTAGE: %v", err)
	}
	return d
}

// crowd is candidates who sit the sample exam again and again, each with one browser without
// JavaScript, from before an outage until after it.
type crowd struct {
	// insist: on a page that says that it could not be served they press its button, or ask again.
	insist bool
	pages  atomic.Int64 // acknowledged answers
	failed atomic.Int64 // answers of 5xx that they met
	stop   atomic.Bool
	all    sync.WaitGroup

	mu    sync.Mutex
	acked []string // the commands of acknowledged answers
	err   error
}

// gather lets candidates begin.
func gather(t *testing.T, c *cluster.Cluster, accounts []cluster.Account, insist bool) *crowd {
	t.Helper()
	x := &crowd{insist: insist}
	for _, a := range accounts {
		person := signedIn(t, c.URL(), a)
		x.all.Go(func() {
			for !x.stop.Load() {
				if err := x.sit(t.Context(), person); err != nil {
					x.note(func() { x.err = errors.Join(x.err, err) })
					return
				}
			}
		})
	}
	t.Cleanup(func() { x.stop.Store(true); x.all.Wait() })
	return x
}

func (x *crowd) note(what func()) {
	x.mu.Lock()
	defer x.mu.Unlock()
	what()
}

// sit sits the exam once, from its page to the result.
func (x *crowd) sit(ctx context.Context, person *client.Client) error {
	page, err := x.get(ctx, person, "/exams/sample-free")
	if err != nil {
		return err
	}
	if page, err = x.press(ctx, person, page.Form("input[name=seen]"), ""); err != nil {
		return err
	}
	for page.IsQuestion() {
		form := page.Form(client.QuestionForm)
		form.Fill(func(n int) int { return int(x.pages.Load()) % n })
		if page, err = x.press(ctx, person, form, "next"); err != nil {
			return err
		}
		x.pages.Add(1)
		x.note(func() { x.acked = append(x.acked, form.Fields.Get("command_id")) })
	}
	_, err = x.press(ctx, person, page.Form("input[name=opening]"), "")
	return err
}

func (x *crowd) get(ctx context.Context, person *client.Client, path string) (*client.Page, error) {
	return x.until(ctx, http.StatusOK, func() (*client.Page, error) { return person.Get(ctx, path) })
}

// press sends the form until it is acknowledged, and where the redirect leads to a page that could not
// be served, asks for that.
func (x *crowd) press(ctx context.Context, person *client.Client, f *client.Form, action string) (*client.Page, error) {
	if f == nil {
		return nil, errors.New("the page has not the form that it should")
	}
	page, err := x.until(ctx, http.StatusSeeOther, func() (*client.Page, error) {
		page, err := person.Press(ctx, f, action)
		if err == nil && page.Answered == http.StatusServiceUnavailable {
			if f, action = page.Form("[name=command_id]"), ""; f == nil {
				err = fmt.Errorf("the page keeps no command: %s", page)
			}
		}
		return page, err
	})
	if err != nil || page.Status == http.StatusOK {
		return page, err
	}
	return x.get(ctx, person, page.URL.Path)
}

// until asks until the answer has the status.
func (x *crowd) until(ctx context.Context, status int, ask func() (*client.Page, error)) (*client.Page, error) {
	for {
		page, err := ask()
		switch {
		case err != nil:
			return nil, err
		case page.Answered == status && (x.insist || page.Status < http.StatusInternalServerError):
			return page, nil
		case !x.insist || page.Answered != http.StatusServiceUnavailable:
			return nil, fmt.Errorf("answered %d, then %s", page.Answered, page)
		}
		x.failed.Add(1)
		if err := pass(ctx, 200*time.Millisecond); err != nil {
			return nil, err
		}
	}
}

// pass lets time go by.
func pass(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// answers waits until so many more answers are acknowledged.
func (x *crowd) answers(t *testing.T, more int64) {
	t.Helper()
	goal := x.pages.Load() + more
	await(t, "acknowledged answers", func() error {
		var err error
		x.note(func() { err = x.err })
		if n := x.pages.Load(); err == nil && n < goal {
			return fmt.Errorf("%d of %d", n, goal)
		}
		return err
	})
}

// goHome ends the sittings, and wants every acknowledged answer to stand in the journal, once.
func (x *crowd) goHome(t *testing.T, c *cluster.Cluster) {
	t.Helper()
	x.stop.Store(true)
	x.all.Wait()
	if x.err != nil {
		t.Errorf("a candidate met: %v", x.err)
	}
	conn, err := pgx.Connect(t.Context(), c.DatabaseURL())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(t.Context()) }() // only read
	var entries, commands int
	const sql = `SELECT count(*), count(DISTINCT command) FROM journal WHERE command = ANY($1)`
	if err := conn.QueryRow(t.Context(), sql, x.acked).Scan(&entries, &commands); err != nil {
		t.Fatal(err)
	}
	if entries != len(x.acked) || commands != len(x.acked) {
		t.Errorf("%d answers acknowledged, %d entries of %d commands in the journal", len(x.acked), entries, commands)
	}
	t.Logf("%d answers acknowledged, 503 met %d times", len(x.acked), x.failed.Load())
	verify(t, c.Instances[0])
}
