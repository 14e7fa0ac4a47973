package sqlite_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/uuid"

	"shiken/store"
	"shiken/store/sqlite"
)

// TestErasedIsOverwritten: once the file is closed, no free page of it holds what was erased.
func TestErasedIsOverwritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "shiken.db")
	const name = "a name that stands nowhere else"
	u := store.User{ID: uuid.NewString(), Username: "gone", Name: name, Roles: []store.Role{store.RoleCandidate}}
	act := store.Act{ActorName: "root", Action: store.ActCreateUser, Object: u.ID, Details: map[string]string{"name": name}}
	once := func(work func(s *sqlite.Store) error) {
		t.Helper()
		s, err := sqlite.Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := work(s); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	once(func(s *sqlite.Store) error { return s.By(act).CreateUser(t.Context(), u) })
	if !bytes.Contains(files(t, path), []byte(name)) {
		t.Fatal("the name is not in the file, so that this test proves nothing")
	}
	once(func(s *sqlite.Store) error {
		_, err := s.By(store.Act{ActorName: "root", Action: store.ActEraseUser, Object: u.ID}).Erase(t.Context(), u.ID)
		return err
	})
	if bytes.Contains(files(t, path), []byte(name)) {
		t.Error("the name is still in the file")
	}
}

// files is what the database's files hold together.
func files(t *testing.T, path string) []byte {
	t.Helper()
	found, err := filepath.Glob(path + "*")
	if err != nil {
		t.Fatal(err)
	}
	var out []byte
	for _, file := range found {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, data...)
	}
	return out
}
