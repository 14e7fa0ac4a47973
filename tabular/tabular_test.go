package tabular_test

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"shiken/tabular"
)

var tokyo = time.FixedZone("JST", 9*60*60)

func table(t *testing.T, w tabular.Writer, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	rows := [][]tabular.Cell{
		{tabular.Text("氏名"), tabular.Text("点"), tabular.Text("時刻")},
		{tabular.Text("=1+1"), tabular.Number("-2.5"), tabular.Time(time.Date(2026, 11, 22, 9, 14, 7, 0, tokyo))},
		{tabular.Text("a,\"b\"\nc\x01"), tabular.Int(7), tabular.Time(time.Time{})},
	}
	for _, r := range rows {
		if err := w.Row(r...); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestCSVIsReadBackWithoutFormulas(t *testing.T) {
	var b bytes.Buffer
	w, err := tabular.NewCSV(&b)
	table(t, w, err)
	text, marked := strings.CutPrefix(b.String(), "\ufeff")
	if !marked {
		t.Error("no byte order mark: a Japanese Excel would read cp932")
	}
	if !strings.Contains(text, "\r\n") {
		t.Error("lines do not end as RFC 4180 has it")
	}
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"氏名", "点", "時刻"},
		{"'=1+1", "-2.5", "2026-11-22 09:14:07"},
		{"a,\"b\"\nc\x01", "7", ""},
	}
	for i := range want {
		for j := range want[i] {
			if rows[i][j] != want[i][j] {
				t.Errorf("row %d, cell %d: %q, want %q", i, j, rows[i][j], want[i][j])
			}
		}
	}
}

func TestXLSXHoldsTextsNumbersAndTimes(t *testing.T) {
	var b bytes.Buffer
	w, err := tabular.NewXLSX(&b, "結果: 数学/一")
	table(t, w, err)
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // only read
	sheet := f.GetSheetName(0)
	if sheet != "結果- 数学-一" {
		t.Errorf("sheet %q", sheet)
	}
	for cell, want := range map[string]string{
		"A1": "氏名", "A2": "=1+1", "B2": "-2.5", "C2": "2026-11-22 09:14:07", "A3": "a,\"b\"\nc", "B3": "7", "C3": "",
	} {
		if got, err := f.GetCellValue(sheet, cell); err != nil || got != want {
			t.Errorf("%s is %q (%v), want %q", cell, got, err, want)
		}
	}
	if formula, err := f.GetCellFormula(sheet, "A2"); err != nil || formula != "" {
		t.Errorf("A2 holds the formula %q (%v)", formula, err)
	}
	if kind, err := f.GetCellType(sheet, "B2"); err != nil || kind == excelize.CellTypeInlineString || kind == excelize.CellTypeSharedString {
		t.Errorf("B2 is text, want a number (%v, %v)", kind, err)
	}
}

func TestNeutral(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "山田 太郎": "山田 太郎", "a=b": "a=b", "O'Brien": "O'Brien", "3-4": "3-4",
		"=HYPERLINK(\"http://x\")": "'=HYPERLINK(\"http://x\")", "+1": "'+1", "-1": "'-1", "@SUM(A1)": "'@SUM(A1)",
		"＝1": "'＝1", "\t=1": "'\t=1", "\r=1": "'\r=1", "  =1": "'  =1", "\u3000＠x": "'\u3000＠x", "|calc": "'|calc",
	} {
		if got := tabular.Neutral(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

func TestNumberThatIsNoneIsText(t *testing.T) {
	var b bytes.Buffer
	w, err := tabular.NewCSV(&b)
	if err == nil {
		err = w.Row(tabular.Number("=1"), tabular.Number("1e3"))
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil || b.String() != "\ufeff'=1,1e3\r\n" {
		t.Errorf("%q (%v)", b.String(), err)
	}
}
