package questionset_test

import (
	"slices"
	"strings"
	"testing"

	"shiken/questionset"
)

// A text that is zipped by itself is read as if it came so; what else comes zipped is named.
func TestZippedTexts(t *testing.T) {
	bb := `<questestinterop><assessment title="Pool"><section>` + strings.SplitAfter(strings.Split(soundQTI1, "<section>\n")[1], "</item>")[0] + `</section></assessment></questestinterop>`
	for name, tt := range map[string]struct {
		file   string
		files  map[string]string
		format questionset.Format
		taken  int
		code   string
	}{
		"moodle":           {"q.zip", map[string]string{"a/quiz.xml": soundMoodle, "__MACOSX/._quiz.xml": "x"}, questionset.MXML, 2, ""},
		"gift":             {"q.zip", map[string]string{"q.gift": soundGIFT}, questionset.GIFT, 2, ""},
		"aiken":            {"q.zip", map[string]string{"q.txt": soundAiken}, questionset.Aiken, 2, ""},
		"typed, in cp932":  {"q.zip", map[string]string{"q.txt": cp932(t, "1. 何が立つか。\n*a) 壁\nb) 屋根\n")}, questionset.Typed, 1, ""},
		"two of moodle":    {"q.zip", map[string]string{"a.xml": soundMoodle, "b.xml": soundMoodle}, questionset.MXML, 0, "zip_texts"},
		"two texts":        {"q.zip", map[string]string{"a.txt": soundAiken, "b.txt": soundAiken}, questionset.Auto, 0, "unknown_package"},
		"blackboard":       {"q.zip", map[string]string{"imsmanifest.xml": "<manifest/>", "res00001.dat": bb}, questionset.QTI1, 1, ""},
		"a Moodle backup":  {"q.mbz", map[string]string{"moodle_backup.xml": "<moodle_backup/>"}, questionset.Auto, 0, "foreign_package"},
		"H5P":              {"q.h5p", map[string]string{"h5p.json": "{}", "content/content.json": "{}"}, questionset.Auto, 0, "foreign_package"},
		"a truncated text": {"q.zip", map[string]string{"q.gift": "::a::Which?{=a"}, questionset.GIFT, 0, "gift_unclosed"},
	} {
		t.Run(name, func(t *testing.T) {
			f := parse(t, tt.file, zipped(t, tt.files))
			if f.Format != tt.format || len(f.Questions) != tt.taken {
				t.Errorf("%s, %d taken, %q", f.Format, len(f.Questions), found(f))
			}
			has := func(x questionset.Finding) bool { return string(x.Code) == tt.code && x.Severity == questionset.Error }
			if slices.ContainsFunc(f.Report.Findings, has) == f.Report.Sound() {
				t.Errorf("%q", found(f))
			}
		})
	}
	if f := parse(t, "course.mbz", "\x1f\x8b\x08\x00\x00"); !slices.Equal(codesOf(f), []string{"foreign_package"}) {
		t.Errorf("a backup of Moodle: %q", found(f))
	}
}
