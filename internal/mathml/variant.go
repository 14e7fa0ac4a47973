package mathml

import "strings"

// variant is a style of letters that has characters of its own in Unicode (Mathematical Alphanumeric
// Symbols). MathML Core has no other way to say it.
type variant string

const (
	plain        variant = ""
	upright      variant = "normal"
	bold         variant = "bold"
	italic       variant = "italic"
	boldItalic   variant = "bold-italic"
	doubleStruck variant = "double-struck"
	script       variant = "script"
	fraktur      variant = "fraktur"
	sansSerif    variant = "sans-serif"
	monospace    variant = "monospace"
)

// alphabet is where the letters of a variant begin; 0: it has none.
type alphabet struct{ upper, lower, digit, greekUpper, greekLower rune }

var alphabets = map[variant]alphabet{
	bold:         {0x1D400, 0x1D41A, 0x1D7CE, 0x1D6A8, 0x1D6C2},
	italic:       {0x1D434, 0x1D44E, 0, 0x1D6E2, 0x1D6FC},
	boldItalic:   {0x1D468, 0x1D482, 0x1D7CE, 0x1D71C, 0x1D736},
	doubleStruck: {0x1D538, 0x1D552, 0x1D7D8, 0, 0},
	script:       {0x1D49C, 0x1D4B6, 0, 0, 0},
	fraktur:      {0x1D504, 0x1D51E, 0, 0, 0},
	sansSerif:    {0x1D5A0, 0x1D5BA, 0x1D7E2, 0, 0},
	monospace:    {0x1D670, 0x1D68A, 0x1D7F6, 0, 0},
	// those that files name and that few fonts tell apart
	"bold-script": {0x1D4D0, 0x1D4EA, 0x1D7CE, 0, 0}, "bold-fraktur": {0x1D56C, 0x1D586, 0x1D7CE, 0, 0},
	"bold-sans-serif": {0x1D5D4, 0x1D5EE, 0x1D7EC, 0x1D756, 0x1D770}, "sans-serif-italic": {0x1D608, 0x1D622, 0, 0, 0},
	"sans-serif-bold-italic": {0x1D63C, 0x1D656, 0x1D7EC, 0x1D790, 0x1D7AA},
}

// encodedBefore are letters that Unicode had before it had the alphabets, whose places there are empty.
var encodedBefore = map[variant]map[rune]rune{
	italic:       {'h': 'ℎ'},
	doubleStruck: {'C': 'ℂ', 'H': 'ℍ', 'N': 'ℕ', 'P': 'ℙ', 'Q': 'ℚ', 'R': 'ℝ', 'Z': 'ℤ'},
	script: {'B': 'ℬ', 'E': 'ℰ', 'F': 'ℱ', 'H': 'ℋ', 'I': 'ℐ', 'L': 'ℒ', 'M': 'ℳ', 'R': 'ℛ', 'e': 'ℯ', 'g': 'ℊ',
		'o': 'ℴ'},
	fraktur: {'C': 'ℭ', 'H': 'ℌ', 'I': 'ℑ', 'R': 'ℜ', 'Z': 'ℨ'},
}

// styled writes letters and digits in a variant, as far as it has them.
func styled(text string, v variant) string {
	a, known := alphabets[v]
	if !known {
		return text
	}
	return strings.Map(func(c rune) rune {
		if other, ok := encodedBefore[v][c]; ok {
			return other
		}
		return a.of(c)
	}, text)
}

func (a *alphabet) of(c rune) rune {
	for _, part := range []struct{ first, last, to rune }{
		{'A', 'Z', a.upper}, {'a', 'z', a.lower}, {'0', '9', a.digit}, {'Α', 'Ω', a.greekUpper}, {'α', 'ω', a.greekLower},
	} {
		if c >= part.first && c <= part.last && part.to != 0 {
			return part.to + c - part.first
		}
	}
	return c
}
