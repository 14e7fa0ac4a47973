package history_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"shiken/devtools/history"
	"shiken/exam"
)

// TestWhatIsRightIsAccepted: histories that look odd and break no rule.
func TestWhatIsRightIsAccepted(t *testing.T) {
	cases := map[string]func(s scene){
		"nothing happened": func(scene) {},
		"drafts with equal answers leave rev alone": func(s scene) {
			s.save(1, "p", 1, 0, `"a"`)
			s.give(history.Save, 1, "p", 2, 1, `"a"`, draft)
			s.save(1, "p", 3, 1, `"a"`)
			s.look(1)
		},
		"a draft overtaken by the save of its page": func(s scene) {
			s.save(1, "p", 2, 0, `"b"`)
			s.save(1, "p", 1, 0, `"a"`)
			s.look(1)
		},
		"a replay after an unknown outcome": func(s scene) {
			first := s.save(1, "p", 1, 0, `"a"`)
			s.unheard(first)
			s.save(1, "q", 1, 1, `"b"`)
			s.again(first)
			s.look(1)
		},
		"an unknown outcome that took effect, and one that did not": func(s scene) {
			s.unheard(s.save(1, "p", 1, 0, `"a"`))
			s.look(1)
			never := history.New(history.Save)
			never.Attempt, never.Position, never.Command, never.Page, never.Seq, never.Answer = s.paper.Attempt, 1, s.id(), "z", 1, `"z"`
			s.ops = append(s.ops, never)
			s.look(1)
		},
		"a conflict, and the choice made then": func(s scene) {
			s.save(1, "p", 1, 0, `"a"`)
			s.save(1, "q", 1, 0, `"b"`)
			s.save(1, "r", 1, 1, `"b"`)
			s.look(1)
		},
		"an equal answer from a stale page only moves": func(s scene) {
			s.save(1, "p", 1, 0, `"a"`)
			s.give(history.Form, 1, "q", 1, 0, `"a"`, to(2, false))
			s.save(1, "q", 2, 0, `"b"`)
			s.look(1)
		},
		"an id reused is rejected, and the first content stays": func(s scene) {
			first := s.save(1, "p", 1, 0, `"a"`)
			s.give(history.Save, 1, "p", 2, 1, `"b"`, func(o *history.Op, c *exam.Command) { o.Command, c.ID = first.command.ID, first.command.ID })
			s.again(first)
			s.look(1)
		},
		"flags": func(s scene) {
			s.give(history.Form, 1, "p", 1, 0, `"a"`, flag)
			s.give(history.Form, 1, "p", 2, 1, `"a"`, flag)
			s.look(1)
		},
		"marked anew with a corrected key, and by hand": func(s scene) {
			s.marked()
			s.looksAt(exam.FullCredit, 3*exam.FullCredit)
			s.corrects("version-0")
			s.byServer(exam.Grade)
			s.looksAt(0, 3*exam.FullCredit)
			s.looksAt(0, 0)
			s.markByHand(2, exam.FullCredit/2)
			s.byServer(exam.Grade)
			s.looksAt(exam.FullCredit/2, 3*exam.FullCredit)
		},
		"a question regraded by its corrected key": func(s scene) {
			s.marked()
			s.newKey()
			s.regrades(1, false, asItIs)
			s.looksAt(exam.FullCredit, 3*exam.FullCredit)
			s.regrades(1, true, asItIs)
			s.looksAt(0, 3*exam.FullCredit)
		},
		"marked by hand after another key was corrected": func(s scene) {
			s.marked()
			s.newKey()
			s.markByHand(2, exam.FullCredit/2)
			s.byServer(exam.Grade)
			s.looksAt(exam.FullCredit*3/2, 3*exam.FullCredit)
		},
		"handed in and opened again": func(s scene) {
			s.save(1, "p", 1, 0, `"a"`)
			s.submit()
			s.byServer(exam.Grade)
			s.save(1, "p", 2, 1, `"late"`)
			s.byAdmin(exam.Reopen)
			s.save(1, "q", 1, 1, `"b"`)
			s.submit()
		},
		"a late answer that is accepted": func(s scene) {
			s.save(1, "p", 1, 0, `"a"`)
			s.submit()
			s.save(1, "p", 2, 1, `"late"`)
			s.accept(1, `"late"`, "p", 2)
			s.look(1)
		},
		"a command that a late answer of its page overtook, once that was accepted": func(s scene) {
			s.byAdmin(exam.Pause)
			s.save(1, "p", 2, 0, `"late"`)
			s.accept(1, `"late"`, "p", 2)
			s.byAdmin(exam.Resume)
			s.save(1, "p", 1, 0, `"earlier"`)
			s.look(1)
		},
		"paused, extended, voided and not": func(s scene) {
			for _, k := range []exam.Kind{exam.Pause, exam.Extend, exam.Resume, exam.Void, exam.Unvoid} {
				s.save(1, fmt.Sprint(k), 1, s.attempt.Response(1).Rev, `"`+string(k)+`"`)
				s.byAdmin(k)
			}
		},
		"extended after an outage": func(s scene) {
			g := s.outage(-5*exam.Second, 5*exam.Second)
			s.now += 12*time.Minute + 35*time.Second
			s.extendAfter(g)
			s.save(1, "p", 1, 0, `"a"`)
		},
		"paused within the grace, and out of an outage's reach": func(s scene) {
			s.now += 12*time.Minute + 31*time.Second
			s.byAdmin(exam.Pause)
			s.outage(2*exam.Second, 10*exam.Second+500*exam.Millisecond)
			s.now += 10 * time.Second
			s.byAdmin(exam.Resume)
		},
		"too late, and after that expired": func(s scene) {
			s.now += 12*time.Minute + 40*time.Second
			s.save(1, "p", 1, 0, `"a"`)
			s.end()
			s.save(1, "p", 2, 0, `"b"`)
		},
		"too late, and judged before an extension that arrived as it did": func(s scene) {
			s.now += 12*time.Minute + 40*time.Second
			s.save(1, "p", 1, 0, `"a"`)
			s.ops[len(s.ops)-1].Done += time.Second
			s.byAdmin(exam.Extend)
			s.save(2, "q", 1, 0, `"b"`)
		},
		"what is refused while paused, void, and of an earlier opening": func(s scene) {
			for _, k := range []exam.Kind{exam.Pause, exam.Void, exam.Unvoid, exam.Resume, exam.ForceSubmit, exam.Reopen} {
				s.byAdmin(k)
				s.save(1, "p", 1, 0, `"a"`)
			}
		},
		"a question that there is not, and a closed one": func(s scene) {
			s.give(history.Form, 1, "p", 1, 0, `"a"`, func(o *history.Op, c *exam.Command) { o.Action, c.Kind = "check", exam.Check })
			s.save(1, "p", 2, 1, `"b"`)
			s.save(7, "q", 1, 0, `"b"`)
		},
		"sent before the sign-in ended, and done afterwards": func(s scene) {
			at := s.now
			s.signOut("one")
			c := s.save(1, "p", 1, 0, `"a"`)
			s.unheard(c)
			s.ops[c.at].Session, s.ops[c.at].Sent = "one", at
		},
		"nothing to take over where any device may write": func(s scene) {
			s.write("one", 1, `"a"`)
			s.takeOver("two")
			s.write("two", 1, `"b"`)
		},
		"more pages than a response remembers": func(s scene) {
			for i := range 205 {
				s.save(1, fmt.Sprint(i), 1, int64(i), `"a"`)
			}
			s.save(1, "0", 3, 205, `"a"`)
			s.look(1)
		},
	}
	for name, happens := range cases {
		t.Run(name, func(t *testing.T) {
			s := newScene(exam.Free)
			happens(s)
			s.end()
			if report := s.judged(nil); !report.OK() {
				t.Error(report)
			}
		})
	}
}

// TestALinearSittingIsAccepted with a move that its page overtook, and one that skips.
func TestALinearSittingIsAccepted(t *testing.T) {
	s := newScene(exam.Linear)
	s.save(1, "p", 2, 0, `"a"`)
	s.give(history.Form, 1, "p", 1, 0, `"a"`, to(2, false))
	s.give(history.Form, 2, "q", 1, 0, `null`, to(3, false))
	s.give(history.Form, 2, "r", 1, 0, `null`, to(3, true))
	s.give(history.Form, 3, "s", 1, 0, `"c"`, to(4, false))
	s.submit()
	s.end()
	if report := s.judged(nil); !report.OK() || report.Rejections != 1 {
		t.Error(report)
	}
}

// TestWhatARepeaterMayCause: a balancer may deliver a command, lose the reply, and deliver it again after
// the sign-in has ended. Nothing else of the same command is excused by it.
func TestWhatARepeaterMayCause(t *testing.T) {
	story := func() scene {
		s := newScene(exam.Free)
		c := s.save(1, "p", 1, 0, `"a"`)
		s.unheard(c)
		s.ops[c.at].Result, s.ops[c.at].Status, s.ops[c.at].Done = history.Refused, http.StatusUnauthorized, s.now+time.Second
		s.now += 2 * time.Second
		s.again(c)
		s.look(1)
		s.end()
		return s
	}
	check := func(s scene) *history.Report {
		return history.Check(s.ops, s.stored(), history.Options{Epoch: epoch, Slack: time.Millisecond, Repeats: true})
	}
	if report := check(story()); !report.OK() || report.Unknown != 1 {
		t.Error(report)
	}
	s := story()
	s.ops[1].Session = "one"
	out := history.New(history.SignOut)
	out.Session, out.Result = "one", history.Acknowledged
	s.ops = append(s.ops, out)
	s.ops = slices.Delete(s.ops, 2, 3)
	if report := check(s); report.OK() {
		t.Errorf("refused with 401, sent after the end of the sign-in, and applied: nothing found in\n%s", report)
	}
	s = story()
	s.ops[0].Status = http.StatusForbidden
	s.ops = slices.Delete(s.ops, 1, 2)
	if report := check(s); report.OK() {
		t.Errorf("refused with 403 and applied: nothing found in\n%s", report)
	}
}
