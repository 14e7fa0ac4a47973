package questionset_test

import (
	"encoding/csv"
	"maps"
	"slices"
	"strings"
	"testing"

	"shiken/exam"
	"shiken/questionset"
)

// parseAs reads a file with options.
func parseAs(t testing.TB, name, data string, opts questionset.Options) *questionset.File {
	t.Helper()
	f, err := questionset.Parse(t.Context(), name, strings.NewReader(data), opts)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// problems are the findings that are no notes.
func problems(f *questionset.File) []string {
	return slices.DeleteFunc(found(f), func(s string) bool { return strings.HasPrefix(s, "note ") })
}

func wantProblems(t *testing.T, f *questionset.File, want ...string) {
	t.Helper()
	if got := problems(f); !slices.Equal(got, want) {
		t.Errorf("problems\n got %q\nwant %q", got, want)
	}
}

func right(q questionset.Question) string {
	return strings.Join(slices.Sorted(maps.Keys(q.Key.Options)), "")
}

// Question files name their columns in the languages of their authors.
func TestTableHeaderWords(t *testing.T) {
	for name, data := range map[string]string{
		"luisaugustos": "Pregunta,Opcion1,Opcion2,Opcion3,Opcion4,Correcta,Explicación\nS,p,q,r,s,2,E\n",
		"Spanish":      "Nº,Tema,Enunciado,Opción A,Opción B,Opción C,Opción D,Respuesta correcta,Retroalimentación\n1,c,S,p,q,r,s,B,E\n",
		"German":       "Nr.;Thema;Frage;Antwort 1;Antwort 2;Antwort 3;Antwort 4;Lösung;Erklärung\n1;c;S;p;q;r;s;2;E\n",
		"French":       "Numéro;Thème;Énoncé;Réponse A;Réponse B;Réponse C;Réponse D;Bonne réponse;Explication\n1;c;S;p;q;r;s;b;E\n",
		"bare letters": "Question,A,B,C,D,Answer,Explanation\nS,p,q,r,s,B,E\n",
		"bare numbers": "Question,1,2,3,4,Correct,Feedback\nS,p,q,r,s,2,E\n",
		"choices":      "No.,Question Text,Choice A,Choice B,Choice C,Choice D,Answer Key,Rationale\n1,S,p,q,r,s,B,E\n",
		"camel case":   "QuestionText,optionA,optionB,optionC,optionD,correctAnswer,explanation\nS,p,q,r,s,B,E\n",
		"remarks":      "Question (required),Option 1 (max 75),Option 2,Option 3,Option 4,Correct answer(s) - choose one,Explanation: why\nS,p,q,r,s,2,E\n",
		"Chinese":      "题型,题目,选项A,选项B,选项C,选项D,答案,解析\n单选题,S,p,q,r,s,B,E\n",
		"Korean":       "번호,문제,보기1,보기2,보기3,보기4,정답,해설\n1,S,p,q,r,s,2,E\n",
		"Russian":      "Вопрос;Вариант 1;Вариант 2;Вариант 3;Вариант 4;Правильный ответ;Пояснение\nS;p;q;r;s;2;E\n",
		"Polish":       "ID;Kategoria;Pytanie;Odpowiedz A;Odpowiedź B;Odpowiedz C;Odpowiedz D;Poprawna odpowiedz;Wyjaśnienie\n1;c;S;p;q;r;s;q;E\n",
		"Turkish":      "Kategori,Soru,Şık A,Şık B,Şık C,Şık D,Doğru Şık,Açıklama\nc,S,p,q,r,s,B,E\n",
		"Indonesian":   "Pertanyaan,Pilihan A,Pilihan B,Pilihan C,Pilihan D,Kunci,Pembahasan\nS,p,q,r,s,B,E\n",
		"Vietnamese":   "Câu hỏi,Đáp án A,Đáp án B,Đáp án C,Đáp án D,Đáp án đúng,Giải thích\nS,p,q,r,s,B,E\n",
		"programs":     "question_text,choice_1_text,choice_2_text,choice_3_text,choice_4_text,correct_option_ids,explanation\nS,p,q,r,s,2,E\n",
		"two subjects": "Subject,Topic,Question,Option A,Option B,Option C,Option D,Correct,Comment\nc,t,S,p,q,r,s,B,E\n",
		"Japanese":     "設問,選択肢1,選択肢2,選択肢3,選択肢4,正解番号,解説文\nS,p,q,r,s,2,E\n",
	} {
		t.Run(name, func(t *testing.T) {
			f := parse(t, "q.csv", data)
			wantProblems(t, f)
			q := one(t, f)
			if q.Question.Stem.Source != "S" || len(q.Question.Options) != 4 || right(q) != "b" {
				t.Errorf("%+v", q)
			}
			if q.Feedback.Explanation.Source != "E" && name != "remarks" {
				t.Errorf("explanation %q", q.Feedback.Explanation.Source)
			}
		})
	}
}

// A word that may mean a column stays somebody's own where the column stands under its name, or where it
// means nothing.
func TestTableWordsThatMeanNothing(t *testing.T) {
	const row = "S,1,2,A,x\n"
	for name, want := range map[string]string{
		"Answer":    "note csv_extra_column@1",
		"Unit":      "note csv_extra_column@1",
		"Group":     "note csv_extra_column@1",
		"Options":   "note csv_extra_column@1",
		"Tolerance": "note csv_extra_column@1",
	} {
		f := parse(t, "q.csv", "question,option_a,option_b,correct_answer,"+name+"\n"+row)
		if got := strings.Join(found(f), " "); got != want || len(f.Questions) != 1 {
			t.Errorf("%s: %s", name, got)
		}
	}
	f := parse(t, "q.csv", "question,option_a,option_b,Answer,Solution\nS,1,2,A,A\n")
	wantProblems(t, f, "error csv_repeated_column@1")
}

func TestTableAboveHeader(t *testing.T) {
	f := parse(t, "q.csv", "Quiz of the week,,\n,,\nPlease keep row 5,,\n\nquestion,option_a,option_b,correct_answer\nS,1,2,A\n")
	wantFound(t, f, "note table_above_header@1")
	if q := one(t, parse(t, "q.csv", "Quiz 3,of,4,0\nquestion,option_a,option_b,correct_answer\nS,p,q,1\n")); right(q) != "a" {
		t.Errorf("a 0 above the header counts as a key: %+v", q)
	}
	if q := one(t, f); q.Line != 6 || f.Table.HeaderLine != 5 || !slices.Equal(f.Table.Fields, []string{"question", "option_a", "option_b", "correct_answer"}) {
		t.Errorf("%+v, %+v", q, f.Table)
	}
}

const kahootCSV = "#,Question,Answer1,Answer2,Answer3,Answer4,Time,Correct\n" +
	"1,1+2?,4,3,2,1,20,2\n2,Which?,p,q,,,30,\"1,2\"\n3,,,,,,20,\n"

func TestKahootCSV(t *testing.T) {
	f := parse(t, "k.csv", kahootCSV)
	wantProblems(t, f)
	if len(f.Questions) != 2 || right(f.Questions[0]) != "b" || right(f.Questions[1]) != "ab" {
		t.Errorf("%+v %q", f.Questions, found(f))
	}
}

func TestTestBankRows(t *testing.T) {
	f := parse(t, "q.csv", "MC,,5,Q1,2,a,b,c,d,,,because\nMR,t,1,Q2,\"1,3\",a,b,c,,,,\nE,,5,Write,,,,,,,,\nTF,,1,Q3,1,True,False,,,,,\nMC,,5,Q4,9,a,b,c,,,,\n")
	wantProblems(t, f, "error table_type_unread@4", "error csv_key_not_understood@5")
	if len(f.Questions) != 3 || right(f.Questions[0]) != "b" || f.Questions[0].Feedback.Explanation.Source != "because" ||
		f.Questions[1].Question.Type != exam.MultipleChoice || f.Questions[2].Question.Type != exam.Essay {
		t.Errorf("%+v", f.Questions)
	}
	if f := parse(t, "q.csv", "MC,,5,Q1,2,a,b,c\n"); len(f.Questions) != 0 {
		t.Error("a row whose last cell may be an option or feedback is guessed")
	}
}

// typedCSV is a file of one question: its type, stem, three options, key, tolerance and unit, parted by
// " / ".
func typedCSV(t testing.TB, cells string) string {
	t.Helper()
	head := []string{"type", "question", "option_a", "option_b", "option_c", "correct_answer", "tolerance", "unit"}
	row := strings.Split(cells, " / ")
	row = append(row, make([]string, len(head)-len(row))...)
	var b strings.Builder
	w := csv.NewWriter(&b)
	if err := w.WriteAll([][]string{head, row}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestTableTypes(t *testing.T) {
	for _, tt := range []struct {
		name, row string
		kind      exam.QuestionType
		problems  []string
	}{
		{"choice by key", "multiple choice / S / p / q / r / B", exam.SingleChoice, nil},
		{"several by key", "MCQ / S / p / q / r / A,B", exam.MultipleChoice, nil},
		{"several with one right", "multiple_answer / S / p / q / r / B", exam.MultipleChoice, nil},
		{"several run together", "multiple_answer / S / p / q / r / ca", exam.MultipleChoice, nil},
		{"single with several", "single_choice / S / p / q / r / A,B", "", []string{"error table_type_keys@2"}},
		{"no type", " / S / p / q /  / B", exam.SingleChoice, nil},
		{"hole", " / S / p /  / r / A", exam.SingleChoice, []string{"warning empty_option@2"}},
		{"true", "True/False / S /  /  /  / true", exam.TrueFalse, nil},
		{"true in Japanese", "正誤 / 問 /  /  /  / ○", exam.TrueFalse, nil},
		{"truth with options", "tf / S / Yes / No /  / B", exam.TrueFalse, nil},
		{"truth of three", "tf / S / p / q / r / B", "", []string{"error table_truth_options@2"}},
		{"truth without key", "tf / S", "", []string{"error no_key@2"}},
		{"truth with nonsense", "tf / S /  /  /  / maybe", "", []string{"error csv_key_not_understood@2"}},
		{"truth with a tick or a cross", "tf / S /  /  /  / x", "", []string{"error table_truth_cross@2"}},
		{"truth with a tick or a cross in French", "vrai/faux / S /  /  /  / x", "", []string{"error table_truth_cross@2"}},
		{"truth with a cross", "o/x / S /  /  /  / x", exam.TrueFalse, nil},
		{"truth with a cross in Japanese", "正誤 / 問い /  /  /  / Ｘ", exam.TrueFalse, nil},
		{"text", "short_text / S /  /  /  / 東京|とうきょう", exam.ShortText, nil},
		{"text without key", "short_text / S", "", []string{"error no_key@2"}},
		{"text that takes all", "short_text / S /  /  /  / *", "", []string{"error accepts_all@2"}},
		{"text with an option", "short_text / S / p /  /  / x", exam.ShortText, []string{"warning table_option_unused@2"}},
		{"number", "数値 / S /  /  /  / ３．１４ / 0.01 / cm", exam.Numeric, nil},
		{"range", "numeric / S /  /  /  / 1〜2", exam.Numeric, nil},
		{"plus minus", "numeric / S /  /  /  / 5±0.5|7", exam.Numeric, nil},
		{"two numbers", "numeric / S /  /  /  / 3 4", "", []string{"error table_number@2"}},
		{"a group of two digits", "numeric / S /  /  /  / 1 000 00", "", []string{"error table_number@2"}},
		{"a power", "numeric / S /  /  /  / 10²", "", []string{"error table_number@2"}},
		{"a fraction", "numeric / S /  /  /  / 1½", "", []string{"error table_number@2"}},
		{"three dots", "numeric / S /  /  /  / 0...5", "", []string{"error table_number@2"}},
		{"two tolerances", "numeric / S /  /  /  / 3±0.1 / 0.5", "", []string{"error table_tolerances@2"}},
		{"a range and a tolerance", "numeric / S /  /  /  / 1..2 / 0.5", "", []string{"error table_tolerances@2"}},
		{"a range and no tolerance", "numeric / S /  /  /  / 1..2 / 0", exam.Numeric, nil},
		{"a tolerance twice", "numeric / S /  /  /  / 3±0.1 / ±0.10", exam.Numeric, nil},
		{"text with a tolerance and a unit", "short_text / S /  /  /  / Bob / 0.5 / kg", exam.ShortText,
			[]string{"warning table_option_unused@2", "warning table_unit_unused@2"}},
		{"choice with a tolerance", " / S / p / q / r / A / 0.5", exam.SingleChoice, []string{"warning table_option_unused@2"}},
		{"comma", "numeric / S /  /  /  / 3,14", "", []string{"error table_number@2"}},
		{"essay", "essay / S", exam.Essay, nil},
		{"description", "description / S", exam.Description, nil},
		{"description with a key", "description / S /  /  /  / x", exam.Description, []string{"warning table_option_unused@2"}},
		{"matching", "matching / S / a -> 1 / b → 2 / -> 3", exam.Matching, nil},
		{"no pair", "matching / S / a -> 1 / b", "", []string{"error table_pair@2"}},
		{"one pair", "matching / S / a -> 1", "", []string{"error too_few_pairs@2"}},
		{"pairs and key", "matching / S / a -> 1 / b -> 2 /  / A", "", []string{"error table_key_unused@2"}},
		{"order", "ordering / S / x / y / z", exam.Ordering, nil},
		{"order by key", "ordering / S / x / y / z / C,A,B", exam.Ordering, nil},
		{"order by half a key", "ordering / S / x / y / z / C,A", "", []string{"error table_order_key@2"}},
		{"order by a repeated key", "ordering / S / x / y / z / C,A,A", "", []string{"error table_order_key@2"}},
		{"gaps", "cloze / S / p / q /  / A", "", []string{"error table_type_unread@2"}},
		{"unknown, no choice", "puzzle / S /  /  /  / x", "", []string{"error table_type_unread@2"}},
		{"unknown, a choice", "theory / S / p / q /  / A", exam.SingleChoice, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := parse(t, "q.csv", typedCSV(t, tt.row))
			wantProblems(t, f, tt.problems...)
			if tt.kind == "" {
				if len(f.Questions) != 0 {
					t.Errorf("taken: %+v", f.Questions)
				}
				return
			}
			if q := one(t, f); q.Question.Type != tt.kind {
				t.Errorf("type %s", q.Question.Type)
			}
		})
	}
}

func TestTableKeys(t *testing.T) {
	row := func(cells string) questionset.Question { return one(t, parse(t, "q.csv", typedCSV(t, cells))) }
	if k := row(`short_text / S /  /  /  / a\|b| c `).Key.Texts; len(k) != 2 || k[0].Pattern != "a|b" || k[1].Pattern != "c" || k[0].Weight != exam.FullCredit {
		t.Errorf("%+v", k)
	}
	if k := row("numeric / S /  /  /  / ３．１４ / ±０．０１ / cm"); k.Key.Numbers[0].Min != "3.13" || k.Key.Numbers[0].Max != "3.15" || k.Question.Unit != "cm" {
		t.Errorf("%+v", k)
	}
	if k := row("numeric / S /  /  /  / 1..2|5 / 0.5").Key.Numbers; k[0] != (exam.NumberKey{Min: "1", Max: "2", Weight: exam.FullCredit}) || k[1].Min != "4.5" {
		t.Errorf("%+v", k)
	}
	for source, want := range map[string]string{
		"1 000": "1000..1000", "12\u202f345.5": "12345.5..12345.5", "- 5": "-5..-5", "5 ± 0.5": "4.5..5.5", "0…2": "0..2", "1 .. 2": "1..2", "−１": "-1..-1",
	} {
		if k := row("numeric / S /  /  /  / " + source).Key.Numbers; len(k) != 1 || k[0].Min+".."+k[0].Max != want {
			t.Errorf("%s: %+v", source, k)
		}
	}
	if q := row("matching / S / a -> 1 / b -> 1 / -> 3"); len(q.Question.Options) != 2 || q.Key.Pairs["p1"] != "a" || q.Key.Pairs["p2"] != "a" {
		t.Errorf("%+v %+v", q.Question, q.Key)
	}
	if q := row(`ordering / S / x / y / z / C,A,B`); !slices.Equal(q.Key.Order, []string{"p3", "p1", "p2"}) || q.Question.Prompts[0].Text.Source != "x" {
		t.Errorf("%+v %+v", q.Question, q.Key)
	}
	if q := row("essay / S /  /  /  / Model"); q.Key.Guide.Source != "Model" || !q.NeedsMarker() {
		t.Errorf("%+v", q)
	}
}

// Letters with nothing between them are told from words by the other keys of the table.
func TestTableLettersRunTogether(t *testing.T) {
	const header = "type,question,option_a,option_b,option_c,option_d,correct_answer\n"
	for _, tt := range []struct {
		name, data, right string
		problems          []string
	}{
		{"capitals", "mc,S,p,q,r,s,AB\nmc,T,p,q,r,s,D\n", "ab d", []string{"warning table_key_run@2"}},
		{"small letters", "mc,S,p,q,r,s,ab\nmc,T,p,q,r,s,d\n", "ab d", []string{"warning table_key_run@2"}},
		{"small among capitals", "mc,S,p,q,r,s,ab\nmc,T,p,q,r,s,D\n", "d", []string{"error table_key_word@2"}},
		{"capitals among small", "mc,S,p,q,r,s,AB\nmc,T,p,q,r,s,d\n", "d", []string{"error table_key_word@2"}},
		{"among texts", "mc,S,p,q,r,s,AB\nmc,T,cow,pig,cat,dog,pig\n", "b", []string{"error table_key_word@2"}},
		{"several among texts", "mr,S,p,q,r,s,AB\nmc,T,cow,pig,cat,dog,pig\n", "ab b", nil},
		{"a word of several among texts", "mr,S,p,q,r,s,bad\nmc,T,cow,pig,cat,dog,pig\n", "b", []string{"error table_key_word@2"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := parse(t, "q.csv", header+tt.data)
			wantProblems(t, f, tt.problems...)
			var got []string
			for _, q := range f.Questions {
				got = append(got, right(q))
			}
			if strings.Join(got, " ") != tt.right {
				t.Errorf("right %q", got)
			}
		})
	}
}

// What an x beside a statement says is told by the other rows, or not at all. A place is no truth.
func TestTableTruthMarks(t *testing.T) {
	for _, tt := range []struct {
		name, data, right string
		problems          []string
	}{
		{"circles and crosses", "type,question,answer\ntf,S,x\ntf,T,o\n", "false true", nil},
		{"ticks and crosses", "type,question,answer\ntf,S,✓\ntf,T,X\n", "true false", nil},
		{"ticks", "type,question,answer\ntf,S,x\ntf,T,\n", "", []string{"error table_truth_cross@2", "error no_key@3"}},
		{"a circle of another type", "type,question,answer\ntf,S,x\nshort,T,o\n", "", []string{"error table_truth_cross@2"}},
		{"places", "type,question,answer_index\ntf,S,0\ntf,T,true\n", "true", []string{"error table_key_index@2"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := parse(t, "q.csv", tt.data)
			wantProblems(t, f, tt.problems...)
			var got []string
			for _, q := range f.Questions {
				if q.Question.Type == exam.TrueFalse {
					got = append(got, right(q))
				}
			}
			if strings.Join(got, " ") != tt.right {
				t.Errorf("right %q", got)
			}
		})
	}
}

// Rows of one passage are one group: by name, or by the passage itself.
func TestTableStimulus(t *testing.T) {
	const h = "group,stimulus,question,option_a,option_b,correct_answer\n"
	f := parse(t, "q.csv", h+"g,Passage,S1,1,2,A\ng,,S2,1,2,A\n,Other,S3,1,2,A\n,Other,S4,1,2,A\n,,S5,1,2,A\ng,Wrong,S6,1,2,A\nx,,S7,1,2,A\n")
	wantFound(t, f, "error table_stimulus_differs@7", "error table_stimulus_missing@8")
	if len(f.Questions) != 5 {
		t.Fatalf("%d questions", len(f.Questions))
	}
	q := func(i int) *exam.Question { return &f.Questions[i].Question }
	if q(0).Group != "g" || q(1).Stimulus.Source != "Passage" || q(2).Group == "" || q(2).Group != q(3).Group || q(4).Group != "" {
		t.Errorf("%+v", f.Questions)
	}
}

func TestTableTextFormat(t *testing.T) {
	const data = "question,option_a,option_b,correct_answer,text_format\n*S*,<b>1</b>,2,A,\n*T*,<b>1</b>,2,A,html\nU,1,2,A,latex\n"
	f := parseAs(t, "q.csv", data, questionset.Options{Text: exam.Markdown})
	wantProblems(t, f, "warning left_out_markdown@2", "error table_text_format@4")
	if f.Questions[0].Question.Stem != (exam.Text{Format: exam.Markdown, Source: "*S*"}) || f.Questions[1].Question.Stem.Format != exam.HTML {
		t.Errorf("%+v", f.Questions)
	}
	if q := parse(t, "q.csv", data).Questions[0]; q.Question.Stem != (exam.Text{Source: "*S*"}) {
		t.Errorf("%+v", q.Question.Stem)
	}
}

func TestTableOptionFeedbackAndTags(t *testing.T) {
	f := parse(t, "q.csv", "question,option_a,option_b,correct_answer,feedback_a,feedback_c,tags\nS,1,2,A,well done,nothing,\"x; y,z\"\n")
	wantProblems(t, f, "warning table_feedback_no_option@2")
	q := one(t, f)
	if q.Feedback.Options["a"].Source != "well done" || len(q.Feedback.Options) != 1 || !slices.Equal(q.Tags, []string{"x", "y", "z"}) {
		t.Errorf("%+v", q)
	}
}

// Cells that were guarded against being run are read to the letter.
func TestTableGuardedCells(t *testing.T) {
	q := one(t, parse(t, "q.csv", "question,option_a,option_b,correct_answer\n'=1+1,''-1,'tis,A\n"))
	if q.Question.Stem.Source != "=1+1" || q.Question.Options[0].Text.Source != "'-1" || q.Question.Options[1].Text.Source != "'tis" {
		t.Errorf("%+v", q.Question)
	}
}

func TestTableColumns(t *testing.T) {
	const strange = "Kode,Tekst,Svar1,Svar2,Rett\nx1,S,p,q,B\n"
	for name, tt := range map[string]struct {
		data, columns string
		problems      []string
		line          int
	}{
		"by name":             {strange, "question=Tekst,option_a=Svar1,option_b=Svar2,correct=Rett", nil, 2},
		"by letter":           {strange, "question=B,a=C,b=D,correct_answer=e", nil, 2},
		"by number":           {strange, "pregunta=2,opcion1=3,opcion2=4,correcta=5", nil, 2},
		"no header":           {"x1,S,p,q,B\n", "question=2,a=3,b=4,correct=5,header=none", nil, 1},
		"header further down": {"\n\nabout\n" + strange, "question=tekst,a=svar1,b=svar2,correct=rett", nil, 5},
		"header by its row":   {"about\n" + strange, "header=2,question=2,a=3,b=4,correct=5", nil, 3},
		"beside known names":  {"Tekst,option_a,option_b,correct_answer\nS,p,q,B\n", "question=Tekst", nil, 2},
		"over a known name":   {"question,text,option_a,option_b,correct_answer\nx,S,p,q,B\n", "question=text", nil, 2},
		"unknown":             {strange, "question=Nothing,a=C,b=D,correct=E", []string{"error table_column_unknown@1", "error csv_missing_column@1"}, 0},
		"out of range":        {strange, "question=99,a=C,b=D,correct=E", []string{"error table_column_unknown@1", "error csv_missing_column@1"}, 0},
		"twice":               {strange, "question=B,a=C,b=C,correct=E", []string{"error table_column_twice@1", "error csv_missing_column@1"}, 0},
		"not enough":          {strange, "question=B,a=C,correct=E", []string{"error csv_missing_column@1"}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			columns, err := questionset.ParseColumns(tt.columns)
			if err != nil {
				t.Fatal(err)
			}
			f := parseAs(t, "q.csv", tt.data, questionset.Options{Columns: columns})
			wantProblems(t, f, tt.problems...)
			if tt.line == 0 {
				return
			}
			if q := one(t, f); q.Question.Stem.Source != "S" || right(q) != "b" || q.Line != tt.line {
				t.Errorf("%+v", q)
			}
			again, err := questionset.ParseColumns(columns.String())
			if err != nil || !maps.Equal(again, columns) {
				t.Errorf("%v %v", again, err)
			}
		})
	}
}

func TestParseColumnsRefuses(t *testing.T) {
	for _, s := range []string{"question", "question=", "colour=B", "question=A,stem=B", "option_27=A", strings.Repeat("id=1,", 5000)} {
		if c, err := questionset.ParseColumns(s); err == nil {
			t.Errorf("%.40s: %v", s, c)
		}
	}
	if c, err := questionset.ParseColumns(" , "); err != nil || c != nil {
		t.Errorf("%v %v", c, err)
	}
}
