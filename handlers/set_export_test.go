package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"shiken/exam"
	"shiken/questionset"
	"shiken/store"
)

// exports is a site with a set that Moodle XML can hold and GIFT cannot quite, since it shows a picture.
func exports(t *testing.T, set string) (*site, *client) {
	s, c := desked(t)
	q := loaded(0, exam.Question{
		Type: exam.SingleChoice, Stem: exam.Text{Format: exam.HTML, Source: `<p>Which is <img src="` + pixel.Ref() + `" alt="it">?</p>`},
		Options: options("a", "b"),
	}, exam.Key{Revision: 1, Options: map[string]int{"b": exam.FullCredit}})
	_, err := s.store.PutQuestions(t.Context(), set, []store.LoadedQuestion{q}, store.Media{Hash: pixel.Hash, Type: pixel.Type, Data: pixel.Data})
	must(t, err)
	return s, c
}

// A set's page leads to it as a file of each format that can be written; the file can be loaded again.
func TestSetIsSavedAsAFile(t *testing.T) {
	t.Parallel()
	s, c := exports(t, "図/形")
	page := c.get("/author/sets/" + url.PathEscape("図/形")).status(http.StatusOK)
	links := page.doc().Find("a[data-format]")
	if links.Length() != len(questionset.WriteFormats()) || links.Length() == 0 {
		t.Fatalf("%d formats are offered\n%s", links.Length(), page.body)
	}
	path := page.doc().Find("a[data-format=moodle]").AttrOr("href", "")
	a := c.get(path).status(http.StatusOK)
	if a.doc().Find("main").Length() > 0 { // something is lost: it is told first
		a = c.get(a.doc().Find("a.primary").AttrOr("href", "")).status(http.StatusOK)
	}
	if got := a.header.Get("Content-Disposition"); got != "attachment; filename*=utf-8''%E5%9B%B3-%E5%BD%A2.xml" {
		t.Errorf("the file is called %q", got)
	}
	if a.header.Get("Content-Type") != "application/xml" || !strings.Contains(a.body, "<quiz>") {
		t.Errorf("%s: %s", a.header.Get("Content-Type"), a.body)
	}
	out := s.loads(c, c.brings("again.xml", a.body))
	if out.Result == nil || out.Result.New != 1 {
		t.Errorf("loaded again: %+v", out)
	}
}

// What a format cannot say is shown before the file is fetched.
func TestSetThatAFormatCannotHold(t *testing.T) {
	t.Parallel()
	_, c := exports(t, "dots")
	for _, lang := range []string{"ja", "en"} {
		c.lang = lang
		a := c.get("/author/sets/dots/export?format=gift").status(http.StatusOK)
		if a.doc().Find(".finding").Length() == 0 || a.header.Get("Content-Disposition") != "" {
			t.Fatalf("nothing is told\n%s", a.body)
		}
		file := c.get(a.doc().Find("a.primary").AttrOr("href", "")).status(http.StatusOK)
		if got := file.header.Get("Content-Disposition"); got != "attachment; filename=dots.gift" {
			t.Errorf("the file is called %q", got)
		}
	}
	c.get("/author/sets/dots/export?format=exam").status(http.StatusBadRequest)
	c.get("/author/sets/none/export?format=gift").status(http.StatusNotFound)
}
