package main

import (
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"

	"github.com/chromedp/chromedp"

	"shiken/devtools/components/gallery"
	"shiken/devtools/services"
	"shiken/templates"
)

// window is one in which pictures are taken, in CSS pixels.
type window struct {
	name          string
	width, height int64
}

var windows = []window{{"phone", 390, 844}, {"desk", 1280, 900}}

// picture writes pictures of the states whose names begin with only, as STATE.WINDOW.THEME.LANG.png: in
// Japanese, and of the parts.
func picture(ctx context.Context, folder, only string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	browser, err := services.FindChromium()
	if err != nil {
		return err
	}
	server := httptest.NewServer(gallery.Handler())
	defer server.Close()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(browser), chromedp.NoSandbox, chromedp.Flag("hide-scrollbars", true))
	ctx, stop := chromedp.NewExecAllocator(ctx, options...)
	defer stop()
	tab, closeTab := chromedp.NewContext(ctx)
	defer closeTab()
	names := []string{"parts"}
	for _, state := range gallery.States() {
		names = append(names, state.Name)
	}
	for _, name := range names {
		if !strings.HasPrefix(name, only) {
			continue
		}
		for _, w := range windows {
			if err := takeAll(tab, server.URL, folder, name, w); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	return nil
}

// takeAll takes a state in both themes, and from right to left.
func takeAll(tab context.Context, base, folder, name string, w window) error {
	for _, look := range []gallery.Look{
		{Lang: "ja", Display: templates.Display{Theme: templates.ThemeLight}},
		{Lang: "ja", Display: templates.Display{Theme: templates.ThemeDark}},
		{Lang: "rtl", Display: templates.Display{Theme: templates.ThemeLight}},
	} {
		err := chromedp.Do(tab, chromedp.EmulateViewport(w.width, w.height), chromedp.Navigate(base+look.Path(name)), chromedp.WaitVisible("main"))
		if err != nil {
			return err
		}
		const png = 100
		shot, err := chromedp.Run(tab, chromedp.FullScreenshot(png))
		if err != nil {
			return err
		}
		file := filepath.Join(folder, fmt.Sprintf("%s.%s.%s.%s.png", name, w.name, look.Display.Theme, look.Lang))
		if err := os.WriteFile(file, shot, 0o644); err != nil {
			return err
		}
	}
	return nil
}
