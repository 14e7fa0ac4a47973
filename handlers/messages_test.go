package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"shiken/store"
	"shiken/templates"
)

// messageForm is the form of a message as the page gives it, filled in.
func messageForm(page *answer, to, text string) url.Values {
	return with(fieldsIn(page.doc().Find("form.message-form")), "to", to, "text", text)
}

func TestMessagesAreSentListedAndRecorded(t *testing.T) {
	t.Parallel()
	s, dora, attempts := invigilated(t, 2)
	path := templates.MessagesPath("test")
	empty := dora.get(path).status(http.StatusOK)
	if empty.doc().Find("tr[data-message]").Length() != 0 || empty.text(".empty") == "" {
		t.Errorf("at first: %s", empty.body)
	}
	toAll := messageForm(empty, "", "  <b>Five</b> minutes\r\nleft ")
	dora.post(path, toAll).leads(path + "?note=invigilate.sent")
	dora.post(path, toAll).leads(path + "?note=invigilate.sent") // sent again it is the same
	toOne := messageForm(dora.get(path+"?to=c2"), "", "To you")
	if toOne = with(toOne, "to", " C2 "); dora.get(path+"?to=c2").doc().Find("#to").AttrOr("value", "") != "c2" {
		t.Error("the candidate is not filled in")
	}
	dora.post(path, toOne).status(http.StatusSeeOther)

	page := dora.get(path).status(http.StatusOK)
	rows := page.doc().Find("tr[data-message]")
	if rows.Length() != 2 || !strings.Contains(rows.First().Text(), "Name of c2 (c2)") || !strings.Contains(rows.Last().Text(), "<b>Five</b> minutes\nleft") ||
		!strings.Contains(rows.Last().Text(), "Name of dora") {
		t.Errorf("listed %q", rows.Text())
	}
	stored, err := s.store.MessagesOf(t.Context(), "test", 10)
	must(t, err)
	if len(stored) != 2 || stored[0].Attempt != idOf(attempts[1]) || stored[1].Attempt != "" || stored[1].Text != "<b>Five</b> minutes\nleft" {
		t.Errorf("stored %+v", stored)
	}
	entries, total, err := s.store.AuditLog(t.Context(), store.AuditQuery{Action: store.ActSendMessage, Limit: 10})
	must(t, err)
	if total != 2 || entries[0].Object != "test" || entries[0].ActorName != "dora" || !strings.Contains(string(entries[1].Details), "minutes") {
		t.Errorf("%d entries, %+v", total, entries)
	}
}

// A refused message stays in its form, and nobody gets it.
func TestMessageRefused(t *testing.T) {
	t.Parallel()
	s, dora, _ := invigilated(t, 1)
	s.user("bob")
	path := templates.MessagesPath("test")
	fresh := messageForm(dora.get(path), "", "first")
	dora.post(path, fresh).status(http.StatusSeeOther)
	for name, tt := range map[string]struct {
		form    url.Values
		status  int
		problem string
	}{
		"empty":                         {messageForm(dora.get(path), "", " \n "), 422, "empty"},
		"too long":                      {messageForm(dora.get(path), "", strings.Repeat("あ", 1_001)), 422, "long"},
		"to who does not sit the exam":  {messageForm(dora.get(path), "bob", "hello"), 422, "to"},
		"to nobody":                     {messageForm(dora.get(path), "nobody", "hello"), 422, "to"},
		"to no user name":               {messageForm(dora.get(path), strings.Repeat("x", 300), "hello"), 422, "to"},
		"another one by the same form":  {with(fresh, "text", "second"), 409, "used"},
		"the same text to another":      {with(fresh, "to", "c1"), 409, "used"},
		"with markup, kept as it typed": {messageForm(dora.get(path), "bob", `"><script>`), 422, "to"},
	} {
		a := dora.post(path, tt.form).status(tt.status)
		if got := a.doc().Find("[data-problem]").AttrOr("data-problem", ""); got != tt.problem {
			t.Errorf("%s: problem %q, want %q", name, got, tt.problem)
		}
		kept := fieldsIn(a.doc().Find("form.message-form"))
		if kept.Get("text") != strings.TrimSpace(tt.form.Get("text")) || kept.Get("to") != tt.form.Get("to") || kept.Get("message") == tt.form.Get("message") {
			t.Errorf("%s: the form holds %v", name, kept)
		}
	}
	if stored, err := s.store.MessagesOf(t.Context(), "test", 10); err != nil || len(stored) != 1 {
		t.Errorf("stored %+v, %v", stored, err)
	}
	dora.post(path, with(fresh, "message", "x")).status(http.StatusBadRequest)
	dora.post(templates.MessagesPath("none"), with(fresh, "message", uuid.NewString())).status(http.StatusNotFound)
	dora.get(templates.MessagesPath("none")).status(http.StatusNotFound)
}
