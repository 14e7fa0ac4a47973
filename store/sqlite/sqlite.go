// Package sqlite keeps the store in one SQLite file: the embedded shape. One process owns the file.
// Writes go through one connection, one after the other; reads have connections of their own and
// never wait for a write (WAL).
package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"modernc.org/sqlite"

	"shiken/store"
	"shiken/store/sqlstore"
)

func init() {
	sqlite.MustRegisterScalarFunction("shiken_now", 0,
		func(*sqlite.FunctionContext, []driver.Value) (driver.Value, error) {
			return time.Now().UnixMicro(), nil
		})
}

// Settings of every connection. The journal size limit gives space of the WAL back after a peak.
const (
	busyTimeout = 5 * time.Second
	walLimit    = 64 << 20 // bytes
	minReaders  = 4
)

// stagedFrom is how many questions a load has that is stored in small transactions: fewer keep nobody waiting for
// long.
const stagedFrom = 500

// Store is a SQLite backend.
type Store struct {
	*sqlstore.Store
	path       string
	db         *database
	statements atomic.Int64
	closing    sync.Once
}

var _ store.Store = (*Store)(nil)

// Open opens the database file at path, made if absent (its folder must be there). The schema is
// not touched: see Migrate.
func Open(ctx context.Context, path string) (*Store, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	if err := makeFile(path); err != nil {
		return nil, err
	}
	// Two processes cannot bring a new file into WAL mode at the same time.
	unlock, err := lock(ctx, path)
	if err != nil {
		return nil, err
	}
	s := &Store{path: path}
	s.db, err = openDatabase(ctx, writerSource(path), readerSource(path), &s.statements)
	if err = errors.Join(err, unlock()); err != nil {
		return nil, err
	}
	s.Store = sqlstore.New(s.db)
	s.StageFrom(stagedFrom)
	return s, nil
}

// OpenExisting opens the database file at path to read it. Nothing is made and nothing is written:
// what writes fails. store.ErrNoDatabase when there is no such file, store.ErrNotMigrated when its
// schema is older than the program.
func OpenExisting(ctx context.Context, path string) (*Store, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: %s", store.ErrNoDatabase, path)
	} else if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	s := &Store{path: path}
	s.db, err = openDatabase(ctx, readerSource(path), readerSource(path), &s.statements)
	if err != nil {
		return nil, err
	}
	if err := s.checkSchema(ctx); err != nil {
		return nil, errors.Join(err, s.db.close())
	}
	s.Store = sqlstore.New(s.db)
	return s, nil
}

// makeFile makes the database readable by its owner alone; the files beside it take its mode.
func makeFile(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	return f.Close()
}

// source is the data source name of a file. What writes begins its transactions at once, so that
// it never finds at its end that another came before.
func source(path string, patience time.Duration, pragmas ...string) string {
	q := url.Values{"_txlock": {"immediate"}, "_dqs": {"0"}}
	q.Add("_pragma", fmt.Sprintf("busy_timeout(%d)", patience.Milliseconds()))
	for _, p := range pragmas {
		q.Add("_pragma", p)
	}
	return "file:" + (&url.URL{Path: filepath.ToSlash(path)}).EscapedPath() + "?" + q.Encode()
}

func writerSource(path string) string {
	return source(path, busyTimeout, "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "secure_delete(1)",
		fmt.Sprintf("journal_size_limit(%d)", walLimit))
}

func readerSource(path string) string {
	s := source(path, busyTimeout, "query_only(1)") + "&mode=rw" // never makes the file
	return strings.Replace(s, "_txlock=immediate", "_txlock=deferred", 1)
}

func openPool(source string, connections int) (*sql.DB, error) {
	pool, err := sql.Open("sqlite", source)
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	return pool, nil
}

// OpenFile opens a database file of somebody else's own with the settings of the store: readable by
// its owner alone, made if absent, whatever characters its path has. Each commit is durable.
func OpenFile(path string) (*sql.DB, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	if err := makeFile(path); err != nil {
		return nil, err
	}
	return openPool(writerSource(path), readers())
}

func readers() int { return max(minReaders, 2*runtime.GOMAXPROCS(0)) }

// Ping implements store.Operations.
func (s *Store) Ping(ctx context.Context) error {
	var one int
	return s.db.scalar(ctx, `SELECT 1`, &one)
}

// Statements implements store.Operations.
func (s *Store) Statements() int64 { return s.statements.Load() }

// Close implements store.Operations. Further calls do nothing.
func (s *Store) Close() error {
	var err error
	s.closing.Do(func() { err = s.db.close() })
	return err
}
