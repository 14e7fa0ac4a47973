package handlers_test

import (
	"net/http"
	"testing"

	"shiken/exam"
)

// R13: what a wrong answer takes off is said before the start and at each question, and is in the result.
func TestWrongAnswersTakeOff(t *testing.T) {
	t.Parallel()
	s, author := desked(t)
	s.questions(2)
	s.exam(func(d *exam.Definition) {
		d.Sections[0].Wrong, d.Rules.Release.Keys.When = 2_500, exam.Immediately
		d.Rules.PassMark = 1
	})
	s.user("ann")
	c := s.signedIn("ann")
	for who, page := range map[string]*answer{"candidate": c.get("/exams/test"), "author": author.get(previewOf)} {
		if text := page.status(http.StatusOK).doc().Find("[data-penalties]").Text(); !contains(text, "-0.25") {
			t.Errorf("%s: the exam's page says %q", who, text)
		}
	}
	attempt := c.start()
	page := c.question(attempt, 1)
	if got := page.doc().Find("[data-wrong]").AttrOr("data-wrong", ""); got != "2500" {
		t.Errorf("the question's page says %q", got)
	}
	c.answers(page, 0, "save").status(http.StatusSeeOther)                            // wrong; the other one stays unanswered
	s.exam(func(d *exam.Definition) { d.Rules.Release.Keys.When = exam.Immediately }) // R14: not for those who have begun
	c.submit(attempt)
	s.mark()
	score := s.stored(attempt).Attempt.Score
	if score.Items[0] != -2_500 || score.Items[1] != 0 || score.Total != 0 || *score.Passed {
		t.Errorf("score %+v", score)
	}
	result := c.get(attempt + "/result").status(http.StatusOK).doc()
	if got := result.Find(".score-points").AttrOr("data-points", ""); got != "0" {
		t.Errorf("the result is %q", got)
	}
	first := result.Find("#question-1")
	if !contains(first.Find(".question-score").Text(), "-0.25") || first.Find(".verdict-wrong").Length() != 1 {
		t.Errorf("the first question's result is %q", first.Find("h3").Text())
	}
}

// Where nothing is taken off, nothing is said of it.
func TestNothingIsTakenOff(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.questions(1)
	s.exam()
	s.user("ann")
	c := s.signedIn("ann")
	if n := c.get("/exams/test").doc().Find("[data-penalties]").Length() + c.question(c.start(), 1).doc().Find("[data-wrong]").Length(); n != 0 {
		t.Errorf("%d mentions", n)
	}
}
