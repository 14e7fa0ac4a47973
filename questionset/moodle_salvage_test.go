package questionset_test

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"

	"shiken/questionset"
)

// What is broken costs its own question and no other, and is named with its line.
func TestMoodleSalvage(t *testing.T) {
	good := entry("essay", "")
	ask := func(stem string) string {
		return `<question type="essay"><name><text>B</text></name><questiontext><text>` + stem + `</text></questiontext></question>`
	}
	for _, tt := range []struct {
		name     string
		source   []string // an entry a line, from line 2
		taken    int
		findings []string
	}{
		{"quotation mark missing", []string{good, `<question type="essay><name><text>B</text></name></question>`, ask("2")}, 2,
			[]string{"warning moodle_salvaged@3", "error moodle_piece@3"}},
		{"ampersand", []string{good, ask("a & b"), ask("2")}, 2, []string{"warning moodle_salvaged@3", "error moodle_piece@3"}},
		{"element not closed", []string{good, ask("<b>a"), ask("2")}, 2, []string{"warning moodle_salvaged@3", "error moodle_piece@3"}},
		{"question not closed", []string{good, strings.TrimSuffix(ask("1"), "</question>"), ask("2")}, 2,
			[]string{"warning moodle_salvaged@5", "error moodle_piece@3"}},
		{"CDATA not closed", []string{good, ask("<![CDATA[a"), ask("<![CDATA[2]]>")}, 2,
			[]string{"warning moodle_salvaged@3", "error moodle_piece@3"}},
		{"comment not closed", []string{good, "<!-- a ", ask("1"), "<!-- b -->", ask("2")}, 3, []string{"warning moodle_salvaged@5"}},
		{"two broken", []string{ask("&"), ask("&"), good}, 1,
			[]string{"warning moodle_salvaged@2", "error moodle_piece@2", "error moodle_piece@3"}},
		{"two broken on a line", []string{ask("&") + ask("&") + good}, 1,
			[]string{"warning moodle_salvaged@2", "error moodle_piece@2", "error moodle_piece@2"}},
		{"text that looks like a question", []string{ask("<![CDATA[ <question type='x'> ]]>"), ask("&")}, 1,
			[]string{"warning moodle_salvaged@3", "error moodle_piece@3"}},
		{"category", []string{good, `<question type="category"><category>&</category></question>`, ask("2")}, 2,
			[]string{"warning moodle_salvaged@3", "error moodle_piece@3"}},
		{"nested too deep", []string{good, ask(strings.Repeat("<b>", 300)), ask("2")}, 2,
			[]string{"warning moodle_salvaged@3", "error moodle_piece@3"}},
		{"an end too many", []string{good, "</question>", ask("2")}, 2, []string{"warning moodle_salvaged@3"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := moodle(t, tt.source...)
			wantFound(t, f, tt.findings...)
			if n := f.Report.Counts; n.Taken != tt.taken || n.Seen != n.Taken+n.Refused {
				t.Errorf("%+v", n)
			}
		})
	}
}

// Of a file that breaks off, what is there is read, and it is no sound file.
func TestMoodleCutOff(t *testing.T) {
	whole := "<quiz>\n" + entry("essay", "") + "\n" + strings.Replace(entry("essay", ""), "Stem", "Second", 1) + "\n</quiz>"
	for cut, taken := range map[string]int{"</quiz>": 2, "Second": 1} {
		f := parse(t, "q.xml", whole[:strings.Index(whole, cut)])
		if f.Report.Sound() || len(f.Questions) != taken || string(f.Report.Findings[0].Code) != "moodle_cut" {
			t.Errorf("%s: %q, %+v", cut, found(f), f.Report.Counts)
		}
	}
}

func TestMoodleDocumentsRefused(t *testing.T) {
	for source, want := range map[string]string{
		"<!DOCTYPE quiz [<!ENTITY a \"b\">]><quiz>" + entry("essay", "") + "</quiz>": "error xml_declaration@1",
		"<quiz><a></b></quiz>": "error xml_malformed@1",
		"<quiz></quiz>":        "error no_questions@0",
	} {
		if got := found(parse(t, "q.xml", source)); len(got) != 1 || got[0] != want {
			t.Errorf("%s: %q", source, got)
		}
	}
	f, err := questionset.Parse(t.Context(), "q.xml", strings.NewReader("<a><quiz/></a>"), questionset.Options{Format: questionset.MXML})
	if err != nil {
		t.Fatal(err)
	}
	wantFound(t, f, "error moodle_root@1")
}

// An encoding that the file declares is believed, unless the file is UTF-8 all the same.
func TestMoodleEncoding(t *testing.T) {
	source := `<?xml version="1.0" encoding="ISO-8859-1"?>` + "\n<quiz>" + strings.Replace(entry("essay", ""), "Stem?", "Élève „x“", 1) + "</quiz>"
	latin, err := charmap.Windows1252.NewEncoder().String(source)
	if err != nil {
		t.Fatal(err)
	}
	for data, warnings := range map[string]int{source: 1, latin: 0} {
		f := parse(t, "q.xml", data)
		if q := one(t, f); q.Question.Stem.Source != "Élève „x“" || len(f.Report.Findings) != warnings || q.Line != 2 {
			t.Errorf("%q %q", q.Question.Stem.Source, found(f))
		}
	}
}
