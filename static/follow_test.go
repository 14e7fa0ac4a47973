//go:build !race

// Scripts in a browser, in which the race detector can find nothing.

package static_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"shiken/devtools/services"
	"shiken/templates"
)

const (
	eventsPath = "/attempts/a/events"
	resultPath = "/attempts/a/result"
	savePath   = "/api/v1/attempts/a/responses/1"
	isSaved    = `document.querySelector("[data-when-saved]").hidden === false`
	isCovered  = `document.querySelector("main").classList.contains("covered")`
)

// hall is a site whose pages follow what the test tells, and whose API answers as the test says.
type hall struct {
	*site
	body   templates.Body
	tell   chan string // states and other events, as they go over the line
	asked  chan string // kinds of what was asked for: stream, once
	left   chan string // streams that ended
	deaf   bool        // there are no streams
	once   string      // what is told once
	puts   chan map[string]any
	answer int              // status of a save
	reason string           // why it is rejected
	gaps   http.HandlerFunc // takes what pages report of their connection; nil: nobody does
}

func newHall() *hall {
	return &hall{
		site: newSite(time.Hour), tell: make(chan string), asked: make(chan string, 100), left: make(chan string, 100), answer: http.StatusOK,
		puts: make(chan map[string]any, 100),
	}
}

func (h *hall) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.URL.Path == savePath:
		var body map[string]any
		_ = json.NewDecoder(r.Body).Decode(&body)
		h.puts <- body
		w.WriteHeader(h.answer)
		_, _ = fmt.Fprintf(w, `{"success":%t,"reason":%q}`, h.answer == http.StatusOK, h.reason)
	case r.URL.Path == gapsPath && h.gaps != nil:
		h.gaps(w, r)
	case r.URL.Path == eventsPath && strings.Contains(r.Header.Get("Accept"), "event-stream"):
		h.stream(w, r)
	case r.URL.Path == eventsPath:
		h.asked <- "once"
		_, _ = fmt.Fprint(w, h.once)
	case r.URL.Path == questionPath && r.Method == http.MethodGet:
		h.question(w, r)
	case r.URL.Path == resultPath:
		w.Header().Set("Content-Type", "text/html")
		_, _ = fmt.Fprint(w, `<main id="main" data-attempt="a"><h1>Result</h1></main>`)
	default:
		h.site.ServeHTTP(w, r)
	}
}

func (h *hall) question(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Security-Policy", policy)
	w.Header().Set("Cache-Control", "no-store")
	view := h.view()
	if h.body.Kind != "" {
		view.Body = h.body
	}
	view.Opening, view.OneDevice = 1, true
	_ = templates.Question(h.page(), view).Render(r.Context(), w)
	h.gets <- r.URL.Path
}

func (h *hall) stream(w http.ResponseWriter, r *http.Request) {
	if h.asked <- "stream"; h.deaf {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	defer func() { h.left <- "stream" }()
	w.Header().Set("Content-Type", "text/event-stream")
	_ = http.NewResponseController(w).Flush()
	for {
		select {
		case <-r.Context().Done():
			return
		case text := <-h.tell:
			_, _ = fmt.Fprint(w, text)
			_ = http.NewResponseController(w).Flush()
		}
	}
}

// state is an event; more are further members of its data.
func state(status, more string) string {
	return "event: state\ndata: " + stateData(status, more) + "\n\n"
}

func stateData(status, more string) string {
	return fmt.Sprintf(`{"status":%q,"opening":1,"deadline":null,"ends":"","now":%q,"messages":[]%s}`,
		status, time.Now().UTC().Format(time.RFC3339Nano), more)
}

// enter starts a browser on the question.
func (h *hall) enter(t *testing.T) context.Context {
	t.Helper()
	return tabOn(t, h, h.site)
}

func next[T any](t *testing.T, from chan T) T {
	t.Helper()
	select {
	case got := <-from:
		return got
	case <-time.After(patience):
		t.Fatal("nothing came")
		panic("unreachable")
	}
}

func give[T any](t *testing.T, to chan T, what T) {
	t.Helper()
	select {
	case to <- what:
	case <-time.After(patience):
		t.Fatal("nobody listens")
	}
}

// await waits until an expression is true, in whatever page is shown.
func await(t *testing.T, ctx context.Context, expression string) {
	t.Helper()
	err := services.Poll(ctx, func(ctx context.Context) error {
		ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool](expression))
		if err == nil && !ok {
			err = errors.New("it is not")
		}
		return err
	})
	if err != nil {
		t.Fatalf("await %s: %v", expression, err)
	}
}

// A save by the API takes a command of the page; what the form sends after it is the next one (R3).
func TestPauseSavesBesideTheForm(t *testing.T) {
	t.Parallel()
	h := newHall()
	ctx := h.enter(t)
	script(t, ctx, `document.querySelector('input[value=y]').click()`)
	give(t, h.tell, state("in_progress", `,"pausing":true`))
	put := next(t, h.puts)
	if put["command_id"] != firstCommand || put["page"] != firstCommand || put["seq"] != 1.0 || put["opening"] != 1.0 ||
		put["rev"] != 0.0 || put["draft"] != true || put["answer"] != "y" {
		t.Errorf("saved with %v", put)
	}
	await(t, ctx, isCovered+` && /^Your answer was saved at/.test(document.querySelector("[data-cover-saved]").textContent)`)
	if got := text(t, ctx, "[data-voice]"); got != "" {
		t.Errorf("said %q", got)
	}
	give(t, h.tell, state("paused", ""))
	give(t, h.tell, state("in_progress", ""))
	await(t, ctx, `!`+isCovered+` && document.querySelector("[data-voice]").textContent === "The exam goes on. "`)
	if got := text(t, ctx, "[data-saved-state]"); !strings.HasPrefix(got, "Saved ") {
		t.Errorf("the page says %q", got)
	}
	script(t, ctx, `document.querySelector('button[value=next]').click()`)
	form := h.nextPost(t)
	if form.Get("seq") != "2" || form.Get("command_id") == firstCommand || form.Get("page") != firstCommand || form.Get("answer") != "y" {
		t.Errorf("sent %v", form)
	}
}

// What is refused stays on the page, which says so, and is sent as another command when the exam goes on.
func TestPauseThatRefusesTheAnswer(t *testing.T) {
	t.Parallel()
	h := newHall()
	h.answer, h.reason = http.StatusConflict, "paused"
	ctx := h.enter(t)
	script(t, ctx, `document.querySelector('input[value=y]').click()`)
	give(t, h.tell, state("paused", ""))
	refused := next(t, h.puts)
	await(t, ctx, isCovered+` && /not saved yet/.test(document.querySelector("[data-cover-saved]").textContent)`)
	await(t, ctx, `!document.querySelector("[data-when-changed]").hidden && document.querySelector("[data-when-saved]").hidden`)
	h.answer = http.StatusOK
	give(t, h.tell, state("in_progress", ""))
	await(t, ctx, `!`+isCovered)
	again := next(t, h.puts)
	if again["seq"].(float64) <= refused["seq"].(float64) || again["command_id"] == refused["command_id"] || again["answer"] != "y" {
		t.Errorf("sent %v, then %v", refused, again)
	}
	await(t, ctx, isSaved)
}

// A pause with nothing to save sends nothing.
func TestPauseWithNothingToSave(t *testing.T) {
	t.Parallel()
	h := newHall()
	ctx := h.enter(t)
	give(t, h.tell, state("paused", ""))
	await(t, ctx, isCovered)
	if got := text(t, ctx, "[data-cover-saved]"); got != "" || len(h.puts) != 0 {
		t.Errorf("says %q, %d saves", got, len(h.puts))
	}
}

// Answers are saved in the form in which the API takes them (docs/design.md §7).
func TestAnswersAsTheAPITakesThem(t *testing.T) {
	t.Parallel()
	options := []templates.Option{{Value: "x", Text: "X"}, {Value: "y", Text: "Y"}, {Value: "z", Text: "Z"}}
	tests := []struct {
		body   templates.Body
		change string
		want   string
	}{
		{templates.Body{Kind: templates.KindSingleChoice, Options: []templates.Option{{Value: "x", Text: "X", Chosen: true}}},
			`document.querySelector("input[value=x]").checked = false`, `null`},
		{templates.Body{Kind: templates.KindMultipleChoice, Options: options},
			`for (const v of "xz") document.querySelector("input[value=" + v + "]").click()`, `["x","z"]`},
		{templates.Body{Kind: templates.KindEssay}, `document.querySelector("textarea").value = "a\n\"b\""`, `"a\n\"b\""`},
		{templates.Body{Kind: templates.KindMatching, Options: options, Items: []templates.Item{{Key: "p"}, {Key: "q", Value: "x"}}},
			`document.querySelector("select").value = "y"`, `{"p":"y","q":"x"}`},
		{templates.Body{Kind: templates.KindGaps, Items: []templates.Item{{Key: "p"}, {Key: "q"}}},
			`document.querySelectorAll("input[type=text]")[1].value = "typed"`, `{"p":"","q":"typed"}`},
	}
	h := newHall()
	ctx := h.enter(t)
	for _, tt := range tests {
		h.body = tt.body
		do(t, ctx, chromedp.Reload())
		next(t, h.gets)
		script(t, ctx, tt.change+`; document.querySelector("form[data-question]").dispatchEvent(new Event("input"))`)
		got, err := json.Marshal(next(t, h.puts)["answer"])
		if err != nil || string(got) != tt.want {
			t.Errorf("%s: saved %s, want %s", tt.body.Kind, got, tt.want)
		}
		await(t, ctx, isSaved)
	}
}

// Where events do not come through, the page asks.
func TestWhoHearsNothingAsks(t *testing.T) {
	t.Parallel()
	h := newHall()
	h.deaf, h.once = true, stateData("paused", "")
	ctx := h.enter(t)
	if first, second := next(t, h.asked), next(t, h.asked); first != "stream" || second != "once" {
		t.Errorf("asked %s, then %s", first, second)
	}
	await(t, ctx, isCovered)
}

// Once the attempt is over the page leads to its result, and asks nothing.
func TestOverLeadsToTheResult(t *testing.T) {
	t.Parallel()
	h := newHall()
	ctx := h.enter(t)
	script(t, ctx, `document.querySelector('input[value=y]').click()`)
	next(t, h.puts)
	await(t, ctx, isSaved)
	give(t, h.tell, state("submitted", ""))
	await(t, ctx, `location.pathname === "/attempts/a/result"`)
	if len(h.puts) != 0 {
		t.Error("something was saved")
	}
}

// A page of an earlier opening is fetched again, unless it alone holds what was typed.
func TestOutdatedPageIsFetchedAgain(t *testing.T) {
	t.Parallel()
	h := newHall()
	ctx := h.enter(t)
	reopened := strings.Replace(state("in_progress", ""), `"opening":1`, `"opening":2`, 1)
	script(t, ctx, `document.querySelector("main").isOld = true`)
	give(t, h.tell, reopened)
	next(t, h.gets)
	await(t, ctx, `document.querySelector("main").isOld === undefined`)
	h.answer, h.reason = http.StatusConflict, "finished"
	script(t, ctx, `document.querySelector('input[value=y]').click()`)
	next(t, h.puts)
	give(t, h.tell, reopened)
	await(t, ctx, `document.querySelector("[data-bar-shown=rejected] p").textContent.startsWith("The exam is already closed.")`)
	script(t, ctx, `document.querySelector("[data-bar-action=show]").click()`)
	if form := h.nextPost(t); form.Get("answer") != "y" || form.Get("action") != "save" || len(h.gets) != 0 {
		t.Errorf("sent %v after %d reloads", form, len(h.gets))
	}
}

// Who is signed out is asked to sign in above the page, which stays.
func TestSignedOutIsAsked(t *testing.T) {
	t.Parallel()
	h := newHall()
	ctx := h.enter(t)
	give(t, h.tell, "event: signed-out\ndata: \n\n")
	await(t, ctx, `document.querySelector("dialog[open] [name=username]")?.value === "ann" && document.activeElement.name === "password"`)
	if len(h.gets) != 0 {
		t.Error("the page was fetched again")
	}
	script(t, ctx, `document.querySelector("[data-later]").click()`)
	await(t, ctx, `!document.querySelector("dialog[open]") && document.querySelector("[data-bar-shown=signed-out] button").checkVisibility()`)
}

// Messages come and go without taking the focus; one that was dismissed stays away.
func TestMessagesAreShown(t *testing.T) {
	t.Parallel()
	const first, second = `{"id":"11111111-1","text":"<b>one</b>","at":"09:00:00"}`, `{"id":"22222222-2","text":"two","at":"09:01:00"}`
	h := newHall()
	ctx := h.enter(t)
	script(t, ctx, `document.querySelector('input[value=y]').focus()`)
	messages := func(list string) string {
		return strings.Replace(state("in_progress", ""), `"messages":[]`, `"messages":[`+list+`]`, 1)
	}
	shown := func(want string) {
		t.Helper()
		await(t, ctx, fmt.Sprintf(`[...document.querySelectorAll("[data-message-text]")].map((e) => e.textContent).join() === %q`, want))
	}
	give(t, h.tell, messages(first))
	shown("<b>one</b>")
	give(t, h.tell, messages(second+","+first))
	shown("two,<b>one</b>")
	await(t, ctx, `document.querySelector("[data-voice]").textContent === "New message: two" && document.activeElement.value === "y"`)
	script(t, ctx, `document.querySelector('[data-message^="2"] [data-dismiss]').click()`)
	shown("<b>one</b>")
	await(t, ctx, `document.activeElement.closest("[data-message]").dataset.message.startsWith("1")`)
	give(t, h.tell, messages(second+","+first))
	give(t, h.tell, messages(first))
	shown("<b>one</b>")
	give(t, h.tell, messages(second))
	await(t, ctx, `document.querySelector("[data-messages]").hidden && document.cookie.includes("shiken_dismissed=22222222")`)
}

// The clock goes by the end that is told, and stands while the exam is paused.
func TestClockFollows(t *testing.T) {
	t.Parallel()
	h := newHall()
	ctx := h.enter(t)
	told := func(status string, left time.Duration) string {
		end := time.Now().Add(left).UTC().Format(time.RFC3339Nano)
		return strings.NewReplacer(`"deadline":null`, `"deadline":"`+end+`"`, `"ends":""`, `"ends":"ends 12:34:56"`).
			Replace(state(status, ""))
	}
	give(t, h.tell, told("in_progress", 2*time.Hour))
	await(t, ctx, `/^(2:00:00|1:5[89]:..)$/.test(document.querySelector("[data-timer-left]").textContent)`)
	if end, said := text(t, ctx, ".timer-end"), text(t, ctx, "[data-voice]"); end != "ends 12:34:56" ||
		said != "The end of your exam has changed: ends 12:34:56." {
		t.Errorf("shows %q, said %q", end, said)
	}
	give(t, h.tell, told("paused", time.Second))
	await(t, ctx, isCovered)
	await(t, ctx, `(globalThis.since ??= performance.now()) + 1500 < performance.now()`)
	if len(h.posts) != 0 {
		t.Error("time was up while the exam was paused")
	}
	give(t, h.tell, told("in_progress", time.Second))
	if form := h.nextPost(t); form.Get("action") != "time_up" {
		t.Errorf("sent %v", form)
	}
}

// How much time is left is said aloud when 30, 10, 5 and 1 minutes are left, and at no other time.
func TestMarksOfTheTimeAreSaid(t *testing.T) {
	t.Parallel()
	h := newHall()
	ctx := h.enter(t)
	left := func(left time.Duration) string {
		return strings.Replace(state("in_progress", ""), `"deadline":null`, `"deadline":"`+time.Now().Add(left).UTC().Format(time.RFC3339Nano)+`"`, 1)
	}
	script(t, ctx, `globalThis.said = [];
		new MutationObserver(() => said.push(document.querySelector("[data-timer-voice]").textContent)).observe(
			document.querySelector("[data-timer-voice][aria-live=polite]"), { childList: true, characterData: true, subtree: true })`)
	for before, minutes := range []int{30, 10, 5, 1} {
		give(t, h.tell, left(time.Duration(minutes)*time.Minute+time.Second))
		// A busy machine shows a second late.
		await(t, ctx, fmt.Sprintf(`said.length === %d && /^Time left (%02d:00|%02d:5.)$/.test(said.at(-1))`, before+1, minutes, minutes-1))
	}
}

// While the attempt is on another device the time runs on, and nothing is sent when it is up; what is due is sent
// once it is back.
func TestTimeUpElsewhereSendsNothing(t *testing.T) {
	t.Parallel()
	h := newHall()
	ctx := h.enter(t)
	script(t, ctx, `document.addEventListener("submit", () => { globalThis.submitted = true; }, true)`)
	deadline := time.Now().Add(time.Second).UTC().Format(time.RFC3339Nano)
	told := func(elsewhere bool) string {
		return strings.Replace(state("in_progress", fmt.Sprintf(`,"elsewhere":%t,"elsewhere_since":"09:00:00"`, elsewhere)),
			`"deadline":null`, fmt.Sprintf(`"deadline":%q`, deadline), 1)
	}
	give(t, h.tell, told(true))
	await(t, ctx, isCovered)
	await(t, ctx, `document.querySelector("[data-timer-left]").textContent === "00:00"`)
	if got, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`globalThis.submitted === true`)); err != nil || got {
		t.Errorf("time was up on the device that the attempt does not belong to (%v)", err)
	}
	h.site.left = 0 // of the page as it is then, which is asked for
	give(t, h.tell, told(false))
	if form := h.nextPost(t); form.Get("action") != "time_up" {
		t.Errorf("sent %v", form)
	}
}
