package simulate

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"shiken/devtools/history"
	"shiken/exam"
	"shiken/store"
)

// judge looks at the whole run when it is over: what clients know against what is stored.
func (w *world) judge() *history.Report {
	var stored []store.StoredAttempt
	must(w.db.EachAttempt(context.Background(), func(a store.StoredAttempt) error {
		stored = append(stored, a)
		return nil
	}))
	w.mu.Lock()
	ops := slices.Clone(w.ops)
	w.mu.Unlock()
	options := history.Options{Parallel: 1, Outages: w.db.Gaps(), Allowed: w.allowed}
	if !w.plan.enabled[ClockStepped] {
		options.Epoch = exam.Instant(w.began.Add(w.plan.offset).UnixMicro())
	}
	options.Marking = w.marking()
	report := history.Check(ops, stored, options)
	for _, f := range report.Faults {
		w.fault("history", "%s", f)
	}
	w.census(stored)
	w.counts[InGrace] += report.InGrace
	w.receipts(ops)
	w.forward(stored)
	for i := range stored {
		w.settled(&stored[i])
	}
	return report
}

// census counts what happened to attempts.
func (w *world) census(stored []store.StoredAttempt) {
	for i := range stored {
		for k := range stored[i].Records {
			e := &stored[i].Records[k].Entry
			name := "done: " + string(e.Kind)
			if e.Kind == exam.Extend && e.Actor == string(exam.Server) {
				name = AfterOutage
			}
			w.counted(name)
		}
		for k := range stored[i].Rejections {
			w.counted("refused: " + string(stored[i].Rejections[k].Reason))
		}
	}
}

// marking is what scores were made with.
func (w *world) marking() *history.Marking {
	m := &history.Marking{Grader: grader, Keys: map[string][]history.KeyRevision{}}
	must(w.db.EachKey(context.Background(), func(version string, key exam.Key, since exam.Instant) error {
		m.Keys[version] = append(m.Keys[version], history.KeyRevision{Key: key, Since: since})
		return nil
	}))
	return m
}

// receipts hands every receipt that a client got to `shiken verify` (R11).
func (w *world) receipts(ops []history.Op) {
	if w.dice.at("verify").hit(0.8) {
		return // the history's check compares them, too
	}
	var lines strings.Builder
	for i := range ops {
		if r := ops[i].Receipt; r.Seq > 0 {
			fmt.Fprintf(&lines, "%s %d %s\n", ops[i].Attempt, r.Seq, r.Hash)
		}
	}
	var found bytes.Buffer
	verified, err := store.Verify(context.Background(), w.db, strings.NewReader(lines.String()), &found)
	if err != nil || verified.Faults > 0 {
		w.fault("R11", "verify: %v %s", err, found.String())
	}
}

// forward: in a linear exam nobody is shown a question before one that was shown earlier (R5).
func (w *world) forward(stored []store.StoredAttempt) {
	linear := map[string]bool{}
	for i := range stored {
		linear[stored[i].Attempt.ID] = stored[i].Paper.Rules.Navigation == exam.Linear
	}
	w.mu.Lock()
	reads := slices.Clone(w.reads)
	w.mu.Unlock()
	slices.SortFunc(reads, func(a, b sight) int { return cmp.Compare(a.at, b.at) })
	for i, a := range reads {
		for _, b := range reads[i+1:] {
			if linear[a.attempt] && a.attempt == b.attempt && b.sent > a.at && b.position < a.position {
				w.fault("R5", "attempt %s showed question %d at %v, and %d at %v", a.attempt, a.position, a.at, b.position, b.at)
			}
		}
	}
}

// settled: what has an end has come to it, and is marked (R9, R13).
func (w *world) settled(a *store.StoredAttempt) {
	switch {
	case a.Attempt.Status == exam.InProgress && a.ExpiresAt > 0:
		w.fault("R9", "attempt %s is in progress at %v, its time was over at %v", a.Attempt.ID, w.clock(), a.ExpiresAt)
	case a.Attempt.Status.Closed() && a.Attempt.Marking == exam.MarkingPending:
		w.fault("R13", "attempt %s is not marked", a.Attempt.ID)
	}
}

// cool waits, when everything is well again, until every attempt with a limit is closed and marked.
func (w *world) cool() {
	const (
		longest = 5 * time.Minute
		step    = 2 * time.Second
	)
	for end := w.now() + longest; w.now() < end && w.db.Unsettled() > 0; {
		w.sleep(step)
	}
}
