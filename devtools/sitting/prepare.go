package main

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver pgx

	"shiken/devtools/cluster"
	"shiken/devtools/hall"
	"shiken/devtools/proc"
	"shiken/devtools/services"
	"shiken/store/sqlite"
)

// embedded prepares one instance with its SQLite file.
func embedded(ctx context.Context, o options) (*shape, error) {
	dir, err := proc.TempDir("shiken-sitting-")
	if err != nil {
		return nil, err
	}
	s := &shape{name: "embedded", end: []func() error{func() error { return os.RemoveAll(dir) }}}
	binary, err := cluster.Build(ctx, dir)
	if err != nil {
		return s, err
	}
	port, err := services.FreePort()
	if err != nil {
		return s, err
	}
	data := filepath.Join(dir, "data")
	i := cluster.NewInstance("shiken", binary, fmt.Sprintf("127.0.0.1:%d", port), filepath.Join(dir, "log"), map[string]string{
		"SHIKEN_DATA": data, "SHIKEN_DEMO": "0", "SHIKEN_LOG": "json", "SHIKEN_ADMIN_PASSWORD": "sitting-admin-password",
	})
	if err := i.Start(ctx); err != nil {
		return s, err
	}
	s.base, s.instances, s.parts = i.URL(), []*cluster.Instance{i}, []part{{i.Name, i.Pid}}
	s.end = append(s.end, i.Terminate)
	if s.db, err = sqlite.OpenFile(filepath.Join(data, "shiken.db")); err != nil {
		return s, err
	}
	s.end = append(s.end, s.db.Close)
	s.hall, err = hall.InFolder(ctx, data, o.hall())
	return s, err
}

// clustered prepares two instances behind the balancer with Postgres and Redis.
func clustered(ctx context.Context, o options) (*shape, error) {
	c, err := cluster.Run(ctx, cluster.Options{Instances: 2})
	if err != nil {
		return nil, err
	}
	s := &shape{name: "cluster of 2", base: c.URL(), instances: c.Instances, end: []func() error{c.Close}}
	for _, i := range c.Instances {
		s.parts = append(s.parts, part{i.Name, i.Pid})
	}
	s.parts = append(s.parts, part{"postgres", c.Postgres.Pid}, part{"redis", c.Redis.Pid}, part{"balancer", c.Balancer.Pid})
	if s.db, err = sql.Open("pgx", c.DatabaseURL()); err != nil {
		return s, err
	}
	s.end = append(s.end, s.db.Close)
	if s.hall, err = hall.InCluster(ctx, c.DatabaseURL(), c.Redis.URL(), o.hall()); err != nil {
		return s, err
	}
	// What has grown as slowly as a school's tables has long been looked through. What is empty still must
	// not be: Postgres would think that it stays so.
	_, err = s.db.ExecContext(ctx, `VACUUM ANALYZE users, memberships, sign_ins, attempts, papers, journal`)
	return s, err
}
