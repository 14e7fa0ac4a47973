package questionset

import (
	"strings"

	"golang.org/x/text/unicode/norm"

	"shiken/exam"
)

// alternatives are the answers of a key that a bar parts; `\|` is a bar in an answer.
func alternatives(source string) []string {
	const bar = "\uFDD0" // checkText lets no text have it
	var out []string
	for part := range strings.SplitSeq(strings.ReplaceAll(source, `\|`, bar), "|") {
		if part = strings.TrimSpace(strings.ReplaceAll(part, bar, "|")); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// answers are the alternatives of the key; false when there are none, or too many.
func (w *tableRow) answers() ([]string, bool) {
	list := alternatives(w.get(columnAnswer))
	p := w.p.at(columnAnswer)
	w.noteOptions()
	switch {
	case len(list) == 0:
		w.file.Report.error(p, codeNoKey)
		return nil, false
	case len(list) > MaxAnswers:
		w.file.Report.error(p, codeTooManyAnswers, "count", len(list), "limit", MaxAnswers)
		return nil, false
	}
	return list, true
}

// noteOptions tells that a row has options though its type has none.
func (w *tableRow) noteOptions() {
	for _, c := range w.optionCells() {
		w.file.Report.warning(w.p.at(columnOption+placeName(c.place)), codeOptionUnused, "text", c.text, "type", w.get(columnType))
	}
}

// shortText reads answers to be typed; a star in them stands for anything.
func (w *tableRow) shortText() bool {
	list, ok := w.answers()
	if !ok {
		return false
	}
	w.q.Question.Type = exam.ShortText
	for _, pattern := range list {
		bare := strings.ReplaceAll(pattern, `\*`, "")
		if strings.Trim(bare, "* ") == "" && strings.Contains(bare, "*") {
			w.file.Report.error(w.p.at(columnAnswer), codeAcceptsAll, "text", pattern)
			return false
		}
		if strings.Contains(bare, "*") {
			w.file.Report.note(w.p.at(columnAnswer), codeWildcard, "text", pattern)
		}
		w.q.Key.Texts = append(w.q.Key.Texts, exam.TextKey{Pattern: pattern, Weight: exam.FullCredit})
	}
	return true
}

// numeric reads "3.14", "3.14±0.01" or "3..4", or a value and a tolerance.
func (w *tableRow) numeric() bool {
	list, ok := w.answers()
	if !ok {
		return false
	}
	w.q.Question.Type, w.q.Question.Unit = exam.Numeric, w.get(columnUnit)
	tolerance := strings.TrimLeft(plusMinus.Replace(norm.NFKC.String(w.get(columnTolerance))), ":")
	for _, source := range list {
		plain := rangeSign.Replace(plusMinus.Replace(norm.NFKC.String(source)))
		if tolerance != "" && !strings.Contains(plain, "..") && !strings.Contains(plain, ":") {
			plain += ":" + tolerance
		}
		low, high, ok := numericRange(plain)
		if !ok {
			w.file.Report.error(w.p.at(columnAnswer), codeTableNumber, "text", source, "tolerance", w.get(columnTolerance))
			return false
		}
		w.q.Key.Numbers = append(w.q.Key.Numbers, exam.NumberKey{Min: low, Max: high, Weight: exam.FullCredit})
	}
	return true
}

// open reads what nobody marks by machine. The model answer of an essay is for who marks it.
func (w *tableRow) open(kind rowKind) bool {
	w.noteOptions()
	w.q.Question.Type = exam.Description
	if kind == rowEssay {
		w.q.Question.Type = exam.Essay
	}
	model := w.get(columnAnswer)
	switch {
	case model == "":
	case kind == rowEssay:
		w.q.Key.Guide = w.text(columnAnswer, model)
		w.once(w.p.at(columnAnswer), codeModelAnswer)
	default:
		w.file.Report.warning(w.p.at(columnAnswer), codeOptionUnused, "text", model, "type", w.get(columnType))
	}
	return true
}
