// Command screenshots takes the pictures of docs/screenshots, some of which the
// README shows: it serves the embedded shape with its samples and a made-up
// class from a temporary folder, and looks at the pages in headless Chromium, as
// a candidate who sits an exam and as staff.
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
	"shiken/store/sqlite"
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
	dir, err := proc.TempDir("shiken-screenshots-")
	if err != nil {
		return err
	}
	i, class, end, err := serve(ctx, dir)
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
	p := &photographer{base: i.URL(), folder: folder, temp: dir}
	return errors.Join(p.candidate(ctx), p.staff(ctx, class))
}

// adminPassword is that of admin.
const adminPassword = "screenshots-admin"

// serve starts the program on a furnished folder and returns it with how to end
// it. What is written to the data folder is written while no program runs.
func serve(ctx context.Context, dir string) (i *cluster.Instance, class *school, end func() error, err error) {
	binary, err := cluster.Build(ctx, dir)
	if err != nil {
		return nil, nil, nil, err
	}
	port, err := services.FreePort()
	if err != nil {
		return nil, nil, nil, err
	}
	data := filepath.Join(dir, "data")
	i = cluster.NewInstance("shiken", binary, fmt.Sprintf("127.0.0.1:%d", port), filepath.Join(dir, "log"), map[string]string{
		"SHIKEN_DATA": data, "SHIKEN_DEMO": "1", "SHIKEN_ADMIN_PASSWORD": adminPassword, "SHIKEN_TZ": "Asia/Tokyo",
	})
	end = func() error { return errors.Join(i.Terminate(), os.RemoveAll(dir)) }
	if err := errors.Join(i.Start(ctx), i.Terminate()); err != nil {
		return nil, nil, nil, errors.Join(err, end())
	}
	s, err := sqlite.Open(ctx, filepath.Join(data, "shiken.db"))
	if err != nil {
		return nil, nil, nil, errors.Join(err, end())
	}
	end = func() error { return errors.Join(i.Terminate(), s.Close(), os.RemoveAll(dir)) }
	if class, err = furnish(ctx, s); err == nil {
		err = i.Start(ctx)
	}
	if err != nil {
		return nil, nil, nil, errors.Join(err, end())
	}
	return i, class, end, nil
}
