package tape

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"sync"

	_ "modernc.org/sqlite" // the driver that is recorded
)

func init() {
	sql.Register(DriverName, &recorder{})
}

// recorder opens connections of "sqlite" and records the statements of those
// to a file whose name ends in shiken.db: sessions have their own.
type recorder struct {
	once sync.Once
	mu   sync.Mutex
	out  *os.File
	err  error
}

func (r *recorder) Open(dsn string) (driver.Conn, error) {
	r.once.Do(func() {
		r.out, r.err = os.OpenFile(os.Getenv(FileVariable), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	})
	if r.err != nil {
		return nil, r.err
	}
	db, err := sql.Open("sqlite", "")
	if err != nil {
		return nil, err
	}
	conn, err := db.Driver().Open(dsn)
	if err := errors.Join(err, db.Close()); err != nil {
		return nil, err
	}
	name, options, _ := strings.Cut(dsn, "?")
	if !strings.HasSuffix(name, "shiken.db") {
		return conn, nil
	}
	c := &tapedConn{inner: conn.(innerConn), r: r, writes: !strings.Contains(options, "query_only")}
	return c, r.add(Statement{Options: options, Writes: c.writes}, nil)
}

func (r *recorder) add(s Statement, args []driver.NamedValue) error {
	for _, a := range args {
		v, err := valueOf(a.Value)
		if err != nil {
			return err
		}
		s.Args = append(s.Args, v)
	}
	line, err := json.Marshal(s)
	if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	_, err = r.out.Write(append(line, '\n'))
	return err
}

// innerConn is what the driver's connections can do.
type innerConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

type tapedConn struct {
	inner  innerConn
	r      *recorder
	writes bool
}

func (c *tapedConn) Close() error                           { return c.inner.Close() }
func (c *tapedConn) Ping(ctx context.Context) error         { return c.inner.Ping(ctx) }
func (c *tapedConn) ResetSession(ctx context.Context) error { return c.inner.ResetSession(ctx) }
func (c *tapedConn) IsValid() bool                          { return c.inner.IsValid() }

func (c *tapedConn) Prepare(text string) (driver.Stmt, error) {
	return c.PrepareContext(context.Background(), text)
}

func (c *tapedConn) PrepareContext(ctx context.Context, text string) (driver.Stmt, error) {
	s, err := c.inner.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	return &tapedStmt{innerStmt: s.(innerStmt), conn: c, text: text}, nil
}

func (c *tapedConn) Begin() (driver.Tx, error) {
	return c.BeginTx(context.Background(), driver.TxOptions{})
}

func (c *tapedConn) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	tx, err := c.inner.BeginTx(ctx, o)
	if err != nil {
		return nil, err
	}
	return &tapedTx{tx, c}, c.r.add(Statement{SQL: "BEGIN", Writes: c.writes}, nil)
}

func (c *tapedConn) ExecContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Result, error) {
	result, err := c.inner.ExecContext(ctx, text, args)
	return c.executed(text, args, result, err)
}

func (c *tapedConn) executed(text string, args []driver.NamedValue, result driver.Result, err error) (driver.Result, error) {
	if err != nil {
		return nil, err
	}
	n, err := result.RowsAffected()
	return result, errors.Join(err, c.r.add(Statement{SQL: text, Rows: n, Writes: c.writes}, args))
}

func (c *tapedConn) QueryContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Rows, error) {
	rows, err := c.inner.QueryContext(ctx, text, args)
	return c.queried(text, args, rows, err)
}

func (c *tapedConn) queried(text string, args []driver.NamedValue, rows driver.Rows, err error) (driver.Rows, error) {
	if err != nil {
		return nil, err
	}
	return rows, c.r.add(Statement{SQL: text, Query: true, Writes: c.writes}, args)
}

type tapedTx struct {
	driver.Tx
	conn *tapedConn
}

func (t *tapedTx) Commit() error {
	return errors.Join(t.Tx.Commit(), t.conn.r.add(Statement{SQL: "COMMIT", Writes: t.conn.writes}, nil))
}

func (t *tapedTx) Rollback() error {
	return errors.Join(t.Tx.Rollback(), t.conn.r.add(Statement{SQL: "ROLLBACK", Writes: t.conn.writes}, nil))
}

// innerStmt is what the driver's statements can do.
type innerStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

type tapedStmt struct {
	innerStmt
	conn *tapedConn
	text string
}

func (s *tapedStmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	result, err := s.innerStmt.ExecContext(ctx, args)
	return s.conn.executed(s.text, args, result, err)
}

func (s *tapedStmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	rows, err := s.innerStmt.QueryContext(ctx, args)
	return s.conn.queried(s.text, args, rows, err)
}
