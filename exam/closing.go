package exam

// The commands of admins and of the server: time, closing, marking.

// close hands the attempt in or lets it run out. Marking comes after (R13).
func (j *judge) close(s Status, stopped Instant) Effect {
	return Effect{Status: s, Stopped: stopped, Marking: MarkingPending}
}

func (j *judge) forceSubmit() (Effect, Reason) {
	stopped := j.arrived
	if j.a.Status == Paused {
		stopped = j.a.Stopped
	}
	return j.close(Submitted, stopped), ""
}

// expire closes at deadline + grace + W and not before (R9). The clock stopped at the deadline.
func (j *judge) expire() (Effect, Reason) {
	at, timed := j.a.ExpiresAt(j.p)
	if !timed || j.arrived < at {
		return Effect{}, Stale
	}
	deadline, _ := j.a.Deadline(j.p)
	return j.close(Expired, deadline), ""
}

func (j *judge) extend() (Effect, Reason) { return Effect{Extended: j.c.Amount}, "" }

func (j *judge) pause() (Effect, Reason) {
	return Effect{Status: Paused, Stopped: j.arrived}, ""
}

func (j *judge) resume() (Effect, Reason) {
	f := Effect{Status: InProgress, Paused: j.sinceStopped(), Running: true}
	if bug("pause_costs_time") {
		f.Paused = 0
	}
	return f, ""
}

// sinceStopped is how long the clock stood; never negative, whatever the clocks did.
func (j *judge) sinceStopped() Micros { return max(j.arrived.Sub(j.a.Stopped), 0) }

// reopen lets a closed attempt go on: what was left at the close is left again, plus the amount
// given. The current score goes; earlier ones stay in the journal (R7).
func (j *judge) reopen() (Effect, Reason) {
	return Effect{
		Status: InProgress, Opening: j.a.Opening + 1, Marking: MarkingNone, Running: true,
		Extended: j.sinceStopped() + j.c.Amount,
	}, ""
}

func (j *judge) void() (Effect, Reason) {
	f := Effect{Status: Voided, Before: j.a.Status}
	if j.a.Status == InProgress {
		f.Stopped = j.arrived
	}
	return f, ""
}

// unvoid makes the attempt what it was; an attempt in progress gets the time back.
func (j *judge) unvoid() (Effect, Reason) {
	f := Effect{Status: j.a.Before}
	if j.a.Before == InProgress {
		f.Extended, f.Running = j.sinceStopped(), true
	}
	return f, ""
}

// acceptLate makes a rejected answer the answer of record, unless it, or a later command of the
// same page, was applied (R3, R7). A closed attempt is marked again.
func (j *judge) acceptLate() (Effect, Reason) {
	c := j.c
	switch {
	case j.item == nil:
		return Effect{}, OutOfRange
	case j.invalid:
		return Effect{}, InvalidAnswer
	case j.saved.Pages[c.Page].Seq >= c.Seq:
		return Effect{}, Stale
	}
	rev := j.saved.Rev + 1
	f := Effect{Rev: rev, Response: &ResponseEffect{
		Position: c.Position, Rev: rev, Answer: !j.answer.Equal(j.saved.Answer),
		Page: c.Page, Seq: c.Seq, PageRev: rev,
	}}
	if j.a.Status.Closed() {
		f.Marking = MarkingPending
	}
	return f, ""
}

// mark sets the points of one response by hand, with a comment to the candidate; the server then
// computes the score anew. A mark is for the answer that its marker saw, and replaces no mark but the
// one that stood there.
func (j *judge) mark() (Effect, Reason) {
	switch {
	case j.item == nil || j.c.Points < 0 || j.c.Points > j.item.Points:
		return Effect{}, OutOfRange
	case j.c.Rev != j.saved.Rev || j.c.Marked != j.saved.Marked:
		return Effect{}, Stale
	}
	points := j.c.Points
	return Effect{Marking: MarkingPending, Response: &ResponseEffect{
		Position: j.c.Position, Rev: j.saved.Rev, Points: &points,
	}}, ""
}

// regrade has an attempt marked anew. Without a position the server does it later. One that names the
// position of a corrected question brings the new score, so that nobody ever meets the attempt
// without one; what waits for marking anyhow needs no such. It never goes back to an older revision of the
// key than the position is marked by.
func (j *judge) regrade() (Effect, Reason) {
	if j.c.Position == 0 {
		return Effect{Marking: MarkingPending}, ""
	}
	switch {
	case j.item == nil || j.c.Score == nil || len(j.c.Score.Items) != j.p.Len():
		return Effect{}, OutOfRange
	case j.a.Marking == MarkingPending || j.c.Revision < j.markedBy(j.c.Position):
		return Effect{}, Stale
	}
	f := marked(j.c.Score)
	f.Response = &ResponseEffect{Position: j.c.Position, Rev: j.saved.Rev, Kept: &Kept{Mark: j.c.Kept}}
	return f, ""
}

// markedBy is the revision of the key that a position is marked by, 0 for none.
func (j *judge) markedBy(position int) int {
	if j.a.Score == nil {
		return 0
	}
	return j.a.Score.Revisions[position-1]
}

// grade records the score of a pending attempt.
func (j *judge) grade() (Effect, Reason) {
	if j.a.Marking != MarkingPending && !bug("marked_twice") || j.c.Score == nil {
		return Effect{}, Stale
	}
	return marked(j.c.Score), ""
}

func marked(s *Score) Effect {
	f := Effect{Marking: MarkingDone, Score: s}
	if s.Awaiting {
		f.Marking = AwaitingMarker
	}
	return f
}
