package simulate

import (
	"shiken/exam"
	"shiken/store"
)

// outages looks at what the gaps in the heartbeat did to an attempt (R9): whose end one took has time
// until AfterOutage behind it, is not refused as late before, does not run out before, and is extended
// for it once.
func (w *world) outages(a *store.StoredAttempt) {
	owed := exam.Instant(0) // the end that earlier outages owe
	for _, g := range w.db.Gaps() {
		was := stateAt(a, g.Began)
		if owed > g.Ended || was == nil || g.Extension(&a.Paper, was) == 0 {
			continue
		}
		owed = g.Ended.Add(exam.AfterOutage)
		if !wasMoved(a, g.Began, owed) {
			w.struck(a, g, owed)
		}
	}
	w.extensions(a)
}

// struck looks at an attempt whose end an outage took, until the end that it is owed.
func (w *world) struck(a *store.StoredAttempt, g exam.Gap, until exam.Instant) {
	for i := range a.Records {
		if e := &a.Records[i].Entry; e.Kind == exam.Expire && e.Arrived > g.Began && e.Arrived < until {
			w.fault("R9", "attempt %s ran out at %d: an outage from %d to %d took its end", a.Attempt.ID, e.Arrived, g.Began, g.Ended)
		}
	}
	for i := range a.Rejections {
		if r := &a.Rejections[i]; r.Reason == exam.TimeIsUp && r.Arrived > g.Began && r.Arrived < until {
			w.fault("R9", "attempt %s refused an answer at %d as late: an outage from %d to %d took its end",
				a.Attempt.ID, r.Arrived, g.Began, g.Ended)
		}
	}
}

// wasMoved: between two moments something but the server's extension moved the attempt's end, or closed it.
func wasMoved(a *store.StoredAttempt, from, to exam.Instant) bool {
	for i := range a.Records {
		e := &a.Records[i].Entry
		f := &e.Effect
		clock := f.Status != "" && e.Kind != exam.Expire || f.Extended != 0 && e.Actor != string(exam.Server)
		if clock && e.Arrived > from && e.Arrived < to {
			return true
		}
	}
	return false
}

// stateAt is an attempt as its journal tells it up to a moment, nil before its beginning.
func stateAt(a *store.StoredAttempt, at exam.Instant) *exam.Attempt {
	n := 0
	for n < len(a.Records) && a.Records[n].Entry.Arrived <= at {
		n++
	}
	if n == 0 {
		return nil
	}
	was, _, err := exam.Replay(&a.Paper, a.Records[:n])
	if err != nil {
		return nil // the history's check says so
	}
	return &was
}

// extensions: each extension by the server makes the deadline what one outage owes, and no two are for
// the same one.
func (w *world) extensions(a *store.StoredAttempt) {
	given := map[exam.Instant]bool{}
	for i := range a.Records {
		e := &a.Records[i].Entry
		if e.Kind != exam.Extend || e.Actor != string(exam.Server) {
			continue
		}
		after, _, err := exam.Replay(&a.Paper, a.Records[:i+1])
		if err != nil {
			return
		}
		deadline, _ := after.Deadline(&a.Paper)
		if owed := deadline.Add(-exam.AfterOutage); !w.isEnd(owed) || given[owed] {
			w.fault("R9", "entry %d of attempt %s extends it to %d, which no outage owes, or a second time", e.Seq, a.Attempt.ID, deadline)
		} else {
			given[owed] = true
		}
	}
}

// isEnd: an outage ended then.
func (w *world) isEnd(at exam.Instant) bool {
	for _, g := range w.db.Gaps() {
		if g.Ended == at {
			return true
		}
	}
	return false
}
