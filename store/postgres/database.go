package postgres

import (
	"context"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"shiken/exam"
	"shiken/store"
	"shiken/store/sqlstore"
)

// runner is a pool or a transaction.
type runner interface {
	Query(ctx context.Context, text string, args ...any) (pgx.Rows, error)
	Exec(ctx context.Context, text string, args ...any) (pgconn.CommandTag, error)
}

// conn runs statements where it stands.
type conn struct {
	on   runner
	sent *atomic.Int64
	patience
}

// defaultPatience bounds a statement whose caller sets no bound: a little longer than the server's own
// (statement_timeout), for a server that is silent and does not end it. Without it the network would decide, after a
// quarter of an hour.
const defaultPatience = 35 * time.Second

// patience is that of a database.
type patience time.Duration

// bound gives a context without a deadline one.
func (p patience) bound(ctx context.Context) (context.Context, context.CancelFunc) {
	if _, bounded := ctx.Deadline(); bounded {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, time.Duration(p))
}

func (c conn) Query(ctx context.Context, text string, args ...any) (sqlstore.Rows, error) {
	c.sent.Add(1)
	ctx, end := c.bound(ctx)
	r, err := c.on.Query(ctx, text, args...)
	if err != nil {
		end()
		return nil, classify(err)
	}
	return rows{r, end}, nil
}

func (c conn) Exec(ctx context.Context, text string, args ...any) (int64, error) {
	c.sent.Add(1)
	ctx, end := c.bound(ctx)
	defer end()
	tag, err := c.on.Exec(ctx, text, args...)
	return tag.RowsAffected(), classify(err)
}

// rows gives the errors of pgx.Rows their meaning.
type rows struct {
	pgx.Rows
	end context.CancelFunc // of the statement's time
}

func (r rows) Close() {
	r.Rows.Close()
	r.end()
}

func (r rows) Err() error             { return classify(r.Rows.Err()) }
func (r rows) Scan(dest ...any) error { return classify(r.Rows.Scan(dest...)) }

// database is the sqlstore.DB of a pool.
type database struct {
	pool *pgxpool.Pool
	sent *atomic.Int64
	patience
}

var _ sqlstore.DB = (*database)(nil)

func (d *database) conn() conn { return conn{d.pool, d.sent, d.patience} }

// Query implements sqlstore.DB.
func (d *database) Query(ctx context.Context, text string, args ...any) (sqlstore.Rows, error) {
	return d.conn().Query(ctx, text, args...)
}

// Exec implements sqlstore.DB.
func (d *database) Exec(ctx context.Context, text string, args ...any) (int64, error) {
	return d.conn().Exec(ctx, text, args...)
}

// Write implements sqlstore.DB.
func (d *database) Write(ctx context.Context, fn func(sqlstore.Conn) error) error {
	return d.transaction(ctx, pgx.TxOptions{}, fn)
}

// Snapshot implements sqlstore.DB.
func (d *database) Snapshot(ctx context.Context, fn func(sqlstore.Conn) error) error {
	return d.transaction(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, fn)
}

func (d *database) transaction(ctx context.Context, o pgx.TxOptions, fn func(sqlstore.Conn) error) error {
	d.sent.Add(2) // begin, and commit or rollback
	beginning, begun := d.bound(ctx)
	defer begun()
	tx, err := d.pool.BeginTx(beginning, o)
	if err != nil {
		return classify(err)
	}
	defer d.rollBack(ctx, tx)
	if err := fn(conn{tx, d.sent, d.patience}); err != nil {
		return classify(err)
	}
	ending, ended := d.bound(ctx)
	defer ended()
	return classify(tx.Commit(ending))
}

// rollBack ends a transaction that was not committed; else it does nothing.
func (d *database) rollBack(ctx context.Context, tx pgx.Tx) {
	ctx, end := d.bound(ctx)
	defer end()
	_ = tx.Rollback(ctx) // a connection that cannot be told is closed, which rolls back as well
}

// parts says which parts a Change has.
type parts struct{ response, entry, rejection bool }

// changes holds the statement of each combination of parts.
var changes = map[parts]string{}

func init() {
	for _, response := range []bool{false, true} {
		for _, entry := range []bool{false, true} {
			for _, rejection := range []bool{false, true} {
				p := parts{response, entry, rejection}
				changes[p] = changeText(p)
			}
		}
	}
}

// changeText is one statement that compares, writes and commits: the inserts draw on the row that
// the update moved, so without it they write nothing.
func changeText(p parts) string {
	var b strings.Builder
	b.WriteString(`WITH moved AS (` + sqlstore.UpdateAttempt + ` RETURNING id)`)
	next := sqlstore.UpdateArgs + 1
	insert := func(name, table, columns, conflict string) {
		n := sqlstore.CountColumns(columns) - 1
		b.WriteString(`, ` + name + ` AS (INSERT INTO ` + table + ` (` + columns + `) SELECT id, ` +
			sqlstore.Placeholders(next, n) + ` FROM moved` + conflict + `)`)
		next += n
	}
	if p.response {
		insert("response", "responses", sqlstore.ResponseColumns, sqlstore.ReplaceResponse)
	}
	if p.entry {
		insert("entry", "journal", sqlstore.EntryColumns, "")
	}
	if p.rejection {
		insert("rejection", "rejections", sqlstore.RejectionColumns, "")
	}
	b.WriteString(` SELECT count(*) FROM moved`)
	return b.String()
}

// Change implements sqlstore.DB.
func (d *database) Change(ctx context.Context, c sqlstore.Change) error {
	args := append([]any{}, c.Attempt...)
	args = append(append(append(args, c.Response...), c.Entry...), c.Rejection...)
	text := changes[parts{c.Response != nil, c.Entry != nil, c.Rejection != nil}]
	d.sent.Add(1)
	moved := 0
	ctx, end := d.bound(ctx)
	defer end()
	if err := d.pool.QueryRow(ctx, text, args...).Scan(&moved); err != nil {
		return classify(err)
	}
	if moved == 0 {
		return store.ErrMoved
	}
	return nil
}

// settled commits a record that says nothing, where a commit has to wait for a standby. Which standbys
// those are may change at any time, so it is asked each time.
const settled = `SELECT pg_logical_emit_message(true, 'shiken', '') WHERE current_setting('synchronous_standby_names') <> ''`

// Settled implements sqlstore.DB. A commit can be seen once it is on this server's disk, which may be
// before a standby has it: who gave up waiting interrupted the wait, and the server may have been
// restarted. A later commit waits for it, too.
func (d *database) Settled(ctx context.Context) error {
	_, err := d.Exec(ctx, settled)
	return err
}

// seen takes the rows in one order, so that two instances cannot wait for each other.
const seen = `WITH heard AS (SELECT * FROM unnest($1::uuid[], $2::bigint[]) AS v (id, at)),
	held AS (SELECT s.id, v.at FROM sign_ins s JOIN heard v ON v.id = s.id WHERE s.last_seen < v.at
		ORDER BY s.id FOR NO KEY UPDATE OF s)
	UPDATE sign_ins SET last_seen = greatest(sign_ins.last_seen, held.at) FROM held WHERE sign_ins.id = held.id`

// Seen implements sqlstore.DB.
func (d *database) Seen(ctx context.Context, ids []string, at []exam.Instant) error {
	times := make([]int64, len(at))
	for i, t := range at {
		times[i] = int64(t)
	}
	_, err := d.Exec(ctx, seen, ids, times)
	return err
}

// beat is one statement, so that no instance that is held up in the middle keeps the others waiting.
const beat = `WITH beat AS (UPDATE heartbeat SET before = last, last = shiken_now() WHERE only_row = 1
		RETURNING last, before)
	INSERT INTO outages (id, began, ended, settled)
	SELECT $1, b.before, b.last, 0 FROM beat b WHERE b.before > 0 AND b.last - b.before > $2`

// Beat implements sqlstore.DB.
func (d *database) Beat(ctx context.Context, outage string, silence exam.Micros) error {
	_, err := d.Exec(ctx, beat, outage, silence)
	return err
}

// Among implements sqlstore.DB.
func (d *database) Among(column, parameter string) string {
	return column + ` = ANY (CAST(` + parameter + ` AS uuid[]))`
}

// AmongTexts implements sqlstore.DB.
func (d *database) AmongTexts(column, parameter string) string {
	return column + ` = ANY (CAST(` + parameter + ` AS text[]))`
}

// List implements sqlstore.DB.
func (d *database) List(list []string) any { return list }

// Search implements sqlstore.DB by text search without any dictionary: what is installed everywhere.
func (d *database) Search() sqlstore.SearchIndex {
	return sqlstore.SearchIndex{
		Put: sqlstore.Insertion{Into: `INSERT INTO question_words (question_id, revision, facets, words, grams) VALUES `,
			Row: `(?, ?, ?, ?, array_to_tsvector(string_to_array(CAST(? AS TEXT), ' ')))`, End: `
			ON CONFLICT (question_id) DO UPDATE SET revision = excluded.revision, facets = excluded.facets, words = excluded.words, grams = excluded.grams
			WHERE (question_words.revision, question_words.facets, question_words.words) <> (excluded.revision, excluded.facets, excluded.words)
			RETURNING n, question_id`},
		// Fences (OFFSET 0): what the index gives is looked up one by one until there is enough, whatever the planner
		// thinks of it, which has no statistics after a large load.
		Found: func(_ bool, words, questions string) string {
			return `SELECT q.id, q.set_name, q.place FROM (SELECT w.question_id FROM question_words w WHERE ` + words + ` OFFSET 0) w
				CROSS JOIN LATERAL (SELECT q.id, q.set_name, q.place FROM questions q WHERE q.id = w.question_id AND ` + questions + ` OFFSET 0) q`
		},
		Listed:   `questions q`,
		Matches:  `w.grams @@ CAST(CAST(? AS TEXT) AS TSQUERY)`,
		Contains: `strpos(w.words, ?) > 0`,
		All:      func(conditions []string) string { return strings.Join(conditions, " & ") },
		Whole:    func(token string) string { return "'" + token + "'" },
		Begun:    func(token string) string { return "'" + token + "':*" },
	}
}
