package questionset

import (
	"slices"
	"strings"
)

// A table may hold all options of a question in one cell, the right answer in one column and the wrong ones in
// others, or no options at all.

// wrongWords begin the names of columns with wrong answers.
var wrongWords = foldedWords("wrong wrong_answer wrong_option incorrect incorrect_answer incorrect_option distractor false_answer errata risposta_errata " +
	"sbagliata incorrecta respuesta_incorrecta mauvaise_reponse resposta_errada incorreta falsche_antwort 誤答 不正解 错误答案 오답")

// wrongPlace returns the 0-based place of a column of wrong answers, or -1.
func wrongPlace(name string) int { return placeAfter(name, columnWrong) }

// wrongName is the column that a folded name means, "" where it means no wrong answer. A mark in brackets is a
// remark, and no part of a name.
func wrongName(name string) string {
	if strings.ContainsAny(name, "()") {
		return ""
	}
	if place := markAfter(name, wrongWords); place >= 0 && place < maxOptions {
		return columnWrong + optionID(place)
	}
	return ""
}

// arrange settles how the options stand when all columns are known: each in a column, all in one cell, or the right
// answer beside the wrong ones. What is not needed is left unread.
func (t *tableReader) arrange(h *tableHeader, line int) {
	answer, keyed := h.column[columnAnswer]
	joined, wrongs := -1, slices.DeleteFunc(slices.Clone(h.wrong), func(cell int) bool { return cell < 0 })
	_, hasWrongs := h.column[columnWrongs]
	switch {
	case len(h.options) > 0:
	case h.has(columnOptions):
		joined = h.column[columnOptions]
	case keyed && len(wrongs) > 0:
		h.rightFirst, h.options = true, append([]int{answer}, wrongs...)
	case keyed && hasWrongs:
		h.rightFirst, joined = true, h.column[columnWrongs]
	}
	if joined >= 0 {
		h.joined, h.options = true, slices.Repeat([]int{joined}, maxOptions)
	}
	if h.rightFirst {
		t.file.Report.note(t.place(line, columnAnswer), codeRightFirst)
	}
	t.dropUnneeded(h, line, joined, wrongs)
}

// dropUnneeded leaves columns of options unread that stand beside others.
func (t *tableReader) dropUnneeded(h *tableHeader, line, joined int, wrongs []int) {
	for _, name := range []string{columnOptions, columnWrongs} {
		if cell, has := h.column[name]; has && cell != joined {
			delete(h.column, name)
			t.leaveUnread(h, t.place(line, name), cell, name)
		}
	}
	if h.rightFirst && !h.joined {
		return
	}
	for _, cell := range wrongs {
		t.leaveUnread(h, t.place(line, columnWrong), cell, columnWrong)
	}
	h.wrong = nil
}

// spread cuts the cell that holds all options, or all that are wrong; false refuses the row.
func (w *tableRow) spread() bool {
	switch {
	case w.header.rightFirst:
		return w.spreadRight()
	case !w.header.joined:
		return true
	}
	cell, code := w.header.get(w.cells, columnOptions), Code("")
	w.list, code = cutOptions(cell, w.get(columnAnswer))
	if code != "" {
		w.file.Report.error(w.p.at(columnOptions), code, "text", cell)
		return false
	}
	if w.list.stripped {
		w.once(w.p.at(columnOptions), codeOptionLabels, "text", cell)
	}
	return true
}
