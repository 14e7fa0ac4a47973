// Command shiken is an exam application: one program, either by itself (SQLite in a data folder)
// or as any number of identical instances on one Postgres and one Redis. This package wires the
// others together and holds nothing else.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"shiken/backup"
	"shiken/cli"
	"shiken/cli/phrase"
	"shiken/config"
	"shiken/store"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// Whoever interrupts again does not want to wait: from then on a signal ends the program at once.
	context.AfterFunc(ctx, stop)
	os.Exit(run(ctx, os.Args[1:]))
}

// run reads the settings, serves or runs a command, and returns the exit code.
func run(ctx context.Context, args []string) int {
	lang := phrase.Of(os.Getenv)
	cfg, rest, err := config.Load(args, os.Getenv)
	if err != nil {
		fmt.Fprintln(os.Stderr, inWords(err, lang)) //nolint:errcheck // nobody left to tell
		return cli.ExitUsage
	}
	slog.SetDefault(cfg.Log.Logger(os.Stderr)) // for what opening and migrating a database has to say
	if len(rest) == 0 {
		rest = []string{"serve"}
	}
	return cli.Run(ctx, terminal(&cfg, lang), rest[0], rest[1:])
}

// isTerminal tells a file at whose other end somebody may look.
func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// terminal is what commands work with; the store is opened only by those that need it.
func terminal(cfg *config.Config, lang phrase.Language) *cli.Terminal {
	t := &cli.Terminal{
		In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Language: lang, Progress: isTerminal(os.Stderr),
		Zone:    cfg.Zone,
		Ready:   func(ctx context.Context) error { return askReady(ctx, cfg.Addr) },
		Open:    func(ctx context.Context) (store.Store, error) { return openStore(ctx, cfg) },
		Inspect: func(ctx context.Context) (store.Store, error) { return openExisting(ctx, cfg) },
		Backup: func(ctx context.Context, to string, faults io.Writer) (backup.Copied, error) {
			return takeBackup(ctx, cfg, to, faults)
		},
		Restore: func(ctx context.Context, from string, faults io.Writer) (backup.Copied, error) {
			return restoreBackup(ctx, cfg, from, faults)
		},
		Migrate: func(ctx context.Context) (int, error) {
			b, err := openBackend(ctx, cfg)
			if err != nil {
				return 0, err
			}
			steps, err := b.Migrate(ctx)
			return steps, errors.Join(err, b.Close())
		},
	}
	t.Serve = func(ctx context.Context) error { return serve(ctx, cfg, t) }
	return t
}

func inWords(err error, lang phrase.Language) string {
	var faults config.Faults
	if errors.As(err, &faults) {
		return faults.In(lang)
	}
	return err.Error()
}
