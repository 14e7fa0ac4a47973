package main

import (
	"cmp"
	"context"
	"errors"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"shiken/devtools/effort"
	"shiken/internal/planted"
)

// verdict is what a run said of a bug.
type verdict struct {
	caught bool
	checks []string // rule and checker of each kind of fault, in order
	seed   string   // the first that failed
	tried  int      // seeds, that one included
	broke  string   // why a run ended that no check has ended, "" = none did
}

// simulation runs seeds of the simulation, from 1 on, until one fails. Each is a process of its own, so that
// the same bug is always shown by the same seed.
type simulation struct {
	binary string // built with the tag planted
	folder string // that of its package
	seeds  int
}

// run tries a bug, none with "", until a check finds it. It ends with ctx, and says how far it came.
func (s *simulation) run(ctx context.Context, bug string) (verdict, error) {
	all, err := s.twins(ctx, bug)
	if err != nil || all.caught {
		return all, err
	}
	for seed := 1; seed <= s.seeds && ctx.Err() == nil; seed++ {
		v, err := s.one(ctx, bug, strconv.Itoa(seed))
		if ctx.Err() == nil {
			all.tried++
		}
		if v.tried = all.tried; err != nil || v.caught {
			return v, err
		}
		all.broke = cmp.Or(all.broke, v.broke)
	}
	return all, nil
}

// twins compares runs that differ in their keys alone, for bugs that break R12 and for none: what leaks by the length
// of a page shows in no single run.
func (s *simulation) twins(ctx context.Context, bug string) (verdict, error) {
	at := slices.IndexFunc(planted.Plants, func(p planted.Plant) bool { return string(p.Name) == bug })
	if at >= 0 && planted.Plants[at].Breaks != "R12" {
		return verdict{}, nil
	}
	return s.test(ctx, bug, "-test.run", "TestKeysChangeNothing$")
}

func (s *simulation) one(ctx context.Context, bug, seed string) (verdict, error) {
	v, err := s.test(ctx, bug, "-test.run", "TestSeed$", "-seed", seed)
	v.seed = seed
	return v, err
}

func (s *simulation) test(ctx context.Context, bug string, args ...string) (verdict, error) {
	cmd := exec.CommandContext(ctx, s.binary, args...)
	cmd.Dir = s.folder
	cmd.Env = append(os.Environ(), "SHIKEN_BUG="+bug, "GODEBUG=adaptivestackstart=1", effort.Variable+"=1")
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	switch {
	case err == nil || ctx.Err() != nil:
		return verdict{}, nil
	case !errors.As(err, &exit):
		return verdict{}, err
	}
	return readSimulation(out), nil
}

var (
	// historyFault is one of devtools/history: "R3 (journal): …"; ownFault one that the simulation finds by
	// itself: "R5: at 1m: …".
	historyFault = regexp.MustCompile(`(?:^|\s)((?:R|§)[0-9]+) \(([a-z]+)\): `)
	ownFault     = regexp.MustCompile(`_test\.go:[0-9]+: ((?:R|§)[0-9]+|[a-z]+): at `)
)

// readSimulation reads what a seed that failed has written. A failure that no check has named catches
// nothing.
func readSimulation(out []byte) verdict {
	var v verdict
	for line := range strings.Lines(string(out)) {
		v.read(line)
	}
	if !v.caught {
		v.broke = "broke off: " + lastLines(out)
	}
	return v
}

func (v *verdict) read(line string) {
	switch m := historyFault.FindStringSubmatch(line); {
	case m != nil:
		v.add(m[1] + " " + m[2])
	default:
		if m := ownFault.FindStringSubmatch(line); m != nil {
			v.add(m[1] + " simulation")
		}
	}
}

func (v *verdict) add(check string) {
	v.caught = true
	if !slices.Contains(v.checks, check) {
		v.checks = append(v.checks, check)
	}
	slices.Sort(v.checks)
}
