package questionset_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"shiken/exam"
	"shiken/questionset"
)

// moodle wraps questions into a document, the first of which begins on line 2.
func moodle(t testing.TB, questions ...string) *questionset.File {
	t.Helper()
	return parse(t, "q.xml", "<?xml version=\"1.0\" encoding=\"UTF-8\"?><quiz>\n"+strings.Join(questions, "\n")+"\n</quiz>")
}

// entry writes a question of a type with a name, a text and what is given.
func entry(kind, rest string) string {
	return `<question type="` + kind + `"><name><text>N</text></name><questiontext format="html"><text>Stem?</text></questiontext>` +
		rest + `</question>`
}

// answers writes answers out of "fraction text".
func answers(list ...string) string {
	var b strings.Builder
	for _, a := range list {
		fraction, text, _ := strings.Cut(a, " ")
		fmt.Fprintf(&b, `<answer fraction="%s"><text>%s</text><feedback><text></text></feedback></answer>`, fraction, text)
	}
	return b.String()
}

func cloze(text string) string {
	return `<question type="cloze"><name><text>N</text></name><questiontext><text><![CDATA[` + text + `]]></text></questiontext></question>`
}

func pairs(list ...string) string {
	var b strings.Builder
	for _, p := range list {
		left, right, _ := strings.Cut(p, "=")
		b.WriteString("<subquestion><text>" + left + "</text><answer><text>" + right + "</text></answer></subquestion>")
	}
	return b.String()
}

// moodleCase is a question, and what it is read as.
type moodleCase struct {
	source string
	kind   exam.QuestionType
	key    string
}

func (tt moodleCase) check(t *testing.T) {
	t.Helper()
	q := one(t, moodle(t, tt.source))
	if q.Question.Type != tt.kind || asJSON(t, q.Key) != tt.key || q.Line != 2 {
		t.Errorf("%s@%d %s", q.Question.Type, q.Line, asJSON(t, q.Key))
	}
}

// moodleTypeCases are questions of every type, with their keys.
var moodleTypeCases = map[string]moodleCase{
	"one answer": {entry("multichoice", answers("0 a", "100 b", "50 c")), exam.SingleChoice,
		`{"revision":1,"options":{"b":10000,"c":5000}}`},
	"several answers": {entry("multichoice", "<single>false</single>"+answers("50 a", "50 b", "-100 c")), exam.MultipleChoice,
		`{"revision":1,"options":{"a":5000,"b":5000,"c":-10000},"weighted":true}`},
	"thirds": {entry("multichoice", "<single>0</single>"+answers("33.33333 a", "33.3333333 b", "33.333 c", "0 d")), exam.MultipleChoice,
		`{"revision":1,"options":{"a":3333,"b":3333,"c":3333},"weighted":true}`},
	"all or nothing": {entry("multichoiceset", answers("100 a", "100 b", "0 c")), exam.MultipleChoice,
		`{"revision":1,"options":{"a":10000,"b":10000},"rule":"whole"}`},
	"true":         {entry("truefalse", answers("100 true", "0 false")), exam.TrueFalse, `{"revision":1,"options":{"true":10000}}`},
	"false":        {entry("truefalse", answers("100 false", "0 true")), exam.TrueFalse, `{"revision":1,"options":{"false":10000}}`},
	"true, alone":  {strings.Replace(entry("truefalse", answers("100 True")), "Stem", "Right", 1), exam.TrueFalse, `{"revision":1,"options":{"true":10000}}`},
	"wrong, alone": {strings.Replace(entry("truefalse", answers("0 true")), "Stem", "Wrong", 1), exam.TrueFalse, `{"revision":1,"options":{"false":10000}}`},
	"short answer": {entry("shortanswer", "<usecase>1</usecase>"+answers(`100 a\*b`, "50 a*", "0 *")), exam.ShortText,
		`{"revision":1,"texts":[{"pattern":"a\\*b","weight":10000,"case_sensitive":true},` +
			`{"pattern":"a*","weight":5000,"case_sensitive":true},{"pattern":"*","weight":0,"case_sensitive":true}]}`},
	"number": {entry("numerical", `<answer fraction="100"><text>3.14</text><tolerance>0.01</tolerance></answer>`+answers("50 3", "0 *")), exam.Numeric,
		`{"revision":1,"numbers":[{"min":"3.13","max":"3.15","weight":10000},{"min":"3","max":"3","weight":5000}]}`},
	"number, old": {entry("numerical", `<answer>23<fraction>0.5</fraction><tolerance>0</tolerance></answer><answer>24<fraction>1</fraction></answer>`), exam.Numeric,
		`{"revision":1,"numbers":[{"min":"23","max":"23","weight":5000},{"min":"24","max":"24","weight":10000}]}`},
	"matching": {entry("matching", pairs("a=1", "b=2", "c=1", "=3")), exam.Matching,
		`{"revision":1,"pairs":{"p1":"a","p2":"b","p3":"a"}}`},
	"order, all or nothing": {entry("ordering", "<gradingtype>ALL_OR_NOTHING</gradingtype>"+answers("1 a", "2 b")), exam.Ordering,
		`{"revision":1,"order":["p1","p2"],"rule":"whole"}`},
	"order, places": {entry("ordering", "<gradingtype>ABSOLUTE_POSITION</gradingtype>"+answers("1 a", "2 b")), exam.Ordering,
		`{"revision":1,"order":["p1","p2"]}`},
	"order, neighbours": {entry("ordering", answers("1 a", "2 b")), exam.Ordering, `{"revision":1,"order":["p1","p2"],"rule":"next"}`},
	"essay": {entry("essay", `<graderinfo format="html"><text>Look &lt;b&gt;closely&lt;/b&gt;</text></graderinfo>`), exam.Essay,
		`{"revision":1,"guide":{"format":"html","source":"Look <b>closely</b>"}}`},
	"description": {entry("description", ""), exam.Description, `{"revision":1}`},
	"words": {`<question type="gapselect"><questiontext><text>[[2]] and [[1]] and [[4]]</text></questiontext><shuffleanswers>1</shuffleanswers>` +
		`<selectoption><text>a</text><group>1</group></selectoption><selectoption><text>b</text><group>1</group></selectoption>` +
		`<selectoption><text>c</text><group>2</group></selectoption><selectoption><text>d</text><group>2</group></selectoption></question>`, exam.Gaps,
		`{"revision":1,"gaps":{"g1":[{"pattern":"g1a","weight":0},{"pattern":"g1b","weight":10000}],` +
			`"g2":[{"pattern":"g2a","weight":10000},{"pattern":"g2b","weight":0}],"g3":[{"pattern":"g3a","weight":0},{"pattern":"g3b","weight":10000}]}}`},
	"dragged words": {`<question type="ddwtos"><questiontext><text>[[2]]</text></questiontext>` +
		`<dragbox><text>a</text><group>1</group><infinite/></dragbox><dragbox><text>b</text><group>1</group></dragbox></question>`, exam.Gaps,
		`{"revision":1,"gaps":{"g1":[{"pattern":"g1a","weight":0},{"pattern":"g1b","weight":10000}]}}`},
}

func TestMoodleTypes(t *testing.T) {
	for name, tt := range moodleTypeCases {
		t.Run(name, func(t *testing.T) { tt.check(t) })
	}
}

func TestMoodleCloze(t *testing.T) {
	for text, want := range map[string]struct{ stem, key string }{
		"a {1:SHORTANSWER:=Paris~%50%Lyon~*} b": {"a _____(1) b",
			`"gaps":{"g1":[{"pattern":"Paris","weight":10000},{"pattern":"Lyon","weight":5000},{"pattern":"*","weight":0}]}`},
		"{:SAC:=pH}": {"_____(1)", `"gaps":{"g1":[{"pattern":"pH","weight":10000,"case_sensitive":true}]}`},
		"{2:NM:=1.5:0.1~%33,3%2~*#no} {1:NUMERICAL:%100%-1,5e2}": {"_____(1) _____(2)",
			`"gap_numbers":{"g1":[{"min":"1.4","max":"1.6","weight":10000},{"min":"2","max":"2","weight":3330}],` +
				`"g2":[{"min":"-1.5e2","max":"-1.5e2","weight":10000}]},"weights":{"g1":2}`},
		"{1:MULTICHOICE_VS:~=a~b#no} {1:MCH:%100%a~\n=b}": {"_____(1) _____(2)",
			`"gaps":{"g1":[{"pattern":"g1a","weight":10000},{"pattern":"g1b","weight":0}],` +
				`"g2":[{"pattern":"g2a","weight":10000},{"pattern":"g2b","weight":10000}]}`},
		`{1:SA:=a\}b\#c\~d}`:                 {"_____(1)", `"gaps":{"g1":[{"pattern":"a}b#c~d","weight":10000}]}`},
		"{1:SA:=&#65;&amp;B &lt;&eacute;#f}": {"_____(1)", `"gaps":{"g1":[{"pattern":"A&B <é","weight":10000}]}`},
		"{1:SA:=a{b}":                        {"_____(1)", `"gaps":{"g1":[{"pattern":"a{b","weight":10000}]}`},
		"{1:SA:=a~%-50%b} {}":                {"_____(1) {}", `"gaps":{"g1":[{"pattern":"a","weight":10000},{"pattern":"b","weight":-5000}]},"rule":"sum"`},
	} {
		q := one(t, moodle(t, cloze(text)))
		if q.Question.Stem.Source != want.stem || asJSON(t, q.Key) != `{"revision":1,`+want.key+"}" {
			t.Errorf("%s: %q %s", text, q.Question.Stem.Source, asJSON(t, q.Key))
		}
	}
}

func TestMoodleFaults(t *testing.T) {
	options := func(kind string) string {
		return `<question type="` + kind + `"><questiontext><text>[[1]] [[3]]</text></questiontext><selectoption><text>a</text></selectoption></question>`
	}
	for _, tt := range []struct {
		name, source string
		questions    int
		findings     []string
	}{
		{"no right option", entry("multichoice", answers("0 a", "0 b")), 0, []string{"error no_key@2"}},
		{"nothing earned", entry("shortanswer", answers("0 a")), 0, []string{"error no_key@2"}},
		{"one option", entry("multichoice", answers("100 a")), 0, []string{"error one_option@2"}},
		{"no options", entry("multichoice", ""), 0, []string{"error one_option@2"}},
		{"empty right option", entry("multichoice", answers("100 ", "0 a")), 0, []string{"error empty_right@2"}},
		{"empty option", entry("multichoice", answers("100 a", "0 b", "0 ")), 1, []string{"warning empty_option@2"}},
		{"unlisted fraction", entry("multichoice", "<single>false</single>"+answers("100 a", "-6.25 b")), 1, []string{"note moodle_fraction_unlisted@2"}},
		{"comma in a fraction", entry("multichoice", answers("33,3 a", "100 b")), 0, []string{"error moodle_fraction@2"}},
		{"fraction over 100", entry("multichoice", answers("150 a", "100 b")), 0, []string{"error moodle_fraction@2"}},
		{"negative fraction of a text", entry("shortanswer", answers("-50 a", "100 b")), 0, []string{"error moodle_fraction@2"}},
		{"weights", entry("multichoice", "<single>false</single>"+answers("50 a", "25 b")), 1, []string{"warning weight_sum@2"}},
		{"no full credit", entry("multichoice", answers("50 a", "0 b")), 1, []string{"warning no_full_credit@2"}},
		{"two right", entry("multichoice", answers("100 a", "100 b")), 1, []string{"warning moodle_several_right@2"}},
		{"negative", entry("multichoice", answers("100 a", "-50 b")), 1, []string{"warning moodle_negative@2"}},
		{"three truths", entry("truefalse", answers("100 true", "0 false", "0 x")), 0, []string{"error moodle_two_answers@2"}},
		{"two truths", entry("truefalse", answers("100 true", "100 false")), 0, []string{"error moodle_one_true@2"}},
		{"no truth", entry("truefalse", answers("0 true", "0 false")), 0, []string{"error moodle_one_true@2"}},
		{"half a truth", entry("truefalse", answers("50 true", "100 false")), 0, []string{"error moodle_truth_fraction@2"}},
		{"a truth that costs", entry("truefalse", answers("100 true", "-50 false")), 0, []string{"error moodle_truth_fraction@2"}},
		{"a truth of which nothing is said", entry("truefalse", "<answer><text>true</text></answer>"), 0, []string{"error moodle_truth_fraction@2"}},
		{"two texts", strings.Replace(entry("essay", ""), "</question>", "<questiontext><text>Other?</text></questiontext></question>", 1), 0, []string{"error xml_twice@2"}},
		{"a text twice", strings.Replace(entry("essay", ""), "</question>", "<questiontext format=\"html\"> <text>Stem?</text></questiontext></question>", 1), 1, []string{}},
		{"two texts of an answer", entry("shortanswer", `<answer fraction="100"><text>a</text><text>b</text></answer>`), 0, []string{"error xml_twice@2"}},
		{"one and several", entry("multichoice", "<single>true</single><single>false</single>"+answers("100 a", "0 b")), 0, []string{"error xml_twice@2"}},
		{"one, in two words", entry("multichoice", "<single>true</single><single>1</single>"+answers("100 a", "0 b")), 1, []string{}},
		{"several, in another word", entry("multichoice", "<single>no</single>"+answers("50 a", "50 b")), 1, []string{}},
		{"no word of a switch", entry("multichoice", "<single>nein</single>"+answers("100 a", "0 b")), 0, []string{"error moodle_switch@2"}},
		{"places that say no order", entry("ordering", answers("3 a", "1 b", "1 c")), 1, []string{"warning moodle_order_file@2"}},
		{"places of which one is none", entry("ordering", answers("2 a", "x b")), 1, []string{"warning moodle_order_file@2"}},
		{"no places", entry("ordering", answers("0 a", "0 b")), 1, []string{}},
		{"nameless truth", entry("truefalse", answers("100 ", "0 ")), 0, []string{"error moodle_truth@2"}},
		{"truth in German", entry("truefalse", answers("100 Wahr", "0 Falsch")), 1, []string{"warning moodle_truth_words@2"}},
		{"accepts all", entry("shortanswer", answers("100 *")), 1, []string{"warning accepts_all@2"}},
		{"no number", entry("numerical", answers("100 x")), 0, []string{"error moodle_number@2"}},
		{"comma in a number", entry("numerical", answers("100 3,14")), 0, []string{"error moodle_number@2"}},
		{"any number", entry("numerical", answers("100 *")), 0, []string{"error moodle_number@2"}},
		{"negative tolerance", entry("numerical", `<answer fraction="100"><text>1</text><tolerance>-1</tolerance></answer>`), 0, []string{"error moodle_number@2"}},
		{"old fraction in percent", entry("numerical", `<answer>1<fraction>100</fraction></answer>`), 0, []string{"error moodle_old_fraction@2"}},
		{"graded unit", entry("numerical", answers("100 1")+"<units><unit><multiplier>1</multiplier><unit_name>m</unit_name></unit></units><unitgradingtype>1</unitgradingtype>"), 0, []string{"error moodle_unit_graded@2"}},
		{"no base unit", entry("numerical", answers("100 1")+"<units><unit><multiplier>100</multiplier><unit_name>cm</unit_name></unit></units>"), 0, []string{"error moodle_unit_base@2"}},
		{"one pair", entry("matching", pairs("a=1", "=2")), 0, []string{"error too_few_pairs@2"}},
		{"no partner", entry("matching", pairs("a=1", "b=")), 0, []string{"error moodle_pair@2"}},
		{"blank pairs", entry("match", pairs("a=1", "b=2", "=")), 1, []string{}},
		{"order not kept", entry("ordering", "<gradingtype>LONGEST_ORDERED_SUBSET</gradingtype>"+answers("1 a", "2 b")), 0, []string{"error moodle_order_grading@2"}},
		{"order of places", entry("ordering", answers("2 a", "1 b")), 1, []string{"warning moodle_order_places@2"}},
		{"subset", entry("ordering", "<selecttype>RANDOM</selecttype><selectcount>2</selectcount>"+answers("1 a", "2 b", "3 c")), 1, []string{"warning moodle_order_subset@2"}},
		{"one item", entry("ordering", answers("1 a")), 0, []string{"error moodle_few_items@2"}},
		{"empty item", entry("ordering", answers("1 a", "2 ")), 0, []string{"error moodle_empty_item@2"}},
		{"upload", entry("essay", "<responseformat>noinline</responseformat>"), 0, []string{"error moodle_upload@2"}},
		{"files", entry("essay", "<attachmentsrequired>1</attachmentsrequired>"), 1, []string{"warning moodle_attachments@2"}},
		{"files that may be given", entry("essay", "<attachments>-1</attachments><attachmentsrequired>0</attachmentsrequired>"), 1,
			[]string{"warning moodle_attachments_allowed@2"}},
		{"word limits", entry("essay", "<minwordlimit>100</minwordlimit><maxwordlimit></maxwordlimit>"), 1, []string{"warning moodle_word_limit@2"}},
		{"no word limits", entry("essay", "<minwordlimit>0</minwordlimit><maxwordlimit/><attachments>0</attachments>"), 1, []string{}},
		{"a formatted answer", entry("shortanswer", `<answer fraction="100" format="html"><text>&lt;p>water&lt;/p></text></answer>`), 0,
			[]string{"error moodle_answer_markup@2"}},
		{"an answer within tags", entry("shortanswer", answers("100 &lt;p>water&lt;/p>")), 1, []string{"warning moodle_answer_tags@2"}},
		{"an answer that is a tag", entry("shortanswer", `<answer fraction="100" format="moodle_auto_format"><text>&lt;p></text></answer>`), 1, []string{}},
		{"a unit before the number", entry("numerical", answers("100 3")+"<units><unit><multiplier>1</multiplier><unit_name>$</unit_name></unit></units><unitsleft>1</unitsleft>"), 1,
			[]string{"warning moodle_units_left@2"}},
		{"languages", entry("shortanswer", answers(`100 &lt;span lang="en" class="multilang">Oxygen&lt;/span>&lt;span class="multilang" lang="ja">酸素&lt;/span>`)), 1,
			[]string{"warning moodle_languages@2", "warning moodle_answer_tags@2"}},
		{"languages as elements", entry("truefalse", answers("100 true", "0 false")+`<generalfeedback><text><span class="multilang" lang="en">Yes</span><span class="multilang" lang="de">Ja</span></text></generalfeedback>`), 1,
			[]string{"warning moodle_unescaped@2", "warning moodle_languages@2"}},
		{"languages of a plugin", entry("essay", `<generalfeedback><text>{mlang en}Yes{mlang}{mlang de}Ja{mlang}</text></generalfeedback>`), 1,
			[]string{"warning moodle_languages@2"}},
		{"a language", entry("essay", `<generalfeedback><text>&lt;span lang="de">Ja&lt;/span> &lt;span lang="en">Yes&lt;/span></text></generalfeedback>`), 1, []string{}},
		{"template", entry("essay", "<responsetemplate><text>x</text></responsetemplate>"), 1, []string{"warning moodle_template@2"}},
		{"no choice", options("gapselect"), 0, []string{"warning moodle_one_word@2", "error moodle_no_choice@2"}},
		{"no places", entry("ddwtos", ""), 0, []string{"error moodle_places@2"}},
		{"no gap", cloze("text"), 0, []string{"error no_gap@2"}},
		{"gap without choices", cloze("{1:MULTICHOICE}"), 0, []string{"error gap_broken@2"}},
		{"empty gap", cloze("{1:SA:}"), 0, []string{"error gap_broken@2"}},
		{"gap that is not closed", cloze("{1:SA:=a} {1:SA:=b"), 0, []string{"error gap_broken@2"}},
		{"gap of another kind", cloze("{1:REGEXP:=a}"), 0, []string{"error gap_broken@2"}},
		{"gap with one choice", cloze("{1:MC:=a}"), 0, []string{"error one_option@2"}},
		{"gap without full credit", cloze("{1:MC:%50%a~b}"), 0, []string{"error gap_no_full_credit@2"}},
		{"gap without a number", cloze("{3:NUMERICAL:=zero}"), 0, []string{"error gap_number@2"}},
		{"gap with several", cloze("{1:MRHS:=a~=b}"), 1, []string{"warning gap_kind@2"}},
		{"gap with markup", cloze("{1:SA:=<b>a</b>}"), 0, []string{"error gap_markup@2"}},
		{"gap with a doubtful fraction", cloze("{1:SA:=%50%a}"), 0, []string{"error gap_fraction@2"}},
		{"no type", "<question></question>", 0, []string{"error moodle_no_type@2"}},
		{"calculated", entry("calculated", ""), 0, []string{"error moodle_calculated@2"}},
		{"random", entry("random", ""), 0, []string{"error moodle_random@2"}},
		{"on a picture", entry("ddmarker", ""), 0, []string{"error moodle_picture@2"}},
		{"a program", entry("coderunner", ""), 0, []string{"error moodle_program@2"}},
		{"another type", entry("drawlines", ""), 0, []string{"error moodle_type@2"}},
		{"gap that counts nothing", cloze("{1:SA:=a} {0:SA:=b}"), 1, []string{"warning gap_unscored@2"}},
		{"no stem", `<question type="essay"><questiontext><text> </text></questiontext></question>`, 0, []string{"error empty_stem@2"}},
		{"hidden", entry("essay", "<hidden>1</hidden>"), 1, []string{"warning moodle_hidden@2"}},
		{"leftovers", entry("essay", "<defaultgrade>2.0000000</defaultgrade><penalty>0.3333333</penalty><hint><text>h</text></hint><correctfeedback><text>Fine!</text></correctfeedback>"), 1,
			[]string{"note moodle_grade@2", "note moodle_penalty@2", "warning moodle_hints@2", "warning moodle_combined_feedback@2"}},
		{"nothing left over", entry("essay", "<defaultgrade>1.0000000</defaultgrade><penalty>0.0000000</penalty><correctfeedback><text>Your answer is correct.</text></correctfeedback>"), 1, []string{}},
		{"unknown text format", `<question type="essay"><questiontext format="tex"><text>x</text></questiontext></question>`, 1, []string{"warning moodle_text_format@2"}},
		{"wiki", `<question type="essay"><questiontext format="wiki_like"><text>*x*</text></questiontext></question>`, 1, []string{"warning moodle_wiki@2"}},
		{"HTML not escaped", `<question type="essay"><questiontext><text><p>a &amp; b</p></text></questiontext></question>`, 1, []string{"warning moodle_unescaped@2"}},
		{"another element", "<quizz/>" + entry("essay", ""), 1, []string{"warning moodle_element@2"}},
		{"a question in another", `<question type="essay"><questiontext><text>a</text></questiontext>` + "\n" + entry("essay", "") + "</question>", 2, []string{}},
		{"copy", entry("essay", "") + "\n" + entry("essay", ""), 1, []string{"warning identical_question@3"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := moodle(t, tt.source)
			wantFound(t, f, tt.findings...)
			if n := f.Report.Counts; len(f.Questions) != tt.questions || n.Seen != n.Taken+n.Refused+n.Identical {
				t.Errorf("%+v", n)
			}
		})
	}
}

// TestClozeMistyped: what looks like a gap and is none would tell its answer.
func TestClozeMistyped(t *testing.T) {
	for _, gap := range []string{
		"{1:multichoice:=right~wrong}", "{ 1:SA:=right}", "{1 :SA:=y}", "{1: SA:=z}", "{SA:=y}", "{1.5:SA:=right~wrong}", "{1:SA =z}",
		"{1:SA=z}", "{1:=right~wrong}", "{:=right}", "{sa:=y}", "{=right ~wrong}", "{~wrong =right}", "{right ~= wrong}", "{1;SA:=y}", "｛1：SA：=y｝",
		"{1&nbsp;:SA:=y}", "{<b>1:SA</b>:=y}", "{1:MULTICHOIC:=y}", "{1:multichoice}", "{-1:SA:=y}", "the capital{=Paris}",
		"{:MULTICHOIC:=y}", "{1:mc:=y}", "{sa: =y}", "{mw:=y}", "{MRH:=y}", "{SA:y}", "{1 SA:y}", "{:sac:y}", "{multichoice_vs:y}", "{MULTICHOICES:y}", "{1:SA_X:y}",
		"{SA=y}", "{sa_c=y}", "{Numerical:=5}", "{:SAC}",
	} {
		f := moodle(t, cloze("{1:SA:=x} and "+gap))
		if wantFound(t, f, "error gap_broken@2"); t.Failed() {
			t.Fatal(gap)
		}
	}
	for _, text := range []string{
		`\(\frac{a}{b}\)`, `\(\sum_{i=1}^{n} x\)`, `\(\underbrace{x}_{=y}\)`, `\text{a~=~b}`, "{a, b}", "{x: x > 0}", "{12:30}", "{color:red}", "{}", `\mathrm{MC}`, "{mr}",
		"{same: 1}", "{Sale; Buy}", "{mw: 3}", "{mcq: 1, mrs: 2}", "{Mrs: Smith}", "{salt=1}", "{name: x, sa: 2}", "{5 nm; 10 nm}", "{:same}",
	} {
		if f := moodle(t, cloze("{1:SA:=x} and "+text)); len(f.Questions) != 1 {
			t.Errorf("%s: findings %q", text, found(f))
		}
	}
}

func TestMoodleTexts(t *testing.T) {
	for source, want := range map[string]string{
		`<questiontext format="html"><text><![CDATA[ <p>a<br>b</p> ]]></text></questiontext>`:      `{"format":"html","source":"<p>a<br>b</p>"}`,
		`<questiontext><text>a &lt; b</text></questiontext>`:                                       `{"format":"html","source":"a < b"}`,
		"<questiontext format=\"moodle_auto_format\"><text>a\n b</text></questiontext>":            `{"source":"a\nb"}`,
		"<questiontext format=\"moodle_auto_format\"><text>a\n&lt;b>b</text></questiontext>":       `{"format":"html","source":"a<br>\n<b>b"}`,
		"<questiontext format=\"plain_text\"><text>&lt;b>a\nb</text></questiontext>":               `{"source":"<b>a\nb"}`,
		"<questiontext format=\"markdown\"><text>**a**  \nb</text></questiontext>":                 `{"format":"markdown","source":"**a**  \nb"}`,
		"<questiontext format=\"html\">old <file name=\"f\">eA==</file></questiontext>":            `{"format":"html","source":"old"}`,
		"<questiontext format=\"html\"><text><p class=\"x\">1<br/>2</p></text></questiontext>":     `{"format":"html","source":"<p class=\"x\">1<br>2</p>"}`,
		`<questiontext format="html"><text>&lt;script>alert(1)&lt;/script>x</text></questiontext>`: `{"format":"html","source":"<script>alert(1)</script>x"}`,
	} {
		q := one(t, moodle(t, `<question type="essay">`+source+`</question>`))
		if got := asJSON(t, q.Question.Stem); got != want {
			t.Errorf("%s: %s", source, got)
		}
	}
}

// Feedback keeps to what the model has a place for: options and the question as a whole.
func TestMoodleFeedback(t *testing.T) {
	answer := func(text, feedback string) string {
		return `<answer fraction="100"><text>` + text + `</text><feedback format="plain_text"><text>` + feedback + `</text></feedback></answer>`
	}
	general := `<generalfeedback format="plain_text"><text>all</text></generalfeedback>`
	for source, want := range map[string]string{
		entry("multichoice", answer("a", "yes")+answers("0 b")+general):      `{"explanation":{"source":"all"},"options":{"a":{"source":"yes"}}}`,
		entry("truefalse", answer("true", "yes")+answers("0 false")+general): `{"explanation":{"source":"all"},"options":{"true":{"source":"yes"}}}`,
		entry("shortanswer", answer("x", "yes")+general):                     `{"explanation":{"source":"all\nx: yes"}}`,
		entry("numerical", answer("1", "yes")):                               `{"explanation":{"source":"1: yes"}}`,
		cloze("{1:SA:=a#yes \\} and \\# <b>too</b>}"):                        `{"explanation":{"format":"html","source":"{1} a: yes } and # <b>too</b>"}}`,
	} {
		if q := one(t, moodle(t, source)); asJSON(t, q.Feedback) != want {
			t.Errorf("%s: %s", source, asJSON(t, q.Feedback))
		}
	}
}

func TestMoodleCategoriesNamesAndKeys(t *testing.T) {
	category := func(path string) string {
		return `<question type="category"><category><text>` + path + `</text></category></question>`
	}
	named := func(name, id, stem string) string {
		return `<question type="essay"><name><text>` + name + `</text></name><questiontext><text>` + stem + `</text></questiontext><idnumber>` + id +
			`</idnumber><tags><tag><text>one</text></tag><tag><text> two </text></tag></tags></question>`
	}
	f := moodle(t, category("$course$/top/A // B/C"), named("n", "i", "1"), named("n", "", "2"), named("n", "", "3"),
		category("$system$"), named("", "", "4"), category("D"), named("", "7", "5"))
	want := []struct{ category, number, key string }{
		{"A // B/C", "n", "A %2F%2F B%2FC/id/i"}, {"A // B/C", "n", "A %2F%2F B%2FC/name/n"}, {"A // B/C", "n", "A %2F%2F B%2FC/name/n#2"},
		{"", "", ""}, {"D", "7", "D/id/7"},
	}
	if len(f.Questions) != len(want) || f.Report.Counts.Seen != len(want) {
		t.Fatalf("%+v %q", f.Report.Counts, found(f))
	}
	for i, w := range want {
		q := f.Questions[i]
		if q.Category != w.category || q.Number != w.number || w.key != "" && q.SourceKey != w.key || strings.Join(q.Tags, "|") != "one|two" || q.Question.Title != "" {
			t.Errorf("%d: %+v", i, q)
		}
	}
}

// The unit that answers are given in stands behind the field, and options keep their places when the file
// does not let them be shuffled.
func TestMoodleUnitAndShuffling(t *testing.T) {
	q := one(t, moodle(t, entry("numerical", answers("100 5")+
		"<units><unit><multiplier>100</multiplier><unit_name>cm</unit_name></unit><unit><multiplier>1.0</multiplier><unit_name>m</unit_name></unit></units>")))
	if q.Question.Unit != "m" {
		t.Errorf("unit %q", q.Question.Unit)
	}
	for shuffle, want := range map[string]bool{"": false, "<shuffleanswers>true</shuffleanswers>": false, "<shuffleanswers>0</shuffleanswers>": true, "<shuffleanswers>False</shuffleanswers>": true} {
		q := one(t, moodle(t, entry("multichoice", shuffle+answers("100 a", "0 b"))))
		if q.Question.Options[0].Fixed != want {
			t.Errorf("%s: %v", shuffle, q.Question.Options)
		}
	}
	q = one(t, moodle(t, cloze("{1:MCS:=a~b} {1:MC:=a~b} {1:NM:=1}")))
	if p := q.Question.Prompts; p[0].Options[0].Fixed || !p[1].Options[0].Fixed || p[1].Number || !p[2].Number {
		t.Errorf("%+v", p)
	}
}

const pixel = "\x89PNG\r\n\x1a\n" + "1"

func TestMoodleFiles(t *testing.T) {
	picture := base64.StdEncoding.EncodeToString([]byte(pixel))
	sound := base64.StdEncoding.EncodeToString([]byte("ID3 sound"))
	file := func(name, data string) string {
		return `<file name="` + name + `" path="/" encoding="base64">` + data + "</file>"
	}
	ask := func(text, rest string) string {
		return `<question type="essay"><questiontext format="html"><text><![CDATA[` + text + `]]></text>` + rest + `</questiontext></question>`
	}
	for name, tt := range map[string]struct {
		source   string
		media    int
		stem     string
		findings []string
	}{
		"picture":         {ask(`<img src="@@PLUGINFILE@@/a%20b.png" alt="x">`, file("a b.png", picture[:4]+"\n"+picture[4:])), 1, `alt="x"`, []string{}},
		"in a folder":     {ask(`<img src="@@PLUGINFILE@@/d/a.png" alt="x">`, `<file name="a.png" path="/d/" encoding="base64">`+picture+`</file>`), 1, "/media/", []string{}},
		"within the text": {ask(`<img src="data:image/png;base64,`+picture+`" alt="x">`, ""), 1, "/media/", []string{}},
		"missing":         {ask(`<img src="@@PLUGINFILE@@/a.png" alt="x">`, ""), 0, `<img alt="x"`, []string{"warning media_missing@2"}},
		"broken":          {ask(`<img src="@@PLUGINFILE@@/a.png" alt="x">`, file("a.png", "***")), 0, `<img`, []string{"warning media_missing@2"}},
		"without words":   {ask(`<img src="@@PLUGINFILE@@/a.png">`, file("a.png", picture)), 1, "/media/", []string{"warning media_no_alt@2"}},
		"twice":           {ask(`<img src="@@PLUGINFILE@@/a.png" alt="x">`, file("a.png", picture)+file("a.png", sound)), 1, ".png", []string{}},
		"sound behind a link": {ask(`<a href="@@PLUGINFILE@@/a.mp3">Listen</a>`, file("a.mp3", sound)), 1,
			`Listen <audio controls="" src="/media/`, []string{}},
		"another file": {ask(`<a href="@@PLUGINFILE@@/a.pdf">Read</a>`, file("a.pdf", picture)), 0, "Read", []string{"warning moodle_file@2"}},
		"of Moodle 1.9": {`<question type="essay"><questiontext format="moodle_auto_format"><text>a &amp; b</text></questiontext><image>x/a.png</image><image_base64>` +
			"\n" + picture + "\n</image_base64></question>", 1, "a &amp; b<br>\n<img alt=\"\" src=\"/media/", []string{"warning media_no_alt@2"}},
		"in Markdown": {`<question type="essay"><questiontext format="markdown"><text>![x](@@PLUGINFILE@@/a.png)</text>` + file("a.png", picture) +
			`</questiontext></question>`, 1, "![x](/media/", []string{}},
	} {
		t.Run(name, func(t *testing.T) {
			f := moodle(t, tt.source)
			wantFound(t, f, tt.findings...)
			if q := one(t, f); len(f.Media) != tt.media || !strings.Contains(q.Question.Stem.Source, tt.stem) {
				t.Errorf("%d media, %q", len(f.Media), q.Question.Stem.Source)
			}
		})
	}
}

// The test data comes back from both formats as far as they can say it.
func TestMoodleTestData(t *testing.T) {
	f := parseFile(t, "testdata/moodle/types.xml")
	if n := f.Report.Counts; n != (questionset.Counts{Seen: 12, Taken: 11, NeedsMarker: 1, Refused: 1}) || len(f.Media) != 1 {
		t.Errorf("%+v, %d media", n, len(f.Media))
	}
	set := &questionset.Set{Name: "s", Questions: f.Questions, Media: f.Media}
	report, again, text := exported(t, questionset.MXML, set)
	sameQuestions(t, f.Questions, again.Questions, text)
	if got := reported(report); len(got) > 0 {
		t.Errorf("reported %q", got)
	}
	report, again, _ = exported(t, questionset.GIFT, set)
	if n := report.Counts; n.Taken != 10 || len(again.Questions) != 10 {
		t.Errorf("%+v, %q", n, reported(report))
	}
	broken := parseFile(t, "testdata/moodle/broken.xml")
	wantFound(t, broken, "warning moodle_salvaged@10", "error moodle_piece@8", "error moodle_piece@13", "error moodle_piece@17")
}
