package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"modernc.org/sqlite"

	"shiken/store"
)

// pagesPerStep is how much of a file is copied between two looks at the context: 4 MiB.
const pagesPerStep = 1024

// ErrDamaged wraps what SQLite says of a file whose structure is broken.
var ErrDamaged = errors.New("store: the database file is damaged")

// Copy copies the database file at from to the new file at to, readable by its owner alone. The copy
// is from as it was at one point in time, with every commit that was acknowledged before the call,
// and is one file without any beside it, on the disk on return. Other processes may read and write
// from meanwhile and do not wait; they have fewer chances to empty its WAL. The copy's structure is
// checked (ErrDamaged). store.ErrNoDatabase when there is no file at from, fs.ErrExist when there is
// one at to. What a failed call left at to is for the caller to remove.
func Copy(ctx context.Context, from, to string) error {
	from, err := filepath.Abs(from)
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	if to, err = filepath.Abs(to); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	if _, err := os.Stat(from); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w: %s", store.ErrNoDatabase, from)
	} else if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	file, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	err = copyInto(ctx, from, to)
	if err == nil {
		err = checkStructure(ctx, to)
	}
	return errors.Join(err, file.Sync(), file.Close())
}

// copyInto fills the empty file at to. The read transaction around all steps is what makes the copy
// that of one point in time, and keeps a step from beginning anew when others have written.
func copyInto(ctx context.Context, from, to string) (err error) {
	pool, err := openPool(readerSource(from), 1)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, pool.Close()) }()
	source, err := pool.Conn(ctx)
	if err != nil {
		return classify(err)
	}
	defer func() { err = errors.Join(err, source.Close()) }()
	tx, err := source.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return classify(err)
	}
	defer func() { _ = tx.Rollback() }() // nothing was written
	var objects int
	if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_schema`).Scan(&objects); err != nil {
		return classify(err)
	}
	return classify(source.Raw(func(driver any) error { return copyPages(ctx, driver, to) }))
}

// copier is what the driver's connection has for a backup.
type copier interface {
	NewBackup(to string) (*sqlite.Backup, error)
}

// copyPages needs no journal at its target: a copy that ends early is thrown away.
func copyPages(ctx context.Context, driver any, to string) error {
	c, ok := driver.(copier)
	if !ok {
		return fmt.Errorf("store: %T makes no copies", driver)
	}
	b, err := c.NewBackup(source(to, busyTimeout, "journal_mode(OFF)", "synchronous(OFF)"))
	if err != nil {
		return err
	}
	for more := true; more && err == nil; {
		if more, err = b.Step(pagesPerStep); err == nil {
			err = ctx.Err()
		}
	}
	return errors.Join(err, b.Finish())
}

// checkStructure has SQLite walk through the file, indexes included.
func checkStructure(ctx context.Context, path string) (err error) {
	pool, err := openPool(readerSource(path), 1)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, pool.Close()) }()
	var found string
	if err := pool.QueryRowContext(ctx, `PRAGMA integrity_check(1)`).Scan(&found); err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, classify(err))
	}
	if found != "ok" {
		return fmt.Errorf("%w: %s", ErrDamaged, found)
	}
	return nil
}
