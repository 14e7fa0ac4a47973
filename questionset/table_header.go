package questionset

import (
	"slices"
	"strconv"
	"strings"

	"shiken/internal/textfile"
)

// headerRows is how many rows that are not empty are looked at for a header: templates put notes for
// their readers above it.
const headerRows = 20

// tableHeader says in which cell each column stands.
type tableHeader struct {
	column   map[string]int
	options  []int // cells of the option columns, by letter; -1 where the letter has none
	feedback []int // cells of the feedback to options, likewise
	width    int   // 0: rows may be of any width
	unnamed  []int // cells without a name
	unread   []int // cells of columns that are not read
	types    map[string]rowKind
	numbered bool // keys of numbers are places, whatever the options say
	index    bool // the key's column is called an index, which may count from 0
	joined   bool // all options stand in one cell
	merged   bool // one name stands over the columns of all options
	// rightFirst: the first option is the right answer, which stands in a column of its own.
	rightFirst bool
	wrong      []int // cells of the wrong answers beside it, by letter
	strange    []int // cells of columns that are not known, and may be options
	pointed    bool  // its names are of a language that parts thousands with points
	glossary   bool  // texts by a key, which need options to be questions
}

func newTableHeader(width int) *tableHeader {
	return &tableHeader{column: map[string]int{}, width: width, types: typeWords}
}

// headerLike tells a header from a question: it names three columns, or a question and its answer; letters and
// numbers alone count as options beside the name of the question.
func headerLike(cells []string) bool {
	known, bare := 0, 0
	if asksAndAnswers(cells) {
		return true
	}
	for _, c := range cells {
		switch {
		case isColumn(columnName(c)):
			known++
		case bareMark(c) >= 0:
			bare++
		}
	}
	return known >= 3 || known+bare >= 3 && namesQuestion(cells)
}

func namesQuestion(cells []string) bool { return namesColumn(cells, columnQuestion) }

func namesColumn(cells []string, name string) bool {
	return slices.ContainsFunc(cells, func(c string) bool { return columnName(c) == name })
}

// isHeader is headerLike for a first row, which may as well be a question of a file without a header.
func isHeader(cells []string) bool {
	return headerLike(cells) && (asksAndAnswers(cells) || headerlessLayout(cells) == nil)
}

// headerlessLayout is the layout of a row of a known kind of file without a header, nil for others.
func headerlessLayout(cells []string) *tableHeader {
	switch {
	case letterRow(cells):
		return letterLayout()
	case testBankRow(cells):
		return testBankLayout()
	}
	return nil
}

const letterCells = 6

// letterRow tells rows of stem, four options and a key letter, as the MMLU and JMMLU collections have
// them.
func letterRow(cells []string) bool {
	if len(cells) != letterCells {
		return false
	}
	key := foldText(cells[letterCells-1])
	return len(key) == 1 && key[0] >= 'a' && key[0] <= 'd'
}

func letterLayout() *tableHeader {
	h := newTableHeader(letterCells)
	h.column[columnQuestion], h.column[columnAnswer] = 0, letterCells-1
	h.options = []int{1, 2, 3, 4}
	return h
}

// testBankCells are the cells of a row of type, title, points, stem, key, six options and feedback.
const testBankCells = 12

// testBankRow tells such rows: of test banks that are made for Respondus and csv_to_qti.
func testBankRow(cells []string) bool {
	if len(cells) != testBankCells || len(strings.TrimSpace(cells[0])) > 5 {
		return false
	}
	_, known := testBankTypes[foldName(cells[0])]
	points := strings.TrimSpace(cells[2])
	_, err := strconv.ParseFloat(points, 64)
	return known && (points == "" || err == nil) && strings.TrimSpace(cells[3]) != ""
}

// testBankTypes are the types of such rows. Those of rowUnread are known by name alone.
var testBankTypes = map[string]rowKind{
	"mc": rowSingle, "mr": rowMultiple, "ma": rowMultiple, "e": rowEssay, "es": rowEssay, "ess": rowEssay, "essay": rowEssay,
	"tf": rowUnread, "fb": rowUnread, "fib": rowUnread, "fmb": rowUnread, "sa": rowUnread, "sr": rowUnread, "num": rowUnread,
	"nr": rowUnread, "mat": rowUnread, "mt": rowUnread, "m": rowUnread, "ord": rowUnread,
}

func testBankLayout() *tableHeader {
	h := newTableHeader(testBankCells)
	h.types, h.numbered = testBankTypes, true
	h.column = map[string]int{columnType: 0, columnQuestion: 3, columnAnswer: 4, columnExplanation: testBankCells - 1}
	h.options = []int{5, 6, 7, 8, 9, 10}
	h.unread = []int{1, 2} // title and points
	return h
}

// readHeader reads the header row; it returns nil when the file cannot be read without it.
func (t *tableReader) readHeader(rec *textfile.Row) *tableHeader {
	h := newTableHeader(len(rec.Cells))
	sound := t.mapColumns(h, rec)
	taken := map[int]bool{}
	for _, cell := range h.all() {
		taken[cell] = true
	}
	for _, ownNames := range []bool{true, false} { // a column's own name goes before other words for it
		for i, cell := range rec.Cells {
			if name := columnName(cell); !taken[i] && (name == foldName(cell)) == ownNames {
				sound = t.addColumn(h, rec, i, name) && sound
			}
		}
	}
	t.bareOptions(h, rec, taken)
	t.mergedOptions(h, rec)
	t.dropDependent(h, rec)
	t.arrange(h, rec.Line)
	h.numbered, h.glossary, h.pointed = kahootLike(rec.Cells), isGlossary(rec.Cells), partsWithPoints(rec.Cells)
	if cell, ok := h.column[columnAnswer]; ok && cell < len(rec.Cells) {
		h.index = isIndexName(rec.Cells[cell])
	}
	if !t.hasNeeded(h, rec.Line) || !sound {
		return nil
	}
	return h
}

// kahootLike tells the header of a Kahoot quiz: numbered answers, a time, and the places of the right ones.
func kahootLike(cells []string) bool {
	found := map[string]bool{}
	for _, c := range cells {
		name := foldName(c)
		for _, begin := range []string{"answer_1", "answer1", "time", "correct"} {
			found[begin] = found[begin] || strings.HasPrefix(name, begin)
		}
	}
	return (found["answer_1"] || found["answer1"]) && found["time"] && found["correct"]
}

// partsWithPoints reports whether a header names question or answer in a language that writes 1.000 for a thousand.
func partsWithPoints(cells []string) bool {
	return slices.ContainsFunc(cells, func(cell string) bool { return pointNames[foldName(cell)] })
}

// all are the cells of the columns that are read.
func (h *tableHeader) all() []int {
	var cells []int
	for _, cell := range h.column {
		cells = append(cells, cell)
	}
	for _, list := range [][]int{h.options, h.feedback, h.wrong} {
		for _, cell := range list {
			if cell >= 0 {
				cells = append(cells, cell)
			}
		}
	}
	return cells
}

func (h *tableHeader) has(name string) bool {
	_, ok := h.cell(name)
	return ok
}

// cell is where a column stands.
func (h *tableHeader) cell(name string) (int, bool) {
	if i := optionPlace(name); i >= 0 {
		return cellAt(h.options, i)
	}
	if i := feedbackPlace(name); i >= 0 {
		return cellAt(h.feedback, i)
	}
	if i := wrongPlace(name); i >= 0 {
		return cellAt(h.wrong, i)
	}
	i, ok := h.column[name]
	return i, ok
}

func cellAt(list []int, i int) (int, bool) {
	if i >= len(list) || list[i] < 0 {
		return 0, false
	}
	return list[i], true
}

// set says where a column stands.
func (h *tableHeader) set(name string, cell int) {
	if i := optionPlace(name); i >= 0 {
		h.options = setAt(h.options, i, cell)
	} else if i := feedbackPlace(name); i >= 0 {
		h.feedback = setAt(h.feedback, i, cell)
	} else if i := wrongPlace(name); i >= 0 {
		h.wrong = setAt(h.wrong, i, cell)
	} else {
		h.column[name] = cell
	}
}

func setAt(list []int, i, cell int) []int {
	for len(list) <= i {
		list = append(list, -1)
	}
	list[i] = cell
	return list
}

// asideColumns are those of which the first counts where several words mean the same.
var asideColumns = map[string]bool{
	columnID: true, columnCategory: true, columnExplanation: true, columnReference: true, columnDifficulty: true, columnTags: true,
}

// addColumn takes in one cell of the header; false refuses the file.
func (t *tableReader) addColumn(h *tableHeader, rec *textfile.Row, cell int, name string) bool {
	r, source := &t.file.Report, rec.Cells[cell]
	p := t.place(rec.Line, strings.TrimSpace(source))
	other := foldName(source) != name
	switch {
	case strings.TrimSpace(source) == "":
		h.unnamed = append(h.unnamed, cell)
	case optionPlace(name) >= maxOptions || feedbackPlace(name) >= maxOptions:
		r.error(p, codeOptionColumn, "column", name)
		return false
	case !isColumn(name):
		if bareMark(source) < 0 {
			t.leaveUnread(h, p, cell, name)
			if !asideNames[name] {
				h.strange = append(h.strange, cell)
			}
		}
	case name == columnAnswer && t.keyBeside(h, rec, cell):
	case h.has(name) && (other && (t.named[name] || asideColumns[name]) || t.columns[name] != ""):
		t.leaveUnread(h, p, cell, foldName(source))
	case h.has(name):
		r.error(p, codeRepeatedColumn, "column", name)
		return false
	default:
		h.set(name, cell)
		if t.named[name] = !other; other {
			r.note(p, codeColumnAs, "column", name)
		}
	}
	return true
}

func (t *tableReader) leaveUnread(h *tableHeader, p place, cell int, name string) {
	h.unread = append(h.unread, cell)
	t.file.Report.note(p, codeExtraColumn, "column", name)
}

// bareOptions takes columns that are named by a letter or a number alone for options, where no others
// are.
func (t *tableReader) bareOptions(h *tableHeader, rec *textfile.Row, taken map[int]bool) {
	free := len(h.options) == 0
	for i, cell := range rec.Cells {
		place := bareMark(cell)
		if taken[i] || place < 0 || isColumn(columnName(cell)) {
			continue
		}
		p := t.place(rec.Line, strings.TrimSpace(cell))
		if _, has := cellAt(h.options, place); !free || has || place >= maxOptions {
			t.leaveUnread(h, p, i, foldName(cell))
			continue
		}
		h.options = setAt(h.options, place, i)
		t.file.Report.note(p, codeColumnAs, "column", columnOption+optionID(place))
	}
}

// dependent are columns that mean something beside another one only; alone they are somebody's own.
var dependent = map[string]string{
	columnTolerance: columnType, columnUnit: columnType, columnGroup: columnStimulus, columnImageAlt: columnImage,
}

func (t *tableReader) dropDependent(h *tableHeader, rec *textfile.Row) {
	for _, name := range plainColumns {
		other, depends := dependent[name]
		cell, has := h.column[name]
		if !depends || !has || h.has(other) {
			continue
		}
		delete(h.column, name)
		t.leaveUnread(h, t.place(rec.Line, strings.TrimSpace(rec.Cells[cell])), cell, name)
	}
}

// hasNeeded reports the columns that are missing. Where there is a type, a file may have questions
// without options; where there are no options, it has nothing but such.
func (t *tableReader) hasNeeded(h *tableHeader, line int) bool {
	needed := []string{columnQuestion, columnAnswer, columnOption + "a", columnOption + "b"}
	switch {
	case h.has(columnType):
		needed = needed[:1]
	case h.open() && !h.glossary:
		needed = needed[:2]
		t.header = h // of which the rows tell whether it may be so
		if len(h.strange) > 0 && t.facts().stacked {
			t.file.Report.error(t.place(line, ""), codeOptionRows, "columns", t.strangeNames())
			return false
		}
		if !t.surelyOpen() {
			t.file.Report.error(t.place(line, ""), codeOpenColumns, "columns", t.strangeNames())
			return false
		}
		if len(h.strange) > 0 && t.columns[columnAnswer] == "" {
			t.file.Report.warning(t.place(line, ""), codeOpenBeside, "column", t.strangeNames())
		}
	}
	sound := true
	for _, name := range needed {
		if !h.has(name) {
			t.file.Report.error(t.place(line, name), codeMissingColumn, "column", name)
			sound = false
		}
	}
	return sound
}

// lastNeeded is the last cell that a row must have.
func (h *tableHeader) lastNeeded() int {
	last := h.column[columnQuestion]
	if h.has(columnType) || h.open() {
		return last
	}
	return max(last, h.column[columnAnswer], h.options[0], h.options[1])
}

// get returns a row's cell of a column, trimmed; "" when it has none.
func (h *tableHeader) get(cells []string, name string) string {
	i, ok := h.cell(name)
	if !ok || i >= len(cells) {
		return ""
	}
	return strings.TrimSpace(cells[i])
}
