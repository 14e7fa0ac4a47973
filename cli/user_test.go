package cli_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
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
	out, said := sh.run(cli.ExitOK, "", "user", "import", roster)
	made := told(t, out)
	if len(made) != 1 || !sh.mayEnter("ken", made["ken"]) || !sh.mayEnter("hana", "correct horse") {
		t.Errorf("made %v", made)
	}
	wantContains(t, said, "People in the roster: 2. New: 2. Updated: 0.")
	out, said = sh.run(cli.ExitOK, "", "user", "import", roster)
	if out != "" {
		t.Errorf("a second import wrote %q", out)
	}
	wantContains(t, said, "People in the roster: 2. New: 0. Updated: 2.")
	if !sh.mayEnter("ken", made["ken"]) {
		t.Error("an empty password was not kept")
	}
	list, _ := sh.run(cli.ExitOK, "", "user", "list")
	wantContains(t, list, "username", "hana      Hana  candidate  2026;a  50", "ken       ken   candidate  2026    0")
	if strings.Contains(list, "argon2") {
		t.Error("the list shows hashes")
	}
}

func TestUserImportIsAllOrNothing(t *testing.T) {
	sh := newShell(t)
	roster := sh.file("roster.csv", "username,name,password,groups,extra_time_percent\n"+
		"hana,,,,\nken,,short,,\nken,,,,400\n")
	for lang, want := range map[string][]string{
		"en": {roster + ":3: password: ", roster + ":4: username: ", roster + ":4: extra_time_percent: ", "Nothing was changed."},
		"ja": {"3 行目にもあります", "何も変更しませんでした"},
	} {
		sh.lang = lang
		_, said := sh.run(cli.ExitRefused, "", "user", "import", roster)
		wantContains(t, said, want...)
	}
	if n, err := sh.store().CountUsers(t.Context()); err != nil || n != 0 {
		t.Errorf("%d users, %v", n, err)
	}
}

// failing is a store that loses its database at the creation of one user: before it, or before its
// answer.
type failing struct {
	store.Store
	at      string
	created bool
}

func (f *failing) CreateUser(ctx context.Context, u store.User) error {
	if u.Username != f.at {
		return f.Store.CreateUser(ctx, u)
	}
	if f.created {
		if err := f.Store.CreateUser(ctx, u); err != nil {
			return err
		}
	}
	return store.ErrUnavailable
}

// TestUserImportThatStops: the terminal says what was done, and importing again does the rest.
func TestUserImportThatStops(t *testing.T) {
	for _, created := range []bool{false, true} {
		sh := newShell(t)
		people := "username,name,password,groups,extra_time_percent\n"
		for i := range 12 {
			people += fmt.Sprintf("p%d,,,,\n", i)
		}
		roster := sh.file("roster.csv", people)
		var out, said bytes.Buffer
		terminal := &cli.Terminal{Out: &out, Err: &said, Language: phrase.English, Open: func(ctx context.Context) (store.Store, error) {
			s, err := sh.open(ctx)
			return &failing{Store: s, at: "p6", created: created}, err
		}}
		if code := cli.Run(t.Context(), terminal, "user", []string{"import", roster}); code != cli.ExitRefused {
			t.Errorf("exit code %d", code)
		}
		made := told(t, out.String())
		n, err := sh.store().CountUsers(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		wantContains(t, said.String(), "import the same roster again", "whether p6 was added", "cannot be reached")
		doubtful := strings.Count(said.String(), "whether ")
		if sure, left := stopped(t, said.String()); sure > n || sure+doubtful < n || sure+left != 12 {
			t.Errorf("%d people are there, but:\n%s", n, said.String())
		}
		again, _ := sh.run(cli.ExitOK, "", "user", "import", roster)
		maps.Copy(made, told(t, again))
		for i := range 12 {
			username := fmt.Sprintf("p%d", i)
			if !sh.mayEnter(username, made[username]) {
				t.Errorf("%s cannot sign in with the password that was told", username)
			}
		}
	}
}

// stopped reads how many people an import that stopped added, and how many it left.
func stopped(t *testing.T, said string) (created, left int) {
	t.Helper()
	at := strings.Index(said, "New: ")
	if at < 0 {
		t.Fatalf("nothing is said of people in:\n%s", said)
	}
	if _, err := fmt.Sscanf(said[at:], "New: %d. Updated: 0. Not done: %d.", &created, &left); err != nil {
		t.Fatalf("%v in:\n%s", err, said)
	}
	return created, left
}
