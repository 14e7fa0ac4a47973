package sqlite_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"shiken/store"
	"shiken/store/sqlite"
)

func TestDurableSettingsAreReadBack(t *testing.T) {
	tests := []struct {
		pragma string
		names  []string // in the error; nil = sound
	}{
		{"synchronous = FULL", nil},
		{"synchronous = EXTRA", nil},
		{"synchronous = NORMAL", []string{"synchronous = 1"}},
		{"synchronous = OFF", []string{"synchronous = 0"}},
		{"journal_mode = DELETE", []string{"journal_mode = delete"}},
	}
	for _, tt := range tests {
		t.Run(tt.pragma, func(t *testing.T) {
			s := open(t, filepath.Join(t.TempDir(), "shiken.db"))
			if err := s.CheckDurable(t.Context()); err != nil {
				t.Fatalf("as opened: %v", err)
			}
			if err := s.SetOnWriter(t.Context(), tt.pragma); err != nil {
				t.Fatal(err)
			}
			err := s.CheckDurable(t.Context())
			if tt.names == nil {
				if err != nil {
					t.Errorf("refused: %v", err)
				}
				return
			}
			for _, name := range tt.names {
				if !errors.Is(err, store.ErrNotDurable) || !strings.Contains(err.Error(), name) {
					t.Errorf("error %v, want %v naming %q", err, store.ErrNotDurable, name)
				}
			}
		})
	}
}

func TestFilesAreTheOwnersAlone(t *testing.T) {
	folder := t.TempDir()
	s := open(t, filepath.Join(folder, "shiken.db"))
	if _, err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.CreateUser(t.Context(), store.User{ID: "u", Username: "u"}); err != nil {
		t.Fatal(err)
	}
	files := 0
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		info, err := d.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v", d.Name(), info.Mode())
		}
		return err
	})
	if err != nil || files < 2 {
		t.Errorf("%d files, %v", files, err)
	}
}

func TestOpenSaysWhatItCannotUse(t *testing.T) {
	if _, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "absent", "shiken.db")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a folder that is not there: %v", err)
	}
	path := filepath.Join(t.TempDir(), "shiken.db")
	if err := os.WriteFile(path, []byte(strings.Repeat("no database ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	if s, err := sqlite.Open(t.Context(), path); err == nil {
		t.Errorf("a file that is no database was opened: %v", s.Close())
	}
}

func TestReadingMakesNothing(t *testing.T) {
	folder := t.TempDir()
	for _, path := range []string{filepath.Join(folder, "shiken.db"), filepath.Join(folder, "absent", "shiken.db")} {
		if _, err := sqlite.OpenExisting(t.Context(), path); !errors.Is(err, store.ErrNoDatabase) ||
			!strings.Contains(err.Error(), path) {
			t.Errorf("error %v, want %v naming %s", err, store.ErrNoDatabase, path)
		}
	}
	if made, err := os.ReadDir(folder); err != nil || len(made) > 0 {
		t.Errorf("made %v, %v", made, err)
	}
	empty := filepath.Join(folder, "empty.db")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := sqlite.OpenExisting(t.Context(), empty); !errors.Is(err, store.ErrNotMigrated) {
		t.Errorf("an empty file: %v, want %v", err, store.ErrNotMigrated)
	}
	if info, err := os.Stat(empty); err != nil || info.Size() != 0 {
		t.Errorf("the empty file is now %v, %v", info, err)
	}
}

func TestWaitingForTheWriterEndsWithTheCaller(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "shiken.db"))
	if _, err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	release, err := s.HoldWriter(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := release(); err != nil {
			t.Error(err)
		}
	}()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := s.CreateUser(ctx, store.User{ID: "u", Username: "u"}); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("error %v, want %v", err, store.ErrUnavailable)
	}
	if _, err := s.CountUsers(t.Context()); err != nil {
		t.Errorf("a read waited for the writer: %v", err)
	}
}

func TestClosedStoreRefuses(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "shiken.db"))
	if _, err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.CreateUser(t.Context(), store.User{ID: "u", Username: "u"}); err == nil {
		t.Error("a closed store wrote")
	}
	if err := s.Ping(t.Context()); err == nil {
		t.Error("a closed store answered")
	}
}
