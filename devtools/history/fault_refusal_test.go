package history_test

import (
	"time"

	"shiken/devtools/history"
	"shiken/exam"
	"shiken/store"
)

// refused is a save that the program turned down for no good reason.
func refused(why exam.Reason) func(s scene) func(*store.StoredAttempt) {
	return func(s scene) func(*store.StoredAttempt) {
		s.rejectInstead(s.save(1, "p", 1, 0, `"a"`), why)
		return nil
	}
}

// brokenRefusals: good commands were rejected, each for a reason that nothing gave.
var brokenRefusals = []broken{
	{"finished, and was open", free, "R7", history.Invariants, "as finished", refused(exam.Finished)},
	{"finished, and was closed only afterwards", free, "R7", history.Invariants, "as finished", func(s scene) func(*store.StoredAttempt) {
		refused(exam.Finished)(s)
		s.submit()
		return nil
	}},
	{"finished after it was opened again", free, "R7", history.Invariants, "as finished", func(s scene) func(*store.StoredAttempt) {
		s.submit()
		s.byAdmin(exam.Reopen)
		s.save(2, "q", 1, 0, `"b"`)
		refused(exam.Finished)(s)
		return nil
	}},
	{"finished after an admin was told that it is open again", free, "R7", history.Invariants, "as finished", func(s scene) func(*store.StoredAttempt) {
		s.submit()
		s.ordered(exam.Reopen)
		refused(exam.Finished)(s)
		return nil
	}},
	{"paused, and was not", free, "§4", history.Invariants, "as paused", refused(exam.IsPaused)},
	{"paused, and had been resumed", free, "§4", history.Invariants, "as paused", func(s scene) func(*store.StoredAttempt) {
		s.byAdmin(exam.Pause)
		s.byAdmin(exam.Resume)
		s.save(2, "q", 1, 0, `"b"`)
		refused(exam.IsPaused)(s)
		return nil
	}},
	{"voided, and was not", free, "§4", history.Invariants, "as voided", refused(exam.IsVoided)},
	{"too late, and was in time", free, "R8", history.Invariants, "as time_up", refused(exam.TimeIsUp)},
	{"too late by the deadline before the extension", free, "R8", history.Invariants, "as time_up", func(s scene) func(*store.StoredAttempt) {
		d, _ := s.attempt.Deadline(&s.paper)
		s.now = time.Duration(d-epoch)*time.Microsecond + 9*time.Second
		for range 4 {
			s.byAdmin(exam.Extend)
		}
		s.save(2, "q", 1, 0, `"b"`)
		refused(exam.TimeIsUp)(s)
		return nil
	}},
	{"closed, and no question closes", free, "R5", history.Invariants, "as closed_question", refused(exam.ClosedQuestion)},
	{"closed, and was the cursor's", linear, "R5", history.Invariants, "as closed_question", refused(exam.ClosedQuestion)},
	{"not reached, and was the cursor's", linear, "R5", history.Invariants, "as not_reached", refused(exam.NotReached)},
	{"out of range, and is on the paper", free, "R6", history.Invariants, "as out_of_range", refused(exam.OutOfRange)},
	{"no answer to the question, and is one", free, "§7", history.Invariants, "as invalid_answer", refused(exam.InvalidAnswer)},
	{"no option of the question, and is one", free, "§7", history.Invariants, "as invalid_answer", func(s scene) func(*store.StoredAttempt) {
		s.forge(func() {
			s.paper.Items[0].Type, s.paper.Items[0].Choices = exam.SingleChoice, []exam.Choice{{Value: "a"}, {Value: "b"}}
		})
		return refused(exam.InvalidAnswer)(s)
	}},
	{"unanswered, and was skipped", linear, "R5", history.Invariants, "as unanswered", func(s scene) func(*store.StoredAttempt) {
		s.rejectInstead(s.give(history.Form, 1, "p", 1, 0, `null`, to(2, true)), exam.Unanswered)
		return nil
	}},
	{"unanswered, and was answered", linear, "R5", history.Invariants, "as unanswered", func(s scene) func(*store.StoredAttempt) {
		s.rejectInstead(s.give(history.Form, 1, "p", 1, 0, `"a"`, to(2, false)), exam.Unanswered)
		return nil
	}},
	{"an id reused that is new", free, "R2", history.Invariants, "as id_reused", refused(exam.IDReused)},
	{"an id reused that came first", free, "R2", history.Invariants, "as id_reused", func(s scene) func(*store.StoredAttempt) {
		first := s.save(1, "p", 1, 0, `"a"`)
		s.rejectInstead(first, exam.IDReused)
		s.save(1, "p", 2, 0, `"b"`)
		return nil
	}},
	{"handed in stale, and had seen all", free, "R3", history.Invariants, "as stale", func(s scene) func(*store.StoredAttempt) {
		s.save(1, "p", 1, 0, `"a"`)
		s.rejectInstead(s.submit(), exam.Stale)
		return nil
	}},
	{"handed in finished, and was open", free, "R7", history.Invariants, "as finished", func(s scene) func(*store.StoredAttempt) {
		s.rejectInstead(s.submit(), exam.Finished)
		return nil
	}},
	{"a rejection that arrived by another clock", free, "R8", history.Invariants, "its command was sent at", func(s scene) func(*store.StoredAttempt) {
		s.save(1, "p", 1, 0, `"a"`)
		s.save(1, "q", 1, 0, `"b"`)
		s.rejections[0].Arrived += exam.Instant(exam.Minute)
		return nil
	}},
	{"handed in by another clock", free, "R8", history.Invariants, "arrived at 1m1.001s", func(s scene) func(*store.StoredAttempt) {
		c := s.submit()
		s.forge(func() { s.entry(c).Entry.Arrived += exam.Instant(exam.Minute) })
		return nil
	}},
	{"extended by the server without an outage", free, "R9", history.Invariants, "which no outage asks for", func(s scene) func(*store.StoredAttempt) {
		s.byServer(exam.Extend)
		return nil
	}},
	{"a start turned away with attempts left", free, "R10", history.Witness, "0 = unlimited", func(s scene) func(*store.StoredAttempt) {
		o := s.op(history.Start)
		o.Exam, o.User, o.Command, o.Attempt = s.paper.Exam, s.paper.Candidate, s.id(), ""
		o.Done, o.Result = s.now, history.Rejected
		s.ops = append(s.ops, *o)
		return nil
	}},
	{"applied under a sign-in that had ended, and not acknowledged", free, "§3", history.Witness, "was sent under a sign-in", func(s scene) func(*store.StoredAttempt) {
		s.signOut("one")
		c := s.save(1, "p", 1, 0, `"a"`)
		s.unheard(c)
		s.ops[c.at].Session = "one"
		return nil
	}},
	{"kept under a sign-in that had ended, and refused", free, "§3", history.Witness, "was sent under a sign-in", func(s scene) func(*store.StoredAttempt) {
		s.save(1, "p", 1, 0, `"a"`)
		s.signOut("one")
		c := s.save(1, "q", 1, 0, `"b"`)
		s.unheard(c)
		s.ops[c.at].Result, s.ops[c.at].Status, s.ops[c.at].Session = history.Refused, 401, "one"
		return nil
	}},
}

// ordered is an admin's command, and that it was done is told.
func (s scene) ordered(kind exam.Kind) {
	s.now += time.Second
	s.byAdmin(kind)
	o := s.op(history.Order)
	o.Command, o.Done, o.Result = s.records[len(s.records)-1].Entry.Command, s.now, history.Acknowledged
	s.ops = append(s.ops, *o)
}

// signOut ends a sign-in.
func (s scene) signOut(session string) {
	s.now += time.Second
	o := s.op(history.SignOut)
	o.Session, o.Attempt, o.Done, o.Result = session, "", s.now, history.Acknowledged
	s.ops = append(s.ops, *o)
}
