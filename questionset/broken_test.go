package questionset_test

import (
	"regexp"
	"strings"
	"testing"

	"shiken/questionset"
)

// Sound files of every format, from which the broken ones are made. What is asked is the same.
const (
	soundGIFT   = "// [id:q0]\n::Wall::What stands?{T}\n\n// [id:q1]\n::Beam::Which holds the roof?{\n=beam\n~wall\n}\n"
	soundAiken  = "What stands?\nA) wall\nB) roof\nANSWER: A\n\nWhich holds the roof?\nA) wall\nB) beam\nANSWER: B\n"
	soundTyped  = "1. What stands?\n*a) wall\nb) roof\n\n2. Which holds the roof?\na) wall\n*b) beam\n"
	soundCSV    = "id,question,option_a,option_b,correct_answer\nWall,What stands?,wall,roof,A\nBeam,Which holds the roof?,wall,beam,B\n"
	soundMoodle = `<?xml version="1.0" encoding="UTF-8"?>
<quiz>
<question type="truefalse">
<name><text>Wall</text></name>
<questiontext format="html"><text>It stands.</text></questiontext>
<idnumber>q0</idnumber>
<answer fraction="100"><text>true</text></answer>
<answer fraction="0"><text>false</text></answer>
</question>
<question type="multichoice">
<name><text>Beam</text></name>
<questiontext format="html"><text>Which holds the roof?</text></questiontext>
<idnumber>q1</idnumber>
<single>true</single>
<answer fraction="100"><text>beam</text></answer>
<answer fraction="0"><text>wall</text></answer>
</question>
</quiz>
`
	soundCloze = "<quiz>\n<question type=\"cloze\">\n<name><text>Beam</text></name>\n<questiontext><text>A {1:SA:=beam} holds {1:NM:=4:1} walls.</text></questiontext>\n</question>\n</quiz>"
	soundQTI1  = `<questestinterop>
<assessment title="Roofs"><section>
<item ident="q1" title="Beam">
<itemmetadata/>
<presentation>
<material><mattext>Which holds the roof?</mattext></material>
<response_lid ident="r">
<render_choice>
<response_label ident="a"><material><mattext>beam</mattext></material></response_label>
<response_label ident="b"><material><mattext>wall</mattext></material></response_label>
</render_choice></response_lid></presentation>
<resprocessing><outcomes/>
<respcondition><conditionvar><varequal respident="r">a</varequal></conditionvar>
<setvar action="Set">1</setvar></respcondition>
</resprocessing></item>
<item ident="q2" title="Wall">
<presentation><material><mattext>Text.</mattext></material></presentation></item>
</section></assessment></questestinterop>
`
	soundQTI2 = `<?xml version="1.0" encoding="UTF-8"?>
<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="q1" title="Beam" adaptive="false" timeDependent="false">
<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="identifier">
<correctResponse><value>A</value></correctResponse>
</responseDeclaration>
<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/>
<itemBody>
<p>Which holds the roof?</p>
<choiceInteraction responseIdentifier="RESPONSE" maxChoices="1">
<simpleChoice identifier="A">beam</simpleChoice>
<simpleChoice identifier="B">wall</simpleChoice>
</choiceInteraction>
</itemBody>
<responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"/>
</assessmentItem>
`
)

// brokenCase is a sound file with one fault, and what the report has to say of it.
type brokenCase struct {
	name, file, sound string
	old, broken       string // what stands in the sound file, and what in the broken one; old "": broken is all of it
	code              string
	line              int    // 0: the finding names an element, or is of the file as a whole
	element           string // "" where the line is enough
	question          string
}

func (c *brokenCase) data(t *testing.T) string {
	t.Helper()
	if c.old == "" {
		return c.broken
	}
	if !strings.Contains(c.sound, c.old) {
		t.Fatalf("%q is not in the file", c.old)
	}
	return strings.Replace(c.sound, c.old, c.broken, 1)
}

var brokenCases = []brokenCase{
	{"gift, cut off", "q.gift", soundGIFT, "\n~wall\n}\n", "\n~wa", "gift_unclosed", 5, "", "Beam"},
	{"gift, a blank line in braces", "q.gift", soundGIFT, "=beam\n", "=beam\n\n", "gift_unclosed", 5, "", "Beam"},
	{"gift, another encoding", "q.gift", soundGIFT, "wall\n", "w\xe4nd\n", "undecodable", 5, "", "q1"},
	{"gift, no key", "q.gift", soundGIFT, "=beam", "~beam", "no_key", 5, "", "Beam"},
	{"gift, a weight out of range", "q.gift", soundGIFT, "~wall", "~%150%wall", "gift_weight", 7, "%150%", "Beam"},
	{"gift, a malformed weight", "q.gift", soundGIFT, "~wall", "~%5o%wall", "gift_weight", 7, "%5o%", "Beam"},
	{"gift, two right", "q.gift", soundGIFT, "~wall", "=wall\n~roof", "gift_several_right", 5, "", "Beam"},
	{"gift, a picture that is not there", "q.gift", soundGIFT, "Which holds", `[html]<img src\="@@PLUGINFILE@@/a.png"> Which holds`, "gift_media", 5, "", "Beam"},
	{"gift, the same id", "q.gift", soundGIFT, "[id:q1]", "[id:q0]", "same_id", 5, "id", "Beam"},
	{"gift, no text", "q.gift", soundGIFT, "Which holds the roof?", "", "empty_stem", 5, "", "Beam"},
	{"gift, a # that cuts", "q.gift", soundGIFT, "=beam", "=the master&#39;s beam", "gift_entity", 6, "", "Beam"},
	{"gift, a number that is none", "q.gift", soundGIFT, "{\n=beam\n~wall\n}", "{#\n=1\n=two\n}", "gift_number", 7, "", "Beam"},
	{"gift, a pair without a side", "q.gift", soundGIFT, "{\n=beam\n~wall\n}", "{\n=a -> 1\n=b ->\n}", "gift_pair", 7, "", "Beam"},

	{"aiken, cut off", "q.txt", soundAiken, "ANSWER: B\n", "", "prose_no_answer", 6, "", "Which holds"},
	{"aiken, another encoding", "q.txt", soundAiken, "Which holds", "Wh\xe9ch holds\xff", "doubtful_cp932", 6, "", ""},
	{"aiken, a key out of range", "q.txt", soundAiken, "ANSWER: B", "ANSWER: D", "csv_key_no_option", 9, "ANSWER", "Which holds"},
	{"aiken, a key that is a number", "q.txt", soundAiken, "ANSWER: B", "ANSWER: 2", "aiken_number", 9, "ANSWER", "Which holds"},
	{"aiken, a letter twice", "q.txt", soundAiken, "B) beam", "A) beam", "one_option", 6, "", "Which holds"},
	{"aiken, no text", "q.txt", soundAiken, "Which holds the roof?\n", "", "empty_stem", 6, "", "#2"},

	{"typed, cut off", "q.txt", soundTyped, "a) wall\n*b) beam\n", "a) wa", "one_option", 5, "", "2"},
	{"typed, no key", "q.txt", soundTyped, "*b) beam", "b) beam", "prose_no_answer", 5, "", "2"},
	{"typed, two keys", "q.txt", soundTyped, "*b) beam", "*b) beam\nAnswer: a", "prose_two_keys", 8, "ANSWER", "2"},

	{"csv, cut off in quotes", "q.csv", soundCSV, "Which holds the roof?,wall,beam,B", `"Which holds`, "csv_unclosed_quote", 3, "", "Beam"},
	{"csv, another encoding", "q.csv", soundCSV, "Which holds", "Wh\xe9ch holds\xff", "doubtful_cp932", 3, "", ""},
	{"csv, a column missing", "q.csv", soundCSV, ",correct_answer", ",solved", "csv_missing_column", 1, "correct_answer", ""},
	{"csv, no key", "q.csv", soundCSV, "beam,B", "beam,", "no_key", 3, "correct_answer", "Beam"},
	{"csv, a key out of range", "q.csv", soundCSV, "beam,B", "beam,E", "csv_key_no_option", 3, "correct_answer", "Beam"},
	{"csv, a key that is no letter", "q.csv", soundCSV, "beam,B", "beam,?", "csv_key_not_understood", 3, "correct_answer", "Beam"},
	{"csv, the same id", "q.csv", soundCSV, "Beam,", "Wall,", "duplicate_id", 3, "id", "Wall"},
	{"csv, no text", "q.csv", soundCSV, "Which holds the roof?", "", "empty_stem", 3, "question", "Beam"},
	{"csv, a cell too many", "q.csv", soundCSV, "wall,beam,B", "wall,a beam, of wood,B", "csv_row_too_long", 3, "", "Beam"},
	{"csv, nameless", "q.csv", "", "", "question,option_a,option_b,correct_answer\nWhich holds?,wall,beam,C\n", "csv_key_no_option", 2, "correct_answer", "Which holds?"},
	{"csv, keys from 0", "q.csv", "", "", "question,option_a,option_b,option_c,correct_answer\nS,x,y,z,1\nT,x,y,z,0\n", "csv_key_from_zero", 2, "correct_answer", "S"},
	{"csv, one option", "q.csv", soundCSV, "wall,beam,B", ",beam,B", "one_option", 3, "", "Beam"},

	{"moodle, cut off", "q.xml", soundMoodle, "<text>wall</text></answer>\n</question>\n</quiz>\n", "<text>wa", "moodle_piece", 10, "", "Beam"},
	{"moodle, cut off as a whole", "q.xml", soundMoodle, "<text>wall</text></answer>\n</question>\n</quiz>\n", "<text>wa", "moodle_cut", 16, "", ""},
	{"moodle, another encoding", "q.xml", soundMoodle, "Which holds", "Wh\xe9ch holds", "undecodable", 12, "questiontext", "Beam"},
	{"moodle, a tag that is not closed", "q.xml", soundMoodle, "beam</text>", "beam", "moodle_piece", 10, "", "Beam"},
	{"moodle, no key", "q.xml", soundMoodle, `"100"><text>beam`, `"0"><text>beam`, "no_key", 10, "", "Beam"},
	{"moodle, a fraction out of range", "q.xml", soundMoodle, `"0"><text>wall`, `"150"><text>wall`, "moodle_fraction", 16, "answer[2]", "Beam"},
	{"moodle, a malformed fraction", "q.xml", soundMoodle, `"0"><text>wall`, `"33,3"><text>wall`, "moodle_fraction", 16, "answer[2]", "Beam"},
	{"moodle, two right", "q.xml", soundMoodle, `"0"><text>wall`, `"100"><text>wall`, "moodle_several_right", 10, "", "Beam"},
	{"moodle, both true", "q.xml", soundMoodle, `"0"><text>false`, `"100"><text>false`, "moodle_one_true", 3, "", "Wall"},
	{"moodle, a picture that is not there", "q.xml", soundMoodle, "beam</text>", `&lt;img src="@@PLUGINFILE@@/a.png" alt="x"&gt;</text>`, "media_missing", 15, "answer[1]", "Beam"},
	{"moodle, the same id", "q.xml", soundMoodle, "q1", "q0", "same_id", 13, "idnumber", "Beam"},
	{"moodle, no text", "q.xml", soundMoodle, "Which holds the roof?", "", "empty_stem", 12, "questiontext", "Beam"},
	{"moodle, an unknown type", "q.xml", soundMoodle, "multichoice", "oumatrix", "moodle_type", 10, "type", "Beam"},
	{"moodle, a right answer without text", "q.xml", soundMoodle, "beam", "", "empty_right", 15, "answer[1]", "Beam"},
	{"moodle, a control character", "q.xml", soundMoodle, "Which", "Wh\x01ich", "moodle_piece", 10, "", "Beam"},

	{"cloze, a gap that is not closed", "q.xml", soundCloze, "=beam}", "=beam", "gap_broken", 2, "{1}", "Beam"},
	{"cloze, no key", "q.xml", soundCloze, "=beam", "beam", "no_key", 2, "{1}", "Beam"},
	{"cloze, a number that is none", "q.xml", soundCloze, "=4:1", "=four", "gap_number", 2, "{2}", "Beam"},
	{"cloze, a malformed weight", "q.xml", soundCloze, "=beam", "=beam~%150%wall", "gap_fraction", 2, "{1}", "Beam"},

	{"qti1, cut off", "q.xml", soundQTI1, `<setvar action="Set">1</setvar>`, `<setv`, "qti1_item", 14, "", "Beam"},
	{"qti1, another encoding", "q.xml", soundQTI1, "Which holds", "Wh\xe9ch holds", "undecodable", 3, "", "Beam"},
	{"qti1, a tag that is not closed", "q.xml", soundQTI1, "wall</mattext>", "wall", "qti1_item", 10, "", "Beam"},
	{"qti1, no key", "q.xml", soundQTI1, ">1</setvar>", ">0</setvar>", "no_key", 12, "resprocessing", "Beam"},
	{"qti1, a key that names no option", "q.xml", soundQTI1, `"r">a</varequal>`, `"r">z</varequal>`, "no_key", 12, "resprocessing", "Beam"},
	{"qti1, malformed points", "q.xml", soundQTI1, ">1</setvar>", ">one</setvar>", "qti1_scoring", 14, "setvar", "Beam"},
	{"qti1, two right", "q.xml", soundQTI1, "<conditionvar>", `<conditionvar><varequal respident="r">b</varequal>`, "qti1_many_right", 3, "", "Beam"},
	{"qti1, a picture that is not there", "q.xml", soundQTI1, `<mattext>wall`, `<mattext texttype="text/html">&lt;img src="a.png" alt="x"&gt;`, "media_missing", 10, "response_label[b]", "Beam"},
	{"qti1, the same ident of options", "q.xml", soundQTI1, `ident="b"`, `ident="a"`, "qti1_twice", 10, "response_label[a]", "Beam"},
	{"qti1, the same ident of questions", "q.xml", soundQTI1, `ident="q2"`, `ident="q1"`, "same_id", 16, "item[q1]", "Wall"},
	{"qti1, no text", "q.xml", soundQTI1, "Which holds the roof?", "", "empty_stem", 5, "presentation", "Beam"},
	{"qti1, one option", "q.xml", soundQTI1, "wall", "", "one_option", 7, "response_lid[r]", "Beam"},
	{"qti1, an unknown type", "q.xml", soundQTI1, "<itemmetadata/>", "<itemmetadata><qtimetadata>" + field("question_type", "file_upload_question") + "</qtimetadata></itemmetadata>",
		"qti1_type", 4, "itemmetadata", "Beam"},

	{"qti2, cut off", "q.xml", soundQTI2, "wall</simpleChoice>\n</choiceInteraction>", "wa", "xml_malformed", 12, "", "Beam"},
	{"qti2, another encoding", "q.xml", soundQTI2, "Which holds", "Wh\xe9ch holds", "undecodable", 2, "", "Beam"},
	{"qti2, a tag that is not closed", "q.xml", soundQTI2, "wall</simpleChoice>", "wall", "xml_malformed", 12, "", "Beam"},
	{"qti2, no key", "q.xml", soundQTI2, "<correctResponse><value>A</value></correctResponse>", "", "no_key", 14, "responseProcessing", "Beam"},
	{"qti2, a key that names no choice", "q.xml", soundQTI2, "<value>A", "<value>Z", "qti2_key_unknown", 3, "RESPONSE", "Beam"},
	{"qti2, two right", "q.xml", soundQTI2, "<value>A</value>", "<value>A</value><value>B</value>", "qti2_several_right", 4, "correctResponse", "Beam"},
	{"qti2, malformed points", "q.xml", strings.Replace(soundQTI2, "match_correct", "map_response", 1), "</correctResponse>", `</correctResponse><mapping><mapEntry mapKey="A" mappedValue="one"/></mapping>`, "qti2_map_value", 4, "mapping", "Beam"},
	{"qti2, a picture that is not there", "q.xml", soundQTI2, "wall", `<img src="a.png" alt="x"/>`, "media_missing", 11, "B", "Beam"},
	{"qti2, the same identifier", "q.xml", soundQTI2, `identifier="B"`, `identifier="A"`, "qti2_identifier", 10, "simpleChoice", "Beam"},
	{"qti2, no text", "q.xml", soundQTI2, "Which holds the roof?", "", "qti2_title_as_stem", 7, "itemBody", "Beam"},
	{"qti2, one choice", "q.xml", soundQTI2, `<simpleChoice identifier="B">wall</simpleChoice>`, "", "one_option", 9, "choiceInteraction", "Beam"},
	{"qti2, an undeclared response", "q.xml", soundQTI2, `responseIdentifier="RESPONSE"`, `responseIdentifier="R"`, "qti2_response", 9, "choiceInteraction", "Beam"},
	{"qti2, an unknown interaction", "q.xml", soundQTI2, "</itemBody>", "<uploadInteraction responseIdentifier=\"U\"/>\n</itemBody>", "qti2_interaction", 13, "uploadInteraction", "Beam"},
}

// A finding says where, of which question, what is wrong, and how to mend it, in both languages.
func TestFindingsAreUseful(t *testing.T) {
	for i := range brokenCases {
		c := &brokenCases[i]
		t.Run(c.name, func(t *testing.T) {
			if c.sound != "" {
				if f := parse(t, c.file, c.sound); !f.Report.Sound() {
					t.Fatalf("without the fault: %q", found(f))
				}
			}
			wantUseful(t, c, parse(t, c.file, c.data(t)))
		})
	}
}

func wantUseful(t *testing.T, c *brokenCase, f *questionset.File) {
	t.Helper()
	wanted := false
	for i := range f.Report.Findings {
		x := &f.Report.Findings[i]
		useful(t, x)
		wanted = wanted || string(x.Code) == c.code && x.Line == c.line && x.Element == c.element && strings.Contains(x.Question, c.question)
	}
	if !wanted {
		t.Errorf("no %s on line %d, element %q, question %q", c.code, c.line, c.element, c.question)
		for _, x := range f.Report.Findings {
			t.Logf("%s %s on line %d, element %q, question %q", x.Severity, x.Code, x.Line, x.Element, x.Question)
		}
	}
}

var unfilled = regexp.MustCompile(`\{[a-z]+\}`)

// useful judges what any finding has to say.
func useful(t *testing.T, x *questionset.Finding) {
	t.Helper()
	if x.Severity == questionset.Error && x.Line == 0 && x.Element == "" {
		t.Errorf("%s says of nothing where it is", x.Code)
	}
	if x.Nth > 0 && x.Question == "" {
		t.Errorf("%s does not name its question", x.Code)
	}
	for _, lang := range []string{"en", "ja"} {
		what, mend := x.Text(lang)
		if what == "" || mend == "" && x.Severity != questionset.Note || unfilled.MatchString(what+mend) {
			t.Errorf("%s in %s: %q %q", x.Code, lang, what, mend)
		}
	}
}

// In packages a finding names the file, too.
func TestFindingsInPackages(t *testing.T) {
	manifest := qtiManifest("item a/q.xml", "item a/none.xml")
	canvas := `<manifest><resources><resource identifier="r" type="imsqti_xmlv1p2" href="q.xml"><file href="none.xml"/></resource></resources></manifest>`
	book := string(workbookOf(t, []any{"id", "question", "option_a", "option_b", "correct_answer"}, []any{"Beam", "Which holds?", "wall", "beam", "E"}))
	for _, tt := range []struct {
		brokenCase
		inFile string
	}{
		{brokenCase{name: "qti2, a broken item", broken: zipped(t, map[string]string{"imsmanifest.xml": manifest, "a/q.xml": strings.Replace(soundQTI2, "wall</simpleChoice>", "wall", 1)}),
			code: "xml_malformed", line: 12, question: "Beam"}, "q.zip/a/q.xml"},
		{brokenCase{name: "qti2, a missing item", broken: zipped(t, map[string]string{"imsmanifest.xml": manifest, "a/q.xml": soundQTI2}), code: "zip_missing", line: 1,
			element: "item", question: "r1"}, "q.zip"},
		{brokenCase{name: "qti2, no key", broken: zipped(t, map[string]string{"imsmanifest.xml": qtiManifest("item a/q.xml"), "a/q.xml": strings.Replace(soundQTI2, "<value>A", "<value>Z", 1)}),
			code: "qti2_key_unknown", line: 3, element: "RESPONSE", question: "Beam"}, "q.zip/a/q.xml"},
		{brokenCase{name: "qti1, a missing document", broken: zipped(t, map[string]string{"imsmanifest.xml": canvas, "q.xml": soundQTI1}), code: "zip_missing", line: 1,
			element: "imsmanifest.xml"}, "q.zip"},
		{brokenCase{name: "qti1, no key", broken: zipped(t, map[string]string{"b/q.xml": strings.Replace(soundQTI1, ">1</setvar>", ">0</setvar>", 1)}),
			code: "no_key", line: 12, element: "resprocessing", question: "Beam"}, "q.zip/b/q.xml"},
		{brokenCase{name: "moodle in a zip", broken: zipped(t, map[string]string{"b/q.xml": strings.Replace(soundMoodle, "q1", "q0", 1)}),
			code: "same_id", line: 13, element: "idnumber", question: "Beam"}, "q.zip/b/q.xml"},
		{brokenCase{name: "xlsx, a key out of range", broken: book, code: "csv_key_no_option", line: 2, element: "correct_answer", question: "Beam"}, "q.zip"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := parse(t, "q.zip", tt.broken)
			wantUseful(t, &tt.brokenCase, f)
			for _, x := range f.Report.Findings {
				if string(x.Code) == tt.code && x.File != tt.inFile {
					t.Errorf("%s is said of %s", x.Code, x.File)
				}
			}
		})
	}
}
