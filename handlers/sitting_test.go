package handlers_test

import (
	"net/http"
	"net/url"
	"testing"
)

func TestAnExamIsSatToItsResult(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.user("ann")
	s.questions(3)
	s.exam()
	c := s.client()
	c.post("/login", url.Values{"username": {"ann"}, "password": {password}}).leads("/")
	c.get("/").status(http.StatusOK)
	attempt := c.start()
	for n, path := 1, attempt+"/questions/1"; n <= 3; n++ {
		page := c.get(path).status(http.StatusOK)
		if page.data("total") != "3" || page.data("rev") != "0" {
			t.Fatalf("data: %s", page.body)
		}
		path = c.post(path, with(page.form(), "answer", page.choices()[0], "action", "next")).status(http.StatusSeeOther).location
		if n == 3 && path != attempt+"/review" {
			t.Fatalf("last next leads to %q", path)
		}
	}
	review := c.get(attempt + "/review").status(http.StatusOK)
	c.post(attempt+"/submit", review.form()).leads(attempt + "/result")
	result := c.get(attempt + "/result").status(http.StatusOK)
	if result.data("status") != "submitted" || result.data("receipt") == "" {
		t.Fatalf("result: %s", result.body)
	}
	c.get(attempt + "/questions/1").leads(attempt + "/result?note=closed")
	c.post("/logout", url.Values{}).leads("/login")
	c.get(attempt + "/result").leads("/login?next=" + url.QueryEscape(attempt+"/result"))
}
