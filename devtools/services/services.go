// Package services gives tests and development programs a private Postgres,
// a private Redis and the path of a Chromium. It installs nothing: a service
// comes from Docker when an engine answers, else from the binaries of the
// system. Servers listen on free loopback ports, keep their files in temporary
// folders, and end with the program that started them.
//
// A service that cannot be had skips the test visibly on a developer's
// machine; where CI is set it fails the test.
package services

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"testing"
	"time"
)

const (
	// startPatience bounds how long a server may take until it answers; a
	// first start in Docker includes pulling nothing, images are pulled before.
	startPatience = 2 * time.Minute
	// stopPatience bounds an orderly stop.
	stopPatience = time.Minute
	// pullPatience bounds fetching an image.
	pullPatience = 5 * time.Minute
)

// chromiums are the usual names of a whole Chromium or Chrome, shells those of one without a window's frame: it draws
// and runs pages with half the processor's time, but goes back to no page that it has kept.
var (
	chromiums = []string{"chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome"}
	shells    = []string{"chromium-headless-shell"}
)

// Chromium returns the path of what draws pages: SHIKEN_TEST_CHROMIUM, a shell where there is one, or a whole Chromium.
func Chromium(tb testing.TB) string {
	tb.Helper()
	return found(tb, FindChromium)
}

// WholeChromium returns the path of a Chromium that does all that a candidate's does: SHIKEN_TEST_CHROMIUM, or the
// first of the usual names on PATH.
func WholeChromium(tb testing.TB) string {
	tb.Helper()
	return found(tb, func() (string, error) { return findBrowser(chromiums) })
}

// FindChromium is Chromium for programs.
func FindChromium() (string, error) {
	return findBrowser(append(shells[:len(shells):len(shells)], chromiums...))
}

func found(tb testing.TB, find func() (string, error)) string {
	tb.Helper()
	path, err := find()
	if err != nil {
		missing(tb, "Chromium", err)
	}
	return path
}

func findBrowser(names []string) (string, error) {
	if path := os.Getenv("SHIKEN_TEST_CHROMIUM"); path != "" {
		return exec.LookPath(path)
	}
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("none of %s on PATH", strings.Join(names, ", "))
}

// Need skips the test, or fails it in CI, unless all of these programs are on
// this machine. A server that Docker provides need not be.
func Need(tb testing.TB, programs ...string) {
	tb.Helper()
	for _, name := range programs {
		inDocker := name == "initdb" || name == "postgres" || name == "redis-server"
		if inDocker && DockerEngine(context.Background()) {
			continue
		}
		if _, err := Find(name); err != nil {
			missing(tb, name, err)
		}
	}
}

// missing ends the test: what cannot be had is fatal in CI, else skipped.
func missing(tb testing.TB, what string, err error) {
	tb.Helper()
	if os.Getenv("CI") != "" {
		tb.Fatalf("%s is needed: %v", what, err)
	}
	tb.Skipf("%s is not available (make setup installs it): %v", what, err)
}

func portOr(want int) (int, error) {
	if want != 0 {
		return want, nil
	}
	return FreePort()
}

// Find returns the path of a binary on PATH or in the folders where Debian
// keeps servers; the newest version wins.
func Find(name string) (string, error) {
	if path, err := exec.LookPath(name); err == nil {
		return path, nil
	}
	places := []string{"/usr/sbin/" + name, "/usr/local/sbin/" + name}
	versioned, err := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if err != nil {
		return "", err
	}
	sort.Sort(sort.Reverse(sort.StringSlice(versioned)))
	for _, path := range append(places, versioned...) {
		if found, err := exec.LookPath(path); err == nil {
			return found, nil
		}
	}
	return "", fmt.Errorf("services: no %s on PATH or in /usr/lib/postgresql", name)
}

// Poll calls try until it succeeds, after a few milliseconds at first and then
// less often, since a server that starts needs the processor itself; the last
// error is returned when ctx ends first.
func Poll(ctx context.Context, try func(context.Context) error) error {
	const shortest, longest = 5 * time.Millisecond, 40 * time.Millisecond
	for pause := shortest; ; pause = min(pause+pause/4, longest) {
		err := try(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%w; last: %w", context.Cause(ctx), err)
		case <-time.After(pause):
		}
	}
}
