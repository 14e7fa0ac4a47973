package tape_test

import (
	"database/sql"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"shiken/devtools/tape"
)

const schema = `CREATE TABLE answers (id INTEGER PRIMARY KEY, text TEXT, mark REAL, raw BLOB, at TEXT, good INTEGER)`

// options are of one connection that writes.
const options = "?_pragma=journal_mode(WAL)&_pragma=busy_timeout(5000)"

func exec(t *testing.T, db interface {
	Exec(string, ...any) (sql.Result, error)
}, text string, args ...any) {
	t.Helper()
	if _, err := db.Exec(text, args...); err != nil {
		t.Fatal(err)
	}
}

func open(t *testing.T, driver, file string) *sql.DB {
	t.Helper()
	db, err := sql.Open(driver, "file:"+file+options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// record writes as a program does: prepared, in a transaction, with every kind of argument.
func record(t *testing.T) []tape.Statement {
	t.Helper()
	dir := t.TempDir()
	t.Setenv(tape.FileVariable, filepath.Join(dir, "tape"))
	db := open(t, tape.DriverName, filepath.Join(dir, "shiken.db"))
	exec(t, db, schema)
	tx, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	insert, err := tx.Prepare(`INSERT INTO answers VALUES ($1, $2, $3, $4, $5, $6)`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = insert.Close() }()
	if _, err := insert.Exec(int64(1), "a", 0.5, []byte{0, 1}, time.Unix(1, 0), true); err != nil {
		t.Fatal(err)
	}
	if _, err := insert.Exec(int64(2), nil, nil, nil, nil, false); err != nil {
		t.Fatal(err)
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	exec(t, db, `UPDATE answers SET text = $1`, "b")
	var n int
	if err := db.QueryRow(`SELECT count(*) FROM answers WHERE text = $1`, "b").Scan(&n); err != nil || n != 2 {
		t.Fatal(n, err)
	}
	list, err := tape.NewReader(filepath.Join(dir, "tape")).Take()
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// One recorder serves a process, so one test does.
func TestRecordedStatementsHaveTheSameEffectAgain(t *testing.T) {
	list := record(t)
	if list[0].Options == "" {
		t.Errorf("the tape does not begin with the connection: %+v", list[0])
	}
	list = slices.DeleteFunc(list, func(s tape.Statement) bool { return s.Options != "" })
	var verbs []string
	for _, s := range list {
		verb, _, _ := strings.Cut(s.SQL, " ")
		verbs = append(verbs, verb)
	}
	if want := []string{"CREATE", "BEGIN", "INSERT", "INSERT", "COMMIT", "UPDATE", "SELECT"}; !slices.Equal(verbs, want) {
		t.Fatalf("recorded %q, want %q", verbs, want)
	}
	file := filepath.Join(t.TempDir(), "again.db")
	player, err := tape.NewPlayer(t.Context(), "file:"+file+options, "file:"+file+options, 1)
	if err != nil {
		t.Fatal(err)
	}
	hand := player.Hands()[0]
	if err := hand.Play(t.Context(), list); err != nil || hand.Differs != 0 {
		t.Fatalf("%d differ, %v", hand.Differs, err)
	}
	var same int
	err = open(t, "sqlite", file).QueryRow(`SELECT count(*) FROM answers WHERE text = 'b' AND (id = 1 AND mark = 0.5 AND raw = x'0001'
		AND good = 1 AND at IS NOT NULL OR id = 2 AND mark IS NULL AND raw IS NULL AND good = 0)`).Scan(&same)
	if err != nil || same != 2 {
		t.Errorf("%d rows are the same, %v", same, err)
	}
	// The rows are there already, so nothing is written twice unnoticed.
	if err := hand.Play(t.Context(), list[1:5]); err == nil {
		t.Error("an INSERT of what is there succeeded")
	}
	exec(t, open(t, "sqlite", file), `DELETE FROM answers`)
	if err := hand.Play(t.Context(), list[5:6]); err != nil || hand.Differs != 1 {
		t.Errorf("an UPDATE of nothing: %d differ, %v", hand.Differs, err)
	}
	if err := hand.Play(t.Context(), list[1:2]); err == nil {
		t.Error("a tape that ends within a transaction was played")
	}
	if err := player.Close(); err != nil {
		t.Error(err)
	}
}
