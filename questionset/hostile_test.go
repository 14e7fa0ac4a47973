//go:build !race

// Reading a file is one goroutine's work, in which the race detector can find nothing but makes
// these files take seven times as long.

package questionset_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"shiken/devtools/effort"
	"shiken/questionset"
)

// endless repeats a text for ever.
type endless struct {
	text string
	at   int
}

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = e.text[e.at]
		e.at = (e.at + 1) % len(e.text)
	}
	return len(p), nil
}

// TestHostileFiles reads files made to exhaust time or memory, each of 1 MiB.
func TestHostileFiles(t *testing.T) {
	big := func(unit string) string { return strings.Repeat(unit, 1<<20/len(unit)) }
	for _, tt := range []struct{ name, file, data string }{
		{"one long CSV line", "x.csv", header + big("x")},
		{"commas", "x.csv", header + big(",")},
		{"quotation marks", "x.csv", header + big(`"`)},
		{"opened cells", "x.csv", header + big("\"a\n")},
		{"empty cells in quotes", "x.csv", header + "1,\"" + big("\"\"\n")},
		{"tiny rows", "x.csv", header + big("a\n")},
		{"rows without end", "x.csv", header + big("1,a,,S,1,2,3,4,A,,,\n")},
		{"NULs", "x.csv", header + big("\x00")},
		{"invalid bytes", "x.csv", header + big("\xFF")},
		{"lead bytes", "x.csv", header + big("\x82")},
		{"option that refers", "x.csv", header + "1,a,,S,1,2,3," + strings.Repeat("a and ", 10_000) + ",A,,,\n"},
		{"opened braces", "x.gift", big("{")},
		{"opened blocks", "x.gift", big("{\n\n")},
		{"answers", "x.gift", "Q{" + big("~a ") + "}"},
		{"escapes", "x.gift", big(`\`)},
		{"names", "x.gift", big("::")},
		{"tags", "x.gift", "// " + big("[tag:a]") + "\nQ{T}"},
		{"comments", "x.gift", big("//\n")},
		{"gaps", "x.gift", big("{1:SA:=a} ")},
		{"tiny questions", "x.gift", big("a{T}\n\n")},
		{"markers", "x.gift", big("[html]")},
		{"opened tags", "x.gift", "Q{" + strings.Repeat("~<a ", 15_000) + "}"},
		{"nested elements", "x.xml", "<quiz>" + big("<question>")},
		{"nested elements in a question", "x.xml", "<quiz><question type=\"essay\">" + big("<b>")},
		{"opened CDATA", "x.xml", "<quiz>" + big("<![CDATA[")},
		{"opened comments", "x.xml", "<quiz>" + big("<!--")},
		{"closed comments", "x.xml", "<quiz>" + big("--><question ")},
		{"empty questions", "x.xml", "<quiz>" + big("<question/>") + "</quiz>"},
		{"broken questions", "x.xml", "<quiz>" + big("<question><a></question>\n")},
		{"opened gaps", "x.xml", "<quiz>" + cloze(strings.Repeat("{1:SA:=a", 8_000)) + "</quiz>"},
		{"many gaps", "x.xml", "<quiz>" + cloze(strings.Repeat("{1:SA:=a}", 7_000)) + "</quiz>"},
		{"many alternatives", "x.xml", "<quiz>" + cloze("{1:SA:=a"+strings.Repeat("~b", 30_000)+"}") + "</quiz>"},
		{"many answers", "x.xml", "<quiz>" + entry("multichoice", strings.Repeat("<answer fraction='100'><text>a</text></answer>", 20_000)) + "</quiz>"},
		{"many subquestions", "x.xml", "<quiz>" + entry("matching", strings.Repeat("<subquestion><text>a</text></subquestion>", 20_000)) + "</quiz>"},
		{"places for words", "x.xml", "<quiz>" + strings.Replace(entry("ddwtos", ""), "Stem", big("[[1]]"), 1) + "</quiz>"},
		{"base64", "x.xml", "<quiz>" + entry("essay", "<image>a.png</image><image_base64>"+big("iVBORw0K")+"</image_base64>") + "</quiz>"},
		{"links", "x.xml", "<quiz>" + strings.Replace(entry("essay", ""), "Stem", big(`&lt;a href="@@PLUGINFILE@@/a`), 1) + "</quiz>"},
		{"attributes", "x.xml", "<quiz><question " + big("a='' ") + "/></quiz>"},
	} {
		t.Run(tt.name, func(t *testing.T) { bounded(t, tt.file, tt.data) })
	}
}

func bounded(t *testing.T, name, data string) *questionset.File {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	f := parse(t, name, data)
	took := time.Since(start)
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; took > mostTime || used > mostMemory {
		t.Errorf("%v, %d MiB", took, used>>20)
	}
	if n := f.Report.Counts; n.Seen > questionset.MaxQuestions || n.Seen != n.Taken+n.Refused+n.Identical {
		t.Errorf("%+v", n)
	}
	return f
}

// YAML aliases are refused before they are followed, and nesting before it is walked.
func TestHostileExams(t *testing.T) {
	laughs := "a: &a [x,x,x,x,x,x,x,x,x]\n"
	for c := 'b'; c < 'k'; c++ {
		laughs += fmt.Sprintf("%c: &%c [*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c]\n", c, c, c-1, c-1, c-1, c-1, c-1, c-1, c-1, c-1)
	}
	near := func(unit string) string { return strings.Repeat(unit, questionset.MaxExamFile/2/len(unit)) }
	for _, tt := range []struct{ name, data string }{
		{"billion laughs", "exam: a\n" + laughs},
		{"self reference", "exam: &a [*a]\n"},
		{"merge keys", "exam: &a {b: c}\ntitle: {<<: *a}\n"},
		{"opened lists", "exam: " + near("[")},
		{"opened maps", "exam: " + near("{a: ")},
		{"nested dashes", "exam:\n" + near("- ")},
		{"sections", "exam: a\ntitle: b\nsections:\n" + near("- 1\n")},
		{"fields", "exam: a\n" + near("x: 1\n")},
		{"documents", near("--- a\n")},
		{"one long value", "exam: " + near("x")},
		{"one long key", near("x") + ": 1\nexam: a"},
		{"many quotation marks", "exam: \"" + near(`\"`)},
		{"too large", "exam: " + near("x") + near("x") + near("x")},
		{"tags", "exam: !!binary " + near("YWFh")},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if f := bounded(t, "x.yaml", tt.data); f.Report.Sound() {
				t.Error("sound")
			}
		})
	}
}

// A stream that never ends is read to the limit only.
func TestEndlessFile(t *testing.T) {
	source := &endless{text: header}
	f, err := questionset.Parse(t.Context(), "x.csv", source, questionset.Options{})
	if err != nil {
		t.Fatal(err)
	}
	wantFound(t, f, "error file_too_large@0")
}

// A file at the limit of questions is read whole; what is beyond it is named.
func TestManyQuestions(t *testing.T) {
	effort.Whole(t, "100,000 questions")
	var b strings.Builder
	b.WriteString("question,option_a,option_b,correct_answer\n")
	for i := range questionset.MaxQuestions + 1 {
		fmt.Fprintf(&b, "S%d,1,2,A\n", i)
	}
	f := parse(t, "x.csv", b.String())
	wantFound(t, f, fmt.Sprintf("error too_many_questions@%d", questionset.MaxQuestions+2))
	if len(f.Questions) != questionset.MaxQuestions {
		t.Errorf("%d questions", len(f.Questions))
	}
}

// So is a Moodle XML file, question by question.
func TestManyMoodleQuestions(t *testing.T) {
	effort.Whole(t, "100,000 questions")
	var b strings.Builder
	b.WriteString("<quiz>\n")
	for i := range questionset.MaxQuestions + 1 {
		fmt.Fprintf(&b, "<question type=\"shortanswer\"><questiontext><text>S%d</text></questiontext><answer fraction=\"100\"><text>a</text></answer></question>\n", i)
	}
	b.WriteString("</quiz>")
	f := parse(t, "x.xml", b.String())
	wantFound(t, f, fmt.Sprintf("error too_many_questions@%d", questionset.MaxQuestions+2))
	if len(f.Questions) != questionset.MaxQuestions {
		t.Errorf("%d questions", len(f.Questions))
	}
}
