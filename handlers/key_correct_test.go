package handlers_test

import (
	"encoding/csv"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/store"
)

// versionAt is the question version at a position of an attempt's paper.
func (s *site) versionAt(attempt string, n int) string {
	s.t.Helper()
	return s.stored(attempt).Paper.Items[n-1].Version
}

// regrades runs the job of a correction, and returns its page once that is done.
func (s *site) regraded(c *client, path string) *answer {
	s.t.Helper()
	var page *answer
	until(s.t, "regrading", func() bool {
		page = c.get(path).status(http.StatusOK)
		return page.doc().Find("progress").Length() == 0
	})
	return page
}

// TestR13_KeyCorrected: ann has both right, bob one, eve none; of the first question the right option is
// said to be another. The list before, the list after, the results, and what a candidate sees agree.
func TestR13_KeyCorrected(t *testing.T) {
	t.Parallel()
	s, dora, attempts := marked(t, func(d *exam.Definition) {
		d.Rules.Release.Keys = exam.Release{When: exam.Immediately}
		d.Shuffle = exam.Shuffle{}
	})
	s.works(s.jobs)
	version := s.versionAt(attempts["ann"], 1)
	path := "/admin/questions/" + version + "/key"
	page := dora.get(path).status(http.StatusOK)
	form := with(fieldsIn(page.doc().Find("form[data-key-form]")), "action", "correct", "reason", "print error", "exam", "test")
	form["right"] = []string{"0"} // "a", which nobody chose
	preview := dora.post(path+"/preview", form).status(http.StatusOK)
	row := func(a *answer, who string) string {
		return a.doc().Find("table.regrades tr[data-attempt='" + strings.TrimPrefix(attempts[who], "/attempts/") + "']").Text()
	}
	if text := row(preview, "ann"); !contains(text, "Kept") {
		t.Errorf("ann's row before: %q", text)
	}
	if s.stored(attempts["ann"]).Attempt.Score.Total != 2*exam.FullCredit || len(s.auditLog()) != 0 {
		t.Error("the preview stored something")
	}
	form.Set("lower", "1")
	preview = dora.post(path+"/preview", form).status(http.StatusOK)
	if text := row(preview, "bob"); !contains(text, "1 / 2") || !contains(text, "0 / 2") || !contains(text, "Fails now") {
		t.Errorf("bob's row before: %q", text)
	}
	confirm := fieldsIn(preview.doc().Find("form[data-key-confirm]"))
	done := dora.post(path, confirm)
	correction := "/admin/corrections/" + confirm.Get("job")
	done.leads(correction)
	dora.post(path, confirm).leads(correction) // sent again
	list := s.regraded(dora, correction)
	for who, want := range map[string]string{"ann": "Changed", "bob": "Fails now", "eve": "Same"} {
		if text := row(list, who); !contains(text, want) {
			t.Errorf("%s's row after: %q", who, text)
		}
	}
	if n := dora.get(correction + "?change=flips").doc().Find("table.regrades tbody tr").Length(); n != 1 {
		t.Errorf("%d flips, want 1", n)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(dora.get(correction+"/list.csv").status(http.StatusOK).body, "\ufeff"))).ReadAll()
	must(t, err)
	if len(rows) != 4 || strings.Join(rows[1][4:11], ",") != "2,2,passed,1,2,passed," {
		t.Errorf("the file holds %q", rows)
	}
	if text := dora.get(resultsOfTest + "?q=bob").text("table.results"); !contains(text, "0 / 2") {
		t.Errorf("results: %q", text)
	}
	result := s.signedIn("bob").get(attempts["bob"] + "/result").status(http.StatusOK)
	if text := result.text(".score"); !contains(text, "0") {
		t.Errorf("bob sees %q", text)
	}
	entries := s.auditLog()
	if len(entries) != 1 || entries[0].Action != store.ActCorrectKey || !contains(string(entries[0].Details), "print error") {
		t.Errorf("audit log: %+v", entries)
	}
	entriesBefore := len(s.stored(attempts["ann"]).Records)
	again := fieldsIn(list.doc().Find("form[action$=again]"))
	dora.post(correction+"/again", again).status(http.StatusSeeOther)
	s.regraded(dora, correction+"?job="+again.Get("job"))
	if n := len(s.stored(attempts["ann"]).Records); n != entriesBefore {
		t.Errorf("%d entries in the journal, %d before it was done again", n, entriesBefore)
	}
}

// Once another key is the newest, a correction is not done again: what it may lower was said of its own key.
func TestR13_SupersededCorrectionIsNotDoneAgain(t *testing.T) {
	t.Parallel()
	s, dora, attempts := marked(t, func(*exam.Definition) {})
	s.works(s.jobs)
	path := "/admin/questions/" + s.versionAt(attempts["ann"], 1) + "/key"
	corrects := func(action string) string {
		form := with(fieldsIn(dora.get(path).doc().Find("form[data-key-form]")),
			"action", action, "reason", "ambiguous", "lower", "1", "job", uuid.NewString())
		page := "/admin/corrections/" + form.Get("job")
		dora.post(path, form).leads(page)
		s.regraded(dora, page)
		return page
	}
	first := corrects("drop")
	again := fieldsIn(dora.get(first).doc().Find("form[action$=again]"))
	second := corrects("full")
	if page := dora.get(first).doc(); page.Find("form[action$=again]").Length() != 0 || page.Find("[data-superseded] a[href='"+path+"']").Length() != 1 {
		t.Error("the superseded correction is offered again")
	}
	if page := dora.get(second).doc(); page.Find("form[action$=again]").Length() != 1 || page.Find("[data-superseded]").Length() != 0 {
		t.Error("the newest correction is not offered again")
	}
	dora.post(first+"/again", again).leads(first)
	if _, _, err := s.store.Job(t.Context(), again.Get("job")); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the job was made: %v", err)
	}
}

// A question that is dropped is said to be so to whoever sees the keys, and to nobody else.
func TestR12_DroppedQuestionIsSaid(t *testing.T) {
	t.Parallel()
	s, dora, attempts := marked(t, func(d *exam.Definition) {
		d.Rules.Release.Keys = exam.Release{When: exam.Immediately}
		d.Shuffle = exam.Shuffle{}
	})
	s.works(s.jobs)
	path := "/admin/questions/" + s.versionAt(attempts["ann"], 1) + "/key"
	form := with(fieldsIn(dora.get(path).doc().Find("form[data-key-form]")), "action", "drop", "reason", "ambiguous", "lower", "1", "job", uuid.NewString())
	dora.post(path, form).leads("/admin/corrections/" + form.Get("job"))
	s.regraded(dora, "/admin/corrections/"+form.Get("job"))
	result := s.signedIn("eve").get(attempts["eve"] + "/result").status(http.StatusOK)
	if n := result.doc().Find("[data-dropped]").Length(); n != 1 {
		t.Errorf("%d questions are said to be dropped", n)
	}
	if score := s.stored(attempts["eve"]).Attempt.Score; score.Max != exam.FullCredit || score.Items[0] != exam.Dropped {
		t.Errorf("score %+v", score)
	}
	if dora.get(path).doc().Find("[data-treatment=drop]").Length() != 1 {
		t.Error("the form does not say so")
	}
}

// What cannot be read or is out of date is refused, and nothing stored.
func TestKeyFormsRefused(t *testing.T) {
	t.Parallel()
	s, dora, attempts := marked(t)
	path := "/admin/questions/" + s.versionAt(attempts["ann"], 1) + "/key"
	sound := with(fieldsIn(dora.get(path).doc().Find("form[data-key-form]")), "action", "correct", "reason", "r", "job", uuid.NewString(), "right", "0")
	for name, tt := range map[string]struct {
		form   url.Values
		status int
		says   string
	}{
		"nothing is right": {without(sound, "right"), http.StatusUnprocessableEntity, "key"},
		"no reason":        {with(sound, "reason", " "), http.StatusUnprocessableEntity, "reason"},
		"out of date":      {with(sound, "base", "7"), http.StatusConflict, "moved"},
		"no such option":   {with(sound, "right", "9"), http.StatusBadRequest, ""},
		"no such way":      {with(sound, "action", "guess"), http.StatusBadRequest, ""},
		"no such exam":     {with(sound, "exam", "none"), http.StatusNotFound, ""},
	} {
		for _, to := range []string{path, path + "/preview"} {
			page := dora.post(to, tt.form).status(tt.status)
			if tt.says != "" && page.doc().Find("[data-problem='"+tt.says+"']").Length() != 1 {
				t.Errorf("%s: the page does not say so", name)
			}
		}
	}
	dora.get("/admin/questions/" + uuid.NewString() + "/key").status(http.StatusNotFound)
	dora.get("/admin/corrections/none").status(http.StatusNotFound)
	if n := len(s.auditLog()); n != 0 {
		t.Errorf("%d entries in the audit log", n)
	}
}

// The key of every type can be corrected by its form, and what the form shows stays what it is.
func TestKeyOfEveryType(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.questionsOfEveryType()
	s.user("dora", store.RoleAdmin)
	dora := s.signedIn("dora")
	list, _, err := s.store.SetQuestions(t.Context(), store.SetQuery{Set: "basics", Limit: 100})
	must(t, err)
	for _, q := range list {
		path := "/admin/questions/" + q.Version + "/key"
		form := fieldsIn(dora.get(path).status(http.StatusOK).doc().Find("form[data-key-form]"))
		form = with(form, "action", "correct", "reason", "as it was", "job", uuid.NewString())
		dora.post(path+"/preview", form).status(http.StatusOK)
		dora.post(path, form).status(http.StatusSeeOther)
		keys, err := s.store.Keys(t.Context(), []string{q.Version})
		must(t, err)
		want, got := q.Key, keys[q.Version].Key
		want.Revision = 2
		if string(exam.Canonical(want)) != string(exam.Canonical(got)) {
			t.Errorf("%s: %s, want %s", q.Question.Type, exam.Canonical(got), exam.Canonical(want))
		}
	}
}
