package simulate

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"testing"
	"testing/synctest"
	"time"

	"shiken/devtools/history"
)

// Result is what came of one run.
type Result struct {
	Seed   uint64
	Faults []string
	// Counts says how often each kind of fault happened, and at which calls instances were paused.
	Counts map[string]int
	Report *history.Report
	Calm   bool
	// Hash is that of everything that clients sent and got, with ids in the order of their first
	// appearance: the same seed gives the same.
	Hash string
}

// Run runs the sitting of a seed in a bubble of its own. trace, unless nil, is given a line for
// everything that happens.
func Run(t *testing.T, seed uint64, trace func(string)) (r Result) {
	synctest.Test(t, func(*testing.T) {
		w := newWorld(seed, trace)
		w.furnish()
		for i := range instances {
			w.instances[i] = w.start(i, 0)
		}
		w.weather()
		for _, p := range w.people {
			p.act()
		}
		o := &officer{w, w.dice.at("officer")}
		w.tasks.Go(o.work)
		r = w.conclude()
	})
	return r
}

// conclude waits for the end of the play, lets everything be well again, and judges.
func (w *world) conclude() Result {
	w.sleep(play)
	w.say("the play is over")
	w.heal()
	w.sleep(patience) // whatever was under way has its answer
	w.cool()
	w.mu.Lock()
	w.finished = true
	w.mu.Unlock()
	for i := range instances {
		w.at(i).stop()
	}
	close(w.over)
	w.tasks.Wait()
	for i := range instances {
		w.at(i).halt()
	}
	for _, in := range w.dead {
		in.halt()
	}
	time.Sleep(2 * longestWay) // what is late on its way arrives, and nobody waits for it
	report := w.judge()
	return Result{
		Seed: w.seed, Faults: w.faults, Counts: maps.Clone(w.counts), Report: report, Calm: w.plan.calm, Hash: w.hash(),
	}
}

// hash names what clients sent and got.
func (w *world) hash() string {
	names := map[string]string{}
	name := func(id string) string {
		if id == "" {
			return ""
		}
		if names[id] == "" {
			names[id] = fmt.Sprint("#", len(names))
		}
		return names[id]
	}
	sum := sha256.New()
	for _, o := range w.ops {
		o.Attempt, o.Command, o.Page, o.User = name(o.Attempt), name(o.Command), name(o.Page), name(o.User)
		o.Receipt.Hash, o.Receipt.Code = name(o.Receipt.Hash), ""
		flags := fmt.Sprint(o.Flag != nil && *o.Flag, o.SavedFlag != nil && *o.SavedFlag)
		o.Flag, o.SavedFlag = nil, nil
		fmt.Fprintf(sum, "%+v %s\n", o, flags)
	}
	return hex.EncodeToString(sum.Sum(nil))[:16]
}
