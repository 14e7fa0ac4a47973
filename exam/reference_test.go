package exam_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"shiken/exam"
)

func textOptions(texts ...string) []exam.Option {
	out := make([]exam.Option, len(texts))
	for i, text := range texts {
		out[i] = exam.Option{ID: string(rune('a' + i)), Text: exam.Text{Source: text}}
	}
	return out
}

// TestReferences: each text is the last of four options beside three that say something of their own.
func TestReferences(t *testing.T) {
	for want, texts := range map[exam.Reference][]string{
		exam.ToAbove: {
			"All of the above", "None of the above.", "all of the above are correct", "ALL OF THE ABOVE!", "Both of the above", "All the above",
			"None of the preceding", "Neither of the above", "Any two of the above", "A combination of the above", "None of the above answers is correct",
			"d) All of the above", "(d) None of the above", "D. All of the above", "**None of the above**", "All of the options above", "All choices above are right",
			"上記のすべて", "上記すべて", "上記のいずれでもない。", "上記のどれでもない", "上記のどちらか", "上記の両方", "上記のうちいずれか2つ", "左記すべてが含まれる。",
			"以上のいずれでもない", "以上すべて", "以上の選択肢のいずれでもない", "上の選択肢はすべて正しい", "上記以外", "上記に正解はない", "上記の選択肢の中にない", "前述のすべて",
			"上記の方法のいずれか1つまたはその組み合わせ。", "Todas las anteriores", "Ninguna de las anteriores", "ninguna respuesta anterior es correcta, ninguna de las anteriores",
		},
		exam.ToAll: {
			"None of these", "All of these", "Both of these", "Neither of these", "None of the other options", "All of the answers are correct", "None of the options", "All are correct",
			"Both are true", "None of them", "None apply", "None of these is correct",
			"いずれでもない", "いずれも正しい", "いずれも誤り", "どれも正しくない", "どれでもない", "どちらでもない", "どちらも正しい", "すべて正しい", "全て誤っている", "これらすべて。", "これらのいずれでもない",
			"以下のすべて", "該当なし", "該当するものはない", "正解なし", "当てはまるものはない", "この中にはない", "すべて当てはまる", "Todas son correctas",
		},
		exam.ToPlaces: {
			"A and C", "Both A and B", "both a) and b)", "(a) and (b)", "Both (A) & (C)", "A & C", "A or B", "Neither A nor B", "A, B and C", "A, B, and C", "A, B", "Options A and C",
			"Both options A and option B", "A and B only", "Only A and B", "a and b are correct", "A and C, but not B", "All of A, B and C", "Answers 1 and 3", "1 and 3", "Both 1 and 2",
			"1, 2 and 3", "options 1 through 3", "All of A to C", "d) A and C", "a. and c.",
			"アとウ", "ア及びイ", "ア、イ", "アとイの両方", "ア・ウ", "アまたはイ", "(ア)と(ウ)", "アとイのみ", "アとウが正しい", "ア～ウのすべて", "アからウのいずれでもない", "イとロ", "ｱとｳ",
			"1と3", "１と３", "①と③", "①〜③のすべて", "1および2", "1と2が正しい", "AとB", "ＡとＢの両方", "（A）と（B）", "選択肢AとC", "選択肢1と選択肢2", "a、b", "BとCのどちらも",
			"B y C son correctas", "a o b", "The first two options", "Both of the first two", "the first and third options",
		},
		exam.NoReference: {
			"", "A", "3", "and", "A and E", "A and Z", "D and E", "A and D", "A and A", "1 and 4", "5 and 9", "1 and 3 metres", "A and B are sets", "AB", "C and C++", "Vitamin A and D",
			"Above the line", "The above-mentioned theorem", "Proof of the above theorem", "all of Europe", "None", "All", "Neither", "Both parents", "neither rain nor snow", "first and second wave",
			"The first two years", "bread and butter", "I and II", "2 to 3", "1-3", "A-C", "1.5", "both the heart and the lungs", "None of the candidates won", "All of these years were dry",
			"すべて", "なし", "18歳以上の成人", "30歳以上の女性", "90％以上の支持", "以上", "すべての自由アーベル群は無限の基底を持つ。", "すべてのアパートより小さい家もある。", "いずれの国も加盟していない",
			"これらの国々", "上下", "上記の定理", "下記の表を見る", "とうもろこしと小麦", "アメリカとイギリス", "アとオ", "かき", "イオン", "2と5", "1と3の和", "AとBの積集合", "どちらの辺も等しい",
			strings.Repeat("All of the above ", 8),
		},
	} {
		for _, text := range texts {
			options := textOptions("Iron rusts", "鉄はさびる", "Gold does not", text)
			if got := exam.References(options); !slices.Equal(got, []exam.Reference{exam.NoReference, exam.NoReference, exam.NoReference, want}) {
				t.Errorf("%q: %v, want %v last", text, got, want)
			}
		}
	}
}

// Markup does not hide a reference.
func TestReferencesInMarkup(t *testing.T) {
	for text, want := range map[string]exam.Reference{
		"<p><b>A</b> and <b>C</b></p>": exam.ToPlaces, "&#65; and &#67;": exam.ToPlaces, "<p>All of the&nbsp;above</p>": exam.ToAbove, "A &lt; C": exam.NoReference,
	} {
		options := textOptions("one", "two", "three", text)
		options[3].Text.Format = exam.HTML
		if got := exam.References(options)[3]; got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

// What names letters or numbers refers to options only when these say something of their own.
func TestNamesOfOtherThings(t *testing.T) {
	const (
		no     = exam.NoReference
		places = exam.ToPlaces
	)
	for _, tt := range []struct {
		texts []string
		want  []exam.Reference
	}{
		{[]string{"A only", "B only", "Both A and B", "Neither A nor B"}, []exam.Reference{no, no, no, no}},
		{[]string{"アとイ", "アとウ", "イとウ", "ア、イ、ウ"}, []exam.Reference{no, no, no, no}},
		{[]string{"アのみ", "イのみ", "アとイ", "どちらでもない"}, []exam.Reference{no, no, no, exam.ToAll}},
		{[]string{"2", "1 and 3", "5", "7"}, []exam.Reference{no, no, no, no}},
		{[]string{"1 and 2", "1 and 3", "2 and 3", "3 and 4"}, []exam.Reference{no, no, no, no}},
		{[]string{"10 m", "20 m", "30 m", "1 and 3"}, []exam.Reference{no, no, no, places}},
		{[]string{"10", "20", "30", "1 and 3"}, []exam.Reference{no, no, no, no}},
		{[]string{"A", "B", "A and B", "D"}, []exam.Reference{no, no, places, no}},
		{[]string{"Option A", "Option B", "Option C", "A and C"}, []exam.Reference{no, no, no, places}},
		{[]string{"C", "B", "O", "A and B"}, []exam.Reference{no, no, no, no}},
		{[]string{"a) red", "b) blue", "c) a and b", "d) none of these"}, []exam.Reference{no, no, places, exam.ToAll}},
	} {
		if got := exam.References(textOptions(tt.texts...)); !slices.Equal(got, tt.want) {
			t.Errorf("%q: %v, want %v", tt.texts, got, tt.want)
		}
	}
}

func TestKeptPlaces(t *testing.T) {
	fixed := textOptions("one", "two", "three")
	fixed[1].Fixed = true
	for _, tt := range []struct {
		options []exam.Option
		want    string // x: kept
	}{
		{textOptions("one", "two", "three"), "..."},
		{fixed, ".x."},
		{textOptions("one", "two", "A and B"), "xxx"},
		{textOptions("A and C", "two", "three"), "..."}, // A is itself
		{textOptions("B and C", "two", "three"), "xxx"},
		{textOptions("one", "two", "All of the above"), "..x"},
		{textOptions("one", "two", "Both of the above", "None of the above"), "..xx"},
		{textOptions("one", "two", "Both of the above", "four"), "xxx."},
		{textOptions("None of these", "two", "three"), "x.."},
		{textOptions("one", "None of these", "three", "four", "All of the above"), ".x..x"},
		{textOptions("a) one", "b) two", "c) three"), "xxx"},
		{textOptions("ア．一つ", "イ．二つ", "ウ．三つ"), "xxx"},
		{textOptions("（い）一つ", "（ろ）二つ", "（は）三つ"), "xxx"},
		{textOptions("① one", "② two", "③ three"), "xxx"},
		{textOptions("1) one", "2) two", "3) three"), "xxx"},
		{textOptions("１．一つ", "２．二つ", "３．"+strings.Repeat("長", 200)), "xxx"},
		{textOptions("1.5 m", "2.5 m", "3.5 m"), "..."},
		{textOptions("1", "2", "3"), "..."},
		{textOptions("ア", "イ", "ウ"), "..."},
		{textOptions("b) one", "c) two", "d) three"), "..."},
		{textOptions("a) one", "b) two", "three"), "..."},
	} {
		got := ""
		for _, kept := range exam.KeptPlaces(tt.options) {
			got += map[bool]string{true: "x", false: "."}[kept]
		}
		if got != tt.want {
			t.Errorf("%v: %s, want %s", tt.options, got, tt.want)
		}
	}
}

// Papers keep such options in their places, and shuffle the others.
func TestDrawKeepsWhatRefers(t *testing.T) {
	for _, tt := range []struct {
		texts []string
		kept  []int
		moves bool
	}{
		{[]string{"one", "two", "three", "上記のすべて"}, []int{3}, true},
		{[]string{"one", "two", "three", "1と3"}, []int{0, 1, 2, 3}, false},
	} {
		pool := []exam.PoolQuestion{{Version: "v", Identity: "q", Question: exam.Question{Type: exam.MultipleChoice, Options: textOptions(tt.texts...)}}}
		d := definition(exam.SectionDefinition{Points: exam.FullCredit})
		d.Shuffle.Options = true
		moved := false
		for n := range uint64(30) {
			p, err := exam.Draw(exam.DrawRequest{Definition: d, Pools: [][]exam.PoolQuestion{pool}, Seed: seedOf(n)})
			if err != nil {
				t.Fatal(err)
			}
			for place, choice := range p.Items[0].Choices {
				own := choice.Option == string(rune('a'+place))
				moved = moved || !own
				if slices.Contains(tt.kept, place) && !own {
					t.Fatalf("%q: %s stands at %d", tt.texts, choice.Option, place)
				}
			}
		}
		if moved != tt.moves {
			t.Errorf("%q: options moved: %v", tt.texts, moved)
		}
	}
}

// The labels of an exam do not stand before those that options have of their own.
func TestDrawLabels(t *testing.T) {
	for _, tt := range []struct {
		options []exam.Option
		want    exam.OptionLabels
	}{
		{textOptions("one", "two"), exam.Katakana},
		{textOptions("ア．one", "イ．two"), exam.NoLabels},
		{[]exam.Option{
			{ID: "a", Text: exam.Text{Format: exam.HTML, Source: "<p>1) one</p>"}}, {ID: "b", Text: exam.Text{Format: exam.HTML, Source: "<p><b>2)</b> two</p>"}},
		}, exam.NoLabels},
	} {
		pool := []exam.PoolQuestion{{Version: "v", Identity: "q", Question: exam.Question{Type: exam.SingleChoice, Options: tt.options}}}
		d := definition(exam.SectionDefinition{Points: exam.FullCredit})
		d.Labels = exam.Katakana
		p, err := exam.Draw(exam.DrawRequest{Definition: d, Pools: [][]exam.PoolQuestion{pool}, Seed: seedOf(1)})
		if err != nil || p.Items[0].Labels != tt.want {
			t.Errorf("%v: labels %q, %v", tt.options, p.Items[0].Labels, err)
		}
	}
}

// Whatever the texts: no panic, and fixed options are kept.
func TestAnyReferences(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.SliceOfN(rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"A and B", "上記のすべて", "1と2", "a) x", "None of these", "(", "、"})), 0, 6).Draw(t, "texts")
		options := textOptions(texts...)
		for i := range options {
			options[i].Fixed = rapid.Bool().Draw(t, "fixed")
		}
		kept := exam.KeptPlaces(options)
		for i := range options {
			if options[i].Fixed && !kept[i] {
				t.Fatalf("%q is not kept", texts[i])
			}
		}
	})
}

func TestOptionLabels(t *testing.T) {
	for labels, want := range map[exam.OptionLabels]string{
		exam.NoLabels: "    ", exam.Letters: "A B Z AA AB", exam.Numbers: "1 2 26 27 28", exam.Katakana: "ア イ ハ ヒ フ",
	} {
		var got []string
		for _, place := range []int{0, 1, 25, 26, 27} {
			got = append(got, labels.At(place))
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%q: %q, want %q", labels, s, want)
		}
	}
	if s := exam.Katakana.At(43) + exam.Katakana.At(44); s != "ワアア" {
		t.Errorf("the last katakana and the next: %q", s)
	}
	if s := exam.Letters.At(-1); s != "" {
		t.Errorf("before the first: %q", s)
	}
}
