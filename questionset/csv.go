package questionset

import (
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"shiken/exam"
)

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
	s := newCSVScanner(text, comma)
	for rec, ok := s.next(); ok; rec, ok = s.next() {
		if rec.empty() && rec.fault == "" {
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
func (c *csvReader) begin(rec *csvRecord) bool {
	r := &c.file.Report
	p := place{line: rec.line}
	switch {
	case rec.fault != "":
		r.error(p, rec.fault, "last", rec.lastLine)
		return false
	case headerLike(rec.cells):
		c.header = readHeader(r, rec)
		return c.header != nil
	case headerlessRow(rec.cells):
		r.note(p, codeHeaderless)
		c.header = headerlessHeader()
		return c.row(rec)
	}
	r.error(p, codeNoHeader)
	return false
}

// row reads one question; it reports false when nothing more is read.
func (c *csvReader) row(rec *csvRecord) bool {
	r := &c.file.Report
	if c.blank(rec) {
		c.onlyID++
		return true
	}
	if r.Counts.Seen == MaxQuestions {
		r.error(place{line: rec.line}, codeTooManyQuestions, "limit", MaxQuestions)
		return false
	}
	r.Counts.Seen++
	q := Question{
		Line:       rec.line,
		Number:     c.header.get(rec.cells, columnID),
		Category:   c.header.get(rec.cells, columnCategory),
		Reference:  c.header.get(rec.cells, columnReference),
		Difficulty: c.header.get(rec.cells, columnDifficulty),
	}
	p := place{line: rec.line, question: excerpt(q.Number)}
	c.identify(p, &q, rec.cells)
	if !c.wellFormed(p, rec) || !c.checkNames(p, rec.cells) || !c.content(p, &q, rec.cells) {
		return true
	}
	q.seal()
	if c.known.admit(r, p, &q) {
		c.file.Questions = append(c.file.Questions, q)
	}
	return true
}

// blank tells rows that are numbered but hold nothing else, as spreadsheet templates have them.
func (c *csvReader) blank(rec *csvRecord) bool {
	id, ok := c.header.column[columnID]
	if !ok || rec.fault != "" {
		return false
	}
	for i, cell := range rec.cells {
		if i != id && strings.TrimSpace(cell) != "" {
			return false
		}
	}
	return true
}

func (c *csvReader) wellFormed(p place, rec *csvRecord) bool {
	r, h := &c.file.Report, c.header
	switch {
	case rec.fault != "":
		r.error(p, rec.fault, "last", rec.lastLine)
		return false
	case len(rec.cells) <= h.lastNeeded():
		r.error(p, codeRowShort, "cells", len(rec.cells), "want", h.width)
		return false
	case len(rec.cells) < h.width:
		r.warning(p, codeRowShort, "cells", len(rec.cells), "want", h.width)
	}
	for i := h.width; i < len(rec.cells); i++ {
		if strings.TrimSpace(rec.cells[i]) != "" {
			r.error(p, codeRowTooLong, "cells", len(rec.cells), "want", h.width, "text", rec.cells[i])
			return false
		}
	}
	if rec.bare {
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
