package handlers_test

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/store"
)

// leaver is a site on which lea has sat an exam with an essay that a marker commented, and dora looks at it.
func leaver(t *testing.T) (s *site, dora *client, lea *client, attempt string) {
	s = newSite(t)
	stem := exam.Question{Type: exam.Essay, Stem: exam.Text{Source: essayStem}}
	s.load([]store.LoadedQuestion{loaded(1, stem, exam.Key{Revision: 1, Guide: exam.Text{Source: essayGuide}})})
	s.exam()
	s.user("dora", store.RoleAdmin)
	s.user("lea")
	lea = s.signedIn("lea")
	attempt = lea.start()
	form := with(lea.question(attempt, 1).form(), "answer", "an essay of lea's own", "action", "save")
	lea.post(questionPath(attempt, 1), form).status(http.StatusSeeOther)
	return s, s.signedIn("dora").inProcess(s), lea, attempt
}

func (s *site) erasePath(name string) string { return "/admin/people/" + s.users[name].ID + "/erase" }

// TestPersonIsErased: the page says what goes and what stays; nothing goes without the username; afterwards
// nothing names the person, the receipt still holds, and verify says "erased".
func TestPersonIsErased(t *testing.T) {
	t.Parallel()
	s, dora, lea, attempt := leaver(t)
	path := s.erasePath("lea")
	for _, lang := range []string{"ja", "en"} {
		dora.lang = lang
		page := dora.get(path).status(http.StatusOK)
		if page.doc().Find("[data-refusal=open]").Length() != 1 || page.doc().Find("form [name=confirm]").Length() != 0 {
			t.Errorf("with an open attempt the page says %q", page.text("main"))
		}
	}
	dora.post(path, url.Values{"confirm": {"lea"}}).status(http.StatusConflict)
	lea.submit(attempt)
	must(t, s.proctor.Round(t.Context()))
	s.gives("lea", exam.Accommodation{ExtraPercent: number(10)})
	receipt := lea.get(attempt + "/result").doc().Find("code.receipt").First().Text()
	page := dora.get(path).status(http.StatusOK)
	for _, want := range []string{`[data-takes=answers]`, `[data-takes=payloads]`, `[data-takes=sign_ins]`, `[data-takes=accommodations]`, `[data-keeps=attempts]`, `[data-awaiting]`} {
		if page.doc().Find(want).Length() != 1 {
			t.Errorf("the page lacks %s", want)
		}
	}
	for _, typed := range []string{"", "le", "Name of lea"} {
		page := dora.post(path, url.Values{"confirm": {typed}}).status(http.StatusUnprocessableEntity)
		if page.doc().Find("[name=confirm][aria-invalid=true]").Length() != 1 {
			t.Errorf("%q: the page says %q", typed, page.text("main"))
		}
	}
	person := "/admin/people/" + s.users["lea"].ID
	dora.post(path, url.Values{"confirm": {" Ｌea "}}).leads(person + "?note=erasure.done")
	lea.get("/").leads("/login")
	if s.enters("lea", password) {
		t.Error("lea can sign in")
	}
	s.namedNowhere(dora, person, attempt)
	if got := dora.get("/receipts?code=" + url.QueryEscape(receipt) + "&exam=test").status(http.StatusOK); receipt == "" || got.doc().Find("main [data-seq]").Length()+got.doc().Find(`main a[href*="`+strings.TrimPrefix(attempt, "/attempts/")+`"]`).Length() == 0 {
		t.Errorf("the receipt %q: the page says %q", receipt, got.text("main"))
	}
	var lines bytes.Buffer
	found, err := store.Verify(t.Context(), s.store, nil, &lines)
	if err != nil || found.Faults != 0 || !contains(lines.String(), "erased: ") || !contains(lines.String(), "audit ") {
		t.Errorf("verify: %d faults, %v: %s", found.Faults, err, lines.String())
	}
	for _, p := range []string{path, person + "/password", person + "/sign-out"} {
		dora.post(p, url.Values{"confirm": {"lea"}, "all": {"1"}}).status(http.StatusNotFound)
	}
}

// namedNowhere: no page and no file that an admin is led to names lea, or holds her answer.
func (s *site) namedNowhere(dora *client, person, attempt string) {
	s.t.Helper()
	story := "/admin" + attempt
	for _, path := range []string{person, "/admin/people", "/admin/people?q=lea", "/admin/audit", "/admin/audit.csv", story, story + "/paper",
		"/admin/exams/test", "/admin/exams/test/results", "/admin/exams/test/results.csv", "/admin/exams/test/messages",
		"/admin/exams/test/accommodations?show=all", "/admin/exams/test/rejected", "/admin/exams/test/items", "/author/exams/test/marking"} {
		page := dora.get(path)
		text := page.body
		if strings.HasPrefix(page.header.Get("Content-Type"), "text/html") {
			page.doc().Find("input[type=search]").Remove()
			text = page.text("main")
		}
		for _, secret := range []string{"Name of lea", "an essay of lea", "marked-reason"} {
			if contains(text, secret) {
				s.t.Errorf("%s still tells %q", path, secret)
			}
		}
		if page.code >= 500 {
			s.t.Errorf("%s: %d", path, page.code)
		}
	}
	for _, path := range []string{story, story + "/paper"} {
		if dora.get(path).status(http.StatusOK).doc().Find("[data-erased]").Length() == 0 {
			s.t.Errorf("%s does not say that the data were erased", path)
		}
	}
	if dora.get(person).status(http.StatusOK).doc().Find("main[data-erased] tr[data-attempt]").Length() != 1 {
		s.t.Error("the person's page does not say what is left")
	}
}

// TestErasingIsRefused: oneself, the last admin, somebody who is not there.
func TestErasingIsRefused(t *testing.T) {
	t.Parallel()
	s, dora := staffed(t)
	own := s.erasePath("dora")
	if page := dora.get(own).status(http.StatusOK); page.doc().Find("[data-refusal=self]").Length() != 1 {
		t.Errorf("the page says %q", page.text("main"))
	}
	s.user("eve", store.RoleAdmin)
	dora.post(own, url.Values{"confirm": {"dora"}}).status(http.StatusConflict)
	if dora.get("/admin/people/"+s.users["dora"].ID).doc().Find(`a[href$="/erase"]`).Length() != 0 {
		t.Error("one's own page leads to erasing oneself")
	}
	dora.get("/admin/people/" + uuid.NewString() + "/erase").status(http.StatusNotFound)
	dora.post("/admin/people/"+uuid.NewString()+"/erase", url.Values{"confirm": {"x"}}).status(http.StatusNotFound)
	dora.post(s.erasePath("eve"), url.Values{"confirm": {"eve"}}).status(http.StatusSeeOther)
	if entry := s.auditLog()[0]; entry.Action != store.ActEraseUser || entry.ActorName != "dora" || contains(string(entry.Details), "eve") {
		t.Errorf("the audit log holds %+v", entry)
	}
	if page := dora.get("/admin/audit").status(http.StatusOK); page.doc().Find(`tr[data-action="user.erase"]`).Length() != 1 {
		t.Errorf("the log says %q", page.text("main"))
	}
}
