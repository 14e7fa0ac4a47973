package history

import (
	"fmt"
	"slices"

	"shiken/exam"
)

// walker reads one attempt's journal from its beginning and says of each entry whether the rules allow
// it there, and what it should have done. Where an entry did something else that is a fault, and the
// walk goes on from what it did.
type walker struct {
	*check
	s *sitting

	status, before exam.Status
	opening        int
	cursor         int
	held           string // the device that the attempt belongs to
	changes        int64
	started        exam.Instant
	stopped        exam.Instant
	since          exam.Instant // when the clock began to run last
	extended       exam.Micros  // and paused: what was added to the time
	marking        exam.Marking
	responses      map[int]response
	turned         []*refusal
	closed         map[int]int64         // by opening: the entry that closed it
	deadlines      map[exam.Instant]bool // that the attempt had, 0 = untimed
}

func (v *walker) found(rule string, position int, format string, args ...any) {
	v.fault(Fault{
		Rule: rule, Checker: Invariants, Attempt: v.s.stored.Attempt.ID, Position: position, Text: fmt.Sprintf(format, args...),
	})
}

func (c *check) walk(s *sitting) {
	v := &walker{check: c, s: s, responses: map[int]response{}, closed: map[int]int64{}, deadlines: map[exam.Instant]bool{}}
	v.chain()
	v.noneTwice()
	v.turned = v.refusals()
	m := &marks{walker: v, responses: map[int]exam.Response{}}
	for i := range s.stored.Records {
		r := &s.stored.Records[i]
		v.admitted(&r.Entry)
		v.device(r)
		want := v.expected(r)
		v.compare(&r.Entry, &want)
		v.outage(&r.Entry)
		m.follow(r)
		v.adopt(&r.Entry)
		d, _ := v.deadline()
		v.deadlines[d] = true
		v.weigh(v.turned, i+1)
		if v.cursor < 1 || v.cursor > s.paper.Len()+1 {
			v.found("R6", 0, "entry %d leaves the cursor at %d of %d", r.Entry.Seq, v.cursor, s.paper.Len())
		}
	}
	v.atTheEnd()
	v.unjust(v.turned)
	v.told()
	v.shown()
}

// noneTwice: no question stands twice on a paper (R14).
func (v *walker) noneTwice() {
	seen := map[string]int{}
	for i := range v.s.paper.Items {
		version := v.s.paper.Items[i].Version
		if first, twice := seen[version]; twice {
			v.found("R14", i+1, "the question of position %d again", first)
		}
		seen[version] = i + 1
	}
}

func (v *walker) deadline() (exam.Instant, bool) {
	rules := &v.s.paper.Rules
	extra := rules.TimeLimit * exam.Micros(rules.ExtraPercent) / 100
	var ends []exam.Instant
	if rules.TimeLimit > 0 {
		ends = append(ends, v.started+exam.Instant(rules.TimeLimit+extra+v.extended))
	}
	if rules.Window.Close > 0 {
		ends = append(ends, rules.Window.Close+exam.Instant(extra+v.extended))
	}
	if len(ends) == 0 {
		return 0, false
	}
	return slices.Min(ends), true
}

// admits is the transition table of docs/design.md §4: the statuses in which a command takes effect.
var admits = map[exam.Kind][]exam.Status{
	exam.Save: {exam.InProgress}, exam.Move: {exam.InProgress}, exam.Flag: {exam.InProgress},
	exam.Check: {exam.InProgress}, exam.TimeUp: {exam.InProgress}, exam.Submit: {exam.InProgress},
	exam.TakeOver: {exam.InProgress, exam.Paused},
	exam.Extend:   {exam.InProgress, exam.Paused}, exam.Pause: {exam.InProgress}, exam.Resume: {exam.Paused},
	exam.ForceSubmit: {exam.InProgress, exam.Paused}, exam.Reopen: {exam.Submitted, exam.Expired},
	exam.Void: {exam.InProgress, exam.Paused, exam.Submitted, exam.Expired}, exam.Unvoid: {exam.Voided},
	exam.AcceptLate: {exam.InProgress, exam.Paused, exam.Submitted, exam.Expired},
	exam.MarkByHand: {exam.Submitted, exam.Expired}, exam.Regrade: {exam.Submitted, exam.Expired},
	exam.Expire: {exam.InProgress}, exam.Grade: {exam.Submitted, exam.Expired}, exam.Start: {""},
}

// admitted: the status allows the entry, its time too, and each opening is closed once (R7, R8, R9).
func (v *walker) admitted(e *exam.Entry) {
	if !slices.Contains(admits[e.Kind], v.status) {
		v.found("R7", 0, "entry %d: %s of an attempt that is %s", e.Seq, e.Kind, v.status)
	}
	if e.Effect.Status == exam.Submitted || e.Effect.Status == exam.Expired {
		if first, twice := v.closed[v.opening]; twice && e.Kind != exam.Unvoid {
			v.found("R7", 0, "entry %d closes opening %d, which entry %d had closed", e.Seq, v.opening, first)
		}
		v.closed[v.opening] = e.Seq
	}
	d, timed := v.deadline()
	if !timed && e.Kind == exam.Expire {
		v.found("R9", 0, "entry %d: an attempt without a deadline ran out", e.Seq)
	}
	grace := exam.Instant(v.s.paper.Rules.Grace)
	if timed && byCandidate(e.Kind) && e.Arrived > d {
		v.report.InGrace++
	}
	switch {
	case !timed:
	case byCandidate(e.Kind) && v.status != exam.Paused && e.Arrived > d+grace:
		v.found("R8", 0, "entry %d (%s) arrived %d µs after the deadline with its grace", e.Seq, e.Kind, e.Arrived-d-grace)
	case e.Kind == exam.Expire && e.Arrived < d+grace+exam.Instant(exam.W):
		v.found("R9", 0, "entry %d: closed %d µs before deadline + grace + W", e.Seq, d+grace+exam.Instant(exam.W)-e.Arrived)
	}
}

// adopt goes on from what the entry did.
func (v *walker) adopt(e *exam.Entry) {
	f := &e.Effect
	if e.Kind == exam.Start {
		v.started, v.since, v.marking = e.Arrived, e.Arrived, exam.MarkingNone
	}
	if f.Status != "" {
		v.status, v.before = f.Status, f.Before
	}
	if f.Opening != 0 {
		v.opening = f.Opening
	}
	if f.Cursor != 0 {
		v.cursor = f.Cursor
	}
	if f.Device != "" {
		v.held = f.Device
	}
	if f.Marking != "" {
		v.marking = f.Marking
	}
	v.extended += f.Extended + f.Paused
	if f.Stopped != 0 {
		v.stopped = f.Stopped
	}
	if f.Running {
		v.stopped, v.since = 0, e.Arrived
	}
}

// compare holds the effect of an entry against what it should have been; what it did to the response
// was judged by expected.
func (v *walker) compare(e *exam.Entry, want *exam.Effect) {
	is := &e.Effect
	for _, f := range []struct {
		rule, name string
		is, want   any
	}{
		{"R7", "status", is.Status, want.Status},
		{"R7", "status before", is.Before, want.Before},
		{"R7", "opening", is.Opening, want.Opening},
		{v.cursorRule(), "cursor", v.after(is.Cursor), v.after(want.Cursor)},
		{"R13", "marking", is.Marking, want.Marking},
		{"R16", "time given", is.Extended, want.Extended},
		{"R16", "time paused", is.Paused, want.Paused},
		{"R16", "clock stopped at", is.Stopped, want.Stopped},
		{"R16", "clock running", is.Running, want.Running},
	} {
		if f.is != f.want {
			v.found(f.rule, 0, "entry %d (%s): %s: %v, should be %v", e.Seq, e.Kind, f.name, f.is, f.want)
		}
	}
}

func (v *walker) cursorRule() string {
	if v.s.linear {
		return "R5"
	}
	return "R6"
}

// after is the cursor after an effect.
func (v *walker) after(cursor int) int {
	if cursor == 0 {
		return v.cursor
	}
	return cursor
}

// atTheEnd: what is stored is what the walk came to (R1, R7, R16), and nothing is overdue (R9, R13).
func (v *walker) atTheEnd() {
	a := &v.s.stored.Attempt
	for position := range v.s.paper.Items {
		position++
		is, want := a.Responses[position], v.responseAt(position)
		if answer := normalOf(is.Answer); answer != want.answer && !v.erased() {
			v.found("R1", position, "the answer of record is %.60s, the journal gives %.60s", answer, want.answer)
		}
		if is.Rev != want.rev || is.Flagged != want.flagged || is.Checked != want.checked {
			v.found("R11", position, "stored: rev %d, flag %t, checked %t; the journal gives %d, %t, %t",
				is.Rev, is.Flagged, is.Checked, want.rev, want.flagged, want.checked)
		}
	}
	d, timed := v.deadline()
	if v.s.stored.Deadline != d {
		v.found("R16", 0, "the stored deadline is %d, should be %d", v.s.stored.Deadline, d)
	}
	if a.Device != v.held {
		v.found("R10", 0, "stored: held by device %q; the journal gives %q", a.Device, v.held)
	}
	if a.Status != v.status || a.Opening != v.opening || a.Cursor != v.cursor {
		v.found("R7", 0, "stored: %s, opening %d, cursor %d; the journal gives %s, %d, %d",
			a.Status, a.Opening, a.Cursor, v.status, v.opening, v.cursor)
	}
	expires := d + exam.Instant(v.s.paper.Rules.Grace+exam.W+overdue)
	if now := v.options.Now; now > 0 && timed && v.status == exam.InProgress && now > expires {
		v.found("R9", 0, "still in progress %d µs after deadline + grace + W", now-expires+exam.Instant(overdue))
	}
	if now := v.options.Now; now > 0 && v.marking == exam.MarkingPending && now > v.stopped+exam.Instant(overdue) && v.status != exam.Voided {
		v.found("R13", 0, "not marked %d µs after its clock was stopped", now-v.stopped)
	}
}

// overdue is how long the server may take for what it does by itself each second, on a busy machine.
const overdue = 30 * exam.Second

func (v *walker) erased() bool {
	return slices.ContainsFunc(v.s.stored.Records, func(r exam.Record) bool { return r.Payload == nil })
}

func (v *walker) responseAt(position int) response {
	if r, ok := v.responses[position]; ok {
		return r
	}
	return unsaved()
}
