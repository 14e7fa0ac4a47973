//go:build !race

// Scripts in a browser, in which the race detector can find nothing.

package static_test

import (
	"context"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"shiken/devtools/browser"
	"shiken/i18n"
	"shiken/static"
	"shiken/templates"
)

const (
	questionPath = "/attempts/a/questions/1"
	firstCommand = "11111111-1111-4111-8111-111111111111"
	// patience bounds a browser's step, and three times that a test; reaching it fails the test.
	patience = time.Minute
	policy   = "default-src 'none'; script-src 'nonce-bm9uY2U'; style-src 'self'; img-src 'self'; " +
		"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

// site serves one question under a strict content policy, and holds each POST
// until the test lets it go.
type site struct {
	left    time.Duration // until the deadline, at rendering
	gets    chan string
	signal  chan struct{} // answers a script that waits for the test
	posts   chan url.Values
	release chan struct{}
}

func newSite(left time.Duration) *site {
	return &site{left: left, gets: make(chan string, 100), signal: make(chan struct{}), posts: make(chan url.Values, 100), release: make(chan struct{})}
}

func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.Method == http.MethodPost:
		s.take(w, r)
	case r.URL.Path == "/signal":
		s.wait(r, s.signal)
	case r.URL.Path == questionPath:
		w.Header().Set("Content-Security-Policy", policy)
		w.Header().Set("Cache-Control", "no-store")
		_ = templates.Question(s.page(), s.view()).Render(r.Context(), w)
		s.gets <- r.URL.Path
	default:
		static.Handler(http.NotFoundHandler()).ServeHTTP(w, r)
	}
}

func (s *site) take(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		http.Error(w, "", http.StatusBadRequest)
		return
	}
	s.posts <- r.PostForm
	s.wait(r, s.release)
	http.Redirect(w, r, questionPath, http.StatusSeeOther)
}

func (s *site) wait(r *http.Request, until <-chan struct{}) {
	select {
	case <-until:
	case <-r.Context().Done():
	}
}

func (s *site) page() templates.Page {
	return templates.Page{Locale: i18n.Lookup("", i18n.English), Nonce: "bm9uY2U", UserName: "A", Owner: "o", SignInName: "ann", Path: questionPath}
}

func (s *site) view() templates.QuestionView {
	now := time.Now()
	return templates.QuestionView{
		Sitting: templates.Sitting{Attempt: "a", ExamTitle: "Exam", Position: 1, Total: 2, Status: "in_progress", Deadline: now.Add(s.left), Now: now},
		Form:    templates.FormKeys{CommandID: firstCommand, Page: firstCommand, Seq: 1, Opening: 1},
		Body: templates.Body{Kind: templates.KindSingleChoice, Stem: "<p>Which?</p>", Options: []templates.Option{
			{Value: "x", Text: "X"}, {Value: "y", Text: "Y"}}},
		Can: templates.Buttons{Save: true, Next: true},
	}
}

// open starts a browser on the question and waits until its scripts ran.
func open(t *testing.T, s *site) context.Context {
	t.Helper()
	return tabOn(t, s, s)
}

// tabOn is open where a handler serves what a site has. What the site holds it lets go at the end of the test.
func tabOn(t *testing.T, handler http.Handler, s *site) context.Context {
	t.Helper()
	address := browser.Serve(t, handler)
	t.Cleanup(func() { close(s.release) })
	tab := browser.Start(t).Raw(t)
	do(t, tab, chromedp.Navigate(address+questionPath))
	bounded, cancel := context.WithTimeout(tab, 3*patience)
	t.Cleanup(cancel)
	next(t, s.gets)
	return bounded
}

func do(t *testing.T, ctx context.Context, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

// script runs in the page at once, so that nothing comes between its steps.
func script(t *testing.T, ctx context.Context, text string) {
	t.Helper()
	do(t, ctx, chromedp.Evaluate[chromedp.Void](text))
}

func text(t *testing.T, ctx context.Context, selector string) string {
	t.Helper()
	got, err := chromedp.Run(ctx, chromedp.Text(selector))
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func (s *site) nextPost(t *testing.T) url.Values {
	t.Helper()
	select {
	case form := <-s.posts:
		return form
	case <-time.After(patience):
		t.Fatal("nothing was sent")
		return nil
	}
}

func TestTenClicksSendOnce(t *testing.T) {
	t.Parallel()
	s := newSite(time.Hour)
	ctx := open(t, s)
	script(t, ctx, `
		let clicks = 0;
		const clicking = setInterval(() => {
			document.querySelector('button[value=next]').click();
			if (++clicks === 10) {
				clearInterval(clicking);
				fetch('/signal');
			}
		}, 50);
		document.querySelector('input[value=x]').click()`)
	form := s.nextPost(t)
	if form.Get("answer") != "x" || form.Get("action") != "next" || form.Get("command_id") != firstCommand {
		t.Errorf("sent %v", form)
	}
	s.signal <- struct{}{}
	if n := len(s.posts); n != 0 {
		t.Errorf("%d more were sent", n)
	}
}

// R3: once something was sent, another answer is another command of the page.
func TestSecondThoughtIsAnotherCommand(t *testing.T) {
	t.Parallel()
	s := newSite(time.Hour)
	ctx := open(t, s)
	// The browser answers no further script while the first answer is awaited.
	script(t, ctx, `
		const save = (value) => {
			document.querySelector('input[value=' + value + ']').click();
			document.querySelector('button[value=save]').click();
		};
		fetch('/signal').then(() => save('y'));
		save('x')`)
	first := s.nextPost(t)
	s.signal <- struct{}{}
	second := s.nextPost(t)
	if first.Get("command_id") != firstCommand || first.Get("seq") != "1" || first.Get("answer") != "x" {
		t.Errorf("first %v", first)
	}
	if second.Get("command_id") == firstCommand || second.Get("seq") != "2" || second.Get("answer") != "y" || second.Get("page") != first.Get("page") {
		t.Errorf("second %v", second)
	}
}

// R9: at zero the page sends what is on the screen.
func TestTimeUpSendsWhatIsOnTheScreen(t *testing.T) {
	t.Parallel()
	s := newSite(time.Hour)
	ctx := open(t, s)
	script(t, ctx, `
		document.querySelector('input[value=y]').click();
		const now = performance.now.bind(performance);
		performance.now = () => now() + 60 * 60_000`)
	if form := s.nextPost(t); form.Get("action") != "time_up" || form.Get("answer") != "y" {
		t.Errorf("sent %v", form)
	}
}

// A wrong clock of the computer moves nothing (R8).
func TestCountdownIgnoresTheComputersClock(t *testing.T) {
	t.Parallel()
	s := newSite(time.Hour)
	ctx := open(t, s)
	script(t, ctx, `Date.now = () => 0`)
	left, err := chromedp.Run(ctx, chromedp.Poll[string](
		`(() => { const left = document.querySelector('[data-timer-left]').textContent; return left !== '1:00:00' && left })()`))
	if err != nil || left > "59:59" || left < "58:00" {
		t.Errorf("time left %q, %v", left, err)
	}
}

func TestRestoredPageIsFetchedAgain(t *testing.T) {
	t.Parallel()
	s := newSite(time.Hour)
	ctx := open(t, s)
	script(t, ctx, `dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))`)
	select {
	case <-s.gets:
	case <-time.After(patience):
		t.Fatal("the page was not fetched again")
	}
}

func TestUnsavedChangeIsSaid(t *testing.T) {
	t.Parallel()
	ctx := open(t, newSite(time.Hour))
	before := text(t, ctx, "[data-saved-state]")
	do(t, ctx, chromedp.Click("input[value=x]"))
	if after := text(t, ctx, "[data-saved-state]"); before != "Not saved yet" || after != "Not saved yet" {
		t.Errorf("before %q, after %q", before, after)
	}
}
