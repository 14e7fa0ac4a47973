package questionset_test

import (
	"slices"
	"strings"
	"testing"

	"shiken/exam"
	"shiken/questionset"
)

// qtiCodesOf lists the codes of a file's findings, each once, in their order.
func qtiCodesOf(f *questionset.File) []string {
	var list []string
	for _, x := range f.Report.Findings {
		if !slices.Contains(list, string(x.Code)) {
			list = append(list, string(x.Code))
		}
	}
	return list
}

// TestQTI2WhatIsNotScored: what cannot be scored faithfully is left to a marker or refused, and the
// report says why.
func TestQTI2WhatIsNotScored(t *testing.T) {
	multiple := qtiDeclare("RESPONSE", "multiple", "identifier", qtiCorrect("A", "B"))
	three := qtiChoices(`maxChoices="0" shuffle="true"`, "x", "y", "z")
	text := qtiDeclare("RESPONSE", "single", "string", qtiCorrect("a"))
	number := qtiDeclare("RESPONSE", "single", "float", qtiCorrect("5"))
	pairs := func(inside string) string { return qtiDeclare("RESPONSE", "multiple", "directedPair", inside) }
	with := func(body string) string { return qtiItem(text, body, matchCorrect) }
	for _, tt := range []struct {
		name, item string
		marker     bool // taken as a question for a marker; else refused
		code       string
	}{
		{"no rule", qtiItem(multiple, three, ""), true, "qti2_no_rule"},
		{"an empty rule", qtiItem(multiple, three, "<responseProcessing/>"), true, "qti2_no_rule"},
		{"an unknown template", qtiItem(multiple, three, `<responseProcessing template="http://x/my_template.xml"/>`), true, "qti2_rule_template"},
		{"another outcome", qtiItem(multiple, three, qtiRule(`<setOutcomeValue identifier="POINTS">`+qtiBase("float", "1")+"</setOutcomeValue>")), true, "qti2_no_score"},
		{"an operator", qtiItem(text, qtiEntry, qtiRule(scoredIf(`<patternMatch pattern="a+">`+qtiVariable("RESPONSE")+"</patternMatch>", qtiBase("float", "1")))), true, "qti2_operator"},
		{"a number that is worked with", qtiItem(number, qtiEntry, qtiRule(scoredIf("<gt><sum>"+qtiVariable("RESPONSE")+qtiBase("float", "1")+"</sum>"+qtiBase("float", "3")+"</gt>", qtiBase("float", "1")))), true, "qti2_rule"},
		{"a number that is the score", qtiItem(number, qtiEntry, qtiRule(qtiSetScore(qtiVariable("RESPONSE")))), true, "qti2_rule"},
		{"a number beside an outcome", qtiItem(number, qtiEntry, qtiRule(scoredIf("<gt>"+qtiVariable("RESPONSE")+qtiVariable("LIMIT")+"</gt>", qtiBase("float", "1")))), true, "qti2_rule"},
		{"a mapping without numbers", qtiItem(qtiDeclare("RESPONSE", "single", "identifier", qtiMapping("", "A=one")), three, mapResponse), true, "qti2_map_value"},
		{"an unknown variable", qtiItem(text, qtiEntry, qtiRule(qtiSetScore(qtiVariable("numAttempts")))), true, "qti2_operator"},
		{"part of the right ones", qtiItem(multiple, three, qtiRule(
			scoredIf(qtiIsRight("RESPONSE"), qtiBase("float", "1")), scoredIf("<match>"+qtiVariable("RESPONSE")+`<multiple>`+qtiBase("identifier", "A")+"</multiple></match>", qtiBase("float", "0.3")))), true, "qti2_rule"},
		{"points for nothing", qtiItem(multiple, three, qtiRule(scoredIf("<isNull>"+qtiVariable("RESPONSE")+"</isNull>", qtiBase("float", "1")), scoredIf(qtiIsRight("RESPONSE"), qtiBase("float", "1")))), true, "qti2_rule"},
		{"choosing all would pay", qtiItem(qtiDeclare("RESPONSE", "multiple", "identifier", qtiMapping("", "A=1", "B=1")), qtiChoices(`maxChoices="2"`, "x", "y", "z"), mapResponse), true, "qti2_over_choosing"},
		{"a record", qtiItem(`<responseDeclaration identifier="RESPONSE" cardinality="record"/>`, qtiEntry, matchCorrect), true, "qti2_cardinality"},
		{"base 7", qtiItem(qtiDeclare("RESPONSE", "single", "integer", qtiCorrect("10")), `<p>n <textEntryInteraction responseIdentifier="RESPONSE" base="7"/></p>`, matchCorrect), true, "qti2_number_base"},
		{"many to many", qtiItem(pairs(qtiCorrect("C M", "C R", "D M")), matchFour, matchCorrect), true, "qti2_many_to_many"},
		{"pairs of one list", qtiItem(qtiDeclare("RESPONSE", "multiple", "pair", qtiCorrect("A B")), `<associateInteraction responseIdentifier="RESPONSE"><simpleAssociableChoice identifier="A" matchMax="1">a</simpleAssociableChoice><simpleAssociableChoice identifier="B" matchMax="1">b</simpleAssociableChoice></associateInteraction>`, matchCorrect), true, "qti2_associate"},
		{"a part in order", qtiItem(qtiDeclare("RESPONSE", "ordered", "identifier", qtiCorrect("C", "A")), orderThree, matchCorrect), true, "qti2_order_part"},
		{"by a person", strings.Replace(qtiItem(multiple, three, matchCorrect), `baseType="float"/>`, `baseType="float" externalScored="human"/>`, 1), true, "qti2_by_human"},
		{"a long text", qtiItem(text, `<extendedTextInteraction responseIdentifier="RESPONSE"><prompt>Write</prompt></extendedTextInteraction>`, mapResponse), true, "qti2_essay_rule"},

		{"a slider of words", qtiItem(text, `<sliderInteraction responseIdentifier="RESPONSE" lowerBound="0" upperBound="9"/>`, matchCorrect), true, "qti2_slider_base"},
		{"more right than allowed", qtiItem(qtiDeclare("RESPONSE", "multiple", "identifier", qtiCorrect("A", "B")+qtiMapping("", "A=1", "B=1")), qtiChoices(`maxChoices="1"`, "x", "y", "z"), mapResponse), true, "qti2_max_right"},

		{"no right answer", qtiItem(qtiDeclare("RESPONSE", "single", "identifier", ""), three, matchCorrect), false, "no_key"},
		{"a key that names nothing", qtiItem(qtiDeclare("RESPONSE", "single", "identifier", qtiCorrect("Q")), three, matchCorrect), false, "qti2_key_unknown"},
		{"a key that names something besides", qtiItem(qtiDeclare("RESPONSE", "multiple", "identifier", qtiCorrect("A", "Q")), three, matchCorrect), false, "qti2_key_unknown"},
		{"several right of one", qtiItem(qtiDeclare("RESPONSE", "single", "identifier", qtiCorrect("A", "B")), three, matchCorrect), false, "qti2_several_right"},
		{"nothing mapped", qtiItem(qtiDeclare("RESPONSE", "multiple", "identifier", qtiMapping("", "A=0", "B=-1")), three, mapResponse), false, "no_key"},
		{"one option", qtiItem(multiple, qtiChoices("", "x"), matchCorrect), false, "one_option"},
		{"equal identifiers", qtiItem(multiple, strings.ReplaceAll(three, `"C"`, `"A"`), matchCorrect), false, "qti2_identifier"},
		{"an undeclared response", qtiItem("", three, matchCorrect), false, "qti2_response"},
		{"two interactions", qtiItem(multiple, three+three, matchCorrect), false, "qti2_composite"},
		{"a hot spot", with(`<p>p</p><hotspotInteraction responseIdentifier="RESPONSE"><object data="a.png" type="image/png"/></hotspotInteraction>`), false, "qti2_interaction"},
		{"an upload", with(`<p>p</p><uploadInteraction responseIdentifier="RESPONSE"/>`), false, "qti2_interaction"},
		{"a drawing", with(`<p>p</p><drawingInteraction responseIdentifier="RESPONSE"/>`), false, "qti2_interaction"},
		{"a custom interaction", with(`<p>p</p><portableCustomInteraction responseIdentifier="RESPONSE"/>`), false, "qti2_interaction"},
		{"an adaptive item", strings.Replace(with(qtiEntry), `adaptive="false"`, `adaptive="true"`, 1), false, "qti2_adaptive"},
		{"a template", qtiItem(`<templateDeclaration identifier="N" cardinality="single" baseType="integer"/>`+text, qtiEntry, matchCorrect), false, "qti2_template"},
		{"no body", strings.Replace(strings.Replace(with(""), "<itemBody></itemBody>", "", 1), "One", "", 1), false, "empty_stem"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := parse(t, "item.xml", tt.item)
			if !slices.Contains(qtiCodesOf(f), tt.code) {
				t.Errorf("findings %q, want %s", found(f), tt.code)
			}
			if n := f.Report.Counts; n.Seen != 1 || tt.marker != (n.NeedsMarker == 1) || tt.marker == (n.Refused == 1) || tt.marker != f.Report.Sound() {
				t.Errorf("counts %+v, findings %q", n, found(f))
			}
		})
	}
}

// TestQTI2Markers: a question for a marker shows what could be chosen, and tells what is right.
func TestQTI2Markers(t *testing.T) {
	f := parse(t, "item.xml", qtiItem(qtiDeclare("RESPONSE", "single", "identifier", qtiCorrect("B")), qtiChoices("", "x &amp; y", "<b>z</b>"), ""))
	q := one(t, f)
	if want := "<p>Which?</p><ul><li>x &amp; y</li><li><b>z</b></li></ul>"; q.Question.Type != exam.Essay || q.Question.Stem.Source != want {
		t.Errorf("%s %q", q.Question.Type, q.Question.Stem.Source)
	}
	if q.Key.Guide.Source != "<p>z</p>" {
		t.Errorf("guide %q", q.Key.Guide.Source)
	}
	if last := f.Report.Findings[len(f.Report.Findings)-1]; last.Code != "qti2_right_answer" || last.Args["text"] != "z" {
		t.Errorf("%+v", last)
	}
}

// TestQTI2Texts: what becomes of the body.
func TestQTI2Texts(t *testing.T) {
	multiple := qtiDeclare("RESPONSE", "multiple", "identifier", qtiCorrect("A"))
	for _, tt := range []struct {
		name, body, stem string
		codes            []string
	}{
		{"a prompt", "<p>a &lt; b</p>" + qtiChoices(`shuffle="true" maxChoices="0"`, "x", "y"), "<p>a &lt; b</p><p>Which?</p>", nil},
		{"mathematics", `<p><m:math xmlns:m="http://www.w3.org/1998/Math/MathML"><m:mi>x</m:mi></m:math></p>` + qtiChoices(``, "x", "y"), "<p><math><mi>x</mi></math></p><p>Which?</p>", nil},
		{"a rubric for all", `<rubricBlock view="candidate"><p>Read</p></rubricBlock>` + qtiChoices(``, "x", "y"), "<p>Read</p><p>Which?</p>", nil},
		{"a rubric for markers", `<rubricBlock view="scorer"><p>Secret</p></rubricBlock>` + qtiChoices(``, "x", "y"), "<p>Which?</p>", []string{"qti2_rubric"}},
		{"feedback in the body", `<div><feedbackBlock outcomeIdentifier="F" identifier="f"><p>Secret</p></feedbackBlock></div>` + qtiChoices(``, "x", "y"), "<p>Which?</p>", []string{"qti2_feedback"}},
		{"an object that is a picture", `<p><object data="a.png" type="image/png">A <b>cat</b></object></p>` + qtiChoices(``, "x", "y"), `<p><img alt="A cat"></p><p>Which?</p>`, []string{"media_missing"}},
		{"another object", `<p><object data="a.swf" type="application/x-shockwave-flash">A film</object></p>` + qtiChoices(``, "x", "y"), "<p>A film</p><p>Which?</p>", []string{"qti2_object"}},
		{"a sound that is played", `<mediaInteraction responseIdentifier="PLAYED" autostart="false"><prompt>Listen</prompt><object data="a.mp3" type="audio/mpeg"/></mediaInteraction>` + qtiChoices(``, "x", "y"),
			`<p>Listen</p><audio controls=""></audio><p>Which?</p>`, []string{"qti2_media", "media_missing"}},
		{"a hint button", `<p>a</p><p><endAttemptInteraction responseIdentifier="HINT" title="Hint"/></p>` + qtiChoices(``, "x", "y"), "<p>a</p><p>Which?</p>", []string{"qti2_end_attempt"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := parse(t, "item.xml", qtiItem(multiple, tt.body, matchCorrect))
			if q := one(t, f); q.Question.Stem.Source != tt.stem || q.Question.Type != exam.MultipleChoice {
				t.Errorf("stem %q", q.Question.Stem.Source)
			}
			if got := qtiCodesOf(f); !slices.Equal(got, tt.codes) {
				t.Errorf("findings %q, want %q", got, tt.codes)
			}
		})
	}
}

// TestQTI2Options: order and texts of options.
func TestQTI2Options(t *testing.T) {
	single := qtiDeclare("RESPONSE", "single", "identifier", qtiCorrect("true"))
	q := qtiOneItem(t, qtiItem(single, `<choiceInteraction responseIdentifier="RESPONSE" shuffle="true"><prompt>Q</prompt><simpleChoice identifier="true"><p>True</p></simpleChoice><simpleChoice identifier="false" fixed="true"><p>False</p></simpleChoice></choiceInteraction>`, matchCorrect))
	if o := q.Question.Options; q.Question.Type != exam.TrueFalse || o[0].ID != "true" || o[0].Fixed || !o[1].Fixed || q.Key.Options["true"] != exam.FullCredit {
		t.Errorf("%+v %+v", q.Question, q.Key)
	}
	q = qtiOneItem(t, qtiItem(qtiDeclare("RESPONSE", "single", "identifier", qtiCorrect("A")), qtiChoices(`shuffle="false"`, "x", "y"), matchCorrect))
	if o := q.Question.Options; !o[0].Fixed || !o[1].Fixed {
		t.Errorf("options that are not shuffled: %+v", o)
	}
	q = qtiOneItem(t, qtiItem(qtiDeclare("RESPONSE", "multiple", "identifier", qtiCorrect("h2")),
		`<hottextInteraction responseIdentifier="RESPONSE" maxChoices="0"><prompt>Find it</prompt><p>The <hottext identifier="h1">first</hottext> and <hottext identifier="h2">second</hottext>.</p></hottextInteraction>`, matchCorrect))
	if want := "<p>Find it</p><p>The <strong>(1) first</strong> and <strong>(2) second</strong>.</p>"; q.Question.Stem.Source != want || q.Question.Options[1].Text.Source != "(2) second" {
		t.Errorf("%+v", q.Question)
	}
}

// TestQTI2Feedback: what is shown with an option belongs to it, what is shown always explains.
func TestQTI2Feedback(t *testing.T) {
	single := qtiDeclare("RESPONSE", "single", "identifier", qtiCorrect("A")) + `<outcomeDeclaration identifier="FEEDBACK" cardinality="single" baseType="identifier"/>`
	body := `<choiceInteraction responseIdentifier="RESPONSE"><prompt>Q</prompt><simpleChoice identifier="A">x<feedbackInline outcomeIdentifier="FEEDBACK" identifier="A">Yes</feedbackInline></simpleChoice>` +
		`<simpleChoice identifier="B">y</simpleChoice><simpleChoice identifier="C">z</simpleChoice></choiceInteraction>`
	modal := `<modalFeedback outcomeIdentifier="FEEDBACK" identifier="B" showHide="show" title="Sorry &amp; no">No, <b>not</b> y</modalFeedback>` +
		`<modalFeedback outcomeIdentifier="OTHER" identifier="x" showHide="hide">Read page 5</modalFeedback>` +
		`<modalFeedback outcomeIdentifier="FEEDBACK" identifier="never" showHide="show">Never</modalFeedback>`
	f := parse(t, "item.xml", strings.Replace(qtiItem(single, body, qtiRule(scoredIf(qtiIsRight("RESPONSE"), qtiBase("float", "1")),
		`<setOutcomeValue identifier="FEEDBACK">`+qtiVariable("RESPONSE")+"</setOutcomeValue>")), "</assessmentItem>", modal+"</assessmentItem>", 1))
	q := one(t, f)
	fb := q.Feedback
	if fb.Options["A"].Source != "Yes" || fb.Options["B"].Source != "<p><strong>Sorry &amp; no</strong></p>No, <b>not</b> y" || len(fb.Options) != 2 || fb.Explanation.Source != "Read page 5" {
		t.Errorf("%+v", fb)
	}
	if q.Question.Options[0].Text.Source != "x" || !slices.Equal(qtiCodesOf(f), []string{"qti2_feedback"}) {
		t.Errorf("%+v, findings %q", q.Question.Options, found(f))
	}
}

// TestQTI2Scale: a best answer that is not MAXSCORE counts in full, and that is told.
func TestQTI2Scale(t *testing.T) {
	d := qtiDeclare("RESPONSE", "single", "identifier", qtiMapping("", "A=2", "B=-1")) +
		`<outcomeDeclaration identifier="MAXSCORE" cardinality="single" baseType="float"><defaultValue><value>10</value></defaultValue></outcomeDeclaration>`
	f := parse(t, "item.xml", qtiItem(d, qtiChoices("", "x", "y"), mapResponse))
	if q := one(t, f); qtiMarked(t, &q, exam.OneChoice("A")) != exam.FullCredit {
		t.Errorf("%+v", q.Key)
	}
	if got := qtiCodesOf(f); !slices.Equal(got, []string{"qti2_max_score", "qti2_below_zero"}) {
		t.Errorf("findings %q", got)
	}
}

// TestQTI2Cardinality: the remedy names the cardinality that the kind of interaction needs.
func TestQTI2Cardinality(t *testing.T) {
	for _, tt := range []struct{ body, cardinality, want string }{
		{qtiEntry, "multiple", "single"},
		{`<sliderInteraction responseIdentifier="RESPONSE" lowerBound="0" upperBound="9"/>`, "multiple", "single"},
		{qtiEntry + strings.Replace(qtiEntry, "RESPONSE", "OTHER", 1), "multiple", "single"},
		{qtiChoices("", "x", "y"), "ordered", "single, multiple"},
	} {
		declare := func(id string) string { return qtiDeclare(id, tt.cardinality, "string", qtiCorrect("a", "b")) }
		f := parse(t, "item.xml", qtiItem(declare("RESPONSE")+declare("OTHER"), tt.body, matchCorrect))
		if x := f.Report.Findings[0]; x.Code != "qti2_cardinality" || x.Args["want"] != tt.want {
			t.Errorf("%s: %s %v", tt.body, x.Code, x.Args)
		}
	}
}

// TestQTI2NormalMaximum: so it is where SCORE itself says what is most.
func TestQTI2NormalMaximum(t *testing.T) {
	for most, want := range map[string][]string{"1": {"qti2_normal_maximum"}, "0.5": nil, "": nil} {
		item := qtiItem(qtiDeclare("RESPONSE", "single", "identifier", qtiMapping("", "A=0.5")), qtiChoices("", "x", "y"), mapResponse)
		f := parse(t, "item.xml", strings.Replace(item, `baseType="float"/>`, `baseType="float" normalMaximum="`+most+`"/>`, 1))
		if got := qtiCodesOf(f); !slices.Equal(got, want) {
			t.Errorf("%q: findings %q", most, got)
		}
	}
}

// TestQTI2AllowedChoices: what is told of the number of choices is what the item says.
func TestQTI2AllowedChoices(t *testing.T) {
	d := qtiDeclare("RESPONSE", "multiple", "identifier", qtiCorrect("A", "B")+qtiMapping("", "A=1", "B=1"))
	for most, want := range map[string]string{"1": "1", "2": "2", "": "1"} {
		f := parse(t, "item.xml", qtiItem(d, qtiChoices(`maxChoices="`+most+`"`, "x", "y", "z"), mapResponse))
		for _, x := range f.Report.Findings {
			if x.Args["count"] != want && x.Code != "qti2_right_answer" {
				t.Errorf("%q: %s tells %v", most, x.Code, x.Args)
			}
		}
	}
	f := parse(t, "item.xml", qtiItem(qtiDeclare("RESPONSE", "multiple", "identifier", qtiCorrect("A", "B")), qtiChoices(`maxChoices="1"`, "x", "y", "z"), matchCorrect))
	if q := one(t, f); qtiMarked(t, &q, exam.ManyChoices("A", "B")) != exam.FullCredit {
		t.Errorf("%+v", q.Key)
	}
	wantFound(t, f, "warning qti2_max_right@5")
}

// TestQTI2ManyGaps: gaps that add up by themselves are scored however many they are.
func TestQTI2ManyGaps(t *testing.T) {
	var declarations, body string
	var steps []string
	for i := range 30 {
		id := "R" + strings.Repeat("x", i)
		declarations += qtiDeclare(id, "single", "string", qtiCorrect("w"))
		body += `<p><textEntryInteraction responseIdentifier="` + id + `"/></p>`
		steps = append(steps, scoredIf(qtiIsRight(id), qtiAdd("1")))
	}
	q := qtiOneItem(t, qtiItem(declarations, body, qtiRule(steps...)))
	if got := qtiMarked(t, &q, exam.KeyedAnswer(map[string]string{"R": "w", "Rx": "w", "Rxx": "W"})); q.Question.Type != exam.Gaps || got != 667 {
		t.Errorf("%s, two of thirty earn %d", q.Question.Type, got)
	}
	f := parse(t, "item.xml", qtiItem(declarations, body, qtiRule(append(steps, scoredIf("<and>"+qtiIsRight("R")+qtiIsRight("Rx")+"</and>", qtiAdd("1")))...)))
	if q := one(t, f); q.Question.Type != exam.Essay || !slices.Contains(qtiCodesOf(f), "qti2_too_many") {
		t.Errorf("%s, findings %q", q.Question.Type, found(f))
	}
}

// TestQTI2ManyOptions: of more options than every set of them can be gone through, simple rules are
// scored all the same.
func TestQTI2ManyOptions(t *testing.T) {
	texts := strings.Split("abcdefghijklmnopqrst", "")
	for _, tt := range []struct {
		name, inside, rule string
		half               int
	}{
		{"match_correct", qtiCorrect("A", "B"), matchCorrect, 0},
		{"map_response", qtiCorrect("A", "B") + qtiMapping(`defaultValue="-1"`, "A=1", "B=1"), mapResponse, 5_000},
	} {
		q := qtiOneItem(t, qtiItem(qtiDeclare("RESPONSE", "multiple", "identifier", tt.inside), qtiChoices(`maxChoices="0"`, texts...), tt.rule))
		if got := qtiMarked(t, &q, exam.ManyChoices("A")); got != tt.half || qtiMarked(t, &q, exam.ManyChoices("A", "B")) != exam.FullCredit || qtiMarked(t, &q, exam.ManyChoices("C")) != 0 {
			t.Errorf("%s: half earns %d; %+v", tt.name, got, q.Key)
		}
	}
	f := parse(t, "item.xml", qtiItem(qtiDeclare("RESPONSE", "multiple", "identifier", qtiCorrect("A")), qtiChoices(`maxChoices="0"`, texts...),
		qtiRule(scoredIf("<member>"+qtiBase("identifier", "A")+qtiVariable("RESPONSE")+"</member>", qtiBase("float", "1")))))
	if q := one(t, f); q.Question.Type != exam.Essay || !slices.Contains(qtiCodesOf(f), "qti2_too_many") {
		t.Errorf("%s, findings %q", q.Question.Type, found(f))
	}
}

// TestQTI2Versions: 3.0 is named and refused, whatever stands around it.
func TestQTI2Versions(t *testing.T) {
	f := parse(t, "item.xml", `<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="a" title="T"/>`)
	wantFound(t, f, "error qti2_version3@1")
	if f.Report.Counts.Refused != 1 || f.Format != questionset.QTI2 {
		t.Errorf("%+v %s", f.Report.Counts, f.Format)
	}
	wantFound(t, parse(t, "test.xml", `<assessmentTest xmlns="x"><assessmentItemRef href="a.xml"/></assessmentTest>`), "error qti2_alone@1")
	q := qtiOneItem(t, strings.Replace(qtiItem(qtiDeclare("RESPONSE", "single", "identifier", qtiCorrect("A")), qtiChoices("", "x", "y"), matchCorrect),
		` xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1"`, "", 1))
	if q.SourceKey != "item/i1" || q.Number != "One" {
		t.Errorf("%q %q", q.SourceKey, q.Number)
	}
}

// A document type declaration is passed over, wherever it points; one with entities is refused.
func TestQTI2Declarations(t *testing.T) {
	item := qtiSoundItem("a", "1")
	f := parse(t, "item.xml", "<?xml version=\"1.0\"?>\n<!-- a \u2013 b -->\n<!DOCTYPE assessmentItem PUBLIC \"-//x\" \"http://127.0.0.1:9/imsqti_v2p1.dtd\">\n"+strings.TrimPrefix(item, `<?xml version="1.0"?>`))
	one(t, f)
	wantFound(t, f, "note xml_doctype@3")
	f = parse(t, "item.xml", "<!DOCTYPE assessmentItem [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>"+item)
	wantFound(t, f, "error xml_declaration@1")
}

// Where an entry stands in a sentence is kept, also where the sentence stands in no block; under the question it is not.
func TestQTI2EntryInText(t *testing.T) {
	entry := `<textEntryInteraction responseIdentifier="RESPONSE"/>`
	for body, want := range map[string]string{
		"Light goes " + entry + " m/s":                     "Light goes _____ m/s",
		"<p>Light goes " + entry + " m/s</p>":              "<p>Light goes _____ m/s</p>",
		"<p>How fast is light?</p>" + entry:                "<p>How fast is light?</p>",
		"<p>How fast is light?</p>\n <p>" + entry + "</p>": "<p>How fast is light?</p>",
	} {
		q := qtiOneItem(t, qtiItem(qtiDeclare("RESPONSE", "single", "string", qtiCorrect("fast")), body, matchCorrect))
		if got := strings.TrimSpace(q.Question.Stem.Source); got != want || q.Question.Type != exam.ShortText {
			t.Errorf("%s: %s %q", body, q.Question.Type, got)
		}
	}
}
