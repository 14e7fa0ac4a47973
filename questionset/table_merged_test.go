package questionset_test

import "testing"

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

// Options in rows below their question make no essays.
func TestOptionsInRows(t *testing.T) {
	f := parse(t, "q.csv", "Question,Option,Correct\nCapital?,Paris,yes\n,Rome,no\n,Oslo,no\n")
	wantProblems(t, f, "error table_option_rows@1")
	if len(f.Questions) != 0 {
		t.Errorf("taken: %+v", f.Questions)
	}
}
