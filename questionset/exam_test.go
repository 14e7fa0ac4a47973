package questionset_test

import (
	"maps"
	"strings"
	"testing"
	"time"

	"shiken/exam"
	"shiken/questionset"
)

const soundExam = `exam: basics-2026
title: {ja: 基礎科目, en: Basics}
navigation: linear
feedback: exam
devices: one
time_limit: 1h30m
grace: 10s
attempts: 2
counts: average
shuffle: {questions: true, options: true}
labels: katakana
pass_mark: 60
release: {score: immediately, answers: after_close, keys: 2026-12-02T00:00:00Z}
window: {open: 2026-12-01T09:00:00+09:00, last_start: 2026-12-01T09:20:00+09:00, close: 2026-12-01T18:00:00+09:00}
open_to: [2026-spring, 2026]
published: true
sections:
  - title: {ja: 共通, en: Common}
    draw: 10
    pick: same
    from: {set: basics, category: [構造, 設計], year: [2019, 2020], tag: [過去問, 頻出]}
    points: 2.5
    wrong: 0.25
    multiple: partial
    minimum: 40
  - from: {set: more, category: one, year: 2021}
`

func instant(t *testing.T, s string) exam.Instant {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return exam.Instant(at.UnixMicro())
}

func TestExamWhole(t *testing.T) {
	f := parse(t, "e.yaml", soundExam)
	wantFound(t, f)
	want := exam.Definition{
		Slug: "basics-2026", Title: exam.Title{"ja": "基礎科目", "en": "Basics"},
		Rules: exam.Rules{
			Navigation: exam.Linear, Feedback: exam.ExamFeedback, TimeLimit: 90 * exam.Minute, Grace: 10 * exam.Second, PassMark: 60, Devices: exam.OneDevice,
			Window: exam.Window{Open: instant(t, "2026-12-01T00:00:00Z"), LastStart: instant(t, "2026-12-01T00:20:00Z"),
				Close: instant(t, "2026-12-01T09:00:00Z")},
			Release: exam.ReleaseRules{Score: exam.Release{When: exam.Immediately}, Answers: exam.Release{When: exam.AfterClose},
				Keys: exam.Release{When: exam.At, At: instant(t, "2026-12-02T00:00:00Z")}},
		},
		Attempts: 2, Counts: exam.CountAverage, Shuffle: exam.Shuffle{Questions: true, Options: true}, Labels: exam.Katakana, OpenTo: []string{"2026-spring", "2026"}, Published: true,
		Sections: []exam.SectionDefinition{
			{Title: exam.Title{"ja": "共通", "en": "Common"}, Draw: 10, Pick: exam.PickSame, Points: 25_000, Wrong: 2_500, Multiple: exam.Partial, Minimum: 40,
				From: exam.Source{Set: "basics", Category: []string{"構造", "設計"}, Year: []int{2019, 2020}, Tag: []string{"過去問", "頻出"}}},
			{Points: exam.FullCredit, Multiple: exam.BySource,
				From: exam.Source{Set: "more", Category: []string{"one"}, Year: []int{2021}}},
		},
	}
	if got := asJSON(t, f.Definitions); got != asJSON(t, []exam.Definition{want}) {
		t.Errorf("%s", got)
	}
	if f.Report.Counts != (questionset.Counts{Seen: 1, Taken: 1}) {
		t.Errorf("%+v", f.Report.Counts)
	}
}

// Nothing is revealed that the author did not ask for, but the score.
func TestExamDefaults(t *testing.T) {
	f := parse(t, "e.yaml", "exam: a\ntitle: A\nsections: [{from: {set: s}}]\n")
	wantFound(t, f)
	d := f.Definitions[0]
	want := exam.ReleaseRules{Score: exam.Release{When: exam.Immediately}, Answers: exam.Release{When: exam.Manually},
		Keys: exam.Release{When: exam.Manually}}
	if d.Rules.Release != want || d.Rules.Navigation != exam.Free || d.Rules.Feedback != exam.ExamFeedback || d.Attempts != 1 ||
		d.Published || d.Rules.TimeLimit != 0 || !maps.Equal(d.Title, exam.Title{"": "A"}) {
		t.Errorf("%+v", d)
	}
}

// TestExamFields changes one field of a sound exam at a time.
func TestExamFields(t *testing.T) {
	for _, tt := range []struct{ from, to, code string }{
		{"exam: basics-2026", "exam: Basics 2026", "exam_slug"},
		{"exam: basics-2026", "exam: -a", "exam_slug"},
		{"exam: basics-2026", "exam: " + strings.Repeat("a", 65), "exam_slug"},
		{"exam: basics-2026", "exam: [a]", "exam_slug"},
		{"exam: basics-2026\n", "colour: 1\nexam: a\n", "exam_field_unknown"},
		{"navigation: linear", "Navigation: linear", "exam_field_unknown_like"},
		{"navigation: linear", "navigatoin: linear", "exam_field_unknown_like"},
		{"navigation: linear", "navigation: back", "exam_word"},
		{"navigation: linear", "navigation: [free]", "exam_word"},
		{"navigation: linear", "navigation:", "exam_field_empty"},
		{"navigation: linear", "attempts: 2", "exam_field_twice"},
		{"title: {ja: 基礎科目, en: Basics}", "pass_mark: 60", "exam_field_missing"},
		{"title: {ja: 基礎科目, en: Basics}", "title: []", "exam_title"},
		{"title: {ja: 基礎科目, en: Basics}", "title: {Japanese: 基礎}", "exam_language"},
		{"title: {ja: 基礎科目, en: Basics}", "title: {ja: a, ja: b}", "exam_field_twice"},
		{"title: {ja: 基礎科目, en: Basics}", "title: ' '", "exam_name"},
		{"time_limit: 1h30m", "time_limit: 30", "exam_duration"},
		{"time_limit: 1h30m", "time_limit: 1.5h", "exam_duration"},
		{"time_limit: 1h30m", "time_limit: ''", "exam_duration"},
		{"time_limit: 1h30m", "time_limit: 0s", "exam_duration_range"},
		{"time_limit: 1h30m", "time_limit: 337h", "exam_duration_range"},
		{"grace: 10s", "grace: 61m", "exam_duration_range"},
		{"attempts: 2", "attempts: -1", "exam_integer"},
		{"attempts: 2", "attempts: '2'", "exam_integer"},
		{"attempts: 2", "attempts: 0x2", "exam_integer"},
		{"shuffle: {questions: true, options: true}", "shuffle: true", "exam_not_mapping"},
		{"shuffle: {questions: true, options: true}", "shuffle: {questions: yes}", "exam_boolean"},
		{"counts: average", "counts: worst", "exam_word"},
		{"devices: one", "devices: two", "exam_word"},
		{"labels: katakana", "labels: ABC", "exam_word"},
		{"pass_mark: 60", "pass_mark: 101", "exam_integer"},
		{"pass_mark: 60", "pass_mark: 60%", "exam_integer"},
		{"pass_mark: 60", "pass_mark: 59.5", "exam_integer"},
		{"score: immediately", "score: soon", "exam_release"},
		{"score: immediately", "score: [never]", "exam_release"},
		{"score: immediately", "scores: never", "exam_field_unknown_like"},
		{"keys: 2026-12-02T00:00:00Z", "keys: 2026-12-02", "exam_release"},
		{", close: 2026-12-01T18:00:00+09:00", "", "exam_after_close_needs_close"},
		{"last_start: 2026-12-01T09:20:00+09:00", "last_start: 2026-12-01T08:20:00+09:00", "exam_window_order"},
		{"last_start: 2026-12-01T09:20:00+09:00", "last_start: 2026-12-01T18:00:01+09:00", "exam_window_order"},
		{"last_start: 2026-12-01T09:20:00+09:00, close: 2026-12-01T18:00:00+09:00", "close: 2026-11-01T18:00:00+09:00", "exam_window_order"},
		{"last_start: 2026-12-01T09:20:00+09:00, close: 2026-12-01T18:00:00+09:00", "close: 2026-12-01T09:00:00+09:00", "exam_window_empty"},
		{"open: 2026-12-01T09:00:00+09:00", "open: 2026-12-01T09:00:00", "exam_time"},
		{"close: 2026-12-01T18:00:00+09:00", "close: tomorrow", "exam_time"},
		{"open: 2026-12-01T09:00:00+09:00", "open: 1026-12-01T09:00:00Z", "exam_time"},
		{"title: {ja: 基礎科目, en: Basics}", `title: "a\u202eb"`, "exam_name"},
		{"title: {ja: 基礎科目, en: Basics}", `title: {ja: "a\eb"}`, "exam_name"},
		{"open_to: [2026-spring, 2026]", "open_to: [{a: b}]", "exam_name"},
		{"published: true", "published: yes", "exam_boolean"},
		{"draw: 10", "draw: 0", "exam_integer"},
		{"draw: 10", "draw: 1001", "exam_integer"},
		{"set: basics, ", "", "exam_field_missing"},
		{"from: {set: basics, category: [構造, 設計], year: [2019, 2020], tag: [過去問, 頻出]}", "minimum: 1", "exam_field_missing"},
		{"year: [2019, 2020]", "year: [2019, twenty]", "exam_integer"},
		{"tag: [過去問, 頻出]", "tag: [{a: b}]", "exam_name"},
		{"tag: [過去問, 頻出]", "tags: [過去問]", "exam_field_unknown_like"},
		{"pick: same", "pick: all", "exam_word"},
		{"points: 2.5", "points: 0", "exam_points"},
		{"points: 2.5", "points: 1.00001", "exam_points"},
		{"points: 2.5", "points: 1001", "exam_points"},
		{"points: 2.5", "points: -1", "exam_points"},
		{"points: 2.5", "points: 1e1", "exam_points"},
		{"wrong: 0.25", "wrong: 2.6", "exam_wrong"},
		{"wrong: 0.25", "wrong: -0.25", "exam_wrong"},
		{"wrong: 0.25", "wrong: 0.0009", "exam_wrong"},
		{"wrong: 0.25", "wrong: a quarter", "exam_wrong"},
		{"multiple: partial", "multiple: some", "exam_word"},
		{"minimum: 40", "minimum: 101", "exam_integer"},
		{"attempts: 2", "attempts: &a 2", "exam_yaml_alias"},
		{"attempts: 2", "attempts: [[[[[[[[[[]]]]]]]]]]", "exam_yaml_depth"},
		{"grace: 10s", "grace: 10s: x", "exam_yaml"},
	} {
		t.Run(tt.to, func(t *testing.T) {
			if !strings.Contains(soundExam, tt.from) {
				t.Fatalf("%q is not there", tt.from)
			}
			f := parse(t, "e.yaml", strings.Replace(soundExam, tt.from, tt.to, 1))
			if !strings.Contains(strings.Join(found(f), " "), "error "+tt.code+"@") {
				t.Errorf("findings %q", found(f))
			}
			if f.Report.Sound() || len(f.Definitions) != 0 {
				t.Errorf("taken: %+v", f.Definitions)
			}
		})
	}
}

// All faults are told at once, each at its line and field.
func TestExamFaultsAtOnce(t *testing.T) {
	f := parse(t, "e.yaml", `exam: A B
navigation: back
release: {score: after_close, kees: never}
sections:
  - draw: ten
    from: {category: x}
    points: 1.00001
  - 3
`)
	var got []string
	for _, x := range f.Report.Findings {
		got = append(got, x.Element+" "+string(x.Code))
	}
	want := "exam exam_slug|title exam_field_missing|navigation exam_word|release.kees exam_field_unknown_like|" +
		"release.score exam_after_close_needs_close|sections[1].draw exam_integer|sections[1].from.set exam_field_missing|" +
		"sections[1].points exam_points|sections[2] exam_not_mapping"
	if s := strings.Join(got, "|"); s != want {
		t.Errorf("\n got %s\nwant %s", s, want)
	}
	lines := strings.Join(found(f), " ")
	for _, at := range []string{"exam_slug@1", "exam_word@2", "exam_after_close_needs_close@3", "exam_integer@5", "exam_points@7", "exam_not_mapping@8"} {
		if !strings.Contains(lines, at) {
			t.Errorf("%s is not in %s", at, lines)
		}
	}
}

func TestExamSeveral(t *testing.T) {
	const one = "exam: a\ntitle: A\nsections: [{from: {set: s}}]\n"
	f := parse(t, "e.yaml", one+"---\n"+strings.Replace(one, "exam: a", "exam: b", 1)+"---\n"+one+"---\nexam: c\n---\n")
	wantFound(t, f, "error exam_twice@9", "error exam_field_missing@13", "error exam_field_missing@13")
	if len(f.Definitions) != 2 || f.Report.Counts != (questionset.Counts{Seen: 4, Taken: 2, Refused: 2}) {
		t.Errorf("%+v", f.Report.Counts)
	}
}

func TestExamJSON(t *testing.T) {
	f := parse(t, "e.json", "{\n\t\"exam\": \"a\",\n\t\"title\": \"A \\u3042\",\n\t\"sections\": [{\"from\": {\"set\": \"s\"}, \"points\": 0.5}]\n}\n")
	wantFound(t, f)
	if d := f.Definitions[0]; d.Title[""] != "A あ" || d.Sections[0].Points != 5_000 {
		t.Errorf("%+v", d)
	}
}
