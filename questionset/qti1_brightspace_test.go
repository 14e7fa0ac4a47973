package questionset_test

import (
	"strings"
	"testing"
)

// counting writes a rule of Brightspace that counts a choice as right or wrong.
func counting(test, variable string) string {
	return strings.Replace(when(test, "Add", "1"), "SCORE", variable, 1)
}

// Rules that count right and wrong choices are read as grading_type says that they are scored; where it says nothing
// that is kept here, the exam decides, and that is told.
func TestQTI1Counts(t *testing.T) {
	many := lid("r", "Multiple", "", "a", "b", "c")
	counts := counting(eq("r", "a"), "D2L_Correct") + counting(eq("r", "b"), "D2L_Correct") + counting(eq("r", "c"), "D2L_Incorrect")
	closing := `<respcondition><setvar varname="que_score" action="Set">D2L_Correct</setvar></respcondition>`
	less := `<respcondition><conditionvar><varlt respident="D2L_Incorrect">D2L_Correct</varlt></conditionvar><setvar varname="que_score" action="Set">D2L_Correct</setvar>` +
		`<setvar varname="que_score" action="Subtract">D2L_Incorrect</setvar></respcondition>`
	grading := func(kind string) string {
		return `<response_extension><d2l_2p0:grading_type xmlns:d2l_2p0="x">` + kind + `</d2l_2p0:grading_type></response_extension>`
	}
	two := lid("x", "Single", "1", "a", "b") + lid("y", "Single", "2", "a", "b")
	pairs := counting(eq("x", "a"), "D2L_Correct") + counting(eq("x", "b"), "D2L_Incorrect") + counting(eq("y", "b"), "D2L_Correct") + counting(not(eq("y", "b")), "D2L_Incorrect")
	for name, tt := range map[string]struct {
		kind, presentation, rules, key string
		want                           []string
	}{
		"all or nothing":     {"Multi-Select", many + grading("0"), counts, `{"revision":1,"options":{"a":10000,"b":10000},"rule":"whole"}`, []string{}},
		"right minus wrong":  {"Multi-Select", many + grading("1"), counts + less, `{"revision":1,"options":{"a":5000,"b":5000,"c":-5000},"weighted":true,"rule":"sum"}`, []string{}},
		"correct selections": {"Multi-Select", many + grading("2"), counts + closing, `{"revision":1,"options":{"a":10000,"b":10000}}`, []string{"warning qti1_decisions@1"}},
		"another way":        {"Multi-Select", many + grading("3"), counts, `{"revision":1,"options":{"a":10000,"b":10000}}`, []string{"warning qti1_grading@1"}},
		"an option of which nothing is said": {"Multi-Select", many + grading("1"), counting(eq("r", "a"), "D2L_Correct") + counting(eq("r", "c"), "D2L_Incorrect"),
			`{"revision":1,"options":{"a":10000,"b":-10000,"c":-10000},"weighted":true,"rule":"sum"}`, []string{"warning qti1_unnamed@1"}},
		"nothing said":         {"Multi-Select", many, counts + closing, `{"revision":1,"options":{"a":10000,"b":10000}}`, []string{"warning qti1_grading@1"}},
		"what is left counted": {"Multi-Select", many + grading("0"), counts + counting(not(eq("r", "c")), "D2L_Correct"), `{"revision":1,"options":{"a":10000,"b":10000},"rule":"whole"}`, []string{}},
		"pairs":                {"Matching", two, pairs + closing, `{"revision":1,"pairs":{"p1":"a","p2":"b"}}`, []string{}},
		"pairs scored another way": {"Matching", two + grading("1"), pairs + closing, `{"revision":1,"pairs":{"p1":"a","p2":"b"}}`,
			[]string{"warning qti1_grading@1"}},
	} {
		t.Run(name, func(t *testing.T) {
			f := parse(t, "q.xml", qti1(field("qmd_questiontype", tt.kind), tt.presentation, tt.rules))
			wantFound(t, f, tt.want...)
			if q := one(t, f); asJSON(t, q.Key) != tt.key {
				t.Errorf("%s", asJSON(t, q.Key))
			}
		})
	}
}
