package exam_test

import (
	"testing"

	"shiken/exam"
)

// over is the deadline of an attempt of the tests.
const over = t0 + exam.Instant(limit)

// gap is from so long after the deadline until so long after it.
func gap(from, to exam.Micros) exam.Gap {
	return exam.Gap{Began: over.Add(from), Ended: over.Add(to)}
}

// TestR9_ExtensionAfterAGap: who lost the deadline or a part of the grace has 60 s after the gap.
func TestR9_ExtensionAfterAGap(t *testing.T) {
	t.Parallel()
	const s = exam.Second
	for _, test := range []struct {
		name     string
		from, to exam.Micros
		given    exam.Micros
	}{
		{"before the deadline", -60 * s, -1, 0},
		{"until the deadline", -60 * s, 0, 60 * s},
		{"over the deadline", -20 * s, 40 * s, 100 * s},
		{"over deadline and grace", -20 * s, 400 * s, 460 * s},
		{"within the grace", 2 * s, 3 * s, 63 * s},
		{"from the end of the grace", grace, grace + 5*s, grace + 65*s},
		{"after the grace", grace + 1, grace + 5*s, 0},
	} {
		sat := begin(t, threeTexts(exam.Free, exam.ExamFeedback))
		g := gap(test.from, test.to)
		got := g.Extension(sat.p, &sat.a)
		if got != test.given {
			t.Errorf("a gap %s gives %d µs, want %d", test.name, got, test.given)
		}
		if got == 0 {
			continue
		}
		c := byServer("s1", exam.Extend)
		c.Amount = got
		sat.must(t, c, g.Ended.Add(1))
		if d, _ := sat.a.Deadline(sat.p); d != g.Ended.Add(60*s) {
			t.Errorf("a gap %s: the deadline is %d µs after its end", test.name, d.Sub(g.Ended))
		}
		if again := g.Extension(sat.p, &sat.a); again != 0 {
			t.Errorf("a gap %s gives %d µs again", test.name, again)
		}
	}
}

// TestR9_ExtensionOfOthers: by how much a gap of 20 s around the deadline extends attempts of all kinds.
func TestR9_ExtensionOfOthers(t *testing.T) {
	t.Parallel()
	const s = exam.Second
	g := gap(-10*s, 10*s)
	at := func(kind exam.Kind, from exam.Micros) func(*sitting) {
		return func(sat *sitting) {
			c := byAdmin(string(kind), kind)
			if kind == exam.Submit {
				c = submit("submit", 0)
			}
			sat.must(t, c, over.Add(from))
		}
	}
	for _, test := range []struct {
		name  string
		rules func(*exam.Rules)
		do    []func(*sitting)
		given exam.Micros
	}{
		{"untimed", func(r *exam.Rules) { r.TimeLimit = 0 }, nil, 0},
		{"the exam's close", func(r *exam.Rules) { r.TimeLimit, r.Window.Close = 0, over }, nil, 70 * s},
		{"a close before the limit's end", func(r *exam.Rules) { r.TimeLimit *= 2; r.Window.Close = over }, nil, 70 * s},
		{"extra time", func(r *exam.Rules) { r.ExtraPercent = 25 }, nil, 0},
		{"paused before the gap", nil, []func(*sitting){at(exam.Pause, -11*s)}, 0},
		{"paused in the gap with time left", nil, []func(*sitting){at(exam.Pause, -1)}, 0},
		{"paused in the gap at its end", nil, []func(*sitting){at(exam.Pause, 0)}, 70 * s},
		{"paused after the gap", nil, []func(*sitting){at(exam.Pause, 12*s)}, 70 * s},
		{"paused and resumed", nil, []func(*sitting){at(exam.Pause, -30*s), at(exam.Resume, 0)}, 0},
		{"handed in", nil, []func(*sitting){at(exam.Submit, -11*s)}, 0},
		{"voided", nil, []func(*sitting){at(exam.Void, 12*s)}, 0},
		{"reopened after the gap", nil, []func(*sitting){at(exam.Submit, -11*s), at(exam.Reopen, 11*s)}, 0},
	} {
		p := threeTexts(exam.Free, exam.ExamFeedback)
		if test.rules != nil {
			test.rules(&p.Rules)
		}
		sat := begin(t, p)
		for _, do := range test.do {
			do(&sat)
		}
		if got := g.Extension(sat.p, &sat.a); got != test.given {
			t.Errorf("%s: %d µs, want %d", test.name, got, test.given)
		}
	}
}

// TestR16_LostTime: what a gap of 20 s before the deadline cost, stops of the clock left out.
func TestR16_LostTime(t *testing.T) {
	t.Parallel()
	const s = exam.Second
	type step struct {
		kind exam.Kind
		at   exam.Micros // after the deadline
	}
	for _, test := range []struct {
		name  string
		steps []step
		lost  exam.Micros
	}{
		{"running", nil, 20 * s},
		{"paused before, resumed after", []step{{exam.Pause, -60 * s}, {exam.Resume, 0}}, 0},
		{"paused in it", []step{{exam.Pause, -50 * s}}, 10 * s},
		{"resumed in it", []step{{exam.Pause, -70 * s}, {exam.Resume, -45 * s}}, 5 * s},
		{"voided in it, and back in it", []step{{exam.Void, -55 * s}, {exam.Unvoid, -50 * s}}, 15 * s},
		{"handed in before", []step{{exam.ForceSubmit, -61 * s}}, 0},
		{"handed in before, reopened after", []step{{exam.ForceSubmit, -61 * s}, {exam.Reopen, -10 * s}}, 0},
		{"handed in after", []step{{exam.ForceSubmit, -10 * s}}, 20 * s},
		{"paused, then handed in", []step{{exam.Pause, -59 * s}, {exam.ForceSubmit, -10 * s}}, 1 * s},
	} {
		sat := begin(t, threeTexts(exam.Free, exam.ExamFeedback))
		for i, step := range test.steps {
			sat.must(t, byAdmin(test.name+string(rune('0'+i)), step.kind), over.Add(step.at))
		}
		if got := gap(-60*s, -40*s).Lost(sat.journal(), "none"); got != test.lost {
			t.Errorf("%s: lost %d µs, want %d", test.name, got, test.lost)
		}
	}
}

func (s *sitting) journal() []exam.Entry {
	var out []exam.Entry
	for _, r := range s.records {
		out = append(out, r.Entry)
	}
	return out
}

// TestR16_LostTimeIsNotGivenTwice: what the server gave after the gap is no more lost.
func TestR16_LostTimeIsNotGivenTwice(t *testing.T) {
	t.Parallel()
	const s = exam.Second
	for _, test := range []struct{ before, lost exam.Micros }{
		{200 * s, 140 * s}, // had 200 s left, has 60 s
		{60 * s, 0},
		{30 * s, 0}, // has more than it had
	} {
		sat := begin(t, threeTexts(exam.Free, exam.ExamFeedback))
		g := gap(-test.before, 400*s)
		c := byServer("given", exam.Extend)
		c.Amount = g.Extension(sat.p, &sat.a)
		sat.must(t, c, g.Ended)
		other := byAdmin("other", exam.Extend)
		other.Amount = exam.Minute
		sat.must(t, other, g.Ended)
		if got := g.Lost(sat.journal(), "given"); got != test.lost {
			t.Errorf("with %d s left: lost %d µs, want %d", test.before/s, got, test.lost)
		}
	}
}

// TestR9_RestsOnTime: which outcomes stand only if no gap took the end of the time.
func TestR9_RestsOnTime(t *testing.T) {
	t.Parallel()
	late, inTime := over.Add(grace+1), over.Add(grace)
	linear := func() sitting { return begin(t, threeTexts(exam.Linear, exam.ExamFeedback)) }
	saved := func() sitting {
		s := linear()
		s.must(t, save("c2", 1, "p", 2, 0, "y"), inTime)
		return s
	}
	refused := func() sitting {
		s := linear()
		s.refused(t, save("c1", 1, "p", 1, 0, "x"), late, exam.TimeIsUp)
		return s
	}
	for _, test := range []struct {
		name    string
		sat     sitting
		c       exam.Command
		arrived exam.Instant
		rests   bool
	}{
		{"saved", linear(), save("c1", 1, "p", 1, 0, "x"), inTime, false},
		{"too late", linear(), save("c1", 1, "p", 1, 0, "x"), late, true},
		{"too late again", refused(), save("c1", 1, "p", 1, 0, "x"), late, false},
		{"other content under the id", refused(), save("c1", 1, "p", 1, 0, "z"), late, false},
		{"handed in too late", linear(), submit("c1", 0), late, true},
		{"overtaken", saved(), save("c1", 1, "p", 1, 0, "x"), late, true},
		{"an overtaken move in time", saved(), move("c1", 1, "p", 1, 0, "x", 2), inTime, false},
		{"an overtaken move that is not made", saved(), move("c1", 1, "p", 1, 0, "x", 2), late, true},
		{"expired", linear(), byServer("s1", exam.Expire), late.Add(exam.W), true},
		{"not yet expired", linear(), byServer("s1", exam.Expire), inTime, false},
		{"extended", linear(), byServer("s1", exam.Extend), late, false},
	} {
		was := test.sat.a
		o, err := test.sat.send(test.c, test.arrived)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
		}
		if got := o.Rests(test.sat.p, &was, test.arrived); got != test.rests {
			t.Errorf("%s: %s %s rests on the time being over: %t, want %t", test.name, o.Result, o.Reason, got, test.rests)
		}
	}
}
