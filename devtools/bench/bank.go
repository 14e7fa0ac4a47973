package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"shiken/devtools/cluster"
	"shiken/devtools/proc"
	"shiken/devtools/services"
	"shiken/store"
	"shiken/store/postgres"
	"shiken/store/sqlite"
)

// bank measures how long `shiken load` takes for a file of many questions, how much memory, and how soon a
// search over them is answered, in both databases.
func bank(ctx context.Context, o options) error {
	dir, err := proc.TempDir("shiken-bench-bank-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // below the system's temporary folder
	binary, err := cluster.Build(ctx, dir)
	if err != nil {
		return err
	}
	file := filepath.Join(dir, "bank.csv")
	if err := writeBank(file, o.questions); err != nil {
		return err
	}
	data := filepath.Join(dir, "data")
	err = bankIn(ctx, o, "SQLite", binary, file, map[string]string{"SHIKEN_DATA": data}, func() (store.Store, error) {
		return sqlite.Open(ctx, filepath.Join(data, "shiken.db"))
	})
	if err != nil {
		return err
	}
	server, err := services.StartPostgres(ctx)
	if err != nil {
		return err
	}
	url, drop, err := services.CreateDatabase(ctx, server.URL())
	if err != nil {
		return errors.Join(err, server.Close())
	}
	err = bankIn(ctx, o, "Postgres", binary, file, map[string]string{
		"DATABASE_URL": url, "REDIS_URL": "redis://127.0.0.1:1", "SHIKEN_SECRET": "a-secret-of-the-bench-that-is-long-enough",
	}, func() (store.Store, error) { return postgres.Open(ctx, url) })
	return errors.Join(err, drop(context.WithoutCancel(ctx)), server.Close())
}

// bankIn measures one database.
func bankIn(ctx context.Context, o options, name, binary, file string, env map[string]string, open func() (store.Store, error)) error {
	out := io.Writer(os.Stdout)
	fmt.Fprintf(out, "\nbank of %d questions, %s\n", o.questions, name)
	for _, what := range []string{"new", "loaded again, unchanged"} {
		took, peak, err := loadFile(ctx, binary, file, env)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		fmt.Fprintf(out, "  %-46s %8.1f s  %8.0f questions/s  %5d MiB at most\n", "shiken load, "+what,
			took.Seconds(), float64(o.questions)/took.Seconds(), peak>>20)
	}
	s, err := open()
	if err != nil {
		return err
	}
	times, err := searchAll(ctx, s)
	if err = errors.Join(err, s.Close()); err != nil {
		return err
	}
	at := func(q float64) float64 { return times[min(len(times)-1, int(q*float64(len(times))))].Seconds() * 1e3 }
	fmt.Fprintf(out, "  %-46s %8.1f  %8.1f  %8.1f  (%d searches)\n", "search, 50 %, 95 %, all answered within, ms", at(0.5), at(0.95), at(1), len(times))
	return nil
}

// loadFile runs `shiken load` and returns how long it took, and its memory at most in bytes.
func loadFile(ctx context.Context, binary, file string, env map[string]string) (time.Duration, int64, error) {
	cmd := exec.CommandContext(ctx, binary, "load", file)
	cmd.Env = os.Environ()
	for _, k := range slices.Sorted(maps.Keys(env)) {
		cmd.Env = append(cmd.Env, k+"="+env[k])
	}
	begun := time.Now()
	text, err := cmd.CombinedOutput()
	took := time.Since(begun)
	if err != nil {
		return 0, 0, fmt.Errorf("bench: load: %w\n%.2000s", err, text)
	}
	usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return took, 0, nil
	}
	return took, usage.Maxrss << 10, nil
}

// searchAll asks for a page of each search, and returns the times in order.
func searchAll(ctx context.Context, s store.Store) ([]time.Duration, error) {
	var times []time.Duration
	for _, q := range searches() {
		q.Limit = 50
		begun := time.Now()
		if _, _, err := s.SetQuestions(ctx, q); err != nil {
			return nil, fmt.Errorf("bench: search for %+v: %w", q, err)
		}
		times = append(times, time.Since(begun))
	}
	slices.Sort(times)
	return times, nil
}
