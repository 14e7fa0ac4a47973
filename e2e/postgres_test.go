package e2e_test

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"shiken/devtools/cluster"
	"shiken/devtools/deps"
	"shiken/devtools/services"
	"shiken/store/postgres"
)

// replicated is an instance on a Postgres of its own, which a standby may follow.
type replicated struct {
	*cluster.Instance
	tools            string // folder of Postgres's
	binary           string
	primary, standby *services.Server
	database, redis  string // name, URL
}

// onPostgres prepares a database of a server's own.
func onPostgres(t *testing.T) *replicated {
	t.Helper()
	r := &replicated{tools: services.PostgresTools(t), binary: program(t), primary: services.PostgresOfTheSystem(t), redis: services.Redis(t)}
	r.database = r.newDatabase(t)
	return r
}

// newDatabase makes an empty one, and returns its name.
func (r *replicated) newDatabase(t *testing.T) string {
	t.Helper()
	database, _, err := services.CreateDatabase(t.Context(), r.primary.URL())
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimPrefix(u.Path, "/")
}

// followed lets a standby follow, and starts an instance that knows both.
func followed(t *testing.T) *replicated {
	t.Helper()
	r := onPostgres(t)
	r.do(t, r.primary, `CREATE ROLE replicator LOGIN REPLICATION`)
	primary := fmt.Sprintf("postgres://replicator@%s/postgres", r.primary.Addr())
	fill := r.script(t, "postgres-standby.sh", map[string]string{"PRIMARY_URL": primary}, "standby1")
	r.standby = services.PostgresReplica(t, fill)
	r.Instance = r.instance(t, r.bothURL())
	start(t, r.Instance)
	return r
}

// instance prepares one on the database, which is killed after the test.
func (r *replicated) instance(t *testing.T, database string) *cluster.Instance {
	t.Helper()
	port, err := services.FreePort()
	if err != nil {
		t.Fatal(err)
	}
	i := cluster.NewInstance("replicated", r.binary, fmt.Sprintf("127.0.0.1:%d", port), filepath.Join(t.TempDir(), "log"), map[string]string{
		"DATABASE_URL": database, "REDIS_URL": r.redis, "SHIKEN_SECRET": strings.Repeat("s", 32), "SHIKEN_LOG": "json,warn",
	})
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("%s", i.Log())
		}
		i.Kill()
	})
	return i
}

// bothURL is how instances find whichever server is the primary.
func (r *replicated) bothURL() string {
	return fmt.Sprintf("postgres://shiken@%s,%s/%s?sslmode=disable&target_session_attrs=read-write",
		r.primary.Addr(), r.standby.Addr(), r.database)
}

// on is the URL of the database on one server.
func (r *replicated) on(s *services.Server) string {
	return fmt.Sprintf("postgres://shiken@%s/%s?sslmode=disable", s.Addr(), r.database)
}

// script is one of the folder scripts, with Postgres's tools on its path. Whoever runs it may not be
// able to read the tree.
func (r *replicated) script(t *testing.T, name string, env map[string]string, args ...string) *exec.Cmd {
	t.Helper()
	root, err := deps.Root()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(root, "scripts", name))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "/bin/sh", append([]string{"-c", string(text), name}, args...)...)
	cmd.Env = []string{"PATH=" + r.tools + string(os.PathListSeparator) + os.Getenv("PATH"), "SHIKEN=" + r.binary}
	for key, value := range env {
		cmd.Env = append(cmd.Env, key+"="+value)
	}
	return cmd
}

// runs runs a script, which has to succeed or to fail with these words.
func (r *replicated) runs(t *testing.T, failure string, cmd *exec.Cmd) {
	t.Helper()
	out, err := cmd.CombinedOutput()
	if (err != nil) != (failure != "") || !strings.Contains(string(out), failure) {
		t.Fatalf("%s: %v, want %q\n%s", cmd.Args[3:], err, failure, out)
	}
}

func (r *replicated) promote(t *testing.T, receipts ...string) *exec.Cmd {
	t.Helper()
	return r.promoteAfter(t, r.on(r.primary), receipts...)
}

// promoteAfter makes the standby the primary, with the URL of the old one.
func (r *replicated) promoteAfter(t *testing.T, old string, receipts ...string) *exec.Cmd {
	t.Helper()
	return r.script(t, "postgres-promote.sh", map[string]string{"DATABASE_URL": r.on(r.standby)}, append([]string{old}, receipts...)...)
}

// ask reads one value on a server.
func (r *replicated) ask(t *testing.T, s *services.Server, sql string) string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), r.on(s))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }() // only asked
	var value string
	if err := conn.QueryRow(t.Context(), sql).Scan(&value); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return value
}

// do runs statements on a server, each for itself.
func (r *replicated) do(t *testing.T, s *services.Server, statements ...string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), r.on(s))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }() // they are done, or the test ends
	for _, statement := range statements {
		if _, err := conn.Exec(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}

// unawaited counts the standbys that no commit waits for.
func (r *replicated) unawaited(t *testing.T) int {
	t.Helper()
	s, err := postgres.Open(t.Context(), r.bothURL())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }() // only asked
	n, err := s.UnawaitedStandbys(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// synchronous makes every commit wait for the standby.
func (r *replicated) synchronous(t *testing.T) {
	t.Helper()
	if n := r.unawaited(t); n != 1 {
		t.Errorf("%d standbys are told, want 1", n)
	}
	r.do(t, r.primary, `ALTER SYSTEM SET synchronous_standby_names = 'standby1'`, `SELECT pg_reload_conf()`)
	await(t, "a synchronous standby", func() error {
		if state := r.ask(t, r.primary, `SELECT coalesce(max(sync_state), 'none') FROM pg_stat_replication`); state != "sync" {
			return errors.New(state)
		}
		return nil
	})
	if n := r.unawaited(t); n != 0 {
		t.Errorf("%d standbys are told, though commits wait", n)
	}
}

// TestPostgresScripts runs the scripts of the folder scripts on an exam under load.
func TestPostgresScripts(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]func(*testing.T){
		"backup": backupAndRestore, "synchronous standby": synchronousStandby, "asynchronous standby": asynchronousStandby,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t)
		})
	}
}

// backupAndRestore (R1): a backup holds every answer that was acknowledged before, and candidates go on
// where it was restored, still signed in, with a Redis that knows nothing.
func backupAndRestore(t *testing.T) {
	r := onPostgres(t)
	r.Instance = r.instance(t, r.on(r.primary))
	start(t, r.Instance)
	ws := startWriters(t, r.Instance, 4)
	before := ws.more(t, 200)
	file := filepath.Join(t.TempDir(), "copy.dump")
	backup := func() *exec.Cmd {
		return r.script(t, "postgres-backup.sh", map[string]string{"DATABASE_URL": r.on(r.primary)}, file)
	}
	r.runs(t, "", backup())
	if after := ws.receipts(); len(after) == len(before) {
		t.Error("nothing was saved while the backup was taken: the test met nothing")
	}
	all := ws.more(t, 50)
	ws.end()
	r.runs(t, "is there already", backup())
	if left := folderOf(t, filepath.Dir(file)); !slices.Equal(left, []string{"copy.dump"}) {
		t.Errorf("left: %q", left)
	}
	restore := func(receipts []string) *exec.Cmd {
		env := map[string]string{"DATABASE_URL": r.on(r.primary)}
		return r.script(t, "postgres-restore.sh", env, file, receiptsFile(t, receipts))
	}
	r.runs(t, "not empty; nothing was changed", restore(before))
	r.database, r.redis = r.newDatabase(t), services.PrivateRedis(t).URL()
	r.runs(t, "", restore(before))
	restored := r.instance(t, r.on(r.primary))
	refuses(t, restored, "receipt", "verify", "--receipts", receiptsFile(t, all))
	start(t, restored)
	goOn(t, ws, restored)
}

// synchronousStandby (R1): the primary dies under load, and every answer that it
// acknowledged is on the standby, which the instance finds by itself.
func synchronousStandby(t *testing.T) {
	r := followed(t)
	r.synchronous(t)
	ws := startWriters(t, r.Instance, 4)
	ws.more(t, 200)
	r.runs(t, "still answers; nothing was done", r.promote(t))
	r.runs(t, "still answers; nothing was done", r.promoteAfter(t, fmt.Sprintf("postgres://nobody@%s/nothing", r.primary.Addr())))
	r.runs(t, "still follows a primary that lives; nothing was done", r.promoteAfter(t, "postgres://shiken@127.0.0.1:1/wrong"))
	if err := r.primary.Kill(); err != nil {
		t.Fatal(err)
	}
	r.runs(t, "", r.promote(t, receiptsFile(t, ws.receipts())))
	all := ws.more(t, 50)
	ws.end()
	succeeds(t, r.Instance, "verify", "--receipts", receiptsFile(t, append(all, ws.receipts()...)))
	r.runs(t, "no standby", r.promote(t))
}

// asynchronousStandby: one that lags when the primary dies lacks the newest answers.
// What it has is sound in itself: only the receipts tell (R11).
func asynchronousStandby(t *testing.T) {
	r := followed(t)
	ws := startWriters(t, r.Instance, 4)
	await(t, "the warning", func() error {
		if !strings.Contains(r.Log(), "no commit waits for one") {
			return errors.New("the instance says nothing of the standby")
		}
		return nil
	})
	early := ws.more(t, 100)
	behind := r.ask(t, r.primary, `SELECT pg_current_wal_lsn()::text`)
	await(t, "the standby", func() error {
		if r.ask(t, r.standby, `SELECT (pg_last_wal_replay_lsn() >= '`+behind+`')::text`) != "true" {
			return errors.New("behind")
		}
		return nil
	})
	if err := r.standby.Stop(); err != nil {
		t.Fatal(err)
	}
	ws.more(t, 100)
	if err := r.primary.Kill(); err != nil {
		t.Fatal(err)
	}
	ws.end()
	if err := r.standby.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.runs(t, "", r.promote(t))
	after := r.instance(t, r.on(r.standby))
	succeeds(t, after, "verify")
	succeeds(t, after, "verify", "--receipts", receiptsFile(t, early))
	refuses(t, after, "receipt", "verify", "--receipts", receiptsFile(t, ws.receipts()))
}
