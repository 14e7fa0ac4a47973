package questionset_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"shiken/exam"
)

const twoGaps = `<p>a <inlineChoiceInteraction responseIdentifier="R1"><inlineChoice identifier="A">x</inlineChoice><inlineChoice identifier="B">y</inlineChoice></inlineChoiceInteraction>
b <textEntryInteraction responseIdentifier="R2"/></p>`

const matchFour = `<matchInteraction responseIdentifier="RESPONSE" maxAssociations="4"><prompt>Match</prompt>
<simpleMatchSet><simpleAssociableChoice identifier="C" matchMax="1">Capulet</simpleAssociableChoice><simpleAssociableChoice identifier="D" matchMax="1">Demetrius</simpleAssociableChoice></simpleMatchSet>
<simpleMatchSet><simpleAssociableChoice identifier="M" matchMax="4">Dream</simpleAssociableChoice><simpleAssociableChoice identifier="R" matchMax="4">Romeo</simpleAssociableChoice><simpleAssociableChoice identifier="T" matchMax="4">Tempest</simpleAssociableChoice></simpleMatchSet></matchInteraction>`

const gapMatch = `<gapMatchInteraction responseIdentifier="RESPONSE"><gapText identifier="W" matchMax="1">winter</gapText><gapText identifier="S" matchMax="1">summer</gapText><gapText identifier="A" matchMax="1">autumn</gapText>
<p>Now is the <gap identifier="G1"/> of our discontent made glorious <gap identifier="G2"/>.</p></gapMatchInteraction>`

const orderThree = `<orderInteraction responseIdentifier="RESPONSE" shuffle="true"><prompt>Order</prompt><simpleChoice identifier="A">1</simpleChoice><simpleChoice identifier="B">2</simpleChoice><simpleChoice identifier="C">3</simpleChoice></orderInteraction>`

const qtiEntry = `<p>Enter <textEntryInteraction responseIdentifier="RESPONSE"/> here</p>`

// TestQTI2Scores: what an answer earns by the item's rule, worked out by hand, is what our marking gives.
// Scores are parts of 10,000 of the best answer's.
func TestQTI2Scores(t *testing.T) {
	single := qtiDeclare("RESPONSE", "single", "identifier", qtiCorrect("B"))
	multiple := qtiDeclare("RESPONSE", "multiple", "identifier", qtiCorrect("A", "C"))
	three := qtiChoices(`maxChoices="0" shuffle="true"`, "x", "y", "z")
	one := qtiChoices(`maxChoices="1"`, "x", "y", "z")
	number := qtiDeclare("RESPONSE", "single", "float", qtiCorrect("10"))
	text := func(inside string) string { return qtiDeclare("RESPONSE", "single", "string", inside) }
	for _, tt := range []struct {
		name, item string
		typ        exam.QuestionType
		want       map[string]int // by answer
	}{
		{"match_correct, one", qtiItem(single, one, matchCorrect), exam.SingleChoice, map[string]int{"A": 0, "B": 10_000, "C": 0}},
		{"match_correct, several", qtiItem(multiple, three, matchCorrect), exam.MultipleChoice,
			map[string]int{"A C": 10_000, "C A": 10_000, "A": 0, "A B C": 0, "B": 0}},
		{"cardinality decides, not maxChoices", qtiItem(multiple, one, matchCorrect), exam.MultipleChoice, map[string]int{"A C": 10_000, "A": 0}},
		{"map_response, one", qtiItem(qtiDeclare("RESPONSE", "single", "identifier", qtiMapping(`defaultValue="0"`, "A=2", "B=0.5", "C=-1")), one, mapResponse),
			exam.SingleChoice, map[string]int{"A": 10_000, "B": 2_500, "C": 0}},
		{"map_response, several, never below its bound",
			qtiItem(qtiDeclare("RESPONSE", "multiple", "identifier", qtiMapping(`defaultValue="-2" lowerBound="0" upperBound="2"`, "A=1", "C=1")), three, mapResponse),
			exam.MultipleChoice, map[string]int{"A": 5_000, "A C": 10_000, "A B": 0, "A B C": 0, "B": 0}},
		{"map_response, an upper bound that one reaches alone",
			qtiItem(qtiDeclare("RESPONSE", "multiple", "identifier", qtiMapping(`defaultValue="-1" upperBound="1"`, "A=1", "C=1")), three, mapResponse),
			exam.MultipleChoice, map[string]int{"A": 10_000, "C": 10_000, "A C": 10_000, "A B": 0, "A B C": 10_000}},
		{"a part of what is mapped", qtiItem(multiple, three, qtiRule(qtiSetScore("<divide><containerSize>"+qtiVariable("RESPONSE")+"</containerSize>"+qtiBase("float", "3")+"</divide>"))),
			exam.MultipleChoice, map[string]int{"A": 3_333, "A B": 6_667, "A B C": 10_000}},
		{"at least nothing", qtiItem(qtiDeclare("RESPONSE", "multiple", "identifier", qtiMapping(`defaultValue="-1"`, "A=1", "C=1")), three,
			qtiRule(qtiSetScore("<max>"+`<mapResponse identifier="RESPONSE"/>`+qtiBase("float", "0")+"</max>"))),
			exam.MultipleChoice, map[string]int{"A": 5_000, "A C": 10_000, "A B C": 5_000, "B": 0}},
		{"two texts in any order", qtiItem(strings.Replace(text(qtiCorrect("a")), "RESPONSE", "R1", 1)+strings.Replace(text(qtiCorrect("b")), "RESPONSE", "R2", 1),
			`<p><textEntryInteraction responseIdentifier="R1"/> <textEntryInteraction responseIdentifier="R2"/></p>`,
			qtiRule(scoredIf("<match><multiple>"+qtiVariable("R1")+qtiVariable("R2")+"</multiple><multiple>"+qtiBase("string", "a")+qtiBase("string", "c")+"</multiple></match>", qtiBase("float", "1")))),
			exam.Essay, nil},
		{"map_response, thirds", qtiItem(qtiDeclare("RESPONSE", "multiple", "identifier", qtiMapping(``, "A=1", "B=1", "C=1")), three, mapResponse),
			exam.MultipleChoice, map[string]int{"A": 3_333, "A B": 6_667, "A B C": 10_000}},
		{"short text, 2.1: case counts", qtiItem(text(qtiMapping(``, "York=1", "york=0.5")), qtiEntry, mapResponse), exam.ShortText,
			map[string]int{"York": 10_000, "york": 5_000, "YORK": 0, "Bristol": 0}},
		{"short text, 2.2: case does not count", qtiItemOf("2p2", text(qtiMapping(``, "York=1", "Leeds=0.5")), qtiEntry, mapResponse), exam.ShortText,
			map[string]int{"York": 10_000, "york": 10_000, "LEEDS": 5_000, "Bristol": 0}},
		{"short text, match_correct", qtiItem(text(qtiCorrect("a*b")), qtiEntry, matchCorrect), exam.ShortText,
			map[string]int{"a*b": 10_000, "axb": 0, "A*B": 0}},
		{"any other text earns the default", qtiItem(text(qtiMapping(`defaultValue="1"`, "York=2", "Hell=0")), qtiEntry, mapResponse), exam.ShortText,
			map[string]int{"York": 10_000, "anything": 5_000}},
		{"number", qtiItem(number, qtiEntry, matchCorrect), exam.Numeric, map[string]int{"10": 10_000, "10.0": 10_000, "1e1": 10_000, "10.1": 0}},
		{"number, absolute tolerance", qtiItem(number, qtiEntry, qtiRule(scoredIf(`<equal toleranceMode="absolute" tolerance="0.5 0.25">`+`<correct identifier="RESPONSE"/>`+qtiVariable("RESPONSE")+`</equal>`, qtiBase("float", "1")))),
			exam.Numeric, map[string]int{"9.5": 10_000, "9.49": 0, "10.25": 10_000, "10.26": 0}},
		{"number, its own tolerance", qtiItem(number, qtiEntry, qtiRule(scoredIf(`<equal toleranceMode="absolute" tolerance="0.5 0.25">`+qtiVariable("RESPONSE")+`<correct identifier="RESPONSE"/></equal>`, qtiBase("float", "1")))),
			exam.Numeric, map[string]int{"9.75": 10_000, "9.74": 0, "10.5": 10_000, "10.51": 0}},
		{"number, relative tolerance", qtiItem(number, qtiEntry, qtiRule(scoredIf(`<equal toleranceMode="relative" tolerance="5">`+qtiVariable("RESPONSE")+`<correct identifier="RESPONSE"/></equal>`, qtiBase("float", "1")))),
			exam.Numeric, map[string]int{"9.5238": 0, "9.5239": 10_000, "10.5263": 10_000, "10.5264": 0}},
		{"number, open range", qtiItem(number, qtiEntry, qtiRule(scoredIf("<and><gt>"+qtiVariable("RESPONSE")+qtiBase("float", "3")+"</gt><lte>"+qtiVariable("RESPONSE")+qtiBase("float", "5")+"</lte></and>", qtiBase("float", "1")))),
			exam.Numeric, map[string]int{"3": 0, "3.0001": 10_000, "5": 10_000, "5.0001": 0}},
		{"number, from 100 on", qtiItem(number, qtiEntry, qtiRule(scoredIf("<gte>"+qtiVariable("RESPONSE")+qtiBase("float", "100")+"</gte>", qtiBase("float", "1")))),
			exam.Numeric, map[string]int{"99.9": 0, "100": 10_000, "1e30": 10_000}},
		{"pairs, match_correct", qtiItem(qtiDeclare("RESPONSE", "multiple", "directedPair", qtiCorrect("C R", "D M")), matchFour, matchCorrect), exam.Matching,
			map[string]int{"C=R D=M": 10_000, "C=R": 0, "C=R D=T": 0}},
		{"pairs, each its part", qtiItem(qtiDeclare("RESPONSE", "multiple", "directedPair", qtiCorrect("C R", "D M")+qtiMapping(``, "C R=1", "D M=1")), matchFour, mapResponse), exam.Matching,
			map[string]int{"C=R D=M": 10_000, "C=R": 5_000, "C=R D=T": 5_000, "C=M D=R": 0}},
		{"pairs, weighted", qtiItem(qtiDeclare("RESPONSE", "multiple", "directedPair", qtiMapping(`defaultValue="-1" lowerBound="0"`, "C R=3", "D M=1")), matchFour, mapResponse), exam.Matching,
			map[string]int{"C=R D=M": 10_000, "C=R": 7_500, "C=R D=T": 5_000, "C=M D=M": 0}},
		{"words in gaps, wrong ones cost", qtiItem(qtiDeclare("RESPONSE", "multiple", "directedPair", qtiMapping(`defaultValue="-1" lowerBound="0"`, "W G1=1", "S G2=2")), gapMatch, mapResponse), exam.Gaps,
			map[string]int{"G1=W G2=S": 10_000, "G1=W": 3_333, "G1=A G2=S": 3_333, "G1=A G2=A": 0}},
		{"words in gaps, whole", qtiItem(qtiDeclare("RESPONSE", "multiple", "directedPair", qtiCorrect("W G1", "S G2")), gapMatch, matchCorrect), exam.Gaps,
			map[string]int{"G1=W G2=S": 10_000, "G1=W": 0}},
		{"order", qtiItem(qtiDeclare("RESPONSE", "ordered", "identifier", qtiCorrect("C", "A", "B")), orderThree, matchCorrect), exam.Ordering,
			map[string]int{"C=1 A=2 B=3": 10_000, "A=1 B=2 C=3": 0, "C=1 A=3 B=2": 0}},
		{"order, by places", qtiItem(qtiDeclare("RESPONSE", "ordered", "identifier", qtiCorrect("C", "A", "B")), orderThree, qtiRule(placeRight(1), placeRight(2), placeRight(3))), exam.Ordering,
			map[string]int{"C=1 A=2 B=3": 10_000, "C=1 A=3 B=2": 3_333}},
		{"two gaps, weighted", qtiItem(qtiDeclare("R1", "single", "identifier", qtiCorrect("B"))+qtiDeclare("R2", "single", "string", qtiCorrect("sun")), twoGaps,
			qtiRule(scoredIf(qtiIsRight("R1"), qtiAdd("1")), scoredIf(qtiIsRight("R2"), qtiAdd("3")))), exam.Gaps,
			map[string]int{"R1=B R2=sun": 10_000, "R1=B": 2_500, "R2=sun": 7_500, "R1=A R2=Sun": 0}},
		{"two gaps, only together", qtiItem(qtiDeclare("R1", "single", "identifier", qtiCorrect("B"))+qtiDeclare("R2", "single", "float", qtiCorrect("5")), twoGaps,
			qtiRule(scoredIf("<and>"+qtiIsRight("R1")+qtiIsRight("R2")+"</and>", qtiBase("float", "1")))), exam.Gaps,
			map[string]int{"R1=B R2=5.0": 10_000, "R1=B": 0, "R2=5": 0, "R1=B R2=6": 0}},
		{"custom: member", qtiItem(multiple, three, qtiRule(
			scoredIf("<member>"+qtiBase("identifier", "A")+qtiVariable("RESPONSE")+"</member>", qtiAdd("1")),
			scoredIf("<not><member>"+qtiBase("identifier", "B")+qtiVariable("RESPONSE")+"</member></not>", qtiAdd("0")),
			scoredIf("<member>"+qtiBase("identifier", "B")+qtiVariable("RESPONSE")+"</member>", qtiAdd("-1")),
			scoredIf("<member>"+qtiBase("identifier", "C")+qtiVariable("RESPONSE")+"</member>", qtiAdd("1")))), exam.MultipleChoice,
			map[string]int{"A": 5_000, "A C": 10_000, "A B C": 5_000, "B": 0, "A B": 0}},
		{"custom: or", qtiItem(single, one, qtiRule(scoredIf("<or>"+qtiIsRight("RESPONSE")+"<match>"+qtiVariable("RESPONSE")+qtiBase("identifier", "C")+"</match></or>", qtiBase("integer", "4")))),
			exam.SingleChoice, map[string]int{"A": 0, "B": 10_000, "C": 10_000}},
		{"custom: stringMatch", qtiItem(text(qtiCorrect("York")), qtiEntry, qtiRule(scoredIf(`<stringMatch caseSensitive="false">`+qtiVariable("RESPONSE")+qtiBase("string", "york")+"</stringMatch>", qtiBase("float", "1")))),
			exam.ShortText, map[string]int{"York": 10_000, "YORK": 10_000, "yor": 0}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			q := qtiOneItem(t, tt.item)
			if q.Question.Type != tt.typ {
				t.Fatalf("type %s, want %s; key %+v", q.Question.Type, tt.typ, q.Key)
			}
			for answer, want := range tt.want {
				if got := qtiMarked(t, &q, qtiAnswerOf(&q, answer)); got != want {
					t.Errorf("%q earns %d, want %d; key %+v", answer, got, want, q.Key)
				}
			}
			if got := qtiMarked(t, &q, exam.Answer{}); got != 0 {
				t.Errorf("no answer earns %d", got)
			}
		})
	}
}

// placeRight adds 1 when the n-th item is the right one.
func placeRight(n int) string {
	at := fmt.Sprintf(`<index n="%d">`, n)
	return scoredIf("<match>"+at+qtiVariable("RESPONSE")+"</index>"+at+`<correct identifier="RESPONSE"/></index></match>`, qtiAdd("1"))
}

// TestQTI2Templates: templates are told by the last part of their address, in all its spellings.
func TestQTI2Templates(t *testing.T) {
	d := qtiDeclare("RESPONSE", "multiple", "identifier", qtiCorrect("A")+qtiMapping(`lowerBound="0" defaultValue="-1"`, "A=1", "B=1")) +
		`<outcomeDeclaration identifier="MAXSCORE" cardinality="single" baseType="float"><defaultValue><value>1</value></defaultValue></outcomeDeclaration>`
	for uri, both := range map[string]int{
		"http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct":      0,
		"https://www.imsglobal.org/question/qti_v2p2/rptemplates/match_correct.xml": 0,
		"rptemplates/match_correct.xml":                                             0,
		`..\rptemplates\Match_Correct.xml`:                                          0,
		"http://www.imsglobal.org/question/qti_v2p2/rptemplates/CC2_match":          0,
		"CC2_match_basic.xml#x":                                                     0,
		"http://www.imsglobal.org/question/qti_v2p0/rptemplates/map_response?v=1":   10_000,
		"cc2_map_response": 10_000,
	} {
		q := qtiOneItem(t, qtiItem(d, qtiChoices(`maxChoices="0"`, "x", "y", "z"), `<responseProcessing template="`+uri+`"/>`))
		if got := qtiMarked(t, &q, exam.ManyChoices("A", "B")); got != both || q.Question.Type != exam.MultipleChoice {
			t.Errorf("%s: %s, A and B earn %d, want %d", uri, q.Question.Type, got, both)
		}
	}
}

// TestQTI2MapsAsTheRuleSays compares our marking with the rule of map_response, of any mapping, for
// every answer.
func TestQTI2MapsAsTheRuleSays(t *testing.T) {
	value := rapid.IntRange(-4, 4)
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(2, 5).Draw(rt, "choices")
		worth := make([]int, n)
		byDefault := value.Draw(rt, "default")
		var entries, texts []string
		for i := range worth {
			worth[i] = byDefault
			texts = append(texts, fmt.Sprint("t", i))
			if rapid.Bool().Draw(rt, "mapped") {
				worth[i] = value.Draw(rt, "value")
				entries = append(entries, fmt.Sprintf("%c=%d", 'A'+i, worth[i]))
			}
		}
		upper := rapid.IntRange(1, 9).Draw(rt, "upper")
		attributes := fmt.Sprintf(`defaultValue="%d" upperBound="%d"`, byDefault, upper)
		f := parse(t, "i.xml", qtiItem(qtiDeclare("RESPONSE", "multiple", "identifier", qtiMapping(attributes, entries...)),
			qtiChoices(`maxChoices="0"`, texts...), mapResponse))
		score := func(set int) (sum int) {
			for i, w := range worth {
				sum += w * (set >> i & 1)
			}
			return min(max(sum, 0), upper)
		}
		best, most := 0, 0
		for _, w := range worth {
			most += max(w, 0)
		}
		for set := range 1 << n {
			best = max(best, score(set))
		}
		if best == 0 {
			if len(f.Questions) != 0 || f.Report.Sound() {
				rt.Fatalf("taken without a right answer: %+v", f.Questions)
			}
			return
		}
		q := one(t, f)
		if q.Question.Type == exam.Essay && most > upper {
			return // right ones beyond the bound make good for wrong ones: no weights say that
		}
		if q.Question.Type != exam.MultipleChoice {
			rt.Fatalf("%s, findings %q", q.Question.Type, found(f))
		}
		for set := range 1 << n {
			var ids []string
			for i := range n {
				if set>>i&1 == 1 {
					ids = append(ids, string(rune('A'+i)))
				}
			}
			want := (2*score(set)*exam.FullCredit + best) / (2 * best)
			if got := qtiMarked(t, &q, exam.ManyChoices(ids...)); got < want-3 || got > want+3 {
				rt.Fatalf("%s earn %d, want %d; key %+v", strings.Join(ids, " "), got, want, q.Key)
			}
		}
	})
}
