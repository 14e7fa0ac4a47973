package questionset

import "strings"

// open tells a table without any options.
func (h *tableHeader) open() bool { return len(h.options) == 0 }

// namesPlace tells an answer that may name an option by letters or a number.
func namesPlace(key string) bool {
	_, ok := readKey(foldText(key), maxOptions)
	return ok || len(key) <= 2 && isIndex(key)
}

// asksAndAnswers tells a header that names a question and its answer; "key" and "text" are those of a translation.
func asksAndAnswers(cells []string) bool {
	return namesQuestion(cells) && namesColumn(cells, columnAnswer) && !isGlossary(cells)
}

// isGlossary tells a header whose only question is a weak name, and whose only answer is called key.
func isGlossary(cells []string) bool {
	weak, keys := false, false
	for _, cell := range cells {
		name := foldName(cell)
		switch columnName(cell) {
		case columnQuestion:
			if !weakQuestions[name] {
				return false
			}
			weak = true
		case columnAnswer:
			if name != "key" {
				return false
			}
			keys = true
		}
	}
	return weak && keys
}

// surelyOpen reports whether a table without options has none at all. One with columns that nobody knows may have
// them there, unless the caller says which column is the answer, or there is one such column and none of its cells
// holds more than one text. Where a type says that a row is a choice, its options must stand somewhere.
func (t *tableReader) surelyOpen() bool {
	strange := t.header.strange
	return len(strange) == 0 || t.columns[columnAnswer] != "" || len(strange) == 1 && !t.header.has(columnType) && !t.facts().listed
}

// strangeNames are the names of the columns that are not known.
func (t *tableReader) strangeNames() string {
	var names []string
	for _, cell := range t.header.strange {
		names = append(names, strings.TrimSpace(t.file.Table.Header[cell]))
	}
	return strings.Join(names, ", ")
}

// listSigns may stand between the texts of a cell, or behind their labels.
const listSigns = "\n\t|/;；,，、・()（）[]{}"

// mayList tells a cell that may hold several options.
func mayList(cell string) bool {
	return strings.ContainsAny(cell, listSigns) || strings.Contains(cell, "  ")
}

// isStatement tells an answer that says whether its question is true.
func isStatement(answer string) bool {
	_, says := statementWords[foldText(answer)]
	return says
}

// openRow reads a row of a table without options: its answer says whether the stem is true, or is what those who
// mark the question should know. What may have options elsewhere is refused.
func (w *tableRow) openRow() bool {
	p, answer := w.p.at(columnAnswer), w.get(columnAnswer)
	if beside := w.beside(); beside != "" {
		w.file.Report.error(w.p, codeOpenColumns, "columns", beside)
		return false
	}
	truth, says := statementWords[foldText(answer)]
	if !says && answer != "" && w.facts().places {
		w.file.Report.error(p, codeOpenKeys, "key", answer)
		return false
	}
	if word := w.get(columnType); word != "" && !says {
		w.file.Report.error(w.p.at(columnType), codeOpenChoice, "type", word)
		return false
	}
	w.warnOnce(p, codeTableOpen)
	if says {
		setTruth(w.q, truth, answer, w.get(columnType))
		return true
	}
	return w.open(rowEssay)
}

// beside names what stands beside the question in columns without a known name, which may be options.
func (w *tableRow) beside() string {
	if !w.surelyOpen() {
		return w.strangeNames()
	}
	var letters []string
	for _, cell := range w.header.unnamed {
		if cellOf(w.cells, cell) != "" {
			letters = append(letters, columnLetter(cell))
		}
	}
	return strings.Join(letters, ", ")
}
