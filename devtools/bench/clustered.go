package main

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"slices"
	"time"

	"shiken/devtools/cluster"
	"shiken/devtools/wire"
)

// clustered prepares two instances behind the balancer with Postgres and Redis.
func clustered(ctx context.Context, o options) (*shape, error) {
	s := &shape{name: "cluster of 2", bareName: "the same statements, recorded and replayed on Postgres (not pgbench: each statement has arguments of its own)"}
	c, err := cluster.Run(ctx, cluster.Options{Instances: 2, Env: map[string]string{"SHIKEN_DEMO": "1"}})
	if err != nil {
		return nil, err
	}
	s.end = append(s.end, c.Close)
	everybody, err := importCandidates(ctx, c.Instances[0], c.URL(), o.clients+o.sittings)
	if err != nil {
		return s, err
	}
	s.candidates = everybody[:o.clients]
	if err := s.recordCluster(ctx, c, everybody[o.clients:]); err != nil {
		return s, fmt.Errorf("record the statements: %w", err)
	}
	for _, i := range c.Instances {
		if err := i.Start(ctx); err != nil {
			return s, err
		}
		s.parts = append(s.parts, part{i.Name, i.Pid()})
	}
	s.parts = append(s.parts, part{"postgres", c.Postgres.Pid()}, part{"redis", c.Redis.Pid()}, part{"balancer", c.Balancer.Pid()})
	return s, signIn(ctx, s.candidates)
}

// recordCluster copies the database while nobody uses it, then lets a single
// instance behind recording proxies serve some sittings, one after another.
func (s *shape) recordCluster(ctx context.Context, c *cluster.Cluster, recorded []*candidate) error {
	for _, i := range c.Instances {
		if err := i.Terminate(); err != nil {
			return err
		}
	}
	snapshot, err := wire.Snapshot(ctx, c.Postgres.URL(), c.DatabaseURL(), "bare")
	if err != nil {
		return err
	}
	rec, err := startRecording(ctx, c)
	if err != nil {
		return err
	}
	sittings, err := rec.record(ctx, recorded)
	if err != nil {
		return fmt.Errorf("%w\n%s", err, rec.instance.Log())
	}
	s.counts = rec.counts
	r := &wire.Replayer{
		Server: c.Postgres.URL(), Snapshot: snapshot, PostgresPid: c.Postgres.Pid(),
		Connections: len(s.candidates), Sittings: sittings,
	}
	s.bare = r.Run
	return rec.close()
}

// recording is an instance whose traffic with its servers is recorded.
type recording struct {
	instance *cluster.Instance
	postgres *wire.Proxy
	redis    *wire.Proxy
	trips    *wire.Recorder
	commands *wire.CommandCounter
	idle     map[string]bool // statements that come by themselves
	counts   perPage
	pages    int
}

func startRecording(ctx context.Context, c *cluster.Cluster) (*recording, error) {
	rec := &recording{trips: &wire.Recorder{}, commands: &wire.CommandCounter{}, idle: map[string]bool{}}
	var err error
	if rec.postgres, err = wire.StartProxy(c.Postgres.Addr(), rec.trips.Serve); err != nil {
		return nil, err
	}
	if rec.redis, err = wire.StartProxy(c.Redis.Addr(), rec.commands.Serve); err != nil {
		return nil, err
	}
	database, err := throughProxy(c.DatabaseURL(), rec.postgres)
	if err != nil {
		return nil, err
	}
	redis, err := throughProxy(c.Redis.URL(), rec.redis)
	if err != nil {
		return nil, err
	}
	rec.instance, err = c.Extra("recorded", map[string]string{"DATABASE_URL": database, "REDIS_URL": redis})
	if err != nil {
		return nil, err
	}
	if err := rec.instance.Start(ctx); err != nil {
		return nil, err
	}
	return rec, rec.listenIdle(ctx)
}

func throughProxy(raw string, p *wire.Proxy) (string, error) {
	u, err := url.Parse(raw)
	if err != nil {
		return "", err
	}
	if _, _, err := net.SplitHostPort(u.Host); err != nil {
		return "", err
	}
	u.Host = p.Addr()
	return u.String(), nil
}

// listenIdle learns which statements the instance sends when nobody asks for
// anything: they are no part of an answer.
func (rec *recording) listenIdle(ctx context.Context) error {
	rec.trips.Take()
	if err := idleSpan(ctx); err != nil {
		return err
	}
	for _, t := range rec.trips.Take() {
		for _, st := range t {
			if !control(st.SQL) {
				rec.idle[st.SQL] = true
			}
		}
	}
	return nil
}

// idleSpan waits while nobody asks for anything, for two rounds of what an
// instance does each second.
func idleSpan(ctx context.Context) error {
	const span = 2500 * time.Millisecond
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-time.After(span):
		return nil
	}
}

// control tells whether the text opens or ends a transaction; such texts are
// shared by all that the instance does.
func control(sql string) bool {
	return slices.Contains([]string{"begin", "BEGIN", "commit", "COMMIT", "rollback", "ROLLBACK"}, sql)
}

// record lets each candidate sit once, one after the other.
func (rec *recording) record(ctx context.Context, candidates []*candidate) ([]wire.Sitting, error) {
	var sittings []wire.Sitting
	for k, who := range candidates {
		c, err := newCandidate(rec.instance.URL(), k, who.username, who.password)
		if err != nil {
			return nil, err
		}
		s, err := rec.sit(ctx, c)
		c.Close()
		if err != nil {
			return nil, err
		}
		sittings = append(sittings, s)
	}
	pages := float64(rec.pages)
	rec.counts.statements /= pages
	rec.counts.trips /= pages
	rec.counts.redisCommands /= pages
	rec.counts.redisTrips /= pages
	return sittings, nil
}

// sit records one sitting, up to its last answer: closing is no part of an
// answer.
func (rec *recording) sit(ctx context.Context, c *candidate) (wire.Sitting, error) {
	var s wire.Sitting
	if _, err := c.SignIn(ctx, c.username, c.password); err != nil {
		return s, err
	}
	page, err := c.Begin(ctx, sampleExam)
	if err != nil {
		return s, err
	}
	s.Before = rec.take()
	commands, trips := rec.commands.Commands.Load(), rec.commands.Trips.Load()
	for page.IsQuestion() {
		if page, err = c.Answer(ctx, page, c.rng.IntN, "next"); err != nil {
			return s, err
		}
		s.Pages++
	}
	s.Answers = rec.take()
	rec.counts.redisCommands += float64(rec.commands.Commands.Load() - commands)
	rec.counts.redisTrips += float64(rec.commands.Trips.Load() - trips)
	rec.pages += s.Pages
	for _, t := range s.Answers {
		rec.counts.trips++
		rec.counts.statements += float64(len(t))
	}
	return s, nil
}

// take is what was recorded since, without what came by itself.
func (rec *recording) take() []wire.Trip {
	return slices.DeleteFunc(rec.trips.Take(), func(t wire.Trip) bool {
		return slices.ContainsFunc(t, func(st *wire.Statement) bool { return rec.idle[st.SQL] })
	})
}

func (rec *recording) close() error {
	if err := rec.instance.Terminate(); err != nil {
		return err
	}
	if err := rec.postgres.Close(); err != nil {
		return err
	}
	return rec.redis.Close()
}
