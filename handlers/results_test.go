package handlers_test

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/xuri/excelize/v2"

	"shiken/exam"
	"shiken/store"
)

// marked is a site on which three candidates have sat an exam of two questions, of which they had
// right: ann two, bob one, and a third whose name is a formula none. dora is an admin.
func marked(t *testing.T, changes ...func(*exam.Definition)) (*site, *client, map[string]string) {
	s := newSite(t)
	s.questions(2)
	s.exam(append([]func(*exam.Definition){func(d *exam.Definition) { d.Rules.PassMark = 50 }}, changes...)...)
	s.user("dora", store.RoleAdmin)
	attempts := map[string]string{}
	for i, name := range []string{"ann", "bob", "eve"} {
		c := s.signedIn(name)
		attempt := c.start()
		attempts[name] = attempt
		for n := 1; n <= 2-i; n++ {
			page := c.question(attempt, n)
			form := page.commandForm()
			c.post(questionPath(attempt, n), with(fieldsIn(form), "answer", s.right(attempt, n), "action", "save")).status(http.StatusSeeOther)
		}
		c.submit(attempt)
	}
	eve := s.users["eve"]
	eve.Name = "=HYPERLINK(\"http://evil\")<b>"
	must(t, s.store.UpdateUser(t.Context(), eve))
	s.mark()
	return s, s.signedIn("dora"), attempts
}

// right is the value of the right option, "b", at a position.
func (s *site) right(attempt string, n int) string {
	s.t.Helper()
	for _, choice := range s.stored(attempt).Paper.Items[n-1].Choices {
		if choice.Option == "b" {
			return choice.Value
		}
	}
	s.t.Fatal("no right option")
	return ""
}

// mark marks what is closed.
func (s *site) mark() {
	s.t.Helper()
	ids, err := s.store.Unmarked(s.t.Context(), 100)
	must(s.t, err)
	for _, id := range ids {
		must(s.t, s.proctor.Mark(s.t.Context(), id))
	}
}

// names lists the usernames of a table of results.
func names(a *answer) string {
	return strings.Join(a.doc().Find("table.results tbody tr").Map(func(_ int, row *goquery.Selection) string {
		return strings.TrimSpace(row.Find("th .hint").Text())
	}), " ")
}

const resultsOfTest = "/admin/exams/test/results"

func TestResultsAreListedFilteredAndSorted(t *testing.T) {
	t.Parallel()
	_, dora, attempts := marked(t)
	for query, want := range map[string]string{
		"":                             "ann bob eve",
		"?sort=-name":                  "eve bob ann",
		"?sort=score":                  "eve bob ann",
		"?sort=-score":                 "ann bob eve",
		"?sort=closed":                 "ann bob eve",
		"?pass=passed":                 "ann bob",
		"?pass=failed":                 "eve",
		"?pass=neither":                "",
		"?status=submitted&q=ANN":      "ann",
		"?q=name+of+b":                 "bob",
		"?q=%25":                       "",
		"?status=voided":               "",
		"?group=nobody":                "",
		"?offset=2":                    "eve",
		"?pass=passed&sort=-score&q=o": "ann bob",
	} {
		if got := names(dora.get(resultsOfTest + query).status(http.StatusOK)); got != want {
			t.Errorf("%s shows %q, want %q", query, got, want)
		}
	}
	page := dora.get(resultsOfTest)
	row := page.doc().Find(fmt.Sprintf("tr[data-attempt=%q]", strings.TrimPrefix(attempts["bob"], "/attempts/")))
	if text := row.Text(); !contains(text, "1 / 2") || !contains(text, "50%") || !contains(text, "Passed") {
		t.Errorf("bob's row is %q", text)
	}
	if n := page.doc().Find("table.results b, table.results a[href*=evil]").Length(); n != 0 {
		t.Error("a name became markup")
	}
	for _, query := range []string{"?sort=password", "?pass=maybe", "?status=none", "?offset=-1", "?offset=01x", "?q=%00"} {
		if got := names(dora.get(resultsOfTest + query).status(http.StatusOK)); got != "ann bob eve" && query != "?q=%00" {
			t.Errorf("%s shows %q, want all", query, got)
		}
	}
	dora.get("/admin/exams/none/results").status(http.StatusNotFound)
}

func TestResultsOfAnExamThatNobodyBegan(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.questions(1)
	s.exam()
	s.user("dora", store.RoleAdmin)
	page := s.signedIn("dora").get(resultsOfTest).status(http.StatusOK)
	if !contains(page.text(".empty"), "Nobody has begun") || page.doc().Find(".empty a").AttrOr("href", "") != "/admin/exams/test" {
		t.Errorf("the empty page says %q", page.text(".empty"))
	}
}

func TestResultsAsCSV(t *testing.T) {
	t.Parallel()
	_, dora, _ := marked(t)
	a := dora.get(resultsOfTest + ".csv?sort=-score").status(http.StatusOK).has()
	if h := a.header.Get("Content-Disposition"); h != `attachment; filename="results-test.csv"` {
		t.Errorf("Content-Disposition %q", h)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(a.body, "\ufeff"))).ReadAll()
	must(t, err)
	if len(rows) != 4 {
		t.Fatalf("%d rows, want a head and three", len(rows))
	}
	column := map[string]int{}
	for i, head := range rows[0] {
		column[head] = i
	}
	for i, want := range []map[string]string{
		{"Username": "ann", "Points": "2", "Points possible": "2", "Percent": "100", "Pass or fail": "Passed", "Status": "Submitted"},
		{"Username": "bob", "Points": "1", "Percent": "50", "Pass or fail": "Passed"},
		{"Username": "eve", "Points": "0", "Percent": "0", "Pass or fail": "Not passed", "Name": `'=HYPERLINK("http://evil")<b>`},
	} {
		for head, value := range want {
			at, ok := column[head]
			if !ok || rows[i+1][at] != value {
				t.Errorf("row %d, %s: %q, want %q", i+1, head, rows[i+1], value)
			}
		}
	}
	if body := dora.get(resultsOfTest + ".csv?pass=failed").body; strings.Count(body, "\r\n") != 2 {
		t.Errorf("the filtered file is %q", body)
	}
	dora.get("/admin/exams/none/results.csv").status(http.StatusNotFound)
}

func TestResultsAsXLSX(t *testing.T) {
	t.Parallel()
	_, dora, _ := marked(t)
	a := dora.get(resultsOfTest + ".xlsx").status(http.StatusOK)
	f, err := excelize.OpenReader(strings.NewReader(a.body))
	must(t, err)
	defer f.Close() //nolint:errcheck // only read
	rows, err := f.GetRows(f.GetSheetName(0))
	must(t, err)
	if len(rows) != 4 || rows[1][0] != "ann" || rows[3][1] != `=HYPERLINK("http://evil")<b>` {
		t.Errorf("the sheet holds %q", rows)
	}
	if formula, err := f.GetCellFormula(f.GetSheetName(0), "B4"); err != nil || formula != "" {
		t.Errorf("a name became the formula %q (%v)", formula, err)
	}
}

func byHandOnly(d *exam.Definition) {
	d.Rules.Release = exam.ReleaseRules{
		Score: exam.Release{When: exam.Manually}, Answers: exam.Release{When: exam.Manually}, Keys: exam.Release{When: exam.Never},
	}
}

// Results are released by hand, from now or from a time to come, and taken back.
func TestResultsAreReleasedByHand(t *testing.T) {
	t.Parallel()
	s, dora, attempts := marked(t, byHandOnly)
	ann := s.signedIn("ann")
	shown := func() (score, answers bool) {
		page := ann.get(attempts["ann"] + "/result").status(http.StatusOK)
		return page.doc().Find(".score").Length() > 0, page.doc().Find(".result-question").Length() > 0
	}
	check := func(what string, wantScore, wantAnswers bool) {
		t.Helper()
		if score, answers := shown(); score != wantScore || answers != wantAnswers {
			t.Errorf("%s: score %v, answers %v", what, score, answers)
		}
	}
	check("at first", false, false)
	release := func(form url.Values) *answer {
		stands := dora.get(resultsOfTest).doc().Find("#release [name=shown]").AttrOr("value", "")
		return dora.post("/admin/exams/test/release", with(form, "shown", stands))
	}
	release(url.Values{"score": {"1"}}).leads(resultsOfTest + "?note=results.released")
	check("score released", true, false)
	release(url.Values{"score": {"1"}, "answers": {"1"}, "answers_at": {"2199-01-01T09:00"}}).status(http.StatusSeeOther)
	check("answers to come", true, false)
	page := dora.get(resultsOfTest).status(http.StatusOK)
	if at := page.doc().Find("#answers-at").AttrOr("value", ""); at != "2199-01-01T09:00" {
		t.Errorf("the time to come is shown as %q", at)
	}
	form := fieldsIn(page.doc().Find("#release form"))
	was := s.releaseState()
	dora.post("/admin/exams/test/release", form).status(http.StatusSeeOther)
	if is := s.releaseState(); is != was {
		t.Errorf("the form sent as it was changes %v to %v", was, is)
	}
	release(url.Values{}).status(http.StatusSeeOther)
	check("taken back", false, false)

	refused := release(url.Values{"score": {"1"}, "score_at": {"tomorrow"}}).status(http.StatusUnprocessableEntity)
	if !contains(refused.text("#score-problem"), "2026-12-01T18:00") {
		t.Error("the page does not say how a time is written")
	}
	check("refused", false, false)
	if n := s.auditedAs(store.ActReleaseResults); n != 4 {
		t.Errorf("%d releases in the audit log, want 4", n)
	}
}

// Of two who release at once the second is shown what the first did: nothing is taken back unseen.
func TestReleaseMeanwhile(t *testing.T) {
	t.Parallel()
	s, dora, _ := marked(t, byHandOnly)
	seen := fieldsIn(dora.get(resultsOfTest).doc().Find("#release form"))
	first := url.Values{"shown": seen["shown"], "score": {"1"}}
	dora.post("/admin/exams/test/release", first).status(http.StatusSeeOther)
	was := s.releaseState()
	late := dora.post("/admin/exams/test/release", url.Values{"shown": seen["shown"], "answers": {"1"}}).status(http.StatusConflict)
	if is := s.releaseState(); is != was || was.Score == 0 {
		t.Errorf("the second made %v of %v", is, was)
	}
	if late.doc().Find("#release [role=alert]").Length() != 1 || late.doc().Find("#release input[name=score][checked]").Length() != 1 {
		t.Errorf("the page says %q", late.text("#release"))
	}
}

func (s *site) releaseState() exam.ReleaseState {
	s.t.Helper()
	state, err := s.store.ReleaseState(s.t.Context(), "test")
	must(s.t, err)
	return state
}

// auditedAs counts the entries of an action.
func (s *site) auditedAs(action store.Action) int {
	s.t.Helper()
	_, n, err := s.store.AuditLog(s.t.Context(), store.AuditQuery{Action: action, Limit: 1})
	must(s.t, err)
	return n
}

// When the time of an attempt was over tells who had more of it: it is printed on no paper and stands in no file.
func TestResultsKeepExtraTime(t *testing.T) {
	t.Parallel()
	s, dora, _ := marked(t)
	expired := s.beganAt("zoe", 2*60*exam.Minute)
	must(t, s.proctor.Expire(t.Context(), idOf(expired)))
	page := dora.get(resultsOfTest).status(http.StatusOK)
	for _, name := range []string{"ann", "zoe"} {
		row := page.doc().Find("table.results tbody tr").FilterFunction(func(_ int, row *goquery.Selection) bool {
			return strings.TrimSpace(row.Find("th .hint").Text()) == name
		})
		closed := row.Find("td.when").Last()
		if strings.TrimSpace(closed.Text()) == "" || (closed.Find("span.no-print").Length() == 1) != (name == "zoe") {
			t.Errorf("%s was closed at %q", name, closed.Text())
		}
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(dora.get(resultsOfTest+".csv").body, "\ufeff"))).ReadAll()
	must(t, err)
	closed, name := slices.Index(rows[0], "Closed"), slices.Index(rows[0], "Username")
	for _, row := range rows[1:] {
		if (row[closed] == "") != (row[name] == "zoe") {
			t.Errorf("%s was closed at %q", row[name], row[closed])
		}
	}
	if len(rows) != 5 {
		t.Errorf("%d rows", len(rows))
	}
}
