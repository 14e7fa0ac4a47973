package handlers_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/store"
)

// sections lists the exams that the home page shows, by section.
func (a *answer) sections() map[string][]string {
	out := map[string][]string{}
	a.doc().Find("section.exams").Each(func(_ int, section *selection) {
		name := strings.TrimPrefix(section.AttrOr("class", ""), "exams exams-")
		section.Find("[data-exam]").Each(func(_ int, card *selection) {
			out[name] = append(out[name], card.AttrOr("data-exam", ""))
		})
	})
	return out
}

// Running, open, coming and done exams, and none that the candidate may not know of.
func TestHome(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"ja", "en"} {
		t.Run(lang, func(t *testing.T) {
			s := newSite(t)
			s.questions(2)
			s.exam()
			s.exam(func(d *exam.Definition) { d.Slug = "open" })
			s.exam(func(d *exam.Definition) { d.Slug, d.Rules.Window.Open = "coming", 1<<52 })
			s.exam(func(d *exam.Definition) { d.Slug, d.Rules.Window.Close = "over", 1 })
			s.exam(func(d *exam.Definition) { d.Slug, d.Published = "draft", false })
			s.exam(func(d *exam.Definition) { d.Slug, d.Published, d.Rules.Window.Open = "next", false, 1<<52 })
			s.exam(func(d *exam.Definition) { d.Slug, d.OpenTo = "others", []string{"others"} })
			c := s.signedIn("ann")
			c.lang = lang
			home := c.get("/").status(http.StatusOK)
			check := func(home *answer, name string, want ...string) {
				t.Helper()
				if got := home.sections()[name]; !slices.Equal(got, want) {
					t.Errorf("%s: %v, want %v", name, got, want)
				}
			}
			check(home, "open", "open", "test")
			check(home, "coming", "coming")
			check(home, "running")
			attempt := c.start()
			home = c.get("/")
			check(home, "running", "test")
			check(home, "open", "open")
			if link := home.doc().Find(".exams-running a").AttrOr("href", ""); link != attempt {
				t.Errorf("running leads to %q", link)
			}
			c.submit(attempt)
			home = c.get("/")
			check(home, "done", "test")
			check(home, "open", "open", "test")
			if link := home.doc().Find(".exams-done a").AttrOr("href", ""); link != attempt+"/result" {
				t.Errorf("done leads to %q", link)
			}
			if other := s.signedIn("bob").get("/").sections(); len(other["done"])+len(other["running"]) != 0 {
				t.Errorf("bob sees %v", other)
			}
		})
	}
}

// Pass or fail stands on the home page only once the score is released (R12).
func TestHomeTellsPassOnlyWhenReleased(t *testing.T) {
	t.Parallel()
	for when, shown := range map[exam.ReleaseWhen]bool{exam.Immediately: true, exam.Never: false} {
		_, c, attempt := sat(t, 1, func(d *exam.Definition) { d.Rules.PassMark = 50; d.Rules.Release.Score.When = when })
		c.answers(c.question(attempt, 1), 1, "save")
		c.submit(attempt)
		if got := c.get("/").doc().Find(".exams-done .verdict-correct").Length() == 1; got != shown {
			t.Errorf("%s: pass shown %v", when, got)
		}
		if got := c.get(attempt+"/result").doc().Find(".verdict-correct").Length() > 0; got != shown {
			t.Errorf("%s: pass shown on the result %v", when, got)
		}
	}
}

// The start page: what awaits the candidate, and the form whose seen counts the attempts so far.
func TestExamPage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.questions(3)
	s.exam(func(d *exam.Definition) { d.Attempts = 2; d.Sections[0].Draw = 2 })
	c := s.signedIn("ann")
	page := c.get("/exams/test").status(http.StatusOK)
	if form := page.form(); form.Get("seen") != "0" || len(form.Get("command_id")) != 36 {
		t.Errorf("form %v", form)
	}
	if page.doc().Find("main form").AttrOr("action", "") != "/exams/test/attempts" {
		t.Error("the form leads elsewhere")
	}
	attempt := c.start()
	running := c.get("/exams/test").status(http.StatusOK)
	if running.doc().Find("main form").Length() != 0 || running.doc().Find("main a.button").AttrOr("href", "") != attempt {
		t.Error("a running attempt is not led to")
	}
	c.submit(attempt)
	if seen := c.get("/exams/test").form().Get("seen"); seen != "1" {
		t.Errorf("seen %q", seen)
	}
	c.submit(c.start())
	if full := c.get("/exams/test").status(http.StatusOK); full.doc().Find("main form").Length() != 0 || full.text("main .note") == "" {
		t.Error("no attempts are left, and the page does not say so")
	}
	for _, form := range []url.Values{
		{}, {"command_id": {uuid.NewString()}}, {"seen": {"0"}}, {"command_id": {"x"}, "seen": {"0"}},
		{"command_id": {uuid.NewString()}, "seen": {"-1"}}, {"command_id": {uuid.NewString()}, "seen": {"4294967296"}},
	} {
		c.post("/exams/test/attempts", form).status(http.StatusBadRequest)
	}
}

// Every phase of a result answers 200 and says what is the matter; the receipt stands on each.
func TestResultPhases(t *testing.T) {
	t.Parallel()
	cases := []struct {
		phase, status string
		reach         func(*site, *client, string)
	}{
		{"in_progress", "in_progress", func(*site, *client, string) {}},
		{"paused", "paused", func(s *site, _ *client, a string) { s.admin(a, exam.Command{Kind: exam.Pause}) }},
		{"voided", "voided", func(s *site, _ *client, a string) { s.admin(a, exam.Command{Kind: exam.Void}) }},
		{"marking", "submitted", func(s *site, _ *client, a string) { s.admin(a, exam.Command{Kind: exam.ForceSubmit}) }},
		{"done", "submitted", func(_ *site, c *client, a string) { c.submit(a) }},
	}
	for _, test := range cases {
		for _, lang := range []string{"ja", "en"} {
			t.Run(test.phase+"_"+lang, func(t *testing.T) {
				s, c, attempt := sat(t, 2)
				c.lang = lang
				test.reach(s, c, attempt)
				result := c.get(attempt+"/result").status(http.StatusOK).has("phase", test.phase, "status", test.status, "total", "2")
				if result.data("receipt") == "" || result.text(".phase") == "" {
					t.Errorf("receipt %q, phase %q", result.data("receipt"), result.text(".phase"))
				}
				if scored := result.doc().Find("[data-points]").Length() == 1; scored != (test.phase == "done") {
					t.Errorf("score shown: %v", scored)
				}
				waits := result.doc().Find("body[data-refresh]").Length() == 1
				if waits != (test.phase == "marking") {
					t.Errorf("refreshes: %v", waits)
				}
			})
		}
	}
}

// Once closed or voided, question and review lead to the result.
func TestClosedAttemptsLeadToTheirResult(t *testing.T) {
	t.Parallel()
	for _, kind := range []exam.Kind{exam.ForceSubmit, exam.Void} {
		s, c, attempt := sat(t, 2)
		s.admin(attempt, exam.Command{Kind: kind})
		for _, path := range []string{"/questions/1", "/questions/3", "/review"} {
			c.get(attempt + path).leads(attempt + "/result?note=closed")
		}
		c.get(attempt + "/questions/4").status(http.StatusNotFound)
		c.get(attempt).leads(attempt + "/result")
	}
}

// R9: the server closes when all time is over; late answers are told, and count when accepted.
func TestExpiredAttempt(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.questions(2)
	s.exam()
	c := s.signedIn("ann")
	attempt := s.beganAt("ann", 30*exam.Minute+15*exam.Second)
	right := s.choice(attempt, 1, 1)
	late := newCall(right)
	c.put(attempt, 1, late).fails(http.StatusConflict, "TIME_UP")
	must(t, s.proctor.Round(t.Context()))
	result := c.get(attempt+"/result").has("status", "expired", "phase", "done")
	if result.text(".phase .warning") == "" {
		t.Error("the late answer is not told")
	}
	kept := s.stored(attempt).Rejections[0]
	s.admin(attempt, exam.Command{
		Kind: exam.AcceptLate, Position: 1, Page: kept.Page, Seq: kept.Seq, Late: kept.Number, Answer: kept.Payload.Answer,
	})
	must(t, s.proctor.Round(t.Context()))
	accepted := c.get(attempt + "/result")
	if got := accepted.doc().Find("[data-points]").AttrOr("data-points", ""); got != "10000" {
		t.Errorf("points %q", got)
	}
}

// fill answers each type of question in its own inputs.
func fill(page *answer, typ exam.QuestionType) url.Values {
	form := page.form()
	switch typ {
	case exam.SingleChoice, exam.TrueFalse:
		form.Set("answer", page.choices()[0])
	case exam.MultipleChoice:
		form["answer"] = page.choices()[:2]
	case exam.ShortText, exam.Essay:
		form.Set("answer", "東京\n<b>bold</b> & \"quoted\"")
	case exam.Numeric:
		form.Set("answer", "２．５")
	case exam.Matching, exam.Ordering, exam.Gaps:
		page.doc().Find("[name^='answer.']").Each(func(i int, input *selection) {
			value := input.Find("option").Eq(i+1).AttrOr("value", "typed")
			form.Set(input.AttrOr("name", ""), value)
		})
	}
	form.Set("action", "next")
	return form
}

// Every type of question is answered by its form, shown again as it was, and on the result.
func TestEveryTypeOfQuestion(t *testing.T) {
	t.Parallel()
	for _, sh := range []shape{{exam.Free, exam.ExamFeedback, "ja"}, {exam.Linear, exam.ExamFeedback, "en"}} {
		t.Run(string(sh.navigation), func(t *testing.T) {
			s := newSite(t)
			s.questionsOfEveryType()
			s.exam(sh.rules, func(d *exam.Definition) { d.Rules.Release.Keys.When = exam.Immediately })
			c := s.signedIn("ann")
			c.lang = sh.lang
			attempt := c.start()
			for i, typ := range everyType {
				n := i + 1
				form := fill(c.question(attempt, n), typ)
				c.post(questionPath(attempt, n), with(form, "action", "save")).leads(questionPath(attempt, n))
				again := c.question(attempt, n)
				checkFilled(t, typ, form, again.form())
				next := with(again.form(), "action", "next")
				c.post(questionPath(attempt, n), next).status(http.StatusSeeOther)
			}
			c.submit(attempt)
			result := c.get(attempt+"/result").has("phase", "awaiting") // the essay
			text := result.text(".result-questions")
			for _, want := range []string{"Option a", "Option b", "東京 <b>bold</b> & \"quoted\"", "２．５", "typed", "tokyo", "2 – 3"} {
				if !contains(text, want) {
					t.Errorf("the result lacks %q: %s", want, text)
				}
			}
			if n := result.doc().Find(".result-question").Length(); n != len(everyType) {
				t.Errorf("%d questions", n)
			}
		})
	}
}

func checkFilled(t *testing.T, typ exam.QuestionType, sent, shown url.Values) {
	t.Helper()
	for name, values := range sent {
		if name != "answer" && !strings.HasPrefix(name, "answer.") {
			continue
		}
		if !slices.Equal(values, shown[name]) {
			t.Errorf("%s: %s was sent %q, shown %q", typ, name, values, shown[name])
		}
	}
}

// R16: extra time moves the deadline, and both are told on the start page and the attempt.
func TestExtraTime(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.questions(1)
	s.exam()
	u := s.user("ann")
	u.ExtraPercent = 100
	must(t, s.store.UpdateUser(t.Context(), u))
	c := s.signedIn("ann")
	attempt := c.start()
	deadline, err := time.Parse(time.RFC3339, c.question(attempt, 1).data("deadline"))
	must(t, err)
	if left := time.Until(deadline); left < 59*time.Minute || left > time.Hour {
		t.Errorf("%v left", left)
	}
	s.admin(attempt, exam.Command{Kind: exam.Extend, Amount: 10 * exam.Minute})
	longer, err := time.Parse(time.RFC3339, c.get(attempt+"/review").data("deadline"))
	must(t, err)
	if longer.Sub(deadline) != 10*time.Minute {
		t.Errorf("extended by %v", longer.Sub(deadline))
	}
}

func TestUntimedAttemptsHaveNoDeadline(t *testing.T) {
	t.Parallel()
	_, c, attempt := sat(t, 1, untimed)
	page := c.question(attempt, 1).has("deadline", "")
	if slices.Contains(page.actions(), "time_up") || page.doc().Find("[data-timer]").Length() != 0 {
		t.Error("an untimed attempt shows a timer")
	}
}

// Released keys are worded for each type of question; verdicts compare points with what could be had.
func TestReleasedKeysAndVerdicts(t *testing.T) {
	t.Parallel()
	for lang, trueWord := range map[string]string{"ja": "正しい", "en": "True"} {
		t.Run(lang, func(t *testing.T) {
			s := newSite(t)
			s.questionsOfEveryType()
			s.exam(func(d *exam.Definition) { d.Rules.Release.Keys.When = exam.Immediately })
			c := s.signedIn("ann")
			c.lang = lang
			attempt := c.start()
			paper := s.stored(attempt).Paper
			value := func(n int, option string) string {
				for _, choice := range paper.Item(n).Choices {
					if choice.Option == option {
						return choice.Value
					}
				}
				t.Fatalf("no option %s at %d", option, n)
				return ""
			}
			gaps := paper.Item(9).Prompts
			for n, a := range map[int]any{
				1: value(1, "b"), 2: []string{value(2, "a")}, 3: value(3, "false"), 4: "ＴＯＫＹＯ", 5: "4",
				9: map[string]string{gaps[0].Key: "one"},
			} {
				c.put(attempt, n, newCall(a)).acknowledged("applied", 1)
			}
			c.submit(attempt)
			result := c.get(attempt+"/result").has("phase", "done")
			part := func(n int, selector string) string { return result.text("#question-" + itoa(n) + " " + selector) }
			for n, want := range map[int]string{
				1: "Option b", 2: "Option a", 3: trueWord, 4: "tokyo", 5: "2 – 3 m", 7: "Option a", 8: "1", 9: "one",
			} {
				if got := part(n, ".feedback"); !contains(got, want) || !contains(got, "Because "+itoa(n)) {
					t.Errorf("key of %s: %q lacks %q", everyType[n-1], got, want)
				}
			}
			for n, class := range map[int]string{1: "correct", 2: "partly", 3: "wrong", 4: "correct", 5: "wrong", 6: "wrong", 9: "partly"} {
				if result.doc().Find("#question-"+itoa(n)+" h3 .verdict-"+class).Length() != 1 {
					t.Errorf("verdict of %s is not %s: %s", everyType[n-1], class, part(n, "h3"))
				}
			}
			if got := part(10, "h3 .verdict"); got != "" {
				t.Errorf("a description has the verdict %q", got)
			}
		})
	}
}

// unread is a store that reads no rejection: their payloads may be megabytes.
type unread struct{ store.Store }

func (unread) Rejections(context.Context, string) ([]exam.Rejection, error) {
	return nil, errors.New("kept answers were read")
}

// Late answers are counted, not read.
func TestResultReadsNoKeptAnswers(t *testing.T) {
	t.Parallel()
	s := newSite(t, func(s *site) { s.between = func(in store.Store) store.Store { return unread{in} } })
	s.questions(1)
	s.exam()
	c := s.signedIn("ann")
	attempt := s.beganAt("ann", 30*exam.Minute+15*exam.Second)
	for range 2 {
		c.put(attempt, 1, newCall(s.choice(attempt, 1, 1))).fails(http.StatusConflict, "TIME_UP")
	}
	must(t, s.proctor.Round(t.Context()))
	if got := c.get(attempt + "/result").status(http.StatusOK).text(".phase .warning"); !contains(got, "2 answers") {
		t.Errorf("late answers: %q", got)
	}
}
