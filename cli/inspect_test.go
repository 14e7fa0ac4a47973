package cli_test

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"shiken/cli"
	"shiken/cli/phrase"
	"shiken/store"
	"shiken/store/sqlite"
)

// readers are the commands that only read.
var readers = [][]string{{"verify"}, {"user", "list"}, {"export", "sample-free"}}

// inspect runs a command on the database at path as it is; Open is not to be called.
func inspect(t *testing.T, path, lang string, words ...string) (code int, said string) {
	t.Helper()
	language, _ := phrase.Named(lang)
	var out bytes.Buffer
	terminal := &cli.Terminal{Out: &out, Err: &out, Language: language,
		Open: func(context.Context) (store.Store, error) {
			return nil, fmt.Errorf("%s opens the store to write", words)
		},
		Inspect: func(ctx context.Context) (store.Store, error) { return sqlite.OpenExisting(ctx, path) }}
	code = cli.Run(t.Context(), terminal, words[0], words[1:])
	return code, out.String()
}

func TestReadersSayThatThereIsNoDatabase(t *testing.T) {
	folder := t.TempDir()
	for lang, want := range map[string]string{"en": "There is no database here", "ja": "データベースがありません"} {
		for _, words := range readers {
			path := filepath.Join(folder, "mistyped", "shiken.db")
			code, said := inspect(t, path, lang, words...)
			if code != cli.ExitRefused || !strings.Contains(said, want) || !strings.Contains(said, path) {
				t.Errorf("shiken %s: exit code %d, said %q", words, code, said)
			}
		}
	}
}

func TestReadersDoNotMigrate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "shiken.db")
	s, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for lang, want := range map[string]string{"en": "shiken migrate", "ja": "古いままです"} {
		for _, words := range readers {
			code, said := inspect(t, path, lang, words...)
			if code != cli.ExitRefused || !strings.Contains(said, want) {
				t.Errorf("shiken %s: exit code %d, said %q", words, code, said)
			}
		}
	}
}

func TestVerifyTellsHowManyItChecked(t *testing.T) {
	sh := newShell(t)
	sh.store()
	for lang, want := range map[string][]string{
		"en": {"0 attempts were checked.", "0 entries of the audit log were checked.", "Everything is sound."}, "ja": {"受験記録0件を照合しました。", "監査ログ0件を照合しました。"},
	} {
		code, said := inspect(t, sh.path, lang, "verify")
		if code != cli.ExitOK {
			t.Errorf("exit code %d", code)
		}
		wantContains(t, said, want...)
	}
}
