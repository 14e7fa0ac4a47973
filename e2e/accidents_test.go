package e2e_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
	"time"

	"shiken/devtools/browser"
	"shiken/devtools/cluster"
)

// scripts are both ways to browse.
var scripts = []struct {
	name     string
	noScript bool
}{{"with JavaScript", false}, {"without JavaScript", true}}

const (
	saveButton = `button[name=action][value=save]`
	nextButton = `button[name=action][value=next]`
)

// seat is a candidate in a browser, with an open attempt.
type seat struct {
	t       *testing.T
	person  *browser.Person
	account cluster.Account
	base    string
	attempt string // path of the attempt
}

// sitDown gives somebody a seat in a browser at the given address, with the
// first question of the exam before them. It is a choice in every exam here.
func sitDown(t *testing.T, i *cluster.Instance, base, exam string, noScript bool) *seat {
	t.Helper()
	return sitDownAt(t, browser.Start(t), i, base, exam, noScript)
}

// sitDownAt is sitDown with a browser.
func sitDownAt(t *testing.T, b *browser.Browser, i *cluster.Instance, base, exam string, noScript bool) *seat {
	t.Helper()
	return sitDownAs(t, b.Person(t, browser.Options{Base: base, Language: "en", NoScript: noScript}), i, base, exam)
}

// sitDownAs is sitDown with somebody who browses already.
func sitDownAs(t *testing.T, person *browser.Person, i *cluster.Instance, base, exam string) *seat {
	t.Helper()
	s := &seat{t: t, base: base, person: person, account: candidates(t, i, 1)[0]}
	c := signedIn(t, i.URL(), s.account)
	s.attempt = "/attempts/" + begin(t, c, exam).Data("attempt")
	s.person.Carry(c.Cookies())
	s.open(s.person.First(), 1)
	return s
}

func (s *seat) signIn(tab *browser.Tab) {
	s.t.Helper()
	tab.Click("#username")
	tab.Paste(s.account.Username)
	tab.Click("#password")
	tab.Paste(s.account.Password)
	tab.Leaving(func() { tab.Type(browser.KeyEnter) })
}

func (s *seat) question(n int) string { return fmt.Sprintf("%s/questions/%d", s.attempt, n) }

// open shows question n in the tab.
func (s *seat) open(tab *browser.Tab, n int) {
	s.t.Helper()
	tab.Open(s.question(n))
	s.want(tab, "position", tab.Main("position"), fmt.Sprint(n))
}

func (s *seat) want(tab *browser.Tab, what, got, want string) {
	s.t.Helper()
	if got != want {
		s.t.Errorf("%s (%s): %q, want %q; on the screen: %s", what, tab.Path(), got, want, strings.Join(strings.Fields(tab.Text("main")), " "))
	}
}

// choose picks the option with this number, from 1, and returns its text.
func choose(tab *browser.Tab, option int) string {
	selector := fmt.Sprintf("label.choice:nth-of-type(%d)", option)
	tab.Click(selector)
	return tab.Text(selector)
}

// chosen is the text of what a question's page shows as the answer.
func chosen(tab *browser.Tab) string { return tab.Text("label.choice:has(input:checked)") }

// at is the address without its query.
func at(tab *browser.Tab) string {
	path, _, _ := strings.Cut(tab.Path(), "?")
	return path
}

// TestTwoTabsOnOneQuestion (R15): the second tab's answer is a conflict, which
// one click resolves either way.
func TestTwoTabsOnOneQuestion(t *testing.T) {
	t.Parallel()
	i := embedded(t)
	for _, script := range scripts {
		t.Run(script.name, func(t *testing.T) {
			s := sitDown(t, i, i.URL(), "sample-free", script.noScript)
			first, second := s.person.First(), s.person.Tab(t)
			s.open(second, 1)
			saved := choose(first, 1)
			first.Press(saveButton)
			sent := choose(second, 2)
			second.Press(nextButton)
			s.conflict(second, "stale", saved, sent)
			second.Press(`[data-answer=sent] button`)
			s.want(second, "where the choice leads", at(second), s.question(1))
			s.want(second, "chosen", chosen(second), sent)
			s.want(second, "rev", second.Main("rev"), "2")

			choose(first, 3)
			first.Press(saveButton)
			s.conflict(first, "stale", sent, "")
			first.Reload() // where each page is a document of its own this posts the same again, and is told the same
			if script.noScript {
				s.conflict(first, "stale", sent, "")
				first.Press(`[data-answer=saved] a`)
			}
			s.want(first, "chosen", chosen(first), sent)
			s.want(first, "rev", first.Main("rev"), "2")
		})
	}
	verify(t, i)
}

// conflict checks the page that shows both answers.
func (s *seat) conflict(tab *browser.Tab, reason, saved, sent string) {
	s.t.Helper()
	s.want(tab, "reason", tab.Main("reason"), reason)
	if got := tab.Text("[data-answer=saved]"); !strings.Contains(got, saved) {
		s.t.Errorf("shown as saved: %q, want %q", got, saved)
	}
	if got := tab.Text("[data-answer=sent]"); !strings.Contains(got, sent) {
		s.t.Errorf("shown as sent: %q, want %q", got, sent)
	}
}

// TestTwoTabsOnTwoQuestions (R4): both are saved.
func TestTwoTabsOnTwoQuestions(t *testing.T) {
	t.Parallel()
	i := embedded(t)
	for _, script := range scripts {
		t.Run(script.name, func(t *testing.T) {
			s := sitDown(t, i, i.URL(), "sample-free", script.noScript)
			first, second := s.person.First(), s.person.Tab(t)
			s.open(second, 2)
			one, two := choose(first, 1), choose(second, 2)
			first.Press(saveButton)
			second.Press(nextButton)
			s.want(second, "where Next leads", at(second), s.question(3))
			s.open(first, 1)
			s.want(first, "first answer", chosen(first), one)
			s.open(first, 2)
			s.want(first, "second answer", chosen(first), two)
		})
	}
	verify(t, i)
}

// TestReviewedBeforeAChange: a submission that was based on an older state is
// not taken; the page lists what changed, and its button submits.
func TestReviewedBeforeAChange(t *testing.T) {
	t.Parallel()
	i := embedded(t)
	for _, script := range scripts {
		t.Run(script.name, func(t *testing.T) {
			s := sitDown(t, i, i.URL(), "sample-free", script.noScript)
			tab, other := s.person.First(), s.person.Tab(t)
			tab.Open(s.attempt + "/review")
			s.open(other, 3)
			choose(other, 1)
			other.Press(saveButton)
			submit := func() {
				const button = `form[action$="/submit"] button`
				if script.noScript {
					tab.Press(button)
					return
				}
				tab.Click(button)
				tab.Press("[data-confirm-submit]")
			}
			submit()
			s.want(tab, "reason", tab.Main("reason"), "stale")
			s.want(tab, "changed", tab.Attr("[data-changed]", "data-changed"), "3")
			submit()
			s.want(tab, "status", tab.Main("status"), "submitted")
		})
	}
	verify(t, i)
}

// untold is a way to an instance on which nobody is told by a cookie what was answered. Chromium forgets a page that
// it kept, and fetches it anew, once a cookie of the site has changed; other browsers bring it back as it was left.
func untold(t *testing.T, i *cluster.Instance) string {
	t.Helper()
	to, err := url.Parse(i.URL())
	if err != nil {
		t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(to); r.Out.Host = r.In.Host }}
	proxy.ModifyResponse = func(r *http.Response) error {
		kept := r.Header.Values("Set-Cookie")
		r.Header.Del("Set-Cookie")
		for _, cookie := range kept {
			if !strings.HasPrefix(cookie, "shiken_answered=") {
				r.Header.Add("Set-Cookie", cookie)
			}
		}
		return nil
	}
	web := httptest.NewServer(proxy)
	t.Cleanup(web.Close)
	return web.URL
}

// TestBackShowsWhatIs: where the browser was told what was answered, Back shows the question as it is now.
func TestBackShowsWhatIs(t *testing.T) {
	t.Parallel()
	i := embedded(t)
	for _, script := range scripts {
		t.Run(script.name, func(t *testing.T) {
			s := sitDownAt(t, browser.Whole(t), i, i.URL(), "sample-free", script.noScript)
			tab := s.person.First()
			saved := choose(tab, 1)
			tab.Press(nextButton)
			tab.Back()
			tab.Await(`document.querySelector("main")?.dataset.rev === "1" && document.readyState === "complete"`)
			s.want(tab, "chosen", chosen(tab), saved)
		})
	}
	verify(t, i)
}

// TestBackThenAnotherAnswer: the page comes back as it was left. With
// JavaScript it is fetched anew and the answer changed; without, its form is
// judged, and the candidate chooses.
func TestBackThenAnotherAnswer(t *testing.T) {
	t.Parallel()
	i := embedded(t)
	for _, script := range scripts {
		t.Run(script.name, func(t *testing.T) {
			s := sitDownAt(t, browser.Whole(t), i, untold(t, i), "sample-free", script.noScript)
			tab := s.person.First()
			command := tab.Attr("input[name=command_id]", "value")
			saved := choose(tab, 1)
			tab.Press(nextButton)
			tab.Back()
			if !script.noScript {
				// The restored page is replaced by a new one.
				tab.Await(fmt.Sprintf(`document.querySelector("input[name=command_id]")?.value !== %q && document.readyState === "complete"`, command))
				s.want(tab, "rev after Back", tab.Main("rev"), "1")
			}
			restored := tab.Attr("input[name=command_id]", "value") == command
			sent := choose(tab, 2)
			tab.Press(nextButton)
			if restored {
				s.conflict(tab, "id_reused", saved, sent)
				tab.Press(`[data-answer=sent] button`)
			}
			if script.noScript && !restored {
				t.Error("the browser did not bring the page back as it was")
			}
			s.open(tab, 1)
			s.want(tab, "chosen", chosen(tab), sent)
			s.want(tab, "rev", tab.Main("rev"), "2")
		})
	}
	verify(t, i)
}

// TestSignedOutElsewhere: the page stays, and its owner signs in above it; without JavaScript the answer is kept on
// the 401 page, and one button sends it after signing in.
func TestSignedOutElsewhere(t *testing.T) {
	t.Parallel()
	i := embedded(t)
	for _, script := range scripts {
		t.Run(script.name, func(t *testing.T) {
			s := sitDown(t, i, i.URL(), "sample-linear", script.noScript)
			tab, other := s.person.First(), s.person.Tab(t)
			if !script.noScript {
				tab.Allow(`: 401$`) // of a draft, where one is sent
			}
			choose(tab, 2)
			other.Open("/")
			other.Press(`button[form="logout"]`)
			s.want(other, "signed out", at(other), "/login")
			if script.noScript {
				tab.Press(nextButton)
				if tab.Count("#password") != 1 {
					t.Fatalf("no sign-in form: %s", tab.Text("main"))
				}
				s.signIn(tab)
				s.want(tab, "buttons", fmt.Sprint(tab.Count("main button")), "1")
				tab.Press("main button")
			} else {
				tab.Await(`document.querySelector("dialog")?.open === true`)
				tab.Fill("dialog [name=password]", s.account.Password)
				tab.Type(browser.KeyEnter)
				tab.Await(`document.querySelector("dialog").open === false`)
				tab.Press(nextButton)
			}
			s.want(tab, "where the answer leads", at(tab), s.question(2))
			tab.Open(s.attempt + "/result")
			if got := tab.Text("main"); !strings.Contains(got, "1 of 10 answered") {
				t.Errorf("the answer is not saved: %s", got)
			}
		})
	}
	verify(t, i)
}

// TestNothingLeadsAwayWhileSending: a click that would make the browser drop an answer which is under
// way, or show a page that it has not reached, does nothing.
func TestNothingLeadsAwayWhileSending(t *testing.T) {
	t.Parallel()
	i := embedded(t)
	way := slow(t, i, delays{before: 800 * time.Millisecond})
	s := sitDown(t, i, way.URL, "sample-free", false)
	tab := s.person.First()
	answer := choose(tab, 1)
	next, brand := tab.Find(nextButton), tab.Find("a.brand")
	tab.Leaving(func() {
		tab.ClickAt(next)
		tab.ClickAt(brand)
	})
	s.want(tab, "where the answer leads", at(tab), s.question(2))
	s.open(tab, 1)
	s.want(tab, "chosen", chosen(tab), answer)
	verify(t, i)
}
