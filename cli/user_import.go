package cli

import (
	"context"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"shiken/accounts"
	"shiken/store"
)

func importUsers(ctx context.Context, t *Terminal, args []string) error {
	flags := flag.NewFlagSet("user import", flag.ContinueOnError)
	dryRun := flags.Bool("dry-run", false, "")
	path, err := oneArgument(flags, args, "ROSTER")
	if err != nil {
		return err
	}
	lines, err := t.readRoster(path)
	if err != nil {
		return err
	}
	if *dryRun {
		return t.withExisting(ctx, func(s store.Store) error { return t.planImport(ctx, s, lines) })
	}
	return t.withStore(ctx, func(s store.Store) error {
		im, made := accounts.ImportOnce(s, accounts.NewHasher(), now())
		im.Progress = t.progress(len(lines))
		sent := false
		im.Put = func(ctx context.Context, p *accounts.Plan, changes []store.RosterChange) error {
			sent = true
			file := filepath.Base(path)
			return s.By(act(store.ActImportUsers, file, p.Details(file, changes))).PutUsers(ctx, changes)
		}
		plan, err := im.Run(ctx, lines)
		switch {
		case errors.Is(err, store.ErrMoved):
			return refused("user.import_moved")
		case errors.Is(err, store.ErrUnavailable) && sent:
			t.say(t.Language.T("user.import_unsure"))
		case err != nil:
			return err
		default:
			t.say(t.Language.T("user.imported", "created", plan.New, "updated", plan.Updated,
				"unchanged", plan.Unchanged, "all", len(lines)))
		}
		return errors.Join(err, t.tellPasswords(true, made(plan)...))
	})
}

// planImport tells what an import would do, as far as that shows without hashing a password.
func (t *Terminal) planImport(ctx context.Context, s store.Store, lines []accounts.RosterLine) error {
	plan, err := accounts.PlanRoster(ctx, s, lines)
	if err != nil {
		return err
	}
	t.say(t.Language.T("user.planned", "created", plan.New, "updated", plan.Updated,
		"unchanged", plan.Unchanged, "made", plan.Made, "all", len(lines)))
	if len(plan.Groups) > 0 {
		t.say(t.Language.T("user.planned_groups", "groups", strings.Join(plan.Groups, accounts.GroupSeparator)))
	}
	return nil
}

func (t *Terminal) readRoster(path string) ([]accounts.RosterLine, error) {
	file, err := t.openFile(path)
	if err != nil {
		return nil, err
	}
	defer file.Close() //nolint:errcheck // only read
	roster, err := accounts.ParseRoster(file)
	if err != nil {
		return nil, err
	}
	for _, f := range roster.Faults {
		t.say(t.faultLine(path, f))
	}
	if roster.Unlisted > 0 {
		t.say(t.Language.T("user.unlisted", "n", roster.Unlisted))
	}
	if len(roster.Faults) > 0 {
		return nil, refused("user.refused")
	}
	return roster.Lines, nil
}

// openFile opens a file, or the standard input as "-".
func (t *Terminal) openFile(path string) (io.ReadCloser, error) {
	if path == "-" {
		return io.NopCloser(t.In), nil
	}
	return os.Open(path)
}

// faultLine writes a fault the way compilers do: file:line: column: what.
func (t *Terminal) faultLine(path string, f accounts.RosterFault) string {
	place := path
	if f.Line > 0 {
		place += ":" + strconv.Itoa(f.Line)
	}
	if f.Column != "" {
		place += ": " + f.Column
	}
	return place + ": " + t.Language.T("roster."+f.Code, f.Args...)
}

// progress tells of every hundredth person of a large roster. It may be called by several at once.
func (t *Terminal) progress(all int) func(int) {
	const every = 100
	var mu sync.Mutex
	return func(done int) {
		if done%every == 0 && done < all {
			mu.Lock()
			defer mu.Unlock()
			t.say(t.Language.T("user.progress", "done", done, "all", all))
		}
	}
}
