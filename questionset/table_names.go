package questionset

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// foldName brings the names of columns into one form: NFKC, lower case, without accents, words joined
// by an underscore.
func foldName(cell string) string {
	s := strings.ToLower(camelCase.ReplaceAllString(norm.NFKC.String(cell), "${1}_$2"))
	s = norm.NFC.String(strings.Map(func(r rune) rune {
		if r >= 0x0300 && r <= 0x036F { // accents of Latin letters, not the voicing of kana
			return -1
		}
		return r
	}, norm.NFD.String(s)))
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || r == '_' || r == '-' || r == '.' || r == ':' || r == '?' || r == '*' || r == '"' || r == '\''
	}), "_")
}

// camelCase finds where a word of "correctAnswer" ends.
var camelCase = regexp.MustCompile(`(\p{Ll})(\p{Lu})`)

// remark begins what templates add behind a name: "Question - max 120 characters", "Correct answer(s)".
var remark = regexp.MustCompile(`\s[-–—]\s|:\s|\s*[(（\[]`)

// columnName reads the name of a column; "" when it has none. A name that is not known comes back
// folded.
func columnName(cell string) string {
	whole := foldName(cell)
	if name := knownColumn(whole); name != "" {
		return name
	}
	if at := remark.FindStringIndex(cell); at != nil && at[0] > 0 {
		if name := knownColumn(foldName(cell[:at[0]])); name != "" {
			return name
		}
	}
	return whole
}

// knownColumn is the column that a folded name means, "" for none.
func knownColumn(name string) string {
	if column, ok := columnWords[name]; ok {
		return column
	}
	if slices.Contains(plainColumns, name) {
		return name
	}
	if place := markAfter(name, feedbackWords); place >= 0 {
		return columnFeedback + placeName(place)
	}
	if place := markAfter(name, optionWords); place >= 0 {
		return columnOption + placeName(place)
	}
	return wrongName(name)
}

// placeName names a 0-based option column, also one beyond the last that there may be.
func placeName(place int) string {
	if place < maxOptions {
		return optionID(place)
	}
	return strconv.Itoa(place + 1)
}

// markAfter returns the option of a name that is one of the words and a letter or a number, or -1.
func markAfter(name string, words []string) int {
	for _, w := range words {
		mark, ok := strings.CutPrefix(name, w)
		if !ok || mark == "s" { // a plural
			continue
		}
		if place := markPlace(strings.Trim(strings.TrimSuffix(mark, "_text"), "_()（）")); place >= 0 {
			return place
		}
	}
	return -1
}

// kanaMarks are the letters that Japanese exams give to options, in their order.
var kanaMarks = []rune("アイウエオカキクケコ")

// markPlace returns the 0-based option that a folded letter, number or kana stands for, or -1.
func markPlace(mark string) int {
	runes := []rune(mark)
	switch {
	case len(runes) == 0 || len(runes) > 2:
		return -1
	case runes[0] >= '1' && runes[0] <= '9':
		if n, err := strconv.Atoi(mark); err == nil {
			return n - 1
		}
		return -1
	case len(runes) == 2:
		return -1
	case runes[0] >= 'a' && runes[0] <= 'z':
		return int(runes[0] - 'a')
	}
	return slices.Index(kanaMarks, runes[0])
}

// bareMark returns the option that a cell of nothing but a letter or a number may name, or -1.
func bareMark(cell string) int {
	s := foldName(cell)
	if len([]rune(s)) != 1 {
		return -1
	}
	return markPlace(s)
}

// optionPlace returns the 0-based place of an option column, or -1; feedbackPlace that of the feedback
// to one.
func optionPlace(name string) int   { return placeAfter(name, columnOption) }
func feedbackPlace(name string) int { return placeAfter(name, columnFeedback) }

func placeAfter(name, prefix string) int {
	mark, ok := strings.CutPrefix(name, prefix)
	if !ok {
		return -1
	}
	return markPlace(mark)
}

// isColumn tells the names that columnName gives to columns that are read.
func isColumn(name string) bool {
	return slices.Contains(plainColumns, name) || optionPlace(name) >= 0 || feedbackPlace(name) >= 0 || wrongPlace(name) >= 0
}

// wrongPlace returns the 0-based place of a column of wrong answers, or -1.
func wrongPlace(name string) int { return placeAfter(name, columnWrong) }

// wrongName is the column that a folded name means, "" where it means no wrong answer. A mark in brackets is a
// remark, and no part of a name.
func wrongName(name string) string {
	if strings.ContainsAny(name, "()") {
		return ""
	}
	if place := markAfter(name, wrongWords); place >= 0 && place < maxOptions {
		return columnWrong + optionID(place)
	}
	return ""
}
