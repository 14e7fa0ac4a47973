package questionset_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"shiken/devtools/effort"
	"shiken/questionset"
)

// long is a file of each format that takes far longer to read than the tests let it.
func long(t *testing.T) map[string]string {
	const n = 20_000
	var gift, csv, aiken, typed, moodle, qti1, exams strings.Builder
	csv.WriteString(header)
	items := map[string]string{}
	for i := range n {
		fmt.Fprintf(&gift, "::%d:: S %d {=a ~b}\n\n", i, i)
		fmt.Fprintf(&csv, "%d,c,2019,S %d,1,2,3,4,A,,,\n", i, i)
		fmt.Fprintf(&aiken, "S %d\nA. 1\nB. 2\nANSWER: A\n\n", i)
		fmt.Fprintf(&typed, "%d. S %d\na) 1\n*b) 2\n\n", i+1, i)
		moodle.WriteString(entry("essay", fmt.Sprintf("<x>%d</x>", i)))
		fmt.Fprintf(&qti1, `<item ident="i%d"><presentation><material><mattext>S %d</mattext></material><response_str ident="r"><render_fib/></response_str></presentation></item>`, i, i)
		if i < 900 {
			fmt.Fprintf(&exams, "exam: e%d\ntitle: x\n---\n", i)
		}
		if i < 5_000 {
			items[fmt.Sprintf("i%d.xml", i)] = strings.Replace(roots["qti2.xml"][0], `identifier="i"`, fmt.Sprintf(`identifier="i%d"`, i), 1) + "S" + roots["qti2.xml"][1]
		}
	}
	rows := strings.Repeat(`<row><c t="str"><v>S</v></c><c t="str"><v>1</v></c><c t="str"><v>2</v></c><c t="str"><v>A</v></c></row>`, n)
	return map[string]string{
		"q.gift": gift.String(), "q.csv": csv.String(), "aiken.txt": aiken.String(), "typed.txt": typed.String(),
		"q.xml": "<quiz>" + moodle.String() + "</quiz>", "broken.xml": "<quiz>" + moodle.String() + "<question type='x'></quiz>",
		"qti1.xml": "<questestinterop>" + qti1.String() + "</questestinterop>", "qti2.zip": zipped(t, items),
		"q.xlsx": zipped(t, workbook("", sheetHead+rows)), "e.yaml": exams.String(),
	}
}

// TestReadingEndsInTime: whatever the format, what takes too long is ended, with a finding that says so,
// and nothing of it may be loaded as if it were whole.
func TestReadingEndsInTime(t *testing.T) {
	for name, data := range long(t) {
		t.Run(name, func(t *testing.T) {
			f, err := questionset.Parse(t.Context(), name, strings.NewReader(data), questionset.Options{Time: time.Nanosecond})
			if err != nil {
				t.Fatal(err)
			}
			late := slices.IndexFunc(f.Report.Findings, func(x questionset.Finding) bool { return x.Code == "time_up" })
			if late < 0 || f.Report.Sound() || len(f.Questions)+len(f.Definitions) > 0 {
				t.Errorf("%+v: %d questions, %v", f.Report.Counts, len(f.Questions), codesOf(f))
			}
			if n := len(f.Report.Findings); n > 3 {
				t.Errorf("%d findings: %v", n, codesOf(f)[:3])
			}
		})
	}
}

// TestReadingEndsWithItsRequest: who is gone gets no report.
func TestReadingEndsWithItsRequest(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	f, err := questionset.Parse(ctx, "q.gift", strings.NewReader("One?{T}"), questionset.Options{})
	if f != nil || !errors.Is(err, context.Canceled) {
		t.Errorf("%v, %v", f, err)
	}
}

// TestReadingTellsProgress: who waits is told how many questions were seen, and never fewer than before.
func TestReadingTellsProgress(t *testing.T) {
	effort.Whole(t, "files of many thousand questions")
	for name, data := range long(t) {
		var told []int
		f, err := questionset.Parse(t.Context(), name, strings.NewReader(data), questionset.Options{Seen: func(n int) { told = append(told, n) }})
		if err != nil {
			t.Fatal(err)
		}
		if n := f.Report.Counts.Seen; len(told) < n/1_000 || !slices.IsSorted(told) || told[0] != 0 || told[len(told)-1] > n {
			t.Errorf("%s: %d seen, told %v", name, n, told)
		}
	}
}

// TestFindingsAreBounded: a file with nothing but faults is read no further, and notes beyond a bound are
// counted.
func TestFindingsAreBounded(t *testing.T) {
	f := parse(t, "q.csv", header+strings.Repeat(",c,2019,S,1,,,,B,,,\n", questionset.MaxErrors+500))
	if n := len(f.Report.Findings); n > questionset.MaxErrors+10 || !slices.Contains(codesOf(f), "too_many_errors") {
		t.Errorf("%d findings, %v", n, codesOf(f)[:3])
	}
	var b strings.Builder
	b.WriteString(header)
	for range 60_000 {
		b.WriteString("x,c,2019,Same,1,1,3,4,A,,,\n")
	}
	f = parse(t, "q.csv", b.String())
	if n := len(f.Report.Findings); n > questionset.MaxNotes+10 || !f.Report.Sound() || !slices.Contains(codesOf(f), "not_listed") {
		t.Errorf("%d findings, %v", n, codesOf(f)[max(0, n-3):])
	}
}

func codesOf(f *questionset.File) []string {
	list := make([]string, len(f.Report.Findings))
	for i, x := range f.Report.Findings {
		list[i] = string(x.Code)
	}
	return list
}

// sheetHead is the row that names the columns of a choice.
const sheetHead = `<row><c t="str"><v>question</v></c><c t="str"><v>option_a</v></c><c t="str"><v>option_b</v></c><c t="str"><v>correct_answer</v></c></row>`
