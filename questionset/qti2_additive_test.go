package questionset_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"shiken/exam"
)

// qtiParts is an item of seven gaps, each of which earns its part in an outcome of its own, as test systems write it:
// then the parts are added up, and the sum is kept in its bounds.
func qtiParts(most string, more ...string) string {
	var declared, body, rules, sum strings.Builder
	for i := range 7 {
		id := fmt.Sprintf("R%d", i)
		fmt.Fprintf(&declared, `<outcomeDeclaration identifier="S%s" cardinality="single" baseType="float"><defaultValue><value>0</value></defaultValue></outcomeDeclaration>`, id)
		declared.WriteString(qtiDeclare(id, "single", "float", qtiCorrect(fmt.Sprint(10*i+10))))
		fmt.Fprintf(&body, `<p>%s: <textEntryInteraction responseIdentifier="%s"/></p>`, id, id)
		fmt.Fprintf(&rules, `<responseCondition><responseIf><equal toleranceMode="absolute" tolerance="1 2">%s<correct identifier="%s"/></equal>`+
			`<setOutcomeValue identifier="S%s">%s</setOutcomeValue></responseIf></responseCondition>`, qtiVariable(id), id, id, qtiBase("float", "0.5"))
		sum.WriteString(qtiVariable("S" + id))
	}
	for _, o := range []string{"MAX 3.5", "LESS 2", "MIN 0", "SHOWN 0"} {
		name, value, _ := strings.Cut(o, " ")
		fmt.Fprintf(&declared, `<outcomeDeclaration identifier="%s" cardinality="single" baseType="float"><defaultValue><value>%s</value></defaultValue></outcomeDeclaration>`, name, value)
	}
	steps := append([]string{rules.String(), qtiSetScore("<sum>" + sum.String() + "</sum>")}, more...)
	steps = append(steps, scoredIf("<gt>"+qtiVariable("SCORE")+qtiVariable(most)+"</gt>", qtiVariable(most)),
		scoredIf("<lt>"+qtiVariable("SCORE")+qtiVariable("MIN")+"</lt>", qtiVariable("MIN")),
		"<responseCondition><responseIf><lt>"+qtiVariable("SCORE")+qtiVariable(most)+`</lt><setOutcomeValue identifier="SHOWN">`+qtiBase("float", "1")+"</setOutcomeValue></responseIf></responseCondition>")
	return qtiItem(declared.String(), body.String(), qtiRule(steps...))
}

// TestQTI2Parts: parts that are added up are a key for each gap, however many answers there are together; where a
// bound or another step makes more of them than a sum, a person marks.
func TestQTI2Parts(t *testing.T) {
	q := qtiOneItem(t, qtiParts("MAX"))
	if q.Question.Type != exam.Gaps {
		t.Fatalf("%s %+v", q.Question.Type, q.Key)
	}
	for _, tt := range []struct {
		answer map[string]string
		want   int
	}{
		{map[string]string{"R0": "8", "R1": "21", "R2": "30", "R3": "40", "R4": "50", "R5": "60", "R6": "71"}, exam.FullCredit},
		{map[string]string{"R0": "11.1", "R1": "21"}, (exam.FullCredit + 6) / 7},
		{map[string]string{"R2": "27.9"}, 0},
	} {
		if got := qtiMarked(t, &q, exam.KeyedAnswer(tt.answer)); got != tt.want {
			t.Errorf("%v earns %d", tt.answer, got)
		}
	}
	for name, more := range map[string]string{
		"off for one":   "<responseCondition><responseIf><gt>" + qtiVariable("R0") + qtiBase("float", "100") + "</gt>" + qtiSetScore(qtiAdd("-1")) + "</responseIf></responseCondition>",
		"a bonus":       scoredIf("<and>"+qtiIsRight("R0")+qtiIsRight("R1")+"</and>", qtiAdd("1")),
		"by a part":     scoredIf("<gt>"+qtiVariable("SHOWN")+qtiVariable("SR0")+"</gt>", "<sum>"+qtiVariable("SCORE")+qtiVariable("SR1")+"</sum>"),
		"an early end":  "<responseCondition><responseIf>" + qtiIsRight("R0") + "<exitResponse/></responseIf></responseCondition>",
		"a bound below": "LESS",
	} {
		item := qtiParts("MAX", more)
		if more == "LESS" {
			item = qtiParts(more)
		}
		if q := one(t, parse(t, "item.xml", item)); q.Question.Type != exam.Essay {
			t.Errorf("%s: %s %+v", name, q.Question.Type, q.Key)
		}
	}
}

// TestQTI2PartsBelowNothing: gaps that take off from others are more than a sum of what each earns, since none earns
// less than nothing here; a person marks.
func TestQTI2PartsBelowNothing(t *testing.T) {
	item := strings.NewReplacer(scoredIf("<gt>"+qtiVariable("SCORE")+qtiVariable("MAX")+"</gt>", qtiVariable("MAX")), "",
		scoredIf("<lt>"+qtiVariable("SCORE")+qtiVariable("MIN")+"</lt>", qtiVariable("MIN")), "").Replace(qtiParts("MAX"))
	if q := qtiOneItem(t, item); q.Question.Type != exam.Gaps {
		t.Fatalf("%s %+v", q.Question.Type, q.Key)
	}
	part := regexp.MustCompile(`(<setOutcomeValue identifier="S(R\d)">.*?</setOutcomeValue></responseIf>)`)
	off := `<setOutcomeValue identifier="S$2">` + qtiBase("float", "-0.5") + "</setOutcomeValue>"
	for name, otherwise := range map[string]string{
		"for all but right ones": "<responseElse>" + off + "</responseElse>",
		"for wrong ones":         `<responseElseIf><not><isNull><variable identifier="$2"/></isNull></not>` + off + "</responseElseIf>",
	} {
		q := one(t, parse(t, "item.xml", part.ReplaceAllString(item, "$1"+otherwise)))
		if q.Question.Type != exam.Essay {
			t.Errorf("%s: %s %+v", name, q.Question.Type, q.Key)
		}
	}
}
