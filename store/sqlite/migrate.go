package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"time"

	"shiken/migrations"
	"shiken/store"
)

// lockPatience is how long a process waits for another's migration.
const lockPatience = 10 * time.Minute

// Migrate brings the schema up to date and returns how many steps that took.
func (s *Store) Migrate(ctx context.Context) (int, error) {
	steps, err := migrations.Steps(migrations.SQLite)
	if err != nil {
		return 0, err
	}
	applied, err := s.MigrateWith(ctx, steps)
	if err == nil {
		_, err = s.IndexQuestions(ctx, math.MaxInt)
	}
	return applied, err
}

// MigrateWith is Migrate with given steps, for tests of the way from one schema to the next.
func (s *Store) MigrateWith(ctx context.Context, steps fs.FS) (applied int, err error) {
	unlock, err := lock(ctx, s.path)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	pool, err := openPool(writerSource(s.path), 1)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, pool.Close()) }()
	return migrations.Up(ctx, migrations.SQLite, pool, steps)
}

// checkSchema reads whether the schema is up to date.
func (s *Store) checkSchema(ctx context.Context) error {
	steps, err := migrations.Steps(migrations.SQLite)
	if err != nil {
		return err
	}
	err = migrations.Check(ctx, migrations.SQLite, s.db.reading, steps)
	if errors.Is(err, migrations.ErrBehind) {
		err = fmt.Errorf("%w: %w", store.ErrNotMigrated, err)
	}
	return classify(err)
}

// lock holds an exclusive transaction on an empty database beside the one at path. Unlike a lock
// file's existence it ends with the process, and unlike flock every system has it.
func lock(ctx context.Context, path string) (unlock func() error, err error) {
	path += ".lock"
	if err := makeFile(path); err != nil {
		return nil, err
	}
	pool, err := openPool(source(path, lockPatience), 1)
	if err != nil {
		return nil, err
	}
	held, err := pool.Conn(ctx)
	if err == nil {
		_, err = held.ExecContext(ctx, `BEGIN EXCLUSIVE`)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("store: lock the database: %w", classify(err)), pool.Close())
	}
	return func() error {
		_, err := held.ExecContext(context.WithoutCancel(ctx), `ROLLBACK`)
		return errors.Join(err, held.Close(), pool.Close())
	}, nil
}
