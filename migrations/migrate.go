package migrations

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

//go:embed postgres/*.sql sqlite/*.sql
var shipped embed.FS

// Errors of Up.
var (
	// ErrTooNew: the schema was contracted beyond what this program understands.
	ErrTooNew = errors.New("migrations: the database is newer than this program")
	// ErrGap: a step is missing among those shipped, or among those applied.
	ErrGap = errors.New("migrations: gap in the numbering")
	// ErrBehind: steps of this program were not applied yet.
	ErrBehind = errors.New("migrations: the database is older than this program")
)

// Dialect names a database.
type Dialect string

// The databases that steps are written for. The value is the folder of the steps.
const (
	Postgres Dialect = "postgres"
	SQLite   Dialect = "sqlite"
)

// Steps returns the shipped steps of a dialect.
func Steps(d Dialect) (fs.FS, error) { return fs.Sub(shipped, string(d)) }

// Up applies the steps that are missing, in order, and returns how many it applied. The caller MUST
// hold a lock that every instance on the database takes, and give a pool without time limits.
func Up(ctx context.Context, d Dialect, db *sql.DB, steps fs.FS) (int, error) {
	provider, err := newProvider(d, db, steps)
	if err != nil {
		return 0, err
	}
	known, err := lastStep(provider)
	if err != nil {
		return 0, err
	}
	if err := checkCompatible(ctx, provider, db, known); err != nil {
		return 0, err
	}
	applied, err := provider.Up(ctx)
	var partial *goose.PartialError
	switch {
	case errors.As(err, &partial):
		return len(partial.Applied), fmt.Errorf("migrations: step %s: %w", partial.Failed.Source.Path, partial.Err)
	case err != nil:
		return 0, fmt.Errorf("migrations: %w", err)
	}
	return len(applied), checkApplied(ctx, provider, known)
}

// Check reports, without writing anything, whether this program can work with a database as it is:
// ErrBehind when a step is missing, ErrTooNew as Up does.
func Check(ctx context.Context, d Dialect, db *sql.DB, steps fs.FS) error {
	provider, err := newProvider(d, db, steps)
	if err != nil {
		return err
	}
	known, err := lastStep(provider)
	if err != nil {
		return err
	}
	current, err := appliedStep(ctx, d, db)
	if err != nil {
		return err
	}
	if current < known {
		return fmt.Errorf("%w: it has schema %d, this program needs %d", ErrBehind, current, known)
	}
	return checkOldest(ctx, db, current, known)
}

// hasVersions tells whether any step was ever applied.
var hasVersions = map[Dialect]string{
	Postgres: `SELECT to_regclass('goose_db_version') IS NOT NULL`,
	SQLite:   `SELECT count(*) > 0 FROM sqlite_schema WHERE type = 'table' AND name = 'goose_db_version'`,
}

// appliedStep reads the number of the last step that was applied, 0 when there is none. The
// provider's own way to it would make its table.
func appliedStep(ctx context.Context, d Dialect, db *sql.DB) (int64, error) {
	var (
		begun bool
		last  int64
	)
	err := db.QueryRowContext(ctx, hasVersions[d]).Scan(&begun)
	if err == nil && begun {
		const query = `SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied`
		err = db.QueryRowContext(ctx, query).Scan(&last)
	}
	if err != nil {
		return 0, fmt.Errorf("migrations: read the schema's version: %w", err)
	}
	return last, nil
}

func newProvider(d Dialect, db *sql.DB, steps fs.FS) (*goose.Provider, error) {
	dialect := goose.DialectSQLite3
	if d == Postgres {
		dialect = goose.DialectPostgres
	}
	provider, err := goose.NewProvider(dialect, db, steps, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return nil, fmt.Errorf("migrations: read the steps: %w", err)
	}
	return provider, nil
}

// lastStep returns the number of the last step, having checked that none is missing before it.
func lastStep(p *goose.Provider) (int64, error) {
	sources := p.ListSources()
	for i, s := range sources {
		if s.Version != int64(i+1) {
			return 0, fmt.Errorf("%w: step %d stands where %d should", ErrGap, s.Version, i+1)
		}
	}
	return int64(len(sources)), nil
}

// checkCompatible refuses a database whose schema was contracted beyond this program.
func checkCompatible(ctx context.Context, p *goose.Provider, db *sql.DB, known int64) error {
	current, err := p.GetDBVersion(ctx)
	if err != nil {
		return fmt.Errorf("migrations: read the schema's version: %w", err)
	}
	return checkOldest(ctx, db, current, known)
}

func checkOldest(ctx context.Context, db *sql.DB, current, known int64) error {
	if current <= known {
		return nil
	}
	var oldest int64
	const query = `SELECT oldest FROM schema_compatibility WHERE only_row = 1`
	if err := db.QueryRowContext(ctx, query).Scan(&oldest); err != nil {
		return fmt.Errorf("migrations: read schema_compatibility: %w", err)
	}
	if oldest > known {
		return fmt.Errorf("%w: schema %d needs a program of schema %d or later, this one knows %d",
			ErrTooNew, current, oldest, known)
	}
	return nil
}

// checkApplied finds steps that the database skipped, which order of application cannot tell.
func checkApplied(ctx context.Context, p *goose.Provider, known int64) error {
	status, err := p.Status(ctx)
	if err != nil {
		return fmt.Errorf("migrations: read the applied steps: %w", err)
	}
	for _, s := range status {
		if s.Source.Version <= known && s.State != goose.StateApplied {
			return fmt.Errorf("%w: step %d was never applied", ErrGap, s.Source.Version)
		}
	}
	return nil
}
