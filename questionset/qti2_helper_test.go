package questionset_test

import (
	"fmt"
	"strings"
	"testing"

	"shiken/exam"
	"shiken/questionset"
)

// qtiItem writes an item of QTI 2.1 with its declarations, body and rule.
func qtiItem(declarations, body, rule string) string {
	return qtiItemOf("2p1", declarations, body, rule)
}

func qtiItemOf(version, declarations, body, rule string) string {
	return fmt.Sprintf(`<?xml version="1.0" encoding="UTF-8"?>
<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v%s" identifier="i1" title="One" adaptive="false" timeDependent="false">
%s
<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/>
<itemBody>%s</itemBody>
%s
</assessmentItem>`, version, declarations, body, rule)
}

// qtiDeclare writes a response declaration; inside are correctResponse and mapping.
func qtiDeclare(id, cardinality, base, inside string) string {
	return fmt.Sprintf(`<responseDeclaration identifier=%q cardinality=%q baseType=%q>%s</responseDeclaration>`, id, cardinality, base, inside)
}

func qtiCorrect(values ...string) string {
	return "<correctResponse><value>" + strings.Join(values, "</value><value>") + "</value></correctResponse>"
}

// qtiMapping writes a mapping of "key=value" entries.
func qtiMapping(attributes string, entries ...string) string {
	var b strings.Builder
	b.WriteString("<mapping " + attributes + ">")
	for _, e := range entries {
		i := strings.LastIndexByte(e, '=')
		fmt.Fprintf(&b, `<mapEntry mapKey=%q mappedValue=%q/>`, e[:i], e[i+1:])
	}
	return b.String() + "</mapping>"
}

const (
	matchCorrect = `<responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"/>`
	mapResponse  = `<responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/map_response"/>`
)

// qtiChoices writes a choice interaction with the choices A, B, C and so on.
func qtiChoices(attributes string, texts ...string) string {
	var b strings.Builder
	b.WriteString(`<choiceInteraction responseIdentifier="RESPONSE" ` + attributes + `><prompt>Which?</prompt>`)
	for i, t := range texts {
		fmt.Fprintf(&b, `<simpleChoice identifier="%c">%s</simpleChoice>`, 'A'+i, t)
	}
	return b.String() + "</choiceInteraction>"
}

// qtiRule writes response processing out of steps.
func qtiRule(steps ...string) string {
	return "<responseProcessing>" + strings.Join(steps, "") + "</responseProcessing>"
}

// scoredIf writes a condition that sets SCORE to an expression.
func scoredIf(condition, score string) string {
	return "<responseCondition><responseIf>" + condition + qtiSetScore(score) + "</responseIf></responseCondition>"
}

func qtiSetScore(expression string) string {
	return `<setOutcomeValue identifier="SCORE">` + expression + `</setOutcomeValue>`
}

func qtiVariable(id string) string { return `<variable identifier="` + id + `"/>` }

func qtiBase(kind, value string) string {
	return `<baseValue baseType="` + kind + `">` + value + `</baseValue>`
}

func qtiAdd(value string) string {
	return "<sum>" + qtiVariable("SCORE") + qtiBase("float", value) + "</sum>"
}

func qtiIsRight(id string) string {
	return "<match>" + qtiVariable(id) + `<correct identifier="` + id + `"/></match>`
}

// qtiMarked is what our marking gives an answer of a full point's 10,000. Option IDs are the values.
func qtiMarked(t testing.TB, q *questionset.Question, a exam.Answer) int {
	t.Helper()
	it := exam.Item{Type: q.Question.Type, Points: exam.FullCredit, Multiple: exam.AllOrNothing, Exact: true}
	for _, o := range q.Question.Options {
		it.Choices = append(it.Choices, exam.Choice{Value: o.ID, Option: o.ID})
	}
	for _, p := range q.Question.Prompts {
		prompt := exam.PaperPrompt{Key: p.ID, Prompt: p.ID}
		switch q.Question.Type {
		case exam.Matching:
			prompt.Values = it.Choices
		case exam.Ordering:
			for i := range q.Question.Prompts {
				place := fmt.Sprint(i + 1)
				prompt.Values = append(prompt.Values, exam.Choice{Value: place, Option: place})
			}
		default:
			for _, o := range p.Options {
				prompt.Values = append(prompt.Values, exam.Choice{Value: o.ID, Option: o.ID})
			}
		}
		it.Prompts = append(it.Prompts, prompt)
	}
	canonical, err := it.Canonical(a)
	if err != nil {
		t.Fatalf("answer %+v: %v", a, err)
	}
	return exam.Grader{}.MarkOne(&it, &q.Key, &exam.Response{Answer: canonical})
}

// qtiAnswerOf reads an answer as tests write it: "A B" for choices, "R1=x R2=y" for keyed ones, else text.
func qtiAnswerOf(q *questionset.Question, s string) exam.Answer {
	switch t := q.Question.Type; {
	case t == exam.MultipleChoice:
		return exam.ManyChoices(strings.Fields(s)...)
	case t.IsKeyed():
		keyed := map[string]string{}
		for _, pair := range strings.Fields(s) {
			k, v, _ := strings.Cut(pair, "=")
			keyed[k] = v
		}
		return exam.KeyedAnswer(keyed)
	}
	return exam.TextAnswer(s)
}

// qtiOneItem reads an item that is taken.
func qtiOneItem(t *testing.T, item string) questionset.Question {
	t.Helper()
	return one(t, parse(t, "item.xml", item))
}
