package questionset

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// The columns, as their names are written in any order and case. Options stand in option_a to option_z,
// feedback to single options in feedback_a to feedback_z; or all options in one cell.
const (
	columnID          = "id"
	columnCategory    = "category"
	columnYear        = "year"
	columnType        = "type"
	columnGroup       = "group"
	columnStimulus    = "stimulus"
	columnFormat      = "text_format"
	columnQuestion    = "question"
	columnImage       = "image"
	columnImageAlt    = "image_alt"
	columnOptions     = "options"
	columnWrongs      = "wrong_answers"
	columnAnswer      = "correct_answer"
	columnTolerance   = "tolerance"
	columnUnit        = "unit"
	columnExplanation = "explanation"
	columnReference   = "reference"
	columnDifficulty  = "difficulty"
	columnTags        = "tags"
	columnOption      = "option_"
	columnFeedback    = "feedback_"
	columnWrong       = "wrong_" // beside the right answer in a column of its own
)

// maxOptions is the number of option columns, a to z.
const maxOptions = 26

// plainColumns are the columns that stand once, in the order in which they are written.
var plainColumns = []string{columnID, columnCategory, columnYear, columnType, columnGroup, columnStimulus,
	columnFormat, columnQuestion, columnImage, columnImageAlt, columnOptions, columnWrongs, columnAnswer, columnTolerance, columnUnit,
	columnExplanation, columnReference, columnDifficulty, columnTags}

// columnWords are the names that question files give to columns, folded: in English, Japanese, Spanish,
// German, French, Portuguese and Italian.
var columnWords = wordsOf(moreColumnWords, map[string]string{
	columnID: "id no nr num number numero nummer # qid question_id question_no question_number numero_de_pregunta " +
		"frage_nr fragenummer n° nº 番号 問題番号 問番号 設問番号 問",
	columnCategory: "category topic subject chapter categoria tema materia asignatura kategorie thema fach " +
		"categorie theme matiere 分野 カテゴリ カテゴリー 科目 単元 領域 ジャンル",
	columnYear:     "year ano anio jahr annee anno 年度 年 出題年 出題年度",
	columnType:     "type question_type qtype kind tipo tipo_de_pregunta typ fragetyp fragentyp type_de_question 形式 種類 種別 問題形式 問題種別 出題形式",
	columnGroup:    "group stimulus_group grupo gruppe groupe 大問 大問番号 グループ",
	columnStimulus: "stimulus passage reading_passage texto_comun pasaje lesetext texte_commun 本文 共通文 問題文共通 リード文",
	columnFormat:   "text_format textformat 書式 テキスト形式",
	columnQuestion: "question questions question_text questiontext stem question_stem prompt pregunta preguntas enunciado texto_de_la_pregunta frage fragetext " +
		"fragestellung aufgabe aufgabentext enonce intitule libelle texte_de_la_question pergunta domanda 問題 問題文 設問 設問文 質問 質問文 出題文 問い",
	columnImage:    "image images picture figure img image_file imagen imagenes bild bilddatei imagem immagine 画像 図 画像ファイル 図表",
	columnImageAlt: "image_alt alt alt_text image_description texto_alternativo alternativtext texte_alternatif 代替テキスト 画像の説明",
	columnAnswer: "correct_answer correct_answers correct answer answers answer_key key right_answer right_answers correct_option " +
		"correct_options correct_choice correct_response solution correcta correctas respuesta respuesta_correcta respuestas_correctas opcion_correcta " +
		"richtig richtige_antwort richtige_antworten korrekte_antwort antwort losung bonne_reponse bonnes_reponses reponse reponse_correcte reponses_correctes " +
		"resposta_correta resposta risposta_corretta risposta 正解 解答 正答 答え 正解番号 正答番号 正解の選択肢 回答",
	columnTolerance: "tolerance margin tolerancia toleranz fehlertoleranz tolleranza 許容誤差 誤差 許容範囲",
	columnUnit:      "unit units unidad unidades einheit unite unita unidade 単位",
	columnExplanation: "explanation explanations feedback general_feedback rationale justification comment explicacion explicaciones retroalimentacion justificacion " +
		"erklarung begrundung ruckmeldung explication retour commentaire explicacao spiegazione 解説 説明 解説文 フィードバック",
	columnReference:  "reference references source referencia fuente quelle referenz fonte 出典 参考 参照 参考文献",
	columnDifficulty: "difficulty level dificultad nivel schwierigkeit schwierigkeitsgrad difficulte niveau difficolta dificuldade 難易度 難度 レベル",
	columnTags:       "tags tag keywords etiquetas palabras_clave schlagworter schlagworte mots_cles etiquettes タグ キーワード",
})

// optionWords begin the names of option columns, before a letter or a number; alone a letter or a number
// names an option, too.
var optionWords = foldedWords(moreOptionWords + " option choice answer alternative answer_option opcion respuesta alternativa antwort antwortmoglichkeit " +
	"auswahl reponse choix proposition opcao resposta risposta opzione 選択肢 選択枝 肢 回答 解答 答え")

var feedbackWords = strings.Fields("feedback explanation_option option_feedback answer_feedback")

// wordsOf are the columns of words, folded; what a later map says of a word counts.
func wordsOf(maps ...map[string]string) map[string]string {
	words := map[string]string{}
	for _, lists := range maps {
		for column, list := range lists {
			for _, word := range foldedWords(list) {
				words[word] = column
			}
		}
	}
	return words
}

func foldedWords(list string) []string {
	words := strings.Fields(list)
	for i := range words {
		words[i] = foldName(words[i])
	}
	return words
}

// foldName brings the names of columns into one form: NFKC, lower case, without accents, words joined
// by an underscore.
func foldName(cell string) string {
	s := strings.ToLower(camelCase.ReplaceAllString(norm.NFKC.String(cell), "${1}_$2"))
	s = norm.NFC.String(strings.Map(func(r rune) rune {
		if r >= 0x0300 && r <= 0x036F { // accents of Latin letters, not the voicing of kana
			return -1
		}
		return r
	}, norm.NFD.String(s)))
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || r == '_' || r == '-' || r == '.' || r == ':' || r == '?' || r == '*' || r == '"' || r == '\''
	}), "_")
}

// camelCase finds where a word of "correctAnswer" ends.
var camelCase = regexp.MustCompile(`(\p{Ll})(\p{Lu})`)

// remark begins what templates add behind a name: "Question - max 120 characters", "Correct answer(s)".
var remark = regexp.MustCompile(`\s[-–—]\s|:\s|\s*[(（\[]`)

// columnName reads the name of a column; "" when it has none. A name that is not known comes back
// folded.
func columnName(cell string) string {
	whole := foldName(cell)
	if name := knownColumn(whole); name != "" {
		return name
	}
	if at := remark.FindStringIndex(cell); at != nil && at[0] > 0 {
		if name := knownColumn(foldName(cell[:at[0]])); name != "" {
			return name
		}
	}
	return whole
}

// knownColumn is the column that a folded name means, "" for none.
func knownColumn(name string) string {
	if column, ok := columnWords[name]; ok {
		return column
	}
	if slices.Contains(plainColumns, name) {
		return name
	}
	if place := markAfter(name, feedbackWords); place >= 0 {
		return columnFeedback + placeName(place)
	}
	if place := markAfter(name, optionWords); place >= 0 {
		return columnOption + placeName(place)
	}
	return wrongName(name)
}

// placeName names a 0-based option column, also one beyond the last that there may be.
func placeName(place int) string {
	if place < maxOptions {
		return optionID(place)
	}
	return strconv.Itoa(place + 1)
}

// markAfter returns the option of a name that is one of the words and a letter or a number, or -1.
func markAfter(name string, words []string) int {
	for _, w := range words {
		mark, ok := strings.CutPrefix(name, w)
		if !ok || mark == "s" { // a plural
			continue
		}
		if place := markPlace(strings.Trim(strings.TrimSuffix(mark, "_text"), "_()（）")); place >= 0 {
			return place
		}
	}
	return -1
}

// kanaMarks are the letters that Japanese exams give to options, in their order.
var kanaMarks = []rune("アイウエオカキクケコ")

// markPlace returns the 0-based option that a folded letter, number or kana stands for, or -1.
func markPlace(mark string) int {
	runes := []rune(mark)
	switch {
	case len(runes) == 0 || len(runes) > 2:
		return -1
	case runes[0] >= '1' && runes[0] <= '9':
		if n, err := strconv.Atoi(mark); err == nil {
			return n - 1
		}
		return -1
	case len(runes) == 2:
		return -1
	case runes[0] >= 'a' && runes[0] <= 'z':
		return int(runes[0] - 'a')
	}
	return slices.Index(kanaMarks, runes[0])
}

// bareMark returns the option that a cell of nothing but a letter or a number may name, or -1.
func bareMark(cell string) int {
	s := foldName(cell)
	if len([]rune(s)) != 1 {
		return -1
	}
	return markPlace(s)
}

// optionPlace returns the 0-based place of an option column, or -1; feedbackPlace that of the feedback
// to one.
func optionPlace(name string) int   { return placeAfter(name, columnOption) }
func feedbackPlace(name string) int { return placeAfter(name, columnFeedback) }

func placeAfter(name, prefix string) int {
	mark, ok := strings.CutPrefix(name, prefix)
	if !ok {
		return -1
	}
	return markPlace(mark)
}

// isColumn tells the names that columnName gives to columns that are read.
func isColumn(name string) bool {
	return slices.Contains(plainColumns, name) || optionPlace(name) >= 0 || feedbackPlace(name) >= 0 || wrongPlace(name) >= 0
}
