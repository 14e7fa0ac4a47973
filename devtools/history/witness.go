package history

import (
	"fmt"
	"slices"

	"shiken/exam"
	"shiken/store"
)

// witness holds what clients know against the journal of one attempt.
type witness struct {
	*check
	s *sitting
}

func (w *witness) found(rule string, position int, format string, args ...any) {
	w.fault(Fault{
		Rule: rule, Checker: Witness, Attempt: w.s.stored.Attempt.ID, Position: position, Text: fmt.Sprintf(format, args...),
	})
}

func (c *check) witness(s *sitting) {
	w := &witness{c, s}
	w.once()
	w.sent()
	for _, c := range s.ordered {
		switch {
		case c.ok != nil && c.rejected != nil:
			w.found("R2", c.content.position, "command %s (%v) was acknowledged to one and rejected to another", c.id, c.content)
		case c.ok != nil:
			w.acknowledged(c)
		case c.rejected != nil:
			w.rejected(c)
		}
	}
	w.inOrder()
	w.reused()
	w.obeyed()
	w.keptOnce()
}

// once: no command has two entries.
func (w *witness) once() {
	seen := map[string]int64{}
	for i := range w.s.stored.Records {
		e := &w.s.stored.Records[i].Entry
		if first, twice := seen[e.Command]; twice {
			w.report.Doubled++
			position := 0
			if e.Effect.Response != nil {
				position = e.Effect.Response.Position
			}
			w.found("R2", position, "command %s has entries %d and %d", e.Command, first, e.Seq)
			continue
		}
		seen[e.Command] = e.Seq
	}
}

// byCandidate: the command is one that clients of a history give; a start's are looked at elsewhere.
func byCandidate(k exam.Kind) bool {
	switch k {
	case exam.Save, exam.Move, exam.Flag, exam.Check, exam.TimeUp, exam.Submit, exam.TakeOver:
		return true
	}
	return false
}

// sent: nothing was applied, and nothing kept as rejected, that nobody sent.
func (w *witness) sent() {
	for i := range w.s.stored.Records {
		r := &w.s.stored.Records[i]
		if !byCandidate(r.Entry.Kind) || w.s.sender(r) != nil {
			continue
		}
		w.found("R2", 0, "entry %d (%s, command %s): %s", r.Entry.Seq, r.Entry.Kind, r.Entry.Command, w.s.why(r.Entry.Command))
	}
	for i := range w.s.stored.Rejections {
		r := &w.s.stored.Rejections[i]
		if byCandidate(r.Kind) && len(w.s.commands[r.Command]) == 0 {
			w.found("R15", r.Payload.Position, "rejection %d (command %s): %s", r.Number, r.Command, w.s.why(r.Command))
		}
	}
}

func (s *sitting) why(command string) string {
	switch {
	case len(s.commands[command]) > 0:
		return "nobody sent this content"
	case s.refused[command]:
		return "every client was told that it was refused"
	}
	return "nobody sent it"
}

// acknowledged: the command is in the journal as the receipt says, or a later one of its page is.
func (w *witness) acknowledged(c *command) {
	if c.applied != nil {
		w.receipts(c)
		return
	}
	if w.overtaker(c) != nil || w.acceptedOver(c) {
		w.heads(c)
		return
	}
	if c.content.onQuestion() {
		w.report.Lost++
	}
	w.found("R1", c.content.position, "command %s (%v) was acknowledged and is not in the journal", c.id, c.content)
}

// overtaker is an applied command of the same page with a higher seq that was sent before the
// acknowledgement came.
func (w *witness) overtaker(c *command) *command {
	for _, o := range w.s.ordered {
		if o.applied != nil && o.content.position == c.content.position && o.sendings[0].Page == c.sendings[0].Page &&
			o.sendings[0].Seq > c.sendings[0].Seq && o.sent <= c.replied {
			return o
		}
	}
	return nil
}

// acceptedOver: an admin had made a kept answer of the same page with a higher seq the answer of record
// before the acknowledgement came.
func (w *witness) acceptedOver(c *command) bool {
	o := c.sendings[0]
	return slices.ContainsFunc(w.s.stored.Records, func(r exam.Record) bool {
		f := r.Entry.Effect.Response
		return r.Entry.Kind == exam.AcceptLate && f != nil && f.Position == c.content.position && f.Page == o.Page &&
			f.Seq > o.Seq && w.s.given(&r).from <= c.replied
	})
}

// receipts: what a receipt told of an applied command is its entry.
func (w *witness) receipts(c *command) {
	e := &c.applied.Entry
	applied := 0
	for _, o := range c.sendings {
		if o.Result == Applied {
			applied++
		}
		told := o.Receipt
		if o.Ok() && told != (Receipt{}) && (told.Seq != e.Seq || told.Hash != e.Hash.String() || told.Code != codeOf(e.Hash)) {
			w.found("R11", c.content.position, "command %s: the receipt says entry %d, %s; the journal has entry %d, %s",
				c.id, told.Seq, told.Code, e.Seq, codeOf(e.Hash))
		}
	}
	if applied > 1 {
		w.found("R2", c.content.position, "command %s was told to be applied %d times, not replayed", c.id, applied)
	}
}

// heads: the receipt of an overtaken command is some entry of the journal.
func (w *witness) heads(c *command) {
	for _, o := range c.sendings {
		told := o.Receipt
		if !o.Ok() || told == (Receipt{}) {
			continue
		}
		records := w.s.stored.Records
		if told.Seq < 1 || told.Seq > int64(len(records)) || records[told.Seq-1].Entry.Hash.String() != told.Hash {
			w.found("R11", c.content.position, "command %s: no entry of the journal is that of the receipt, %d %s", c.id, told.Seq, told.Code)
		}
	}
}

// rejected: it has no entry, and what was sent is kept with the reason that the client was told.
func (w *witness) rejected(c *command) {
	n := c.content.position
	if c.applied != nil {
		w.found("R2", n, "command %s (%v) was rejected as %s and is entry %d", c.id, c.content, c.rejected.Reason, c.applied.Entry.Seq)
	}
	kept := w.keptOf(c)
	switch {
	case kept == nil:
		w.found("R15", n, "command %s (%v) was rejected as %s and is not kept", c.id, c.content, c.rejected.Reason)
	case string(kept.Reason) != c.rejected.Reason:
		w.found("R15", n, "command %s was rejected as %s and is kept as %s", c.id, c.rejected.Reason, kept.Reason)
	}
}

// keptOf is the rejection of a command beside its attempt. One whose payload was too large to be kept
// is found by its id alone.
func (w *witness) keptOf(c *command) *exam.Rejection {
	for i := range w.s.stored.Rejections {
		r := &w.s.stored.Rejections[i]
		if r.Command != c.id {
			continue
		}
		payload := len(c.content.answer) + len(exam.Canonical(exam.Payload{Kind: c.content.kind}))
		if contentOfPayload(&r.Payload) == c.content || !store.KeepsPayload(r.Number, payload) {
			return r
		}
	}
	return nil
}

// inOrder: what was acknowledged before another command was first sent stands before it in the journal.
func (w *witness) inOrder() {
	var last *command // the latest to be sent, of the entries so far
	for i := range w.s.stored.Records {
		r := &w.s.stored.Records[i]
		c := w.s.sender(r)
		if c == nil || c.applied != r {
			continue
		}
		if last != nil && c.replied < last.sent {
			w.found("R4", c.content.position, "command %s was acknowledged before %s was sent, and is entry %d after entry %d",
				c.id, last.id, r.Entry.Seq, last.applied.Entry.Seq)
		}
		if last == nil || c.sent > last.sent {
			last = c
		}
	}
}

// reused: an id names one content. Once that was judged, no other is acknowledged under it. What was
// rejected as id_reused was not the first.
func (w *witness) reused() {
	for id, all := range w.s.commands {
		for _, first := range all {
			for _, c := range all {
				judged := first.applied != nil || first.rejected != nil && first.rejected.Reason != string(exam.IDReused)
				if c == first || !judged || !c.acknowledgedAfter(first) {
					continue
				}
				w.found("R2", c.content.position, "id %s: %v was acknowledged under it after %v was judged", id, c.content, first.content)
			}
		}
	}
}

func (c *command) acknowledgedAfter(first *command) bool {
	for _, o := range c.sendings {
		if o.Ok() && o.Sent > first.replied {
			return true
		}
	}
	return false
}

// keptOnce: a rejected command that comes again is not kept again.
func (w *witness) keptOnce() {
	type kept struct {
		id      string
		content content
	}
	seen := map[kept]int64{}
	for i := range w.s.stored.Rejections {
		r := &w.s.stored.Rejections[i]
		if r.Payload.Kind == "" {
			continue // its payload was not kept
		}
		k := kept{r.Command, contentOfPayload(&r.Payload)}
		if first, twice := seen[k]; twice {
			w.found("R2", r.Payload.Position, "command %s is kept as rejections %d and %d", r.Command, first, r.Number)
			continue
		}
		seen[k] = r.Number
	}
}
