package memory_test

import (
	"context"
	"testing"
	"time"

	"shiken/devtools/simulate/memory"
	"shiken/exam"
	"shiken/store"
	"shiken/store/storetest"
)

// What a sitting needs of the contract is kept as the databases keep it.
func TestStore(t *testing.T) {
	storetest.RunGroups(t, []string{"Answers", "Linear", "Closing", "Starts", "Reading", "Accounts"},
		func(*testing.T) storetest.Backend {
			s := memory.New(func() exam.Instant { return exam.Instant(time.Now().UnixMicro()) })
			return storetest.Backend{
				Store:  s,
				Answer: 2, // read; commit
				Again:  func(*testing.T) store.Store { return s },
			}
		})
}

// Whoever alters what was read alters nothing that is stored.
func TestNothingIsShared(t *testing.T) {
	s := memory.New(func() exam.Instant { return 1 })
	u := store.User{ID: "10000000-0000-4000-8000-000000000000", Username: "ann", Roles: []store.Role{store.RoleCandidate}}
	if err := s.CreateUser(context.Background(), u); err != nil {
		t.Fatal(err)
	}
	u.Roles[0] = store.RoleAdmin
	for range 2 {
		read, err := s.UserByID(context.Background(), u.ID)
		if err != nil || read.Roles[0] != store.RoleCandidate {
			t.Fatalf("read %+v, %v", read, err)
		}
		read.Roles[0] = store.RoleAdmin
	}
}
