package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"shiken/store"
	"shiken/store/sqlstore"
)

// preparer is a pool, a connection or a transaction.
type preparer interface {
	PrepareContext(ctx context.Context, text string) (*sql.Stmt, error)
}

// conn runs statements where it stands.
type conn struct {
	on       preparer
	prepared *statementCache
	sent     *atomic.Int64
}

func (c conn) Query(ctx context.Context, text string, args ...any) (sqlstore.Rows, error) {
	s, err := c.prepared.get(ctx, c.on, text)
	if err != nil {
		return nil, err
	}
	c.sent.Add(1)
	r, err := s.QueryContext(ctx, args...)
	if err != nil {
		return nil, classify(err)
	}
	return rows{r}, nil
}

func (c conn) Exec(ctx context.Context, text string, args ...any) (int64, error) {
	s, err := c.prepared.get(ctx, c.on, text)
	if err != nil {
		return 0, err
	}
	c.sent.Add(1)
	result, err := s.ExecContext(ctx, args...)
	if err != nil {
		return 0, classify(err)
	}
	return result.RowsAffected()
}

// rows fits *sql.Rows to sqlstore.Rows.
type rows struct{ *sql.Rows }

func (r rows) Close()                 { _ = r.Rows.Close() } // Err tells what went wrong
func (r rows) Err() error             { return classify(r.Rows.Err()) }
func (r rows) Scan(dest ...any) error { return classify(r.Rows.Scan(dest...)) }

// writer is the one connection that writes. Waiting for it ends with the context.
type writer struct {
	free chan struct{} // holds a token while nobody writes
	conn conn
	own  *sql.Conn
}

func newWriter(own *sql.Conn, statements *atomic.Int64) *writer {
	w := &writer{
		free: make(chan struct{}, 1), own: own,
		conn: conn{on: own, prepared: &statementCache{}, sent: statements},
	}
	w.free <- struct{}{}
	return w
}

func (w *writer) hold(ctx context.Context, fn func(conn) error) error {
	select {
	case <-w.free:
	case <-ctx.Done():
		return classify(ctx.Err())
	}
	defer func() { w.free <- struct{}{} }()
	if ctx.Err() != nil {
		return classify(ctx.Err())
	}
	return fn(w.conn)
}

// transaction is that of the connection, once it is free.
func (w *writer) transaction(ctx context.Context, fn func(sqlstore.Conn) error) error {
	return w.hold(ctx, func(c conn) error { return c.transaction(ctx, fn) })
}

// transaction runs fn between BEGIN IMMEDIATE and COMMIT. Once COMMIT is sent it is not interrupted,
// so that its result is known. However it ends, the connection is outside of a transaction then:
// else later statements would succeed and never be committed. A BEGIN that reports the end of its
// context may have taken effect, so it is undone like everything else.
func (c conn) transaction(ctx context.Context, fn func(sqlstore.Conn) error) error {
	end := context.WithoutCancel(ctx)
	err := c.within(ctx, end, fn)
	if err != nil {
		err = errors.Join(err, c.rollback(end))
	}
	return err
}

func (c conn) within(ctx, end context.Context, fn func(sqlstore.Conn) error) error {
	if _, err := c.Exec(ctx, `BEGIN IMMEDIATE`); err != nil {
		return err
	}
	if err := fn(c); err != nil {
		return err
	}
	_, err := c.Exec(end, `COMMIT`)
	return err
}

// noTransaction is SQLite's message when there is nothing to roll back: BEGIN did not take effect,
// or SQLite rolled back by itself.
const noTransaction = "no transaction is active"

func (c conn) rollback(ctx context.Context) error {
	_, err := c.Exec(ctx, `ROLLBACK`)
	if err == nil || strings.Contains(err.Error(), noTransaction) {
		return nil
	}
	return fmt.Errorf("store: roll back: %w", err)
}

// close waits for who writes. Later writes find the connection closed.
func (w *writer) close() error {
	<-w.free
	defer func() { w.free <- struct{}{} }()
	w.conn.prepared.close()
	return w.own.Close()
}

// openIndex lists the columns of the index attempts_open as SQLite names them.
const openIndex = "attempts.candidate, attempts.exam"

// classify gives errors of the driver the meaning that package store has for them.
func classify(err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, sql.ErrConnDone) {
		return fmt.Errorf("%w: %w", store.ErrUnavailable, err)
	}
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return err
	}
	switch code := e.Code(); {
	case code == lib.SQLITE_CONSTRAINT_UNIQUE && strings.Contains(e.Error(), openIndex):
		return fmt.Errorf("%w: %w: %w", store.ErrOpenElsewhere, store.ErrExists, err)
	case code == lib.SQLITE_CONSTRAINT_UNIQUE || code == lib.SQLITE_CONSTRAINT_PRIMARYKEY:
		return fmt.Errorf("%w: %w", store.ErrExists, err)
	case unavailable[code&0xFF]:
		return fmt.Errorf("%w: %w", store.ErrUnavailable, err)
	}
	return err
}

// unavailable holds the primary codes of a file that cannot be used now.
var unavailable = map[int]bool{
	lib.SQLITE_BUSY: true, lib.SQLITE_LOCKED: true, lib.SQLITE_IOERR: true, lib.SQLITE_FULL: true,
	lib.SQLITE_CANTOPEN: true, lib.SQLITE_NOMEM: true, lib.SQLITE_READONLY: true, lib.SQLITE_INTERRUPT: true,
}

func jsonText(v any) (string, error) {
	b, err := json.Marshal(v)
	return string(b), err
}
