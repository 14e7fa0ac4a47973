package history

import (
	"strings"

	"shiken/exam"
)

// obeyed: what an admin was told that was done stands in the journal as it was ordered, what was told to
// be refused does not, and there is no command of an admin that none gave.
func (w *witness) obeyed() {
	entries := map[string]*exam.Record{}
	for i := range w.s.stored.Records {
		r := &w.s.stored.Records[i]
		entries[r.Entry.Command] = r
		_, known := w.s.orders[r.Entry.Command]
		if w.options.Orders && !known && strings.HasPrefix(r.Entry.Actor, string(exam.Admin)) {
			w.found("R2", 0, "entry %d: %s by an admin, command %s, which none gave", r.Entry.Seq, r.Entry.Kind, r.Entry.Command)
		}
	}
	for _, o := range w.s.told {
		r := entries[o.Command]
		switch {
		case o.Result == Applied && r == nil:
			w.found("R1", 0, "command %s (%s by an admin) was told to be done and is not in the journal", o.Command, o.Action)
		case o.Result == Rejected && r != nil:
			w.found("R2", 0, "command %s (%s by an admin) was told to be refused and is entry %d", o.Command, o.Action, r.Entry.Seq)
		case r != nil && string(r.Entry.Kind) != o.Action:
			w.found("R2", 0, "command %s of an admin was %s, and is entry %d: %s", o.Command, o.Action, r.Entry.Seq, r.Entry.Kind)
		case r != nil && r.Payload != nil && r.Payload.Amount != exam.Micros(o.Amount):
			w.found("R16", 0, "command %s (%s by an admin) was to give %d µs, and entry %d gives %d",
				o.Command, o.Action, o.Amount, r.Entry.Seq, r.Payload.Amount)
		}
	}
}
