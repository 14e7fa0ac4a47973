package questionset_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"shiken/exam"
	"shiken/questionset"
)

const japaneseRow = "7,構造,2019年度,問い,甲,乙,丙,丁,ウ,なぜなら,白書,易\n"

func TestJapaneseHeader(t *testing.T) {
	for name, header := range map[string]string{
		"letters":          "番号,分野,年度,問題,選択肢A,選択肢B,選択肢C,選択肢D,正解,解説,出典,難易度",
		"numbers":          "問題番号,カテゴリ,年,問題文,選択肢1,選択肢２,選択肢③,選択肢（4）,解答,解説,出典,難易度",
		"kana, half width": "番号,ｶﾃｺﾞﾘ,年度,問題,選択肢ア,選択肢ｲ,選択肢㋒,選択肢 エ,正答,解説,出典,難易度",
		"mixed":            "id,カテゴリー,year,問題,option_a,選択肢B,option_c,選択肢_D,正解,解説,出典,difficulty",
	} {
		t.Run(name, func(t *testing.T) {
			utf8 := parse(t, "q.csv", header+"\n"+japaneseRow)
			cp932 := parse(t, "q.csv", cp932(t, strings.ReplaceAll(header, "㋒", "ウ")+"\n"+japaneseRow))
			for _, f := range []*questionset.File{utf8, cp932} {
				q := one(t, f)
				if q.Number != "7" || q.Category != "構造" || q.Year != 2019 || q.Reference != "白書" || q.Difficulty != "易" ||
					q.Question.Stem.Source != "問い" || q.Feedback.Explanation.Source != "なぜなら" {
					t.Errorf("%+v", q)
				}
				if len(q.Question.Options) != 4 || q.Question.Options[3].Text.Source != "丁" ||
					!maps.Equal(q.Key.Options, map[string]int{"c": exam.FullCredit}) {
					t.Errorf("options %+v, key %+v", q.Question.Options, q.Key)
				}
				for _, finding := range f.Report.Findings {
					if finding.Severity != questionset.Note {
						t.Errorf("finding %+v", finding)
					}
				}
				if !slices.Contains(found(f), "note table_column_as@1") {
					t.Errorf("findings %q", found(f))
				}
			}
		})
	}
}

// A Japanese name is judged like the one that it stands for.
func TestJapaneseHeaderRefusals(t *testing.T) {
	for _, tt := range []struct {
		name, data string
		findings   []string
	}{
		{"twice by two names", "問題,選択肢A,選択肢B,正解,解答\nS,1,2,A,A\n",
			[]string{"note table_column_as@1", "note table_column_as@1", "note table_column_as@1",
				"note table_column_as@1", "error csv_repeated_column@1"}},
		{"no second option", "問題,選択肢1,正解\nS,1,1\n",
			[]string{"note table_column_as@1", "note table_column_as@1", "note table_column_as@1", "error csv_missing_column@1"}},
		{"option beyond z", "question,option_a,option_b,選択肢27,correct_answer\nS,1,2,9,A\n", []string{"error csv_option_column@1"}},
		{"no option's mark", "question,option_a,option_b,選択肢数,correct_answer\nS,1,2,2,A\n", []string{"note csv_extra_column@1"}},
		{"unknown", "question,option_a,option_b,correct_answer,備考\nS,1,2,A,x\n", []string{"note csv_extra_column@1"}},
	} {
		t.Run(tt.name, func(t *testing.T) { wantFound(t, parse(t, "q.csv", tt.data), tt.findings...) })
	}
}

func TestJapaneseKeys(t *testing.T) {
	const columns = "question,option_a,option_b,option_c,option_d,correct_answer\n"
	note := func(code string) []string { return []string{"note " + code + "@2"} }
	for _, tt := range []struct {
		name, options, key string
		right              string
		findings           []string
	}{
		{"kana", "p,q,r,s", "ウ", "c", note("csv_key_kana")},
		{"kana, half width", "p,q,r,s", "ｴ", "d", note("csv_key_kana")},
		{"kana in a circle", "p,q,r,s", "㋑", "b", note("csv_key_kana")},
		{"kana in brackets", "p,q,r,s", "（ア）", "a", note("csv_key_kana")},
		{"several kana", "p,q,r,s", "ア、エ", "ad", note("csv_key_kana")},
		{"kana that are the options", "ア,イ,ウ,エ", "イ", "b", note("csv_key_kana")},
		{"kana that is another option", "カ,ア,サ,タ", "ア", "", []string{"error csv_key_ambiguous@2"}},
		{"kana that is only an option", "ア,カ,サ,タ", "カ", "b", note("csv_key_text")},
		{"kana without an option", "p,q,r,s", "オ", "", []string{"error csv_key_not_understood@2"}},
		{"kana run together", "p,q,r,s", "アイ", "", []string{"error csv_key_not_understood@2"}},
		{"kana and a letter", "p,q,r,s", "ア、B", "", []string{"error csv_key_not_understood@2"}},
		{"number and a letter", "p,q,r,s", "A、2", "", []string{"error csv_key_not_understood@2"}},
		{"number in a circle", "p,q,r,s", "④", "d", note("csv_key_number")},
		{"several numbers", "p,q,r,s", "①と③", "ac", note("csv_key_number")},
		{"no such number", "p,q,r,s", "5", "", []string{"error csv_key_not_understood@2"}},
		{"zero", "p,q,r,s", "0", "", []string{"error csv_key_from_zero@2"}},
		{"and", "p,q,r,s", "A and C", "ac", nil},
		{"and, thrice", "p,q,r,s", `"A, B and D"`, "abd", nil},
		{"と", "p,q,r,s", "ＡとＣ", "ac", nil},
		{"及び", "p,q,r,s", "A及びC", "ac", nil},
		{"or", "p,q,r,s", "A又はC", "", []string{"error csv_key_not_understood@2"}},
		{"and, as an option", "A,B,A and B,D", "A and B", "c", []string{"note csv_key_text@2", "warning refers_to_letters@2"}},
		{"and, with nothing", "p,q,r,s", "A and", "", []string{"error csv_key_not_understood@2"}},
		{"a letter behind a point", "p,q,r,s", "A. b", "", []string{"error csv_key_not_understood@2"}},
		{"two letters with a point", "p,q,r,s", "A.b", "ab", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := parse(t, "q.csv", columns+"Stem?,"+tt.options+","+tt.key+"\n")
			wantFound(t, f, tt.findings...)
			right := ""
			for _, q := range f.Questions {
				right += strings.Join(slices.Sorted(maps.Keys(q.Key.Options)), "")
			}
			if right != tt.right {
				t.Errorf("right %q, want %q", right, tt.right)
			}
		})
	}
}

// One note tells of a notation; three hundred would hide what matters.
func TestNotationIsNotedOnce(t *testing.T) {
	f := parse(t, "q.csv", "question,option_a,option_b,correct_answer\nS,p,q,ア\nT,p,q,イ\nU,p,q,1\nV,p,q,2\n")
	wantFound(t, f, "note csv_key_kana@2", "note csv_key_number@4")
	if len(f.Questions) != 4 {
		t.Errorf("%d questions", len(f.Questions))
	}
}
