package proctor_test

import (
	"context"
	"testing"

	"shiken/devtools/simulate/memory"
	"shiken/exam"
	"shiken/proctor"
	"shiken/store"
)

// held is a store whose reader of keys is held up once, with what it has read.
type held struct {
	proctor.Store
	meanwhile func()
}

func (h *held) Keys(ctx context.Context, versions []string) (map[string]store.KeyedFeedback, error) {
	keys, err := h.Store.Keys(ctx, versions)
	if meanwhile := h.meanwhile; meanwhile != nil {
		h.meanwhile = nil
		meanwhile()
	}
	return keys, err
}

// R13: who read the keys before one was corrected, and goes on after marking was asked for again, marks
// with the corrected one.
func TestMarkTakesTheKeyThatIsNewestWhenMarkingIsDue(t *testing.T) {
	s := memory.New(now)
	d := deskOn(t, s)
	attempt := d.sitting(whole)
	must(t, d.proctor.Expire(t.Context(), attempt))
	version := d.stored(attempt).Paper.Items[0].Version
	h := &held{Store: s, meanwhile: func() {
		must(t, d.proctor.Mark(t.Context(), attempt))
		must(t, s.Correct(t.Context(), version, exam.Key{Options: map[string]int{"a": exam.FullCredit}}))
		d.give(attempt, exam.Command{Kind: exam.Regrade, Actor: exam.Actor{Role: exam.Admin, ID: "officer"}})
	}}
	must(t, proctorOf(h).Mark(t.Context(), attempt))
	score := d.stored(attempt).Attempt.Score
	if score == nil || score.Revisions[0] != 2 || score.Revisions[1] != 1 {
		t.Errorf("score %+v", score)
	}
}

// R13: a mark by hand, or a late answer, marks its own question; what was marked stays, although its key is
// another now, until the whole is to be marked anew.
func TestMarkLeavesWhatStands(t *testing.T) {
	s := memory.New(now)
	d := deskOn(t, s)
	attempt := d.sitting(whole)
	must(t, d.proctor.Expire(t.Context(), attempt))
	must(t, d.proctor.Mark(t.Context(), attempt))
	before := d.stored(attempt).Attempt.Score
	for _, it := range d.stored(attempt).Paper.Items[:2] {
		must(t, s.Correct(t.Context(), it.Version, exam.Key{Treatment: exam.FullMarks}))
	}
	officer := exam.Actor{Role: exam.Admin, ID: "officer"}
	d.give(attempt, exam.Command{Kind: exam.MarkByHand, Actor: officer, Position: 2, Rev: d.stored(attempt).Attempt.Responses[2].Rev})
	must(t, d.proctor.Mark(t.Context(), attempt))
	score := d.stored(attempt).Attempt.Score
	if score == nil || score.Revisions[0] != 1 || score.Items[0] != before.Items[0] || score.Revisions[1] != 2 {
		t.Errorf("marked by hand: %+v, before %+v", score, before)
	}
	d.give(attempt, exam.Command{Kind: exam.Regrade, Actor: officer})
	must(t, d.proctor.Mark(t.Context(), attempt))
	if score := d.stored(attempt).Attempt.Score; score == nil || score.Revisions[0] != 2 || score.Items[0] == before.Items[0] {
		t.Errorf("marked anew: %+v", score)
	}
}
