package e2e_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"shiken/devtools/client"
	"shiken/devtools/cluster"
	"shiken/devtools/hall"
)

// many attempts are under way where all of them are extended. devtools/sitting does it with thousands,
// and looks at the clock.
var many = hall.Options{Candidates: 300, Questions: 20}

// TestExtendAllWhileTheyWrite (R2): copies of one form, sent at once, give everybody ten minutes more,
// once, while candidates save answers.
func TestExtendAllWhileTheyWrite(t *testing.T) {
	t.Parallel()
	i := prepareEmbedded(t, program(t))
	start(t, i.Instance)
	h, err := hall.InFolder(t.Context(), i.env["SHIKEN_DATA"], many)
	must(t, err)
	dora := sits(t, i.URL(), &h.Admin)
	stop := writing(t, i.URL(), h.Candidates[:6])
	form := extendAll(t, dora)
	job := "/admin/jobs/" + form.Fields.Get("job")
	var requests []request
	for range copies {
		requests = append(requests, press(i.URL(), dora, form, ""))
	}
	for _, got := range atOnce(t, requests) {
		if got.location != job {
			t.Errorf("answered %d %q (%v), want %q", got.status, got.location, got.err, job)
		}
	}
	awaitJob(t, dora, job)
	stop()
	extendedOnce(t, i.URL(), h)
	verify(t, i.Instance)
}

// TestExtendAllKilledInTheMiddle (R2): the instance that extends everybody dies of it; the form is sent
// again to another, which goes on, and every attempt is extended once.
func TestExtendAllKilledInTheMiddle(t *testing.T) {
	t.Parallel()
	const dies = 100
	c := cluster.Start(t, 1, func(o *cluster.Options) { o.NoBalancer, o.Binary = true, program(t, "-tags=failpoints") })
	survivor := c.Instances[0]
	h, err := hall.InCluster(t.Context(), c.DatabaseURL(), c.Redis.URL(), many)
	must(t, err)
	armed, err := c.Extra("armed", map[string]string{"SHIKEN_FAILPOINT": fmt.Sprintf("after_job_command:%d", dies)})
	must(t, err)
	start(t, armed)
	t.Cleanup(armed.Kill)
	dora := sits(t, survivor.URL(), &h.Admin)
	stop := writing(t, survivor.URL(), h.Candidates[:6])
	form := extendAll(t, dora)
	// The survivor must not be the one that begins.
	must(t, survivor.Freeze())
	_ = press(armed.URL(), dora, form, "").send(t)
	<-armed.Done()
	must(t, survivor.Thaw())
	const extensions = `SELECT count(*) FROM journal WHERE kind = $1`
	if n := countRows(t, c.DatabaseURL(), extensions, "extend"); n < dies || n == many.Candidates {
		t.Fatalf("%d were extended when the instance died", n)
	}
	awaitJob(t, dora, sentAgain(t, dora, form))
	stop()
	extendedOnce(t, survivor.URL(), h)
	if n := countRows(t, c.DatabaseURL(), extensions, "extend"); n != many.Candidates {
		t.Errorf("%d entries, want %d", n, many.Candidates)
	}
	verify(t, survivor)
}

// sits is the browser of somebody of a hall.
func sits(t *testing.T, base string, p *hall.Person) *client.Client {
	t.Helper()
	c, err := client.New(base)
	must(t, err)
	t.Cleanup(c.Close)
	c.Keep(p.Cookie())
	return c
}

// extendAll is the form that gives everybody ten minutes more.
func extendAll(t *testing.T, admin *client.Client) *client.Form {
	t.Helper()
	form, err := admin.PlanForAll(t.Context(), hall.Exam, "extend", 10, "fire alarm")
	must(t, err)
	return form
}

// writing lets candidates answer, each as fast as can be, until the function is called; every answer
// must be acknowledged.
func writing(t *testing.T, base string, who []hall.Person) (stop func()) {
	t.Helper()
	ctx, end := context.WithCancel(t.Context())
	var work sync.WaitGroup
	for n := range who {
		c := sits(t, base, &who[n])
		work.Go(func() {
			page, err := c.Get(ctx, "/attempts/"+who[n].Attempt+"/questions/1")
			for err == nil && page.IsQuestion() {
				page, err = c.Answer(ctx, page, func(int) int { return 0 }, "next")
			}
			if err != nil && !errors.Is(err, context.Canceled) {
				t.Errorf("%s: %v", who[n].Username, err)
			}
		})
	}
	return func() { end(); work.Wait() }
}

// sentAgain sends a confirmation until it leads to its job, whose address it returns.
func sentAgain(t *testing.T, c *client.Client, form *client.Form) string {
	t.Helper()
	want := "/admin/jobs/" + form.Fields.Get("job")
	await(t, "the job", func() error {
		page, err := c.Post(t.Context(), form.Action, form.Fields)
		if err != nil || page.URL.Path != want {
			return errors.Join(err, fmt.Errorf("%s", page))
		}
		return nil
	})
	return want
}

// awaitJob waits until the job has given its command to everybody.
func awaitJob(t *testing.T, admin *client.Client, job string) {
	t.Helper()
	await(t, "the end of the job", func() error {
		page := get(t, admin, job)
		return errors.Join(wantData(page, "ended", "true"), wantData(page, "applied", fmt.Sprint(many.Candidates)))
	})
}

// extendedOnce wants everybody's page to say ten minutes more than before.
func extendedOnce(t *testing.T, base string, h *hall.Hall) {
	t.Helper()
	for n := range h.Candidates {
		who := &h.Candidates[n]
		page := get(t, sits(t, base, who), "/attempts/"+who.Attempt+"/questions/1")
		deadline, err := time.Parse(time.RFC3339Nano, page.Data("deadline"))
		if more := deadline.Sub(who.Deadline); err != nil || more != 10*time.Minute {
			t.Errorf("%s has %s more (%v)", who.Username, more, err)
		}
	}
}
