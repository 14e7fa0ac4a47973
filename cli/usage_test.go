package cli_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shiken/cli"
	"shiken/cli/phrase"
)

// A flag that nothing takes is told as such, before the command and behind it, and without its value.
func TestUnknownFlags(t *testing.T) {
	for _, words := range [][]string{
		{"--port", "8081"}, {"--port=8081"}, {"-port"}, {"serve", "--port=8081"}, {"migrate", "--port"}, {"load", "--port=8081", "x"},
		{"user", "list", "--port"}, {"user", "add", "-port", "x"}, {"verify", "--port"}, {"backup", "--port"},
	} {
		_, said := newShell(t).run(cli.ExitUsage, "", words...)
		if !strings.Contains(said, `There is no flag "--port" here.`) || strings.Contains(said, "8081") {
			t.Errorf("%q: %q", words, said)
		}
	}
}

// Each half of a command explains itself, in both languages.
func TestHelpOfSubcommands(t *testing.T) {
	for _, lang := range []string{"en", "ja"} {
		sh := newShell(t)
		sh.lang = lang
		for _, name := range []string{"add", "import", "passwd", "list"} {
			about, _ := sh.run(cli.ExitOK, "", "user", name, "--help")
			wantContains(t, about, "\nshiken user "+name)
			same, _ := sh.run(cli.ExitOK, "", "help", "user", name)
			if all, _ := sh.run(cli.ExitOK, "", "user", "--help"); same != about || all == about {
				t.Errorf("help user %s: %q", name, same)
			}
		}
		sh.run(cli.ExitUsage, "", "help", "user", "delete")
		if out, _ := sh.run(cli.ExitOK, "", "--help"); strings.Contains(out, "`") {
			t.Errorf("a backtick is shown: %s", out)
		}
	}
}

// A file that is there already is written over when that is asked for, and only then.
func TestExportOverwritesOnlyByForce(t *testing.T) {
	sh := newShell(t)
	sh.run(cli.ExitOK, dots, "load", "-", "--set=dots")
	to := filepath.Join(t.TempDir(), "notes.gift")
	if err := os.WriteFile(to, []byte("notes"), 0o600); err != nil {
		t.Fatal(err)
	}
	words := []string{"export", "--set=dots", "--format=gift", "-o", to}
	_, said := sh.run(cli.ExitRefused, "", words...)
	wantContains(t, said, to, "--force")
	if kept, err := os.ReadFile(to); err != nil || string(kept) != "notes" { //nolint:gosec // of this test
		t.Errorf("the file holds %q, %v", kept, err)
	}
	sh.run(cli.ExitOK, "", append(words, "--force")...)
	if written, err := os.ReadFile(to); err != nil || string(written) == "notes" { //nolint:gosec // of this test
		t.Errorf("the file holds %q, %v", written, err)
	}
}

// Who finds the address taken is told another one.
func TestTakenAddress(t *testing.T) {
	for addr, want := range map[string]string{
		"127.0.0.1:8080": "--addr 127.0.0.1:8081", ":9000": "--addr :9001", "[::1]:80": "--addr [::1]:81",
		"127.0.0.1:65535": "--addr 127.0.0.1:8081", "localhost:http": "--addr 127.0.0.1:8081",
	} {
		var said bytes.Buffer
		terminal := &cli.Terminal{Out: &said, Err: &said, Language: phrase.English, Serve: func(context.Context) error {
			return fmt.Errorf("serve: %w", &cli.AddressTakenError{Addr: addr})
		}}
		if code := cli.Run(t.Context(), terminal, "serve", nil); code != cli.ExitRefused {
			t.Errorf("%s: exit code %d", addr, code)
		}
		wantContains(t, said.String(), addr, want)
	}
}
