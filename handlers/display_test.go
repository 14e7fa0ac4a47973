package handlers_test

import (
	"net/http"
	"net/url"
	"testing"
)

// Colours and the size of text are chosen by a form, one at a time, before the sign-in too, and kept in a
// cookie; the server renders them.
func TestDisplayIsChosen(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	c := s.client()
	looks := func() [3]string {
		doc := c.get("/login").doc()
		html := doc.Find("html")
		return [3]string{html.AttrOr("data-theme", ""), html.AttrOr("data-text", ""), doc.Find("meta[name=color-scheme]").AttrOr("content", "")}
	}
	if got, want := looks(), [3]string{"system", "100", "light dark"}; got != want {
		t.Errorf("at first %v, want %v", got, want)
	}
	a := c.post("/display", url.Values{"theme": {"dark"}, "next": {"/login?next=%2Fpractice"}}).leads("/login?next=%2Fpractice")
	if k := a.cookies()["shiken_display"]; k == nil || !k.HttpOnly || k.SameSite != http.SameSiteLaxMode || k.MaxAge < 86_400 {
		t.Errorf("cookie %+v", k)
	}
	if got, want := looks(), [3]string{"dark", "100", "dark"}; got != want {
		t.Errorf("after the theme %v, want %v", got, want)
	}
	c.post("/display", url.Values{"text": {"150"}, "next": {"//evil.example"}}).leads("/")
	if got, want := looks(), [3]string{"dark", "150", "dark"}; got != want {
		t.Errorf("after the size %v, want %v", got, want)
	}
	if n := c.get("/login").doc().Find("[data-display] button[aria-pressed=true]").Length(); n != 2 {
		t.Errorf("%d choices are shown as chosen", n)
	}
	c.post("/display", url.Values{"theme": {"light"}, "text": {"100"}, "next": {"/"}}).leads("/")
	if got, want := looks(), [3]string{"light", "100", "light"}; got != want {
		t.Errorf("after both %v, want %v", got, want)
	}
	c.post("/display", url.Values{"theme": {"dark"}, "text": {"150"}, "next": {"/"}}).leads("/")
	for _, form := range []url.Values{{}, {"theme": {"pink"}}, {"text": {"110"}}, {"text": {"-1"}}, {"theme": {"light"}, "text": {"x"}}} {
		c.post("/display", form).status(http.StatusBadRequest)
	}
	if got, want := looks(), [3]string{"dark", "150", "dark"}; got != want {
		t.Errorf("after bad choices %v, want %v", got, want)
	}
}

// A cookie that somebody made up chooses nothing that is not offered, and breaks nothing.
func TestMadeUpDisplayCookies(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for value, want := range map[string]string{
		"": "system 100", "dark": "dark 100", ".200": "system 200", "dark.7": "dark 100", "x.150": "system 150",
		"dark.150.9": "dark 100", "<b>.<i>": "system 100",
	} {
		c := s.client()
		at, err := url.Parse(s.url)
		must(t, err)
		c.http.Jar.SetCookies(at, []*http.Cookie{{Name: "shiken_display", Value: value, Path: "/"}})
		html := c.get("/login").status(http.StatusOK).doc().Find("html")
		if got := html.AttrOr("data-theme", "") + " " + html.AttrOr("data-text", ""); got != want {
			t.Errorf("%q: %s, want %s", value, got, want)
		}
	}
}

// Only a server that is told to, for a test, runs from right to left.
func TestMirroredPages(t *testing.T) {
	t.Parallel()
	for _, mirrored := range []bool{true, false} {
		s := newSite(t, func(s *site) { s.mirrored = mirrored })
		c := s.client()
		c.lang = "ar-x-mirrored, ar"
		html := c.get("/login").doc().Find("html")
		if got := html.AttrOr("dir", ""); (got == "rtl") != mirrored {
			t.Errorf("mirrored %t: dir %q", mirrored, got)
		}
	}
}
