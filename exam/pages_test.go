package exam_test

import (
	"fmt"
	"reflect"
	"testing"

	"shiken/exam"
)

// TestPagesAreBounded: however many pages write at a position, the newest MaxPages are remembered;
// a forgotten page overwrites nothing, and the journal folds to the same.
func TestPagesAreBounded(t *testing.T) {
	t.Parallel()
	s := begin(t, threeTexts(exam.Free, exam.ExamFeedback))
	const more = 20
	for i := range int64(exam.MaxPages + more) {
		s.must(t, save(fmt.Sprint("c", i), 1, fmt.Sprint("page", i), 1, i, fmt.Sprint("answer", i)), t0+1)
	}
	saved := s.a.Response(1)
	if len(saved.Pages) != exam.MaxPages {
		t.Fatalf("%d pages are remembered, want %d", len(saved.Pages), exam.MaxPages)
	}
	for i := range exam.MaxPages + more {
		if _, kept := saved.Pages[fmt.Sprint("page", i)]; kept != (i >= more) {
			t.Errorf("page %d remembered: %t", i, kept)
		}
	}
	s.refused(t, save("late", 1, "page0", 2, 1, "older"), t0+2, exam.Stale)
	again, _, err := exam.Replay(s.p, s.records)
	if err != nil || !reflect.DeepEqual(again.Responses, s.a.Responses) {
		t.Fatalf("replay: %v, or other responses", err)
	}
}
