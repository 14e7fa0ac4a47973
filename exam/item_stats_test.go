package exam_test

import (
	"math"
	"slices"
	"testing"

	"shiken/exam"
)

// statistics are those of the first question of papers of three questions, of which each attempt chose these
// options; right is always "a".
func statistics(attempts ...[]string) exam.ItemStatistics {
	var s exam.Statistics
	var keys map[string]exam.Key
	for _, chosen := range attempts {
		p, a, k := sheet(0, 0, nil, chosen...)
		s.Add(p, &a)
		keys = k
	}
	return s.Items(keys)[0]
}

func times(n int, chosen ...string) [][]string { return slices.Repeat([][]string{chosen}, n) }

// TestItemStatisticsByHand: of 20 attempts at three questions
//
//	6 have all right, 4 the first and one more, 4 the first wrong (b) and one of the others right, 6 nothing.
//
// Facility (6 + 4) ÷ 20 = 0.5. The rest (of two questions) is 1, ½, ½, 0: mean ½, so that the sum of products
// is 6·½·½ + 0 + 0 + 6·½·½ = 3, that of squares 20·¼ = 5 for the item and 12·¼ = 3 for the rest:
// r = 3 ÷ √15 = 0.7746. 27 % of 20 are 5.4, so 5; with who ties the upper are the 6 with all right, the lower
// the 6 with nothing: D = 1 − 0 = 1.
func TestItemStatisticsByHand(t *testing.T) {
	st := statistics(slices.Concat(times(6, "a", "a", "a"), times(4, "a", "a", "b"), times(4, "b", "a", "b"), times(6, "", "b", "b"))...)
	if st.Attempts != 20 || st.Omitted != 6 || math.Abs(st.Facility-0.5) > 1e-9 {
		t.Errorf("%d attempts, %d omitted, facility %v", st.Attempts, st.Omitted, st.Facility)
	}
	if want := 3 / math.Sqrt(15); st.Discrimination == nil || math.Abs(*st.Discrimination-want) > 1e-9 {
		t.Errorf("discrimination %v, want %v", st.Discrimination, want)
	}
	if st.UpperLower == nil || *st.UpperLower != 1 {
		t.Errorf("upper minus lower %v", st.UpperLower)
	}
	if a, b := st.Options["a"], st.Options["b"]; a != (exam.OptionCount{All: 10, Upper: 6}) || b != (exam.OptionCount{All: 4}) {
		t.Errorf("options %+v", st.Options)
	}
	if len(st.Suspicions) != 0 {
		t.Errorf("suspected %v", st.Suspicions)
	}
}

func TestItemSuspicions(t *testing.T) {
	for name, tt := range map[string]struct {
		attempts [][]string
		want     []exam.Suspicion
	}{
		// Who has the rest right chose b, who has nothing right the key: r < 0, and b is ahead above.
		"wrong key": {slices.Concat(times(10, "b", "a", "a"), times(10, "a", "b", "b")), []exam.Suspicion{exam.DistractorAhead, exam.Negative}},
		// 7 of 20 have it right, 0.35 ≤ ⅓ + 0.05; they are the best.
		"guessed":        {slices.Concat(times(7, "a", "a", "a"), times(13, "c", "b", "b")), []exam.Suspicion{exam.Guessed}},
		"hard and sound": {slices.Concat(times(8, "a", "a", "a"), times(12, "c", "b", "b")), nil},
		"too few":        {slices.Concat(times(9, "b", "a", "a"), times(10, "a", "b", "b")), nil},
		"all the same":   {times(20, "a", "a", "a"), nil},
	} {
		if got := statistics(tt.attempts...).Suspicions; !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
	if st := statistics(times(20, "a", "a", "a")...); st.Discrimination != nil || st.UpperLower != nil || st.Facility < 0.999 {
		t.Errorf("no difference: %+v", st)
	}
}

// What is open, voided, waits for a marker or counts nothing says nothing.
func TestItemStatisticsLeaveOut(t *testing.T) {
	var s exam.Statistics
	p, a, keys := sheet(0, 0, nil, "a", "b")
	for _, change := range []func(*exam.Attempt){
		func(a *exam.Attempt) { a.Status = exam.InProgress }, func(a *exam.Attempt) { a.Status = exam.Voided },
		func(a *exam.Attempt) { a.Score = nil },
		func(a *exam.Attempt) { score := *a.Score; score.Awaiting = true; a.Score = &score },
	} {
		left := a
		change(&left)
		s.Add(p, &left)
	}
	if got := s.Items(keys); len(got) != 0 {
		t.Errorf("statistics %+v", got)
	}
	dropped := exam.Key{Revision: 2, Treatment: exam.Excluded}
	a.Score = &[]exam.Score{(exam.Grader{}).Regrade(p, &a, &dropped, 1, a.Score.Items[0], true).Score}[0]
	s.Add(p, &a)
	if got := s.Items(keys); len(got) != 1 || got[0].Version != "B" {
		t.Errorf("a dropped question counts: %+v", got)
	}
}
