package history

import (
	"shiken/store"
)

// Check judges a history against what is stored when the run is over and nothing is under way any more.
// ops is in any order; stored is every attempt that the clients of the history wrote to. A fault is
// something that the rules forbid, or a search that was given up: nothing is passed over in silence.
func Check(ops []Op, stored []store.StoredAttempt, options Options) *Report {
	c := &check{options: options.withDefaults(), report: &Report{}}
	c.count(ops)
	c.verify(stored)
	c.report.sort()
	return c.report
}

// check is one call of Check.
type check struct {
	options Options
	report  *Report
}

func (c *check) fault(f Fault) { c.report.Faults = append(c.report.Faults, f) }

func (c *check) count(ops []Op) {
	for i := range ops {
		o := &ops[i]
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
