package hall

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"

	"github.com/alexedwards/scs/redisstore"
	"github.com/alexedwards/scs/sqlite3store"
	"github.com/gomodule/redigo/redis"

	"shiken/store/postgres"
	"shiken/store/sqlite"
)

// InFolder makes a sitting in the data folder of the embedded shape, which a program has made. It may
// run meanwhile.
func InFolder(ctx context.Context, dir string, o Options) (*Hall, error) {
	s, err := sqlite.Open(ctx, filepath.Join(dir, "shiken.db"))
	if err != nil {
		return nil, err
	}
	db, err := sqlite.OpenFile(filepath.Join(dir, "sessions.db"))
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	var h *Hall
	if err = relax(ctx, db); err == nil {
		h, err = Fill(ctx, s, sqlite3store.NewWithCleanupInterval(db, 0), o)
	}
	return h, errors.Join(err, db.Close(), s.Close())
}

// relax: nobody misses what was made here when the power fails. The setting is the connection's.
func relax(ctx context.Context, db *sql.DB) error {
	db.SetMaxOpenConns(1)
	_, err := db.ExecContext(ctx, `PRAGMA synchronous = OFF`)
	return err
}

// InCluster makes a sitting in the database of a cluster, and its sessions in Redis.
func InCluster(ctx context.Context, databaseURL, redisURL string, o Options) (*Hall, error) {
	s, err := postgres.Open(ctx, databaseURL)
	if err != nil {
		return nil, err
	}
	pool := &redis.Pool{MaxIdle: atOnce, Dial: func() (redis.Conn, error) { return redis.DialURL(redisURL) }}
	h, err := Fill(ctx, s, redisstore.NewWithPrefix(pool, "shiken:session:"), o)
	return h, errors.Join(err, pool.Close(), s.Close())
}
