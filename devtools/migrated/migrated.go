// Package migrated gives tests databases with the whole schema. The steps run
// once; each test gets a copy. That they run at all, from any
// state, is what the stores' own tests prove.
package migrated

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"shiken/store/sqlite"
)

// empty is the content of an SQLite file with the whole schema and no rows.
var empty = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "shiken-migrated-")
	if err != nil {
		return nil, err
	}
	path := filepath.Join(dir, "shiken.db")
	if err := migrate(context.Background(), path); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	content, err := os.ReadFile(path)
	return content, errors.Join(err, os.RemoveAll(dir))
})

func migrate(ctx context.Context, path string) error {
	s, err := sqlite.Open(ctx, path)
	if err != nil {
		return err
	}
	_, err = s.Migrate(ctx)
	return errors.Join(err, s.Close()) // the log is written back into the file
}

// File makes the file at path, which must not be there.
func File(path string) error {
	content, err := empty()
	if err != nil {
		return err
	}
	return os.WriteFile(path, content, 0o600)
}

// SQLite makes the file at path, which must not be there, and opens it. The
// store is closed with the test.
func SQLite(tb testing.TB, path string) *sqlite.Store {
	tb.Helper()
	if err := File(path); err != nil {
		tb.Fatal(err)
	}
	s, err := sqlite.Open(context.Background(), path)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Errorf("close: %v", err)
		}
	})
	return s
}
