package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"

	"github.com/alexedwards/scs/sqlite3store"

	"shiken/config"
	"shiken/internal/failpoint"
	"shiken/sessionguard"
	"shiken/store/sqlite"
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
		r, err := sessionguard.NewRedis(cfg.RedisURL.Reveal(), sessionguard.RedisOptions{
			Logger: log, Granted: failpoint.LockAlwaysGranted(),
		})
		if err != nil {
			return nil, err
		}
		return &sessionBackend{locker: r, store: r.Store(), close: r.Close}, nil
	}
	return openLocalSessions(ctx, filepath.Join(cfg.Data, config.SessionsFile))
}

// sessionSchema is that of sqlite3store's documentation.
const sessionSchema = `
CREATE TABLE IF NOT EXISTS sessions (token TEXT PRIMARY KEY, data BLOB NOT NULL, expiry REAL NOT NULL);
CREATE INDEX IF NOT EXISTS sessions_expiry_idx ON sessions (expiry);`

// openLocalSessions keeps sessions in a file of their own, so that they never wait for an answer
// that is being written, nor an answer for them.
func openLocalSessions(ctx context.Context, path string) (*sessionBackend, error) {
	db, err := sqlite.OpenFile(path)
	if err != nil {
		return nil, fmt.Errorf("sessions: %w", err)
	}
	if _, err := db.ExecContext(ctx, sessionSchema); err != nil {
		return nil, fmt.Errorf("sessions: %w", errors.Join(err, db.Close()))
	}
	local := sessionguard.NewLocal()
	kept := sqlite3store.New(db)
	return &sessionBackend{locker: local, store: local.Store(kept), close: func() error {
		kept.StopCleanup()
		return db.Close()
	}}, nil
}
