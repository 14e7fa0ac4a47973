package cli_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"testing"

	"shiken/backup"
	"shiken/cli"
	"shiken/cli/phrase"
	"shiken/store"
)

// copying runs backup or restore, which comes back with this.
func copying(t *testing.T, lang string, copied backup.Copied, err error, words ...string) (code int, said string) {
	t.Helper()
	language, _ := phrase.Named(lang)
	var out bytes.Buffer
	work := func(_ context.Context, folder string, faults io.Writer) (backup.Copied, error) {
		_, _ = fmt.Fprintf(faults, "of %s\n", folder)
		return copied, err
	}
	terminal := &cli.Terminal{Out: &out, Err: &out, Language: language, Backup: work, Restore: work}
	return cli.Run(t.Context(), terminal, words[0], words[1:]), out.String()
}

func TestBackupSaysWhatItDid(t *testing.T) {
	sound := backup.Copied{Verified: store.Verified{Attempts: 3, Entries: 2}, Secret: true}
	faulty, old, bare := sound, sound, sound
	faulty.Faults, old.Old, bare.Secret = 2, true, false
	tests := []struct {
		name   string
		copied backup.Copied
		err    error
		code   int
		en, ja string
	}{
		{"sound", sound, nil, cli.ExitOK, "Everything is sound.", "すべて正しく保存されています。"},
		{"faults", faulty, nil, cli.ExitRefused, "2 faults were found.", "2件の異常が見つかりました。"},
		{"old", old, nil, cli.ExitOK, "older than this program", "このプログラムより古い"},
		{"no secret", bare, nil, cli.ExitOK, "SHIKEN_SECRET is not in it", "SHIKEN_SECRET は含まれていません"},
		{"cluster", sound, cli.ErrClusterData, cli.ExitRefused, "scripts/postgres-backup.sh", "scripts/postgres-restore.sh"},
		{"occupied", sound, fmt.Errorf("%w: /there", backup.ErrOccupied), cli.ExitRefused, "/there", "/there"},
		{"damaged", sound, fmt.Errorf("%w: page 4", backup.ErrDamaged), cli.ExitRefused, "page 4", "壊れている"},
		{"nothing", sound, fmt.Errorf("%w: /mistyped", store.ErrNoDatabase), cli.ExitRefused, "/mistyped", "データベースがありません"},
	}
	for _, tt := range tests {
		for lang, want := range map[string]string{"en": tt.en, "ja": tt.ja} {
			for _, command := range []string{"backup", "restore"} {
				t.Run(strings.Join([]string{tt.name, lang, command}, " "), func(t *testing.T) {
					code, said := copying(t, lang, tt.copied, tt.err, command, "/there")
					if code != tt.code {
						t.Errorf("exit code %d, want %d", code, tt.code)
					}
					wantContains(t, said, "of /there", want)
				})
			}
		}
	}
}

func TestBackupNeedsOneFolder(t *testing.T) {
	for _, command := range []string{"backup", "restore"} {
		for want, args := range map[string][]string{"FOLDER is missing": {command}, "one too many": {command, "a", "b"}} {
			code, said := copying(t, "en", backup.Copied{}, nil, args...)
			if code != cli.ExitUsage {
				t.Errorf("%q: exit code %d", args, code)
			}
			wantContains(t, said, want)
		}
	}
}
