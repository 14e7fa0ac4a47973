// Command screenshots takes the pictures of the README: it runs the embedded shape in a temporary
// folder, sits the samples in a headless Chromium, and writes docs/screenshots/*.png. With --all it
// also takes narrow and dark ones, into the folder named by --to.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"shiken/devtools/browser"
	"shiken/devtools/cluster"
	"shiken/devtools/deps"
	"shiken/devtools/services"
)

func main() {
	to := flag.String("to", "", "folder for the pictures (default: docs/screenshots of the tree)")
	all := flag.Bool("all", false, "also narrow and dark ones, of every page")
	flag.Parse()
	if err := run(context.Background(), *to, *all); err != nil {
		fmt.Fprintln(os.Stderr, "screenshots:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, to string, all bool) error {
	if to == "" {
		root, err := deps.Root()
		if err != nil {
			return err
		}
		to = filepath.Join(root, "docs", "screenshots")
	}
	if err := os.MkdirAll(to, 0o750); err != nil {
		return err
	}
	path, err := services.FindChromium()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "shiken-screenshots-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	site, err := startSite(ctx, dir)
	if err != nil {
		return err
	}
	defer site.Kill()
	for _, look := range looks(all) {
		v := &visit{to: to, site: site.URL(), look: look, all: all}
		if err := v.take(path); err != nil {
			return fmt.Errorf("%s: %w", look.suffix, err)
		}
	}
	return nil
}

func startSite(ctx context.Context, dir string) (*cluster.Instance, error) {
	binary, err := cluster.Build(ctx, dir)
	if err != nil {
		return nil, err
	}
	port, err := services.FreePort()
	if err != nil {
		return nil, err
	}
	site := cluster.NewInstance("screenshots", binary, fmt.Sprintf("127.0.0.1:%d", port), filepath.Join(dir, "log"),
		map[string]string{"SHIKEN_DATA": filepath.Join(dir, "data"), "SHIKEN_TZ": "Asia/Tokyo"})
	return site, site.Start(ctx)
}

// look is how a person sees the pages.
type look struct {
	suffix string
	browser.Options
}

func looks(all bool) []look {
	out := []look{
		{"en", browser.Options{Lang: "en", Width: 1100, Height: 780}},
		{"ja", browser.Options{Lang: "ja", Width: 1100, Height: 780}},
	}
	if all {
		out = append(out,
			look{"en-phone", browser.Options{Lang: "en", Width: 360, Height: 740}},
			look{"ja-phone-dark", browser.Options{Lang: "ja", Width: 360, Height: 740, Dark: true}},
			look{"ja-dark", browser.Options{Lang: "ja", Width: 1100, Height: 780, Dark: true}},
		)
	}
	return out
}

// readme names the pictures that the README shows.
var readme = map[string]bool{
	"question-en": true, "home-ja": true, "conflict-en": true, "review-ja": true, "result-en": true,
}
