package migrated

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"shiken/devtools/services"
	"shiken/migrations"
	"shiken/store/postgres"
)

// Postgres returns the URL of a fresh database with the whole schema, dropped
// after the test. It is a copy of one that the first test of all processes on
// the server made.
func Postgres(tb testing.TB) string {
	tb.Helper()
	server := services.PostgresServer(tb)
	name, err := template(server)
	if err != nil {
		tb.Fatal(err)
	}
	return services.PostgresLike(tb, server, name)
}

var made struct {
	sync.Mutex
	on map[string]string // the template by server
}

// template is the name of a database with the whole schema and no rows. It stays
// on the server, named by the steps that made it.
func template(server string) (string, error) {
	made.Lock()
	defer made.Unlock()
	if name, ok := made.on[server]; ok {
		return name, nil
	}
	steps, err := migrations.Steps(migrations.Postgres)
	if err != nil {
		return "", err
	}
	hash := sha256.New()
	err = fs.WalkDir(steps, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(steps, path)
		_, _ = fmt.Fprintf(hash, "%s %d\n%s", path, len(text), text) // never fails
		return err
	})
	if err != nil {
		return "", err
	}
	name := fmt.Sprintf("shiken_template_%x", hash.Sum(nil)[:8])
	if err := ensure(context.Background(), server, name); err != nil {
		return "", fmt.Errorf("migrated: make %s: %w", name, err)
	}
	if made.on == nil {
		made.on = map[string]string{}
	}
	made.on[server] = name
	return name, nil
}

// templateLock is held by the process that makes a template.
const templateLock = 744537

// ensure makes the template unless it is there. It has its name once it is whole.
func ensure(ctx context.Context, server, name string) (err error) {
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close(ctx)) }() // and the lock with it
	if _, err := conn.Exec(ctx, `SELECT pg_advisory_lock($1)`, templateLock); err != nil {
		return err
	}
	var there bool
	err = conn.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)`, name).Scan(&there)
	if err != nil || there {
		return err
	}
	unfinished := name + "_unfinished"
	for _, sql := range []string{`DROP DATABASE IF EXISTS ` + unfinished, `CREATE DATABASE ` + unfinished} {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return err
		}
	}
	if err := migratePostgres(ctx, server, unfinished); err != nil {
		return err
	}
	_, err = conn.Exec(ctx, `ALTER DATABASE `+unfinished+` RENAME TO `+name)
	return err
}

func migratePostgres(ctx context.Context, server, database string) error {
	u, err := url.Parse(server)
	if err != nil {
		return err
	}
	u.Path = "/" + database
	s, err := postgres.Open(ctx, u.String())
	if err != nil {
		return err
	}
	_, err = s.Migrate(ctx)
	return errors.Join(err, s.Close())
}
