// Command screenshots takes the pictures of the README: it serves the embedded
// shape with its samples from a temporary folder, sits an exam in headless
// Chromium and writes the pages to docs/screenshots.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/chromedp/chromedp"

	"shiken/devtools/cluster"
	"shiken/devtools/deps"
	"shiken/devtools/proc"
	"shiken/devtools/services"
)

// patience bounds the whole run, the build included.
const patience = 5 * time.Minute

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := take(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "screenshots:", err)
		os.Exit(1)
	}
}

func take(ctx context.Context) (err error) {
	root, err := deps.Root()
	if err != nil {
		return err
	}
	browser, err := services.FindChromium()
	if err != nil {
		return err
	}
	i, end, err := serve(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, end()) }()
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(browser), chromedp.NoSandbox, chromedp.Flag("hide-scrollbars", true))
	ctx, stop := chromedp.NewExecAllocator(ctx, options...)
	defer stop()
	folder := filepath.Join(root, "docs", "screenshots")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	return newPhotographer(i.URL(), folder).run(ctx)
}

// serve starts the program and returns it with how to end it.
func serve(ctx context.Context) (*cluster.Instance, func() error, error) {
	dir, err := proc.TempDir("shiken-screenshots-")
	if err != nil {
		return nil, nil, err
	}
	binary, err := cluster.Build(ctx, dir)
	if err != nil {
		return nil, nil, err
	}
	port, err := services.FreePort()
	if err != nil {
		return nil, nil, err
	}
	i := cluster.NewInstance("shiken", binary, fmt.Sprintf("127.0.0.1:%d", port), filepath.Join(dir, "log"), map[string]string{
		"SHIKEN_DATA": filepath.Join(dir, "data"), "SHIKEN_DEMO": "1", "SHIKEN_ADMIN_PASSWORD": "screenshots-admin",
	})
	end := func() error { return errors.Join(i.Terminate(), os.RemoveAll(dir)) }
	if err := i.Start(ctx); err != nil {
		return nil, nil, errors.Join(err, end())
	}
	return i, end, nil
}
