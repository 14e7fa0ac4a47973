package postgres_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"shiken/devtools/services"
	"shiken/store"
	"shiken/store/postgres"
	"shiken/store/storetest"
)

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Backend {
		url := services.Postgres(t)
		s := open(t, url)
		if _, err := s.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		return storetest.Backend{
			Store: s,
			Exec:  execOn(t, url),
			Again: func(t *testing.T) store.Store { return open(t, url) },
		}
	})
}

func open(t *testing.T, url string) *postgres.Store {
	t.Helper()
	s, err := postgres.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s
}

// execOn alters a database as somebody with psql does.
func execOn(t *testing.T, url string) func(context.Context, string, ...any) error {
	t.Helper()
	pool, err := pgxpool.New(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return func(ctx context.Context, text string, args ...any) error {
		_, err := pool.Exec(ctx, text, args...)
		return err
	}
}
