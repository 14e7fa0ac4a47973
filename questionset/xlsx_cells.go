package questionset

import (
	"encoding/xml"
	"errors"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"shiken/internal/xmltree"
)

// readStrings reads the strings that cells share.
func (w *workbook) readStrings(part string) bool {
	p := place{element: part}
	from, err := w.bundle.open(part)
	if err != nil {
		w.file.Report.error(p, codeZipBrokenFile, "name", part)
		return false
	}
	defer from.Close() //nolint:errcheck // only read
	s := newXMLStream(from)
	size := 0
	for {
		t, err := s.token()
		if errors.Is(err, io.EOF) && s.depth == 0 {
			return true
		}
		if start, ok := t.(xml.StartElement); ok && start.Name.Local == "si" {
			var text sheetText
			text, err = s.text()
			w.strings = append(w.strings, text)
			if size += len(text.value); size > maxStrings || len(w.strings) > maxShared {
				err = errTooMany
			}
		}
		if err != nil {
			w.file.Report.xmlFault(p, s.fault(err))
			return false
		}
	}
}

// readStyles reads how numbers are shown, and which cells are struck out.
func (w *workbook) readStyles(part string) bool {
	p := place{element: part}
	data, ok := w.file.unzipped(w.bundle, p, "", part)
	if !ok {
		return false
	}
	codes, fonts, struck := map[int]string{}, []int{}, map[int]bool{}
	_, fault := xmltree.Each(string(data), func(_, child *xmltree.Node) bool {
		switch child.Name {
		case "numFmts":
			for _, n := range child.Elements("numFmt") {
				if id, err := strconv.Atoi(n.Attr("numFmtId")); err == nil {
					codes[id] = n.Attr("formatCode")
				}
			}
		case "fonts":
			for i, font := range child.Elements("font") {
				strike := font.Child("strike")
				struck[i] = strike != nil && (strike.Attr("val") == "" || isTrue(strike.Attr("val")))
			}
		case "cellXfs":
			for _, x := range child.Elements("xf") {
				id, _ := strconv.Atoi(x.Attr("numFmtId"))
				font, _ := strconv.Atoi(x.Attr("fontId"))
				w.numbers.styles, fonts = append(w.numbers.styles, id), append(fonts, font)
			}
		}
		return true
	})
	w.numbers.codes = codes
	for _, font := range fonts {
		w.struck = append(w.struck, struck[font])
	}
	if fault != nil {
		w.file.Report.xmlFault(p, fault)
	}
	return fault == nil
}

// shown is the text that a cell shows, and what is peculiar about it.
func (w *workbook) shown(c sheetCell) (text string, odd Code) {
	text, odd = w.content(c)
	if text != "" && odd != codeSheetError && c.style >= 0 && c.style < len(w.struck) && w.struck[c.style] {
		odd = codeSheetStruck
	}
	return text, odd
}

// content is shown without the looks of the whole cell.
func (w *workbook) content(c sheetCell) (text string, odd Code) {
	if c.formula && c.value == "" && c.kind != "str" {
		return "", codeSheetFormula
	}
	switch c.kind {
	case "s":
		if i, err := strconv.Atoi(strings.TrimSpace(c.value)); err == nil && i >= 0 && i < len(w.strings) {
			return w.strings[i].value, w.strings[i].odd
		}
		if c.value == "" {
			return "", ""
		}
		return c.value, codeSheetError
	case "inlineStr", "str":
		return c.value, c.odd
	case "b":
		if isTrue(c.value) {
			return "TRUE", ""
		}
		return "FALSE", ""
	case "e":
		return c.value, codeSheetError
	case "d":
		return c.value, codeSheetDate
	}
	return w.numbers.shown(strings.TrimSpace(c.value), c.style)
}

// numberFormats show numbers as spreadsheets do.
type numberFormats struct {
	styles   []int          // number format by style
	codes    map[int]string // of the workbook's own formats
	date1904 bool
	file     *excelize.File
	ready    map[int]int // style in file by number format
}

func newNumberFormats() *numberFormats { return &numberFormats{ready: map[int]int{}} }

func (n *numberFormats) close() {
	if n.file != nil {
		_ = n.file.Close()
	}
}

// The numbers of formats that every workbook knows.
const (
	formatGeneral  = 0
	formatDate     = 14
	formatDateTime = 22
	formatText     = 49
)

func (n *numberFormats) shown(value string, style int) (string, Code) {
	f, err := strconv.ParseFloat(value, 64)
	if err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
		return value, ""
	}
	id := formatGeneral
	if style >= 0 && style < len(n.styles) {
		id = n.styles[style]
	}
	code := n.codes[id]
	if id == formatGeneral || id == formatText || strings.EqualFold(code, "general") || len(code) > 255 {
		return general(f), ""
	}
	odd := Code("")
	if isDateFormat(id, code) {
		odd = codeSheetDate
	}
	text, err := n.format(f, id, code)
	if err != nil || text == "" {
		return general(f), odd
	}
	return text, odd
}

// general shows a number without a format of its own: at most 15 digits, as Excel counts.
func general(f float64) string {
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(f, 'g', 15, 64), 64)
	if err != nil {
		rounded = f
	}
	if a := math.Abs(rounded); a != 0 && (a >= 1e21 || a < 1e-9) {
		return strconv.FormatFloat(rounded, 'E', -1, 64)
	}
	return strconv.FormatFloat(rounded, 'f', -1, 64)
}

var (
	literalInFormat = regexp.MustCompile(`"[^"]*"|\\.|\[[^\]]*\]`)
	dateInFormat    = regexp.MustCompile(`[yYmMdDhHsS]`)
)

// isDateFormat tells the formats of dates and times.
func isDateFormat(id int, code string) bool {
	if code != "" {
		return dateInFormat.MatchString(literalInFormat.ReplaceAllString(code, ""))
	}
	return id >= 14 && id <= 22 || id >= 27 && id <= 36 || id >= 45 && id <= 47 || id >= 50 && id <= 58
}

// format shows a number in a format.
func (n *numberFormats) format(f float64, id int, code string) (string, error) {
	style, err := n.style(id, code)
	if err != nil {
		return "", err
	}
	const sheet, cell = "Sheet1", "A1"
	if err := n.file.SetCellValue(sheet, cell, f); err != nil {
		return "", err
	}
	if err := n.file.SetCellStyle(sheet, cell, cell, style); err != nil {
		return "", err
	}
	return n.file.GetCellValue(sheet, cell)
}

func (n *numberFormats) style(id int, code string) (int, error) {
	if n.file == nil {
		n.file = excelize.NewFile()
		if err := n.file.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &n.date1904}); err != nil {
			return 0, err
		}
	}
	if style, ok := n.ready[id]; ok {
		return style, nil
	}
	switch { // how these show depends on the reader's country
	case code == "" && id == formatDate:
		code = "yyyy-mm-dd"
	case code == "" && id == formatDateTime:
		code = "yyyy-mm-dd hh:mm"
	}
	s := &excelize.Style{NumFmt: id}
	if code != "" {
		s = &excelize.Style{CustomNumFmt: &code}
	}
	style, err := n.file.NewStyle(s)
	if err == nil {
		n.ready[id] = style
	}
	return style, err
}
