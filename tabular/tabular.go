// Package tabular writes tables row by row as CSV or XLSX. What people typed never becomes a formula,
// whichever program opens the file. It knows nothing of exams or storage.
package tabular

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// Cell is one cell of a table.
type Cell struct {
	text   string
	number *float64
	time   time.Time
}

// Text is a cell of text, written by anybody.
func Text(s string) Cell { return Cell{text: s} }

// Int is a cell of a whole number.
func Int(n int) Cell { return Number(strconv.Itoa(n)) }

// Number is a cell of a decimal number as strconv.ParseFloat reads it; anything else becomes text.
func Number(decimal string) Cell {
	f, err := strconv.ParseFloat(decimal, 64)
	if err != nil {
		return Text(decimal)
	}
	return Cell{text: decimal, number: &f}
}

// Time is a cell of a time, written in its own zone to the second; the zero time is an empty cell.
func Time(t time.Time) Cell { return Cell{time: t} }

// timeLayout is ISO 8601 with a space, which spreadsheets read as a time.
const timeLayout = "2006-01-02 15:04:05"

// A Writer takes a table row by row. Close ends the file; what it is written to stays open.
type Writer interface {
	Row(cells ...Cell) error
	Close() error
}

// starters begin what a spreadsheet takes for a formula (OWASP, "CSV Injection"), in both widths,
// since a Japanese Excel reads the wide ones too.
const starters = "=+-@\t\r\n＝＋－＠|%"

// Neutral is text as a CSV cell that no spreadsheet runs: an apostrophe stands before what looks like
// a formula, also behind leading blanks.
func Neutral(s string) string {
	trimmed := strings.TrimLeft(s, " \u00a0\u3000")
	first, _ := utf8.DecodeRuneInString(trimmed)
	if trimmed != "" && strings.ContainsRune(starters, first) || s != "" && strings.ContainsRune(starters, rune(s[0])) {
		return "'" + s
	}
	return s
}

type csvWriter struct {
	csv *csv.Writer
	row []string
}

// byteOrderMark tells spreadsheets that the file is UTF-8; without it a Japanese Excel reads cp932.
const byteOrderMark = "\ufeff"

// NewCSV writes CSV as RFC 4180 has it, in UTF-8 with a byte order mark.
func NewCSV(w io.Writer) (Writer, error) {
	if _, err := io.WriteString(w, byteOrderMark); err != nil {
		return nil, fmt.Errorf("tabular: %w", err)
	}
	c := csv.NewWriter(w)
	c.UseCRLF = true
	return &csvWriter{csv: c}, nil
}

func (w *csvWriter) Row(cells ...Cell) error {
	w.row = w.row[:0]
	for _, c := range cells {
		switch {
		case c.number != nil:
			w.row = append(w.row, c.text)
		case !c.time.IsZero():
			w.row = append(w.row, c.time.Format(timeLayout))
		default:
			w.row = append(w.row, Neutral(c.text))
		}
	}
	return w.csv.Write(w.row)
}

func (w *csvWriter) Close() error {
	w.csv.Flush()
	return w.csv.Error()
}

type xlsxWriter struct {
	to     io.Writer
	file   *excelize.File
	stream *excelize.StreamWriter
	times  int // the style of times
	row    int
}

// maxSheetName is Excel's bound of a sheet's name, in characters.
const maxSheetName = 31

// NewXLSX writes a workbook of one sheet. Rows are kept in a temporary file once they are many; the
// workbook is written at Close.
func NewXLSX(w io.Writer, sheet string) (Writer, error) {
	f := excelize.NewFile()
	name := sheetName(sheet)
	if err := f.SetSheetName(f.GetSheetName(0), name); err != nil {
		return nil, fmt.Errorf("tabular: %w", err)
	}
	layout := "yyyy-mm-dd hh:mm:ss"
	times, err := f.NewStyle(&excelize.Style{CustomNumFmt: &layout})
	if err != nil {
		return nil, fmt.Errorf("tabular: %w", err)
	}
	stream, err := f.NewStreamWriter(name)
	if err != nil {
		return nil, fmt.Errorf("tabular: %w", err)
	}
	return &xlsxWriter{to: w, file: f, stream: stream, times: times}, nil
}

// sheetName leaves out what Excel refuses in the name of a sheet.
func sheetName(s string) string {
	s = strings.Trim(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]`, r) || r < ' ' {
			return '-'
		}
		return r
	}, s), "' ")
	if runes := []rune(s); len(runes) > maxSheetName {
		s = strings.TrimRight(string(runes[:maxSheetName]), "' ")
	}
	if s == "" {
		return "1"
	}
	return s
}

func (w *xlsxWriter) Row(cells ...Cell) error {
	w.row++
	values := make([]any, len(cells))
	for i, c := range cells {
		switch {
		case c.number != nil:
			values[i] = *c.number
		case !c.time.IsZero():
			values[i] = excelize.Cell{StyleID: w.times, Value: c.time}
		case c.text != "":
			values[i] = clean(c.text) // a string is never read as a formula
		}
	}
	at, err := excelize.CoordinatesToCellName(1, w.row)
	if err != nil {
		return fmt.Errorf("tabular: %w", err)
	}
	if err := w.stream.SetRow(at, values); err != nil {
		return fmt.Errorf("tabular: %w", err)
	}
	return nil
}

// clean leaves out the control characters that XML cannot hold.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xfffe || r == 0xffff {
			return -1
		}
		return r
	}, s)
}

func (w *xlsxWriter) Close() error {
	defer w.file.Close() //nolint:errcheck // removes the temporary file
	if err := w.stream.Flush(); err != nil {
		return fmt.Errorf("tabular: %w", err)
	}
	if err := w.file.Write(w.to); err != nil {
		return fmt.Errorf("tabular: %w", err)
	}
	return nil
}
