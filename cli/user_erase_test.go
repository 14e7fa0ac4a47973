package cli_test

import (
	"errors"
	"strings"
	"testing"

	"shiken/cli"
	"shiken/store"
)

// TestUserErase: looked at, confirmed, done; verify is content, and says so.
func TestUserErase(t *testing.T) {
	sh := newShell(t)
	sh.run(cli.ExitOK, "", "user", "add", "hana", "--name", "山田 花", "--groups", "a")
	sh.run(cli.ExitOK, "", "user", "add", "root", "--role", "admin")
	for _, args := range [][]string{{"--dry-run"}, {"--confirm", "hana", "--dry-run"}} {
		_, said := sh.run(cli.ExitOK, "", append([]string{"user", "erase", "hana"}, args...)...)
		wantContains(t, said, "Would be erased", "Nothing was erased")
	}
	for _, args := range [][]string{nil, {"--confirm", "Root"}} {
		_, said := sh.run(cli.ExitRefused, "", append([]string{"user", "erase", "hana"}, args...)...)
		wantContains(t, said, "cannot be undone", "--confirm hana")
	}
	if _, err := sh.store().UserByName(t.Context(), "hana"); err != nil {
		t.Fatal(err)
	}
	sh.lang = "ja"
	_, said := sh.run(cli.ExitOK, "", "user", "erase", "Hana", "--confirm", "HANA")
	wantContains(t, said, "消去したもの", "バックアップには")
	sh.lang = "en"
	if _, err := sh.store().UserByName(t.Context(), "hana"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("she is there still: %v", err)
	}
	out, said := sh.run(cli.ExitOK, "", "verify")
	wantContains(t, out, "audit 1: erased: a part, as entry 3 records")
	wantContains(t, said, "sound")
	_, said = sh.run(cli.ExitRefused, "", "user", "erase", "root", "--confirm", "root")
	wantContains(t, said, "last active administrator")
	_, said = sh.run(cli.ExitRefused, "", "user", "erase", "hana", "--confirm", "hana")
	wantContains(t, said, `no user "hana"`)
	sh.run(cli.ExitOK, "", "user", "add", "ken")
	ken, err := sh.store().UserByName(t.Context(), "ken")
	must(t, err)
	_, said = sh.run(cli.ExitRefused, "", "user", "erase", ken.ID)
	wantContains(t, said, "--confirm "+ken.ID)
	sh.run(cli.ExitOK, "", "user", "erase", ken.ID, "--confirm", ken.ID)
	_, said = sh.run(cli.ExitRefused, "", "user", "erase", ken.ID, "--confirm", ken.ID)
	wantContains(t, said, "erased already")
	list, _ := sh.run(cli.ExitOK, "", "user", "list")
	if !strings.Contains(list, "root") || strings.Contains(list, "hana") || strings.Contains(list, "erased") {
		t.Errorf("the list says %q, want root alone", list)
	}
}
