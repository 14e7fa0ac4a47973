package storetest

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/store"
)

// erasedEntries are how many entries of the audit log the benchmark's person has made.
const erasedEntries = 10_000

// BenchmarkErasure measures the erasure of somebody who has made 10,000 entries of the audit log, each of which it
// changes.
func BenchmarkErasure(b *testing.B, open func(testing.TB) Backend) {
	ctx, s := context.Background(), open(b)
	d := exam.Definition{Slug: "test"}
	if err := s.PutDefinition(ctx, d); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		b.StopTimer()
		person := busy(b, s, d.Slug)
		b.StartTimer()
		if _, err := s.By(store.Act{ActorName: "root", Action: store.ActEraseUser, Object: person}).Erase(ctx, person); err != nil {
			b.Fatal(err)
		}
	}
}

// busy is somebody who has made many entries.
func busy(b *testing.B, s store.Store, slug string) string {
	u := store.User{ID: uuid.NewString(), Name: "Busy", Roles: []store.Role{store.RoleAuthor}}
	u.Username = "busy-" + u.ID
	if err := s.CreateUser(b.Context(), u); err != nil {
		b.Fatal(err)
	}
	for i := range erasedEntries {
		act := store.Act{Actor: u.ID, ActorName: u.Username, Action: store.ActReleaseResults, Object: slug, Details: fmt.Sprint(i)}
		if err := s.By(act).SetReleased(b.Context(), slug, store.ByHand{Score: exam.Instant(i + 1)}); err != nil {
			b.Fatal(err)
		}
	}
	return u.ID
}
