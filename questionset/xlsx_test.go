package questionset_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"shiken/devtools/effort"
	"shiken/questionset"
)

// workbookOf writes a workbook of one sheet.
func workbookOf(t testing.TB, rows ...[]any) []byte {
	t.Helper()
	return book(t, func(f *excelize.File) { fill(t, f, "Sheet1", rows...) })
}

func book(t testing.TB, write func(*excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	write(f)
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func fill(t testing.TB, f *excelize.File, sheet string, rows ...[]any) {
	t.Helper()
	for i, row := range rows {
		for j, v := range row {
			cell, err := excelize.CoordinatesToCellName(j+1, i+1)
			if err == nil && v != nil {
				err = f.SetCellValue(sheet, cell, v)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
}

// zipOf writes a zip of names and contents by turns.
func zipOf(t testing.TB, parts ...string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i+1 < len(parts); i += 2 {
		w, err := z.Create(parts[i])
		if err == nil {
			_, err = w.Write([]byte(parts[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

var optionsHead = []any{"Question", "Option A", "Option B", "Correct Answer"}

func TestXLSX(t *testing.T) {
	f := parse(t, "q.xlsx", string(workbookOf(t, optionsHead, []any{"S", 0.1 + 0.2, 1e6, "B"}, nil, []any{"T", "p", "q", 1}, []any{"U", "p", "q", nil})))
	wantProblems(t, f, "error csv_row_short@5")
	if f.Format != questionset.XLSX || len(f.Questions) != 2 || f.Questions[1].Line != 4 || right(f.Questions[1]) != "a" {
		t.Fatalf("%s %+v", f.Format, f.Questions)
	}
	if o := f.Questions[0].Question.Options; o[0].Text.Source != "0.3" || o[1].Text.Source != "1000000" {
		t.Errorf("%+v", o)
	}
}

// The template of Kahoot has notes above its header, and rows that are numbered before there are questions.
func TestKahootTemplate(t *testing.T) {
	rows := [][]any{nil, {nil, "Quiz template"}, nil, {nil, "Add questions, at least two answers"}, nil, nil, nil,
		{nil, "Question - max 120 characters", "Answer 1 - max 75 characters", "Answer 2 - max 75 characters", "Answer 3 - max 75 characters",
			"Answer 4 - max 75 characters", "Time limit (sec) – 5, 10, 20, 30, 60, 90, 120, or 240 secs", "Correct answer(s) - choose at least one"},
		{1, "1+2?", "4", "3", "2", "1", 20, 2}, {2, "Which?", "p", "q", nil, nil, 30, "1,2"}}
	for n := 3; n <= 100; n++ {
		rows = append(rows, []any{n})
	}
	f := parse(t, "kahoot.xlsx", string(workbookOf(t, rows...)))
	wantProblems(t, f)
	if len(f.Questions) != 2 || f.Report.Counts.Seen != 2 || f.Questions[0].Line != 9 || right(f.Questions[0]) != "b" || right(f.Questions[1]) != "ab" {
		t.Errorf("%+v %+v", f.Questions, f.Report.Counts)
	}
	if !slices.Contains(found(f), "note csv_only_id@0") {
		t.Errorf("%q", found(f))
	}
}

// What cells show is read, and what is not as it seems is told.
func TestXLSXCells(t *testing.T) {
	percent, date := "0%", 16
	data := book(t, func(f *excelize.File) {
		fill(t, f, "Sheet1", optionsHead, []any{"S", 0.5, 45659, "A"}, []any{"T", true, "x", "A"}, []any{"U", "p", "q", "A"}, []any{"V", "p", "q", "A"})
		for cell, style := range map[string]*excelize.Style{"B2": {CustomNumFmt: &percent}, "C2": {NumFmt: date}} {
			id, err := f.NewStyle(style)
			if err == nil {
				err = f.SetCellStyle("Sheet1", cell, cell, id)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := f.SetCellFormula("Sheet1", "B4", "1+1"); err != nil {
			t.Fatal(err)
		}
		if err := f.SetCellRichText("Sheet1", "A5", []excelize.RichTextRun{{Text: "ri"}, {Text: "ch", Font: &excelize.Font{Bold: true}}}); err != nil {
			t.Fatal(err)
		}
	})
	f := parse(t, "q.xlsx", string(data))
	wantProblems(t, f, "warning xlsx_date@2")
	o := f.Questions[0].Question.Options
	if o[0].Text.Source != "50%" || o[1].Text.Source != "2-Jan" || f.Questions[1].Question.Options[0].Text.Source != "TRUE" {
		t.Errorf("%+v", f.Questions)
	}
	if f.Questions[3].Question.Stem.Source != "rich" {
		t.Errorf("%+v", f.Questions[3].Question.Stem)
	}
}

// What stands above or below its line keeps its meaning, and what is struck out is not read as if it were not.
func TestXLSXLooks(t *testing.T) {
	data := book(t, func(f *excelize.File) {
		fill(t, f, "Sheet1", append(slices.Clone(optionsHead), "Remarks"), []any{"S", "p", "q", "A"}, []any{"T", "p", "q", "A"}, []any{"U", "p", "q", "A"}, []any{"V", "p", "q", "A"},
			[]any{"W", "p", "q", "A", "struck, and not read"})
		super, sub := &excelize.Font{VertAlign: "superscript"}, &excelize.Font{VertAlign: "subscript"}
		for cell, runs := range map[string][]excelize.RichTextRun{
			"B2": {{Text: "10"}, {Text: "−2", Font: super}}, "C2": {{Text: "H"}, {Text: "2", Font: sub}, {Text: "O"}},
			"B3": {{Text: "e"}, {Text: "x/2", Font: super}}, "B4": {{Text: "is "}, {Text: "not ", Font: &excelize.Font{Strike: true}}, {Text: "so"}},
		} {
			if err := f.SetCellRichText("Sheet1", cell, runs); err != nil {
				t.Fatal(err)
			}
		}
		id, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Strike: true}})
		for _, cell := range []string{"A5", "E6"} {
			if err == nil {
				err = f.SetCellStyle("Sheet1", cell, cell, id)
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	})
	f := parse(t, "q.xlsx", string(data))
	wantProblems(t, f, "warning xlsx_raised_lost@3", "error xlsx_struck@4", "error xlsx_struck@5")
	if !slices.Contains(found(f), "note xlsx_raised@2") {
		t.Errorf("%q", found(f))
	}
	if len(f.Questions) != 3 || optionsOf(f.Questions[0]) != "10⁻²/H₂O" || optionsOf(f.Questions[1]) != "ex/2/q" {
		t.Errorf("%+v", f.Questions)
	}
}

const (
	relsXML = `<Relationships><Relationship Id="r1" Type="http://x/worksheet" Target="worksheets/sheet1.xml"/>` +
		`<Relationship Id="r2" Type="http://x/sharedStrings" Target="/xl/strings.xml"/></Relationships>`
	bookXML    = `<workbook xmlns:r="u"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>`
	stringsXML = `<sst><si><t>question</t></si><si><t>option_a</t></si><si><t>option_b</t></si><si><t>correct_answer</t></si>` +
		`<si><r><t>東</t></r><r><t>京</t></r><rPh sb="0" eb="1"><t>とう</t></rPh></si><si><t>a_x000A_b</t></si></sst>`
	headXML = `<row r="1"><c r="A1" t="s"><v>0</v></c><c t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c><c r="D1" t="s"><v>3</v></c></row>`
)

// rawBook is a workbook with the given rows below a header, as other programs write it.
func rawBook(t testing.TB, rows string) string {
	t.Helper()
	return zipOf(t, "xl/workbook.xml", bookXML, "xl/_rels/workbook.xml.rels", relsXML, "xl/strings.xml", stringsXML,
		"xl/worksheets/sheet1.xml", "<worksheet><sheetData>"+headXML+rows+"</sheetData></worksheet>")
}

func TestXLSXOfOthers(t *testing.T) {
	const row = `<row r="7"><c r="A7" t="s"><v>4</v></c><c r="B7" t="s"><v>5</v></c><c r="C7" t="inlineStr"><is><t>q</t></is></c><c r="D7" t="str"><f>X</f><v>A</v></c></row>`
	q := one(t, parse(t, "q.xlsx", rawBook(t, row)))
	if q.Line != 7 || q.Question.Stem.Source != "東京" || q.Question.Options[0].Text.Source != "a\nb" {
		t.Errorf("%+v", q)
	}
	for name, tt := range map[string]struct{ rows, problem string }{
		"error value":      {strings.Replace(row, `<c r="B7" t="s"><v>5</v>`, `<c r="B7" t="e"><v>#REF!</v>`, 1), "error xlsx_error@7"},
		"no result":        {strings.Replace(row, `t="s"><v>5</v>`, `><f>A1</f>`, 1), "error xlsx_formula@7"},
		"unknown text":     {strings.Replace(row, `<v>5</v>`, `<v>99</v>`, 1), "error xlsx_error@7"},
		"cut off":          {row + `<row r="8"><c r="A8"><v>1`, "error xml_malformed@1"},
		"declaration":      {`<!DOCTYPE x>` + row, "error xml_declaration@1"},
		"far to the right": {`<row r="7"><c r="XFD7"><v>1</v></c></row>`, "error csv_too_many_columns@7"},
	} {
		t.Run(name, func(t *testing.T) { wantProblems(t, parse(t, "q.xlsx", rawBook(t, tt.rows)), tt.problem) })
	}
}

// One sheet is read; the report names the others.
func TestXLSXSheets(t *testing.T) {
	data := book(t, func(f *excelize.File) {
		for _, name := range []string{"Empty", "Questions", "More"} {
			if _, err := f.NewSheet(name); err != nil {
				t.Fatal(err)
			}
		}
		fill(t, f, "Sheet1", []any{"How to fill in"})
		fill(t, f, "Questions", optionsHead, []any{"S", "p", "q", "A"})
		fill(t, f, "More", optionsHead, []any{"T", "p", "q", "A"})
	})
	f := parse(t, "q.xlsx", string(data))
	wantFound(t, f, "note xlsx_sheet_other@0", "warning xlsx_sheet_questions@0", "note xlsx_sheet_chosen@0")
	if q := one(t, f); q.Question.Stem.Source != "S" {
		t.Errorf("%+v", q)
	}
}

func TestXLSXRefused(t *testing.T) {
	for name, tt := range map[string]struct{ data, problem string }{
		"old Excel":     {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 rest", "error xlsx_compound@0"},
		"no sheets":     {zipOf(t, "xl/workbook.xml", "<workbook/>", "xl/_rels/workbook.xml.rels", "<Relationships/>"), "error empty_file@0"},
		"no relations":  {zipOf(t, "xl/workbook.xml", bookXML), "error zip_missing@0"},
		"empty sheet":   {string(workbookOf(t)), "error empty_file@0"},
		"no header":     {string(workbookOf(t, []any{"x", "y"})), "error csv_no_header@1"},
		"sheet missing": {zipOf(t, "xl/workbook.xml", bookXML, "xl/_rels/workbook.xml.rels", strings.Replace(relsXML, "sharedStrings", "other", 1)), "error zip_missing@0"},
	} {
		t.Run(name, func(t *testing.T) { wantProblems(t, parse(t, "q.xlsx", tt.data), tt.problem) })
	}
}

// Workbooks made to exhaust time or memory.
func TestHostileWorkbooks(t *testing.T) {
	effort.Whole(t, "workbooks of many megabytes")
	const size = 4 << 20
	many := func(unit string) string { return strings.Repeat(unit, size/len(unit)) }
	for name, data := range map[string]string{
		"empty rows":     rawBook(t, many("<row/>")),
		"empty cells":    rawBook(t, "<row>"+many("<c/>")+"</row>"),
		"opened rows":    rawBook(t, many("<row>")),
		"nested":         rawBook(t, strings.Repeat("<a>", 1_000_000)),
		"long text":      rawBook(t, "<row><c><v>"+many("x")+"</v></c></row>"),
		"long tag":       rawBook(t, "<row "+many("x")+">"),
		"spaces":         rawBook(t, many(" ")),
		"numbers":        rawBook(t, many("<row><c><v>1</v></c></row>")),
		"same row":       rawBook(t, many(`<row r="2"><c r="A2"><v>1</v></c></row>`)),
		"far rows":       rawBook(t, many(`<row r="1048576"><c r="IV1"><v>1</v></c></row>`)),
		"entities":       rawBook(t, "<row><c><v>"+many("&lt;")+"</v></c></row>"),
		"strings":        zipOf(t, "xl/workbook.xml", bookXML, "xl/_rels/workbook.xml.rels", relsXML, "xl/strings.xml", "<sst>"+many("<si/>"), "xl/worksheets/sheet1.xml", "<a/>"),
		"sheets":         zipOf(t, "xl/workbook.xml", "<workbook><sheets>"+many(`<sheet id="r1"/>`), "xl/_rels/workbook.xml.rels", relsXML),
		"billion laughs": zipOf(t, "xl/workbook.xml", `<!DOCTYPE a [<!ENTITY b "bb">]>`+bookXML, "xl/_rels/workbook.xml.rels", relsXML),
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			f := parse(t, "q.xlsx", data)
			if took := time.Since(start); took > mostTime {
				t.Errorf("%v", took)
			}
			if len(f.Questions) > 0 || f.Report.Sound() {
				t.Errorf("%d questions, %q", len(f.Questions), found(f)[:min(len(found(f)), 3)])
			}
		})
	}
}

func FuzzXLSX(f *testing.F) {
	f.Add("<row><c t=\"s\"><v>4</v></c><c><f/></c></row>", stringsXML, bookXML)
	f.Add(`<row r="3" hidden="1"><c r="ZZ3" s="1"><v>1e5</v></c></row>`, "<sst><si><rPh><t>x</t></rPh></si></sst>", bookXML)
	f.Fuzz(func(t *testing.T, rows, strings, book string) {
		checkFile(t, "f.xlsx", zipOf(t, "xl/workbook.xml", book, "xl/_rels/workbook.xml.rels", relsXML, "xl/strings.xml", strings,
			"xl/worksheets/sheet1.xml", "<worksheet><sheetData>"+headXML+rows+"</sheetData></worksheet>"))
	})
}

// TestLargeWorkbook reads 20,000 questions.
func TestLargeWorkbook(t *testing.T) {
	var b strings.Builder
	for i := range 20_000 {
		fmt.Fprintf(&b, `<row r="%d"><c t="inlineStr"><is><t>S%d</t></is></c><c><v>1</v></c><c><v>2</v></c><c t="str"><v>A</v></c></row>`, i+2, i)
	}
	f := parse(t, "q.xlsx", rawBook(t, b.String()))
	if len(f.Questions) != 20_000 || !f.Report.Sound() {
		t.Errorf("%d questions", len(f.Questions))
	}
}

// Findings name the cell as the workbook does, and the row where no column is meant.
func TestFindingsNameTheCell(t *testing.T) {
	f := parse(t, "a.xlsx", string(workbookOf(t, []any{"id", "question", "option_a", "option_b", "correct_answer"},
		[]any{"1", "Which?", "a", "b", "Z"}, []any{"2", "Which else?", "a", "", "A"}, []any{"3", "", "a", "b", "A"})))
	var got []string
	for _, x := range f.Report.Findings {
		if x.Severity == questionset.Error {
			got = append(got, x.Cell)
		}
	}
	if want := []string{"Sheet1!E2", "Sheet1!3", "Sheet1!B4"}; !slices.Equal(got, want) {
		t.Errorf("cells %q, want %q: %+v", got, want, f.Report.Findings)
	}
	var b bytes.Buffer
	if err := f.Report.WriteText(&b, "en"); err != nil || !strings.Contains(b.String(), "[Sheet1!E2 correct_answer]") {
		t.Errorf("%v: %s", err, &b)
	}
	if again := parse(t, "a.csv", "id,question,option_a,option_b,correct_answer\n1,Which?,a,b,Z\n"); again.Report.Findings[0].Cell != "" {
		t.Errorf("a text has cells: %+v", again.Report.Findings)
	}
}

// How parts of a cell look is told where it is lost.
func TestXLSXPartsOfCells(t *testing.T) {
	underlined := &excelize.Font{Underline: "single"}
	for _, tt := range []struct {
		name, finding string
		runs          []excelize.RichTextRun
	}{
		{"underlined in part", "warning xlsx_underlined@2", []excelize.RichTextRun{{Text: "Which "}, {Text: "part", Font: underlined}, {Text: " is right?"}}},
		{"underlined as a whole", "", []excelize.RichTextRun{{Text: "All ", Font: underlined}, {Text: "of it", Font: underlined}}},
		{"bold in part", "note xlsx_looks@2", []excelize.RichTextRun{{Text: "Which is "}, {Text: "not", Font: &excelize.Font{Bold: true}}}},
		{"red in part", "note xlsx_looks@2", []excelize.RichTextRun{{Text: "Which is "}, {Text: "not", Font: &excelize.Font{Color: "FF0000"}}}},
		{"alike", "", []excelize.RichTextRun{{Text: "Which is "}, {Text: "it", Font: &excelize.Font{Size: 12}}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := parse(t, "q.xlsx", string(book(t, func(f *excelize.File) {
				fill(t, f, "Sheet1", optionsHead, []any{"S", "p", "q", "A"})
				if err := f.SetCellRichText("Sheet1", "A2", tt.runs); err != nil {
					t.Fatal(err)
				}
			})))
			one(t, f)
			if got := found(f); tt.finding != "" && !slices.Contains(got, tt.finding) || tt.finding == "" && slices.ContainsFunc(got, aboutLooks) {
				t.Errorf("findings %q", got)
			}
		})
	}
}

func aboutLooks(finding string) bool {
	return strings.Contains(finding, "xlsx_underlined") || strings.Contains(finding, "xlsx_looks")
}
