package questionset_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"shiken/exam"
	"shiken/questionset"
)

const header = "id,category,year,question,option_a,option_b,option_c,option_d,correct_answer,explanation,reference,difficulty\n"

func TestCSVQuestion(t *testing.T) {
	f := parse(t, "q.csv", header+"7,構造,2019,\"一行目\n二行目\",ア,イ,ウ,エ,b,なぜなら,p.1,易\n")
	wantFound(t, f)
	q := one(t, f)
	if q.Number != "7" || q.Category != "構造" || q.Year != 2019 || q.Reference != "p.1" || q.Difficulty != "易" || q.Line != 2 {
		t.Errorf("%+v", q)
	}
	if q.Question.Type != exam.SingleChoice || q.Question.Stem.Source != "一行目\n二行目" || len(q.Question.Options) != 4 {
		t.Errorf("%+v", q.Question)
	}
	if !maps.Equal(q.Key.Options, map[string]int{"b": exam.FullCredit}) || q.Key.Revision != 1 {
		t.Errorf("key %+v", q.Key)
	}
	if q.Feedback.Explanation.Source != "なぜなら" {
		t.Errorf("feedback %+v", q.Feedback)
	}
}

func TestCSVKeys(t *testing.T) {
	const options = "question,option_a,option_b,option_c,option_d,correct_answer\n"
	for _, tt := range []struct {
		name, options, key string
		right              string
		kind               exam.QuestionType
		findings           []string
	}{
		{"lower case", "1,2,3,4", "c", "c", exam.SingleChoice, nil},
		{"full width", "1,2,3,4", "Ｄ", "d", exam.SingleChoice, nil},
		{"two with comma", "1,2,3,4", `"A,C"`, "ac", exam.MultipleChoice, nil},
		{"two run together", "1,2,3,4", "AC", "ac", exam.MultipleChoice, []string{"warning table_key_run@2"}},
		{"a word", "good,poor,fair,ugly", "bad", "", "", []string{"error table_key_word@2"}},
		{"a word behind the name of its column", "good,poor,fair,ugly", "Answer: bad", "", "", []string{"error table_key_word@2"}},
		{"letters behind the name of their column", "1,2,3,4", "正解: AC", "ac", exam.MultipleChoice, []string{"warning table_key_run@2"}},
		{"a word with a letter twice", "good,poor,fair,ugly", "add", "", "", []string{"warning csv_key_repeated@2", "error table_key_word@2"}},
		{"two with ideographic comma", "1,2,3,4", "Ａ、Ｂ", "ab", exam.MultipleChoice, nil},
		{"in brackets", "1,2,3,4", "（Ｃ）", "c", exam.SingleChoice, nil},
		{"with a full stop", "1,2,3,4", "C.", "c", exam.SingleChoice, nil},
		{"twice the same", "1,2,3,4", "AA", "a", exam.SingleChoice, []string{"warning csv_key_repeated@2"}},
		{"number", "p,q,r,s", "２", "b", exam.SingleChoice, []string{"note csv_key_number@2"}},
		{"number that is an option", "1,2,4,3", "3", "", "", []string{"error csv_key_ambiguous@2"}},
		{"number that is only an option", "15,16,17,18", "17", "c", exam.SingleChoice, []string{"note csv_key_text@2"}},
		{"text", "cat,dog,cow,pig", "Pig", "d", exam.SingleChoice, []string{"note csv_key_text@2"}},
		{"letters that are a text", "A,B,AB,O", "AB", "", "", []string{"error csv_key_ambiguous@2"}},
		{"letter that is another text", "p,A,r,s", "A", "a", exam.SingleChoice, []string{"warning csv_key_ambiguous@2"}},
		{"letter that is no option but a text", "Na,K,Ca,P", "K", "b", exam.SingleChoice, []string{"note csv_key_text@2"}},
		{"name of a column", "p,q,r,s", "option_c", "c", exam.SingleChoice, []string{"note table_key_column@2"}},
		{"name of a column by its number", "p,q,r,s", "Option 2", "b", exam.SingleChoice, []string{"note table_key_column@2"}},
		{"name of a column beyond the options", "p,q,r,s", "option_e", "", "", []string{"error csv_key_not_understood@2"}},
		{"name of a column that is another option", "p,option_a,r,s", "option_a", "", "", []string{"error csv_key_ambiguous@2"}},
		{"letter and text", "cat,dog,cow,pig", "B) dog", "b", exam.SingleChoice, nil},
		{"letter and another text", "cat,dog,cow,pig", "B) cow", "", "", []string{"error csv_key_not_understood@2"}},
		{"letter and a word of letters", "cat,dog,cow,pig", "C) bad", "", "", []string{"error csv_key_not_understood@2"}},
		{"letters in brackets", "cat,dog,cow,pig", "A) C)", "ac", exam.MultipleChoice, nil},
		{"none", "1,2,3,4", "", "", "", []string{"error no_key@2"}},
		{"no option", "1,2,3,4", "E", "", "", []string{"error csv_key_no_option@2"}},
		{"empty option", "1,2,3,", "D", "", "", []string{"warning empty_option@2", "error csv_key_empty_option@2"}},
		{"nonsense", "1,2,3,4", "A or B", "", "", []string{"error csv_key_not_understood@2"}},
		{"true or false", "○,×,,", "B", "b", exam.TrueFalse, []string{"note empty_option@2"}},
		{"wrong first", "誤,正,,", "A", "a", exam.TrueFalse, []string{"note empty_option@2"}},
		{"truth by text", "True,False,,", "false", "b", exam.TrueFalse, []string{"note empty_option@2", "note csv_key_text@2"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := parse(t, "q.csv", options+"Stem?,"+tt.options+","+tt.key+"\n")
			wantFound(t, f, tt.findings...)
			if tt.right == "" {
				if len(f.Questions) != 0 || f.Report.Counts.Refused != 1 || f.Report.Sound() {
					t.Errorf("taken: %+v", f.Questions)
				}
				return
			}
			q := one(t, f)
			right := strings.Join(slices.Sorted(maps.Keys(q.Key.Options)), "")
			if right != tt.right || q.Question.Type != tt.kind {
				t.Errorf("right %q, type %s", right, q.Question.Type)
			}
		})
	}
}

func TestCSVHeader(t *testing.T) {
	for _, tt := range []struct {
		name, data string
		questions  int
		findings   []string
	}{
		{"any order and case", "Correct Answer,OPTION_B,option-a,Question\nA,2,1,S\n", 1, nil},
		{"eight options", "question,option_a,option_b,option_h,correct_answer\nS,1,2,8,H\n", 1, nil},
		{"26 options", "question,option_a,option_b,option_z,correct_answer\nS,1,2,26,Z\n", 1, nil},
		{"27 options", "question,option_a,option_b,option_27,correct_answer\nS,1,2,27,A\n", 0, []string{"error csv_option_column@1"}},
		{"extra column", "question,option_a,option_b,correct_answer,note\nS,1,2,A,x\n", 1, []string{"note csv_extra_column@1"}},
		{"column twice", "question,option_a,option_b,correct_answer,Question\nS,1,2,A,x\n", 0, []string{"error csv_repeated_column@1"}},
		{"columns missing", "question,option_a,category\nS,1,x\n", 0,
			[]string{"error csv_missing_column@1", "error csv_missing_column@1"}},
		{"none", "S,1,2\n", 0, []string{"error csv_no_header@1"}},
		{"none, as MMLU has it", "S,1,2,3,4,B\n", 1, []string{"note csv_headerless@1"}},
		{"tabs", "question\toption_a\toption_b\tcorrect_answer\nS, really\t1\t2\tA\n", 1, []string{"note csv_delimiter@1"}},
		{"semicolons", "question;option_a;option_b;correct_answer\nS;1;2;A\n", 1, []string{"note csv_delimiter@1"}},
		{"no rows", header, 0, []string{"error no_questions@0"}},
		{"empty rows before and between", "\n,,,\nquestion,option_a,option_b,correct_answer\n\n,,,\nS,1,2,A\n", 1, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := parse(t, "q.csv", tt.data)
			wantFound(t, f, tt.findings...)
			if len(f.Questions) != tt.questions {
				t.Errorf("%d questions", len(f.Questions))
			}
		})
	}
}

func TestCSVRows(t *testing.T) {
	const h = "id,question,option_a,option_b,correct_answer,explanation\n"
	for _, tt := range []struct {
		name, rows string
		questions  int
		findings   []string
	}{
		{"CRLF and CR", "1,S,1,2,A,x\r\n2,T,1,2,B,y\r3,U,1,2,A,z", 3, nil},
		{"quotation marks doubled", `1,"He said ""yes"", twice",1,2,A,x` + "\n", 1, nil},
		{"quotation mark bare", `1,a 5" pipe,1,2,A,x` + "\n", 1, []string{"warning csv_bare_quote@2"}},
		{"text after quotation mark", `1,"S"x,1,2,A,x` + "\n2,T,1,2,A,x\n", 1, []string{"error csv_after_quote@2"}},
		{"quote never closed", "1,\"S,1,2,A,x\n2,T,1,2,A,x\n", 0, []string{"error csv_unclosed_quote@2"}},
		{"too many cells", "1,S,1,2,A,x,y\n2,T,1,2,A,x\n", 1, []string{"error csv_row_too_long@2"}},
		{"too many empty cells", "1,S,1,2,A,x,,\n", 1, nil},
		{"explanation missing", "1,S,1,2,A\n", 1, []string{"warning csv_row_short@2"}},
		{"key missing", "1,S,1\n", 0, []string{"error csv_row_short@2"}},
		{"only a number", "1,S,1,2,A,x\n2,,,,,\n", 1, []string{"note csv_only_id@0"}},
		{"no stem", "1,,1,2,A,x\n", 0, []string{"error empty_stem@2"}},
		{"one option", "1,S,1,,A,x\n", 0, []string{"error one_option@2"}},
		{"id twice", "1,S,1,2,A,x\n1,T,1,2,A,x\n", 2, []string{"warning duplicate_id@3"}},
		{"stem twice", "1,S,1,2,A,x\n2,S,1,3,A,x\n", 2, []string{"warning duplicate_stem@3"}},
		{"copy", "1,S,1,2,A,x\n2,S,1,2,A,x\n", 1, []string{"warning identical_question@3"}},
		{"options alike", "1,S,x y,X  Y,A,x\n", 1, []string{"warning duplicate_option@2"}},
		{"NUL", "1,S\x00,1,2,A,x\n", 0, []string{"error control_character@2"}},
		{"lost character", "1,S\uFFFD,1,2,A,x\n", 1, []string{"warning replacement_character@2"}},
		{"a control behind a lost character", "1,S\uFFFD\x1b[2K,1,2,A,x\n", 0, []string{"error control_character@2"}},
		{"cell too long", "1," + strings.Repeat("x", questionset.MaxText+1) + ",1,2,A,x\n", 0, []string{"error too_long@2"}},
		{"lines counted through cells", "1,\"S\n\n\",1,2,A,x\n2,T,1,2,,x\n", 1, []string{"error no_key@5"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := parse(t, "q.csv", h+tt.rows)
			wantFound(t, f, tt.findings...)
			if len(f.Questions) != tt.questions {
				t.Errorf("%d questions", len(f.Questions))
			}
		})
	}
}

func TestCSVYear(t *testing.T) {
	for year, want := range map[string]int{"2019": 2019, "２０１９": 2019, "2019年": 2019, "": 0, "令和元年": 0, "0": 0} {
		q := one(t, parse(t, "q.csv", header+"1,c,"+year+",S,1,2,3,4,A,,,\n"))
		if q.Year != want {
			t.Errorf("year %q: %d", year, q.Year)
		}
	}
}

// An id alone never identifies a question: it is reused from category to category and year to year.
func TestCSVSourceKeys(t *testing.T) {
	f := parse(t, "q.csv", header+
		"1,a,2019,S1,1,2,3,4,A,,,\n1,a,2020,S2,1,2,3,4,A,,,\n1,b,2019,S3,1,2,3,4,A,,,\n"+
		"1,a,2019,S4,1,2,3,4,A,,,\n1#2,a,2019,S5,1,2,3,4,A,,,\n,a,2019,S6,1,2,3,4,A,,,\n"+
		"1/2019,a,,S7,1,2,3,4,A,,,\n1,2019/a,,S8,1,2,3,4,A,,,\n")
	seen := map[string]bool{}
	for _, q := range f.Questions {
		if seen[q.SourceKey] {
			t.Errorf("key %q twice", q.SourceKey)
		}
		seen[q.SourceKey] = true
	}
	if len(seen) != 8 {
		t.Errorf("%d keys", len(seen))
	}
}

// A corrected key or option keeps the source key and changes the content.
func TestCSVChangedQuestion(t *testing.T) {
	was := one(t, parse(t, "q.csv", header+"1,a,,S,1,2,3,4,A,,,\n"))
	is := one(t, parse(t, "q.csv", header+"1,a,,S,1,2,3,4,B,,,\n"))
	if was.SourceKey != is.SourceKey || was.ContentHash == is.ContentHash {
		t.Errorf("%q %q, %q %q", was.SourceKey, is.SourceKey, was.ContentHash, is.ContentHash)
	}
}

func TestOptionsThatShufflingBreaks(t *testing.T) {
	for _, tt := range []struct {
		options, fixed, code string
	}{
		{"p,q,r,s", "", ""},
		{"p,q,r,上記すべて", "d", "refers_to_above"},
		{"p,q,None of the above,s", "abc", "refers_to_above"},
		{"p,q,r,AとBの両方", "abcd", "refers_to_letters"},
		{"p,q,r,Both B and C", "abcd", "refers_to_letters"},
		{"p,q,r,B y C son correctas", "abcd", "refers_to_letters"},
		{"p,q,r,（A）と（B）", "abcd", "refers_to_letters"},
		{"bed,bad,E and F,C、C++", "", ""},
		{"a) p,b) q,c) r,d) s", "abcd", "own_letter"},
		{"ア．p,イ．q,ウ．r,エ．s", "", "own_letter"},
		{"① p,② q,③ r,④ s", "", "own_letter"},
		{"p,q,r,None of these", "", "refers_to_above"},
		{"p,q,r,いずれでもない", "", "refers_to_above"},
	} {
		q := parse(t, "q.csv", header+"1,a,,S,"+tt.options+",A,,,\n")
		fixed := ""
		for _, o := range one(t, q).Question.Options {
			if o.Fixed {
				fixed += o.ID
			}
		}
		if fixed != tt.fixed {
			t.Errorf("%s: fixed %q", tt.options, fixed)
		}
		if got := strings.Join(found(q), " "); (tt.code == "") != (got == "") || !strings.Contains(got, tt.code) {
			t.Errorf("%s: findings %s", tt.options, got)
		}
	}
}
