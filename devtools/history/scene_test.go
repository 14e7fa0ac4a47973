package history_test

import (
	"slices"
	"time"

	"shiken/devtools/history"
	"shiken/exam"
	"shiken/store"
)

// scene is a world whose clients do one thing after the other, each delivered and answered at once.
type scene struct {
	*world
	outages *[]exam.Gap
}

func newScene(navigation exam.Navigation) scene {
	return scene{newWorld(1, navigation, 3, 0), &[]exam.Gap{}}
}

// outage is one around the deadline.
func (s scene) outage(from, to exam.Micros) exam.Gap {
	d, _ := s.attempt.Deadline(&s.paper)
	g := exam.Gap{Began: d.Add(from), Ended: d.Add(to)}
	*s.outages = append(*s.outages, g)
	return g
}

// extendAfter is what the server does after an outage.
func (s scene) extendAfter(g exam.Gap) {
	c := exam.Command{ID: s.id(), Kind: exam.Extend, Actor: exam.Actor{Role: exam.Server}, Amount: g.Extension(&s.paper, &s.attempt)}
	s.world.give(c)
}

// sent is one command of a scene: where its operation stands, and what was sent.
type sent struct {
	at      int
	command exam.Command
}

// give sends a command a second after the last one; how changes the request before it is sent.
func (s scene) give(kind history.Kind, position int, page string, seq, rev int64, answer string, how ...func(*history.Op, *exam.Command)) sent {
	s.now += time.Second
	o := s.op(kind)
	o.Position, o.Opening, o.Command, o.Page, o.Seq, o.Rev, o.Answer = position, s.attempt.Opening, s.id(), page, seq, rev, answer
	c := exam.Command{
		ID: o.Command, Kind: exam.Save, Actor: exam.Actor{Role: exam.Candidate, ID: s.paper.Candidate}, Opening: o.Opening,
		Position: position, Rev: rev, Page: page, Seq: seq,
	}
	if kind == history.Form {
		c.Target = position
	}
	if answer != "" && c.Answer.UnmarshalJSON([]byte(answer)) != nil {
		panic(answer)
	}
	for _, change := range how {
		change(o, &c)
	}
	return s.deliverNow(o, c)
}

func (s scene) deliverNow(o *history.Op, c exam.Command) sent {
	o.Sent, o.Delivered = s.now, s.now+time.Millisecond
	s.judge(&flight{op: o, command: c, at: o.Delivered, reply: time.Millisecond})
	return sent{len(s.ops) - 1, c}
}

// again sends a command once more.
func (s scene) again(was sent) sent {
	s.now += time.Second
	o := s.ops[was.at]
	again := history.New(o.Kind)
	again.Attempt, again.Position, again.Opening, again.Command, again.Page, again.Seq = o.Attempt, o.Position, o.Opening, o.Command, o.Page, o.Seq
	again.Rev, again.Draft, again.Action, again.Target, again.Answer, again.Skip = o.Rev, o.Draft, o.Action, o.Target, o.Answer, o.Skip
	again.Session = o.Session
	return s.deliverNow(&again, was.command)
}

func (s scene) save(position int, page string, seq, rev int64, answer string) sent {
	return s.give(history.Save, position, page, seq, rev, answer)
}

func draft(o *history.Op, c *exam.Command) { o.Draft, c.Draft = true, true }

// to leads on.
func to(target int, skip bool) func(*history.Op, *exam.Command) {
	return func(o *history.Op, c *exam.Command) {
		o.Action, o.Target, o.Skip = "next", target, skip
		c.Kind, c.Target, c.Skip = exam.Move, target, skip
	}
}

// flag flags the question.
func flag(o *history.Op, c *exam.Command) {
	yes := true
	o.Action, c.Kind, c.Flagged = "flag", exam.Flag, &yes
}

// onOneDevice: the attempt is written on one device at a time, and was begun on the one of session "one".
func (s scene) onOneDevice() {
	s.ops[0].Session = "one"
	s.forge(func() {
		s.paper.Rules.Devices = exam.OneDevice
		s.records[0].Entry.Effect.Device = deviceOf("one")
	})
}

// deviceOf is what the journal calls the device of a session.
func deviceOf(session string) string { return "device of " + session }

// on sends from the device of a session.
func on(session string) func(*history.Op, *exam.Command) {
	return func(o *history.Op, c *exam.Command) { o.Session, c.Device = session, deviceOf(session) }
}

// released: the program knows that the device that holds the attempt has signed out.
func released(_ *history.Op, c *exam.Command) { c.Released = true }

// write saves an answer from the device of a session, on a page of its own.
func (s scene) write(session string, position int, answer string, how ...func(*history.Op, *exam.Command)) sent {
	return s.give(history.Save, position, s.id(), 1, s.attempt.Response(position).Rev, answer, append(how, on(session))...)
}

// takeOver moves the attempt to the device of a session.
func (s scene) takeOver(session string) sent {
	return s.give(history.TakeOver, 0, "", 0, 0, "", on(session), func(_ *history.Op, c *exam.Command) { c.Kind = exam.TakeOver })
}

// submit hands the attempt in.
func (s scene) submit() sent {
	return s.give(history.Submit, 0, "", 0, s.attempt.Changes, "", func(o *history.Op, c *exam.Command) {
		c.Kind, o.Position = exam.Submit, 0
	})
}

// look reads a question's page.
func (s scene) look(position int) int {
	s.now += time.Second
	saved := s.attempt.Response(position)
	o := s.op(history.Read)
	o.Position, o.SavedRev, o.Saved, o.SavedFlag = position, saved.Rev, string(exam.Canonical(saved.Answer)), &saved.Flagged
	o.Done, o.Result, o.Shown = s.now+time.Millisecond, history.Acknowledged, "as it is"
	s.ops = append(s.ops, *o)
	return len(s.ops) - 1
}

// unheard: the reply to a command is lost.
func (s scene) unheard(c sent) {
	o := &s.ops[c.at]
	o.Done, o.Result, o.Reason = history.NotTold, history.Unknown, ""
	o.NewRev, o.Led, o.SavedRev, o.Saved, o.Receipt = history.NotTold, history.NotTold, history.NotTold, "", history.Receipt{}
}

// entry is the record that applied a command.
func (s scene) entry(c sent) *exam.Record {
	i := slices.IndexFunc(s.records, func(r exam.Record) bool { return r.Entry.Command == c.command.ID })
	return &s.records[i]
}

// forge changes the journal, and makes everything else what a program would have stored and told that
// had really done so: numbers, hashes, the attempt, receipts.
func (s scene) forge(change func()) {
	change()
	prev := s.paper.Hash()
	for i := range s.records {
		r := &s.records[i]
		r.Entry.Seq, r.Entry.Prev, r.Entry.Digest = int64(i+1), prev, r.Payload.Digest(r.Salt)
		r.Entry.Hash = r.Entry.ComputeHash()
		prev = r.Entry.Hash
		for k := range s.ops {
			if o := &s.ops[k]; o.Command == r.Entry.Command && o.Receipt.Seq > 0 {
				o.Receipt = receipt(&r.Entry)
			}
		}
	}
	rejections := s.attempt.Rejections
	told, _, err := exam.Replay(&s.paper, s.records)
	if err != nil {
		panic(err)
	}
	s.attempt = told
	s.attempt.Rejections = rejections
}

func receipt(e *exam.Entry) history.Receipt {
	r := exam.Receipt{Seq: e.Seq, Hash: e.Hash}
	return history.Receipt{Seq: r.Seq, Hash: r.Hash.String(), Code: r.Code()}
}

// end closes and marks.
func (s scene) end() {
	if at, timed := s.attempt.ExpiresAt(&s.paper); timed {
		s.now = time.Duration(at-epoch) * time.Microsecond
		s.byServer(exam.Expire)
	}
	s.byServer(exam.Grade)
}

func (s scene) judged(change func(*store.StoredAttempt)) *history.Report {
	stored := s.stored()
	if change != nil {
		change(&stored[0])
	}
	return history.Check(s.ops, stored, history.Options{
		Epoch: epoch, Slack: time.Millisecond, Now: epoch + exam.Instant(2*time.Hour.Microseconds()), Outages: *s.outages,
		Allowed: map[string]int{s.paper.Exam: 0}, Marking: &s.marking,
	})
}

// accept makes a rejected answer the answer of record.
func (s scene) accept(number int64, answer, page string, seq int64) {
	s.now += 1
	r := &s.rejections[number-1]
	c := exam.Command{
		ID: s.id(), Kind: exam.AcceptLate, Actor: exam.Actor{Role: exam.Admin, ID: "officer"},
		Position: r.Payload.Position, Page: page, Seq: seq, Late: number, Salt: s.salt(),
	}
	if err := c.Answer.UnmarshalJSON([]byte(answer)); err != nil {
		panic(err)
	}
	s.world.give(c)
}
