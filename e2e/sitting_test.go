package e2e_test

import (
	"fmt"
	"strings"
	"testing"

	"shiken/devtools/browser"
	"shiken/devtools/cluster"
)

// words are what a person reads, as the pages must show it.
type words struct {
	language                                         string
	signIn, home, review, result, receipt, submitted string
	heading, answered                                string // formats
	notSaved, changed, saved                         string
}

var japanese = words{
	language: "ja", signIn: "ログイン", home: "試験一覧", review: "見直しと提出", result: "結果", receipt: "控え番号",
	submitted: "試験は終了し、解答は確かに保存されています。",
	heading:   "問題 %d / %d", answered: "%[2]d問中%[1]d問に解答済み",
	notSaved: "まだ保存されていません", changed: "まだ保存されていません", saved: "に保存済み",
}

var english = words{
	language: "en", signIn: "Sign in", home: "My exams", review: "Review and submit", result: "Result", receipt: "Receipt",
	submitted: "The exam is closed. Your answers are safe.",
	heading:   "Question %d of %d", answered: "%d of %d answered.",
	notSaved: "Not saved yet", changed: "Not saved yet", saved: "Saved ",
}

// questions is how many questions each sample exam has.
const questions = 10

// sitting is one candidate who sits one exam in one tab.
type sitting struct {
	t        *testing.T
	tab      *browser.Tab
	words    words
	exam     string
	noScript bool
	keyboard bool // no mouse
	linear   bool
	practice bool
	timed    bool
}

func TestSittingTheSampleExamsToTheResult(t *testing.T) {
	t.Parallel()
	i := embedded(t)
	tests := []struct {
		name string
		s    sitting
	}{
		{"linear, Japanese", sitting{words: japanese, exam: "sample-linear", linear: true, timed: true}},
		{"free, English, keyboard only", sitting{words: english, exam: "sample-free", timed: true, keyboard: true}},
		{"practice, Japanese, without JavaScript", sitting{words: japanese, exam: "sample-practice", practice: true, noScript: true}},
		{"linear, English, without JavaScript", sitting{words: english, exam: "sample-linear", linear: true, timed: true, noScript: true}},
		{"free, Japanese, without JavaScript, keyboard only", sitting{words: japanese, exam: "sample-free", timed: true, noScript: true, keyboard: true}},
	}
	accounts := candidates(t, i, len(tests))
	t.Run("all", func(t *testing.T) {
		for n, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				t.Parallel()
				tt.s.sit(t, i, accounts[n])
			})
		}
	})
	verify(t, i)
}

func (s *sitting) sit(t *testing.T, i *cluster.Instance, a cluster.Account) {
	s.t = t
	s.tab = browser.Start(t).Person(t, browser.Options{Base: i.URL(), Language: s.words.language, NoScript: s.noScript}).First()
	s.signIn(a)
	s.begin()
	for n := 1; n <= questions; n++ {
		s.question(n)
	}
	s.review()
	s.result()
}

func (s *sitting) want(what, got, want string) {
	s.t.Helper()
	if got != want {
		s.t.Errorf("%s (%s): %q, want %q", what, s.tab.Path(), got, want)
	}
}

// page checks what every page must have.
func (s *sitting) page(heading string) {
	s.t.Helper()
	s.want("heading", s.tab.Text("h1"), heading)
	s.want("language", s.tab.Attr("html", "lang"), s.words.language)
	s.want("horizontal overflow", fmt.Sprint(browser.Eval[bool](s.tab, `document.documentElement.scrollWidth > innerWidth`)), "false")
}

// press uses a button or link by mouse or by keys.
func (s *sitting) press(selector string) {
	s.t.Helper()
	if !s.keyboard {
		s.tab.Press(selector)
		return
	}
	s.tab.TabTo(selector)
	s.tab.Leaving(func() { s.tab.Type(browser.KeyEnter) })
}

func (s *sitting) signIn(a cluster.Account) {
	s.t.Helper()
	s.tab.Open("/")
	s.want("sign-in page", s.tab.Path(), "/login")
	s.page(s.words.signIn)
	s.tab.TabTo("#username")
	s.tab.Type(a.Username)
	s.tab.TabTo("#password")
	s.tab.Paste(a.Password)
	s.tab.Leaving(func() { s.tab.Type(browser.KeyEnter) })
	s.page(s.words.home)
}

func (s *sitting) begin() {
	s.t.Helper()
	s.press(fmt.Sprintf(`a[href="/exams/%s"]`, s.exam))
	s.want("exam", s.tab.Main("exam"), s.exam)
	s.press(`form[action$="/attempts"] button`)
	if s.timed && !s.noScript {
		s.countdownRuns()
	}
}

func (s *sitting) countdownRuns() {
	s.t.Helper()
	shown := s.tab.Text("[data-timer-left]")
	s.tab.Await(fmt.Sprintf(`document.querySelector("[data-timer-left]").textContent !== %q`, shown))
	if left := s.tab.Text("[data-timer-left]"); left >= "30:00" || left < "28:00" {
		s.t.Errorf("%q left of 30 minutes", left)
	}
}

// question answers the question on the screen and goes on.
func (s *sitting) question(n int) {
	s.t.Helper()
	s.page(fmt.Sprintf(s.words.heading, n, questions))
	s.want("position", s.tab.Main("position"), fmt.Sprint(n))
	s.want("rev", s.tab.Main("rev"), "0")
	s.want("saved state", s.tab.Text("[data-saved-state]"), s.words.notSaved)
	s.answer()
	if !s.noScript {
		s.want("changed state", s.tab.Text("[data-saved-state]"), s.words.changed)
	}
	switch {
	case n == 2 && s.practice:
		s.check()
	case n == 2 && !s.linear:
		s.flag()
	case n == 3:
		s.save()
	}
	if !s.linear {
		s.navigator(n)
	}
	s.press(`button[name=action][value=next]`)
}

// answer takes the first option, or types a number. Enter in a text field
// saves, and leaves the question where it is.
func (s *sitting) answer() {
	s.t.Helper()
	if s.tab.Count("input[name=answer][type=text]") == 0 {
		if s.keyboard {
			s.tab.TabTo("input[name=answer]")
			s.tab.Type(browser.KeySpace)
		} else {
			s.tab.Click("label.choice")
		}
		s.want("chosen", fmt.Sprint(s.tab.Count("input[name=answer]:checked")), "1")
		return
	}
	here := s.tab.Path()
	s.tab.TabTo("input[name=answer]")
	s.tab.Type("4")
	s.tab.Leaving(func() { s.tab.Type(browser.KeyEnter) })
	s.want("after Enter", strings.Split(s.tab.Path(), "?")[0], here)
	s.want("status after Enter", s.tab.Main("status"), "in_progress")
	s.want("rev after Enter", s.tab.Main("rev"), "1")
	s.want("text after Enter", browser.Eval[string](s.tab, `document.querySelector("input[name=answer]").value`), "4")
	s.tab.TabTo("input[name=answer]")
	s.tab.Type("2")
}

// save checks the saved state.
func (s *sitting) save() {
	s.t.Helper()
	s.press(`button[name=action][value=save]`)
	if got := s.tab.Text("[data-saved-state]"); !strings.Contains(got, s.words.saved) {
		s.t.Errorf("saved state %q", got)
	}
}

func (s *sitting) flag() {
	s.t.Helper()
	s.press(`button[name=action][value=flag]`)
	s.want("flagged", fmt.Sprint(s.tab.Count(`button[name=action][value=unflag]`)), "1")
}

// check closes the question of a practice and shows key and explanation.
func (s *sitting) check() {
	s.t.Helper()
	s.press(`button[name=action][value=check]`)
	s.want("feedback", fmt.Sprint(s.tab.Count("[data-feedback] .verdict")), "1")
	s.want("open inputs", fmt.Sprint(s.tab.Count("fieldset:not([disabled]) input[name=answer], input[type=text][name=answer]:not([disabled])")), "0")
}

// navigator shows every question, which are answered and which is shown.
func (s *sitting) navigator(n int) {
	s.t.Helper()
	const all = `nav button[name=action][value^="goto:"]`
	s.want("navigator", fmt.Sprint(s.tab.Count(all)), fmt.Sprint(questions))
	s.want("shown in the navigator", s.tab.Attr(all+"[aria-current]", "value"), fmt.Sprintf("goto:%d", n))
	if done := s.tab.Count(all + ".position-answered"); done < n-1 || done > n {
		s.t.Errorf("%d answered in the navigator of question %d", done, n)
	}
}

func (s *sitting) review() {
	s.t.Helper()
	s.page(s.words.review)
	s.want("answered", fmt.Sprint(s.tab.Count("[data-review-position]")), fmt.Sprint(questions))
	if got, want := s.tab.Text(".review-summary"), fmt.Sprintf(s.words.answered, questions, questions); !strings.Contains(got, want) {
		s.t.Errorf("summary %q, want %q", got, want)
	}
	flagged := "0"
	if !s.linear && !s.practice {
		flagged = "1"
	}
	s.want("flagged", fmt.Sprint(s.tab.Count(`[data-review-position="2"][data-flagged=true]`)), flagged)
	const submit = `form[action$="/submit"] button`
	switch asks := !s.linear && !s.practice && !s.noScript; {
	case !asks:
		s.press(submit)
		return
	case s.keyboard:
		s.tab.TabTo(submit)
		s.tab.Type(browser.KeyEnter)
	default:
		s.tab.Click(submit)
	}
	s.press("[data-confirm-submit]")
}

func (s *sitting) result() {
	s.t.Helper()
	s.page(s.words.result)
	s.want("status", s.tab.Main("status"), "submitted")
	s.want("phase", s.tab.Text(".phase p"), s.words.submitted)
	code := s.tab.Text(".receipt")
	if len(code) < 8 || !strings.Contains(s.tab.Text("main"), s.words.receipt) {
		s.t.Errorf("receipt %q", code)
	}
	if s.tab.Main("receipt") == "" || s.tab.Attr(".score-points", "data-max-points") == "" {
		s.t.Error("the result lacks the receipt or the score")
	}
	s.want("own answers", fmt.Sprint(s.tab.Count(".result-question")), fmt.Sprint(questions))
	keys := 0
	if s.practice {
		keys = questions
	}
	s.want("keys", fmt.Sprint(s.tab.Count(".result-question .feedback")), fmt.Sprint(keys))
}
