package questionset

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
