package exam_test

import (
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"shiken/exam"
)

// handedIn is a marked attempt of 10 points in one section with a minimum, and a pass mark of 60 %.
func handedIn(points int) exam.Sat {
	passed := points >= 6
	return exam.Sat{Status: exam.Submitted, PassMark: 60, Minimums: []int{0}, Score: &exam.Score{
		Total: points * exam.FullCredit, Max: 10 * exam.FullCredit, Passed: &passed,
		Sections: []exam.SectionScore{{Total: points * exam.FullCredit, Max: 10 * exam.FullCredit}},
	}}
}

func TestWhichAttemptCounts(t *testing.T) {
	open, voided, unmarked, awaiting := handedIn(10), handedIn(10), handedIn(0), handedIn(0)
	open.Status, voided.Status = exam.InProgress, exam.Voided
	unmarked.Score = nil
	awaiting.Score.Awaiting = true
	narrow := handedIn(8) // a section's minimum was missed
	failed := false
	narrow.Score.Passed = &failed
	dropped := handedIn(5) // 5 of 8 points: one question does not count
	dropped.Score.Max = 8 * exam.FullCredit
	for _, tt := range []struct {
		name    string
		counts  exam.Counting
		sat     []exam.Sat
		want    []int
		total   int // points
		awaits  bool
		passed  bool
		judging bool
	}{
		{"none", exam.CountBest, nil, nil, 0, false, false, false},
		{"open and voided ones", exam.CountBest, []exam.Sat{open, voided}, nil, 0, false, false, false},
		{"the best", exam.CountBest, []exam.Sat{handedIn(3), handedIn(7), voided, handedIn(5)}, []int{1}, 7, false, true, true},
		{"the first of equals", exam.CountBest, []exam.Sat{handedIn(7), handedIn(7)}, []int{0}, 7, false, true, true},
		{"a pass before more points", exam.CountBest, []exam.Sat{narrow, handedIn(6)}, []int{1}, 6, false, true, true},
		{"the greater part", exam.CountBest, []exam.Sat{handedIn(6), dropped}, []int{0}, 6, false, true, true},
		{"the best, one unmarked", exam.CountBest, []exam.Sat{handedIn(10), unmarked}, nil, 0, true, false, false},
		{"the best, one is being written", exam.CountBest, []exam.Sat{handedIn(4), open}, []int{0}, 4, false, false, true},
		{"the last", exam.CountLast, []exam.Sat{handedIn(9), handedIn(2), voided, open}, []int{1}, 2, false, false, true},
		{"the last awaits", exam.CountLast, []exam.Sat{handedIn(9), awaiting}, nil, 0, true, false, false},
		{"the first", exam.CountFirst, []exam.Sat{voided, handedIn(2), unmarked}, []int{1}, 2, false, false, true},
		{"the average", exam.CountAverage, []exam.Sat{handedIn(4), voided, handedIn(8)}, []int{0, 2}, 6, false, true, true},
		{"the average, one unmarked", exam.CountAverage, []exam.Sat{handedIn(4), unmarked}, nil, 0, true, false, false},
	} {
		r := tt.counts.ResultOf(tt.sat)
		passed := r.Passed != nil && *r.Passed
		if !slices.Equal(r.Counts, tt.want) || r.Mean(r.Total) != tt.total*exam.FullCredit || r.Awaiting != tt.awaits ||
			passed != tt.passed || (r.Passed != nil) != tt.judging || r.Known() != (len(tt.want) > 0) {
			t.Errorf("%s: %+v", tt.name, r)
		}
	}
}

// An average is judged unrounded, in its sections, too.
func TestAverageIsJudged(t *testing.T) {
	sections := func(first, second int) exam.Sat {
		return exam.Sat{Status: exam.Expired, PassMark: 50, Minimums: []int{0, 50}, Score: &exam.Score{
			Total: first + second, Max: 60_000, Sections: []exam.SectionScore{{Total: first, Max: 30_000}, {Total: second, Max: 30_000}},
		}}
	}
	for _, tt := range []struct {
		a, b   exam.Sat
		passed bool
	}{
		{sections(30_000, 10_000), sections(30_000, 20_000), true},
		{sections(30_000, 10_000), sections(30_000, 19_999), false},
		{sections(0, 30_000), sections(0, 29_999), false},
	} {
		r := exam.CountAverage.ResultOf([]exam.Sat{tt.a, tt.b})
		if r.Passed == nil || *r.Passed != tt.passed || r.Sections[0].Passed != nil || r.Sections[1].Passed == nil {
			t.Errorf("%+v", r)
		}
	}
	other := sections(1, 1)
	other.Score.Sections = other.Score.Sections[:1]
	if r := exam.CountAverage.ResultOf([]exam.Sat{sections(1, 1), other}); r.Sections != nil || r.Total != 4 {
		t.Errorf("of other sections: %+v", r)
	}
	if r := (exam.SeriesResult{Counts: []int{0, 1, 2}}); r.Mean(5) != 2 || r.Mean(4) != 1 || r.Mean(0) != 0 {
		t.Error("means are rounded wrongly")
	}
}

// Whatever the attempts: voided and open ones change nothing, and one attempt is every result.
func TestCountingBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var sat, closed []exam.Sat
		for range rapid.IntRange(0, 5).Draw(t, "attempts") {
			s := handedIn(rapid.IntRange(0, 10).Draw(t, "points"))
			s.Status = rapid.SampledFrom(exam.Statuses).Draw(t, "status")
			sat = append(sat, s)
			if s.Status.Closed() {
				closed = append(closed, s)
			}
		}
		c := rapid.SampledFrom([]exam.Counting{exam.CountBest, exam.CountLast, exam.CountFirst, exam.CountAverage}).Draw(t, "counts")
		r, alone := c.ResultOf(sat), c.ResultOf(closed)
		if len(r.Counts) != len(alone.Counts) || r.Total != alone.Total || r.Max != alone.Max || !reflect.DeepEqual(r.Passed, alone.Passed) {
			t.Fatalf("%+v, of those alone that were handed in %+v", r, alone)
		}
		for _, i := range r.Counts {
			if !sat[i].Status.Closed() {
				t.Fatalf("attempt %d counts", i)
			}
		}
		if len(closed) == 1 && r.Total != closed[0].Score.Total {
			t.Fatalf("%+v of %+v", r, closed)
		}
	})
}
