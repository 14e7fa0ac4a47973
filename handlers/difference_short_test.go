package handlers_test

import (
	"net/http"
	"net/url"
	"testing"
)

// reportBeside is the report that a page of differences belongs to.
func (c *client) reportBeside(difference string) *answer {
	c.t.Helper()
	path := c.get(difference).status(http.StatusOK).doc().Find("main a.button").Last().AttrOr("href", "")
	return c.get(path).status(http.StatusOK)
}

// Published exams that what is chosen leaves short are named before the load.
func TestExamsThatFallShortAreNamed(t *testing.T) {
	t.Parallel()
	s, c := desked(t)
	s.loads(c, c.brings("bank.csv", bankCSV(3, nil)))
	s.loads(c, c.brings("e.yaml", "exam: whole\ntitle: x\npublished: true\nsections: [{draw: 3, from: {set: bank}}]\n"))
	s.loads(c, c.brings("f.yaml", "exam: draft\ntitle: x\nsections: [{draw: 3, from: {set: bank}}]\n"))
	report := c.brings("bank.csv", bankCSV(2, nil))
	at := report.doc().Find("a[href*='/difference']").AttrOr("href", "")
	if c.differs(report, "absent").doc().Find("[data-short]").Length() != 0 {
		t.Error("an exam is named before anything is chosen")
	}
	c.post(at, url.Values{"action": {"retire_all"}}).status(http.StatusSeeOther)
	for _, page := range []*answer{c.differs(report, "absent"), c.reportBeside(at)} {
		if short := page.doc().Find("[data-short]"); short.Length() != 1 || short.AttrOr("data-short", "") != "whole" {
			t.Errorf("named: %s", page.text("main"))
		}
	}
}
