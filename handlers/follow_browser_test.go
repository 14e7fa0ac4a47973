//go:build !race

package handlers_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"shiken/devtools/browser"
	"shiken/devtools/measure"
	"shiken/devtools/services"
	"shiken/exam"
	"shiken/store"
)

// within is how soon a page follows.
const within = 5 * time.Second

// follows does something and waits until the page shows it, which must be soon.
func follows(t *testing.T, tab *browser.Tab, what string, do func(), shown string) {
	t.Helper()
	began := time.Now()
	do()
	tab.Await(shown)
	took := time.Since(began)
	t.Logf("%s: %d ms", what, took.Milliseconds())
	if took > measure.Limit(within) {
		t.Errorf("%s: followed after %s", what, took)
	}
}

const (
	covered   = `document.querySelector("main.covered [data-cover]")?.checkVisibility() === true`
	uncovered = `document.querySelector("main").classList.contains("covered") === false`
)

// essays loads n questions that are answered by typing.
func (s *site) essays(n int) {
	s.t.Helper()
	var out []store.LoadedQuestion
	for i := range n {
		q := exam.Question{Type: exam.Essay, Stem: exam.Text{Source: fmt.Sprintf("Stem %d", i+1)}}
		out = append(out, loaded(i, q, exam.Key{Revision: 1}))
	}
	s.load(out)
}

// answered is what is saved of a typed answer.
func (s *site) answered(path string, n int) string {
	s.t.Helper()
	return s.stored(path).Attempt.Responses[n].Answer.Text
}

func atBrowser(t *testing.T, changes ...func(*exam.Definition)) (s *site, ann *browser.Person, attempt string) {
	t.Helper()
	s = newSite(t)
	s.essays(3)
	s.exam(changes...)
	c := s.signedIn("ann")
	attempt = c.start()
	s.runBoard()
	ann = browser.Start(t).Person(t, browser.Options{Base: s.url, Language: "en"})
	ann.Carry([]*http.Cookie{{Name: "shiken_session", Value: c.token}})
	return s, ann, attempt
}

// listens waits until the tab hears what happens, so that what is measured is no page's load.
func (s *site) listens(tabs int) {
	s.t.Helper()
	must(s.t, services.Poll(s.t.Context(), func(context.Context) error {
		if n := s.board.Open(); n != tabs {
			return fmt.Errorf("%d of %d tabs listen", n, tabs)
		}
		return nil
	}))
}

// The way of an exam with an interruption: what was typed is saved before the page is covered, the form
// works on after it, and the clock goes by the end that holds.
func TestAPageFollowsItsInvigilators(t *testing.T) {
	t.Parallel()
	s, ann, attempt := atBrowser(t)
	tab := ann.First()
	tab.Open(questionPath(attempt, 1))
	tab.Click("textarea")
	tab.Type("before the alarm")
	s.listens(1)

	follows(t, tab, "message", func() { s.say("Please leave the room.", "") }, `document.querySelector("[data-message-text]")?.checkVisibility() === true`)
	if got := tab.Text("[data-message-text]"); got != "Please leave the room." || !browser.Eval[bool](tab, `document.activeElement.matches("textarea")`) {
		t.Errorf("message %q, or it took the focus", got)
	}
	follows(t, tab, "announced pause", func() { s.order(exam.Pause, 0, 3*exam.Second, attempt) }, covered)
	tab.Await(`/^Your answer was saved at \d\d:\d\d:\d\d\.$/.test(document.querySelector("[data-cover-saved]").textContent)`)
	if got := s.answered(attempt, 1); got != "before the alarm" {
		t.Errorf("saved %q", got)
	}
	if !browser.Eval[bool](tab, `document.activeElement.matches("[data-cover]") && document.querySelector("form[data-question]").inert && !document.querySelector("textarea").checkVisibility({ visibilityProperty: true })`) {
		t.Error("the question can be read or used behind the cover")
	}
	s.isSoon(attempt, exam.Paused)

	end := tab.Text(".timer-end")
	s.order(exam.Extend, exam.Minute, 0, attempt)
	tab.Await(fmt.Sprintf(`document.querySelector(".timer-end").innerText !== %q`, end))
	follows(t, tab, "resume", func() { s.order(exam.Resume, 0, 0, attempt) }, uncovered)
	if got := tab.Text("[data-voice]"); got != "The exam goes on. "+tab.Text(".timer-end") {
		t.Errorf("said %q, the end was %q and is %q", got, end, tab.Text(".timer-end"))
	}
	tab.Type(", and after it")
	tab.Press(`button[value=next]`)
	if got := s.answered(attempt, 1); got != "before the alarm, and after it" || tab.Main("position") != "2" {
		t.Errorf("saved %q, at %s", got, tab.Path())
	}

	s.listens(1)
	before := tab.Text("[data-timer-left]")
	follows(t, tab, "extend", func() { s.order(exam.Extend, 40*exam.Minute, 0, attempt) }, `/^1:\d\d:\d\d$/.test(document.querySelector("[data-timer-left]").textContent)`)
	t.Logf("time left %s, then %s", before, tab.Text("[data-timer-left]"))
	tab.Click("[data-dismiss]")
	tab.Reload()
	if n := tab.Count("[data-message-list] > li"); n != 0 {
		t.Errorf("%d messages after the only one was dismissed", n)
	}
	s.listens(1)
	follows(t, tab, "force submit", func() { s.order(exam.ForceSubmit, 0, 0, attempt) }, `document.querySelector("main").dataset.phase !== undefined`)
	if n := s.stored(attempt).Attempt.Rejections; tab.Path() != attempt+"/result" || n != 0 {
		t.Errorf("at %s, %d rejections", tab.Path(), n)
	}
}

func (s *site) isSoon(path string, want exam.Status) {
	s.t.Helper()
	must(s.t, services.Poll(s.t.Context(), func(context.Context) error {
		if got := s.stored(path).Attempt.Status; got != want {
			return fmt.Errorf("status %s", got)
		}
		return nil
	}))
}

// A browser has six connections to a host that speaks HTTP/1.1: with more tabs than that every page
// still loads, and every tab follows, by listening or by asking.
func TestManyTabsOfOneBrowser(t *testing.T) {
	t.Parallel()
	s, ann, attempt := atBrowser(t)
	tabs := []*browser.Tab{ann.First()}
	for range 6 {
		tabs = append(tabs, ann.Tab(t))
	}
	for i, tab := range tabs {
		tab.Open(questionPath(attempt, i%3+1))
	}
	s.listens(4)
	began := time.Now()
	tabs[0].Open(attempt + "/review")
	if took := time.Since(began); took > measure.Limit(within) {
		t.Errorf("a further page took %s", took)
	}
	s.order(exam.Pause, 0, 3*exam.Second, attempt)
	for i, tab := range tabs {
		tab.Await(covered)
		t.Logf("tab %d: covered %d ms after the order", i, time.Since(began).Milliseconds())
	}
	s.isSoon(attempt, exam.Paused)
	s.order(exam.Resume, 0, 0, attempt)
	for _, tab := range tabs {
		tab.Await(uncovered)
	}
}
