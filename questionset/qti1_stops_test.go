package questionset_test

import (
	"fmt"
	"strings"
	"testing"
)

// listed writes a field with a list of labels, each "ident=text".
func listed(labels ...string) string {
	var b strings.Builder
	b.WriteString(`<response_str ident="r" rcardinality="Single"><render_choice>`)
	for _, l := range labels {
		ident, text, _ := strings.Cut(l, "=")
		fmt.Fprintf(&b, `<response_label ident=%q><material><mattext>%s</mattext></material></response_label>`, ident, text)
	}
	return b.String() + "</render_choice></response_str>"
}

// stop lets rules end those behind them, goOn not.
func stop(rules string) string {
	return strings.ReplaceAll(rules, "<respcondition", `<respcondition continue="No"`)
}

func goOn(rules string) string {
	return strings.ReplaceAll(rules, "<respcondition", `<respcondition continue="Yes"`)
}

// Rules that end others, and points taken off, are told where they would change what an answer earns.
func TestQTI1TellsRules(t *testing.T) {
	single, many := lid("r", "Single", "", "a", "b", "c"), lid("r", "Multiple", "", "a", "b", "c")
	ordered := lid("r", "Ordered", "", "a", "b")
	fields := str("x", "String") + str("y", "String")
	add := func(test string) string { return when(test, "Add", "1") }
	pair := func(value string) string { return `<varsubset respident="r">` + value + `</varsubset>` }
	pairs := add(pair("a,c")) + add(pair("b,d"))
	places := add(at(eq("r", "b"), 0)) + add(at(eq("r", "a"), 1))
	off := when("<other/>", "Add", "-1")
	for name, tt := range map[string]struct {
		presentation, rules string
		want                []string
	}{
		"a sum":                         {many, stop(add(eq("r", "a")) + add(eq("r", "b"))), []string{"warning qti1_stops@1"}},
		"one of a sum, the rest silent": {many, stop(add(eq("r", "a"))) + add(eq("r", "b")), []string{"warning qti1_stops@1"}},
		"the last of a sum":             {many, goOn(add(eq("r", "a"))) + stop(add(eq("r", "b"))), nil},
		"the only one with points":      {many, stop(add(eq("r", "a"))) + goOn(when(eq("r", "b"), "Add", "0")), nil},
		"one option only":               {single, stop(add(eq("r", "a")) + add(eq("r", "b"))), []string{"warning qti1_many_right@1"}},
		"pairs":                         {grp("a", "b", "c", "d"), stop(pairs), []string{"warning qti1_stops@1"}},
		"pairs that go on":              {grp("a", "b", "c", "d"), goOn(pairs), nil},
		"pairs, points off":             {grp("a", "b", "c", "d"), goOn(pairs) + off, []string{"warning qti1_negative@1"}},
		"places":                        {ordered, stop(places), []string{"warning qti1_stops@1"}},
		"places that go on":             {ordered, goOn(places), nil},
		"places, points off":            {ordered, goOn(places) + off, []string{"warning qti1_negative@1"}},
		"fields":                        {fields, stop(add(eq("x", "q")) + add(eq("y", "s"))), []string{"warning qti1_stops@1"}},
		"fields, alternatives":          {fields, goOn(add(eq("x", "q"))) + stop(add(eq("y", "s"))+add(eq("y", "t"))), nil},
	} {
		t.Run(name, func(t *testing.T) {
			f := parse(t, "q.xml", qti1("", tt.presentation, tt.rules))
			one(t, f)
			wantFound(t, f, append([]string{}, tt.want...)...)
		})
	}
}
