package accounts_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/japanese"

	"shiken/accounts"
	"shiken/store"
)

const rosterHeader = "username,name,password,groups,extra_time_percent\n"

func TestParseRoster(t *testing.T) {
	body := rosterHeader +
		"Hana,山田 花,correct horse,2026春; 理科 ;;2026春,25\r\n" +
		"ken,,,,\n" +
		"\"mio\",髙橋 ①,,a,0\n"
	want := []accounts.RosterLine{
		{Line: 2, Username: "hana", Name: "山田 花", Password: "correct horse", Groups: []string{"2026春", "理科"}, ExtraPercent: 25},
		{Line: 3, Username: "ken", Name: "ken"},
		{Line: 4, Username: "mio", Name: "髙橋 ①", Groups: []string{"a"}},
	}
	sjis, err := japanese.ShiftJIS.NewEncoder().String(strings.ReplaceAll(body, "髙", "高"))
	if err != nil {
		t.Fatal(err)
	}
	// x/text writes no 髙, cp932 does: its bytes are FB FC.
	sjis = strings.ReplaceAll(sjis, "\x8d\x82\x8b\xb4", "\xfb\xfc\x8b\xb4")
	for name, text := range map[string]string{"UTF-8": body, "with byte order mark": "\ufeff" + body, "cp932": sjis} {
		lines, faults, err := accounts.ParseRoster(strings.NewReader(text))
		if err != nil || faults != nil {
			t.Errorf("%s: faults %v, %v", name, faults, err)
			continue
		}
		if got, want := fmt.Sprintf("%+v", lines), fmt.Sprintf("%+v", want); got != want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, want)
		}
	}
}

func TestRosterColumnsInAnyOrder(t *testing.T) {
	lines, faults, err := accounts.ParseRoster(strings.NewReader("Groups, password,NAME,extra_time_percent,username\na,,n,5,u\n"))
	if err != nil || faults != nil || len(lines) != 1 || lines[0].Username != "u" || lines[0].ExtraPercent != 5 {
		t.Errorf("lines %+v, faults %v, %v", lines, faults, err)
	}
}

func TestRosterFaults(t *testing.T) {
	long := strings.Repeat("x", 300)
	tests := []struct {
		name, text string
		want       []string // line, column and code of each
	}{
		{"empty", "", []string{"0  header_missing"}},
		{"no header", "hana,Hana,,,\n", []string{
			"1  column_unknown", "1  column_unknown", "1  column_unknown", "1  column_unknown", "1  column_unknown",
			"1 username column_missing", "1 name column_missing", "1 password column_missing",
			"1 groups column_missing", "1 extra_time_percent column_missing"}},
		{"too few cells", rosterHeader + "a,b,c\n", []string{"2  csv"}},
		{"open quote", rosterHeader + "a,\"b,,,\nc,,,,\n", []string{"3  csv"}},
		{"a column twice", "username,name,password,groups,extra_time_percent,Name\n", []string{"1 name column_twice"}},
		{"neither encoding", rosterHeader + "a\x81\x00\xff,,,,\n", []string{"0  encoding"}},
		{"usernames", rosterHeader + ",,,,\n=a,,,,\na b,,,,\n" + long + ",,,,\n-a,,,,\nA,,,,\nａ,,,,\n", []string{
			"2 username username_empty", "3 username username_characters", "4 username username_characters",
			"5 username username_long", "6 username username_start", "8 username username_twice"}},
		{"passwords", rosterHeader + "a,,short,,\nb,," + long + ",,\n", []string{
			"2 password password_short", "3 password password_long"}},
		{"percent", rosterHeader + "a,,,,-1\nb,,,,301\nc,,,,many\nd,,,,300\n", []string{
			"2 extra_time_percent percent", "3 extra_time_percent percent", "4 extra_time_percent percent"}},
		{"names and groups", rosterHeader + "a," + long + ",," + long + ",\nb,x\a,,y\a,\nc,,," + manyGroups(51) + ",\n", []string{
			"2 groups group_long", "2 name name_long", "3 groups control", "3 name control", "4 groups groups_many"}},
		{"too many lines", rosterHeader + manyPeople(accounts.MaxRosterLines+1), []string{"0  too_many_lines"}},
		{"too large", strings.Repeat(" ", accounts.MaxRosterBytes+1), []string{"0  too_large"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			lines, faults, err := accounts.ParseRoster(strings.NewReader(tt.text))
			if err != nil || lines != nil {
				t.Errorf("%d lines beside faults, %v", len(lines), err)
			}
			var got []string
			for _, f := range faults {
				got = append(got, fmt.Sprintf("%d %s %s", f.Line, f.Column, f.Code))
				if !slices.Contains(accounts.RosterFaultCodes, f.Code) {
					t.Errorf("code %q is not on the list", f.Code)
				}
				if text := fmt.Sprint(f.Args); strings.Contains(text, "short") || len(text) > 200 {
					t.Errorf("a password or a long text is quoted: %s", text)
				}
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
}

func manyGroups(n int) string {
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprint("g", i)
	}
	return strings.Join(names, ";")
}

func manyPeople(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "u%d,,,,\n", i)
	}
	return b.String()
}

func TestImport(t *testing.T) {
	a, f := setUp(t)
	hana := f.users["hana"]
	hana.Roles, hana.Groups = []store.Role{store.RoleAdmin}, []string{"old group"}
	f.users["hana"] = hana
	lines, faults, err := accounts.ParseRoster(strings.NewReader(rosterHeader +
		"hana,Hana,,2026,50\n" + // known, keeps its password
		"demo,Demo," + goodPassword + ",,\n" + // known, the same password
		"old,Old,another horse,,\n" + // known, a new password
		"new1,,given password,,\n" + "new2,,,,\n" + "new3,,,,\n"))
	if err != nil || faults != nil {
		t.Fatal(faults, err)
	}
	var progress []int
	out, err := accounts.Import(t.Context(), f, a.Hasher, lines, 77, func(done int) { progress = append(progress, done) })
	if err != nil || out.Created != 3 || out.Updated != 3 {
		t.Fatalf("imported %+v, %v", out, err)
	}
	if !slices.Equal(progress, []int{1, 2, 3, 4, 5, 6}) {
		t.Errorf("progress %v", progress)
	}
	if len(out.Made) != 2 || out.Made[0].Username != "new2" || out.Made[1].Username != "new3" {
		t.Fatalf("made passwords for %v", out.Made)
	}
	if !slices.Equal(f.revoked, []string{"old"}) {
		t.Errorf("new passwords of %v, want of old only", f.revoked)
	}
	got := f.users["hana"]
	if got.Name != "Hana" || got.ExtraPercent != 50 || !slices.Equal(got.Groups, []string{"2026"}) ||
		!slices.Equal(got.Roles, []store.Role{store.RoleAdmin, store.RoleCandidate}) || got.PasswordHash != hana.PasswordHash {
		t.Errorf("hana is now %+v", got)
	}
	if got := f.users["new1"]; got.ID == "" || got.Created != 77 || !slices.Equal(got.Roles, []store.Role{store.RoleCandidate}) {
		t.Errorf("new1 is %+v", got)
	}
	for username, password := range map[string]string{
		"hana": goodPassword, "new1": "given password", "new2": out.Made[0].Password, "demo": goodPassword,
	} {
		if v := check(t, a, username, password, here); v.Kind != accounts.OK {
			t.Errorf("%s: kind %d", username, v.Kind)
		}
	}
}

func TestImportTellsWhatWasDoneBeforeAFailure(t *testing.T) {
	a, f := setUp(t)
	f.broken = store.ErrUnavailable
	lines := []accounts.RosterLine{{Line: 2, Username: "x"}}
	out, err := accounts.Import(t.Context(), f, a.Hasher, lines, 1, nil)
	if !errors.Is(err, store.ErrUnavailable) || out.Created != 0 || len(out.Made) != 0 || slices.Contains(f.named(), "x") {
		t.Errorf("imported %+v, %v", out, err)
	}
}

// TestImportIsFinishedByAnother: the answer to a creation is lost. Its password is told all the same,
// what was done stays, and a second import does the rest and keeps the password.
func TestImportIsFinishedByAnother(t *testing.T) {
	a, f := setUp(t)
	f.lost = "p5"
	var lines []accounts.RosterLine
	for i := range 12 {
		lines = append(lines, accounts.RosterLine{Line: i + 2, Username: fmt.Sprintf("p%d", i)})
	}
	first, err := accounts.Import(t.Context(), f, a.Hasher, lines, 1, nil)
	if !errors.Is(err, store.ErrUnavailable) || first.Created != len(first.Made) {
		t.Fatalf("imported %+v, %v", first, err)
	}
	i := slices.IndexFunc(first.Doubtful, func(m accounts.MadePassword) bool { return m.Username == "p5" })
	if i < 0 {
		t.Fatalf("the password is told for %v only", first.Doubtful)
	}
	f.lost = ""
	second, err := accounts.Import(t.Context(), f, a.Hasher, lines, 1, nil)
	if err != nil || second.Created+second.Updated != len(lines) || len(second.Doubtful) != 0 {
		t.Fatalf("imported again %+v, %v", second, err)
	}
	for _, m := range slices.Concat(first.Made, first.Doubtful[i:i+1], second.Made) {
		if v := check(t, a, m.Username, m.Password, here); v.Kind != accounts.OK {
			t.Errorf("%s: kind %d", m.Username, v.Kind)
		}
	}
}

// TestImportTellsNoForeignPassword: somebody else created the user in between.
func TestImportTellsNoForeignPassword(t *testing.T) {
	a, f := setUp(t)
	f.raced = "p"
	out, err := accounts.Import(t.Context(), f, a.Hasher, []accounts.RosterLine{{Line: 2, Username: "p"}}, 1, nil)
	if !errors.Is(err, store.ErrExists) || len(out.Made)+len(out.Doubtful) != 0 {
		t.Errorf("imported %+v, %v", out, err)
	}
}

func TestCreate(t *testing.T) {
	a, f := setUp(t)
	create := func(username, password string) (store.User, error) {
		return accounts.Create(t.Context(), f, a.Hasher, store.User{Username: username, Roles: []store.Role{store.RoleAuthor}}, password, 5)
	}
	u, err := create(" Ｍｉｏ ", goodPassword)
	if err != nil || u.Username != "mio" || u.Name != "mio" || u.ID == "" || u.Created != 5 {
		t.Errorf("created %+v, %v", u, err)
	}
	for want, in := range map[error][2]string{
		store.ErrExists: {"MIO", goodPassword}, accounts.ErrUsernameEmpty: {"", goodPassword}, accounts.ErrPasswordShort: {"x", "1"},
	} {
		if _, err := create(in[0], in[1]); !errors.Is(err, want) {
			t.Errorf("Create(%q) = %v, want %v", in[0], err, want)
		}
	}
}
