package handlers_test

import (
	"net/http"
	"net/url"
	"testing"

	"shiken/exam"
	"shiken/store"
)

func TestGroups(t *testing.T) {
	t.Parallel()
	s, c := staffed(t)
	s.questions(1)
	const odd = `a/b %2F <i>"&'?#`
	s.exam(func(d *exam.Definition) { d.OpenTo = []string{odd} })
	if page := c.get("/admin/people/groups").status(http.StatusOK); page.doc().Find(".empty").Length() != 1 {
		t.Errorf("without groups the page says %q", page.text("main"))
	}
	c.post("/admin/people/groups", url.Values{"group": {" " + odd + " "}}).status(http.StatusSeeOther)
	for what, name := range map[string]string{"there already": odd, "empty": " ", "a separator": "a;b", "control": "a\x07b"} {
		page := c.post("/admin/people/groups", url.Values{"group": {name}})
		if page.code != http.StatusConflict && page.code != http.StatusUnprocessableEntity || page.doc().Find("[data-problems]").Length() != 1 {
			t.Errorf("%s: %d %q", what, page.code, page.text("main"))
		}
	}
	u := s.user("ann")
	u.Groups = []string{odd}
	must(t, s.store.UpdateUser(t.Context(), u))
	page := c.get("/admin/people/groups").status(http.StatusOK)
	row := page.doc().Find("tr[data-group]")
	if row.Length() != 1 || row.Find("td.num").Text() != "1" || !contains(row.Text(), "A test") {
		t.Errorf("the row says %q", row.Text())
	}
	if got := c.get(row.Find("th a").AttrOr("href", "")).listedUsers(); len(got) != 1 || got[0] != "ann" {
		t.Errorf("the group's members: %v", got)
	}
	ask := c.get(row.Find("td a").AttrOr("href", "")).status(http.StatusOK)
	form := ask.doc().Find("form.confirm")
	if text := form.Text(); !contains(text, "1 person") || !contains(text, "A test") {
		t.Errorf("it asks %q", text)
	}
	c.post(form.AttrOr("action", ""), fieldsIn(form)).status(http.StatusSeeOther)
	c.post(form.AttrOr("action", ""), fieldsIn(form)).status(http.StatusNotFound)
	if len(s.found("ann").Groups) != 0 {
		t.Error("the membership is left")
	}
	entries := s.auditLog()
	if len(entries) != 2 || entries[0].Action != store.ActDeleteGroup || entries[0].Object != odd || string(entries[0].Details) != `{"members":1}` {
		t.Errorf("the audit log holds %+v", entries)
	}
}
