package handlers_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/proctor"
	"shiken/store"
	"shiken/templates"
)

const sittingOfTest = "/admin/exams/test"

// outage stores a gap of the heartbeat that began so long ago.
func (s *site) outage(ago, lasted exam.Micros, settled int) string {
	s.t.Helper()
	id, began := uuid.NewString(), before(ago)
	s.exec(`INSERT INTO outages (id, began, ended, settled) VALUES (?, ?, ?, ?)`, id, int64(began), int64(began.Add(lasted)), settled)
	return id
}

// serverGives gives a command of the server.
func (s *site) serverGives(attempt string, c exam.Command) {
	s.t.Helper()
	c.Actor, c.Salt = exam.Actor{Role: exam.Server}, proctor.NewSalt()
	_, o, err := store.Update(context.Background(), s.store, store.AttemptQuery{Attempt: idOf(attempt), Command: c.ID},
		func(snap *store.Snapshot) (exam.Attempt, exam.Outcome, error) {
			return exam.Apply(snap.Paper, snap.Attempt, c, snap.Now)
		})
	must(s.t, err)
	if o.Result != exam.Applied {
		s.t.Fatalf("%s: %s", c.Kind, o.Reason)
	}
}

// given are the times that an admin gave an attempt.
func (s *site) given(attempt string) []exam.Micros {
	s.t.Helper()
	var out []exam.Micros
	for _, r := range s.stored(attempt).Records {
		if r.Entry.Kind == exam.Extend && strings.HasPrefix(r.Entry.Actor, "admin:") {
			out = append(out, r.Entry.Effect.Extended)
		}
	}
	return out
}

// R16: what an outage cost everybody is given back by one command, once, whoever asks for it: to each
// what was lost, less what the server gave.
func TestTheTimeOfAnOutageIsGivenBackOnce(t *testing.T) {
	t.Parallel()
	s, dora, attempts := invigilated(t, 5)
	s.user("ed", store.RoleAdmin)
	late := s.beganAt("late", 0)
	outage := s.outage(4*exam.Minute, 54500*exam.Millisecond, 1)
	id, err := proctor.ExtensionID(outage, idOf(attempts[1]))
	must(t, err)
	s.serverGives(attempts[1], exam.Command{ID: id, Kind: exam.Extend, Amount: 14500 * exam.Millisecond})
	s.admin(attempts[2], exam.Command{Kind: exam.Pause})
	s.admin(attempts[3], exam.Command{Kind: exam.ForceSubmit})
	id, err = proctor.ExtensionID(outage, idOf(attempts[4]))
	must(t, err)
	s.serverGives(attempts[4], exam.Command{ID: id, Kind: exam.Extend, Amount: exam.Minute})

	page := dora.get(sittingOfTest).status(http.StatusOK)
	line := page.doc().Find("[data-outage='" + outage + "']")
	if line.AttrOr("data-running", "") != "5" || !contains(line.Text(), "55 s") || line.Find("form").Length() != 1 {
		t.Fatalf("the sitting says %q", line.Text())
	}
	plan := dora.post(templates.PlanPath("test"), fieldsIn(line.Find("form"))).status(http.StatusOK).has("affected", "3")
	if n := plan.doc().Find(".seat-names").Length(); n != 3 {
		t.Errorf("%d lists of candidates, want who gets time, who handed in and who lost none", n)
	}
	eds := s.signedIn("ed").post(templates.PlanPath("test"), fieldsIn(line.Find("form"))).status(http.StatusOK)
	job := dora.confirms(plan, "the network was down")
	dora.ended(job).has("applied", "3")
	dora.post(templates.JobsPath("test"), confirmation(plan, "the network was down")).leads(job)
	second := s.signedIn("ed").post(templates.JobsPath("test"), confirmation(eds, "me too")).status(http.StatusConflict)
	if second.doc().Find("[data-problem=made_good] a[href='"+job+"']").Length() != 1 {
		t.Errorf("the second one is told %q", second.text("[data-problem]"))
	}
	for i, want := range []exam.Micros{55 * exam.Second, 40 * exam.Second, 55 * exam.Second, 0, 0} {
		got := s.given(attempts[i])
		if want == 0 && len(got) > 0 || want > 0 && (len(got) != 1 || got[0] != want) {
			t.Errorf("attempt %d got %v, want %d once", i, got, want)
		}
	}
	if got := s.given(late); len(got) > 0 {
		t.Errorf("who began later got %v", got)
	}
	done := dora.get(sittingOfTest).doc().Find("[data-outage='" + outage + "']")
	if done.Find("form").Length() != 0 || !contains(done.Find("[data-made-good]").Text(), "dora") ||
		done.Find("a[href='"+job+"']").Length() != 1 {
		t.Errorf("afterwards the sitting says %q", done.Text())
	}
	entries, total, err := s.store.AuditLog(t.Context(), store.AuditQuery{Action: store.ActCommand, Limit: 9})
	must(t, err)
	if total != 1 || !contains(string(entries[0].Details), outage) {
		t.Errorf("%d entries in the audit log: %+v", total, entries)
	}
}

// What is not settled yet, or concerns nobody who is still writing, is not offered.
func TestOutagesThatCannotBeMadeGood(t *testing.T) {
	t.Parallel()
	s, dora, attempts := invigilated(t, 1)
	unsettled := s.outage(4*exam.Minute, exam.Minute, 0)
	s.outage(60*exam.Minute, exam.Minute, 1) // before anybody began
	ask := url.Values{"kind": {"extend"}, "outage": {unsettled}}
	page := dora.get(sittingOfTest).status(http.StatusOK)
	if page.doc().Find("[data-outage]").Length() != 1 || page.doc().Find("[data-outage] form").Length() != 0 {
		t.Errorf("offers %s", page.text("main"))
	}
	dora.post(templates.PlanPath("test"), ask).status(http.StatusNotFound)
	dora.post(templates.PlanPath("test"), with(ask, "outage", uuid.NewString())).status(http.StatusNotFound)
	dora.post(templates.PlanPath("test"), with(ask, "outage", "x")).status(http.StatusBadRequest)
	s.exec(`UPDATE outages SET settled = 1`)
	dora.post(templates.PlanPath("test"), ask).status(http.StatusOK).has("affected", "1")
	dora.post(templates.PlanPath("test"), with(ask, "kind", "pause")).status(http.StatusBadRequest)
	s.admin(attempts[0], exam.Command{Kind: exam.ForceSubmit})
	if n := dora.get(sittingOfTest).doc().Find("[data-outage] form").Length(); n != 0 {
		t.Error("offers to give time to who has handed in")
	}
	dora.post(templates.PlanPath("test"), ask).status(http.StatusOK).has("affected", "0")
}

// A command may give seconds.
func TestExtendBySeconds(t *testing.T) {
	t.Parallel()
	s, dora, attempts := invigilated(t, 1)
	form := url.Values{
		"kind": {"extend"}, "minutes": {"1"}, "seconds": {"35"}, "scope": {"checked"}, "attempt": {idOf(attempts[0])},
	}
	page := dora.post(templates.PlanPath("test"), form).status(http.StatusOK)
	if !contains(page.text("h1"), "1 min 35 s") || page.doc().Find("input#seconds").AttrOr("value", "") != "35" {
		t.Errorf("asks %q", page.text("h1"))
	}
	job := dora.ended(dora.confirms(page, "slow network"))
	if !contains(job.text("h1"), "1 min 35 s") {
		t.Errorf("the job is %q", job.text("h1"))
	}
	if got := s.given(attempts[0]); len(got) != 1 || got[0] != 95*exam.Second {
		t.Errorf("given %v", got)
	}
	for _, wrong := range []string{"60", "-1", "x", ""} {
		dora.post(templates.PlanPath("test"), with(form, "seconds", wrong)).status(http.StatusBadRequest)
	}
}
