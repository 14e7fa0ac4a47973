package browser

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"shiken/devtools/services"
)

// Keys for Type.
const (
	KeyTab    = kb.Tab
	KeyEnter  = kb.Enter
	KeySpace  = " "
	KeyDown   = kb.ArrowDown
	KeyEscape = kb.Escape
)

// Tab is a tab of a person's browser. Its methods are called by one goroutine
// at a time; what does not come about within a minute ends the test.
type Tab struct {
	tb    testing.TB
	ctx   context.Context
	base  string
	watch *watch
}

// Dialogs is how often a page asked whether it may be left.
func (t *Tab) Dialogs() int {
	t.watch.mu.Lock()
	defer t.watch.mu.Unlock()
	return t.watch.dialogs
}

// Faults returns what the tab's pages did that a page must never do, so that it
// no longer fails the test.
func (t *Tab) Faults() []string { return t.watch.take() }

// Allow lets faults pass that match, whenever they come: what the test itself brings about, as ": 401$".
func (t *Tab) Allow(pattern string) { t.watch.allow(pattern) }

// do runs steps within the patience.
func (t *Tab) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	t.tb.Helper()
	ctx, cancel := context.WithTimeout(t.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.fail(what, err)
	}
}

// call runs a command of Chromium's protocol within the patience.
func call[P, R any](t *Tab, what string, command cdp.Command[P, R], params P) R {
	t.tb.Helper()
	ctx, cancel := context.WithTimeout(t.ctx, patience)
	defer cancel()
	result, err := chromedp.Call(ctx, command, params)
	if err != nil {
		t.fail(what, err)
	}
	return result
}

// fail ends the test and says what was on the screen.
func (t *Tab) fail(what string, err error) {
	t.tb.Helper()
	ctx, cancel := context.WithTimeout(t.ctx, patience/10)
	defer cancel()
	seen, evalErr := chromedp.Run(ctx, chromedp.Evaluate[string](`location.href + ": " + (document.querySelector("main") ?? document.body).innerText`))
	if evalErr != nil {
		seen = evalErr.Error()
	}
	t.tb.Fatalf("%s: %v; on the screen: %s", what, err, strings.Join(strings.Fields(seen), " "))
}

// Eval evaluates an expression in the page, once. A page that is just being
// replaced is waited for. Evaluation works with JavaScript switched off too,
// but timers, promises and events do not.
func Eval[T any](t *Tab, expression string) T {
	t.tb.Helper()
	return eval[T](t, expression)
}

// Settle is Eval of an expression that gives a promise: what that settles to. JavaScript must be on.
func Settle[T any](t *Tab, expression string) T {
	t.tb.Helper()
	return eval[T](t, expression, chromedp.EvalAwaitPromise)
}

func eval[T any](t *Tab, expression string, how ...chromedp.EvaluateOption) T {
	t.tb.Helper()
	ctx, cancel := context.WithTimeout(t.ctx, patience)
	defer cancel()
	var got T
	err := services.Poll(ctx, func(ctx context.Context) error {
		var err error
		got, err = chromedp.Run(ctx, chromedp.Evaluate[T](expression, how...))
		var thrown *chromedp.ExceptionError
		if errors.As(err, &thrown) {
			cancel()
		}
		return err
	})
	if err != nil {
		t.fail(expression, err)
	}
	return got
}

// Await waits until the expression is true in the page.
func (t *Tab) Await(expression string) {
	t.tb.Helper()
	t.await("await "+expression, expression)
}

func (t *Tab) await(what, expression string) {
	t.tb.Helper()
	t.poll(what, func(ctx context.Context) error {
		ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool](expression))
		if err == nil && !ok {
			err = errors.New("it is not")
		}
		return err
	})
}

// poll tries until it succeeds.
func (t *Tab) poll(what string, try func(context.Context) error) {
	t.tb.Helper()
	ctx, cancel := context.WithTimeout(t.ctx, patience)
	defer cancel()
	if err := services.Poll(ctx, try); err != nil {
		t.fail(what, err)
	}
}

// Open goes to a path of the site as if typed into the address bar.
func (t *Tab) Open(path string) {
	t.tb.Helper()
	t.do("open "+path, chromedp.Navigate(t.base+path))
}

// Reload is Refresh, and waits for the page.
func (t *Tab) Reload() {
	t.tb.Helper()
	t.Leaving(t.Refresh)
}

// Back is the browser's Back button. The page may come from a cache, as it was
// left, and be replaced by its own script at once.
func (t *Tab) Back() {
	t.tb.Helper()
	t.Leaving(func() {
		if !t.Go(-1) {
			t.fail("go back", errors.New("there is nothing before this page"))
		}
	})
}

// Go goes so far in the history of the tab, back where by is negative, and waits
// for nothing. It reports false where the history does not reach so far.
func (t *Tab) Go(by int64) bool {
	t.tb.Helper()
	history := call(t, "read the history", page.GetNavigationHistory, cdp.Empty{})
	to := history.CurrentIndex + by
	if to < 0 || to >= int64(len(history.Entries)) {
		return false
	}
	call(t, "go through the history", page.NavigateToHistoryEntry, page.NavigateToHistoryEntryParams{EntryID: history.Entries[to].ID})
	return true
}

// Refresh asks for the page again, as the browser's button does, and waits for
// nothing: the result of a POST is posted again.
func (t *Tab) Refresh() {
	t.tb.Helper()
	// Chromium refuses while another page is just taking the place of this one.
	t.poll("reload", func(ctx context.Context) error {
		_, err := chromedp.Call(ctx, page.Reload, page.ReloadParams{})
		return err
	})
}

// Freeze hides the tab and stops all that its page does, as a browser does with one that nobody looks at for long,
// until it is called again with false: then it is shown.
func (t *Tab) Freeze(frozen bool) {
	t.tb.Helper()
	state := page.SetWebLifecycleStateStateActive
	if frozen {
		state = page.SetWebLifecycleStateStateFrozen
	}
	call(t, "freeze", page.SetWebLifecycleState, page.SetWebLifecycleStateParams{State: state})
	call(t, "show", emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: !frozen})
}

// Close closes the tab at once: the page is not asked.
func (t *Tab) Close() {
	t.tb.Helper()
	if err := chromedp.Cancel(t.ctx); err != nil {
		t.tb.Fatalf("close the tab: %v", err)
	}
}

// Leaving does what leads to another page and waits until that has loaded: another document, or another main element
// in this one, which says of itself that it is arriving for as long as a click may be meant for the one before it.
func (t *Tab) Leaving(do func()) {
	t.tb.Helper()
	const origin, shown = `performance.timeOrigin`, `(document.querySelector("main") ?? document.documentElement)`
	before := Eval[[2]float64](t, `[`+origin+`, `+shown+`.left = Math.random()]`)
	text := func(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
	do()
	t.Await(fmt.Sprintf(`(%s !== %s || %s.left !== %s) && document.readyState === "complete" &&
		!document.documentElement.classList.contains("arriving")`, origin, text(before[0]), shown, text(before[1])))
}

// Path is the address of the page below the site, with its query.
func (t *Tab) Path() string {
	t.tb.Helper()
	return Eval[string](t, `location.pathname + location.search`)
}

// Text is what the first element that matches shows, "" where there is none.
func (t *Tab) Text(selector string) string {
	t.tb.Helper()
	return strings.TrimSpace(Eval[string](t, fmt.Sprintf(`document.querySelector(%q)?.innerText ?? ""`, selector)))
}

// Attr is an attribute of the first element that matches, "" where there is
// none.
func (t *Tab) Attr(selector, name string) string {
	t.tb.Helper()
	return Eval[string](t, fmt.Sprintf(`document.querySelector(%q)?.getAttribute(%q) ?? ""`, selector, name))
}

// Main is the attribute data-NAME of the page's main element.
func (t *Tab) Main(name string) string {
	t.tb.Helper()
	return t.Attr("main", "data-"+name)
}

// Count is how many elements match.
func (t *Tab) Count(selector string) int {
	t.tb.Helper()
	return Eval[int](t, fmt.Sprintf(`document.querySelectorAll(%q).length`, selector))
}

// Resize gives the window another size, in CSS pixels.
func (t *Tab) Resize(width, height int64) {
	t.tb.Helper()
	t.do("resize", chromedp.EmulateViewport(width, height))
}

// Zoom gives the window the size in CSS pixels that it has where each takes so many of the device's.
func (t *Tab) Zoom(width, height int64, by float64) {
	t.tb.Helper()
	call(t, "zoom", emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: height, DeviceScaleFactor: by})
}

// Media lets pages believe in features of the device, such as "forced-colors" that are "active", instead of
// its own.
func (t *Tab) Media(features map[string]string) {
	t.tb.Helper()
	var set []*emulation.MediaFeature
	for name, value := range features {
		set = append(set, &emulation.MediaFeature{Name: name, Value: value})
	}
	call(t, "media", emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: set})
}

// Before lets a script run in every page that the tab opens from now on, before the page's own.
func (t *Tab) Before(script string) {
	t.tb.Helper()
	t.do("prepare pages", chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script})
		return err
	}))
}

// Shot writes a picture of the window, for whoever looks for the cause of a
// failure.
func (t *Tab) Shot(file string) {
	t.tb.Helper()
	t.picture(file, chromedp.CaptureScreenshot())
}

// Sheet writes a picture of the whole page, below the window too.
func (t *Tab) Sheet(file string) {
	t.tb.Helper()
	const png = 100
	t.picture(file, chromedp.FullScreenshot(png))
}

func (t *Tab) picture(file string, take chromedp.Action[[]byte]) {
	t.tb.Helper()
	ctx, cancel := context.WithTimeout(t.ctx, patience)
	defer cancel()
	picture, err := chromedp.Run(ctx, take)
	if err == nil {
		err = os.WriteFile(file, picture, 0o644)
	}
	if err != nil {
		t.tb.Errorf("take a picture: %v", err)
	}
}

// Throttle makes the processor of the tab's pages so many times as slow.
func (t *Tab) Throttle(times float64) {
	t.tb.Helper()
	call(t, "throttle", emulation.SetCPUThrottlingRate, emulation.SetCPUThrottlingRateParams{Rate: times})
}
