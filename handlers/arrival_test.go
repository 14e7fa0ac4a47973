package handlers_test

import (
	"context"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/store"
)

// gated is a site whose attempts cannot be read until the gate is opened, with an attempt of ann's
// that began so long ago, and a form that answers its first question.
func gated(t *testing.T, ago exam.Micros) (s *site, gate slow, c *client, attempt string, form url.Values) {
	gate = slow{arrived: make(chan struct{}, 1), open: make(chan struct{})}
	s = newSite(t, func(s *site) {
		s.between = func(in store.Store) store.Store { gate.Store = in; return gate }
	})
	s.questions(2)
	s.exam()
	c = s.signedIn("ann")
	attempt = s.beganAt("ann", ago)
	return s, gate, c, attempt, url.Values{
		"rev": {"0"}, "command_id": {uuid.NewString()}, "page": {uuid.NewString()}, "seq": {"1"}, "opening": {"1"},
		"answer": {s.choice(attempt, 1, 0)}, "action": {"next"},
	}
}

// until polls for a condition, on a busy machine for long.
func until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited in vain until %s", what)
		}
	}
}

// R8: a command arrives when its body was read; what the instance holds it for does not count.
func TestHeldCommandArrivesWhenItWasRead(t *testing.T) {
	t.Parallel()
	margin := 1500 * exam.Millisecond
	for !heldOverTheEnd(t, margin) { // a busy machine did not read it in time
		if margin *= 4; margin > 2*exam.Minute {
			t.Fatal("no command was read in time")
		}
	}
}

// heldOverTheEnd holds a command, sent when there was so much time left, until the time is over. It reports false where
// it came too late itself.
func heldOverTheEnd(t *testing.T, margin exam.Micros) bool {
	t.Helper()
	s, gate, c, attempt, form := gated(t, 30*exam.Minute+10*exam.Second-margin)
	over := s.stored(attempt).Deadline.Add(10 * exam.Second)
	answers := make(chan *answer, 1)
	go func() {
		a, err := c.try(c.postRequest(attempt+"/questions/1", form))
		if err != nil {
			t.Error(err)
		}
		answers <- a
	}()
	<-gate.arrived
	isOver := func() bool { return exam.Instant(time.Now().UnixMicro()) > over }
	if isOver() {
		close(gate.open)
		<-answers
		return false
	}
	until(t, "the time is over", isOver)
	close(gate.open)
	(<-answers).leads(attempt + "/questions/2")
	if arrived := s.stored(attempt).Records[1].Entry.Arrived; arrived > over {
		t.Errorf("arrived %d µs late", arrived.Sub(over))
	}
	c.post(attempt+"/questions/1", with(form, "command_id", uuid.NewString())).rejected(http.StatusConflict, "time_up")
	return true
}

// R1: whoever closes the window behind a click means the click.
func TestClientThatIsGoneMeansItsClick(t *testing.T) {
	t.Parallel()
	s, gate, c, attempt, form := gated(t, 0)
	ctx, leave := context.WithCancel(t.Context())
	gone := make(chan error, 1)
	go func() {
		_, err := c.try(c.postRequest(attempt+"/questions/1", form).WithContext(ctx))
		gone <- err
	}()
	<-gate.arrived
	leave()
	if err := <-gone; err == nil {
		t.Fatal("the client was answered")
	}
	close(gate.open)
	until(t, "the click is on record", func() bool { return s.entries(attempt, exam.Move) == 1 })
	c.post(attempt+"/questions/1", form).leads(attempt + "/questions/2")
}
