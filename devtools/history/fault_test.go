package history_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"shiken/devtools/history"
	"shiken/exam"
	"shiken/store"
)

// broken is a history with one thing in it that must not be, and who must say so by which rule.
type broken struct {
	name       string
	navigation exam.Navigation
	rule       string
	checker    history.Checker
	text       string // that the fault's contains
	// happens makes the history; what it returns is done to what is stored.
	happens func(s scene) func(*store.StoredAttempt)
}

const free, linear = exam.Free, exam.Linear

// TestEveryKindOfFaultIsFound, by its rule.
func TestEveryKindOfFaultIsFound(t *testing.T) {
	all := slices.Concat(brokenAcknowledgements, brokenJudgements, brokenRefusals, brokenSittings, brokenStores, brokenMarks, brokenDevices)
	for _, b := range all {
		t.Run(b.name, func(t *testing.T) {
			s := newScene(b.navigation)
			report := s.judged(b.happens(s))
			if !slices.ContainsFunc(report.Faults, func(f history.Fault) bool {
				return f.Rule == b.rule && f.Checker == b.checker && strings.Contains(f.Text, b.text)
			}) {
				t.Errorf("no %s of %s with %q in\n%s", b.rule, b.checker, b.text, report)
			}
		})
	}
}

// brokenAcknowledgements: what clients were told is not so.
var brokenAcknowledgements = []broken{
	{"acknowledged before the commit", free, "R1", history.Witness, "is not in the journal", func(s scene) func(*store.StoredAttempt) {
		s.save(1, "p", 1, 0, `"a"`)
		s.forge(func() { s.records = s.records[:1] })
		return nil
	}},
	{"overtaken by a late answer, it is told, and the late one came first", free, "R1", history.Witness, "is not in the journal", func(s scene) func(*store.StoredAttempt) {
		s.byAdmin(exam.Pause)
		s.save(1, "p", 2, 0, `"late"`)
		s.accept(1, `"late"`, "p", 2)
		s.byAdmin(exam.Resume)
		s.ops[s.save(1, "p", 1, 0, `"earlier"`).at].Seq = 3
		return nil
	}},
	{"a page shows what was replaced", free, "R1", history.Linear, "read by client", func(s scene) func(*store.StoredAttempt) {
		s.save(1, "p", 1, 0, `"a"`)
		read := s.look(1)
		s.save(1, "p", 2, 1, `"b"`)
		again := s.look(1)
		s.ops[again].Saved, s.ops[again].SavedRev = s.ops[read].Saved, s.ops[read].SavedRev
		return nil
	}},
	{"acknowledged, and the next page shows nothing", free, "R1", history.Linear, "", func(s scene) func(*store.StoredAttempt) {
		s.give(history.Form, 1, "p", 1, 0, `"a"`)
		read := s.look(1)
		s.ops[read].Saved, s.ops[read].SavedRev = "null", 0
		return nil
	}},
	{"told another rev", free, "R3", history.Linear, "acknowledged with rev 7", func(s scene) func(*store.StoredAttempt) {
		s.ops[s.save(1, "p", 1, 0, `"a"`).at].NewRev = 7
		return nil
	}},
	{"rejected as stale and was not", free, "R3", history.Linear, "rejected as stale", func(s scene) func(*store.StoredAttempt) {
		c := s.save(1, "p", 1, 0, `"a"`)
		s.rejectInstead(c, exam.Stale)
		return nil
	}},
	{"a receipt of another entry", free, "R11", history.Witness, "the receipt says", func(s scene) func(*store.StoredAttempt) {
		first := s.save(1, "p", 1, 0, `"a"`)
		second := s.save(1, "p", 2, 1, `"b"`)
		s.ops[second.at].Receipt = s.ops[first.at].Receipt
		return nil
	}},
	{"a receipt of no entry, to an overtaken one", free, "R11", history.Witness, "no entry of the journal", func(s scene) func(*store.StoredAttempt) {
		s.save(1, "p", 2, 0, `"b"`)
		over := s.save(1, "p", 1, 0, `"a"`)
		s.ops[over.at].Receipt.Hash = strings.Repeat("0", 64)
		return nil
	}},
	{"two entries for one command", free, "R2", history.Witness, "has entries", func(s scene) func(*store.StoredAttempt) {
		c := s.save(1, "p", 1, 0, `"a"`)
		s.again(c)
		s.forge(func() { s.records = append(s.records, *s.entry(c)) })
		return nil
	}},
	{"applied twice, it is told", free, "R2", history.Witness, "not replayed", func(s scene) func(*store.StoredAttempt) {
		s.ops[s.again(s.save(1, "p", 1, 0, `"a"`)).at].Result = history.Applied
		return nil
	}},
	{"an entry that nobody sent", free, "R2", history.Witness, "nobody sent it", func(s scene) func(*store.StoredAttempt) {
		s.save(1, "p", 1, 0, `"a"`)
		s.ops = s.ops[:1]
		return nil
	}},
	{"an entry with a content that nobody sent", free, "R2", history.Witness, "nobody sent this content", func(s scene) func(*store.StoredAttempt) {
		c := s.save(1, "p", 1, 0, `"a"`)
		s.forge(func() { s.alter(c, "b") })
		return nil
	}},
	{"refused, and yet applied", free, "R2", history.Witness, "refused", func(s scene) func(*store.StoredAttempt) {
		c := s.save(1, "p", 1, 0, `"a"`)
		s.unheard(c)
		s.ops[c.at].Result, s.ops[c.at].Status = history.Refused, 401
		return nil
	}},
	{"acknowledged to one, rejected to another", free, "R2", history.Witness, "rejected to another", func(s scene) func(*store.StoredAttempt) {
		c := s.again(s.save(1, "p", 1, 0, `"a"`))
		s.ops[c.at].Result, s.ops[c.at].Reason, s.ops[c.at].Receipt = history.Rejected, "stale", history.Receipt{}
		return nil
	}},
	{"an id reused, the other content acknowledged", free, "R2", history.Witness, "acknowledged under it", func(s scene) func(*store.StoredAttempt) {
		first := s.save(1, "p", 1, 0, `"a"`)
		second := s.give(history.Save, 1, "p", 2, 1, `"b"`, func(o *history.Op, c *exam.Command) { o.Command, c.ID = first.command.ID, first.command.ID })
		o := &s.ops[second.at]
		o.Result, o.Reason, o.NewRev, o.Receipt = history.Replayed, "", 1, s.ops[first.at].Receipt
		return nil
	}},
	{"the journal's order is not that of the clients", free, "R4", history.Witness, "was acknowledged before", func(s scene) func(*store.StoredAttempt) {
		s.save(1, "p", 1, 0, `"a"`)
		s.save(2, "q", 1, 0, `"b"`)
		s.forge(func() { s.records[1], s.records[2] = s.records[2], s.records[1] })
		return nil
	}},
	{"a rejection that is not kept", free, "R15", history.Witness, "is not kept", func(s scene) func(*store.StoredAttempt) {
		s.save(1, "p", 1, 0, `"a"`)
		s.save(1, "q", 1, 0, `"b"`)
		s.rejections, s.attempt.Rejections = nil, 0
		return nil
	}},
	{"a rejection that is kept without what was sent", free, "R15", history.Witness, "is not kept", func(s scene) func(*store.StoredAttempt) {
		s.save(1, "p", 1, 0, `"a"`)
		s.save(1, "q", 1, 0, `"b"`)
		s.rejections[0].Payload = exam.Payload{}
		return nil
	}},
	{"a rejection that is kept for another reason", free, "R15", history.Witness, "is kept as", func(s scene) func(*store.StoredAttempt) {
		s.save(1, "p", 1, 0, `"a"`)
		s.save(1, "q", 1, 0, `"b"`)
		s.rejections[0].Reason = exam.TimeIsUp
		return nil
	}},
	{"a rejection that nobody sent", free, "R15", history.Witness, "nobody sent it", func(s scene) func(*store.StoredAttempt) {
		s.save(1, "p", 1, 0, `"a"`)
		s.save(1, "q", 1, 0, `"b"`)
		s.ops = s.ops[:2]
		return nil
	}},
	{"a rejection that is kept twice", free, "R2", history.Witness, "is kept as rejections", func(s scene) func(*store.StoredAttempt) {
		s.save(1, "p", 1, 0, `"a"`)
		s.again(s.save(1, "q", 1, 0, `"b"`))
		again := s.rejections[0]
		again.Number, s.attempt.Rejections = 2, 2
		s.rejections = append(s.rejections, again)
		return nil
	}},
	{"rejected, and yet applied", free, "R2", history.Witness, "was rejected as stale and is entry", func(s scene) func(*store.StoredAttempt) {
		c := s.save(1, "p", 1, 0, `"a"`)
		o := &s.ops[c.at]
		o.Result, o.Reason, o.NewRev, o.Receipt = history.Rejected, "stale", history.NotTold, history.Receipt{}
		return nil
	}},
	{"the whole attempt is gone", free, "R1", history.Witness, "the attempt is not stored", func(s scene) func(*store.StoredAttempt) {
		s.ops[s.save(1, "p", 1, 0, `"a"`).at].Attempt = "another"
		return nil
	}},
}

// brokenJudgements: the machine did to a response what it should not.
var brokenJudgements = []broken{
	{"a stale answer was applied", free, "R3", history.Invariants, "stale", func(s scene) func(*store.StoredAttempt) {
		s.save(1, "p", 1, 0, `"a"`)
		c := s.save(1, "q", 1, 1, `"b"`)
		s.ops[c.at].Rev = 0
		return nil
	}},
	{"an overtaken answer was applied", free, "R3", history.Invariants, "later one of its page", func(s scene) func(*store.StoredAttempt) {
		s.save(1, "p", 2, 0, `"a"`)
		c := s.save(1, "p", 3, 1, `"b"`)
		s.ops[c.at].Seq = 1
		return nil
	}},
	{"rev was not raised", free, "R3", history.Invariants, "rev is 1, should be 2", func(s scene) func(*store.StoredAttempt) {
		s.save(1, "p", 1, 0, `"a"`)
		c := s.save(1, "p", 2, 1, `"b"`)
		s.forge(func() { s.entry(c).Entry.Effect.Response.Rev = 1 })
		return nil
	}},
	{"rev was raised by a draft that changed nothing", free, "R3", history.Invariants, "rev is 2, should be 1", func(s scene) func(*store.StoredAttempt) {
		s.save(1, "p", 1, 0, `"a"`)
		c := s.give(history.Save, 1, "p", 2, 1, `"a"`, draft)
		s.forge(func() { s.entry(c).Entry.Effect.Response.Rev = 2 })
		return nil
	}},
	{"rev was raised by a flag", free, "R3", history.Invariants, "rev is 2, should be 1", func(s scene) func(*store.StoredAttempt) {
		s.save(1, "p", 1, 0, `"a"`)
		c := s.give(history.Form, 1, "p", 2, 1, `"a"`, flag)
		s.forge(func() { s.entry(c).Entry.Effect.Response.Rev = 2 })
		return nil
	}},
	{"the answer was not replaced", free, "R3", history.Invariants, "have been replaced", func(s scene) func(*store.StoredAttempt) {
		c := s.save(1, "p", 1, 0, `"a"`)
		s.forge(func() { s.entry(c).Entry.Effect.Response.Answer = false })
		return nil
	}},
	{"a stale page's rev was renewed by an equal answer", free, "R3", history.Invariants, "of its page", func(s scene) func(*store.StoredAttempt) {
		s.save(1, "p", 1, 0, `"a"`)
		c := s.save(1, "q", 1, 0, `"a"`)
		s.forge(func() { s.entry(c).Entry.Effect.Response.PageRev = 1 })
		return nil
	}},
	{"a flag was lost", free, "R3", history.Invariants, "another flag", func(s scene) func(*store.StoredAttempt) {
		c := s.give(history.Form, 1, "p", 1, 0, `"a"`, flag)
		s.forge(func() { s.entry(c).Entry.Effect.Response.Flagged = nil })
		return nil
	}},
	{"handed in with more than the form had seen", free, "R3", history.Invariants, "hands in 1 changes", func(s scene) func(*store.StoredAttempt) {
		s.save(1, "p", 1, 0, `"a"`)
		s.ops[s.submit().at].Rev = 0
		return nil
	}},
	{"an answer was accepted over a later one of its page", free, "R3", history.Invariants, "accept_late", func(s scene) func(*store.StoredAttempt) {
		s.lateOne()
		s.forge(func() { s.records[len(s.records)-1].Entry.Effect.Response.Seq = 1 })
		return nil
	}},
	{"an answer was accepted that nobody sent", free, "R15", history.Invariants, "not that of rejection", func(s scene) func(*store.StoredAttempt) {
		s.lateOne()
		s.forge(func() { s.records[len(s.records)-1].Payload.Answer = exam.TextAnswer("another") })
		return nil
	}},
	{"linear: forward by two", linear, "R5", history.Invariants, "cursor: 3, should be 2", func(s scene) func(*store.StoredAttempt) {
		c := s.give(history.Form, 1, "p", 1, 0, `"a"`, to(2, false))
		s.forge(func() { s.entry(c).Entry.Effect.Cursor = 3 })
		return nil
	}},
	{"linear: back", linear, "R5", history.Invariants, "cursor: 1, should be 3", func(s scene) func(*store.StoredAttempt) {
		s.give(history.Form, 1, "p", 1, 0, `"a"`, to(2, false))
		c := s.give(history.Form, 2, "q", 1, 0, `"a"`, to(3, false))
		s.forge(func() { s.entry(c).Entry.Effect.Cursor = 1 })
		return nil
	}},
	{"linear: left without an answer", linear, "R5", history.Invariants, "not knowingly", func(s scene) func(*store.StoredAttempt) {
		c := s.give(history.Form, 1, "p", 1, 0, `null`, to(2, true))
		s.ops[c.at].Skip = false
		return nil
	}},
	{"linear: a closed question was answered", linear, "R5", history.Invariants, "the cursor is 2", func(s scene) func(*store.StoredAttempt) {
		s.give(history.Form, 1, "p", 1, 0, `"a"`, to(2, false))
		c := s.save(2, "q", 1, 0, `"b"`)
		s.forge(func() { s.relocate(c, 1) })
		return nil
	}},
	{"linear: handed in half way", linear, "R5", history.Invariants, "hands in at question 1", func(s scene) func(*store.StoredAttempt) {
		c := s.give(history.Form, 1, "p", 1, 0, `"a"`)
		s.forge(func() { s.submitInstead(c) })
		return nil
	}},
	{"linear: led elsewhere", linear, "R5", history.Invariants, "was led to 3", func(s scene) func(*store.StoredAttempt) {
		s.ops[s.give(history.Form, 1, "p", 1, 0, `"a"`, to(2, false)).at].Led = 3
		return nil
	}},
	{"led elsewhere", free, "R6", history.Invariants, "was led to 1", func(s scene) func(*store.StoredAttempt) {
		s.ops[s.give(history.Form, 1, "p", 1, 0, `"a"`, to(2, false)).at].Led = 1
		return nil
	}},
	{"beyond the end", free, "R6", history.Invariants, "leaves the cursor at 5", func(s scene) func(*store.StoredAttempt) {
		c := s.give(history.Form, 3, "p", 1, 0, `"a"`, to(4, false))
		s.forge(func() { s.entry(c).Entry.Effect.Cursor = 5 })
		return nil
	}},
	{"a question that there is not", free, "R6", history.Invariants, "no such question", func(s scene) func(*store.StoredAttempt) {
		c := s.save(3, "p", 1, 0, `"a"`)
		s.forge(func() { s.relocate(c, 9) })
		return nil
	}},
}

// rejectInstead makes an applied command one that was rejected.
func (s scene) rejectInstead(c sent, why exam.Reason) {
	r := *s.entry(c)
	s.rejections = append(s.rejections, exam.Rejection{
		Number: 1, Command: c.command.ID, Kind: c.command.Kind, Reason: why, Arrived: r.Entry.Arrived, Page: c.command.Page,
		Seq: c.command.Seq, Digest: r.Entry.Digest, Salt: r.Salt, Payload: *r.Payload,
	})
	s.forge(func() {
		s.records = slices.DeleteFunc(s.records, func(r exam.Record) bool { return r.Entry.Command == c.command.ID })
	})
	s.attempt.Rejections = int64(len(s.rejections))
	o := &s.ops[c.at]
	o.Result, o.Reason, o.NewRev, o.Receipt = history.Rejected, string(why), history.NotTold, history.Receipt{}
}

// alter changes the answer that an entry holds.
func (s scene) alter(c sent, answer string) {
	r := s.entry(c)
	p := *r.Payload
	p.Answer = exam.TextAnswer(answer)
	r.Payload = &p
}

// relocate makes a command one on another question.
func (s scene) relocate(c sent, position int) {
	r := s.entry(c)
	p := *r.Payload
	p.Position = position
	r.Payload, r.Entry.Effect.Response.Position, s.ops[c.at].Position = &p, position, position
}

// submitInstead makes a command the submission.
func (s scene) submitInstead(c sent) {
	r := s.entry(c)
	r.Payload = &exam.Payload{Kind: exam.Submit}
	r.Entry.Kind = exam.Submit
	r.Entry.Effect = exam.Effect{Status: exam.Submitted, Stopped: r.Entry.Arrived, Marking: exam.MarkingPending}
	o := &s.ops[c.at]
	o.Kind, o.Position, o.Page, o.Seq = history.Submit, 0, "", 0
}

// lateOne is an answer that came after the end and was accepted.
func (s scene) lateOne() {
	s.save(1, "p", 1, 0, `"a"`)
	s.submit()
	s.save(1, "p", 2, 1, `"late"`)
	s.accept(1, `"late"`, "p", 2)
	s.now += time.Second
}
