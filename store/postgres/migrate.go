package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"math"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"shiken/migrations"
	"shiken/store"
)

// migrationLock names the advisory lock: "shiken" on a telephone's keys.
const migrationLock = 744536

// Migrate brings the schema up to date and returns how many steps that took.
func (s *Store) Migrate(ctx context.Context) (int, error) {
	steps, err := migrations.Steps(migrations.Postgres)
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
	holder, err := pgx.ConnectConfig(ctx, s.untimed())
	if err != nil {
		return 0, classify(err)
	}
	// The lock belongs to the connection and ends with it.
	defer func() { err = errors.Join(err, holder.Close(context.WithoutCancel(ctx))) }()
	if _, err := holder.Exec(ctx, `SELECT pg_advisory_lock($1)`, int64(migrationLock)); err != nil {
		return 0, fmt.Errorf("store: lock the migrations: %w", classify(err))
	}
	pool := stdlib.OpenDB(*s.untimed())
	defer func() { err = errors.Join(err, pool.Close()) }()
	return upUndisturbed(ctx, pool, steps)
}

// upTries is how often a step is begun that deadlocks with the answers of running instances.
const upTries = 10

// upUndisturbed applies the steps. Each is one transaction, so one that the database undid for the
// sake of an answer under way is simply begun again.
func upUndisturbed(ctx context.Context, pool *sql.DB, steps fs.FS) (applied int, err error) {
	for range upTries {
		var n int
		n, err = migrations.Up(ctx, migrations.Postgres, pool, steps)
		applied += n
		if !errors.Is(classify(err), store.ErrRolledBack) {
			break
		}
	}
	return applied, err
}

// checkSchema reads whether the schema is up to date.
func (s *Store) checkSchema(ctx context.Context) (err error) {
	steps, err := migrations.Steps(migrations.Postgres)
	if err != nil {
		return err
	}
	pool := stdlib.OpenDBFromPool(s.pool)
	defer func() { err = errors.Join(err, pool.Close()) }()
	err = migrations.Check(ctx, migrations.Postgres, pool, steps)
	if errors.Is(err, migrations.ErrBehind) {
		err = fmt.Errorf("%w: %w", store.ErrNotMigrated, err)
	}
	return classify(err)
}
