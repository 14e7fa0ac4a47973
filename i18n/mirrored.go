package i18n

import "strings"

// mirroredTag is a tag of private use for Mirrored.
const mirroredTag = "ar-x-mirrored"

// Mirrored is English in letters that run from right to left: nobody can read it, but pages are laid
// out as they would be in Arabic. It is for tests and tools; Tags does not list it, and Lookup never
// gives it.
func Mirrored() Locale { return Locale{tag: mirroredTag} }

// Dir is the direction in which the language is written: "ltr" or "rtl".
func (l Locale) Dir() string {
	if l.tag == mirroredTag {
		return "rtl"
	}
	return "ltr"
}

// source is the language whose texts the locale shows.
func (l Locale) source() string {
	if l.tag == mirroredTag {
		return English
	}
	return l.Tag()
}

// The letters of English, and those that stand for them.
const (
	letters  = "abcdefghijklmnopqrstuvwxyz"
	mirrored = "ابچدعفگهیجکلمنوپقرستخڤوخيز"
)

var mirror = newMirror()

func newMirror() map[rune]rune {
	m, to := map[rune]rune{}, []rune(mirrored)
	for i, r := range letters {
		m[r], m[r+'A'-'a'] = to[i], to[i]
	}
	return m
}

// inMirror writes a message with its letters changed, but for the names of placeholders.
func inMirror(text string) string {
	depth := 0
	return strings.Map(func(r rune) rune {
		switch r {
		case '{':
			depth++
		case '}':
			depth--
		}
		if to, ok := mirror[r]; ok && depth == 0 {
			return to
		}
		return r
	}, text)
}
