// Package storetest proves that a backend keeps the contract of package store: the rules of
// docs/design.md as far as they can be broken at that level, with real goroutines. Each test names
// the rule it proves. A backend's own test calls Run and tests nothing but its own.
package storetest

import (
	"context"
	"testing"

	"shiken/store"
)

// Backend is a fresh, empty, migrated store with what the suite needs beside the contract.
type Backend struct {
	store.Store
	// Exec alters the database behind the store's back, in a statement that both dialects know.
	Exec func(ctx context.Context, sql string, args ...any) error
	// Answer is how many statements an answer may take once everything is prepared.
	Answer int64
	// Again opens a second store on the same database, as another instance or a restart does.
	Again func(t *testing.T) store.Store
}

// Run runs the whole suite. open is called once for each group of tests.
func Run(t *testing.T, open func(t *testing.T) Backend) {
	t.Helper()
	groups := []struct {
		name  string
		tests map[string]func(*world)
	}{
		{"Answers", answerTests},
		{"Linear", linearTests},
		{"Closing", closingTests},
		{"Starts", startTests},
		{"Reading", readingTests},
		{"Accounts", accountTests},
		{"Cleaning", cleaningTests},
		{"Exams", examTests},
		{"Desk", deskTests},
		{"Audit", auditTests},
		{"People", peopleTests},
		{"Revising", reviseTests},
		{"Seats", seatTests},
		{"Targets", targetTests},
		{"Rejected", rejectedTests},
		{"Results", resultTests},
		{"Jobs", jobTests},
		{"Messages", messageTests},
		{"Verify", verifyTests},
		{"Verify audit", auditVerifyTests},
	}
	for _, g := range groups {
		t.Run(g.name, func(t *testing.T) {
			t.Parallel() // each on its own database; most of the time goes to waiting for the disk
			b := open(t)
			for name, test := range g.tests {
				t.Run(name, func(t *testing.T) { test(newWorld(t, b)) })
			}
		})
	}
}
