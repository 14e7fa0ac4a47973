// Package browser drives a headless Chromium for tests and screenshots. Nothing of it reaches the
// network but what the test asks for.
package browser

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"shiken/devtools/services"
)

// Options say what kind of browser a person has.
type Options struct {
	Lang          string // Accept-Language and the browser's own; default "en"
	NoScript      bool   // JavaScript is off
	Width, Height int    // of the window in CSS pixels; default 1280 × 900
	Dark          bool
}

// patience bounds what one browser may take in all.
const patience = 3 * time.Minute

// Browser is one Chromium with a profile of its own.
type Browser struct {
	ctx    context.Context
	cancel []context.CancelFunc
	o      Options
}

// Start starts a browser for a test and ends it with the test. Without Chromium the test is skipped,
// in CI it fails.
func Start(tb testing.TB, o Options) *Browser {
	tb.Helper()
	b := Launch(services.Chromium(tb), o)
	tb.Cleanup(b.Close)
	return b
}

// Launch starts the Chromium at path.
func Launch(path string, o Options) *Browser {
	if o.Lang == "" {
		o.Lang = "en"
	}
	if o.Width == 0 {
		o.Width, o.Height = 1280, 900
	}
	flags := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("lang", o.Lang), chromedp.Flag("accept-lang", o.Lang),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("no-first-run", true),
		chromedp.Flag("disable-features", "Translate,OptimizationHints,MediaRouter"),
		chromedp.WindowSize(o.Width, o.Height), chromedp.Env("LANGUAGE="+o.Lang, "HOME="+os.TempDir()),
	)
	limit, stop := context.WithTimeout(context.Background(), patience)
	alloc, endAlloc := chromedp.NewExecAllocator(limit, flags...)
	ctx, endTab := chromedp.NewContext(alloc)
	return &Browser{ctx: ctx, cancel: []context.CancelFunc{endTab, endAlloc, stop}, o: o}
}

// Close ends the browser.
func (b *Browser) Close() {
	for _, f := range b.cancel {
		f()
	}
}

// Tab opens a tab; the first call gives the browser's own.
func (b *Browser) Tab() (*Tab, error) {
	ctx := b.ctx
	if chromedp.FromContext(ctx).Target != nil {
		var end context.CancelFunc
		ctx, end = chromedp.NewContext(b.ctx)
		b.cancel = append([]context.CancelFunc{end}, b.cancel...)
	}
	t := &Tab{ctx: ctx}
	return t, t.Do(b.prepare()...)
}

func (b *Browser) prepare() []chromedp.Action {
	scheme := "light"
	if b.o.Dark {
		scheme = "dark"
	}
	return []chromedp.Action{
		emulation.SetScriptExecutionDisabled(b.o.NoScript),
		chromedp.EmulateViewport(int64(b.o.Width), int64(b.o.Height)),
		emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}),
	}
}

// Tab is one tab. Its methods are called from one goroutine at a time.
type Tab struct{ ctx context.Context }

// Do runs actions one after the other.
func (t *Tab) Do(actions ...chromedp.Action) error { return chromedp.Run(t.ctx, actions...) }

// Context is chromedp's, for listening to events.
func (t *Tab) Context() context.Context { return t.ctx }

// Open navigates and waits for the page.
func (t *Tab) Open(url string) error {
	return t.Do(chromedp.Navigate(url), chromedp.WaitReady("body", chromedp.ByQuery))
}

// Click clicks what the selector finds, as a mouse does, and waits for the page that follows.
func (t *Tab) Click(selector string) error {
	_, err := chromedp.RunResponse(t.ctx, chromedp.Click(selector, chromedp.ByQuery, chromedp.NodeVisible))
	if err != nil {
		return err
	}
	return t.Do(chromedp.WaitReady("main", chromedp.ByQuery))
}

// Choose clicks without waiting for another page: radio buttons and checkboxes.
func (t *Tab) Choose(selector string) error {
	return t.Do(chromedp.Click(selector, chromedp.ByQuery, chromedp.NodeVisible))
}

// Press presses the button named "action" with this value.
func (t *Tab) Press(action string) error {
	return t.Click(`main form button[name="action"][value="` + action + `"]`)
}

// Type replaces the value of an input.
func (t *Tab) Type(selector, text string) error {
	return t.Do(chromedp.SetValue(selector, "", chromedp.ByQuery), chromedp.SendKeys(selector, text, chromedp.ByQuery))
}

// SignIn signs in at the site.
func (t *Tab) SignIn(site, username, password string) error {
	if err := t.Open(site + "/login"); err != nil {
		return err
	}
	if err := t.Do(chromedp.SendKeys(`input[name="username"]`, username, chromedp.ByQuery),
		chromedp.SendKeys(`input[name="password"]`, password, chromedp.ByQuery)); err != nil {
		return err
	}
	return t.Click(`form[action="/login"] button[type="submit"]`)
}

// Path is the path of the page shown.
func (t *Tab) Path() (string, error) {
	var url string
	err := t.Do(chromedp.Location(&url))
	if _, rest, ok := strings.Cut(url, "://"); ok {
		_, path, _ := strings.Cut(rest, "/")
		return "/" + path, err
	}
	return url, err
}

// Data reads a data attribute of the main element.
func (t *Tab) Data(name string) (string, error) {
	var value string
	var ok bool
	err := t.Do(chromedp.AttributeValue("main", "data-"+name, &value, &ok, chromedp.ByQuery))
	return value, err
}

// Text reads the visible text of what the selector finds.
func (t *Tab) Text(selector string) (string, error) {
	var text string
	err := t.Do(chromedp.Text(selector, &text, chromedp.ByQuery))
	return text, err
}

// Screenshot takes a picture of the window, or of the whole page.
func (t *Tab) Screenshot(whole bool) ([]byte, error) {
	var png []byte
	shot := chromedp.CaptureScreenshot(&png)
	if whole {
		shot = chromedp.FullScreenshot(&png, 100)
	}
	return png, t.Do(shot)
}
