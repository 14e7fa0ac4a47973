package history

import (
	"sync"

	"shiken/store"
)

// Check judges a history against what is stored when the run is over and nothing is under way any more.
// ops is in any order; stored is every attempt that the clients of the history wrote to, with payloads.
// A fault is something that the rules forbid, or a search that was given up: nothing is passed over in
// silence.
//
//   - Linear: each response by itself is searched for an order of what was sent in which the rules of
//     docs/design.md §2 and §4 give every client what it was told.
//   - Witness: every acknowledged command is in the journal, once, with its content and its receipt, or
//     was overtaken; nothing is there that nobody sent; what was acknowledged before something else was
//     sent stands before it; every rejected one is kept.
//   - Invariants: the journal is walked from its beginning, each entry is judged anew, every hash
//     computed anew, and the result compared with what is stored. What was rejected is held against the
//     states in which it can have been judged: one of them asks for that very reason.
func Check(ops []Op, stored []store.StoredAttempt, options Options) *Report {
	c := &check{options: options.withDefaults(), report: &Report{}, seen: map[Fault]bool{}, leavings: leavingsOf(ops)}
	ended := endingsOf(ops)
	if options.Repeats {
		ops = ended.unsure(ops)
	}
	c.count(ops)
	c.verify(stored)
	c.starts(ops, stored)
	c.signedOut(ops, stored, ended)
	sittings, homeless := gather(ops, stored)
	for _, s := range sittings {
		s.repeats = c.options.Repeats
	}
	c.lostWhole(homeless)
	for _, s := range sittings {
		c.witness(s)
		c.walk(s)
	}
	c.linear(sittings)
	c.report.sort()
	return c.report
}

// check is one call of Check.
type check struct {
	options  Options
	mu       sync.Mutex
	report   *Report
	seen     map[Fault]bool
	leavings leavings
}

func (c *check) count(ops []Op) {
	for i := range ops {
		o := &ops[i]
		if o.Kind == Order {
			continue
		}
		if o.Result != Refused {
			c.report.Operations++
		}
		switch {
		case o.Result == Unknown:
			c.report.Unknown++
		case o.Result == Rejected:
			c.report.Rejections++
		case o.Ok() && o.onQuestion():
			c.report.Acknowledged++
		}
	}
}
