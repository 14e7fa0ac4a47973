package questionset_test

import (
	"strings"
	"testing"

	"shiken/questionset"
)

// allOptions are the options of each question that was taken, with its key.
func allOptions(f *questionset.File) string {
	var all []string
	for _, q := range f.Questions {
		all = append(all, optionsOf(q)+":"+right(q))
	}
	return strings.Join(all, "\n")
}

// Options in columns are read by their letters, whether these run along the lines or down the columns; where the letters
// make no list, the question is refused.
func TestOptionsInColumns(t *testing.T) {
	for _, tt := range []struct {
		name   string
		format questionset.Format
		data   string
		taken  string
		found  []string
	}{
		{"down, a tab", questionset.Typed, "1. Capital?\na) London\tc) Rome\nb) Paris\td) Bern\nAnswer: b", "London/Paris/Rome/Bern:b", []string{"note prose_row@1"}},
		{"down, spaces", questionset.Typed, "1. Capital?\na) London    c) Rome\nb) Paris     d) Bern\nAnswer: b", "London/Paris/Rome/Bern:b", []string{"note prose_row@1"}},
		{"down, wide spaces", questionset.Typed, "問1 首都は\nア）東京　　ウ）京都\nイ）大阪　　エ）奈良\n正解：ア", "東京/大阪/京都/奈良:a", []string{"note prose_row@1"}},
		{"along", questionset.Typed, "1. Capital?\na) x   b) y\nc) z   *d) w", "x/y/z/w:d", []string{"note prose_row@1"}},
		{"along and down with a star", questionset.Typed, "1. Capital?\n- a) x   *c) y\n- b) z", "x/z/y:c", []string{"note prose_row@1"}},
		{"one line", questionset.Typed, "1. Capital?\na) x b) y c) z\nAnswer: b\n2. Next?\n①甲②乙③丙\n正解：②", "x/y/z:b\n甲/乙/丙:b",
			[]string{"warning prose_row_close@1", "warning prose_row_close@4"}},
		{"Aiken", questionset.Aiken, "Capital?\nA) London\tC) Rome\nB) Paris\tD) Bern\nANSWER: B", "London/Paris/Rome/Bern:b", []string{"note prose_row@1"}},
		{"Aiken, along", questionset.Aiken, "Capital?\nA. London  B. Rome\nC. Paris  D. Bern\nANSWER: B\n\nNext?\nA) p\nB) q\nANSWER: A", "London/Rome/Paris/Bern:b\np/q:a", []string{"note prose_row@1"}},
		{"a letter is missing", questionset.Typed, "1. Capital?\na) London\tc) Rome\nb) Paris\te) Bern\nAnswer: b", "", []string{"error prose_row_torn@1"}},
		{"a letter is missing along the line", questionset.Typed, "1. Capital?\na) London\tb) Rome\nc) Paris\te) Bern\nAnswer: b\n2. S?\na) x\nb) y\nAnswer: a", "x/y:a", []string{"error prose_row_torn@1"}},
		{"a letter stands twice", questionset.Aiken, "Capital?\nA) London\tC) Rome\nB) Paris\nC) Bern\nANSWER: B", "", []string{"error prose_row_torn@1"}},
		{"options that speak of others", questionset.Typed, "1. Which?\na) x\nb) y\nc) both a) and b) hold\nAnswer: b", "x/y/both a) and b) hold:b", nil},
		{"options that combine numbers", questionset.Typed, "1. Which?\n① ①と②\n② ②と③\n正解: ②", "①と②/②と③:b", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := parse(t, "pasted.txt", tt.data)
			if got := allOptions(f); got != tt.taken || f.Format != tt.format {
				t.Errorf("%s: %q, want %q", f.Format, got, tt.taken)
			}
			if tt.found != nil {
				wantFound(t, f, tt.found...)
			}
		})
	}
}
