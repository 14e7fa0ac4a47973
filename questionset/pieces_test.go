package questionset_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"shiken/exam"
	"shiken/questionset"
)

const (
	brokenGIFT = "::one::What holds? {=beam ~wall}\n\n$CATEGORY: c\n\n// [id:x2]\n::two::What opens? {~door ~wall}\n\n::three::Broken {=a\n"
	brokenCSV  = "id;category;question;option_a;option_b;correct_answer\n1;c;What holds?;beam;wall;A\n2;c;What opens?;door;wall;C\n3;c;Which?;\"a\";b\"x;B;zuviel;mehr\n"
	brokenXML  = `<quiz><question type="category"><category><text>$course$/c</text></category></question>
<question type="multichoice"><name><text>two</text></name><questiontext format="html"><text>What opens?</text></questiontext>
<answer fraction="0"><text>door</text></answer><answer fraction="0"><text>wall</text></answer></question>
<question type="shortanswer"><name><text>three</text></name><questiontext><text>What <b holds?</text></questiontext></question>
</quiz>`
	brokenAiken = "What holds?\nA) beam\nB) wall\nANSWER: A\n\nWhat opens?\nA) door\nB) wall\nANSWER: C\n"
	brokenTyped = "1. What holds?\na) beam\n*b) wall\n\n2. What opens?\na) door\nb) wall\n"
	brokenQTI1  = `<questestinterop><assessment title="c"><section><item ident="i" title="two"><presentation><material><mattext>What opens?</mattext></material>
<response_lid ident="r"><render_choice><response_label ident="a"><material><mattext>door</mattext></material></response_label>
<response_label ident="b"><material><mattext>wall</mattext></material></response_label></render_choice></response_lid></presentation></item>
<item ident="j"><presentation></item></section></assessment></questestinterop>`
	brokenQTI2 = `<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="i" title="two"><responseDeclaration identifier="R" cardinality="single" baseType="point"/>
<itemBody><p>What opens?</p><hotspotInteraction responseIdentifier="R" maxChoices="1"/></itemBody></assessmentItem>`
)

// TestRefusedQuestionsAreKept: as far as they were read, without a key, and with their text where the format
// lets it be read again.
func TestRefusedQuestionsAreKept(t *testing.T) {
	for name, tt := range map[string]struct {
		file, data string
		want       []string // nth, line, stem, options, source
	}{
		"gift":                     {"a.gift", brokenGIFT, []string{"2 6|What opens?|door,wall|// [id:x2]\n::two::What opens? {~door ~wall}", "3 8|||::three::Broken {=a"}},
		"gift, a malformed weight": {"a.gift", "::two::What opens? {~%5o%door ~%50%wall}", []string{"1 1|What opens?|door,wall|::two::What opens? {~%5o%door ~%50%wall}"}},
		"csv":                      {"a.csv", brokenCSV, []string{"2 3|What opens?|door,wall|2;c;What opens?;door;wall;C", "3 4|||3;c;Which?;\"a\";b\"x;B;zuviel;mehr"}},
		"moodle":                   {"a.xml", brokenXML, []string{"1 2|What opens?|door,wall|", "2 4|||<question type=\"shortanswer\">"}},
		"aiken":                    {"a.txt", brokenAiken, []string{"2 6|What opens?|door,wall|What opens?\nA) door\nB) wall\nANSWER: C"}},
		"typed":                    {"a.txt", brokenTyped, []string{"2 5|What opens?|door,wall|2. What opens?\na) door\nb) wall"}},
		"qti1":                     {"a.xml", brokenQTI1, []string{"1 1|What opens?|door,wall|", "2 4|||<item ident=\"j\">"}},
		"qti2":                     {"a.xml", brokenQTI2, []string{"1 1|What opens?||"}},
	} {
		f := parsePieces(t, tt.file, tt.data)
		if len(f.Pieces) != len(tt.want) {
			t.Errorf("%s: %d pieces, want %d: %v", name, len(f.Pieces), len(tt.want), f.Report.Findings)
			continue
		}
		for i, p := range f.Pieces {
			if got := pieceText(&p); got != tt.want[i] && !(strings.HasSuffix(tt.want[i], ">") && strings.HasPrefix(got, tt.want[i])) {
				t.Errorf("%s: piece %q, want %q", name, got, tt.want[i])
			}
			if key := p.Question.Key; len(key.Options)+len(key.Texts)+len(key.Numbers) > 0 {
				t.Errorf("%s: the piece has a key %+v", name, key)
			}
			told := slices.ContainsFunc(f.Report.Findings, func(x questionset.Finding) bool { return x.Nth == p.Nth && x.Severity == questionset.Error })
			if !told {
				t.Errorf("%s: no error is of piece %d: %+v", name, p.Nth, f.Report.Findings)
			}
		}
	}
}

func pieceText(p *questionset.Piece) string {
	var options []string
	for _, o := range p.Question.Question.Options {
		options = append(options, o.Text.Source)
	}
	return strings.Join([]string{strconv.Itoa(p.Nth) + " " + strconv.Itoa(p.Line), p.Question.Question.Stem.Source, strings.Join(options, ","), p.Source}, "|")
}

// TestReread: the text of a piece is read again by the rules of its file, one question at a time.
func TestReread(t *testing.T) {
	for name, tt := range map[string]struct {
		file, data string
		piece      int
		text       string
		want       string // category, number, stem, key; or the code of what is wrong
	}{
		"gift":           {"a.gift", brokenGIFT, 3, "::three::Mended {=a ~b}", "c|three|Mended|a"},
		"gift again bad": {"a.gift", brokenGIFT, 3, "::three::Mended {=a", "gift_unclosed"},
		"gift of two":    {"a.gift", brokenGIFT, 3, "One {=a ~b}\n\nTwo {=a ~b}", "mend_several"},
		"nothing":        {"a.gift", brokenGIFT, 3, " \n ", "mend_none"},
		"csv":            {"a.csv", brokenCSV, 3, "3;d;Which?;a;b;B", "d|3|Which?|b"},
		"csv again bad":  {"a.csv", brokenCSV, 3, "3;d;Which?;a;b;Z", "csv_key_no_option"},
		"moodle": {"a.xml", brokenXML, 2, `<question type="shortanswer"><name><text>three</text></name><questiontext><text>What holds?</text></questiontext><answer fraction="100"><text>beam</text></answer></question>`,
			"c|three|What holds?|beam"},
		"moodle broken": {"a.xml", brokenXML, 2, `<question>`, "xml_malformed"},
		"moodle other":  {"a.xml", brokenXML, 2, `<quiz></quiz>`, "mend_none"},
		"aiken":         {"a.txt", brokenAiken, 2, "What opens?\nA) door\nB) wall\nANSWER: B", "||What opens?|b"},
		"typed":         {"a.txt", brokenTyped, 2, "2. What opens?\n*a) door\nb) wall", "|2|What opens?|a"},
		"qti1 broken":   {"a.xml", brokenQTI1, 2, "<item>", "qti1_item"},
		"control":       {"a.gift", brokenGIFT, 3, "a\x01 {=a ~b}", "control_character"},
	} {
		f := parsePieces(t, tt.file, tt.data)
		q, _, report := f.Reread(t.Context(), f.Piece(tt.piece), tt.text)
		got := ""
		if q == nil {
			for _, x := range report.Findings {
				if x.Severity == questionset.Error {
					got = string(x.Code)
				}
			}
		} else {
			got = strings.Join([]string{q.Category, q.Number, q.Question.Stem.Source, rightOf(q)}, "|")
		}
		if got != tt.want {
			t.Errorf("%s: %q, want %q (%+v)", name, got, tt.want, report.Findings)
		}
	}
}

func rightOf(q *questionset.Question) string {
	var out []string
	for _, o := range q.Question.Options {
		if q.Key.Options[o.ID] == exam.FullCredit {
			out = append(out, o.ID)
		}
	}
	for _, k := range q.Key.Texts {
		out = append(out, k.Pattern)
	}
	return strings.Join(out, ",")
}

// TestMendedQuestionsAreTaken: in the place that they have in the file, with the key under which a mended file
// would load them.
func TestMendedQuestionsAreTaken(t *testing.T) {
	f := parsePieces(t, "a.csv", brokenCSV)
	q, media, _ := f.Reread(t.Context(), f.Piece(2), "2;c;What opens?;door;wall;A")
	out := f.With([]questionset.Mended{{Nth: 2, Question: *q, Media: media}, {Nth: 99, Question: *q}})
	n := out.Report.Counts
	if n.Seen != 3 || n.Taken != 2 || n.Refused != 1 || n.Mended != 1 || out.Report.Sound() {
		t.Errorf("counts %+v", n)
	}
	if len(out.Questions) != 2 || out.Questions[1].Number != "2" || out.Questions[1].Line != 3 || out.Questions[1].SourceKey != "c//2" || out.Questions[1].ContentHash == "" {
		t.Errorf("questions %+v", out.Questions)
	}
	for _, x := range out.Report.Findings {
		if x.Nth == 2 && x.Code != "mended" {
			t.Errorf("the report still says %+v", x)
		}
	}
	if len(f.Questions) != 1 || f.Report.Counts.Taken != 1 || f.With(nil) != f {
		t.Error("the file itself has changed")
	}
	q3, _, _ := f.Reread(t.Context(), f.Piece(3), "3;c;Which?;a;b;B")
	whole := f.With([]questionset.Mended{{Nth: 2, Question: *q}, {Nth: 3, Question: *q3}})
	if !whole.Report.Sound() || whole.Report.Counts.Refused != 0 {
		t.Errorf("all are mended, and the report says %+v", whole.Report.Findings)
	}
}

// TestMendedCopies: a question that becomes the same as another one is left out, and told; one that was taken
// is replaced.
func TestMendedCopies(t *testing.T) {
	f := parsePieces(t, "a.csv", brokenCSV)
	same := f.Questions[0]
	out := f.With([]questionset.Mended{{Nth: 2, Question: same}})
	if n := out.Report.Counts; n.Taken != 1 || n.Identical != 1 || n.Refused != 1 {
		t.Errorf("a copy counts %+v", n)
	}
	other := f.Questions[0]
	other.Question.Stem.Source = "What else holds?"
	out = f.With([]questionset.Mended{{Nth: 1, Question: other}})
	if len(out.Questions) != 1 || out.Questions[0].Question.Stem.Source != "What else holds?" || out.Questions[0].SourceKey != f.Questions[0].SourceKey ||
		out.Questions[0].ContentHash == f.Questions[0].ContentHash {
		t.Errorf("replaced by %+v", out.Questions)
	}
}

// parsePieces reads a file to be mended.
func parsePieces(t *testing.T, name, data string) *questionset.File {
	t.Helper()
	f, err := questionset.Parse(t.Context(), name, strings.NewReader(data), questionset.Options{Pieces: true})
	if err != nil {
		t.Fatal(err)
	}
	if without := parse(t, name, data); len(without.Pieces) != 0 {
		t.Errorf("%s: %d pieces that nobody asked for", name, len(without.Pieces))
	}
	return f
}
