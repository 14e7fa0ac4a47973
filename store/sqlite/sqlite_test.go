package sqlite_test

import (
	"context"
	"database/sql"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"shiken/devtools/migrated"
	"shiken/migrations"
	"shiken/store"
	"shiken/store/sqlite"
	"shiken/store/storetest"
)

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Backend {
		path := filepath.Join(t.TempDir(), "ask? 100% #1.db")
		return storetest.Backend{
			Store:  migrated.SQLite(t, path),
			Exec:   execOn(t, path),
			Answer: 6, // read; begin, attempt, response, entry, commit
			Again:  func(t *testing.T) store.Store { return open(t, path) },
		}
	})
}

// TestStoreStaged stores every load in small transactions, as those of many questions are.
func TestStoreStaged(t *testing.T) {
	groups := []string{"Desk", "Bank", "Load", "Audit"}
	storetest.RunGroups(t, groups, func(t *testing.T) storetest.Backend {
		path := filepath.Join(t.TempDir(), "shiken.db")
		s := migrated.SQLite(t, path)
		s.StageFrom(1)
		return storetest.Backend{
			Store: s,
			Exec:  execOn(t, path),
			Again: func(t *testing.T) store.Store { return open(t, path) },
		}
	})
}

func TestMigrations(t *testing.T) {
	shipped, err := migrations.Steps(migrations.SQLite)
	if err != nil {
		t.Fatal(err)
	}
	storetest.RunMigrations(t, func(t *testing.T) storetest.Schema {
		path := filepath.Join(t.TempDir(), "shiken.db")
		return storetest.Schema{
			Open:     func(t *testing.T) storetest.Migrator { return open(t, path) },
			Existing: func(ctx context.Context) (store.Store, error) { return sqlite.OpenExisting(ctx, path) },
			Exec:     execOn(t, path),
			Shipped:  shipped,
			Next:     os.DirFS("../../migrations/testdata/sqlite"),
			TooNew:   migrations.ErrTooNew,
			Gap:      migrations.ErrGap,
		}
	})
}

func TestKills(t *testing.T) {
	storetest.RunKills(t, "../storetest/testdata/answerer", func(t *testing.T) (storetest.Backend, string) {
		path := filepath.Join(t.TempDir(), "shiken.db")
		return storetest.Backend{Store: migrated.SQLite(t, path)}, path
	})
}

func open(t testing.TB, path string) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), path)
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

// execOn alters a file as somebody with an SQLite shell does.
func execOn(t testing.TB, path string) func(context.Context, string, ...any) error {
	t.Helper()
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Path: path, RawQuery: "_pragma=busy_timeout(5000)"}).String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return func(ctx context.Context, text string, args ...any) error {
		_, err := db.ExecContext(ctx, text, args...)
		return err
	}
}
