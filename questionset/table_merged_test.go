package questionset_test

import (
	"strings"
	"testing"
)

// One name over the columns of all options, with or without a row of their letters below it.
func TestMergedHeading(t *testing.T) {
	const head = "番号,問題,選択肢,,,,正解\n"
	for _, tt := range []struct{ name, data, options, right string }{
		{"alone", head + "1,首都は,東京,大阪,京都,奈良,ア\n", "東京/大阪/京都/奈良", "a"},
		{"with letters below", head + ",,ア,イ,ウ,エ,\n1,首都は,東京,大阪,京都,奈良,イ\n", "東京/大阪/京都/奈良", "b"},
		{"with names below", "No,Question,Options,,,Answer\n,,Option 1,Option 2,Option 3,\n1,S,p,q,r,C\n", "p/q/r", "c"},
		{"in one cell beside an empty column", "Question,Options,,Answer\nS,p|q|r,,B\n", "p/q/r", "b"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := parse(t, "q.csv", tt.data)
			wantProblems(t, f)
			if q := one(t, f); optionsOf(q) != tt.options || right(q) != tt.right {
				t.Errorf("options %q, right %q", optionsOf(q), right(q))
			}
		})
	}
	f := parse(t, "q.csv", head+"1,首都は,東京,大阪,,,ア\n2,古都は,東京,大阪,京都,奈良,エ\n")
	if len(f.Questions) != 2 || optionsOf(f.Questions[1]) != "東京/大阪/京都/奈良" || right(f.Questions[1]) != "d" {
		t.Errorf("%+v", f.Questions)
	}
}

// One cell that holds all options stays so beside texts without a name; where it may be one option too, its row is
// refused.
func TestOneCellBesideUnnamed(t *testing.T) {
	const head = "question,options,,answer\n"
	for _, tt := range []struct{ name, data, options, right string }{
		{"bars", head + "Which colour?,red|blue|green,checked,B\n", "red/blue/green", "b"},
		{"a list", head + `Which colour?,"[""red"", ""blue"", ""green""]",checked,B` + "\n", "red/blue/green", "b"},
		{"two in the first row", head + "True?,yes|no,checked,B\nWhich?,red|blue|green,checked,B\n", "yes/no", "b"},
		{"two options alone", "question,options,,,answer\nS,P(A|B),P(A),P(B),B\n", "", ""},
		{"semicolons", head + "Which colour?,red; blue; green,checked,B\n", "", ""},
		{"other signs in the first row", head + "Which?,\"red, blue\",checked,not a key\nWhich colour?,red|blue|green,checked,B\n", "", ""},
		{"each option with a semicolon", "question,options,,,answer\nS,1; 2,3; 4,5; 6,B\n", "1; 2/3; 4/5; 6", "b"},
		{"an absolute value", "question,options,,,answer\nS,|x|,x,-x,B\n", "|x|/x/-x", "b"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := parse(t, "q.csv", tt.data)
			if tt.options == "" {
				if len(f.Questions) != 0 || !strings.Contains(strings.Join(found(f), " "), "error table_options_cell@") {
					t.Errorf("taken: %+v, findings %v", f.Questions, found(f))
				}
				return
			}
			if len(f.Questions) == 0 || optionsOf(f.Questions[0]) != tt.options || right(f.Questions[0]) != tt.right {
				t.Errorf("%+v, findings %v", f.Questions, found(f))
			}
		})
	}
}

// Options in rows below their question make no essays.
func TestOptionsInRows(t *testing.T) {
	f := parse(t, "q.csv", "Question,Option,Correct\nCapital?,Paris,yes\n,Rome,no\n,Oslo,no\n")
	wantProblems(t, f, "error table_option_rows@1")
	if len(f.Questions) != 0 {
		t.Errorf("taken: %+v", f.Questions)
	}
}
