package history

import (
	"fmt"

	"github.com/anishathalye/porcupine"
)

// response searches an order for one response's history. First the journal is believed: commands of
// unknown outcome that are not in it are left out, and its order is taken for the order. That only
// narrows the search, so an order that is found is one. Else everything is tried that the clients alone
// allow, with a bound on the time.
func (c *check) response(attempt string, position int, steps []*step) {
	c.locked(func(r *Report) { r.Histories++ })
	believed := &search{byJournal: true, left: c.patience()}
	result, info := porcupine.CheckOperationsVerbose(believed.model(), operations(steps, true), 0)
	if result == porcupine.Ok {
		return
	}
	first := stuck(info, steps)
	full, all := &search{left: c.patience()}, operations(steps, false)
	ok := porcupine.CheckOperations(full.model(), all)
	text := fmt.Sprintf("no order of %d operations explains what clients were told; first: %s", len(all), first)
	switch {
	case ok:
		return
	case full.left <= 0:
		c.locked(func(r *Report) { r.TimedOut++ })
		text = fmt.Sprintf("the search was given up; in the journal's order the first that is not explained: %s", first)
	}
	c.fault(Fault{Rule: first.rule(), Checker: Linear, Attempt: attempt, Position: position, Text: text})
}

// patience is the bound on a search: a run that has given up several times over is no better for more
// of them.
func (c *check) patience() int {
	const enough, little = 4, 10_000
	bound := c.options.Steps
	c.locked(func(r *Report) {
		if r.TimedOut >= enough {
			bound = min(bound, little)
		}
	})
	return bound
}

// operations is what porcupine searches. A step without an answer returns after all others: placed
// there it changes nothing for anybody, which is what "never happened" means.
func operations(steps []*step, byJournal bool) []porcupine.Operation {
	var out []porcupine.Operation
	for _, p := range steps {
		if byJournal && p.absent {
			continue
		}
		from, to := p.from, p.to
		if byJournal && p.entry > 0 && p.hint.from <= p.hint.to {
			from, to = max(from, p.hint.from), min(to, p.hint.to)
		}
		out = append(out, porcupine.Operation{Input: p, Call: int64(from), Return: int64(max(from, to))})
	}
	return out
}

// stuck is the operation that ended first of those that the longest order found has no place for.
func stuck(info porcupine.LinearizationInfo, steps []*step) *step {
	placed := map[*step]bool{}
	for _, partition := range info.PartialLinearizationsOperations() {
		for _, order := range partition {
			if len(order) <= len(placed) {
				continue
			}
			clear(placed)
			for _, o := range order {
				placed[o.Input.(*step)] = true
			}
		}
	}
	first := &step{what: "nothing", to: never}
	for _, p := range steps {
		if !placed[p] && !p.absent && (p.to < first.to || first.what == "nothing") {
			first = p
		}
	}
	return first
}

func (p *step) String() string {
	switch {
	case p.ok && p.rev != NotTold:
		return fmt.Sprintf("%s, acknowledged with rev %d", p.what, p.rev)
	case p.ok:
		return p.what + ", acknowledged"
	case p.why != "":
		return fmt.Sprintf("%s, rejected as %s", p.what, p.why)
	}
	return p.what
}

// rule that is broken when the step cannot be explained.
func (p *step) rule() string {
	if p.ask == nil || p.ok && p.rev == NotTold {
		return "R1"
	}
	return "R3"
}

// locked changes the report: responses are searched side by side.
func (c *check) locked(change func(*Report)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	change(c.report)
}

// maxFaults bounds what is listed of faults: a run that is broken from its beginning has one for each
// operation.
const maxFaults = 1_000

func (c *check) fault(f Fault) {
	c.locked(func(r *Report) {
		switch {
		case c.seen[f]:
		case len(r.Faults) >= maxFaults:
			r.Unlisted++
		default:
			c.seen[f] = true
			r.Faults = append(r.Faults, f)
		}
	})
}
