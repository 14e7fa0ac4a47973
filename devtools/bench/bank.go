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
	"shiken/questionset"
	"shiken/store"
	"shiken/store/postgres"
	"shiken/store/sqlite"
)

// bank measures how long `shiken load` and `shiken export` take for many questions, how much of the processor and
// of memory, and how soon a search over them is answered, in both databases. Of a load the processor's time is
// the program's own: Postgres works beside it.
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
	fmt.Fprintf(out, "  %-46s %10s %12s %12s\n", "", "s", "s processor", "MiB at most")
	for _, c := range bankCommands(file) {
		spent, err := runProgram(ctx, binary, c.args, env)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		fmt.Fprintf(out, "  %-46s %10.1f %12.1f %12d\n", c.what, spent.took.Seconds(), spent.processor.Seconds(), spent.peak>>20)
	}
	s, err := open()
	if err != nil {
		return err
	}
	wall, processor, err := searchAll(ctx, s)
	if err = errors.Join(err, s.Close()); err != nil {
		return err
	}
	fmt.Fprintf(out, "  %-46s %10s %12s %12s  (%d searches)\n", "search for a page of 50, ms", "50 %", "95 %", "at most", len(wall))
	for _, line := range []struct {
		what  string
		times []time.Duration
	}{{"all in all", wall}, {"of the processor, Postgres's not counted", processor}} {
		what, times := line.what, line.times
		at := func(q float64) float64 { return times[min(len(times)-1, int(q*float64(len(times))))].Seconds() * 1e3 }
		fmt.Fprintf(out, "  %46s %10.1f %12.1f %12.1f\n", what, at(0.5), at(0.95), at(1))
	}
	return nil
}

// bankCommand is a command that is measured.
type bankCommand struct {
	what string
	args []string
}

func bankCommands(file string) []bankCommand {
	list := []bankCommand{
		{"shiken load, new", []string{"load", file}},
		{"shiken load, the same again", []string{"load", file}},
	}
	for _, format := range questionset.WriteFormats() {
		to := filepath.Join(filepath.Dir(file), "exported")
		list = append(list, bankCommand{"shiken export, " + string(format), []string{"export", "--set=bank", "--format=" + string(format), "--sound-only", "--force", "-o", to}})
	}
	return list
}

// spent is what a command took.
type spent struct {
	took, processor time.Duration
	peak            int64 // bytes of memory
}

// runProgram runs the program and returns what it took.
func runProgram(ctx context.Context, binary string, args []string, env map[string]string) (spent, error) {
	cmd := exec.CommandContext(ctx, binary, args...)
	cmd.Env = os.Environ()
	for _, k := range slices.Sorted(maps.Keys(env)) {
		cmd.Env = append(cmd.Env, k+"="+env[k])
	}
	begun := time.Now()
	text, err := cmd.CombinedOutput()
	s := spent{took: time.Since(begun)}
	if err != nil {
		return s, fmt.Errorf("bench: %s: %w\n%.2000s", args[0], err, text)
	}
	s.processor = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		s.peak = usage.Maxrss << 10
	}
	return s, nil
}

// searchAll asks for a page of each search, and returns the times and those of the processor, in order.
func searchAll(ctx context.Context, s store.Store) (wall, processor []time.Duration, err error) {
	for _, q := range searches() {
		q.Limit = 50
		begun, used := time.Now(), processorTime()
		if _, _, err := s.SetQuestions(ctx, q); err != nil {
			return nil, nil, fmt.Errorf("bench: search for %+v: %w", q, err)
		}
		wall, processor = append(wall, time.Since(begun)), append(processor, processorTime()-used)
	}
	slices.Sort(wall)
	slices.Sort(processor)
	return wall, processor, nil
}

// processorTime is what this process has used so far.
func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
