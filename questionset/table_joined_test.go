package questionset_test

import (
	"strings"
	"testing"

	"shiken/exam"
	"shiken/questionset"
)

// optionsOf are the texts of a question's options.
func optionsOf(q questionset.Question) string {
	var texts []string
	for _, o := range q.Question.Options {
		texts = append(texts, o.Text.Source)
	}
	return strings.Join(texts, "/")
}

// One cell may hold all options of a question.
func TestOptionsInOneCell(t *testing.T) {
	for _, tt := range []struct {
		name, cell, key string
		options, right  string // "": refused
		problems        []string
	}{
		{"bars", "p|q|r", "q", "p/q/r", "b", nil},
		{"double bars", "p || q||r", "C", "p/q/r", "c", nil},
		{"semicolons", "p; q;r;", "2", "p/q/r", "b", nil},
		{"lines", "\"p, or so\nq\nr\"", "B", "p, or so/q/r", "b", nil},
		{"the key decides", "a || b;c", "c", "a || b/c", "b", nil},
		{"labels", "A) pp|B) qq|C) rr", "b", "pp/qq/rr", "b", nil},
		{"labels and arrows", "a-> pp || b-> qq", "qq", "pp/qq", "b", nil},
		{"numbers are no labels", "1.5|2.5|3.5", "2.5", "1.5/2.5/3.5", "b", nil},
		{"JSON", `"[""p, q"", 2, true]"`, "2", "p, q/2/true", "b", nil},
		{"JSON with letters", `"{""B"": ""q"", ""A"": ""p""}"`, "B", "p/q", "b", nil},
		{"JSON with texts", `"[{""text"": ""p"", ""is_correct"": true}, {""text"": ""q""}]"`, "p", "p/q", "a", nil},
		{"Python", `"['p', ""it's"", 'r\'s']"`, "B", "p/it's/r's", "b", nil},
		{"NumPy", "['p' 'q'\t'r']", "C", "p/q/r", "c", nil},
		{"several right", "p|q|r", "\"A,C\"", "p/q/r", "ac", nil},
		{"commas", "\"p, q, r\"", "q", "", "", []string{"error table_options_cell@2"}},
		{"two ways", "a|b;c|d", "A", "", "", []string{"error table_options_cell@2"}},
		{"one text", "p", "p", "", "", []string{"error table_options_cell@2"}},
		{"a broken list", "\"['p', q]\"", "p", "", "", []string{"error table_options_cell@2"}},
		{"objects without texts", `"[{""t"": ""p""}, {""t"": ""q""}]"`, "p", "", "", []string{"error table_option_objects@2"}},
		{"letters that are none", `"{""A"": ""p"", ""C"": ""q""}"`, "A", "", "", []string{"error table_options_cell@2"}},
		{"a letter too far", "p|q", "C", "", "", []string{"error csv_key_empty_option@2"}},
		{"nothing", "-", "A", "", "", []string{"error one_option@2"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := parse(t, "q.csv", "question,options,answer\nS?,"+tt.cell+","+tt.key+"\n")
			wantProblems(t, f, tt.problems...)
			if tt.right == "" {
				if len(f.Questions) != 0 {
					t.Errorf("taken: %+v", f.Questions)
				}
				return
			}
			if q := one(t, f); optionsOf(q) != tt.options || right(q) != tt.right {
				t.Errorf("options %q, right %q", optionsOf(q), right(q))
			}
		})
	}
}

// The cell is one of a row as any other: of types, keys from 0, and what is mended.
func TestOptionsInOneCellBesideOthers(t *testing.T) {
	f := parse(t, "q.csv", "type,question,choices,answer\ntrue_false,S,true|false,true\nessay,T,,because\n,U,p|q,B\n")
	wantProblems(t, f)
	if len(f.Questions) != 3 || f.Questions[0].Question.Type != exam.TrueFalse || f.Questions[1].Question.Type != exam.Essay || right(f.Questions[2]) != "b" {
		t.Errorf("%+v", f.Questions)
	}
	wantProblems(t, parse(t, "q.csv", "question,choices,answer\nS,p|q|r,0\nT,p|q|r,1\n"),
		"error csv_key_from_zero@2", "error csv_key_from_zero@3")
	columns, err := questionset.ParseColumns("question=1,options=2,correct=3,header=none")
	if err != nil {
		t.Fatal(err)
	}
	f = parseAs(t, "q.csv", "S,p|q,B\n", questionset.Options{Columns: columns})
	wantProblems(t, f)
	if q := one(t, f); optionsOf(q) != "p/q" || right(q) != "b" || f.Table.Fields[1] != "options" {
		t.Errorf("%+v %q", q, f.Table.Fields)
	}
}

// The right answer may stand in a column of its own, beside the wrong ones.
func TestRightAnswerBesideWrongOnes(t *testing.T) {
	for _, header := range []string{"Domanda;Corretta;Errata1;Errata2", "question;correct_answer;incorrect_answer_1;incorrect_answer_2",
		"Question;Wrong 1;Wrong 2;Correct answer", "問題;正解;誤答1;誤答2"} {
		row := "S;B;x;y"
		if strings.HasSuffix(header, "answer") {
			row = "S;x;y;B"
		}
		f := parse(t, "q.csv", header+"\n"+row+"\n")
		wantProblems(t, f)
		if q := one(t, f); optionsOf(q) != "B/x/y" || right(q) != "a" {
			t.Errorf("%s: %q, right %q", header, optionsOf(q), right(q))
		}
		columns, err := questionset.ParseColumns("question=A," + fieldsOf(f))
		if err != nil || len(f.Table.Fields) != 4 {
			t.Errorf("fields %q: %v", f.Table.Fields, err)
		}
		if again := parseAs(t, "q.csv", header+"\n"+row+"\n", questionset.Options{Columns: columns}); optionsOf(one(t, again)) != "B/x/y" {
			t.Errorf("%s: read as named: %+v", header, again.Questions)
		}
	}
	f := parse(t, "q.csv", "question,correct_answer,incorrect_answers\nS,p,\"[\"\"q\"\", \"\"r\"\"]\"\nT,True,['False']\nU,x,y|z\nV,o,n\n")
	wantProblems(t, f)
	if len(f.Questions) != 4 || optionsOf(f.Questions[0]) != "p/q/r" || f.Questions[1].Question.Type != exam.TrueFalse ||
		optionsOf(f.Questions[2]) != "x/y/z" || optionsOf(f.Questions[3]) != "o/n" || right(f.Questions[3]) != "a" {
		t.Errorf("%+v", f.Questions)
	}
	// A number in brackets is the author's remark: which answer is right may stand elsewhere.
	f = parse(t, "q.csv", "question;Wrong answer (1);Wrong answer (2);Right answer (3);note\nS;p;q;r;1\n")
	wantProblems(t, f, "error table_open_columns@1")
	if f := parse(t, "q.csv", "question,option_a,option_b,correct_answer,wrong_1\nS,p,q,A,x\n"); optionsOf(one(t, f)) != "p/q" {
		t.Errorf("%+v", f.Questions)
	}
}

// fieldsOf writes what a table's columns were read as, for ParseColumns.
func fieldsOf(f *questionset.File) string {
	var pairs []string
	for i, field := range f.Table.Fields {
		if field != "" && field != "question" {
			pairs = append(pairs, field+"="+string(rune('A'+i)))
		}
	}
	return strings.Join(pairs, ",")
}

// Without options the answer is for who marks it, unless it says whether the question is true.
func TestTableWithoutOptions(t *testing.T) {
	f := parse(t, "q.csv", "No,問題文,解答,解説\n1,二番目に高い山は？,北岳,\n2,富士山が一番高い。,○,なぜなら\n3,空らん,,\n")
	wantFound(t, f, "note table_column_as@1", "note table_column_as@1", "note table_column_as@1", "note table_column_as@1",
		"warning table_open@2", "note table_model_answer@2")
	if len(f.Questions) != 3 {
		t.Fatalf("%+v", f.Questions)
	}
	a, b, c := f.Questions[0], f.Questions[1], f.Questions[2]
	if a.Question.Type != exam.Essay || a.Key.Guide.Source != "北岳" || b.Question.Type != exam.TrueFalse || right(b) != "true" ||
		b.Feedback.Explanation.Source != "なぜなら" || c.Question.Type != exam.Essay || f.Report.Counts.NeedsMarker != 2 {
		t.Errorf("%+v", f.Questions)
	}
	f = parse(t, "q.csv", "Question,Answer\nS?,1919\n")
	if q := one(t, f); q.Question.Type != exam.Essay || q.Key.Guide.Source != "1919" {
		t.Errorf("%+v", q)
	}
	f = parse(t, "q.csv", "Type,Question,Answer\nsingle,S?,p\nshort_text,T?,q\nown,U?,False\ncloze,V?,w\n")
	wantProblems(t, f, "error table_open_choice@2", "warning table_open@4", "error table_type_unread@5")
	if len(f.Questions) != 2 || f.Questions[0].Question.Type != exam.ShortText || right(f.Questions[1]) != "false" {
		t.Errorf("%+v", f.Questions)
	}
	if f := parse(t, "q.csv", "Question,Category,Year\nS?,c,2020\n"); len(f.Questions) != 0 || f.Report.Sound() {
		t.Errorf("%+v", f.Questions)
	}
}

// A column that is called an index may count from 0, and says so by its keys.
func TestKeysThatAreIndexes(t *testing.T) {
	const header = "question,option1,option2,option3,correctIndex\n"
	for _, tt := range []struct {
		name, rows, right string
		problems          []string
	}{
		{"from 0", "S,p,q,r,0\nT,p,q,r,2\nU,p,q,r,1\n", "a c b", nil},
		{"from 0, beside options of numbers", "S,p,q,r,0\nT,1,2,3,1\n", "a b", nil},
		{"from 1", "S,p,q,r,1\nT,p,q,r,3\n", "a c", nil},
		{"from 0, with an empty option", "S,p,q,r,0\nT,p,,r,2\n", "a c", []string{"warning empty_option@3"}},
		{"unclear", "S,p,q,r,1\nT,p,q,r,2\n", "", []string{"error table_key_index@2", "error table_key_index@3"}},
		{"both", "S,p,q,r,0\nT,p,q,r,3\n", "", []string{"error table_key_index@2", "error table_key_index@3"}},
		{"both, in any order", "S,p,q,r,3\nT,p,q,r,2\nU,p,q,r,0\n", "",
			[]string{"error table_key_index@2", "error table_key_index@3", "error table_key_index@4"}},
		{"both, beside options of numbers", "S,p,q,r,0\nT,1,2,3,3\n", "", []string{"error table_key_index@2", "error table_key_index@3"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := parse(t, "q.csv", header+tt.rows)
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

// Where all keys are texts of options, those are that might be letters or numbers.
func TestKeysThatAreTexts(t *testing.T) {
	const header = "question,option1,option2,option3,option4,answer\n"
	for _, tt := range []struct {
		name, rows, right string
		problems          []string
	}{
		{"numbers", "S,3,4,5,6,4\nT,5,10,7,8,10\nU,,,,,10\n", "b b", []string{"warning table_key_texts@2", "error one_option@4"}},
		{"letters", "S,D,B,AB,A,A\nT,cat,dog,cow,pig,Cow\nU,B,A,AB,O,AB\n", "d c c", []string{"warning table_key_texts@2"}},
		{"a number among them", "S,3,4,5,6,4\nT,5,10,7,8,10\nU,5,6,7,8,1\n", "b a", []string{"error csv_key_ambiguous@2"}},
		{"none that is sure", "S,3,4,5,6,4\nT,4,1,2,3,2\n", "", []string{"error csv_key_ambiguous@2", "error csv_key_ambiguous@3"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := parse(t, "q.csv", header+tt.rows)
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

// A table without names, or with names that are not known, is cut where its rows have as many cells each.
func TestDelimiterOfNamelessTable(t *testing.T) {
	columns, err := questionset.ParseColumns("header=none,question=1,option_a=2,option_b=3,correct_answer=4")
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"semicolons":        "S, or so;p;q, r;B\nT;u;v;A\n",
		"tabs":              "S, or so\tp;q\tq, r\tB\nT\tu\tv\tA\n",
		"commas":            "S,p;x,q;y,B\nT,u;x,v;y,A\n",
		"a broken last row": "S, or so;p;q;B\nT;u;v;A\nU;\"u;v;A\n",
	} {
		f := parseAs(t, "q.csv", text, questionset.Options{Columns: columns})
		if len(f.Questions) != 2 || right(f.Questions[0]) != "b" || right(f.Questions[1]) != "a" {
			t.Errorf("%s: %+v %q", name, f.Questions, found(f))
		}
	}
	named, err := questionset.ParseColumns("question=Kysymys,option_a=Eka,option_b=Toka,correct_answer=Oikein")
	if err != nil {
		t.Fatal(err)
	}
	f := parseAs(t, "q.csv", "Kysymys;Eka;Toka;Oikein\nS, or so;p;q;B\n", questionset.Options{Columns: named})
	if q := one(t, f); right(q) != "b" {
		t.Errorf("%+v", q)
	}
}
