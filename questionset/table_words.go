package questionset

import "strings"

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

// moreColumnWords are names of columns in further languages: Chinese, Korean, Russian, Polish, Turkish, Indonesian,
// Vietnamese and Dutch; and names that programs give them.
var moreColumnWords = map[string]string{
	columnID: "序号 编号 题号 題號 번호 номер lp sıra",
	columnCategory: "章节 分类 类别 章節 分類 類別 知识点 분류 카테고리 과목 단원 категория раздел тема kategoria dział konu ders kategori " +
		"materi mata_pelajaran chủ_đề danh_mục onderwerp categorie argomento capitolo",
	columnType: "タイプ 题型 题目类型 試題類型 類型 유형 문제_유형 문제유형 тип тип_вопроса typ_pytania soru_tipi tipe tipe_soal jenis_soal loại_câu_hỏi " +
		"vraagtype tipo_di_domanda tipo_de_questão",
	columnQuestion: "text prompt mcq question_content question_body question_title quiz_question 题目 題目 题干 題幹 问题 试题 試題 题目内容 문제 질문 문항 문제내용 " +
		"вопрос текст_вопроса pytanie treść_pytania soru soru_metni pertanyaan soal câu_hỏi vraag vraagtekst otázka questão quesito testo_della_domanda",
	columnAnswer: "ans correct_option_id correct_option_ids correct_answer_text correct_option_text correct_choices correct_letter answer_letter " +
		"correct_index correct_answer_index answer_index correct_option_index correct_choice_index right_index " +
		"答案 正确答案 正確答案 参考答案 參考答案 标准答案 정답 답 답안 правильный_ответ верный_ответ ответ poprawna_odpowiedź odpowiedź poprawna doğru_cevap doğru_şık " +
		"doğru_seçenek cevap kunci kunci_jawaban jawaban jawaban_benar đáp_án đáp_án_đúng câu_trả_lời juiste_antwoord correcte_antwoord antwoord " +
		"správná_odpověď corretta esatta risposta_esatta gabarito correta alternativa_correta opção_correta resposta_certa",
	columnOptions: "options option_list choices choice_list answer_options answer_choices possible_answers all_answers question_answers options_json " +
		"choices_json opciones optionen alternativas alternatives choix opcoes opzioni 選択肢 選択肢一覧 选项 選項 보기 선택지 варианты варианты_ответов warianty " +
		"seçenekler pilihan pilihan_jawaban opsi lựa_chọn",
	columnWrongs: "wrong_answers wrong_options incorrect_answers incorrect_options distractors respuestas_incorrectas falsche_antworten",
	columnExplanation: "comments 解析 答案解析 解释 解釋 说明 說明 해설 설명 풀이 пояснение объяснение комментарий wyjaśnienie açıklama pembahasan penjelasan " +
		"giải_thích uitleg toelichting vysvětlení",
	columnReference:  "来源 來源 출처 источник źródło kaynak sumber nguồn bron",
	columnDifficulty: "难度 难易度 난이도 сложность trudność zorluk tingkat_kesulitan độ_khó moeilijkheid",
	columnTags:       "标签 標籤 태그 теги tagi etiketler nhãn",
}

// moreOptionWords begin the names of option columns in these languages.
const moreOptionWords = "opt ans 选项 選項 보기 선택지 вариант вариант_ответа ответ odpowiedź wariant şık seçenek cevap pilihan opsi jawaban " +
	"đáp_án phương_án lựa_chọn optie antwoord keuze možnost"

// wrongWords begin the names of columns with wrong answers.
var wrongWords = foldedWords("wrong wrong_answer wrong_option incorrect incorrect_answer incorrect_option distractor false_answer errata risposta_errata " +
	"sbagliata incorrecta respuesta_incorrecta mauvaise_reponse resposta_errada incorreta falsche_antwort 誤答 不正解 错误答案 오답")

// weakQuestions are names that tables of other things have too, beside a column "key".
var weakQuestions = map[string]bool{"text": true, "prompt": true, "soal": true}

// asideNames are the names of columns that nobody gives to options, folded.
var asideNames = func() map[string]bool {
	names := map[string]bool{}
	for _, name := range foldedWords("points score marks weight author created created_at created_by date updated updated_at status url link page " +
		"language time time_limit remark remarks note notes bloom blooms bloom's_level bloom_level bloom's_taxonomy standard objective learning_objective hint " +
		"配点 点数 得点 作成者 作成日 更新日 日付 備考 メモ ヒント ページ 頁 時間 制限時間 出題者") {
		names[name] = true
	}
	return names
}()

// pointNames are names of questions and answers in German, Spanish, Portuguese, Italian, Dutch, Turkish, Indonesian
// and Vietnamese, folded.
var pointNames = func() map[string]bool {
	names := map[string]bool{}
	for _, name := range foldedWords("frage fragetext fragestellung aufgabe aufgabentext antwort losung richtige_antwort pregunta preguntas enunciado " +
		"respuesta respuesta_correcta questão resposta resposta_correta pergunta domanda risposta risposta_corretta quesito vraag vraagtekst antwoord " +
		"juiste_antwoord soru cevap doğru_cevap pertanyaan jawaban kunci_jawaban câu_hỏi đáp_án") {
		names[name] = true
	}
	return names
}()
