package handlers_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/uuid"

	"shiken/exam"
)

// practices is a site with a practice of n questions of which "b" is right: of the categories 構造 and 設計 by
// turns and every third of none, of the years 2019 to 2021 by turns.
func practices(t *testing.T, n int, changes ...func(*exam.Definition)) (*site, *client) {
	t.Helper()
	s := newSite(t)
	s.categorised(n)
	now := exam.Release{When: exam.Immediately}
	s.exam(append([]func(*exam.Definition){practice, untimed, func(d *exam.Definition) { d.Rules.Release.Keys = now }}, changes...)...)
	return s, s.signedIn("ann")
}

func (s *site) categorised(n int) {
	s.t.Helper()
	var out []storeQuestion
	for i := range n {
		q := loaded(i, exam.Question{
			Type: exam.SingleChoice, Stem: exam.Text{Source: fmt.Sprintf("Stem %d", i+1)}, Options: options("a", "b", "c"),
		}, exam.Key{Revision: 1, Options: map[string]int{"b": exam.FullCredit}})
		q.Category, q.Year = []string{"構造", "設計", ""}[i%3], 2019+i%3
		out = append(out, q)
	}
	s.load(out)
}

// checksAt answers a question with the k-th option, "b" being the second, and has it checked.
func (c *client) checksAt(attempt string, n, k int) {
	c.t.Helper()
	c.answers(c.question(attempt, n), k, "check").status(http.StatusSeeOther)
}

const right, wrong = 1, 0

// begins starts a practice as its page offers it, with some fields changed, and returns its path.
func (c *client) begins(pairs ...string) string {
	c.t.Helper()
	form := c.get("/exams/test").status(http.StatusOK).form()
	a := c.post("/exams/test/attempts", with(form, pairs...)).status(http.StatusSeeOther)
	path, _, _ := strings.Cut(a.location, "/questions/")
	return path
}

// ends hands a practice in and has it marked.
func (s *site) ends(c *client, attempt string) {
	s.t.Helper()
	c.submit(attempt)
	must(s.t, s.proctor.Round(context.Background()))
}

// stems lists the stems on an attempt's paper, sorted.
func (s *site) stems(attempt string) []string {
	s.t.Helper()
	var versions, out []string
	for _, it := range s.stored(attempt).Paper.Items {
		versions = append(versions, it.Version)
	}
	contents, err := s.store.Questions(context.Background(), versions)
	must(s.t, err)
	for _, q := range contents {
		out = append(out, q.Stem.Source)
	}
	slices.Sort(out)
	return out
}

func numbered(numbers ...int) []string {
	var out []string
	for _, n := range numbers {
		out = append(out, fmt.Sprintf("Stem %d", n))
	}
	return out
}

// attrsOf lists an attribute of all that a selector finds.
func attrsOf(a *answer, selector, name string) []string {
	return a.doc().Find(selector).Map(func(_ int, s *goquery.Selection) string { return s.AttrOr(name, "") })
}

// The start form of a practice offers what there is and how much of it; that of an exam asks nothing.
func TestStartFormOfAPractice(t *testing.T) {
	t.Parallel()
	s, c := practices(t, 7, func(d *exam.Definition) { d.Sections[0].Draw = 4 })
	attempt := c.start()
	if n := s.stored(attempt).Paper.Len(); n != 4 {
		t.Errorf("the form as it stands draws %d", n)
	}
	c.checksAt(attempt, 1, wrong)
	c.checksAt(attempt, 2, right)
	c.answers(c.question(attempt, 3), wrong, "flag")
	if n := c.get("/exams/test").doc().Find("[name=only]").Length(); n != 0 {
		t.Error("a choice is offered while a practice goes on")
	}
	s.ends(c, attempt)
	page := c.get("/exams/test")
	words := page.text("label.choice")
	for _, part := range []string{"All questions (7)", "Not tried yet (4)", "Not right last time (2)", "Flagged last time (1)"} {
		if !contains(words, part) {
			t.Errorf("the form offers %q, not %q", words, part)
		}
	}
	if got := attrsOf(page, "[name=category]", "value"); !slices.Equal(got, []string{"構造", "設計", ""}) {
		t.Errorf("categories %q", got)
	}
	if got := attrsOf(page, "[name=year]", "value"); !slices.Equal(got, []string{"2021", "2020", "2019"}) {
		t.Errorf("years %q", got)
	}
	if got := page.doc().Find("[name=count]").AttrOr("value", ""); got != "4" {
		t.Errorf("count %q", got)
	}
	s.exam()
	if n := c.get("/exams/test").doc().Find("form [name=only], form [name=count]").Length(); n != 0 {
		t.Error("an exam's form asks something")
	}
}

// What cannot be chosen is not offered.
func TestStartFormOffersNothingEmpty(t *testing.T) {
	t.Parallel()
	_, c := practices(t, 2)
	page := c.get("/exams/test")
	if got := attrsOf(page, "[name=only][disabled]", "value"); !slices.Equal(got, []string{"wrong", "flagged"}) {
		t.Errorf("disabled: %v", got)
	}
	if got := attrsOf(page, "[name=only][checked]", "value"); !slices.Equal(got, []string{"all"}) {
		t.Errorf("chosen: %v", got)
	}
}

// A practice is about what was chosen.
func TestFocusedStarts(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		form []string
		want []string // nil: so many of any
		n    int
	}{
		{"as many as are wanted", []string{"count", "3"}, nil, 3},
		{"typed in full width", []string{"count", " ２ "}, nil, 2},
		{"more than there are", []string{"count", "1000"}, nil, 9},
		{"as many as the exam draws", []string{"count", ""}, nil, 9},
		{"a category", []string{"category", "設計"}, numbered(2, 5, 8), 3},
		{"no category", []string{"category", ""}, numbered(3, 6, 9), 3},
		{"a year", []string{"year", "2019", "only", "all"}, numbered(1, 4, 7), 3},
		{"not tried, of a category", []string{"only", "unseen", "category", "構造"}, numbered(4, 7), 2},
		{"wrong", []string{"only", "wrong"}, numbered(2), 1},
		{"flagged", []string{"only", "flagged"}, numbered(3), 1},
		{"wrong, without a number", []string{"only", "wrong", "-count", ""}, numbered(2), 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s, c := practices(t, 9)
			first := c.start()
			c.checksAt(first, 1, right)
			c.checksAt(first, 2, wrong)
			c.answers(c.question(first, 3), right, "flag")
			c.checksAt(first, 3, right)
			s.ends(c, first)
			got := s.stems(c.begins(test.form...))
			if len(got) != test.n || test.want != nil && !slices.Equal(got, test.want) {
				t.Errorf("practises %q, want %d: %q", got, test.n, test.want)
			}
		})
	}
}

// unbegun wants no attempt of the exam.
func (s *site) unbegun(user string) {
	s.t.Helper()
	list, _, err := s.store.OfCandidate(context.Background(), s.users[user].ID)
	must(s.t, err)
	if len(list) > 0 {
		s.t.Errorf("%d attempts were begun", len(list))
	}
}

// A choice that leaves nothing, and a number that is none, are said in the page, with the form as it was
// filled; nothing is begun, and the mended form begins.
func TestFocusThatCannotBePractised(t *testing.T) {
	t.Parallel()
	tests := []struct{ problem, only, count, part string }{
		{"nothing", "wrong", "5", "category"}, {"count", "unseen", "abc", "category"}, {"count", "all", "0", "year"},
		{"count", "all", "1001", "year"}, {"count", "all", "-1", "year"}, {"count", "all", "1.5", "year"},
	}
	for i, test := range tests {
		s, c := practices(t, 3)
		c.lang = []string{"ja", "en"}[i%2]
		value := map[string]string{"category": "設計", "year": "2020"}[test.part]
		form := with(c.get("/exams/test").form(), "only", test.only, "count", test.count, test.part, value)
		page := c.post("/exams/test/attempts", form).status(http.StatusUnprocessableEntity)
		if got := page.doc().Find("[role=alert]").AttrOr("data-problem", ""); got != test.problem {
			t.Errorf("%+v: the page says %q", test, got)
		}
		kept := page.form()
		if kept.Get("only") != test.only || kept.Get("count") != test.count || kept.Get(test.part) != value {
			t.Errorf("%+v: the form holds %v", test, kept)
		}
		if described := page.doc().Find("#count[aria-invalid=true]").AttrOr("aria-describedby", ""); (described == "focus-problem count-hint") != (test.problem == "count") {
			t.Errorf("%+v: the number is described by %q", test, described)
		}
		s.unbegun("ann")
		c.post("/exams/test/attempts", with(kept, "only", "all", "count", "2")).status(http.StatusSeeOther)
	}
}

// Where an attempt is open a start leads there, whatever was typed as the number.
func TestUnreadableFocusLeadsToTheOpenAttempt(t *testing.T) {
	t.Parallel()
	s, c := practices(t, 3)
	form := c.get("/exams/test").form()
	open := c.begins()
	for _, count := range []string{"abc", "0", "1001"} {
		again := with(form, "command_id", uuid.NewString(), "count", count)
		if a := c.post("/exams/test/attempts", again).status(http.StatusSeeOther); !strings.HasPrefix(a.location, open+"/questions/") {
			t.Errorf("%q leads to %s", count, a.location)
		}
	}
	if list, _, err := s.store.OfCandidate(t.Context(), s.users["ann"].ID); err != nil || len(list) != 1 {
		t.Errorf("%d attempts, %v", len(list), err)
	}
}

// A passage of more questions than a limited practice draws is told as that.
func TestFocusOnALargePassage(t *testing.T) {
	t.Parallel()
	for lang, want := range map[string]string{"ja": "2問", "en": "at most 2"} {
		s, c := practices(t, 0, func(d *exam.Definition) { d.Attempts, d.Sections[0].Draw = 1, 2 })
		var out []storeQuestion
		for i := range 5 {
			q := loaded(i, exam.Question{Type: exam.ShortText, Stem: exam.Text{Source: fmt.Sprint("Stem ", i)}}, exam.Key{Revision: 1, Texts: []exam.TextKey{{Pattern: "x", Weight: exam.FullCredit}}})
			if q.Category = "single"; i < 3 {
				q.Category, q.Question.Group, q.Question.Stimulus = "passage", "g", exam.Text{Source: "A passage"}
			}
			out = append(out, q)
		}
		s.load(out)
		c.lang = lang
		form := with(c.get("/exams/test").form(), "category", "passage")
		alert := c.post("/exams/test/attempts", form).status(http.StatusUnprocessableEntity).doc().Find("[role=alert]")
		if alert.AttrOr("data-problem", "") != "units" || !contains(alert.Text(), want) {
			t.Errorf("the page says %q", alert.Text())
		}
		s.unbegun("ann")
		c.post("/exams/test/attempts", with(form, "category", "single")).status(http.StatusSeeOther)
	}
}

// What no form of ours sends is malformed, and what is no practice takes no choice.
func TestMalformedFocus(t *testing.T) {
	t.Parallel()
	s, c := practices(t, 3)
	many := url.Values{}
	for i := range 1_001 {
		many.Add("year", fmt.Sprint(i))
	}
	sound := c.get("/exams/test").form()
	for name, extra := range map[string]url.Values{
		"an unknown kind": {"only": {"right"}}, "two kinds": {"only": {"all", "wrong"}}, "two numbers": {"count": {"1", "2"}},
		"a year in words": {"year": {"last"}}, "too many years": many,
	} {
		form := with(sound)
		for field, values := range extra {
			form[field] = values
		}
		if a := c.post("/exams/test/attempts", form); a.code != http.StatusBadRequest {
			t.Errorf("%s: %d", name, a.code)
		}
	}
	s.unbegun("ann")
	s.exam()
	for name, pairs := range map[string][]string{"a number": {"count", "1"}, "a kind": {"only", "unseen"}, "what is no number": {"count", "x"}} {
		form := with(c.get("/exams/test").form(), pairs...)
		if a := c.post("/exams/test/attempts", form); a.code != http.StatusBadRequest {
			t.Errorf("of an exam, %s: %d", name, a.code)
		}
	}
	s.unbegun("ann")
	c.post("/exams/unknown/attempts", with(sound, "count", "x")).status(http.StatusNotFound)
}

// The wire contract's start goes on as before.
func TestStartOfAPracticeWithoutChoice(t *testing.T) {
	t.Parallel()
	s, c := practices(t, 5, func(d *exam.Definition) { d.Sections[0].Draw = 3 })
	a := c.post("/exams/test/attempts", url.Values{"command_id": {uuid.NewString()}, "seen": {"0"}}).status(http.StatusSeeOther)
	path, _, _ := strings.Cut(a.location, "/questions/")
	if n := s.stored(path).Paper.Len(); n != 3 {
		t.Errorf("%d questions", n)
	}
}
