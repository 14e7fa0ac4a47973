package exam_test

import (
	"testing"

	"shiken/exam"
)

// TestR12_Release: what is shown of a closed, marked attempt, at each moment.
func TestR12_Release(t *testing.T) {
	t.Parallel()
	const closes = t0 + 1_000
	for _, test := range []struct {
		name  string
		rule  exam.Release
		hand  exam.Instant
		now   exam.Instant
		close exam.Instant
		want  bool
	}{
		{"immediately", exam.Release{When: exam.Immediately}, 0, t0, closes, true},
		{"before the close", exam.Release{When: exam.AfterClose}, 0, closes - 1, closes, false},
		{"at the close", exam.Release{When: exam.AfterClose}, 0, closes, closes, true},
		{"an exam that never closes", exam.Release{When: exam.AfterClose}, 0, closes, 0, false},
		{"before its time", exam.Release{When: exam.At, At: closes}, 0, closes - 1, 0, false},
		{"at its time", exam.Release{When: exam.At, At: closes}, 0, closes, 0, true},
		{"not yet by hand", exam.Release{When: exam.Manually}, 0, exam.Forever, closes, false},
		{"by hand, later", exam.Release{When: exam.Manually}, closes, closes - 1, closes, false},
		{"by hand", exam.Release{When: exam.Manually}, closes, closes, closes, true},
		{"by hand before the close", exam.Release{When: exam.AfterClose}, t0, t0, closes, true},
		{"never", exam.Release{When: exam.Never}, t0, exam.Forever, closes, false},
		{"no rule", exam.Release{}, 0, exam.Forever, closes, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := exam.Paper{Rules: exam.Rules{
				Window:  exam.Window{Close: test.close},
				Release: exam.ReleaseRules{Score: test.rule, Answers: test.rule, Keys: test.rule},
			}}
			state := exam.ReleaseState{Score: test.hand, Answers: test.hand, Keys: test.hand}
			for _, marking := range []exam.Marking{exam.MarkingNone, exam.MarkingPending, exam.AwaitingMarker, exam.MarkingDone} {
				for _, status := range exam.Statuses {
					for _, open := range []bool{false, true} {
						a := exam.Attempt{Status: status, Marking: marking}
						state.OpenAttempts = open
						shown := test.want && (status == exam.Submitted || status == exam.Expired)
						want := exam.Released{Score: shown && marking == exam.MarkingDone, Answers: shown, Keys: shown && !open}
						if got := exam.ReleasedAt(&p, &a, state, test.now); got != want {
							t.Errorf("%s, %s, others open %t: %+v, want %+v", status, marking, open, got, want)
						}
					}
				}
			}
		})
	}
}

// TestR12_EachRuleForItself: score, answers and keys are released apart.
func TestR12_EachRuleForItself(t *testing.T) {
	t.Parallel()
	now, never := exam.Release{When: exam.Immediately}, exam.Release{When: exam.Never}
	a := exam.Attempt{Status: exam.Submitted, Marking: exam.MarkingDone}
	for _, test := range []struct {
		rules exam.ReleaseRules
		want  exam.Released
	}{
		{exam.ReleaseRules{Score: now, Answers: never, Keys: never}, exam.Released{Score: true}},
		{exam.ReleaseRules{Score: never, Answers: now, Keys: never}, exam.Released{Answers: true}},
		{exam.ReleaseRules{Score: never, Answers: never, Keys: now}, exam.Released{Keys: true}},
	} {
		p := exam.Paper{Rules: exam.Rules{Release: test.rules}}
		if got := exam.ReleasedAt(&p, &a, exam.ReleaseState{}, t0); got != test.want {
			t.Errorf("%+v: %+v, want %+v", test.rules, got, test.want)
		}
	}
	by := exam.Paper{Rules: exam.Rules{Release: exam.ReleaseRules{
		Score: exam.Release{When: exam.Manually}, Answers: exam.Release{When: exam.Manually}, Keys: exam.Release{When: exam.Manually},
	}}}
	if got := exam.ReleasedAt(&by, &a, exam.ReleaseState{Answers: t0}, t0); got != (exam.Released{Answers: true}) {
		t.Errorf("answers by hand: %+v", got)
	}
}
