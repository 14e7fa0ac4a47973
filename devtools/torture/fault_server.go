package torture

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/gomodule/redigo/redis"
	"github.com/jackc/pgx/v5"

	"shiken/devtools/services"
)

// down is how long a server that was killed stays away.
func (s *saboteur) down(ctx context.Context) {
	_ = pause(ctx, s.between(50*time.Millisecond, 600*time.Millisecond)) // the run ends: mend at once
}

// restart starts a killed server, again while what the old one left behind hinders it.
func restart(ctx context.Context, server *services.Server) error {
	const patience = time.Minute
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	return services.Poll(ctx, server.Start)
}

func (s *saboteur) kill(ctx context.Context, server *services.Server) error {
	if err := server.Kill(); err != nil {
		return err
	}
	s.down(ctx)
	return restart(ctx, server)
}

func (s *saboteur) killRedis(ctx context.Context, _ string) error { return s.kill(ctx, s.parts.Redis) }

// killPostgres kills it, every fourth time for as long as the silence (3 s) that the service takes for an
// outage, which gives time back (docs/design.md, R9).
func (s *saboteur) killPostgres(ctx context.Context, _ string) error {
	if s.kills.Add(1)%4 != 2 {
		return s.kill(ctx, s.parts.Postgres)
	}
	if err := s.parts.Postgres.Kill(); err != nil {
		return err
	}
	_ = pause(ctx, 3*time.Second) // the run ends: mend at once
	return restart(ctx, s.parts.Postgres)
}

func (s *saboteur) haltRedis(ctx context.Context, _ string) error {
	if err := s.parts.Redis.Freeze(); err != nil {
		return err
	}
	halted := isHalted(s.parts.Redis.Pid())
	s.briefly(ctx)
	if err := s.parts.Redis.Thaw(); err != nil {
		return err
	}
	if !halted {
		return fmt.Errorf("%w: redis was not halted", errMissed)
	}
	return nil
}

// slowRedis holds back every reply, to all instances, for up to two thirds of what they wait.
func (s *saboteur) slowRedis(ctx context.Context, _ string) error {
	var names []string
	for _, i := range s.parts.Instances {
		names = append(names, linkName(i.Name, "redis"))
	}
	how := sabotage{Mode: slow, Delay: s.between(30*time.Millisecond, 350*time.Millisecond)}
	return s.along(ctx, s.between(300*time.Millisecond, 900*time.Millisecond), replies, how, names...)
}

// emptyRedis takes away sessions and locks.
func (s *saboteur) emptyRedis(ctx context.Context, _ string) error {
	const patience = 5 * time.Second
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	conn, err := redis.DialURLContext(ctx, s.parts.Redis.URL())
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }() // nothing is lost
	keys, err := redis.Int(conn.Do("DBSIZE"))
	if err != nil {
		return err
	}
	if _, err = conn.Do("FLUSHALL"); err == nil && keys == 0 {
		err = fmt.Errorf("%w: redis was empty", errMissed)
	}
	return err
}

const terminateBackends = `SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
	WHERE pid <> pg_backend_pid() AND datname = current_database()`

// terminateBackends ends every connection, whatever it is doing.
func (s *saboteur) terminateBackends(ctx context.Context, _ string) error {
	const patience = 5 * time.Second
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	conn, err := pgx.Connect(ctx, s.parts.DatabaseURL())
	if err != nil {
		return err
	}
	ended := 0
	err = conn.QueryRow(ctx, terminateBackends).Scan(&ended)
	if err := errors.Join(err, conn.Close(ctx)); err != nil {
		return err
	}
	if ended == 0 {
		return fmt.Errorf("%w: no backend was there", errMissed)
	}
	return nil
}
