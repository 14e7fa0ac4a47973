package cli

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"path/filepath"
	"time"

	"shiken/accounts"
	"shiken/store"
)

// accommodateUsers stores what candidates have of their own in exams, by a file: all of it or nothing.
func accommodateUsers(ctx context.Context, t *Terminal, args []string) error {
	flags := flag.NewFlagSet("user accommodate", flag.ContinueOnError)
	dryRun := flags.Bool("dry-run", false, "")
	reason := flags.String("reason", "", "")
	path, err := oneArgument(flags, args, "FILE")
	if err != nil {
		return err
	}
	lines, err := t.readAccommodations(path, *reason)
	if err != nil {
		return err
	}
	open := t.Open
	if *dryRun {
		open = t.Inspect
	}
	return with(ctx, open, func(s store.Store) error {
		plan, err := accounts.PlanAccommodations(ctx, s, lines)
		if err != nil {
			return err
		}
		if err := t.tellFaults(path, plan.Faults, 0); err != nil || *dryRun {
			t.tellPlan(plan, "user.accommodate_planned", err)
			return err
		}
		if len(plan.Changes) > 0 {
			file := filepath.Base(path)
			details := accounts.DescribeAccommodations(file, plan.Changes, true)
			err = s.By(act(store.ActAccommodate, file, details)).PutAccommodations(ctx, plan.Store())
		}
		if errors.Is(err, store.ErrMoved) {
			return refused("user.accommodate_moved")
		}
		t.tellPlan(plan, "user.accommodated", err)
		return err
	})
}

// tellPlan counts what was planned or done, unless it failed.
func (t *Terminal) tellPlan(p *accounts.AccommodationPlan, key string, failed error) {
	if failed != nil {
		return
	}
	t.say(t.Language.T(key, "created", p.New, "changed", p.Changed, "removed", p.Removed, "unchanged", p.Unchanged))
	if p.Running > 0 {
		t.say(t.Language.T("user.accommodate_running", "n", p.Running))
	}
}

func (t *Terminal) readAccommodations(path, reason string) ([]accounts.AccommodationLine, error) {
	file, err := t.openFile(path)
	if err != nil {
		return nil, err
	}
	defer file.Close() //nolint:errcheck // only read
	read, err := accounts.ParseAccommodations(file, accounts.AccommodationTerminalLimits, cmp.Or(t.Zone, time.Local), reason)
	if err != nil {
		return nil, err
	}
	return read.Lines, t.tellFaults(path, read.Faults, read.Unlisted)
}

// own begins the codes whose words are not those of a roster.
const own = "own_"

// tellFaults words the faults of a file of accommodations; it refuses one that has some.
func (t *Terminal) tellFaults(path string, faults []accounts.RosterFault, unlisted int) error {
	for _, f := range faults {
		if t.Language.Has("roster." + own + f.Code) {
			f.Code = own + f.Code
		}
		t.say(t.faultLine(path, f))
	}
	if unlisted > 0 {
		t.say(t.Language.T("user.unlisted", "n", unlisted))
	}
	if len(faults) > 0 {
		return refused("user.refused")
	}
	return nil
}
