package handlers_test

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/jobs"
	"shiken/store"
)

// runBoard lets the site's board look at the database, and its runner do jobs, until the test ends.
func (s *site) runBoard() {
	s.t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { s.board.Run(ctx) })
	s.t.Cleanup(func() { stop(); running.Wait() })
	s.works(s.jobs)
}

// officer is the act of an admin, who is made with the first.
func (s *site) officer(action store.Action) store.Act {
	s.t.Helper()
	u, ok := s.users["officer"]
	if !ok {
		u = s.user("officer", store.RoleAdmin)
	}
	return store.Act{Actor: u.ID, ActorName: u.Username, Action: action, Object: "test"}
}

// order makes a job of a command to attempts, due after some time, as the sitting page does.
func (s *site) order(kind exam.Kind, amount, due exam.Micros, paths ...string) {
	s.t.Helper()
	var attempts []string
	for _, p := range paths {
		attempts = append(attempts, strings.TrimPrefix(p, "/attempts/"))
	}
	args, err := json.Marshal(jobs.CommandArgs{Kind: kind, Amount: amount, Reason: "fire alarm", Attempts: attempts})
	must(s.t, err)
	act := s.officer(store.ActCommand)
	_, _, err = s.store.By(act).CreateJob(context.Background(), store.Job{
		ID: uuid.NewString(), Kind: store.JobCommands, Object: "test", Actor: act.Actor, Args: args, Due: due, Total: len(attempts),
	})
	must(s.t, err)
	s.jobs.Kick()
}

// say sends a message to all, or to one attempt.
func (s *site) say(text, path string) {
	s.t.Helper()
	act := s.officer(store.ActSendMessage)
	must(s.t, s.store.By(act).PutMessage(context.Background(), store.Message{
		ID: uuid.NewString(), Exam: "test", Attempt: strings.TrimPrefix(path, "/attempts/"), Actor: act.Actor, Text: text,
	}))
}

// heard is the data of an event.
type heard struct {
	Status   string
	Opening  int
	Deadline *time.Time
	Ends     string
	Now      time.Time
	Pausing  bool
	Messages []struct{ ID, Text, At string }
}

// texts joins the messages, the newest first.
func (t heard) texts() string {
	var out []string
	for _, m := range t.Messages {
		out = append(out, m.Text)
	}
	return strings.Join(out, ", ")
}

// listening is an open stream.
type listening struct {
	t      *testing.T
	lines  *bufio.Scanner
	header http.Header
}

// listen opens the stream of an attempt.
func (c *client) listen(path string) *listening {
	c.t.Helper()
	req := c.request(http.MethodGet, path+"/events", "", "")
	req.Header.Set("Accept", "text/event-stream")
	ctx, stop := context.WithTimeout(context.Background(), 2*time.Minute)
	res, err := c.http.Do(req.WithContext(ctx))
	must(c.t, err)
	c.t.Cleanup(func() { stop(); _ = res.Body.Close() })
	if got := res.Header.Get("Content-Type"); res.StatusCode != http.StatusOK || !strings.HasPrefix(got, "text/event-stream") {
		c.t.Fatalf("status %d, type %q", res.StatusCode, got)
	}
	return &listening{t: c.t, lines: bufio.NewScanner(res.Body), header: res.Header}
}

// next is the next event, "" when the stream ends first.
func (l *listening) next() (name string, data heard) {
	l.t.Helper()
	for l.lines.Scan() {
		line := l.lines.Text()
		if n, ok := strings.CutPrefix(line, "event: "); ok {
			name = n
		}
		if d, ok := strings.CutPrefix(line, "data: "); ok && d != "" {
			must(l.t, document(l.t).Named("Told", d))
			must(l.t, json.Unmarshal([]byte(d), &data))
		}
		if line == "" && name != "" {
			return name, data
		}
	}
	return "", heard{}
}

// until waits for a state of which ok holds.
func (l *listening) until(what string, ok func(heard) bool) heard {
	l.t.Helper()
	for {
		name, data := l.next()
		if name != "state" {
			l.t.Fatalf("%q while waiting for: %s", name, what)
		}
		if ok(data) {
			return data
		}
	}
}

// ends fails the test unless the stream ends without another event.
func (l *listening) ends() {
	l.t.Helper()
	if name, data := l.next(); name != "" {
		l.t.Fatalf("told %s %+v", name, data)
	}
}

func TestAnOpenPageIsTold(t *testing.T) {
	t.Parallel()
	s, ann, attempt := sat(t, 2)
	s.runBoard()
	l := ann.listen(attempt)
	first := l.until("the state", func(heard) bool { return true })
	if first.Status != "in_progress" || first.Opening != 1 || first.Pausing || first.Deadline == nil || len(first.Messages) != 0 ||
		time.Until(first.Now).Abs() > time.Minute || !strings.HasPrefix(first.Ends, "ends ") {
		t.Errorf("at first: %+v", first)
	}
	s.say("Please close the windows.", "")
	got := l.until("a message", func(d heard) bool { return len(d.Messages) == 1 })
	if got.texts() != "Please close the windows." || got.Messages[0].At == "" {
		t.Errorf("messages %+v", got.Messages)
	}
	s.order(exam.Pause, 0, 2*exam.Second, attempt)
	l.until("the announcement", func(d heard) bool { return d.Pausing && d.Status == "in_progress" })
	l.until("the pause", func(d heard) bool { return !d.Pausing && d.Status == "paused" })
	s.order(exam.Extend, 10*exam.Minute, 0, attempt)
	longer := l.until("the extension", func(d heard) bool { return d.Deadline.After(*first.Deadline) })
	if more := longer.Deadline.Sub(*first.Deadline); more != 10*time.Minute || longer.Ends == first.Ends {
		t.Errorf("%s longer, %q", more, longer.Ends)
	}
	s.order(exam.Resume, 0, 0, attempt)
	l.until("the resume", func(d heard) bool { return d.Status == "in_progress" })
	ann.submit(attempt)
	l.until("the end", func(d heard) bool { return d.Status == "submitted" })
	l.ends()
}

// Whoever asks for no stream is heard once: how a page follows that hears no events.
func TestAnOpenPageMayAsk(t *testing.T) {
	t.Parallel()
	_, ann, attempt := sat(t, 2)
	a := ann.get(attempt + "/events").status(http.StatusOK)
	var got heard
	must(t, json.Unmarshal([]byte(a.body), &got))
	if got.Status != "in_progress" || got.Deadline == nil || a.header.Get("Content-Type") != "application/json; charset=utf-8" {
		t.Errorf("told %s", a.body)
	}
}

func TestNobodyElseIsTold(t *testing.T) {
	t.Parallel()
	s, ann, attempt := sat(t, 2)
	s.signedIn("bob").get(attempt + "/events").status(http.StatusNotFound)
	s.client().get(attempt + "/events").status(http.StatusSeeOther)
	ann.get("/attempts/" + uuid.NewString() + "/events").status(http.StatusNotFound)
	s.say("to another", s.signedIn("bob").start())
	s.say("to ann", attempt)
	s.runBoard()
	l := ann.listen(attempt)
	if got := l.until("a message", func(d heard) bool { return len(d.Messages) > 0 }); got.texts() != "to ann" {
		t.Errorf("told %q", got.texts())
	}
}

func TestStreamEndsWithTheSignIn(t *testing.T) {
	t.Parallel()
	s, ann, attempt := sat(t, 2)
	l, other := ann.listen(attempt), s.signedIn("ann").listen(attempt)
	l.next()
	other.next()
	must(t, s.store.RevokeSignIn(context.Background(), ann.signIn))
	s.runBoard()
	if name, data := l.next(); name != "signed-out" || data.Status != "" {
		t.Errorf("told %s %+v", name, data)
	}
	l.ends()
	s.say("to who stays", "")
	other.until("a message", func(d heard) bool { return len(d.Messages) == 1 })
}

// A page that was open at the sign-out and opens its stream afterwards is told to ask instead, and is led
// to sign-in when it does.
func TestNoStreamForWhoIsSignedOut(t *testing.T) {
	t.Parallel()
	s, ann, attempt := sat(t, 2)
	must(t, s.store.RevokeSignIn(context.Background(), ann.signIn))
	req := ann.request(http.MethodGet, attempt+"/events", "", "")
	req.Header.Set("Accept", "text/event-stream")
	ann.send(req).status(http.StatusNoContent)
	ann.get(attempt + "/events").status(http.StatusSeeOther)
}

func TestStreamsEndWhenTheInstanceLeaves(t *testing.T) {
	t.Parallel()
	s, ann, attempt := sat(t, 2)
	l := ann.listen(attempt)
	l.next()
	s.server.Drain()
	l.ends()
	req := ann.request(http.MethodGet, attempt+"/events", "", "")
	req.Header.Set("Accept", "text/event-stream")
	ann.send(req).status(http.StatusServiceUnavailable)
}

// A browser keeps connections for its pages: of one sign-in four pages are heard, the rest may ask.
func TestStreamsAreBounded(t *testing.T) {
	t.Parallel()
	_, ann, attempt := sat(t, 2)
	for range 4 {
		ann.listen(attempt).next()
	}
	req := ann.request(http.MethodGet, attempt+"/events", "", "")
	req.Header.Set("Accept", "text/event-stream")
	ann.send(req).status(http.StatusNoContent)
	ann.get(attempt + "/events").status(http.StatusOK)
}

// Without JavaScript the pages of an attempt show what was said since it began.
func TestPagesShowMessages(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.questions(2)
	s.exam()
	s.say("before ann began", "")
	ann := s.signedIn("ann")
	attempt := ann.start()
	s.say("<b>to all</b>", "")
	s.say("to ann", attempt)
	s.runBoard()
	page := s.awaitMessages(ann, questionPath(attempt, 1), 2)
	if got := page.text("[data-message-list] [data-message-text]"); got != "to ann<b>to all</b>" {
		t.Errorf("shown %q", got)
	}
	if page.doc().Find("form [data-messages]").Length() != 0 || page.doc().Find("[data-dismiss]:not([hidden])").Length() != 0 {
		t.Error("messages stand in the form, or can be dismissed without a script")
	}
	s.admin(attempt, exam.Command{Kind: exam.Pause})
	paused := ann.get(questionPath(attempt, 1)).status(http.StatusOK).has("status", "paused")
	if n := paused.doc().Find("[data-message-list] > li").Length(); n != 2 {
		t.Errorf("%d messages while paused", n)
	}
	s.admin(attempt, exam.Command{Kind: exam.Resume})
	id := page.doc().Find("[data-message-list] > li").First().AttrOr("data-message", "")
	req := ann.request(http.MethodGet, attempt+"/review", "", "")
	req.AddCookie(&http.Cookie{Name: "shiken_dismissed", Value: "00000000." + id[:8]})
	if got := ann.send(req).text("[data-message-list] [data-message-text]"); got != "<b>to all</b>" {
		t.Errorf("shown after one was dismissed: %q", got)
	}
	ann.submit(attempt)
	if n := ann.get(attempt + "/result").doc().Find("[data-messages], [data-follow]").Length(); n != 0 {
		t.Error("a result shows messages")
	}
}

// awaitMessages gets a page until it shows so many messages.
func (s *site) awaitMessages(c *client, path string, n int) *answer {
	s.t.Helper()
	deadline := time.Now().Add(time.Minute)
	for {
		a := c.get(path).status(http.StatusOK)
		if got := a.doc().Find("[data-message-list] > li").Length(); got == n {
			return a
		} else if time.Now().After(deadline) {
			s.t.Fatalf("%d messages, want %d", got, n)
		}
	}
}

// A paused attempt's page refreshes itself where no script runs, and leads back when it goes on.
func TestPausedPageLooksAgain(t *testing.T) {
	t.Parallel()
	s, ann, attempt := sat(t, 2)
	s.admin(attempt, exam.Command{Kind: exam.Pause})
	for path, next := range map[string]string{
		questionPath(attempt, 2): questionPath(attempt, 2), attempt + "/review": attempt + "/review", attempt + "/result": attempt,
	} {
		a := ann.get(path).status(http.StatusOK)
		refresh := a.doc().Find("head noscript").Text()
		if !strings.Contains(refresh, `http-equiv="refresh" content="15; url=`+next+`"`) {
			t.Errorf("%s: %s", path, refresh)
		}
		if got := a.doc().Find("[data-follow]").AttrOr("data-next", ""); got != next {
			t.Errorf("%s leads to %q", path, got)
		}
	}
}
