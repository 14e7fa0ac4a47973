package questionset_test

import (
	"testing"

	"shiken/exam"
	"shiken/questionset"
)

// cellCase is a row whose options stand in one cell, and what becomes of it: options, right ones and problems.
type cellCase struct {
	name, cell, key string
	options, right  string // "": refused
	problems        []string
}

func checkCells(t *testing.T, header string, cases []cellCase) {
	t.Helper()
	for _, tt := range cases {
		t.Run(tt.name, func(t *testing.T) {
			f := parse(t, "q.csv", header+"\nS?,"+tt.cell+","+tt.key+"\n")
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

// What may be a part of an option is no label of it.
func TestLabelsInOneCell(t *testing.T) {
	checkCells(t, "question,options,answer", []cellCase{
		{"pairs of letters", "A、B|B、C|C、D", "A、B", "A、B/B、C/C、D", "a", []string{"warning csv_key_text@2"}},
		{"pairs of letters, by letter", "A、B|B、C|C、D", "B", "A、B/B、C/C、D", "b", nil},
		{"letters joined", "ア、イ|イ、ウ及びエ|ウ、オ", "ウ", "ア、イ/イ、ウ及びエ/ウ、オ", "c", nil},
		{"letters and words", "A、B|B、C|C、none", "B", "A、B/B、C/C、none", "b", []string{"warning own_letter@2"}},
		{"letters of two kinds", "A、あ|B、い|C、う", "B", "A、あ/B、い/C、う", "b", []string{"warning own_letter@2"}},
		{"pairs of numbers", "1、2|2、3|3、4", "\"1、2\"", "1、2/2、3/3、4", "a", []string{"warning csv_key_text@2"}},
		{"ratios", "1：2|2：3|3：4", "B", "1：2/2：3/3：4", "b", nil},
		{"ratios with spaces", "1: 2|2: 3|3: 4", "B", "1: 2/2: 3/3: 4", "b", nil},
		{"initials, by surname", "A. Smith|B. Jones|C. Brown", "Jones", "A. Smith/B. Jones/C. Brown", "b", []string{"warning own_letter@2"}},
		{"initials, by name", "A. Smith|B. Jones|C. Brown", "B. Jones", "A. Smith/B. Jones/C. Brown", "b", []string{"warning own_letter@2"}},
		{"initials, by letter", "A. Smith|B. Jones|C. Brown", "c", "A. Smith/B. Jones/C. Brown", "c", []string{"warning own_letter@2"}},
		{"a key with its label", "A) one|B) two", "B) two", "A) one/B) two", "b", []string{"warning own_letter@2"}},
		{"numbers before words", "1. Jan uary|2. Feb ruary", "2", "Jan uary/Feb ruary", "b", nil},
		{"numbers before numbers", "1) 10 m|2) 20 m", "2", "1) 10 m/2) 20 m", "b", nil},
		{"marks again", "A) B. one|B) C. two", "A", "A) B. one/B) C. two", "a", []string{"warning own_letter@2"}},
		{"Japanese", "A．東京|B．大阪", "大阪", "東京/大阪", "b", nil},
		{"one without", "A) one|two", "A", "A) one/two", "a", nil},
	})
	f := parse(t, "q.csv", "question,options,answer\nS?,A) one|B) two,B\n")
	wantFound(t, f, "note table_column_as@1", "note table_option_labels@2")
}

// A part that is empty would move the letters behind it.
func TestEmptyPartsOfOneCell(t *testing.T) {
	refused := []string{"error table_options_cell@2"}
	checkCells(t, "question,options,answer", []cellCase{
		{"two bars and one", "Paris||London|Rome", "C", "", "", refused},
		{"semicolons", "one;;two;three", "3", "", "", refused},
		{"first", ";one;two", "B", "", "", refused},
		{"last", "one;two;;", "B", "one/two", "b", nil},
		{"double bars", "one||two||three", "C", "one/two/three", "c", nil},
		{"empty lines everywhere", "\"one\n\ntwo\n\nthree\"", "C", "one/two/three", "c", nil},
		{"an empty line", "\"one\n\nthree\nfour\"", "C", "", "", refused},
		{"in a list", `"[""one"", """", ""three""]"`, "C", "one/three", "c", []string{"warning empty_option@2"}},
	})
}

// What is meant to be a list is read as one, or not at all.
func TestListsInOneCell(t *testing.T) {
	cell, objects := []string{"error table_options_cell@2"}, []string{"error table_option_objects@2"}
	checkCells(t, "question,options,correct_option_id", []cellCase{
		{"a dict of Python", `"{'A': 'x; y', 'B': 'z'}"`, "A", "", "", cell},
		{"None", `"['a; b', 'c', None]"`, "B", "", "", cell},
		{"null", `"[""a|b"", ""c"", null]"`, "A", "", "", cell},
		{"too many brackets", `"[""a"", ""b""]]"`, "A", "", "", cell},
		{"commas and none", `"['a' 'b', 'c']"`, "A", "", "", cell},
		{"escapes", `"['10\xa0km', 'caf\u00e9']"`, "B", "10\u00a0km/café", "b", nil},
		{"an escape that is none", `"['a\q', 'b']"`, "B", "", "", cell},
		{"half an escape", `"['a\x1', 'b']"`, "B", "", "", cell},
		{"a letter twice", `"{""A"":""x"",""B"":""y"",""B"":""z""}"`, "B", "", "", cell},
		{"ids out of order", `"[{""id"":2,""text"":""two""},{""id"":1,""text"":""one""}]"`, "1", "two/one", "b", nil},
		{"letters as ids", `"[{""id"":""b"",""text"":""bee""},{""id"":""a"",""text"":""ay""}]"`, "a", "bee/ay", "b", nil},
		{"labels", `"[{""label"":""B"",""text"":""bee""},{""label"":""A"",""text"":""ay""}]"`, "A", "bee/ay", "b", nil},
		{"ids from 0", `"[{""id"":0,""text"":""zero""},{""id"":1,""text"":""one""},{""id"":2,""text"":""two""}]"`, "\"0,2\"", "zero/one/two", "ac", nil},
		{"ids in order", `"[{""id"":1,""text"":""p""},{""id"":2,""text"":""q""}]"`, "2", "p/q", "b", nil},
		{"the text beside ids", `"[{""id"":7,""text"":""p""},{""id"":8,""text"":""q""}]"`, "q", "p/q", "b", nil},
		{"no id", `"[{""id"":7,""text"":""p""},{""id"":8,""text"":""q""}]"`, "B", "", "", []string{"error table_key_names@2"}},
		{"an id and another text", `"[{""id"":7,""text"":""8""},{""id"":8,""text"":""9""}]"`, "8", "", "", []string{"error csv_key_ambiguous@2"}},
		{"an id twice", `"[{""id"":7,""text"":""p""},{""id"":7,""text"":""q""}]"`, "7", "", "", objects},
		{"an id missing", `"[{""id"":7,""text"":""p""},{""text"":""q""}]"`, "7", "", "", objects},
		{"a field twice", `"[{""text"":""p"",""text"":""x""},{""text"":""q""}]"`, "A", "", "", objects},
		{"an unknown field", `"[{""text"":""p"",""score"":1},{""text"":""q""}]"`, "B", "", "", objects},
		{"marks that agree", `"[{""text"":""p"",""isCorrect"":false},{""text"":""q"",""isCorrect"":true}]"`, "B", "p/q", "b", nil},
		{"marks that differ", `"[{""text"":""p"",""is_correct"":false},{""text"":""q"",""is_correct"":true}]"`, "A", "", "", []string{"error table_key_marks@2"}},
		{"no right mark", `"[{""text"":""p"",""is_correct"":false},{""text"":""q"",""is_correct"":false}]"`, "A", "", "", []string{"error table_key_marks@2"}},
		{"marks without a key", `"[{""text"":""p"",""is_correct"":true},{""text"":""q""},{""text"":""r"",""is_correct"":true}]"`, "", "p/q/r", "ac", nil},
		{"marks that are words", `"[{""text"":""p"",""is_correct"":""no""},{""text"":""q"",""is_correct"":""yes""}]"`, "B", "", "", objects},
	})
	f := parse(t, "q.csv", "type,question,options,answer\nordering,S?,\"[{\"\"id\"\":2,\"\"text\"\":\"\"p\"\"},{\"\"id\"\":1,\"\"text\"\":\"\"q\"\"}]\",\"2,1\"\n")
	wantProblems(t, f, "error table_option_objects@2")
	f = parse(t, "q.csv", "question,options,correct_index\nS?,\"[{\"\"id\"\":2,\"\"text\"\":\"\"p\"\"},{\"\"id\"\":1,\"\"text\"\":\"\"q\"\"}]\",2\n")
	wantProblems(t, f, "error table_key_index@2")
}

// The right answers are read by the rules of the wrong ones; where these don't tell, nothing is guessed.
func TestSeveralRightAnswersBesideWrongOnes(t *testing.T) {
	const joined, columns = "question,correct_answers,incorrect_answers\n", "question,answer,distractor1,distractor2\n"
	for _, tt := range []struct {
		name, data     string
		options, right string
		problems       []string
	}{
		{"as the wrong ones", joined + "S,Paris; Rome,Lyon; Bonn\n", "Paris/Rome/Lyon/Bonn", "ab", nil},
		{"lists", joined + `S,"[""Paris"", ""Rome""]","[""Lyon"", ""Bonn""]"` + "\n", "Paris/Rome/Lyon/Bonn", "ab", nil},
		{"a list of one", joined + `S,"[""Paris; Rome""]",Lyon|Bonn` + "\n", "Paris; Rome/Lyon/Bonn", "a", nil},
		{"another way", joined + "S,Paris; Rome,Lyon|Bonn\n", "", "", []string{"error table_right_several@2"}},
		{"within all texts", joined + "S,x = 1; y = 2,x = 2; y = 1|x; y\n", "", "", []string{"error table_options_cell@2"}},
		{"within all texts of a list", joined + `S,x = 1; y = 2,"[""x = 2; y = 1"", ""z""]"` + "\n", "x = 1; y = 2/x = 2; y = 1/z", "a", nil},
		{"commas in one wrong cell", joined + "S,Paris,\"London, Rome, Berlin\"\n", "", "", []string{"error table_options_cell@2"}},
		{"a sign of HTML", joined + `S,&quot;p&quot;,"[""q""]"` + "\n", "&quot;p&quot;/q", "a", nil},
		{"a broken list", joined + "S,['Paris',['Lyon']\n", "['Paris'/Lyon", "a", nil},
		{"no right one", joined + "S,,Lyon|Bonn\n", "", "", []string{"error no_key@2"}},
		{"columns", columns + "S,Paris; Rome,Oslo,Bonn\n", "", "", []string{"error table_right_several@2"}},
		{"columns with a list", columns + `S,"[""Paris"", ""Rome""]",Oslo,Bonn` + "\n", "Paris/Rome/Oslo/Bonn", "ab", nil},
		{"columns of such texts", columns + "S,a; b,c; d,e\n", "a; b/c; d/e", "a", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := parse(t, "q.csv", tt.data)
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
	f := parse(t, "q.csv", "question,type,answer,wrong_1,wrong_2\nS,short,a; b,,\n")
	wantProblems(t, f, "warning table_one_answer@2")
	if q := one(t, f); q.Question.Type != exam.ShortText {
		t.Errorf("%+v", q)
	}
}

// A column of an index that is named by the caller is one all the same.
func TestIndexByColumns(t *testing.T) {
	columns, err := questionset.ParseColumns("question=Frage,option_a=Eins,option_b=Zwei,correct_answer=answer_index")
	if err != nil {
		t.Fatal(err)
	}
	f := parseAs(t, "q.csv", "Frage,Eins,Zwei,answer_index\nS,p,q,1\nT,p,q,0\n", questionset.Options{Columns: columns})
	if len(f.Questions) != 2 || right(f.Questions[0]) != "b" || right(f.Questions[1]) != "a" {
		t.Errorf("%+v %q", f.Questions, found(f))
	}
}
