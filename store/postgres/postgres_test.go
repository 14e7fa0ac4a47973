package postgres_test

import (
	"context"
	"os"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"shiken/devtools/migrated"
	"shiken/devtools/services"
	"shiken/migrations"
	"shiken/store"
	"shiken/store/postgres"
	"shiken/store/storetest"
)

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Backend {
		url := migrated.Postgres(t)
		return storetest.Backend{
			Store:  open(t, url),
			Exec:   execOn(t, url),
			Answer: 2, // read; compare, write and commit
			Again:  func(t *testing.T) store.Store { return open(t, url) },
		}
	})
}

func TestMigrations(t *testing.T) {
	shipped, err := migrations.Steps(migrations.Postgres)
	if err != nil {
		t.Fatal(err)
	}
	storetest.RunMigrations(t, func(t *testing.T) storetest.Schema {
		url := services.Postgres(t)
		return storetest.Schema{
			Open:     func(t *testing.T) storetest.Migrator { return open(t, url) },
			Existing: func(ctx context.Context) (store.Store, error) { return postgres.OpenExisting(ctx, url) },
			Exec:     execOn(t, url),
			Shipped:  shipped,
			Next:     os.DirFS("../../migrations/testdata/postgres"),
			TooNew:   migrations.ErrTooNew,
			Gap:      migrations.ErrGap,
		}
	})
}

func TestKills(t *testing.T) {
	storetest.RunKills(t, "../storetest/testdata/answerer", func(t *testing.T) (storetest.Backend, string) {
		url := migrated.Postgres(t)
		return storetest.Backend{Store: open(t, url)}, url
	})
}

func open(t testing.TB, url string) *postgres.Store {
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
func execOn(t testing.TB, url string) func(context.Context, string, ...any) error {
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
