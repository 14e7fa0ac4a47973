package exam_test

import (
	"fmt"
	"slices"
	"strings"

	"shiken/exam"
)

// twin is a second, deliberately dumb machine, written from the contract's text alone: it keeps the
// list of what happened and finds every fact anew by walking through that list. It knows no
// hashes, no marks and no maps, and it is slow.
type twin struct {
	p   *exam.Paper
	log []event
}

// event is a command that was judged and remembered.
type event struct {
	c        exam.Command
	key      string // what makes two commands of one id the same
	at       exam.Instant
	answer   string
	rejected exam.Reason // "" = effective
	moved    bool        // only the cursor: an overtaken move
	changed  bool        // the answer
	raised   bool        // rev
	renewed  bool        // the page's rev
	rev      int64       // after it
}

// verdict is what the twin says of a command.
type verdict struct {
	result exam.Result
	reason exam.Reason
	rev    int64
}

func (v verdict) String() string { return fmt.Sprintf("%s %s rev %d", v.result, v.reason, v.rev) }

// effective calls f for every command that took effect.
func (t *twin) effective(f func(e *event)) {
	for i := range t.log {
		if t.log[i].rejected == "" {
			f(&t.log[i])
		}
	}
}

// at calls f for every command that did something to the response at a position.
func (t *twin) at(position int, f func(e *event)) {
	t.effective(func(e *event) {
		if e.c.Position == position && !e.moved && e.c.Page != "" {
			f(e)
		}
	})
}

func (t *twin) rev(position int) (n int64) {
	t.at(position, func(e *event) {
		if e.raised {
			n++
		}
	})
	return n
}

func (t *twin) answer(position int) (s string) {
	t.at(position, func(e *event) {
		if e.changed {
			s = e.answer
		}
	})
	return s
}

func (t *twin) flagged(position int) (b bool) {
	t.at(position, func(e *event) {
		if e.c.Flagged != nil && e.c.Kind != exam.AcceptLate {
			b = *e.c.Flagged
		}
	})
	return b
}

func (t *twin) checked(position int) (b bool) {
	t.at(position, func(e *event) { b = b || e.c.Kind == exam.Check })
	return b
}

func (t *twin) highest(position int, page string) (n int64) {
	t.at(position, func(e *event) {
		if e.c.Page == page {
			n = max(n, e.c.Seq)
		}
	})
	return n
}

func (t *twin) pageRev(position int, page string) (n int64) {
	t.at(position, func(e *event) {
		if e.c.Page == page && e.renewed {
			n = e.rev
		}
	})
	return n
}

func (t *twin) changes() (n int64) {
	t.effective(func(e *event) {
		if e.changed {
			n++
		}
	})
	return n
}

func (t *twin) cursor() int {
	cursor := 1
	t.effective(func(e *event) {
		switch {
		case e.c.Target == 0 || e.c.Actor.Role != exam.Candidate || e.c.Page == "":
		case t.p.Rules.Navigation == exam.Free || e.c.Kind == exam.Move:
			cursor = e.c.Target
		}
	})
	return cursor
}

func (t *twin) opening() int {
	n := 1
	t.effective(func(e *event) {
		if e.c.Kind == exam.Reopen {
			n++
		}
	})
	return n
}

// clock walks through the statuses: the status, what it was before voiding, when time stopped, and
// how much time was given.
func (t *twin) clock() (status, before exam.Status, stopped exam.Instant, given exam.Micros) {
	status = exam.InProgress
	t.effective(func(e *event) {
		stood := max(exam.Micros(e.at-stopped), 0)
		switch e.c.Kind {
		case exam.Extend:
			given += e.c.Amount
		case exam.Pause:
			status, stopped = exam.Paused, e.at
		case exam.Resume:
			status, given = exam.InProgress, given+stood
		case exam.Submit:
			status, stopped = exam.Submitted, e.at
		case exam.ForceSubmit:
			if status != exam.Paused {
				stopped = e.at
			}
			status = exam.Submitted
		case exam.Expire:
			status, stopped = exam.Expired, t.end(given)
		case exam.Reopen:
			status, given = exam.InProgress, given+stood+e.c.Amount
		case exam.Void:
			if status == exam.InProgress {
				stopped = e.at
			}
			status, before = exam.Voided, status
		case exam.Unvoid:
			if before == exam.InProgress {
				given += stood
			}
			status = before
		}
	})
	return status, before, stopped, given
}

// end is the deadline with so much time given; 0 = untimed.
func (t *twin) end(given exam.Micros) exam.Instant {
	r := t.p.Rules
	byLimit := t0 + exam.Instant(r.TimeLimit) + exam.Instant(r.TimeLimit)*exam.Instant(r.ExtraPercent)/100 + exam.Instant(given)
	byClose := r.Window.Close + exam.Instant(r.TimeLimit)*exam.Instant(r.ExtraPercent)/100 + exam.Instant(given)
	switch {
	case r.TimeLimit == 0 && r.Window.Close == 0:
		return 0
	case r.TimeLimit == 0:
		return byClose
	case r.Window.Close == 0:
		return byLimit
	}
	return min(byLimit, byClose)
}

// say gives an answer as one string, and whether the paper has it.
func (t *twin) say(c *exam.Command) (string, bool) {
	if c.Position < 1 || c.Position > len(t.p.Items) {
		return "", true
	}
	it := t.p.Items[c.Position-1]
	a := c.Answer
	switch it.Type {
	case exam.SingleChoice, exam.TrueFalse:
		return a.Text, a.IsZero() || strings.Contains("pqr", a.Text) && len(a.Text) == 1
	case exam.MultipleChoice:
		s := ""
		for _, v := range []string{"p", "q", "r"} {
			if slices.Contains(a.Choices, v) {
				s += v
			}
		}
		for _, v := range a.Choices {
			if len(v) != 1 || !strings.Contains("pqr", v) {
				return strings.Join(a.Choices, " "), false
			}
		}
		return s, a.Text == ""
	case exam.Matching:
		k, l := a.Keyed["k"], a.Keyed["l"]
		return strings.TrimRight(k+"/"+l, "/"), a.Text == "" && strings.Contains("pqr", k) && strings.Contains("pqr", l)
	case exam.Description:
		return a.Text, a.IsZero()
	}
	return strings.ReplaceAll(strings.ReplaceAll(a.Text, "\r\n", "\n"), "\r", "\n"), len(a.Choices) == 0 && len(a.Keyed) == 0
}

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

// overtaken: the answer stays; a linear move that is due is made all the same.
func (t *twin) overtaken(e event) verdict {
	c := &e.c
	v := verdict{exam.Overtaken, "", t.pageRev(c.Position, c.Page)}
	status, _, _, _ := t.clock()
	if t.p.Rules.Navigation != exam.Linear || c.Kind != exam.Move || c.Position != t.cursor() ||
		c.Opening != t.opening() || status != exam.InProgress || t.late(e.at) {
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
	case exam.Extend, exam.ForceSubmit:
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
	_, _, _, given := t.clock()
	switch {
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

// compare holds the machine's state against the twin's.
func (t *twin) compare(a *exam.Attempt) error {
	status, before, _, given := t.clock()
	if status != exam.Voided {
		before = ""
	}
	deadline, _ := a.Deadline(t.p)
	got := fmt.Sprint(a.Status, a.Before, a.Cursor, a.Opening, a.Changes, deadline)
	want := fmt.Sprint(status, before, t.cursor(), t.opening(), t.changes(), t.end(given))
	for i := 1; i <= t.p.Len(); i++ {
		r := a.Response(i)
		got += fmt.Sprintf(" %d: %d %q %t %t;", i, r.Rev, flat(r.Answer), r.Flagged, r.Checked)
		want += fmt.Sprintf(" %d: %d %q %t %t;", i, t.rev(i), t.answer(i), t.flagged(i), t.checked(i))
	}
	if got != want {
		return fmt.Errorf("state\n%s, the twin has\n%s", got, want)
	}
	return nil
}

// flat gives a canonical answer as the twin writes it.
func flat(a exam.Answer) string {
	return a.Text + strings.Join(a.Choices, "") + strings.TrimRight(a.Keyed["k"]+"/"+a.Keyed["l"], "/")
}
