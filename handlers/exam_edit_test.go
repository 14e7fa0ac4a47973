package handlers_test

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"shiken/exam"
	"shiken/questionset"
	"shiken/store"
)

// editor is a site with a set of three questions and cleo, an author.
func editor(t *testing.T) (*site, *client) {
	s, c := desked(t)
	s.questions(3)
	return s, c
}

// editorForm is what the editor's form would send without a button pressed.
func (a *answer) editorForm() url.Values {
	a.t.Helper()
	form := a.doc().Find("#exam-form")
	if form.Length() == 0 {
		a.t.Fatalf("no editor on the page\n%s", a.body)
	}
	out := fieldsIn(form)
	form.Find("input[type=datetime-local]").Each(func(_ int, i *selection) {
		out.Add(i.AttrOr("name", ""), i.AttrOr("value", ""))
	})
	form.Find("textarea").Each(func(_ int, i *selection) { // a browser drops the first line break
		name := i.AttrOr("name", "")
		out.Set(name, strings.TrimPrefix(i.Text(), "\n"))
	})
	return out
}

// definition reads an exam as it is stored.
func (s *site) definition(slug string) exam.Definition {
	s.t.Helper()
	d, err := s.store.Definition(context.Background(), slug)
	must(s.t, err)
	return d
}

// newDraft saves a draft by the editor and returns its path.
func (c *client) newDraft(slug string, changes ...string) string {
	c.t.Helper()
	form := c.get("/author/exams/new").status(http.StatusOK).editorForm()
	form = with(form, append([]string{"exam", slug, "title.ja", "題", "title.en", "Title", "open_to", "everyone", "action", "save"}, changes...)...)
	path := "/author/exams/" + slug
	c.post("/author/exams", form).leads(path + "?note=desk.saved")
	return path
}

// An exam is made, published and withdrawn in the browser.
func TestExamIsMadeInTheBrowser(t *testing.T) {
	t.Parallel()
	s, c := editor(t)
	path := c.newDraft("basics", "time_limit", "90", "window.open", "2026-12-01T09:00", "sections[1].draw", "2", "sections[1].points", "2.5")
	d := s.definition("basics")
	if d.Published || d.Rules.TimeLimit != 90*exam.Minute || d.Sections[0].Draw != 2 || d.Sections[0].Points != 25_000 ||
		d.Sections[0].From.Set != "basics" || d.Title["ja"] != "題" || !slices.Equal(d.OpenTo, []string{exam.Everyone}) || d.Rules.Window.Open == 0 {
		t.Errorf("stored: %+v", d)
	}
	page := c.get(path).status(http.StatusOK)
	if n := page.doc().Find("[data-matching]").AttrOr("data-matching", ""); n != "3" {
		t.Errorf("%q questions fit", n)
	}
	form := with(page.editorForm(), "action", "publish", "pass_mark", "60")
	c.post(path+"/publish", form).leads(path + "?note=desk.published")
	if d := s.definition("basics"); !d.Published || d.Rules.PassMark != 60 {
		t.Errorf("published: %+v", d)
	}
	if n := c.get("/author/exams").doc().Find("tr[data-exam=basics] .chip-good").Length(); n != 1 {
		t.Error("the list does not say that it is published")
	}
	revision := c.get(path).editorForm().Get("revision")
	c.post(path+"/withdraw", url.Values{"revision": {revision}}).leads(path + "?note=desk.withdrawn")
	if s.definition("basics").Published {
		t.Error("not withdrawn")
	}
	want := []string{"exam.save basics", "exam.publish basics", "exam.withdraw basics"}
	if got := s.audited(); !slices.Equal(got, want) {
		t.Errorf("audit log: %v, want %v", got, want)
	}
}

// everything is an exam that uses all that the file can say.
func everything(d *exam.Definition) {
	d.Title = exam.Title{"ja": "題 <b>&", "en": `"T"`, "fr": "Titre"}
	d.Rules = exam.Rules{
		Navigation: exam.Linear, Feedback: exam.PracticeFeedback, TimeLimit: 90*exam.Minute + exam.Second, Grace: 90 * exam.Second, PassMark: 60,
		Window: exam.Window{Open: 1_796_083_200_123_456, LastStart: 1_796_086_800_000_000, Close: 1_796_090_400_000_000},
		Release: exam.ReleaseRules{Score: exam.Release{When: exam.At, At: 1_796_090_401_000_001},
			Answers: exam.Release{When: exam.AfterClose}, Keys: exam.Release{When: exam.Never}},
	}
	d.Attempts, d.Counts, d.Shuffle, d.Labels, d.OpenTo, d.Published = 0, exam.CountAverage, exam.Shuffle{Questions: true, Options: true}, exam.Katakana, []string{"everyone", "known", "組 <2>"}, false
	d.Sections = []exam.SectionDefinition{
		{Title: exam.Title{"": "One"}, Draw: 1, From: exam.Source{Set: "basics", Category: []string{"x", "設計 & <y>"}, Year: []int{2019, 2020}, Tag: []string{"頻出", "a, b"}},
			Points: 12_345, Wrong: 3_333, Multiple: exam.Partial, Minimum: 40},
		{From: exam.Source{Set: "later"}, Points: exam.FullCredit, Multiple: exam.AllOrNothing},
	}
}

// What the editor's page shows, sent back unchanged, is the exam as it was: nothing that the file can
// say is lost on the way through a browser.
func TestEditorLosesNothing(t *testing.T) {
	t.Parallel()
	s, c := editor(t)
	s.exam(everything)
	was := s.definition("test")
	form := c.get("/author/exams/test").status(http.StatusOK).editorForm()
	for name, values := range form { // as browsers send line breaks
		for i := range values {
			form[name][i] = strings.ReplaceAll(strings.ReplaceAll(values[i], "\r\n", "\n"), "\n", "\r\n")
		}
	}
	form.Set("action", "save")
	c.post("/author/exams/test", form).leads("/author/exams/test?note=desk.saved")
	is := s.definition("test")
	if a, b := exam.Canonical(was), exam.Canonical(is); !bytes.Equal(a, b) {
		t.Errorf("\nwas %s\nis  %s", a, b)
	}
}

// Sections are added, moved and removed by buttons that keep what was typed, valid or not.
func TestSectionsByButtons(t *testing.T) {
	t.Parallel()
	_, c := editor(t)
	form := with(c.get("/author/exams/new").editorForm(), "exam", "Not Valid", "sections[1].draw", "x")
	press := func(action string, changes ...string) {
		t.Helper()
		form = c.post("/author/exams", with(form, append(changes, "action", action)...)).status(http.StatusOK).editorForm()
	}
	sets := func() (out []string) {
		f := questionset.Fields(form)
		for i := range f.Sections() {
			out = append(out, form.Get("sections["+string(rune('1'+i))+"].from.set"))
		}
		return out
	}
	check := func(want ...string) {
		t.Helper()
		if got := sets(); !slices.Equal(got, want) {
			t.Fatalf("sections %v, want %v", got, want)
		}
	}
	check("basics")
	press("add")
	press("show", "sections[2].from.set", "two")
	check("basics", "two")
	press("up:2")
	check("two", "basics")
	if form.Get("sections[2].draw") != "x" || form.Get("exam") != "Not Valid" {
		t.Errorf("typed text is lost: %v", form)
	}
	press("down:1")
	press("remove:1")
	check("two")
	press("remove:7")
	press("up:1")
	check("two")
	c.post("/author/exams", with(form, "action", "explode")).status(http.StatusBadRequest)
	c.post("/author/exams", with(form, "action", "save", "-revision", "")).status(http.StatusBadRequest)
}

// What the rules of the file refuse is not stored; the page names the fields and keeps what was typed.
func TestEditorRefuses(t *testing.T) {
	t.Parallel()
	s, c := editor(t)
	form := c.get("/author/exams/new").editorForm()
	a := c.post("/author/exams", with(form, "exam", "A b", "title.en", "x", "window.open", "2026-12-02T00:00", "window.close", "2026-12-01T00:00",
		"sections[1].points", "many", "action", "save")).status(http.StatusUnprocessableEntity)
	if got := a.doc().Find("[data-refused]").AttrOr("data-refused", ""); got != "unsound" {
		t.Errorf("refused: %q", got)
	}
	for _, path := range []string{"exam", "window.close", "sections[1].points"} {
		input := a.doc().Find(`[id="` + path + `"]`)
		if input.AttrOr("aria-invalid", "") != "true" || a.doc().Find(`[id="`+path+`-error"]`).Length() != 1 {
			t.Errorf("%s is not marked", path)
		}
	}
	untold := c.post("/author/exams", with(form, "title.en", "x", "action", "save")).status(http.StatusUnprocessableEntity)
	if got := untold.text(`[id="exam-error"]`); !contains(got, "This is missing; fill it in.") {
		t.Errorf("a missing name is told as %q", got)
	}
	if a.editorForm().Get("sections[1].points") != "many" {
		t.Error("what was typed is lost")
	}
	if all, err := s.store.Definitions(t.Context()); err != nil || len(all) != 0 {
		t.Errorf("stored: %v %v", all, err)
	}
	c.newDraft("taken")
	a = c.post("/author/exams", with(form, "exam", "taken", "title.en", "x", "action", "save")).status(http.StatusUnprocessableEntity)
	if got := a.doc().Find("[data-refused]").AttrOr("data-refused", ""); got != "slug" {
		t.Errorf("a name that is taken: %q", got)
	}
	c.get("/author/exams/none").status(http.StatusNotFound)
	c.post("/author/exams/none", with(form, "action", "save")).status(http.StatusNotFound)
}

// A draft may lack questions; what is published may not, then or later (R14).
func TestR14_PublishingJudgesFirst(t *testing.T) {
	t.Parallel()
	s, c := editor(t)
	path := c.newDraft("basics", "sections[1].draw", "4")
	page := c.get(path)
	if page.doc().Find("[data-faults] [data-fault]").Length() != 1 {
		t.Error("the draft does not say what it lacks")
	}
	form := page.editorForm()
	for _, body := range []url.Values{form, {"revision": form["revision"]}} {
		a := c.post(path+"/publish", body).status(http.StatusUnprocessableEntity)
		if got := a.doc().Find("[data-refused] [data-fault]").Length(); got != 1 || s.definition("basics").Published {
			t.Errorf("%d reasons\n%s", got, a.body)
		}
	}
	c.post(path+"/publish", with(form, "sections[1].draw", "3")).leads(path + "?note=desk.published")
	form = c.get(path).editorForm()
	c.post(path, with(form, "sections[1].draw", "4", "action", "save")).status(http.StatusUnprocessableEntity)
	c.post(path, with(form, "sections[1].draw", "2", "action", "save")).leads(path + "?note=desk.saved")
	if d := s.definition("basics"); !d.Published || d.Sections[0].Draw != 2 {
		t.Errorf("saved: %+v", d)
	}
}

// Of two authors who save at once the second sees both versions, loses nothing and chooses.
func TestEditingAtOnce(t *testing.T) {
	t.Parallel()
	s, c := editor(t)
	path := c.newDraft("basics")
	s.user("dan", store.RoleAuthor)
	dan := s.signedIn("dan").inProcess(s)
	mine, theirs := c.get(path).editorForm(), dan.get(path).editorForm()
	dan.post(path, with(theirs, "title.en", "Dan's", "grace", "20", "action", "save")).leads(path + "?note=desk.saved")
	a := c.post(path, with(mine, "title.en", "Mine", "pass_mark", "50", "action", "save")).status(http.StatusConflict)
	var fields []string
	a.doc().Find("tr[data-field]").Each(func(_ int, row *selection) { fields = append(fields, row.AttrOr("data-field", "")) })
	if want := []string{"grace", "pass_mark", "title.en"}; !slices.Equal(fields, want) {
		t.Errorf("differences %v, want %v", fields, want)
	}
	if text := a.text(`tr[data-field="title.en"]`); !contains(text, "Dan's") || !contains(text, "Mine") {
		t.Errorf("both versions: %q", text)
	}
	if href := a.doc().Find(".actions a").AttrOr("href", ""); href != path {
		t.Errorf("the other version is at %q", href)
	}
	if s.definition("basics").Title["en"] != "Dan's" {
		t.Error("the conflict has overwritten something")
	}
	form := a.doc().Find("main .actions form")
	c.post(form.AttrOr("action", ""), fieldsIn(form)).leads(path + "?note=desk.saved")
	if d := s.definition("basics"); d.Title["en"] != "Mine" || d.Rules.PassMark != 50 || d.Rules.Grace != 0 {
		t.Errorf("saved: %+v", d)
	}
}

// Whoever was signed out meanwhile loses nothing of what was typed.
func TestEditingSignedOut(t *testing.T) {
	t.Parallel()
	s, c := editor(t)
	path := c.newDraft("basics")
	form := with(c.get(path).editorForm(), "title.en", "Typed for an hour", "action", "save")
	must(t, s.store.RevokeAll(t.Context(), s.users["cleo"].ID))
	a := c.post(path, form).status(http.StatusUnauthorized)
	var kept []string
	a.doc().Find("input[name=resume_value]").Each(func(_ int, i *selection) { kept = append(kept, i.AttrOr("value", "")) })
	if !slices.Contains(kept, "Typed for an hour") {
		t.Errorf("kept: %v", kept)
	}
}

func TestCopyOfAnExam(t *testing.T) {
	t.Parallel()
	s, c := editor(t)
	path := c.newDraft("basics")
	c.post(path+"/publish", c.get(path).editorForm()).status(http.StatusSeeOther)
	c.post(path+"/duplicate", url.Values{"exam": {"copy"}}).leads("/author/exams/copy?note=desk.copied")
	d := s.definition("copy")
	if d.Published || d.Title["ja"] != "題" {
		t.Errorf("copy: %+v", d)
	}
	for name, problem := range map[string]string{"basics": "used", "": "wrong", "A b": "wrong"} {
		a := c.post(path+"/duplicate", url.Values{"exam": {name}}).status(http.StatusUnprocessableEntity)
		if got := a.doc().Find("[data-copy-problem]").AttrOr("data-copy-problem", ""); got != problem {
			t.Errorf("%q: %q", name, got)
		}
	}
	c.post("/author/exams/none/duplicate", url.Values{"exam": {"x"}}).status(http.StatusNotFound)
}
