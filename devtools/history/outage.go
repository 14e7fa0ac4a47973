package history

import (
	"slices"

	"shiken/exam"
)

// afterOutage is what is left after an outage that took the end of the time (R9).
const afterOutage = exam.Instant(60 * exam.Second)

// met: the gap meets a deadline, or the grace after it.
func (v *walker) met(g exam.Gap, deadline exam.Instant) bool {
	return deadline <= g.Ended && deadline+exam.Instant(v.s.paper.Rules.Grace) >= g.Began
}

// outage: nothing ran out in an outage, and the server extends by what an outage asks for (R9). One that
// was over before the clock began to run again took nothing, and may be given something all the same.
func (v *walker) outage(e *exam.Entry) {
	d, timed := v.deadline()
	if !timed {
		return
	}
	switch {
	case e.Kind == exam.Expire:
		for _, g := range v.options.Outages {
			if v.since <= g.Ended && g.Ended <= e.Arrived && v.met(g, d) && !v.voidedSince(g, e) {
				v.found("R9", 0, "entry %d: it ran out in an outage, from %d to %d, and was not extended", e.Seq, g.Began, g.Ended)
			}
		}
	case e.Kind == exam.Extend && e.Actor == string(exam.Server):
		to := d + exam.Instant(e.Effect.Extended)
		owed := func(g exam.Gap) bool { return v.met(g, d) && to == g.Ended+afterOutage }
		if !slices.ContainsFunc(v.options.Outages, owed) {
			v.found("R9", 0, "entry %d: the server extends from %d to %d, which no outage asks for", e.Seq, d, to)
		}
		v.refused(e, d, to)
	}
}

// voidedSince: the attempt was void at a time between an outage and an entry. What is void is not
// extended, and one that is taken back has the time that was left to it: the rest is the admin's to give.
func (v *walker) voidedSince(g exam.Gap, e *exam.Entry) bool {
	return slices.ContainsFunc(v.s.stored.Records, func(r exam.Record) bool {
		return r.Entry.Kind == exam.Void && r.Entry.Seq < e.Seq && r.Entry.Arrived >= g.Began
	})
}

// refused: nothing was refused as too late, by that deadline and no other, that the extension after an
// outage made early enough.
func (v *walker) refused(e *exam.Entry, from, to exam.Instant) {
	grace := exam.Instant(v.s.paper.Rules.Grace)
	for i := range v.s.stored.Rejections {
		r := &v.s.stored.Rejections[i]
		if r.Reason == exam.TimeIsUp && r.Opening == v.opening && r.Arrived > from+grace && r.Arrived <= to+grace && !v.otherwiseLate(r, from) {
			v.found("R9", r.Payload.Position, "rejection %d was refused as too late before entry %d extended after an outage", r.Number, e.Seq)
		}
	}
}

// otherwiseLate: the rejection was right by another deadline, that the attempt had when it may have been judged.
func (v *walker) otherwiseLate(r *exam.Rejection, deadline exam.Instant) bool {
	return slices.ContainsFunc(v.turned, func(t *refusal) bool {
		return t.kept == r && slices.ContainsFunc(t.under, func(d exam.Instant) bool { return d != deadline })
	})
}
