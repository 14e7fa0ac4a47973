package questionset_test

import (
	"fmt"
	"strings"
	"testing"

	"shiken/exam"
)

func gapfill(text, rest string) string {
	return `<question type="gapfill"><name><text>N</text></name><questiontext format="html"><text>` + text + `</text></questiontext>` + rest + `</question>`
}

// matrix writes two rows and two columns; right names the right column of each row.
func matrix(method, right string) string {
	var b strings.Builder
	b.WriteString("<scoringmethod><text>" + method + "</text></scoringmethod>")
	for i, name := range []string{"Yes", "No"} {
		fmt.Fprintf(&b, `<row number="%d"><optiontext format="html"><text>row %d</text></optiontext><feedbacktext><text></text></feedbacktext></row>`+
			`<column number="%d"><responsetext><text>%s</text></responsetext></column>`+
			`<weight rownumber="%d" columnnumber="%c"><value> 1.000 </value></weight>`, i+1, i+1, i+1, name, i+1, right[i])
	}
	return b.String() + `<weight rownumber="1" columnnumber="` + map[byte]string{'1': "2", '2': "1"}[right[0]] + `"><value>0.000</value></weight>`
}

// What plug-ins ask, as types of question here.
var moodlePluginCases = map[string]moodleCase{
	"Open University": {entry("oumultiresponse", answers("100 a", "0 b", "100 c")), exam.MultipleChoice,
		`{"revision":1,"options":{"a":10000,"c":10000}}`},
	"dragged pairs": {entry("ddmatch", pairs("a=&lt;b>1&lt;/b>", "b=2", "=3")), exam.Matching, `{"revision":1,"pairs":{"p1":"a","p2":"b"}}`},
	"rows":          {entry("mtf", matrix("subpoints", "12")), exam.Matching, `{"revision":1,"pairs":{"p1":"a","p2":"b"}}`},
	"rows, all or nothing": {entry("kprime", matrix("kprimeonezero", "21")), exam.Matching,
		`{"revision":1,"pairs":{"p1":"b","p2":"a"},"rule":"whole"}`},
	"typed gaps": {gapfill("[a|b] and [c*d]", "<answerdisplay>gapfill</answerdisplay><disableregex>1</disableregex><casesensitive>1</casesensitive>"), exam.Gaps,
		`{"revision":1,"gaps":{"g1":[{"pattern":"a|b","weight":10000,"case_sensitive":true}],"g2":[{"pattern":"c\\*d","weight":10000,"case_sensitive":true}]}}`},
	"typed gaps, alternatives": {gapfill("@a|b@ and @c@", "<answerdisplay>gapfill</answerdisplay><delimitchars>@@</delimitchars>"), exam.Gaps,
		`{"revision":1,"gaps":{"g1":[{"pattern":"a","weight":10000},{"pattern":"b","weight":10000}],"g2":[{"pattern":"c","weight":10000}]}}`},
	"chosen gaps": {gapfill("[b] and [a]", answers("100 b", "100 a", "0 c")), exam.Gaps,
		`{"revision":1,"gaps":{"g1":[{"pattern":"g1a","weight":0},{"pattern":"g1b","weight":10000},{"pattern":"g1c","weight":0}],` +
			`"g2":[{"pattern":"g2a","weight":10000},{"pattern":"g2b","weight":0},{"pattern":"g2c","weight":0}]}}`},
}

func TestMoodlePlugins(t *testing.T) {
	for name, tt := range moodlePluginCases {
		t.Run(name, func(t *testing.T) { tt.check(t) })
	}
}

// What plug-ins and small tools write and cannot be kept is refused, with what to do.
func TestMoodlePluginFaults(t *testing.T) {
	for _, tt := range []struct {
		name, source string
		questions    int
		findings     []string
	}{
		{"truth alone in German", entry("truefalse", answers("100 Wahr")), 0, []string{"error moodle_two_answers@2"}},
		{"half a truth", entry("truefalse", answers("50 true")), 0, []string{"error moodle_truth_fraction@2"}},
		{"Open University's rule", entry("oumultiresponse", answers("100 a", "0 b")), 1, []string{"warning moodle_by_exam@2"}},
		{"half of the points for three of four", entry("kprime", matrix("kprime", "12")), 0, []string{"error moodle_matrix_scoring@2"}},
		{"a row without a right column", entry("mtf", matrix("subpoints", "13")), 0, []string{"error moodle_matrix_row@2"}},
		{"a row with two", entry("mtf", matrix("subpoints", "12")+`<weight rownumber="2" columnnumber="1"><value>1</value></weight>`), 0,
			[]string{"error moodle_matrix_row@2"}},
		{"a part of a row", entry("mtf", strings.Replace(matrix("subpoints", "12"), "1.000", "0.250", 1)), 0, []string{"error moodle_matrix_weight@2"}},
		{"a column that costs", entry("mtf", strings.Replace(matrix("subpoints", "12"), "0.000", "-1", 1)), 0, []string{"error moodle_matrix_weight@2"}},
		{"two columns of a number", entry("mtf", matrix("subpoints", "12")+`<column number="2"><responsetext><text>Maybe</text></responsetext></column>`), 0,
			[]string{"error xml_twice@2"}},
		{"two rows of a number", entry("mtf", matrix("subpoints", "12")+`<row number="2"><optiontext><text>other</text></optiontext></row>`), 0,
			[]string{"error xml_twice@2"}},
		{"right and wrong", entry("mtf", matrix("subpoints", "12")+`<weight rownumber="1" columnnumber="1"><value>0</value></weight>`), 0,
			[]string{"error xml_twice@2"}},
		{"a column, written twice", entry("mtf", matrix("subpoints", "12")+`<column number="2"><responsetext><text>No</text></responsetext></column>`), 1, []string{}},
		{"no row", entry("mtf", ""), 0, []string{"error too_few_pairs@2"}},
		{"a pattern in a gap", gapfill("[colou?r]", "<answerdisplay>gapfill</answerdisplay>"), 0, []string{"error moodle_gapfill@2"}},
		{"gaps that share a word", gapfill("[a] [a]", "<answerdisplay>gapfill</answerdisplay><noduplicates>1</noduplicates>"), 0, []string{"error moodle_gapfill@2"}},
		{"alternatives to be dragged", gapfill("[a|b] [c]", ""), 0, []string{"error moodle_gapfill@2"}},
		{"markup in a gap", gapfill("[&lt;b>a&lt;/b>]", ""), 0, []string{"error gap_markup@2"}},
		{"a gap in a title", gapfill("&lt;b title=\"[a]\">x&lt;/b> [b]", "<answerdisplay>gapfill</answerdisplay>"), 0, []string{"error moodle_gap_tag@2"}},
		{"a gap in a link", gapfill("[b] &lt;a href=\"x[1]\">x&lt;/a>", "<answerdisplay>gapfill</answerdisplay>"), 0, []string{"error moodle_gap_tag@2"}},
		{"a gap that ends in a title", gapfill("[b &lt;b title=\"]\">x&lt;/b>", "<answerdisplay>gapfill</answerdisplay>"), 0, []string{"error moodle_gap_tag@2"}},
		{"a full stop", gapfill("[3.14] [2,5]", "<answerdisplay>gapfill</answerdisplay>"), 1, []string{"warning moodle_gap_dot@2"}},
		{"a full stop in a word", gapfill("[3.14]", "<answerdisplay>gapfill</answerdisplay><disableregex>1</disableregex>"), 1, []string{}},
		{"too many alternatives", gapfill("["+strings.Repeat("a|", 200)+"a]", "<answerdisplay>gapfill</answerdisplay>"), 0, []string{"error too_many_answers@2"}},
		{"no delimiters", gapfill("a", ""), 0, []string{"error moodle_places@2"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := moodle(t, tt.source)
			wantFound(t, f, tt.findings...)
			if len(f.Questions) != tt.questions {
				t.Errorf("%+v", f.Report.Counts)
			}
		})
	}
}
