package handlers_test

import (
	"bytes"
	"database/sql"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/japanese"

	"shiken/exam"
	"shiken/store"
)

const givenPath = "/admin/people/accommodations"

// sendsGiven sends a file of accommodations.
func (c *client) sendsGiven(name, text, reason string) *answer {
	c.t.Helper()
	contentType, body := formOf(c.t, sentPart{name: "reason", value: reason}, aFile(name, text))
	return c.do(http.MethodPost, givenPath, contentType, body)
}

// gives sends a sound file of accommodations and returns the page that it leads to.
func (c *client) gives(name, text, reason string) *answer {
	c.t.Helper()
	return c.follow(c.sendsGiven(name, text, reason).status(http.StatusSeeOther)).status(http.StatusOK)
}

// givenKept counts the files of accommodations that are kept, and those that still hold something.
func (s *site) givenKept() (kept, whole int) {
	s.t.Helper()
	db, err := sql.Open("sqlite", "file:"+s.file+"?_pragma=busy_timeout(5000)")
	must(s.t, err)
	defer db.Close() //nolint:errcheck // only read
	must(s.t, db.QueryRow(`SELECT count(*), count(*) FILTER (WHERE length(data) > 0) FROM uploads WHERE kind = 'accommodations'`).Scan(&kept, &whole))
	return kept, whole
}

// storing is the form that stores what a page shows.
func (a *answer) storing() (action string, fields url.Values) {
	a.t.Helper()
	form := a.doc().Find(`form[action$="/store"]`)
	if form.Length() != 1 {
		a.t.Fatalf("nothing to store\n%s", a.text("main"))
	}
	return form.AttrOr("action", ""), fieldsIn(form)
}

// TestAccommodationsByFile: shown before they are stored, in one act, as the terminal stores them; the same form
// again changes nothing.
func TestAccommodationsByFile(t *testing.T) {
	t.Parallel()
	s, c := staffed(t)
	s.questions(1)
	s.exam()
	for _, name := range []string{"ann", "bob", "eve"} {
		s.user(name)
	}
	s.gives("bob", exam.Accommodation{ExtraPercent: number(20)})
	s.gives("eve", exam.Accommodation{Attempts: number(3)})
	stored := len(s.auditLog())
	sjis, err := japanese.ShiftJIS.NewEncoder().String(givenHeader +
		"ann,test,２５,2036-12-01 09:00,,,,診断書あり\nbob,test,50,,,,,\neve,test,,,,,,\n")
	must(t, err)
	page := c.gives("配慮.csv", sjis, "for all")
	if got := page.text("tr[data-change=new]"); !contains(got, "+25%") || !contains(got, "診断書あり") || !contains(got, "2036") {
		t.Errorf("ann's row says %q", got)
	}
	if got := page.text("tr[data-change=changed]"); !contains(got, "+20%") || !contains(got, "+50%") || !contains(got, "for all") {
		t.Errorf("bob's row says %q", got)
	}
	if page.doc().Find("tr[data-change=removed][data-line='4']").Length() != 1 || page.data("changes") != "3" {
		t.Errorf("the page says %q", page.text("main"))
	}
	if s.own("ann") != nil || len(s.auditLog()) != stored {
		t.Fatal("the page stored something")
	}
	if words := page.doc().Find("tr[data-change=changed] del .visually-hidden, tr[data-change=changed] ins .visually-hidden"); words.Length() != 2*page.doc().Find("tr[data-change=changed] del").Length() {
		t.Errorf("before and after cannot be told by ear: %q", page.text("tr[data-change=changed]"))
	}
	action, fields := page.storing()
	for _, note := range []string{"saved", "stored_before"} {
		done := c.follow(c.post(action, fields).leads(givenPath + "?note=accommodation." + note)).status(http.StatusOK)
		if done.doc().Find(".note").Length() != 1 {
			t.Errorf("afterwards the page says %q", done.text("main"))
		}
	}
	page = c.get(strings.TrimSuffix(action, "/store")).status(http.StatusOK)
	if _, whole := s.givenKept(); whole != 0 || page.doc().Find(".empty").Length() != 1 || page.doc().Find("main form").Length() != 0 {
		t.Errorf("what was stored is kept, or its page says %q", page.text("main"))
	}
	opens := exam.Instant(time.Date(2036, 12, 1, 9, 0, 0, 0, time.UTC).UnixMicro())
	if a := s.own("ann"); a == nil || *a.ExtraPercent != 25 || a.Window != (exam.Window{Open: opens}) || a.Reason != "診断書あり" {
		t.Errorf("ann has %+v", a)
	}
	if b := s.own("bob"); *b.ExtraPercent != 50 || b.Reason != "for all" || s.own("eve") != nil {
		t.Errorf("bob has %+v, eve %+v", b, s.own("eve"))
	}
	entries := s.auditLog()
	if len(entries) != stored+1 || entries[0].Action != store.ActAccommodate || entries[0].Object != "配慮.csv" || entries[0].ActorName != "dora" {
		t.Fatalf("the audit log holds %+v", entries)
	}
	if got := string(entries[0].Details); !contains(got, `"exam":"test"`) || !contains(got, `"username":"eve"`) {
		t.Errorf("the entry says %s", got)
	}
	if log := c.get("/admin/audit"); log.doc().Find(`a[href*="csv"]:not([download])`).Length() != 0 || !contains(log.text("table.audit"), "配慮.csv") {
		t.Errorf("the log says %q", log.text("table.audit"))
	}
}

// TestAccommodationFileFaults: each has a report by line, in both languages, and no button; nothing is stored.
func TestAccommodationFileFaults(t *testing.T) {
	t.Parallel()
	s, c := staffed(t)
	s.questions(1)
	s.exam()
	s.user("ann")
	for name, tt := range map[string]struct {
		text string
		want []string
	}{
		"nothing":        {"", []string{"0 header_missing"}},
		"nobody":         {givenHeader, []string{"0 no_people"}},
		"a roster":       {rosterHeader, []string{"1 column_unknown", "1 column_unknown", "1 column_unknown", "1 exam column_missing"}},
		"no table":       {"\x89PNG\r\n\x1a\n\x00", []string{"0 no_table"}},
		"no reason":      {givenHeader + "ann,test,5,,,,,\n", []string{"2 reason reason_empty"}},
		"twice":          {givenHeader + "ann,test,5,,,,,r\nANN,test,6,,,,,r\n", []string{"3 exam pair_twice"}},
		"unknown":        {givenHeader + "zoe,test,5,,,,,r\nann,<b>,5,,,,,r\n", []string{"2 username user_unknown", "3 exam exam_unknown"}},
		"mistyped":       {givenHeader + "ann,test,301,noon,,,-1,r\n", []string{"2 extra_time_percent percent", "2 attempts attempts", "2 open time"}},
		"against itself": {givenHeader + "ann,test,,2036-12-02 09:00,,2036-12-01 09:00,,r\n", []string{"2 close order_open_close"}},
	} {
		for _, lang := range []string{"ja", "en"} {
			c.lang = lang
			page := c.sendsGiven("<i>.csv", tt.text, "").status(http.StatusUnprocessableEntity)
			got := page.codes()
			slices.Sort(got)
			if slices.Sort(tt.want); fmt.Sprint(got) != fmt.Sprint(tt.want) {
				t.Errorf("%s: the report says %q, want %q", name, got, tt.want)
			}
			if page.doc().Find(`form[action$="/store"], main i, tbody b`).Length() != 0 || contains(page.text("main"), ".fault.") {
				t.Errorf("%s: there is a button, markup, or no words: %q", name, page.text("main"))
			}
		}
	}
	if kept, _ := s.givenKept(); kept != 0 {
		t.Errorf("%d files with faults are kept", kept)
	}
	id := s.gave("dora", "ann,test,5,,,,,\n")
	if page := c.post(givenPath+"/"+id+"/store", url.Values{"plan": {""}}).status(http.StatusUnprocessableEntity); len(page.codes()) != 1 || page.doc().Find(`form[action$="/discard"]`).Length() != 1 {
		t.Errorf("the page says %q", page.text("main"))
	}
	for _, lang := range []string{"ja", "en"} {
		c.lang = lang
		contentType, body := formOf(t, sentPart{name: "reason", value: strings.Repeat("x", 501)})
		page := c.do(http.MethodPost, givenPath, contentType, body).status(http.StatusUnprocessableEntity)
		if page.doc().Find("[data-problems] li").Length() < 1 || contains(page.text("[data-problems]"), ".fault.") {
			t.Errorf("without a file the page says %q", page.text("[data-problems]"))
		}
		contentType, body = formOf(t, sentPart{name: "reason", value: strings.Repeat("x", 501)}, aFile("a.csv", givenHeader))
		page = c.do(http.MethodPost, givenPath, contentType, body).status(http.StatusUnprocessableEntity)
		if page.doc().Find("[data-problems] a[href='#reason']").Length() != 1 || len(page.doc().Find("#reason").AttrOr("value", "")) != 501 {
			t.Errorf("of a long reason the page says %q", page.text("main"))
		}
	}
	if s.own("ann") != nil || len(s.auditLog()) != 0 {
		t.Error("something was stored")
	}
}

// TestAccommodationFileChangedByTwo: what another admin saved after the page was shown is not undone unseen.
func TestAccommodationFileChangedByTwo(t *testing.T) {
	t.Parallel()
	s, c := staffed(t)
	s.questions(1)
	s.exam()
	s.user("ann")
	page := c.gives("a.csv", givenHeader+"ann,test,10,,,,,r\n", "")
	s.gives("ann", exam.Accommodation{ExtraPercent: number(20)})
	action, fields := page.storing()
	for _, lang := range []string{"ja", "en"} {
		c.lang = lang
		page = c.post(action, fields).status(http.StatusConflict)
		if page.doc().Find("[data-refusal=moved]").Length() != 1 || !contains(page.text("tr[data-change=changed]"), "+20%") {
			t.Errorf("the page says %q", page.text("main"))
		}
	}
	if *s.own("ann").ExtraPercent != 20 {
		t.Fatal("the other change was undone")
	}
	action, fields = page.storing()
	if c.post(action, fields).status(http.StatusSeeOther); *s.own("ann").ExtraPercent != 10 {
		t.Error("the second look stored nothing")
	}
}

// TestAccommodationFileNotes: what an attempt under way keeps, and what takes no effect.
func TestAccommodationFileNotes(t *testing.T) {
	t.Parallel()
	s, c := staffed(t)
	s.questions(1)
	s.exam(func(d *exam.Definition) { d.OpenTo = []string{"2026-spring"} })
	ann := s.user("ann")
	ann.Groups = []string{"2026-spring"}
	must(t, s.store.By(store.Act{ActorName: "root", Action: store.ActUpdateUser, Object: ann.ID}).UpdateUser(t.Context(), ann))
	s.user("bob")
	s.user("zoe", store.RoleAuthor)
	s.signedIn("ann").start()
	page := c.gives("a.csv", givenHeader+"ann,test,10,,,,,r\nbob,test,10,,,,,r\nzoe,test,10,,,,,r\n", "")
	for line, want := range map[string]string{"2": "running", "3": "not_admitted", "4": "barred"} {
		notes := page.doc().Find("tr[data-line='" + line + "'] [data-note]")
		if notes.Length() != 1 || notes.AttrOr("data-note", "") != want {
			t.Errorf("line %s: %d notes, %q; want %s", line, notes.Length(), notes.AttrOr("data-note", ""), want)
		}
	}
	action, fields := page.storing()
	c.post(action, fields).leads(givenPath + "?note=accommodation.saved_running")
	again := c.follow(c.post(action, fields).leads(givenPath + "?note=accommodation.stored_before")).status(http.StatusOK)
	if !contains(again.text(".note"), "延長") && !contains(again.text(".note"), "extend") {
		t.Errorf("who clicks twice is not told of attempts under way: %q", again.text(".note"))
	}
	page = c.gives("a.csv", givenHeader+"zoe,test,20,,,,,r\n", "")
	if page.doc().Find("tr[data-line='2'] [data-note=barred]").Length() != 1 {
		t.Errorf("of somebody barred who has one already the page says %q", page.text("main"))
	}
	if list := c.get(accommodationsPath); list.doc().Find("tr[data-user='"+s.users["zoe"].ID+"'] [data-note=barred]").Length() != 1 {
		t.Errorf("the exam's list says %q", list.text("main"))
	}
}

// TestAccommodationFileIsStoredOnce: a form that comes again after another admin took back what it stored, with the
// whole page that it came from, changes nothing.
func TestAccommodationFileIsStoredOnce(t *testing.T) {
	t.Parallel()
	s, c := staffed(t)
	s.questions(1)
	s.exam()
	ann := s.user("ann")
	action, fields := c.gives("a.csv", givenHeader+"ann,test,10,,,,,r\n", "").storing()
	c.post(action, fields).status(http.StatusSeeOther)
	by := s.store.By(store.Act{ActorName: "root", Action: store.ActAccommodate, Object: "test"})
	must(t, by.PutAccommodations(t.Context(), []store.AccommodationChange{{User: ann.ID, Exam: "test", Was: s.own("ann")}}))
	stored := len(s.auditLog())
	c.post(action, fields).leads(givenPath + "?note=accommodation.stored_before")
	if s.own("ann") != nil || len(s.auditLog()) != stored {
		t.Errorf("ann has %+v again", s.own("ann"))
	}
}

// TestAccommodationFileOfNothingNew: what another admin stored meanwhile, all of it, is not logged again, and the file
// is kept no longer.
func TestAccommodationFileOfNothingNew(t *testing.T) {
	t.Parallel()
	s, c := staffed(t)
	s.questions(1)
	s.exam()
	s.user("ann")
	action, fields := c.gives("a.csv", givenHeader+"ann,test,10,,,,,marked-reason\n", "").storing()
	s.gives("ann", exam.Accommodation{ExtraPercent: number(10)})
	stored := len(s.auditLog())
	done := c.follow(c.post(action, fields).leads(givenPath + "?note=accommodation.nothing_new")).status(http.StatusOK)
	if done.doc().Find(".note").Length() != 1 {
		t.Errorf("afterwards the page says %q", done.text("main"))
	}
	if len(s.auditLog()) != stored {
		t.Errorf("the audit log holds %+v", s.auditLog()[0])
	}
	if kept, _ := s.givenKept(); kept != 0 {
		t.Errorf("%d files are kept", kept)
	}
}

// TestAccommodationFileIsBounded: the page tells the bounds, and what to do; nothing is kept.
func TestAccommodationFileIsBounded(t *testing.T) {
	t.Parallel()
	s, c := staffed(t)
	if hint := c.get(givenPath).text("#file-hint"); !contains(hint, "2,000") || !contains(hint, "2 MB") || !contains(hint, "split") {
		t.Errorf("the page says %q", hint)
	}
	for code, text := range map[string]string{
		"0 too_many_lines": givenHeader + strings.Repeat("ann,test,5,,,,,r\n", 2001),
		"0 too_large":      givenHeader + strings.Repeat(" ", 2<<20),
	} {
		page := c.sendsGiven("a.csv", text, "").status(http.StatusUnprocessableEntity)
		if got := page.codes(); len(got) != 1 || got[0] != code || !contains(page.text("tr[data-code]"), "split") {
			t.Errorf("%s: the page says %q", code, page.text("main"))
		}
	}
	page := c.sendsGiven("a.csv", givenHeader+strings.Repeat("ann,test,5,,,,,\n", 150), "").status(http.StatusUnprocessableEntity)
	if n := len(page.codes()); n != 100 || page.doc().Find(".pager a").Length() != 0 || page.doc().Find("main form").Length() != 0 {
		t.Errorf("%d of many faults are shown: %q", n, page.text("main h2, .pager, form"))
	}
	if kept, _ := s.givenKept(); kept != 0 {
		t.Errorf("%d files are kept", kept)
	}
}

// TestManyAccommodations: the changes stand in pages of a hundred, in the order of the file.
func TestManyAccommodations(t *testing.T) {
	t.Parallel()
	s, c := staffed(t)
	s.questions(1)
	s.exam()
	var lines strings.Builder
	for i := range 120 {
		name := fmt.Sprintf("p%03d", 119-i)
		s.user(name)
		fmt.Fprintf(&lines, "%s,test,10,,,,,%s\n", name, strings.Repeat("r", 500))
	}
	page := c.gives("a.csv", givenHeader+lines.String(), "")
	if rows := page.doc().Find("tr[data-line]"); rows.Length() != 100 || rows.First().AttrOr("data-line", "") != "2" {
		t.Errorf("%d rows, the first of line %s", rows.Length(), rows.First().AttrOr("data-line", ""))
	}
	next := c.get(page.doc().Find(".pager a[rel=next]").AttrOr("href", "")).status(http.StatusOK)
	if rows := next.doc().Find("tr[data-line]"); rows.Length() != 20 || rows.First().AttrOr("data-line", "") != "102" {
		t.Errorf("the next page has %d rows", rows.Length())
	}
	action, fields := next.storing()
	moved := c.post(action, with(fields, "plan", "another")).status(http.StatusConflict)
	if next := c.get(moved.doc().Find(".pager a[rel=next]").AttrOr("href", "")).status(http.StatusOK); next.doc().Find("tr[data-line]").Length() != 20 {
		t.Errorf("from the refusal the next page has %d rows", next.doc().Find("tr[data-line]").Length())
	}
	stored := len(s.auditLog())
	action, fields = moved.storing()
	if c.post(action, fields).status(http.StatusSeeOther); s.own("p000") == nil || s.own("p119") == nil {
		t.Error("not all were stored")
	}
	entries, said := s.auditLog(), ""
	for _, e := range entries[:len(entries)-stored] {
		said += string(e.Details)
	}
	for i := range 120 {
		if name := fmt.Sprintf(`"username":"p%03d"`, i); strings.Count(said, name) != 1 {
			t.Errorf("the audit log says %s %d times", name, strings.Count(said, name))
		}
	}
	if len(entries) < stored+2 {
		t.Errorf("%d entries hold it all", len(entries)-stored)
	}
}

func TestAccommodationFileOfAnother(t *testing.T) {
	t.Parallel()
	s, c := staffed(t)
	s.user("eve", store.RoleAdmin)
	id, roster := s.gave("eve", "eve,test,5,,,,,r\n"), s.upload("dora", "ken,,,,\n")
	for _, upload := range []string{id, roster, "x"} {
		c.get(givenPath + "/" + upload).status(http.StatusNotFound)
		c.post(givenPath+"/"+upload+"/store", url.Values{}).status(http.StatusNotFound)
		c.post(givenPath+"/"+upload+"/discard", url.Values{}).status(http.StatusNotFound)
	}
	own := givenPath + "/" + s.gave("dora", "eve,test,5,,,,,r\n")
	c.get("/admin/people/imports/" + strings.TrimPrefix(own, givenPath+"/")).status(http.StatusNotFound)
	c.post(own+"/discard", url.Values{}).leads(givenPath)
	c.get(own).status(http.StatusNotFound)
}

// TestAccommodationFileIsSealed: the reasons that a file brings are not in the database in clear before they are stored.
func TestAccommodationFileIsSealed(t *testing.T) {
	t.Parallel()
	s, c := staffed(t)
	s.questions(1)
	s.exam()
	s.user("ann")
	c.gives("a.csv", givenHeader+"ann,test,5,,,,,reason-in-a-cell\n", "reason-of-a-form")
	data, err := databaseBytes(s)
	must(t, err)
	if bytes.Contains(data, []byte("reason-in-a-cell")) || bytes.Contains(data, []byte("reason-of-a-form")) || !bytes.Contains(data, []byte("a.csv")) {
		t.Error("a reason stands in the database, or the upload does not")
	}
}
