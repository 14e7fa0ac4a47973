package e2e_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"shiken/devtools/client"
	"shiken/devtools/cluster"
	"shiken/exam"
)

// hurried is an exam whose time is over within an outage.
var hurried = strings.NewReplacer("exam: brief", "exam: hurried", "grace: 3s", "grace: 2s").
	Replace(briefExam)

// outageTime is longer than what is left to anybody who sits that exam, grace included.
const outageTime = 14500 * time.Millisecond

// hurry lets candidates begin the exam, each with one answer acknowledged and one to be sent.
func hurry(t *testing.T, i *cluster.Instance, n int) []*interrupted {
	t.Helper()
	load(t, i, "hurried.yaml", hurried)
	var people []*client.Client
	for _, a := range candidates(t, i, n) {
		people = append(people, signedIn(t, i.URL(), a))
	}
	sat := make([]*interrupted, n)
	var all sync.WaitGroup
	for k, person := range people {
		all.Go(func() { sat[k] = interruptibleIn(t, person, "hurried") })
	}
	all.Wait()
	if t.Failed() {
		t.FailNow()
	}
	return sat
}

// passes waits until a moment has come.
func passes(t *testing.T, moment time.Time) {
	t.Helper()
	await(t, "the end of the outage", func() error {
		if left := time.Until(moment); left > 0 {
			return fmt.Errorf("%v are left", left)
		}
		return nil
	})
}

// everybodyHasMore wants all to have the same time, a minute after the outage, and both answers; then
// all hand in, and are marked.
func everybodyHasMore(t *testing.T, sat []*interrupted, back time.Time) {
	t.Helper()
	deadlines := map[string]int{}
	for _, x := range sat {
		deadline := get(t, x.person, x.form.Action).Data("deadline")
		deadlines[deadline]++
		at, err := time.Parse(time.RFC3339, deadline)
		if err != nil || at.Before(back.Add(time.Duration(exam.AfterOutage)*time.Microsecond)) {
			t.Errorf("the deadline is %q (%v), the outage ended after %v", deadline, err, back)
		}
	}
	if len(deadlines) != 1 {
		t.Errorf("everybody has the same minute, and has it once: %v", deadlines)
	}
	for _, x := range sat {
		handIn(t, x)
	}
}

func handIn(t *testing.T, x *interrupted) {
	t.Helper()
	_, err := x.person.Submit(t.Context(), get(t, x.person, "/attempts/"+x.attempt+"/review"))
	if err != nil {
		t.Fatal(err)
	}
	awaitPhase(t, x, "submitted")
}

func awaitPhase(t *testing.T, x *interrupted, status string) {
	t.Helper()
	await(t, "the result", func() error {
		page := get(t, x.person, "/attempts/"+x.attempt+"/result")
		return errors.Join(wantData(page, "status", status), wantData(page, "phase", "done"))
	})
}

// TestOverTheDeadline: what dies while the time of candidates ends costs nobody an answer.
func TestOverTheDeadline(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		test func(*testing.T)
	}{
		{"the database is down", databaseDown},
		{"the program dies while it gives the time back", killedSettling},
		{"the program dies between closing and marking", killedUnmarked},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel() // most of it is waiting
			tt.test(t)
		})
	}
}

// databaseDown (R1, R9): Postgres is killed while candidates write, and is away when
// their time is over. Their pages send again: nobody loses an answer, nobody is late. A worker of
// the database may outlive it by a moment, and commit: then the answer counts already.
func databaseDown(t *testing.T) {
	c := cluster.Start(t, 2, func(o *cluster.Options) { o.NoBalancer, o.Binary = true, program(t) })
	sat := hurry(t, c.Instances[0], 6)
	if err := c.Postgres.Kill(); err != nil {
		t.Fatal(err)
	}
	end := time.Now().Add(outageTime)
	var requests []request
	for n, x := range sat {
		requests = append(requests, press(c.Instances[n%len(c.Instances)].URL(), x.person, x.form, "next"))
	}
	refused := 0
	for _, got := range atOnce(t, requests) {
		switch {
		case got.err == nil && got.status == http.StatusServiceUnavailable:
			refused++
		case got.err != nil || got.status != http.StatusSeeOther:
			t.Errorf("without a database: %d, %v", got.status, got.err)
		}
	}
	if refused == 0 {
		t.Error("nobody was told that there is no database")
	}
	passes(t, end)
	back := time.Now()
	if err := c.Postgres.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	for n, x := range sat {
		x.sentAgain(t, c.Instances[n%len(c.Instances)])
	}
	everybodyHasMore(t, sat, back)
	verify(t, c.Instances[0])
}

// killedSettling (R9): the program is down when the time of all is over; it is started again
// and dies in the middle of giving that back, and once more before it knows that all have it.
func killedSettling(t *testing.T) {
	i := prepareEmbedded(t, program(t, "-tags=failpoints"))
	start(t, i.Instance)
	sat := hurry(t, i.Instance, 5)
	i.Kill()
	passes(t, time.Now().Add(outageTime))
	back := time.Now()
	for _, point := range []string{"after_outage_extension:3", "before_settled"} {
		armed := i.armed(t, point)
		startAndDie(t, armed)
	}
	start(t, i.Instance)
	for _, x := range sat {
		x.sentAgain(t, i.Instance)
	}
	everybodyHasMore(t, sat, back)
	verify(t, i.Instance)
}

// startAndDie starts an instance that ends by itself, perhaps before it is ready.
func startAndDie(t *testing.T, i *cluster.Instance) {
	t.Helper()
	_ = i.Start(t.Context()) // an error when it was dead before it was asked
	select {
	case <-i.Done():
	case <-time.After(patience):
		t.Fatal("the instance lives")
	}
}

// killedUnmarked (R13): what was closed is marked when the program is there again.
func killedUnmarked(t *testing.T) {
	i := prepareEmbedded(t, program(t, "-tags=failpoints"))
	armed := i.armed(t, "after_expire")
	start(t, armed)
	x := hurry(t, armed, 1)[0]
	<-armed.Done()
	start(t, i.Instance)
	awaitPhase(t, x, "expired")
	verify(t, i.Instance)
}
