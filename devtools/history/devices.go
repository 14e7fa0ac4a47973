package history

import (
	"cmp"
	"slices"
	"time"

	"shiken/exam"
)

// leavings is, by session, when somebody first asked for the end of the sign-in, whatever came of it.
type leavings map[string]time.Duration

func leavingsOf(ops []Op) leavings {
	asked := leavings{}
	for i := range ops {
		o := &ops[i]
		if o.Kind != SignOut || o.Result == Refused || o.Session == "" {
			continue
		}
		if first, known := asked[o.Session]; !known || o.Sent < first {
			asked[o.Session] = o.Sent
		}
	}
	return asked
}

// nameDevices finds out by which session clients know each device that the journal names: that of the commands
// that moved the attempt there, where all sendings tell the same one.
func (s *sitting) nameDevices() {
	s.devices = map[string]string{}
	for i := range s.stored.Records {
		r := &s.stored.Records[i]
		var sendings []*Op
		if c := s.sender(r); c != nil {
			sendings = c.sendings
		} else if r.Entry.Kind == exam.Start {
			sendings = s.begun
		}
		if r.Entry.Effect.Device == "" || len(sendings) == 0 || s.devices[r.Entry.Effect.Device] != "" {
			continue
		}
		first := sendings[0].Session
		if !slices.ContainsFunc(sendings, func(o *Op) bool { return o.Session != first }) {
			s.devices[r.Entry.Effect.Device] = first
		}
	}
}

// oneDevice: the attempt is written on one device at a time (R10).
func (s *sitting) oneDevice() bool { return s.paper.Rules.Devices == exam.OneDevice }

// device: the entry was sent from the device that the attempt belonged to, unless it took the attempt over, or the
// sign-in of that device may have ended (R10).
func (v *walker) device(r *exam.Record) {
	e := &r.Entry
	to := e.Effect.Device
	c := v.s.sender(r)
	switch {
	case to != "" && (!v.s.oneDevice() || !byCandidate(e.Kind) && e.Kind != exam.Start):
		v.found("R10", 0, "entry %d (%s) moves the attempt to a device", e.Seq, e.Kind)
	case c == nil || !v.s.oneDevice():
	case e.Kind != exam.TakeOver && to != "" && to != v.held && !v.mayHaveLeft(c.replied):
		v.found("R10", c.content.position, "entry %d (%v) was applied, and the attempt belonged to another device", e.Seq, c.content)
	case !slices.ContainsFunc(c.sendings, func(o *Op) bool { return v.mayBe(cmp.Or(to, v.held), o) }):
		v.found("R10", c.content.position, "entry %d (%v) was sent from another device than the journal says", e.Seq, c.content)
	}
}

// mayBe: the operation may have been sent from the device.
func (v *walker) mayBe(device string, o *Op) bool {
	name := v.s.devices[device]
	return name == "" || o.Session == "" || o.Session == name
}

// mayHaveLeft: nobody holds the attempt, or the sign-in of the device that does may have ended until then.
func (v *walker) mayHaveLeft(until time.Duration) bool {
	name := v.s.devices[v.held]
	asked, known := v.leavings[name]
	return v.held == "" || name == "" || known && asked <= until
}

// elsewhere lists whether an operation may come from a device that must not write: no, yes, or either.
func (v *walker) elsewhere(c *command, o *Op) []bool {
	until := never
	if o.Done >= 0 {
		until = o.Done
	}
	name := v.s.devices[v.held]
	switch {
	case !v.s.oneDevice() || v.held == "" || c.content.kind == exam.TakeOver || name != "" && o.Session == name:
		return []bool{false}
	case name == "" || o.Session == "" || v.mayHaveLeft(until):
		return []bool{false, true}
	}
	return []bool{true}
}

// reasonTakeOver is why another device may not take the attempt over; a pause is no hindrance.
func (v *walker) reasonTakeOver(o *Op, arrived exam.Instant) exam.Reason {
	switch why := v.standing(o, arrived, false); {
	case why == exam.IsVoided || why == exam.Finished:
		return why
	case !v.s.oneDevice():
		return exam.Stale
	case why == exam.IsPaused:
		return ""
	default:
		return why
	}
}
