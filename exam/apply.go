package exam

import (
	"maps"
	"slices"
	"unicode/utf8"
)

// Apply judges a command that arrived at a given time and returns the attempt after it. It is pure:
// the same arguments give the same results, and neither argument is altered. The order of checks is
// authorisation, replay, overtaken, status, device, time, position, rev, answer.
//
// Precondition: attempt.Commands holds what is known of c.ID, attempt.Responses the response at
// c.Position (submit: all). Postcondition: with Outcome.Entry the attempt's Head names it, else
// nothing but Rejections and Commands differs.
//
// Errors: ErrNotAllowed, ErrMalformed. Rejections are outcomes, not errors.
func Apply(p *Paper, a Attempt, c Command, arrived Instant) (Attempt, Outcome, error) {
	if err := authorise(&a, &c); err != nil {
		return a, Outcome{}, err
	}
	j := &judge{p: p, a: &a, c: &c, arrived: arrived}
	j.prepare()
	if o, known := j.replay(); known {
		return j.conclude(o)
	}
	rule := rules[c.Kind]
	if rule.onQuestion {
		if o, late := j.overtaken(); late {
			return j.conclude(o)
		}
	}
	if r := j.openingAndStatus(rule); r != "" {
		return j.reject(r)
	}
	if j.elsewhere() {
		return j.reject(OtherDevice)
	}
	effect, reason := rule.judge(j)
	if reason != "" {
		return j.reject(reason)
	}
	return j.apply(effect)
}

// rule is what holds for one kind of command: who may give it, in which statuses, and its own checks.
type rule struct {
	roles      []Role
	statuses   []Status
	onQuestion bool // names position, rev, page, seq and opening (R3)
	judge      func(*judge) (Effect, Reason)
}

var (
	open   = []Status{InProgress}
	closed = []Status{Submitted, Expired}
)

// rules is the transition table; doc.go shows it to people and a test compares the two.
// It is filled in init because the functions refer to it.
var rules map[Kind]rule

func init() {
	candidate, admin, server := []Role{Candidate}, []Role{Admin}, []Role{Server}
	rules = map[Kind]rule{
		Save:        {candidate, open, true, (*judge).save},
		Move:        {candidate, open, true, (*judge).move},
		Flag:        {candidate, open, true, (*judge).flag},
		Check:       {candidate, open, true, (*judge).check},
		TimeUp:      {candidate, open, true, (*judge).timeUp},
		Submit:      {candidate, open, false, (*judge).submit},
		TakeOver:    {candidate, []Status{InProgress, Paused}, false, (*judge).takeOver},
		Extend:      {[]Role{Admin, Server}, []Status{InProgress, Paused}, false, (*judge).extend},
		Pause:       {admin, open, false, (*judge).pause},
		Resume:      {admin, []Status{Paused}, false, (*judge).resume},
		ForceSubmit: {admin, []Status{InProgress, Paused}, false, (*judge).forceSubmit},
		Reopen:      {admin, closed, false, (*judge).reopen},
		Void:        {admin, []Status{InProgress, Paused, Submitted, Expired}, false, (*judge).void},
		Unvoid:      {admin, []Status{Voided}, false, (*judge).unvoid},
		AcceptLate:  {admin, []Status{InProgress, Paused, Submitted, Expired}, false, (*judge).acceptLate},
		MarkByHand:  {admin, closed, false, (*judge).mark},
		Regrade:     {admin, closed, false, (*judge).regrade},
		Expire:      {server, open, false, (*judge).expire},
		Grade:       {server, closed, false, (*judge).grade},
	}
}

func authorise(a *Attempt, c *Command) error {
	rule, ok := rules[c.Kind]
	if !ok || c.ID == "" || len(c.Salt) != SaltBytes {
		return ErrMalformed
	}
	if !slices.Contains(rule.roles, c.Actor.Role) {
		return ErrNotAllowed
	}
	if c.Actor.Role == Candidate && c.Actor.ID != a.Candidate {
		return ErrNotAllowed
	}
	if !wellFormed(a, c, rule.onQuestion) {
		return ErrMalformed
	}
	return nil
}

// maxInteger bounds every number of a command, so that canonical JSON can carry it (RFC 8785
// §3.2.2.3: integers within ±2^53).
const maxInteger = 1 << 53

// wellFormed: a command on a question names page, seq and rev, one to accept a late answer names
// page, seq and a rejection that there is (R3), and only a move leads away.
func wellFormed(a *Attempt, c *Command, onQuestion bool) bool {
	for _, n := range []int64{int64(c.Position), int64(c.Target), int64(c.Points), c.Seq, c.Rev, c.Late, c.Marked} {
		if n < -maxInteger || n > maxInteger {
			return false
		}
	}
	paged := c.Page != "" && c.Seq >= 1
	switch {
	case c.Amount < 0 || c.Amount > MaxAmount || utf8.RuneCountInString(c.Comment) > MaxComment:
		return false
	case c.Kind == TakeOver:
		return c.Device != ""
	case c.Kind == AcceptLate:
		return paged && c.Late >= 1 && c.Late <= a.Rejections
	case onQuestion:
		return paged && c.Rev >= 0 && (c.Kind == Move || c.Target == 0 || c.Target == c.Position)
	}
	return true
}

// judge holds one command on its way through Apply.
type judge struct {
	p       *Paper
	a       *Attempt
	c       *Command
	arrived Instant

	item    *Item // nil when the position is not on the paper
	saved   Response
	answer  Answer // canonical; as sent when invalid
	invalid bool
	payload Payload
}

func (j *judge) prepare() {
	j.item = j.p.Item(j.c.Position)
	j.saved = j.a.Responses[j.c.Position]
	j.answer = j.c.Answer
	if j.item != nil {
		canonical, err := j.item.Canonical(j.c.Answer)
		j.invalid = err != nil || bug("invalid_said_to_all_options") && j.item.Type == MultipleChoice && len(canonical.Choices) == len(j.item.Choices)
		if err == nil {
			j.answer = canonical
		}
	}
	c := j.c
	j.payload = Payload{
		Kind: c.Kind, Draft: c.Draft, Position: c.Position, Answer: j.answer, Flagged: c.Flagged,
		Target: c.Target, Amount: c.Amount, Points: c.Points, Late: c.Late, Note: c.Note,
		Comment:  canonicalText(c.Comment),
		Revision: c.Revision, Lower: c.Lower,
	}
}

// replay finds the command's own verdict, if its id was judged before (R2).
func (j *judge) replay() (Outcome, bool) {
	priors := j.a.Commands[j.c.ID]
	if len(priors) == 0 {
		return Outcome{}, false
	}
	for i := range priors {
		q := &priors[i]
		if len(q.Salt) == 0 || j.payload.Digest(q.Salt) != q.Digest && !bug("reused_id_replayed") {
			continue
		}
		if q.Applied && bug("replay_applied_again") || !q.Applied && bug("rejected_judged_again") {
			return Outcome{}, false
		}
		if q.Applied {
			return Outcome{Result: Replayed, Rev: q.Rev, Target: q.Target, Receipt: q.Receipt}, true
		}
		return Outcome{Result: Rejected, Reason: q.Reason, Rev: j.saved.Rev}, true
	}
	return j.rejection(IDReused), true
}

// overtaken: a higher seq of the same page was applied at the position. The answer stays; a linear
// move that is still due is made, if the saved answer allows it (R5).
func (j *judge) overtaken() (Outcome, bool) {
	mark, ok := j.saved.Pages[j.c.Page]
	if !ok || mark.Seq <= j.c.Seq || bug("overtaken_applied") || j.c.Draft && bug("late_draft_applied") {
		return Outcome{}, false
	}
	o := Outcome{Result: Overtaken, Rev: mark.Rev, Target: j.c.Target, Receipt: j.a.Head}
	if j.c.Kind == Move && j.p.Rules.Navigation == Free {
		if r := MayMove(j.p, j.a, j.c.Position, j.c.Target); r != "" {
			return j.rejection(r), true // nobody is led to a page that is not there (R6)
		}
	}
	due := j.c.Kind == Move && j.p.Rules.Navigation == Linear && j.c.Position == j.a.Cursor
	if !due || j.c.Opening != j.a.Opening || j.elsewhere() || MayWrite(j.p, j.a, j.arrived) != "" {
		return o, true
	}
	if r := MayMove(j.p, j.a, j.c.Position, j.c.Target); r != "" {
		return j.rejection(r), true
	}
	if !j.mayLeave(j.saved.Answer) {
		return j.rejection(Unanswered), true
	}
	o.Entry = j.entry(Effect{Cursor: j.c.Target, Rev: mark.Rev, Target: j.c.Target})
	return o, true
}

func (j *judge) openingAndStatus(r rule) Reason {
	earlier := j.c.Opening != j.a.Opening && !bug("opening_not_compared")
	if j.c.Actor.Role == Candidate && (earlier || bug("finished_said_to_reopened") && j.a.Opening > 1) {
		if j.a.Status == Voided {
			return IsVoided
		}
		return Finished
	}
	return r.admits(j.a)
}

// admits judges the status alone.
func (r rule) admits(a *Attempt) Reason {
	if slices.Contains(r.statuses, a.Status) || takesAll(a) {
		return ""
	}
	if reason := mayTouch(a); reason != "" {
		return reason
	}
	return Stale // in progress: whoever gave the command saw another status
}

// elsewhere: the attempt belongs to another device of the candidate. Who takes it over is heard all the same.
func (j *judge) elsewhere() bool {
	return j.c.Actor.Role == Candidate && j.c.Kind != TakeOver && HeldElsewhere(j.p, j.a, j.c.Device, j.c.Released) &&
		!bug("other_device_applied")
}

// onQuestion holds the checks that commands on a question share (time, position, rev, answer) and
// gives what they do to the response. An explicit command raises rev even with an equal answer.
func (j *judge) onQuestion(explicit bool) (ResponseEffect, Reason) {
	c := j.c
	none := ResponseEffect{}
	if r := MayWrite(j.p, j.a, j.arrived); r != "" {
		return none, r
	}
	if r := mayVisit(j.p, j.a, c.Position); r != "" {
		return none, r
	}
	equal := !j.invalid && j.answer.Equal(j.saved.Answer)
	stale := j.saved.Rev > c.Rev && (j.saved.Rev > j.saved.Pages[c.Page].Rev || bug("own_page_conflicts"))
	switch {
	case bug("stale_applied"):
		stale = false
	case bug("questions_conflict"):
		stale = j.a.Changes > max(c.Rev, j.saved.Pages[c.Page].Rev)
	}
	f := ResponseEffect{Position: c.Position, Rev: j.saved.Rev, Page: c.Page, Seq: c.Seq, Flagged: c.Flagged}
	switch {
	case j.saved.Checked && !equal && !bug("checked_takes_answers"):
		return none, ClosedQuestion
	case stale && (!equal || bug("equal_answer_conflicts")):
		return none, Stale
	case j.invalid:
		return none, InvalidAnswer
	case j.saved.Checked || stale && !bug("stale_page_renewed"):
		return f, "" // an equal answer only moves, and does not renew the page's rev
	}
	f.Answer = !equal
	if f.Answer || explicit {
		f.Rev++
	}
	f.PageRev = f.Rev
	return f, ""
}

// lead sets the cursor: in free navigation to the target, which is only used to resume; linear
// navigation moves it by `move` alone.
func (j *judge) lead(f ResponseEffect) Effect {
	e := Effect{Response: &f, Rev: f.Rev, Target: j.c.Target}
	if j.p.Rules.Navigation == Free && j.c.Target != 0 && j.c.Target != j.a.Cursor {
		e.Cursor = j.c.Target
	}
	return e
}

func (j *judge) save() (Effect, Reason) {
	f, r := j.onQuestion(!j.c.Draft && !bug("save_keeps_rev") || bug("draft_raises_rev"))
	return j.lead(f), r
}

func (j *judge) flag() (Effect, Reason) {
	f, r := j.onQuestion(bug("flag_raises_rev"))
	if bug("flag_drops_answer") {
		f.Answer = false
	}
	return j.lead(f), r
}

// timeUp saves what is on the screen at zero and closes nothing (R9). It is never a draft.
func (j *judge) timeUp() (Effect, Reason) {
	f, r := j.onQuestion(true)
	e := j.lead(f)
	if bug("time_up_closes") {
		e.Status, e.Stopped, e.Marking = Submitted, j.arrived, MarkingPending
	}
	return e, r
}

func (j *judge) check() (Effect, Reason) {
	if j.p.Rules.Feedback != PracticeFeedback {
		return Effect{}, ClosedQuestion
	}
	f, r := j.onQuestion(false)
	f.Checked = true
	return j.lead(f), r
}

func (j *judge) move() (Effect, Reason) {
	if r := MayWrite(j.p, j.a, j.arrived); r != "" {
		return Effect{}, r
	}
	if r := MayMove(j.p, j.a, j.c.Position, j.c.Target); r != "" {
		return Effect{}, r
	}
	f, r := j.onQuestion(false)
	if r != "" {
		return Effect{}, r
	}
	if j.p.Rules.Navigation == Free {
		return j.lead(f), ""
	}
	if !j.mayLeave(j.answer) {
		return Effect{}, Unanswered
	}
	e := j.lead(f)
	e.Cursor = j.c.Target
	if bug("linear_by_two") {
		e.Cursor = min(e.Cursor+1, j.p.ReviewPosition())
	}
	return e, ""
}

// mayLeave: linear navigation leaves a question only answered or knowingly skipped (R5). A
// description has nothing to answer.
func (j *judge) mayLeave(answer Answer) bool {
	return j.c.Skip && !bug("unanswered_said_to_skip") || bug("left_unanswered") || !answer.IsZero() || j.item.Type == Description
}

func (j *judge) submit() (Effect, Reason) {
	if r := MaySubmit(j.p, j.a, j.arrived); r != "" {
		return Effect{}, r
	}
	if j.a.Changes > j.c.Rev && !bug("submitted_unseen") {
		return Effect{}, Stale
	}
	return j.close(Submitted, j.arrived), ""
}

// takeOver moves the attempt to the device that asks for it, also while it is paused.
func (j *judge) takeOver() (Effect, Reason) {
	if r := MayTakeOver(j.p, j.a, j.arrived); r != "" {
		return Effect{}, r
	}
	return Effect{Device: j.c.Device}, ""
}

// reject ends Apply with a rejection that is kept.
func (j *judge) reject(r Reason) (Attempt, Outcome, error) { return j.conclude(j.rejection(r)) }

func (j *judge) rejection(r Reason) Outcome {
	c := j.c
	kept := j.payload
	if bug("rejection_without_answer") {
		kept.Answer = Answer{}
	}
	return Outcome{Result: Rejected, Reason: r, Rev: j.saved.Rev, Rejection: &Rejection{
		Number: j.a.Rejections + 1, Command: c.ID, Kind: c.Kind, Actor: c.Actor.String(), Reason: r,
		Arrived: j.arrived, Opening: c.Opening, Page: c.Page, Seq: c.Seq, Rev: c.Rev,
		Digest: j.payload.Digest(c.Salt), Salt: c.Salt, Payload: kept,
	}}
}

func (j *judge) apply(f Effect) (Attempt, Outcome, error) {
	o := Outcome{Result: Applied, Rev: f.Rev, Target: f.Target}
	o.Entry = j.entry(f)
	o.Receipt = Receipt{Seq: o.Entry.Seq, Hash: o.Entry.Hash}
	if bug("receipt_of_entry_before") {
		o.Receipt = j.a.Head
	}
	return j.conclude(o)
}

// entry records the effect. What a device sends that may write and does not hold the attempt yet moves
// the attempt to it.
func (j *judge) entry(f Effect) *Entry {
	if j.c.Actor.Role == Candidate && j.p.Rules.Devices == OneDevice && j.c.Device != j.a.Device {
		f.Device = j.c.Device
	}
	e := &Entry{
		Seq: j.a.Head.Seq + 1, Prev: j.a.Head.Hash, Command: j.c.ID, Kind: j.c.Kind,
		Actor: j.c.Actor.String(), Arrived: j.arrived, Digest: j.payload.Digest(j.c.Salt), Effect: f,
	}
	e.Hash = e.ComputeHash()
	return e
}

// conclude folds the outcome into the attempt and remembers the command.
func (j *judge) conclude(o Outcome) (Attempt, Outcome, error) {
	next := *j.a
	if o.Entry != nil {
		o.Payload, o.Salt = &j.payload, j.c.Salt
		next = fold(j.p, next, o.Entry, o.Payload)
		if o.Result == Overtaken {
			o.Receipt = next.Head
		}
		next.remember(j.c.ID, Prior{
			Applied: true, Digest: o.Entry.Digest, Salt: o.Salt, Rev: o.Rev, Target: o.Target, Receipt: next.Head,
		})
	}
	if r := o.Rejection; r != nil {
		if j.c.Actor.Role == Server || bug("rejection_dropped") || j.c.Draft && bug("rejected_draft_dropped") {
			o.Rejection = nil // the server asks again by itself; nothing of a candidate is lost
			return next, o, nil
		}
		next.Rejections++
		next.remember(r.Command, Prior{Reason: r.Reason, Digest: r.Digest, Salt: r.Salt})
	}
	return next, o, nil
}

func (a *Attempt) remember(id string, p Prior) {
	a.Commands = maps.Clone(a.Commands)
	if a.Commands == nil {
		a.Commands = map[string][]Prior{}
	}
	a.Commands[id] = append(slices.Clone(a.Commands[id]), p)
}
