package questionset_test

import "testing"

// Options that bring labels of their own in another order leave open what a letter means.
func TestLabelsInAnotherOrder(t *testing.T) {
	for _, tt := range []struct {
		name, data, right string
		problems          []string
	}{
		{"letters", "Question,Option 1,Option 2,Option 3,Answer\nCap?,B) Paris,A) Rome,C) Bern,B\n", "", []string{"error table_key_labels@2"}},
		{"kana", "問題,選択肢1,選択肢2,選択肢3,正解\n首都は,イ．大阪,ア．東京,ウ．京都,ア\n", "", []string{"error table_key_labels@2"}},
		{"numbers", "問題,選択肢1,選択肢2,選択肢3,正解\n首都は,②大阪,①東京,③京都,1\n", "", []string{"error table_key_labels@2"}},
		{"one of several", "Question,A,B,C,Answer\nCap?,B) Paris,A) Rome,C) Bern,\"A,C\"\n", "", []string{"error table_key_labels@2"}},
		{"in one cell", "Question,Options,Answer\nCap?,B) Paris|A) Rome|C) Bern,B\n", "", []string{"error table_key_labels@2"}},
		{"label and place agree", "Question,A,B,C,Answer\nCap?,B) Paris,A) Rome,C) Bern,C\n", "c", []string{"warning other_labels@2"}},
		{"the text", "Question,A,B,C,Answer\nCap?,B) Paris,A) Rome,C) Bern,B) Paris\n", "a", []string{"warning other_labels@2"}},
		{"not all labels", "Question,A,B,C,Answer\nWhich?,C. elegans,E. coli,B. subtilis,C\n", "c", []string{"warning table_key_labels@2"}},
		{"in turn", "Question,A,B,Answer\nCap?,A) Paris,B) Rome,B\n", "b", []string{"warning own_letter@2"}},
		{"other kind of letters", "Question,A,B,Answer\nCap?,イ．大阪,ア．東京,B\n", "b", []string{"warning other_labels@2"}},
		{"combinations", "問題,選択肢1,選択肢2,正解\n正しい組は,\"b、c\",\"a、b\",1\n", "a", nil},
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
			if q := one(t, f); right(q) != tt.right {
				t.Errorf("right %q", right(q))
			}
		})
	}
	f := parse(t, "q.txt", "1. Capital?\na) B) Paris\nb) A) Rome\nAnswer: b\n")
	wantProblems(t, f, "warning other_labels@1")
}
