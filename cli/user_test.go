package cli_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"shiken/accounts"
	"shiken/cli"
	"shiken/cli/phrase"
	"shiken/store"
)

// mayEnter reports whether a password opens an account.
func (sh *shell) mayEnter(username, password string) bool {
	sh.t.Helper()
	return mayEnter(sh.t, sh.store(), username, password)
}

func mayEnter(t *testing.T, s store.Store, username, password string) bool {
	t.Helper()
	a := accounts.Authenticator{Accounts: s, Hasher: accounts.NewHasher()}
	v, err := a.Check(t.Context(), username, password, accounts.Client{Prefix: "127.0.0.0/24", Local: true})
	if err != nil {
		t.Fatal(err)
	}
	return v.Kind == accounts.OK
}

// told reads the passwords that a command made.
func told(t *testing.T, out string) map[string]string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(out)).ReadAll()
	if err != nil || len(rows) < 2 {
		t.Fatalf("no passwords in %q (%v)", out, err)
	}
	passwords := map[string]string{}
	for _, row := range rows[1:] {
		passwords[row[0]] = row[1]
	}
	return passwords
}

func TestUserAddAndPasswd(t *testing.T) {
	sh := newShell(t)
	out, _ := sh.run(cli.ExitOK, "", "user", "add", "Hana", "--name", "山田 花", "--role", "author, candidate", "--groups", "a;b", "--extra", "25")
	if password := told(t, out)["hana"]; !sh.mayEnter("hana", password) {
		t.Errorf("the made password %q does not open the account", password)
	}
	user, err := sh.store().UserByName(t.Context(), "hana")
	if err != nil || user.Name != "山田 花" || user.ExtraPercent != 25 || !slices.Equal(user.Groups, []string{"a", "b"}) ||
		!slices.Equal(user.Roles, []store.Role{store.RoleAuthor, store.RoleCandidate}) {
		t.Errorf("stored %+v, %v", user, err)
	}
	out, _ = sh.run(cli.ExitOK, "given password\r\nmore", "user", "add", "ken", "--password-stdin")
	if out != "" || !sh.mayEnter("ken", "given password") {
		t.Errorf("a given password: wrote %q", out)
	}
	_, said := sh.run(cli.ExitRefused, "", "user", "add", "HANA")
	wantContains(t, said, `"hana" already`)

	out, _ = sh.run(cli.ExitOK, "", "user", "passwd", "hana")
	if !sh.mayEnter("hana", told(t, out)["hana"]) {
		t.Error("the new password does not open the account")
	}
	sh.run(cli.ExitOK, "another password", "user", "passwd", "hana", "--password-stdin")
	if !sh.mayEnter("hana", "another password") {
		t.Error("the given password does not open the account")
	}
}

func TestUserRefusals(t *testing.T) {
	sh := newShell(t)
	for want, words := range map[string][]string{
		"letters, digits":   {"user", "add", "a b"},
		"extra time":        {"user", "add", "a", "--extra", "301"},
		"at least 8":        {"user", "add", "a", "--password-stdin"},
		`no user "nobody"`:  {"user", "passwd", "nobody"},
		`no user "a b"`:     {"user", "passwd", "a b"},
		"too short; take a": {"user", "passwd", "a", "--password-stdin"},
	} {
		_, said := sh.run(cli.ExitRefused, "short\n", words...)
		wantContains(t, said, want)
	}
	_, said := sh.run(cli.ExitRefused, strings.Repeat("x", 300)+"\n", "user", "add", "a", "--password-stdin")
	wantContains(t, said, "at most 256")
	if n, err := sh.store().CountUsers(t.Context()); err != nil || n != 0 {
		t.Errorf("%d users, %v", n, err)
	}
}

func TestUserImportAndList(t *testing.T) {
	sh := newShell(t)
	roster := sh.file("roster.csv", "username,name,password,groups,extra_time_percent\n"+
		"hana,Hana,correct horse,2026;a,50\nken,,,2026,\n")
	sh.run(cli.ExitOK, "", "migrate")
	out, said := sh.run(cli.ExitOK, "", "user", "import", "--dry-run", roster)
	wantContains(t, said, "To be made: 2. To be updated: 0. Unchanged: 0. Passwords to be made: 1. Nothing was stored.", "Groups to be made: 2026;a.")
	if n, err := sh.store().CountUsers(t.Context()); err != nil || n != 0 || out != "" {
		t.Errorf("a dry run made %d users and wrote %q, %v", n, out, err)
	}
	out, said = sh.run(cli.ExitOK, "", "user", "import", roster)
	made := told(t, out)
	if len(made) != 1 || !sh.mayEnter("ken", made["ken"]) || !sh.mayEnter("hana", "correct horse") {
		t.Errorf("made %v", made)
	}
	wantContains(t, said, "People in the roster: 2. New: 2. Updated: 0. Unchanged: 0.")
	out, said = sh.run(cli.ExitOK, "", "user", "import", roster)
	if out != "" {
		t.Errorf("a second import wrote %q", out)
	}
	wantContains(t, said, "People in the roster: 2. New: 0. Updated: 0. Unchanged: 2.")
	if !sh.mayEnter("ken", made["ken"]) {
		t.Error("an empty password was not kept")
	}
	list, _ := sh.run(cli.ExitOK, "", "user", "list")
	wantContains(t, list, "username", "hana      Hana  candidate  2026;a", "ken       ken   candidate  2026")
	if strings.Contains(list, "argon2") || strings.Contains(list, "50") {
		t.Error("the list shows hashes, or extra time: " + list)
	}
}

func TestUserImportIsAllOrNothing(t *testing.T) {
	sh := newShell(t)
	roster := sh.file("roster.csv", "username,name,password,groups,extra_time_percent\n"+
		"hana,,,,\nken,,short,,\nken,,,,400\n")
	for lang, want := range map[string][]string{
		"en": {roster + ":3: password: ", roster + ":4: username: ", roster + ":4: extra_time_percent: ", "Nothing was changed."},
		"ja": {"3行目にもあります", "何も変更しませんでした"},
	} {
		sh.lang = lang
		_, said := sh.run(cli.ExitRefused, "", "user", "import", roster)
		wantContains(t, said, want...)
	}
	if n, err := sh.store().CountUsers(t.Context()); err != nil || n != 0 {
		t.Errorf("%d users, %v", n, err)
	}
}

// failing is a store that loses its database when a roster is stored: before it is, or before the answer.
type failing struct {
	store.Store
	stored bool
	err    error
}

func (f *failing) By(act store.Act) store.Actions { return failingActions{f.Store.By(act), f} }

type failingActions struct {
	store.Actions
	failing *failing
}

func (a failingActions) PutUsers(ctx context.Context, users []store.RosterChange) error {
	if !a.failing.stored {
		return a.failing.err
	}
	return errors.Join(a.Actions.PutUsers(ctx, users), a.failing.err)
}

// importThrough runs an import on a store that fails, and returns what it wrote.
func (sh *shell) importThrough(f *failing, roster string) (out, said string) {
	sh.t.Helper()
	var written, errors bytes.Buffer
	terminal := &cli.Terminal{Out: &written, Err: &errors, Language: phrase.English, Open: func(ctx context.Context) (store.Store, error) {
		s, err := sh.open(ctx)
		f.Store = s
		return f, err
	}}
	if code := cli.Run(sh.t.Context(), terminal, "user", []string{"import", roster}); code != cli.ExitRefused {
		sh.t.Errorf("exit code %d", code)
	}
	return written.String(), errors.String()
}

// TestUserImportThatStops: nobody or everybody is there, the passwords told open the accounts if they are,
// and importing again does the rest.
func TestUserImportThatStops(t *testing.T) {
	for _, stored := range []bool{false, true} {
		sh := newShell(t)
		roster := sh.file("roster.csv", "username,name,password,groups,extra_time_percent\np0,,,,\np1,,,,\n")
		out, said := sh.importThrough(&failing{stored: stored, err: store.ErrUnavailable}, roster)
		made := told(t, out)
		wantContains(t, said, "all of it is, or nothing", "cannot be reached")
		if n, err := sh.store().CountUsers(t.Context()); err != nil || n != map[bool]int{true: 2}[stored] {
			t.Errorf("%d users, %v", n, err)
		}
		again, _ := sh.run(cli.ExitOK, "", "user", "import", roster)
		if again != "" {
			maps.Copy(made, told(t, again))
		}
		for _, username := range []string{"p0", "p1"} {
			if !sh.mayEnter(username, made[username]) {
				t.Errorf("%s cannot sign in with the password that was told", username)
			}
		}
	}
}

func TestUserImportBesideOthers(t *testing.T) {
	sh := newShell(t)
	roster := sh.file("roster.csv", "username,name,password,groups,extra_time_percent\np0,,,,\n")
	out, said := sh.importThrough(&failing{err: store.ErrMoved}, roster)
	if out != "" {
		t.Errorf("wrote %q", out)
	}
	wantContains(t, said, "nothing was imported")
}

// TestUserCommandsAreRecorded: the audit log names who sat at the terminal, and tells no password.
func TestUserCommandsAreRecorded(t *testing.T) {
	sh := newShell(t)
	sh.run(cli.ExitOK, "", "user", "add", "hana", "--groups", "a")
	sh.run(cli.ExitOK, "given password", "user", "passwd", "hana", "--password-stdin")
	roster := sh.file("roster.csv", "username,name,password,groups,extra_time_percent\nhana,花,,a,25\nken,,another password,,\n")
	sh.run(cli.ExitOK, "", "user", "import", roster)
	sh.run(cli.ExitOK, "", "user", "import", roster) // changes nothing
	entries, n, err := sh.store().AuditLog(t.Context(), store.AuditQuery{Limit: 10})
	if err != nil || n != 3 {
		t.Fatalf("%d entries, %v", n, err)
	}
	for i, want := range []struct {
		action store.Action
		says   string
	}{
		{store.ActImportUsers, `"extra_time_percent":{"after":25,"before":0}`},
		{store.ActSetPassword, `"username":"hana"`},
		{store.ActCreateUser, `"groups":["a"]`},
	} {
		e := entries[i]
		if e.Action != want.action || e.Actor != "" || e.ActorName == "" || !strings.Contains(string(e.Details), want.says) {
			t.Errorf("%s by %q: %s", e.Action, e.ActorName, e.Details)
		}
		if text := string(e.Details); strings.Contains(text, "argon2") || strings.Contains(text, "password\"") {
			t.Errorf("a password is told: %s", text)
		}
	}
}
