package questionset_test

import (
	"fmt"
	"html"
	"regexp"
	"strings"
	"testing"

	"shiken/exam"
	"shiken/questionset"
	"shiken/richtext"
)

// attack is what texts of a page must never hold as it is.
const attack = `<script>alert(1)</script><img src="x" onerror="alert(2)" alt="y"><a href="javascript:alert(3)">z</a>` +
	`<iframe src="//evil.example"></iframe><svg onload="alert(4)"></svg><style>*{display:none}</style>`

// attackXML is the attack as elements of a document.
const attackXML = `x<script>alert(1)</script><img src="x" onerror="alert(2)" alt="y"/><a href="javascript:alert(3)">z</a>`

var harmful = regexp.MustCompile(`(?i)<(?:script|iframe|svg|style|object|embed)\b|<[a-z][^<>]*\son\w+\s*=|<[a-z][^<>]*javascript:`)

// Scripts in every text of a question: what is taken is harmless where it is shown, and what a page could
// never show is refused.
func TestScriptsInEveryText(t *testing.T) {
	escaped := html.EscapeString(attack)
	item := fmt.Sprintf(`<questestinterop><assessment title="%[1]s"><item ident="%[1]s" title="%[1]s"><presentation><material>`+
		`<mattext texttype="text/html">%[1]s</mattext></material><response_lid ident="r"><render_choice><response_label ident="a">`+
		`<material><mattext texttype="text/html">%[1]s</mattext></material></response_label><response_label ident="b"><material>`+
		`<mattext>%[1]s!</mattext></material></response_label></render_choice></response_lid></presentation><resprocessing>`+
		`<respcondition><conditionvar><varequal respident="r">a</varequal></conditionvar><setvar>1</setvar><displayfeedback linkrefid="f"/>`+
		`</respcondition></resprocessing><itemfeedback ident="f"><material><mattext texttype="text/html">%[1]s</mattext></material>`+
		`</itemfeedback></item></assessment></questestinterop>`, escaped)
	gift := strings.NewReplacer("=", `\=`, ":", `\:`, "{", `\{`, "}", `\}`, "#", `\#`, "~", `\~`).Replace(attack)
	quoted := `"` + strings.ReplaceAll(attack, `"`, `""`) + `"`
	for name, data := range map[string]string{
		"q.csv":  "id,category,question,option_a,option_b,correct_answer,explanation,reference\n" + quoted + "," + quoted + "," + quoted + "," + quoted + ",2,A," + quoted + "," + quoted,
		"q.gift": "::" + gift + "::[html]" + gift + "{=" + gift + "#" + gift + " ~2#" + gift + "####" + gift + "}\n\n[markdown]" + gift + "{=" + gift + "}",
		"q.xml":  item,
		"moodle.xml": fmt.Sprintf(`<quiz><question type="category"><category><text>%[1]s</text></category></question><question type="multichoice">`+
			`<name><text>%[1]s</text></name><questiontext format="html"><text>%[1]s</text></questiontext><generalfeedback format="markdown"><text>%[1]s</text>`+
			`</generalfeedback><tags><tag><text>%[1]s</text></tag></tags><answer fraction="100" format="html"><text>%[1]s</text><feedback format="html">`+
			`<text>%[1]s</text></feedback></answer><answer fraction="0"><text>2 %[1]s</text></answer></question></quiz>`, escaped),
		"qti2.xml": qtiItem(qtiDeclare("RESPONSE", "single", "identifier", qtiCorrect("A")), "<p>"+escaped+"</p><div>"+attackXML+"</div>"+
			qtiChoices("", escaped, attackXML), matchCorrect),
	} {
		t.Run(name, func(t *testing.T) {
			f := parse(t, name, data)
			if len(f.Questions) == 0 {
				t.Fatalf("%q", found(f))
			}
			show := richtext.New()
			for i := range f.Questions {
				for _, text := range textsOf(&f.Questions[i]) {
					for _, shown := range []richtext.HTML{show.Block(text), show.Inline(text)} {
						if bad := harmful.FindString(string(shown)); bad != "" {
							t.Errorf("%s in %s", bad, shown)
						}
					}
				}
			}
		})
	}
}

// textsOf are all texts of a question that a page shows.
func textsOf(q *questionset.Question) []exam.Text {
	texts := []exam.Text{q.Question.Stem, q.Question.Stimulus, q.Feedback.Explanation}
	for _, o := range q.Question.Options {
		texts = append(texts, o.Text)
	}
	for _, p := range q.Question.Prompts {
		texts = append(texts, p.Text)
		for _, o := range p.Options {
			texts = append(texts, o.Text)
		}
	}
	for _, t := range q.Feedback.Options {
		texts = append(texts, t)
	}
	return texts
}

// Formulas in a spreadsheet are text here.
func TestFormulasAreText(t *testing.T) {
	for _, formula := range []string{`=cmd|' /C calc'!A0`, "+1+1", "-2", "@SUM(1)", "=HYPERLINK(\"http://evil.example\")"} {
		cell := `"` + strings.ReplaceAll(formula, `"`, `""`) + `"`
		q := one(t, parse(t, "q.csv", "question,option_a,option_b,correct_answer\n"+cell+","+cell+",2,A\n"))
		if q.Question.Stem.Source != formula || q.Question.Options[0].Text.Source != formula {
			t.Errorf("%+v", q.Question)
		}
	}
}
