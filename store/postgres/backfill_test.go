package postgres_test

import (
	"context"
	"fmt"
	"io/fs"
	"regexp"
	"testing"
	"testing/fstest"
	"time"

	"github.com/jackc/pgx/v5"

	"shiken/devtools/services"
	"shiken/migrations"
)

var (
	// backfills is a statement, not one of a function, that writes rows of others.
	backfills = regexp.MustCompile(`(?m)^(?:INSERT INTO \w+ \([^)]*\)\s+SELECT|UPDATE)\b`)
	gate      = int64(20)
)

// TestBackfillsLetAnswersPass stops each step that writes rows of others before it ends, and looks at what it
// has locked.
func TestBackfillsLetAnswersPass(t *testing.T) {
	shipped, err := migrations.Steps(migrations.Postgres)
	must(t, err)
	files, err := fs.Glob(shipped, "*.sql")
	must(t, err)
	steps, found := fstest.MapFS{}, 0
	for _, f := range files {
		text, err := fs.ReadFile(shipped, f)
		must(t, err)
		if backfills.Match(text) {
			found++
			steps[f] = &fstest.MapFile{Data: fmt.Appendf(nil, "%s\nSELECT pg_advisory_xact_lock(%d);\n", text, gate)}
			t.Run(f, func(t *testing.T) { letsAnswersPass(t, steps) })
		}
		steps[f] = &fstest.MapFile{Data: text}
	}
	if found == 0 {
		t.Error("no step was looked at")
	}
}

// letsAnswersPass is about the last of some steps, which waits for the gate at its end.
func letsAnswersPass(t *testing.T, steps fs.FS) {
	url := services.Postgres(t)
	held, err := pgx.Connect(t.Context(), url)
	must(t, err)
	defer func() { must(t, held.Close(context.WithoutCancel(t.Context()))) }()
	exec := func(sql string) {
		t.Helper()
		_, err := held.Exec(t.Context(), sql, gate)
		must(t, err)
	}
	exec(`SELECT pg_advisory_lock($1)`)
	s, ended := open(t, url), make(chan error, 1)
	go func() {
		_, err := s.MigrateWith(t.Context(), steps)
		ended <- err
	}()
	for waiting := false; !waiting; {
		select {
		case err := <-ended:
			t.Fatalf("the step did not come to its end: %v", err)
		case <-time.After(10 * time.Millisecond):
		}
		must(t, held.QueryRow(t.Context(), `SELECT count(*) > 0 FROM pg_locks
			WHERE locktype = 'advisory' AND objid = $1 AND NOT granted`, gate).Scan(&waiting))
	}
	rows, err := held.Query(t.Context(), `SELECT c.relname || ' ' || l.mode FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
		WHERE c.relname IN ('attempts', 'responses', 'journal', 'papers')
		AND l.mode NOT IN ('AccessShareLock', 'RowShareLock', 'RowExclusiveLock') ORDER BY 1`)
	must(t, err)
	locks, err := pgx.CollectRows(rows, pgx.RowTo[string])
	must(t, err)
	if len(locks) > 0 {
		t.Errorf("nobody can answer or begin while it runs: %v", locks)
	}
	exec(`SELECT pg_advisory_unlock($1)`)
	must(t, <-ended)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
