package questionset_test

import (
	"strings"
	"testing"
)

// Shares that Blackboard gives single options are the key where the item says that they count and they fit what is
// right; else it is told that they were left out.
func TestQTI1Shares(t *testing.T) {
	meta := func(kind string, more ...string) string {
		return "<bbmd_questiontype>" + kind + "</bbmd_questiontype>" + strings.Join(more, "")
	}
	partial := "<bbmd_partialcredit>true</bbmd_partialcredit>"
	none := "<bbmd_partialcredit>false</bbmd_partialcredit>"
	set := func(points string) string { return `<setvar variablename="SCORE" action="Set">` + points + `</setvar>` }
	wrong := ruled("incorrect", "<other/>", set("0"))
	many := lid("r", "Multiple", "", "a", "b", "c")
	ab := ruled("correct", all(eq("r", "a")+eq("r", "b")+not(eq("r", "c"))), set("SCORE.max")) + wrong
	single := lid("r", "Single", "", "a", "b", "c")
	b := ruled("correct", eq("r", "b"), set("SCORE.max")) + wrong
	named := func(label, points string) string { return ruled("", `<varequal respident="`+label+`"/>`, set(points)) }
	valued := func(label, points string) string { return ruled("", eq("r", label), set(points)) }
	whole := `{"revision":1,"options":{"a":10000,"b":10000},"rule":"whole"}`
	for name, tt := range map[string]struct {
		meta, presentation, rules, key string
		want                           []string
	}{
		"several": {meta("Multiple Answer", partial), many, ab + named("a", "75") + named("b", "25"),
			`{"revision":1,"options":{"a":7500,"b":2500},"weighted":true,"rule":"sum"}`, []string{}},
		"several, by value": {meta("Multiple Answer", partial), many, ab + valued("a", "50") + valued("b", "50") + valued("c", "-50"),
			`{"revision":1,"options":{"a":5000,"b":5000,"c":-5000},"weighted":true,"rule":"sum"}`, []string{"warning qti1_negative@1"}},
		"below nothing, which is denied": {meta("Multiple Answer", partial, "<bbmd_negative_points_ind>N</bbmd_negative_points_ind>"), many, ab + named("a", "50") + named("b", "50") + named("c", "-50"),
			`{"revision":1,"options":{"a":5000,"b":5000,"c":-5000},"weighted":true,"rule":"sum"}`, []string{"warning qti1_share_below@1"}},
		"one": {meta("Multiple Choice", partial), single, b + named("b", "100") + named("a", "50"),
			`{"revision":1,"options":{"a":5000,"b":10000}}`, []string{}},
		"one, by value": {meta("Multiple Choice", partial), single, b + valued("b", "100") + valued("a", "50") + valued("c", "-25"),
			`{"revision":1,"options":{"a":5000,"b":10000,"c":-2500}}`, []string{"warning qti1_negative@1"}},
		"that do not count":        {meta("Multiple Answer", none), many, ab + named("a", "75") + named("b", "25"), whole, []string{}},
		"of which nothing is said": {meta("Multiple Answer"), many, ab + named("a", "75") + named("b", "25"), whole, []string{"warning qti1_shares@1"}},
		"that say nothing new":     {meta("Multiple Answer"), many, ab + named("a", "50") + named("b", "50") + named("c", "0"), whole, []string{}},
		"that miss a right one":    {meta("Multiple Answer", partial), many, ab + named("a", "100"), whole, []string{"warning qti1_shares@1"}},
		"of a wrong one":           {meta("Multiple Answer", partial), many, ab + named("a", "50") + named("c", "50"), whole, []string{"warning qti1_shares@1"}},
		"all of a wrong one": {meta("Multiple Choice", partial), single, b + named("b", "100") + named("a", "100"),
			`{"revision":1,"options":{"b":10000}}`, []string{"warning qti1_shares@1"}},
	} {
		t.Run(name, func(t *testing.T) {
			f := parse(t, "q.xml", strings.Replace(qti1("", tt.presentation, tt.rules), "<qtimetadata></qtimetadata>", tt.meta, 1))
			wantFound(t, f, tt.want...)
			if q := one(t, f); asJSON(t, q.Key) != tt.key {
				t.Errorf("%s", asJSON(t, q.Key))
			}
		})
	}
}
