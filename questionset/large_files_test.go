//go:build linux && !race

package questionset_test

import (
	"fmt"
	"strings"
	"testing"

	"shiken/devtools/effort"
	"shiken/questionset"
)

// largeMemory is by how much a process grows at most while it reads a sound file of MaxFile question by
// question: the file, its text, and what tells the questions apart, with what the collector leaves lying.
const largeMemory = 160 << 20

// A file of a quarter of that takes a quarter, and what a process takes that has begun.
const (
	quarter       = 4
	quarterMemory = largeMemory/quarter + 12<<20
)

// TestLargeFiles: a sound file as large as one may be, or of as many questions, is read in bounded memory, as text and
// out of an archive; a file of a quarter of the size is read in a quarter of the memory, whatever its format.
func TestLargeFiles(t *testing.T) {
	effort.Whole(t, "megabytes of every format")
	t.Parallel()
	long := strings.Repeat("How heavy is a beam of timber? 梁の重さ。", 10)
	each := func(head, form, tail string, n int) string {
		var b strings.Builder
		b.WriteString(head)
		for i := range n {
			fmt.Fprintf(&b, form, i, long)
		}
		return b.String() + tail
	}
	items := map[string]string{}
	for i := range 9_000 {
		items[fmt.Sprintf("items/%d.xml", i)] = qtiItem(qtiDeclare("RESPONSE", "single", "identifier", qtiCorrect("A")),
			fmt.Sprintf("<p>%d %s</p>", i, long)+qtiChoices("", "x", "y"), matchCorrect)
	}
	whole := map[string]bool{"q.csv": true, "qti2.zip": true}
	for name, data := range map[string]string{
		"q.csv":     each("category,question,option_a,option_b,correct_answer\n", "x,%d %s,1,2,A\n", "", 66_000),
		"q.gift":    each("", "%d %s{=1 ~2}\n\n", "", 66_000/quarter),
		"aiken.txt": each("", "%d %s\nA. 1\nB. 2\nANSWER: A\n\n", "", 66_000/quarter),
		"typed.txt": each("", "1. %d %s\na) 1\n*b) 2\n\n", "", 66_000/quarter),
		"q.xml": each("<quiz>", `<question type="shortanswer"><name><text>x</text></name><questiontext format="html"><text>%d %s</text></questiontext>`+
			`<answer fraction="100"><text>a</text></answer></question>`+"\n", "</quiz>", 48_000/quarter),
		"qti1.xml": each("<questestinterop>", `<item><presentation><material><mattext>%d %s</mattext></material><response_lid ident="r"><render_choice>`+
			`<response_label ident="a"><material><mattext>1</mattext></material></response_label><response_label ident="b"><material><mattext>2</mattext></material></response_label>`+
			`</render_choice></response_lid></presentation><resprocessing><respcondition><conditionvar><varequal respident="r">a</varequal></conditionvar><setvar>1</setvar></respcondition></resprocessing></item>`,
			"</questestinterop>", 9_000/quarter),
		"q.xlsx":   zipped(t, workbook("", sheetHead+each("", `<row><c t="str"><v>%d %s</v></c><c><v>1</v></c><c><v>2</v></c><c t="str"><v>A</v></c></row>`, "", 70_000/quarter))),
		"qti2.zip": zipped(t, items),
	} {
		t.Run(name, func(t *testing.T) {
			if len(data) > questionset.MaxFile {
				t.Fatalf("%d bytes", len(data))
			}
			r := readApart(t, written(t, name, data), parseEachEnv+"=1")
			least, most := 8_900/quarter, int64(quarterMemory)
			if whole[name] {
				least, most = 8_900, largeMemory
			}
			if r.Counts.Taken < least || r.Counts.Taken != r.Counts.Seen || r.Grown > most {
				t.Errorf("%d bytes: %d MiB, %+v", len(data), r.Grown>>20, r)
			}
		})
	}
}
