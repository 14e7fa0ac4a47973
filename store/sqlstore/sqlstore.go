// Package sqlstore is what both backends of the store share: the statements that SQLite and Postgres
// understand alike, next to the functions that run them. A backend gives it a DB and adds what is
// its own: opening, committing, durability.
//
// Statements use $1 parameters, the function shiken_now() for the clock in microseconds, and JSON
// documents as text. They are constant texts, so that both drivers can keep them prepared.
package sqlstore

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/store"
)

// Rows is the part of a driver's rows that is read here.
type Rows interface {
	Next() bool
	Scan(dest ...any) error
	Err() error
	Close()
}

// Conn runs statements. Its errors are those of package store where they mean one of them: unique
// violations wrap store.ErrExists, a second open attempt of a candidate and exam wraps
// store.ErrOpenElsewhere too, lost connections and timeouts store.ErrUnavailable.
type Conn interface {
	Query(ctx context.Context, sql string, args ...any) (Rows, error)
	// Exec returns the number of rows written.
	Exec(ctx context.Context, sql string, args ...any) (int64, error)
}

// DB is a database of one backend. Its own Query only reads; its own Exec is a transaction of one
// statement.
type DB interface {
	Conn
	// Write runs fn in one transaction, durable on return. When fn fails nothing is written.
	Write(ctx context.Context, fn func(Conn) error) error
	// Snapshot runs fn in a transaction that reads the database as it was at one point in time.
	Snapshot(ctx context.Context, fn func(Conn) error) error
	// Change does what Commit asks for, or returns store.ErrMoved having done nothing.
	Change(ctx context.Context, c Change) error
	// Settled returns once what has been read is as durable as what Change acknowledges.
	Settled(ctx context.Context) error
	// Seen writes last_seen of sign-ins in one statement; it never goes back.
	Seen(ctx context.Context, ids []string, at []exam.Instant) error
	// Beat does what store.Outages asks for; an outage that it finds gets the id, and is one when nobody
	// beat for longer than silence.
	Beat(ctx context.Context, outage string, silence exam.Micros) error
	// Search is its index of what questions are found by.
	Search() SearchIndex
	// Among is a condition: that a column of ids equals one of the list in a parameter, "$1" and so on;
	// AmongTexts is that of a column of texts. List is the parameter. A long list of parameters instead
	// costs Postgres more to plan than a page costs to read.
	Among(column, parameter string) string
	AmongTexts(column, parameter string) string
	List(list []string) any
}

// Bounds of the caches. On a paper a question takes about half a KB: those of 3,000 candidates at 60
// questions each stay within 100 MB. A question itself takes about 3 KB.
const (
	cachedPapers    = 200_000 // questions on them
	cachedQuestions = 20_000
	cachedMedia     = 32 << 20 // bytes
	cachedPractices = 100_000
)

// Store is a backend but for Operations.
type Store struct {
	db        DB
	papers    *Cache[*exam.Paper]
	questions *Cache[exam.Question]
	media     *Cache[[]byte] // parts
	practices *Cache[bool]   // by attempt
	seatsOf   string         // statement
	search    SearchIndex
	unstage   []string // statements
	// stagedFrom is how many questions a load has at least that is staged; 0: none is.
	stagedFrom int
}

// New returns a store on a database.
func New(db DB) *Store {
	search := db.Search()
	search.put, search.putTokens = search.Put.writer(), search.PutTokens.writer()
	return &Store{
		db:        db,
		papers:    NewCache(cachedPapers, func(p *exam.Paper) int { return 1 + p.Len() }),
		questions: NewCache(cachedQuestions, func(exam.Question) int { return 1 }),
		practices: NewCache(cachedPractices, func(bool) int { return 1 }),
		media:     NewCache(cachedMedia, func(part []byte) int { return 1 + len(part) }),
		seatsOf:   seatsOf(db),
		search:    search,
		unstage:   unstageOf(db, &search),
	}
}

// one reads the first row into dest; store.ErrNotFound when there is none.
func one(ctx context.Context, c Conn, sql string, args []any, dest ...any) error {
	rows, err := c.Query(ctx, sql, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	if !rows.Next() {
		if err := rows.Err(); err != nil {
			return err
		}
		return store.ErrNotFound
	}
	if err := rows.Scan(dest...); err != nil {
		return err
	}
	rows.Close()
	return rows.Err()
}

// each reads all rows; scan is called for each.
func each(ctx context.Context, c Conn, sql string, args []any, scan func(Rows) error) error {
	rows, err := c.Query(ctx, sql, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// texts reads rows of one text column.
func texts(ctx context.Context, c Conn, sql string, args ...any) ([]string, error) {
	var out []string
	err := each(ctx, c, sql, args, func(r Rows) error {
		var s string
		if err := r.Scan(&s); err != nil {
			return err
		}
		out = append(out, s)
		return nil
	})
	return out, err
}

// uuidLength is the length of a UUID as text.
const uuidLength = 36

// id returns the canonical text of a UUID, and false when s is none.
func id(s string) (string, bool) {
	if len(s) != uuidLength {
		return "", false
	}
	u, err := uuid.Parse(s)
	if err != nil {
		return "", false
	}
	return u.String(), true
}

// idOrNull is a parameter that equals no row when s is no UUID.
func idOrNull(s string) any {
	if u, ok := id(s); ok {
		return u
	}
	return nil
}

// newID returns a fresh UUID in the order of time, which keeps indexes dense.
func newID() (string, error) {
	u, err := uuid.NewV7()
	if err != nil {
		return "", fmt.Errorf("store: random source: %w", err)
	}
	return u.String(), nil
}

// missing says that nothing was found, unless the statement failed.
func missing(affected int64, err error) error {
	if err == nil && affected == 0 {
		return store.ErrNotFound
	}
	return err
}

// taken turns "exists already" into "read again".
func taken(err error) error {
	if errors.Is(err, store.ErrExists) {
		return fmt.Errorf("%w: %w", store.ErrMoved, err)
	}
	return err
}
