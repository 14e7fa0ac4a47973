package exam_test

import (
	"fmt"
	"slices"
	"strings"

	"shiken/exam"
)

// judge says what becomes of a command, and remembers it.
func (t *twin) judge(c exam.Command, at exam.Instant) verdict {
	answer, onPaper := t.say(&c)
	flag := "unchanged"
	if c.Flagged != nil {
		flag = fmt.Sprint(*c.Flagged)
	}
	e := event{c: c, at: at, answer: answer, key: fmt.Sprint(
		c.Kind, "|", c.Draft, "|", c.Position, "|", answer, "|", flag, "|", c.Target, "|", c.Amount, "|", c.Points, "|", c.Late, "|", c.Note)}
	reused := false
	for _, old := range t.log {
		if old.c.ID != c.ID {
			continue
		}
		if old.key == e.key && old.rejected == "" {
			return verdict{exam.Replayed, "", old.rev}
		}
		if old.key == e.key {
			return verdict{exam.Rejected, old.rejected, t.rev(c.Position)}
		}
		reused = true
	}
	if reused {
		return t.note(e, exam.IDReused)
	}
	paged := slices.Contains([]exam.Kind{exam.Save, exam.Move, exam.Flag, exam.Check, exam.TimeUp}, c.Kind)
	if paged && t.highest(c.Position, c.Page) > c.Seq {
		return t.overtaken(e)
	}
	if r := t.wrongStatus(&c); r != "" {
		return t.note(e, r)
	}
	if c.Kind != exam.TakeOver && t.elsewhere(&c) {
		return t.note(e, exam.OtherDevice)
	}
	if paged {
		return t.question(e, onPaper)
	}
	return t.whole(e, onPaper)
}

// note remembers a command that was judged; the server's rejections are not kept.
func (t *twin) note(e event, reason exam.Reason) verdict {
	e.rejected = reason
	rev := t.rev(e.c.Position)
	if reason == "" {
		if e.raised {
			rev++
		}
		e.rev = rev
		if e.c.Page == "" {
			e.rev = 0
		}
		t.log = append(t.log[:len(t.log):len(t.log)], e)
		return verdict{exam.Applied, "", e.rev}
	}
	if e.c.Actor.Role != exam.Server {
		t.log = append(t.log[:len(t.log):len(t.log)], e)
	}
	return verdict{exam.Rejected, reason, rev}
}

func (t *twin) late(at exam.Instant) bool {
	_, _, _, given := t.clock()
	end := t.end(given)
	return end != 0 && at > end+exam.Instant(t.p.Rules.Grace)
}

// overtaken: the answer stays; a linear move that is due is made all the same, and a free one must
// lead somewhere.
func (t *twin) overtaken(e event) verdict {
	c := &e.c
	v := verdict{exam.Overtaken, "", t.pageRev(c.Position, c.Page)}
	if t.p.Rules.Navigation == exam.Free && c.Kind == exam.Move && (c.Target < 1 || c.Target > len(t.p.Items)+1) {
		return t.note(e, exam.OutOfRange)
	}
	status, _, _, _ := t.clock()
	if t.p.Rules.Navigation != exam.Linear || c.Kind != exam.Move || c.Position != t.cursor() ||
		c.Opening != t.opening() || status != exam.InProgress || t.elsewhere(c) || t.late(e.at) {
		return v
	}
	if c.Target != c.Position+1 {
		return t.note(e, exam.OutOfRange)
	}
	if t.answer(c.Position) == "" && !c.Skip && t.p.Items[c.Position-1].Type != exam.Description {
		return t.note(e, exam.Unanswered)
	}
	e.moved = true
	e.rev = v.rev
	t.log = append(t.log[:len(t.log):len(t.log)], e)
	return v
}

// wrongStatus reads the statuses in which a command of the kind is heard.
func (t *twin) wrongStatus(c *exam.Command) exam.Reason {
	status, _, _, _ := t.clock()
	if c.Actor.Role == exam.Candidate && c.Opening != t.opening() && status != exam.Voided {
		return exam.Finished
	}
	heard := "in_progress"
	switch c.Kind {
	case exam.Extend, exam.ForceSubmit, exam.TakeOver:
		heard = "in_progress paused"
	case exam.Resume:
		heard = "paused"
	case exam.Reopen, exam.MarkByHand, exam.Regrade, exam.Grade:
		heard = "submitted expired"
	case exam.Void, exam.AcceptLate:
		heard = "in_progress paused submitted expired"
	case exam.Unvoid:
		heard = "voided"
	}
	if strings.Contains(heard, string(status)) {
		return ""
	}
	return map[exam.Status]exam.Reason{
		exam.InProgress: exam.Stale, exam.Paused: exam.IsPaused, exam.Submitted: exam.Finished,
		exam.Expired: exam.Finished, exam.Voided: exam.IsVoided,
	}[status]
}

// question judges a candidate's command on one question: time, position, rev, answer.
func (t *twin) question(e event, onPaper bool) verdict {
	c, n, linear := &e.c, len(t.p.Items), t.p.Rules.Navigation == exam.Linear
	equal := onPaper && e.answer == t.answer(c.Position)
	saved := t.rev(c.Position)
	stale := saved > c.Rev && saved > t.pageRev(c.Position, c.Page)
	switch {
	case c.Kind == exam.Check && t.p.Rules.Feedback != exam.PracticeFeedback:
		return t.note(e, exam.ClosedQuestion)
	case t.late(e.at):
		return t.note(e, exam.TimeIsUp)
	case c.Position < 1 || c.Position > n:
		return t.note(e, exam.OutOfRange)
	case linear && c.Position > t.cursor():
		return t.note(e, exam.NotReached)
	case linear && c.Position < t.cursor():
		return t.note(e, exam.ClosedQuestion)
	case c.Kind == exam.Move && (c.Target < 1 || c.Target > n+1 || linear && c.Target != c.Position+1):
		return t.note(e, exam.OutOfRange)
	case t.checked(c.Position) && !equal:
		return t.note(e, exam.ClosedQuestion)
	case stale && !equal:
		return t.note(e, exam.Stale)
	case !onPaper:
		return t.note(e, exam.InvalidAnswer)
	case linear && c.Kind == exam.Move && e.answer == "" && !c.Skip && t.p.Items[c.Position-1].Type != exam.Description:
		return t.note(e, exam.Unanswered)
	}
	if !stale && !t.checked(c.Position) {
		e.renewed, e.changed = true, !equal
		e.raised = e.changed || c.Kind == exam.TimeUp || c.Kind == exam.Save && !c.Draft
	}
	return t.note(e, "")
}

// whole judges the commands that are about the attempt as a whole, and late answers.
func (t *twin) whole(e event, onPaper bool) verdict {
	c := &e.c
	n := len(t.p.Items)
	status, _, _, given := t.clock()
	switch {
	case c.Kind == exam.TakeOver && t.p.Rules.Devices != exam.OneDevice:
		return t.note(e, exam.Stale)
	case c.Kind == exam.TakeOver && status == exam.InProgress && t.late(e.at):
		return t.note(e, exam.TimeIsUp)
	case c.Kind == exam.Submit && t.late(e.at):
		return t.note(e, exam.TimeIsUp)
	case c.Kind == exam.Submit && t.p.Rules.Navigation == exam.Linear && t.cursor() != n+1:
		return t.note(e, exam.NotReached)
	case c.Kind == exam.Submit && t.changes() > c.Rev:
		return t.note(e, exam.Stale)
	case c.Kind == exam.Expire && (t.end(given) == 0 || e.at < t.end(given)+exam.Instant(t.p.Rules.Grace+5*exam.Second)):
		return t.note(e, exam.Stale)
	case c.Kind == exam.AcceptLate && (c.Position < 1 || c.Position > n):
		return t.note(e, exam.OutOfRange)
	case c.Kind == exam.AcceptLate && !onPaper:
		return t.note(e, exam.InvalidAnswer)
	case c.Kind == exam.AcceptLate && t.highest(c.Position, c.Page) >= c.Seq:
		return t.note(e, exam.Stale)
	case c.Kind == exam.AcceptLate:
		e.raised, e.renewed, e.changed = true, true, e.answer != t.answer(c.Position)
	}
	return t.note(e, "")
}
