package sessionguard_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"shiken/sessionguard"
)

// trials is how often each race is run, every time with other interleavings. The race detector
// needs few of them; the answer that comes in a wrong order once in a while is looked for without: in
// ten thousand trials of all races together.
func trials() int {
	if raceEnabled {
		return 100
	}
	return 800
}

// inTrials runs a race on two instances, some at a time. SQLite is left out:
// its store stands under the same locker and the same comparison as memory's.
func inTrials(t *testing.T, race func(t *testing.T, a, b *site)) {
	t.Helper()
	for _, s := range shapes {
		if s.name != "sqlite" {
			t.Run(s.name, func(t *testing.T) { runTrials(t, s.open(t), race) })
		}
	}
}

func runTrials(t *testing.T, next func() instance, race func(t *testing.T, a, b *site)) {
	t.Helper()
	const atOnce = 4
	work := make(chan struct{})
	var all sync.WaitGroup
	for range atOnce {
		rows := newRows()
		a, b := withRows(t, next(), rows), withRows(t, next(), rows)
		all.Go(func() {
			for range work {
				race(t, a, b)
			}
		})
	}
	for range trials() {
		if t.Failed() {
			break
		}
		work <- struct{}{}
	}
	close(work)
	all.Wait()
}

// together starts all at once, in any order.
func together(actors ...func()) {
	rand.Shuffle(len(actors), func(i, j int) { actors[i], actors[j] = actors[j], actors[i] })
	var all sync.WaitGroup
	for _, act := range actors {
		all.Go(func() { yield(); act() })
	}
	all.Wait()
}

// mishap takes from the session what an outage would, in every second trial: itself, its lock, or both.
func (s *site) mishap(token string) {
	for _, happens := range []func(){
		func() { s.lose(token) },
		func() {
			if s.loseLock != nil {
				s.loseLock(sessionguard.HashToken(token))
			}
		},
	} {
		if rand.N(3) == 0 {
			yield()
			happens()
		}
	}
}

// wantOut: the tokens sign nobody in, here and there, however often they are tried.
func wantOut(t *testing.T, a, b *site, tokens ...string) {
	t.Helper()
	for _, token := range tokens {
		a.do("POST", "/put?key=k&value=v", token).want(t, 401, "signed out")
		a.do("GET", "/me", token).want(t, 401, "signed out")
		b.do("GET", "/me", token).want(t, 401, "signed out")
	}
}

func TestRequestInFlightDoesNotUndoSignOut(t *testing.T) {
	inTrials(t, func(t *testing.T, a, b *site) {
		token := a.signIn()
		together(
			func() { a.do("POST", "/put?key=k&value=v", token) },
			func() { b.do("POST", "/put?key=l&value=v", token) },
			func() { b.do("GET", "/get?key=k", token) },
			func() { b.do("POST", "/logout", token) },
			func() { a.mishap(token) },
		)
		if a.exists(token) {
			t.Error("the session is back after sign-out")
		}
		wantOut(t, a, b, token)
	})
}

// An admin ends the sign-in: its row alone, whatever the store has.
func TestRequestInFlightDoesNotUndoKick(t *testing.T) {
	inTrials(t, func(t *testing.T, a, b *site) {
		token := a.signIn()
		var renewed string
		together(
			func() { a.do("POST", "/put?key=k&value=v", token) },
			func() { b.do("GET", "/get?key=k", token) },
			func() { renewed = b.do("POST", "/renew", token).token() },
			func() { yield(); a.signIns.revoke(token) },
			func() { a.mishap(token) },
		)
		wantOut(t, a, b, token, renewed)
	})
}

// The lock is a courtesy: without it the store alone must keep a session out.
func TestRequestInFlightWithoutLockDoesNotUndoSignOut(t *testing.T) {
	shape := openRedis(t)
	rows := newRows()
	a, b := withRows(t, shape.instance(), rows), withRows(t, shape.instance(), rows)
	for range trials() {
		token := a.signIn()
		together(
			func() { shape.loseLock(sessionguard.HashToken(token)) },
			func() { a.do("POST", "/put?key=k&value=v", token) },
			func() { a.do("POST", "/renew", token) },
			func() { b.do("POST", "/logout", token) },
			func() { shape.loseLock(sessionguard.HashToken(token)) },
		)
		if a.exists(token) {
			t.Fatal("the session is back after sign-out")
		}
	}
}

func TestRequestInFlightDoesNotUndoDeletionOfAllSessions(t *testing.T) {
	inTrials(t, func(t *testing.T, a, b *site) {
		tokens := []string{a.signIn(), b.signIn()}
		together(
			func() { a.do("POST", "/put?key=k&value=v", tokens[0]) },
			func() { b.do("POST", "/put?key=k&value=v", tokens[1]) },
			func() { b.do("GET", "/get?key=k", tokens[0]) },
			func() {
				a.signIns.revokeAll()
				for _, token := range tokens {
					if err := b.store.DeleteCtx(context.Background(), sessionguard.HashToken(token)); err != nil {
						t.Error(err)
					}
				}
			},
		)
		for _, token := range tokens {
			if a.exists(token) {
				t.Error("a session is back after all were deleted")
			}
		}
	})
}

// Sign-out everywhere revokes the sign-in rows, so that a session that even
// renewed its token meanwhile does not authenticate.
func TestRequestInFlightDoesNotUndoSignOutEverywhere(t *testing.T) {
	inTrials(t, func(t *testing.T, a, b *site) {
		tokens := []string{a.signIn(), b.signIn()}
		var renewed string
		together(
			func() { a.do("POST", "/put?key=k&value=v", tokens[0]) },
			func() { renewed = b.do("POST", "/renew", tokens[1]).token() },
			func() { b.do("POST", "/put?key=k&value=v", tokens[1]) },
			func() { a.mishap(tokens[rand.N(2)]) },
			a.signIns.revokeAll,
		)
		wantOut(t, a, b, append(tokens, renewed)...)
	})
}

// A password change revokes all sign-ins and begins one under a new token.
func TestRequestInFlightDoesNotUndoPasswordChange(t *testing.T) {
	inTrials(t, func(t *testing.T, a, b *site) {
		a.signIns.revokeAll() // those of earlier trials
		here, elsewhere := a.signIn(), b.signIn()
		var changed, renewed string
		together(
			func() { changed = a.do("POST", "/password", here).token() },
			func() { b.do("POST", "/put?key=k&value=v", here) },
			func() { b.do("GET", "/get?key=k", here) },
			func() { a.do("POST", "/put?key=k&value=v", elsewhere) },
			func() { renewed = b.do("POST", "/renew", elsewhere).token() },
			func() { a.mishap([]string{here, elsewhere}[rand.N(2)]) },
		)
		a.do("GET", "/me", changed).want(t, 200, "signed in")
		wantOut(t, a, b, here, elsewhere, renewed)
		if b.exists(here) {
			t.Error("the session is back under its old token")
		}
	})
}

func TestRequestInFlightDoesNotUndoTokenRenewal(t *testing.T) {
	inTrials(t, func(t *testing.T, a, b *site) {
		old := a.signIn()
		var put *answer
		var lost bool
		renewed := make([]string, 2)
		together(
			func() { renewed[0] = a.do("POST", "/renew", old).token() },
			func() { renewed[1] = b.do("POST", "/renew", old).token() },
			func() { put = b.do("POST", "/put?key=k&value=v", old) },
			func() { b.do("GET", "/get?key=k", old) },
			func() {
				lost = rand.N(2) == 0
				if lost {
					a.mishap(old)
				}
			},
		)
		if a.exists(old) {
			t.Error("the session is back under its old token")
		}
		renewed = slices.DeleteFunc(renewed, func(token string) bool { return token == "" })
		if len(renewed) != 1 {
			t.Fatalf("%d requests renewed the same token, want 1", len(renewed))
		}
		if got := a.value(renewed[0], "k"); !lost && put.StatusCode == 202 && got != "v" {
			t.Errorf("put before the renewal, but the new session has k = %q", got)
		}
	})
}
