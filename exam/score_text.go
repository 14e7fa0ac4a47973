package exam

import (
	"math/big"
	"regexp"
	"strings"
)

// textWeight takes the first key that matches, in order (Moodle's rule).
func (g Grader) textWeight(keys []TextKey, text string) int {
	for i := range keys {
		if g.matches(&keys[i], text) {
			return keys[i].Weight
		}
	}
	return 0
}

func (g Grader) matches(k *TextKey, text string) bool {
	// A full-width star is a character of the answer; folded it would become the wildcard.
	pattern := g.fold(strings.ReplaceAll(k.Pattern, "\uff0a", `\*`), k.CaseSensitive)
	text = g.fold(text, k.CaseSensitive)
	if !strings.Contains(pattern, "*") {
		return pattern == text
	}
	return wildcard(pattern, text)
}

// fold brings a text into the form in which texts are compared: normalised, width folded, white
// space collapsed and trimmed, and lower case unless case counts.
func (g Grader) fold(s string, caseSensitive bool) string {
	if g.Normalize != nil {
		s = g.Normalize(s)
	}
	s = strings.Join(strings.Fields(strings.Map(foldWidth, s)), " ")
	if !caseSensitive {
		s = strings.ToLower(s)
	}
	return s
}

// foldWidth maps full-width ASCII (U+FF01–U+FF5E) and the ideographic space to their ASCII forms.
func foldWidth(r rune) rune {
	switch {
	case r >= 0xFF01 && r <= 0xFF5E:
		return r - 0xFEE0
	case r == 0x3000:
		return ' '
	}
	return r
}

// wildcard reports whether a text is as a pattern says, in which `*` stands for any run of characters and
// `\*` for a star. It takes time in proportion to the text, whatever the pattern: each part is looked for
// once, at the first place behind the one before.
func wildcard(pattern, text string) bool {
	parts := literals(pattern)
	first, last := parts[0], parts[len(parts)-1]
	rest, ok := strings.CutPrefix(text, first)
	if !ok || len(parts) == 1 {
		return ok && rest == ""
	}
	if rest, ok = strings.CutSuffix(rest, last); !ok {
		return false
	}
	for _, part := range parts[1 : len(parts)-1] {
		at := strings.Index(rest, part)
		if at < 0 {
			return false
		}
		rest = rest[at+len(part):]
	}
	return true
}

// literals are the texts between the stars of a pattern, one more than there are stars.
func literals(pattern string) []string {
	var parts []string
	var b strings.Builder
	for i := 0; i < len(pattern); i++ {
		switch {
		case strings.HasPrefix(pattern[i:], `\*`):
			b.WriteByte('*')
			i++
		case pattern[i] == '*':
			parts = append(parts, b.String())
			b.Reset()
		default:
			b.WriteByte(pattern[i])
		}
	}
	return append(parts, b.String())
}

// numberWeight takes the first range that holds the number; ok says whether one does.
func numberWeight(keys []NumberKey, text string) (weight int, ok bool) {
	if len(keys) == 0 {
		return 0, false
	}
	v, ok := ParseNumber(text)
	if !ok {
		return 0, false
	}
	for i := range keys {
		lo, okLo := ParseNumber(keys[i].Min)
		hi, okHi := ParseNumber(keys[i].Max)
		if okLo && okHi && v.Cmp(lo) >= 0 && v.Cmp(hi) <= 0 {
			return keys[i].Weight, true
		}
	}
	return 0, false
}

var numberForm = regexp.MustCompile(`^[+-]?(\d{1,3}(,\d{3})+|\d+)?(\.\d*)?([eE][+-]?\d{1,3})?$`)

// ParseNumber reads a decimal number as a candidate types it: full-width digits, a minus sign
// U+2212, a decimal point, commas only between groups of three digits, and an exponent of at most
// three digits. At most 100 characters. It reports false when the text is no number.
func ParseNumber(s string) (*big.Rat, bool) {
	if len(s) > 400 {
		return nil, false
	}
	s = strings.TrimSpace(strings.Map(foldWidth, s))
	s = strings.ReplaceAll(s, "\u2212", "-")
	if len(s) > 100 || !numberForm.MatchString(s) || !strings.ContainsAny(s, "0123456789") {
		return nil, false
	}
	mantissa, _, _ := strings.Cut(strings.ToLower(s), "e")
	if !strings.ContainsAny(mantissa, "0123456789") {
		return nil, false
	}
	return new(big.Rat).SetString(strings.ReplaceAll(s, ",", ""))
}
