package handlers_test

import (
	"net/http"
	"testing"

	"github.com/google/uuid"

	"shiken/exam"
)

// R5: moving on without an answer needs skip=1, which only the 422 page offers.
func TestLinearMovesOnWithoutAnswerOnlyBySkip(t *testing.T) {
	t.Parallel()
	inShapes(t, func(sh shape) bool { return !sh.isFree() }, func(t *testing.T, sh shape) {
		s, c, attempt := sat(t, 3, sh.rules)
		c.lang = sh.lang
		page := c.question(attempt, 1)
		if page.doc().Find("[name=skip]").Length() != 0 {
			t.Error("skip is offered before it is asked for")
		}
		asked := c.post(attempt+"/questions/1", with(page.form(), "action", "next")).
			rejected(http.StatusUnprocessableEntity, "unanswered").has("position", "1", "rev", "0")
		if box := asked.doc().Find("form input[type=checkbox][name=skip][value='1']"); box.Length() != 1 {
			t.Fatalf("%d checkboxes", box.Length())
		}
		if asked.actions()[0] != "save" {
			t.Errorf("first button %q", asked.actions()[0])
		}
		c.get(attempt).leads(attempt + "/questions/1")
		c.post(attempt+"/questions/1", with(asked.form(), "action", "next", "skip", "0")).rejected(422, "unanswered")
		c.post(attempt+"/questions/1", with(asked.form(), "action", "next", "skip", "1", "command_id", uuid.NewString())).
			leads(attempt + "/questions/2")
		if n := s.entries(attempt, exam.Move); n != 1 {
			t.Errorf("%d moves", n)
		}
	})
}

func TestLinearWithAnswerNeedsNoSkip(t *testing.T) {
	t.Parallel()
	_, c, attempt := sat(t, 2, linear)
	c.answers(c.question(attempt, 1), 0, "next").leads(attempt + "/questions/2")
	c.answers(c.question(attempt, 2), 0, "save").leads(attempt + "/questions/2")
	c.answers(c.question(attempt, 2), 0, "next").leads(attempt + "/review")
}

// A question that asks nothing is left without an answer and without skip.
func TestLinearLeavesDescriptionsFreely(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.load([]storeQuestion{
		loaded(0, exam.Question{Type: exam.Description, Stem: exam.Text{Source: "Read this."}}, exam.Key{Revision: 1}),
		loaded(1, exam.Question{Type: exam.ShortText, Stem: exam.Text{Source: "Write."}}, exam.Key{Revision: 1}),
	})
	s.exam(linear)
	c := s.signedIn("ann")
	attempt := c.start()
	page := c.question(attempt, 1)
	c.post(attempt+"/questions/1", with(page.form(), "action", "next")).leads(attempt + "/questions/2")
	page = c.question(attempt, 2)
	c.post(attempt+"/questions/2", with(page.form(), "action", "next")).rejected(422, "unanswered")
	c.post(attempt+"/questions/2", with(page.form(), "answer", "done", "action", "next", "command_id", uuid.NewString())).
		leads(attempt + "/review")
	review := c.get(attempt + "/review").status(http.StatusOK)
	if got := review.doc().Find("[data-review-position='1']").AttrOr("data-state", ""); got != "information" {
		t.Errorf("state of a description: %q", got)
	}
}

// Other positions than the cursor lead to it, with a note; review comes only at the end.
func TestLinearLeadsToTheCursor(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"ja", "en"} {
		t.Run(lang, func(t *testing.T) {
			_, c, attempt := sat(t, 3, linear)
			c.lang = lang
			c.answers(c.question(attempt, 1), 0, "next")
			for _, n := range []int{1, 3} {
				c.get(questionPath(attempt, n)).leads(attempt + "/questions/2?note=cursor")
			}
			c.get(questionPath(attempt, 4)).leads(attempt + "/review")
			c.get(attempt + "/review").leads(attempt + "/questions/2?note=cursor")
			if c.get(attempt+"/questions/2?note=cursor").text("main .note") == "" {
				t.Error("the note says nothing")
			}
			if c.get(attempt+"/questions/2?note=made+up").text("main .note") != "" {
				t.Error("a note that is not on the list is shown")
			}
			c.get(attempt).leads(attempt + "/questions/2")
		})
	}
}

func TestLinearSubmitsOnlyAtTheEnd(t *testing.T) {
	t.Parallel()
	_, c, attempt := sat(t, 2, linear)
	form := map[string][]string{"command_id": {uuid.NewString()}, "opening": {"1"}, "rev": {"0"}}
	c.post(attempt+"/submit", form).rejected(http.StatusConflict, "not_reached")
	for n := 1; n <= 2; n++ {
		c.answers(c.question(attempt, n), 1, "next")
	}
	for n := 1; n <= 2; n++ {
		c.get(questionPath(attempt, n)).leads(attempt + "/review?note=cursor")
	}
	c.submit(attempt)
}

// Practice: check closes the question and shows key and explanation; next moves on from it.
func TestPracticeCheckThenNext(t *testing.T) {
	t.Parallel()
	practice := func(sh shape) bool { return sh.feedback == exam.PracticeFeedback }
	inShapes(t, practice, func(t *testing.T, sh shape) {
		_, c, attempt := sat(t, 2, sh.rules)
		c.lang = sh.lang
		page := c.question(attempt, 1)
		if page.doc().Find("[data-feedback]").Length() != 0 {
			t.Error("feedback before the check")
		}
		c.answers(page, 0, "check").leads(attempt + "/questions/1")
		checked := c.question(attempt, 1)
		feedback := checked.text("[data-feedback]")
		if !contains(feedback, "Option b") || !contains(feedback, "Because 1") {
			t.Errorf("feedback %q", feedback)
		}
		if n := checked.doc().Find("fieldset.answer[disabled]").Length(); n != 1 {
			t.Error("the answer of a checked question can be changed")
		}
		c.post(attempt+"/questions/1", with(checked.form(), "answer", page.choices()[1], "action", "save")).
			rejected(http.StatusConflict, "closed_question")
		c.post(attempt+"/questions/1", with(c.question(attempt, 1).form(), "action", "next")).leads(attempt + "/questions/2")
		if other := c.question(attempt, 2); other.doc().Find("[data-feedback]").Length() != 0 || contains(other.body, "Because") {
			t.Error("an unchecked question shows feedback (R12)")
		}
	})
}

// Moving on without an answer would remove a saved one: the page says so, and shows it.
func TestSkipPageShowsTheSavedAnswerItWouldRemove(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"ja", "en"} {
		s, c, attempt := sat(t, 2, linear)
		c.lang = lang
		c.answers(c.question(attempt, 1), 1, "save")
		empty := with(c.question(attempt, 1).form(), "-answer", "", "action", "next")
		asked := c.post(attempt+"/questions/1", empty).rejected(http.StatusUnprocessableEntity, "unanswered")
		if got := asked.text("[data-removes]"); !contains(got, "Option b") {
			t.Errorf("the page says %q", got)
		}
		if r := s.stored(attempt).Attempt.Responses[1]; r.Answer.IsZero() {
			t.Error("the saved answer is gone already")
		}
	}
	_, c, attempt := sat(t, 2, linear)
	asked := c.post(attempt+"/questions/1", with(c.question(attempt, 1).form(), "action", "next")).rejected(422, "unanswered")
	if asked.doc().Find("[data-removes]").Length() != 0 {
		t.Error("nothing is saved, and the page shows something")
	}
}

// noted loads choice questions whose options each have a word of their own.
func (s *site) noted() {
	s.t.Helper()
	var out []storeQuestion
	for i, typ := range []exam.QuestionType{exam.SingleChoice, exam.MultipleChoice, exam.TrueFalse} {
		q := exam.Question{Type: typ, Stem: exam.Text{Source: "Choose."}, Options: options("a", "b", "c")}
		if typ == exam.TrueFalse {
			q.Options = []exam.Option{{ID: "true"}, {ID: "false"}}
		}
		l := loaded(i, q, exam.Key{Revision: 1, Options: map[string]int{q.Options[0].ID: exam.FullCredit}})
		l.Feedback.Options = map[string]exam.Text{}
		for _, o := range q.Options {
			l.Feedback.Options[o.ID] = exam.Text{Source: "Word on " + o.ID + " <b>"}
		}
		out = append(out, l)
	}
	s.load(out)
}

// What the feedback says of an option is shown to who chose it: after a check, and with the keys.
func TestFeedbackOnChosenOptions(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.noted()
	s.exam(practice, func(d *exam.Definition) { d.Rules.Release.Keys.When = exam.Immediately })
	c := s.signedIn("ann")
	attempt := c.start()
	c.answers(c.question(attempt, 1), 1, "check").leads(attempt + "/questions/1")
	many := with(c.question(attempt, 2).form(), "action", "check")
	many["answer"] = []string{s.choice(attempt, 2, 0), s.choice(attempt, 2, 2)}
	c.post(attempt+"/questions/2", many).leads(attempt + "/questions/2")
	c.answers(c.question(attempt, 3), 0, "save")
	shows := func(where, got string, want, wantNot []string) {
		t.Helper()
		for _, part := range want {
			if !contains(got, "Word on "+part+" <b>") {
				t.Errorf("%s lacks the word on %s: %q", where, part, got)
			}
		}
		for _, part := range wantNot {
			if contains(got, "Word on "+part) {
				t.Errorf("%s has the word on %s, which was not chosen", where, part)
			}
		}
	}
	shows("check", c.question(attempt, 1).text("[data-feedback]"), []string{"b"}, []string{"a", "c"})
	shows("check of several", c.question(attempt, 2).text("[data-feedback]"), []string{"a", "c"}, []string{"b"})
	c.submit(attempt)
	result := c.get(attempt + "/result")
	shows("result", result.text("#question-1"), []string{"b"}, []string{"a", "c"})
	shows("result of truth", result.text("#question-3"), []string{"true"}, []string{"false"})
}

// The words on options tell what was chosen, so they wait for both releases (R12).
func TestFeedbackOnOptionsIsReleasedWithKeysAndAnswers(t *testing.T) {
	t.Parallel()
	for _, release := range []exam.ReleaseRules{
		{Answers: exam.Release{When: exam.Immediately}, Keys: exam.Release{When: exam.Never}},
		{Answers: exam.Release{When: exam.Never}, Keys: exam.Release{When: exam.Immediately}},
	} {
		release.Score.When = exam.Immediately
		s := newSite(t)
		s.noted()
		s.exam(func(d *exam.Definition) { d.Rules.Release = release })
		c := s.signedIn("ann")
		attempt := c.start()
		page := c.answers(c.question(attempt, 1), 1, "save")
		if contains(c.follow(page).body, "Word on") {
			t.Error("shown before the end")
		}
		c.submit(attempt)
		if contains(c.get(attempt+"/result").body, "Word on") {
			t.Errorf("shown with %+v", release)
		}
	}
}
