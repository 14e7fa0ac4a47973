package handlers_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/google/uuid"

	"shiken/exam"
)

// R15: a rejected answer is shown beside the saved one and kept; the next step leads on.

// conflict is a page whose question was changed from elsewhere: ann saved option a, the stale form
// brings option b.
func conflict(t *testing.T, lang string) (s *site, c *client, attempt string, page *answer) {
	s, c, attempt = sat(t, 3)
	c.lang = lang
	stale := c.question(attempt, 2)
	c.answers(c.question(attempt, 2), 0, "save").leads(attempt + "/questions/2")
	return s, c, attempt, c.answers(stale, 1, "next")
}

func TestRejectedStale(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"ja", "en"} {
		t.Run(lang, func(t *testing.T) {
			s, c, attempt, page := conflict(t, lang)
			page.rejected(http.StatusConflict, "stale").has("position", "2", "rev", "1", "status", "in_progress")
			if !contains(page.saved(), "Option a") || !contains(page.sent(), "Option b") {
				t.Errorf("saved %q, sent %q", page.saved(), page.sent())
			}
			kept := s.stored(attempt).Rejections
			if len(kept) != 1 || kept[0].Reason != exam.Stale || kept[0].Payload.Answer.Text != page.form().Get("answer") {
				t.Errorf("kept %+v", kept)
			}
			c.press(page).leads(attempt + "/questions/2")
			now := c.question(attempt, 2).has("rev", "2")
			if now.chosen()[0] != now.choices()[1] {
				t.Error("the choice of the sent answer was not applied")
			}
		})
	}
}

func TestKeepingTheSavedAnswerIsALink(t *testing.T) {
	t.Parallel()
	_, c, attempt, page := conflict(t, "en")
	href := page.doc().Find("[data-answer=saved] a").AttrOr("href", "")
	if href != attempt+"/questions/2" {
		t.Fatalf("href %q", href)
	}
	now := c.get(href).status(http.StatusOK).has("rev", "1")
	if now.chosen()[0] != now.choices()[0] {
		t.Error("the saved answer is not shown")
	}
}

// The form of a conflict page that is itself overtaken is in conflict again, not lost.
func TestConflictOnConflict(t *testing.T) {
	t.Parallel()
	_, c, attempt, page := conflict(t, "en")
	c.answers(c.question(attempt, 2), 2, "save").leads(attempt + "/questions/2")
	again := c.press(page).rejected(http.StatusConflict, "stale")
	if !contains(again.saved(), "Option c") || !contains(again.sent(), "Option b") {
		t.Errorf("saved %q, sent %q", again.saved(), again.sent())
	}
	c.press(again).leads(attempt + "/questions/2")
}

// A stale form with an equal answer is no conflict: it only moves.
func TestStaleWithEqualAnswerMoves(t *testing.T) {
	t.Parallel()
	_, c, attempt := sat(t, 3)
	stale := c.question(attempt, 2)
	c.answers(c.question(attempt, 2), 0, "save")
	c.answers(stale, 0, "next").leads(attempt + "/questions/3")
	c.question(attempt, 2).has("rev", "1")
}

// Back: the same content is replayed, other content is shown as conflict.
func TestBackWithSameAndWithOtherContent(t *testing.T) {
	t.Parallel()
	for _, change := range []func(*exam.Definition){untimed, linear} {
		s, c, attempt := sat(t, 3, change)
		page := c.question(attempt, 1)
		c.answers(page, 0, "next").leads(attempt + "/questions/2")
		c.answers(page, 0, "next").leads(attempt + "/questions/2")
		if n := s.entries(attempt, exam.Move); n != 1 {
			t.Fatalf("%d entries of one command (R2)", n)
		}
		other := c.answers(page, 1, "next").rejected(http.StatusConflict, "id_reused")
		if !contains(other.saved(), "Option a") || !contains(other.sent(), "Option b") {
			t.Errorf("saved %q, sent %q", other.saved(), other.sent())
		}
		c.answers(page, 1, "next").rejected(http.StatusConflict, "id_reused")
		if n := len(s.stored(attempt).Rejections); n != 1 {
			t.Errorf("the same rejected command is kept %d times", n)
		}
		isLinear := s.stored(attempt).Paper.Rules.Navigation == exam.Linear
		if again := other.doc().Find("main form").Length() == 1; again == isLinear {
			t.Errorf("linear %v, choice offered %v", isLinear, again)
		}
		if !isLinear {
			c.press(other).leads(attempt + "/questions/1")
		}
	}
}

func TestRejectedClosedQuestionLeadsToTheCursor(t *testing.T) {
	t.Parallel()
	_, c, attempt := sat(t, 3, linear)
	stale := c.question(attempt, 1)
	c.answers(c.question(attempt, 1), 0, "next")
	page := c.answers(stale, 1, "next").rejected(http.StatusConflict, "closed_question").has("position", "1")
	if !contains(page.saved(), "Option a") || !contains(page.sent(), "Option b") {
		t.Errorf("saved %q, sent %q", page.saved(), page.sent())
	}
	checkNext(t, page, attempt+"/questions/2")
	if page.doc().Find("main form").Length() != 0 {
		t.Error("a closed question offers a choice")
	}
}

// checkNext: the page's step on leads there.
func checkNext(t *testing.T, page *answer, want string) {
	t.Helper()
	if got := page.doc().Find("main .actions a, [data-answer=saved] a").First().AttrOr("href", ""); got != want {
		t.Errorf("next step %q, want %q", got, want)
	}
}

// What a question that is not reached asks is not shown (R12).
func TestRejectedNotReachedShowsNothingOfTheQuestion(t *testing.T) {
	t.Parallel()
	_, c, attempt := sat(t, 3, linear)
	form := with(c.question(attempt, 1).form(), "answer", "abcdef", "action", "next")
	page := c.post(attempt+"/questions/3", form).rejected(http.StatusConflict, "not_reached").has("position", "3")
	if contains(page.body, "Stem 3") || contains(page.body, "Option") {
		t.Error("the question is shown")
	}
	checkNext(t, page, attempt+"/questions/1")
}

// Status and time: what an admin or the clock did meanwhile.
func TestRejectedByStatus(t *testing.T) {
	t.Parallel()
	cases := []struct {
		reason, status, next string
		do                   func(*site, *client, string)
	}{
		{"finished", "submitted", "/result", func(_ *site, c *client, a string) { c.submit(a) }},
		{"finished", "submitted", "/result", func(s *site, _ *client, a string) { s.admin(a, exam.Command{Kind: exam.ForceSubmit}) }},
		{"paused", "paused", "/questions/1", func(s *site, _ *client, a string) { s.admin(a, exam.Command{Kind: exam.Pause}) }},
		{"voided", "voided", "/result", func(s *site, _ *client, a string) { s.admin(a, exam.Command{Kind: exam.Void}) }},
	}
	for _, test := range cases {
		for _, lang := range []string{"ja", "en"} {
			t.Run(test.reason+"_"+test.status+"_"+lang, func(t *testing.T) {
				s, c, attempt := sat(t, 2)
				c.lang = lang
				c.answers(c.question(attempt, 1), 0, "save")
				page, review := c.question(attempt, 1), c.get(attempt+"/review")
				test.do(s, c, attempt)
				told := c.answers(page, 1, "next").rejected(http.StatusConflict, test.reason).has("status", test.status)
				if !contains(told.saved(), "Option a") || !contains(told.sent(), "Option b") {
					t.Errorf("saved %q, sent %q", told.saved(), told.sent())
				}
				if told.doc().Find("[data-answer=saved] time").Length() != 1 {
					t.Error("the saved answer has no time")
				}
				checkNext(t, told, attempt+test.next)
				if !contains(told.text("main"), told.text("[role=alert]")) || told.text("[role=alert] p") == "" {
					t.Error("the page does not say why")
				}
				c.get(told.doc().Find("main .actions a").AttrOr("href", "")).status(http.StatusOK)
				c.post(attempt+"/submit", with(review.form(), "command_id", uuid.NewString())).
					rejected(http.StatusConflict, test.reason)
			})
		}
	}
}

// While an attempt is paused, its questions are covered.
func TestPausedCoversTheQuestion(t *testing.T) {
	t.Parallel()
	s, c, attempt := sat(t, 2)
	page := c.question(attempt, 1)
	s.admin(attempt, exam.Command{Kind: exam.Pause})
	for _, path := range []string{"/questions/1", "/review", "/result"} {
		if shown := c.get(attempt+path).status(http.StatusOK).has("status", "paused"); contains(shown.body, "Stem") {
			t.Errorf("%s shows the question", path)
		}
	}
	if told := c.answers(page, 0, "save"); contains(told.body, "Stem") {
		t.Error("the rejection shows the question")
	}
	s.admin(attempt, exam.Command{Kind: exam.Resume})
	c.answers(c.question(attempt, 1), 0, "save").leads(attempt + "/questions/1")
}

// R8, R9: after deadline + grace nothing is taken, and the result page waits for the server.
// Neither a conflict nor a rejection prints what the question's own page does not.
func TestRejectionsPrintNoQuestion(t *testing.T) {
	t.Parallel()
	_, c, attempt := sat(t, 2)
	page := c.question(attempt, 1)
	c.answers(page, 0, "save").leads(attempt + "/questions/1")
	stale := c.post(attempt+"/questions/1", with(page.form(), "command_id", uuid.NewString(), "page", uuid.NewString(),
		"answer", page.choices()[1], "action", "save")).rejected(http.StatusConflict, "stale")
	c.submit(attempt)
	late := c.post(attempt+"/questions/1", with(page.form(), "command_id", uuid.NewString(),
		"answer", page.choices()[1], "action", "save")).rejected(http.StatusConflict, "finished")
	for name, a := range map[string]*answer{"conflict": stale, "rejection": late} {
		doc := a.doc()
		if !contains(doc.Find("main").Text(), "Option b") || !contains(doc.Find(".print-only").Text(), "exam office") {
			t.Errorf("%s: %s", name, a.body)
		}
		doc.Find(".no-print, script").Remove()
		if printed := doc.Find("main").Text(); contains(printed, "Stem") || contains(printed, "Option") {
			t.Errorf("%s prints %q", name, printed)
		}
	}
}

func TestRejectedTimeUp(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.questions(2)
	s.exam()
	c := s.signedIn("ann")
	attempt := s.beganAt("ann", 30*exam.Minute+11*exam.Second)
	c.get(questionPath(attempt, 1)).leads(attempt + "/result")
	c.get(attempt + "/review").leads(attempt + "/result")
	c.get(attempt).leads(attempt + "/result")
	waiting := c.get(attempt+"/result").status(http.StatusOK).has("status", "in_progress", "phase", "time_up")
	if waiting.doc().Find("body[data-refresh]").Length() != 1 {
		t.Error("the page does not look again by itself")
	}
	it := s.stored(attempt).Paper.Item(1)
	form := url.Values{
		"rev": {"0"}, "command_id": {uuid.NewString()}, "page": {uuid.NewString()}, "seq": {"1"}, "opening": {"1"},
		"answer": {it.Choices[0].Value}, "action": {"time_up"},
	}
	late := c.post(attempt+"/questions/1", form).rejected(http.StatusConflict, "time_up").has("status", "in_progress")
	if !contains(late.sent(), "Option a") {
		t.Errorf("sent %q", late.sent())
	}
	checkNext(t, late, attempt+"/result")
	if kept := s.stored(attempt).Rejections; len(kept) != 1 || kept[0].Payload.Answer.IsZero() {
		t.Errorf("a late answer was not kept: %+v", kept)
	}
}

// R9: between deadline and deadline + grace time_up is saved and leads to the result.
func TestTimeUpWithinGrace(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.questions(2)
	s.exam()
	c := s.signedIn("ann")
	attempt := s.beganAt("ann", 30*exam.Minute+exam.Second)
	page := c.question(attempt, 1)
	c.answers(page, 1, "time_up").leads(attempt + "/result")
	if a := s.stored(attempt).Attempt; a.Status != exam.InProgress || a.Responses[1].Answer.IsZero() {
		t.Errorf("time_up closes nothing and saves: %+v", a)
	}
	s.admin(attempt, exam.Command{Kind: exam.Extend, Amount: 10 * exam.Minute})
	c.answers(c.question(attempt, 1), 2, "time_up").leads(attempt + "/questions/1?note=extended")
}

func TestRejectedOutOfRangeKeepsTheAnswer(t *testing.T) {
	t.Parallel()
	_, c, attempt := sat(t, 2)
	page := c.answers(c.question(attempt, 2), 1, "goto:9").rejected(http.StatusNotFound, "out_of_range")
	if !contains(page.sent(), "Option b") {
		t.Errorf("sent %q", page.sent())
	}
	c.press(page).leads(attempt + "/questions/2")
	c.question(attempt, 2).has("rev", "1")
}

// Values that are not on the paper: 422, and nothing changes.
func TestRejectedInvalidAnswer(t *testing.T) {
	t.Parallel()
	s, c, attempt := sat(t, 2)
	c.answers(c.question(attempt, 1), 0, "save")
	for _, value := range []string{"zzzzzz", "b", "1", "<script>alert(1)</script>", " "} {
		page := c.post(attempt+"/questions/1", with(c.question(attempt, 1).form(), "answer", value, "action", "next")).
			rejected(http.StatusUnprocessableEntity, "invalid_answer")
		if !contains(page.saved(), "Option a") || contains(page.body, "<script>alert") {
			t.Errorf("%q: saved %q", value, page.saved())
		}
		checkNext(t, page, attempt+"/questions/1")
	}
	if r := s.stored(attempt).Attempt.Responses[1]; r.Rev != 1 {
		t.Errorf("rev %d", r.Rev)
	}
}

// R4 and §7: a submission based on older answers shows what changed since.
func TestSubmitAfterChangesShowsThem(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"ja", "en"} {
		t.Run(lang, func(t *testing.T) {
			_, c, attempt := sat(t, 3)
			c.lang = lang
			c.answers(c.question(attempt, 2), 0, "save")
			review := c.get(attempt+"/review").status(http.StatusOK).has("rev", "1")
			c.answers(c.question(attempt, 3), 0, "save")
			c.answers(c.question(attempt, 1), 0, "save")
			page := c.post(attempt+"/submit", review.form()).rejected(http.StatusConflict, "stale")
			var changed []string
			for _, n := range page.doc().Find("[data-changed]").EachIter() {
				changed = append(changed, n.AttrOr("data-changed", ""))
			}
			if len(changed) != 2 || changed[0] != "1" || changed[1] != "3" {
				t.Errorf("changed %v", changed)
			}
			c.post(attempt+"/submit", page.form()).leads(attempt + "/result")
			c.post(attempt+"/submit", page.form()).leads(attempt + "/result")
			c.post(attempt+"/submit", with(page.form(), "command_id", uuid.NewString())).rejected(409, "finished")
		})
	}
}

// A reopened attempt refuses the forms of its earlier opening.
func TestFormsOfAnEarlierOpeningAreFinished(t *testing.T) {
	t.Parallel()
	s, c, attempt := sat(t, 2)
	page := c.question(attempt, 1)
	c.submit(attempt)
	s.admin(attempt, exam.Command{Kind: exam.Reopen})
	c.answers(page, 0, "save").rejected(http.StatusConflict, "finished").has("status", "in_progress")
	fresh := c.question(attempt, 1)
	if fresh.form().Get("opening") != "2" {
		t.Errorf("opening %q", fresh.form().Get("opening"))
	}
	c.answers(fresh, 0, "save").leads(attempt + "/questions/1")
	c.submit(attempt)
}

// R10, R16: starts that are not admitted.
func TestStartsThatAreRefused(t *testing.T) {
	t.Parallel()
	now := exam.Instant(1)
	cases := map[string]struct {
		reason string
		change func(*exam.Definition)
	}{
		"not yet":  {"not_open", func(d *exam.Definition) { d.Rules.Window.Open = 1 << 52 }},
		"too late": {"not_open", func(d *exam.Definition) { d.Rules.Window.LastStart = now }},
		"closed":   {"not_open", func(d *exam.Definition) { d.Rules.Window.Close = now }},
	}
	for name, test := range cases {
		for _, lang := range []string{"ja", "en"} {
			t.Run(name+"_"+lang, func(t *testing.T) {
				s := newSite(t)
				s.questions(1)
				s.exam()
				c := s.signedIn("ann")
				c.lang = lang
				form := c.get("/exams/test").form()
				s.exam(test.change)
				if shut := c.get("/exams/test").status(http.StatusOK); shut.doc().Find("main form").Length() != 0 {
					t.Error("a start is offered that would be refused")
				}
				page := c.post("/exams/test/attempts", form).rejected(http.StatusForbidden, test.reason)
				if page.text("[role=alert] p") == "" {
					t.Error("no word why")
				}
				s.exam()
				c.post("/exams/test/attempts", form).rejected(http.StatusForbidden, test.reason) // R2
				c.start()
			})
		}
	}
}

func TestNoAttemptsLeft(t *testing.T) {
	t.Parallel()
	s, c, attempt := sat(t, 1, func(d *exam.Definition) { d.Attempts = 1 })
	c.submit(attempt)
	form := url.Values{"command_id": {uuid.NewString()}, "seen": {"1"}}
	c.post("/exams/test/attempts", form).rejected(http.StatusForbidden, "no_attempts_left")
	s.admin(attempt, exam.Command{Kind: exam.Void}) // voided attempts do not count
	c.post("/exams/test/attempts", with(form, "command_id", uuid.NewString())).status(http.StatusSeeOther)
}
