package handlers_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"shiken/store"
)

// bankCSV has n questions; change gives the row of one another text.
func bankCSV(n int, change map[int]string) string {
	out := "id,category,question,option_a,option_b,correct_answer\n"
	for i := 1; i <= n; i++ {
		row := strconv.Itoa(i) + ",c,Which one holds number " + strconv.Itoa(i) + "?,beam,wall,A"
		if other, ok := change[i]; ok {
			row = other
		}
		out += row + "\n"
	}
	return out
}

// differs is the page of what a report's file would change.
func (c *client) differs(report *answer, show string) *answer {
	c.t.Helper()
	path := report.doc().Find("a[href*='/difference']").AttrOr("href", "")
	if path == "" {
		c.t.Fatalf("the report leads to no differences\n%s", report.text("main"))
	}
	joint := "?"
	if strings.Contains(path, "?") {
		joint = "&"
	}
	return c.get(path+joint+"show="+show).status(http.StatusOK).has("show", show)
}

// A load's changes are shown word by word, in elements and words and not by colour alone; a change of the key is
// marked as such.
func TestDifferenceIsShown(t *testing.T) {
	t.Parallel()
	s, c := desked(t)
	s.loads(c, c.brings("bank.csv", bankCSV(3, nil)))
	report := c.brings("bank.csv", bankCSV(2, map[int]string{
		1: "1,c,Which one holds number one?,beam,wall,A", 2: "2,c,Which one holds number 2?,beam,wall,B",
	})+"9,c,New?,yes,no,A\n")
	for _, lang := range []string{"ja", "en"} {
		c.lang = lang
		page := c.differs(report, "changed")
		if n := page.doc().Find("article.different").Length(); n != 2 {
			t.Fatalf("%s: %d questions are changed: %s", lang, n, page.text("main"))
		}
		stem := page.doc().Find("[data-part=stem]")
		if got := bareText(stem.Find("del")); got != "1" {
			t.Errorf("%s: deleted %q", lang, got)
		}
		if got := bareText(stem.Find("ins")); got != "one" {
			t.Errorf("%s: added %q", lang, got)
		}
		if stem.Find("del .visually-hidden").Length() == 0 || stem.Find("ins .visually-hidden").Length() == 0 {
			t.Errorf("%s: nothing is read out of the change", lang)
		}
		keys := page.doc().Find("article[data-scores=true]")
		if keys.Length() != 1 || keys.Find("[data-part=key] .severity").Length() != 1 || bareText(keys.Find("[data-part=key] ins")) != "wall" {
			t.Errorf("%s: the change of the key: %s", lang, keys.Text())
		}
		if n := c.differs(report, "absent").doc().Find("li[data-identity]").Length(); n != 1 {
			t.Errorf("%s: %d are absent", lang, n)
		}
		if n := c.differs(report, "new").doc().Find(".desk-question").Length(); n != 1 {
			t.Errorf("%s: %d are new", lang, n)
		}
		if c.differs(report, "edited").doc().Find("form input[name=edited]").Length() != 0 {
			t.Errorf("%s: something was edited", lang)
		}
	}
}

// bareText is the text of a selection without what only screen readers have.
func bareText(s *goquery.Selection) string {
	s = s.Clone()
	s.Find(".visually-hidden").Remove()
	return strings.TrimSpace(s.Text())
}

// What was edited here is kept or replaced, and what is absent retired, as the author chooses: for each, over
// pages, or for all; off as long as nobody chose.
func TestDifferenceIsChosen(t *testing.T) {
	t.Parallel()
	const n = 25
	s, c := desked(t)
	s.loads(c, c.brings("bank.csv", bankCSV(n, nil)))
	list, _, err := s.store.SetQuestions(t.Context(), store.SetQuery{Set: "bank", Limit: n})
	must(t, err)
	for i := range n - 2 { // the last two are absent
		path, form := c.editor(list[i].Identity)
		c.post(path, savedBy(with(form, "stem", "Edited "+strconv.Itoa(i)))).status(http.StatusSeeOther)
	}
	report := c.brings("bank.csv", bankCSV(n-2, nil))
	if report.doc().Find("[data-replaced], [data-retired]").Length() != 0 {
		t.Error("something is chosen before anybody chose")
	}
	edited := c.differs(report, "edited")
	form := edited.doc().Find("main form[method=post]").First()
	if got := form.Find("input[type=radio][value=keep][checked]").Length(); got != 20 {
		t.Fatalf("%d of the first page are kept\n%s", got, edited.text("main"))
	}
	fields := fieldsIn(form)
	first := list[0].Identity
	edition := form.Find("input[type=radio][name='choice."+first+"']").Last().AttrOr("value", "")
	c.follow(c.post(form.AttrOr("action", ""), with(fields, "choice."+first, edition, "action", "save")).status(http.StatusSeeOther)).has("replaced", "1")
	c.differs(report, "edited").has("replaced", "1")

	absent := c.differs(report, "absent")
	form = absent.doc().Find("main form[method=post]").First()
	fields = fieldsIn(form)
	if fields.Has("retire") {
		t.Error("boxes are ticked by themselves")
	}
	fields.Set("retire", list[n-1].Identity)
	c.follow(c.post(form.AttrOr("action", ""), with(fields, "action", "save")).status(http.StatusSeeOther)).has("retired", "1")
	at := report.doc().Find("a[href*='/difference']").AttrOr("href", "")
	again := c.get(strings.Replace(at, "/difference", "", 1)).status(http.StatusOK)
	if again.doc().Find("[data-replaced]").Length() != 1 || again.doc().Find("[data-retired]").Length() != 1 {
		t.Errorf("the report says %s", again.text("main"))
	}
	if got := s.loads(c, again); got.Result.Changed != 1 || got.Result.Edited != n-3 || got.Result.Retired != 1 || got.Result.Absent != 2 {
		t.Errorf("loaded %+v", got.Result)
	}
	if !s.bank(list[n-1].Identity).Retired || s.bank(list[n-2].Identity).Retired {
		t.Error("another one was retired")
	}
	page := c.get("/author/jobs/" + s.lastLoad())
	if page.doc().Find("[data-loaded=bank]").Length() != 1 {
		t.Errorf("the load says %s", page.text("main"))
	}
}

func TestDifferenceForAll(t *testing.T) {
	t.Parallel()
	s, c := desked(t)
	s.loads(c, c.brings("bank.csv", bankCSV(4, nil)))
	list, _, err := s.store.SetQuestions(t.Context(), store.SetQuery{Set: "bank", Limit: 9})
	must(t, err)
	for i := range 2 {
		path, form := c.editor(list[i].Identity)
		c.post(path, savedBy(with(form, "stem", "Edited "+strconv.Itoa(i)))).status(http.StatusSeeOther)
	}
	report := c.brings("bank.csv", bankCSV(2, nil))
	at := report.doc().Find("a[href*='/difference']").AttrOr("href", "")
	for _, step := range []struct{ action, replaced, retired string }{
		{"replace_all", "2", "0"}, {"retire_all", "2", "2"}, {"keep_all", "0", "2"}, {"leave_all", "0", "0"}, {"replace_all", "2", "0"}, {"retire_all", "2", "2"},
	} {
		c.follow(c.post(at, url.Values{"action": {step.action}}).status(http.StatusSeeOther)).has("replaced", step.replaced).has("retired", step.retired)
	}
	if got := s.loads(c, report); got.Result.Changed != 2 || got.Result.Edited != 0 || got.Result.Retired != 2 {
		t.Errorf("loaded %+v", got.Result)
	}
	c.post(at, url.Values{"action": {"explode"}}).status(http.StatusBadRequest)
	s.user("dan", store.RoleAuthor)
	other := s.signedIn("dan").inProcess(s)
	other.get(at).status(http.StatusNotFound)
	other.post(at, url.Values{"action": {"retire_all"}}).status(http.StatusNotFound)
}

// A question that was refused looks as if the file lacked it: nothing is retired as long as there is one.
func TestNothingIsRetiredBesideRefusedQuestions(t *testing.T) {
	t.Parallel()
	s, c := desked(t)
	s.loads(c, c.brings("bank.csv", bankCSV(3, nil)))
	report := c.brings("bank.csv", bankCSV(2, map[int]string{2: "2,c,Which one holds number 2?,beam,wall,Z"}))
	at := report.doc().Find("a[href*='/difference']").AttrOr("href", "")
	c.follow(c.post(at, url.Values{"action": {"retire_all"}}).status(http.StatusSeeOther)).has("retired", "0")
	if c.differs(report, "absent").doc().Find("[data-no-retiring]").Length() != 1 {
		t.Error("nothing says why")
	}
	if got := s.loads(c, report); got.Result.Retired != 0 || got.Result.Absent != 2 {
		t.Errorf("loaded %+v", got.Result)
	}
}

// What a load would do is found out once for a state of the set, and anew when its questions have changed.
func TestReportFollowsTheSet(t *testing.T) {
	t.Parallel()
	s, c := desked(t)
	c.lang = "en"
	report := c.brings("bank.csv", bankCSV(600, nil))
	path := strings.TrimSuffix(report.doc().Find(`form[action$="/load"]`).AttrOr("action", ""), "/load")
	look := func(want string) (statements int64) {
		t.Helper()
		before := s.store.Statements()
		if text := c.get(path).status(http.StatusOK).text("main"); !strings.Contains(text, want) {
			t.Errorf("the report does not say %q:\n%s", want, text)
		}
		return s.store.Statements() - before
	}
	look("600 new")
	if n := look("600 new"); n > 12 {
		t.Errorf("%d statements for what was known", n)
	}
	s.loads(c, report)
	look("0 new, 0 changed, 600 unchanged")
}
