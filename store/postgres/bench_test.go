package postgres_test

import (
	"testing"

	"shiken/devtools/services"
	"shiken/store/storetest"
)

func BenchmarkSeats(b *testing.B) { storetest.BenchmarkSeats(b, measured) }

func BenchmarkErasure(b *testing.B) { storetest.BenchmarkErasure(b, measured) }

// measured is the backend of a benchmark.
func measured(tb testing.TB) storetest.Backend {
	url := services.Postgres(tb)
	s := open(tb, url)
	if _, err := s.Migrate(tb.Context()); err != nil {
		tb.Fatal(err)
	}
	return storetest.Backend{Store: s, Exec: execOn(tb, url)}
}
