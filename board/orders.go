package board

import (
	"context"
	"slices"

	"shiken/exam"
	"shiken/store"
)

// order is a job of commands that is to be done, under way, or was done a moment ago.
type order struct {
	kind     exam.Kind
	attempts map[string]bool
	running  bool // is due and has not ended
	ended    bool
	// settled: it has ended, and what it did to the watched attempts was read since.
	settled bool
}

// pausing reports whether the attempt is about to be paused.
func (b *Board) pausing(attempt string) bool {
	for _, o := range b.orders {
		if o.kind == exam.Pause && !o.settled && o.attempts[attempt] {
			return true
		}
	}
	return false
}

// readOrders learns what is ordered. The attempts of an order that is under way, or ended, are read
// again. Nobody is told while nobody has a page open, so nothing is read then.
func (b *Board) readOrders(ctx context.Context) error {
	b.mu.Lock()
	idle := b.open == 0 && len(b.orders) == 0
	b.mu.Unlock()
	if idle {
		return nil
	}
	jobs, now, err := b.store.RecentJobs(ctx, store.JobCommands, recent)
	if err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.set(now)
	b.endMissing(jobs)
	for i := range jobs {
		o := b.ordered(&jobs[i])
		o.ended = o.ended || jobs[i].Finished != 0
		o.running = !o.ended && jobs[i].DueAt <= now
	}
	for _, o := range b.orders {
		if o.running || o.ended && !o.settled {
			b.askOrdered(o)
		}
	}
	return nil
}

// endMissing ends the orders that are not looked for any more, and forgets those that are settled.
func (b *Board) endMissing(jobs []store.Job) {
	for id, o := range b.orders {
		listed := slices.ContainsFunc(jobs, func(j store.Job) bool { return j.ID == id })
		switch {
		case !listed && o.settled:
			delete(b.orders, id)
		case !listed:
			o.ended = true
		}
	}
}

// ordered is the order of a job, which is read once. One that cannot be read is for no attempt.
func (b *Board) ordered(j *store.Job) *order {
	if o := b.orders[j.ID]; o != nil {
		return o
	}
	o := &order{attempts: map[string]bool{}}
	kind, attempts, err := b.order(*j)
	if err != nil {
		b.log.Error("a job of commands cannot be read", "job", j.ID, "error", err)
	}
	o.kind = kind
	for _, a := range attempts {
		o.attempts[a] = true
	}
	b.orders[j.ID] = o
	return o
}

// askOrdered asks for the watched attempts of an order.
func (b *Board) askOrdered(o *order) {
	for a := range b.watched {
		if o.attempts[a] {
			b.asked[a] = true
		}
	}
}
