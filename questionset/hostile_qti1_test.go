//go:build linux && !race

package questionset_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"shiken/devtools/effort"
)

// TestHostileQTI1Rules: no rules of QTI 1.2 make reading an item long, or a file of such items; what is too much is
// refused.
func TestHostileQTI1Rules(t *testing.T) {
	effort.Whole(t, "rules without end")
	times := func(n int, unit func(i int) string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(unit(i))
		}
		return b.String()
	}
	rule := func(test string) string { return when(test, "Set", "1") }
	anyOf := func(tests string) string { return "<or>" + tests + "</or>" }
	texts := times(200, func(i int) string { return eq("r", fmt.Sprint("t", i)) })
	below := func(n int) string { return strings.Repeat(`<varlt respident="r">y</varlt>`, n) }
	labels := func(n int) []string {
		return strings.Fields(times(n, func(i int) string { return fmt.Sprintf("l%d ", i) }))
	}
	named := func(n int) string { return times(n, func(int) string { return eq("r", "l199") }) }
	many := func(n int, meta, presentation, rules string) string {
		item := qti1Item("Q", meta, presentation, rules)
		return "<questestinterop><section>" + times(n, func(i int) string {
			return strings.ReplaceAll(strings.Replace(item, `ident="Q"`, fmt.Sprintf(`ident="Q%d"`, i), 1), "Stem", fmt.Sprint("Stem ", i))
		}) + "</section></questestinterop>"
	}
	sides := times(100, func(i int) string { return lid(fmt.Sprint("s", i), "Single", "side", labels(180)...) })
	rights := times(100, func(i int) string { return when(eq(fmt.Sprint("s", i), "l1"), "Add", "1") })
	typed := field("question_type", "short_answer_question")
	numbers := times(390, func(i int) string { return eq("r", fmt.Sprint(i, ".5")) })
	for name, tt := range map[string]struct {
		data string
		code string // of an error; "" where all is taken
	}{
		"tests that name nothing":            {qti1(typed, str("r", "String"), rule(anyOf(texts+below(34_000)))), "qti1_many_rules"},
		"as many tests as may be":            {qti1(typed, str("r", "String"), rule(anyOf(texts+below(4_700)))), ""},
		"many items of so many tests":        {many(30, typed, str("r", "String"), rule(anyOf(texts+below(4_700)))), "qti2_file_work"},
		"many rules":                         {qti1(typed, str("r", "String"), rule(texts)+strings.Repeat(rule(below(1)), 1_100)), ""},
		"tests of labels":                    {qti1("", lid("r", "Single", "", labels(200)...), rule(anyOf(named(90_000)))), "qti1_many_rules"},
		"as many tests of labels as may be":  {many(30, "", lid("r", "Single", "", labels(200)...), rule(anyOf(named(4_900)))), "qti2_file_work"},
		"numbers":                            {many(10, "", str("r", "Decimal"), rule(anyOf(numbers))+strings.Repeat(rule("<or><and><not></not></and></or>"), 600)), ""},
		"rules for the rest, for every pair": {qti1("", sides, rights+strings.Repeat(goOn(when("<other/>", "Set", "0")), 1_000)), "qti1_work"},
		"commas":                             {qti1("", lid("r", "Multiple", "", labels(200)...), rule(`<varsubset respident="r">`+strings.Repeat("a,", 1<<20)+"</varsubset>")), "qti1_scoring"},
		"sets":                               {qti1("", lid("r", "Multiple", "", labels(8)...), rule(`<varsubset respident="r">l1,l2</varsubset>`)+strings.Repeat(when(eq("r", "l1")+eq("r", "l2"), "Set", "0"), 60)), ""},
		"fields":                             {qti1("", strings.Repeat(sentence("r"), 10_000), rule(strings.Repeat(at(eq("r", "a"), 1), 4_000))), "too_many_answers"},
		"parts that nobody knows":            {"<questestinterop><section>" + strings.Repeat("<x/>", 1<<20) + "</section></questestinterop>", "no_questions"},
	} {
		t.Run(name, func(t *testing.T) {
			r := readAlone(t, written(t, "q.xml", tt.data))
			if (tt.code == "") != (len(r.Errors) == 0) || tt.code != "" && !slices.Equal(slices.Compact(r.Errors), []string{tt.code}) {
				t.Errorf("%+v", r)
			}
		})
	}
}
