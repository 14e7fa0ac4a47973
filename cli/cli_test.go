package cli_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shiken/cli"
	"shiken/cli/phrase"
	"shiken/devtools/migrated"
	"shiken/store"
	"shiken/store/sqlite"
)

// shell runs commands on one data folder, as a terminal does: each opens and closes the store.
type shell struct {
	t    *testing.T
	path string
	lang string
}

func newShell(t *testing.T) *shell {
	t.Helper()
	return &shell{t: t, path: filepath.Join(t.TempDir(), "shiken.db"), lang: "en"}
}

// open opens the store as a command does; where there is none, that of a data folder that was migrated before.
func (sh *shell) open(ctx context.Context) (store.Store, error) {
	if _, err := os.Stat(sh.path); errors.Is(err, fs.ErrNotExist) {
		if err := migrated.File(sh.path); err != nil {
			return nil, err
		}
	}
	s, err := sqlite.Open(ctx, sh.path)
	if err != nil {
		return nil, err
	}
	_, err = s.Migrate(ctx)
	return s, err
}

func (sh *shell) migrate(ctx context.Context) (int, error) {
	s, err := sqlite.Open(ctx, sh.path)
	if err != nil {
		return 0, err
	}
	n, err := s.Migrate(ctx)
	return n, errors.Join(err, s.Close())
}

// store opens the store for a look.
func (sh *shell) store() store.Store {
	sh.t.Helper()
	s, err := sh.open(sh.t.Context())
	if err != nil {
		sh.t.Fatal(err)
	}
	sh.t.Cleanup(func() {
		if err := s.Close(); err != nil {
			sh.t.Error(err)
		}
	})
	return s
}

// run runs a command line, and requires its exit code.
func (sh *shell) run(wantCode int, stdin string, words ...string) (out, said string) {
	sh.t.Helper()
	var stdout, stderr bytes.Buffer
	language, ok := phrase.Named(sh.lang)
	if !ok {
		sh.t.Fatalf("no language %q", sh.lang)
	}
	terminal := &cli.Terminal{In: strings.NewReader(stdin), Out: &stdout, Err: &stderr, Language: language,
		Open: sh.open, Inspect: sh.open, Migrate: sh.migrate}
	if code := cli.Run(sh.t.Context(), terminal, words[0], words[1:]); code != wantCode {
		sh.t.Fatalf("shiken %s: exit code %d, want %d\n%s%s", strings.Join(words, " "), code, wantCode, &stdout, &stderr)
	}
	return stdout.String(), stderr.String()
}

// file writes a file beside the data folder.
func (sh *shell) file(name, content string) string {
	sh.t.Helper()
	path := filepath.Join(filepath.Dir(sh.path), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		sh.t.Fatal(err)
	}
	return path
}

func wantContains(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q is not in:\n%s", part, text)
		}
	}
}

func TestUsage(t *testing.T) {
	sh := newShell(t)
	for name, words := range map[string][]string{
		"unknown command":    {"lod"},
		"flag for a command": {"--adr"},
		"unknown flag":       {"load", "--sets", "x"},
		"no file":            {"load"},
		"unknown format":     {"load", "--format=docx", "x"},
		"unknown report":     {"load", "--report=xml", "x"},
		"unknown language":   {"load", "--lang=fr", "x"},
		"nameless set":       {"load", "-"},
		"half a command":     {"user"},
		"unknown half":       {"user", "delete", "x"},
		"no username":        {"user", "add"},
		"two usernames":      {"user", "add", "a", "b"},
		"unknown role":       {"user", "add", "a", "--role", "teacher"},
		"no roster":          {"user", "import"},
		"surplus":            {"user", "list", "x"},
		"surplus to verify":  {"verify", "x"},
		"surplus to migrate": {"migrate", "x"},
		"surplus to version": {"version", "x"},
		"surplus to serve":   {"serve", "x"},
		"surplus to health":  {"healthcheck", "x"},
		"no exam to export":  {"export"},
		"two to export":      {"export", "a", "b"},
		"exam and set":       {"export", "a", "--set", "b"},
		"format of an exam":  {"export", "a", "--format", "csv"},
		"export to nothing":  {"export", "--set", "a"},
		"unknown to write":   {"export", "--set", "a", "--format", "exam"},
		"export in a tongue": {"export", "a", "--lang", "fr"},
		"help for nothing":   {"help", "lod"},
	} {
		t.Run(name, func(t *testing.T) {
			inner := *sh
			inner.t = t
			out, said := inner.run(cli.ExitUsage, "", words...)
			if out != "" || !strings.Contains(said, "shiken help") {
				t.Errorf("out %q, said %q", out, said)
			}
		})
	}
	if _, err := os.Stat(sh.path); err == nil {
		t.Error("a command that cannot be understood opened the database")
	}
}

func TestHelp(t *testing.T) {
	for _, lang := range []string{"en", "ja"} {
		sh := newShell(t)
		sh.lang = lang
		out, _ := sh.run(cli.ExitOK, "", "--help")
		for _, name := range []string{"serve", "load", "export", "user", "verify", "migrate", "healthcheck", "version", "help"} {
			wantContains(t, out, "\n  "+name+" ")
			about, _ := sh.run(cli.ExitOK, "", "help", name)
			wantContains(t, about, "shiken "+name)
			same, _ := sh.run(cli.ExitOK, "", name, "--help")
			if same != about {
				t.Errorf("%s --help differs from help %s", name, name)
			}
		}
		wantContains(t, out, "--addr (SHIKEN_ADDR)", "--log (SHIKEN_LOG)")
	}
}

func TestVersion(t *testing.T) {
	out, _ := newShell(t).run(cli.ExitOK, "", "version")
	wantContains(t, out, "shiken ", "go1.")
}

func TestMigrate(t *testing.T) {
	sh := newShell(t)
	_, first := sh.run(cli.ExitOK, "", "migrate")
	_, second := sh.run(cli.ExitOK, "", "migrate")
	wantContains(t, first, "up to date after ")
	wantContains(t, second, "is up to date.")
}

func TestFailuresAreTold(t *testing.T) {
	sh := newShell(t)
	var said bytes.Buffer
	for _, tt := range []struct {
		err  error
		want string
	}{
		{store.ErrUnavailable, "cannot be reached"}, {store.ErrNotDurable, "may lose answers"},
		{context.Canceled, "interrupted"}, {errors.New("strange"), "strange"},
	} {
		terminal := &cli.Terminal{Out: &said, Err: &said, Language: phrase.English,
			Open:    func(context.Context) (store.Store, error) { return nil, tt.err },
			Inspect: func(context.Context) (store.Store, error) { return nil, tt.err }}
		if code := cli.Run(t.Context(), terminal, "user", []string{"list"}); code != cli.ExitRefused {
			t.Errorf("%v: exit code %d", tt.err, code)
		}
		wantContains(t, said.String(), tt.want)
		said.Reset()
	}
	_, text := sh.run(cli.ExitRefused, "", "load", filepath.Join(t.TempDir(), "missing.csv"))
	wantContains(t, text, "missing.csv")
}

// Serving fails in the words of any command.
func TestServeAndHealthcheckTellTheirFailure(t *testing.T) {
	for name, tt := range map[string]struct {
		lang string
		err  error
		want string
	}{
		"serve":       {"ja", fmt.Errorf("fsync is off: %w", store.ErrNotDurable), "fsync is off"},
		"healthcheck": {"ja", errors.New("503 Service Unavailable"), "準備ができていません"},
	} {
		language, _ := phrase.Named(tt.lang)
		var said bytes.Buffer
		fail := func(context.Context) error { return tt.err }
		terminal := &cli.Terminal{Out: &said, Err: &said, Language: language, Serve: fail, Ready: fail}
		if code := cli.Run(t.Context(), terminal, name, nil); code != cli.ExitRefused {
			t.Errorf("%s: exit code %d", name, code)
		}
		wantContains(t, said.String(), tt.want)
		tt.err = nil
		if code := cli.Run(t.Context(), terminal, name, nil); code != cli.ExitOK {
			t.Errorf("%s: exit code %d", name, code)
		}
	}
}
