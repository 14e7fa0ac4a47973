package backup_test

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"shiken/backup"
	"shiken/store"
	"shiken/store/sqlite"
)

// dataFolder makes a data folder with one user, as the program leaves it.
func dataFolder(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	s, err := sqlite.Open(t.Context(), filepath.Join(folder, "shiken.db"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	user := store.User{ID: uuid.NewString(), Username: "kept", Roles: []store.Role{store.RoleCandidate}}
	act := store.Act{ActorName: "test", Action: store.ActCreateUser, Object: user.ID}
	if err := errors.Join(s.By(act).CreateUser(t.Context(), user), s.Close()); err != nil {
		t.Fatal(err)
	}
	sessions := openFile(t, filepath.Join(folder, "sessions.db"))
	if _, err := sessions.ExecContext(t.Context(), `CREATE TABLE sessions (token TEXT)`); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(sessions.Close(), os.WriteFile(filepath.Join(folder, "secret"), []byte("secret\n"), 0o600)); err != nil {
		t.Fatal(err)
	}
	return folder
}

func openFile(t *testing.T, path string) *sql.DB {
	t.Helper()
	db, err := sqlite.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// alter changes a database behind the program's back.
func alter(t *testing.T, folder, statement string) {
	t.Helper()
	db := openFile(t, filepath.Join(folder, "shiken.db"))
	result, err := db.ExecContext(t.Context(), statement)
	if err == nil {
		if n, _ := result.RowsAffected(); n == 0 {
			t.Errorf("%s changed nothing", statement)
		}
	}
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
}

// names lists a folder.
func names(t *testing.T, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, e := range entries {
		list = append(list, e.Name())
		info, err := e.Info()
		if err != nil || runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: %v, %v: not its owner's alone", e.Name(), info.Mode(), err)
		}
	}
	return list
}

var whole = []string{"secret", "sessions.db", "shiken.db"}

func TestTakeAndRestore(t *testing.T) {
	to := filepath.Join(t.TempDir(), "backups", "2026", "copy") // its parents are made
	copied, err := backup.Take(t.Context(), dataFolder(t), to, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(filepath.Dir(to)); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o700 {
		t.Errorf("others may look into its parent: %v, %v", info.Mode(), err)
	}
	if copied.Entries != 1 || copied.Faults != 0 || copied.Old || !copied.Secret {
		t.Errorf("copied %+v", copied)
	}
	if got := names(t, to); !slices.Equal(got, whole) {
		t.Errorf("the copy holds %q", got)
	}
	if got := names(t, filepath.Dir(to)); !slices.Equal(got, []string{"copy"}) {
		t.Errorf("beside the copy: %q", got)
	}
	restored := filepath.Join(t.TempDir(), "new", "data")
	if again, err := backup.Restore(t.Context(), to, restored, io.Discard); err != nil || !reflect.DeepEqual(again, copied) {
		t.Errorf("restored %+v, %v", again, err)
	}
	if got := names(t, restored); !slices.Equal(got, whole) {
		t.Errorf("restored: %q", got)
	}
	s, err := sqlite.OpenExisting(t.Context(), filepath.Join(restored, "shiken.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	if _, err := s.UserByName(t.Context(), "kept"); err != nil {
		t.Error(err)
	}
}

// A shell that completes names puts a slash behind a folder's.
func TestTakeKnowsAFolderByItsSlash(t *testing.T) {
	parent := t.TempDir()
	if _, err := backup.Take(t.Context(), dataFolder(t), filepath.Join(parent, "copy")+"/", io.Discard); err != nil {
		t.Fatal(err)
	}
	if got := names(t, filepath.Join(parent, "copy")); !slices.Equal(got, whole) {
		t.Errorf("the copy holds %q", got)
	}
}

func TestTakeOverwritesNothing(t *testing.T) {
	from, to := dataFolder(t), t.TempDir()
	if _, err := backup.Take(t.Context(), from, to, io.Discard); !errors.Is(err, backup.ErrOccupied) {
		t.Errorf("error %v, want %v", err, backup.ErrOccupied)
	}
	if got := names(t, to); len(got) > 0 {
		t.Errorf("it holds %q", got)
	}
}

// What is there of another database would be lost, or be applied to the restored one.
func TestRestoreOverwritesNothing(t *testing.T) {
	from := dataFolder(t)
	for _, name := range append([]string{"shiken.db-wal", "shiken.db-shm", "shiken.db-journal", "sessions.db-wal"}, whole...) {
		t.Run(name, func(t *testing.T) {
			into := t.TempDir()
			if err := os.WriteFile(filepath.Join(into, name), []byte("other"), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := backup.Restore(t.Context(), from, into, io.Discard)
			if !errors.Is(err, backup.ErrOccupied) || !strings.Contains(err.Error(), name) {
				t.Errorf("error %v, want %v naming %s", err, backup.ErrOccupied, name)
			}
			if got := names(t, into); !slices.Equal(got, []string{name}) {
				t.Errorf("it holds %q", got)
			}
		})
	}
}

// TestFailedCopiesLeaveNothing: neither where a backup was to be, nor in a data folder.
func TestFailedCopiesLeaveNothing(t *testing.T) {
	whole := dataFolder(t)
	left, leave := context.WithCancel(t.Context())
	leave()
	tests := []struct {
		name string
		ctx  context.Context
		from string
		want error
	}{
		{"no database", t.Context(), t.TempDir(), store.ErrNoDatabase},
		{"no folder", t.Context(), filepath.Join(whole, "none"), store.ErrNoDatabase},
		{"damaged", t.Context(), damaged(t), backup.ErrDamaged},
		{"interrupted", left, whole, context.Canceled},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			parent, into := t.TempDir(), t.TempDir()
			_, taking := backup.Take(tt.ctx, tt.from, filepath.Join(parent, "copy"), io.Discard)
			_, restoring := backup.Restore(tt.ctx, tt.from, into, io.Discard)
			if !errors.Is(taking, tt.want) || !errors.Is(restoring, tt.want) {
				t.Errorf("errors %v and %v, want %v", taking, restoring, tt.want)
			}
			if a, b := names(t, parent), names(t, into); len(a)+len(b) > 0 {
				t.Errorf("left: %q, %q", a, b)
			}
		})
	}
}

// damaged makes a data folder whose database lost a page.
func damaged(t *testing.T) string {
	t.Helper()
	folder := dataFolder(t)
	file, err := os.OpenFile(filepath.Join(folder, "shiken.db"), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = file.WriteAt([]byte(strings.Repeat("lost", 1024)), 4096)
	if err := errors.Join(err, file.Close()); err != nil {
		t.Fatal(err)
	}
	return folder
}

// TestFaultsAreToldAndKept (R11): a copy with the original's faults may be the best there is.
func TestFaultsAreToldAndKept(t *testing.T) {
	from, to := dataFolder(t), filepath.Join(t.TempDir(), "copy")
	alter(t, from, `UPDATE audit SET object = 'another'`)
	var faults strings.Builder
	copied, err := backup.Take(t.Context(), from, to, &faults)
	if err != nil || copied.Faults == 0 || !strings.Contains(faults.String(), "audit") {
		t.Errorf("copied %+v, %v; told %q", copied, err, &faults)
	}
	if got := names(t, to); !slices.Equal(got, whole) {
		t.Errorf("the copy holds %q", got)
	}
}

// The database of an older program is copied before the newer one migrates it.
func TestAnOlderDatabaseIsCopied(t *testing.T) {
	from, to := t.TempDir(), filepath.Join(t.TempDir(), "copy")
	s, err := sqlite.Open(t.Context(), filepath.Join(from, "shiken.db"))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	copied, err := backup.Take(t.Context(), from, to, io.Discard)
	if err != nil || !copied.Old || copied.Secret {
		t.Errorf("copied %+v, %v", copied, err)
	}
	if got := names(t, to); !slices.Equal(got, []string{"shiken.db"}) {
		t.Errorf("the copy holds %q", got)
	}
}
