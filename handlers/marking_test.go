package handlers_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"shiken/exam"
	"shiken/store"
	"shiken/templates"
)

// essayStem, essayGuide and essayText are an essay question and an answer to it.
const (
	essayStem  = "Discuss the load path."
	essayGuide = "GUIDE: two points for the beam."
	essayText  = "The beam carries <b>it</b>.\n\nThen the column."
)

// essay loads a choice question and an essay of three points.
func (s *site) essay(changes ...func(*exam.Definition)) {
	s.t.Helper()
	s.load([]storeQuestion{
		loaded(0, exam.Question{Type: exam.SingleChoice, Stem: exam.Text{Source: "Stem 1"}, Options: options("a", "b", "c")},
			exam.Key{Revision: 1, Options: map[string]int{"b": exam.FullCredit}}),
		loaded(1, exam.Question{Type: exam.Essay, Stem: exam.Text{Source: essayStem}, Stimulus: exam.Text{Source: "A drawing of a hall."}},
			exam.Key{Revision: 1, Guide: exam.Text{Source: essayGuide}}),
	})
	s.exam(append([]func(*exam.Definition){func(d *exam.Definition) {
		d.Sections[0].Points, d.Rules.PassMark = 3*exam.FullCredit, 50
	}}, changes...)...)
}

// composes sits the exam of essay: the choice right, the essay as given, handed in and marked so far.
func (s *site) composes(name, text string) (attempt string) {
	s.t.Helper()
	c := s.signedIn(name)
	attempt = c.start()
	c.post(questionPath(attempt, 1), with(c.question(attempt, 1).form(), "answer", s.right(attempt, 1), "action", "save")).status(http.StatusSeeOther)
	c.post(questionPath(attempt, 2), with(c.question(attempt, 2).form(), "answer", text, "action", "save")).status(http.StatusSeeOther)
	c.submit(attempt)
	s.mark()
	return attempt
}

// composed is a site on which ann and bob have written the same essay; cleo is an author, dora an admin.
func composed(t *testing.T, changes ...func(*exam.Definition)) (s *site, cleo *client, attempts map[string]string) {
	t.Helper()
	s = newSite(t)
	s.essay(changes...)
	attempts = map[string]string{}
	for _, name := range []string{"ann", "bob"} {
		attempts[name] = s.composes(name, essayText)
	}
	s.user("cleo", store.RoleAuthor)
	s.user("dora", store.RoleAdmin)
	return s, s.signedIn("cleo"), attempts
}

const markingOfTest = "/author/marking/test"

// task is the address of the only question to mark.
func (s *site) task() string {
	s.t.Helper()
	tasks, err := s.store.MarkingTasks(context.Background(), "test", "")
	must(s.t, err)
	if len(tasks) != 1 {
		s.t.Fatalf("%d questions to mark", len(tasks))
	}
	return templates.MarkingTaskPath("test", tasks[0].Version)
}

// answerOf is the address of the essay of an attempt.
func (s *site) answerOf(attempt string) string {
	s.t.Helper()
	version := s.stored(attempt).Paper.Items[1].Version
	list, _, err := s.store.MarkedAnswers(context.Background(), store.MarkingQuery{Exam: "test", Version: version, Limit: 100})
	must(s.t, err)
	for _, a := range list {
		if "/attempts/"+a.Attempt == attempt {
			return templates.MarkPath("test", version, a.Label)
		}
	}
	s.t.Fatalf("no answer of %s to mark", attempt)
	return ""
}

// marks opens an answer and gives it points.
func (c *client) marks(path, points, comment string) *answer {
	c.t.Helper()
	form := c.get(path).status(http.StatusOK).form()
	return c.post(path, with(form, "points", points, "comment", comment, "action", "next"))
}

// essayOf is the response to the essay.
func (s *site) essayOf(attempt string) exam.Response {
	s.t.Helper()
	a := s.stored(attempt).Attempt
	return a.Response(2)
}

func (s *site) hasMark(attempt string, points int, comment string) {
	s.t.Helper()
	if r := s.essayOf(attempt); r.Points == nil || *r.Points != points || r.Comment != comment {
		s.t.Errorf("the mark is %v, %q; want %d, %q", r.Points, r.Comment, points, comment)
	}
}

func TestMarkingGoesByQuestion(t *testing.T) {
	t.Parallel()
	s, cleo, attempts := composed(t)
	row := cleo.get("/author/marking").status(http.StatusOK).doc().Find("tr[data-exam=test]")
	if row.AttrOr("data-waiting", "") != "2" {
		t.Errorf("the exam says %s", row.Text())
	}
	task := cleo.get(markingOfTest).status(http.StatusOK).doc().Find("tr[data-task]")
	if task.AttrOr("data-waiting", "") != "2" || task.AttrOr("data-given", "") != "0" || !contains(task.Text(), essayStem) {
		t.Errorf("the question says %s", task.Text())
	}
	next := cleo.get(task.Find(".actions-cell a").AttrOr("href", "")).status(http.StatusSeeOther)
	page := cleo.get(next.location).status(http.StatusOK)
	if got := page.doc().Find("[data-answer-text]").Text(); got != essayText {
		t.Errorf("the answer reads %q", got)
	}
	for selector, want := range map[string]string{
		"#stem": essayStem, ".stimulus": "A drawing of a hall.", ".marking-guide .rich": essayGuide,
		"[data-characters]": "43", "[data-words]": "7", "label[for=points]": "3",
	} {
		if got := page.text(selector); !contains(got, want) {
			t.Errorf("%s says %q, want %q", selector, got, want)
		}
	}
	first := page.data("answer")
	other := cleo.get(page.doc().Find("a[href*=next]").First().AttrOr("href", "")).status(http.StatusSeeOther)
	if contains(other.location, first) {
		t.Error("skipping leads to the same answer")
	}
	for _, attempt := range attempts {
		cleo.marks(s.answerOf(attempt), "2", "").status(http.StatusSeeOther)
	}
	cleo.get(s.task() + "/next").leads(s.task() + "?note=marking.all")
}

// Nothing that markers are sent tells whose an answer is, nor does the audit log of a marker who is an
// admin; two markers know an answer by the same label.
func TestMarkingIsAnonymous(t *testing.T) {
	t.Parallel()
	s, cleo, attempts := composed(t)
	s.composes("eve", "")
	dora := s.signedIn("dora")
	dora.lang, cleo.lang = "ja", "en"
	labels := func(c *client) []string {
		return c.get(s.task()).status(http.StatusOK).doc().Find("tr[data-answer]").Map(func(_ int, row *goquery.Selection) string {
			return row.AttrOr("data-answer", "") + row.Find("th").Text()
		})
	}
	if a, b := labels(cleo), labels(dora); !slices.Equal(a, b) || len(a) != 3 || !slices.IsSorted(a) {
		t.Errorf("cleo sees %q, dora %q", a, b)
	}
	answer := s.answerOf(attempts["ann"])
	dora.marks(answer, "1", "said").status(http.StatusSeeOther)
	form := cleo.get(answer).form()
	dora.marks(answer, "2", "said again").status(http.StatusSeeOther)
	pages := []*answerPage{
		cleo.get("/author/marking"), cleo.get(markingOfTest), cleo.get(s.task()), cleo.get(answer),
		cleo.post(answer, with(form, "points", "x")), cleo.post(answer, with(form, "points", "3", "action", "next")),
		dora.get("/admin/audit"),
	}
	for i, page := range pages {
		for name, attempt := range attempts {
			u, stored := s.users[name], s.stored(attempt).Attempt
			for what, tells := range map[string]string{
				"name": u.Name, "username": ">" + name + "<", "user": u.ID, "attempt": stored.ID, "receipt": stored.Head.Code(),
			} {
				if contains(page.body, tells) {
					t.Errorf("page %d tells the %s of %s", i, what, name)
				}
			}
		}
	}
	entry := dora.get("/admin/audit?action=attempts.mark").doc().Find("main tbody").Text()
	if label := answer[strings.LastIndex(answer, "/")+1:]; !contains(entry, label) || !contains(entry, "test") {
		t.Errorf("the audit log says %q", entry)
	}
}

type answerPage = answer

func TestAMarkIsSavedOnceAndLeadsOn(t *testing.T) {
	t.Parallel()
	s, cleo, attempts := composed(t)
	one, other := s.answerOf(attempts["ann"]), s.answerOf(attempts["bob"])
	form := with(cleo.get(one).form(), "points", "２．５", "comment", "Well argued.\r\nMore!", "action", "next")
	for range 2 { // a double click
		cleo.post(one, form).leads(other + "?note=marking.saved")
	}
	s.hasMark(attempts["ann"], 25_000, "Well argued.\nMore!")
	stored := s.stored(attempts["ann"])
	marks := 0
	for i := range stored.Records {
		if stored.Records[i].Entry.Kind == exam.MarkByHand {
			marks++
		}
	}
	if a := &stored.Attempt; marks != 1 || a.Marking != exam.MarkingDone || a.Score.Total != 55_000 || a.Score.Passed == nil {
		t.Errorf("%d marks, marking %s, score %+v", marks, a.Marking, a.Score)
	}
	stay := with(cleo.get(other).form(), "points", "0.0001", "action", "stay")
	cleo.post(other, stay).leads(other + "?note=marking.saved")
	s.hasMark(attempts["bob"], 1, "")
	page := cleo.get(other)
	steps := page.doc().Find("button[name=give]").Map(func(_ int, b *goquery.Selection) string { return b.AttrOr("value", "") })
	if !slices.Equal(steps, []string{"0", "10000", "20000", "30000"}) {
		t.Errorf("buttons give %q", steps)
	}
	cleo.post(other, with(page.form(), "points", "", "comment", "by button", "give", "30000")).leads(s.task() + "?note=marking.all")
	s.hasMark(attempts["bob"], 30_000, "by button")
	if n := cleo.get(other).doc().Find(".marking-history li").Length(); n != 2 {
		t.Errorf("%d marks in the history", n)
	}
}

func TestMarksThatCannotBeReadAreShownAgain(t *testing.T) {
	t.Parallel()
	s, cleo, attempts := composed(t)
	path := s.answerOf(attempts["ann"])
	form := cleo.get(path).form()
	long := strings.Repeat("評", templates.MaxComment+1)
	for name, tt := range map[string]struct{ field, value, problem string }{
		"too many":         {"points", "3.0001", "#points-problem"},
		"none":             {"points", "", "#points-problem"},
		"no number":        {"points", "two", "#points-problem"},
		"below zero":       {"points", "-1", "#points-problem"},
		"too much said":    {"comment", long, "#comment-problem"},
		"button of others": {"give", "40000", "#points-problem"},
	} {
		page := cleo.post(path, with(form, "points", "1", "comment", "kept", tt.field, tt.value)).status(http.StatusUnprocessableEntity)
		again := page.form()
		if page.text(tt.problem) == "" || tt.field != "give" && again.Get(tt.field) != tt.value || again.Get("rev") != form.Get("rev") {
			t.Errorf("%s: the page says %q, the form holds %v", name, page.text(".field-problem"), again)
		}
	}
	for _, field := range []string{"command_id", "rev", "marked", "comment"} {
		cleo.post(path, with(form, "points", "1", "-"+field, "")).status(http.StatusBadRequest)
	}
	cleo.post(path, with(form, "points", "1", "comment", "a\x00b")).status(http.StatusBadRequest)
	for _, nowhere := range []string{
		s.task() + "/0123456789abcdef", s.task() + "/x", strings.Replace(path, "test", "none", 1),
		markingOfTest + "/00000000-0000-0000-0000-000000000000" + path[strings.LastIndex(path, "/"):],
	} {
		cleo.get(nowhere).status(http.StatusNotFound)
		cleo.post(nowhere, form).status(http.StatusNotFound)
	}
	cleo.get(markingOfTest + "/x").status(http.StatusNotFound)
	if r := s.essayOf(attempts["ann"]); r.Points != nil {
		t.Errorf("marked with %d", *r.Points)
	}
}

// Of two markers the second is shown both marks, and loses nothing whatever is chosen.
func TestTwoMarkersLoseNoMark(t *testing.T) {
	t.Parallel()
	s, cleo, attempts := composed(t)
	dora, ann := s.signedIn("dora"), attempts["ann"]
	path := s.answerOf(ann)
	hers, theirs := cleo.get(path).form(), dora.get(path).form()
	cleo.post(path, with(hers, "points", "1", "comment", "thin")).status(http.StatusSeeOther)
	page := dora.post(path, with(theirs, "points", "2", "comment", "fine")).rejected(http.StatusConflict, "marked")
	saved, sent := page.text("[data-mark=saved]"), page.text("[data-mark=sent]")
	if !contains(saved, "1 of 3") || !contains(saved, "thin") || !contains(saved, "Name of cleo") || !contains(sent, "2 of 3") || !contains(sent, "fine") {
		t.Errorf("saved %q, sent %q", saved, sent)
	}
	s.hasMark(ann, 10_000, "thin")
	dora.post(path, with(theirs, "points", "2", "comment", "fine")).rejected(http.StatusConflict, "marked") // again
	dora.post(path, page.form()).status(http.StatusSeeOther)
	s.hasMark(ann, 20_000, "fine")
	cleo.post(path, with(hers, "points", "3", "comment", "thin")).rejected(http.StatusConflict, "sent")
	s.hasMark(ann, 20_000, "fine")
	story := dora.get(storyOf(ann)).status(http.StatusOK)
	if got := strings.Join(eventsOf(story), " | "); strings.Count(got, "mark Question 2") != 2 || strings.Count(got, "mark_refused Question 2") != 2 {
		t.Errorf("the story tells %s", got)
	}
	for _, said := range []string{"Comment: thin", "Comment: fine", "Name of cleo"} {
		if !contains(story.text("main"), said) {
			t.Errorf("the story does not tell %q", said)
		}
	}
}

// What a marker typed while the attempt was reopened, altered or declared void is shown back.
func TestMarksOfAnAttemptThatGoesOn(t *testing.T) {
	t.Parallel()
	s, cleo, attempts := composed(t)
	ann := s.signedIn("ann")
	attempt := attempts["ann"]
	path := s.answerOf(attempt)
	form := with(cleo.get(path).form(), "points", "1", "comment", "half an hour's work")
	s.admin(attempt, exam.Command{Kind: exam.Reopen, Amount: exam.Minute})
	page := cleo.post(path, form).rejected(http.StatusConflict, "open")
	if !contains(page.text("[data-mark=sent]"), "half an hour's work") || page.doc().Find("main form input[name=command_id]").Length() != 0 {
		t.Errorf("the page says %s", page.text("main"))
	}
	cleo.get(path).status(http.StatusNotFound)
	ann.post(questionPath(attempt, 2), with(ann.question(attempt, 2).form(), "answer", "Another answer.", "action", "save")).status(http.StatusSeeOther)
	for _, page := range []*answer{
		cleo.post(path, with(form, "points", "x")).status(http.StatusUnprocessableEntity),
		cleo.post(path, with(form, "command_id", "6f0e0c3e-0000-4000-8000-000000000004")).rejected(http.StatusConflict, "open"),
	} {
		if contains(page.text("main"), "Another") || page.doc().Find("[data-answer-text], #answer-heading, [data-characters]").Length() != 0 {
			t.Errorf("a page shows what is being written: %s", page.text("main"))
		}
	}
	ann.submit(attempt)
	form = with(form, "command_id", "6f0e0c3e-0000-4000-8000-000000000001")
	page = cleo.post(path, form).rejected(http.StatusConflict, "altered")
	if page.text("[data-answer-text]") != "Another answer." || page.text("[data-mark=saved] .answer-none") == "" {
		t.Errorf("the page shows %s", page.text("main"))
	}
	cleo.post(path, page.form()).status(http.StatusSeeOther)
	s.hasMark(attempt, 10_000, "half an hour's work")
	s.admin(attempt, exam.Command{Kind: exam.Void})
	cleo.post(path, with(form, "command_id", "6f0e0c3e-0000-4000-8000-000000000002")).rejected(http.StatusConflict, "open")
}

// An author who takes the exam, too, neither finds nor marks the own answer; others do.
func TestNobodyMarksThemselves(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.essay()
	s.user("cleo", store.RoleAuthor, store.RoleCandidate)
	own, other := s.composes("cleo", essayText), s.composes("ann", essayText)
	cleo, path := s.signedIn("cleo"), s.answerOf(own)
	page := cleo.get(s.task()).status(http.StatusOK)
	if n := page.doc().Find("a[href='" + path + "']").Length(); n != 0 {
		t.Error("the own answer is listed")
	}
	for at, selector := range map[string]string{"/author/marking": "tr[data-exam=test]", markingOfTest: "tr[data-task]", s.task(): "main"} {
		if n := cleo.get(at).doc().Find(selector).AttrOr("data-waiting", ""); n != "1" {
			t.Errorf("%s: %s wait, want 1: the own answer does not", at, n)
		}
	}
	if n := page.doc().Find("a[href='" + s.answerOf(other) + "']").Length(); n == 0 {
		t.Error("the answer of another is not listed")
	}
	form := with(cleo.get(s.answerOf(other)).form(), "points", "3", "comment", "")
	cleo.get(path).status(http.StatusNotFound)
	cleo.post(path, form).status(http.StatusNotFound)
	if r := s.essayOf(own); r.Points != nil {
		t.Errorf("marked themselves with %d", *r.Points)
	}
	cleo.post(s.answerOf(other), form).leads(s.task() + "?note=marking.all")
	s.hasMark(other, 30_000, "")
	s.user("dora", store.RoleAdmin)
	s.signedIn("dora").marks(path, "1", "").status(http.StatusSeeOther)
}

// The page of an exam leads to its marking, and says how many wait for who looks at it; so do the tabs of those who
// run its sitting.
func TestExamLeadsToItsMarking(t *testing.T) {
	t.Parallel()
	s, cleo, attempts := composed(t)
	editor := "/author/exams/test"
	link := func(c *client, path string) string {
		t.Helper()
		return c.get(path).status(http.StatusOK).text("main a[href='" + markingOfTest + "']")
	}
	for lang, want := range map[string]string{"en": "Marking (2 waiting)", "ja": "採点（待ち2件）"} {
		cleo.lang = lang
		if got := link(cleo, editor); got != want {
			t.Errorf("%s: the link says %q, want %q", lang, got, want)
		}
	}
	cleo.lang = "en"
	for _, attempt := range attempts {
		cleo.marks(s.answerOf(attempt), "1", "").status(http.StatusSeeOther)
	}
	if got := link(cleo, editor); got != "Marking" {
		t.Errorf("the link says %q", got)
	}
	dora := s.signedIn("dora")
	for _, path := range []string{"/admin/exams/test", "/admin/exams/test/results"} {
		if got := link(dora, path); got != "Marking" {
			t.Errorf("%s: the tab says %q", path, got)
		}
	}
	if got := dora.get(markingOfTest).text(".tabs [aria-current]"); got != "Marking" {
		t.Errorf("the marking page is the tab %q", got)
	}
	if n := cleo.get(markingOfTest).doc().Find(".tabs").Length(); n != 0 {
		t.Error("an author is led to pages of admins")
	}
	s.exam(func(d *exam.Definition) { d.Slug = "other" })
	if cleo.get("/author/exams/other").status(http.StatusOK).doc().Find("main a[href*='/marking']").Length() != 0 {
		t.Error("an exam that nobody sat leads to its marking")
	}
}

// A question that a corrected key settles waits for no marker.
func TestSettledQuestionsNeedNoMarker(t *testing.T) {
	t.Parallel()
	s, cleo, _ := composed(t)
	version := strings.TrimPrefix(s.task(), markingOfTest+"/")
	key := exam.Key{Revision: 2, Treatment: exam.FullMarks, Guide: exam.Text{Source: essayGuide}}
	id, dora := "6f0e0c3e-0000-4000-8000-000000000003", s.users["dora"].ID
	job := store.Job{ID: id, Kind: store.JobRegrade, Actor: dora, Args: []byte("{}")}
	_, _, err := s.store.By(store.Act{Actor: dora, Action: store.ActCorrectKey}).CorrectKey(t.Context(),
		store.Correction{ID: id, Version: version, Actor: dora, Reason: "unclear"}, 1, key, job)
	must(t, err)
	row := cleo.get(markingOfTest).status(http.StatusOK).doc().Find("tr[data-task]")
	if row.AttrOr("data-waiting", "") != "0" || row.Find("[data-settled]").Length() != 1 || row.Find(".actions-cell a").Length() != 0 {
		t.Errorf("the question says %s", row.Text())
	}
	cleo.get(s.task() + "/next").leads(s.task() + "?note=marking.all")
}
