package accounts_test

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/japanese"

	"shiken/accounts"
	"shiken/store"
	"shiken/tabular"
)

const rosterHeader = "username,name,password,groups,extra_time_percent\n"

func TestParseRoster(t *testing.T) {
	body := rosterHeader +
		"Hana,山田 花,correct horse,2026春; 理科 ;;2026春,25\r\n" +
		"ken,,,,\n" +
		"\"mio\",髙橋 ①,,a,0\n"
	want := []accounts.RosterLine{
		{Line: 2, Username: "hana", Name: "山田 花", Password: "correct horse", Groups: []string{"2026春", "理科"}, ExtraPercent: 25},
		{Line: 3, Username: "ken", Name: "ken", KeepsName: true},
		{Line: 4, Username: "mio", Name: "髙橋 ①", Groups: []string{"a"}},
	}
	sjis, err := japanese.ShiftJIS.NewEncoder().String(strings.ReplaceAll(body, "髙", "高"))
	if err != nil {
		t.Fatal(err)
	}
	// x/text writes no 髙, cp932 does: its bytes are FB FC.
	sjis = strings.ReplaceAll(sjis, "\x8d\x82\x8b\xb4", "\xfb\xfc\x8b\xb4")
	for name, text := range map[string]string{
		"UTF-8": body, "with byte order mark": "\ufeff" + body, "cp932": sjis, "tabs": strings.ReplaceAll(body, ",", "\t"),
		"semicolons":       strings.NewReplacer("2026春; 理科 ;;2026春", `"2026春; 理科 ;;2026春"`, ",", ";").Replace(body),
		"empty cells more": strings.ReplaceAll(strings.ReplaceAll(body, "\r\n", "\n"), "\n", ",,\n"),
		"empty rows":       strings.TrimSuffix(body, "\n") + "\n,,,,\n",
	} {
		roster, err := accounts.ParseRoster(strings.NewReader(text))
		if err != nil || roster.Faults != nil || roster.People != 3 || roster.Faulty != 0 {
			t.Errorf("%s: %+v, %v", name, roster, err)
			continue
		}
		if got, want := fmt.Sprintf("%+v", roster.Lines), fmt.Sprintf("%+v", want); got != want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, want)
		}
	}
}

func TestRosterColumnsInAnyOrder(t *testing.T) {
	roster, err := accounts.ParseRoster(strings.NewReader("Groups, password,NAME,extra_time_percent,username\na,,n,５,u\n"))
	if err != nil || len(roster.Lines) != 1 || roster.Lines[0].Username != "u" || roster.Lines[0].ExtraPercent != 5 {
		t.Errorf("%+v, %v", roster, err)
	}
}

// TestRosterOfUsernames: only the username is required; a line says nothing of what has no column.
func TestRosterOfUsernames(t *testing.T) {
	for header, want := range map[string]accounts.RosterLine{
		"username\nhana\n":                   {Line: 2, Username: "hana", Name: "hana", KeepsName: true, KeepsGroups: true, KeepsExtra: true},
		"username,groups\nhana,a\n":          {Line: 2, Username: "hana", Name: "hana", Groups: []string{"a"}, KeepsName: true, KeepsExtra: true},
		"name,username\nHana,hana\n":         {Line: 2, Username: "hana", Name: "Hana", KeepsGroups: true, KeepsExtra: true},
		"extra_time_percent;username\n;hana": {Line: 2, Username: "hana", Name: "hana", KeepsName: true, KeepsGroups: true},
	} {
		roster, err := accounts.ParseRoster(strings.NewReader(header))
		if err != nil || len(roster.Lines) != 1 || fmt.Sprintf("%+v", roster.Lines[0]) != fmt.Sprintf("%+v", want) {
			t.Errorf("%q: %+v, %v; want %+v", header, roster, err, want)
		}
	}
}

// workbook is a workbook of one sheet with rows of texts.
func workbook(t *testing.T, rows ...[]string) string {
	t.Helper()
	var b strings.Builder
	w, err := tabular.NewXLSX(&b, "roster")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		var cells []tabular.Cell
		for _, text := range row {
			cells = append(cells, tabular.Number(text)) // a text where it is no number
		}
		if err := w.Row(cells...); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestRosterInAWorkbook(t *testing.T) {
	roster, err := accounts.ParseRoster(strings.NewReader(workbook(t,
		[]string{"Username", "name", "groups", "extra_time_percent"}, nil,
		[]string{"20260001", "山田 花", "2026春;理科", "25"}, []string{"ken"})))
	want := []accounts.RosterLine{
		{Line: 3, Username: "20260001", Name: "山田 花", Groups: []string{"2026春", "理科"}, ExtraPercent: 25},
		{Line: 4, Username: "ken", Name: "ken", KeepsName: true},
	}
	if got := fmt.Sprintf("%+v", roster.Lines); err != nil || got != fmt.Sprintf("%+v", want) {
		t.Errorf("\n got %s\nwant %+v\n%v, %v", got, want, roster.Faults, err)
	}
}

func TestRosterFaults(t *testing.T) {
	long := strings.Repeat("x", 300)
	tests := []struct {
		name, text string
		want       []string // line, column and code of each
	}{
		{"empty", "", []string{"0  header_missing"}},
		{"nobody", rosterHeader + ",,,,\n", []string{"0  no_people"}},
		{"no header", "hana,Hana,,,\n", []string{
			"1  column_unknown", "1  column_unknown", "1 username column_missing"}},
		{"no usernames", "name,password,groups,extra_time_percent\na,,,\n", []string{"1 username column_missing"}},
		{"picture", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", []string{"0  no_table"}},
		{"PDF", "%PDF-1.7\nusername,name", []string{"0  no_table"}},
		{"old workbook", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\x00", []string{"0  sheet_old"}},
		{"broken workbook", workbook(t, []string{"username"}, []string{"hana"})[:500], []string{"0  sheet_broken"}},
		{"workbook of nobody", workbook(t), []string{"0  header_missing"}},
		{"workbook with faults", workbook(t, []string{"username", "mail"}, []string{"a", "b"}), []string{"1  column_unknown"}},
		{"workbook with bad lines", workbook(t, []string{"username"}, []string{"a b"}, []string{"c", "d"}), []string{
			"2 username username_characters", "3  cells_many"}},
		{"cells", rosterHeader + "a,b,c\nb,,,,\nc,,,,,x\nd,,,,,\n", []string{"2  cells_few", "4  cells_many"}},
		{"quotes", rosterHeader + "\"a\"b,,,,\nc,\"d,,,\ne,,,,\n", []string{"2  quote_after", "3  quote_open"}},
		{"quote in the header", "username,\"name,password\n", []string{"1  quote_open"}},
		{"a column twice", "username,name,password,groups,extra_time_percent,Name\n", []string{"1 name column_twice"}},
		{"UTF-16", "\xff\xfeu\x00s\x00e\x00r\x00n\x00", []string{"0  utf16"}},
		{"Windows-1252", rosterHeader + "renee,Ren\xe9e,,,\n", []string{"0  encoding"}},
		{"characters that cannot be read", rosterHeader + "a,山田\xff,,,\nb,,x\ufffdxxxxxxx,,\nc\ufdd0,,,\ufffe,\nd\xff,,,,1\xff\n", []string{
			"2 name undecodable", "3 password undecodable", "4 username undecodable", "4 groups undecodable",
			"5 username undecodable", "5 extra_time_percent percent"}},
		{"usernames", rosterHeader + ",x,,,\n=a,,,,\na b,,,,\n" + long + ",,,,\n-a,,,,\nA,,,,\nａ,,,,\n", []string{
			"2 username username_empty", "3 username username_characters", "4 username username_characters",
			"5 username username_long", "6 username username_start", "8 username username_twice"}},
		{"passwords", rosterHeader + "a,,short,,\nb,," + long + ",,\n", []string{
			"2 password password_short", "3 password password_long"}},
		{"percent", rosterHeader + "a,,,,-1\nb,,,,301\nc,,,,many\nd,,,,300\n", []string{
			"2 extra_time_percent percent", "3 extra_time_percent percent", "4 extra_time_percent percent"}},
		{"names and groups", rosterHeader + "a," + long + ",," + long + ",\nb,x\a,,y\a,\nc,,," + manyGroups(51) + ",\nd,a\u202eb,,,\n", []string{
			"2 groups group_long", "2 name name_long", "3 groups control", "3 name control", "4 groups groups_many",
			"5 name control"}},
		{"too many lines", rosterHeader + "-,,,,\n" + manyPeople(accounts.MaxRosterLines), []string{"0  too_many_lines"}},
		{"too large", strings.Repeat(" ", accounts.MaxRosterBytes+1), []string{"0  too_large"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			roster, err := accounts.ParseRoster(strings.NewReader(tt.text))
			if err != nil || len(tt.want) > 0 && roster.Lines != nil {
				t.Errorf("%d lines beside faults, %v", len(roster.Lines), err)
			}
			var got []string
			for _, f := range roster.Faults {
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

// TestRosterTextIsOnlyText: formulas and HTML are names like any other.
func TestRosterTextIsOnlyText(t *testing.T) {
	roster, err := accounts.ParseRoster(strings.NewReader(rosterHeader +
		"a,=1+1,=password(),=g,\nb,\"<script>alert(1)</script>\",,<b>,\nc,+81,-2+3-6-7,@x,\n"))
	if err != nil || len(roster.Lines) != 3 {
		t.Fatalf("%+v, %v", roster, err)
	}
	if a, b := roster.Lines[0], roster.Lines[1]; a.Name != "=1+1" || a.Password != "=password()" || a.Groups[0] != "=g" ||
		b.Name != "<script>alert(1)</script>" || b.Groups[0] != "<b>" {
		t.Errorf("%+v", roster.Lines)
	}
}

// TestRosterOfAllFaults: a report on a hundred thousand bad lines takes neither long nor much memory.
func TestRosterOfAllFaults(t *testing.T) {
	var b strings.Builder
	b.WriteString(rosterHeader)
	for i := range accounts.MaxRosterLines {
		fmt.Fprintf(&b, "-%d,\x01,short,\x01,x\n", i)
	}
	text := b.String()
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	began := time.Now()
	roster, err := accounts.ParseRoster(strings.NewReader(text))
	took := time.Since(began)
	runtime.GC()
	runtime.ReadMemStats(&after)
	if err != nil || roster.People != accounts.MaxRosterLines || roster.Faulty != roster.People ||
		len(roster.Faults) != accounts.MaxRosterFaults || roster.Unlisted != 4*accounts.MaxRosterLines {
		t.Errorf("%d people, %d faulty, %d faults and %d unlisted, %v",
			roster.People, roster.Faulty, len(roster.Faults), roster.Unlisted, err)
	}
	if most := 10 * time.Second; took > most && !underRace { // two on a quiet machine
		t.Errorf("it took %v", took)
	}
	if kept := int64(after.HeapAlloc) - int64(before.HeapAlloc); kept > 64<<20 {
		t.Errorf("it keeps %d MiB", kept>>20)
	}
	runtime.KeepAlive(roster)
}

func TestJudgeGroup(t *testing.T) {
	for typed, want := range map[string]string{
		" 2026春 ": "", "": "group_empty", "a;b": "group_separator", "a\tb": "control", strings.Repeat("x", 101): "group_long",
	} {
		name, faults := accounts.JudgeGroup(typed)
		code := ""
		if len(faults) > 0 {
			code = faults[0].Code
		}
		if code != want || name != strings.TrimSpace(typed) {
			t.Errorf("%q: %q, %q", typed, name, code)
		}
	}
}

func TestNewUser(t *testing.T) {
	a, _ := setUp(t)
	made := func(username, password string) (store.User, error) {
		return accounts.NewUser(t.Context(), a.Hasher, store.User{Username: username, Roles: []store.Role{store.RoleAuthor}}, password, 5)
	}
	u, err := made(" Ｍｉｏ ", goodPassword)
	if err != nil || u.Username != "mio" || u.Name != "mio" || u.ID == "" || u.Created != 5 || u.PasswordHash == "" {
		t.Errorf("made %+v, %v", u, err)
	}
	for want, in := range map[error][2]string{
		accounts.ErrUsernameEmpty: {"", goodPassword}, accounts.ErrPasswordShort: {"x", "1"},
	} {
		if _, err := made(in[0], in[1]); !errors.Is(err, want) {
			t.Errorf("NewUser(%q) = %v, want %v", in[0], err, want)
		}
	}
}
