package handlers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/store"
	"shiken/templates"
)

// rejects makes an attempt reject the third option of question 1, which another page answered with the
// first one meanwhile.
func (s *site) rejects(c *client, attempt string) {
	s.t.Helper()
	stale := c.question(attempt, 1)
	c.answers(c.question(attempt, 1), 0, "save").status(http.StatusSeeOther)
	c.answers(stale, 2, "save").rejected(http.StatusConflict, "stale")
}

// late is an exam of which ann sent the second option of question 1 when her attempt was closed.
func late(t *testing.T) (s *site, ann, dora *client, attempt string) {
	t.Helper()
	s, dora, _ = invigilated(t, 0)
	ann = s.signedIn("ann")
	attempt = ann.start()
	page := ann.question(attempt, 1)
	s.admin(attempt, exam.Command{Kind: exam.ForceSubmit})
	ann.answers(page, 1, "time_up").rejected(http.StatusConflict, "finished")
	must(t, s.proctor.Round(t.Context()))
	return s, ann, dora, attempt
}

// row is the row of a rejected answer in the list.
func row(page *answer, number int) *selection {
	return page.doc().Find(fmt.Sprintf("tr[data-number='%d']", number))
}

// accepts gives the confirmed form for a rejected answer.
func acceptance(page *answer, reason string) url.Values {
	return with(fieldsIn(page.doc().Find("form.confirm")), "reason", reason)
}

// settled asks for a list of rejected answers until it tells what became of an acceptance.
func (c *client) settled(path string) (*answer, string) {
	c.t.Helper()
	deadline := time.Now().Add(time.Minute)
	for time.Now().Before(deadline) {
		page := c.get(path).status(http.StatusOK)
		if state := page.doc().Find("[data-job]").AttrOr("data-job", ""); state != "running" {
			return page, state
		}
	}
	c.t.Fatal("the acceptance does not end")
	return nil, ""
}

// A late answer is listed as its candidate saw it, accepted with a reason, and counts (R9, R15).
func TestLateAnswerIsAccepted(t *testing.T) {
	t.Parallel()
	s, ann, dora, attempt := late(t)
	if a := ann.get(attempt + "/result"); a.doc().Find("[data-late]").Length() != 1 || a.doc().Find("[data-accepted]").Length() != 0 {
		t.Errorf("the result says %q", a.text(".phase"))
	}
	list := dora.get(templates.RejectedPath("test")).status(http.StatusOK).has("total", "1")
	r := row(list, 1)
	if got := strings.Join(strings.Fields(r.Find("[data-answer=sent]").Text()), " "); got != "Option b" || !strings.Contains(r.Find("[data-arrived]").Text(), " s late") ||
		r.AttrOr("data-reason", "") != "finished" || !strings.Contains(r.Text(), "Stem 1") || !strings.Contains(r.Text(), "Name of ann") {
		t.Errorf("listed %q, sent %q", strings.Join(strings.Fields(r.Text()), " "), got)
	}
	path := r.Find("td.actions-cell a").AttrOr("href", "")
	if path != templates.AcceptPath("test", idOf(attempt), 1) {
		t.Fatalf("leads to %q", path)
	}
	page := dora.get(path).status(http.StatusOK)
	dora.post(path, acceptance(page, " ")).status(http.StatusUnprocessableEntity)
	form := acceptance(page, "the network was down")
	a := dora.post(path, form).status(http.StatusSeeOther)
	if again := dora.post(path, form); again.location != a.location {
		t.Errorf("sent again it leads to %q", again.location)
	}
	done, state := dora.settled(a.location)
	if state != "accepted" || done.data("total") != "0" {
		t.Fatalf("%s; %s left", state, done.data("total"))
	}
	stored := s.stored(attempt)
	if got := s.entries(attempt, exam.AcceptLate); got != 1 || stored.Attempt.Responses[1].Rev != 1 {
		t.Errorf("%d entries, rev %d", got, stored.Attempt.Responses[1].Rev)
	}
	must(t, s.proctor.Round(t.Context()))
	if score := s.stored(attempt).Attempt.Score; score == nil || score.Total != exam.FullCredit {
		t.Errorf("score %+v", score)
	}
	result := ann.get(attempt + "/result")
	if result.doc().Find("[data-late]").Length() != 0 || result.doc().Find("[data-accepted]").Length() != 1 {
		t.Errorf("the result says %q", result.text(".phase"))
	}
	all := dora.get(templates.RejectedPath("test")+"?show=all").has("total", "1")
	if row(all, 1).Find(".chip-done").Length() != 1 || row(all, 1).Find("td.actions-cell a").Length() != 0 {
		t.Error("an accepted answer is not shown as accepted")
	}
	if n := dora.get(path).status(http.StatusOK).doc().Find("form.confirm").Length(); n != 0 {
		t.Error("an accepted answer can be accepted again")
	}
	entries, total, err := s.store.AuditLog(t.Context(), store.AuditQuery{Action: store.ActCommand, Limit: 10})
	must(t, err)
	if total != 1 || !strings.Contains(string(entries[0].Details), `"accept_late"`) || !strings.Contains(string(entries[0].Details), "network") {
		t.Errorf("%d entries: %+v", total, entries)
	}
}

// Two admins accept at once: one acceptance counts, and the other is told why not.
func TestAcceptedTwice(t *testing.T) {
	t.Parallel()
	s, _, dora, attempt := late(t)
	path := templates.AcceptPath("test", idOf(attempt), 1)
	first, second := acceptance(dora.get(path), "one"), acceptance(dora.get(path), "two")
	if _, state := dora.settled(dora.post(path, first).location); state != "accepted" {
		t.Errorf("the first was %s", state)
	}
	if _, state := dora.settled(dora.post(path, second).location); state != "refused" {
		t.Errorf("the second was %s", state)
	}
	if got := s.entries(attempt, exam.AcceptLate); got != 1 {
		t.Errorf("%d entries", got)
	}
	dora.post(path, with(first, "reason", "another")).status(http.StatusConflict)
}

// Of every other kind of rejection the list says what it was, and offers what can be accepted still.
func TestRejectedAnswersOfOpenAttempts(t *testing.T) {
	t.Parallel()
	s, dora, _ := invigilated(t, 0)
	ann := s.signedIn("ann")
	attempt := ann.start()
	s.rejects(ann, attempt)
	form := ann.question(attempt, 2).form()
	ann.post(questionPath(attempt, 2), with(form, "answer", "no such option", "action", "save")).rejected(http.StatusUnprocessableEntity, "invalid_answer")
	list := dora.get(templates.RejectedPath("test")).has("total", "1")
	if r := row(list, 1); r.AttrOr("data-reason", "") != "stale" || r.Find("[data-answer=saved]").Text() == "" {
		t.Errorf("listed %q", r.Text())
	}
	all := dora.get(templates.RejectedPath("test")+"?show=all").has("total", "2")
	if got := row(all, 2); got.AttrOr("data-reason", "") != "invalid_answer" || got.Find("td.actions-cell a").Length() != 0 {
		t.Errorf("listed %q", got.Text())
	}
	path := templates.AcceptPath("test", idOf(attempt), 2)
	if n := dora.get(path).status(http.StatusOK).doc().Find("form.confirm").Length(); n != 0 {
		t.Error("what belongs to no question can be accepted")
	}
}

func TestRejectedAnswersThatAreNotThere(t *testing.T) {
	t.Parallel()
	s, _, dora, attempt := late(t)
	s.exam(func(d *exam.Definition) { d.Slug = "other" })
	id := idOf(attempt)
	for _, path := range []string{
		templates.RejectedPath("none"), templates.RejectedPath("test") + "?job=" + uuid.NewString(),
		templates.AcceptPath("other", id, 1), templates.AcceptPath("test", id, 2), templates.AcceptPath("test", uuid.NewString(), 1),
		templates.RejectedPath("test") + "/" + id + "/01", templates.RejectedPath("test") + "/x/1",
	} {
		dora.get(path).status(http.StatusNotFound)
	}
	dora.get(templates.RejectedPath("test") + "?offset=-1").status(http.StatusBadRequest)
	dora.get(templates.RejectedPath("test") + "?offset=50").status(http.StatusOK)
	if a := dora.get(templates.RejectedPath("other")).status(http.StatusOK); a.text(".empty") == "" {
		t.Error("an empty list says nothing")
	}
}
