package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"sync"
	"sync/atomic"

	"shiken/exam"
	"shiken/store"
	"shiken/store/sqlstore"
)

// database is the sqlstore.DB of a file.
type database struct {
	reading *sql.DB
	reads   conn // on reading
	writing *sql.DB
	writer  *writer // the one connection of writing
	line    line
}

var _ sqlstore.DB = (*database)(nil)

// openDatabase opens the writer first, since it brings the file into WAL mode.
func openDatabase(ctx context.Context, writerSource, readerSource string, statements *atomic.Int64) (*database, error) {
	writing, err := openPool(writerSource, 1)
	if err != nil {
		return nil, err
	}
	only, err := writing.Conn(ctx)
	if err != nil {
		return nil, errors.Join(classify(err), writing.Close())
	}
	reading, err := openPool(readerSource, readers())
	if err != nil {
		return nil, errors.Join(err, only.Close(), writing.Close())
	}
	return &database{
		reading: reading,
		reads:   conn{on: reading, prepared: &statementCache{}, sent: statements},
		writing: writing,
		writer:  newWriter(only, statements),
	}, nil
}

func (d *database) close() error {
	err := d.writer.close()
	d.reads.prepared.close()
	return errors.Join(err, d.writing.Close(), d.reading.Close())
}

// Query implements sqlstore.DB on a reading connection.
func (d *database) Query(ctx context.Context, text string, args ...any) (sqlstore.Rows, error) {
	return d.reads.Query(ctx, text, args...)
}

// Exec implements sqlstore.DB. One statement is a transaction of its own.
func (d *database) Exec(ctx context.Context, text string, args ...any) (int64, error) {
	var n int64
	err := d.writer.hold(ctx, func(c conn) error {
		var err error
		n, err = c.Exec(ctx, text, args...)
		return err
	})
	return n, err
}

// Write implements sqlstore.DB.
func (d *database) Write(ctx context.Context, fn func(sqlstore.Conn) error) error {
	return d.writer.transaction(ctx, fn)
}

// Snapshot implements sqlstore.DB: in WAL mode the first read fixes what a transaction sees.
func (d *database) Snapshot(ctx context.Context, fn func(sqlstore.Conn) error) error {
	tx, err := d.reading.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return classify(err)
	}
	cache := &statementCache{}
	defer func() {
		cache.close()
		_ = tx.Rollback() // nothing was written
	}()
	return fn(conn{on: tx, prepared: cache, sent: d.reads.sent})
}

func (d *database) scalar(ctx context.Context, text string, dest any) error {
	rows, err := d.Query(ctx, text)
	if err != nil {
		return err
	}
	defer rows.Close()
	if !rows.Next() {
		return errors.Join(rows.Err(), store.ErrNotFound)
	}
	return rows.Scan(dest)
}

// Settled implements sqlstore.DB: a commit can be seen only after it is on the disk.
func (d *database) Settled(context.Context) error { return nil }

const seen = `UPDATE sign_ins SET last_seen = v.at
	FROM (SELECT i.value AS id, t.value AS at FROM json_each($1) i JOIN json_each($2) t ON t.key = i.key) v
	WHERE sign_ins.id = v.id AND sign_ins.last_seen < v.at`

// Seen implements sqlstore.DB.
func (d *database) Seen(ctx context.Context, ids []string, at []exam.Instant) error {
	list, err := jsonText(ids)
	if err != nil {
		return err
	}
	times, err := jsonText(at)
	if err != nil {
		return err
	}
	_, err = d.Exec(ctx, seen, list, times)
	return err
}

const (
	beat      = `UPDATE heartbeat SET before = last, last = shiken_now() WHERE only_row = 1`
	putOutage = `INSERT INTO outages (id, began, ended, settled)
		SELECT $1, b.before, b.last, 0 FROM heartbeat b WHERE b.before > 0 AND b.last - b.before > $2`
)

// Beat implements sqlstore.DB.
func (d *database) Beat(ctx context.Context, outage string, silence exam.Micros) error {
	return d.Write(ctx, func(c sqlstore.Conn) error {
		if _, err := c.Exec(ctx, beat); err != nil {
			return err
		}
		_, err := c.Exec(ctx, putOutage, outage, silence)
		return err
	})
}

// Among implements sqlstore.DB.
func (d *database) Among(column, parameter string) string {
	return column + ` IN (SELECT value FROM json_each(` + parameter + `))`
}

// AmongTexts implements sqlstore.DB: ids are texts here.
func (d *database) AmongTexts(column, parameter string) string { return d.Among(column, parameter) }

// List implements sqlstore.DB. Texts are marshalled without a fault.
func (d *database) List(list []string) any {
	text, _ := jsonText(list)
	return text
}

// statement is a prepared *sql.Stmt.
type statement interface {
	QueryContext(ctx context.Context, args ...any) (*sql.Rows, error)
	ExecContext(ctx context.Context, args ...any) (sql.Result, error)
	Close() error
}

// statementCache keeps statements prepared, by text. There are as many as there are texts in the
// code.
type statementCache struct {
	mu     sync.Mutex
	byText map[string]statement
}

func (c *statementCache) get(ctx context.Context, on preparer, text string) (statement, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if s, ok := c.byText[text]; ok {
		return s, nil
	}
	s, err := prepare(ctx, on, text)
	if err != nil {
		return nil, classify(err)
	}
	if c.byText == nil {
		c.byText = map[string]statement{}
	}
	c.byText[text] = s
	return s, nil
}

func prepare(ctx context.Context, on preparer, text string) (statement, error) {
	return on.PrepareContext(ctx, text)
}

func (c *statementCache) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range c.byText {
		_ = s.Close() // its connection goes with it
	}
	c.byText = nil
}

// found reads the index, or all words, in the order in which they were stored.
func found(matches bool, words, questions string) string {
	from, order := `question_words w`, `w.n`
	if matches {
		from, order = `question_grams g CROSS JOIN question_words w ON w.n = g.rowid`, `g.rowid`
	}
	return `SELECT q.id, q.set_name, q.place FROM ` + from + ` CROSS JOIN questions q ON q.id = w.question_id
		WHERE ` + words + ` AND ` + questions + ` ORDER BY ` + order
}

// Search implements sqlstore.DB by FTS5, which has what a token begins with, too.
func (d *database) Search() sqlstore.SearchIndex {
	return sqlstore.SearchIndex{
		Put: sqlstore.Insertion{Into: `INSERT INTO question_words (question_id, revision, facets, words) VALUES `, Row: `(?, ?, ?, ?)`, End: `
			ON CONFLICT (question_id) DO UPDATE SET revision = excluded.revision, facets = excluded.facets, words = excluded.words
			WHERE (question_words.revision, question_words.facets, question_words.words) <> (excluded.revision, excluded.facets, excluded.words)
			RETURNING n, question_id`},
		PutTokens: sqlstore.Insertion{Into: `INSERT OR REPLACE INTO question_grams (rowid, grams) VALUES `, Row: `(?, ?)`},
		Drop:      `DELETE FROM question_grams WHERE rowid IN`,
		Found:     found,
		Listed:    `questions q INDEXED BY questions_filters`, // SQLite would rather sort all of a category
		Matches:   `g.question_grams MATCH ?`,
		Contains:  `instr(w.words, ?) > 0`,
		All:       func(conditions []string) string { return strings.Join(conditions, " AND ") },
		Whole:     func(token string) string { return `"` + token + `"` },
		Begun:     func(token string) string { return `"` + token + `"*` },
	}
}
