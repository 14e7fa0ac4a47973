package handlers_test

import (
	"context"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"shiken/store"
)

// silent is a store whose database answers nothing more, and ends nothing, while it is told so.
type silent struct {
	store.Store
	now *atomic.Bool
}

func (s silent) wait(ctx context.Context) error {
	if !s.now.Load() {
		return nil
	}
	<-ctx.Done()
	return ctx.Err()
}

func (s silent) LoadAttempt(ctx context.Context, q store.AttemptQuery) (store.Snapshot, error) {
	if err := s.wait(ctx); err != nil {
		return store.Snapshot{}, err
	}
	return s.Store.LoadAttempt(ctx, q)
}

func (s silent) RevokeSignIn(ctx context.Context, signIn string) error {
	if err := s.wait(ctx); err != nil {
		return err
	}
	return s.Store.RevokeSignIn(ctx, signIn)
}

// TestSilentDatabaseHoldsNobody: neither a page nor a sign-out waits for a database that is silent for as
// long as the network does; afterwards the session's turn is free again.
func TestSilentDatabaseHoldsNobody(t *testing.T) {
	t.Parallel()
	now := &atomic.Bool{}
	s := newSite(t, func(s *site) { s.between = func(in store.Store) store.Store { return silent{in, now} } })
	s.questions(2)
	s.exam()
	c := s.signedIn("ann")
	attempt := c.start()
	t.Cleanup(s.log.forget) // failures are logged at error level, as they should be
	s.server.SetPatience(50 * time.Millisecond)
	now.Store(true)
	if a := c.get(attempt + "/questions/1").status(http.StatusServiceUnavailable); a.header.Get("Retry-After") == "" {
		t.Error("a page without Retry-After")
	}
	c.post("/logout", nil).status(http.StatusServiceUnavailable)
	now.Store(false)
	s.server.SetPatience(time.Minute)
	c.get(attempt + "/questions/1").status(http.StatusOK)
	c.post("/logout", nil).leads("/login")
}

// TestStreamsTakeTheirTime: the bound of other requests does not end them.
func TestStreamsTakeTheirTime(t *testing.T) {
	t.Parallel()
	s, ann, attempt := sat(t, 1)
	s.runBoard()
	const patience = 3 * time.Second // enough for a slow machine to begin the stream
	s.server.SetPatience(patience)
	s.server.SetBeat(patience / 5)
	l := ann.listen(attempt)
	for signs := 0; signs < 8; { // by then the bound is over
		if !l.lines.Scan() {
			t.Fatalf("it ended after %d signs of life", signs)
		}
		if strings.HasPrefix(l.lines.Text(), ":") {
			signs++
		}
	}
}
