package questionset

import (
	"cmp"
	"strings"

	"shiken/exam"
)

// tableRow is one row on its way to a question.
type tableRow struct {
	*tableReader
	p      place
	cells  []string
	q      *Question
	format exam.TextFormat
	list   optionList // options of a cell that holds several
	kind   rowKind
	rights int // of these, the first ones that are right, where they stand beside wrong ones
}

// content reads stem, answers, key and explanation; it reports false when the question is refused.
func (t *tableReader) content(p place, q *Question, cells []string) bool {
	w := &tableRow{tableReader: t, p: p, cells: cells, q: q}
	if !w.spread() {
		return false
	}
	kind, ok := w.readKind()
	if !ok || !w.texts() {
		return false
	}
	w.kind = kind
	if w.header.open() && kind.isChoice() {
		return w.openRow() && w.tags()
	}
	switch kind {
	case rowTrueFalse:
		ok = w.trueFalse()
	case rowShort:
		ok = w.shortText()
	case rowNumeric:
		ok = w.numeric()
	case rowEssay, rowDescription:
		ok = w.open(kind)
	case rowMatching:
		ok = w.unnamedOptions() && w.matching()
	case rowOrdering:
		ok = w.unnamedOptions() && w.ordering()
	default:
		ok = w.choice(kind)
	}
	return ok && w.unusedCells() && w.tags()
}

// unusedCells tells of what only numbers have; it reports true.
func (w *tableRow) unusedCells() bool {
	if w.kind == rowNumeric {
		return true
	}
	if tolerance := w.get(columnTolerance); tolerance != "" {
		w.file.Report.warning(w.p.at(columnTolerance), codeOptionUnused, "text", tolerance, "type", cmp.Or(w.get(columnType), string(w.q.Question.Type)))
	}
	if unit := w.get(columnUnit); unit != "" {
		w.warnOnce(w.p.at(columnUnit), codeUnitUnused, "text", unit)
	}
	return true
}

func (w *tableRow) get(column string) string {
	if place := optionPlace(column); place >= 0 && (w.header.joined || w.header.rightFirst) {
		return w.list.at(place)
	}
	return w.header.get(w.cells, column)
}

// readKind is what the row's type says. Where the word is not known, options and a key make a choice.
func (w *tableRow) readKind() (rowKind, bool) {
	word := w.get(columnType)
	kind, known := w.header.kindOf(w.cells)
	p := w.p.at(columnType)
	switch {
	case word == "":
		return rowChoice, true
	case known && kind != rowUnread:
		return kind, true
	case !known && w.header.open() && isStatement(w.get(columnAnswer)):
		return rowChoice, true
	case known || w.header.open() || len(w.optionCells()) < 2 || w.get(columnAnswer) == "":
		w.file.Report.error(p, codeTypeUnread, "type", word)
		return 0, false
	}
	w.once(p, codeTypeUnknown, "type", word)
	return rowChoice, true
}

// texts reads what every kind has: the format, the stem with its pictures, stimulus and explanation.
func (w *tableRow) texts() bool {
	r := &w.file.Report
	if !w.readFormat() {
		return false
	}
	stem := w.get(columnQuestion)
	if stem == "" && w.get(columnImage) == "" {
		r.error(w.p.at(columnQuestion), codeEmptyStem)
		return false
	}
	w.q.Question.Stem = w.withPictures(w.text(columnQuestion, stem))
	if w.q.Question.Stem.Source == "" {
		r.error(w.p.at(columnQuestion), codeEmptyStem)
		return false
	}
	w.q.Feedback.Explanation = w.text(columnExplanation, w.get(columnExplanation))
	return w.stimulus()
}

// mayBeChoice tells a row whose type does not say that it is none.
func (w *tableRow) mayBeChoice() bool {
	kind, known := w.header.kindOf(w.cells)
	return !known || kind.isChoice() || kind == rowTrueFalse
}

// cellOf is a cell of a row, trimmed; "" where the row ends before it.
func cellOf(cells []string, cell int) string {
	if cell < 0 || cell >= len(cells) {
		return ""
	}
	return strings.TrimSpace(cells[cell])
}
