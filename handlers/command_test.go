package handlers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/store"
	"shiken/templates"
)

// invigilated is a site with an exam of three questions that candidates c1, c2, … are sitting, and an
// admin who watches them. The runner of jobs works.
func invigilated(t *testing.T, candidates int, changes ...func(*exam.Definition)) (s *site, dora *client, attempts []string) {
	t.Helper()
	s = newSite(t)
	s.questions(3)
	s.exam(changes...)
	for i := range candidates {
		attempts = append(attempts, s.beganAt(fmt.Sprintf("c%d", i+1), 5*exam.Minute))
	}
	s.user("dora", store.RoleAdmin)
	s.works(s.jobs)
	return s, s.signedIn("dora"), attempts
}

func idOf(attempt string) string { return strings.TrimPrefix(attempt, "/attempts/") }

// plans asks for the preview of a command to some attempts.
func (c *client) plans(kind exam.Kind, minutes int, attempts ...string) *answer {
	c.t.Helper()
	form := url.Values{"kind": {string(kind)}, "minutes": {fmt.Sprint(minutes)}, "scope": {"checked"}}
	for _, a := range attempts {
		form.Add("attempt", idOf(a))
	}
	return c.post(templates.PlanPath("test"), form).status(http.StatusOK)
}

// confirmation is the form of a preview, with a reason.
func confirmation(page *answer, reason string) url.Values {
	return with(fieldsIn(page.doc().Find("form[action$='/jobs']")), "reason", reason)
}

// confirms gives the command that a preview is about and returns the address of its job.
func (c *client) confirms(page *answer, reason string) string {
	c.t.Helper()
	a := c.post(templates.JobsPath("test"), confirmation(page, reason)).status(http.StatusSeeOther)
	if !strings.HasPrefix(a.location, "/admin/jobs/") {
		c.t.Fatalf("leads to %q", a.location)
	}
	return a.location
}

// ended asks for a job's page until the job has ended.
func (c *client) ended(job string) *answer {
	c.t.Helper()
	deadline := time.Now().Add(time.Minute)
	for time.Now().Before(deadline) {
		if page := c.get(job).status(http.StatusOK); page.data("ended") == "true" {
			return page
		}
		time.Sleep(20 * time.Millisecond)
	}
	c.t.Fatal("the job does not end")
	return nil
}

// Every command, from the preview to the journal.
func TestEveryCommandIsPreviewedGivenAndRecorded(t *testing.T) {
	t.Parallel()
	s, dora, attempts := invigilated(t, 1)
	attempt := attempts[0]
	for _, step := range []struct {
		kind   exam.Kind
		status exam.Status
	}{
		{exam.Extend, exam.InProgress}, {exam.Pause, exam.Paused}, {exam.Resume, exam.InProgress},
		{exam.Void, exam.Voided}, {exam.Unvoid, exam.InProgress}, {exam.ForceSubmit, exam.Submitted}, {exam.Reopen, exam.InProgress},
	} {
		page := dora.plans(step.kind, 10, attempt)
		if page.data("affected") != "1" || page.data("kind") != string(step.kind) {
			t.Fatalf("%s: %s affected", step.kind, page.data("affected"))
		}
		end := dora.ended(dora.confirms(page, "reason of "+string(step.kind)))
		stored := s.stored(attempt)
		last := stored.Records[len(stored.Records)-1]
		if end.data("applied") != "1" || stored.Attempt.Status != step.status || s.entries(attempt, step.kind) != 1 {
			t.Errorf("%s: applied to %s, status %s", step.kind, end.data("applied"), stored.Attempt.Status)
		}
		if last.Entry.Actor != "admin:"+s.users["dora"].ID || last.Payload.Note != "reason of "+string(step.kind) {
			t.Errorf("%s: by %s, %q", step.kind, last.Entry.Actor, last.Payload.Note)
		}
	}
	entries, total, err := s.store.AuditLog(t.Context(), store.AuditQuery{Action: store.ActCommand, Limit: 10})
	must(t, err)
	if total != 7 || entries[0].Object != "test" || entries[0].ActorName != "dora" ||
		!strings.Contains(string(entries[0].Details), `"reason":"reason of reopen"`) {
		t.Errorf("%d entries, the last %+v %s", total, entries[0], entries[0].Details)
	}
}

// The preview says who is affected, with the new end, and who is not, and why.
func TestPreviewSaysWhoAndUntilWhen(t *testing.T) {
	t.Parallel()
	s, dora, attempts := invigilated(t, 4)
	s.admin(attempts[1], exam.Command{Kind: exam.ForceSubmit})
	s.admin(attempts[2], exam.Command{Kind: exam.Extend, Amount: 15 * exam.Minute})
	for _, lang := range []string{"en", "ja"} {
		dora.lang = lang
		page := dora.plans(exam.Extend, 10, attempts...)
		clock := func(attempt string) string {
			return instant(s.stored(attempt).Deadline).Add(10 * time.Minute).Format("15:04")
		}
		summary := page.text("[data-summary]")
		if page.data("affected") != "3" || !contains(summary, clock(attempts[0])) || !contains(summary, clock(attempts[2])) {
			t.Errorf("%s: %s affected: %s", lang, page.data("affected"), summary)
		}
		if names := page.text(".seat-names"); !contains(names, "c1") || !contains(names, "c2") {
			t.Errorf("%s: %s", lang, names)
		}
	}
	one := dora.plans(exam.Reopen, 5, attempts...)
	if one.data("affected") != "1" || !contains(one.text(".seat-names"), "c2") {
		t.Errorf("reopens %s: %s", one.data("affected"), one.text("main"))
	}
	if none := dora.plans(exam.Pause, 0); none.data("affected") != "0" || none.doc().Find("form[action$='/jobs']").Length() != 0 {
		t.Errorf("for nobody: %s", none.text("main"))
	}
}

func instant(i exam.Instant) time.Time { return time.UnixMicro(int64(i)).UTC() }

// An untimed attempt has nothing to extend.
func TestUntimedAttemptsAreNotExtended(t *testing.T) {
	t.Parallel()
	_, dora, attempts := invigilated(t, 1, untimed)
	if page := dora.plans(exam.Extend, 10, attempts...); page.data("affected") != "0" || !contains(page.text(".seat-names"), "c1") {
		t.Errorf("%s affected: %s", page.data("affected"), page.text("main"))
	}
}

// All who match the filter are meant, on whatever page; who joins after the preview is not.
func TestAllWhoMatchAreMeant(t *testing.T) {
	t.Parallel()
	s, dora, attempts := invigilated(t, 60)
	page := dora.post(templates.PlanPath("test"), url.Values{
		"kind": {"extend"}, "minutes": {"10"}, "scope": {"all"}, "q": {"c"}, "offset": {"50"},
	}).status(http.StatusOK).has("affected", "60")
	late := s.beganAt("c61", exam.Minute)
	if end := dora.ended(dora.confirms(page, "r")); end.data("applied") != "60" {
		t.Errorf("applied to %s", end.data("applied"))
	}
	if s.entries(attempts[59], exam.Extend) != 1 || s.entries(late, exam.Extend) != 0 {
		t.Error("others were extended than the preview listed")
	}
	only := dora.post(templates.PlanPath("test"), url.Values{"kind": {"extend"}, "minutes": {"10"}, "scope": {"all"}, "q": {"c61"}})
	only.status(http.StatusOK).has("affected", "1")
}

// What a form lacks is asked for again, and nothing that was typed is lost.
func TestCommandNeedsAReason(t *testing.T) {
	t.Parallel()
	s, dora, attempts := invigilated(t, 1)
	page := dora.plans(exam.Extend, 10, attempts...)
	for problem, form := range map[string]url.Values{
		"reason":      confirmation(page, "  "),
		"reason_long": confirmation(page, strings.Repeat("x", templates.MaxReason+1)),
		"minutes":     with(confirmation(page, "fire alarm"), "minutes", "0"),
	} {
		again := dora.post(templates.JobsPath("test"), form).status(http.StatusUnprocessableEntity)
		if again.doc().Find("[data-problem="+problem+"]").Length() != 1 || again.data("affected") != "1" {
			t.Errorf("%s: %s", problem, again.text("main"))
		}
		if typed := strings.TrimSpace(form.Get("reason")); !contains(again.text("textarea[name=reason]"), typed) {
			t.Errorf("%s: the reason is lost", problem)
		}
		if problem == "reason" {
			dora.ended(dora.confirms(again, "fire alarm"))
		}
	}
	if n := s.entries(attempts[0], exam.Extend); n != 1 {
		t.Errorf("%d entries", n)
	}
}

func TestMalformedCommands(t *testing.T) {
	t.Parallel()
	s, dora, attempts := invigilated(t, 1)
	sound := confirmation(dora.plans(exam.Extend, 10, attempts...), "r")
	for name, form := range map[string]url.Values{
		"kind":             with(sound, "kind", "submit"),
		"minutes":          with(sound, "minutes", "1441"),
		"negative minutes": with(sound, "minutes", "-1"),
		"no minutes":       without(sound, "minutes"),
		"job":              with(sound, "job", "x"),
		"attempts":         with(sound, "attempts", "AAAA"),
		"no attempts":      with(sound, "attempts", ""),
		"unknown attempt":  with(sound, "attempts", sound.Get("attempts")+"AAAAAAAAAAAAAAAAAAAAAA"),
		"twice the same":   with(sound, "attempts", sound.Get("attempts")+sound.Get("attempts")),
		"state":            with(sound, "state", "x"),
		"order":            with(sound, "order", "x"),
	} {
		if a := dora.post(templates.JobsPath("test"), form); a.code != http.StatusBadRequest {
			t.Errorf("%s: %d", name, a.code)
		}
	}
	dora.post(templates.JobsPath("unknown"), sound).status(http.StatusNotFound)
	dora.post(templates.PlanPath("unknown"), sound).status(http.StatusNotFound)
	dora.get("/admin/jobs/" + uuid.NewString()).status(http.StatusNotFound)
	dora.get("/admin/jobs/x").status(http.StatusNotFound)
	if s.entries(attempts[0], exam.Extend) != 0 {
		t.Error("something was done")
	}
}

func without(form url.Values, name string) url.Values {
	out := url.Values{}
	for k, v := range form {
		if k != name {
			out[k] = v
		}
	}
	return out
}

// TestR2_SameFormSentTwice: the same form is the same job, at the same time even; with other content
// it is refused, and the page leads to what was asked for.
func TestR2_SameFormSentTwice(t *testing.T) {
	t.Parallel()
	s, dora, attempts := invigilated(t, 10)
	form := confirmation(dora.plans(exam.Extend, 10, attempts...), "fire alarm")
	var both sync.WaitGroup
	for range 4 {
		both.Go(func() {
			a, err := dora.try(dora.request(http.MethodPost, templates.JobsPath("test"), formType, form.Encode()))
			if err != nil || a.code != http.StatusSeeOther || a.location != "/admin/jobs/"+form.Get("job") {
				t.Errorf("%+v %v", a, err)
			}
		})
	}
	both.Wait()
	dora.ended("/admin/jobs/" + form.Get("job"))
	dora.post(templates.JobsPath("test"), form).leads("/admin/jobs/" + form.Get("job"))
	other := dora.post(templates.JobsPath("test"), with(form, "reason", "another")).status(http.StatusConflict)
	if other.doc().Find("[data-problem=used] a[href='/admin/jobs/"+form.Get("job")+"']").Length() != 1 {
		t.Errorf("says %s", other.text("[data-problem]"))
	}
	for _, a := range attempts {
		if n := s.entries(a, exam.Extend); n != 1 {
			t.Fatalf("%d entries", n)
		}
	}
	_, total, err := s.store.AuditLog(t.Context(), store.AuditQuery{Action: store.ActCommand, Limit: 1})
	must(t, err)
	if total != 1 {
		t.Errorf("%d entries in the audit log", total)
	}
}

// TestR4_TwoAdminsAtOnce: both commands are in every journal, in one order, and neither is lost.
func TestR4_TwoAdminsAtOnce(t *testing.T) {
	t.Parallel()
	s, dora, attempts := invigilated(t, 20)
	s.user("dan", store.RoleAdmin)
	s.works(s.runner())
	dan := s.signedIn("dan")
	var both sync.WaitGroup
	for i, c := range []*client{dora, dan} {
		form := confirmation(c.plans(exam.Extend, 10*(i+1), attempts...), "r").Encode()
		both.Go(func() {
			if a, err := c.try(c.request(http.MethodPost, templates.JobsPath("test"), formType, form)); err != nil || a.code != http.StatusSeeOther {
				t.Errorf("%+v %v", a, err)
			}
		})
	}
	both.Wait()
	jobs, err := s.store.JobsOf(t.Context(), "test", 5)
	must(t, err)
	for _, j := range jobs {
		if end := dora.ended("/admin/jobs/" + j.ID); end.data("applied") != "20" {
			t.Errorf("applied to %s", end.data("applied"))
		}
	}
	s.eachStored(func(_ string, a *store.StoredAttempt) {
		if n := len(a.Records); n != 3 || a.Attempt.Extended != 30*exam.Minute {
			t.Errorf("%d entries, extended by %d µs", n, a.Attempt.Extended)
		}
	})
}

// A pause is announced: it begins three seconds later, and says so.
func TestPauseIsAnnounced(t *testing.T) {
	t.Parallel()
	s, dora, attempts := invigilated(t, 1)
	page := dora.get(dora.confirms(dora.plans(exam.Pause, 0, attempts...), "break"))
	if page.data("ended") != "false" || page.doc().Find("progress").Length() != 1 || page.doc().Find("body[data-refresh]").Length() != 1 {
		t.Errorf("at once: %s", page.text("main"))
	}
	if s.stored(attempts[0]).Attempt.Status != exam.InProgress {
		t.Error("paused at once")
	}
	job, err := s.store.JobsOf(t.Context(), "test", 1)
	must(t, err)
	dora.ended("/admin/jobs/" + job[0].ID)
	paused := s.stored(attempts[0]).Records[1].Entry.Arrived
	if wait := paused.Sub(job[0].Created); wait < 3*exam.Second || wait > 5*exam.Second {
		t.Errorf("paused after %d µs", wait)
	}
}

// Who refuses is named, with the reason.
func TestOutcomeNamesWhoRefused(t *testing.T) {
	t.Parallel()
	s, dora, attempts := invigilated(t, 3)
	page := dora.plans(exam.Extend, 10, attempts...)
	s.admin(attempts[1], exam.Command{Kind: exam.ForceSubmit})
	end := dora.ended(dora.confirms(page, "r")).has("applied", "2")
	if names := end.text(".seat-names"); !contains(names, "c2") || contains(names, "c1") {
		t.Errorf("refused: %s", names)
	}
	if end.doc().Find(".seat-names a[href='/admin/attempts/"+idOf(attempts[1])+"']").Length() != 1 {
		t.Error("no link to the attempt")
	}
	dora.get(templates.SittingPath("test")).status(http.StatusOK)
}

// jobOf makes a job of a user, and returns its id.
func (s *site) jobOf(name string) string {
	s.t.Helper()
	u := s.users[name]
	job := store.Job{ID: uuid.NewString(), Kind: store.JobQuestions, Object: "basics", Actor: u.ID, Total: 1}
	_, _, err := s.store.By(store.Act{Actor: u.ID, ActorName: name, Action: store.ActLoadQuestions, Object: "basics"}).CreateJob(s.t.Context(), job)
	must(s.t, err)
	return job.ID
}

// A load of questions has its page at the author's desk.
func TestJobOfTheDesk(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.user("dora", store.RoleAdmin)
	dora, job := s.signedIn("dora"), s.jobOf("dora")
	page := dora.follow(dora.get("/admin/jobs/" + job).leads("/author/jobs/" + job)).status(http.StatusOK)
	if !contains(page.text("main"), "dora") {
		t.Errorf("says %s", page.text("main"))
	}
}
