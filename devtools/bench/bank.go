package main

import (
	"bytes"
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
// of memory, and how soon a search over them is answered, in both databases; and what the pages over them take. Of
// Postgres the processor's time stands beside the program's own.
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
	b := banked{
		name: "SQLite", binary: binary, file: file, env: map[string]string{"SHIKEN_DATA": data},
		open: func() (store.Store, error) { return sqlite.Open(ctx, filepath.Join(data, "shiken.db")) },
	}
	if err = b.measure(ctx, o); err == nil {
		err = bankPages(ctx, os.Stdout, binary, file, data)
	}
	if err != nil {
		return err
	}
	return bankInPostgres(ctx, o, binary, file)
}

func bankInPostgres(ctx context.Context, o options, binary, file string) error {
	server, err := services.StartPostgres(ctx)
	if err != nil {
		return err
	}
	url, drop, err := services.CreateDatabase(ctx, server.URL())
	if err != nil {
		return errors.Join(err, server.Close())
	}
	b := banked{
		name: "Postgres", binary: binary, file: file, server: server.Pid(), env: map[string]string{
			"DATABASE_URL": url, "REDIS_URL": "redis://127.0.0.1:1", "SHIKEN_SECRET": "a-secret-of-the-bench-that-is-long-enough",
		},
		open: func() (store.Store, error) { return postgres.Open(ctx, url) },
	}
	return errors.Join(b.measure(ctx, o), drop(context.WithoutCancel(ctx)), server.Close())
}

// banked is a database that holds the bank.
type banked struct {
	name, binary, file string
	env                map[string]string
	server             int // process id of the database; 0: it is in the program, or out of sight
	open               func() (store.Store, error)
}

// serverTime is what the database's server has used so far.
func (b *banked) serverTime() time.Duration {
	if b.server == 0 {
		return 0
	}
	used, err := proc.CPUTime(b.server)
	if err != nil {
		return 0
	}
	return used
}

func (b *banked) measure(ctx context.Context, o options) error {
	out := io.Writer(os.Stdout)
	fmt.Fprintf(out, "\nbank of %d questions, %s\n", o.questions, b.name)
	fmt.Fprintf(out, "  %-46s %10s %12s %12s %12s\n", "", "s", "s processor", "s server's", "MiB at most")
	for _, c := range bankCommands(b.file) {
		before := b.serverTime()
		spent, err := runProgram(ctx, b.binary, c.args, b.env)
		if err != nil {
			return fmt.Errorf("%s: %w", b.name, err)
		}
		fmt.Fprintf(out, "  %-46s %10.1f %12.1f %12.1f %12d\n", c.what, spent.took.Seconds(), spent.processor.Seconds(),
			(b.serverTime() - before).Seconds(), spent.peak>>20)
	}
	s, err := b.open()
	if err != nil {
		return err
	}
	before := b.serverTime()
	found, err := searchAll(ctx, s)
	if err = errors.Join(err, s.Close()); err != nil {
		return err
	}
	found.print(out, b.serverTime()-before)
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
	var text bytes.Buffer
	cmd.Stdout, cmd.Stderr = &text, &text
	begun := time.Now()
	if err := cmd.Start(); err != nil {
		return spent{}, err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	peak, err := peakUntil(cmd.Process.Pid, ended)
	s := spent{took: time.Since(begun), peak: peak}
	if err != nil {
		return s, fmt.Errorf("bench: %s: %w\n%.2000s", args[0], err, text.Bytes())
	}
	s.processor = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	return s, nil
}

// peakUntil is the most memory that a process had, in bytes. What the kernel tells of a process that has ended
// (getrusage(2)) counts its parent's memory, too.
func peakUntil(pid int, ended <-chan error) (peak int64, err error) {
	const often = 20 * time.Millisecond
	tick := time.NewTicker(often)
	defer tick.Stop()
	for {
		if now, err := proc.PeakMemory(pid); err == nil { // else it has just ended
			peak = max(peak, now)
		}
		select {
		case err := <-ended:
			return peak, err
		case <-tick.C:
		}
	}
}

// searched is how long searches took, and what of it the processor worked in this program, in order.
type searched struct {
	wall, processor []time.Duration
	slowest         store.SetQuery
}

// searchAll asks for a page of each search.
func searchAll(ctx context.Context, s store.Store) (searched, error) {
	var (
		out     searched
		longest time.Duration
	)
	for _, q := range searches() {
		q.Limit = 50
		begun, used := time.Now(), processorTime()
		if _, _, err := s.SetQuestions(ctx, q); err != nil {
			return out, fmt.Errorf("bench: search for %+v: %w", q, err)
		}
		took := time.Since(begun)
		out.wall, out.processor = append(out.wall, took), append(out.processor, processorTime()-used)
		if took > longest {
			longest, out.slowest = took, q
		}
	}
	slices.Sort(out.wall)
	slices.Sort(out.processor)
	return out, nil
}

// print tells of the searches, of which the database's server worked for some time beside.
func (s *searched) print(out io.Writer, server time.Duration) {
	fmt.Fprintf(out, "  %-46s %10s %12s %12s  (%d searches)\n", "search for a page of 50, ms", "50 %", "95 %", "at most", len(s.wall))
	for _, line := range []struct {
		what  string
		times []time.Duration
	}{{"all in all", s.wall}, {"of the program's processor", s.processor}} {
		l := load{times: line.times}
		fmt.Fprintf(out, "  %46s %10.1f %12.1f %12.1f\n", line.what, l.quantile(0.5).Seconds()*1e3, l.quantile(0.95).Seconds()*1e3, l.quantile(1).Seconds()*1e3)
	}
	if server > 0 {
		fmt.Fprintf(out, "  %46s %10.1f on average\n", "of the server's", server.Seconds()*1e3/float64(len(s.wall)))
	}
	fmt.Fprintf(out, "  the slowest: %+v\n", s.slowest)
}

// processorTime is what this process has used so far.
func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
