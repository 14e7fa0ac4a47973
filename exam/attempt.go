package exam

import "maps"

// Status of an attempt.
type Status string

// The statuses of an attempt; doc.go holds the diagram.
const (
	InProgress Status = "in_progress"
	Paused     Status = "paused"
	Submitted  Status = "submitted"
	Expired    Status = "expired"
	Voided     Status = "voided"
)

// Statuses lists every status.
var Statuses = []Status{InProgress, Paused, Submitted, Expired, Voided}

// Open reports whether the attempt is being written (in progress or paused).
func (s Status) Open() bool { return s == InProgress || s == Paused }

// Closed reports whether the attempt was handed in or ran out.
func (s Status) Closed() bool { return s == Submitted || s == Expired }

// Marking is how far the marking of an attempt is.
type Marking string

// The states of marking.
const (
	MarkingNone    Marking = "none"
	MarkingPending Marking = "pending"
	AwaitingMarker Marking = "awaiting_marker"
	MarkingDone    Marking = "done"
)

// W is the guard's longest wait: a command may be held that long before it is judged, so the
// server closes an attempt only at deadline + grace + W (R9).
const W = 5 * Second

// PageMark is what one page wrote at a position: its highest applied seq, the rev after it, and the
// journal entry of its last write.
type PageMark struct {
	Seq   int64 `json:"seq"`
	Rev   int64 `json:"rev"`
	Entry int64 `json:"entry"`
}

// Response is what is saved at a position.
type Response struct {
	Rev     int64 // 0 = never saved
	Answer  Answer
	Flagged bool
	Checked bool   // practice: closed by check
	Points  *int   // given by a marker, 1/10,000 point
	Marked  int64  // the journal entry that gave them; 0 = none
	Comment string // what the marker says to the candidate with them
	// Kept is what a regrade left the position with, since the corrected key would have lowered the
	// result: 1/10,000 point, or Dropped. It stands until the answer or the mark by hand is another.
	Kept    *int
	Change  int64   // value of Attempt.Changes after the last change of the answer
	SavedAt Instant // arrival of the last command that raised Rev
	Pages   map[string]PageMark
}

// Attempt is one candidate's sitting of one exam. Everything but Commands and Responses, of which
// a store may load just the part that a command needs, is always complete.
type Attempt struct {
	ID        string
	Candidate string
	Opening   int
	Status    Status
	Before    Status // what a voided attempt was
	Marking   Marking
	Cursor    int
	Changes   int64 // changes of answers so far
	Started   Instant
	Extended  Micros  // by extend, reopen and unvoid
	PausedFor Micros  // in finished pauses
	Stopped   Instant // when the clock stopped: pause, close or void; 0 = running
	Score     *Score  // current; nil unless marked
	// Device is that which the attempt belongs to, where its rules want one, since DeviceSince. Empty: the
	// first that writes gets it.
	Device      string
	DeviceSince Instant
	Head        Receipt // of the last journal entry; Head.Seq counts the applied commands
	Responses   map[int]Response
	// Rejections counts the rejected commands kept beside the attempt.
	Rejections int64
	// Commands holds, by command id, what was judged before: the first verdict, then those of
	// reused ids.
	Commands map[string][]Prior
}

// Response returns what is saved at a position; the zero Response when nothing is.
func (a *Attempt) Response(position int) Response { return a.Responses[position] }

// Deadline returns when the attempt's time ends, and false when it is untimed (R16):
// start + limit × (1 + extra) + extensions + paused time; where the exam has a close, not later
// than close + limit × extra + extensions + paused time. While paused it stands where the pause
// found it.
func (a *Attempt) Deadline(p *Paper) (Instant, bool) {
	r := &p.Rules
	extra := r.TimeLimit * Micros(r.ExtraPercent) / 100
	given := a.Extended + a.PausedFor
	if bug("deadline_without_extension") {
		given = a.PausedFor
	}
	var d Instant
	if r.TimeLimit > 0 {
		d = a.Started.Add(r.TimeLimit + extra + given)
	}
	if r.Window.Close > 0 {
		if c := r.Window.Close.Add(extra + given); d == 0 || c < d {
			d = c
		}
	}
	return d, d > 0
}

// ExpiresAt returns when the server closes the attempt: deadline + grace + W. False when the
// attempt is not in progress or untimed.
func (a *Attempt) ExpiresAt(p *Paper) (Instant, bool) {
	d, timed := a.Deadline(p)
	if !timed || a.Status != InProgress {
		return 0, false
	}
	if bug("expire_at_deadline") {
		return d, true
	}
	return d.Add(p.Rules.Grace + W), true
}

// fold applies an entry's effect. It never judges, and never alters its arguments' maps.
func fold(p *Paper, a Attempt, e *Entry, payload *Payload) Attempt {
	f := &e.Effect
	if e.Kind == Start {
		a = Attempt{ID: p.Attempt, Candidate: p.Candidate, Started: e.Arrived, Marking: MarkingNone}
	}
	foldStatus(&a, f)
	foldClock(&a, f)
	if f.Cursor != 0 {
		a.Cursor = f.Cursor
	}
	if f.Response != nil {
		foldResponse(&a, e, payload)
	}
	if f.Device != "" && f.Device != a.Device {
		a.Device, a.DeviceSince = f.Device, e.Arrived
	}
	a.Head = Receipt{Seq: e.Seq, Hash: e.Hash}
	return a
}

func foldStatus(a *Attempt, f *Effect) {
	if f.Status != "" {
		a.Status, a.Before = f.Status, f.Before
	}
	if f.Opening != 0 {
		a.Opening = f.Opening
	}
	if f.Marking != "" {
		a.Marking = f.Marking
		a.Score = f.Score
	}
}

func foldClock(a *Attempt, f *Effect) {
	a.Extended += f.Extended
	a.PausedFor += f.Paused
	if f.Stopped != 0 {
		a.Stopped = f.Stopped
	}
	if f.Running {
		a.Stopped = 0
	}
}

func foldResponse(a *Attempt, e *Entry, payload *Payload) {
	f := e.Effect.Response
	r := a.Responses[f.Position]
	if f.Rev > r.Rev {
		r.SavedAt = e.Arrived
	}
	r.Rev = f.Rev
	if f.Answer {
		a.Changes++
		r.Change = a.Changes
		r.Answer = Answer{}
		if payload != nil {
			r.Answer = payload.Answer
		}
		r.Points, r.Marked, r.Comment, r.Kept = nil, 0, "", nil // the mark was for the answer that the marker saw
	}
	if f.Flagged != nil {
		r.Flagged = *f.Flagged
	}
	r.Checked = r.Checked || f.Checked
	if f.Points != nil {
		foldMark(&r, e, payload)
	}
	if f.Kept != nil {
		r.Kept = f.Kept.Mark
	}
	foldPage(&r, f, e.Seq)
	a.Responses = maps.Clone(a.Responses)
	if a.Responses == nil {
		a.Responses = map[int]Response{}
	}
	a.Responses[f.Position] = r
}

func foldMark(r *Response, e *Entry, payload *Payload) {
	r.Points, r.Marked, r.Comment, r.Kept = e.Effect.Response.Points, e.Seq, "", nil
	if payload != nil {
		r.Comment = payload.Comment
	}
}

func foldPage(r *Response, f *ResponseEffect, entry int64) {
	if f.Page == "" {
		return
	}
	mark := r.Pages[f.Page]
	mark.Seq, mark.Entry = max(mark.Seq, f.Seq), entry
	if f.PageRev != 0 {
		mark.Rev = f.PageRev
	}
	r.Pages = maps.Clone(r.Pages)
	if r.Pages == nil {
		r.Pages = map[string]PageMark{}
	}
	r.Pages[f.Page] = mark
	if len(r.Pages) > MaxPages {
		delete(r.Pages, oldestPage(r.Pages))
	}
}

// MaxPages bounds the pages remembered at a position, so that whoever renders a question over and
// over cannot make every save heavier. The page whose last write is the oldest is forgotten: its
// further commands are judged by the rev that they name alone.
const MaxPages = 200

// oldestPage is the page whose last write is the oldest.
func oldestPage(pages map[string]PageMark) string {
	oldest := ""
	for page, mark := range pages {
		if oldest == "" || mark.Entry < pages[oldest].Entry {
			oldest = page
		}
	}
	return oldest
}
