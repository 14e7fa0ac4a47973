package questionset_test

import (
	"testing"

	"shiken/questionset"
)

// Layouts that many people use are read: kana with a wide space behind them, brackets around what a line is, answers
// without a colon, and answers that repeat their option.
func TestCommonLayouts(t *testing.T) {
	options := "a) x\nb) y z\n"
	for _, tt := range []struct {
		name, data, taken string
		problems          []string
	}{
		{"examinations", "問1 S？\nア　メモリ\nイ　CPU\nウ　HDD\n正解　ウ\n\n問2 T？\nア　甲　　イ　乙\n正解　ア", "メモリ/CPU/HDD:c\n甲/乙:a", nil},
		{"brackets", "【問3】S？\nア）甲\nイ）乙\n【正解】イ\n【問4】\nT？\nア）甲\nイ）乙\n【解答】ア", "甲/乙:b\n甲/乙:a", nil},
		{"no colon", "1. S?\n" + options + "Ans. b\n2. T?\n" + options + "Answer = a\n3. U?\n" + options + "答案：A", "x/y z:b\nx/y z:a\nx/y z:a", nil},
		{"German", "Aufgabe 3: S?\n" + options + "Antwort: b", "x/y z:b", nil},
		{"the option again", "1. S?\n" + options + "Answer: B (y z)\n2. T?\n" + options + "Answer: A x\n3. U?\n" + options + "Answer: Option B", "x/y z:b\nx/y z:a\nx/y z:b", nil},
		{"the option again, in Japanese", "問1 S？\nア）東京\nイ）大阪\n正解：イ（大阪）\n問2 T？\nA）東京\nB）大阪\n正解：A　東京", "東京/大阪:b\n東京/大阪:a", nil},
		{"another option", "1. S?\n" + options + "Answer: B (x)", "", []string{"error csv_key_not_understood@4"}},
		{"a list in kana before the options", "1. S?\nア　甲\nイ　乙\n" + options + "Answer: b", "x/y z:b", nil},
		{"a sentence on answers", "1. S?\na) x\nb) y\nAnswer. Why not\nc) z\nAnswer: c", "x/y\nAnswer. Why not/z:c", []string{"warning prose_option_joined@3"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := parse(t, "q.txt", tt.data)
			wantProblems(t, f, tt.problems...)
			if got := allOptions(f); got != tt.taken || f.Format != questionset.Typed {
				t.Errorf("%s: %q, want %q", f.Format, got, tt.taken)
			}
		})
	}
}
