// Package postgres keeps the store in Postgres: the shape of a cluster, where any number of
// instances share one database. It speaks pgx's own protocol over a pool; only migrations go
// through database/sql.
package postgres

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"shiken/store"
	"shiken/store/sqlstore"
)

// Bounds of the pool, where the URL says nothing else (pool_max_conns, connect_timeout).
const (
	minConnections    = 10
	perProcessor      = 4
	maxConnections    = 64
	connectTimeout    = 5 * time.Second
	pingTimeout       = 2 * time.Second
	maxConnectionLife = time.Hour
	lifeJitter        = 10 * time.Minute
)

// sessionDefaults bound what a lost instance can hold up. Callers' deadlines are shorter.
var sessionDefaults = map[string]string{
	"application_name":                    "shiken",
	"jit":                                 "off", // compiling takes longer than any statement of ours
	"synchronize_seqscans":                "off", // a search finds the same each time,
	"max_parallel_workers_per_gather":     "0",   // in the same order
	"statement_timeout":                   "30s",
	"lock_timeout":                        "10s",
	"idle_in_transaction_session_timeout": "60s",
}

// Store is a Postgres backend.
type Store struct {
	*sqlstore.Store
	pool       *pgxpool.Pool
	database   *database
	statements atomic.Int64
}

var _ store.Store = (*Store)(nil)

// Open makes a pool for the database at url and reaches it once. The schema is not touched: see
// Migrate.
func Open(ctx context.Context, url string) (*Store, error) {
	config, err := poolConfig(url)
	if err != nil {
		return nil, err
	}
	return openPool(ctx, config)
}

// OpenExisting is Open to read only: what writes fails. store.ErrNotMigrated when the schema is older
// than the program.
func OpenExisting(ctx context.Context, url string) (*Store, error) {
	config, err := poolConfig(url)
	if err != nil {
		return nil, err
	}
	config.AfterConnect = onlyRead
	s, err := openPool(ctx, config)
	if err != nil {
		return nil, err
	}
	if err := s.checkSchema(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// onlyRead makes a connection one that cannot write. It is no parameter of the connection: with
// target_session_attrs=read-write the driver would then take no server for one that can be written to.
func onlyRead(ctx context.Context, c *pgx.Conn) error {
	_, err := c.Exec(ctx, `SET default_transaction_read_only = on`)
	return err
}

func openPool(ctx context.Context, config *pgxpool.Config) (*Store, error) {
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, classify(err)
	}
	s := &Store{pool: pool}
	s.database = &database{pool, &s.statements, patience(defaultPatience)}
	s.Store = sqlstore.New(s.database)
	if err := s.Ping(ctx); err != nil {
		pool.Close()
		return nil, err
	}
	return s, nil
}

// poolConfig reads the URL. Its errors do not repeat the URL, which may hold a password.
func poolConfig(url string) (*pgxpool.Config, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("store: database URL: %w", err)
	}
	if !strings.Contains(url, "pool_max_conns") {
		config.MaxConns = int32(min(max(perProcessor*runtime.GOMAXPROCS(0), minConnections), maxConnections))
	}
	if config.ConnConfig.ConnectTimeout == 0 {
		config.ConnConfig.ConnectTimeout = connectTimeout
	}
	config.PingTimeout = pingTimeout
	config.MaxConnLifetime, config.MaxConnLifetimeJitter = maxConnectionLife, lifeJitter
	for name, value := range sessionDefaults {
		if _, set := config.ConnConfig.RuntimeParams[name]; !set {
			config.ConnConfig.RuntimeParams[name] = value
		}
	}
	return config, nil
}

// untimed is the pool's way to connect without its bounds on statements.
func (s *Store) untimed() *pgx.ConnConfig {
	config := s.pool.Config().ConnConfig
	for _, name := range []string{"statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"} {
		config.RuntimeParams[name] = "0"
	}
	return config
}

// Ping implements store.Operations.
func (s *Store) Ping(ctx context.Context) error { return classify(s.pool.Ping(ctx)) }

// Statements implements store.Operations. Pings of idle connections are not counted.
func (s *Store) Statements() int64 { return s.statements.Load() }

// Close implements store.Operations. It waits for statements under way.
func (s *Store) Close() error {
	s.pool.Close()
	return nil
}
