package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"shiken/devtools/proc"
)

// sitting is what one candidate's sitting sent to Postgres: the way to the
// first question, then the answered pages.
type sitting struct {
	before  []trip
	answers []trip
	pages   int // answered
}

// bareResult is what the same statements cost without the program.
type bareResult struct {
	pages   int
	wall    time.Duration
	cpu     time.Duration // of the database; embedded: of the loop with it
	differs int           // statements that the database answered otherwise than then
	// statements per page, where they are not those of the recording.
	statements float64
}

// replayer executes recorded sittings on copies of the database as it was
// before them, so that every statement finds the rows that it found then.
type replayer struct {
	server      string // URL of the maintenance database
	snapshot    string // name of the database to copy
	postgresPid int    // 0: in a container
	connections int
	sittings    []sitting
	copies      int
}

// snapshotOf copies the database, which must have no connection open.
func snapshotOf(ctx context.Context, server, database string) (string, error) {
	u, err := url.Parse(database)
	if err != nil {
		return "", err
	}
	name := strings.TrimPrefix(u.Path, "/")
	return name + "_bare", execOn(ctx, server, fmt.Sprintf("CREATE DATABASE %s_bare TEMPLATE %s", name, name))
}

func execOn(ctx context.Context, server, sql string) error {
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, sql)
	return errors.Join(err, conn.Close(ctx))
}

// run replays all sittings once.
func (r *replayer) run(ctx context.Context) (bareResult, error) {
	r.copies++
	name := fmt.Sprintf("%s_%d", r.snapshot, r.copies)
	if err := execOn(ctx, r.server, fmt.Sprintf("CREATE DATABASE %s TEMPLATE %s", name, r.snapshot)); err != nil {
		return bareResult{}, err
	}
	result, err := r.runOn(ctx, name)
	return result, errors.Join(err, execOn(ctx, r.server, "DROP DATABASE "+name+" WITH (FORCE)"))
}

func (r *replayer) runOn(ctx context.Context, name string) (bareResult, error) {
	u, err := url.Parse(r.server)
	if err != nil {
		return bareResult{}, err
	}
	u.Path = "/" + name
	players, err := connectPlayers(ctx, u.String(), min(r.connections, len(r.sittings)))
	defer closePlayers(ctx, players)
	if err != nil {
		return bareResult{}, err
	}
	for i, s := range r.sittings {
		if err := players[i%len(players)].play(ctx, s.before); err != nil {
			return bareResult{}, err
		}
	}
	if err := prepareAll(ctx, players, r.sittings); err != nil {
		return bareResult{}, err
	}
	return r.measure(ctx, players)
}

func (r *replayer) measure(ctx context.Context, players []*player) (bareResult, error) {
	var result bareResult
	before, err := r.cpu()
	if err != nil {
		return result, err
	}
	begun := time.Now()
	errs := make([]error, len(players))
	var wg sync.WaitGroup
	for n, p := range players {
		p.differs = 0
		wg.Go(func() {
			for i := n; i < len(r.sittings) && errs[n] == nil; i += len(players) {
				errs[n] = p.play(ctx, r.sittings[i].answers)
			}
		})
	}
	wg.Wait()
	result.wall = time.Since(begun)
	after, err := r.cpu()
	result.cpu = after - before
	for _, s := range r.sittings {
		result.pages += s.pages
	}
	for _, p := range players {
		result.differs += p.differs
	}
	return result, errors.Join(append(errs, err)...)
}

func (r *replayer) cpu() (time.Duration, error) {
	if r.postgresPid == 0 {
		return 0, nil
	}
	return proc.CPUTime(r.postgresPid)
}

// player replays on one connection.
type player struct {
	conn     *pgconn.PgConn
	prepared map[string]string // name by text
	differs  int
}

func connectPlayers(ctx context.Context, database string, n int) ([]*player, error) {
	var players []*player
	for range n {
		conn, err := pgconn.Connect(ctx, database)
		if err != nil {
			return players, err
		}
		players = append(players, &player{conn: conn, prepared: map[string]string{}})
	}
	return players, nil
}

func closePlayers(ctx context.Context, players []*player) {
	for _, p := range players {
		_ = p.conn.Close(ctx) // the database is dropped next
	}
}

// prepareAll prepares beforehand, as the program's pool has long done.
func prepareAll(ctx context.Context, players []*player, sittings []sitting) error {
	for _, p := range players {
		for _, s := range sittings {
			for _, t := range s.answers {
				for _, st := range t {
					if _, err := p.name(ctx, st); err != nil {
						return err
					}
				}
			}
		}
	}
	return nil
}

func (p *player) name(ctx context.Context, s *statement) (string, error) {
	if name, ok := p.prepared[s.sql]; ok || s.simple {
		return name, nil
	}
	name := fmt.Sprintf("s%d", len(p.prepared))
	if _, err := p.conn.Prepare(ctx, name, s.sql, s.oids); err != nil {
		return "", fmt.Errorf("bench: prepare %q: %w", s.sql, err)
	}
	p.prepared[s.sql] = name
	return name, nil
}

// play sends each trip as it was sent then: together what went together.
func (p *player) play(ctx context.Context, trips []trip) error {
	for _, t := range trips {
		if len(t) == 0 {
			continue // a statement was prepared
		}
		results, err := p.send(ctx, t)
		if err != nil {
			return err
		}
		for i, s := range t {
			if i >= len(results) || results[i].CommandTag.String() != s.tag {
				p.differs++
			}
		}
	}
	return nil
}

func (p *player) send(ctx context.Context, t trip) ([]*pgconn.Result, error) {
	if t[0].simple {
		return p.conn.Exec(ctx, t[0].sql).ReadAll()
	}
	batch := &pgconn.Batch{}
	for _, s := range t {
		name, err := p.name(ctx, s)
		if err != nil {
			return nil, err
		}
		batch.ExecPrepared(name, s.params, s.paramFormats, s.resultFormats)
	}
	return p.conn.ExecBatch(ctx, batch).ReadAll()
}
