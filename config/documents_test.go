package config_test

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"shiken/cli/phrase"
	"shiken/config"
)

var update = flag.Bool("update", false, "write the table of settings into README.md")

// The README's table stands between these lines.
const (
	tableBegins = "<!-- settings -->\n"
	tableEnds   = "<!-- /settings -->\n"
)

// TestREADMETable compares the README's table with the one made from the settings; with -update it
// writes it there.
func TestREADMETable(t *testing.T) {
	const path = "../README.md"
	readme, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, begins := strings.Cut(string(readme), tableBegins)
	table, after, ends := strings.Cut(rest, tableEnds)
	if !begins || !ends {
		t.Fatalf("README.md has no place for the settings, between %q and %q", tableBegins, tableEnds)
	}
	want := "\n" + config.Table(phrase.English) + "\n"
	if table == want {
		return
	}
	if !*update {
		t.Fatal("README.md does not hold the settings as they are; go test ./config -run README -update writes them")
	}
	if err := os.WriteFile(path, []byte(before+tableBegins+want+tableEnds+after), 0o644); err != nil {
		t.Fatal(err)
	}
}

var placeholder = regexp.MustCompile(`\{[a-z_]+\}|config\.[a-z]+\.`)

func TestDocumentsNameEverything(t *testing.T) {
	for _, tag := range []string{"en", "ja"} {
		language, _ := phrase.Named(tag)
		table, help := config.Table(language), config.Help(language)
		for _, name := range config.Names() {
			if !strings.Contains(table, "| `"+name+"` | `--") || !strings.Contains(help, "("+name+")") {
				t.Errorf("%s: %s is missing from table or help", tag, name)
			}
		}
		if m := placeholder.FindString(table + help); m != "" {
			t.Errorf("%s: a text is missing: %q", tag, m)
		}
		for line := range strings.Lines(table) {
			if strings.Count(line, "|") != 5 {
				t.Errorf("%s: not four columns: %q", tag, line)
			}
		}
	}
}

func TestSigningKeyIsMadeOnce(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "new", "data")
	keys := make([]string, 20)
	var all sync.WaitGroup
	for i := range keys {
		all.Go(func() {
			cfg, _, err := config.Load([]string{"--data", folder}, os.Getenv)
			if err != nil {
				t.Error(err)
				return
			}
			key, err := cfg.SigningKey()
			if err != nil {
				t.Error(err)
			}
			keys[i] = string(key)
		})
	}
	all.Wait()
	if len(keys[0]) < config.MinSecretBytes || len(slices.Compact(keys)) != 1 {
		t.Errorf("keys differ or are short: %d of %d bytes", len(slices.Compact(keys)), len(keys[0]))
	}
	files, err := os.ReadDir(folder)
	if err != nil || len(files) != 1 {
		t.Errorf("data folder holds %v (%v), want the secret only", files, err)
	}
	info, err := os.Stat(filepath.Join(folder, "secret"))
	if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("secret's mode: %v, %v", info.Mode(), err)
	}
}

func TestSigningKeyRefusesABrokenFile(t *testing.T) {
	cfg := load(t, []string{"--data", t.TempDir()}, nil)
	if err := os.WriteFile(filepath.Join(cfg.Data, "secret"), []byte("short\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if key, err := cfg.SigningKey(); err == nil {
		t.Errorf("a short secret was taken: %q", key)
	}
}
