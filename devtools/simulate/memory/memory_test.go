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
	storetest.RunGroups(t, []string{"Answers", "Linear", "Closing", "Starts", "Devices", "Reading", "Accounts"},
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

// R9: gaps in the heartbeat are found once, and kept until they are settled.
func TestHeartbeat(t *testing.T) {
	now := exam.Instant(1)
	s, ctx := memory.New(func() exam.Instant { return now }), context.Background()
	var want []exam.Gap
	for _, silence := range []exam.Micros{0, store.MaxSilence, store.MaxSilence + 1, exam.Second, exam.Minute} {
		last := now
		now = now.Add(silence)
		if silence > store.MaxSilence {
			want = append(want, exam.Gap{Began: last, Ended: now})
		}
		for range 2 {
			if err := s.Beat(ctx); err != nil {
				t.Fatal(err)
			}
		}
	}
	for len(want) > 0 {
		p, err := s.Pulse(ctx)
		if err != nil || p.Last != now || len(p.Unsettled) != len(want) {
			t.Fatalf("pulse %+v, %v; want the gaps %v", p, err, want)
		}
		if p.Unsettled[0].Gap != want[0] {
			t.Errorf("gap %+v, want %+v", p.Unsettled[0].Gap, want[0])
		}
		if err := s.Settle(ctx, p.Unsettled[0].ID); err != nil {
			t.Fatal(err)
		}
		want = want[1:]
	}
	if p, err := s.Pulse(ctx); err != nil || len(p.Unsettled) > 0 {
		t.Errorf("%+v, %v", p, err)
	}
}
