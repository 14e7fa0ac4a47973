// Command mutants plants each bug of internal/planted in the program and looks whether the simulation or the
// torture notices, and for a bug of a script whether a test does: `make mutants`. It writes docs/planted-bugs.md. It exits with 1 when a bug goes
// unnoticed, or when something is found wrong with the program as it is.
package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"shiken/internal/planted"
)

// settings of a run.
type settings struct {
	only     string // names, comma-separated; "" = all
	list     string // file to write
	seeds    int
	patience time.Duration // for one bug in the simulation
	span     time.Duration // of a torture; 0 = none
	parallel int
}

func main() {
	var s settings
	flag.StringVar(&s.only, "only", "", "names of bugs, comma-separated (empty: all, and the list is written)")
	flag.StringVar(&s.list, "list", "docs/planted-bugs.md", "where the list goes")
	flag.IntVar(&s.seeds, "seeds", 400, "seeds of the simulation for each bug, at most")
	flag.DurationVar(&s.patience, "patience", 4*time.Minute, "time for them, at most")
	flag.DurationVar(&s.span, "torture", 30*time.Second, "length of the torture of what the simulation does not see (0: none)")
	flag.IntVar(&s.parallel, "parallel", 2, "simulations at a time")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := s.run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
		os.Exit(1)
	}
}

func (s *settings) run(ctx context.Context) error {
	folder, err := os.MkdirTemp("", "shiken-mutants-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder) //nolint:errcheck // a temporary folder
	results := s.wanted()
	if err := byScripts(ctx, folder, results); err != nil {
		return err
	}
	if slices.ContainsFunc(results, inProgram) {
		if err := s.byOrdeals(ctx, folder, results); err != nil {
			return err
		}
	}
	if s.only == "" {
		if err := os.WriteFile(s.list, document(results), 0o644); err != nil { //nolint:gosec // a document
			return err
		}
	}
	return unnoticed(results)
}

func missed(r result) bool { return !r.caught }

// inProgram: the bug is one of the program, and not of a script.
func inProgram(r result) bool { return r.rewrite == nil }

// byOrdeals tries the bugs that are still to be noticed in the simulation, and in the torture.
func (s *settings) byOrdeals(ctx context.Context, folder string, results []result) error {
	sim, ordeal, err := s.build(ctx, folder)
	if err != nil {
		return err
	}
	control, err := s.simulate(ctx, sim, "")
	if err := sound(control, err, "simulation"); err != nil {
		return err
	}
	fmt.Printf("%-34s no fault in %d seeds\n", "(no bug)", control.tried)
	return s.all(ctx, sim, ordeal, results)
}

// sound is nil when a run without any bug, as good as those with one, held.
func sound(control verdict, err error, where string) error {
	switch {
	case err != nil:
		return err
	case control.caught:
		return fmt.Errorf("without any bug the %s fails (seed %q): %s", where, control.seed, strings.Join(control.checks, ", "))
	case control.broke != "":
		return fmt.Errorf("without any bug the %s %s", where, control.broke)
	case where == "simulation" && control.tried < fewest:
		return fmt.Errorf("without any bug: %d seeds in the time, at least %d are needed", control.tried, fewest)
	}
	return nil
}

// fewest is how many seeds without a bug are the least that the others are compared with.
const fewest = 100

// tags are those of every program that has the bugs.
const tags = "planted failpoints"

// build makes the programs of simulation and torture.
func (s *settings) build(ctx context.Context, folder string) (*simulation, *torture, error) {
	sim := &simulation{binary: filepath.Join(folder, "simulate.test"), folder: "devtools/simulate", seeds: s.seeds}
	ordeal := &torture{runner: filepath.Join(folder, "runtorture"), program: filepath.Join(folder, "shiken"), span: s.span}
	for _, args := range [][]string{
		{"test", "-c", "-tags", tags, "-o", sim.binary, "./" + sim.folder},
		{"build", "-o", ordeal.runner, "./devtools/runtorture"},
		{"build", "-tags", tags, "-o", ordeal.program, "."},
	} {
		if err := goTool(ctx, args...); err != nil {
			return nil, nil, err
		}
	}
	return sim, ordeal, nil
}

func goTool(ctx context.Context, args ...string) error {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	return cmd.Run()
}

func (s *settings) simulate(ctx context.Context, sim *simulation, bug string) (verdict, error) {
	ctx, stop := context.WithTimeout(ctx, s.patience)
	defer stop()
	return sim.run(ctx, bug)
}

// all tries each bug: in the simulation several at a time, in the torture one after the other.
func (s *settings) all(ctx context.Context, sim *simulation, ordeal *torture, results []result) error {
	group, within := errgroup.WithContext(ctx)
	group.SetLimit(s.parallel)
	for i := range results {
		r := &results[i]
		if !inProgram(*r) {
			continue
		}
		group.Go(func() (err error) {
			r.verdict, err = s.simulate(within, sim, string(r.plant.Name))
			if r.caught {
				r.by = "simulation"
				r.tell("seed " + r.seed)
			}
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	if !slices.ContainsFunc(results, func(r result) bool { return inProgram(r) && missed(r) }) {
		return nil
	}
	if err := ordeal.control(ctx); err != nil {
		return err
	}
	for i := range results {
		if err := ordeal.try(ctx, &results[i]); err != nil {
			return err
		}
	}
	return nil
}

// control tortures the program without a bug, as long as with one.
func (t *torture) control(ctx context.Context) error {
	if t.span == 0 {
		return nil
	}
	v, err := t.run(ctx, "")
	if err := sound(v, err, "torture"); err != nil {
		return err
	}
	fmt.Printf("%-34s no fault in %v of torture\n", "(no bug)", t.span)
	return nil
}

// try tortures the program with a bug that the simulation has not shown.
func (t *torture) try(ctx context.Context, r *result) error {
	if r.caught || !inProgram(*r) {
		return nil
	}
	if t.span > 0 {
		v, err := t.run(ctx, string(r.plant.Name))
		if err != nil {
			return err
		}
		v.tried, v.broke = r.tried, cmp.Or(v.broke, r.broke)
		r.verdict = v
	}
	if r.caught {
		r.by = "torture"
	}
	r.tell("torture")
	return nil
}

func (r *result) tell(where string) {
	if !r.caught {
		fmt.Printf("%-34s NOT NOTICED by any check, in %d seeds and the torture; %s\n", r.plant.Name, r.tried, r.broke)
		return
	}
	fmt.Printf("%-34s %s: %s\n", r.plant.Name, where, strings.Join(r.checks, ", "))
}

// wanted is a result to be for each bug that was asked for.
func (s *settings) wanted() []result {
	var out []result
	isWanted := func(n planted.Name) bool {
		return s.only == "" || strings.Contains(","+s.only+",", ","+string(n)+",")
	}
	for _, p := range planted.Plants {
		if isWanted(p.Name) {
			out = append(out, result{plant: p})
		}
	}
	for i := range planted.Rewrites {
		if w := &planted.Rewrites[i]; isWanted(w.Name) {
			out = append(out, result{plant: w.Plant, rewrite: w})
		}
	}
	return out
}

func unnoticed(results []result) error {
	var names []string
	for _, r := range results {
		if !r.caught {
			names = append(names, string(r.plant.Name))
		}
	}
	if len(names) > 0 {
		return fmt.Errorf("%d of %d bugs went unnoticed: %s", len(names), len(results), strings.Join(names, ", "))
	}
	fmt.Printf("all %d bugs were noticed\n", len(results))
	return nil
}
