package questionset_test

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"shiken/exam"
	"shiken/internal/textfile"
	"shiken/questionset"
)

// definitions draws exams of every shape that an exam file can say.
func definitions(t *rapid.T) exam.Definition {
	d := exam.Definition{
		Slug:  rapid.StringMatching(`[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,3}`).Draw(t, "slug"),
		Title: titles(t, "title"), Rules: someRules(t),
		Attempts:  rapid.IntRange(0, 1000).Draw(t, "attempts"),
		Shuffle:   exam.Shuffle{Questions: rapid.Bool().Draw(t, "questions"), Options: rapid.Bool().Draw(t, "options")},
		Counts:    rapid.SampledFrom([]exam.Counting{exam.CountBest, exam.CountLast, exam.CountFirst, exam.CountAverage}).Draw(t, "counts"),
		Labels:    rapid.SampledFrom([]exam.OptionLabels{exam.NoLabels, exam.Letters, exam.Numbers, exam.Katakana}).Draw(t, "labels"),
		OpenTo:    names(t, "open to"),
		Published: rapid.Bool().Draw(t, "published"),
	}
	for i := range rapid.IntRange(1, 4).Draw(t, "sections") {
		d.Sections = append(d.Sections, someSection(t, fmt.Sprint("section ", i+1)))
	}
	return d
}

func someRules(t *rapid.T) exam.Rules {
	r := exam.Rules{
		Navigation: rapid.SampledFrom([]exam.Navigation{exam.Free, exam.Linear}).Draw(t, "navigation"),
		Feedback:   rapid.SampledFrom([]exam.FeedbackMode{exam.ExamFeedback, exam.PracticeFeedback}).Draw(t, "feedback"),
		Devices:    rapid.SampledFrom([]exam.Devices{exam.AnyDevice, exam.OneDevice}).Draw(t, "devices"),
		TimeLimit:  exam.Micros(rapid.SampledFrom([]int{0, 1, 59, 60, 90, 3600, 5400, 5401, 14 * 24 * 3600}).Draw(t, "limit")) * exam.Second,
		Grace:      exam.Micros(rapid.IntRange(0, 3600).Draw(t, "grace")) * exam.Second,
		PassMark:   rapid.IntRange(0, 100).Draw(t, "pass mark"),
	}
	times := rapid.SliceOfNDistinct(instants(), 3, 3, rapid.ID).Draw(t, "window")
	slices.Sort(times)
	bounds := []*exam.Instant{&r.Window.Open, &r.Window.LastStart, &r.Window.Close}
	for i, at := range times {
		if rapid.Bool().Draw(t, "bound") {
			*bounds[i] = at
		}
	}
	for _, to := range []*exam.Release{&r.Release.Score, &r.Release.Answers, &r.Release.Keys} {
		when := []exam.ReleaseWhen{exam.Immediately, exam.Manually, exam.Never, exam.At}
		if r.Window.Close != 0 {
			when = append(when, exam.AfterClose)
		}
		if to.When = rapid.SampledFrom(when).Draw(t, "release"); to.When == exam.At {
			to.At = instants().Draw(t, "release at")
		}
	}
	return r
}

// instants are of 2000 to 2200, by the day, the minute or the microsecond, and some of the hours that
// clocks in New York go through twice.
func instants() *rapid.Generator[exam.Instant] {
	return rapid.Custom(func(t *rapid.T) exam.Instant {
		twice := int64(1793510100) // 2026-11-01 01:15 in New York, for the first time
		return rapid.SampledFrom([]exam.Instant{
			exam.Instant(rapid.Int64Range(946771200, 7258032000).Draw(t, "second")) * 1_000_000,
			exam.Instant(rapid.Int64Range(946771200_000_000, 7258032000_000_000).Draw(t, "microsecond")),
			exam.Instant(rapid.Int64Range(15778800, 120967200).Draw(t, "minute")) * 60_000_000,
			exam.Instant(twice) * 1_000_000, exam.Instant(twice+3600) * 1_000_000,
		}).Draw(t, "instant")
	})
}

func someSection(t *rapid.T, label string) exam.SectionDefinition {
	s := exam.SectionDefinition{
		Draw: rapid.IntRange(0, 100).Draw(t, label+" draw"),
		Pick: rapid.SampledFrom([]exam.Pick{exam.PickRandom, exam.PickSame}).Draw(t, label+" pick"),
		From: exam.Source{
			Set: line(t, label+" set"), Category: names(t, label+" category"),
			Year: rapid.SliceOfN(rapid.IntRange(1, 9999), 0, 3).Draw(t, label+" years"),
			Tag:  names(t, label+" tags"),
		},
		Points:   rapid.IntRange(1, exam.MaxPoints).Draw(t, label+" points"),
		Multiple: rapid.SampledFrom([]exam.Multiple{exam.BySource, exam.AllOrNothing, exam.Partial}).Draw(t, label+" multiple"),
		Minimum:  rapid.IntRange(0, 100).Draw(t, label+" minimum"),
	}
	if s.Points >= exam.MinWrong && rapid.Bool().Draw(t, label+" takes off") {
		s.Wrong = rapid.IntRange(exam.MinWrong, s.Points).Draw(t, label+" wrong")
	}
	if rapid.Bool().Draw(t, label+" titled") {
		s.Title = titles(t, label+" title")
	}
	return s
}

func titles(t *rapid.T, label string) exam.Title {
	if rapid.Bool().Draw(t, label+" alone") {
		return exam.Title{"": line(t, label)}
	}
	out := exam.Title{}
	for _, lang := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"ja", "en", "fr", "zh-Hant"}), 1, 4, rapid.ID).Draw(t, label+" languages") {
		out[lang] = line(t, label+" "+lang)
	}
	return out
}

// line is a text that a name or a title may be: among them those that YAML would read as something
// else, and those that a form could take apart.
func line(t *rapid.T, label string) string {
	any := rapid.String().Filter(func(s string) bool {
		return s != "" && strings.TrimSpace(s) == s && !strings.ContainsFunc(s, textfile.IsControl) && len([]rune(s)) <= 200
	})
	special := rapid.SampledFrom([]string{"null", "true", "1.5", "2026-12-01", "~", "- a", "a: b", "#x", "基礎 科目", "'\"", "{a}", "<b>", "&amp;", "１２"})
	return rapid.OneOf(any, special).Draw(t, label)
}

func names(t *rapid.T, label string) []string {
	var out []string
	for i := range rapid.IntRange(0, 3).Draw(t, label+" count") {
		if s := line(t, label); !slices.Contains(out, s) {
			out = append(out, fmt.Sprintf("%s%d", s, i))
		}
	}
	return out
}

func mustZone(t *testing.T, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// What a form says of an exam is what the exam is, in whatever zone its times are shown.
func TestExamSurvivesTheForm(t *testing.T) {
	zones := []*time.Location{time.UTC, mustZone(t, "Asia/Tokyo"), mustZone(t, "America/New_York")}
	rapid.Check(t, func(t *rapid.T) {
		d := definitions(t)
		zone := rapid.SampledFrom(zones).Draw(t, "zone")
		got, report := questionset.ReadFields(questionset.FieldsOf(&d, zone), zone)
		if !report.Sound() {
			t.Fatalf("refused: %+v", report.Findings)
		}
		wantEqual(t, &d, &got)
	})
}

// What is written as an exam file is read as the same exam.
func TestExamSurvivesTheFile(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := definitions(t)
		var file bytes.Buffer
		if err := questionset.WriteExam(&file, &d); err != nil {
			t.Fatal(err)
		}
		f, err := questionset.Parse(t.Context(), "e.yaml", &file, questionset.Options{Format: questionset.Exam})
		if err != nil || !f.Report.Sound() || len(f.Definitions) != 1 {
			t.Fatalf("%v %+v", err, f.Report.Findings)
		}
		wantEqual(t, &d, &f.Definitions[0])
	})
}

func wantEqual(t *rapid.T, want, got *exam.Definition) {
	if a, b := exam.Canonical(want), exam.Canonical(got); !bytes.Equal(a, b) {
		t.Fatalf("\nwas %s\nis  %s", a, b)
	}
}

// typed is a sound form, with some fields changed.
func typed(changes ...string) questionset.Fields {
	f := questionset.Fields{
		"exam": {"a"}, "title.ja": {"題"}, "navigation": {"free"}, "feedback": {"exam"}, "attempts": {"1"},
		"release.score": {"immediately"}, "release.answers": {"manually"}, "release.keys": {"never"},
		"sections[1].from.set": {"s"}, "sections[1].points": {"1"}, "sections[1].multiple": {"partial"},
	}
	for i := 0; i+1 < len(changes); i += 2 {
		f[changes[i]] = []string{changes[i+1]}
	}
	return f
}

// The form refuses what the file refuses, and names the field.
func TestFieldsRefused(t *testing.T) {
	for _, tt := range []struct{ path, value, code, element string }{
		{"exam", "A b", "exam_slug", "exam"},
		{"exam", "", "exam_field_missing", "exam"},
		{"title.ja", "", "exam_field_missing", "title"},
		{"title.ja", strings.Repeat("あ", 201), "exam_name", "title.ja"},
		{"title", "beside", "exam_title", "title"},
		{"title.more", "français: x", "exam_language", "title.français"},
		{"title.more", "ja: x", "exam_field_twice", "title.ja"},
		{"navigation", "back", "exam_word", "navigation"},
		{"time_limit", "soon", "exam_duration", "time_limit"},
		{"time_limit", "0", "exam_duration_range", "time_limit"},
		{"grace", "3601", "exam_duration_range", "grace"},
		{"attempts", "-1", "exam_integer", "attempts"},
		{"pass_mark", "101", "exam_integer", "pass_mark"},
		{"shuffle.options", "yes", "exam_boolean", "shuffle.options"},
		{"release.keys", "soon", "exam_release", "release.keys"},
		{"release.keys", "at", "exam_release", "release.keys"},
		{"release.keys", "after_close", "exam_after_close_needs_close", "release.keys"},
		{"window.open", "tomorrow", "exam_time", "window.open"},
		{"window.open", "2026-03-29T02:30", "exam_time", "window.open"},
		{"sections[1].from.set", "", "exam_field_missing", "sections[1].from.set"},
		{"sections[1].draw", "0", "exam_integer", "sections[1].draw"},
		{"sections[1].points", "0.00001", "exam_points", "sections[1].points"},
		{"sections[1].from.year.more", "2019, x", "exam_integer", "sections[1].from.year"},
		{"sections[1].multiple", "half", "exam_word", "sections[1].multiple"},
	} {
		t.Run(tt.path+" "+tt.value, func(t *testing.T) {
			_, report := questionset.ReadFields(typed(tt.path, tt.value), mustZone(t, "Europe/Berlin"))
			i := slices.IndexFunc(report.Findings, func(f questionset.Finding) bool {
				return string(f.Code) == tt.code && f.Element == tt.element
			})
			if i < 0 || report.Sound() {
				t.Errorf("findings: %+v", report.Findings)
			}
		})
	}
	if _, report := questionset.ReadFields(questionset.Fields{}, time.UTC); len(report.Findings) != 3 {
		t.Errorf("an empty form: %+v", report.Findings)
	}
}

// What people type instead of what a browser would send.
func TestFieldsAsTyped(t *testing.T) {
	tokyo := mustZone(t, "Asia/Tokyo")
	at := instant(t, "2026-12-01T09:00:00+09:00")
	for _, tt := range []struct {
		path, value string
		is          func(*exam.Definition) bool
	}{
		{"time_limit", "９０", func(d *exam.Definition) bool { return d.Rules.TimeLimit == 90*exam.Minute }},
		{"time_limit", "1h30m", func(d *exam.Definition) bool { return d.Rules.TimeLimit == 90*exam.Minute }},
		{"grace", "10", func(d *exam.Definition) bool { return d.Rules.Grace == 10*exam.Second }},
		{"sections[1].points", "２．５", func(d *exam.Definition) bool { return d.Sections[0].Points == 25_000 }},
		{"window.open", "2026-12-01T09:00", func(d *exam.Definition) bool { return d.Rules.Window.Open == at }},
		{"window.open", "2026/12/1 9:00", func(d *exam.Definition) bool { return d.Rules.Window.Open == at }},
		{"window.open", "2026-12-01T00:00:00Z", func(d *exam.Definition) bool { return d.Rules.Window.Open == at }},
		{"open_to.more", "a\r\n\r\n b \r\n", func(d *exam.Definition) bool { return slices.Equal(d.OpenTo, []string{"a", "b"}) }},
		{"title.more", "fr: Titre : un\r\nde: Titel", func(d *exam.Definition) bool {
			return maps.Equal(d.Title, exam.Title{"ja": "題", "fr": "Titre : un", "de": "Titel"})
		}},
		{"sections[1].from.year.more", "2019、2020", func(d *exam.Definition) bool { return slices.Equal(d.Sections[0].From.Year, []int{2019, 2020}) }},
	} {
		t.Run(tt.path+" "+tt.value, func(t *testing.T) {
			d, report := questionset.ReadFields(typed(tt.path, tt.value), tokyo)
			if !report.Sound() || !tt.is(&d) {
				t.Errorf("%+v %+v", d, report.Findings)
			}
		})
	}
}

// The instant behind a shown time counts as long as the time is not touched.
func TestFieldsKeepTheInstantThatWasShown(t *testing.T) {
	shown := "2026-12-01T00:00:00.123456Z"
	for _, tt := range []struct{ typed, want string }{
		{"2026-12-01T09:00:00.123", shown}, {"2026-12-01T09:01", "2026-12-01T00:01:00Z"}, {"", ""},
	} {
		d, report := questionset.ReadFields(typed("window.open", tt.typed, "window.open.exact", shown), mustZone(t, "Asia/Tokyo"))
		want := exam.Instant(0)
		if tt.want != "" {
			want = instant(t, tt.want)
		}
		if !report.Sound() || d.Rules.Window.Open != want {
			t.Errorf("%q: %v, want %v", tt.typed, d.Rules.Window.Open, want)
		}
	}
}

// sets lists the sets of a form's sections.
func sets(f questionset.Fields) (out []string) {
	for i := range f.Sections() {
		out = append(out, strings.Join(f[fmt.Sprintf("sections[%d].from.set", i+1)], ","))
	}
	return out
}

func TestSectionsOfAForm(t *testing.T) {
	f := typed()
	f.AddSection("t")
	f.AddSection("u")
	f["sections[3].from.category"] = []string{"x", "y"}
	check := func(want ...string) {
		t.Helper()
		if got := sets(f); !slices.Equal(got, want) {
			t.Errorf("sections %v, want %v", got, want)
		}
	}
	check("s", "t", "u")
	f.SwapSections(2, 3)
	check("s", "u", "t")
	if !slices.Equal(f["sections[2].from.category"], []string{"x", "y"}) || len(f["sections[3].from.category"]) > 0 {
		t.Errorf("fields moved: %v", f)
	}
	f.SwapSections(0, 1)
	f.SwapSections(3, 4)
	f.RemoveSection(4)
	f.RemoveSection(0)
	check("s", "u", "t")
	f.RemoveSection(1)
	check("u", "t")
	if !slices.Equal(f["sections[1].from.category"], []string{"x", "y"}) {
		t.Errorf("fields moved: %v", f)
	}
}
