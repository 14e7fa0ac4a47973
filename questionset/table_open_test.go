package questionset_test

import (
	"strings"
	"testing"

	"shiken/exam"
	"shiken/questionset"
)

// A table is taken for one without options only where it can have none.
func TestTableWhoseOptionsAreNotKnown(t *testing.T) {
	for _, tt := range []struct {
		name, data string
		problems   []string
	}{
		{"columns that are not known", "Question,First,Second,Third,Answer\nCapital of France?,Paris,London,Rome,B\n", []string{"error table_open_columns@1"}},
		{"one column with lists", "Question,Various,Answer\nS?,p,p\nT?,p / q,q\n", []string{"error table_open_columns@1"}},
		{"one column in typed rows", "Type,Question,Various,Answer\nsingle,S?,p,q\n", []string{"error table_open_columns@2"}},
		{"columns without a name", "Question,,,Answer\nCapital of France?,Paris,Rome,Rome\n", []string{"error table_open_columns@2"}},
		{"typed rows", "Type,Question,First,Second,Answer\nsingle,S?,p,q,p\n", []string{"error table_open_columns@2"}},
		{"letters", "Question,Answer\nS? A) p B) q,B\nT? A) p B) q,A\n", []string{"error table_open_keys@2", "error table_open_keys@3"}},
		{"numbers", "Question,Answer\nS?,0\nT?,12\n", []string{"error table_open_keys@2", "error table_open_keys@3"}},
		{"a translation", "key,text\nmenu.open,Open file\n", []string{"error csv_no_header@1"}},
		{"a translation with a category", "key,text,category\nmenu.open,Open file,menu\n",
			[]string{"error csv_missing_column@1", "error csv_missing_column@1"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := parse(t, "q.csv", tt.data)
			wantProblems(t, f, tt.problems...)
			if len(f.Questions) != 0 {
				t.Errorf("taken: %+v", f.Questions)
			}
		})
	}
	columns, err := questionset.ParseColumns("question=Question,option_a=First,option_b=Second,option_c=Third,correct_answer=Answer")
	if err != nil {
		t.Fatal(err)
	}
	f := parseAs(t, "q.csv", "Question,First,Second,Third,Answer\nS?,Paris,London,Rome,B\n", questionset.Options{Columns: columns})
	if q := one(t, f); right(q) != "b" || optionsOf(q) != "Paris/London/Rome" {
		t.Errorf("%+v", q)
	}
	columns, err = questionset.ParseColumns("correct_answer=Answer")
	if err != nil {
		t.Fatal(err)
	}
	f = parseAs(t, "q.csv", "Question,Author,Answer\nS?,me,because\n", questionset.Options{Columns: columns})
	wantProblems(t, f, "warning table_open@2")
	if q := one(t, f); q.Question.Type != exam.Essay {
		t.Errorf("%+v", q)
	}
	f = parse(t, "q.csv", "Question,Competency,Answer\nS?,Reading,because\nT?,,true\n")
	wantProblems(t, f, "warning table_open_beside@1", "warning table_open@2")
	if len(f.Questions) != 2 || f.Questions[0].Question.Type != exam.Essay || right(f.Questions[1]) != "true" {
		t.Errorf("%+v", f.Questions)
	}
	columns, err = questionset.ParseColumns("wrong_answers=Competency")
	if err != nil {
		t.Fatal(err)
	}
	f = parseAs(t, "q.csv", "Question,Competency,Answer\nS?,Reading,Writing\n", questionset.Options{Columns: columns})
	if q := one(t, f); optionsOf(q) != "Writing/Reading" || right(q) != "a" {
		t.Errorf("%+v", q)
	}
	f = parse(t, "q.csv", "問題,配点,作成者,備考,解答\n問？,5,\"山, 田\",,答え\n")
	wantProblems(t, f, "warning table_open@2")
	if q := one(t, f); q.Key.Guide.Source != "答え" {
		t.Errorf("%+v", q)
	}
	if q := one(t, parse(t, "q.csv", "key,text,a,b\nB,S?,p,q\n")); right(q) != "b" {
		t.Errorf("%+v", q)
	}
}

// An index beside the right answer must name the same option.
func TestIndexBesideAnswer(t *testing.T) {
	const header = "question,option_a,option_b,option_c,answer,answer_index\n"
	for _, tt := range []struct {
		name, data, right string
		problems          []string
	}{
		{"from 0", header + "S,p,q,r,p,0\nT,p,q,r,q,1\n", "a b", nil},
		{"from 1", header + "S,p,q,r,p,1\nT,p,q,r,B,2\n", "a b", nil},
		{"in the other order", "question,option_a,option_b,correct_index,correct_answer\nS,p,q,1,q\n", "b", nil},
		{"an own name", "question,option_a,option_b,correct_answer,correct_index\nS,p,q,q,2\n", "b", nil},
		{"several", header + "S,p,q,r,\"A,C\",\"0,2\"\n", "ac", nil},
		{"one row differs", header + "S,p,q,r,p,0\nT,p,q,r,q,2\nU,p,q,r,r,2\n", "a c", []string{"error table_keys_differ@3"}},
		{"no row tells", header + "S,p,q,r,p,1\nT,p,q,r,q,1\n", "", []string{"error table_keys_differ@2", "error table_keys_differ@3"}},
		{"no index", header + "S,p,q,r,p,\nT,p,q,r,q,1\n", "a b", nil},
		{"no number", header + "S,p,q,r,p,x\n", "", []string{"error table_keys_differ@2"}},
		{"options in one cell", "question,options,answer,answer_index\nS,p|q|r,q,1\nT,p|q|r,p,0\n", "b a", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := parse(t, "q.csv", tt.data)
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

// Questions of right or wrong in Chinese have no Japanese options.
func TestChineseTruth(t *testing.T) {
	for name, data := range map[string]string{
		"正确/错误":  "题型,题目,答案\n判断题,长江是中国最长的河流,对\n",
		"正確/錯誤":  "類型,題目,答案\n判斷題,長江是中國最長的河流,○\n",
		"正しい/誤り": "形式,問題,解答\n正誤,長江は中国で最も長い川である,○\n",
	} {
		f := parse(t, "q.csv", data)
		if q := one(t, f); q.Question.Type != exam.TrueFalse || right(q) != "true" || optionsOf(q) != name {
			t.Errorf("%s: %q %+v", name, found(f), q)
		}
	}
	if q := one(t, parse(t, "q.csv", "题目,答案\n长江是中国最长的河流,错\n")); right(q) != "false" || optionsOf(q) != "正确/错误" {
		t.Errorf("%+v", q)
	}
}

func TestShortRowWithoutHeader(t *testing.T) {
	columns, err := questionset.ParseColumns("question=1,option_a=2,option_b=3,correct_answer=4,header=none")
	if err != nil {
		t.Fatal(err)
	}
	f := parseAs(t, "q.csv", "S,p,q,B\nT,p,q\n", questionset.Options{Columns: columns})
	wantProblems(t, f, "error table_row_short@2")
}

// What holds NULs is no text, whatever signs are in it.
func TestBinaryIsNoGIFT(t *testing.T) {
	f := parse(t, "q", "records\x00\x00\x10{A ~b}\n\n//\x00\n")
	wantProblems(t, f, "error unknown_format@0")
	if f := parse(t, "q.db", "SQLite format 3\x00\x10\x00\x01\x01{ }\n"); found(f)[0] != "error foreign_binary@0" {
		t.Errorf("%s %q", f.Format, found(f))
	}
}
