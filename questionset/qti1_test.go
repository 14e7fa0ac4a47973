package questionset_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"shiken/exam"
	"shiken/questionset"
)

// qti1 writes a document with one item.
func qti1(meta, presentation, rules string) string {
	return `<?xml version="1.0" encoding="UTF-8"?><questestinterop><assessment ident="A" title="Quiz"><section ident="root_section">` +
		qti1Item("Q", meta, presentation, rules) + `</section></assessment></questestinterop>`
}

func qti1Item(ident, meta, presentation, rules string) string {
	return fmt.Sprintf(`<item ident=%q title="T"><itemmetadata><qtimetadata>%s</qtimetadata></itemmetadata><presentation>`+
		`<material><mattext texttype="text/html">&lt;p&gt;Stem [x] [y]&lt;/p&gt;</mattext></material>%s</presentation>`+
		`<resprocessing><outcomes><decvar maxvalue="100" minvalue="0" varname="SCORE"/></outcomes>%s</resprocessing></item>`,
		ident, meta, presentation, rules)
}

func field(label, entry string) string {
	return "<qtimetadatafield><fieldlabel>" + label + "</fieldlabel><fieldentry>" + entry + "</fieldentry></qtimetadatafield>"
}

// lid writes a response that takes labels; their texts are their idents in capitals.
func lid(ident, cardinality, text string, labels ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<response_lid ident=%q rcardinality=%q><material><mattext>%s</mattext></material><render_choice>`, ident, cardinality, text)
	for _, l := range labels {
		fmt.Fprintf(&b, `<response_label ident=%q><material><mattext>%s</mattext></material></response_label>`, l, strings.ToUpper(l))
	}
	return b.String() + "</render_choice></response_lid>"
}

// grp writes a response whose labels are put on one another; behind a bar stand further attributes.
func grp(labels ...string) string {
	var b strings.Builder
	b.WriteString(`<response_grp ident="r" rcardinality="Multiple"><render_choice>`)
	for _, l := range labels {
		ident, more, _ := strings.Cut(l, "|")
		fmt.Fprintf(&b, `<response_label ident=%q %s><material><mattext>%s</mattext></material></response_label>`, ident, more, strings.ToUpper(ident))
	}
	return b.String() + "</render_choice></response_grp>"
}

func str(ident, kind string) string {
	return fmt.Sprintf(`<response_str ident=%q rcardinality="Single"><render_fib fibtype=%q><response_label ident="A"/></render_fib></response_str>`, ident, kind)
}

// when writes a rule.
func when(test, action, value string) string {
	return `<respcondition><conditionvar>` + test + `</conditionvar><setvar varname="SCORE" action="` + action + `">` + value + `</setvar></respcondition>`
}

func eq(ident, value string) string {
	return fmt.Sprintf(`<varequal respident=%q>%s</varequal>`, ident, value)
}

// at puts an index into a test.
func at(test string, place int) string {
	return strings.Replace(test, "<varequal", fmt.Sprintf(`<varequal index="%d"`, place), 1)
}

func not(s string) string { return "<not>" + s + "</not>" }
func all(s string) string { return "<and>" + s + "</and>" }

// Each kind of question, and how its rules become a key.
func TestQTI1Keys(t *testing.T) {
	canvas := func(kind string) string { return field("question_type", kind+"_question") }
	abc := lid("r", "Single", "", "a", "b", "c")
	many := lid("r", "Multiple", "", "a", "b", "c")
	two := lid("response_x", "Single", "x", "a", "b") + lid("response_y", "Single", "y", "a", "b")
	bounds := func(low, high string) string {
		return `<vargte respident="r">` + low + `</vargte><varlte respident="r">` + high + `</varlte>`
	}
	precise := `<or>` + eq("r", "2") + `<and><vargt respident="r">1.5</vargt><varlte respident="r">2.5</varlte></and></or>`
	for _, tt := range []struct {
		name, meta, presentation, rules string
		kind                            exam.QuestionType
		key                             string
	}{
		{"single choice", canvas("multiple_choice"), abc, when(eq("r", "b"), "Set", "100"), exam.SingleChoice, `{"options":{"b":10000}}`},
		{"common cartridge", field("cc_profile", "cc.multiple_choice.v0p1"), abc, when(eq("r", "c"), "Set", "100"), exam.SingleChoice, `{"options":{"c":10000}}`},
		{"nothing said", "", abc, when(eq("r", "b"), "Set", "1"), exam.SingleChoice, `{"options":{"b":10000}}`},
		{"points by option", "", abc, when(eq("r", "a"), "Set", "10") + when(eq("r", "b"), "Set", "5") + when(eq("r", "c"), "Add", "-1"), exam.SingleChoice,
			`{"options":{"a":10000,"b":5000,"c":-1000}}`},
		{"the rest is wrong", "", abc, when(eq("r", "b"), "Set", "SCORE.max") + when("<other/>", "Set", "0"), exam.SingleChoice, `{"options":{"b":10000}}`},
		{"true or false", canvas("true_false"), lid("r", "Single", "", "true", "false"), when(eq("r", "true"), "Set", "100"), exam.TrueFalse, `{"options":{"a":10000}}`},
		{"exact set of Canvas", canvas("multiple_answers"), many, when(all(eq("r", "a")+not(eq("r", "b"))+eq("r", "c")), "Set", "100"), exam.MultipleChoice,
			`{"options":{"a":10000,"c":10000}}`},
		{"exact set", "", many, when(all(eq("r", "a")+not(eq("r", "b"))+eq("r", "c")), "Set", "100"), exam.MultipleChoice,
			`{"options":{"a":10000,"c":10000},"rule":"whole"}`},
		{"none of the wrong ones", "", many, when(eq("r", "a")+not("<or>"+eq("r", "b")+eq("r", "c")+"</or>"), "Set", "100"), exam.MultipleChoice,
			`{"options":{"a":10000},"rule":"whole"}`},
		{"a subset", "", many, when(`<varsubset respident="r" setmatch="Exact">a, c</varsubset>`, "Set", "100"), exam.MultipleChoice,
			`{"options":{"a":10000,"c":10000},"rule":"whole"}`},
		{"a sum", "", many, when(eq("r", "a"), "Add", "30") + when(eq("r", "b"), "Add", "-10") + when(eq("r", "c"), "Add", "10"), exam.MultipleChoice,
			`{"options":{"a":7500,"b":-2500,"c":2500},"weighted":true,"rule":"sum"}`},
		{"alternatives", canvas("short_answer"), str("r", "String"), when(eq("r", "Ab*")+eq("r", "ab*")+eq("r", "c"), "Set", "100"), exam.ShortText,
			`{"texts":[{"pattern":"Ab\\*","weight":10000},{"pattern":"c","weight":10000}]}`},
		{"case and weights", "", str("r", "String"), when(`<varequal respident="r" case="Yes">Ab</varequal>`, "Set", "2") + when(eq("r", "c"), "Set", "1") +
			when(`<varsubstring respident="r">d</varsubstring>`, "Set", "1"), exam.ShortText,
			`{"texts":[{"pattern":"Ab","weight":10000,"case_sensitive":true},{"pattern":"c","weight":5000},{"pattern":"*d*","weight":5000}]}`},
		{"number", canvas("numerical"), str("r", "Decimal"), when("<or>"+eq("r", "7.50")+all(bounds("7", "8"))+"</or>", "Set", "100"), exam.Numeric,
			`{"numbers":[{"min":"7","max":"8","weight":10000}]}`},
		{"range", "", str("r", "Decimal"), when(bounds("-1", "2e1"), "Set", "100"), exam.Numeric, `{"numbers":[{"min":"-1","max":"2e1","weight":10000}]}`},
		{"open bound", "", str("r", "Integer"), when(precise, "Set", "100"), exam.Numeric,
			`{"numbers":[{"min":"1.5","max":"1.5","weight":0},{"min":"1.5","max":"2.5","weight":10000}]}`},
		{"a better point in a range", "", str("r", ""), when(eq("r", "3"), "Set", "100") + when(bounds("2", "4"), "Set", "50"), exam.Numeric,
			`{"numbers":[{"min":"3","max":"3","weight":10000},{"min":"2","max":"4","weight":5000}]}`},
		{"no upper bound", "", str("r", ""), when(`<vargte respident="r">5</vargte>`, "Set", "1"), exam.Numeric, `{"numbers":[{"min":"5","max":"1e99","weight":10000}]}`},
		{"matching", canvas("matching"), two, when(eq("response_x", "a"), "Add", "33.33") + when(eq("response_y", "b"), "Add", "33.34"), exam.Matching,
			`{"pairs":{"p1":"a","p2":"b"}}`},
		{"matching with weights", canvas("matching"), two, when(eq("response_x", "a"), "Add", "10") + when(eq("response_y", "b"), "Add", "30"), exam.Matching,
			`{"pairs":{"p1":"a","p2":"b"},"weights":{"p1":1,"p2":3}}`},
		{"matching with parts", canvas("matching"), two, when(eq("response_x", "a"), "Add", "50") + when(eq("response_x", "b"), "Add", "25") +
			when(eq("response_y", "b"), "Add", "50"), exam.Matching, `{"rule":"sum","pair_weights":{"p1":{"a":5000,"b":2500},"p2":{"b":5000}}}`},
		{"matching as a whole", canvas("matching"), two, when(eq("response_x", "a")+eq("response_y", "b"), "Set", "100"), exam.Matching,
			`{"pairs":{"p1":"a","p2":"b"},"rule":"whole"}`},
		{"drop-downs", canvas("multiple_dropdowns"), two, when(eq("response_x", "a"), "Add", "50.00") + when(eq("response_y", "b"), "Add", "50.00"), exam.Gaps,
			`{"gaps":{"g1":[{"pattern":"a","weight":10000},{"pattern":"b","weight":0}],"g2":[{"pattern":"a","weight":0},{"pattern":"b","weight":10000}]}}`},
		{"blanks of Canvas", canvas("fill_in_multiple_blanks"), two, when(eq("response_x", "a"), "Add", "50.00") + when(eq("response_y", "a"), "Add", "50.00"), exam.Gaps,
			`{"gaps":{"g1":[{"pattern":"A","weight":10000},{"pattern":"B","weight":10000}],"g2":[{"pattern":"A","weight":10000},{"pattern":"B","weight":10000}]}}`},
		{"blanks as a whole", "", str("x", "String") + str("y", "Decimal"), when(eq("x", "q")+eq("y", "2"), "Set", "3"), exam.Gaps,
			`{"gaps":{"g1":[{"pattern":"q","weight":10000}]},"gap_numbers":{"g2":[{"min":"2","max":"2","weight":10000}]},"rule":"whole"}`},
		{"a sum, reset before", "", many, strings.Replace(when(not(eq("r", "a")), "Set", "0"), "<respcondition", `<respcondition continue="Yes"`, 1) + when(eq("r", "a"), "Add", "30") + when(eq("r", "c"), "Add", "10"), exam.MultipleChoice,
			`{"options":{"a":7500,"c":2500},"weighted":true,"rule":"sum"}`},
		{"a sum, nothing without a right one", "", many, when(eq("r", "a"), "Add", "1") + when(eq("r", "c"), "Add", "1") + when(not("<or>"+eq("r", "a")+eq("r", "c")+"</or>"), "Set", "0"),
			exam.MultipleChoice, `{"options":{"a":5000,"c":5000},"weighted":true,"rule":"sum"}`},
		{"an exact set, points off else", "", many, when(all(eq("r", "a")+not(eq("r", "b"))+eq("r", "c")), "Set", "2") + when(eq("r", "b"), "Set", "-1"), exam.MultipleChoice,
			`{"options":{"a":10000,"c":10000},"rule":"whole"}`},
		{"blanks that nobody filled in", "", str("x", "String") + str("y", "String"), when(eq("x", "q"), "Add", "1") + when(eq("y", "s"), "Add", "1") +
			when(all(`<unanswered respident="x"/><unanswered respident="y"/>`), "Set", "0"), exam.Gaps,
			`{"gaps":{"g1":[{"pattern":"q","weight":10000}],"g2":[{"pattern":"s","weight":10000}]}}`},
		{"ordering", "", lid("r", "Ordered", "", "a", "b", "c"), when(eq("r", "c")+eq("r", "a")+eq("r", "b"), "Set", "1"), exam.Ordering,
			`{"order":["pc","pa","pb"],"rule":"whole"}`},
		{"ordering by places", "", lid("r", "Ordered", "", "a", "b", "c"), when(at(eq("r", "c"), 0), "Add", "2") + when(at(eq("r", "a"), 2), "Add", "2") +
			when(at(eq("r", "b"), 1), "Add", "2"), exam.Ordering, `{"order":["pc","pb","pa"]}`},
		{"ordering by places, at once", "", lid("r", "Ordered", "", "a", "b"), when(at(eq("r", "a"), 2)+at(eq("r", "b"), 1), "Set", "1"), exam.Ordering,
			`{"order":["pb","pa"],"rule":"whole"}`},
		{"a rule that names the field", "", str("r", "String"), strings.ReplaceAll(when(eq("A", "red"), "Set", "100"), "SCORE", "Blank_1"), exam.ShortText,
			`{"texts":[{"pattern":"red","weight":10000}]}`},
		{"a list that is typed into", "", `<response_lid ident="r"><render_fib><response_label ident="x"/></render_fib></response_lid>`, when(eq("r", "red"), "Set", "1"), exam.ShortText,
			`{"texts":[{"pattern":"red","weight":10000}]}`},
		{"a list in a text, by its texts", "", str("x", "String") + `<response_str ident="r"><render_choice><response_label ident="0"><material><mattext>red</mattext></material></response_label>` +
			`<response_label ident="2"><material><mattext>blue</mattext></material></response_label></render_choice></response_str>`,
			when(eq("x", "q"), "Add", "1") + when(eq("r", "red"), "Add", "1") + when(eq("r", "blue"), "Add", "0"), exam.Gaps,
			`{"gaps":{"g1":[{"pattern":"q","weight":10000}],"g2":[{"pattern":"a","weight":10000},{"pattern":"b","weight":0}]}}`},
		{"right by its feedback", field("qmd_itemtype", "Multiple Choice"), abc, strings.ReplaceAll(when(eq("r", "b"), "Add", "0"), "</resp",
			`<displayfeedback linkrefid="Correct"/></resp`), exam.SingleChoice, `{"options":{"b":10000}}`},
		{"one option, as if several", field("qmd_questiontype", "Multiple Choice"), many, when(eq("r", "a"), "Set", "0") + when(eq("r", "b"), "Set", "100"),
			exam.SingleChoice, `{"options":{"b":10000}}`},
		{"rightly chosen or left", field("qmd_questiontype", "Multi-Select"), many, when(eq("r", "a"), "Add", "1") + when(not(eq("r", "b")), "Add", "1") +
			when(eq("r", "c"), "Add", "1"), exam.MultipleChoice, `{"options":{"a":10000,"c":10000}}`},
		{"points off for a wrong whole", "", str("x", "String") + str("y", "String"), when(eq("x", "q")+eq("y", "s"), "Set", "1") +
			when("<or>"+not(eq("x", "q"))+not(eq("y", "s"))+"</or>", "Set", "-1"), exam.Gaps,
			`{"gaps":{"g1":[{"pattern":"q","weight":10000}],"g2":[{"pattern":"s","weight":10000}]},"rule":"whole"}`},
		{"a variable for each blank", "", str("x", "String") + str("y", "String"), strings.ReplaceAll(when(eq("x", "q"), "Set", "100"), "SCORE", "Blank_1") +
			strings.ReplaceAll(when(eq("y", "s"), "Set", "100"), "SCORE", "Blank_2"), exam.Gaps,
			`{"gaps":{"g1":[{"pattern":"q","weight":10000}],"g2":[{"pattern":"s","weight":10000}]}}`},
		{"a sum that stops by its letter", "", many, strings.ReplaceAll(when(eq("r", "a"), "Add", "50")+when(eq("r", "c"), "Add", "50"), "<respcondition", `<respcondition continue="No"`),
			exam.MultipleChoice, `{"options":{"a":5000,"c":5000},"weighted":true,"rule":"sum"}`},
		{"labels on one another", "", grp(`a|match_group="c,d"`, `b|match_group="c,d"`, "c", "d"), when(`<varsubset respident="r">d,a</varsubset>`, "Add", "1") +
			when(`<varsubset respident="r">b,c</varsubset>`, "Add", "2"), exam.Matching, `{"pairs":{"p1":"b","p2":"a"},"weights":{"p1":1,"p2":2}}`},
		{"labels on one another, in order", "", grp("a", "b", "c", "d"), when(`<varsubset respident="r">a, c</varsubset>`, "Add", "1") +
			when(`<varsubset respident="r">b,d</varsubset>`, "Add", "1"), exam.Matching, `{"pairs":{"p1":"a","p2":"b"}}`},
		{"a part of Blackboard", "", str("r", "String"), when(`<varsubset respident="r" case="No" setmatch="Contains">red</varsubset>`, "Set", "SCORE.max"), exam.ShortText,
			`{"texts":[{"pattern":"*red*","weight":10000}]}`},
		{"groups", "", strings.ReplaceAll(two, "response_lid", "response_grp"), when(eq("response_x", "a"), "Add", "1") + when(eq("response_y", "b"), "Add", "1"),
			exam.Gaps, `{"gaps":{"g1":[{"pattern":"a","weight":10000},{"pattern":"b","weight":0}],"g2":[{"pattern":"a","weight":0},{"pattern":"b","weight":10000}]}}`},
		{"essay", canvas("essay"), str("r", ""), "<respcondition continue=\"No\"><conditionvar><other/></conditionvar></respcondition>", exam.Essay, `{}`},
		{"essay unsaid", "", str("r", ""), "", exam.Essay, `{}`},
		{"text only", canvas("text_only"), "", "", exam.Description, `{}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			q := one(t, parse(t, "q.xml", qti1(tt.meta, tt.presentation, tt.rules)))
			want := exam.Key{Revision: 1}
			if err := json.Unmarshal([]byte(tt.key), &want); err != nil {
				t.Fatal(err)
			}
			if q.Question.Type != tt.kind || !reflect.DeepEqual(q.Key, want) {
				t.Errorf("%s %s\n want %s %s", q.Question.Type, exam.Canonical(q.Key), tt.kind, tt.key)
			}
		})
	}
}

// A question may be asked within the field, before or behind it.
func TestQTI1AsksInTheField(t *testing.T) {
	for _, inside := range []string{
		`<material><mattext>What is 13 x 13?</mattext></material><render_fib fibtype="Integer"><response_label ident="A"/></render_fib>`,
		`<render_fib fibtype="Integer"><material><mattext>What is 13 x 13?</mattext></material><response_label ident="A"/></render_fib>`,
	} {
		for rules, kind := range map[string]exam.QuestionType{"": exam.Essay, when(eq("r", "169"), "Set", "1"): exam.Numeric} {
			q := one(t, parse(t, "q.xml", strings.Replace(qti1("", `<response_num ident="r">`+inside+"</response_num>", rules),
				`<mattext texttype="text/html">&lt;p&gt;Stem [x] [y]&lt;/p&gt;</mattext>`, "", 1)))
			if q.Question.Type != kind || q.Question.Stem.Source != "What is 13 x 13?" {
				t.Errorf("%s %+v", q.Question.Type, q.Question.Stem)
			}
		}
	}
}

// What cannot be scored as the file says is refused, and why; nothing is guessed.
func TestQTI1Refused(t *testing.T) {
	abc, many := lid("r", "Single", "", "a", "b"), lid("r", "Multiple", "", "a", "b", "c")
	two := lid("x", "Single", "l", "a", "b") + lid("y", "Single", "m", "a", "b")
	for name, tt := range map[string]struct{ meta, presentation, rules, want string }{
		"no rule":                 {"", abc, "", "no_key"},
		"everything is right":     {"", abc, when("<other/>", "Set", "100"), "no_key"},
		"right by another id":     {"", abc, when(eq("z", "a"), "Set", "100"), "qti1_no_such"},
		"right by a name besides": {"", abc, when(eq("r", "a"), "Set", "1") + when(eq("z", "b"), "Set", "1"), "qti1_no_such"},
		"wrong ones counted":      {"", many, strings.ReplaceAll(when(eq("r", "a"), "Add", "1"), "SCORE", "Right") + strings.ReplaceAll(when(eq("r", "b"), "Add", "1"), "SCORE", "Incorrect"), "qti1_scoring"},
		"a count beside counts":   {"", many, strings.ReplaceAll(when(eq("r", "a"), "Add", "1"), "SCORE", "D2L_Correct") + strings.ReplaceAll(when(eq("r", "b"), "Set", "9"), "SCORE", "que_score"), "qti1_scoring"},
		"counted of no option":    {"", many, strings.ReplaceAll(when(eq("r", "a"), "Add", "1")+when(eq("r", "z"), "Add", "1"), "SCORE", "D2L_Correct"), "qti1_scoring"},
		"counted both ways":       {"", many, strings.ReplaceAll(when(eq("r", "a"), "Add", "1"), "SCORE", "D2L_Correct") + strings.ReplaceAll(when(eq("r", "a"), "Add", "1"), "SCORE", "D2L_Incorrect"), "qti1_scoring"},
		"no points":               {"", abc, when(eq("r", "a"), "Set", "0"), "no_key"},
		"reset by a wrong one":    {"", many, when(eq("r", "a"), "Add", "1") + when(eq("r", "b"), "Add", "1") + when(eq("r", "c"), "Set", "0"), "qti1_scoring"},
		"off for any of two":      {"", many, when(eq("r", "a"), "Add", "2") + when("<or>"+eq("r", "b")+eq("r", "c")+"</or>", "Add", "-1"), "qti1_scoring"},
		"all blanks or reset":     {"", str("x", "String") + str("y", "String"), when(eq("x", "q"), "Add", "1") + when(eq("y", "s"), "Add", "1") + when(not(all(eq("x", "q")+eq("y", "s"))), "Set", "0"), "qti1_scoring"},
		"off for several":         {"", str("x", "String") + str("y", "String"), when(eq("x", "q"), "Add", "1") + when(eq("y", "s"), "Add", "1") + when("<or>"+not(eq("x", "q"))+not(eq("y", "s"))+"</or>", "Add", "-1"), "qti1_scoring"},
		"not a number":            {"", abc, when(eq("r", "a"), "Set", "NaN"), "qti1_scoring"},
		"multiplied":              {"", abc, when(eq("r", "a"), "Multiply", "2"), "qti1_scoring"},
		"unknown test":            {"", abc, when(`<durlt respident="r">3</durlt>`, "Set", "1"), "qti1_scoring"},
		"one option":              {"", lid("r", "Single", "", "a"), when(eq("r", "a"), "Set", "1"), "one_option"},
		"right one is empty":      {"", lid("r", "Single", "", "a", "", "c"), when(eq("r", ""), "Set", "1"), "qti1_empty_right"},
		"two sets":                {"", many, when(all(eq("r", "a")+eq("r", "b")), "Set", "1") + when(all(eq("r", "a")+eq("r", "c")), "Set", "1"), "qti1_scoring"},
		"any of two":              {"", many, when("<or>"+eq("r", "a")+eq("r", "b")+"</or>", "Set", "1"), "qti1_scoring"},
		"for what is left":        {"", many, when(not(eq("r", "a")), "Add", "1"), "qti1_scoring"},
		"places with a gap":       {"", lid("r", "Ordered", "", "a", "b"), when(at(eq("r", "a"), 0), "Add", "1") + when(at(eq("r", "b"), 2), "Add", "1"), "qti1_scoring"},
		"unequal places":          {"", lid("r", "Ordered", "", "a", "b"), when(at(eq("r", "a"), 0), "Add", "1") + when(at(eq("r", "b"), 1), "Add", "2"), "qti1_scoring"},
		"part of the order":       {"", lid("r", "Ordered", "", "a", "b", "c"), when(eq("r", "c")+eq("r", "a"), "Set", "1"), "qti1_scoring"},
		"one side without key":    {"", two, when(eq("x", "a"), "Add", "1"), "no_key"},
		"sides depend":            {"", two, when("<or>"+eq("x", "a")+eq("y", "a")+"</or>", "Add", "1"), "qti1_scoring"},
		"a text but no number":    {"", str("r", "Decimal"), when(eq("r", "two"), "Set", "1"), "qti1_number"},
		"anything but":            {"", str("r", "String"), when(not(eq("r", "a")), "Set", "1"), "no_key"},
		"anything but, too":       {"", str("r", "String"), when(not(eq("r", "a")), "Add", "1") + when(eq("r", "b"), "Add", "1"), "qti1_scoring"},
		"one side overwrites":     {"", two, when(eq("x", "a"), "Set", "1") + when(eq("y", "a"), "Set", "1"), "qti1_scoring"},
		"only an extension":       {"", "<response_extension><x/></response_extension>", "", "qti1_type"},
		"drag and drop":           {"", `<response_grp ident="r"><render_extension/></response_grp>`, "", "qti1_type"},
		"hot spot":                {"", `<response_xy ident="r"><render_hotspot/></response_xy>`, "", "qti1_type"},
		"upload":                  {field("question_type", "file_upload_question"), "", "", "qti1_type"},
		"nothing to answer":       {field("question_type", "matching_question"), "", when(eq("r", "a"), "Set", "1"), "qti1_no_response"},
		"two on one":              {"", grp("a", "b", "c", "d"), when(`<varsubset respident="r">a,c</varsubset>`, "Add", "1") + when(`<varsubset respident="r">a,d</varsubset>`, "Add", "1"), "qti1_scoring"},
		"one left over":           {"", grp(`a|match_group="c,d"`, `b|match_group="c,d"`, "c", "d"), when(`<varsubset respident="r">c,a</varsubset>`, "Add", "1"), "qti1_scoring"},
		"pairs in a chain":        {"", grp("a", "b", "c", "d"), when(`<varsubset respident="r">a,b</varsubset>`, "Add", "1") + when(`<varsubset respident="r">b,c</varsubset>`, "Add", "1"), "qti1_scoring"},
		"pairs, the last counts":  {"", grp("a", "b", "c", "d"), when(`<varsubset respident="r">a,c</varsubset>`, "Set", "1") + when(`<varsubset respident="r">b,d</varsubset>`, "Set", "1"), "qti1_scoring"},
		"a pair that resets": {"", grp("a", "b", "c", "d"), when(`<varsubset respident="r">a,c</varsubset>`, "Add", "1") + when(`<varsubset respident="r">b,d</varsubset>`, "Add", "1") +
			when(`<varsubset respident="r">a,d</varsubset>`, "Set", "0"), "qti1_scoring"},
		"pairs of which one ends":    {"", grp("a", "b", "c", "d"), stop(when(`<varsubset respident="r">a,c</varsubset>`, "Add", "1")) + goOn(when(`<varsubset respident="r">b,d</varsubset>`, "Add", "1")), "qti1_scoring"},
		"one of a sum ends the rest": {"", many, stop(when(eq("r", "a"), "Add", "1")) + goOn(when(eq("r", "b"), "Add", "1")), "qti1_scoring"},
		"one field ends the rest":    {"", str("x", "String") + str("y", "String"), stop(when(eq("x", "q"), "Add", "1")) + goOn(when(eq("y", "s"), "Add", "1")), "qti1_scoring"},
		"a text that is a name, too": {"", listed("1=2", "2=1", "3=3"), when(eq("r", "1"), "Add", "1"), "qti1_ambiguous"},
		"one text is a name, too":    {"", listed("1=2", "2=1", "3=x"), when(eq("r", "1"), "Add", "1") + when(eq("r", "x"), "Add", "0"), "qti1_ambiguous"},
		"a text of two labels":       {"", listed("a=x", "b=x", "c=z"), when(eq("r", "x"), "Add", "1"), "qti1_ambiguous"},
		"pairs without points":       {"", grp("a", "b"), when(`<varsubset respident="r">a,b</varsubset>`, "Add", "0"), "no_key"},
		"unknown to us":              {field("question_type", "drag_question"), abc, when(eq("r", "a"), "Set", "1"), "qti1_type"},
		"calculated":                 {field("question_type", "calculated_question"), str("r", "Decimal"), when("<other/>", "Set", "100"), "qti1_type"},
	} {
		t.Run(name, func(t *testing.T) {
			f := parse(t, "q.xml", qti1(tt.meta, tt.presentation, tt.rules))
			if !slices.Contains(found(f), "error "+tt.want+"@1") || len(f.Questions) != 0 || f.Report.Counts.Refused != 1 {
				t.Errorf("%+v %q", f.Report.Counts, found(f))
			}
		})
	}
}

// A broken item costs that item only; the line is that of the fault.
func TestQTI1BrokenItems(t *testing.T) {
	sound := func(ident string) string {
		return strings.ReplaceAll(qti1Item(ident, "", lid("r", "Single", ident, "a", "b"), when(eq("r", "a"), "Set", "1")), "Stem", "Stem "+ident)
	}
	head := "<?xml version=\"1.0\"encoding=\"UTF-8\"?>\n<questestinterop>\n"
	for name, tt := range map[string]struct {
		data  string
		taken int
		want  []string
	}{
		"tags that do not match": {head + sound("1") + "\n<item ident='2'>\n<presentation></resprocessing></item>\n" + sound("3") + "</questestinterop>", 2,
			[]string{"error qti1_item@5"}},
		"an item without end":  {head + "<item ident='1'><presentation>\n" + sound("2") + "</questestinterop>", 1, []string{"error qti1_item@4"}},
		"a bare ampersand":     {head + "<item ident='1'>\nA & B</item>" + sound("2") + "</questestinterop>", 1, []string{"error qti1_item@4"}},
		"cut off":              {head + sound("1") + "\n<item ident='2'><presentation>", 1, []string{"error qti1_item@4", "warning qti1_frame@4"}},
		"a section too many":   {head + sound("1") + "</section></questestinterop>", 1, []string{"warning qti1_frame@3"}},
		"in comments and data": {head + "<!-- <item> --><![CDATA[<item>]]>" + sound("1") + "</questestinterop>", 1, nil},
	} {
		t.Run(name, func(t *testing.T) {
			f := parse(t, "q.xml", tt.data)
			wantFound(t, f, append([]string{}, tt.want...)...)
			if len(f.Questions) != tt.taken {
				t.Errorf("%d taken", len(f.Questions))
			}
		})
	}
}

// zipped packs files; names with a slash are folders.
func zipped(t testing.TB, files map[string]string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(files[name])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

const onePixel = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"

// Media of packages are found by the names that Canvas, Common Cartridge and Blackboard give them.
func TestQTI1Media(t *testing.T) {
	for name, src := range map[string]string{
		"file base":       "$IMS-CC-FILEBASE$/pictures/a b.png",
		"percent-encoded": "%24IMS-CC-FILEBASE%24/pictures/a%20b.png?canvas_download=1",
		"underlines":      "$IMS_CC_FILEBASE$pictures/a b.png",
		"as it stands":    "web_resources/pictures/a b.png",
		"by its end":      "a b.png",
	} {
		t.Run(name, func(t *testing.T) {
			item := strings.Replace(qti1("", lid("r", "Single", "", "a", "b"), when(eq("r", "a"), "Set", "1")), "Stem",
				"&lt;img alt='x' src='"+src+"'&gt;", 1)
			f := parse(t, "q.zip", zipped(t, map[string]string{"i1/i1.xml": item, "web_resources/pictures/a b.png": onePixel}))
			if q := one(t, f); len(f.Media) != 1 || !strings.Contains(q.Question.Stem.Source, questionset.MediaPrefix) {
				t.Errorf("%d media, %s, %q", len(f.Media), q.Question.Stem.Source, found(f))
			}
		})
	}
}

// Canvas draws formulas as pictures on its own server; here they are the formulas.
func TestQTI1Equation(t *testing.T) {
	img := `&lt;img class="equation_image" src="/equation_images/x" alt="LaTeX: \frac{1}{2}&amp;lt;1" data-equation-content="\frac{1}{2}&amp;lt;1"&gt;`
	f := parse(t, "q.xml", strings.Replace(qti1("", lid("r", "Single", "", "a", "b"), when(eq("r", "a"), "Set", "1")), "Stem", img, 1))
	if q := one(t, f); !strings.Contains(q.Question.Stem.Source, `\(\frac{1}{2}&lt;1\)`) {
		t.Error(q.Question.Stem.Source)
	}
	wantFound(t, f)
}

// A package of Canvas holds an assessment twice, and its questions once more in a bank: each is taken once.
func TestQTI1Cartridge(t *testing.T) {
	f := parseFile(t, "testdata/qti1/canvas_cartridge.imscc")
	if n := f.Report.Counts; n != (questionset.Counts{Seen: 24, Taken: 10, NeedsMarker: 1, Refused: 4, Identical: 10}) {
		t.Errorf("%+v", n)
	}
	banks := parseFile(t, "testdata/qti1/with_banks.zip")
	categories := map[string]int{}
	for _, q := range banks.Questions {
		categories[q.Category]++
	}
	if want := map[string]int{"Some Old Quiz": 2, "Last Bank": 2, "First Bank": 2}; !maps.Equal(categories, want) {
		t.Errorf("%v", categories)
	}
}

// A text that several items refer to is shown with each of them.
func TestQTI1Passage(t *testing.T) {
	f := parseFile(t, "testdata/qti1/stimulus_with_child_item.xml")
	q := one(t, f).Question
	if q.Stimulus.Source != "<p>some content</p>" || q.Group == "" {
		t.Errorf("%+v", q)
	}
	wantFound(t, f, "note qti1_passage@11")
}

// Names of gaps in brackets become gaps; where a response stands between texts, the gap stands there.
func TestQTI1GapPlaces(t *testing.T) {
	two := lid("response_x", "Single", "answer", "a", "b") + lid("response_2", "Single", "y", "a", "b")
	q := one(t, parse(t, "q.xml", qti1(field("question_type", "multiple_dropdowns_question"), two,
		when(eq("response_x", "a"), "Add", "50")+when(eq("response_2", "b"), "Add", "50"))))
	if want := "<p>Stem _____(1) _____(2)</p>"; q.Question.Stem.Source != want {
		t.Errorf("%q", q.Question.Stem.Source)
	}
	mat := func(s string) string { return "<material><mattext>" + s + "</mattext></material>" }
	q = one(t, parse(t, "q.xml", strings.Replace(qti1("", mat("Now is the")+str("x", "String")+mat("of our")+str("y", "String")+mat("."),
		when(eq("x", "winter")+eq("y", "discontent"), "Set", "1")), "Stem [x] [y]", "R", 1)))
	if want := "<p>R</p>Now is the _____(1) of our _____(2) ."; q.Question.Stem.Source != want {
		t.Errorf("%q", q.Question.Stem.Source)
	}
}

// The declared encoding counts unless the file is UTF-8.
func TestQTI1Encodings(t *testing.T) {
	doc := strings.Replace(qti1("", lid("r", "Single", "", "a", "b"), when(eq("r", "a"), "Set", "1")), "UTF-8", "ISO-8859-1", 1)
	for name, tt := range map[string]struct {
		text string
		want []string
	}{
		"latin 1": {"caf\xE9", nil},
		"utf-8":   {"café", []string{"warning xml_really_utf8@0"}},
	} {
		t.Run(name, func(t *testing.T) {
			f := parse(t, "q.xml", strings.Replace(doc, "Stem", tt.text, 1))
			if q := one(t, f); !strings.Contains(q.Question.Stem.Source, "café") {
				t.Error(q.Question.Stem.Source)
			}
			wantFound(t, f, append([]string{}, tt.want...)...)
		})
	}
}

// A document type declaration is passed over, one with entities refused.
func TestQTI1Declarations(t *testing.T) {
	_, body, _ := strings.Cut(qti1("", lid("r", "Single", "", "a", "b"), when(eq("r", "a"), "Set", "1")), "?>")
	f := parse(t, "q.xml", `<!DOCTYPE questestinterop SYSTEM "ims_qtiasiv1p2.dtd" [<!ELEMENT x (y+)>]>`+body)
	one(t, f)
	wantFound(t, f, "note xml_doctype@1")
	f = parse(t, "q.xml", "<!DOCTYPE questestinterop [\n<!ENTITY a SYSTEM 'file:///etc/passwd'>]>"+body)
	wantFound(t, f, "error xml_declaration@1")
}
