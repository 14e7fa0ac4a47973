//go:build linux && !race

package questionset_test

import (
	"fmt"
	"strings"
	"testing"

	"shiken/devtools/effort"
)

// Items of almost 4 MiB with as many fields and rules as they hold, and a gap of many words: whatever is looked for in
// rules is looked for once.
func TestHostileFields(t *testing.T) {
	effort.Whole(t, "rules without end")
	const fields, labels = 200, 20
	var list strings.Builder
	for i := range labels {
		fmt.Fprintf(&list, `<response_label ident="L%d"><material><mattext>label %[1]d</mattext></material></response_label>`, i)
	}
	rule := func(i int, test string) string {
		test = strings.ReplaceAll(test, "respident", fmt.Sprintf(`respident="R%d"`, i%fields))
		return when(strings.ReplaceAll(test, "LABEL", fmt.Sprintf("L%d", i/fields%labels)), "Add", "1")
	}
	items := map[string]string{"gap of many words": "<quiz>" + gapfill("["+strings.Repeat("word|", 12_000)+"]", "<answerdisplay>gapfill</answerdisplay>") + "</quiz>"}
	for _, element := range []string{"response_lid", "response_str", "response_grp"} {
		for name, test := range map[string]string{
			"equal": "<varequal respident>LABEL</varequal>", "pairs": "<varsubset respident>LABEL,B</varsubset>",
		} {
			for _, count := range []int{4_000, 20_000} {
				var parts, rules strings.Builder
				for i := range fields {
					fmt.Fprintf(&parts, `<%s ident="R%d"><material><mattext>p</mattext></material><render_choice>%s</render_choice></%[1]s>`, element, i, list.String())
				}
				for i := range count {
					rules.WriteString(rule(i, test))
				}
				items[fmt.Sprintf("%s %s %d", element, name, count)] = qti1("", parts.String(), rules.String())
			}
		}
	}
	for name, data := range items {
		t.Run(name, func(t *testing.T) {
			if r := readApart(t, written(t, "x.xml", data)); r.Took > hostileTime || r.Counts.Seen != 1 {
				t.Errorf("%+v", r)
			}
		})
	}
}
