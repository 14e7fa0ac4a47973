package handlers_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"shiken/exam"
	"shiken/store"
)

// drawsShapes is an exam that draws from the set of exports, and from one that is not there.
func (s *site) drawsShapes() {
	s.t.Helper()
	d := exam.Definition{Slug: "shapes", Title: exam.Title{"ja": "図形", "en": "Shapes"}, Attempts: 1, OpenTo: []string{exam.Everyone},
		Sections: []exam.SectionDefinition{
			{From: exam.Source{Set: "図/形"}, Points: exam.FullCredit, Multiple: exam.AllOrNothing},
			{From: exam.Source{Set: "none"}, Points: exam.FullCredit, Multiple: exam.AllOrNothing},
		}}
	d.Rules.Navigation, d.Rules.Feedback = exam.Free, exam.ExamFeedback
	d.Rules.Release = exam.ReleaseRules{Score: exam.Release{When: exam.Immediately}, Answers: exam.Release{When: exam.Manually}, Keys: exam.Release{When: exam.Never}}
	must(s.t, s.store.PutDefinition(s.t.Context(), d))
}

// An author saves an exam with its sets as one file; another installation shows what is in it, and loads it.
func TestExamGoesWithItsSets(t *testing.T) {
	t.Parallel()
	s, c := exports(t, "図/形")
	s.drawsShapes()
	link := c.get("/author/exams/shapes").status(http.StatusOK).doc().Find("a[href$='/package']")
	a := c.get(link.AttrOr("href", "none")).status(http.StatusOK)
	if got := a.header.Get("Content-Disposition"); got != `attachment; filename="shapes.shiken.zip"` || a.header.Get("Content-Type") != "application/zip" {
		t.Errorf("the file is %q, %s", got, a.header.Get("Content-Type"))
	}
	c.get("/author/exams/none/package").status(http.StatusNotFound)

	other, author := desked(t)
	for _, lang := range []string{"ja", "en"} {
		author.lang = lang
		report := author.brings("shapes.shiken.zip", a.body).status(http.StatusOK)
		main := report.text("main")
		if report.doc().Find("[data-exam=shapes]").Length() != 1 || !strings.Contains(main, "図/形") || report.doc().Find("[data-verdict=sound]").Length() != 1 {
			t.Fatalf("the report says %s", main)
		}
		if n := author.differs(report, "new").doc().Find(".desk-question").Length(); n != 1 {
			t.Errorf("%s: %d questions are new", lang, n)
		}
		upload := strings.TrimSuffix(report.doc().Find(`form[action$="/load"]`).AttrOr("action", ""), "/load")
		author.get(upload + "/difference?set=shapes").status(http.StatusNotFound)
		if report.doc().Find("img[src*='"+pixel.Hash+"']").Length() != 1 || report.doc().Find("input#set").Length() != 0 {
			t.Errorf("%s: the question is not shown with its picture, or its set is asked for\n%s", lang, report.body)
		}
	}
	report := author.brings("renamed.zip", a.body)
	out := other.loads(author, report)
	if len(out.Sets) != 1 || out.Sets[0].Set != "図/形" || out.Sets[0].Result.New != 1 || !slices.Equal(out.Exams, []string{"shapes"}) {
		t.Fatalf("loaded %+v", out)
	}
	if page := author.get("/author/jobs/" + other.lastLoad()).status(http.StatusOK); !strings.Contains(page.text("main"), "図/形") {
		t.Errorf("the page of the load says %s", page.text("main"))
	}
	if again := author.get("/author/exams/shapes/package").status(http.StatusOK); again.body != a.body {
		t.Errorf("exported there it is other: %d and %d bytes", len(again.body), len(a.body))
	}
	if out := other.loads(author, author.brings("again.zip", a.body)); out.Sets[0].Result.Unchanged != 1 || out.Sets[0].Result.New != 0 {
		t.Errorf("loaded again %+v", out)
	}
	if got := other.audited(); !slices.Contains(got, string(store.ActSaveExam)+" shapes") || !slices.Contains(got, string(store.ActLoadQuestions)+" 図/形") {
		t.Errorf("the audit log holds %q", got)
	}
}

// A published exam whose sets do not suffice refuses the package, and nothing of it is stored.
func TestPackageThatCannotBeDrawn(t *testing.T) {
	t.Parallel()
	s, c := exports(t, "図/形")
	s.drawsShapes()
	d, err := s.store.Definition(t.Context(), "shapes")
	must(t, err)
	d.Published = true
	must(t, s.store.PutDefinition(t.Context(), d))
	a := c.get("/author/exams/shapes/package").status(http.StatusOK)
	other, author := desked(t)
	report := author.brings("shapes.zip", a.body).status(http.StatusOK)
	if report.doc().Find(`form[action$="/load"]`).Length() != 0 || report.doc().Find("[data-exam=shapes] .error").Length() != 1 {
		t.Errorf("the report says %s", report.text("main"))
	}
	if sets, err := other.store.Sets(t.Context()); err != nil || len(sets) != 0 {
		t.Errorf("stored %+v, %v", sets, err)
	}
}

// What was edited here is kept or replaced, and what is absent retired, in each set as the author chooses on its page.
func TestPackageIsChosenBySet(t *testing.T) {
	t.Parallel()
	const set = "図/形"
	s, c := exports(t, set)
	s.drawsShapes()
	file := c.get("/author/exams/shapes/package").status(http.StatusOK).body
	essay := loaded(1, exam.Question{Type: exam.Essay, Stem: exam.Text{Source: "What is not in the file?"}}, exam.Key{Revision: 1})
	_, err := s.store.PutQuestions(t.Context(), set, []store.LoadedQuestion{essay})
	must(t, err)
	list, _, err := s.store.SetQuestions(t.Context(), store.SetQuery{Set: set, Limit: 5})
	must(t, err)
	slices.SortFunc(list, func(a, b store.StoredQuestion) int { return strings.Compare(a.Number, b.Number) })
	path, form := c.editor(list[0].Identity)
	c.post(path, savedBy(with(form, "title", "Edited here"))).status(http.StatusSeeOther)
	d, err := s.store.Definition(t.Context(), "shapes")
	must(t, err)
	d.Published, d.Sections = true, d.Sections[:1]
	d.Sections[0].Draw = 2
	for _, d.Slug = range []string{"both", "shapes"} { // the file has "shapes" itself
		must(t, s.store.PutDefinition(t.Context(), d))
	}

	report := c.brings("shapes.shiken.zip", file).status(http.StatusOK)
	if report.doc().Find("[data-replaced], [data-retired]").Length() != 0 {
		t.Error("something is chosen before anybody chose")
	}
	for show, action := range map[string]string{"edited": "replace_all", "absent": "retire_all"} {
		form := c.differs(report, show).doc().Find("main form[method=post]").First()
		page := c.follow(c.post(form.AttrOr("action", ""), with(fieldsIn(form), "action", action)).status(http.StatusSeeOther)).status(http.StatusOK)
		report = c.get(page.doc().Find("main p > a.button[href*='/author/uploads/']").Last().AttrOr("href", "none")).status(http.StatusOK)
	}
	box := report.doc().Find("[data-set='" + set + "']")
	if box.Find("[data-replaced]").Length() != 1 || box.Find("[data-retired]").Length() != 1 || box.Find("[data-short=both]").Length() != 1 || box.Find("[data-short]").Length() != 1 {
		t.Errorf("the report says %s", report.text("main"))
	}
	out := s.loads(c, report)
	logged := slices.IndexFunc(s.auditLog(), func(e store.AuditEntry) bool {
		return e.Action == store.ActLoadQuestions && e.Object == set && contains(string(e.Details), `"questions":`)
	})
	if logged < 0 || !contains(string(s.auditLog()[logged].Details), `"replace":{"all":true,"but":0}`) ||
		!contains(string(s.auditLog()[logged].Details), `"retire":{"all":true,"but":0}`) {
		t.Errorf("the audit log says %+v", s.auditLog())
	}
	if n := out.Sets[0].Result; n.Changed != 1 || n.Edited != 0 || n.Retired != 1 {
		t.Errorf("loaded %+v", n)
	}
	if !s.bank(list[1].Identity).Retired || s.bank(list[0].Identity).Question.Title == "Edited here" {
		t.Error("what was chosen was not done")
	}
	if page := c.get("/author/jobs/" + s.lastLoad()); page.doc().Find("[data-set='"+set+"'] [data-retired]").Length() != 1 {
		t.Errorf("the load says %s", page.text("main"))
	}
}
