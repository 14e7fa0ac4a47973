package questionset_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"shiken/questionset"
)

// TestQTI2Twice: of two declarations, bodies or rules that differ none is known to count; two that are the same say
// one thing.
func TestQTI2Twice(t *testing.T) {
	single := func(inside string) string { return qtiDeclare("RESPONSE", "single", "identifier", inside) }
	three := qtiChoices("", "x", "y", "z")
	text := func(entries ...string) string {
		return qtiItem(qtiDeclare("RESPONSE", "single", "string", qtiMapping("", entries...)), qtiEntry, mapResponse)
	}
	folded := func(item string) string {
		return strings.ReplaceAll(item, "<mapEntry", `<mapEntry caseSensitive="false"`)
	}
	again := func(part string) string {
		return strings.Replace(qtiItem(single(qtiCorrect("A")), three, matchCorrect), "</assessmentItem>", part+"</assessmentItem>", 1)
	}
	for name, tt := range map[string]struct {
		item  string
		twice bool
	}{
		"two declarations":             {qtiItem(single(qtiCorrect("A"))+single(qtiCorrect("B")), three, matchCorrect), true},
		"a declaration, written twice": {qtiItem(single(qtiCorrect("A"))+single(" "+qtiCorrect("A")), three, matchCorrect), false},
		"two right answers":            {qtiItem(single(qtiCorrect("A")+qtiCorrect("B")), three, matchCorrect), true},
		"two bodies":                   {again("<itemBody><p>Other</p></itemBody>"), true},
		"two rules":                    {again(mapResponse), true},
		"a rule, written twice":        {again(matchCorrect), false},
		"two entries":                  {text("A=1", "A=0"), true},
		"an entry, written twice":      {text("A=1", "A=1.0"), false},
		"entries in two cases":         {text("A=1", "a=0.5"), false},
		"entries of no case":           {folded(text("A=1", "a=0.5")), true},
		"entries for one number":       {qtiItem(qtiDeclare("RESPONSE", "single", "float", qtiMapping("", "2=1", "2.0=0.5")), qtiEntry, mapResponse), true},
	} {
		t.Run(name, func(t *testing.T) {
			f := parse(t, "item.xml", tt.item)
			refused := len(f.Questions) == 0 && len(f.Report.Findings) == 1 && f.Report.Findings[0].Code == "xml_twice"
			if refused != tt.twice || refused == f.Report.Sound() {
				t.Errorf("%d questions, %q", len(f.Questions), found(f))
			}
		})
	}
}

// TestQTI1Twice: the same of QTI 1.2.
func TestQTI1Twice(t *testing.T) {
	abc, right := lid("r", "Single", "", "a", "b", "c"), when(eq("r", "a"), "Set", "1")
	again := func(part string) string {
		return strings.Replace(qti1("", abc, right), "</item>", part+"</item>", 1)
	}
	for name, tt := range map[string]struct {
		data string
		want []string
	}{
		"two lists of rules":   {again("<resprocessing>" + when(eq("r", "b"), "Set", "1") + "</resprocessing>"), []string{"error xml_twice@1"}},
		"rules, written twice": {again(`<resprocessing><outcomes><decvar maxvalue="100" minvalue="0" varname="SCORE"/></outcomes>` + right + "</resprocessing>"), []string{}},
		"two presentations":    {again("<presentation>" + abc + "</presentation>"), []string{"error xml_twice@1"}},
		"two tests in a rule":  {strings.Replace(qti1("", abc, right), "</conditionvar>", "</conditionvar><conditionvar>"+eq("r", "b")+"</conditionvar>", 1), []string{"error xml_twice@1"}},
		"two responses":        {qti1("", lid("r", "Single", "p", "a", "b")+lid("r", "Single", "q", "a", "b"), when(eq("r", "a"), "Add", "1")), []string{"error xml_twice@1"}},
		"two types":            {qti1(field("question_type", "multiple_choice_question")+field("question_type", "multiple_answers_question"), abc, right), []string{"error xml_twice@1"}},
		"a type, and one that is not read": {qti1(field("question_type", "multiple_choice_question")+field("question_type", "calculated_question"), abc, right),
			[]string{"error xml_twice@1"}},
		"two types that do not fit": {qti1(field("question_type", "matching_question")+field("question_type", "essay_question"), lid("r", "Single", "", "a", "b")+str("s", "String"), right),
			[]string{"error xml_twice@1"}},
		"a type, written twice":      {qti1(field("question_type", "multiple_choice_question")+field("question_type", "true_false_question"), abc, right), []string{}},
		"a type, and one impossible": {qti1(field("question_type", "multiple_choice_question")+field("question_type", "essay_question"), abc, right), []string{}},
		"two passages":               {qti1(field("parent_stimulus_item_ident", "p")+field("parent_stimulus_item_ident", "q"), abc, right), []string{"error xml_twice@1"}},
		"two ways of scoring":        {qti1(field("scoring_algorithm", "AllOrNothing")+field("scoring_algorithm", "PartialScore"), abc, right), []string{"error xml_twice@1"}},
		"two labels of a pair": {qti1("", strings.Replace(lid("r", "Single", "p", "a", "b", "c"), `ident="b"`, `ident="a"`, 1)+lid("s", "Single", "q", "a", "b", "c"),
			when(eq("r", "a"), "Add", "1")+when(eq("s", "b"), "Add", "1")), []string{"error qti1_twice@1"}},
	} {
		t.Run(name, func(t *testing.T) { wantFound(t, parse(t, "q.xml", tt.data), tt.want...) })
	}
}

// TestQTI1NothingDropped: what has no place is told, and what stands beside the labels is asked, too.
func TestQTI1NothingDropped(t *testing.T) {
	abc, right := lid("r", "Single", "", "a", "b", "c"), when(eq("r", "a"), "Set", "1")
	for name, tt := range map[string]struct {
		data, want string
	}{
		"a question elsewhere": {strings.Replace(qti1("", abc, right), "</section>", `<itemref linkrefid="Q7"/></section>`, 1), "warning qti1_reference@1"},
		"a section elsewhere":  {strings.Replace(qti1("", abc, right), "</section>", `<sectionref linkrefid="S"/></section>`, 1), "warning qti1_reference@1"},
		"a rule for all":       {strings.Replace(qti1("", abc, right), "</section>", `<outcomes_processing scoremodel="SumofScores"/></section>`, 1), "note qti1_left@1"},
		"a gap without a rule": {qti1(field("question_type", "fill_in_multiple_blanks_question"), lid("response_x", "Single", "x", "a", "b")+lid("response_y", "Single", "y", "a", "b"),
			when(eq("response_x", "a"), "Add", "30")), "warning qti1_blank@1"},
	} {
		t.Run(name, func(t *testing.T) {
			f := parse(t, "q.xml", tt.data)
			one(t, f)
			wantFound(t, f, tt.want)
		})
	}
	beside := strings.Replace(abc, "<render_choice>", "<render_choice><material><mattext>Only ONE is NOT true</mattext></material>", 1)
	if q := one(t, parse(t, "q.xml", qti1("", beside, right))); !strings.Contains(q.Question.Stem.Source, "Only ONE is NOT true") {
		t.Errorf("%q", q.Question.Stem.Source)
	}
}

// TestQTI2NothingDropped: what is right of a long text is for who marks it, tags over the bound are told, and an item
// is not taken without the text that it shares with others.
func TestQTI2NothingDropped(t *testing.T) {
	long := `<extendedTextInteraction responseIdentifier="RESPONSE"><prompt>Write</prompt></extendedTextInteraction>`
	q := qtiOneItem(t, qtiItem(qtiDeclare("RESPONSE", "single", "string", qtiCorrect("A model &amp; answer")), long, ""))
	if want := "<p>A model &amp; answer</p>"; q.Key.Guide.Source != want {
		t.Errorf("guide %q", q.Key.Guide.Source)
	}
	section := func(text, category string) map[string]string {
		return map[string]string{
			"imsmanifest.xml": qtiManifest("test t.xml", "item i.xml"), "i.xml": qtiSoundItem("i", "1"),
			"t.xml": qtiTest(qtiSection("S", `<rubricBlock view="candidate"><p>`+text+`</p></rubricBlock><assessmentItemRef identifier="r" href="i.xml" category="`+category+`"/>`)),
		}
	}
	for text, taken := range map[string]int{"Read.": 1, strings.Repeat("Read. ", questionset.MaxText/6+1): 0} {
		f := parse(t, "p.zip", zipped(t, section(text, "")))
		if n := f.Report.Counts; n.Taken != taken || n.Refused != 1-taken || taken == 1 && f.Questions[0].Question.Stimulus.Source == "" {
			t.Errorf("%d bytes: %+v %q", len(text), n, found(f))
		}
	}
	var tags []string
	for i := range questionset.MaxAnswers + 1 {
		tags = append(tags, fmt.Sprint("t", i))
	}
	f := parse(t, "p.zip", zipped(t, section("Read.", strings.Join(tags, " "))))
	if got := one(t, f).Tags; len(got) != questionset.MaxAnswers || !slices.Contains(qtiCodesOf(f), "gift_tags") {
		t.Errorf("%d tags, %q", len(got), found(f))
	}
}
