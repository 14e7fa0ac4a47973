package wire

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

// Sitting is what one candidate's sitting sent to Postgres: the way to the
// first question, then the answered pages.
type Sitting struct {
	Before  []Trip
	Answers []Trip
	Pages   int // answered
}

// Result is what the same statements cost without the program.
type Result struct {
	Pages   int
	Wall    time.Duration
	CPU     time.Duration // of the database; embedded: of the loop with it
	Differs int           // statements that the database answered otherwise than then
}

// Replayer executes recorded sittings on copies of the database as it was
// before them, so that every statement finds the rows that it found then.
type Replayer struct {
	Server      string // URL of the maintenance database
	Snapshot    string // name of the database to copy
	PostgresPid int    // 0: in a container
	Connections int
	Sittings    []Sitting
	copies      int
}

// Snapshot copies the database, which must have no connection open, and returns
// the copy's name: the original's with the suffix.
func Snapshot(ctx context.Context, server, database, suffix string) (string, error) {
	u, err := url.Parse(database)
	if err != nil {
		return "", err
	}
	name := strings.TrimPrefix(u.Path, "/")
	snapshot := name + "_" + suffix
	return snapshot, execOn(ctx, server, fmt.Sprintf("CREATE DATABASE %s TEMPLATE %s", snapshot, name))
}

func execOn(ctx context.Context, server, sql string) error {
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, sql)
	return errors.Join(err, conn.Close(ctx))
}

// Run replays all sittings once.
func (r *Replayer) Run(ctx context.Context) (Result, error) {
	r.copies++
	name := fmt.Sprintf("%s_%d", r.Snapshot, r.copies)
	if err := execOn(ctx, r.Server, fmt.Sprintf("CREATE DATABASE %s TEMPLATE %s", name, r.Snapshot)); err != nil {
		return Result{}, err
	}
	result, err := r.runOn(ctx, name)
	return result, errors.Join(err, execOn(ctx, r.Server, "DROP DATABASE "+name+" WITH (FORCE)"))
}

func (r *Replayer) runOn(ctx context.Context, name string) (Result, error) {
	u, err := url.Parse(r.Server)
	if err != nil {
		return Result{}, err
	}
	u.Path = "/" + name
	players, err := connectPlayers(ctx, u.String(), min(r.Connections, len(r.Sittings)))
	defer closePlayers(ctx, players)
	if err != nil {
		return Result{}, err
	}
	for i, s := range r.Sittings {
		if err := players[i%len(players)].play(ctx, s.Before); err != nil {
			return Result{}, err
		}
	}
	if err := prepareAll(ctx, players, r.Sittings); err != nil {
		return Result{}, err
	}
	return r.measure(ctx, players)
}

func (r *Replayer) measure(ctx context.Context, players []*player) (Result, error) {
	var result Result
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
			for i := n; i < len(r.Sittings) && errs[n] == nil; i += len(players) {
				errs[n] = p.play(ctx, r.Sittings[i].Answers)
			}
		})
	}
	wg.Wait()
	result.Wall = time.Since(begun)
	after, err := r.cpu()
	result.CPU = after - before
	for _, s := range r.Sittings {
		result.Pages += s.Pages
	}
	for _, p := range players {
		result.Differs += p.differs
	}
	return result, errors.Join(append(errs, err)...)
}

func (r *Replayer) cpu() (time.Duration, error) {
	if r.PostgresPid == 0 {
		return 0, nil
	}
	return proc.CPUTime(r.PostgresPid)
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
func prepareAll(ctx context.Context, players []*player, sittings []Sitting) error {
	for _, p := range players {
		for _, s := range sittings {
			for _, t := range s.Answers {
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

func (p *player) name(ctx context.Context, s *Statement) (string, error) {
	if name, ok := p.prepared[s.SQL]; ok || s.Simple {
		return name, nil
	}
	name := fmt.Sprintf("s%d", len(p.prepared))
	if _, err := p.conn.Prepare(ctx, name, s.SQL, s.OIDs); err != nil {
		return "", fmt.Errorf("wire: prepare %q: %w", s.SQL, err)
	}
	p.prepared[s.SQL] = name
	return name, nil
}

// play sends each trip as it was sent then: together what went together.
func (p *player) play(ctx context.Context, trips []Trip) error {
	for _, t := range trips {
		if len(t) == 0 {
			continue // a statement was prepared
		}
		results, err := p.send(ctx, t)
		if err != nil {
			return err
		}
		for i, s := range t {
			if i >= len(results) || results[i].CommandTag.String() != s.Tag {
				p.differs++
			}
		}
	}
	return nil
}

func (p *player) send(ctx context.Context, t Trip) ([]*pgconn.Result, error) {
	if t[0].Simple {
		return p.conn.Exec(ctx, t[0].SQL).ReadAll()
	}
	batch := &pgconn.Batch{}
	for _, s := range t {
		name, err := p.name(ctx, s)
		if err != nil {
			return nil, err
		}
		batch.ExecPrepared(name, s.Params, s.ParamFormats, s.ResultFormats)
	}
	return p.conn.ExecBatch(ctx, batch).ReadAll()
}
