package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestSessionsStayInTheDataFolder opens sessions in folders whose names mean something in a URL.
func TestSessionsStayInTheDataFolder(t *testing.T) {
	for _, name := range []string{"plain", "data ?x", "a#b", "100%41", "file:x?mode=memory"} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			folder := filepath.Join(root, name)
			if err := os.Mkdir(folder, 0o700); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(folder, "sessions.db")
			keepSession(t, path)
			if found := entries(t, root); !slices.Equal(found, []string{name}) {
				t.Errorf("beside the data folder stands %q", found)
			}
			info, err := os.Stat(path)
			if err != nil || info.Size() == 0 || info.Mode().Perm() != 0o600 {
				t.Errorf("sessions.db: %v, %v", info, err)
			}
		})
	}
}

// keepSession opens, writes, reads and closes, as two starts do.
func keepSession(t *testing.T, path string) {
	t.Helper()
	for range 2 {
		s, err := openLocalSessions(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.store.Probe(t.Context()); err != nil {
			t.Error(err)
		}
		if err := s.close(); err != nil {
			t.Fatal(err)
		}
	}
}

func entries(t *testing.T, folder string) []string {
	t.Helper()
	list, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range list {
		names = append(names, e.Name())
	}
	return names
}

func TestSessionsSayWhatTheyCannotUse(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sessions.db")
	if err := os.WriteFile(path, []byte(strings.Repeat("no database ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	if s, err := openLocalSessions(t.Context(), path); err == nil {
		t.Errorf("a file that is no database was opened: %v", s.close())
	}
}
