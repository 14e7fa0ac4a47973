package questionset

import (
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"shiken/exam"
	"shiken/internal/textfile"
)

// csvFaults are the findings about rows that are no CSV.
var csvFaults = map[textfile.Fault]Code{
	textfile.TooManyColumns: codeTooManyColumns,
	textfile.UnclosedQuote:  codeUnclosedQuote,
	textfile.AfterQuote:     codeAfterQuote,
}

// csvReader turns the rows of a CSV file into questions.
type csvReader struct {
	file   *File
	header *csvHeader
	keys   *keyer
	ids    map[string]int // line of an id within category and year
	known  *known
	onlyID int // rows that hold nothing but a number
	// noted are the ways of naming options that the report has told of.
	noted map[Code]bool
}

// parseCSV reads a CSV text: a header row, then one question in each row.
func parseCSV(f *File, text string) {
	comma := delimiterOf(text)
	if comma != ',' {
		f.Report.note(place{line: 1}, codeDelimiter, "delimiter", strconv.QuoteRune(rune(comma)))
	}
	c := &csvReader{file: f, keys: newKeyer(), ids: map[string]int{}, known: newKnown(), noted: map[Code]bool{}}
	s := textfile.NewScanner(text, comma)
	for rec, ok := s.Next(); ok; rec, ok = s.Next() {
		if rec.Empty() && rec.Fault == "" {
			continue
		}
		if c.header == nil {
			if !c.begin(&rec) {
				return
			}
			continue
		}
		if !c.row(&rec) {
			return
		}
	}
	if c.onlyID > 0 {
		f.Report.note(place{}, codeOnlyID, "count", c.onlyID)
	}
}

// begin reads the first row: the header, or the first question of a file without one.
func (c *csvReader) begin(rec *textfile.Row) bool {
	r := &c.file.Report
	p := place{line: rec.Line}
	switch {
	case rec.Fault != "":
		r.error(p, csvFaults[rec.Fault], "last", rec.LastLine)
		return false
	case headerLike(rec.Cells):
		c.header = readHeader(r, rec)
		return c.header != nil
	case headerlessRow(rec.Cells):
		r.note(p, codeHeaderless)
		c.header = headerlessHeader()
		return c.row(rec)
	}
	r.error(p, codeNoHeader)
	return false
}

// row reads one question; it reports false when nothing more is read.
func (c *csvReader) row(rec *textfile.Row) bool {
	r := &c.file.Report
	if c.blank(rec) {
		c.onlyID++
		return true
	}
	if r.Counts.Seen == MaxQuestions {
		r.error(place{line: rec.Line}, codeTooManyQuestions, "limit", MaxQuestions)
		return false
	}
	r.Counts.Seen++
	q := Question{
		Line:       rec.Line,
		Number:     c.header.get(rec.Cells, columnID),
		Category:   c.header.get(rec.Cells, columnCategory),
		Reference:  c.header.get(rec.Cells, columnReference),
		Difficulty: c.header.get(rec.Cells, columnDifficulty),
	}
	p := place{line: rec.Line, question: excerpt(q.Number)}
	c.identify(p, &q, rec.Cells)
	if !c.wellFormed(p, rec) || !c.checkNames(p, rec.Cells) || !c.content(p, &q, rec.Cells) {
		return true
	}
	q.seal()
	if c.known.admit(r, p, &q) {
		c.file.Questions = append(c.file.Questions, q)
	}
	return true
}

// blank tells rows that are numbered but hold nothing else, as spreadsheet templates have them.
func (c *csvReader) blank(rec *textfile.Row) bool {
	id, ok := c.header.column[columnID]
	if !ok || rec.Fault != "" {
		return false
	}
	for i, cell := range rec.Cells {
		if i != id && strings.TrimSpace(cell) != "" {
			return false
		}
	}
	return true
}

func (c *csvReader) wellFormed(p place, rec *textfile.Row) bool {
	r, h := &c.file.Report, c.header
	switch {
	case rec.Fault != "":
		r.error(p, csvFaults[rec.Fault], "last", rec.LastLine)
		return false
	case len(rec.Cells) <= h.lastNeeded():
		r.error(p, codeRowShort, "cells", len(rec.Cells), "want", h.width)
		return false
	case len(rec.Cells) < h.width:
		r.warning(p, codeRowShort, "cells", len(rec.Cells), "want", h.width)
	}
	for i := h.width; i < len(rec.Cells); i++ {
		if strings.TrimSpace(rec.Cells[i]) != "" {
			r.error(p, codeRowTooLong, "cells", len(rec.Cells), "want", h.width, "text", rec.Cells[i])
			return false
		}
	}
	if rec.Bare {
		r.warning(p, codeBareQuote)
	}
	return true
}

// checkNames judges the cells that describe the question.
func (c *csvReader) checkNames(p place, cells []string) bool {
	sound := true
	for _, name := range plainColumns {
		limit := MaxName
		if name == columnQuestion || name == columnExplanation || name == columnAnswer {
			limit = MaxText
		}
		if !c.file.Report.checkText(p.at(name), c.header.get(cells, name), limit) {
			sound = false
		}
	}
	return sound
}

// identify makes the source key out of category, year and id: an id alone is often reused from
// year to year.
func (c *csvReader) identify(p place, q *Question, cells []string) {
	year := norm.NFKC.String(c.header.get(cells, columnYear))
	q.Year = c.year(p, year)
	if q.Number == "" {
		q.SourceKey = c.keys.unnamed(c.header.get(cells, columnQuestion), q.Category, year)
		return
	}
	id := joinEscaped([]string{q.Category, year, q.Number})
	if first, again := c.ids[id]; again {
		c.file.Report.warning(p.at(columnID), codeDuplicateID, "id", q.Number, "line", first)
	} else {
		c.ids[id] = q.Line
	}
	q.SourceKey = c.keys.named(q.Category, year, q.Number)
}

func (c *csvReader) year(p place, s string) int {
	if s == "" {
		return 0
	}
	n, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSuffix(s, "度"), "年"))
	if err != nil || n < 1 || n > 9999 {
		c.file.Report.warning(p.at(columnYear), codeYear, "year", s)
		return 0
	}
	return n
}

// content reads stem, options, key and explanation.
func (c *csvReader) content(p place, q *Question, cells []string) bool {
	r := &c.file.Report
	stem := c.header.get(cells, columnQuestion)
	if stem == "" {
		r.error(p.at(columnQuestion), codeEmptyStem)
		return false
	}
	q.Question.Stem = exam.Text{Source: stem}
	options, sound := c.options(p, cells)
	if !sound {
		return false
	}
	q.Question.Options = options
	right, sound := c.key(p, c.header.get(cells, columnAnswer), options)
	if !sound {
		return false
	}
	q.Key.Options = map[string]int{}
	for _, id := range right {
		q.Key.Options[id] = exam.FullCredit
	}
	q.Question.Type = choiceType(options, len(right))
	checkOptions(r, p, options)
	q.Feedback.Explanation = exam.Text{Source: c.header.get(cells, columnExplanation)}
	return true
}

func choiceType(options []exam.Option, right int) exam.QuestionType {
	switch {
	case right > 1:
		return exam.MultipleChoice
	case isTruthPair(options):
		return exam.TrueFalse
	}
	return exam.SingleChoice
}

// options reads the option cells; empty ones are left out with a warning, which is a mere note
// where the options that are there say true and false.
func (c *csvReader) options(p place, cells []string) ([]exam.Option, bool) {
	r := &c.file.Report
	var out []exam.Option
	var empty []string
	sound := true
	for letter, cell := range c.header.options {
		if cell < 0 {
			continue
		}
		text := ""
		if cell < len(cells) {
			text = strings.TrimSpace(cells[cell])
		}
		if text == "" {
			empty = append(empty, strings.ToUpper(optionID(letter)))
			continue
		}
		if !r.checkText(p.at(columnOption+optionID(letter)), text, MaxText) {
			sound = false
		}
		out = append(out, exam.Option{ID: optionID(letter), Text: exam.Text{Source: text}})
	}
	switch {
	case len(out) < 2:
		r.error(p, codeOneOption, "count", len(out))
		return nil, false
	case len(empty) > 0 && isTruthPair(out):
		r.note(p, codeEmptyOption, "options", strings.Join(empty, ", "))
	case len(empty) > 0:
		r.warning(p, codeEmptyOption, "options", strings.Join(empty, ", "))
	}
	return out, sound
}
