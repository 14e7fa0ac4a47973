package e2e_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"shiken/devtools/browser"
	"shiken/devtools/cluster"
)

// ways are servers that answer at once and after 800 ms, lost on the way there
// or back; every is the time between two clicks of a nervous hand.
var ways = []struct {
	name  string
	delay delays
	every time.Duration
}{
	{"at once, before the page changes", delays{}, 20 * time.Millisecond},
	{"at once, on page after page", delays{}, 200 * time.Millisecond},
	{"late answers", delays{after: 800 * time.Millisecond}, 100 * time.Millisecond},
	{"late arrival", delays{before: 800 * time.Millisecond}, 100 * time.Millisecond},
}

const clicks = 10

// navigations are the two kinds of exam whose questions all look alike, so that
// Next stays under the mouse from page to page.
var navigations = []string{"linear", "free"}

func loadAlike(t *testing.T, i *cluster.Instance) {
	t.Helper()
	var set strings.Builder
	for n := range questions {
		fmt.Fprintf(&set, "::Q%d::Is this number %d?{=yes ~no ~maybe}\n\n", n, n)
	}
	load(t, i, "alike.gift", set.String())
	for _, navigation := range navigations {
		load(t, i, navigation+".yaml", fmt.Sprintf(`exam: %[1]s
title: {ja: 連打, en: Rapid}
navigation: %[1]s
attempts: 0
release: {score: immediately, answers: immediately, keys: never}
open_to: [everyone]
published: true
sections: [{from: {set: alike}}]
`, navigation))
	}
}

// TestTenRapidClicksOnNext (R2, R5, R6): whatever the browser makes of ten
// clicks on one place, every move goes to the next question and no further, no
// question of a linear exam is closed unseen, and nothing is submitted.
func TestTenRapidClicksOnNext(t *testing.T) {
	t.Parallel()
	i := embedded(t)
	loadAlike(t, i)
	for _, exam := range navigations {
		for _, way := range ways {
			for _, script := range scripts {
				t.Run(fmt.Sprintf("%s, %s, %s", exam, way.name, script.name), func(t *testing.T) {
					t.Parallel()
					w := slow(t, i, way.delay)
					s := sitDown(t, i, w.URL, exam, script.noScript)
					tab := s.person.First()
					w.forget()
					choose(tab, 1)
					tab.ClickRapidly(tab.Find(nextButton), clicks, way.every)
					posts := w.settled(t, tab)
					s.moves(posts, 1)
					s.stillRuns(i, exam == "linear", posts)
				})
			}
		}
	}
}

// TestRapidClicksAtTheEnd: the clicks that are left over at the last question
// neither lead past the review nor submit the exam.
func TestRapidClicksAtTheEnd(t *testing.T) {
	t.Parallel()
	i := embedded(t)
	loadAlike(t, i)
	for _, exam := range navigations {
		for _, script := range scripts {
			t.Run(exam+", "+script.name, func(t *testing.T) {
				t.Parallel()
				w := slow(t, i, delays{})
				s := sitDown(t, i, w.URL, exam, script.noScript)
				tab := s.person.First()
				s.upTo(i, questions)
				s.open(tab, questions)
				if exam == "linear" {
					answerAny(tab)
				}
				w.forget()
				tab.ClickRapidly(tab.Find(nextButton), clicks, ways[1].every)
				posts := w.settled(t, tab)
				s.moves(posts, questions)
				s.stillRuns(i, false, posts)
			})
		}
	}
}

// answerAny answers a question of any kind.
func answerAny(tab *browser.Tab) {
	if tab.Count("label.choice") > 0 {
		choose(tab, 1)
		return
	}
	tab.Click("input[name=answer]")
	tab.Type("1")
}

// upTo answers by HTTP all questions before n.
func (s *seat) upTo(i *cluster.Instance, n int) {
	s.t.Helper()
	c := signedIn(s.t, i.URL(), s.account)
	page := get(s.t, c, s.attempt)
	for page.Data("position") != fmt.Sprint(n) {
		var err error
		if page, err = c.Answer(s.t.Context(), page, func(int) int { return 0 }, "next"); err != nil {
			s.t.Fatal(err)
		}
	}
}

// moves checks what was sent: only from questions that were reached, by forms
// that each lead to the next place, however often they were sent.
func (s *seat) moves(posts []sent, from int) {
	s.t.Helper()
	s.t.Logf("%d clicks sent %d commands", clicks, len(posts))
	reached := from
	targets := map[string]string{} // by command
	for _, p := range posts {
		n, err := strconv.Atoi(strings.TrimPrefix(p.path, s.attempt+"/questions/"))
		if err != nil || p.action != "next" || n > reached {
			s.t.Errorf("sent: %+v; %d was reached", p, reached)
			continue
		}
		switch p.status {
		case http.StatusSeeOther:
			if before, known := targets[p.command]; p.location != s.after(n) || (known && before != p.location) {
				s.t.Errorf("question %d led to %s", n, p.location)
			}
			targets[p.command] = p.location
			reached = max(reached, n+1)
		case http.StatusUnprocessableEntity, http.StatusConflict: // asks for an answer, or for a choice
		default:
			s.t.Errorf("answered %d: %+v", p.status, p)
		}
	}
	if len(posts) == 0 || len(targets) == 0 {
		s.t.Error("nothing was sent or applied")
	}
}

// after is where Next leads from question n.
func (s *seat) after(n int) string {
	if n == questions {
		return s.attempt + "/review"
	}
	return s.question(n + 1)
}

// stillRuns: the attempt is open, only the answered question is; in linear
// navigation the cursor went exactly as far as there were answers.
func (s *seat) stillRuns(i *cluster.Instance, linear bool, posts []sent) {
	s.t.Helper()
	c := signedIn(s.t, i.URL(), s.account)
	page := get(s.t, c, s.attempt)
	if got := page.Data("status"); got != "in_progress" {
		s.t.Errorf("the attempt is %q after %+v", got, posts)
	}
	if linear && page.Data("position") != "2" {
		s.t.Errorf("the cursor is at %q: a question was skipped, or the answer lost, by %+v", page.Data("position"), posts)
	}
	if n, err := strconv.Atoi(page.Data("position")); err == nil && n > questions {
		s.t.Errorf("question %d of %d", n, questions)
	}
}
