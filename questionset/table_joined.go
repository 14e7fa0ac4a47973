package questionset

import "slices"

// A table may hold all options of a question in one cell, the right answer in one column and the wrong ones in
// others, or no options at all.

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
	case w.header.merged:
		return w.spreadMerged()
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

// spreadRight takes the right options and the wrong ones out of their cells; false refuses the row.
func (w *tableRow) spreadRight() bool {
	wrong, ok := w.wrongOptions()
	if !ok {
		return false
	}
	answer := w.get(columnAnswer)
	var rights []string
	if answer != "" && w.mayBeChoice() {
		rights, ok = rightTexts(answer, &wrong)
	}
	if !ok || len(rights)+len(wrong.parts) > maxOptions {
		w.file.Report.error(w.p.at(columnAnswer), codeRightSeveral, "text", answer)
		return false
	}
	w.rights = len(rights)
	w.list = optionList{parts: append(rights, wrong.parts...)}
	return true
}

// wrongOptions are the wrong options of a row, in columns or in one cell.
func (w *tableRow) wrongOptions() (optionList, bool) {
	var list optionList
	if !w.header.joined {
		for _, cell := range w.header.options[1:] {
			list.parts = append(list.parts, cellOf(w.cells, cell))
		}
		for len(list.parts) > 0 && list.parts[len(list.parts)-1] == "" {
			list.parts = list.parts[:len(list.parts)-1]
		}
		return list, true
	}
	cell := w.header.get(w.cells, columnWrongs)
	list, ok := cutWrong(cell)
	if !ok {
		w.file.Report.error(w.p.at(columnWrongs), codeOptionsCell, "text", cell)
	}
	if list.stripped {
		w.once(w.p.at(columnWrongs), codeOptionLabels, "text", cell)
	}
	return list, ok
}
