package exam_test

import (
	"testing"

	"pgregory.net/rapid"

	"shiken/exam"
)

// TestR16_Deadline: the formula, by hand.
func TestR16_Deadline(t *testing.T) {
	t.Parallel()
	const m = exam.Minute
	for _, test := range []struct {
		name             string
		limit            exam.Micros
		extra            int
		extended, paused exam.Micros
		closes           exam.Micros // after the start; 0 = no close
		want             exam.Micros // after the start; -1 = untimed
	}{
		{"untimed", 0, 0, 0, 0, 0, -1},
		{"untimed stays untimed, whatever is given", 0, 100, 5 * m, 5 * m, 0, -1},
		{"the limit", 30 * m, 0, 0, 0, 0, 30 * m},
		{"a quarter more", 30 * m, 25, 0, 0, 0, 37*m + 30*exam.Second},
		{"three times more", 30 * m, 300, 0, 0, 0, 120 * m},
		{"extended and paused", 30 * m, 0, 5 * m, 7 * m, 0, 42 * m},
		{"all together", 30 * m, 10, 5 * m, 7 * m, 0, 45 * m},
		{"closed before the limit", 30 * m, 0, 0, 0, 20 * m, 20 * m},
		{"closed after the limit", 30 * m, 0, 0, 0, 40 * m, 30 * m},
		{"the close moves by extra time", 30 * m, 50, 0, 0, 20 * m, 35 * m},
		{"the close moves by what was given", 30 * m, 0, 5 * m, 3 * m, 20 * m, 28 * m},
		{"the close alone", 0, 100, 0, 0, 20 * m, 20 * m},
		{"the close alone, moved", 0, 0, 5 * m, 3 * m, 20 * m, 28 * m},
		{"percent of a microsecond is cut off", 50, 1, 0, 0, 0, 50},
	} {
		p := exam.Paper{Rules: exam.Rules{TimeLimit: test.limit, ExtraPercent: test.extra}}
		if test.closes > 0 {
			p.Rules.Window.Close = t0.Add(test.closes)
		}
		a := exam.Attempt{Status: exam.InProgress, Started: t0, Extended: test.extended, PausedFor: test.paused}
		d, timed := a.Deadline(&p)
		if timed != (test.want >= 0) || timed && d.Sub(t0) != test.want {
			t.Errorf("%s: %d, timed %t; want %d", test.name, d.Sub(t0), timed, test.want)
		}
		at, expires := a.ExpiresAt(&p)
		if expires != timed || timed && at != d.Add(p.Rules.Grace+exam.W) {
			t.Errorf("%s: expires at %d", test.name, at)
		}
		a.Status = exam.Paused
		if _, expires := a.ExpiresAt(&p); expires {
			t.Errorf("%s: expires while paused", test.name)
		}
	}
}

// TestR8_LastMoment: a command counts if it arrived by deadline + grace, to the microsecond; what is
// later is kept (R15).
func TestR8_LastMoment(t *testing.T) {
	t.Parallel()
	last := t0.Add(limit + grace)
	for _, kind := range []exam.Kind{exam.Save, exam.Move, exam.Flag, exam.Check, exam.TimeUp, exam.Submit} {
		for _, late := range []bool{false, true} {
			s := begin(t, threeTexts(exam.Free, exam.PracticeFeedback))
			c, _ := rightCommand(&s, kind)
			if !late {
				s.must(t, c, last)
				continue
			}
			o := s.refused(t, c, last+1, exam.TimeIsUp)
			if o.Rejection == nil || o.Rejection.Arrived != last+1 || !o.Rejection.Payload.Answer.Equal(c.Answer) {
				t.Errorf("R15: %s kept as %+v", kind, o.Rejection)
			}
		}
	}
}

// TestR9_Expiry: time_up closes nothing; the server closes at deadline + grace + W and not before;
// the clock stopped at the deadline.
func TestR9_Expiry(t *testing.T) {
	t.Parallel()
	s := begin(t, threeTexts(exam.Free, exam.ExamFeedback))
	s.must(t, onQuestion("t1", exam.TimeUp, 1, "p", 1, 0, "x"), t0.Add(limit))
	s.must(t, onQuestion("t2", exam.TimeUp, 2, "q", 1, 0, "y"), t0.Add(limit+grace))
	closing := t0.Add(limit + grace + exam.W)
	s.refused(t, byServer("s1", exam.Expire), closing-1, exam.Stale)
	if s.a.Status != exam.InProgress || len(s.kept) != 0 {
		t.Fatalf("status %s, kept %v", s.a.Status, s.kept)
	}
	s.must(t, byServer("s1", exam.Expire), closing)
	if s.a.Status != exam.Expired || s.a.Stopped != t0.Add(limit) || s.a.Marking != exam.MarkingPending {
		t.Errorf("%s, stopped at %d, marking %s", s.a.Status, s.a.Stopped.Sub(t0), s.a.Marking)
	}
	s.refused(t, save("c1", 1, "p", 2, 1, "z"), t0.Add(limit), exam.Finished)
}

// TestR9_OutageExtends: the server extends before anything expires, and late answers count again.
func TestR9_OutageExtends(t *testing.T) {
	t.Parallel()
	s := begin(t, threeTexts(exam.Free, exam.ExamFeedback))
	back := t0.Add(limit + 10*exam.Minute)
	outage := byServer("s1", exam.Extend)
	outage.Amount = back.Add(60*exam.Second).Sub(t0) - limit
	s.must(t, outage, back)
	s.refused(t, byServer("s2", exam.Expire), back, exam.Stale)
	s.must(t, save("c1", 1, "p", 1, 0, "x"), back.Add(60*exam.Second))
}

// TestR9_UntimedNeverExpires: without limit and close there is no time to run out.
func TestR9_UntimedNeverExpires(t *testing.T) {
	t.Parallel()
	p := threeTexts(exam.Free, exam.ExamFeedback)
	p.Rules.TimeLimit = 0
	s := begin(t, p)
	s.refused(t, byServer("s1", exam.Expire), t0.Add(exam.MaxTimeLimit), exam.Stale)
	s.must(t, save("c1", 1, "p", 1, 0, "x"), t0.Add(exam.MaxTimeLimit))
}

// timeLeft is what the candidate has from now on.
func timeLeft(s *sitting, now exam.Instant) exam.Micros {
	d, _ := s.a.Deadline(s.p)
	return d.Sub(now)
}

// TestR16_NobodyLosesTime: whatever stops the clock (pause, void, a close that is reopened), the
// time that was left is left again when it runs again, plus what was given.
func TestR16_NobodyLosesTime(t *testing.T) {
	t.Parallel()
	const m = exam.Minute
	reopen := byAdmin("2", exam.Reopen)
	reopen.Amount = 5 * m
	for _, test := range []struct {
		name        string
		stop, goOn  exam.Command
		given, left exam.Micros // left: when stopped at 10 minutes
	}{
		{"pause", byAdmin("1", exam.Pause), byAdmin("2", exam.Resume), 0, 20 * m},
		{"void", byAdmin("1", exam.Void), byAdmin("2", exam.Unvoid), 0, 20 * m},
		{"submit", submit("1", 0), byAdmin("2", exam.Reopen), 0, 20 * m},
		{"force submit", byAdmin("1", exam.ForceSubmit), reopen, 5 * m, 25 * m},
	} {
		s := begin(t, threeTexts(exam.Free, exam.ExamFeedback))
		s.must(t, test.stop, t0.Add(10*m))
		s.must(t, test.goOn, t0.Add(90*m))
		if got := timeLeft(&s, t0.Add(90*m)); got != test.left || s.a.Stopped != 0 || s.a.Status != exam.InProgress {
			t.Errorf("%s: %d µs left, want %d; %s", test.name, got, test.left, s.a.Status)
		}
	}
}

// TestR16_StopsWithinStops: a pause that is voided or handed in, and a clock that goes backwards.
func TestR16_StopsWithinStops(t *testing.T) {
	t.Parallel()
	const m = exam.Minute
	for _, test := range []struct {
		name     string
		commands []exam.Kind // at 10, 20, 30 … minutes
		left     exam.Micros
	}{
		{"void in a pause", []exam.Kind{exam.Pause, exam.Void, exam.Unvoid, exam.Resume}, 20 * m},
		{"forced in a pause", []exam.Kind{exam.Pause, exam.ForceSubmit, exam.Reopen}, 20 * m},
		{"void after the end", []exam.Kind{exam.ForceSubmit, exam.Void, exam.Unvoid, exam.Reopen}, 20 * m},
		{"two pauses", []exam.Kind{exam.Pause, exam.Resume, exam.Pause, exam.Resume}, 10 * m},
	} {
		s := begin(t, threeTexts(exam.Free, exam.ExamFeedback))
		now := t0
		for i, kind := range test.commands {
			now = t0.Add(exam.Micros(i+1) * 10 * m)
			s.must(t, byAdmin(test.name+string(kind)+string(rune('0'+i)), kind), now)
		}
		if got := timeLeft(&s, now); got != test.left {
			t.Errorf("%s: %d µs left, want %d", test.name, got, test.left)
		}
	}
	s := begin(t, threeTexts(exam.Free, exam.ExamFeedback))
	s.must(t, byAdmin("1", exam.Pause), t0.Add(10*m))
	s.must(t, byAdmin("2", exam.Resume), t0.Add(9*m))
	if got := timeLeft(&s, t0); got != limit {
		t.Errorf("a clock that goes backwards takes time: %d", got)
	}
}

// TestR16_AnyPauses: a candidate who is paused at random works for exactly the limit.
func TestR16_AnyPauses(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := begin(t, threeTexts(exam.Free, exam.ExamFeedback))
		now, worked, given := t0, exam.Micros(0), exam.Micros(0)
		for i := range rapid.IntRange(0, 6).Draw(t, "pauses") {
			work := exam.Micros(rapid.Int64Range(0, int64(limit)/10).Draw(t, "work"))
			now, worked = now.Add(work), worked+work
			s.must(t, byAdmin("p"+string(rune('a'+i)), exam.Pause), now)
			now = now.Add(exam.Micros(rapid.Int64Range(0, int64(exam.MaxTimeLimit)).Draw(t, "pause")))
			more := byAdmin("e"+string(rune('a'+i)), exam.Extend)
			more.Amount = exam.Micros(rapid.Int64Range(0, int64(limit)).Draw(t, "amount"))
			given += more.Amount
			s.must(t, more, now)
			s.must(t, byAdmin("r"+string(rune('a'+i)), exam.Resume), now)
		}
		if got := timeLeft(&s, now); got != limit-worked+given {
			t.Fatalf("%d µs left, want %d", got, limit-worked+given)
		}
	})
}
