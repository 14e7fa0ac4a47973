package handlers_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"testing"

	"shiken/exam"
)

// sameQuestions draws some of the questions, the same for everybody, in an order of each candidate's own.
func sameQuestions(draw int) func(*exam.Definition) {
	return func(d *exam.Definition) {
		d.Sections[0].Draw, d.Sections[0].Pick = draw, exam.PickSame
		d.Shuffle = exam.Shuffle{Questions: true, Options: true}
	}
}

// drawnBy signs a candidate in, starts, and returns the questions of the paper in order.
func (s *site) drawnBy(name string) []string {
	s.t.Helper()
	s.user(name)
	attempt := s.signedIn(name).start()
	var out []string
	for _, it := range s.stored(attempt).Paper.Items {
		out = append(out, it.Version)
	}
	return out
}

// R14: all who begin while an exam is published get the questions that the first one got, whatever is
// added to the set; those who have begun keep theirs, whatever happens to it.
func TestSameQuestionsForEverybody(t *testing.T) {
	t.Parallel()
	s, author := editor(t)
	s.questions(12)
	s.exam(sameQuestions(4))
	preview := func(want string) {
		t.Helper()
		if got := author.get(previewOf).status(http.StatusOK).doc().Find("[data-same]").AttrOr("data-same", ""); got != want {
			t.Errorf("the preview says %q, want %q", got, want)
		}
	}
	preview("open")
	first := s.drawnBy("one")
	preview("chosen")
	set := slices.Sorted(slices.Values(first))
	s.questions(24)
	orders := map[string]bool{fmt.Sprint(first): true}
	for i := range 6 {
		drawn := s.drawnBy(fmt.Sprint("more", i))
		orders[fmt.Sprint(drawn)] = true
		if got := slices.Sorted(slices.Values(drawn)); !slices.Equal(got, set) {
			t.Errorf("drew %v, the first candidate %v", got, set)
		}
	}
	if len(orders) < 2 {
		t.Error("everybody has the same order")
	}
	var shown []string
	page := author.beginsPreview()
	for n := range 4 {
		shown = append(shown, page.doc().Find(".stem").Text())
		if n < 3 {
			page = author.presses(page, "next").status(http.StatusOK)
		}
	}
	questions, err := s.store.Questions(context.Background(), set)
	must(t, err)
	for _, q := range questions {
		if !slices.ContainsFunc(shown, func(text string) bool { return contains(text, q.Stem.Source) }) {
			t.Errorf("the preview lacks %q: %v", q.Stem.Source, shown)
		}
	}
}

// The start page tells as many questions as are drawn, whatever was added to a set that gives all it had.
func TestSameQuestionsAreCounted(t *testing.T) {
	t.Parallel()
	s, _ := editor(t)
	s.questions(10)
	s.exam(sameQuestions(0))
	told := func(name string) string {
		t.Helper()
		s.user(name)
		return s.signedIn(name).get("/exams/test").status(http.StatusOK).text("main .facts, main dl")
	}
	if got := told("early"); !contains(got, "10") {
		t.Errorf("before anybody starts: %q", got)
	}
	if n := len(s.drawnBy("first")); n != 10 {
		t.Fatalf("%d are drawn", n)
	}
	s.questions(12)
	if got, n := told("late"), len(s.drawnBy("second")); !contains(got, "10") || contains(got, "12") || n != 10 {
		t.Errorf("told %q, %d drawn", got, n)
	}
}
