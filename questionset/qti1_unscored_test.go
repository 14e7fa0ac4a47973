package questionset_test

import (
	"strings"
	"testing"
)

// ruled writes a rule with a title, and with what stands behind its test.
func ruled(title, test, then string) string {
	return `<respcondition title="` + title + `"><conditionvar>` + test + `</conditionvar>` + then + `</respcondition>`
}

// Where no rule gives points, what rules call correct is right, and that is told; a rule that sets the score to
// nothing is none of a right answer unless it says so.
func TestQTI1Unscored(t *testing.T) {
	of := func(kind string) string { return "<bbmd_questiontype>" + kind + "</bbmd_questiontype>" }
	abc := lid("r", "Single", "", "a", "b", "c")
	none := `<setvar variablename="SCORE" action="Set">0</setvar>`
	shows := func(ref string) string { return `<displayfeedback linkrefid="` + ref + `"/>` }
	other := ruled("incorrect", "<other/>", none+shows("incorrect"))
	pairs := "<flow>" + lid("x", "Single", "1", "a", "b") + "</flow><flow>" + lid("y", "Single", "2", "a", "b") + "</flow>"
	for name, tt := range map[string]struct {
		meta, presentation, rules, key string
		want                           []string
	}{
		"a wrong answer that is set to nothing": {of("Multiple Choice"), abc, ruled("wrong answer", eq("r", "b"), none), "", []string{"error no_key@1"}},
		"an answer that is set to nothing":      {of("Fill in the Blank"), str("r", "String"), ruled("A1", eq("r", "red"), none), "", []string{"error no_key@1"}},
		"wrong by its feedback":                 {of("Fill in the Blank"), str("r", "String"), ruled("A1", eq("r", "red"), shows("incorrect")), "", []string{"error no_key@1"}},
		"an option that is named":               {of("Multiple Choice"), abc, ruled("", eq("r", "b"), ""), "", []string{"error no_key@1"}},
		"an option called correct":              {of("Multiple Choice"), abc, ruled("correct", eq("r", "b"), "") + other, `{"revision":1,"options":{"b":10000}}`, []string{"note qti1_called@1"}},
		"a text called correct": {of("Fill in the Blank"), str("r", "String"), ruled("A1", eq("r", "red"), shows("correct")+shows("A1")) + ruled("A2", eq("r", "blue"), "") + other,
			`{"revision":1,"texts":[{"pattern":"red","weight":10000}]}`, []string{"note qti1_called@1"}},
		"a text that is named": {of("Fill in the Blank"), str("r", "String"), ruled("A1", eq("r", "red"), "") + other,
			`{"revision":1,"texts":[{"pattern":"red","weight":10000}]}`, []string{"warning qti1_named@1"}},
		"a text of another program": {"", str("r", "String"), ruled("A1", eq("r", "red"), ""), `{"revision":1}`, []string{}},
		"pairs that are named": {of("Matching"), pairs, ruled("", eq("x", "a"), "") + ruled("", eq("y", "b"), "") + other,
			`{"revision":1,"pairs":{"p1":"a","p2":"b"}}`, []string{"warning qti1_named@1"}},
	} {
		t.Run(name, func(t *testing.T) {
			f := parse(t, "q.xml", strings.Replace(qti1("", tt.presentation, tt.rules), "<qtimetadata></qtimetadata>", tt.meta, 1))
			wantFound(t, f, tt.want...)
			if tt.key == "" {
				return
			}
			if q := one(t, f); asJSON(t, q.Key) != tt.key {
				t.Errorf("%s", asJSON(t, q.Key))
			}
		})
	}
}
