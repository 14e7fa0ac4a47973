package exam

// The guards say whether a candidate may do something now, with the reason if not. Apply judges by
// them and pages offer what they allow, so that no page offers what Apply would reject. An empty
// Reason means yes.

// MayWrite: the attempt is in progress and its time, grace included, is not over.
func MayWrite(p *Paper, a *Attempt, arrived Instant) Reason {
	if r := mayTouch(a); r != "" {
		return r
	}
	d, timed := a.Deadline(p)
	if bug("time_up_by_old_deadline") {
		d = d.Add(-a.Extended)
	}
	if timed && arrived > d.Add(graceOf(p)) {
		return TimeIsUp
	}
	return ""
}

func graceOf(p *Paper) Micros {
	if bug("grace_counted_twice") {
		return 2 * p.Rules.Grace
	}
	if bug("no_grace") {
		return 0
	}
	return p.Rules.Grace
}

// takesAll: nothing tells a closed attempt from an open one.
func takesAll(a *Attempt) bool { return bug("closed_takes_answers") && a.Status.Closed() }

// mayTouch judges the status alone.
func mayTouch(a *Attempt) Reason {
	switch a.Status {
	case InProgress:
		if bug("paused_said_to_resumed") && a.PausedFor > 0 {
			return IsPaused
		}
		return ""
	case Paused:
		return IsPaused
	case Voided:
		return IsVoided
	}
	if takesAll(a) {
		return ""
	}
	return Finished
}

// MayCommand: an admin may give a command of the kind to an attempt of that status. What else the
// command depends on is judged when it is given.
func MayCommand(kind Kind, s Status) Reason { return rules[kind].admits(&Attempt{Status: s}) }

// MayAnswer: the answer at a position may be changed.
func MayAnswer(p *Paper, a *Attempt, position int, arrived Instant) Reason {
	if r := MayWrite(p, a, arrived); r != "" {
		return r
	}
	if r := mayVisit(p, a, position); r != "" {
		return r
	}
	if a.Response(position).Checked {
		return ClosedQuestion
	}
	return ""
}

// mayVisit: the position is on the paper, and in linear navigation it is the cursor.
func mayVisit(p *Paper, a *Attempt, position int) Reason {
	switch {
	case p.Item(position) == nil:
		return OutOfRange
	case bug("closed_said_to_cursor") && p.Rules.Navigation == Linear && position == p.Len():
	case p.Rules.Navigation != Linear || position == a.Cursor || position < a.Cursor && bug("linear_goes_back"):
		return ""
	case position > a.Cursor:
		return NotReached
	}
	return ClosedQuestion
}

// MayMove: from a position the candidate may go to target: anywhere on the paper or to review in
// free navigation, exactly one forward in linear.
func MayMove(p *Paper, a *Attempt, position, target int) Reason {
	if r := mayVisit(p, a, position); r != "" {
		return r
	}
	if target < 1 || target > p.ReviewPosition() {
		return OutOfRange
	}
	if p.Rules.Navigation == Linear && target != position+1 {
		return OutOfRange
	}
	return ""
}

// MayCheck: feedback is practice and the question at the position is open.
func MayCheck(p *Paper, a *Attempt, position int, arrived Instant) Reason {
	if p.Rules.Feedback != PracticeFeedback {
		return ClosedQuestion
	}
	return MayAnswer(p, a, position, arrived)
}

// MaySubmit: the attempt may be handed in; linear only from the review page.
func MaySubmit(p *Paper, a *Attempt, arrived Instant) Reason {
	if r := MayWrite(p, a, arrived); r != "" {
		return r
	}
	if p.Rules.Navigation == Linear && a.Cursor != p.ReviewPosition() {
		return NotReached
	}
	return ""
}

// HeldElsewhere: by its rules the attempt may be written on one device at a time, and another one than this
// holds it. One that has signed out (released) holds nothing.
func HeldElsewhere(p *Paper, a *Attempt, device string, released bool) bool {
	return p.Rules.Devices == OneDevice && a.Device != "" && a.Device != device && !released
}

// MayTakeOver: another device may take the attempt over: it is written on one at a time, and its time is
// not over. A pause is no hindrance.
func MayTakeOver(p *Paper, a *Attempt, arrived Instant) Reason {
	if p.Rules.Devices != OneDevice {
		return Stale
	}
	if r := MayWrite(p, a, arrived); r != IsPaused {
		return r
	}
	return ""
}

// MayReview: the review page may be shown; linear only at n + 1.
func MayReview(p *Paper, a *Attempt) Reason {
	if p.Rules.Navigation == Linear && a.Cursor != p.ReviewPosition() {
		return NotReached
	}
	return ""
}

// MayAccept: the answer of a rejected command may become the answer of record at its position, as
// accept_late makes it (R15). The response there must be loaded. An answer that was never one to this
// paper, or was sent under the id of another command, stays what it is; so does one that its own page
// has gone on from.
func MayAccept(p *Paper, a *Attempt, r *Rejection) Reason {
	it := p.Item(r.Payload.Position)
	switch {
	case a.Status == Voided:
		return IsVoided
	case r.Reason == InvalidAnswer || r.Reason == OutOfRange || r.Reason == IDReused:
		return r.Reason
	case !r.HasAnswer() || r.Page == "" || r.Seq < 1:
		return InvalidAnswer
	case it == nil:
		return OutOfRange
	case a.Response(r.Payload.Position).Pages[r.Page].Seq >= r.Seq:
		return Stale
	}
	if _, err := it.Canonical(r.Payload.Answer); err != nil {
		return InvalidAnswer
	}
	return ""
}

// HasAnswer reports whether the command was on a question and carried an answer that is kept.
func (r *Rejection) HasAnswer() bool { return rules[r.Kind].onQuestion && !r.Payload.Answer.IsZero() }

// ChangedSince lists the positions whose answers changed after the first `changes` changes of the
// attempt, in order.
func (a *Attempt) ChangedSince(p *Paper, changes int64) []int {
	var out []int
	for i := 1; i <= p.Len(); i++ {
		if a.Responses[i].Change > changes {
			out = append(out, i)
		}
	}
	return out
}
