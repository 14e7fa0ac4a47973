package sqlite_test

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"shiken/store"
	"shiken/store/sqlite"
)

// spread is how many rows each transaction changes; with their padding they fill several steps of a copy.
const spread = 12

// ledger makes a file in which every transaction writes one number into rows all over it.
func ledger(t *testing.T) (path string, db *sql.DB) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "ledger.db")
	db, err := sqlite.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	statements := []string{`CREATE TABLE ledger (place INTEGER PRIMARY KEY, written INTEGER NOT NULL, padding BLOB)`}
	for range spread {
		statements = append(statements, `INSERT INTO ledger (written, padding) VALUES (0, randomblob(1000000))`)
	}
	for _, s := range statements {
		if _, err := db.ExecContext(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	return path, db
}

// TestCopyIsOfOnePointInTime (R1) copies a file that is written to all the time, and wants all of one
// transaction or nothing of it, and every one that was acknowledged before the copy began.
func TestCopyIsOfOnePointInTime(t *testing.T) {
	path, db := ledger(t)
	var acknowledged atomic.Int64
	ctx, stop := context.WithCancel(t.Context())
	var writer sync.WaitGroup
	writer.Go(func() {
		for n := int64(1); ctx.Err() == nil; n++ {
			if _, err := db.ExecContext(ctx, `UPDATE ledger SET written = $1`, n); err == nil {
				acknowledged.Store(n)
			} else if ctx.Err() == nil {
				t.Error(err)
			}
		}
	})
	defer writer.Wait()
	defer stop()
	var during int64
	for range 3 {
		before := acknowledged.Load()
		to := filepath.Join(t.TempDir(), "copy.db")
		if err := sqlite.Copy(t.Context(), path, to); err != nil {
			t.Fatal(err)
		}
		during += acknowledged.Load() - before
		least, most := written(t, to)
		if least != most || least < before {
			t.Errorf("the copy holds transactions %d to %d, %d were acknowledged before it", least, most, before)
		}
	}
	if during == 0 {
		t.Error("nothing was written while copies were made: the test met nothing")
	}
}

func written(t *testing.T, path string) (least, most int64) {
	t.Helper()
	files, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(files) != 1 {
		t.Errorf("beside the copy: %v, %v", files, err)
	}
	db, err := sqlite.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if err := db.QueryRowContext(t.Context(), `SELECT min(written), max(written) FROM ledger`).Scan(&least, &most); err != nil {
		t.Fatal(err)
	}
	return least, most
}

func TestCopyRefuses(t *testing.T) {
	path, db := ledger(t)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	damaged := filepath.Join(t.TempDir(), "damaged.db")
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for at := 4096; at < 8*4096; at++ {
		content[at] ^= 0x5A
	}
	if err := os.WriteFile(damaged, content, 0o600); err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	left, leave := context.WithCancel(t.Context())
	leave()
	tests := []struct {
		name     string
		ctx      context.Context
		from, to string
		want     error
	}{
		{"no database", t.Context(), filepath.Join(folder, "none.db"), filepath.Join(folder, "a"), store.ErrNoDatabase},
		{"a file in the way", t.Context(), path, damaged, fs.ErrExist},
		{"damaged", t.Context(), damaged, filepath.Join(folder, "b"), sqlite.ErrDamaged},
		{"interrupted", left, path, filepath.Join(folder, "c"), context.Canceled},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if err := sqlite.Copy(tt.ctx, tt.from, tt.to); !errors.Is(err, tt.want) {
				t.Errorf("error %v, want %v", err, tt.want)
			}
		})
	}
}
