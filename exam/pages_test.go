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
	if saved.Rev != int64(exam.MaxPages+more) {
		t.Fatalf("rev %d", saved.Rev)
	}
	s.refused(t, save("late", 1, "page0", 2, 1, "older"), t0+2, exam.Stale)
	again, _, err := exam.Replay(s.p, s.records)
	if err != nil || !reflect.DeepEqual(again.Responses, s.a.Responses) {
		t.Fatalf("replay: %v, or other responses", err)
	}
}

// TestPagesThatOnlyMoveAreBounded: pages whose answers are equal leave rev alone; the one that wrote
// last is the one remembered.
func TestPagesThatOnlyMoveAreBounded(t *testing.T) {
	t.Parallel()
	s := begin(t, threeTexts(exam.Free, exam.ExamFeedback))
	s.must(t, save("first", 1, "zz", 1, 0, "x"), t0+1)
	for i := range exam.MaxPages {
		s.must(t, move(fmt.Sprint("m", i), 1, fmt.Sprint("page", i), 1, 1, "x", 2), t0+1)
		s.must(t, move(fmt.Sprint("n", i), 1, "zz", int64(i+2), 1, "x", 2), t0+1)
	}
	pages := s.a.Response(1).Pages
	if _, kept := pages["zz"]; !kept || len(pages) != exam.MaxPages {
		t.Fatalf("%d pages, the busiest among them: %t", len(pages), kept)
	}
}

// TestR6_OvertakenTarget: an overtaken move leads nowhere that is not there.
func TestR6_OvertakenTarget(t *testing.T) {
	t.Parallel()
	s := begin(t, threeTexts(exam.Free, exam.ExamFeedback))
	s.must(t, save("newer", 1, "p", 5, 0, "x"), t0+1)
	s.refused(t, move("older", 1, "p", 2, 0, "y", 999), t0+1, exam.OutOfRange)
}
