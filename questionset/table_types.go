package questionset

import (
	"cmp"
	"strings"

	"shiken/exam"
)

// rowKind is what a row asks for.
type rowKind int

// The kinds. A choice is of one or of several options as its key says.
const (
	rowChoice rowKind = iota
	rowSingle
	rowMultiple
	rowTrueFalse
	rowShort
	rowNumeric
	rowEssay
	rowDescription
	rowMatching
	rowOrdering
	rowUnread // known, and not read from rows
)

// isChoice tells the kinds whose key names options.
func (k rowKind) isChoice() bool { return k == rowChoice || k == rowSingle || k == rowMultiple }

// typeWords are the words of the type column, folded. "Multiple choice" means one right option to many
// authors and several to others: the key decides.
var typeWords = map[string]rowKind{}

func init() {
	for kind, words := range map[rowKind]string{
		rowChoice: "choice multiple_choice multiplechoice mc mcq multichoice multiple opcion_multiple opcion_multiple_choice seleccion_multiple " +
			"mehrfachauswahl choix_multiple qcm 選択 選択式 選択問題 択一 多肢選択",
		rowSingle: "single_choice singlechoice single single_answer single_select sc radio one_answer 単一選択 単数選択 択一式 seleccion_unica " +
			"opcion_unica einfachauswahl choix_unique qcu",
		rowMultiple: "multiple_answer multiple_answers multipleanswer multiple_response multiple_select multi_select multiselect checkbox " +
			"checkboxes ma mr 複数選択 複数回答 respuesta_multiple mehrfachantwort reponses_multiples",
		rowTrueFalse:   "true_false truefalse true/false tf boolean bool yes_no 正誤 正誤問題 ○× 〇× ◯× マルバツ verdadero_falso verdadero/falso wahr_falsch richtig_falsch vrai_faux vrai/faux",
		rowShort:       "short_text short_answer shortanswer short sa fill_in fill_in_the_blank text 短答 記述短答 語句 穴埋め respuesta_corta kurzantwort reponse_courte",
		rowNumeric:     "numeric numerical number num 数値 数値問題 計算 numerica numerico numerisch numerique",
		rowEssay:       "essay long_text long_answer open open_ended paragraph free_text 記述 論述 記述式 論述式 自由記述 ensayo desarrollo aufsatz freitext redaction",
		rowDescription: "description info information label 説明 descripcion beschreibung",
		rowMatching:    "matching match pairs 組合せ 組み合わせ 対応 マッチング emparejamiento relacionar zuordnung appariement",
		rowOrdering:    "ordering order sequence sorting 並べ替え 並び替え 整序 順序 ordenar ordenacion reihenfolge sortieren classement",
		rowUnread:      "gaps cloze gap_text gapfill dropdown hotspot matrix file_upload upload calculated drag_and_drop survey poll likert",
	} {
		for _, word := range append(strings.Fields(words), foldedWords(moreTypeWords[kind])...) {
			typeWords[word] = kind
		}
	}
}

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

// kindOf is what the type of a row says; false where it is no word that is known.
func (h *tableHeader) kindOf(cells []string) (rowKind, bool) {
	kind, known := h.types[strings.ReplaceAll(foldName(h.get(cells, columnType)), "__", "_")]
	return kind, known
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
	case !known && w.header.open():
		return rowChoice, true
	case known || len(w.optionCells()) < 2 || w.get(columnAnswer) == "":
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

// optionCell is an option of a row that has a text.
type optionCell struct {
	place int // 0-based
	text  string
}

func (w *tableRow) optionCells() []optionCell {
	var out []optionCell
	for place := range max(len(w.header.options), len(w.list.parts)) {
		if text := w.get(columnOption + placeName(place)); text != "" {
			out = append(out, optionCell{place, text})
		}
	}
	return out
}

// soundCells are the option cells, judged; false when one is not sound.
func (w *tableRow) soundCells() ([]optionCell, bool) {
	cells, sound := w.optionCells(), true
	for _, c := range cells {
		sound = w.file.Report.checkText(w.p.at(columnOption+placeName(c.place)), c.text, MaxText) && sound
	}
	return cells, sound
}

// choice reads a choice of one or several options.
func (w *tableRow) choice(kind rowKind) bool {
	options, sound := w.options()
	if !sound {
		return false
	}
	w.q.Question.Options = options
	right, sound := w.rightOptions(options)
	if !sound {
		return false
	}
	if kind == rowSingle && len(right) > 1 {
		w.file.Report.error(w.p.at(columnAnswer), codeTypeKeys, "key", w.get(columnAnswer))
		return false
	}
	w.q.Key.Options = map[string]int{}
	for _, id := range right {
		w.q.Key.Options[id] = exam.FullCredit
	}
	w.q.Question.Type = choiceType(options, len(right))
	if kind == rowMultiple {
		w.q.Question.Type = exam.MultipleChoice
	}
	checkOptions(&w.file.Report, w.p, options)
	return w.optionFeedback()
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
// where the options that are there say true and false, and nothing at all where they are the last.
func (w *tableRow) options() ([]exam.Option, bool) {
	r := &w.file.Report
	cells, sound := w.soundCells()
	var out []exam.Option
	for _, c := range cells {
		out = append(out, exam.Option{ID: optionID(c.place), Text: w.text(columnOption+placeName(c.place), c.text)})
	}
	empty := w.emptyOptions(cells)
	switch {
	case len(out) < 2:
		r.error(w.p, codeOneOption, "count", len(out))
		return nil, false
	case len(empty) > 0 && isTruthPair(out):
		r.note(w.p, codeEmptyOption, "options", strings.Join(empty, ", "))
	case len(empty) > 0:
		r.warning(w.p, codeEmptyOption, "options", strings.Join(empty, ", "))
	}
	return out, sound
}

// emptyOptions names the options without a text. Where a type column lets rows differ, or a template has
// more columns than most questions need, those behind the last option are none.
func (w *tableRow) emptyOptions(cells []optionCell) []string {
	last := len(w.header.options) - 1
	if len(cells) > 0 && (w.header.numbered || w.header.joined || w.header.has(columnType)) {
		last = cells[len(cells)-1].place
	}
	var empty []string
	for place := 0; place <= last; place++ {
		name := columnOption + placeName(place)
		if w.header.has(name) && w.get(name) == "" {
			empty = append(empty, strings.ToUpper(optionID(place)))
		}
	}
	return empty
}

// optionFeedback reads the feedback to single options.
func (w *tableRow) optionFeedback() bool {
	sound := true
	for place := range w.header.feedback {
		name := columnFeedback + optionID(place)
		text := w.get(name)
		switch {
		case text == "":
			continue
		case !w.file.Report.checkText(w.p.at(name), text, MaxText):
			sound = false
		case !hasOption(w.q.Question.Options, optionID(place)):
			w.file.Report.warning(w.p.at(name), codeFeedbackNoOption, "text", text)
		default:
			if w.q.Feedback.Options == nil {
				w.q.Feedback.Options = map[string]exam.Text{}
			}
			w.q.Feedback.Options[optionID(place)] = w.text(name, text)
		}
	}
	return sound
}

// truths are the words for right and wrong of a key, folded.
var truths = func() map[string]bool {
	words := map[string]bool{"1": true, "0": false, "v": true, "真実": true, "correct": true, "incorrect": false, "wrong": false,
		"right": true, "对": true, "错": false, "對": true, "錯": false, "正确": true, "错误": false, "正確": true, "錯誤": false, "√": true,
		"✓": true, "✗": false, "참": true, "거짓": false, "verdadeiro": true, "vero": true, "верно": true, "неверно": false, "prawda": true,
		"fałsz": false, "doğru": true, "yanlış": false, "benar": true, "salah": false, "đúng": true, "sai": false, "wahr": true, "falsch": false, "richtig": true, "vrai": true, "faux": false, "si": true, "sí": true, "no": false}
	for right, wrong := range truthPairs {
		words[right], words[wrong] = true, false
	}
	return words
}()

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

// cross is the letter that says "wrong" beside a circle, and with which others tick what is right.
const cross = "x"

// circles are the answers that say "right" where a cross says "wrong", folded.
var circles = map[string]bool{"o": true, "○": true, "◯": true, "〇": true, "√": true, "✓": true}

// crosses reports whether a letter x surely says "wrong": in Japanese and Chinese, by the name of the type, or because
// other rows have circles.
func (w *tableRow) crosses() bool {
	kind := foldText(w.get(columnType))
	named := kind == "ox" || kind == "o/x" || strings.Contains(kind, "×")
	return named || isJapanese(w.q.Question.Stem.Source+kind) || w.facts().circles
}
