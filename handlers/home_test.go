package handlers_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"

	"shiken/exam"
)

// done gives a user a number of attempts that were begun and handed in.
func (s *site) done(name string, attempts int) {
	s.t.Helper()
	for range attempts {
		s.admin(s.beganAt(name, exam.Minute), exam.Command{Kind: exam.ForceSubmit})
	}
	must(s.t, s.proctor.Round(s.t.Context()))
}

// The home page costs as much however many exams were sat.
func TestHomeCostsNoMoreWithTheYears(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.questions(1)
	s.exam(func(d *exam.Definition) { d.Rules.PassMark = 50 })
	c := s.signedIn("ann")
	cost := func() int64 {
		before := s.store.Statements()
		c.get("/").status(http.StatusOK)
		return s.store.Statements() - before
	}
	s.done("ann", 1)
	few := cost()
	s.done("ann", 9)
	if many := cost(); many != few {
		t.Errorf("%d statements with one exam done, %d with ten", few, many)
	}
}

// The newest fifty are listed, with a word of the others.
func TestHomeListsTheNewestDone(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.questions(1)
	s.exam()
	c := s.signedIn("ann")
	oldest := s.beganAt("ann", exam.Minute)
	s.admin(oldest, exam.Command{Kind: exam.ForceSubmit})
	s.done("ann", 49)
	home := c.get("/")
	if n := len(home.sections()["done"]); n != 50 || home.text(".exams-done ~ p, section.exams-done .hint") != "" {
		t.Errorf("%d exams done: %s", n, home.text("main"))
	}
	s.done("ann", 2)
	for lang, want := range map[string]string{"en": "2 older exams", "ja": "2件"} {
		c.lang = lang
		home = c.get("/")
		if n := len(home.sections()["done"]); n != 50 || !contains(home.text("main"), want) {
			t.Errorf("%d exams done: %s", n, home.text("main"))
		}
		if contains(home.body, oldest) {
			t.Error("the oldest is listed, a newer one is not")
		}
	}
}

// A finished attempt says when it was finished.
func TestHomeSaysWhenAnExamWasFinished(t *testing.T) {
	t.Parallel()
	s, c, attempt := sat(t, 1)
	c.submit(attempt)
	stopped := s.stored(attempt).Attempt.Stopped
	want := time.UnixMicro(int64(stopped)).UTC().Format("15:04:05")
	if got := c.get("/").text(".exams-done .facts"); stopped == 0 || !contains(got, want) {
		t.Errorf("finished %q, want %s", got, want)
	}
}

// Sections that take all there are: home says nothing of a number it does not know, and the start page
// counts each question once.
func TestQuestionsOfSectionsThatTakeAll(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.questions(5)
	s.exam(func(d *exam.Definition) {
		first := d.Sections[0]
		first.Draw = 2
		d.Sections = append([]exam.SectionDefinition{first}, d.Sections[0])
	})
	c := s.signedIn("ann")
	if got := c.get("/").text(".exams-open .facts"); contains(got, "question") {
		t.Errorf("home says %q", got)
	}
	if got := c.get("/exams/test").text(".terms"); !contains(got, "5 questions") {
		t.Errorf("the start page says %q", got)
	}
	c.question(c.start(), 1).has("total", "5")
}

// A published exam whose questions are gone is no fault of who starts it, and no 500.
func TestExamThatCannotBeDrawn(t *testing.T) {
	t.Parallel()
	for name, draw := range map[string]int{"too many": 9, "none at all": 0} {
		for _, lang := range []string{"ja", "en"} {
			t.Run(name+"_"+lang, func(t *testing.T) {
				s := newSite(t)
				s.questions(2)
				s.exam(func(d *exam.Definition) {
					d.Sections[0].Draw = draw
					if draw == 0 {
						d.Sections[0].From.Category = []string{"gone"}
					}
				})
				c := s.signedIn("ann")
				c.lang = lang
				page := c.get("/exams/test").status(http.StatusOK)
				if offered := page.doc().Find("main form").Length() == 1; offered != (draw > 0) {
					t.Errorf("offered %v: %s", offered, page.text("main"))
				}
				form := map[string][]string{"command_id": {uuid.NewString()}, "seen": {"0"}}
				refused := c.post("/exams/test/attempts", form).rejected(http.StatusForbidden, "not_open")
				if refused.text("[role=alert] p") == "" || contains(refused.text("main"), "draws") {
					t.Errorf("the page says %q", refused.text("main"))
				}
				if occurrences(s.log.String(), "exam cannot be drawn") != 1 {
					t.Error("nobody is told")
				}
				s.log.forget()
				s.exam()
				c.post("/exams/test/attempts", form).status(http.StatusSeeOther)
			})
		}
	}
}
