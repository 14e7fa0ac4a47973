package questionset

import (
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"shiken/internal/textfile"
)

// The columns, as their names are written in any order and case, or in Japanese. Options stand in
// option_a to option_h.
const (
	columnID          = "id"
	columnCategory    = "category"
	columnYear        = "year"
	columnQuestion    = "question"
	columnAnswer      = "correct_answer"
	columnExplanation = "explanation"
	columnReference   = "reference"
	columnDifficulty  = "difficulty"
	columnOption      = "option_"
)

// maxOptions is the number of option columns, a to h.
const maxOptions = 8

var plainColumns = []string{columnID, columnCategory, columnYear, columnQuestion, columnAnswer,
	columnExplanation, columnReference, columnDifficulty}

// csvHeader says in which cell each column stands.
type csvHeader struct {
	column  map[string]int
	options []int // cells of the option columns, by letter; -1 where the letter has none
	width   int
}

// japaneseColumns are the names that Japanese question files give to columns.
var japaneseColumns = map[string]string{
	"番号": columnID, "問題番号": columnID,
	"分野": columnCategory, "カテゴリ": columnCategory, "カテゴリー": columnCategory,
	"年度": columnYear, "年": columnYear,
	"問題": columnQuestion, "問題文": columnQuestion,
	"正解": columnAnswer, "解答": columnAnswer, "正答": columnAnswer,
	"解説":  columnExplanation,
	"出典":  columnReference,
	"難易度": columnDifficulty,
}

// japaneseOption begins the name of an option's column in such files: 選択肢A, 選択肢1, 選択肢ア.
const japaneseOption = "選択肢"

// columnName reads the name of a column; a Japanese one is translated.
func columnName(cell string) string {
	name := strings.ToLower(strings.TrimSpace(norm.NFKC.String(cell)))
	if translated, ok := japaneseColumns[name]; ok {
		return translated
	}
	if mark, ok := strings.CutPrefix(name, japaneseOption); ok {
		if place := markPlace(strings.Trim(mark, " _-()")); place >= 0 {
			return columnOption + optionID(place)
		}
	}
	return strings.NewReplacer(" ", "_", "-", "_").Replace(name)
}

// kanaMarks are the letters that Japanese exams give to options, in their order.
var kanaMarks = []rune("アイウエオカキク")

// markPlace returns the 0-based option that a folded letter, digit or kana stands for, or -1.
func markPlace(mark string) int {
	runes := []rune(mark)
	switch {
	case len(runes) != 1:
		return -1
	case runes[0] >= 'a' && runes[0] <= 'z':
		return int(runes[0] - 'a')
	case runes[0] >= '1' && runes[0] <= '9':
		return int(runes[0] - '1')
	}
	return slices.Index(kanaMarks, runes[0])
}

// optionLetter returns the 0-based letter of an option column, or -1.
func optionLetter(name string) int {
	letter, ok := strings.CutPrefix(name, columnOption)
	if !ok || len(letter) != 1 || letter[0] < 'a' || letter[0] > 'z' {
		return -1
	}
	return int(letter[0] - 'a')
}

// headerLike tells a header from a question: it names the question and the key, or at least three columns.
func headerLike(cells []string) bool {
	known := 0
	for _, c := range cells {
		name := columnName(c)
		if slices.Contains(plainColumns, name) || optionLetter(name) >= 0 {
			known++
		}
	}
	return known >= 3
}

func firstRecord(text string, comma byte) textfile.Row {
	s := textfile.NewScanner(text, comma)
	for {
		rec, ok := s.Next()
		if !ok || !rec.Empty() {
			return rec
		}
	}
}

func csvHeaderLike(text string) bool {
	return headerLike(firstRecord(text, delimiterOf(text)).Cells)
}

// csvHeaderless tells rows of stem, four options and a key letter, without a header, as the MMLU
// and JMMLU collections have them.
func csvHeaderless(text string) bool { return headerlessRow(firstRecord(text, ',').Cells) }

const headerlessCells = 6

func headerlessRow(cells []string) bool {
	if len(cells) != headerlessCells {
		return false
	}
	key := foldText(cells[headerlessCells-1])
	return len(key) == 1 && key[0] >= 'a' && key[0] <= 'd'
}

// delimiterOf returns the delimiter under which the first row names the most columns; a comma when
// none does better.
func delimiterOf(text string) byte {
	best, most := byte(','), 0
	line, _, _ := strings.Cut(strings.TrimLeft(text, "\n"), "\n")
	for _, comma := range []byte{',', '\t', ';'} {
		known := 0
		for c := range strings.SplitSeq(line, string(comma)) {
			name := columnName(strings.Trim(c, `" `))
			if slices.Contains(plainColumns, name) || optionLetter(name) >= 0 {
				known++
			}
		}
		if known > most {
			best, most = comma, known
		}
	}
	return best
}

// headerless is the layout of a file without a header.
func headerlessHeader() *csvHeader {
	return &csvHeader{
		column:  map[string]int{columnQuestion: 0, columnAnswer: headerlessCells - 1},
		options: []int{1, 2, 3, 4},
		width:   headerlessCells,
	}
}

// readHeader reads the header row; it returns nil when the file cannot be read without it.
func readHeader(r *Report, rec *textfile.Row) *csvHeader {
	h := &csvHeader{column: map[string]int{}, width: len(rec.Cells)}
	sound := true
	for i, cell := range rec.Cells {
		p, name := place{line: rec.Line, element: strings.TrimSpace(cell)}, columnName(cell)
		if !h.addColumn(r, p, i, name) {
			sound = false
		} else if isJapanese(norm.NFKC.String(cell)) && h.has(name) {
			r.note(p, codeJapaneseColumn, "column", name)
		}
	}
	for _, name := range []string{columnQuestion, columnOption + "a", columnOption + "b", columnAnswer} {
		if !h.has(name) {
			r.error(place{line: rec.Line, element: name}, codeMissingColumn, "column", name)
			sound = false
		}
	}
	if !sound {
		return nil
	}
	return h
}

func (h *csvHeader) has(name string) bool {
	if i := optionLetter(name); i >= 0 {
		return i < len(h.options) && h.options[i] >= 0
	}
	_, ok := h.column[name]
	return ok
}

func (h *csvHeader) addColumn(r *Report, p place, cell int, name string) bool {
	letter := optionLetter(name)
	switch {
	case name == "":
		return true
	case letter >= maxOptions:
		r.error(p, codeOptionColumn, "column", name)
		return false
	case h.has(name):
		r.error(p, codeRepeatedColumn, "column", name)
		return false
	case letter >= 0:
		for len(h.options) <= letter {
			h.options = append(h.options, -1)
		}
		h.options[letter] = cell
	case slices.Contains(plainColumns, name):
		h.column[name] = cell
	default:
		r.note(p, codeExtraColumn, "column", name)
	}
	return true
}

// lastNeeded is the last cell that a row must have.
func (h *csvHeader) lastNeeded() int {
	return max(h.column[columnQuestion], h.column[columnAnswer], h.options[0], h.options[1])
}

// get returns a row's cell of a column, trimmed; "" when it has none.
func (h *csvHeader) get(cells []string, name string) string {
	i, ok := h.column[name]
	if !ok || i >= len(cells) {
		return ""
	}
	return strings.TrimSpace(cells[i])
}
