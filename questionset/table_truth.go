package questionset

import (
	"strings"

	"shiken/exam"
)

// trueFalse reads a question of right or wrong: without options of its own, or with two.
func (w *tableRow) trueFalse() bool {
	r := &w.file.Report
	if len(w.optionCells()) > 0 {
		if !w.choice(rowSingle) {
			return false
		}
		if len(w.q.Question.Options) != 2 {
			r.error(w.p, codeTruthOptions, "count", len(w.q.Question.Options))
			return false
		}
		w.q.Question.Type = exam.TrueFalse
		return true
	}
	source := w.get(columnAnswer)
	truth, known := truths[foldText(source)]
	switch {
	case source == "":
		r.error(w.p.at(columnAnswer), codeNoKey)
		return false
	case !known:
		r.error(w.p.at(columnAnswer), codeKeyNotUnderstood, "key", source)
		return false
	case foldText(source) == cross && !w.crosses():
		r.error(w.p.at(columnAnswer), codeTruthCross, "key", source)
		return false
	case w.header.index && isIndex(source):
		r.error(w.p.at(columnAnswer), codeKeyIndex, "key", source)
		return false
	}
	setTruth(w.q, truth, source, w.get(columnType))
	return true
}

// crosses reports whether a letter x surely says "wrong": in Japanese and Chinese, by the name of the type, or because
// other rows have circles.
func (w *tableRow) crosses() bool {
	kind := foldText(w.get(columnType))
	named := kind == "ox" || kind == "o/x" || strings.Contains(kind, "×")
	return named || isJapanese(w.q.Question.Stem.Source+kind) || w.facts().circles
}
