package handlers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"
)

func standingPath(attempt string) string { return "/api/v1" + attempt }

func commandPath(attempt, command string) string {
	return standingPath(attempt) + "/commands/" + command
}

// standing lists the positions that are told as "position:rev", with a for answered, f for flagged, c for closed.
func (a *answer) standing() string {
	a.t.Helper()
	body := a.status(http.StatusOK).json()
	checkKeys(a.t, body, "attempt", "exam", "status", "opening", "cursor", "count", "deadline", "server_time", "elsewhere", "responses")
	var out []string
	for _, entry := range body["responses"].([]any) {
		r := entry.(map[string]any)
		checkKeys(a.t, r, "position", "rev", "answered", "flagged", "closed", "saved_at")
		text := fmt.Sprintf("%v:%v", r["position"], r["rev"])
		for _, name := range []string{"answered", "flagged", "closed"} {
			if r[name] == true {
				text += name[:1]
			}
		}
		if (r["saved_at"] != nil) != (r["rev"] != 0.0) {
			a.t.Errorf("saved_at %v at rev %v", r["saved_at"], r["rev"])
		}
		out = append(out, text)
	}
	return strings.Join(out, " ")
}

// A page learns whether it shows what is saved, and of no position that the exam has not come to.
func TestAPIStanding(t *testing.T) {
	t.Parallel()
	s, c, attempt := sat(t, 3)
	c.answers(c.question(attempt, 2), 0, "flag")
	got := c.get(standingPath(attempt))
	if want := "1:0 2:1af 3:0"; got.standing() != want {
		t.Errorf("free: %s, want %s", got.standing(), want)
	}
	body := got.json()
	if body["attempt"] != strings.TrimPrefix(attempt, "/attempts/") || body["exam"] != "test" || body["status"] != "in_progress" ||
		body["opening"] != 1.0 || body["cursor"] != 2.0 || body["count"] != 3.0 {
		t.Errorf("stands as %s", got.body)
	}
	c.submit(attempt)
	if status := c.get(standingPath(attempt)).json()["status"]; status != "submitted" {
		t.Errorf("status %v", status)
	}
	s.client().get(standingPath(attempt)).fails(http.StatusUnauthorized, "UNAUTHENTICATED")
	s.signedIn("bob").get(standingPath(attempt)).fails(http.StatusNotFound, "NOT_FOUND")
	c.get(standingPath("/attempts/"+uuid.NewString())).fails(http.StatusNotFound, "NOT_FOUND")
}

func TestAPIStandingOfALinearExam(t *testing.T) {
	t.Parallel()
	_, c, attempt := sat(t, 3, linear)
	for n, want := range []string{"1:0", "1:1ac 2:0", "1:1ac 2:1ac 3:0", "1:1ac 2:1ac 3:1ac"} {
		if got := c.get(standingPath(attempt)).standing(); got != want {
			t.Errorf("at %d: %s, want %s", n+1, got, want)
		}
		if n < 3 {
			c.answers(c.question(attempt, n+1), 0, "next")
		}
	}
}

// A page that was led on learns whether it was its command that was answered, whatever became of the cookie that says so.
func TestAPICommand(t *testing.T) {
	t.Parallel()
	s, c, attempt := sat(t, 2)
	form := with(c.question(attempt, 1).form(), "answer", s.choice(attempt, 1, 0), "action", "next")
	outcome := func(id string) any {
		t.Helper()
		body := c.get(commandPath(attempt, id)).status(http.StatusOK).json()
		checkKeys(t, body, "attempt", "command_id", "outcome")
		return body["outcome"]
	}
	id := form.Get("command_id")
	if got := outcome(id); got != "unknown" {
		t.Errorf("before it came: %v", got)
	}
	c.post(questionPath(attempt, 1), form).status(http.StatusSeeOther)
	if got := outcome(id); got != "applied" {
		t.Errorf("after it was applied: %v", got)
	}
	other := with(form, "command_id", uuid.NewString(), "page", uuid.NewString(), "answer", s.choice(attempt, 1, 1))
	c.post(questionPath(attempt, 1), other).status(http.StatusConflict)
	if got := outcome(other.Get("command_id")); got != "rejected" {
		t.Errorf("after it was rejected: %v", got)
	}
	c.post(questionPath(attempt, 1), with(other, "command_id", id)).status(http.StatusConflict)
	if got := outcome(id); got != "applied" {
		t.Errorf("after another used its id: %v", got)
	}
	c.get(commandPath(attempt, "x")).fails(http.StatusNotFound, "NOT_FOUND")
}

// Every command of a candidate that is answered by a redirect is named by it.
func TestRedirectsNameTheirCommand(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.questions(1)
	s.exam(oneDevice)
	here := s.signedIn("ann")
	attempt := here.start()
	named := func(what string, c *client, path string, form url.Values) {
		t.Helper()
		cookie := c.post(path, form).status(http.StatusSeeOther).cookies()["shiken_answered"]
		if cookie == nil || cookie.Value != form.Get("command_id") {
			t.Errorf("%s is named %v", what, cookie)
		}
	}
	there := s.signedIn("ann")
	named("a take-over", there, attempt+"/take-over", url.Values{"command_id": {uuid.NewString()}, "opening": {"1"}})
	named("a save", there, questionPath(attempt, 1), with(there.question(attempt, 1).form(), "action", "save"))
	named("a submission", there, attempt+"/submit", there.get(attempt+"/review").form())
}
