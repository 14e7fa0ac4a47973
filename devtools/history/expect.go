package history

import (
	"shiken/exam"
)

// expected is what an entry should have done to the attempt, besides its response, which is judged and
// carried on at once.
func (v *walker) expected(r *exam.Record) exam.Effect {
	e := &r.Entry
	switch e.Kind {
	case exam.Start:
		return exam.Effect{Status: exam.InProgress, Opening: 1, Cursor: 1}
	case exam.Save, exam.Move, exam.Flag, exam.Check, exam.TimeUp:
		return v.question(r)
	case exam.Submit:
		v.submitted(r)
		return exam.Effect{Status: exam.Submitted, Stopped: e.Arrived, Marking: exam.MarkingPending}
	case exam.TakeOver:
		if c := v.s.sender(r); c != nil {
			v.arrived(r, c)
			v.ofOpening(r, c)
		}
		return exam.Effect{}
	case exam.Expire:
		d, _ := v.deadline()
		return exam.Effect{Status: exam.Expired, Stopped: d, Marking: exam.MarkingPending}
	case exam.AcceptLate:
		return v.accepted(r)
	case exam.MarkByHand:
		return exam.Effect{Marking: exam.MarkingPending} // what it gives is judged by marks
	case exam.Regrade:
		return v.regraded(e)
	case exam.Grade:
		return v.graded(e)
	}
	return v.clock(r)
}

// clock is what the commands do that move or stop the attempt's time (R16).
func (v *walker) clock(r *exam.Record) exam.Effect {
	e := &r.Entry
	amount := e.Effect.Extended // where the payload was erased nothing else tells it
	if r.Payload != nil {
		amount = r.Payload.Amount
	}
	stood := max(exam.Micros(e.Arrived-v.stopped), 0)
	switch e.Kind {
	case exam.Extend:
		return exam.Effect{Extended: amount}
	case exam.Pause:
		return exam.Effect{Status: exam.Paused, Stopped: e.Arrived}
	case exam.Resume:
		return exam.Effect{Status: exam.InProgress, Paused: stood, Running: true}
	case exam.ForceSubmit:
		stopped := e.Arrived
		if v.status == exam.Paused {
			stopped = v.stopped
		}
		return exam.Effect{Status: exam.Submitted, Stopped: stopped, Marking: exam.MarkingPending}
	case exam.Reopen:
		if r.Payload != nil {
			amount += stood
		}
		return exam.Effect{Status: exam.InProgress, Opening: v.opening + 1, Marking: exam.MarkingNone, Running: true, Extended: amount}
	case exam.Void:
		f := exam.Effect{Status: exam.Voided, Before: v.status}
		if v.status == exam.InProgress {
			f.Stopped = e.Arrived
		}
		return f
	case exam.Unvoid:
		f := exam.Effect{Status: v.before}
		if v.before == exam.InProgress {
			f.Extended, f.Running = stood, true
		}
		return f
	}
	return exam.Effect{}
}

// graded: marking comes after closing, once (R13).
func (v *walker) graded(e *exam.Entry) exam.Effect {
	if v.marking != exam.MarkingPending || e.Effect.Score == nil {
		v.found("R13", 0, "entry %d marks an attempt whose marking is %s", e.Seq, v.marking)
		return exam.Effect{Marking: e.Effect.Marking}
	}
	return exam.Effect{Marking: markingOf(e.Effect.Score)}
}

func markingOf(s *exam.Score) exam.Marking {
	if s.Awaiting {
		return exam.AwaitingMarker
	}
	return exam.MarkingDone
}

// regraded: a regrade of a question brings the new score; any other asks the server for one.
func (v *walker) regraded(e *exam.Entry) exam.Effect {
	if e.Effect.Response == nil || e.Effect.Score == nil {
		return exam.Effect{Marking: exam.MarkingPending}
	}
	if v.marking == exam.MarkingPending {
		v.found("R13", 0, "entry %d regrades what waits for its marking", e.Seq)
	}
	return exam.Effect{Marking: markingOf(e.Effect.Score)}
}

// submitted: what is handed in is what the candidate had seen (R3), in linear navigation all of it (R5).
func (v *walker) submitted(r *exam.Record) {
	c := v.s.sender(r)
	if c == nil {
		return
	}
	v.arrived(r, c)
	v.ofOpening(r, c)
	seen := c.sendings[0].Rev
	for _, o := range c.sendings {
		seen = max(seen, o.Rev)
	}
	if v.changes > seen {
		v.report.Stale++
		v.found("R3", 0, "entry %d hands in %d changes, the form had seen %d", r.Entry.Seq, v.changes, seen)
	}
	if v.s.linear && v.cursor != v.s.paper.Len()+1 {
		v.found("R5", 0, "entry %d hands in at question %d", r.Entry.Seq, v.cursor)
	}
}

// ofOpening: a command of an earlier opening is finished (R7).
func (v *walker) ofOpening(r *exam.Record, c *command) {
	for _, o := range c.sendings {
		if o.Opening == v.opening {
			return
		}
	}
	v.found("R7", c.content.position, "entry %d is a command of opening %d in opening %d", r.Entry.Seq, c.sendings[0].Opening, v.opening)
}

// question judges an entry of a candidate on a question.
func (v *walker) question(r *exam.Record) exam.Effect {
	c := v.s.sender(r)
	v.arrived(r, c)
	if c == nil { // the witness has said so
		if f := r.Entry.Effect.Response; f != nil {
			v.take(r, f)
		}
		return exam.Effect{Cursor: r.Entry.Effect.Cursor}
	}
	v.ofOpening(r, c)
	n := c.content.position
	if v.s.linear && n != v.cursor {
		v.found("R5", n, "entry %d (%v) at question %d, the cursor is %d", r.Entry.Seq, c.content, n, v.cursor)
	}
	if n < 1 || n > v.s.paper.Len() {
		v.found("R6", n, "entry %d (%v): there is no such question", r.Entry.Seq, c.content)
		return exam.Effect{Cursor: r.Entry.Effect.Cursor}
	}
	v.response(r, c)
	return exam.Effect{Cursor: v.leads(r, c)}
}

// leads is the cursor that the command leads to, 0 = it stays (R5, R6).
func (v *walker) leads(r *exam.Record, c *command) int {
	switch {
	case !v.s.linear:
		return c.content.target
	case c.content.kind != exam.Move:
		return 0
	}
	n := c.content.position
	skip := false
	for _, o := range c.sendings {
		skip = skip || o.Skip
	}
	if at := v.responseAt(n); at.answer == nothing && !skip && v.s.paper.Items[n-1].Type != exam.Description {
		v.found("R5", n, "entry %d leaves the question without an answer, and not knowingly", r.Entry.Seq)
	}
	return n + 1
}

// response judges what an entry did to the response, by what any sending of its command named.
func (v *walker) response(r *exam.Record, c *command) {
	n := c.content.position
	was, f := v.responseAt(n), r.Entry.Effect.Response
	var why string
	for _, o := range c.sendings {
		verdict, next := was.judge(c.content.asks(o))
		if why = v.differs(f, verdict, c); why == "" {
			v.set(n, next, verdict.changed)
			return
		}
	}
	switch {
	case f == nil:
		v.found("R3", n, "entry %d (%v) should have changed the response", r.Entry.Seq, c.content)
		return
	case why == staleApplied || why == overtakenApplied:
		v.report.Stale++
	}
	v.found("R3", n, "entry %d (%v, rev %d, seq %d): %s", r.Entry.Seq, c.content, c.sendings[0].Rev, c.sendings[0].Seq, why)
	v.take(r, f)
}

const (
	staleApplied     = "a stale command was applied"
	overtakenApplied = "a command was applied after a later one of its page"
)

// differs says in what an effect is not what the verdict asks for, "" = in nothing.
func (v *walker) differs(f *exam.ResponseEffect, want verdict, c *command) string {
	switch {
	case want.overtaken && f == nil && v.s.linear && c.content.kind == exam.Move:
		return "" // only the move was still due
	case f == nil:
		return "nothing was done to the response"
	case want.overtaken:
		return overtakenApplied
	case want.reason == exam.Stale:
		return staleApplied
	case want.reason != "":
		return "applied, should have been rejected as " + string(want.reason)
	}
	return v.otherwise(f, want, c)
}

// otherwise compares a response's effect with the verdict of an applied command.
func (v *walker) otherwise(f *exam.ResponseEffect, want verdict, c *command) string {
	pageRev := int64(0)
	if want.renewed {
		pageRev = want.rev
	}
	switch {
	case f.Rev != want.rev:
		return revIs(f.Rev, want.rev)
	case f.Answer != want.changed:
		return "the answer should " + map[bool]string{true: "have been replaced", false: "not have been replaced"}[want.changed]
	case f.PageRev != pageRev:
		return "of its page: " + revIs(f.PageRev, pageRev)
	case f.Position != c.content.position || flagText(f.Flagged) != c.content.flag:
		return "another position, or another flag, than was asked for"
	}
	return ""
}
