// Package browser drives a headless Chromium as a person would: by mouse and
// keys, in tabs that share a person's cookies, with JavaScript or without. It
// notes what a page must never do: ask another host, break its content policy,
// write errors to the console. It knows nothing of the product.
package browser

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"shiken/devtools/proc"
	"shiken/devtools/services"
)

const (
	// Width and Height are those of a laptop's window, in CSS pixels.
	Width, Height = 1100, 900
	// patience bounds every wait; reaching it fails the test.
	patience = time.Minute
)

// Browser is a running Chromium.
type Browser struct {
	ctx   context.Context
	close func()
}

// shared is a Chromium of this test process, which ends with it.
type shared struct {
	once    sync.Once
	browser *Browser
	err     error
}

var drawing, whole shared

func (s *shared) start(tb testing.TB, path string) *Browser {
	tb.Helper()
	s.once.Do(func() { s.browser, s.err = Launch(path) })
	if s.err != nil {
		tb.Fatal(s.err)
	}
	return s.browser
}

// Start returns the Chromium of this test process that is the quickest to draw
// pages. It is started when it is first asked for; each test has people of its
// own in it. Where there is none the test is skipped, in CI it fails.
func Start(tb testing.TB) *Browser {
	tb.Helper()
	return drawing.start(tb, services.Chromium(tb))
}

// Whole returns the Chromium of this test process that does all that a
// candidate's does, as Start does: it may go back to a page as it was left.
func Whole(tb testing.TB) *Browser {
	tb.Helper()
	path := services.WholeChromium(tb)
	if path == services.Chromium(tb) {
		return Start(tb)
	}
	return whole.start(tb, path)
}

// Launch starts the Chromium with this path, which ends with Close or with the
// program; so do its files.
func Launch(path string) (*Browser, error) {
	files, err := proc.TempDir("shiken-chromium-")
	if err != nil {
		return nil, err
	}
	return launch(path, files, filepath.Join(files, "profile"))
}

// launch starts the Chromium with this path in a profile. It ends with its files.
func launch(path, files, profile string) (*Browser, error) {
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.WindowSize(Width, Height),
		chromedp.UserDataDir(profile), chromedp.Env("TMPDIR="+files), chromedp.WSURLReadTimeout(patience))
	alloc, cancelAlloc := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, cancel := chromedp.NewContext(alloc)
	b := &Browser{ctx: ctx, close: func() { cancel(); cancelAlloc(); _ = os.RemoveAll(files) }}
	if err := chromedp.Do(ctx); err != nil {
		b.Close()
		return nil, fmt.Errorf("browser: start Chromium: %w", err)
	}
	return b, nil
}

// Close ends the browser and removes its files.
func (b *Browser) Close() { b.close() }

// Serve serves a site until the test ends, and returns its address. A tab may
// outlive its test for a while, with a stream that never ends: its connections
// are cut.
func Serve(tb testing.TB, site http.Handler) string {
	tb.Helper()
	server := httptest.NewServer(site)
	tb.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	return server.URL
}

// Options say how somebody browses.
type Options struct {
	// Base is the site's address, without a slash at its end.
	Base string
	// Language is sent as Accept-Language.
	Language string
	// NoScript switches the pages' JavaScript off.
	NoScript bool
}

// Person is somebody with cookies of their own.
type Person struct {
	options Options
	browser *Browser
	ctx     context.Context // of the first tab, which holds the cookies
	first   *Tab
}

// Raw is an empty tab with cookies of its own, for tests that speak to Chromium
// themselves. It ends with the test.
func (b *Browser) Raw(tb testing.TB) context.Context {
	tb.Helper()
	ctx, cancel := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext())
	tb.Cleanup(cancel)
	return ctx
}

// Person starts browsing with an empty tab. It ends with the test, which fails
// when one of the person's tabs met a fault.
func (b *Browser) Person(tb testing.TB, o Options) *Person {
	tb.Helper()
	p := &Person{options: o, browser: b}
	p.first = p.open(tb, b.ctx, chromedp.WithNewBrowserContext())
	p.ctx = p.first.ctx
	return p
}

// Resident is somebody with a Chromium of their own, whose profile stays in its folder, with all that pages keep
// there. kill ends the Chromium at once, as a crash would; cookies of the session are gone with it.
func Resident(tb testing.TB, profile string, o Options) (p *Person, kill func()) {
	tb.Helper()
	files, err := proc.TempDir("shiken-chromium-")
	if err != nil {
		tb.Fatal(err)
	}
	b, err := launch(services.WholeChromium(tb), files, profile)
	if err != nil {
		tb.Fatal(err)
	}
	kill = sync.OnceFunc(b.kill)
	tb.Cleanup(kill)
	p = &Person{options: o, browser: b}
	p.first = p.open(tb, b.ctx)
	p.ctx = p.first.ctx
	return p, kill
}

// kill ends the process, and waits until it is gone.
func (b *Browser) kill() {
	process := chromedp.FromContext(b.ctx).Browser.Process()
	_ = process.Kill() // it may have ended
	b.close()
}

// Sleep stops every process of the person's Chromium, as a computer that sleeps does, until wake is called. Others
// in the same Chromium sleep, too, and whatever is asked of a tab meanwhile waits.
func (p *Person) Sleep() (wake func()) {
	p.first.tb.Helper()
	main := chromedp.FromContext(p.browser.ctx).Browser.Process().Pid
	signal := func(s syscall.Signal) {
		for _, pid := range proc.Tree(main) {
			_ = syscall.Kill(pid, s) // it may have ended
		}
	}
	signal(syscall.SIGSTOP)
	wake = sync.OnceFunc(func() { signal(syscall.SIGCONT) })
	p.first.tb.Cleanup(wake)
	return wake
}

// First is the tab with which the person began.
func (p *Person) First() *Tab { return p.first }

// Tab opens a further tab, with the same cookies.
func (p *Person) Tab(tb testing.TB) *Tab {
	tb.Helper()
	return p.open(tb, p.ctx)
}

// Carry gives the person's browser cookies that the site has set elsewhere.
func (p *Person) Carry(cookies []*http.Cookie) {
	p.first.tb.Helper()
	for _, c := range cookies {
		set := network.SetCookieParams{Name: c.Name, Value: c.Value, URL: p.options.Base}
		call(p.first, "carry a cookie", network.SetCookie, set)
	}
}

func (p *Person) open(tb testing.TB, parent context.Context, how ...chromedp.ContextOption) *Tab {
	tb.Helper()
	t := &Tab{tb: tb, base: p.options.Base, watch: newWatch(p.options.Base)}
	ctx, cancel := chromedp.NewContext(parent, append(how, chromedp.WithListener(t.heard))...)
	t.ctx = ctx
	tb.Cleanup(func() {
		cancel()
		for _, fault := range t.watch.take() {
			tb.Errorf("browser: %s", fault)
		}
	})
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(Width, Height), p.habits()); err != nil {
		tb.Fatalf("open a tab: %v", err)
	}
	return t
}

// habits gives a tab the person's language and whether scripts run.
func (p *Person) habits() chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		version, err := chromedp.Call(ctx, browser.GetVersion, cdp.Empty{})
		if err != nil {
			return err
		}
		// Headers that are set by hand would be left out of downloads.
		agent := emulation.SetUserAgentOverrideParams{UserAgent: version.UserAgent, AcceptLanguage: p.options.Language}
		_, err = chromedp.Call(ctx, emulation.SetUserAgentOverride, agent)
		if err != nil || !p.options.NoScript {
			return err
		}
		_, err = chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	})
}
