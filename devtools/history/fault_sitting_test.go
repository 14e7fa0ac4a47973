package history_test

import (
	"time"

	"shiken/devtools/history"
	"shiken/exam"
	"shiken/store"
)

// brokenSittings: the attempt's status, time or beginning.
var brokenSittings = []broken{
	{"an answer after the end", free, "R7", history.Invariants, "save of an attempt that is submitted", func(s scene) func(*store.StoredAttempt) {
		s.save(1, "p", 1, 0, `"a"`)
		s.submit()
		s.forge(func() { s.records[1], s.records[2] = s.records[2], s.records[1] })
		return nil
	}},
	{"an answer while paused", free, "R7", history.Invariants, "that is paused", func(s scene) func(*store.StoredAttempt) {
		s.byAdmin(exam.Pause)
		s.byAdmin(exam.Resume)
		s.save(1, "p", 1, 0, `"a"`)
		s.forge(func() { s.records[2], s.records[3] = s.records[3], s.records[2] })
		return nil
	}},
	{"handed in twice", free, "R7", history.Invariants, "had closed", func(s scene) func(*store.StoredAttempt) {
		s.submit()
		second := s.submit()
		s.forge(func() {
			r := s.records[1]
			r.Entry.Command = second.command.ID
			s.records = append(s.records, r)
		})
		return nil
	}},
	{"a command of an earlier opening", free, "R7", history.Invariants, "of opening 1 in opening 2", func(s scene) func(*store.StoredAttempt) {
		s.submit()
		s.byAdmin(exam.Reopen)
		s.ops[s.save(1, "p", 1, 0, `"a"`).at].Opening = 1
		return nil
	}},
	{"a pause that did not stop", free, "R7", history.Invariants, "status", func(s scene) func(*store.StoredAttempt) {
		s.byAdmin(exam.Pause)
		s.forge(func() { s.records[1].Entry.Effect.Status = "" })
		return nil
	}},
	{"an answer after deadline and grace", free, "R8", history.Invariants, "after the deadline", func(s scene) func(*store.StoredAttempt) {
		c := s.save(1, "p", 1, 0, `"a"`)
		s.forge(func() { s.entry(c).Entry.Arrived += exam.Instant(exam.Minute * 20) })
		return nil
	}},
	{"an arrival by another clock", free, "R8", history.Invariants, "arrived at 1m1.001s", func(s scene) func(*store.StoredAttempt) {
		c := s.save(1, "p", 1, 0, `"a"`)
		s.forge(func() { s.entry(c).Entry.Arrived += exam.Instant(exam.Minute) })
		return nil
	}},
	{"an arrival after the wait", free, "R8", history.Invariants, "arrived at 3.001s", func(s scene) func(*store.StoredAttempt) {
		c := s.save(1, "p", 1, 0, `"a"`)
		s.ops[c.at].Done = 4 * time.Second
		s.forge(func() { s.entry(c).Entry.Arrived += exam.Instant(2 * exam.Second) })
		return nil
	}},
	{"ran out too early", free, "R9", history.Invariants, "before deadline + grace + W", func(s scene) func(*store.StoredAttempt) {
		s.end()
		s.forge(func() { s.records[1].Entry.Arrived -= 1 })
		return nil
	}},
	{"ran out in an outage", free, "R9", history.Invariants, "ran out in an outage", func(s scene) func(*store.StoredAttempt) {
		s.outage(-exam.Second, exam.Second)
		s.end()
		return nil
	}},
	{"extended by what no outage asks for", free, "R9", history.Invariants, "which no outage asks for", func(s scene) func(*store.StoredAttempt) {
		s.outage(-exam.Second, exam.Second)
		s.byServer(exam.Extend)
		return nil
	}},
	{"refused before it was extended after an outage", free, "R9", history.Invariants, "was refused as too late before", func(s scene) func(*store.StoredAttempt) {
		g := s.outage(-exam.Second, exam.Second)
		s.now += 20 * time.Minute
		s.rejections = append(s.rejections, exam.Rejection{Number: 1, Command: "late", Kind: exam.Save, Reason: exam.TimeIsUp, Opening: 1, Arrived: g.Ended + exam.Instant(20*exam.Second)})
		s.extendAfter(g)
		return nil
	}},
	{"never ran out", free, "R9", history.Invariants, "still in progress", func(scene) func(*store.StoredAttempt) { return nil }},
	{"never marked", free, "R13", history.Invariants, "not marked", func(s scene) func(*store.StoredAttempt) {
		s.submit()
		return nil
	}},
	{"marked before it was closed", free, "R13", history.Invariants, "whose marking is none", func(s scene) func(*store.StoredAttempt) {
		s.submit()
		s.byServer(exam.Grade)
		s.forge(func() { s.records[1], s.records[2] = s.records[2], s.records[1] })
		return nil
	}},
	{"marked twice", free, "R13", history.Invariants, "whose marking is done", func(s scene) func(*store.StoredAttempt) {
		s.end()
		s.forge(func() {
			r := s.records[2]
			r.Entry.Command = s.id()
			s.records = append(s.records, r)
		})
		return nil
	}},
	{"extended by less than was given", free, "R16", history.Invariants, "time given", func(s scene) func(*store.StoredAttempt) {
		s.byAdmin(exam.Extend)
		s.forge(func() { s.records[1].Entry.Effect.Extended = 1 })
		return nil
	}},
	{"a pause that costs time", free, "R16", history.Invariants, "time paused", func(s scene) func(*store.StoredAttempt) {
		s.byAdmin(exam.Pause)
		s.now += time.Minute
		s.byAdmin(exam.Resume)
		s.forge(func() { s.records[2].Entry.Effect.Paused = 0 })
		return nil
	}},
	{"a deadline without the extension", free, "R16", history.Invariants, "the stored deadline", func(s scene) func(*store.StoredAttempt) {
		s.byAdmin(exam.Extend)
		return func(a *store.StoredAttempt) { a.Deadline -= exam.Instant(exam.Second) }
	}},
	{"told a deadline that never was", free, "R16", history.Invariants, "never had", func(s scene) func(*store.StoredAttempt) {
		s.ops[s.look(1)].Deadline = int64(epoch)
		return nil
	}},
	{"shown another paper after a reload", free, "R14", history.Invariants, "was shown other options", func(s scene) func(*store.StoredAttempt) {
		s.look(1)
		s.ops[s.look(1)].Shown = "in another order"
		return nil
	}},
	{"the same question twice", free, "R14", history.Invariants, "position 1 again", func(s scene) func(*store.StoredAttempt) {
		return func(a *store.StoredAttempt) { a.Paper.Items[1].Version = a.Paper.Items[0].Version }
	}},
	{"a sign-in that had ended goes on", free, "§3", history.Witness, "that had ended", func(s scene) func(*store.StoredAttempt) {
		s.signOut("one")
		s.ops[s.save(1, "p", 1, 0, `"a"`).at].Session = "one"
		return nil
	}},
	{"a start that had seen another number", free, "R10", history.Witness, "had seen 1", func(s scene) func(*store.StoredAttempt) {
		s.ops[0].Rev = 1
		return nil
	}},
	{"a start that nobody sent", free, "R2", history.Witness, "which nobody sent", func(s scene) func(*store.StoredAttempt) {
		s.ops[0].Command = "another"
		return nil
	}},
	{"a start that led to somebody else's attempt", free, "R10", history.Witness, "another exam or candidate", func(s scene) func(*store.StoredAttempt) {
		s.ops[0].User = "another"
		return nil
	}},
	{"a start that led nowhere", free, "R1", history.Witness, "it is not stored", func(s scene) func(*store.StoredAttempt) {
		s.ops[0].Attempt = "another"
		return nil
	}},
}

// brokenStores: what is stored is not what the journal says, or the journal is not what it was.
var brokenStores = []broken{
	{"another answer of record", free, "R1", history.Invariants, "the answer of record", func(s scene) func(*store.StoredAttempt) {
		s.save(1, "p", 1, 0, `"a"`)
		return func(a *store.StoredAttempt) {
			r := a.Attempt.Responses[1]
			r.Answer = exam.TextAnswer("b")
			a.Attempt.Responses = map[int]exam.Response{1: r}
		}
	}},
	{"another rev of record", free, "R11", history.Invariants, "stored: rev 5", func(s scene) func(*store.StoredAttempt) {
		s.save(1, "p", 1, 0, `"a"`)
		return func(a *store.StoredAttempt) {
			r := a.Attempt.Responses[1]
			r.Rev = 5
			a.Attempt.Responses = map[int]exam.Response{1: r}
		}
	}},
	{"an entry was altered", free, "R11", history.Invariants, "its hash is", func(s scene) func(*store.StoredAttempt) {
		s.save(1, "p", 1, 0, `"a"`)
		return func(a *store.StoredAttempt) { a.Records[1].Entry.Arrived++ }
	}},
	{"a payload was altered", free, "R11", history.Invariants, "its digest is not", func(s scene) func(*store.StoredAttempt) {
		c := s.save(1, "p", 1, 0, `"a"`)
		s.alter(c, "b")
		return nil
	}},
	{"a rejection's payload was altered", free, "R15", history.Invariants, "its digest is not", func(s scene) func(*store.StoredAttempt) {
		s.save(1, "p", 1, 0, `"a"`)
		s.save(1, "q", 1, 0, `"b"`)
		s.rejections[0].Payload.Answer = exam.TextAnswer("c")
		return nil
	}},
	{"the journal does not begin at the paper", free, "R11", history.Invariants, "the hash before it", func(s scene) func(*store.StoredAttempt) {
		return func(a *store.StoredAttempt) { a.Paper.Seed = "another" }
	}},
	{"hashes that leave something out", free, "R11", history.Invariants, "its hash is", func(s scene) func(*store.StoredAttempt) {
		s.save(1, "p", 1, 0, `"a"`)
		last := &s.records[1].Entry
		was := last.Arrived
		last.Arrived = 0
		last.Hash = last.ComputeHash()
		last.Arrived = was
		return nil
	}},
	{"what verify finds", free, "R11", history.Invariants, "version: stored 9", func(s scene) func(*store.StoredAttempt) {
		return func(a *store.StoredAttempt) { a.Version = 9 }
	}},
	{"another status", free, "R7", history.Invariants, "stored: paused", func(s scene) func(*store.StoredAttempt) {
		return func(a *store.StoredAttempt) { a.Attempt.Status = exam.Paused }
	}},
}
