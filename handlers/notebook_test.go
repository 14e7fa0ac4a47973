package handlers_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"shiken/exam"
	"shiken/store"
)

// listed is what the notebook lists, in its order, by the beginning of the text.
func listed(a *answer) []string {
	var out []string
	for _, li := range a.doc().Find("ul.notebook > li > p:first-child").EachIter() {
		out = append(out, li.Text())
	}
	return out
}

// The notebook holds what was not right the last time, by category, with when and how often; its buttons
// practise exactly that, and a right answer takes a question out.
func TestNotebook(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"ja", "en"} {
		s, c := practices(t, 6)
		c.lang = lang
		if page := c.get("/practice").status(http.StatusOK); page.data("missed") != "0" || len(listed(page)) != 0 {
			t.Errorf("before anything: %s", page.text("main"))
		}
		first := c.start()
		for n, k := range map[int]int{1: wrong, 2: wrong, 3: right, 5: wrong} {
			c.checksAt(first, n, k)
		}
		page := c.get("/practice").has("missed", "3")
		if got := listed(page); !slices.Equal(got, numbered(1, 2, 5)) {
			t.Errorf("listed %q", got)
		}
		if page.doc().Find("main form").Length() != 0 || page.doc().Find("a.primary").AttrOr("href", "") != first {
			t.Error("a practice is offered beside the one that goes on, or that is not led to")
		}
		s.ends(c, first)
		page = c.get("/practice")
		if got := attrsOf(page, "[data-category]", "data-category"); !slices.Equal(got, []string{"構造", "設計"}) {
			t.Errorf("categories %q", got)
		}
		if c.get(first+"/result").doc().Find("main a[href='/practice']").Length() != 1 {
			t.Error("the result does not lead to the notebook")
		}
		form := fieldsIn(page.doc().Find("[data-category=設計] form"))
		second := c.leadsTo(page.doc().Find("[data-category=設計] form").AttrOr("action", ""), form)
		if got := s.stems(second); !slices.Equal(got, numbered(2, 5)) {
			t.Errorf("the category's button practises %q", got)
		}
		c.checksAt(second, 1, right)
		c.checksAt(second, 2, wrong)
		s.ends(c, second)
		page = c.get("/practice").has("missed", "2")
		if got := listed(page); !slices.Equal(got, numbered(1, 5)) {
			t.Errorf("after a right answer %q", got)
		}
		line := page.doc().Find("ul.notebook > li").Last()
		if got := line.Find("a").AttrOr("href", ""); got != second {
			t.Errorf("the last answer is led to at %q", got)
		}
		times := map[string]string{"ja": "2回解答、2回不正解", "en": "2 answers, 2 not right"}[lang]
		if !contains(line.Text(), times) || line.Find(".verdict-wrong").Length() != 1 {
			t.Errorf("line %q", line.Text())
		}
		all := fieldsIn(page.doc().Find("form:has(button.primary)"))
		third := c.leadsTo("/exams/test/attempts", all)
		if got := s.stems(third); !slices.Equal(got, numbered(1, 5)) {
			t.Errorf("the button practises %q", got)
		}
		c.checksAt(third, 1, right)
		c.checksAt(third, 2, right)
		s.ends(c, third)
		if page := c.get("/practice").has("missed", "0"); len(listed(page)) != 0 {
			t.Errorf("in the end %q", listed(page))
		}
	}
}

// leadsTo posts a form that starts an attempt, whose path it returns.
func (c *client) leadsTo(action string, form map[string][]string) string {
	c.t.Helper()
	a := c.post(action, form).status(http.StatusSeeOther)
	path, _, _ := strings.Cut(a.location, "/questions/")
	return path
}

// A partly right answer is to be looked at again, and says so; one checked without an answer as well; what
// was never answered is not.
func TestNotebookOfOtherVerdicts(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.questionsOfEveryType()
	s.exam(practice, untimed)
	c := s.signedIn("ann")
	attempt := c.start()
	page := c.question(attempt, 2)
	c.post(questionPath(attempt, 2), with(page.form(), "answer", page.choices()[0], "action", "check")).status(http.StatusSeeOther)
	c.post(questionPath(attempt, 4), with(c.question(attempt, 4).form(), "action", "check")).status(http.StatusSeeOther)
	c.post(questionPath(attempt, 6), with(c.question(attempt, 6).form(), "answer", "an essay", "action", "check")).status(http.StatusSeeOther)
	c.question(attempt, 5)
	notebook := c.get("/practice")
	if got := listed(notebook); !slices.Equal(got, []string{"Stem of multiple_choice", "Stem of short_text"}) {
		t.Errorf("listed %q", got)
	}
	if notebook.doc().Find(".verdict-partly").Length() != 1 || notebook.doc().Find(".verdict-wrong").Length() != 1 {
		t.Errorf("verdicts %s", notebook.text("ul.notebook"))
	}
}

// R12: the notebook, the accuracy and the start form tell of answers that were not checked only where the practice shows
// its results, whoever else sits it; of exams they tell nothing.
func TestNotebookTellsNothingUnreleased(t *testing.T) {
	t.Parallel()
	now, never := exam.Release{When: exam.Immediately}, exam.Release{When: exam.Never}
	for name, test := range map[string]struct {
		score, keys exam.Release
		want        string
	}{"released": {now, now, "1"}, "keys never": {now, never, "0"}, "score never": {never, now, "0"}} {
		s, c := practices(t, 2, func(d *exam.Definition) { d.Rules.Release.Score, d.Rules.Release.Keys = test.score, test.keys })
		attempt := c.start()
		c.answers(c.question(attempt, 1), wrong, "save")
		open := c.get("/practice").has("missed", "0")
		if c.get("/practice/accuracy").data("answers") != "0" || contains(open.body, "Stem 1") {
			t.Errorf("%s: told while it is open", name)
		}
		s.ends(c, attempt)
		c.get("/practice").has("missed", test.want)
		c.get("/practice/accuracy").has("answers", test.want)
		form := c.get("/exams/test")
		if !contains(form.text("label.choice"), "Not right last time ("+test.want+")") || !contains(form.text("label.choice"), "Not tried yet (1)") {
			t.Errorf("%s: the form says %s", name, form.text("label.choice"))
		}
		if test.want == "0" {
			continue
		}
		other := s.signedIn("bob")
		other.start()
		c.get("/practice").has("missed", "1")
		if result := c.get(attempt + "/result"); contains(result.body, "Because 1") {
			t.Error("a key is shown while another sits the practice")
		}
		s.admin(attempt, exam.Command{Kind: exam.Void})
		c.get("/practice").has("missed", "0")
		c.get("/practice/accuracy").has("answers", "0")
	}
	s, c := practices(t, 2)
	s.exam(func(d *exam.Definition) { d.Rules.Release.Keys = now })
	attempt := c.start()
	c.answers(c.question(attempt, 1), wrong, "save")
	s.ends(c, attempt)
	c.get("/practice").has("missed", "0")
	c.get("/practice/accuracy").has("answers", "0")
}

// What is in no practice now is counted, and listed again when it is.
func TestNotebookOfWhatIsGone(t *testing.T) {
	t.Parallel()
	s, c := practices(t, 3)
	attempt := c.start()
	c.checksAt(attempt, 1, wrong)
	c.checksAt(attempt, 2, wrong)
	s.ends(c, attempt)
	gone := func() string { return c.get("/practice").doc().Find("[data-gone]").AttrOr("data-gone", "") }
	s.exam(practice, untimed, func(d *exam.Definition) { d.Sections[0].From.Category = []string{"構造"} })
	if got := listed(c.get("/practice")); !slices.Equal(got, numbered(1)) || gone() != "1" {
		t.Errorf("listed %q, gone %q", got, gone())
	}
	s.exam(practice, untimed, func(d *exam.Definition) { d.Published = false })
	if page := c.get("/practice"); len(listed(page)) != 0 || gone() != "2" || page.doc().Find(".empty").Length() != 1 {
		t.Errorf("listed %q, gone %q", listed(page), gone())
	}
	s.exam(practice, untimed)
	if got := listed(c.get("/practice")); !slices.Equal(got, numbered(1, 2)) || gone() != "" {
		t.Errorf("listed %q, gone %q", got, gone())
	}
}

// A new version of a question is the same question, and is listed as it is now.
func TestNotebookFollowsVersions(t *testing.T) {
	t.Parallel()
	s, c := practices(t, 1)
	attempt := c.start()
	c.checksAt(attempt, 1, wrong)
	s.ends(c, attempt)
	q := loaded(0, exam.Question{Type: exam.SingleChoice, Stem: exam.Text{Source: "Mended stem"}, Options: options("a", "b", "c")},
		exam.Key{Revision: 1, Options: map[string]int{"b": exam.FullCredit}})
	q.ContentHash = strings.Repeat("f", 64)
	s.load([]store.LoadedQuestion{q})
	if got := listed(c.get("/practice")); !slices.Equal(got, []string{"Mended stem"}) {
		t.Errorf("listed %q", got)
	}
	second := c.begins("only", "wrong")
	c.checksAt(second, 1, right)
	c.get("/practice").has("missed", "0")
}

// The home page leads to the notebook where there is any practice.
func TestHomeLeadsToTheNotebook(t *testing.T) {
	t.Parallel()
	s, c := practices(t, 1)
	leads := func() int { return c.get("/").doc().Find("main a[href='/practice']").Length() }
	if leads() != 1 {
		t.Error("not with an open practice")
	}
	attempt := c.start()
	if leads() != 1 {
		t.Error("not with a practice that goes on")
	}
	s.ends(c, attempt)
	s.exam()
	if leads() != 1 {
		t.Error("not with a practice that was")
	}
	c = s.signedIn("bob")
	if leads() != 0 {
		t.Error("to who has none")
	}
}

// What is a candidate's own counts in the notebook: a later window keeps a practice there, an earlier close
// offers none that would be refused.
func TestNotebookOfOwnWindow(t *testing.T) {
	t.Parallel()
	past, future := exam.Instant(5), exam.Instant(4_000_000_000_000_000)
	for name, test := range map[string]struct {
		closes, own exam.Instant
		gone        string
		listed      []string
	}{
		"later":   {past, future, "", numbered(1)},
		"earlier": {future, past, "1", nil},
	} {
		s, c := practices(t, 1)
		attempt := c.start()
		c.checksAt(attempt, 1, wrong)
		s.ends(c, attempt)
		s.exam(practice, untimed, func(d *exam.Definition) {
			d.Rules.Release.Keys.When, d.Rules.Window.Close = exam.Immediately, test.closes
		})
		s.gives("ann", exam.Accommodation{Window: exam.Window{Close: test.own}})
		page := c.get("/practice")
		if got := listed(page); !slices.Equal(got, test.listed) || page.doc().Find("[data-gone]").AttrOr("data-gone", "") != test.gone {
			t.Errorf("%s: listed %q, %s", name, got, page.text("main"))
		}
		if n := page.doc().Find("main form:has(button.primary)").Length(); n != len(test.listed) {
			t.Errorf("%s: %d buttons", name, n)
		}
	}
}
