package handlers_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/store"
)

// R10: with `devices: one` an attempt is written by one sign-in of its candidate at a time.

func oneDevice(d *exam.Definition) { d.Rules.Devices = exam.OneDevice }

// twoDevices is ann's attempt, begun in one browser, and another browser of hers.
func twoDevices(t *testing.T, changes ...func(*exam.Definition)) (s *site, here, there *client, attempt string) {
	t.Helper()
	s, here, attempt = sat(t, 3, append(changes, oneDevice)...)
	return s, here, s.signedIn("ann"), attempt
}

// elsewhere fails the test unless the answer asks whether to go on here.
func (a *answer) elsewhere() *answer {
	a.t.Helper()
	a.status(http.StatusOK)
	if a.doc().Find("main[data-elsewhere]").Length() != 1 || !strings.HasSuffix(a.commandForm().AttrOr("action", ""), "/take-over") {
		a.t.Fatalf("not the page of another device\n%s", a.body)
	}
	return a
}

// verifies fails the test when the journals do not give what is stored.
func (s *site) verifies() {
	s.t.Helper()
	var report strings.Builder
	if v, err := store.Verify(context.Background(), s.store, nil, &report); err != nil || v.Faults > 0 {
		s.t.Errorf("verify: %v\n%s", err, report.String())
	}
}

func (c *client) takesOver(attempt string) {
	c.t.Helper()
	c.press(c.get(attempt + "/questions/1").elsewhere()).leads(c.cursor(attempt) + "?note=here")
}

// cursor is where the attempt leads to.
func (c *client) cursor(attempt string) string {
	c.t.Helper()
	return c.get(attempt).status(http.StatusSeeOther).location
}

func TestR10_AnyDeviceWrites(t *testing.T) {
	t.Parallel()
	s, here, attempt := sat(t, 3)
	there := s.signedIn("ann")
	here.answers(here.question(attempt, 1), 0, "save").leads(attempt + "/questions/1")
	there.answers(there.question(attempt, 2), 0, "next").leads(attempt + "/questions/3")
	there.post(attempt+"/take-over", there.get(attempt+"/review").form()).status(http.StatusBadRequest)
	if a := s.stored(attempt).Attempt; a.Device != "" {
		t.Errorf("held by %q", a.Device)
	}
}

func TestR10_AnotherDeviceIsAsked(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"ja", "en"} {
		t.Run(lang, func(t *testing.T) {
			s, here, there, attempt := twoDevices(t)
			there.lang = lang
			if a := s.stored(attempt).Attempt; a.Device != here.signIn {
				t.Fatalf("begun on %q, held by %q", here.signIn, a.Device)
			}
			mine := here.question(attempt, 2)
			for _, path := range []string{"/questions/1", "/questions/2", "/review"} {
				there.get(attempt + path).elsewhere()
			}
			there.get(attempt + "/questions/9").status(http.StatusNotFound)
			page := there.get(attempt + "/questions/2").elsewhere()
			if contains(page.body, "Stem 2") || page.text("[data-holder]") == "" {
				t.Errorf("%s", page.body)
			}
			there.press(page).leads(attempt + "/questions/1?note=here")
			if !contains(there.get(attempt+"/questions/1?note=here").text(".note"), map[string]string{"ja": "続けられます", "en": "You go on here"}[lang]) {
				t.Error("it is not said that it goes on here")
			}
			there.answers(there.question(attempt, 2), 0, "save").leads(attempt + "/questions/2")
			lost := here.answers(mine, 1, "next").rejected(http.StatusConflict, "other_device").has("position", "2", "rev", "1")
			if !contains(lost.sent(), "Option b") || lost.text("[data-holder]") == "" {
				t.Errorf("sent %q", lost.sent())
			}
			if contains(lost.body, "Option a") || contains(lost.body, "Stem 2") {
				t.Error("the question and what is saved are shown on a device that does not hold the attempt")
			}
			kept := s.stored(attempt).Rejections
			if len(kept) != 1 || kept[0].Reason != exam.OtherDevice || kept[0].Payload.Answer.IsZero() {
				t.Errorf("kept %+v", kept)
			}
			s.verifies()
		})
	}
}

// R15: what was not taken travels with the take-over and is offered beside the saved answer.
func TestR15_WhatWasSentComesAlong(t *testing.T) {
	t.Parallel()
	for _, change := range []func(*exam.Definition){untimed, linear} {
		s, here, there, attempt := twoDevices(t, change)
		mine := here.question(attempt, 1)
		there.takesOver(attempt)
		there.answers(there.question(attempt, 1), 0, "save").leads(attempt + "/questions/1")
		lost := here.answers(mine, 1, "save").rejected(http.StatusConflict, "other_device")
		choice := here.press(lost).status(http.StatusOK).has("outcome", "applied", "reason", "taken_over", "rev", "1")
		if !contains(choice.saved(), "Option a") || !contains(choice.sent(), "Option b") {
			t.Errorf("saved %q, sent %q", choice.saved(), choice.sent())
		}
		here.press(choice).leads(attempt + "/questions/1")
		if now := here.question(attempt, 1).has("rev", "2"); now.chosen()[0] != now.choices()[1] {
			t.Error("the sent answer was chosen, and is not saved")
		}
		// Told again it is still refused, and may be chosen where it differs from what is saved.
		here.answers(mine, 1, "save").rejected(http.StatusConflict, "other_device")
		there.get(attempt + "/questions/1").elsewhere()
		s.verifies()
	}
}

func TestR15_NothingIsOfferedWhereTheQuestionIsClosed(t *testing.T) {
	t.Parallel()
	_, here, there, attempt := twoDevices(t, linear)
	mine := here.question(attempt, 1)
	there.takesOver(attempt)
	there.answers(there.question(attempt, 1), 0, "next").leads(attempt + "/questions/2")
	lost := here.answers(mine, 1, "next").rejected(http.StatusConflict, "other_device")
	here.press(lost).leads(attempt + "/questions/2?note=here")
}

// A take-over whose answer cannot be read is applied all the same, and says so.
func TestR1_TakeOverWithAnUnreadableAnswer(t *testing.T) {
	t.Parallel()
	s, here, there, attempt := twoDevices(t)
	mine := here.question(attempt, 1)
	there.takesOver(attempt)
	lost := here.answers(mine, 1, "save").rejected(http.StatusConflict, "other_device")
	twice := with(lost.form())
	twice["answer"] = mine.choices()
	here.post(attempt+"/take-over", twice).leads(attempt + "/questions/1?note=here")
	if a := s.stored(attempt).Attempt; a.Device != here.signIn {
		t.Errorf("held by %q", a.Device)
	}
}

// A rejection that is told again, once the attempt is over, offers no take-over.
func TestR7_AnOldRejectionOffersNoTakeOver(t *testing.T) {
	t.Parallel()
	_, here, there, attempt := twoDevices(t)
	form := with(here.question(attempt, 1).form(), "action", "save")
	there.takesOver(attempt)
	offers := func() int {
		return here.post(attempt+"/questions/1", form).rejected(http.StatusConflict, "other_device").doc().Find("[data-take-over]").Length()
	}
	if offers() != 1 {
		t.Error("nothing is offered while the exam runs")
	}
	there.submit(attempt)
	if offers() != 0 {
		t.Error("what is over is offered")
	}
}

// Everything of another device is refused: time_up, submission, the API. The server closes by itself.
func TestR10_NothingOfAnotherDeviceIsDone(t *testing.T) {
	t.Parallel()
	s, here, there, attempt := twoDevices(t)
	page, review := here.question(attempt, 1), here.get(attempt+"/review")
	there.takesOver(attempt)
	for _, action := range []string{"save", "next", "flag", "clear", "time_up"} {
		form := with(page.form(), "command_id", uuid.NewString(), "answer", page.choices()[0], "action", action)
		here.post(attempt+"/questions/1", form).rejected(http.StatusConflict, "other_device")
	}
	here.post(attempt+"/submit", review.form()).rejected(http.StatusConflict, "other_device")
	said := here.put(attempt, 1, newCall(page.choices()[0])).status(http.StatusConflict).json()
	if said["error_code"] != "OTHER_DEVICE" || said["reason"] != "other_device" {
		t.Errorf("%v", said)
	}
	a := s.stored(attempt)
	if a.Attempt.Status != exam.InProgress || a.Attempt.Responses[1].Rev != 0 || len(a.Rejections) != 7 {
		t.Errorf("%s, rev %d, %d kept", a.Attempt.Status, a.Attempt.Responses[1].Rev, len(a.Rejections))
	}
	for path, elsewhere := range map[*client]bool{here: true, there: false} {
		if standing := path.get("/api/v1" + attempt).status(http.StatusOK).json(); standing["elsewhere"] != elsewhere {
			t.Errorf("%v", standing)
		}
	}
}

// A device whose sign-in has ended holds nothing: the next command takes over, and nobody is asked.
func TestR10_SignedOutDeviceHoldsNothing(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*site, *client){
		"signed out": func(_ *site, c *client) { c.post("/logout", nil).status(http.StatusSeeOther) },
		"revoked": func(s *site, c *client) {
			must(s.t, s.store.RevokeSignIn(context.Background(), c.signIn))
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, here, there, attempt := twoDevices(t)
			here.answers(here.question(attempt, 1), 0, "save").leads(attempt + "/questions/1")
			end(s, here)
			page := there.question(attempt, 1)
			if s.stored(attempt).Attempt.Device != here.signIn {
				t.Error("a look took over")
			}
			if page.chosen()[0] != page.choices()[0] {
				t.Error("what was saved did not come along")
			}
			there.answers(page, 1, "next").leads(attempt + "/questions/2")
			a := s.stored(attempt)
			last := a.Records[len(a.Records)-1].Entry
			if a.Attempt.Device != there.signIn || last.Kind != exam.Move || last.Effect.Device != there.signIn {
				t.Errorf("held by %q, last entry %+v", a.Attempt.Device, last)
			}
			s.verifies()
		})
	}
}

// R2: a take-over takes effect once, however often it is sent, and not again when it was taken back.
func TestR2_TakeOverTwice(t *testing.T) {
	t.Parallel()
	s, here, there, attempt := twoDevices(t)
	first, second := there.get(attempt+"/review").elsewhere(), there.get(attempt+"/questions/3").elsewhere()
	for range 3 {
		there.press(first).leads(attempt + "/questions/1?note=here")
	}
	there.press(second).leads(attempt + "/questions/1?note=here") // another tab of the same browser
	here.takesOver(attempt)
	there.press(first).leads(attempt + "/questions/1")
	there.get(attempt + "/questions/1").elsewhere()
	here.question(attempt, 1)
	if n := s.entries(attempt, exam.TakeOver); n != 3 {
		t.Errorf("%d entries of three take-overs", n)
	}
	if a := s.stored(attempt); a.Attempt.Device != here.signIn || len(a.Rejections) != 0 {
		t.Errorf("held by %q, %d rejections", a.Attempt.Device, len(a.Rejections))
	}
	s.verifies()
}

// R1: of a command that is under way while another device takes over, exactly what its sender is told is true.
func TestR1_TakeOverWhileACommandIsUnderWay(t *testing.T) {
	t.Parallel()
	s, here, there, attempt := twoDevices(t)
	for n := range 12 {
		writer, other := here, there
		if n%2 == 1 {
			writer, other = there, here
		}
		page := writer.question(attempt, 1+n%3)
		over := other.get(attempt + "/review").elsewhere()
		sent := make(chan *answer)
		go func() {
			req := writer.request(http.MethodPost, questionPath(attempt, 1+n%3), formType,
				with(page.form(), "answer", page.choices()[n%3], "action", "save").Encode())
			a, err := writer.try(req)
			if err != nil {
				a = &answer{t: t, body: err.Error()}
			}
			sent <- a
		}()
		other.press(over).status(http.StatusSeeOther)
		a := <-sent
		saved := s.stored(attempt).Attempt.Responses[1+n%3].Answer.Text == page.choices()[n%3]
		switch {
		case a.code == http.StatusSeeOther && !saved:
			t.Fatalf("acknowledged, and not saved")
		case a.code == http.StatusConflict:
			a.rejected(http.StatusConflict, "other_device")
		case a.code != http.StatusSeeOther:
			t.Fatalf("%d: %s", a.code, a.body)
		}
		if held := s.stored(attempt).Attempt.Device; held != other.signIn {
			t.Fatalf("held by %q after a take-over", held)
		}
	}
	s.verifies()
}

func TestR7_NothingIsTakenOverWhatIsOver(t *testing.T) {
	t.Parallel()
	s, here, there, attempt := twoDevices(t)
	over := there.get(attempt + "/questions/1").elsewhere()
	paused := there.get(attempt + "/questions/1").elsewhere()
	s.admin(attempt, exam.Command{Kind: exam.Pause})
	there.press(paused).leads(attempt + "/questions/1?note=here") // a pause is no hindrance
	if !contains(here.get(attempt+"/questions/1").elsewhere().body, "take-over") {
		t.Error("nothing to take back")
	}
	s.admin(attempt, exam.Command{Kind: exam.Resume})
	here.takesOver(attempt)
	here.submit(attempt)
	there.press(over).rejected(http.StatusConflict, "finished")
	there.get(attempt + "/questions/1").leads(attempt + "/result?note=closed")
	there.get(attempt + "/result").status(http.StatusOK)
	there.post(attempt+"/take-over", with(nil, "command_id", uuid.NewString())).status(http.StatusBadRequest)
	there.post(attempt+"/take-over", with(nil, "command_id", "x", "opening", "1")).status(http.StatusBadRequest)
	s.signedIn("bob").post(attempt+"/take-over", over.form()).status(http.StatusNotFound)
}

// A start leads to what is open, wherever that is; admins are not bound.
func TestR10_StartLeadsToWhatIsOpenElsewhere(t *testing.T) {
	t.Parallel()
	s, _, there, attempt := twoDevices(t)
	state := with(nil, "command_id", uuid.NewString(), "seen", "0")
	there.post("/exams/test/attempts", state).leads(attempt + "/questions/1")
	there.get(attempt + "/questions/1").elsewhere()
	s.admin(attempt, exam.Command{Kind: exam.Extend, Amount: exam.Minute})
	s.admin(attempt, exam.Command{Kind: exam.ForceSubmit})
	s.verifies()
}

// The journal's page tells who writes on what.
func TestStoryTellsOfDevices(t *testing.T) {
	t.Parallel()
	s, _, there, attempt := twoDevices(t)
	must(t, s.store.RevokeSignIn(context.Background(), there.signIn))
	there = s.signedIn("ann")
	there.takesOver(attempt)
	s.user("chief", store.RoleAdmin)
	page := s.signedIn("chief").get("/admin" + attempt).status(http.StatusOK)
	if n := page.doc().Find("[data-what=take_over]").Length(); n != 1 {
		t.Errorf("%d take-overs are told", n)
	}
	if n := page.doc().Find("[data-what=start] [data-device], [data-what=take_over] [data-device]").Length(); n != 2 {
		t.Errorf("%d devices are told", n)
	}
}

// Whoever is about to begin reads that one device writes.
func TestExamPageTellsOfDevices(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.questions(1)
	for rule, told := range map[exam.Devices]bool{exam.AnyDevice: false, exam.OneDevice: true} {
		s.exam(func(d *exam.Definition) { d.Rules.Devices = rule })
		if got := contains(s.signedIn("ann").get("/exams/test").status(http.StatusOK).text("dl.terms"), "One at a time"); got != told {
			t.Errorf("%q: told %v", rule, got)
		}
	}
}
