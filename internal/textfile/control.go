package textfile

import "unicode"

// IsControl tells control characters, line separators, and those that turn the direction of writing:
// with them a name is shown as another one. No name or title holds any.
func IsControl(c rune) bool {
	return unicode.IsControl(c) || c == 0x2028 || c == 0x2029 || c >= 0x202A && c <= 0x202E ||
		c >= 0x2066 && c <= 0x2069 || c == 0x200E || c == 0x200F || c == 0xFEFF
}
