package questionset_test

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"

	"shiken/exam"
	"shiken/questionset"
)

func gift(t *testing.T, data string) *questionset.File {
	t.Helper()
	f, err := questionset.Parse(t.Context(), "q.gift", strings.NewReader(data), questionset.Options{Format: questionset.GIFT})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(string(b))
}

// TestGIFTTypes: the type is told from the answer's first characters, as Moodle tells it.
func TestGIFTTypes(t *testing.T) {
	for _, tt := range []struct {
		source string
		kind   exam.QuestionType
		stem   string
		key    string
	}{
		{"Two?{~1 =2 ~3}", exam.SingleChoice, "Two?", `{"revision":1,"options":{"b":10000}}`},
		{"Two?{=2 ~1 ~%50%3}", exam.SingleChoice, "Two?", `{"revision":1,"options":{"a":10000,"c":5000}}`},
		{"Two?{~%50%a ~%50%b ~%-100%c}", exam.MultipleChoice, "Two?",
			`{"revision":1,"options":{"a":5000,"b":5000,"c":-10000},"weighted":true}`},
		{"Third?{~%33.33333%a ~%33.33333%b ~%33.33333%c ~d}", exam.MultipleChoice, "Third?",
			`{"revision":1,"options":{"a":3333,"b":3333,"c":3333},"weighted":true}`},
		{"Sun{T}", exam.TrueFalse, "Sun", `{"revision":1,"options":{"true":10000}}`},
		{"Sun{ FALSE }", exam.TrueFalse, "Sun", `{"revision":1,"options":{"false":10000}}`},
		{"Two?{=two =%50%2}", exam.ShortText, "Two?",
			`{"revision":1,"texts":[{"pattern":"two","weight":10000},{"pattern":"2","weight":5000}]}`},
		{"Two?{two}", exam.ShortText, "Two?", `{"revision":1,"texts":[{"pattern":"two","weight":10000}]}`},
		{"When?{#1822:5}", exam.Numeric, "When?", `{"revision":1,"numbers":[{"min":"1817","max":"1827","weight":10000}]}`},
		{"Pi?{#3.1415:0.0005}", exam.Numeric, "Pi?", `{"revision":1,"numbers":[{"min":"3.141","max":"3.142","weight":10000}]}`},
		{"Pi?{#-3.142..-3.141}", exam.Numeric, "Pi?", `{"revision":1,"numbers":[{"min":"-3.142","max":"-3.141","weight":10000}]}`},
		{"When?{#=1822 =%50%1822:2e0}", exam.Numeric, "When?",
			`{"revision":1,"numbers":[{"min":"1822","max":"1822","weight":10000},{"min":"1820","max":"1824","weight":5000}]}`},
		{"Match{=a->1 =b -> 2 = -> 3 =c->1}", exam.Matching, "Match", `{"revision":1,"pairs":{"p1":"a","p2":"b","p3":"a"}}`},
		{"Write.{}", exam.Essay, "Write.", `{"revision":1}`},
		{"Only a text.", exam.Description, "Only a text.", `{"revision":1}`},
		{"Grant is {~a =b} here.", exam.SingleChoice, "Grant is _____ here.", `{"revision":1,"options":{"b":10000}}`},
		{"{=Asia} is large.", exam.ShortText, "_____ is large.", `{"revision":1,"texts":[{"pattern":"Asia","weight":10000}]}`},
		{"The capital is {1:SA:=Paris~%50%Lyon} on the {2:MC:Rhine~=Seine}.", exam.Gaps,
			"The capital is _____(1) on the _____(2).",
			`{"revision":1,"gaps":{"g1":[{"pattern":"Paris","weight":10000},{"pattern":"Lyon","weight":5000}],` +
				`"g2":[{"pattern":"g2a","weight":0},{"pattern":"g2b","weight":10000}]},"weights":{"g2":2}}`},
		{"{:SAC:=pH} is {1:NM:=7}", exam.Gaps, "_____(1) is _____(2)",
			`{"revision":1,"gaps":{"g1":[{"pattern":"pH","weight":10000,"case_sensitive":true}]},"gap_numbers":{"g2":[{"min":"7","max":"7","weight":10000}]}}`},
	} {
		t.Run(tt.source, func(t *testing.T) {
			q := one(t, gift(t, tt.source))
			if q.Question.Type != tt.kind || q.Question.Stem.Source != tt.stem || asJSON(t, q.Key) != tt.key {
				t.Errorf("%s %q %s", q.Question.Type, q.Question.Stem.Source, asJSON(t, q.Key))
			}
		})
	}
}

func TestGIFTFaults(t *testing.T) {
	for _, tt := range []struct {
		name, source string
		questions    int
		findings     []string
	}{
		{"unclosed", "Two?{=2\n\nThree?{=3}", 1, []string{"error gift_unclosed@1"}},
		{"blank line inside braces", "Match{\n\n=a->1\n=b->2\n}", 0, []string{"error gift_unclosed@1", "error gift_fragment@3"}},
		{"two blank lines inside braces", "Match{\n\n=a->1\n\n=b->2\n}\n\nSun{T}", 1,
			[]string{"error gift_unclosed@1", "error gift_fragment@3", "error gift_fragment@5"}},
		{"unopened", "Two? =2}", 0, []string{"error gift_unopened@1"}},
		{"closed before opened", "Two} {=2", 0, []string{"error gift_unopened@1"}},
		{"LaTeX braces", `\frac{1}{2} is?{=0.5}`, 0, []string{"error gift_several_braces@1"}},
		{"feedback behind the braces", "2+2? {=4}####because 4", 0, []string{"error gift_feedback_outside@1"}},
		{"a gap in small letters", "{1:sa:x}", 0, []string{"error gap_broken@1"}},
		{"a kind in small letters", "Two is {mc:=two~three}", 0, []string{"error gap_broken@1"}},
		{"a word like a kind", "Which is 2? {Same: =yes ~no}", 0, []string{"error gift_before_first@1"}},
		{"a word like a kind, alone", "Which is 2? {same: yes}", 1, []string{}},
		{"a time", "When? {12:30}", 1, []string{}},
		{"languages", `<span class\="multilang" lang\="en">Sun</span><span class\="multilang" lang\="ja">太陽</span>{T}`, 1, []string{"warning moodle_languages@1"}},
		{"gap and other braces", "{1:SA:=a} and {b}", 0, []string{"error gift_several_braces@1"}},
		{"no stem", "::n::{T}", 0, []string{"error empty_stem@1"}},
		{"no right option", "Two?{~%0%a ~b}", 0, []string{"error no_key@1"}},
		{"no right text", "Two?{=%0%a}", 0, []string{"error no_key@1"}},
		{"one option", "Two?{~%100%a}", 0, []string{"error one_option@1"}},
		{"several right in a single choice", "Two?{=a =b ~c}", 1, []string{"warning gift_several_right@1"}},
		{"a wrong option that costs credit", "Two?{=a ~%-25%b}", 1, []string{"warning moodle_negative@1"}},
		{"wrong ones of several", "Two?{~%100%a ~%-25%b}", 1, []string{}},
		{"weight on a right option", "Two?{=%50%a ~b}", 0, []string{"error gift_weight_on_right@1"}},
		{"full weight on a right option", "Two?{=%100%a ~b}", 1, []string{"warning gift_weight_on_right@1"}},
		{"comma in a weight", "Two?{~%33,3%a ~%50%b}", 0, []string{"error gift_weight@1"}},
		{"plus in a weight", "Two?{~%+50%a ~%50%b}", 0, []string{"error gift_weight@1"}},
		{"weight over 100", "Two?{~%150%a ~b}", 0, []string{"error gift_weight@1"}},
		{"negative weight of a text", "Two?{=%-50%a =b}", 0, []string{"error gift_weight@1"}},
		{"weights that add up to less", "Two?{~%50%a ~%20%b ~c}", 1, []string{"warning weight_sum@1"}},
		{"no full credit", "Two?{=%50%a}", 1, []string{"warning no_full_credit@1"}},
		{"right option empty", "Two?{=#good ~b}", 0, []string{"error empty_right@1"}},
		{"wrong option empty", "Two?{=a ~ ~b}", 1, []string{"warning empty_option@1"}},
		{"text before the first answer", "Two?{one =a ~b}", 0, []string{"error gift_before_first@1"}},
		{"a formula for an answer", "Solve.{x = 5}", 0, []string{"error gift_before_first@1"}},
		{"a truth before an answer", "Solve.{T = x}", 0, []string{"error gift_before_first@1"}},
		{"a word before an answer", "Two?{\nfour\n=4}", 0, []string{"error gift_before_first@1"}},
		{"a number before an answer", "Two?{#5:0.1 =6}", 0, []string{"error gift_before_first@1"}},
		{"a pair before a mark", "Match{a->1 =b->2}", 1, []string{}},
		{"wrong numbers that earn something", "Pi?{#=3.14:0.01\n~%50%3#close ~7#no}", 0, []string{"error gift_number_wrong@2"}},
		{"a wrong number", "Pi?{#3.14 ~7#no}", 0, []string{"error gift_number_wrong@1"}},
		{"two comments to wrong numbers", "Pi?{#3.14 ~#no ~#never}", 0, []string{"error gift_number_wrong@1"}},
		{"unescaped HTML", `Two?{=<b class="x">a</b> ~b}`, 0, []string{"error gift_unescaped@1"}},
		{"equals behind a word", "Two?{~x=1 ~y}", 1, []string{"warning gift_tight_equals@1"}},
		{"number that is none", "Two?{#two}", 0, []string{"error gift_number@1"}},
		{"number with a comma", "Two?{#2,5}", 0, []string{"error gift_number@1"}},
		{"number accepting all", "Two?{#*}", 0, []string{"error gift_number@1"}},
		{"range turned round", "Two?{#5..1}", 0, []string{"error gift_number@1"}},
		{"negative tolerance", "Two?{#5:-1}", 0, []string{"error gift_number@1"}},
		{"no number", "Two?{#}", 0, []string{"error no_key@1"}},
		{"truth in small letters", "Sun{True}", 1, []string{"warning gift_truth_word@1"}},
		{"text accepting all", "Two?{=*}", 1, []string{"warning accepts_all@1"}},
		{"wildcard", "Two?{=two*}", 1, []string{"note wildcard@1"}},
		{"star", `Two?{=2\*3}`, 1, []string{}},
		{"pair without right side", "Match{=a-> =b->2}", 0, []string{"error gift_pair@1"}},
		{"pair without arrow", "Match{=a->1 =b}", 0, []string{"error gift_pair@1"}},
		{"one pair", "Match{=a->1 = ->2}", 0, []string{"error too_few_pairs@1"}},
		{"pairs all alike", "Match{=a->1 =b->1}", 1, []string{"warning same_right@1"}},
		{"description", "A text.", 1, []string{"note gift_description@1"}},
		{"category and question in one block", "$CATEGORY: a\nTwo?{=2}", 1, []string{"warning gift_category_block@1"}},
		{"LaTeX newline", `$1 \neq 2${T}`, 1, []string{"warning gift_latex_newline@1"}},
		{"LaTeX escaped", `$1 \\neq 2${T}`, 1, []string{}},
		{"media", `[html]<img src\="@@PLUGINFILE@@/3.png">Which?{=a}`, 1, []string{"warning gift_media@1"}},
		{"a picture within the text", `[html]<img alt\="a dot" src\="data:image/gif;base64,R0lGODlhAQABAAAAACw\=">Which?{=a}`, 1, []string{}},
		{"a picture within the text that nobody can read", `[html]<img src\="data:image/gif;base64,R0lGODlhAQABAAAAACw\=">Which?{=a}`, 1,
			[]string{"warning media_no_alt@1"}},
		{"a picture within and one beside", `[html]<img alt\="x" src\="data:image/gif;base64,R0lGODlhAQABAAAAACw\="> <img src\="3.png">Which?{=a}`, 1,
			[]string{"warning gift_media@1"}},
		{"a drawing with script", `[html]<img alt\="x" src\="data:image/svg+xml;base64,PHN2Zz48L3N2Zz4\=">Which?{=a}`, 1, []string{"warning media_svg@1"}},
		{"feedback of a text", "Two?{=a#good}", 1, []string{"note feedback_merged@1"}},
		{"gap without right answer", "{1:SA:a}", 0, []string{"error no_key@1"}},
		{"gap with one option", "{1:MC:=a}", 0, []string{"error one_option@1"}},
		{"gap with several answers", "{1:MR:=a~=b}", 1, []string{"warning gap_kind@1"}},
		{"gap with several answers of which none is right", "{1:MR:a~b}", 0, []string{"warning gap_kind@1", "error no_key@1"}},
		{"gap with tolerance", "{1:NM:=1.5:0.1}", 1, []string{}},
		{"gap without a number", "{1:NM:=x}", 0, []string{"error gap_number@1"}},
		{"gap without full credit", "{1:SA:%50%a}", 0, []string{"error gap_no_full_credit@1"}},
		{"gaps with weights", "{1:SA:=a} {2:SA:=b}", 1, []string{}},
		{"gap with a weight out of range", "{1001:SA:=a}", 0, []string{"error gap_weight@1"}},
		{"named questions without blank lines", "::a::Two?{=2}\n// [id:x]\n// c\n::b::Sun{\nT\n}\n$CATEGORY: d\n::c::Three?{=3}", 3,
			[]string{"warning gift_joined@4", "warning gift_category_block@7"}},
		{"a category behind a text", "::a::A text.\n$CATEGORY: d\n::b::Two?{=2}", 2,
			[]string{"note gift_description@1", "warning gift_joined@2", "warning gift_category_block@2"}},
		{"a line of code before the answers", "::a::What does this print?\n::std::cout << 1;\n{=1 ~2}\n::b::Two?{=2}", 2,
			[]string{"warning gift_name_inside@2", "warning gift_joined@4"}},
		{"a name behind a text", "::a::A text.\n::b::Two?{=2}", 1, []string{"warning gift_name_inside@2"}},
		{"a name in an answer", "::a::Which?{\n=one\n::b::\n~two\n}", 1, []string{}},
		{"a blank line in braces, then a name", "::a::Match{\n=a->1\n\n=b->2\n}\n::b::Sun{T}", 1,
			[]string{"error gift_unclosed@1", "error gift_fragment@4", "warning gift_joined@6"}},
		{"questions without names or blank lines", "Two?{=2}\nSun{T}", 0, []string{"error gift_several_braces@1"}},
		{"line of the question behind comments", "// c\n// d\nTwo?{#x}", 0, []string{"error gift_number@3"}},
		{"copy under another name", "::a::Two?{=2}\n\n::b::Two?{=2}", 1, []string{"warning identical_question@3"}},
		{"copy in another category", "Two?{=2}\n\n$CATEGORY: b\n\nTwo?{=2}", 2, []string{"warning duplicate_stem@5"}},
		{"zero on a line does not split", "Choose{\n~%100%a\n0\n~b}", 1, []string{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := gift(t, tt.source)
			wantFound(t, f, tt.findings...)
			if len(f.Questions) != tt.questions {
				t.Errorf("%d questions", len(f.Questions))
			}
		})
	}
}

func TestGIFTTexts(t *testing.T) {
	for source, want := range map[string]string{
		`A\: b \{c\} \~ \= \# \\ d\ne{T}`:        `{"source":"A: b {c} ~ = # \\ d\ne"}`,
		`C\:\frac \d{T}`:                         `{"source":"C:\\frac \\d"}`,
		"[html]<p>x</p>{T}":                      `{"format":"html","source":"<p>x</p>"}`,
		"[markdown]**x**  \n  y{T}":              `{"format":"markdown","source":"**x**  \n  y"}`,
		"[plain]<p>x</p>{T}":                     `{"source":"<p>x</p>"}`,
		"[moodle]<b>x</b>\ny{T}":                 `{"format":"html","source":"<b>x</b><br>\ny"}`,
		"one\n\ttwo{T}":                          `{"source":"one\ntwo"}`,
		"[unknown]x{T}":                          `{"source":"[unknown]x"}`,
		"if a<b and c>d{T}":                      `{"source":"if a<b and c>d"}`,
		"::name::[html]x{T}":                     `{"format":"html","source":"x"}`,
		"[markdown]a {=b} c":                     `{"format":"markdown","source":"a \\_\\_\\_\\_\\_ c"}`,
		"::no end:: of name::{T}":                `{"source":"of name::"}`,
		"::name that does not end\ntwo lines{T}": `{"source":"name that does not end\ntwo lines"}`,
	} {
		if q := one(t, gift(t, source)); asJSON(t, q.Question.Stem) != want {
			t.Errorf("%q: %s", source, asJSON(t, q.Question.Stem))
		}
	}
}

// What stands in a text itself is stored by its content, and shown by its hash.
func TestGIFTPictures(t *testing.T) {
	const dot = "data:image/gif;base64,R0lGODlhAQABAAAAACw="
	for _, source := range []string{
		`[html]<img alt\="x" src\="` + strings.ReplaceAll(dot, "=", `\=`) + `"> Which?{=a}`, `[markdown]![x](` + strings.ReplaceAll(dot, "=", `\=`) + `) Which?{=a}`,
		`Which?{=a ~<img alt\="x" src\="` + strings.ReplaceAll(dot, "=", `\=`) + `">}`,
	} {
		f := gift(t, source)
		q := one(t, f)
		shown := ""
		questionset.MediaRefs(q.Question, q.Key, q.Feedback, func(hash string) { shown = hash })
		if len(f.Media) != 1 || f.Media[shown].Type != "image/gif" || strings.Contains(asJSON(t, q.Question), "data:") {
			t.Errorf("%s: shows %q, media %v, findings %q", source, shown, f.Media, found(f))
		}
	}
}

// A gap in which several answers are ticked is for a person to mark: what is offered can be seen, what is right
// stands in the guide.
func TestClozeByMarker(t *testing.T) {
	const gaps = "Noble: {2:MR:=neon~%50%argon~iron~%-50%gold}, {1:MC:=two~three} of {1:NM:=4:1} and {1:SA:=x}"
	for name, f := range map[string]*questionset.File{"GIFT": gift(t, gaps), "Moodle XML": moodle(t, cloze(gaps))} {
		q := one(t, f)
		stem := q.Question.Stem.Source
		if q.Question.Type != exam.Essay || f.Report.Counts.NeedsMarker != 1 || len(q.Question.Prompts) != 0 || len(q.Key.Gaps) != 0 {
			t.Errorf("%s: %+v, findings %q", name, q, found(f))
		}
		for _, want := range []string{"Noble: _____(1)", "☐ neon", "☐ gold", "・ three", "(2)"} {
			if !strings.Contains(stem, want) {
				t.Errorf("%s: stem %q lacks %q", name, stem, want)
			}
		}
		if want := "(1) ×2 neon; argon (50 %); gold (-50 %)\n(2) two\n(3) 3..5\n(4) x"; q.Key.Guide.Source != want {
			t.Errorf("%s: guide %q, want %q", name, q.Key.Guide.Source, want)
		}
	}
}

func TestGIFTFeedback(t *testing.T) {
	for source, want := range map[string]string{
		"Two?{~a#no =b#[html]<b>yes</b> ####all}":        `{"explanation":{"source":"all"},"options":{"a":{"source":"no"},"b":{"format":"html","source":"<b>yes</b>"}}}`,
		"Sun{T#wrong#right####all}":                      `{"explanation":{"source":"all"},"options":{"false":{"source":"wrong"},"true":{"source":"right"}}}`,
		"Sun{FALSE#wrong}":                               `{"explanation":{"source":""},"options":{"true":{"source":"wrong"}}}`,
		"Two?{=2#yes =%50%3#near ####all}":               `{"explanation":{"source":"all\n2: yes\n3: near"}}`,
		"Two?{=2#[html]<b>yes</b> =%50%<3#near ####a&b}": `{"explanation":{"format":"html","source":"a&amp;b<br>\n2: <b>yes</b><br>\n&lt;3: near"}}`,
		"[markdown]Two?{=a*#*yes*}":                      `{"explanation":{"format":"markdown","source":"a\\*: *yes*"}}`,
		"Two?{#=2#yes ~#no}":                             `{"explanation":{"source":"2: yes\nno"}}`,
		"{1:SA:=a#yes~b#no}":                             `{"explanation":{"source":"{1} a: yes\n{1} b: no"}}`,
	} {
		if q := one(t, gift(t, source)); asJSON(t, q.Feedback) != want {
			t.Errorf("%q: %s", source, asJSON(t, q.Feedback))
		}
	}
}

func TestGIFTNamesAndCategories(t *testing.T) {
	f := gift(t, "$CATEGORY: $course$/top/A/B // C\n\n"+
		"// question: 7 [id:q\\]7] [tag:one] [tag: two ]\n::A name::One?{T}\n\n"+
		"::A name::Two?{T}\n\nThree?{T}\n\n$CATEGORY: $system$\n\nThree?{F}\n")
	if len(f.Questions) != 4 {
		t.Fatalf("%d questions: %q", len(f.Questions), found(f))
	}
	first := f.Questions[0]
	if first.Category != "A/B // C" || first.Number != "q]7" || strings.Join(first.Tags, "|") != "one|two" || first.Question.Title != "" {
		t.Errorf("%+v", first)
	}
	keys := map[string]bool{}
	for _, q := range f.Questions {
		keys[q.SourceKey] = true
	}
	if len(keys) != 4 || f.Questions[3].Category != "" {
		t.Errorf("%v", keys)
	}
}

// A Japanese stem gets Japanese words for true and false.
func TestGIFTTruthWords(t *testing.T) {
	for source, want := range map[string]string{"Sun{T}": "True False", "太陽は恒星である。{T}": "正しい 誤り"} {
		o := one(t, gift(t, source)).Question.Options
		if got := o[0].Text.Source + " " + o[1].Text.Source; got != want {
			t.Errorf("%s: %s", source, got)
		}
	}
}

// Every taken key marks its own right answer as right, and no question without one is taken.
func TestGIFTKeysMark(t *testing.T) {
	q := one(t, gift(t, "Pi?{#3.14:0.005}"))
	it := exam.Item{Version: "v", Type: exam.Numeric, Points: exam.FullCredit}
	p := exam.Paper{Items: []exam.Item{it}, Sections: make([]exam.PaperSection, 1)}
	for answer, want := range map[string]int{"3.14": exam.FullCredit, "3.145": exam.FullCredit, "3.1451": 0, "３．１４": exam.FullCredit} {
		a := exam.Attempt{Responses: map[int]exam.Response{1: {Answer: exam.TextAnswer(answer)}}}
		s := exam.Grader{}.Mark(&p, &a, map[string]exam.Key{"v": q.Key})
		if s.Total != want {
			t.Errorf("%s: %d", answer, s.Total)
		}
	}
}

// TestFilesOfOthers reads real files; the counts were made by hand and by Moodle's own rules.
func TestFilesOfOthers(t *testing.T) {
	for path, want := range map[string]struct {
		counts questionset.Counts
		types  map[exam.QuestionType]int
	}{
		"gift/fair/questions-Accessibility.txt": {questionset.Counts{Seen: 10, Taken: 10},
			map[exam.QuestionType]int{exam.MultipleChoice: 4, exam.TrueFalse: 4, exam.ShortText: 1, exam.SingleChoice: 1}},
		"gift/fair/questions-Publishing-to-the-learning-platform.txt": {questionset.Counts{Seen: 6, Taken: 4, Refused: 2},
			map[exam.QuestionType]int{exam.MultipleChoice: 2, exam.Matching: 1, exam.TrueFalse: 1}},
		"gift/fair/quiz_gift_template.txt": {questionset.Counts{Seen: 7, Taken: 7, NeedsMarker: 1},
			map[exam.QuestionType]int{exam.MultipleChoice: 1, exam.SingleChoice: 2, exam.TrueFalse: 1, exam.ShortText: 1, exam.Matching: 1, exam.Essay: 1}},
		"gift/grammar/options1.gift": {questionset.Counts{Seen: 14, Taken: 14},
			map[exam.QuestionType]int{exam.SingleChoice: 6, exam.ShortText: 4, exam.MultipleChoice: 2, exam.Numeric: 1, exam.TrueFalse: 1}},
		"gift/grammar/numerical1.gift": {questionset.Counts{Seen: 10, Taken: 9, Identical: 1},
			map[exam.QuestionType]int{exam.Numeric: 9}},
		"gift/grammar/totara_moodle_match.gift": {questionset.Counts{Seen: 1, Taken: 1}, map[exam.QuestionType]int{exam.Matching: 1}},
		"csv/computer_security.csv":             {questionset.Counts{Seen: 99, Taken: 99}, map[exam.QuestionType]int{exam.SingleChoice: 99}},
		"csv/formal_logic.csv":                  {questionset.Counts{Seen: 125, Taken: 125}, map[exam.QuestionType]int{exam.SingleChoice: 125}},
	} {
		f := parseFile(t, "testdata/"+path)
		types := map[exam.QuestionType]int{}
		for _, q := range f.Questions {
			types[q.Question.Type]++
		}
		if f.Report.Counts != want.counts || !maps.Equal(types, want.types) {
			t.Errorf("%s: %+v %v", path, f.Report.Counts, types)
		}
	}
}
