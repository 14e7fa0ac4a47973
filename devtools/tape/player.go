package tape

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
)

// Player executes statements again on one file: each of its hands reads on a
// connection of its own, and all share one connection that writes, like the
// program did.
type Player struct {
	writer  *connection
	writing sync.Mutex
	hands   []*Hand
	dbs     []*sql.DB
}

// Hand plays one list of statements after the other. It is used by one
// goroutine at a time.
type Hand struct {
	player *Player
	reader *connection
	// Differs counts the statements that wrote another number of rows than then.
	Differs int
}

// NewPlayer opens the file by the two data source names of the program, with
// so many hands.
func NewPlayer(ctx context.Context, writerSource, readerSource string, hands int) (*Player, error) {
	p := &Player{}
	var err error
	if p.writer, err = p.connect(ctx, writerSource); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	for range hands {
		reader, err := p.connect(ctx, readerSource)
		if err != nil {
			return nil, errors.Join(err, p.Close())
		}
		p.hands = append(p.hands, &Hand{player: p, reader: reader})
	}
	return p, nil
}

// Hands are those that play.
func (p *Player) Hands() []*Hand { return p.hands }

// Close closes all connections.
func (p *Player) Close() error {
	var errs []error
	for _, db := range p.dbs {
		errs = append(errs, db.Close())
	}
	return errors.Join(errs...)
}

func (p *Player) connect(ctx context.Context, source string) (*connection, error) {
	db, err := sql.Open("sqlite", source)
	if err != nil {
		return nil, err
	}
	p.dbs = append(p.dbs, db)
	own, err := db.Conn(ctx)
	return &connection{own: own, prepared: map[string]*sql.Stmt{}}, err
}

// Play executes the statements in their order. What was one transaction on the
// writing connection is one again; what does not end well is undone.
func (h *Hand) Play(ctx context.Context, list []Statement) error {
	open := false // a transaction on the writing connection
	for i := range list {
		s := &list[i]
		if s.Writes && !open {
			h.player.writing.Lock()
		}
		err := h.execute(ctx, s)
		if s.Writes && err == nil {
			if open = s.opens() || open && !s.closes(); !open {
				h.player.writing.Unlock()
			}
		}
		if err != nil {
			err = fmt.Errorf("tape: %q: %w", s.SQL, err)
			if s.Writes || open {
				err = errors.Join(err, h.abandon(ctx, open))
			}
			return err
		}
	}
	if open {
		return errors.Join(errors.New("tape: it ends within a transaction"), h.abandon(ctx, true))
	}
	return nil
}

// abandon gives the writing connection back.
func (h *Hand) abandon(ctx context.Context, open bool) error {
	defer h.player.writing.Unlock()
	if !open {
		return nil
	}
	_, err := h.player.writer.own.ExecContext(ctx, "ROLLBACK")
	return err
}

func (h *Hand) execute(ctx context.Context, s *Statement) error {
	on := h.reader
	if s.Writes {
		on = h.player.writer
	}
	n, err := on.execute(ctx, s)
	if err == nil && !s.Query && !s.Control() && n != s.Rows {
		h.Differs++
	}
	return err
}

// connection keeps its statements prepared, as the program does.
type connection struct {
	own      *sql.Conn
	prepared map[string]*sql.Stmt
}

func (c *connection) execute(ctx context.Context, s *Statement) (int64, error) {
	stmt, err := c.prepare(ctx, s.SQL) //nolint:sqlclosecheck // kept until the connection is closed
	if err != nil {
		return 0, err
	}
	args := make([]any, len(s.Args))
	for i, v := range s.Args {
		args[i] = v.argument()
	}
	if !s.Query {
		result, err := stmt.ExecContext(ctx, args...)
		if err != nil {
			return 0, err
		}
		return result.RowsAffected()
	}
	rows, err := stmt.QueryContext(ctx, args...)
	if err != nil {
		return 0, err
	}
	defer func() { _ = rows.Close() }() // Err tells what went wrong
	n := int64(0)
	for rows.Next() {
		n++
	}
	return n, rows.Err()
}

func (c *connection) prepare(ctx context.Context, text string) (*sql.Stmt, error) {
	if s, ok := c.prepared[text]; ok {
		return s, nil
	}
	s, err := c.own.PrepareContext(ctx, text)
	if err == nil {
		c.prepared[text] = s
	}
	return s, err
}
