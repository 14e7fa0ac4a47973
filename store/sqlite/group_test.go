package sqlite_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"shiken/devtools/hall"
	"shiken/devtools/migrated"
	"shiken/exam"
	"shiken/proctor"
	"shiken/store"
	"shiken/store/sqlite"
)

// noSessions: nobody here asks for a page.
type noSessions struct{}

func (noSessions) Commit(string, []byte, time.Time) error { return nil }

// sitting is a file with n attempts under way.
func sitting(t *testing.T, n int) (*sqlite.Store, []string) {
	t.Helper()
	s := migrated.SQLite(t, filepath.Join(t.TempDir(), "shiken.db"))
	h, err := hall.Fill(t.Context(), s, noSessions{}, hall.Options{Candidates: n, Questions: 1})
	if err != nil {
		t.Fatal(err)
	}
	var attempts []string
	for i := range h.Candidates {
		attempts = append(attempts, h.Candidates[i].Attempt)
	}
	return s, attempts
}

// commit gives an attempt a minute more, as it was read without knowing of the command.
func commit(ctx context.Context, t *testing.T, s store.Store, attempt, command string) error {
	snap, err := s.LoadAttempt(t.Context(), store.AttemptQuery{Attempt: attempt})
	if err != nil {
		return err
	}
	next, outcome, err := exam.Apply(snap.Paper, snap.Attempt, exam.Command{
		ID: command, Kind: exam.Extend, Actor: exam.Actor{Role: exam.Admin, ID: uuid.NewString()},
		Salt: proctor.NewSalt(), Amount: exam.Minute, Note: "late bus",
	}, snap.Now)
	if err != nil || outcome.Result != exam.Applied {
		return fmt.Errorf("%s %s: %w", outcome.Result, outcome.Reason, err)
	}
	return s.Commit(ctx, &snap, next, outcome)
}

// TestChangesThatWaitAreCommittedTogether keeps the connection while changes gather: they are
// committed by few transactions, and each has its own result.
func TestChangesThatWaitAreCommittedTogether(t *testing.T) {
	const many = 150 // more than two groups hold
	s, attempts := sitting(t, many)
	release, err := s.HoldWriter(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	errs := make([]error, many)
	var working sync.WaitGroup
	for i, a := range attempts {
		working.Go(func() { errs[i] = commit(t.Context(), t, s, a, uuid.NewString()) })
	}
	await(t, func() bool { return s.Waiting() == many })
	before := s.Statements()
	if err := release(); err != nil {
		t.Fatal(err)
	}
	working.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	// Each is an UPDATE and an INSERT; a transaction is a BEGIN and a COMMIT.
	if sent := s.Statements() - before - 2*many; sent > 2*3 {
		t.Errorf("%d transactions for %d changes", sent/2, many)
	}
	entries := map[string]int64{}
	for _, a := range attempts {
		entries[a] = 2
	}
	wantSound(t, s, attempts, entries)
}

// TestEachOfAGroupHasItsOwnResult: in one group are changes that are sound, two of one attempt, one that
// the database refuses, and one whose caller has left.
func TestEachOfAGroupHasItsOwnResult(t *testing.T) {
	s, attempts := sitting(t, 6)
	again := uuid.NewString()
	if err := commit(t.Context(), t, s, attempts[0], again); err != nil {
		t.Fatal(err)
	}
	release, err := s.HoldWriter(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	leaving, leave := context.WithCancel(t.Context())
	changes := []struct {
		ctx     context.Context
		attempt string
		command string
		err     error
	}{
		{t.Context(), attempts[1], uuid.NewString(), nil},
		{leaving, attempts[2], uuid.NewString(), context.Canceled},
		{t.Context(), attempts[0], again, store.ErrExists}, // its snapshot does not know of the command
		{t.Context(), attempts[3], uuid.NewString(), nil},
		{t.Context(), attempts[3], uuid.NewString(), store.ErrMoved},
	}
	errs := make([]error, len(changes))
	var working sync.WaitGroup
	for i, c := range changes {
		working.Go(func() { errs[i] = commit(c.ctx, t, s, c.attempt, c.command) })
		await(t, func() bool { return s.Waiting() == i+1 })
	}
	leave()
	await(t, func() bool { return s.Waiting() == len(changes)-1 })
	if err := release(); err != nil {
		t.Fatal(err)
	}
	working.Wait()
	for i, c := range changes {
		if !errors.Is(errs[i], c.err) || c.err == nil && errs[i] != nil {
			t.Errorf("change %d: %v, want %v", i, errs[i], c.err)
		}
	}
	wantSound(t, s, attempts, map[string]int64{attempts[0]: 2, attempts[1]: 2, attempts[3]: 2})
}

// TestChangeAfterTheEnd: who comes when the store is closed is told so.
func TestChangeAfterTheEnd(t *testing.T) {
	s, attempts := sitting(t, 1)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Commit(t.Context(), &store.Snapshot{Attempt: exam.Attempt{ID: attempts[0]}, Paper: &exam.Paper{}}, exam.Attempt{},
		exam.Outcome{Rejection: &exam.Rejection{Number: 1}}); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("error %v", err)
	}
}

func await(t *testing.T, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !holds(); {
		if time.Now().After(deadline) {
			t.Fatal("waited in vain")
		}
		time.Sleep(time.Millisecond)
	}
}

// wantSound wants every attempt to have so many entries, 1 where nothing is said, and verification to
// find no fault.
func wantSound(t *testing.T, s store.Store, attempts []string, entries map[string]int64) {
	t.Helper()
	for _, a := range attempts {
		snap, err := s.LoadAttempt(t.Context(), store.AttemptQuery{Attempt: a})
		if want := max(entries[a], 1); err != nil || snap.Attempt.Head.Seq != want {
			t.Errorf("attempt %s has %d entries (%v), want %d", a, snap.Attempt.Head.Seq, err, want)
		}
	}
	var said strings.Builder
	v, err := store.Verify(t.Context(), s, nil, &said)
	if err != nil || v.Faults > 0 || v.Attempts != len(attempts) {
		t.Errorf("%+v, %v:\n%s", v, err, said.String())
	}
}
