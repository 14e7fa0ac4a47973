package exam

import "strconv"

// OptionLabels says what stands before each option of a choice question.
type OptionLabels string

// The labels. NoLabels ("") is none.
const (
	NoLabels OptionLabels = ""
	Letters  OptionLabels = "letters"  // A, B, … Z, AA, AB, …
	Numbers  OptionLabels = "numbers"  // 1, 2, …
	Katakana OptionLabels = "katakana" // ア, イ, … ワ, アア, …
)

var (
	latinLabels    = []rune("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
	katakanaLabels = []rune("アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワ")
)

// At is the label of the option at a 0-based place; "" below 0, and where there are none.
func (l OptionLabels) At(place int) string {
	switch {
	case place < 0:
		return ""
	case l == Letters:
		return lettered(latinLabels, place)
	case l == Katakana:
		return lettered(katakanaLabels, place)
	case l == Numbers:
		return strconv.Itoa(place + 1)
	}
	return ""
}

// lettered counts in letters as the columns of a spreadsheet do.
func lettered(letters []rune, place int) string {
	text := ""
	for place >= 0 {
		text = string(letters[place%len(letters)]) + text
		place = place/len(letters) - 1
	}
	return text
}

// Label is what stands before the choice with an opaque value; "" for other values.
func (it *Item) Label(value string) string { return it.Labels.At(it.choice(value)) }
