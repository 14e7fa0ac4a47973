package questionset

import "strings"

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
			"mehrfachauswahl choix_multiple qcm 選択 選択式 選択問題 択一 多肢選択 multiple_choice_question 選択式問題 多肢選択式 多肢選択問題",
		rowSingle: "single_choice singlechoice single single_answer single_select sc radio one_answer 単一選択 単数選択 択一式 seleccion_unica " +
			"opcion_unica einfachauswahl choix_unique qcu",
		rowMultiple: "multiple_answer multiple_answers multipleanswer multiple_response multiple_select multi_select multiselect checkbox " +
			"checkboxes ma mr 複数選択 複数回答 respuesta_multiple mehrfachantwort reponses_multiples",
		rowTrueFalse:   "true_false truefalse true/false t/f true_or_false true_false_question true/false_question ○×問題 〇×問題 ◯×問題 ○×式 tf boolean bool yes_no 正誤 正誤問題 ○× 〇× ◯× マルバツ verdadero_falso verdadero/falso wahr_falsch richtig_falsch vrai_faux vrai/faux",
		rowShort:       "short_text short_answer short_answer_question short_answer_questions fill_in_the_blanks fill_in_blank 穴埋め問題 穴埋め式 短答式 短答問題 shortanswer short sa fill_in fill_in_the_blank text 短答 記述短答 語句 穴埋め respuesta_corta kurzantwort reponse_courte",
		rowNumeric:     "numeric numerical numeric_entry numeric_response numerical_question numeric_answer 数値入力 計算問題 number num 数値 数値問題 計算 numerica numerico numerisch numerique",
		rowEssay:       "essay essay_question 記述問題 記述式問題 論述問題 long_text long_answer open open_ended paragraph free_text 記述 論述 記述式 論述式 自由記述 ensayo desarrollo aufsatz freitext redaction",
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

// kindOf is what the type of a row says; false where it is no word that is known.
func (h *tableHeader) kindOf(cells []string) (rowKind, bool) {
	kind, known := h.types[strings.ReplaceAll(foldName(h.get(cells, columnType)), "__", "_")]
	return kind, known
}

// moreTypeWords are words of the type column in these languages.
var moreTypeWords = map[rowKind]string{
	rowChoice:   "选择 选择题 選擇題 客观题 객관식 선택형",
	rowSingle:   "单选 单选题 单项选择 单项选择题 單選 單選題",
	rowMultiple: "多选 多选题 多项选择 多项选择题 不定项选择题 多選 多選題 複選題",
	rowTrueFalse: "判断 判断题 判斷題 是非 是非题 是非題 o/x ox vero_falso vero/falso verdadeiro_falso verdadeiro/falso prawda_fałsz doğru_yanlış " +
		"benar_salah đúng_sai",
	rowShort: "填空 填空题 填空題 단답형",
	rowEssay: "简答 简答题 簡答題 论述 论述题 論述題 问答 问答题 問答題 名词解释 서술형 논술형",
}
