package history

import (
	"fmt"
	"slices"
	"time"

	"shiken/exam"
)

func revIs(is, want int64) string { return fmt.Sprintf("rev is %d, should be %d", is, want) }

func (v *walker) set(position int, r response, changed bool) {
	v.responses[position] = r
	if changed {
		v.changes++
	}
}

// take carries on what an entry did to a response, right or wrong.
func (v *walker) take(r *exam.Record, f *exam.ResponseEffect) {
	was := v.responseAt(f.Position)
	m, _ := was.mark(f.Page)
	m.seq = max(m.seq, f.Seq)
	if f.PageRev != 0 {
		m.rev = f.PageRev
	}
	a := &asked{kind: r.Entry.Kind, flag: f.Flagged, answer: nothing}
	if r.Payload != nil {
		a.answer = normalOf(r.Payload.Answer)
	}
	v.set(f.Position, was.after(a, verdict{rev: f.Rev, changed: f.Answer}, m), f.Answer)
}

// accepted: an admin made a kept answer the answer of record (R15).
func (v *walker) accepted(r *exam.Record) exam.Effect {
	want := exam.Effect{}
	if v.status == exam.Submitted || v.status == exam.Expired {
		want.Marking = exam.MarkingPending
	}
	f := r.Entry.Effect.Response
	if f == nil {
		v.found("R15", 0, "entry %d accepts an answer and changes none", r.Entry.Seq)
		return want
	}
	if r.Payload == nil {
		v.take(r, f)
		return want
	}
	a := &asked{kind: exam.AcceptLate, page: f.Page, seq: f.Seq, answer: normalOf(r.Payload.Answer)}
	was := v.responseAt(f.Position)
	verdict, next := was.judge(a)
	if verdict.overtaken || f.Rev != verdict.rev || f.Answer != verdict.changed {
		v.found("R3", f.Position, "entry %d (accept_late): a later answer of its page, or %s", r.Entry.Seq, revIs(f.Rev, verdict.rev))
		v.take(r, f)
		return want
	}
	if !v.isKept(r.Payload) {
		v.found("R15", f.Position, "entry %d accepts an answer that is not that of rejection %d", r.Entry.Seq, r.Payload.Late)
	}
	v.set(f.Position, next, verdict.changed)
	return want
}

func (v *walker) isKept(p *exam.Payload) bool {
	for i := range v.s.stored.Rejections {
		r := &v.s.stored.Rejections[i]
		if r.Number == p.Late {
			return normalOf(r.Payload.Answer) == normalOf(p.Answer) && r.Payload.Position == p.Position
		}
	}
	return false
}

// arrived: the arrival of an entry is one at which a sending of it can have come (R8): the database's
// clock, less the time that the instance held the request, which it counts to W at most.
func (v *walker) arrived(r *exam.Record, c *command) {
	if c == nil || v.mayHaveArrived(c, r.Entry.Arrived) {
		return
	}
	at := time.Duration(r.Entry.Arrived-v.options.Epoch) * time.Microsecond
	v.found("R8", c.content.position, "entry %d (%s) arrived at %v, the command was sent at %v (and delivered at %v)",
		r.Entry.Seq, c.id, at, c.sendings[0].Sent, c.sendings[0].Delivered)
}

// mayHaveArrived: some sending of the command may.
func (c *check) mayHaveArrived(cmd *command, arrived exam.Instant) bool {
	if c.options.Epoch == 0 {
		return true
	}
	at := time.Duration(arrived-c.options.Epoch) * time.Microsecond
	return slices.ContainsFunc(cmd.sendings, func(o *Op) bool { return c.mayArrive(o, at) })
}

// mayArrive: an operation that was not answered may have come at any time after it was sent.
func (c *check) mayArrive(o *Op, at time.Duration) bool {
	slack := c.options.Slack
	from, to := o.Sent, never-slack
	if o.Done >= 0 && o.Result != Unknown {
		to = o.Done
	}
	if o.Delivered >= 0 {
		from = o.Delivered
		if to < never-slack {
			to = max(o.Delivered, to-time.Duration(exam.W)*time.Microsecond)
		}
	}
	return at >= from-slack && at <= to+slack
}

// told compares what answers and pages said in passing with the journal: deadlines that the attempt
// never had (R16), a redirect to elsewhere (R5, R6), a question that looks different (R14).
func (v *walker) told() {
	for _, c := range v.s.ordered {
		for _, o := range c.sendings {
			v.toldDeadline(o)
			if o.Kind == Form && c.content.kind != exam.TimeUp && o.Ok() && o.Led >= 0 && o.Led != c.content.target {
				v.found(v.cursorRule(), c.content.position, "command %s (%v) was led to %d", c.id, c.content, o.Led)
			}
		}
	}
	shown := map[int]string{}
	for _, o := range v.s.reads {
		v.toldDeadline(o)
		if o.Shown == "" {
			continue
		}
		if first, seen := shown[o.Position]; seen && first != o.Shown {
			v.found("R14", o.Position, "client %d was shown other options, or another question, than before", o.Client)
		}
		shown[o.Position] = o.Shown
	}
}

func (v *walker) toldDeadline(o *Op) {
	if o.Deadline >= 0 && !v.deadlines[exam.Instant(o.Deadline)] {
		v.found("R16", o.Position, "client %d was told the deadline %d, which the attempt never had", o.Client, o.Deadline)
	}
}
