package questionset_test

import (
	"strings"
	"testing"

	"shiken/exam"
)

// What an item says of itself is kept, told or refused: its type, how its options are shown, how it is compared.
func TestQTI1Said(t *testing.T) {
	abc := lid("r", "Single", "", "a", "b", "c")
	b := when(eq("r", "b"), "Set", "1")
	many := lid("r", "Multiple", "", "a", "b", "c")
	called := func(label, as string) string {
		return `<respcondition continue="Yes"><conditionvar>` + eq("r", label) + `</conditionvar><setvar action="Add" varname="SCORE">0</setvar><displayfeedback linkrefid="` + as + `"/></respcondition>`
	}
	blackboard := func(kind string) string { return "<bbmd_questiontype>" + kind + "</bbmd_questiontype>" }
	pair := func(name string) string {
		return strings.NewReplacer("TRUE", "true", "FALSE", "false", strings.ToUpper(name), name).Replace(lid("r", "Single", "", name+".true", name+".false"))
	}
	pattern := when(`<varsubset respident="r" setmatch="Matches">colou?r.*</varsubset>`, "Set", "1")
	menu := `<response_str ident="LongMenu_1"><response_label ident="0"><material><fieldentry>red</fieldentry></material></response_label></response_str>`
	for name, tt := range map[string]struct {
		meta, presentation, rules string
		kind                      exam.QuestionType // "": refused
		key                       string
		fixed                     bool
		want                      []string
	}{
		"an upload of ILIAS":             {meta: field("QUESTIONTYPE", "assFileUpload"), want: []string{"error qti1_type@1"}},
		"a type that is not known":       {meta: field("qmd_itemtype", "Drag and Drop"), want: []string{"error qti1_type@1"}},
		"points for nothing":             {meta: field("points_possible", "2"), want: []string{"error qti1_bare@1", "note qti1_points@0"}},
		"rules for nothing":              {rules: b, want: []string{"error qti1_bare@1"}},
		"a text":                         {kind: exam.Description, key: `{"revision":1}`, want: []string{}},
		"a text that says so":            {meta: field("question_type", "text_only_question"), kind: exam.Description, key: `{"revision":1}`, want: []string{}},
		"a known type of ILIAS's words":  {meta: field("QUESTIONTYPE", "SINGLE CHOICE QUESTION"), presentation: abc, rules: b, kind: exam.SingleChoice, key: `{"revision":1,"options":{"b":10000}}`, want: []string{}},
		"a long menu":                    {presentation: menu, rules: when(eq("LongMenu_1", "red"), "Set", "1"), want: []string{"error qti1_type@1"}},
		"options that keep their places": {presentation: strings.Replace(abc, "<render_choice>", `<render_choice shuffle="No">`, 1), rules: b, kind: exam.SingleChoice, key: `{"revision":1,"options":{"b":10000}}`, fixed: true, want: []string{}},
		"either or":                      {meta: blackboard("Either/Or"), presentation: pair("yes_no"), rules: when(eq("r", "yes_no.true"), "Set", "1"), kind: exam.TrueFalse, key: `{"revision":1,"options":{"a":10000}}`, want: []string{}},
		"either or of other words":       {meta: blackboard("Either/Or"), presentation: pair("hot_cold"), rules: when(eq("r", "hot_cold.true"), "Set", "1"), want: []string{"error qti1_type@1"}},
		"a pattern":                      {meta: blackboard("Fill in the Blank"), presentation: str("r", "String"), rules: pattern, kind: exam.Essay, key: `{"revision":1}`, want: []string{"warning qti1_needs_marker@1"}},
		"a pattern in a gap":             {presentation: str("r", "String") + str("s", "String"), rules: pattern + when(eq("s", "x"), "Add", "1"), kind: exam.Essay, key: `{"revision":1}`, want: []string{"warning qti1_needs_marker@1"}},
		"options called correct":         {meta: field("qmd_itemtype", "Multiple Correct Answer"), presentation: many, rules: called("a", "Correct") + called("b", "Correct") + called("c", "InCorrect"), kind: exam.MultipleChoice, key: `{"revision":1,"options":{"a":10000,"b":10000}}`, want: []string{"warning qti1_each@1", "note qti1_called@1"}},
		"a text that a rule names":       {meta: field("qmd_itemtype", "Fill In the Blank"), presentation: str("r", "String"), rules: when(eq("r", "red"), "Add", "0"), kind: exam.ShortText, key: `{"revision":1,"texts":[{"pattern":"red","weight":10000}]}`, want: []string{"warning qti1_named@1"}},
		"a picture without an address":   {presentation: `<material><matimage embedded="base64" uri=""/></material>` + abc, rules: b, kind: exam.SingleChoice, key: `{"revision":1,"options":{"b":10000}}`, want: []string{}},
	} {
		t.Run(name, func(t *testing.T) {
			source := qti1(tt.meta, tt.presentation, tt.rules)
			if strings.HasPrefix(tt.meta, "<bbmd") {
				source = strings.Replace(qti1("", tt.presentation, tt.rules), "<qtimetadata></qtimetadata>", tt.meta, 1)
			}
			f := parse(t, "q.xml", source)
			wantFound(t, f, tt.want...)
			if tt.kind == "" {
				return
			}
			q := one(t, f)
			if q.Question.Type != tt.kind || asJSON(t, q.Key) != tt.key {
				t.Errorf("%s %s", q.Question.Type, asJSON(t, q.Key))
			}
			for _, o := range q.Question.Options {
				if o.Fixed != tt.fixed && q.Question.Type != exam.TrueFalse || strings.Contains(o.Text.Source, ".") {
					t.Errorf("%+v", o)
				}
			}
		})
	}
}

// A text that the file calls plain shows its tags; where they are closed tags of HTML, that is told.
func TestQTI1PlainTags(t *testing.T) {
	for text, told := range map[string]bool{
		"Which are &lt;b&gt;even&lt;/b&gt;?": true, "Is a &lt; b?": false, "What does &lt;br&gt; do?": false, "even": false,
	} {
		source := strings.Replace(qti1("", lid("r", "Single", "", "a", "b"), when(eq("r", "b"), "Set", "1")),
			`<mattext texttype="text/html">&lt;p&gt;Stem [x] [y]&lt;/p&gt;`, `<mattext texttype="text/plain">`+text, 1)
		f := parse(t, "q.xml", source)
		want := []string{}
		if told {
			want = append(want, "warning qti1_plain_tags@1")
		}
		wantFound(t, f, want...)
	}
}
