// Package backup takes copies of the data folder of the embedded shape, also while the program serves
// it, and restores them. A copy is a data folder itself: database, sessions, and the secret if the
// program made it; so it is as secret as the original, and `shiken --data COPY` works on it. The
// package knows no settings, terminal or HTTP. A cluster's database has tools of its own.
package backup

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"shiken/config"
	"shiken/store"
	"shiken/store/sqlite"
)

// ErrOccupied wraps the refusal to write where something is already.
var ErrOccupied = errors.New("backup: there is something already")

// ErrDamaged wraps what SQLite says of a database whose structure is broken: there is no copy of it.
var ErrDamaged = sqlite.ErrDamaged

// Copied says what a copy holds.
type Copied struct {
	// Verified counts what was found when the copy's journals were replayed (R11).
	store.Verified
	// Old reports that the database is of an older program, so that its journals were not replayed.
	Old bool
	// Secret reports that there is a secret in it. Without one it is SHIKEN_SECRET that must be kept.
	Secret bool
}

// Take copies the data folder from to the new folder to, making its parents where they are absent;
// ErrOccupied when to is there already. Everything acknowledged before the call is in the copy. The
// copy is complete and on the disk when to appears; a failed call leaves nothing but parents. Faults of journals, which
// the original has too, are written to w as store.Verify does, and counted: such a copy is kept.
func Take(ctx context.Context, from, to string, w io.Writer) (Copied, error) {
	to = filepath.Clean(to) // "copy/" is copy, not a name within it
	if err := free(to); err != nil {
		return Copied{}, err
	}
	if err := makeFolders(filepath.Dir(to)); err != nil {
		return Copied{}, err
	}
	// Its name tells it from a whole one, should the machine stop here.
	beside, err := os.MkdirTemp(filepath.Dir(to), filepath.Base(to)+".part-*")
	if err != nil {
		return Copied{}, fmt.Errorf("backup: %w", err)
	}
	defer os.RemoveAll(beside) //nolint:errcheck // after a success it is not there
	copied, err := fill(ctx, from, beside, w)
	if err != nil {
		return Copied{}, err
	}
	// A folder is never renamed onto a file or onto a folder that holds anything.
	if err := os.Rename(beside, to); err != nil {
		return Copied{}, fmt.Errorf("backup: %w", err)
	}
	return copied, syncFolder(filepath.Dir(to))
}

// Restore makes the folder into, made if absent, the data folder that from is a copy of. from is not
// changed. ErrOccupied when into holds a database, or anything else that belongs to one: nothing is
// ever overwritten. The database comes last, so that the program never starts on half a folder.
// Faults of journals are written to w and counted, and are no reason not to restore.
func Restore(ctx context.Context, from, into string, w io.Writer) (Copied, error) {
	if err := os.MkdirAll(into, 0o700); err != nil {
		return Copied{}, fmt.Errorf("backup: %w", err)
	}
	for _, name := range belonging() {
		if err := free(filepath.Join(into, name)); err != nil {
			return Copied{}, err
		}
	}
	within, err := os.MkdirTemp(into, "restore.part-*")
	if err != nil {
		return Copied{}, fmt.Errorf("backup: %w", err)
	}
	defer os.RemoveAll(within) //nolint:errcheck // copies only
	copied, err := fill(ctx, from, within, w)
	if err != nil {
		return Copied{}, err
	}
	for _, name := range kept() {
		if err := move(within, into, name); err != nil {
			return Copied{}, err
		}
	}
	return copied, syncFolder(into)
}

// kept lists what is copied, the database last.
func kept() []string {
	return []string{config.SecretFile, config.SessionsFile, config.DatabaseFile}
}

// belonging lists what must not be in a folder into which a database is restored: also what SQLite
// keeps beside its files, and would apply to a database that is put there.
func belonging() []string {
	names := kept()
	for _, file := range []string{config.SessionsFile, config.DatabaseFile} {
		for _, suffix := range []string{"-wal", "-shm", "-journal"} {
			names = append(names, file+suffix)
		}
	}
	return names
}

// makeFolders makes a folder and its parents where they are absent, for the owner alone, and waits for
// the disk.
func makeFolders(path string) error {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return nil
	}
	parent := filepath.Dir(path)
	if parent != path {
		if err := makeFolders(parent); err != nil {
			return err
		}
	}
	if err := os.Mkdir(path, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("backup: %w", err)
	}
	return syncFolder(parent)
}

// free returns ErrOccupied when there is something at path.
func free(path string) error {
	_, err := os.Lstat(path)
	if err == nil {
		return fmt.Errorf("%w: %s", ErrOccupied, path)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("backup: %w", err)
	}
	return nil
}

// move moves a file that may be absent; what is in its way stays.
func move(from, to, name string) error {
	err := os.Link(filepath.Join(from, name), filepath.Join(to, name))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case errors.Is(err, fs.ErrExist):
		return fmt.Errorf("%w: %s", ErrOccupied, filepath.Join(to, name))
	case err != nil:
		return fmt.Errorf("backup: %w", err)
	}
	return nil
}

// fill copies what is kept from a data folder into an empty one, and replays the copy's journals. The
// sessions come before the database: so each names a sign-in that the copy has.
func fill(ctx context.Context, from, to string, w io.Writer) (Copied, error) {
	var copied Copied
	err := sqlite.Copy(ctx, filepath.Join(from, config.SessionsFile), filepath.Join(to, config.SessionsFile))
	if err != nil && !errors.Is(err, store.ErrNoDatabase) {
		return copied, err
	}
	database := filepath.Join(to, config.DatabaseFile)
	if err := sqlite.Copy(ctx, filepath.Join(from, config.DatabaseFile), database); err != nil {
		return copied, err
	}
	if copied.Secret, err = copySecret(from, to); err != nil {
		return copied, err
	}
	copied.Verified, err = verify(ctx, database, w)
	if copied.Old = errors.Is(err, store.ErrNotMigrated); copied.Old {
		err = nil
	}
	return copied, errors.Join(err, syncFolder(to))
}

func verify(ctx context.Context, database string, w io.Writer) (found store.Verified, err error) {
	s, err := sqlite.OpenExisting(ctx, database)
	if err != nil {
		return found, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	return store.Verify(ctx, s, nil, w)
}

// copySecret reports whether there is one. It is read after the database: whoever made one while the
// copy was being taken had none before.
func copySecret(from, to string) (bool, error) {
	secret, err := os.ReadFile(filepath.Join(from, config.SecretFile))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("backup: %w", err)
	}
	return true, writeFile(filepath.Join(to, config.SecretFile), secret)
}

// writeFile writes a file for its owner alone, and waits for the disk.
func writeFile(path string, content []byte) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	_, err = io.Copy(file, bytes.NewReader(content))
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	return nil
}
