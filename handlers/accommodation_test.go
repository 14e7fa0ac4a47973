package handlers_test

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"shiken/exam"
	"shiken/store"
)

const accommodationsPath = "/admin/exams/test/accommodations"

// ticked is a form about some people, as the page shows them.
func (s *site) ticked(page *answer, names []string, pairs ...string) url.Values {
	form := url.Values{"action": {"set"}, "reason": {"a reason"}}
	for _, name := range names {
		id := s.users[name].ID
		form.Add("user", id)
		form.Set("seen."+id, page.doc().Find(`input[name="seen.`+id+`"]`).AttrOr("value", "absent"))
	}
	return with(form, pairs...)
}

// own is what somebody has of their own in the exam, nil for nothing.
func (s *site) own(name string) *store.Accommodated {
	list, err := s.store.AccommodationsOf(s.t.Context(), s.users[name].ID)
	must(s.t, err)
	if len(list) == 0 {
		return nil
	}
	return &list[0]
}

func (s *site) gives(name string, a exam.Accommodation) {
	change := store.AccommodationChange{
		User: s.users[name].ID, Exam: "test", Is: &store.Accommodated{Accommodation: a, Reason: "marked-reason"},
	}
	by := s.store.By(store.Act{ActorName: "root", Action: store.ActAccommodate, Object: "test", Details: map[string]any{
		"people": []any{map[string]any{"username": name, "changes": map[string]any{"reason": "marked-reason", "extra_time_percent": 137}}},
	}})
	must(s.t, by.PutAccommodations(s.t.Context(), []store.AccommodationChange{change}))
}

// TestAccommodationsOfSeveral: set for several at once, changed for one, taken back; each is recorded.
func TestAccommodationsOfSeveral(t *testing.T) {
	t.Parallel()
	s, c := staffed(t)
	s.questions(1)
	s.exam()
	for _, name := range []string{"ann", "bob", "eve"} {
		s.user(name)
	}
	if page := c.get(accommodationsPath).status(http.StatusOK); page.doc().Find(".empty").Length() != 1 {
		t.Errorf("the page says %q", page.text("main"))
	}
	page := c.get(accommodationsPath + "?show=all").status(http.StatusOK)
	form := s.ticked(page, []string{"ann", "bob"}, "extra", "５０", "attempts", "0", "open", "2026-12-01T09:00", "close", "2036-12-01T18:00")
	c.post(accommodationsPath+"?show=all", form).leads(accommodationsPath + "?note=accommodation.saved")
	want := exam.Window{
		Open:  exam.Instant(time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC).UnixMicro()),
		Close: exam.Instant(time.Date(2036, 12, 1, 18, 0, 0, 0, time.UTC).UnixMicro()),
	}
	for _, name := range []string{"ann", "bob"} {
		if a := s.own(name); a == nil || *a.ExtraPercent != 50 || *a.Attempts != 0 || a.Window != want || a.Reason != "a reason" {
			t.Errorf("%s has %+v", name, a)
		}
	}
	page = c.get(accommodationsPath)
	if n := page.doc().Find("tr[data-user]").Length(); n != 2 || s.own("eve") != nil {
		t.Errorf("%d people are listed", n)
	}
	only := accommodationsPath + "?user=" + s.users["ann"].ID
	c.get("/admin/people/" + s.users["ann"].ID + "/accommodation?exam=test").leads(only)
	page = c.get(only).status(http.StatusOK)
	for id, want := range map[string]string{"extra": "50", "attempts": "0", "open": "2026-12-01T09:00", "last_start": "", "close": "2036-12-01T18:00", "reason": "a reason"} {
		if got := page.doc().Find("#"+id).AttrOr("value", "absent"); got != want {
			t.Errorf("%s shows %q, want %q", id, got, want)
		}
	}
	c.post(only, s.ticked(page, []string{"ann"}, "extra", "25")).status(http.StatusSeeOther)
	if a := s.own("ann"); *a.ExtraPercent != 25 || a.Attempts != nil || a.Window != (exam.Window{}) {
		t.Errorf("ann has %+v", a)
	}
	page = c.get(accommodationsPath)
	c.post(accommodationsPath, s.ticked(page, []string{"ann", "bob"}, "action", "remove", "-reason", "")).status(http.StatusSeeOther)
	if s.own("ann") != nil || s.own("bob") != nil {
		t.Error("they were not taken back")
	}
	entries := s.auditLog()
	if len(entries) != 3 || entries[2].Action != store.ActAccommodate || entries[2].Object != "test" {
		t.Fatalf("the audit log holds %+v", entries)
	}
	for _, part := range []string{`"username":"ann"`, `"username":"bob"`, `"extra_time_percent":{"after":50,"before":null}`,
		`"reason":{"after":"a reason","before":""}`, `"close":{"after":"2036-12-01T18:00:00Z","before":null}`} {
		if !contains(string(entries[2].Details), part) {
			t.Errorf("the entry lacks %s: %s", part, entries[2].Details)
		}
	}
}

func TestAccommodationsAreRefused(t *testing.T) {
	t.Parallel()
	s, c := staffed(t)
	s.questions(1)
	s.exam(func(d *exam.Definition) {
		d.Rules.Window = exam.Window{LastStart: exam.Instant(time.Date(2036, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro())}
	})
	s.user("ann")
	page := c.get(accommodationsPath + "?show=all")
	for name, form := range map[string]url.Values{
		"nobody":                s.ticked(page, nil, "extra", "10"),
		"nothing":               s.ticked(page, []string{"ann"}),
		"no reason":             s.ticked(page, []string{"ann"}, "extra", "10", "reason", " "),
		"a long reason":         s.ticked(page, []string{"ann"}, "extra", "10", "reason", strings.Repeat("x", 501)),
		"percent":               s.ticked(page, []string{"ann"}, "extra", "301"),
		"attempts":              s.ticked(page, []string{"ann"}, "attempts", "-1"),
		"no time":               s.ticked(page, []string{"ann"}, "open", "<b>"),
		"another century":       s.ticked(page, []string{"ann"}, "open", "0026-12-01T09:00"),
		"opens after the last":  s.ticked(page, []string{"ann"}, "open", "2036-01-02T00:00"),
		"closes before it":      s.ticked(page, []string{"ann"}, "open", "2035-01-01T00:00", "close", "2035-06-01T00:00"),
		"closes when it opens":  s.ticked(page, []string{"ann"}, "open", "2036-01-01T00:00", "last_start", "2036-01-01T00:00", "close", "2036-01-01T00:00"),
		"nobody to take from":   s.ticked(page, nil, "action", "remove"),
		"a control in a reason": s.ticked(page, []string{"ann"}, "extra", "1", "reason", "a\tb"),
	} {
		for _, lang := range []string{"ja", "en"} {
			c.lang = lang
			got := c.post(accommodationsPath+"?show=all", form).status(http.StatusUnprocessableEntity)
			if got.doc().Find("[data-problems] li").Length() == 0 || contains(got.text("[data-problems]"), ".fault.") || contains(got.body, "<b>") {
				t.Errorf("%s: the page says %q", name, got.text("[data-problems]"))
			}
		}
	}
	for _, form := range []url.Values{{"user": {"x"}}, {"reason": {"a", "b"}}, {"user": {s.users["ann"].ID, s.users["ann"].ID}},
		s.ticked(page, []string{"ann"}, "extra", "10", "action", "give"), s.ticked(page, []string{"ann"}, "extra", "10", "action", "")} {
		c.post(accommodationsPath, form).status(http.StatusBadRequest)
	}
	c.post("/admin/exams/none/accommodations", s.ticked(page, []string{"ann"}, "extra", "1")).status(http.StatusNotFound)
	c.get("/admin/people/" + s.users["ann"].ID + "/accommodation?exam=none").status(http.StatusNotFound)
	if s.own("ann") != nil || len(s.auditLog()) != 0 {
		t.Error("something was stored")
	}
}

// TestAccommodationChangedByTwo: what another admin saved meanwhile is not undone unseen.
func TestAccommodationChangedByTwo(t *testing.T) {
	t.Parallel()
	s, c := staffed(t)
	s.questions(1)
	s.exam()
	s.user("ann")
	form := s.ticked(c.get(accommodationsPath+"?show=all"), []string{"ann"}, "extra", "10")
	s.gives("ann", exam.Accommodation{ExtraPercent: number(20)})
	for _, lang := range []string{"ja", "en"} {
		c.lang = lang
		page := c.post(accommodationsPath, form).status(http.StatusConflict)
		if page.doc().Find("[data-refusal=moved]").Length() != 1 || !contains(page.text("td[data-extra]"), "+20%") || page.doc().Find("#extra").AttrOr("value", "") != "10" {
			t.Errorf("the page says %q", page.text("main"))
		}
	}
	if *s.own("ann").ExtraPercent != 20 {
		t.Error("the other change was undone")
	}
}

func number(n int) *int { return &n }

// TestR14_AccommodationsAtTheStart: own window, extra time and attempts are judged at the start, shown to
// the candidate and copied to the paper; later changes leave what was begun, and the page leads to extend.
func TestR14_AccommodationsAtTheStart(t *testing.T) {
	t.Parallel()
	s, c := staffed(t)
	s.questions(1)
	s.exam(func(d *exam.Definition) { d.Attempts, d.Rules.Window.Close = 1, 1_000_000 }) // closed since 1970
	s.user("ann")
	s.user("bob")
	ann, bob := s.signedIn("ann"), s.signedIn("bob")
	before := map[string]string{}
	for _, path := range []string{"/", "/exams/test", "/api/v1/session", "/account"} {
		before[path] = normal(bob.get(path).body)
	}
	if ann.get("/").doc().Find(`[data-exam="test"]`).Length() != 0 {
		t.Fatal("a closed exam is offered")
	}
	closes := exam.Instant(time.Date(2036, 12, 1, 9, 0, 0, 0, time.UTC).UnixMicro())
	s.gives("ann", exam.Accommodation{ExtraPercent: number(100), Attempts: number(2), Window: exam.Window{Close: closes}})
	card := ann.get("/").text(`.exams-open [data-exam="test"]`)
	if !contains(card, "2036") || !contains(card, "1 h") {
		t.Errorf("the home page says %q", card)
	}
	if page := ann.get("/exams/test").text("main"); !contains(page, "2036") || !contains(page, "2 of 2 left") {
		t.Errorf("the page of the exam says %q", page)
	}
	rules := s.stored(ann.start()).Paper.Rules
	if rules.ExtraPercent != 100 || rules.Window.Close != closes || rules.ExamClose != 1_000_000 {
		t.Errorf("the paper has %+v", rules)
	}
	for path, was := range before {
		if is := normal(bob.get(path).body); is != was {
			t.Errorf("%s of another candidate changed:\n%s\n%s", path, was, is)
		}
	}
	page := c.get(accommodationsPath)
	if link := page.doc().Find("[data-note=running] a").AttrOr("href", ""); link != "/admin/exams/test?q=ann" {
		t.Errorf("the page leads to %q", link)
	}
	form := s.ticked(page, []string{"ann"}, "extra", "300")
	c.post(accommodationsPath, form).leads(accommodationsPath + "?note=accommodation.saved_running")
	if c.get("/admin/people/"+s.users["ann"].ID).doc().Find("[data-accommodation=test] [data-note=running]").Length() != 1 {
		t.Error("the person's page says nothing of the attempt that is under way")
	}
}

// accommodated is what marks an accommodation in the pages of a test: extra time, reason and close.
var accommodated = regexp.MustCompile(`\b137\b|marked-reason|Dec 2036|2036-12`)

// TestAccommodationsStayWithAdmins: neither authors nor other candidates are told, and no page is printed
// with one, nor does any file have it.
func TestAccommodationsStayWithAdmins(t *testing.T) {
	t.Parallel()
	s := newRights(t)
	s.asking = persona{name: "dora"}
	closes := exam.Instant(time.Date(2036, 12, 1, 9, 0, 0, 0, time.UTC).UnixMicro())
	s.gives("ann", exam.Accommodation{ExtraPercent: number(137), Window: exam.Window{Close: closes}})
	bob := s.users["bob"]
	bob.ExtraPercent = 137
	act := store.Act{ActorName: "root", Action: store.ActUpdateUser, Object: bob.ID, Details: map[string]any{
		"username": "bob", "changes": map[string]any{"extra_time_percent": map[string]any{"before": 0, "after": 137}},
	}}
	must(t, s.store.By(act).UpdateUser(t.Context(), bob))
	pages, files := 0, 0
	for _, row := range s.server.Rows() {
		if row.Method != http.MethodGet || slices.Contains([]string{"nearby", "sessionless"}, row.Access) || strings.HasSuffix(row.Pattern, "/events") {
			continue
		}
		path := s.path(t, strings.ReplaceAll(row.Pattern, "{user}", bob.ID))
		for _, name := range []string{"cleo", "dora"} {
			a := s.browser(persona{name: name}).get(path)
			if name == "cleo" || a.header.Get("Content-Disposition") != "" {
				files++
				tellsNothing(t, name+" "+path, a.body)
				continue
			}
			if !strings.HasPrefix(a.header.Get("Content-Type"), "text/html") {
				continue
			}
			if accommodated.MatchString(a.body) {
				pages++
			}
			doc := a.doc()
			doc.Find(".no-print, script").Remove()
			tellsNothing(t, "printed "+path, doc.Find("body").Text())
			if doc.Find("[data-left]").Length() > 0 || doc.Find(".story-head dt").FilterFunction(func(_ int, dt *selection) bool { return dt.Text() == "End" }).Length() > 0 {
				t.Errorf("printed %s tells the time that somebody has", path)
			}
		}
	}
	if pages < 4 || files < 10 {
		t.Errorf("only %d pages of admins tell anything, and %d others were looked at", pages, files)
	}
}

func tellsNothing(t *testing.T, what, text string) {
	t.Helper()
	if mark := accommodated.FindString(text); mark != "" {
		t.Errorf("%s tells %q", what, mark)
	}
}

// TestResultsSayWhyKeysAreHeld: until the own window of somebody who may still begin is over, and no longer.
func TestResultsSayWhyKeysAreHeld(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"ja", "en"} {
		s, _ := practices(t, 1)
		s.user("dora", store.RoleAdmin)
		c := s.signedIn("dora").inProcess(s)
		c.lang = lang
		path := "/admin/exams/test/results"
		if c.get(path).status(http.StatusOK).doc().Find("[data-own-until]").Length() != 0 {
			t.Error("keys are held without anybody's own window")
		}
		opens := exam.Instant(time.Date(2036, 12, 1, 3, 0, 0, 0, time.UTC).UnixMicro())
		s.gives("ann", exam.Accommodation{Window: exam.Window{Open: opens}})
		hint := c.get(path).doc().Find("[data-own-until].no-print")
		if !contains(hint.Text(), "2036") || hint.Find("a").AttrOr("href", "") != accommodationsPath {
			t.Errorf("the page says %q", hint.Text())
		}
	}
}
