package sqlite_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/store"
)

// TestCallersWhoLeaveHarmNoLaterWrite cancels transactions at every point, BEGIN included, and wants
// each later statement to be committed: another connection sees it.
func TestCallersWhoLeaveHarmNoLaterWrite(t *testing.T) {
	const rounds, longest = 3_000, 80 // microseconds that a caller waits
	path := filepath.Join(t.TempDir(), "shiken.db")
	s := open(t, path)
	if _, err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	other := open(t, path)
	rng := rand.New(rand.NewPCG(1, 2))
	left := 0
	for round := range rounds {
		ctx, cancel := context.WithCancel(t.Context())
		patience := time.Duration(rng.IntN(longest)) * time.Microsecond
		go func() {
			for begun := time.Now(); time.Since(begun) < patience; { // a timer is too coarse
			}
			cancel()
		}()
		err := s.CreateUser(ctx, store.User{ID: uuid.NewString(), Username: uuid.NewString()})
		if errors.Is(err, context.Canceled) {
			left++
		} else if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		if round%10 == 0 {
			committed(t, round, s, other)
		}
	}
	if left == 0 || left == rounds {
		t.Errorf("%d of %d callers left in time: the test met nothing", left, rounds)
	}
}

// committed writes by one statement and wants it to be seen on another connection.
func committed(t *testing.T, round int, s, other store.Store) {
	t.Helper()
	account := uuid.NewString()
	if err := s.RecordFailedSignIn(t.Context(), account, "p"); err != nil {
		t.Fatalf("round %d: %v", round, err)
	}
	n, err := other.FailedSignIns(t.Context(), account, "p", exam.Minute)
	if err != nil || n != 1 {
		t.Fatalf("round %d: an acknowledged write was not committed (%d rows, %v)", round, n, err)
	}
}
