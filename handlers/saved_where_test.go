package handlers_test

import (
	"net/http"
	"testing"

	"github.com/google/uuid"

	"shiken/exam"
)

// conflicts lets one browser save at the first question, and another send an older form of its own: the page of the conflict.
func conflicts(t *testing.T, attempt string, saves, sends *client) *answer {
	t.Helper()
	older := sends.question(attempt, 1)
	saves.answers(saves.question(attempt, 1), 0, "save").status(http.StatusSeeOther)
	return sends.answers(older, 1, "save").rejected(http.StatusConflict, "stale")
}

// signedInAs is signedIn with a browser of a name, as the sign-in form keeps it.
func (s *site) signedInAs(name, agent string) *client {
	s.t.Helper()
	if _, ok := s.users[name]; !ok {
		s.user(name)
	}
	c := s.client()
	r := c.request(http.MethodPost, "/login", formType, credentials(name, password).Encode())
	r.Header.Set("User-Agent", agent)
	c.send(r).status(http.StatusSeeOther)
	return c
}

// A conflict's page says from where each answer came, as far as that is known: the sign-ins that there were tell.
func TestConflictSaysFromWhere(t *testing.T) {
	const (
		firefox = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"
		safari  = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Safari/604.1"
	)
	from := func(a *answer) string { return a.text("[data-saved-from]") }
	s := newSite(t)
	s.questions(1)
	s.exam()
	desk := s.signedInAs("ann", firefox)
	attempt := desk.start()
	if got := from(conflicts(t, attempt, desk, desk)); got != "in this browser: in another tab, or on an earlier page" {
		t.Errorf("one browser: %q", got)
	}
	phone := s.signedInAs("ann", safari)
	page := conflicts(t, attempt, phone, desk)
	if got := from(page); got != "in another tab of this browser, or on another device (Safari on iPhone)" {
		t.Errorf("two browsers: %q", got)
	}
	if !contains(page.sent(), "from this browser") {
		t.Errorf("sent %q", page.sent())
	}
	desk.answers(desk.question(attempt, 1), 2, "save").status(http.StatusSeeOther)
	late := s.signedInAs("ann", firefox)
	form := with(late.question(attempt, 1).form(), "rev", "0", "answer", s.choice(attempt, 1, 1), "action", "save")
	if got := from(late.post(questionPath(attempt, 1), form).rejected(http.StatusConflict, "stale")); got != "on another device" {
		t.Errorf("from before the sign-in: %q", got)
	}
	late.post("/logout", nil).status(http.StatusSeeOther)
	phone.post("/logout", nil).status(http.StatusSeeOther)
	late = s.signedInAs("ann", safari)
	late.lang = "ja"
	form.Set("command_id", uuid.NewString())
	if got := from(late.post(questionPath(attempt, 1), form).rejected(http.StatusConflict, "stale")); !contains(got, "別の端末") {
		t.Errorf("in Japanese: %q", got)
	}
}

// Where an exam is written on one device at a time, the page knows which one saved.
func TestConflictWhereOneDeviceWrites(t *testing.T) {
	s := newSite(t)
	s.questions(1)
	s.exam(func(d *exam.Definition) { d.Rules.Devices = exam.OneDevice })
	ann := s.signedIn("ann")
	s.signedIn("ann")
	attempt := ann.start()
	if got := conflicts(t, attempt, ann, ann).doc().Find("[data-saved-from]").AttrOr("data-saved-from", ""); got != "here" {
		t.Errorf("one device: %q", got)
	}
}
