package handlers_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/store"
)

// archives archives the exam "test" by its page.
func (c *client) archives() {
	c.t.Helper()
	page := c.get("/author/exams/test/archive").status(http.StatusOK)
	form := page.doc().Find("form.confirm")
	c.post(form.AttrOr("action", ""), fieldsIn(form)).leads("/author/exams/test?note=archive.archived")
}

// takesBack takes the exam "test" back by the button that is on a page.
func (c *client) takesBack(path string) {
	c.t.Helper()
	form := c.get(path).status(http.StatusOK).doc().Find("[data-archived] form")
	if form.Length() != 1 {
		c.t.Fatalf("%s does not say that the exam is archived", path)
	}
	c.post(form.AttrOr("action", ""), fieldsIn(form)).leads("/author/exams/test?note=archive.unarchived")
}

// archivable is a site with the exam, which ann writes, and cleo, who archives it.
func archivable(t *testing.T, changes ...func(*exam.Definition)) (s *site, ann, cleo *client, attempt string) {
	s, ann, attempt = sat(t, 2, changes...)
	s.user("cleo", store.RoleAuthor)
	s.user("dora", store.RoleAdmin)
	return s, ann, s.signedIn("cleo").inProcess(s), attempt
}

// An archived exam is, for candidates, as one that is not published: who writes it goes on to the end and to the
// result, and nobody begins it, by whatever form.
func TestArchivedExamIsAsOneNotPublished(t *testing.T) {
	t.Parallel()
	s, ann, cleo, attempt := archivable(t)
	bob, late := s.signedIn("bob"), s.signedIn("bob").get("/exams/test").form()
	cleo.archives()
	before := map[string]*answer{}
	asked := map[string]func(*client) *answer{
		"home": func(c *client) *answer { return c.get("/") },
		"page": func(c *client) *answer { return c.get("/exams/test") },
		"start": func(c *client) *answer {
			return c.post("/exams/test/attempts", with(late, "command_id", uuid.NewString()))
		},
	}
	for what, ask := range asked {
		before[what] = ask(bob)
	}
	before["page"].status(http.StatusNotFound)
	before["start"].status(http.StatusNotFound)
	if sections := before["home"].sections(); len(sections["open"])+len(sections["coming"]) != 0 {
		t.Errorf("the exam is offered: %v", sections)
	}
	cleo.takesBack("/author/exams/test")
	s.exam(func(d *exam.Definition) { d.Published = false })
	for what, ask := range asked {
		archived, unpublished := before[what], ask(bob)
		for _, a := range []*answer{archived, unpublished} {
			a.doc().Find("[data-request-id]").Remove()
		}
		if archived.code != unpublished.code || archived.text("main") != unpublished.text("main") {
			t.Errorf("%s: archived it is %d %q, not published %d %q", what, archived.code, archived.text("main"), unpublished.code, unpublished.text("main"))
		}
	}
	s.exam()
	cleo.archives()
	if got := ann.get("/").sections()["running"]; !slices.Equal(got, []string{"test"}) {
		t.Errorf("ann's running exams: %v", got)
	}
	ann.post("/exams/test/attempts", with(late, "command_id", uuid.NewString())).leads(questionPath(attempt, 1))
	ann.answers(ann.question(attempt, 1), 1, "next").leads(questionPath(attempt, 2))
	ann.submit(attempt)
	s.mark()
	if n := ann.get(attempt + "/result").status(http.StatusOK).doc().Find("[data-points]").Length(); n == 0 {
		t.Error("the result of an archived exam is not shown to who wrote it")
	}
	again := ann.get("/exams/test").status(http.StatusOK)
	if again.doc().Find("form[action$='/attempts']").Length() != 0 {
		t.Error("ann may begin it again")
	}
	ann.post("/exams/test/attempts", url.Values{"command_id": {uuid.NewString()}, "seen": {"1"}}).status(http.StatusForbidden)
}

// A practice that is archived is offered in no list of practices.
func TestArchivedPracticeIsNotOffered(t *testing.T) {
	t.Parallel()
	s, ann, cleo, attempt := archivable(t, practice, func(d *exam.Definition) { d.Attempts = 0 })
	ann.submit(attempt)
	s.mark()
	offered := func() int {
		return ann.get("/practice").status(http.StatusOK).doc().Find("section.practice[data-exam=test]").Length()
	}
	if offered() == 0 {
		t.Fatal("the practice is not offered to begin with")
	}
	cleo.archives()
	if n := offered(); n != 0 {
		t.Errorf("it is offered %d times", n)
	}
	cleo.takesBack("/author/exams/test")
	if offered() == 0 {
		t.Error("taken back it is not offered")
	}
}

// The page that asks says how many are writing; lists leave the exam out and count it; taken back it is as it was.
func TestExamIsArchivedAndTakenBack(t *testing.T) {
	t.Parallel()
	s, ann, cleo, attempt := archivable(t)
	was := s.definition("test")
	for lang, words := range map[string]string{"ja": "1件", "en": "1 attempt is being written"} {
		cleo.lang = lang
		if ask := cleo.get("/author/exams/test/archive").status(http.StatusOK); ask.data("open") != "1" || !contains(ask.text("main"), words) {
			t.Errorf("%s: asked %s", lang, ask.text("main"))
		}
	}
	lists := func(c *client, path string, want int) {
		t.Helper()
		if n := c.get(path).status(http.StatusOK).doc().Find("tr[data-exam=test]").Length(); n != want {
			t.Errorf("%s lists it %d times, want %d", path, n, want)
		}
	}
	dora := s.signedIn("dora")
	lists(cleo, "/author/exams?archived=1", 0)
	cleo.archives()
	cleo.archivesAgain()
	for path, want := range map[string]int{"/author": 0, "/author/exams": 0, "/author/exams?archived=1": 1} {
		lists(cleo, path, want)
	}
	lists(dora, "/admin", 1) // ann writes it
	ann.submit(attempt)
	lists(dora, "/admin", 0)
	lists(dora, "/admin?archived=1", 1)
	for _, path := range []string{"/author/exams", "/admin"} {
		link := dora.get(path).doc().Find("a[href='" + path + "?archived=1']")
		if !strings.Contains(link.Text(), "1") {
			t.Errorf("%s counts %q", path, link.Text())
		}
	}
	cleo.takesBack("/author/exams/test")
	cleo.post("/author/exams/test/unarchive", nil).leads("/author/exams/test?note=archive.unarchived")
	lists(cleo, "/author/exams", 1)
	lists(dora, "/admin", 1)
	if is := s.definition("test"); string(exam.Canonical(is)) != string(exam.Canonical(was)) {
		t.Errorf("it was %+v, is %+v", was, is)
	}
	if got, want := s.audited(), []string{"exam.archive test", "exam.unarchive test"}; !slices.Equal(got, want) {
		t.Errorf("audit log: %v, want %v", got, want)
	}
	for _, path := range []string{"archive", "unarchive"} {
		cleo.post("/author/exams/none/"+path, nil).status(http.StatusNotFound)
	}
	cleo.get("/author/exams/none/archive").status(http.StatusNotFound)
}

// archivesAgain sends what another author was quicker with: nothing more happens.
func (c *client) archivesAgain() {
	c.t.Helper()
	c.get("/author/exams/test/archive").leads("/author/exams/test?note=archive.archived")
	c.post("/author/exams/test/archive", nil).leads("/author/exams/test?note=archive.archived")
}

// Staff reach all pages of an archived exam; what is saved in its editor is kept; it is copied, exported and
// loaded, and a copy is not archived.
func TestArchivedExamIsWorkedWith(t *testing.T) {
	t.Parallel()
	s, ann, cleo, attempt := archivable(t)
	ann.submit(attempt)
	s.mark()
	cleo.archives()
	dora := s.signedIn("dora")
	for _, path := range []string{
		"", "/results", "/results.csv", "/questions", "/messages", "/rejected", "/accommodations",
	} {
		dora.get("/admin/exams/test" + path).status(http.StatusOK)
	}
	dora.takesBack("/admin/exams/test")
	cleo.archives()
	for _, path := range []string{"/author/marking/test", "/author/exams/test/preview", "/author/exams/test/package"} {
		cleo.get(path).status(http.StatusOK)
	}
	editor := cleo.get("/author/exams/test").status(http.StatusOK)
	cleo.post("/author/exams/test", with(editor.editorForm(), "action", "save", "title.en", "Old")).leads("/author/exams/test?note=desk.saved")
	cleo.post("/author/exams/test/duplicate", url.Values{"exam": {"copy"}}).leads("/author/exams/copy?note=desk.copied")
	for slug, want := range map[string]bool{"test": true, "copy": false} {
		r, err := s.store.Revised(t.Context(), slug)
		must(t, err)
		if (r.Archived != 0) != want || r.Definition.Title["en"] != "Old" {
			t.Errorf("%s: %+v", slug, r)
		}
	}
	file := cleo.get("/author/exams/test/file").status(http.StatusOK).body
	report := cleo.brings("test.yaml", strings.Replace(file, "Old", "New", 1))
	if report.doc().Find("[data-exam=test] [data-archived]").Length() != 1 {
		t.Errorf("the report does not say that the exam is archived: %s", report.text("main"))
	}
	s.loads(cleo, report)
	r, err := s.store.Revised(t.Context(), "test")
	must(t, err)
	if r.Archived == 0 || r.Definition.Title["en"] != "New" {
		t.Errorf("loaded: %+v", r)
	}
}

// Where an exam is chosen among all, a word says that it is archived; nobody is given something of their own in it.
func TestArchivedExamIsNamedAsSuch(t *testing.T) {
	t.Parallel()
	s, _, cleo, _ := archivable(t, func(d *exam.Definition) { d.OpenTo = []string{exam.Everyone, "one"} })
	must(t, s.store.By(store.Act{ActorName: "root", Action: store.ActCreateGroup, Object: "one"}).CreateGroup(t.Context(), "one"))
	cleo.archives()
	dora := s.signedIn("dora")
	for path, want := range map[string]bool{"/admin/people/groups": true, "/receipts": true, "/admin/people/" + s.users["ann"].ID: false} {
		page := dora.get(path).status(http.StatusOK)
		if got := contains(page.text("main"), "A test (archived)"); got != want {
			t.Errorf("%s: says that it is archived: %t\n%s", path, got, page.text("main"))
		}
		if offered := page.doc().Find("option[value=test]").Length() != 0; offered && !want {
			t.Errorf("%s offers it", path)
		}
	}
}
