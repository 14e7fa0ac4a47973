package exam_test

import (
	"testing"

	"shiken/exam"
)

// What is told of corrected keys follows the journal: whose revision rose by a regrade, since the last reopen.
func TestCorrectedKeys(t *testing.T) {
	score := func(marks, revisions []int) *exam.Score { return &exam.Score{Items: marks, Revisions: revisions} }
	marked := func(kind exam.Kind, s *exam.Score, position int, kept *int) exam.Entry {
		e := exam.Entry{Kind: kind, Arrived: exam.Instant(len(s.Items)), Effect: exam.Effect{Marking: exam.MarkingDone, Score: s}}
		if position > 0 {
			e.Effect.Response = &exam.ResponseEffect{Position: position, Kept: &exam.Kept{Mark: kept}}
		}
		return e
	}
	one := point
	first := marked(exam.Grade, score([]int{point, 0}, []int{1, 1}), 0, nil)
	raised := marked(exam.Regrade, score([]int{point, point}, []int{1, 2}), 2, nil)
	keeps := marked(exam.Regrade, score([]int{point, 0}, []int{2, 1}), 1, &one)
	lowers := marked(exam.Regrade, score([]int{0, 0}, []int{2, 1}), 1, nil)
	all := marked(exam.Grade, score([]int{0, point}, []int{2, 2}), 0, nil)
	newest := marked(exam.Grade, score([]int{0, 0}, []int{3, 3}), 0, nil)
	type told struct {
		position, before, after int
		kept                    bool
	}
	for name, tt := range map[string]struct {
		entries []exam.Entry
		want    []told
	}{
		"never":                         {[]exam.Entry{first}, nil},
		"marked late, by a newer key":   {[]exam.Entry{newest}, nil},
		"raised":                        {[]exam.Entry{first, raised}, []told{{2, 0, point, false}}},
		"kept":                          {[]exam.Entry{first, keeps}, []told{{1, point, point, true}}},
		"carried out again":             {[]exam.Entry{first, keeps, lowers}, []told{{1, point, 0, false}}},
		"the whole, later":              {[]exam.Entry{first, {Kind: exam.Regrade}, all}, []told{{1, point, 0, false}, {2, 0, point, false}}},
		"a mark by hand, a newer key":   {[]exam.Entry{first, {Kind: exam.MarkByHand}, all}, nil},
		"before a reopen":               {[]exam.Entry{first, raised, {Kind: exam.Reopen}, all}, nil},
		"before and after a reopen":     {[]exam.Entry{first, raised, {Kind: exam.Reopen}, first, keeps}, []told{{1, point, point, true}}},
		"two questions, in their order": {[]exam.Entry{first, raised, {Kind: exam.Regrade}, all}, []told{{2, 0, point, false}, {1, point, 0, false}}},
	} {
		t.Run(name, func(t *testing.T) {
			got := exam.CorrectedKeys(tt.entries)
			if len(got) != len(tt.want) {
				t.Fatalf("%+v, want %+v", got, tt.want)
			}
			for i, w := range tt.want {
				c := got[i]
				if is := (told{c.Position, c.Before.Items[c.Position-1], c.After.Items[c.Position-1], c.Kept}); is != w || c.At != 2 {
					t.Errorf("%+v at %d, want %+v", is, c.At, w)
				}
			}
		})
	}
}
