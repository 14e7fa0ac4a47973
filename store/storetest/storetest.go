// Package storetest proves that a backend keeps the contract of package store: the rules of
// docs/design.md as far as they can be broken at that level, with real goroutines. Each test names
// the rule it proves. A backend's own test calls Run and tests nothing but its own.
package storetest

import (
	"context"
	"slices"
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

// group is a set of tests that share a backend.
type group struct {
	name  string
	tests map[string]func(*world)
}

var groups = []group{
	{"Answers", answerTests},
	{"Linear", linearTests},
	{"Closing", closingTests},
	{"Starts", startTests},
	{"Devices", deviceTests},
	{"Reading", readingTests},
	{"Accounts", accountTests},
	{"Cleaning", cleaningTests},
	{"Exams", examTests},
	{"Desk", deskTests},
	{"Bank", bankTests},
	{"Load", loadTests},
	{"Mends", mendTests},
	{"Media", mediaTests},
	{"Audit", auditTests},
	{"People", peopleTests},
	{"Accommodations", accommodationTests},
	{"Revising", reviseTests},
	{"Seats", seatTests},
	{"Targets", targetTests},
	{"Rejected", rejectedTests},
	{"Receipts", receiptTests},
	{"Results", resultTests},
	{"Keys", keyTests},
	{"Jobs", jobTests},
	{"Marking", markingTests},
	{"Practice", practiceTests},
	{"Messages", messageTests},
	{"Outages", outageTests},
	{"Erasure", erasureTests},
	{"Verify", verifyTests},
	{"Verify audit", auditVerifyTests},
}

// Run runs the whole suite. open is called once for each group of tests.
func Run(t *testing.T, open func(t *testing.T) Backend) {
	t.Helper()
	for _, g := range groups {
		g.run(t, open)
	}
}

// RunGroups is Run of some groups, for a store that keeps a part of the contract.
func RunGroups(t *testing.T, names []string, open func(t *testing.T) Backend) {
	t.Helper()
	for _, name := range names {
		i := slices.IndexFunc(groups, func(g group) bool { return g.name == name })
		if i < 0 {
			t.Fatalf("storetest: no group %q", name)
		}
		groups[i].run(t, open)
	}
}

func (g group) run(t *testing.T, open func(t *testing.T) Backend) {
	t.Run(g.name, func(t *testing.T) {
		t.Parallel() // each on its own database; most of the time goes to waiting for the disk
		b := open(t)
		for name, test := range g.tests {
			t.Run(name, func(t *testing.T) { test(newWorld(t, b)) })
		}
	})
}
