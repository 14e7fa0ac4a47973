package sqlite_test

import (
	"path/filepath"
	"testing"

	"shiken/store/storetest"
)

func BenchmarkSeats(b *testing.B) { storetest.BenchmarkSeats(b, measured) }

func BenchmarkErasure(b *testing.B) { storetest.BenchmarkErasure(b, measured) }

// measured is the backend of a benchmark.
func measured(tb testing.TB) storetest.Backend {
	path := filepath.Join(tb.TempDir(), "shiken.db")
	s := open(tb, path)
	if _, err := s.Migrate(tb.Context()); err != nil {
		tb.Fatal(err)
	}
	return storetest.Backend{Store: s, Exec: execOn(tb, path)}
}
