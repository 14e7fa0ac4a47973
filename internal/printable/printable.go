// Package printable makes text of files fit to be printed to a terminal.
package printable

import (
	"strings"
	"unicode"
)

// Text gives a text without what a terminal would obey instead of showing it: control characters but for line
// ends and tabs, and those that turn the direction of writing. U+FFFD stands for each.
func Text(s string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsControl(c) && c != '\n' && c != '\t' || unicode.Is(unicode.Bidi_Control, c) {
			return unicode.ReplacementChar
		}
		return c
	}, s)
}
