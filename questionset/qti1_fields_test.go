package questionset_test

import (
	"strings"
	"testing"

	"shiken/exam"
)

// sentence writes a response that is typed into two fields, with text around them.
func sentence(ident string) string {
	return `<response_str ident="` + ident + `" rcardinality="Ordered"><render_fib fibtype="String"><material><mattext>Now is the</mattext></material>` +
		`<response_label ident="A"/><material><mattext>of our</mattext></material><response_label ident="B"/><material><mattext>.</mattext></material>` +
		`</render_fib></response_str>`
}

// A response that is typed into several fields is a sentence with as many gaps: rules tell them apart by an index, or
// name the field.
func TestQTI1Fields(t *testing.T) {
	weights := `{"revision":1,"gaps":{"g1":[{"pattern":"winter","weight":10000}],"g2":[{"pattern":"discontent","weight":10000}]}`
	for name, tt := range map[string]struct{ rules, key string }{
		"each by its index": {when(at(eq("r", "winter"), 1), "Add", "1") + when(at(eq("r", "discontent"), 2), "Add", "1"), weights + "}"},
		"counted from 0":    {when(at(eq("r", "winter"), 0), "Add", "1") + when(at(eq("r", "discontent"), 1), "Add", "1"), weights + "}"},
		"by their names":    {when(eq("A", "winter"), "Add", "1") + when(eq("B", "discontent"), "Add", "1"), weights + "}"},
		"all at once":       {when(at(eq("r", "winter"), 1)+at(eq("r", "discontent"), 2), "Set", "1"), weights + `,"rule":"whole"}`},
		"not answered": {when(at(eq("r", "winter"), 1), "Add", "1") + when(at(eq("r", "discontent"), 2), "Add", "1") +
			when(`<unanswered respident="r"/>`, "Set", "0"), weights + "}"},
	} {
		t.Run(name, func(t *testing.T) {
			q := one(t, parse(t, "q.xml", strings.Replace(qti1("", sentence("r"), tt.rules), "Stem [x] [y]", "Fill", 1)))
			if q.Question.Type != exam.Gaps || asJSON(t, q.Key) != tt.key {
				t.Errorf("%s %s", q.Question.Type, asJSON(t, q.Key))
			}
			if want := "<p>Fill</p>Now is the _____(1) of our _____(2) ."; q.Question.Stem.Source != want {
				t.Errorf("%q", q.Question.Stem.Source)
			}
		})
	}
}

// Rules that do not say which of several fields they are about are refused.
func TestQTI1FieldsUnsaid(t *testing.T) {
	for name, tt := range map[string]struct{ presentation, rules string }{
		"no index":            {sentence("r"), when(eq("r", "winter"), "Add", "1") + when(eq("r", "discontent"), "Add", "1")},
		"one without":         {sentence("r"), when(at(eq("r", "winter"), 1)+eq("r", "discontent"), "Set", "1")},
		"a third":             {sentence("r"), when(at(eq("r", "winter"), 1)+at(eq("r", "x"), 3), "Set", "1")},
		"from 0 and to 2":     {sentence("r"), when(at(eq("r", "winter"), 0)+at(eq("r", "x"), 2), "Set", "1")},
		"a second of one":     {str("r", "String"), when(at(eq("r", "winter"), 1), "Add", "1") + when(at(eq("r", "discontent"), 2), "Add", "1")},
		"an index of letters": {sentence("r"), when(strings.Replace(eq("r", "winter"), "<varequal", `<varequal index="A"`, 1), "Set", "1")},
	} {
		t.Run(name, func(t *testing.T) {
			wantFound(t, parse(t, "q.xml", qti1("", tt.presentation, tt.rules)), "error qti1_fields@1")
		})
	}
}
