package handlers_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/japanese"

	"shiken/devtools/measure"
	"shiken/jobs"
	"shiken/store"
)

// uploads sends a roster and returns the page that it leads to.
func (c *client) uploads(name, text string) *answer {
	c.t.Helper()
	contentType, body := formOf(c.t, aFile(name, text))
	return c.follow(c.do(http.MethodPost, "/admin/people/import", contentType, body).status(http.StatusSeeOther)).status(http.StatusOK)
}

// codes are the faults of a report: line, column, code.
func (a *answer) codes() []string {
	var out []string
	a.doc().Find("tr[data-code]").Each(func(_ int, row *selection) {
		out = append(out, strings.Join(strings.Fields(row.AttrOr("data-line", "")+" "+row.AttrOr("data-column", "")+" "+row.AttrOr("data-code", "")), " "))
	})
	return out
}

// loadsRoster presses the button of the dry run, and does the job that this asks for.
func (s *site) loadsRoster(c *client, page *answer) (job string, out jobs.RosterOutcome) {
	s.t.Helper()
	form := page.doc().Find(`form[action$="/load"]`)
	if form.Length() != 1 {
		s.t.Fatalf("nothing to load\n%s", page.text("main"))
	}
	a := c.post(form.AttrOr("action", ""), fieldsIn(form)).status(http.StatusSeeOther)
	job, found := strings.CutPrefix(a.location, "/admin/jobs/")
	if !found {
		s.t.Fatalf("loading leads to %q", a.location)
	}
	stored, _, err := s.store.Job(s.t.Context(), job)
	must(s.t, err)
	outcome, err := s.rosters.Do(s.t.Context(), stored, func(int) {})
	must(s.t, err)
	text, err := json.Marshal(outcome)
	must(s.t, err)
	must(s.t, s.store.FinishJob(s.t.Context(), job, stored.Total, text))
	return job, outcome.(jobs.RosterOutcome)
}

func TestRosterIsImported(t *testing.T) {
	t.Parallel()
	s, c := staffed(t)
	s.user("ken")
	eve := s.user("eve", store.RoleAuthor)
	sjis, err := japanese.ShiftJIS.NewEncoder().String(rosterHeader + "hana,山田 花,,2026春;化学,25\nken,健,,2026春,\neve,Name of eve,,,\n=,,,,\n")
	must(t, err)
	bad := c.uploads("名簿.csv", sjis)
	if got := bad.codes(); len(got) != 1 || got[0] != "5 username username_characters" || bad.doc().Find(`form[action$="/load"]`).Length() != 0 {
		t.Fatalf("the report says %q", got)
	}
	page := c.uploads("名簿.csv", strings.TrimSuffix(sjis, "=,,,,\n"))
	if got := page.text("tbody tr[data-change=new]"); !contains(got, "山田 花") || !contains(got, "+25%") {
		t.Errorf("the first new person is %q", got)
	}
	if page.doc().Find("[data-staff]").Length() != 1 || page.doc().Find("tr[data-change=update]").Length() != 2 {
		t.Errorf("the page says %q", page.text("main"))
	}
	if _, n, err := s.store.FindUsers(t.Context(), store.UserQuery{Limit: 1}); err != nil || n != 3 {
		t.Errorf("the dry run made users: %d, %v", n, err)
	}
	job, out := s.loadsRoster(c, page)
	if out.New != 1 || out.Updated != 2 || out.Made != 1 {
		t.Errorf("outcome %+v", out)
	}
	if u := s.found("hana"); u.ExtraPercent != 25 || len(u.Groups) != 2 || s.found("ken").Name != "健" || len(s.found("eve").Roles) != 2 || s.found("eve").ID != eve.ID {
		t.Errorf("stored %+v", u)
	}
	done := c.get("/admin/jobs/" + job).status(http.StatusOK)
	if link := done.doc().Find("[data-imported] ~ p a").AttrOr("href", ""); link != "/admin/people/slips/"+job {
		t.Errorf("the page of the job leads to %q: %q", link, done.text("main"))
	}
	slips := c.get("/admin/people/slips/" + job).status(http.StatusOK)
	if made := slips.text("[data-password]"); !s.enters("hana", made) {
		t.Errorf("the made password %q does not open the account", made)
	}
	if entries := s.auditLog(); len(entries) != 2 || entries[0].Action != store.ActImportUsers || entries[0].Object != job {
		t.Errorf("the audit log holds %+v", entries)
	}
}

// TestRosterSentTwice: the same button pressed again is the same job.
func TestRosterSentTwice(t *testing.T) {
	t.Parallel()
	s, c := staffed(t)
	page := c.uploads("r.csv", rosterHeader+"ken,,given password,,\n")
	form := page.doc().Find(`form[action$="/load"]`)
	first := c.post(form.AttrOr("action", ""), fieldsIn(form)).status(http.StatusSeeOther)
	c.post(form.AttrOr("action", ""), fieldsIn(form)).leads(first.location)
	if entries := s.auditLog(); len(entries) != 1 {
		t.Errorf("%d entries", len(entries))
	}
	c.post(form.AttrOr("action", ""), url.Values{"job": {"x"}}).status(http.StatusBadRequest)
}

// TestRosterSentAgain: after the import, when the roster is gone, the form leads to the same job; with
// another roster it is shown again.
func TestRosterSentAgain(t *testing.T) {
	t.Parallel()
	s, c := staffed(t)
	page := c.uploads("r.csv", rosterHeader+"ken,,given password,,\n")
	form := page.doc().Find(`form[action$="/load"]`)
	fields := fieldsIn(form)
	job, out := s.loadsRoster(c, page)
	stored, _, err := s.store.Job(t.Context(), fields.Get("job"))
	must(t, err)
	must(t, s.rosters.Tidy(t.Context(), stored, out))
	c.post(form.AttrOr("action", ""), fields).leads("/admin/jobs/" + job)
	c.post(form.AttrOr("action", ""), url.Values{"job": {"00000000-0000-4000-8000-000000000009"}}).status(http.StatusNotFound)
	other := c.uploads("r.csv", rosterHeader+"eve,,,,\n").doc().Find(`form[action$="/load"]`).AttrOr("action", "")
	again := c.follow(c.post(other, fields).status(http.StatusSeeOther)).status(http.StatusOK)
	if again.doc().Find(".note").Length() != 1 || again.doc().Find(`form[action$="/load"] [name=job]`).AttrOr("value", "") == fields.Get("job") {
		t.Errorf("the page says %q", again.text("main"))
	}
}

// TestBadRosters: each has a report by line, in both languages, and no button; nothing is stored.
func TestBadRosters(t *testing.T) {
	t.Parallel()
	s, c := staffed(t)
	for name, tt := range map[string]struct {
		text string
		want []string
	}{
		"UTF-16":            {"\xff\xfeu\x00s\x00e\x00r\x00n\x00", []string{"0 utf16"}},
		"another encoding":  {rosterHeader + "renee,Ren\xe9e,,,\n", []string{"0 encoding"}},
		"broken characters": {rosterHeader + "ken,山田\xff,,,\n", []string{"2 name undecodable"}},
		"no usernames":      {"name,password\na,\n", []string{"1 username column_missing"}},
		"unknown column":    {"username,name,password,groups,extra_time_percent,mail\n", []string{"1 column_unknown"}},
		"duplicates":        {rosterHeader + "ken,,,,\nＫＥＮ,,,,\n", []string{"3 username username_twice"}},
		"HTML and formulas": {rosterHeader + "<b>,<script>alert(1)</script>,,,\n=1+1,=cmd|' /C calc'!A0,,,=2\n", []string{"2 username username_characters", "3 username username_characters", "3 extra_time_percent percent"}},
		"no roster":         {"\x89PNG\r\n\x1a\n\x00", []string{"0 no_table"}},
		"nothing":           {"", []string{"0 header_missing"}},
		"a line too much":   {rosterHeader + strings.Repeat("a,,,,\n", 100_001), []string{"0 too_many_lines"}},
		"half a quotation":  {rosterHeader + "a,\"b,,,\nc,,,,\n", []string{"2 quote_open"}},
		"too few, too many": {rosterHeader + "a,b\nb,,,,,x\n", []string{"2 cells_few", "3 cells_many"}},
	} {
		for _, lang := range []string{"ja", "en"} {
			c.lang = lang
			page := c.uploads("<i>.csv", tt.text)
			if got := page.codes(); len(got) == 0 || tt.want != nil && fmt.Sprint(got) != fmt.Sprint(tt.want) {
				t.Errorf("%s: the report says %q", name, got)
			}
			if page.doc().Find(`form[action$="/load"], main script, main i`).Length() != 0 || contains(page.text("tbody"), "people.fault") {
				t.Errorf("%s: there is a button, markup, or no words: %q", name, page.text("main"))
			}
		}
	}
	id := s.upload("dora", "-,,,,\n")
	forced := c.post("/admin/people/imports/"+id+"/load", url.Values{"job": {id}}).status(http.StatusUnprocessableEntity)
	if len(forced.codes()) != 1 {
		t.Errorf("the page says %q", forced.text("main"))
	}
	id = s.upload("dora", strings.Repeat("-,,,,\n", 150))
	forced = c.post("/admin/people/imports/"+id+"/load", url.Values{"job": {id}}).status(http.StatusUnprocessableEntity)
	next := c.get(forced.doc().Find(".pager a[rel=next]").AttrOr("href", "")).status(http.StatusOK)
	if got := next.codes(); len(got) != 50 {
		t.Errorf("from the refusal the next page has %d faults", len(got))
	}
	if _, n, err := s.store.FindUsers(t.Context(), store.UserQuery{Limit: 1}); err != nil || n != 1 || len(s.auditLog()) != 0 {
		t.Errorf("%d users, %v", n, err)
	}
}

// TestRosterOfManyFaults: a hundred thousand lines, each with a fault, in pages of a hundred.
func TestRosterOfManyFaults(t *testing.T) {
	t.Parallel()
	_, c := staffed(t)
	var b strings.Builder
	b.WriteString(rosterHeader)
	for i := range 100_000 {
		fmt.Fprintf(&b, "-%d,<b>,,,\n", i)
	}
	began := time.Now()
	page := c.uploads("r.csv", b.String())
	if took := time.Since(began); took > measure.Limit(10*time.Second) && !raceEnabled {
		t.Errorf("it took %v", took)
	}
	if got := page.codes(); len(got) != 100 || got[99] != "101 username username_start" || page.data("faulty") != "100000" {
		t.Errorf("%d faults, %q people", len(got), page.data("faulty"))
	}
	next := c.get(page.doc().Find(".pager a[rel=next]").AttrOr("href", "")).status(http.StatusOK)
	if got := next.codes(); len(got) != 100 || got[0] != "102 username username_start" {
		t.Errorf("the second page begins with %q", got[:1])
	}
}

func TestRosterOfAnother(t *testing.T) {
	t.Parallel()
	s, c := staffed(t)
	s.user("eve", store.RoleAdmin)
	id := s.upload("eve", "ken,,,,\n")
	questions := store.Upload{ID: "00000000-0000-4000-8000-000000000001", Owner: s.users["dora"].ID, Kind: store.UploadQuestions}
	must(t, s.store.PutUpload(t.Context(), questions))
	for _, upload := range []string{id, questions.ID, "x"} {
		path := "/admin/people/imports/" + upload
		c.get(path).status(http.StatusNotFound)
		c.post(path+"/load", url.Values{"job": {id}}).status(http.StatusNotFound)
		c.post(path+"/discard", url.Values{}).status(http.StatusNotFound)
	}
	own := "/admin/people/imports/" + s.upload("dora", "ken,,,,\n")
	c.post(own+"/discard", url.Values{}).leads("/admin/people/import")
	c.get(own).status(http.StatusNotFound)
	contentType, body := formOf(t, sentPart{name: "other", value: "x"})
	if page := c.do(http.MethodPost, "/admin/people/import", contentType, body).status(http.StatusUnprocessableEntity); page.doc().Find("[data-problems]").Length() != 1 {
		t.Errorf("the page says %q", page.text("main"))
	}
}

// TestRosterIsSealed: passwords that a roster brings are not in the database in clear.
func TestRosterIsSealed(t *testing.T) {
	t.Parallel()
	s, c := staffed(t)
	if page := c.uploads("r.csv", rosterHeader+"ken,,secret-of-ken,,\n"); contains(page.body, "secret-of-ken") {
		t.Error("a password is shown")
	}
	data, err := databaseBytes(s)
	must(t, err)
	if bytes.Contains(data, []byte("secret-of-ken")) || !bytes.Contains(data, []byte("r.csv")) {
		t.Error("a password stands in the database, or the upload does not")
	}
}

// TestImportsAsTold: what became of an import, to whom it may be told.
func TestImportsAsTold(t *testing.T) {
	t.Parallel()
	s, c := staffed(t)
	s.user("eve", store.RoleAdmin)
	id := s.importDone("dora")
	for name, browser := range map[string]*client{"dora": c, "eve": s.signedIn("eve").inProcess(s)} {
		page := browser.get("/admin/jobs/" + id).status(http.StatusOK)
		if n := page.doc().Find("a[href='/admin/people/slips/" + id + "']").Length(); (n == 1) != (name == "dora") {
			t.Errorf("%s is led to the passwords %d times", name, n)
		}
	}
	for _, refused := range []jobs.RosterRefusal{jobs.RosterGone, jobs.RosterFaulty, jobs.RosterMoved} {
		text, err := json.Marshal(jobs.RosterOutcome{Refused: refused})
		must(t, err)
		must(t, s.store.SetOutcome(t.Context(), id, text))
		for _, lang := range []string{"ja", "en"} {
			c.lang = lang
			page := c.get("/admin/jobs/" + id).status(http.StatusOK)
			if said := page.text("[data-refused=" + string(refused) + "]"); said == "" || contains(said, "people.job") {
				t.Errorf("%s: the page says %q", refused, page.text("main"))
			}
		}
	}
}

func TestSlips(t *testing.T) {
	t.Parallel()
	s, c := staffed(t)
	s.user("eve", store.RoleAdmin)
	path := "/admin/people/slips/" + s.importDone("dora")
	page := c.get(path).status(http.StatusOK)
	if page.text("[data-password]") != "made-password" || page.header.Get("Cache-Control") != "no-store" {
		t.Errorf("the page says %q", page.text("main"))
	}
	file := c.get(path + "/slips.csv").status(http.StatusOK)
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(file.body, "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 2 || fmt.Sprint(rows[1]) != "[nobody '=1+1 made-password]" {
		t.Errorf("the file holds %q, %v", rows, err)
	}
	eve := s.signedIn("eve").inProcess(s)
	eve.get(path).status(http.StatusNotFound)
	eve.post(path+"/erase", url.Values{}).status(http.StatusNotFound)
	c.post(path+"/erase", url.Values{}).status(http.StatusSeeOther)
	for _, gone := range []string{path, path + "/slips.csv", "/admin/people/slips/x"} {
		c.get(gone).status(http.StatusNotFound)
	}
}
