package history_test

import (
	"time"

	"shiken/devtools/history"
	"shiken/exam"
	"shiken/store"
)

// corrects makes "b" the key of a question, and asks for new marking.
func (s scene) corrects(version string) {
	s.now += time.Second
	key := exam.Key{Revision: 2, Texts: []exam.TextKey{{Pattern: "b", Weight: exam.FullCredit}}}
	since := epoch + exam.Instant(s.now.Microseconds())
	s.marking.Keys[version] = append(s.marking.Keys[version], history.KeyRevision{Key: key, Since: since})
	s.now += time.Second
	s.byAdmin(exam.Regrade)
}

// marked is a sitting of one right answer, which was marked.
func (s scene) marked() {
	s.save(1, "p", 1, 0, `"a"`)
	s.end()
}

// looksAt is the result's page, as it showed a score.
func (s scene) looksAt(points, most int) {
	s.now += time.Second
	o := s.op(history.Marks)
	o.Done, o.Result, o.Points, o.Most = s.now+time.Millisecond, history.Acknowledged, points, most
	s.ops = append(s.ops, *o)
}

func (s scene) markByHand(position, points int) {
	s.now += time.Second
	saw := s.attempt.Response(position)
	s.world.give(exam.Command{
		ID: s.id(), Kind: exam.MarkByHand, Actor: exam.Actor{Role: exam.Admin, ID: "officer"}, Position: position, Points: points,
		Rev: saw.Rev, Marked: saw.Marked,
	})
}

// regrades marks a question once more with its newest key, as a job does, and changes the command before
// it is given.
func (s scene) regrades(position int, lower bool, change func(*exam.Command)) {
	s.now += time.Second
	all := s.marking.Keys[s.paper.Items[position-1].Version]
	key := &all[len(all)-1].Key
	made := s.marking.Grader.Regrade(&s.paper, &s.attempt, key, position, s.attempt.Score.Items[position-1], lower)
	c := exam.Command{
		ID: s.id(), Kind: exam.Regrade, Actor: exam.Actor{Role: exam.Admin, ID: "officer"}, Position: position,
		Revision: key.Revision, Lower: lower, Score: &made.Score, Kept: made.Kept,
	}
	change(&c)
	s.world.give(c)
}

func asItIs(*exam.Command) {}

// newKey makes "b" the key of the first question.
func (s scene) newKey() {
	s.now += time.Second
	key := exam.Key{Revision: 2, Texts: []exam.TextKey{{Pattern: "b", Weight: exam.FullCredit}}}
	since := epoch + exam.Instant(s.now.Microseconds())
	s.marking.Keys["version-0"] = append(s.marking.Keys["version-0"], history.KeyRevision{Key: key, Since: since})
}

// last is the entry of the last marking.
func (s scene) last() *exam.Entry {
	for i := len(s.records) - 1; ; i-- {
		if e := &s.records[i].Entry; e.Kind == exam.Grade {
			return e
		}
	}
}

// brokenMarks: scores that do not follow from answers and keys.
var brokenMarks = []broken{
	{"points for a wrong answer", free, "R13", history.Invariants, "gives 10000, revision 1 of the key gives 0", func(s scene) func(*store.StoredAttempt) {
		s.marked()
		s.forge(func() { s.last().Effect.Score.Items[1] = exam.FullCredit })
		return nil
	}},
	{"a sum that is none", free, "R13", history.Invariants, "the score is 20000 of 30000", func(s scene) func(*store.StoredAttempt) {
		s.marked()
		s.forge(func() { s.last().Effect.Score.Total = 2 * exam.FullCredit })
		return nil
	}},
	{"passed by nobody's judgement", free, "R13", history.Invariants, "passed true", func(s scene) func(*store.StoredAttempt) {
		s.marked()
		passed := true
		s.forge(func() { s.last().Effect.Score.Passed = &passed })
		return nil
	}},
	{"a key that there is not", free, "R13", history.Invariants, "names revision 7 of the key", func(s scene) func(*store.StoredAttempt) {
		s.marked()
		s.forge(func() { s.last().Effect.Score.Revisions[0] = 7 })
		return nil
	}},
	{"another key than is named", free, "R13", history.Invariants, "gives 10000, revision 2 of the key gives 0", func(s scene) func(*store.StoredAttempt) {
		s.marked()
		s.corrects("version-0")
		s.world.give(exam.Command{ID: s.id(), Kind: exam.Grade, Actor: exam.Actor{Role: exam.Server}, Score: s.score(0)})
		s.forge(func() { s.last().Effect.Score.Revisions[0] = 2 })
		return nil
	}},
	{"the key before its correction", free, "R13", history.Invariants, "revision 2 was there before", func(s scene) func(*store.StoredAttempt) {
		s.marked()
		s.corrects("version-0")
		s.world.give(exam.Command{ID: s.id(), Kind: exam.Grade, Actor: exam.Actor{Role: exam.Server}, Score: s.score(0)})
		return nil
	}},
	{"a mark by hand that is not counted", free, "R13", history.Invariants, "gives 0, revision 1 of the key gives 5000", func(s scene) func(*store.StoredAttempt) {
		s.marked()
		without := s.score(0)
		s.markByHand(2, exam.FullCredit/2)
		s.world.give(exam.Command{ID: s.id(), Kind: exam.Grade, Actor: exam.Actor{Role: exam.Server}, Score: without})
		return nil
	}},
	{"a mark by hand that nobody gave", free, "R13", history.Invariants, "gives 7 points by hand", func(s scene) func(*store.StoredAttempt) {
		s.marked()
		s.markByHand(2, 5)
		s.forge(func() { points := 7; s.records[len(s.records)-1].Entry.Effect.Response.Points = &points })
		return nil
	}},
	{"a regrade that takes what it may not", free, "R13", history.Invariants, "gives 10000, revision 2 of the key gives 0", func(s scene) func(*store.StoredAttempt) {
		s.marked()
		s.newKey()
		s.regrades(1, false, func(c *exam.Command) { c.Kept = nil })
		return nil
	}},
	{"a regrade that keeps what never was", free, "R13", history.Invariants, "keep 7, which it never had", func(s scene) func(*store.StoredAttempt) {
		s.marked()
		s.newKey()
		s.regrades(1, false, func(c *exam.Command) { *c.Kept = 7 })
		return nil
	}},
	{"a regrade of another question", free, "R13", history.Invariants, "regrades question 1, and changes 0 by revision 1", func(s scene) func(*store.StoredAttempt) {
		s.marked()
		s.newKey()
		s.regrades(1, true, func(c *exam.Command) { c.Score.Items[2], c.Score.Total = 5, 5 })
		return nil
	}},
	{"a regrade with a sum that is none", free, "R13", history.Invariants, "the score is 5 of 30000, its questions give 0", func(s scene) func(*store.StoredAttempt) {
		s.marked()
		s.newKey()
		s.regrades(1, true, func(c *exam.Command) { c.Score.Total = 5 })
		return nil
	}},
	{"a regrade by a key that nobody asked for", free, "R13", history.Invariants, "which there is not, or was not asked for", func(s scene) func(*store.StoredAttempt) {
		s.marked()
		s.newKey()
		s.regrades(1, true, func(c *exam.Command) { c.Revision = 1 })
		return nil
	}},
	{"a mark by hand that takes another question's", free, "R13", history.Invariants, "although nobody asked for it", func(s scene) func(*store.StoredAttempt) {
		s.marked()
		s.newKey()
		s.markByHand(2, exam.FullCredit/2)
		anew := s.marking.Grader.Mark(&s.paper, &s.attempt, map[string]exam.Key{"version-0": s.marking.Keys["version-0"][1].Key,
			"version-1": s.marking.Keys["version-1"][0].Key, "version-2": s.marking.Keys["version-2"][0].Key})
		s.world.give(exam.Command{ID: s.id(), Kind: exam.Grade, Actor: exam.Actor{Role: exam.Server}, Score: &anew})
		return nil
	}},
	{"a regrade by an older key", free, "R13", history.Invariants, "goes back from revision 2 of the key to 1", func(s scene) func(*store.StoredAttempt) {
		s.marked()
		before := *s.attempt.Score
		s.newKey()
		s.regrades(1, true, asItIs)
		s.regrades(1, true, asItIs)
		s.forge(func() {
			last := &s.records[len(s.records)-1]
			last.Entry.Effect.Score, last.Payload.Revision = &before, 1
		})
		return nil
	}},
	{"a page with another score", free, "R13", history.Invariants, "was shown 20000 of 30000 points", func(s scene) func(*store.StoredAttempt) {
		s.marked()
		s.looksAt(2*exam.FullCredit, 3*exam.FullCredit)
		return nil
	}},
	{"a page with the score of before", free, "R13", history.Invariants, "was shown 10000 of 30000 points", func(s scene) func(*store.StoredAttempt) {
		s.marked()
		s.byAdmin(exam.Reopen)
		s.save(1, "q", 1, 1, `"b"`)
		s.looksAt(exam.FullCredit, 3*exam.FullCredit)
		return nil
	}},
}
