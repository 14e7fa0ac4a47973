package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"shiken/devtools/cluster"
	"shiken/devtools/proc"
	"shiken/devtools/services"
	"shiken/devtools/tape"
)

// embedded prepares one instance with its SQLite file.
func embedded(ctx context.Context, o options) (*shape, error) {
	s := &shape{name: "embedded", bareName: "the same statements, recorded and replayed on SQLite through database/sql"}
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
	if err := i.Terminate(); err != nil {
		return s, err
	}
	if err := s.recordEmbedded(ctx, i, dir, everybody[o.clients:]); err != nil {
		return s, fmt.Errorf("record the statements: %w", err)
	}
	if err := i.Start(ctx); err != nil {
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
	i := embeddedInstance(dir, binary, fmt.Sprintf("127.0.0.1:%d", port))
	return i, i.Start(ctx)
}

func embeddedInstance(dir, binary, addr string) *cluster.Instance {
	return cluster.NewInstance("shiken", binary, addr, filepath.Join(dir, "log"), map[string]string{
		"SHIKEN_DATA": dataDir(dir), "SHIKEN_DEMO": "1", "SHIKEN_LOG": "json", "SHIKEN_ADMIN_PASSWORD": "bench-admin-password",
		tape.FileVariable: filepath.Join(dir, "tape"),
	})
}

func dataDir(dir string) string { return filepath.Join(dir, "data") }

// recordEmbedded copies the data while nobody uses it, then lets a recording
// program in the instance's place serve some sittings, one after another.
func (s *shape) recordEmbedded(ctx context.Context, i *cluster.Instance, dir string, recorded []*candidate) error {
	bare := &bareSQLite{folder: filepath.Join(dir, "bare"), hands: len(s.candidates)}
	if err := os.CopyFS(bare.folder, os.DirFS(dataDir(dir))); err != nil {
		return err
	}
	taped := filepath.Join(dir, "taped")
	if err := os.Mkdir(taped, 0o700); err != nil {
		return err
	}
	binary, err := buildTaped(ctx, taped)
	if err != nil {
		return err
	}
	tp := &taping{instance: embeddedInstance(dir, binary, i.Addr()), reader: tape.NewReader(filepath.Join(dir, "tape"))}
	defer tp.instance.Kill()
	if err := tp.start(ctx); err != nil {
		return err
	}
	pages := 0
	for _, c := range recorded {
		sitting, err := tp.sit(ctx, c)
		c.Close()
		if err != nil {
			return err
		}
		pages += sitting.pages
		s.counts.statements += float64(len(sitting.answers))
		bare.sittings = append(bare.sittings, sitting)
	}
	s.counts.statements /= float64(max(pages, 1))
	bare.writing, bare.reading = tp.writing, tp.reading
	s.bare = bare.run
	return tp.instance.Terminate()
}
