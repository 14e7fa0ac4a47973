package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"shiken/devtools/cluster"
	"shiken/devtools/proc"
	"shiken/devtools/services"
)

// statementsMetric counts the statements that an instance's store has sent.
const statementsMetric = "shiken_store_statements_total"

// embedded prepares one instance with its SQLite file.
func embedded(ctx context.Context, o options) (*shape, error) {
	s := &shape{name: "embedded", bareName: "the same statements run on SQLite"}
	dir, err := proc.TempDir("shiken-bench-")
	if err != nil {
		return nil, err
	}
	s.end = append(s.end, func() error { return os.RemoveAll(dir) })
	i, err := startEmbedded(ctx, dir)
	if err != nil {
		return s, err
	}
	s.end = append(s.end, i.Terminate)
	everybody, err := importCandidates(ctx, i, i.URL(), o.clients+o.sittings)
	if err != nil {
		return s, err
	}
	s.candidates = everybody[:o.clients]
	if err := s.recordEmbedded(ctx, i, dir, everybody[o.clients:]); err != nil {
		return s, err
	}
	s.parts = []part{{i.Name, i.Pid()}}
	return s, signIn(ctx, s.candidates)
}

func startEmbedded(ctx context.Context, dir string) (*cluster.Instance, error) {
	binary, err := cluster.Build(ctx, dir)
	if err != nil {
		return nil, err
	}
	port, err := services.FreePort()
	if err != nil {
		return nil, err
	}
	i := cluster.NewInstance("shiken", binary, fmt.Sprintf("127.0.0.1:%d", port), filepath.Join(dir, "log"), map[string]string{
		"SHIKEN_DATA": dataDir(dir), "SHIKEN_DEMO": "1", "SHIKEN_LOG": "json", "SHIKEN_ADMIN_PASSWORD": "bench-admin-password",
	})
	return i, i.Start(ctx)
}

func dataDir(dir string) string { return filepath.Join(dir, "data") }

// recordEmbedded opens attempts for the bare statements, copies the data while
// nobody uses it, and counts what an answered page asks of the store.
func (s *shape) recordEmbedded(ctx context.Context, i *cluster.Instance, dir string, recorded []*candidate) error {
	if err := signIn(ctx, recorded); err != nil {
		return err
	}
	for _, c := range recorded {
		if _, err := c.Begin(ctx, sampleExam); err != nil {
			return err
		}
	}
	if err := i.Terminate(); err != nil {
		return err
	}
	bare := &bareSQLite{original: dataDir(dir), folder: dir, workers: len(s.candidates)}
	s.bare = bare.run
	s.end = append(s.end, bare.close)
	if err := os.CopyFS(bare.copyName(), os.DirFS(bare.original)); err != nil {
		return err
	}
	if err := i.Start(ctx); err != nil {
		return err
	}
	return s.countStatements(ctx, i, recorded[0])
}

// countStatements lets one candidate answer and reads the counter before and
// after; a pause of the same length tells what comes by itself.
func (s *shape) countStatements(ctx context.Context, i *cluster.Instance, c *candidate) error {
	page, err := c.Begin(ctx, sampleExam)
	if err != nil {
		return err
	}
	before, err := i.Metric(ctx, statementsMetric)
	if err != nil {
		return err
	}
	pages := 0
	for page.IsQuestion() {
		if page, err = c.Answer(ctx, page, c.rng.IntN, "next"); err != nil {
			return err
		}
		pages++
	}
	after, err := i.Metric(ctx, statementsMetric)
	s.counts.statements = (after - before) / float64(max(pages, 1))
	return err
}
