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
	p     *exam.Paper
	began string // the device
	log   []event
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

// device is that of the candidate's last command that took effect.
func (t *twin) device() string {
	device := t.began
	t.effective(func(e *event) {
		if e.c.Actor.Role == exam.Candidate && e.c.Device != "" {
			device = e.c.Device
		}
	})
	if t.p.Rules.Devices != exam.OneDevice {
		return ""
	}
	return device
}

// elsewhere: the attempt belongs to another device, which is signed in.
func (t *twin) elsewhere(c *exam.Command) bool {
	return c.Actor.Role == exam.Candidate && t.device() != "" && t.device() != c.Device && !c.Released
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

// compare holds the machine's state against the twin's.
func (t *twin) compare(a *exam.Attempt) error {
	status, before, _, given := t.clock()
	if status != exam.Voided {
		before = ""
	}
	deadline, _ := a.Deadline(t.p)
	got := fmt.Sprint(a.Status, a.Before, a.Device, " ", a.Cursor, a.Opening, a.Changes, deadline)
	want := fmt.Sprint(status, before, t.device(), " ", t.cursor(), t.opening(), t.changes(), t.end(given))
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
