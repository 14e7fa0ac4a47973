package questionset_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"shiken/questionset"
)

// TestRulesThatGrow: small items whose rules or declarations would take memory or time without end.
func TestRulesThatGrow(t *testing.T) {
	item := func(declarations, body, rules string) string {
		return `<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="i" title="t" adaptive="false" timeDependent="false">` +
			declarations + `<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/><itemBody>` + body +
			`</itemBody><responseProcessing>` + rules + `</responseProcessing></assessmentItem>`
	}
	choice := `<choiceInteraction responseIdentifier="R" shuffle="false" maxChoices="1"><prompt>?</prompt>` +
		`<simpleChoice identifier="A">a</simpleChoice><simpleChoice identifier="B">b</simpleChoice></choiceInteraction>`
	single := `<responseDeclaration identifier="R" cardinality="single" baseType="identifier"><correctResponse><value>A</value></correctResponse></responseDeclaration>`
	right := `<responseCondition><responseIf><match><variable identifier="R"/><correct identifier="R"/></match>` +
		`<setOutcomeValue identifier="SCORE"><baseValue baseType="float">1</baseValue></setOutcomeValue></responseIf></responseCondition>`
	doubled := strings.Repeat(`<setOutcomeValue identifier="X"><multiple><variable identifier="X"/><variable identifier="X"/></multiple></setOutcomeValue>`, 60)
	var chain strings.Builder
	for i := range 20_000 {
		fmt.Fprintf(&chain, `<setOutcomeValue identifier="V%d"><variable identifier="V%d"/></setOutcomeValue>`, i, i+1)
	}
	values := strings.Repeat("<value>1</value>", 50_000)
	side := func(prefix string) string {
		s := "<simpleMatchSet>"
		for i := range 150 {
			s += fmt.Sprintf(`<simpleAssociableChoice identifier="%s%d" matchMax="1">x %d</simpleAssociableChoice>`, prefix, i, i)
		}
		return s + "</simpleMatchSet>"
	}
	pairs := `<responseDeclaration identifier="R" cardinality="multiple" baseType="directedPair"><correctResponse><value>p0 o0</value></correctResponse></responseDeclaration>`
	for name, data := range map[string]string{
		"a container that doubles": item(single+`<outcomeDeclaration identifier="X" cardinality="multiple" baseType="identifier"><defaultValue><value>A</value></defaultValue></outcomeDeclaration>`,
			choice, doubled+strings.Replace(right, `<variable identifier="R"/>`, `<variable identifier="X"/>`, 1)),
		"a long chain of outcomes": item(single, choice, chain.String()+right),
		"many declared values": item(`<responseDeclaration identifier="R" cardinality="multiple" baseType="float"><correctResponse>`+
			values+`</correctResponse></responseDeclaration>`, choice, right),
		"many pairs": item(pairs, `<matchInteraction responseIdentifier="R" shuffle="false" maxAssociations="0">`+side("p")+side("o")+`</matchInteraction>`, right),
	} {
		t.Run(name, func(t *testing.T) {
			begun := time.Now()
			f := parseAs(t, "x.xml", data, questionset.Options{Format: questionset.QTI2})
			if took := time.Since(begun); took > 5*time.Second {
				t.Errorf("it took %v", took)
			}
			if f.Report.Counts.Seen != 1 || len(f.Report.Findings) == 0 {
				t.Errorf("seen %d, findings %v", f.Report.Counts.Seen, f.Report.Findings)
			}
		})
	}
}

// TestUnknownStepNeedsMarker: a step that nobody knows, and that does not say what it sets, may set the score.
func TestUnknownStepNeedsMarker(t *testing.T) {
	item := func(step string) questionset.Question {
		return qtiOneItem(t, qtiItem(qtiDeclare("R", "single", "identifier", qtiCorrect("A")), strings.ReplaceAll(qtiChoices("", "x", "y"), "RESPONSE", "R"),
			qtiRule(scoredIf(qtiIsRight("R"), qtiAdd("1")), step)))
	}
	if q := item(""); q.NeedsMarker() {
		t.Fatalf("without the step: %+v", q.Question)
	}
	for _, step := range []string{"<vendorRule/>", `<vendorRule><setOutcomeValue identifier="SCORE"><baseValue baseType="float">0</baseValue></setOutcomeValue></vendorRule>`} {
		if q := item(step); !q.NeedsMarker() {
			t.Errorf("%s: taken as %s", step, q.Question.Type)
		}
	}
	if q := item(`<lookupOutcomeValue identifier="GRADE"><variable identifier="SCORE"/></lookupOutcomeValue>`); q.NeedsMarker() {
		t.Errorf("a step for another outcome: %+v", q.Question)
	}
}
