package accounts_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"shiken/accounts"
	"shiken/exam"
	"shiken/store"
)

const accommodationHeader = "username,exam,extra_time_percent,open,last_start,close,attempts,reason\n"

var tokyo = time.FixedZone("JST", 9*60*60)

func at(year int, month time.Month, day, hour, minute int) exam.Instant {
	return exam.Instant(time.Date(year, month, day, hour, minute, 0, 0, tokyo).UnixMicro())
}

// TestParseAccommodations: full-width digits, times as people, programs and spreadsheets write them, and
// what a line leaves out.
func TestParseAccommodations(t *testing.T) {
	f, err := accounts.ParseAccommodations(strings.NewReader(accommodationHeader+
		"Hana,basics,２５,2026-12-01 09:00,2026/12/1 9:20,2026-12-01T18:00:00+09:00,0,理由\n"+
		"ken,basics,0,,,,,\n"+
		"ken,other,,,,,,\n"), accounts.AccommodationPageLimits, tokyo, "for all")
	if err != nil || len(f.Faults) != 0 || len(f.Lines) != 3 || f.Read != 3 {
		t.Fatalf("%+v, %v", f, err)
	}
	first := f.Lines[0].Is
	want := exam.Window{Open: at(2026, 12, 1, 9, 0), LastStart: at(2026, 12, 1, 9, 20), Close: at(2026, 12, 1, 18, 0)}
	if f.Lines[0].Username != "hana" || *first.ExtraPercent != 25 || *first.Attempts != 0 || first.Window != want || first.Reason != "理由" {
		t.Errorf("hana gets %+v", first)
	}
	if second := f.Lines[1].Is; *second.ExtraPercent != 0 || second.Attempts != nil || second.Reason != "for all" {
		t.Errorf("ken gets %+v", second)
	}
	if f.Lines[2].Is != nil {
		t.Errorf("a line that gives nothing gives %+v", f.Lines[2].Is)
	}
}

func TestAccommodationFaults(t *testing.T) {
	for text, want := range map[string]string{
		"":                           "0  header_missing",
		"username,exam\n":            "0  no_people",
		"username\nhana\n":           "1 exam column_missing",
		"username,exam,name\nh,e,n":  "1  column_unknown",
		"h,e,301,,,,,r":              "2 extra_time_percent percent",
		"h,e,,,,,1001,r":             "2 attempts attempts",
		"h,e,,,,,-1,r":               "2 attempts attempts",
		"h,e,,tomorrow,,,,r":         "2 open time",
		"h,e,,,2026-12-01 09:00:30,": "2 last_start time",
		"h,e,,,,1999-01-01 00:00,,r": "2 close time",
		"h,e,5,,,,,":                 "2 reason reason_empty",
		"h,e,5,,,,," + strings.Repeat("長", 501): "2 reason reason_long",
		"h,e,5,,,,,r\nH,e,,,,,,":                "3 exam pair_twice",
		",e,5,,,,,r":                            "2 username username_empty",
	} {
		if text != "" && !strings.HasPrefix(text, "username") {
			text = accommodationHeader + text + strings.Repeat(",", max(0, 7-strings.Count(strings.Split(text, "\n")[0], ",")))
		}
		f, err := accounts.ParseAccommodations(strings.NewReader(text), accounts.AccommodationPageLimits, tokyo, "")
		var got []string
		for _, fault := range f.Faults {
			got = append(got, fmt.Sprint(fault.Line, " ", fault.Column, " ", fault.Code))
			if code := fault.Code; !slices.Contains(accounts.RosterFaultCodes, code) && !slices.Contains(accounts.AccommodationFaultCodes, code) {
				t.Errorf("%q: the code %s is not listed", text, code)
			}
		}
		if err != nil || !slices.Contains(got, want) || f.Lines != nil {
			t.Errorf("%q: %q, %v; want %q", text, got, err, want)
		}
	}
}

// asked is a store of many people and two exams, which keeps what it is asked.
type asked struct{ queries []store.AccommodationQuery }

func (a *asked) Definitions(context.Context) ([]store.ListedExam, error) {
	list := make([]store.ListedExam, 2)
	list[0].Slug, list[1].Slug = "basics", "other"
	return list, nil
}

func (a *asked) Accommodations(_ context.Context, q store.AccommodationQuery) ([]store.AccommodationRow, int, error) {
	a.queries = append(a.queries, q)
	var rows []store.AccommodationRow
	for _, name := range q.Usernames {
		if name != "nobody" {
			row := store.AccommodationRow{Username: name}
			row.User, row.Exam = "id of "+name, q.Exam
			rows = append(rows, row)
		}
	}
	return rows, len(rows), nil
}

// TestPlanAsksForThoseWhoAreNamed: however many there are, and in the exams of the file alone.
func TestPlanAsksForThoseWhoAreNamed(t *testing.T) {
	percent := 5
	is := &store.Accommodated{Accommodation: exam.Accommodation{ExtraPercent: &percent}}
	lines := []accounts.AccommodationLine{
		{Line: 2, Username: "nobody", Exam: "basics", Is: is}, {Line: 3, Username: "ken", Exam: "none", Is: is},
		{Line: 4, Username: "nobody", Exam: "none", Is: is},
	}
	for i := range 2*store.MaxUsernames + 1 {
		lines = append(lines, accounts.AccommodationLine{Line: 5 + i, Username: fmt.Sprint("p", i), Exam: "basics", Is: is})
	}
	s := &asked{}
	plan, err := accounts.PlanAccommodations(t.Context(), s, lines)
	if err != nil || plan.New != 2*store.MaxUsernames+1 || len(plan.Changes) != plan.New {
		t.Fatalf("planned %d, %v", plan.New, err)
	}
	var faults []string
	for _, f := range plan.Faults {
		faults = append(faults, fmt.Sprint(f.Line, " ", f.Code))
	}
	if want := []string{"2 user_unknown", "3 exam_unknown", "4 user_unknown"}; !slices.Equal(faults, want) {
		t.Errorf("faults %q, want %q", faults, want)
	}
	named := 0
	for _, q := range s.queries {
		named += len(q.Usernames)
		if len(q.Usernames) == 0 || len(q.Usernames) > store.MaxUsernames || q.Limit != len(q.Usernames) || q.Exam == "other" || q.All {
			t.Errorf("asked for %d people of %q, all: %t, at most %d", len(q.Usernames), q.Exam, q.All, q.Limit)
		}
	}
	if named != len(lines) || len(s.queries) != 4 {
		t.Errorf("%d people were asked for in %d queries", named, len(s.queries))
	}
}
