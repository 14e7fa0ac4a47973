package questionset_test

import (
	"slices"
	"testing"

	"shiken/exam"
	"shiken/questionset"
)

// typedTexts are the answers of a short text.
func typedTexts(q questionset.Question) []string {
	var out []string
	for _, k := range q.Key.Texts {
		out = append(out, k.Pattern)
	}
	return out
}

// What may be several answers to be typed is parted, or told; nothing is right in a field that asks for two.
func TestAnswersToBeTyped(t *testing.T) {
	for _, tt := range []struct {
		name, stem, answer string
		texts, problems    []string
	}{
		{"a bar", "S?", "a | b", []string{"a", "b"}, nil},
		{"a line end", "S?", "\"a\nb\"", []string{"a", "b"}, nil},
		{"a list", "S?", `"[""colour"",""color""]"`, []string{"colour", "color"}, nil},
		{"a list with bars within", "S?", `"[""a|b""]"`, []string{"a|b"}, nil},
		{"a semicolon", "S?", "Paris; paris", []string{"Paris; paris"}, []string{"warning table_one_answer@2"}},
		{"an ideographic comma", "S?", "東京、とうきょう", []string{"東京、とうきょう"}, []string{"warning table_one_answer@2"}},
		{"a word", "S?", "grey or gray", []string{"grey or gray"}, []string{"warning table_one_answer@2"}},
		{"a slash", "S?", "Paris / Paree", []string{"Paris / Paree"}, []string{"warning table_one_answer@2"}},
		{"a comma", "S?", `"Paris, Paree"`, []string{"Paris, Paree"}, []string{"warning table_one_answer@2"}},
		{"numbers", "S?", `"1,000"`, []string{"1,000"}, nil},
		{"one word", "S?", "Oregon", []string{"Oregon"}, nil},
		{"a comma beside bars", "S?", `"Rome, Italy|Rome"`, []string{"Rome, Italy", "Rome"}, nil},
		{"two gaps and two answers", "Water is ___ and ice is ____.", "liquid | solid", nil, []string{"error table_gaps@2"}},
		{"two gaps in brackets", "水は（　　）、氷は（　　）。", "液体|固体", nil, []string{"error table_gaps@2"}},
		{"two gaps and one answer", "Water is ___ and ice is ____.", "liquid", []string{"liquid"}, []string{"warning table_gaps_one@2"}},
		{"one gap", "Water is ___.", "liquid|wet", []string{"liquid", "wet"}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := parse(t, "q.csv", "type,question,answer\nshort_answer,"+tt.stem+","+tt.answer+"\n")
			wantProblems(t, f, tt.problems...)
			if tt.texts == nil {
				if len(f.Questions) != 0 {
					t.Errorf("taken: %+v", f.Questions)
				}
				return
			}
			if got := typedTexts(one(t, f)); !slices.Equal(got, tt.texts) {
				t.Errorf("%q", got)
			}
		})
	}
}

// The type of a row is not passed over where the table has no options.
func TestTypesWithoutOptions(t *testing.T) {
	for _, tt := range []struct {
		row, problem string
		kind         exam.QuestionType
	}{
		{"T/F,The sky is blue,T", "", exam.TrueFalse},
		{"True or False,The sky is blue,false", "", exam.TrueFalse},
		{"○×問題,空は青い,○", "", exam.TrueFalse},
		{"Numeric entry,2+2,4", "", exam.Numeric},
		{"Short Answer Question,Capital?,Rome", "", exam.ShortText},
		{"穴埋め問題,首都は___,東京", "", exam.ShortText},
		{"Essay question,Why?,Because", "", exam.Essay},
		{"Multiple Choice,Capital? A) London B) Paris,Paris", "error table_open_choice@2", ""},
		{"Thinking,Capital?,Rome", "error table_type_unread@2", ""},
		{"Multiple Choice,The sky is blue,True", "warning table_open@2", exam.TrueFalse},
	} {
		f := parse(t, "q.csv", "Type,Question,Answer\n"+tt.row+"\n")
		var problems []string
		if tt.problem != "" {
			problems = []string{tt.problem}
		}
		wantProblems(t, f, problems...)
		switch {
		case tt.kind == "" && len(f.Questions) != 0:
			t.Errorf("%s: taken as %s", tt.row, f.Questions[0].Question.Type)
		case tt.kind != "":
			if q := one(t, f); q.Question.Type != tt.kind {
				t.Errorf("%s: %s", tt.row, q.Question.Type)
			}
		}
	}
}

// Headings and passages between the questions are told; numbers without a question are only counted.
func TestRowsOfOneText(t *testing.T) {
	for _, tt := range []struct{ row, finding string }{
		{"第2章 構造,,,,", "warning table_title_row@3"},
		{"第2章,,,,", "warning table_title_row@3"},
		{"Read the text below and answer 2 and 3: Rome was …,,,,", "warning table_title_row@3"},
		{"Part B,,,,", "warning table_title_row@3"},
		{"３,,,,", "note csv_only_id@0"},
		{"Q12,,,,", "note csv_only_id@0"},
		{"問12,,,,", "note csv_only_id@0"},
		{"H30-1,,,,", "note csv_only_id@0"},
	} {
		f := parse(t, "q.csv", "id,question,option_a,option_b,correct_answer\n1,q1,x,y,A\n"+tt.row+"\n2,q2,x,y,B\n")
		wantFound(t, f, tt.finding)
		if len(f.Questions) != 2 {
			t.Errorf("%s: %d questions", tt.row, len(f.Questions))
		}
	}
}

// Where points part thousands, a number with three digits behind one is not guessed.
func TestThousandsWithPoints(t *testing.T) {
	for _, tt := range []struct{ data, problem, low string }{
		{"Typ;Frage;Antwort\nnumerisch;Einwohner;1.000\n", "error table_thousands@2", ""},
		{"Typ,Frage,Antwort\nnumerisch,Einwohner,12.500\n", "error table_thousands@2", ""},
		{"type;question;answer\nnumeric;N;1.000\n", "error table_thousands@2", ""},
		{"type;question;answer\nnumeric;N;1.000..2.000\n", "error table_thousands@2", ""},
		{"type;question;answer\nnumeric;N;0.125\n", "", "0.125"},
		{"type;question;answer\nnumeric;N;1.25\n", "", "1.25"},
		{"type;question;answer\nnumeric;N;3.1416\n", "", "3.1416"},
		{"type,question,answer\nnumeric,N,3.142\n", "", "3.142"},
	} {
		f := parse(t, "q.csv", tt.data)
		if tt.problem != "" {
			wantProblems(t, f, tt.problem)
			continue
		}
		wantProblems(t, f)
		if q := one(t, f); q.Key.Numbers[0].Min != tt.low {
			t.Errorf("%q: %+v", tt.data, q.Key.Numbers)
		}
	}
}
