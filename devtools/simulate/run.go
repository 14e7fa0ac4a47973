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
	ops    []history.Op
	// Whole is, of a sealed run, everything that candidates got, by the name of its request, without
	// what differs by chance.
	Whole map[string]string
}

// Options say how a seed is run. They, too, decide what happens.
type Options struct {
	// Play is how long candidates act, 0 = SweepPlay; exams last the longer, too.
	Play time.Duration
	// Sealed: no result is ever released, and nobody practises. Then nothing that candidates get depends
	// on the keys, see Whole.
	Sealed bool
	// OtherKeys: keys, weights and explanations are others, and of other lengths.
	OtherKeys bool
	// Trace, unless nil, is given a line for everything that happens.
	Trace func(string)
}

// SweepPlay is how long candidates act in a run of many seeds: two short sittings find more than one that
// is twice as long.
const SweepPlay = 18 * time.Second

// wholePlay is the play for which times of exams are given.
const wholePlay = 30 * time.Second

// Run runs the sitting of a seed in a bubble of its own.
func Run(t *testing.T, seed uint64, options Options) (r Result) {
	synctest.Test(t, func(*testing.T) {
		w := newWorld(seed, options)
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
		e := &examiner{officer{w, w.dice.at("examiner")}}
		w.tasks.Go(e.work)
		r = w.conclude()
	})
	return r
}

// conclude waits for the end of the play, lets everything be well again, and judges.
func (w *world) conclude() Result {
	w.sleep(w.Play)
	w.say("the play is over")
	w.heal()
	w.awake()
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
	w.crew.leave()
	for i := range instances {
		w.at(i).halt()
	}
	for _, in := range w.dead {
		in.halt()
	}
	time.Sleep(2 * longestWay) // what is late on its way arrives, and nobody waits for it
	report := w.judge()
	return Result{
		Seed: w.seed, Faults: w.faults, Counts: maps.Clone(w.counts), Report: report, Calm: w.plan.calm, ops: w.ops, Whole: w.whole,
	}
}

// Hash is that of everything that clients sent and got, with ids in the order of their first appearance:
// the same seed gives the same.
func (r *Result) Hash() string {
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
	for _, o := range r.ops {
		o.Attempt, o.Command, o.Page, o.User = name(o.Attempt), name(o.Command), name(o.Page), name(o.User)
		o.Receipt.Hash, o.Receipt.Code = name(o.Receipt.Hash), ""
		flags := fmt.Sprint(o.Flag != nil && *o.Flag, o.SavedFlag != nil && *o.SavedFlag)
		o.Flag, o.SavedFlag = nil, nil
		fmt.Fprintf(sum, "%+v %s\n", o, flags)
	}
	return hex.EncodeToString(sum.Sum(nil))[:16]
}
