// Package browser drives a headless Chromium as a person would: by mouse and
// keys, in tabs that share a person's cookies, with JavaScript or without. It
// notes what a page must never do: ask another host, break its content policy,
// write errors to the console. It knows nothing of the product.
package browser

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"shiken/devtools/services"
)

const (
	// Width and Height are those of a laptop's window, in CSS pixels.
	Width, Height = 1100, 900
	// patience bounds every wait; reaching it fails the test.
	patience = 30 * time.Second
)

// Browser is a running Chromium.
type Browser struct {
	ctx   context.Context
	close func()
}

// Start starts a Chromium that ends with the test; where there is none the
// test is skipped, in CI it fails.
func Start(tb testing.TB) *Browser {
	tb.Helper()
	b, err := Launch(services.Chromium(tb))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(b.Close)
	return b
}

// Launch starts the Chromium with this path, which ends with Close or with the
// program.
func Launch(path string) (*Browser, error) {
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.WindowSize(Width, Height))
	alloc, cancelAlloc := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, cancel := chromedp.NewContext(alloc)
	b := &Browser{ctx: ctx, close: func() { cancel(); cancelAlloc() }}
	if err := chromedp.Do(ctx); err != nil {
		b.Close()
		return nil, fmt.Errorf("browser: start Chromium: %w", err)
	}
	return b, nil
}

// Close ends the browser and removes its files.
func (b *Browser) Close() { b.close() }

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
	ctx     context.Context // of the first tab, which holds the cookies
	first   *Tab
}

// Person starts browsing with an empty tab. It ends with the test, which fails
// when one of the person's tabs met a fault.
func (b *Browser) Person(tb testing.TB, o Options) *Person {
	tb.Helper()
	p := &Person{options: o}
	p.first = p.open(tb, b.ctx, chromedp.WithNewBrowserContext())
	p.ctx = p.first.ctx
	return p
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
		if _, err := chromedp.Call(p.ctx, network.SetCookie, set); err != nil {
			p.first.fail("carry a cookie", err)
		}
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
