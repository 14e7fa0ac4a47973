package hall

import (
	"context"
	"database/sql"
	"errors"

	"github.com/alexedwards/scs/redisstore"
	"github.com/alexedwards/scs/sqlite3store"
	"github.com/gomodule/redigo/redis"

	"shiken/store/sqlite"
)

// FileSessions are those of the embedded shape, in the file that a program has made. Call close when
// they are written.
func FileSessions(ctx context.Context, path string) (s Sessions, closeFile func() error, err error) {
	db, err := sqlite.OpenFile(path)
	if err != nil {
		return nil, nil, err
	}
	db.SetMaxOpenConns(1) // the setting is the connection's
	if err := relax(ctx, db); err != nil {
		return nil, nil, errors.Join(err, db.Close())
	}
	return sqlite3store.NewWithCleanupInterval(db, 0), db.Close, nil
}

// relax: nobody misses what was made here when the power fails.
func relax(ctx context.Context, db *sql.DB) error {
	_, err := db.ExecContext(ctx, `PRAGMA synchronous = OFF`)
	return err
}

// RedisSessions are those of a cluster.
func RedisSessions(url string) (s Sessions, closePool func() error) {
	pool := &redis.Pool{MaxIdle: atOnce, Dial: func() (redis.Conn, error) { return redis.DialURL(url) }}
	return redisstore.NewWithPrefix(pool, "shiken:session:"), pool.Close
}
