package exam_test

import (
	"testing"

	"shiken/exam"
)

func pointer(n int) *int { return &n }

// TestR16_AccommodationsAreOfTheirOwn: what a candidate has takes the place of the exam's, bound by
// bound, and nothing else of the exam changes.
func TestR16_AccommodationsAreOfTheirOwn(t *testing.T) {
	t.Parallel()
	d := exam.Definition{Attempts: 1, Published: true}
	d.Rules.Window = exam.Window{Open: t0, LastStart: t0 + 10, Close: t0 + 20}
	for _, test := range []struct {
		name     string
		own      exam.Accommodation
		want     exam.Window
		examsOwn exam.Instant // ExamClose
		attempts int
		extra    int
		ordered  bool
	}{
		{"nothing", exam.Accommodation{}, exam.Window{Open: t0, LastStart: t0 + 10, Close: t0 + 20}, 0, 1, 25, true},
		{"no extra time", exam.Accommodation{ExtraPercent: pointer(0)}, d.Rules.Window, 0, 1, 0, true},
		{"more of everything", exam.Accommodation{ExtraPercent: pointer(100), Attempts: pointer(0)}, d.Rules.Window, 0, 0, 100, true},
		{"a later close", exam.Accommodation{Window: exam.Window{Close: t0 + 30}},
			exam.Window{Open: t0, LastStart: t0 + 10, Close: t0 + 30}, t0 + 20, 1, 25, true},
		{"the same close", exam.Accommodation{Window: exam.Window{Close: t0 + 20}}, d.Rules.Window, 0, 1, 25, true},
		{"another day", exam.Accommodation{Window: exam.Window{Open: t0 + 100, LastStart: t0 + 110, Close: t0 + 120}},
			exam.Window{Open: t0 + 100, LastStart: t0 + 110, Close: t0 + 120}, t0 + 20, 1, 25, true},
		{"opened after the last start", exam.Accommodation{Window: exam.Window{Open: t0 + 11}},
			exam.Window{Open: t0 + 11, LastStart: t0 + 10, Close: t0 + 20}, 0, 1, 25, false},
		{"closed before the last start", exam.Accommodation{Window: exam.Window{Close: t0 + 9}},
			exam.Window{Open: t0, LastStart: t0 + 10, Close: t0 + 9}, t0 + 20, 1, 25, false},
		{"opened at the close", exam.Accommodation{Window: exam.Window{Open: t0 + 20, LastStart: t0 + 20}},
			exam.Window{Open: t0 + 20, LastStart: t0 + 20, Close: t0 + 20}, 0, 1, 25, false},
	} {
		got := test.own.Of(d)
		if got.Rules.Window != test.want || got.Rules.ExamClose != test.examsOwn || got.Attempts != test.attempts {
			t.Errorf("%s: %+v, %d attempts", test.name, got.Rules, got.Attempts)
		}
		if extra := test.own.Extra(25); extra != test.extra {
			t.Errorf("%s: %d percent of extra time", test.name, extra)
		}
		if w := got.Rules.Window; w.Ordered() != test.ordered {
			t.Errorf("%s: ordered %t", test.name, w.Ordered())
		}
		if isZero := test.name == "nothing"; test.own.IsZero() != isZero {
			t.Errorf("%s: is zero %t", test.name, test.own.IsZero())
		}
	}
	if d.Rules.Window.Close != t0+20 || d.Rules.ExamClose != 0 {
		t.Error("the exam itself was changed")
	}
}

// TestR12_OwnWindows: results of a candidate with a close of their own are released by the exam's, and no
// keys while a window of anybody's own lasts.
func TestR12_OwnWindows(t *testing.T) {
	t.Parallel()
	afterClose := exam.Release{When: exam.AfterClose}
	d := exam.Definition{}
	d.Rules.Window.Close = t0 + 20
	d.Rules.Release = exam.ReleaseRules{Score: afterClose, Answers: afterClose, Keys: afterClose}
	a := exam.Attempt{Status: exam.Submitted, Marking: exam.MarkingDone}
	for _, test := range []struct {
		name       string
		own, state exam.Instant // closes
		now        exam.Instant
		want       exam.Released
	}{
		{"an earlier close of one's own", t0 + 10, t0 + 10, t0 + 15, exam.Released{}},
		{"after the exam's close", t0 + 10, t0 + 10, t0 + 20, exam.Released{Score: true, Answers: true, Keys: true}},
		{"another's window lasts", 0, t0 + 30, t0 + 25, exam.Released{Score: true, Answers: true}},
		{"another's window is over", 0, t0 + 30, t0 + 30, exam.Released{Score: true, Answers: true, Keys: true}},
	} {
		own := exam.Accommodation{Window: exam.Window{Close: test.own}}
		p := exam.Paper{Rules: own.Of(d).Rules}
		if got := exam.ReleasedAt(&p, &a, exam.ReleaseState{OwnUntil: test.state}, test.now); got != test.want {
			t.Errorf("%s: %+v, want %+v", test.name, got, test.want)
		}
	}
	p := exam.Paper{Rules: exam.Rules{Release: exam.ReleaseRules{Keys: exam.Release{When: exam.Immediately}}}}
	if exam.ReleasedAt(&p, &a, exam.ReleaseState{OwnUntil: t0 + 1, Keys: t0}, t0).Keys {
		t.Error("keys are out while somebody's own window lasts")
	}
}
