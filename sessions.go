package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/alexedwards/scs/sqlite3store"

	"shiken/config"
	"shiken/sessionguard"
)

// sessionBackend keeps sessions and orders their requests: Redis in a cluster, a SQLite file and
// this process alone when embedded.
type sessionBackend struct {
	locker sessionguard.Locker
	store  *sessionguard.Store
	close  func() error
}

func openSessions(ctx context.Context, cfg *config.Config, log *slog.Logger) (*sessionBackend, error) {
	if cfg.Shape == config.Cluster {
		r, err := sessionguard.NewRedis(cfg.RedisURL.Reveal(), sessionguard.RedisOptions{Logger: log})
		if err != nil {
			return nil, err
		}
		return &sessionBackend{locker: r, store: r.Store(), close: r.Close}, nil
	}
	return openLocalSessions(ctx, filepath.Join(cfg.Data, "sessions.db"))
}

// sessionSchema is that of sqlite3store's documentation.
const sessionSchema = `
CREATE TABLE IF NOT EXISTS sessions (token TEXT PRIMARY KEY, data BLOB NOT NULL, expiry REAL NOT NULL);
CREATE INDEX IF NOT EXISTS sessions_expiry_idx ON sessions (expiry);`

// openLocalSessions keeps sessions in a file of their own, so that they never wait for an answer
// that is being written, nor an answer for them.
func openLocalSessions(ctx context.Context, path string) (*sessionBackend, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("sessions: %w", err)
	}
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=busy_timeout(5000)")
	if err := errors.Join(err, file.Close()); err != nil {
		return nil, fmt.Errorf("sessions: %w", err)
	}
	if _, err := db.ExecContext(ctx, sessionSchema); err != nil {
		return nil, fmt.Errorf("sessions: %w", err)
	}
	local := sessionguard.NewLocal()
	kept := sqlite3store.New(db)
	return &sessionBackend{locker: local, store: local.Store(kept), close: func() error {
		kept.StopCleanup()
		return db.Close()
	}}, nil
}
