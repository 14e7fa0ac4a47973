package history

import (
	"encoding/json"
	"slices"
	"sort"
	"time"

	"shiken/exam"
)

// refusal is a rejection that is kept beside the attempt, until a state is found in which it is right.
type refusal struct {
	kept        *exam.Rejection
	by          []*command // that it may have judged
	least, most int        // entries that the attempt had when it was judged
	right       bool
	under       []exam.Instant // the deadlines by which it is right
	instead     exam.Reason    // what the last state that it was held against asks for, "" = none
}

// ruleOf is the rule that is broken by a rejection that is not right.
var ruleOf = map[exam.Reason]string{
	exam.Finished: "R7", exam.IsPaused: "§4", exam.IsVoided: "§4", exam.TimeIsUp: "R8", exam.ClosedQuestion: "R5",
	exam.NotReached: "R5", exam.OutOfRange: "R6", exam.Stale: "R3", exam.InvalidAnswer: "§7", exam.Unanswered: "R5",
	exam.IDReused: "R2", exam.OtherDevice: "R10",
}

// refusals lists the rejections of the candidate's commands, each with the states that it may have been
// judged in: after what was acknowledged before it was sent or arrived, and before what was sent or
// arrived after it was answered.
func (v *walker) refusals() []*refusal {
	earliest, latest := v.bounds()
	var all []*refusal
	for i := range v.s.stored.Rejections {
		kept := &v.s.stored.Rejections[i]
		by := v.s.rejected(kept)
		if !byCandidate(kept.Kind) || len(by) == 0 {
			continue // the witness has said so
		}
		from, to := v.when(kept.Arrived), time.Duration(0)
		sent := never
		for _, c := range by {
			sent, to = min(sent, c.sent), max(to, c.replied)
		}
		from = max(from, sent)
		r := &refusal{kept: kept, by: by, right: kept.Reason == exam.IDReused && v.s.isReused(by, to)}
		r.least = sort.Search(len(latest), func(i int) bool { return latest[i] >= from })
		r.most = sort.Search(len(earliest), func(i int) bool { return earliest[i] > to })
		r.least = min(max(r.least, 1), len(earliest))
		r.most = max(r.most, r.least)
		all = append(all, r)
	}
	return all
}

// when is the earliest time at which something can have been done that arrived at an instant.
func (v *walker) when(arrived exam.Instant) time.Duration {
	if v.options.Epoch == 0 {
		return 0
	}
	return time.Duration(arrived-v.options.Epoch)*time.Microsecond - v.options.Slack
}

// bounds are for each entry the time before which it cannot have been made, and the one at which it
// surely stood there.
func (v *walker) bounds() (earliest, latest []time.Duration) {
	records := v.s.stored.Records
	earliest, latest = make([]time.Duration, len(records)), make([]time.Duration, len(records))
	windows := v.s.windows()
	from := time.Duration(0)
	for i := range records {
		from = max(from, windows[&records[i]].from, v.when(records[i].Entry.Arrived))
		earliest[i], latest[i] = from, windows[&records[i]].to
	}
	return earliest, latest
}

// rejected are the commands that a rejection may be of: those of its content or, where that was not kept
// as it was sent, of its id.
func (s *sitting) rejected(r *exam.Rejection) []*command {
	all := s.commands[r.Command]
	for _, c := range all {
		if r.Payload.Kind != "" && contentOfPayload(&r.Payload) == c.content {
			return []*command{c}
		}
	}
	return all
}

// isReused: another content was judged under the id, and was sent before the rejection was answered.
func (s *sitting) isReused(by []*command, answered time.Duration) bool {
	for _, first := range s.commands[by[0].id] {
		if first.sent > answered || len(by) == 1 && first == by[0] {
			continue
		}
		if first.applied != nil || slices.ContainsFunc(s.stored.Rejections, func(r exam.Rejection) bool {
			return r.Command == first.id && r.Reason != exam.IDReused && slices.Contains(s.rejected(&r), first)
		}) {
			return true
		}
	}
	return false
}

// weigh holds the rejections that may have been judged now, after so many entries, against the state.
func (v *walker) weigh(all []*refusal, entries int) {
	for _, r := range all {
		if entries < r.least || entries > r.most || r.kept.Reason == exam.IDReused {
			continue
		}
		for _, c := range r.by {
			for _, o := range c.sendings {
				v.hold(r, c, o)
			}
		}
	}
}

// hold is weigh for one sending.
func (v *walker) hold(r *refusal, c *command, o *Op) {
	for _, elsewhere := range v.elsewhere(c, o) {
		why := v.reason(c, o, r.kept.Arrived, elsewhere)
		if why != r.kept.Reason && (r.kept.Reason != exam.InvalidAnswer || !v.isKeyed(c)) {
			r.instead = why
			continue
		}
		r.right = true
		if d, _ := v.deadline(); !slices.Contains(r.under, d) {
			r.under = append(r.under, d)
		}
	}
}

// unjust reports the rejections that were right in no state that they may have been judged in, and
// those that arrived when no sending of their command can have come (R8).
func (v *walker) unjust(all []*refusal) {
	for _, r := range all {
		n := r.kept.Payload.Position
		if !r.right {
			should := "applied"
			if r.instead != "" {
				should = "rejected as " + string(r.instead)
			}
			v.found(ruleOf[r.kept.Reason], n, "rejection %d of command %s (%v, arrived at %d) as %s: after entry %d, and up to %d, it should have been %s",
				r.kept.Number, r.kept.Command, r.by[0].content, r.kept.Arrived, r.kept.Reason, r.least, r.most, should)
		}
		if !slices.ContainsFunc(r.by, func(c *command) bool { return v.mayHaveArrived(c, r.kept.Arrived) }) {
			v.found("R8", n, "rejection %d (%s) arrived at %d, its command was sent at %v (and delivered at %v)",
				r.kept.Number, r.kept.Command, r.kept.Arrived, r.by[0].sendings[0].Sent, r.by[0].sendings[0].Delivered)
		}
	}
}

// reason is why the rules turn down a sending of a command that arrives while the attempt stands as it
// does now, and that comes from elsewhere than the device that may write or not, in the order of docs/design.md §4; "" = they do not. What the id was used for before is not
// its matter.
func (v *walker) reason(c *command, o *Op, arrived exam.Instant, elsewhere bool) exam.Reason {
	if c.content.kind == exam.TakeOver {
		return v.reasonTakeOver(o, arrived)
	}
	saved := v.responseAt(c.content.position)
	if m, known := saved.mark(o.Page); c.content.onQuestion() && known && m.seq > o.Seq {
		return v.reasonOvertaken(c, o, arrived, elsewhere)
	}
	if why := v.standing(o, arrived, elsewhere); why != "" {
		return why
	}
	switch {
	case c.content.onQuestion():
		if why := v.placed(c); why != "" {
			return why
		}
		return v.answered(c, o)
	case v.s.linear && v.cursor != v.s.paper.Len()+1:
		return exam.NotReached
	case v.changes > o.Rev:
		return exam.Stale
	}
	return ""
}

// reasonOvertaken: only where a move leads is still looked at.
func (v *walker) reasonOvertaken(c *command, o *Op, arrived exam.Instant, elsewhere bool) exam.Reason {
	due := v.s.linear && c.content.position == v.cursor && v.standing(o, arrived, elsewhere) == ""
	if c.content.kind != exam.Move || v.s.linear && !due {
		return ""
	}
	if why := v.placed(c); why != "" || !v.s.linear {
		return why
	}
	return v.left(c, o, v.responseAt(c.content.position).answer)
}

// standing judges opening, status, device and time.
func (v *walker) standing(o *Op, arrived exam.Instant, elsewhere bool) exam.Reason {
	d, timed := v.deadline()
	switch {
	case v.status == exam.Voided:
		return exam.IsVoided
	case o.Opening != v.opening || v.status == exam.Submitted || v.status == exam.Expired:
		return exam.Finished
	case v.status == exam.Paused:
		return exam.IsPaused
	case elsewhere:
		return exam.OtherDevice
	case timed && arrived > d+exam.Instant(v.s.paper.Rules.Grace):
		return exam.TimeIsUp
	}
	return ""
}

// placed judges the position, and where a move leads.
func (v *walker) placed(c *command) exam.Reason {
	n, last := c.content.position, v.s.paper.Len()
	to := c.content.target
	switch {
	case n < 1 || n > last:
		return exam.OutOfRange
	case v.s.linear && n > v.cursor:
		return exam.NotReached
	case v.s.linear && n < v.cursor:
		return exam.ClosedQuestion
	case c.content.kind == exam.Move && (to < 1 || to > last+1 || v.s.linear && to != n+1):
		return exam.OutOfRange
	}
	return ""
}

// answered judges rev and answer.
func (v *walker) answered(c *command, o *Op) exam.Reason {
	verdict, _ := v.responseAt(c.content.position).judge(c.content.asks(o))
	switch {
	case verdict.reason != "":
		return verdict.reason
	case !fits(&v.s.paper.Items[c.content.position-1], c.content.answer):
		return exam.InvalidAnswer
	case c.content.kind == exam.Move && v.s.linear:
		return v.left(c, o, c.content.answer)
	}
	return ""
}

// left: a question is left with an answer, or knowingly without (R5).
func (v *walker) left(c *command, o *Op, answer string) exam.Reason {
	if answer == nothing && !o.Skip && v.s.paper.Items[c.content.position-1].Type != exam.Description {
		return exam.Unanswered
	}
	return ""
}

// isKeyed: what fits a question of that type is not known here.
func (v *walker) isKeyed(c *command) bool {
	n := c.content.position
	return n >= 1 && n <= v.s.paper.Len() && v.s.paper.Items[n-1].Type.IsKeyed()
}

// fits: the answer's values are on the paper.
func fits(it *exam.Item, answer string) bool {
	var one string
	var many []string
	switch {
	case answer == nothing || it.Type.IsKeyed():
		return true
	case it.Type == exam.Description:
		return false
	case it.Type == exam.MultipleChoice:
		if json.Unmarshal([]byte(answer), &many) != nil {
			return false
		}
	case json.Unmarshal([]byte(answer), &one) != nil:
		return false
	case it.Type.IsChoice():
		many = []string{one}
	}
	return !slices.ContainsFunc(many, func(value string) bool {
		return !slices.ContainsFunc(it.Choices, func(c exam.Choice) bool { return c.Value == value })
	})
}
