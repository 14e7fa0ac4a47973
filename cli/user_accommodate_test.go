package cli_test

import (
	"testing"

	"shiken/cli"
	"shiken/exam"
	"shiken/store"
)

const accommodations = "username,exam,extra_time_percent,open,last_start,close,attempts,reason\n"

// seated is a shell with an exam and two candidates.
func seated(t *testing.T) *shell {
	sh := newShell(t)
	sh.run(cli.ExitOK, "", "user", "add", "hana")
	sh.run(cli.ExitOK, "", "user", "add", "ken")
	d := exam.Definition{Slug: "basics", Published: true, Attempts: 1}
	d.Rules.Window.LastStart = 1_800_000_000_000_000 // 2027-01-15
	must(t, sh.store().PutDefinition(t.Context(), d))
	return sh
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// own lists what somebody has of their own.
func (sh *shell) own(username string) []store.Accommodated {
	s := sh.store()
	u, err := s.UserByName(sh.t.Context(), username)
	must(sh.t, err)
	list, err := s.AccommodationsOf(sh.t.Context(), u.ID)
	must(sh.t, err)
	return list
}

func TestUserAccommodate(t *testing.T) {
	sh := seated(t)
	file := sh.file("own.csv", accommodations+"hana,basics,50,,,2030-01-01 09:00,3,\nken,basics,,,,,,\n")
	_, said := sh.run(cli.ExitOK, "", "user", "accommodate", "--dry-run", "--reason", "granted", file)
	wantContains(t, said, "To be made: 1. To be changed: 0. To be removed: 0. Unchanged: 1. Nothing was stored.")
	if len(sh.own("hana")) != 0 {
		t.Error("a dry run stored something")
	}
	_, said = sh.run(cli.ExitOK, "", "user", "accommodate", file, "--reason", "granted")
	wantContains(t, said, "New: 1. Changed: 0. Removed: 0. Unchanged: 1.")
	list := sh.own("hana")
	if len(list) != 1 || *list[0].ExtraPercent != 50 || *list[0].Attempts != 3 || list[0].Window.Close == 0 || list[0].Reason != "granted" {
		t.Errorf("stored %+v", list)
	}
	_, said = sh.run(cli.ExitOK, "", "user", "accommodate", file, "--reason", "granted")
	wantContains(t, said, "New: 0. Changed: 0. Removed: 0. Unchanged: 2.")
	sh.run(cli.ExitOK, "", "user", "accommodate", sh.file("less.csv", "username,exam\nhana,basics\n"))
	if len(sh.own("hana")) != 0 {
		t.Error("a line that gives nothing takes nothing back")
	}
	entries, n, err := sh.store().AuditLog(t.Context(), store.AuditQuery{Action: store.ActAccommodate, Limit: 10})
	if err != nil || n != 2 || entries[1].Object != "own.csv" {
		t.Fatalf("%d entries, %v: %+v", n, err, entries)
	}
	wantContains(t, string(entries[1].Details), `"username":"hana"`, `"exam":"basics"`, `"extra_time_percent":{"after":50,"before":null}`)
}

// TestUserAccommodateIsAllOrNothing: one fault, in the file or in what it is about, and nothing is stored.
func TestUserAccommodateIsAllOrNothing(t *testing.T) {
	sh := seated(t)
	for line, want := range map[string]map[string]string{
		"nobody,basics,5,,,,,r":              {"en": `no user "nobody"`, "ja": "登録されていません"},
		"ken,none,5,,,,,r":                   {"en": `no exam "none"`, "ja": "「none」はありません"},
		"ken,basics,,2028-01-01 00:00,,,,r":  {"en": "last start is before the opening", "ja": "開始期限が開始日時より前"},
		"ken,basics,5,,,,,":                  {"en": "reason is missing", "ja": "理由がありません"},
		"ken,basics,999,,,,,r":               {"en": "no extra time", "ja": "追加時間"},
		"hana,basics,6,,,,,r":                {"en": "stand in line 2", "ja": "2行目にもあります"},
		"ken,basics,,2026-12-01T09:00,,x,,r": {"en": `"x" is no time`, "ja": "「x」は時刻"},
	} {
		file := sh.file("own.csv", accommodations+"hana,basics,5,,,,,r\n"+line+"\n")
		for lang, words := range want {
			sh.lang = lang
			_, said := sh.run(cli.ExitRefused, "", "user", "accommodate", file)
			wantContains(t, said, file+":3: ", words)
		}
	}
	sh.lang = "en"
	sh.run(cli.ExitUsage, "", "user", "accommodate")
	if len(sh.own("hana")) != 0 {
		t.Error("something was stored")
	}
}
