package handlers_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"shiken/exam"
)

// The question form: hidden fields, first button, buttons by navigation and feedback.
func TestQuestionForm(t *testing.T) {
	t.Parallel()
	inEveryShape(t, func(t *testing.T, sh shape) {
		_, c, attempt := sat(t, 3, sh.rules)
		c.lang = sh.lang
		page := c.question(attempt, 1)
		page.has("attempt", strings.TrimPrefix(attempt, "/attempts/"), "position", "1", "total", "3", "rev", "0",
			"status", "in_progress", "outcome", "", "reason", "")
		if page.data("deadline") == "" {
			t.Error("a timed attempt has no data-deadline")
		}
		if got := page.doc().Find("html").AttrOr("lang", ""); got != sh.lang {
			t.Errorf("lang %q", got)
		}
		checkHidden(t, page)
		actions := page.actions()
		if actions[0] != "save" {
			t.Errorf("first button %q", actions[0])
		}
		want := []string{"save", "clear", "next", "time_up"}
		if sh.isFree() {
			want = append(want, "flag", "review", "goto:1", "goto:2", "goto:3", "previous")
		}
		if sh.feedback == exam.PracticeFeedback {
			want = append(want, "check")
		}
		// At question 1 there is no previous.
		want = slices.DeleteFunc(want, func(a string) bool { return a == "previous" })
		slices.Sort(actions)
		slices.Sort(want)
		if !slices.Equal(actions, want) {
			t.Errorf("buttons %v, want %v", actions, want)
		}
	})
}

func checkHidden(t *testing.T, page *answer) {
	t.Helper()
	form := page.form()
	for _, name := range []string{"command_id", "page"} {
		if _, err := uuid.Parse(form.Get(name)); err != nil {
			t.Errorf("%s = %q", name, form.Get(name))
		}
	}
	for name, want := range map[string]string{"rev": page.data("rev"), "seq": "1", "opening": "1"} {
		if got := form[name]; len(got) != 1 || got[0] != want {
			t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
	if method := page.commandForm().AttrOr("method", ""); method != "post" {
		t.Errorf("method %q", method)
	}
}

func TestEveryRenderingHasFreshIDs(t *testing.T) {
	t.Parallel()
	_, c, attempt := sat(t, 1)
	a, b := c.question(attempt, 1).form(), c.question(attempt, 1).form()
	if a.Get("command_id") == b.Get("command_id") || a.Get("page") == b.Get("page") {
		t.Fatal("two renderings share ids")
	}
}

// Where each action leads, in free navigation.
func TestTargetsFree(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"ja", "en"} {
		for action, want := range map[string]string{
			"": "/questions/2", "save": "/questions/2", "next": "/questions/3", "previous": "/questions/1",
			"goto:1": "/questions/1", "goto:2": "/questions/2", "goto:3": "/questions/3", "goto:4": "/review",
			"flag": "/questions/2", "unflag": "/questions/2", "clear": "/questions/2", "review": "/review",
			"time_up": "/questions/2?note=extended",
		} {
			t.Run(lang+"_"+action, func(t *testing.T) {
				_, c, attempt := sat(t, 3)
				c.lang = lang
				page := c.question(attempt, 2)
				form := with(page.form(), "answer", page.choices()[1], "action", action)
				if action == "" {
					form.Del("action")
				}
				c.post(attempt+"/questions/2", form).leads(attempt + want)
				again := c.question(attempt, 2)
				if saved := len(again.chosen()) == 1; saved != (action != "clear") {
					t.Errorf("all buttons save, clear unselects: chosen %v", again.chosen())
				}
			})
		}
	}
}

func TestNextAtTheLastQuestionLeadsToReview(t *testing.T) {
	t.Parallel()
	inEveryShape(t, func(t *testing.T, sh shape) {
		_, c, attempt := sat(t, 1, sh.rules)
		c.lang = sh.lang
		c.answers(c.question(attempt, 1), 1, "next").leads(attempt + "/review")
		c.get(attempt).leads(attempt + "/review")
		c.get(questionPath(attempt, 2)).leads(attempt + "/review")
	})
}

// An action that navigation or feedback lacks is malformed.
func TestActionsThatThereAreNot(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		change  func(*exam.Definition)
		actions []string
	}{
		"free":            {func(*exam.Definition) {}, []string{"previous", "check", "goto:0", "goto:-1", "goto:01", "goto:x", "goto:", "goto", "submit", "SAVE", " save"}},
		"linear":          {linear, []string{"previous", "goto:1", "goto:2", "review", "flag", "unflag", "check"}},
		"linear practice": {func(d *exam.Definition) { linear(d); practice(d) }, []string{"previous", "goto:2", "review", "flag"}},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			s, c, attempt := sat(t, 3, test.change)
			page := c.question(attempt, 1)
			for _, action := range test.actions {
				c.answers(page, 1, action).status(http.StatusBadRequest)
			}
			c.post(attempt+"/questions/1", with(page.form(), "answer", page.choices()[0], "-action", "")).leads(attempt + "/questions/1")
			if n := len(s.stored(attempt).Records); n != 2 {
				t.Errorf("%d entries: something malformed was applied", n)
			}
		})
	}
}

// R6: there is no question n + 1.
func TestPositionsOffThePaper(t *testing.T) {
	t.Parallel()
	inEveryShape(t, func(t *testing.T, sh shape) {
		_, c, attempt := sat(t, 3, sh.rules)
		c.lang = sh.lang
		form := with(c.question(attempt, 1).form(), "action", "next")
		for _, n := range []string{"4", "5", "1000000000", "9999999999", "4294967297"} {
			c.post(attempt+"/questions/"+n, with(form, "command_id", uuid.NewString())).rejected(http.StatusNotFound, "out_of_range")
		}
		for _, n := range []string{"0", "-1", "01", "x", "1e9", "99999999999", "１", "+1", "1.0", "%31", "1%20"} {
			c.post(attempt+"/questions/"+n, form).status(http.StatusNotFound)
			c.get(attempt + "/questions/" + n).status(http.StatusNotFound)
		}
		c.get(attempt + "/questions/4").leads(attempt + "/review")
		for _, n := range []string{"5", "1000000000", "9999999999"} {
			c.get(attempt + "/questions/" + n).status(http.StatusNotFound)
		}
		c.get(attempt).leads(attempt + "/questions/1")
	})
}

// A GET never moves the cursor, which in free navigation is the target of the last applied POST.
func TestFreeCursorIsWhereTheLastPostLed(t *testing.T) {
	t.Parallel()
	_, c, attempt := sat(t, 3)
	c.get(attempt).leads(attempt + "/questions/1")
	c.question(attempt, 3)
	c.get(attempt).leads(attempt + "/questions/1")
	c.answers(c.question(attempt, 1), 0, "goto:3").leads(attempt + "/questions/3")
	c.question(attempt, 1)
	c.get(attempt).leads(attempt + "/questions/3")
}

func TestFlagSavesTheAnswerAndIsShown(t *testing.T) {
	t.Parallel()
	_, c, attempt := sat(t, 2)
	c.answers(c.question(attempt, 1), 1, "flag").leads(attempt + "/questions/1")
	page := c.question(attempt, 1)
	if !slices.Contains(page.actions(), "unflag") || slices.Contains(page.actions(), "flag") {
		t.Errorf("buttons of a flagged question: %v", page.actions())
	}
	if page.data("rev") != "1" || page.chosen()[0] != page.choices()[1] {
		t.Errorf("rev %s, chosen %v", page.data("rev"), page.chosen())
	}
	review := c.get(attempt + "/review")
	if got := review.doc().Find("[data-review-position='1']").AttrOr("data-flagged", ""); got != "true" {
		t.Errorf("flag on the review page: %q", got)
	}
	c.answers(page, 1, "unflag").leads(attempt + "/questions/1")
	if after := c.question(attempt, 1); after.data("rev") != "1" || !slices.Contains(after.actions(), "flag") {
		t.Errorf("a flag raised rev to %s", after.data("rev"))
	}
}

func TestReviewListsEveryPosition(t *testing.T) {
	t.Parallel()
	_, c, attempt := sat(t, 3)
	c.answers(c.question(attempt, 2), 0, "save")
	review := c.get(attempt+"/review").status(http.StatusOK).has("total", "3", "rev", "1", "status", "in_progress")
	for n, want := range map[string]string{"1": "unanswered", "2": "answered", "3": "unanswered"} {
		if got := review.doc().Find("[data-review-position='"+n+"']").AttrOr("data-state", ""); got != want {
			t.Errorf("position %s: %q, want %q", n, got, want)
		}
	}
	form := review.form()
	if form.Get("rev") != "1" || form.Get("opening") != "1" || len(form.Get("command_id")) != 36 {
		t.Errorf("submit form %v", form)
	}
}
