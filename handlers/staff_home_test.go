package handlers_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/store"
)

// Staff who sit no exams begin at their own pages; others at the list of their exams, with a way there.
func TestWhereStaffBegin(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.user("cleo", store.RoleAuthor)
	s.user("dora", store.RoleAdmin, store.RoleAuthor)
	s.user("emil", store.RoleCandidate, store.RoleAuthor)
	s.signedIn("cleo").get("/").leads("/author")
	s.signedIn("dora").get("/").leads("/admin")
	for name, link := range map[string]string{"emil": "/author", "ann": ""} {
		home := s.signedIn(name).get("/").status(http.StatusOK)
		if got := home.doc().Find("header a[href='/admin'], header a[href='/author']").First().AttrOr("href", ""); got != link {
			t.Errorf("%s is led to %q, want %q", name, got, link)
		}
	}
}

// The navigation shows what its reader may see, and where they are; each of its links works.
func TestNavigationOfStaff(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.user("cleo", store.RoleAuthor)
	s.user("dora", store.RoleAdmin)
	for name, first := range map[string]string{"cleo": "/author", "dora": "/admin"} {
		c := s.signedIn(name)
		var links []string
		c.get(first).status(http.StatusOK).doc().Find(".staff-nav a").Each(func(_ int, a *selection) {
			links = append(links, a.AttrOr("href", ""))
		})
		if !slices.Contains(links, "/author") || slices.ContainsFunc(links, func(l string) bool { return strings.HasPrefix(l, "/admin") }) != (name == "dora") {
			t.Errorf("%s sees %v", name, links)
		}
		for _, link := range links {
			page := c.get(link).status(http.StatusOK)
			if got := page.doc().Find(".staff-nav [aria-current]").AttrOr("href", ""); got != link {
				t.Errorf("%s at %s is shown to be at %q", name, link, got)
			}
		}
	}
}

// What is not there still leads on: staff keep their navigation, the current section marked.
func TestNavigationOfWhatIsNotThere(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.user("dora", store.RoleAdmin)
	page := s.signedIn("dora").get("/admin/people/" + uuid.NewString()).status(http.StatusNotFound)
	if got := page.doc().Find(".staff-nav [aria-current]").AttrOr("href", ""); got != "/admin/people" {
		t.Errorf("an admin is shown to be at %q", got)
	}
}

// The first pages list the exams, in the reader's language, with what is under way.
func TestFirstPagesOfStaff(t *testing.T) {
	t.Parallel()
	s, _, _ := sat(t, 1)
	s.exam(func(d *exam.Definition) {
		d.Slug, d.Published, d.Title = "draft", false, exam.Title{"en": "<b>New</b>", "ja": "新"}
	})
	s.user("dora", store.RoleAdmin)
	s.user("cleo", store.RoleAuthor)
	for name, path := range map[string]string{"dora": "/admin", "cleo": "/author"} {
		for lang, words := range map[string][4]string{
			"en": {"A test", "Published", "<b>New</b>", "Draft"}, "ja": {"試験", "公開中", "新", "下書き"},
		} {
			c := s.signedIn(name)
			c.lang = lang
			page := c.get(path).status(http.StatusOK)
			row, draft := page.text("tr[data-exam=test]"), page.text("tr[data-exam=draft]")
			if !contains(row, words[0]) || !contains(row, words[1]) || page.text("tr[data-exam=test] [data-open]") != "1" {
				t.Errorf("%s %s: %q", lang, path, row)
			}
			if !contains(draft, words[2]) || !contains(draft, words[3]) || page.text("tr[data-exam=draft] [data-open]") != "0" {
				t.Errorf("%s %s: %q", lang, path, draft)
			}
		}
	}
}

// Without exams the first pages say what to do.
func TestFirstPagesWithoutExams(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.user("dora", store.RoleAdmin)
	for _, path := range []string{"/admin", "/author"} {
		for _, lang := range []string{"ja", "en"} {
			c := s.signedIn("dora")
			c.lang = lang
			if page := c.get(path).status(http.StatusOK); page.doc().Find(".empty p").Length() < 2 || page.doc().Find("table").Length() != 0 {
				t.Errorf("%s %s says %s", lang, path, page.text("main"))
			}
		}
	}
}
