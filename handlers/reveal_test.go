package handlers_test

import (
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"testing"

	"github.com/google/uuid"

	"shiken/exam"
)

// R12: what a rejection shows is decided by the state of the attempt, never by its reason: the text of
// a question is shown only while it may be seen.

// typedSite is a linear exam of one question of each type, and ann, who stands at the first.
func typedSite(t *testing.T) (s *site, c *client, attempt string) {
	s = newSite(t)
	s.questionsOfEveryType()
	s.exam(linear)
	c = s.signedIn("ann")
	return s, c, c.start()
}

// The reasons that win over not_reached: a reused id, an earlier opening, time, a pause, the end.
func TestRejectionsOfUnreachedQuestionsShowNothing(t *testing.T) {
	t.Parallel()
	used := func(_ *site, c *client, attempt string, form url.Values) url.Values {
		c.post(attempt+"/questions/1", with(form, "action", "save")).status(http.StatusSeeOther)
		return form
	}
	cases := map[string]struct {
		reason string
		do     func(*site, *client, string, url.Values) url.Values
	}{
		"reused id": {"id_reused", used},
		"opening":   {"finished", func(_ *site, _ *client, _ string, f url.Values) url.Values { return with(f, "opening", "7") }},
		"paused": {"paused", func(s *site, _ *client, a string, f url.Values) url.Values {
			s.admin(a, exam.Command{Kind: exam.Pause})
			return f
		}},
		"over": {"finished", func(s *site, _ *client, a string, f url.Values) url.Values {
			s.admin(a, exam.Command{Kind: exam.ForceSubmit})
			return f
		}},
		"voided": {"voided", func(s *site, _ *client, a string, f url.Values) url.Values {
			s.admin(a, exam.Command{Kind: exam.Void})
			return f
		}},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			s, c, attempt := sat(t, 3, linear)
			form := with(c.question(attempt, 1).form(), "answer", s.choice(attempt, 1, 0), "action", "next")
			form = test.do(s, c, attempt, form)
			for _, n := range []int{2, 3} {
				if test.reason != "id_reused" {
					form = with(form, "command_id", uuid.NewString())
				}
				page := c.post(questionPath(attempt, n), with(form, "answer", s.choice(attempt, n, 1))).
					rejected(http.StatusConflict, test.reason)
				if contains(page.body, "Stem") || contains(page.body, "Option") {
					t.Errorf("question %d is shown: %s", n, page.text("main"))
				}
				if !contains(page.sent(), s.choice(attempt, n, 1)) {
					t.Errorf("what was sent is not shown: %q", page.sent())
				}
			}
		})
	}
}

func TestNoQuestionIsShownWhenTheTimeIsOver(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.questions(2)
	s.exam()
	c := s.signedIn("ann")
	attempt := s.beganAt("ann", 31*exam.Minute)
	form := url.Values{
		"rev": {"0"}, "command_id": {uuid.NewString()}, "page": {uuid.NewString()}, "seq": {"1"}, "opening": {"1"},
		"answer": {s.choice(attempt, 1, 0)}, "action": {"save"},
	}
	for reason, f := range map[string]url.Values{"time_up": form, "finished": with(form, "opening", "2", "command_id", uuid.NewString())} {
		page := c.post(attempt+"/questions/1", f).rejected(http.StatusConflict, reason)
		if contains(page.body, "Stem") || !contains(page.sent(), "Option a") {
			t.Errorf("%s shows %s", reason, page.text("main"))
		}
	}
}

// A rejection that is told again, when the attempt is paused or over meanwhile, shows no question.
func TestOldRejectionsShowNoQuestionLater(t *testing.T) {
	t.Parallel()
	old := map[string]struct {
		reason string
		status int
		answer string
	}{
		"stays unanswered": {"unanswered", http.StatusUnprocessableEntity, ""},
		"stays invalid":    {"invalid_answer", http.StatusUnprocessableEntity, "zzzzzz"},
	}
	for name, test := range old {
		for _, kind := range []exam.Kind{exam.Pause, exam.ForceSubmit, exam.Void} {
			t.Run(name+"_"+string(kind), func(t *testing.T) {
				s, c, attempt := sat(t, 2, linear)
				form := with(c.question(attempt, 1).form(), "answer", test.answer, "action", "next")
				if test.answer == "" {
					form.Del("answer")
				}
				if open := c.post(attempt+"/questions/1", form).rejected(test.status, test.reason); !contains(open.body, "Stem 1") {
					t.Fatal("an open question is not shown")
				}
				s.admin(attempt, exam.Command{Kind: kind})
				again := c.post(attempt+"/questions/1", form).rejected(test.status, test.reason)
				if contains(again.body, "Stem") || contains(again.body, "Option") {
					t.Errorf("the question is shown: %s", again.text("main"))
				}
				if again.text("[role=alert] h1") == "" || again.text("main .actions a") == "" {
					t.Errorf("no word why, or no way on: %s", again.text("main"))
				}
			})
		}
	}
}

// clockText is the time of day on a page, which the next question's page may tell a second later.
var clockText = regexp.MustCompile(`\d\d:\d\d:\d\d`)

// Nothing that is sent to a position not reached tells which type of question is there: status, page
// and replay are the same for every type, by form and by API.
func TestTypesOfUnreachedQuestionsAreNotTold(t *testing.T) {
	t.Parallel()
	_, c, attempt := typedSite(t)
	base := with(c.question(attempt, 1).form(), "-answer", "", "action", "next")
	probes := map[string]url.Values{
		"nothing": {}, "empty": {"answer": {""}}, "text": {"answer": {"typed"}}, "two": {"answer": {"x", "y"}},
		"keyed": {"answer.k": {"1"}}, "both": {"answer": {"x"}, "answer.k": {""}}, "lines": {"answer": {"a\r\nb"}},
	}
	for name, probe := range probes {
		told := map[string][]exam.QuestionType{}
		for i, typ := range everyType[1:] {
			form := with(base, "command_id", uuid.NewString())
			maps.Copy(form, probe)
			page := c.post(questionPath(attempt, i+2), form)
			shown := itoa(page.code) + page.data("reason") + clockText.ReplaceAllString(page.sent(), "")
			if name == "lines" { // another spelling of the same text under the same id
				other := c.post(questionPath(attempt, i+2), with(form, "answer", "a\nb"))
				shown += itoa(other.code) + other.data("reason")
			}
			told[shown] = append(told[shown], typ)
		}
		if len(told) != 1 {
			t.Errorf("%s tells types apart: %v", name, told)
		}
	}
	for name, a := range map[string][2]any{
		"text": {"a\r\nb", "a\nb"}, "array": {[]string{"x", "y"}, []string{"y", "x"}},
		"object": {map[string]string{"k": "1\r"}, map[string]string{"k": "1\n"}}, "null": {nil, ""},
	} {
		told := map[string][]exam.QuestionType{}
		for i, typ := range everyType[1:] {
			q := newCall(a[0])
			shown := ""
			for _, call := range []call{q, q.but("answer", a[1])} {
				body := c.put(attempt, i+2, call)
				shown += itoa(body.code) + body.json()["error_code"].(string)
			}
			told[shown] = append(told[shown], typ)
		}
		if len(told) != 1 {
			t.Errorf("%s tells types apart: %v", name, told)
		}
	}
}

// What was sent to a position that is not reached is kept as it was sent (R15).
func TestAnswersToUnreachedQuestionsAreKept(t *testing.T) {
	t.Parallel()
	s, c, attempt := typedSite(t)
	form := with(c.question(attempt, 1).form(), "action", "next")
	form["answer"] = []string{"one", "two"}
	page := c.post(attempt+"/questions/4", form).rejected(http.StatusConflict, "not_reached")
	kept := s.stored(attempt).Rejections
	if len(kept) != 1 || !slices.Equal(kept[0].Payload.Answer.Choices, []string{"one", "two"}) {
		t.Errorf("kept %+v", kept)
	}
	if !contains(page.sent(), "one") || !contains(page.sent(), "two") {
		t.Errorf("sent %q", page.sent())
	}
}

// A pause is no reason to lose an answer: the page offers to send it again, and it is taken once the
// exam goes on (R15).
func TestPausedAnswerIsSentAgainWithOneClick(t *testing.T) {
	t.Parallel()
	for _, rules := range []func(*exam.Definition){untimed, linear} {
		s, c, attempt := sat(t, 2, rules)
		question := c.question(attempt, 1)
		s.admin(attempt, exam.Command{Kind: exam.Pause})
		paused := c.answers(question, 1, "save").rejected(http.StatusConflict, "paused")
		still := c.press(paused).rejected(http.StatusConflict, "paused")
		if contains(still.body, "Stem") {
			t.Error("the question is shown while it is covered")
		}
		s.admin(attempt, exam.Command{Kind: exam.Resume})
		c.press(still).leads(attempt + "/questions/1")
		if got := s.stored(attempt).Attempt.Responses[1].Answer.Text; got != question.choices()[1] {
			t.Errorf("saved %q", got)
		}
	}
}

// A form of an earlier opening may still be chosen once the attempt is open again (R15).
func TestAnswerOfAnEarlierOpeningIsSentAgainWithOneClick(t *testing.T) {
	t.Parallel()
	s, c, attempt := sat(t, 2)
	page := c.question(attempt, 1)
	c.submit(attempt)
	s.admin(attempt, exam.Command{Kind: exam.Reopen})
	c.press(c.answers(page, 1, "save").rejected(http.StatusConflict, "finished")).leads(attempt + "/questions/1")
}
