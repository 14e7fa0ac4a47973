package handlers_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/uuid"

	"shiken/exam"
	"shiken/store"
)

// eventsOf lists the events of a story: kind, question, and whether it counted.
func eventsOf(a *answer) []string {
	var out []string
	a.doc().Find("tr.event").Each(func(_ int, row *goquery.Selection) {
		line := row.AttrOr("data-what", "")
		if q := row.Find(".event-question").Text(); q != "" {
			line += " " + q
		}
		if row.HasClass("event-counted") {
			line += " counted"
		}
		out = append(out, line)
	})
	return out
}

func storyOf(attempt string) string { return "/admin" + attempt }

// Signing in again and again afterwards does not hide the device that was used.
func TestStoryKeepsItsDevices(t *testing.T) {
	t.Parallel()
	s, ann, attempt := sat(t, 1)
	ann.submit(attempt)
	for range 120 {
		s.signedIn("ann")
	}
	s.user("dora", store.RoleAdmin)
	story := s.signedIn("dora").inProcess(s).get(storyOf(attempt)).status(http.StatusOK)
	if n := story.doc().Find("[aria-labelledby=devices-heading] tbody tr").Length(); n != 1 {
		t.Errorf("%d devices, want the one that was used", n)
	}
}

func TestStoryTellsWhatHappened(t *testing.T) {
	t.Parallel()
	s, ann, attempt := sat(t, 2)
	s.user("dora", store.RoleAdmin)
	page := ann.question(attempt, 1)
	ann.answers(page, 2, "save").status(http.StatusSeeOther)
	page = ann.question(attempt, 1)
	ann.answers(page, 0, "save").status(http.StatusSeeOther)
	ann.answers(page, 1, "save").status(http.StatusConflict) // the same page, changed, with its old command id
	page = ann.question(attempt, 2)
	ann.answers(page, 1, "flag").status(http.StatusSeeOther)
	s.admin(attempt, exam.Command{Kind: exam.Extend, Amount: 5 * exam.Minute, Note: "the <b>light</b> failed"})
	ann.submit(attempt)

	dora := s.signedIn("dora")
	story := dora.get(storyOf(attempt)).status(http.StatusOK)
	want := []string{
		"start", "chose Question 1", "changed Question 1 counted", "rejected Question 1", "chose Question 2 counted",
		"extend", "submit",
	}
	if got := eventsOf(story); strings.Join(got[:min(len(got), len(want))], "|") != strings.Join(want, "|") {
		t.Errorf("the story tells\n%q, want\n%q", got, want)
	}
	changed := story.doc().Find("tr[data-what=changed]")
	first, second := changed.Find("dd").Eq(0).Text(), changed.Find("dd").Eq(1).Text()
	if !contains(first, "option 3") || !contains(second, "option 1") {
		t.Errorf("changed from %q to %q, want from option 3 to option 1", first, second)
	}
	if note := story.doc().Find("tr[data-what=extend]").Text(); !contains(note, "5 min") || !contains(note, "the <b>light</b> failed") {
		t.Errorf("the extension is told as %q", note)
	}
	if code := s.stored(attempt).Attempt.Head.Code(); !contains(story.text(".story-head"), code) {
		t.Errorf("the story does not show the receipt %s", code)
	}
	if devices := story.doc().Find("[aria-labelledby=devices-heading] tbody tr").Length(); devices != 1 {
		t.Errorf("%d devices, want ann's one", devices)
	}
	if !contains(story.text(".story-head"), "Whole") {
		t.Error("the journal is not said to be whole")
	}
}

// A page that is typed on saves itself every second or so: that is one event, and each by itself where one question
// is told of. Long texts are cut.
func TestStoryFoldsAutosaves(t *testing.T) {
	t.Parallel()
	s, ann, attempt := essay(t)
	s.user("dora", store.RoleAdmin)
	page := newCall("a").but("draft", true)
	for i, text := range []string{"a", "ab", "abc", strings.Repeat("x", 5000)} {
		ann.put(attempt, 1, page.but("answer", text, "seq", i+1, "command_id", uuid.NewString())).status(http.StatusOK)
	}
	form := ann.question(attempt, 1).form()
	ann.post(attempt+"/questions/1", with(form, "action", "save", "answer", "by the button")).status(http.StatusSeeOther)
	dora := s.signedIn("dora")
	story := dora.get(storyOf(attempt)).status(http.StatusOK)
	if got, want := eventsOf(story), []string{"start", "chose Question 1", "changed Question 1 counted"}; !slices.Equal(got, want) {
		t.Errorf("the story tells %q, want %q", got, want)
	}
	told := story.text("tr[data-what=chose]")
	if !contains(told, "saved by the page itself 4 times") || !contains(told, "5,000 characters in all") ||
		strings.Contains(told, strings.Repeat("x", 4001)) || !strings.Contains(told, strings.Repeat("x", 4000)) {
		t.Errorf("four autosaves are told as %.300q", told)
	}
	if got := eventsOf(dora.get(storyOf(attempt) + "?position=1").status(http.StatusOK)); len(got) != 5 {
		t.Errorf("the story of the question is %q", got)
	}
}

func TestStoryOfOneQuestion(t *testing.T) {
	t.Parallel()
	s, ann, attempt := sat(t, 2)
	s.user("dora", store.RoleAdmin)
	ann.answers(ann.question(attempt, 1), 0, "save").status(http.StatusSeeOther)
	ann.answers(ann.question(attempt, 2), 0, "save").status(http.StatusSeeOther)
	dora := s.signedIn("dora")
	if dora.get(storyOf(attempt)).doc().Find("a[href='/admin/exams/test/messages?to=ann']").Length() != 1 {
		t.Error("nothing leads to a message for a candidate who is writing")
	}
	if got := eventsOf(dora.get(storyOf(attempt) + "?position=2").status(http.StatusOK)); len(got) != 1 || got[0] != "chose Question 2 counted" {
		t.Errorf("the story of question 2 is %q", got)
	}
	for _, position := range []string{"0", "3", "x", "01", "-1"} {
		dora.get(storyOf(attempt) + "?position=" + position).status(http.StatusNotFound)
	}
	dora.get("/admin/attempts/none").status(http.StatusNotFound)
	dora.get("/admin/attempts/00000000-0000-4000-8000-000000000000").status(http.StatusNotFound)
}

// A late answer is told with how late it was, and what became of it.
func TestStoryOfALateAnswer(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.questions(1)
	s.exam()
	s.user("dora", store.RoleAdmin)
	attempt := s.beganAt("ann", 30*exam.Minute+12*exam.Second)
	s.signedIn("ann").post(questionPath(attempt, 1), url.Values{
		"rev": {"0"}, "command_id": {uuid.NewString()}, "page": {uuid.NewString()}, "seq": {"1"}, "opening": {"1"},
		"answer": {s.choice(attempt, 1, 0)}, "action": {"save"},
	}).rejected(http.StatusConflict, "time_up")
	row := s.signedIn("dora").get(storyOf(attempt)).doc().Find("tr[data-what=rejected]")
	if !contains(row.Text(), "the time was up") || !contains(row.Text(), "after the end") || !contains(row.Text(), "Option") {
		t.Errorf("the late answer is told as %q", row.Text())
	}
}

func TestPaperIsTheOneThatTheCandidateSaw(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.questionsOfEveryType()
	s.exam(func(d *exam.Definition) { d.Shuffle.Options = true })
	s.user("dora", store.RoleAdmin)
	ann := s.signedIn("ann")
	attempt := ann.start()
	shown := ann.question(attempt, 1)
	ann.answers(shown, 1, "save").status(http.StatusSeeOther)
	paper := s.signedIn("dora").get(storyOf(attempt) + "/paper").status(http.StatusOK)
	if n := paper.doc().Find("article.paper-question").Length(); n != len(everyType) {
		t.Errorf("%d questions on the paper, want %d", n, len(everyType))
	}
	first := paper.doc().Find("#question-1")
	var values []string
	first.Find("input").Each(func(_ int, in *goquery.Selection) { values = append(values, in.AttrOr("value", "")) })
	if strings.Join(values, " ") != strings.Join(shown.choices(), " ") {
		t.Errorf("options stand as %v, the candidate saw %v", values, shown.choices())
	}
	if chosen := first.Find("input[checked]").AttrOr("value", ""); chosen != shown.choices()[1] {
		t.Errorf("chosen is %q, want %q", chosen, shown.choices()[1])
	}
	if paper.doc().Find("main .paper-questions form").Length() != 0 {
		t.Error("there is something to send on a page to be read")
	}
	ids := map[string]bool{}
	paper.doc().Find("[id]").Each(func(_ int, e *goquery.Selection) {
		if id := e.AttrOr("id", ""); ids[id] {
			t.Errorf("the id %s stands twice", id)
		} else {
			ids[id] = true
		}
	})
}

// Papers are printed by admins alone, and each print is recorded with who did it, before it can be read.
func TestPrintOfAPaperIsRecorded(t *testing.T) {
	t.Parallel()
	s, ann, attempt := sat(t, 2)
	s.user("dora", store.RoleAdmin)
	s.user("cleo", store.RoleAuthor)
	dora, path := s.signedIn("dora"), storyOf(attempt)+"/paper"
	blank := dora.get(path).status(http.StatusOK).doc()
	if blank.Find(".paper-questions.no-print").Length() != 1 || blank.Find("[data-printed]").Length() != 0 {
		t.Error("the page is printed as it is read")
	}
	if n := len(s.auditLog()); n != 0 {
		t.Errorf("%d entries by reading", n)
	}
	action := blank.Find("main form[method=post]").AttrOr("action", "")
	printed := dora.post(action, nil).status(http.StatusOK).doc()
	if printed.Find(".paper-questions.no-print").Length() != 0 || !contains(printed.Find("[data-printed]").Text(), "Printed by dora") {
		t.Errorf("printed as %s", outer(t, printed.Find("[data-printed]")))
	}
	if log := s.auditLog(); len(log) != 1 || log[0].Action != store.ActPrintPaper || log[0].ActorName != "dora" || "/attempts/"+log[0].Object != attempt {
		t.Errorf("recorded %+v", log)
	}
	for _, name := range []string{"ann", "cleo"} {
		s.signedIn(name).post(action, nil).status(http.StatusNotFound)
	}
	if n := len(s.auditLog()); n != 1 {
		t.Errorf("%d entries", n)
	}
	if ann.question(attempt, 1).doc().Find("main > .print-only").Length() != 1 {
		t.Error("a candidate's sheet says nothing")
	}
}

// A regrade by a corrected key tells the score before and after it, and where the mark was kept, that.
func TestStoryTellsTheScoresOfARegrade(t *testing.T) {
	t.Parallel()
	for lower, want := range map[string]map[string]string{
		"1": {"en": "Marked again by the corrected key: 1 / 2 → 0 / 2", "ja": "訂正した正解で採点し直しました：1 / 2 → 0 / 2"},
		"":  {"en": "the mark was kept, 1 / 2 → 1 / 2", "ja": "点数を維持しました：1 / 2 → 1 / 2"},
	} {
		s, dora, attempts := marked(t, func(d *exam.Definition) { d.Shuffle = exam.Shuffle{} })
		s.works(s.jobs)
		form := fieldsIn(dora.get("/admin/questions/" + s.versionAt(attempts["bob"], 1) + "/key").doc().Find("form[data-key-form]"))
		form = with(form, "action", "correct", "reason", "print error", "right", "0", "job", uuid.NewString(), "lower", lower)
		dora.post("/admin/questions/"+s.versionAt(attempts["bob"], 1)+"/key", form).leads("/admin/corrections/" + form.Get("job"))
		s.regraded(dora, "/admin/corrections/"+form.Get("job"))
		for lang, text := range want {
			dora.lang = lang
			row := dora.get(storyOf(attempts["bob"])).status(http.StatusOK).text("tr[data-what=regrade]")
			if !contains(row, text) || !contains(row, "print error") {
				t.Errorf("lower %q, %s: the story says %q, want %q", lower, lang, row, text)
			}
		}
	}
}
